//! What a text without mistakes becomes, with exact places.

use super::super::{Form, Node, Part, Table, Value, Word};
use super::{hcl, json};

const STACK: &str = r#"
stack "mastodon" {
  region = "us-east-1"
}

# A comment, and a block on one line.
registry "mastodon" { keep = 20 }
secret "empty" {}

app "mastodon" {
  image = registry.mastodon
  ratio = -0.5 // half
  flags = [true, false, null, 1.0]
  environment = {
    URL    = "redis://${cache.main.host}:${cache.main.port}/0"
    DOMAIN = "${environment.domain}", PRICE = "$${5} 100%"
    "a.b"  = "tab\tquote\" é \u00e9"
  }
  script = <<-EOT
    set -e
      echo ${environment.name}
    EOT
  service "web" {
    route "/" { health_check = "/health" }
    scaling {
      min = 2
    }
  }
  service "sidekiq" {}
}
"#;

const STACK_JSON: &str = r#"{
  "stack": {"mastodon": {"region": "us-east-1"}},
  "registry": {"mastodon": {"keep": 20}},
  "secret": {"empty": {}},
  "app": {"mastodon": {
    "image": "${registry.mastodon}",
    "ratio": -5e-1,
    "flags": [true, false, null, 1],
    "environment": {
      "URL": "redis://${cache.main.host}:${cache.main.port}/0",
      "DOMAIN": "${environment.domain}", "PRICE": "$${5} 100%",
      "a.b": "tab\tquote\" é \u00e9"
    },
    "script": "set -e\n  echo ${environment.name}\n",
    "service": {
      "web": {"route": {"/": {"health_check": "/health"}}, "scaling": {"min": 2}},
      "sidekiq": {}
    }
  }}
}"#;

/// The tree without places and forms.
fn shape(value: &Value) -> String {
    let words = |words: &[Word]| words.iter().map(|w| w.text.to_string()).collect::<Vec<_>>().join(".");
    match value {
        Value::Reference(reference) => format!("<{}>", words(reference)),
        Value::Template(parts) => {
            let part = |part: &Part| match part {
                Part::Text(text) => format!("{text:?}"),
                Part::Reference(_, reference) => format!("<{}>", words(reference)),
            };
            parts.iter().map(part).collect::<Vec<_>>().join("+")
        }
        Value::List(nodes) => {
            format!("[{}]", nodes.iter().map(|n| shape(&n.value)).collect::<Vec<_>>().join(", "))
        }
        Value::Table(table) => shape_of(table),
        other => format!("{other:?}"),
    }
}

fn shape_of(table: &Table) -> String {
    let entry = |(key, entry): (&std::sync::Arc<str>, &super::super::Entry)| {
        format!("{key}: {}", shape(&entry.node.value))
    };
    format!("{{{}}}", table.entries.iter().map(entry).collect::<Vec<_>>().join(", "))
}

