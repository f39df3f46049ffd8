//! What became of every key of the input: nothing is lost without a line.
//!
//! Importers say what they did with a value; [`Report::close`] then walks over the whole input and adds a line for
//! everything that nobody spoke about. Values never stand in a line, because any of them may be a secret.

use std::collections::BTreeSet;
use std::fmt::Write as _;

use indexmap::IndexSet;
use serde::Serialize;

use super::codes::{IMPORT_IMPOSSIBLE, IMPORT_SHAPE};
use super::matrix::Support;
use super::read::{At, Origin};
use super::yaml::{NodeId, Value};
use crate::diagnostic::{Code, Diagnostic};
use crate::source::{Sources, Span};

/// What became of a key.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Fate {
    /// The stack file says the same.
    Mapped,
    /// The stack file says what was probably meant.
    Assumed,
    /// The stack file does not say it.
    Dropped,
    /// A person has to do or decide something.
    NeedsYou,
}

impl Fate {
    fn heading(self) -> &'static str {
        match self {
            Fate::Mapped => "mapped",
            Fate::Assumed => "assumed",
            Fate::Dropped => "dropped",
            Fate::NeedsYou => "needs you",
        }
    }
}

/// One line of the report.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct Line {
    /// What became of it.
    pub fate: Fate,
    /// Where it stands; nowhere, when the input says nothing about it.
    pub place: Option<Span>,
    /// The path of the key: `services.web.image`.
    pub key: String,
    /// What happened, in words.
    pub words: String,
}

/// The lines of an import, and the mistakes that stop it.
#[derive(Debug, Default)]
pub struct Report {
    lines: IndexSet<Line>,
    covered: BTreeSet<NodeId>,
    asked: BTreeSet<NodeId>,
    replaced: BTreeSet<NodeId>,
    /// Mistakes in the input.
    pub diagnostics: Vec<Diagnostic>,
}

impl Report {
    /// Remembers that something else was merged over a value.
    pub fn replaced(&mut self, node: NodeId) {
        self.replaced.insert(node);
    }

    /// Says what became of a value and everything in it.
    pub fn say(&mut self, fate: Fate, origin: &Origin, words: impl Into<String>) {
        self.covered.insert(origin.id);
        self.remark(fate, origin, words);
    }

    /// The stack file says the same.
    pub fn mapped(&mut self, origin: &Origin, words: impl Into<String>) {
        self.say(Fate::Mapped, origin, words);
    }

    /// The stack file says what was probably meant.
    pub fn assumed(&mut self, origin: &Origin, words: impl Into<String>) {
        self.say(Fate::Assumed, origin, words);
    }

    /// The stack file does not say it.
    pub fn dropped(&mut self, origin: &Origin, words: impl Into<String>) {
        self.say(Fate::Dropped, origin, words);
    }

    /// A person has to do or decide something.
    pub fn needs_you(&mut self, origin: &Origin, words: impl Into<String>) {
        self.say(Fate::NeedsYou, origin, words);
    }

    /// Whether a person was asked about a value already.
    pub fn asked(&self, origin: &Origin) -> bool {
        self.asked.contains(&origin.id)
    }

    /// All has been said about a value and everything in it.
    pub fn settled(&mut self, origin: &Origin) {
        self.covered.insert(origin.id);
    }

    /// Says something about a value and nothing about what is in it.
    pub fn remark(&mut self, fate: Fate, origin: &Origin, words: impl Into<String>) {
        let place = Some(origin.span);
        if fate == Fate::NeedsYou {
            self.asked.insert(origin.id);
        }
        self.lines.insert(Line { fate, place, key: origin.path.clone(), words: words.into() });
    }

    /// Says something about a setting of the stack of which the input knows nothing.
    pub fn without_place(&mut self, fate: Fate, setting: &str, words: impl Into<String>) {
        self.lines.insert(Line { fate, place: None, key: setting.to_owned(), words: words.into() });
    }

    /// A mistake: nothing can be imported.
    pub fn mistake(&mut self, code: &'static Code, span: Span, message: impl Into<String>, help: &str) {
        let found = Diagnostic::new(code, span, message).help(help);
        // What is read for several environments is wrong once.
        let same = |known: &Diagnostic| known.message == found.message && known.primary.span == span;
        if !self.diagnostics.iter().any(same) {
            self.diagnostics.push(found);
        }
    }

    /// A value that is not what its key wants.
    pub fn misshapen(&mut self, origin: &Origin, wanted: &str) {
        let message = format!("`{}` is not {wanted}", origin.path);
        self.mistake(&IMPORT_SHAPE, origin.span, message, &format!("write {wanted}"));
    }

    /// Nothing that Fargate can run.
    pub fn impossible(&mut self, span: Span, message: impl Into<String>, help: &str) {
        self.mistake(&IMPORT_IMPOSSIBLE, span, message, help);
    }

    /// Adds a line for whatever is in a file and was not spoken about.
    pub fn close(&mut self, at: &At) {
        let origin = at.origin();
        if self.covered.contains(&origin.id) {
            return;
        }
        if self.replaced.contains(&origin.id) && !self.speaks_within(at) {
            self.dropped(&origin, "something else is merged over it");
            return;
        }
        let children = at.children();
        let row = at.row();
        let refused = row.is_some_and(|row| row.support == Support::No);
        let known = !refused && at.has_below();
        if !children.is_empty() && (known || self.speaks_within(at)) {
            // What an alias repeats is spoken about where it is used, and not where an extension defines it.
            let (later, first): (Vec<&At>, Vec<&At>) =
                children.iter().partition(|child| child.row().is_some_and(|row| row.support == Support::No));
            first.into_iter().chain(later).for_each(|child| self.close(child));
            return;
        }
        let empty = children.is_empty() && !matches!(at.node.value, Value::Text { .. });
        let row = row.or_else(|| at.above().filter(|row| row.support == Support::No));
        match row {
            Some(row) if row.support == Support::No => self.dropped(&origin, row.note),
            _ if empty && (row.is_some() || at.has_below()) => {
                self.mapped(&origin, "empty: the default holds");
            }
            Some(row) => self.dropped(&origin, format!("it has no effect here: {}", row.note)),
            None => self.dropped(&origin, "an unknown key"),
        }
    }

