//! Diagnostics as JSON for programs: one array, one object per diagnostic, keys always in the same order.
//!
//! Lines and columns are 1-based, columns count characters; `end_column` is one past the last character.

use serde::Serialize;

use super::{Diagnostic, Label};
use crate::source::Sources;

#[derive(Serialize)]
struct Record<'a> {
    code: &'static str,
    severity: &'static str,
    message: &'a str,
    #[serde(flatten)]
    place: Place<'a>,
    label: &'a str,
    help: Option<&'a str>,
    related: Vec<Related<'a>>,
    environments: &'a [String],
}

#[derive(Serialize)]
struct Place<'a> {
    file: &'a str,
    line: usize,
    column: usize,
    end_line: usize,
    end_column: usize,
    /// The source text at the place.
    text: &'a str,
}

#[derive(Serialize)]
struct Related<'a> {
    #[serde(flatten)]
    place: Place<'a>,
    label: &'a str,
}

/// Renders an array of objects, indented, with one line feed at the end.
pub fn render(diagnostics: &[Diagnostic], sources: &Sources) -> String {
    let records: Vec<Record<'_>> = diagnostics.iter().map(|diagnostic| record(diagnostic, sources)).collect();
    // Strings, numbers and lists always serialise; an empty array would hide that they did not.
    let mut text = serde_json::to_string_pretty(&records)
        .unwrap_or_else(|error| format!("[{{\"message\": {:?}}}]", error.to_string()));
    text.push('\n');
    text
}

fn record<'a>(diagnostic: &'a Diagnostic, sources: &'a Sources) -> Record<'a> {
    Record {
        code: diagnostic.code.name,
        severity: diagnostic.code.severity.name(),
        message: &diagnostic.message,
        place: place(&diagnostic.primary, sources),
        label: &diagnostic.primary.text,
        help: diagnostic.help.as_deref(),
        related: diagnostic
            .related
            .iter()
            .map(|label| Related { place: place(label, sources), label: &label.text })
            .collect(),
        environments: &diagnostic.environments,
    }
}

fn place<'a>(label: &Label, sources: &'a Sources) -> Place<'a> {
    let source = sources.get(label.span.file);
    let (start, end) = (source.position(label.span.start), source.position(label.span.end));
    Place {
        file: &source.name,
        line: start.line,
        column: start.column,
        end_line: end.line,
        end_column: end.column,
        text: sources.text(label.span),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::diagnostic::{Code, Severity};
    use crate::source::{Source, Span, Syntax};

    static ODD: Code = Code { name: "odd", severity: Severity::Warning, title: "t", explanation: "e" };

    #[test]
    fn keys_come_in_a_fixed_order_with_exact_places() {
        let mut sources = Sources::default();
        let file = sources.add(Source::new("a.hcl", "é = 1\nb = \"x\ny\"\n", Syntax::Hcl));
        let mut diagnostic = Diagnostic::new(&ODD, Span::new(file, 11, 16), "`b` is \"odd\"")
            .label("here")
            .related(Span::new(file, 0, 2), "first");
        diagnostic.environments = vec!["dev".into()];
        let expected = r#"[
  {
    "code": "odd",
    "severity": "warning",
    "message": "`b` is \"odd\"",
    "file": "a.hcl",
    "line": 2,
    "column": 5,
    "end_line": 3,
    "end_column": 3,
    "text": "\"x\ny\"",
    "label": "here",
    "help": null,
    "related": [
      {
        "file": "a.hcl",
        "line": 1,
        "column": 1,
        "end_line": 1,
        "end_column": 2,
        "text": "é",
        "label": "first"
      }
    ],
    "environments": [
      "dev"
    ]
  }
]
"#;
        assert_eq!(render(&[diagnostic], &sources), expected);
    }

    #[test]
    fn nothing_to_say_is_an_empty_array() {
        assert_eq!(render(&[], &Sources::default()), "[]\n");
    }
}
