//! The state of reading one file: its text, what was said about it, and what was spent on it.
//!
//! Knows nothing of either syntax.

use std::ops::Range;

use super::DUPLICATE_KEY;
use super::limits::{self, FILE_LIMIT};
use crate::diagnostic::{Code, Diagnostic};
use crate::source::{FileId, Span};

/// Nothing more can be read; the reason was said.
#[derive(Debug)]
pub(super) struct Stop;

/// A bracket whose closing partner seems, by its indentation, to belong to somebody else.
#[derive(Debug, Clone)]
pub(super) struct Suspect {
    pub(super) place: Range<usize>,
    pub(super) name: String,
}

#[derive(Debug)]
pub(super) struct Reading<'a> {
    pub(super) text: &'a str,
    file: FileId,
    diagnostics: Vec<Diagnostic>,
    mistakes: usize,
    object_work: u64,
    suspect: Option<Suspect>,
}

impl<'a> Reading<'a> {
    pub(super) fn new(file: FileId, text: &'a str) -> Self {
        Self { text, file, diagnostics: Vec::new(), mistakes: 0, object_work: 0, suspect: None }
    }

    pub(super) fn span(&self, range: Range<usize>) -> Span {
        Span::new(self.file, range.start, range.end)
    }

    /// A diagnostic at a byte range, to be completed and handed to [`Reading::say`].
    pub(super) fn at(
        &self,
        code: &'static Code,
        range: Range<usize>,
        message: impl Into<String>,
    ) -> Diagnostic {
        Diagnostic::new(code, self.span(range), message)
    }

    /// Records a mistake; stops reading when there are too many.
    pub(super) fn say(&mut self, diagnostic: Diagnostic) -> Result<(), Stop> {
        let place = diagnostic.primary.span;
        self.diagnostics.push(diagnostic);
        self.strike(place)
    }

    /// Counts a mistake without a word: for recoveries that cost as much as a mistake.
    pub(super) fn strike(&mut self, place: Span) -> Result<(), Stop> {
        self.mistakes += 1;
        if self.mistakes < limits::MISTAKES {
            return Ok(());
        }
        let message = format!("reading stopped after {} mistakes", limits::MISTAKES);
        self.diagnostics.push(Diagnostic::new(&FILE_LIMIT, place, message));
        Err(Stop)
    }

    /// Says that the file is beyond a limit.
    pub(super) fn refuse(&mut self, diagnostic: Diagnostic) -> Stop {
        self.diagnostics.push(diagnostic);
        Stop
    }

    /// Pays for handing an object of that many keys to a parser that compares each key with every other.
    pub(super) fn spend(&mut self, keys: usize, open: usize) -> Result<(), Stop> {
        let keys = keys as u64;
        self.object_work += keys * keys;
        if self.object_work <= limits::OBJECT_WORK {
            return Ok(());
        }
        let diagnostic = self
            .at(&FILE_LIMIT, open..open + 1, "the large objects of this file hold too many keys together")
            .help("split the stack into several stack files");
        Err(self.refuse(diagnostic))
    }

    /// Remembers a `{` when its `}`, alone at the start of a line, is indented less than the line of the `{`.
    pub(super) fn compare_indents(&mut self, open: usize, close: usize, place: Range<usize>, name: &str) {
        // Only blanks are walked over: a file may be one line with a million brackets.
        let before = self.text[..close].trim_end_matches([' ', '\t']);
        let first_on_line = before.is_empty() || before.ends_with('\n');
        if first_on_line && self.suspect.is_none() && self.indent(close) < self.indent(open) {
            self.suspect = Some(Suspect { place, name: name.to_owned() });
        }
    }

    /// The suspect inside the bracket at `open`, which seems to have lost its partner to it.
    pub(super) fn suspect_after(&mut self, open: usize) -> Option<Suspect> {
        self.suspect.take().filter(|suspect| suspect.place.start >= open)
    }

    /// Drops the duplicates found after `start`: behind an unclosed bracket keys land in the wrong table.
    pub(super) fn forget_duplicates_after(&mut self, start: usize) {
        self.diagnostics.retain(|d| *d.code != DUPLICATE_KEY || (d.primary.span.start as usize) < start);
    }

    /// What was said, in the order of the text.
    pub(super) fn into_diagnostics(mut self) -> Vec<Diagnostic> {
        self.diagnostics.sort_by_key(|diagnostic| diagnostic.primary.span.start);
        self.diagnostics
    }

    fn line_start(&self, at: usize) -> usize {
        self.text[..at].rfind('\n').map_or(0, |newline| newline + 1)
    }

    fn indent(&self, at: usize) -> usize {
        let line = &self.text[self.line_start(at)..];
        line.len() - line.trim_start_matches([' ', '\t']).len()
    }
}
