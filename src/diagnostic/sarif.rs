//! Diagnostics as SARIF 2.1.0, the format of code scanning.
//!
//! Source: <https://docs.oasis-open.org/sarif/sarif/v2.1.0/sarif-v2.1.0.html>; sections are named where they decide.

use serde_json::{Value, json};

use super::{Code, Diagnostic, Label};
use crate::source::{Sources, Span};

/// Renders a log of one run, indented, with one line feed at the end. `rules` are all codes that could have been found.
pub fn render(diagnostics: &[Diagnostic], sources: &Sources, rules: &[&Code]) -> String {
    let results: Vec<Value> = diagnostics.iter().map(|found| result(found, sources, rules)).collect();
    let log = json!({
        "$schema": "https://docs.oasis-open.org/sarif/sarif/v2.1.0/errata01/os/schemas/sarif-schema-2.1.0.json",
        "version": "2.1.0",
        "runs": [{
            "tool": { "driver": {
                "name": "Groundplan",
                "version": env!("CARGO_PKG_VERSION"),
                "rules": rules.iter().map(|code| rule(code)).collect::<Vec<_>>(),
            } },
            "columnKind": "utf16CodeUnits",
            "results": results,
        }],
    });
    format!("{log:#}\n")
}

fn rule(code: &Code) -> Value {
    let explanation = code.explanation.trim();
    let first = explanation.split("\n\n").next().unwrap_or_default();
    json!({
        "id": code.name,
        "shortDescription": { "text": code.title },
        "fullDescription": { "text": first.replace('\n', " ") },
        "help": { "text": explanation, "markdown": explanation },
        "defaultConfiguration": { "level": code.severity.name() },
    })
}

fn result(diagnostic: &Diagnostic, sources: &Sources, rules: &[&Code]) -> Value {
    let mut result = json!({
        "ruleId": diagnostic.code.name,
        "level": diagnostic.code.severity.name(),
        "message": message(&diagnostic.phrases().join("\n")),
        "locations": [{ "physicalLocation": place(diagnostic.primary.span, sources) }],
    });
    if let Some(index) = rules.iter().position(|code| *code == diagnostic.code) {
        result["ruleIndex"] = index.into();
    }
    if !diagnostic.related.is_empty() {
        let related = diagnostic.related.iter().enumerate();
        result["relatedLocations"] = related.map(|(id, label)| location(id, label, sources)).collect();
    }
    result
}

fn location(id: usize, label: &Label, sources: &Sources) -> Value {
    let mut location = json!({ "id": id, "physicalLocation": place(label.span, sources) });
    if !label.text.is_empty() {
        location["message"] = message(&label.text);
    }
    location
}

/// A message that holds text only: braces would be placeholders (3.11.5), brackets before parentheses links (3.11.6).
fn message(text: &str) -> Value {
    json!({ "text": text.replace('{', "{{").replace('}', "}}").replace("](", "] (") })
}

/// The end of a region is one past its last character (3.30.8).
fn place(span: Span, sources: &Sources) -> Value {
    let source = sources.get(span.file);
    let (start, end) = (source.position_utf16(span.start), source.position_utf16(span.end));
    json!({
        "artifactLocation": { "uri": uri(&source.name) },
        "region": {
            "startLine": start.line,
            "startColumn": start.column,
            "endLine": end.line,
            "endColumn": end.column,
        },
    })
}