#[test]
fn hcl_and_json_have_one_model() {
    let (hcl, json) = (hcl(STACK), json(STACK_JSON));
    assert_eq!(shape_of(hcl.root()), shape_of(json.root()));
    assert!(shape_of(hcl.root()).contains(r#"script: "set -e\n  echo "+<environment.name>+"\n""#));
}

#[test]
fn line_ends_and_a_byte_order_mark_change_nothing() {
    let windows = format!("\u{feff}{}", STACK.replace('\n', "\r\n"));
    assert_eq!(shape_of(hcl(&windows).root()), shape_of(hcl(STACK).root()));
    let windows = format!("\u{feff}{}", STACK_JSON.replace('\n', "\r\n"));
    assert_eq!(shape_of(json(&windows).root()), shape_of(json(STACK_JSON).root()));
}

#[test]
fn every_key_label_value_and_word_knows_its_place_in_hcl() {
    let read = hcl(STACK);
    let root = read.root();
    let text = |span: Option<crate::source::Span>| read.text(span.unwrap());
    assert_eq!(text(root.entry(&["app"]).map(|entry| entry.key)), "app");
    assert_eq!(text(root.entry(&["app", "mastodon"]).map(|entry| entry.key)), "\"mastodon\"");
    assert_eq!(text(root.place(&["app", "mastodon"])), "app \"mastodon\"");
    let app = root.entry(&["app", "mastodon"]).unwrap().node.value.as_table().unwrap();
    assert_eq!(text(app.place(&["service", "web", "scaling"])), "scaling");
    assert_eq!(text(app.place(&["service", "web", "scaling", "min"])), "2");
    assert_eq!(
        text(app.entry(&["service", "web", "route", "/", "health_check"]).map(|entry| entry.key)),
        "health_check"
    );
    assert_eq!(text(app.place(&["ratio"])), "-0.5");
    assert_eq!(text(app.place(&["image"])), "registry.mastodon");
    assert_eq!(text(app.entry(&["environment", "a.b"]).map(|entry| entry.key)), "\"a.b\"");
    assert_eq!(text(app.place(&["environment", "DOMAIN"])), "\"${environment.domain}\"");
    assert!(text(app.place(&["environment"])).starts_with("{\n    URL"));
    assert!(text(app.place(&["script"])).starts_with("<<-EOT\n"));
    assert!(text(app.place(&["script"])).ends_with("    EOT"));
    assert_words(&read, app, "image", &["registry", "mastodon"]);
    let Value::List(flags) = read.value(&["app", "mastodon", "flags"]) else { panic!("no list") };
    let flags: Vec<&str> = flags.iter().map(|node: &Node| read.text(node.span)).collect();
    assert_eq!(flags, ["true", "false", "null", "1.0"]);
    let Value::Template(parts) = read.value(&["app", "mastodon", "environment", "URL"]) else {
        panic!("no template")
    };
    let places: Vec<&str> = parts
        .iter()
        .filter_map(|part| match part {
            Part::Reference(span, words) => {
                assert_eq!(read.text(words[1].span), "main");
                Some(read.text(*span))
            }
            Part::Text(_) => None,
        })
        .collect();
    assert_eq!(places, ["cache.main.host", "cache.main.port"]);
}

fn assert_words(read: &super::Read, table: &Table, key: &str, expected: &[&str]) {
    let Value::Reference(words) = &table.get(key).unwrap().node.value else { panic!("no reference") };
    let places: Vec<&str> = words.iter().map(|word| read.text(word.span)).collect();
    assert_eq!(places, expected);
}

#[test]
fn every_key_value_and_word_knows_its_place_in_json() {
    let read = json(STACK_JSON);
    let app = read.root().entry(&["app", "mastodon"]).unwrap().node.value.as_table().unwrap();
    assert_eq!(read.text(app.entry(&["environment", "a.b"]).map(|entry| entry.key).unwrap()), "\"a.b\"");
    assert_eq!(read.text(app.place(&["ratio"]).unwrap()), "-5e-1");
    assert_words(&read, app, "image", &["registry", "mastodon"]);
    assert_eq!(app.get("image").unwrap().form, Form::Json);
}

#[test]
fn forms_tell_attributes_from_blocks() {
    let read = hcl("a = { b = 1 }\nc {}\nd \"e\" {}\n");
    let form = |route: &[&str]| read.root().entry(route).unwrap().form;
    assert_eq!(form(&["a"]), Form::Attribute);
    assert_eq!(form(&["a", "b"]), Form::Attribute);
    assert_eq!(form(&["c"]), Form::Block);
    assert_eq!(form(&["d", "e"]), Form::Block);
}

#[test]
fn a_reference_behind_json_escapes_has_the_place_of_its_string() {
    let read = json(r#"{"a": "\t${b.c}"}"#);
    let Value::Template(parts) = read.value(&["a"]) else { panic!("no template") };
    let Part::Reference(span, words) = &parts[1] else { panic!("no reference") };
    assert_eq!(read.text(*span), r#""\t${b.c}""#);
    assert_eq!(words[1].text.as_ref(), "c");
}

#[test]
fn keywords_and_numbers_are_names_in_the_place_of_a_key() {
    let read = hcl("a = { 80 = 1, true = 2, null = 3, x: 4 }\n");
    let keys: Vec<&str> = read.value(&["a"]).as_table().unwrap().entries.keys().map(AsRef::as_ref).collect();
    assert_eq!(keys, ["80", "true", "null", "x"]);
}

#[test]
fn escaped_markers_are_text_in_both_syntaxes() {
    let expected = Value::String("${a} %{b}".into());
    assert_eq!(hcl("a = \"$${a} %%{b}\"\n").value(&["a"]), &expected);
    assert_eq!(json(r#"{"a": "$${a} %%{b}"}"#).value(&["a"]), &expected);
}

#[test]
fn a_heredoc_keeps_its_indentation_unless_told_otherwise() {
    let kept = hcl("a = <<EOT\n  x\n\n    y\nEOT\nb = <<E\nE\n");
    assert_eq!(kept.value(&["a"]), &Value::String("  x\n\n    y\n".into()));
    assert_eq!(kept.value(&["b"]), &Value::String("".into()));
    let stripped = hcl("a = <<-EOT\n    x\n\n      ${b.c}\n  EOT\n");
    let Value::Template(parts) = stripped.value(&["a"]) else { panic!("no template") };
    assert_eq!(parts[0], Part::Text("x\n\n  ".into()));
    assert_eq!(parts[2], Part::Text("\n".into()));
}

#[test]
fn an_empty_hcl_file_is_an_empty_document() {
    assert!(hcl("").root().entries.is_empty());
    assert!(hcl("# nothing\n").root().entries.is_empty());
}
