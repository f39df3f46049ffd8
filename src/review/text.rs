//! A report for the terminal.

use anstyle::{AnsiColor, Style};

use super::groups::{Entry, Tone};
use super::line::{Line, Piece};
use super::report::{Report, Section, Verdict, enumerate};

const DANGER: Style = AnsiColor::Red.on_default().bold();
const REMOVED: Style = AnsiColor::Red.on_default();
const CHANGED: Style = AnsiColor::Yellow.on_default();
const ADDED: Style = AnsiColor::Green.on_default();
const HEADER: Style = Style::new().bold();
const PLAIN: Style = Style::new();

impl Report<'_> {
    /// The report for the terminal, one line feed at the end.
    pub fn text(&self, colour: bool) -> String {
        let mut out = Printer { text: String::new(), colour };
        let style = if self.verdict == Verdict::LosesData { DANGER } else { HEADER };
        out.line(style, 0, "", &self.headline);
        for section in self.sections.iter().filter(|section| !section.is_empty()) {
            out.section(section);
        }
        if !self.notes.is_empty() {
            out.text.push('\n');
        }
        for note in self.notes {
            out.line(PLAIN, 0, "note: ", note);
        }
        out.text
    }
}

struct Printer {
    text: String,
    colour: bool,
}

impl Printer {
    fn section(&mut self, section: &Section<'_>) {
        self.text.push('\n');
        self.line(HEADER, 0, "", &enumerate(&section.names));
        for entry in &section.body.lost {
            self.entry(2, entry);
        }
        for group in &section.body.groups {
            self.line(HEADER, 2, "", &group.title);
            for entry in &group.entries {
                self.entry(4, entry);
            }
        }
        let counts = section.body.counts.words();
        if !counts.is_empty() {
            self.line(PLAIN, 2, "", &Line::words(counts));
        }
    }

    fn entry(&mut self, indent: usize, entry: &Entry) {
        let (sign, style) = match entry.tone {
            Tone::Lost => ("! ", DANGER),
            Tone::Removes => ("- ", REMOVED),
            Tone::Changes => ("~ ", CHANGED),
            Tone::Adds => ("+ ", ADDED),
            Tone::Quiet => ("  ", PLAIN),
        };
        self.line(style, indent, sign, &entry.line);
        for detail in &entry.details {
            self.line(PLAIN, indent + 4, "", detail);
        }
    }

    fn line(&mut self, style: Style, indent: usize, sign: &str, line: &Line) {
        let style = if self.colour { style } else { PLAIN };
        let text: String = line.0.iter().map(piece).collect();
        self.text += &format!("{:indent$}{style}{sign}{text}{style:#}\n", "");
    }
}

/// Names and values stand in backticks only where they would run into the words around them.
fn piece(piece: &Piece) -> String {
    match piece {
        Piece::Words(text) | Piece::Strong(text) => text.clone(),
        Piece::Code(text) if text.is_empty() || text.contains(char::is_whitespace) => format!("`{text}`"),
        Piece::Code(text) => text.clone(),
        Piece::Arrow => " -> ".to_owned(),
    }
}
