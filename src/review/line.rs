//! A line of a report: our own words, and what came from a plan or a stack file. The latter is always code, so that a
//! renderer has one place in which to make it harmless.

use std::fmt::Write as _;

use serde_json::Value;

use super::change::{Field, Place, Shown};
use super::path::SOME;

/// The longest a name or value may be in a report, in characters.
const LONGEST: usize = 120;

/// How much of what two values have in common is shown before they differ.
const CONTEXT: usize = 20;

/// A part of a line.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Piece {
    /// Words of this program.
    Words(String),
    /// Foreign text: plain, on one line, and not too long.
    Code(String),
    /// Words that must not be overlooked.
    Strong(String),
    /// What comes before becomes what comes after.
    Arrow,
}

/// A line of a report.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Line(pub Vec<Piece>);

impl Line {
    /// A line that begins with words.
    pub fn words(text: impl Into<String>) -> Self {
        Self(vec![Piece::Words(text.into())])
    }

    /// Adds words.
    pub fn and(mut self, text: impl Into<String>) -> Self {
        self.0.push(Piece::Words(text.into()));
        self
    }

    /// Adds words that must not be overlooked.
    pub fn strong(mut self, text: impl Into<String>) -> Self {
        self.0.push(Piece::Strong(text.into()));
        self
    }

    /// Adds foreign text.
    pub fn code(mut self, text: &str) -> Self {
        self.0.push(Piece::Code(harmless(text, 0)));
        self
    }

    /// Adds another line.
    pub fn then(mut self, other: Line) -> Self {
        self.0.extend(other.0);
        self
    }

    /// Joins lines by words between them.
    pub fn join(lines: impl IntoIterator<Item = Line>, between: &str) -> Self {
        lines.into_iter().fold(Self::default(), |all, line| {
            let all = if all.0.is_empty() { all } else { all.and(between) };
            all.then(line)
        })
    }

    /// Adds a value before and after.
    pub fn sides(mut self, before: &Shown, after: &Shown) -> Self {
        match (before, after) {
            (Shown::Sensitive, Shown::Sensitive) => self.and("changes (sensitive)"),
            (Shown::Absent, after) => self.and("set to ").shown(after, 0),
            (before, Shown::Absent) => self.shown(before, 0).and(" removed"),
            (before, Shown::Later) => {
                // Where a whole document becomes unknown, its old text tells nothing.
                if !matches!(before, Shown::Value(Value::Array(_) | Value::Object(_))) {
                    self = self.shown(before, 0);
                    self.0.push(Piece::Arrow);
                }
                self.shown(after, 0)
            }
            (Shown::Value(old), Shown::Value(new)) => {
                let (old, new) = (text(old), text(new));
                let skipped = skipped(&old, &new);
                self.0.push(Piece::Code(harmless(&old, skipped)));
                self.0.push(Piece::Arrow);
                self.0.push(Piece::Code(harmless(&new, skipped)));
                self
            }
            (before, after) => {
                self = self.shown(before, 0);
                self.0.push(Piece::Arrow);
                self.shown(after, 0)
            }
        }
    }

    fn shown(mut self, shown: &Shown, skipped: usize) -> Self {
        match shown {
            Shown::Absent => self.and("nothing"),
            Shown::Later => self.and("known after the apply"),
            Shown::Sensitive => self.and("(sensitive)"),
            Shown::Value(value) => {
                self.0.push(Piece::Code(harmless(&text(value), skipped)));
                self
            }
        }
    }

    /// Adds what changes of a resource: ``"`cpu` 512 -> 1024"``.
    pub fn field(self, field: &Field) -> Self {
        let line = match field.path.strip_suffix(SOME) {
            Some(list) => {
                let line = self.code(list).and(" ");
                match (&field.before, &field.after) {
                    (Shown::Absent, after) => line.and("gains ").shown(after, 0),
                    (before, Shown::Absent) => line.and("loses ").shown(before, 0),
                    (before, after) => line.sides(before, after),
                }
            }
            None => {
                let line = self.code(&field.path);
                match (&field.before, &field.after) {
                    (Shown::Absent, Shown::Absent) => line,
                    (before, after) => line.and(" ").sides(before, after),
                }
            }
        };
        line.at(field.place.as_ref())
    }

    /// Adds a place of a stack file.
    pub fn at(self, place: Option<&Place>) -> Self {
        match place {
            None => self,
            Some(place) => {
                self.and(" (").code(&format!("{}:{}:{}", place.file, place.line, place.column)).and(")")
            }
        }
    }
}

/// A value as text: strings as they are, everything else as JSON.
pub(super) fn text(value: &Value) -> String {
    match value {
        Value::String(text) if text.is_empty() => "\"\"".to_owned(),
        Value::String(text) => text.clone(),
        other => other.to_string(),
    }
}

/// How many characters at the beginning of two long texts can be left out because they are the same.
fn skipped(one: &str, other: &str) -> usize {
    if one.chars().count().max(other.chars().count()) <= LONGEST {
        return 0;
    }
    let common = one.chars().zip(other.chars()).take_while(|(one, other)| one == other).count();
    common.saturating_sub(CONTEXT)
}

/// Foreign text on one line: what controls a terminal or the direction of writing is escaped, what is long is cut.
fn harmless(text: &str, skipped: usize) -> String {
    let mut plain = String::new();
    if skipped > 0 {
        plain.push('…');
    }
    let mut rest = text.chars().skip(skipped);
    for (count, c) in rest.by_ref().enumerate() {
        if count == LONGEST {
            plain.push('…');
            break;
        }
        let unseen = c.is_control() || is_format(c);
        // a String takes everything that is written to it
        let _ = if unseen { write!(plain, "{}", c.escape_default()) } else { write!(plain, "{c}") };
    }
    plain
}

/// Characters that are not seen, or change how others are.
fn is_format(c: char) -> bool {
    matches!(c,
        '\u{ad}' | '\u{61c}' | '\u{180e}' | '\u{200b}'..='\u{200f}' | '\u{2028}'..='\u{202e}' | '\u{2060}'..='\u{206f}'
        | '\u{feff}' | '\u{fff9}'..='\u{fffb}' | '\u{e0000}'..='\u{e007f}')
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn codes(line: Line) -> Vec<String> {
        line.0
            .into_iter()
            .filter_map(|piece| if let Piece::Code(text) = piece { Some(text) } else { None })
            .collect()
    }

    #[test]
    fn what_controls_a_terminal_or_the_direction_is_escaped() {
        let line = Line::default().code("a\u{1b}[31m\n\u{202e}b\u{9b}é");
        assert_eq!(codes(line), [r"a\u{1b}[31m\n\u{202e}b\u{9b}é"]);
    }

    #[test]
    fn long_values_are_shown_where_they_differ() {
        let value = |end: &str| Shown::Value(json!(format!("{}{end}{}", "x".repeat(500), "z".repeat(500))));
        let codes = codes(Line::default().sides(&value("a"), &value("b")));
        let expected =
            |end: &str| format!("…{}{end}{}…", "x".repeat(CONTEXT), "z".repeat(LONGEST - CONTEXT - 1));
        assert_eq!(codes, [expected("a"), expected("b")]);
    }

    #[test]
    fn a_document_that_becomes_unknown_is_not_repeated() {
        let line = Line::default().sides(&Shown::Value(json!([{"a": 1}])), &Shown::Later);
        assert_eq!(line, Line::words("known after the apply"));
    }
}
