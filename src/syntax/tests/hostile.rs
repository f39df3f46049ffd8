//! Input that wants to hang, overflow or crash the reader.

use std::fmt::Write as _;

use hcl::edit::parser::parse_body;
use proptest::prelude::*;

use super::super::Value;
use super::{hcl, json, read};
use crate::source::Syntax;

#[test]
fn deep_nesting_is_a_diagnostic() {
    let expected = "file-limit: more than 64 levels inside each other";
    for open in ["[", "{ a = ", "(", "\"${", "f(", "{ \"a\": "] {
        let said = hcl(&format!("x = {}", open.repeat(100_000))).said();
        assert!(said[0].ends_with(expected), "{open}: {:?}", said[0]);
    }
    assert!(hcl(&"a {\n".repeat(100_000)).said()[0].ends_with(expected));
    assert!(json(&"{\"a\":".repeat(100_000)).said()[0].ends_with(expected));
    assert!(json(&format!("{{\"a\":{}", "[".repeat(100_000))).said()[0].ends_with(expected));
    assert!(!hcl(&format!("x = {}a", "-".repeat(100_000))).said().is_empty());
    assert!(!hcl(&format!("x = {}a", "!".repeat(100_000))).said().is_empty());
}

#[test]
fn sixty_four_levels_are_read() {
    assert!(hcl(&format!("x = {}1{}\n", "[".repeat(64), "]".repeat(64))).said().is_empty());
    assert!(hcl(&format!("{}{}", "a {\n".repeat(64), "}\n".repeat(64))).said().is_empty());
    assert!(json(&format!("{{\"a\":{}1{}}}", "[".repeat(63), "]".repeat(63))).said().is_empty());
}

#[test]
fn objects_with_too_many_keys_are_refused_before_they_cost_anything() {
    let mut keys = String::new();
    for number in 0..300_000 {
        let _ = writeln!(keys, "k{number} = 1");
    }
    let said = hcl(&format!("a = {{\n{keys}}}\n")).said();
    assert_eq!(said, ["1:5 file-limit: more than 5000 keys in one object expression"]);
    assert_eq!(hcl(&keys).said(), ["20001:1 file-limit: more than 20000 keys in one block or object"]);
    let members: Vec<String> = (0..300_000).map(|number| format!("\"k{number}\":1")).collect();
    let said = json(&format!("{{{}}}", members.join(","))).said();
    assert!(said[0].ends_with("more than 20000 keys in one block or object"), "{said:?}");
}

#[test]
fn many_large_objects_are_refused_together() {
    let object: String = (0..4_900).fold(String::new(), |mut text, number| {
        let _ = writeln!(text, "k{number}=1");
        text
    });
    let text: String = (0..60).map(|number| format!("a{number} = {{\n{object}}}\n")).collect();
    let said = hcl(&text).said();
    assert!(said[0].contains("file-limit: the large objects of this file"), "{said:?}");
}

#[test]
fn a_file_over_4_mib_or_with_a_nul_byte_is_refused() {
    let large = "#".repeat((4 << 20) + 1);
    for syntax in [Syntax::Hcl, Syntax::Json] {
        assert!(read(&large, syntax).said()[0].starts_with("1:1 file-limit: the file has 4194305 bytes"));
        let said = read("a = \"x\0\"", syntax).said();
        assert_eq!(said, ["1:7 file-limit: the file holds a NUL byte, so it is not text"]);
    }
}

#[test]
fn reading_stops_after_a_hundred_mistakes() {
    for text in ["a = ;\n".repeat(100_000), "a=1 ".repeat(100_000), ",".repeat(100_000), "}".repeat(100_000)]
    {
        let said = hcl(&text).said();
        assert!(said.len() <= 101, "{}", said.len());
        assert!(said.iter().any(|line| line.ends_with("reading stopped after 100 mistakes")), "{said:?}");
    }
}

#[test]
fn many_objects_on_one_line_are_read_in_linear_time() {
    let read = |count: usize| {
        let started = std::time::Instant::now();
        let read = hcl(&format!("a = [{}]\n", "{ b = 1 },".repeat(count)));
        let Value::List(items) = read.value(&["a"]) else { panic!("no list") };
        assert_eq!(items.len(), count);
        started.elapsed()
    };
    // The best of three, because other work on the machine only ever makes one slower.
    let best = |count: usize| (0..3).map(|_| read(count)).min().unwrap();
    let (few, many) = (best(10_000), best(80_000));
    // Linear time takes 8 times as long, quadratic time 64 times.
    assert!(many < few * 24, "{few:?} for 10,000 objects, {many:?} for 80,000");
}

#[test]
fn ten_thousand_services_are_read() {
    let mut text = String::from("app \"a\" {\n");
    for number in 0..10_000 {
        let _ = writeln!(text, "  service \"s{number}\" {{\n    cpu = {number}\n  }}");
    }
    text.push_str("}\n");
    let read = hcl(&text);
    let Value::Table(services) = read.value(&["app", "a", "service"]) else { panic!("no table") };
    assert_eq!(services.entries.len(), 10_000);
}