/// A file's name as a URI reference (RFC 3986): relative ones stay relative, without the `./` that begins many. A colon
/// is encoded as well, or the text before it would be a scheme.
fn uri(name: &str) -> String {
    let scheme = if name.starts_with('/') { "file://" } else { "" };
    let mut uri = scheme.to_owned();
    for byte in name.strip_prefix("./").unwrap_or(name).bytes() {
        match byte {
            b'/' | b'-' | b'.' | b'_' | b'~' => uri.push(char::from(byte)),
            byte if byte.is_ascii_alphanumeric() => uri.push(char::from(byte)),
            byte => uri += &format!("%{byte:02X}"),
        }
    }
    uri
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::diagnostic::Severity;
    use crate::source::{Source, Syntax};

    static ODD: Code = Code {
        name: "odd",
        severity: Severity::Warning,
        title: "it is odd",
        explanation: "What it\nmeans.\n\nMore:\n\n```hcl\na {}\n```\n",
    };
    static WRONG: Code = Code { name: "wrong", severity: Severity::Error, title: "t", explanation: "e" };

    fn run(diagnostics: &[Diagnostic], sources: &Sources) -> Value {
        let log: Value = serde_json::from_str(&render(diagnostics, sources, &[&ODD, &WRONG])).unwrap();
        assert_eq!(log["version"], "2.1.0");
        log["runs"][0].clone()
    }

    #[test]
    fn a_result_names_its_rule_and_its_places() {
        let mut sources = Sources::default();
        let file = sources.add(Source::new("./a.hcl", "# \u{1f600} é\nb = \"\u{1f600}\"\n", Syntax::Hcl));
        let (start, end) = (14, 20);
        let mut diagnostic = Diagnostic::new(&WRONG, Span::new(file, start, end), "`b` is wrong")
            .label("here")
            .help("write `c`")
            .related(Span::new(file, 2, 6), "first");
        assert_eq!(sources.text(diagnostic.primary.span), "\"\u{1f600}\"");
        diagnostic.environments = vec!["dev".into(), "production".into()];
        let run = run(&[diagnostic], &sources);
        assert_eq!(run["columnKind"], "utf16CodeUnits");
        let place = |line, from, to| {
            json!({
                "artifactLocation": { "uri": "a.hcl" },
                "region": { "startLine": line, "startColumn": from, "endLine": line, "endColumn": to },
            })
        };
        let expected = json!([{
            "ruleId": "wrong",
            "level": "error",
            "message": { "text": "`b` is wrong\nhere\nhelp: write `c`\nin environments `dev`, `production`" },
            "locations": [{ "physicalLocation": place(2, 5, 9) }],
            "ruleIndex": 1,
            "relatedLocations": [
                { "id": 0, "physicalLocation": place(1, 3, 5), "message": { "text": "first" } },
            ],
        }]);
        assert_eq!(run["results"], expected);
    }

    #[test]
    fn a_rule_has_the_page_of_its_code() {
        let run = run(&[], &Sources::default());
        assert_eq!(run["results"], json!([]));
        let page = "What it\nmeans.\n\nMore:\n\n```hcl\na {}\n```";
        let expected = json!({
            "id": "odd",
            "shortDescription": { "text": "it is odd" },
            "fullDescription": { "text": "What it means." },
            "help": { "text": page, "markdown": page },
            "defaultConfiguration": { "level": "warning" },
        });
        assert_eq!(run["tool"]["driver"]["rules"][0], expected);
    }

    #[test]
    fn names_of_files_are_uri_references() {
        for (name, expected) in [
            ("stacks/a.hcl", "stacks/a.hcl"),
            ("./stacks/a.hcl", "stacks/a.hcl"),
            ("../a b.hcl", "../a%20b.hcl"),
            ("/srv/ü%.hcl", "file:///srv/%C3%BC%25.hcl"),
            ("javascript:x#?.hcl", "javascript%3Ax%23%3F.hcl"),
            ("a\n\"b.hcl", "a%0A%22b.hcl"),
            ("<stdin>", "%3Cstdin%3E"),
        ] {
            assert_eq!(uri(name), expected, "{name}");
        }
    }

    #[test]
    fn text_of_the_user_makes_no_placeholder_and_no_link() {
        let mut sources = Sources::default();
        let file = sources.add(Source::new("a.hcl", "a = 1\n", Syntax::Hcl));
        let at = Span::new(file, 0, 1);
        let diagnostic = Diagnostic::new(&ODD, at, "`[x](https://y)` ${a}{0}").related(at, "{0}");
        let run = run(&[diagnostic], &sources);
        let found = &run["results"][0];
        assert_eq!(found["message"]["text"], "`[x] (https://y)` ${{a}}{{0}}");
        assert_eq!(found["relatedLocations"][0]["message"]["text"], "{{0}}");
    }
}
