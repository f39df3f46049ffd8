//! What is read of a text, where its mistakes are, and that no text takes long.

use super::*;
use crate::source::{Source, Syntax};

fn read(text: &str) -> (Sources, Outcome<Vec<Node>>) {
    let mut sources = Sources::default();
    let file = sources.add(Source::new("a.yml", text, Syntax::Foreign));
    let outcome = parse(&sources, file);
    (sources, outcome)
}

fn problem(text: &str) -> String {
    let (sources, outcome) = read(text);
    assert!(outcome.value.is_none());
    let first = &outcome.diagnostics[0];
    format!("{} {}", sources.position(first.primary.span), first.code.name)
}

#[test]
fn every_value_has_its_place() {
    let (sources, outcome) = read("a:\n  b: [x, 'y z']\n");
    let document = &outcome.value.unwrap()[0];
    let a = &document.map().unwrap()["a"];
    assert_eq!(sources.position(a.key).to_string(), "1:1");
    let b = &a.node.map().unwrap()["b"];
    let Value::List(items) = &b.node.value else { panic!() };
    assert_eq!((sources.text(items[1].span), items[1].text()), ("'y z'", Some("y z")));
}

#[test]
fn json_is_read_as_it_is_written() {
    let (_, outcome) = read("{\n\t\"a\": 1.10,\n\t\"b\": \"\\u00e9\\/\\ud83d\\ude00\", \"c\": null}");
    let map = outcome.value.unwrap()[0].map().unwrap().clone();
    assert_eq!((map["a"].node.text(), map["b"].node.text()), (Some("1.10"), Some("é/😀")));
    assert!(matches!(map["c"].node.value, Value::Null));
}

#[test]
fn words_that_yaml_once_took_for_booleans_stay_words() {
    let (_, outcome) = read("a: no\nb: 22:22\nc: '~'\n");
    let map = outcome.value.unwrap()[0].map().unwrap().clone();
    assert_eq!(["a", "b", "c"].map(|key| map[key].node.text().unwrap()), ["no", "22:22", "~"]);
}

#[test]
fn a_merge_key_gives_what_is_not_written() {
    let (_, outcome) = read("a: &a {x: 1, y: 2}\nb:\n  y: 3\n  <<: *a\n");
    let map = outcome.value.unwrap()[0].map().unwrap().clone();
    let b = map["b"].node.map().unwrap();
    assert_eq!((b["x"].node.text(), b["y"].node.text(), b.len()), (Some("1"), Some("3"), 2));
}

#[test]
fn documents_are_told_apart_and_tags_are_kept() {
    let (_, outcome) = read("a: !Ref X\n---\nb: !!str 1\n");
    let documents = outcome.value.unwrap();
    assert_eq!(documents[0].map().unwrap()["a"].node.tag.as_deref(), Some("Ref"));
    assert!(documents[1].map().unwrap()["b"].node.tag.is_none());
}

#[test]
fn mistakes_are_found_where_they_are() {
    assert_eq!(problem("a: 1\nb: [1, 2\n"), "2:4 import-syntax");
    assert_eq!(problem("a: 1\na: 2\n"), "2:1 import-duplicate");
    assert_eq!(problem("? [x]\n: 1\n"), "1:3 import-syntax");
    assert_eq!(problem("a: 1\n<<: 3\n"), "2:5 import-syntax");
    assert_eq!(problem("a: &a [*a]\n"), "1:8 import-limit");
    assert_eq!(problem("a: *b\n").split(' ').next_back(), Some("import-syntax"));
}

#[test]
fn hostile_text_gets_an_answer_at_once() {
    let mut bomb = "a0: &a0 [x, x, x, x, x, x, x, x, x]\n".to_owned();
    for level in 1..40 {
        let items = vec![format!("*a{}", level - 1); 9].join(", ");
        bomb += &format!("a{level}: &a{level} [{items}]\n");
    }
    assert!(problem(&bomb).ends_with("import-limit"));
    assert!(problem(&"[".repeat(100_000)).ends_with("import-limit"));
    assert!(problem(&"- ".repeat(100_000)).ends_with("import-limit"));
    assert!(problem(&"{a: ".repeat(100_000)).ends_with("import-limit"));
}