/// Pieces that put a random text near the interesting places of the grammar.
fn pieces() -> impl Strategy<Value = String> {
    let piece = prop::sample::select(vec![
        "a",
        "b",
        "service",
        "\"web\"",
        "\"",
        "=",
        " = ",
        " ",
        "\n",
        "\r\n",
        "{",
        "}",
        "[",
        "]",
        "(",
        ")",
        ",",
        "1",
        "-2.5",
        "${",
        "$${",
        "%{",
        "<<-E\n",
        "<<E\n",
        "E\n",
        "#",
        "/*",
        "*/",
        "//",
        ".",
        ":",
        ";",
        "'",
        "“",
        "\\",
        "\\u00e9",
        "é",
        "null",
        "true",
        "for",
        "?",
        "*",
        "~",
        "{ a = 1 }\n",
        "x = \"${a.b}\"\n",
    ]);
    prop::collection::vec(piece, 0..40).prop_map(|pieces| pieces.concat())
}

/// Lines of which many orders are valid.
fn lines() -> impl Strategy<Value = String> {
    let line = prop::sample::select(vec![
        "a {",
        "}",
        "b = 1",
        "c = [",
        "]",
        "1,",
        "d = {",
        "e = 2,",
        "f \"x\" {",
        "g = <<-E",
        "E",
        "t ${h.i} $${",
        "# c",
        "j {}",
        "k { l = 1 }",
        "/* x",
        "*/",
        "",
        "m = { n = 1, o = 2 }",
        "p = [1, [2]] // q",
        "r: 1",
        "s = (",
        ")",
        "u = /* v */ w.x /* y */",
        "z = \"a${b.c}\"",
    ]);
    let end = prop_oneof![9 => Just("\n"), 1 => Just(" "), 1 => Just("\r\n")];
    prop::collection::vec((line, end), 0..12)
        .prop_map(|lines| lines.into_iter().flat_map(|(line, end)| [line, end]).collect())
}

/// hcl-edit reads on over the end of an empty heredoc when the marker stands on a later line again.
fn has_empty_heredoc(text: &str) -> bool {
    let mut lines = text.lines().peekable();
    std::iter::from_fn(|| lines.next().map(|line| (line.contains("<<"), lines.peek().copied())))
        .any(|(opens, next)| opens && next.is_some_and(|next| next.trim_start().starts_with('E')))
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 2_000, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn no_text_panics_and_all_places_are_in_the_text(text in prop_oneof![pieces(), any::<String>()]) {
        for syntax in [Syntax::Hcl, Syntax::Json] {
            let read = read(&text, syntax);
            let length = read.sources.get(crate::source::FileId(0)).text.len() as u32;
            for diagnostic in &read.outcome.diagnostics {
                for label in std::iter::once(&diagnostic.primary).chain(&diagnostic.related) {
                    let span = label.span;
                    prop_assert!(span.start <= span.end && span.end <= length, "{:?}", diagnostic);
                    prop_assert!(span.start == span.end || !read.text(span).is_empty(), "{:?}", diagnostic);
                }
            }
            let shown = crate::diagnostic::human::render(&read.outcome.diagnostics, &read.sources, false);
            prop_assert_eq!(shown.is_empty(), read.outcome.diagnostics.is_empty());
        }
    }

    #[test]
    fn the_structure_read_here_is_the_one_of_hcl(text in prop_oneof![pieces(), lines()]) {
        // Where we are stricter on purpose, or hcl-edit is looser than HCL.
        let stricter = [
            "this string is not closed", "is not closed on its line", "is too large", "takes one label",
            "a label is plain text", "looks like", "does not quote", "unexpected `;`",
        ];
        let said = hcl(&text).said();
        let theirs = parse_body(&text);
        if said.is_empty() && !has_empty_heredoc(&text) {
            prop_assert!(theirs.is_ok(), "accepted only here: {text:?}\n{theirs:?}");
        }
        if theirs.is_ok() && !has_empty_heredoc(&text) {
            let ours = said.iter().find(|line| {
                line.contains("syntax-error") && !stricter.iter().any(|known| line.contains(known))
            });
            prop_assert!(ours.is_none(), "refused only here: {text:?}\n{said:?}");
        }
    }

    #[test]
    fn what_is_read_as_json_is_json(text in "[\\[\\]{}:,\"a\\\\u0-9eE.+ \n\t\u{a0}-]{0,12}") {
        let text = format!("{{\"k\":{text}}}");
        if json(&text).said().is_empty() {
            prop_assert!(serde_json::from_str::<serde_json::Value>(&text).is_ok(), "{:?}", text);
        }
    }
}
