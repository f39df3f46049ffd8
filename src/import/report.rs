//! What became of every key of the input: nothing is lost without a line.
//!
//! Importers say what they did with a value; [`Report::close`] then walks over the whole input and adds a line for
//! everything that nobody spoke about. Values never stand in a line, because any of them may be a secret.

use std::collections::BTreeSet;
use std::fmt::Write as _;

use indexmap::{IndexMap, IndexSet};
use serde::Serialize;

use super::codes::{IMPORT_IMPOSSIBLE, IMPORT_LIMIT, IMPORT_SHAPE};
use super::matrix::Support;
use super::read::{At, Origin};
use super::yaml::{NodeId, Value};
use crate::diagnostic::human::phrase;
use crate::diagnostic::{Code, Diagnostic};
use crate::source::{Sources, Span};

/// How many values files may put into each other, whoever repeats them: what one line extends, includes or names may be as
/// large as a file can be.
const REPEATED: usize = 200_000;

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
    /// The places and messages of mistakes.
    mistakes: BTreeSet<(Span, String)>,
    repeated: usize,
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

    /// Takes back what was said of a value that turned out to become something else, and of what stands inside.
    pub fn withdraw(&mut self, origin: &Origin, fates: &[Fate]) {
        self.lines.retain(|line| {
            let same_file = line.place.is_some_and(|place| place.file == origin.span.file);
            let inside = line.key.strip_prefix(&origin.path);
            let inside = inside.is_some_and(|rest| rest.is_empty() || rest.starts_with(['.', '[']));
            !(same_file && inside && fates.contains(&line.fate))
        });
    }

    /// Says something about a setting of the stack of which the input knows nothing.
    pub fn without_place(&mut self, fate: Fate, setting: &str, words: impl Into<String>) {
        self.lines.insert(Line { fate, place: None, key: setting.to_owned(), words: words.into() });
    }

    /// A mistake: nothing can be imported.
    pub fn mistake(&mut self, code: &'static Code, span: Span, message: impl Into<String>, help: &str) {
        let found = Diagnostic::new(code, span, message).help(help);
        // What is read for several environments is wrong once.
        if self.mistakes.insert((span, found.message.clone())) {
            self.diagnostics.push(found);
        }
    }

    /// Counts values that another place says once more; a mistake, and false, when that becomes too much.
    pub fn repeat(&mut self, values: usize, span: Span) -> bool {
        self.repeated = self.repeated.saturating_add(values);
        let fine = self.repeated <= REPEATED;
        if !fine {
            let message = format!("what is repeated comes to more than {REPEATED} values");
            self.mistake(&IMPORT_LIMIT, span, message, "split the file, or repeat less");
        }
        fine
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

    /// Whether somebody spoke about a value.
    pub fn has(&self, origin: &Origin) -> bool {
        self.covered.contains(&origin.id)
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
            // What several share, by an anchor of YAML, is told once.
            let mut keys: IndexMap<(Option<Span>, &str), Vec<&str>> = IndexMap::new();
            for line in of_fate {
                keys.entry((line.place, &line.words)).or_default().push(&line.key);
            }
            for ((place, words), keys) in keys {
                let place = place.map(|span| {
                    let position = sources.position(span);
                    format!("{}:{position}: ", phrase(&sources.get(span.file).name))
                });
                let place = place.unwrap_or_default();
                let _ = writeln!(text, "  {place}{}: {}", phrase(&keys.join(", ")), phrase(words));
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

#[cfg(test)]
mod tests {
    use super::*;
    use crate::import::matrix::{Format, Tree, no, yes};
    use crate::import::yaml;
    use crate::source::{Source, Syntax};

    static FORMAT: Format = Format {
        name: "test",
        about: "",
        parts: &[("a", &[yes("a.b", "read"), yes("a.c[].d", "read"), no("n", "never"), yes("e", "read")])],
        any_case: false,
        tree: Tree::new(),
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
    fn what_several_share_is_told_once() {
        let (sources, mut report) = closed("a: {b: 1, c: [{d: 2}]}\n");
        let lines = report.lines().len();
        let place = report.lines()[0].place;
        for key in ["y", "z"] {
            let line = Line { fate: Fate::Dropped, place, key: key.to_owned(), words: "gone".to_owned() };
            report.lines.insert(line);
        }
        assert!(report.text(&sources).contains("dropped:\n  a.yml:1:5: y, z: gone\n"));
        assert_eq!(report.lines().len(), lines + 2);
    }

    #[test]
    fn what_was_said_can_be_taken_back() {
        let (sources, mut report) = closed("a: {b: 1, c: [{d: 2}]}\nab: 1\n");
        let file = report.lines()[0].place.unwrap().file;
        let at = At::root(yaml::parse(&sources, file).value.unwrap().remove(0), &FORMAT);
        report.withdraw(&at.get("a").unwrap().origin(), &[Fate::Mapped]);
        let left: Vec<&str> = report.lines().iter().map(|line| line.key.as_str()).collect();
        assert_eq!(left, ["a.c[0].d", "ab", "stack"]);
    }

    #[test]
    fn what_a_terminal_obeys_does_not_reach_it() {
        let (sources, report) = closed("a: {b: 1, c: [{d: 2}]}\n\"k\\e[31m\": 1\n\"\\u202e\": 1\n");
        assert!(!report.text(&sources).contains(['\u{1b}', '\u{202e}']));
    }
}