    /// Whether something below a value was spoken about.
    fn speaks_within(&self, at: &At) -> bool {
        at.children().iter().any(|child| self.covered.contains(&child.node.id) || self.speaks_within(child))
    }

    /// The lines in the order of the input; what has no place stands last.
    pub fn lines(&self) -> Vec<&Line> {
        let mut lines: Vec<&Line> = self.lines.iter().collect();
        lines.sort_by_key(|line| (line.place.is_none(), line.place));
        lines
    }

    /// For people: by what became of it, with what a person has to do at the end, and a summary.
    pub fn text(&self, sources: &Sources) -> String {
        let lines = self.lines();
        let mut text = String::new();
        let mut counts = Vec::new();
        for fate in [Fate::Mapped, Fate::Assumed, Fate::Dropped, Fate::NeedsYou] {
            let of_fate: Vec<&&Line> = lines.iter().filter(|line| line.fate == fate).collect();
            counts.push(format!("{} {}", of_fate.len(), fate.heading()));
            if of_fate.is_empty() {
                continue;
            }
            let _ = writeln!(text, "{}:", fate.heading());
            for line in of_fate {
                let place = line.place.map(|span| {
                    let position = sources.position(span);
                    format!("{}:{position}: ", sources.get(span.file).name)
                });
                let place = place.unwrap_or_default();
                let _ = writeln!(text, "  {place}{}: {}", printable(&line.key), printable(&line.words));
            }
        }
        let _ = writeln!(text, "{}", counts.join(", "));
        text
    }

    /// For programs: an array with an object for each line.
    pub fn json(&self, sources: &Sources) -> String {
        #[derive(Serialize)]
        struct Record<'a> {
            fate: Fate,
            file: Option<&'a str>,
            line: Option<usize>,
            column: Option<usize>,
            key: &'a str,
            words: &'a str,
        }
        let record = |line: &'_ &'_ Line| {
            let position = line.place.map(|span| sources.position(span));
            serde_json::json!(Record {
                fate: line.fate,
                file: line.place.map(|span| &*sources.get(span.file).name),
                line: position.map(|position| position.line),
                column: position.map(|position| position.column),
                key: &line.key,
                words: &line.words,
            })
        };
        let records: Vec<serde_json::Value> = self.lines().iter().map(record).collect();
        format!("{:#}\n", serde_json::Value::Array(records))
    }
}

/// A text without control characters, which a terminal would obey.
fn printable(text: &str) -> String {
    text.chars().map(|c| if c.is_control() { '\u{fffd}' } else { c }).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::import::matrix::{Format, no, yes};
    use crate::import::yaml;
    use crate::source::{Source, Syntax};

    static FORMAT: Format = Format {
        name: "test",
        about: "",
        parts: &[("a", &[yes("a.b", "read"), yes("a.c[].d", "read"), no("n", "never"), yes("e", "read")])],
        any_case: false,
    };

    /// The report about a text of which `a.b` and the first `a.c[].d` were read.
    fn closed(text: &str) -> (Sources, Report) {
        let mut sources = Sources::default();
        let file = sources.add(Source::new("a.yml", text, Syntax::Foreign));
        let at = At::root(yaml::parse(&sources, file).value.unwrap().remove(0), &FORMAT);
        let mut report = Report::default();
        let a = at.get("a").unwrap();
        report.mapped(&a.get("b").unwrap().origin(), "kept");
        let item = a.get("c").and_then(|c| c.items()[0].get("d"));
        report.needs_you(&item.unwrap().origin(), "look");
        report.without_place(Fate::Assumed, "stack", "guessed");
        report.close(&at);
        (sources, report)
    }

    #[test]
    fn everything_that_nobody_spoke_about_gets_a_line() {
        let text = "a: {b: 1, c: [{d: 2, x: 3}, {d: 4}]}\nn: {o: {p: 5}}\ne: []\nu: {v: [1, 2]}\n";
        let (sources, report) = closed(text);
        let expected = "\
mapped:
  a.yml:1:5: a.b: kept
  a.yml:3:1: e: empty: the default holds
assumed:
  stack: guessed
dropped:
  a.yml:1:22: a.c[0].x: an unknown key
  a.yml:1:30: a.c[1].d: it has no effect here: read
  a.yml:2:1: n: never
  a.yml:4:1: u: an unknown key
needs you:
  a.yml:1:16: a.c[0].d: look
2 mapped, 1 assumed, 4 dropped, 1 needs you
";
        assert_eq!(report.text(&sources), expected);
        let json = report.json(&sources);
        assert!(json.contains("\"fate\": \"needs-you\"") && json.contains("\"column\": 16"), "{json}");
    }

    #[test]
    fn control_characters_do_not_reach_a_terminal() {
        let (sources, report) = closed("a: {b: 1, c: [{d: 2}]}\n\"k\\e[31m\": 1\n");
        assert!(!report.text(&sources).contains('\u{1b}'));
    }
}
