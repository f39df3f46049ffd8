//! Tests of reading as a whole, through `parse`.

mod hostile;
mod mistakes;
mod model;

use super::{CODES, Document, Table, Value, parse};
use crate::diagnostic::{Diagnostic, Outcome};
use crate::source::{Source, Sources, Span, Syntax};

/// What came of a text.
struct Read {
    sources: Sources,
    outcome: Outcome<Document>,
}

fn hcl(text: &str) -> Read {
    read(text, Syntax::Hcl)
}

fn json(text: &str) -> Read {
    read(text, Syntax::Json)
}

fn read(text: &str, syntax: Syntax) -> Read {
    let mut sources = Sources::default();
    let file = sources.add(Source::new("stack", text, syntax));
    let outcome = parse(&sources, file);
    Read { sources, outcome }
}

impl Read {
    /// The table of a text without mistakes.
    fn root(&self) -> &Table {
        assert!(self.outcome.diagnostics.is_empty(), "{:#?}", self.outcome.diagnostics);
        &self.outcome.value.as_ref().unwrap().root
    }

    fn value(&self, route: &[&str]) -> &Value {
        &self.root().entry(route).unwrap().node.value
    }

    fn text(&self, span: Span) -> &str {
        self.sources.text(span)
    }

    /// `line:column code: message` of each diagnostic.
    fn said(&self) -> Vec<String> {
        let line = |d: &Diagnostic| {
            format!("{} {}: {}", self.sources.position(d.primary.span), d.code.name, d.message)
        };
        self.outcome.diagnostics.iter().map(line).collect()
    }
}

#[test]
fn every_code_explains_itself_with_an_example() {
    for code in CODES {
        let lines = code.explanation.lines().filter(|line| !line.is_empty()).count();
        assert!((4..=14).contains(&lines), "{}: {lines} lines", code.name);
        assert!(code.explanation.contains("```hcl\n"), "{}", code.name);
        assert!(code.explanation.contains("\nInstead, "), "{}", code.name);
    }
}
