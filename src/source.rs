//! Where text comes from: source files, byte spans, and line/column positions.
//!
//! Knows nothing about HCL, AWS or the disk. `project` reads the bytes and hands them over as [`Sources`].

use std::fmt;
use std::sync::Arc;

/// Identifies one file of a [`Sources`] collection.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct FileId(pub u32);

/// A byte range in one source file; `start <= end`, both on character boundaries.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Span {
    /// The file the range is in.
    pub file: FileId,
    /// First byte.
    pub start: u32,
    /// One past the last byte.
    pub end: u32,
}

impl Span {
    /// A span over `start..end` of `file`. Files are limited to 4 MiB, so offsets fit 32 bits.
    pub fn new(file: FileId, start: usize, end: usize) -> Self {
        Self { file, start: start as u32, end: end as u32 }
    }
}

/// The syntax of a source file.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Syntax {
    /// Native HCL, `*.hcl`.
    Hcl,
    /// The same model as JSON, `*.json`.
    Json,
    /// A file of another tool, which only an import reads.
    Foreign,
}

/// One source file: its display name and its text.
#[derive(Debug, Clone)]
pub struct Source {
    /// The name as the user gave it, with `/` separators; `<stdin>` for standard input.
    pub name: Arc<str>,
    /// The whole text, UTF-8, without a byte order mark.
    pub text: Arc<str>,
    /// How to read the text.
    pub syntax: Syntax,
    line_starts: Vec<u32>,
}

/// A 1-based line and a 1-based column.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Position {
    /// 1-based line.
    pub line: usize,
    /// 1-based column: in characters (Unicode scalar values), unless it comes from [`Source::position_utf16`].
    pub column: usize,
}

impl fmt::Display for Position {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}:{}", self.line, self.column)
    }
}

impl Source {
    /// Takes a file's text; a leading byte order mark is dropped, as Terraform does.
    pub fn new(name: &str, text: &str, syntax: Syntax) -> Self {
        let text = text.strip_prefix('\u{feff}').unwrap_or(text);
        let starts = text.bytes().enumerate().filter(|&(_, b)| b == b'\n').map(|(i, _)| i as u32 + 1);
        let line_starts = std::iter::once(0).chain(starts).collect();
        Self { name: name.replace('\\', "/").into(), text: text.into(), syntax, line_starts }
    }

    /// The position of a byte offset; offsets past the end give the end.
    pub fn position(&self, offset: u32) -> Position {
        let (line, before) = self.before(offset);
        Position { line, column: before.chars().count() + 1 }
    }

    /// The position of a byte offset for programs that count columns in UTF-16 code units.
    pub fn position_utf16(&self, offset: u32) -> Position {
        let (line, before) = self.before(offset);
        Position { line, column: before.encode_utf16().count() + 1 }
    }

    /// The 1-based line of a byte offset, and the text of the line before it.
    fn before(&self, offset: u32) -> (usize, &str) {
        let line = self.line_starts.partition_point(|&start| start <= offset).max(1) - 1;
        let start = self.line_starts[line] as usize;
        let mut end = (offset as usize).min(self.text.len());
        while !self.text.is_char_boundary(end) {
            end -= 1;
        }
        (line + 1, &self.text[start..end.max(start)])
    }

    /// The byte range of a 1-based line, without its line feed.
    pub fn line_range(&self, line: usize) -> std::ops::Range<usize> {
        let start = self.line_starts[line - 1] as usize;
        let end = self.line_starts.get(line).map_or(self.text.len(), |&next| next as usize - 1);
        start..end
    }
}

/// The files of one run.
#[derive(Debug, Clone, Default)]
pub struct Sources {
    files: Vec<Source>,
}

impl Sources {
    /// Adds a file and returns its identifier.
    pub fn add(&mut self, source: Source) -> FileId {
        self.files.push(source);
        FileId(self.files.len() as u32 - 1)
    }

    /// The file of an identifier that this collection handed out.
    pub fn get(&self, id: FileId) -> &Source {
        &self.files[id.0 as usize]
    }

    /// The text a span covers, clamped to the file.
    pub fn text(&self, span: Span) -> &str {
        let text = &self.get(span.file).text;
        text.get(span.start as usize..span.end as usize).unwrap_or("")
    }

    /// Where a span starts.
    pub fn position(&self, span: Span) -> Position {
        self.get(span.file).position(span.start)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn positions_count_characters_not_bytes() {
        let source = Source::new("a.hcl", "é = 1\nb = \"ü\" x\n", Syntax::Hcl);
        assert_eq!(source.position(3).to_string(), "1:3");
        let x = source.text.find('x').unwrap() as u32;
        assert_eq!(source.position(x).to_string(), "2:9");
        assert_eq!(source.position(9_999).to_string(), "3:1");
    }

    #[test]
    fn columns_in_utf16_count_a_character_outside_the_basic_plane_twice() {
        let source = Source::new("a.hcl", "\u{1f600}é = 1\n", Syntax::Hcl);
        let equals = source.text.find('=').unwrap() as u32;
        assert_eq!(source.position(equals).to_string(), "1:4");
        assert_eq!(source.position_utf16(equals).to_string(), "1:5");
        assert_eq!(source.position_utf16(9_999).to_string(), "2:1");
    }
}
