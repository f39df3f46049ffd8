//! Reads the structure of an HCL file: attributes and blocks.
//!
//! The structure is read here and only values go through `hcl-edit`, so that one mistake does not hide the others
//! and each is reported at its own place. A body is what the HCL specification calls one; there is no tolerance
//! beyond it.

use std::borrow::Cow;
use std::ops::Range;
use std::sync::Arc;

use super::builder::{Name, TableBuilder};
use super::document::{Form, Node, Table, Value};
use super::expression;
use super::extent::{self, Extent};
use super::limits;
use super::mistake::{self, SYNTAX_ERROR};
use super::reading::{Reading, Stop};
use super::words;

/// Reads the whole text.
pub(super) fn read(reading: &mut Reading<'_>) -> Result<Table, Stop> {
    mistake::check_language(reading)?;
    let text = reading.text;
    Parser { reading, text, at: 0, told_unclosed: false }.body(&Place::File, 0)
}

/// What a body stands in.
enum Place {
    File,
    /// `name {`, line break, items, `}`. With the header.
    Lines(Range<usize>),
    /// `name { key = value }`. With the header.
    Line(Range<usize>),
}

struct Parser<'r, 't> {
    reading: &'r mut Reading<'t>,
    text: &'t str,
    at: usize,
    /// At the end of the text all open blocks end at once; only the innermost is told.
    told_unclosed: bool,
}

impl<'t> Parser<'_, 't> {
    fn body(&mut self, place: &Place, depth: usize) -> Result<Table, Stop> {
        let mut table = TableBuilder::default();
        let (mut items, mut told_open) = (0, false);
        loop {
            let new_line = self.skip_blanks()? || items == 0;
            if matches!(place, Place::Line(_)) && new_line && items > 0 && !told_open {
                told_open = true;
                let help = "close the block on the line it was opened on, or break the line after `{` too";
                self.say(self.at..self.at, "unexpected line break in a one-line block", help)?;
            }
            match self.text[self.at..].chars().next() {
                None => {
                    self.unclosed(place)?;
                    return Ok(table.finish());
                }
                Some('}') => {
                    let here = self.at..self.at + 1;
                    self.at += 1;
                    match place {
                        Place::File => self.say(
                            here,
                            "unexpected `}`: no block is open here",
                            "remove it, or a `}` too many before it",
                        )?,
                        Place::Lines(_) if !new_line => {
                            self.say(here, "`}` needs a line of its own", "break the line before it")?;
                        }
                        _ => {}
                    }
                    if !matches!(place, Place::File) {
                        return Ok(table.finish());
                    }
                }
                Some(c) if words::starts_word(c) => {
                    let is_line = matches!(place, Place::Line(_));
                    if !new_line || (is_line && words::looks_like_block(self.text, self.at)) {
                        self.needs_own_line(place)?;
                    }
                    items += 1;
                    self.item(&mut table, depth)?;
                }
                Some(c) => self.unexpected(c)?,
            }
        }
    }

    fn say(&mut self, range: Range<usize>, message: impl Into<String>, help: &str) -> Result<(), Stop> {
        let diagnostic = self.reading.at(&SYNTAX_ERROR, range, message);
        self.reading.say(if help.is_empty() { diagnostic } else { diagnostic.help(help) })
    }

    /// Skips blanks, line breaks and comments; whether there was a line break.
    fn skip_blanks(&mut self) -> Result<bool, Stop> {
        let mut new_line = false;
        loop {
            self.at = words::skip_spaces(self.text, self.at);
            let length = words::line_break(self.text, self.at);
            if length > 0 {
                new_line = true;
                self.at += length;
                continue;
            }
            match words::comment_end(self.text, self.at) {
                None => return Ok(new_line),
                Some(Ok(end)) => self.at = end,
                Some(Err(())) => {
                    let open = self.at..self.at + 2;
                    self.at = self.text.len();
                    self.say(open, "this comment is not closed", "close it with `*/`")?;
                }
            }
        }
    }

    /// Skips spaces, tabs and `/* .. */`.
    fn skip_inline(&mut self) {
        loop {
            self.at = words::skip_spaces(self.text, self.at);
            match words::comment_end(self.text, self.at) {
                Some(Ok(end)) if self.text[self.at..].starts_with("/*") => self.at = end,
                _ => return,
            }
        }
    }

    fn unclosed(&mut self, place: &Place) -> Result<(), Stop> {
        let (Place::Lines(header) | Place::Line(header)) = place else { return Ok(()) };
        if std::mem::replace(&mut self.told_unclosed, true) {
            return Ok(());
        }
        let (place, name) = match self.reading.suspect_after(header.start) {
            Some(suspect) => (suspect.place, suspect.name),
            None => (header.clone(), format!("block `{}`", &self.text[header.clone()])),
        };
        self.reading.forget_duplicates_after(place.start);
        self.say(place, format!("{name} is not closed"), "close it with `}` on a line of its own")
    }

    fn needs_own_line(&mut self, place: &Place) -> Result<(), Stop> {
        let word = self.at..words::word_end(self.text, self.at);
        let message = format!("`{}` needs a line of its own", &self.text[word.clone()]);
        let help = match place {
            Place::Line(_) => "a block on one line holds one attribute: break the line after `{` and between",
            Place::File | Place::Lines(_) => "break the line before it",
        };
        self.say(word, message, help)
    }

    /// At something that cannot start an item: skips the rest of the line.
    fn unexpected(&mut self, c: char) -> Result<(), Stop> {
        let start = self.at;
        let end = start + c.len_utf8();
        let rest = &self.text[start..];
        self.at = match c {
            ',' | ';' => end,
            _ => words::line_end(self.text, end),
        };
        let help = match c {
            ',' => "attributes and blocks are separated by line breaks",
            ';' => "end the line instead: HCL has no `;`",
            '-' => "lists are written `name = [a, b]`; this looks like YAML",
            '"' if rest[1..].contains("\" =") => "keys of a block stand without quotes",
            _ => "a line holds `name = value`, or opens a block with `name {` or `name \"label\" {`",
        };
        self.say(start..end, format!("unexpected `{}`", words::shown(&rest[..c.len_utf8()])), help)
    }

    /// An attribute or a block, at its first word.
    fn item(&mut self, table: &mut TableBuilder, depth: usize) -> Result<(), Stop> {
        let word = self.at..words::word_end(self.text, self.at);
        let name = &self.text[word.clone()];
        self.at = word.end;
        self.skip_inline();
        let rest = &self.text[self.at..];
        match rest.chars().next() {
            Some('=') if !rest.starts_with("==") => {
                let length = if rest.starts_with("=>") { 2 } else { 1 };
                if length == 2 {
                    self.say(self.at..self.at + 2, "`=>` instead of `=`", "")?;
                }
                self.at += length;
                self.attribute(table, Name { text: name, place: word }, depth)
            }
            Some(':') if rest[1..words::line_end(rest, 0)].trim().is_empty() => {
                let help = format!("this looks like YAML: write `{name} {{` and close it with `}}`");
                self.say(self.at..self.at + 1, format!("unexpected `:` after `{name}`"), &help)?;
                self.at += 1;
                Ok(())
            }
            Some(':') => {
                let help = format!("write `{name} = ..`, or `{name} {{` for a block");
                self.say(self.at..self.at + 1, "`:` instead of `=`", &help)?;
                self.at += 1;
                self.attribute(table, Name { text: name, place: word }, depth)
            }
            Some('{') => self.block(table, Name { text: name, place: word }, None, depth),
            Some('"') => self.labels(table, Name { text: name, place: word }, depth),
            Some(c) if words::starts_word(c) => self.labels(table, Name { text: name, place: word }, depth),
            _ if rest.is_empty() || words::line_break(rest, 0) > 0 || rest.starts_with(['#', '/', '}']) => {
                let help = format!("write `{name} = ..`, or `{name} {{` for a block");
                self.say(word, format!("`{name}` has no value"), &help)
            }
            _ => {
                let message = format!("expected `=` or `{{` after `{name}`");
                self.say(word.end..word.end, message, &format!("write `{name} = ..`"))?;
                self.at = extent::measure(self.reading, self.at, depth)?.next;
                Ok(())
            }
        }
    }

    fn attribute(&mut self, table: &mut TableBuilder, key: Name<'t>, depth: usize) -> Result<(), Stop> {
        self.skip_inline();
        let start = self.at;
        let extent = extent::measure(self.reading, start, depth)?;
        self.at = extent.next;
        if extent.broken {
            return Ok(());
        }
        if extent.end == start {
            return self.say(
                key.place,
                format!("`{}` has no value", key.text),
                "write a value behind the `=`",
            );
        }
        if let Some(node) = self.value(start, &extent)? {
            table.value(self.reading, key, Form::Attribute, node)?;
        }
        Ok(())
    }

    /// Parses a measured value. Something else behind a good value is left to be read as the next item.
    fn value(&mut self, start: usize, extent: &Extent) -> Result<Option<Node>, Stop> {
        let text = self.blanked(start, extent);
        let error = match expression::parse(&text) {
            Ok(value) => return expression::lower(self.reading, start, &value),
            Err(error) => error,
        };
        let offset = error.location().offset().min(text.len());
        let offset = (0..=offset).rev().find(|&at| text.is_char_boundary(at)).unwrap_or(0);
        let offset = words::skip_spaces(&text, offset);
        let good = text[..offset].trim_end();
        if !good.is_empty()
            && mistake::is_next_item(&text, offset)
            && let Ok(value) = expression::parse(good)
        {
            self.at = start + offset;
            let span = self.reading.span(self.at..self.at + 1);
            self.reading.strike(span)?;
            return expression::lower(self.reading, start, &value);
        }
        let diagnostic = mistake::explain(self.reading, start, &text, offset, &error);
        self.reading.say(diagnostic)?;
        Ok(None)
    }

    /// The value's text with duplicate entries of its objects overwritten by spaces.
    fn blanked(&self, start: usize, extent: &Extent) -> Cow<'t, str> {
        let text = &self.text[start..extent.end];
        if extent.duplicates.is_empty() {
            return text.into();
        }
        let mut bytes = text.as_bytes().to_vec();
        for range in &extent.duplicates {
            bytes[range.start - start..range.end - start].fill(b' ');
        }
        String::from_utf8_lossy(&bytes).into_owned().into()
    }

    /// The labels of a block, at the first one.
    fn labels(&mut self, table: &mut TableBuilder, kind: Name<'t>, depth: usize) -> Result<(), Stop> {
        let mut first: Option<(Arc<str>, Range<usize>)> = None;
        loop {
            self.skip_inline();
            let rest = &self.text[self.at..];
            let start = self.at;
            let label = match rest.chars().next() {
                Some('{') => {
                    let label = first.as_ref().map(|(text, place)| Name { text, place: place.clone() });
                    return self.block(table, kind, label, depth);
                }
                Some('"') => {
                    let Some(label) = self.quoted_label()? else { return Ok(()) };
                    label
                }
                Some(c) if words::starts_word(c) => {
                    self.at = words::word_end(self.text, start);
                    self.text[start..self.at].into()
                }
                Some('=') if first.is_some() => {
                    let header = self.text[kind.place.start..start].trim_end();
                    let help = format!("a block has no `=`: write `{header} {{`");
                    self.say(start..start + 1, "unexpected `=`", &help)?;
                    self.at = extent::measure(self.reading, start + 1, depth)?.next;
                    return Ok(());
                }
                _ => {
                    let help = format!("write `{} = ..` for a value, or open a block with `{{`", kind.text);
                    let message = format!("expected `=` after `{}`", kind.text);
                    self.say(kind.place.end..kind.place.end, message, &help)?;
                    self.at = words::line_end(self.text, start);
                    return Ok(());
                }
            };
            match &first {
                None => first = Some((label, start..self.at)),
                Some((_, place)) => {
                    let diagnostic = self
                        .reading
                        .at(&SYNTAX_ERROR, start..self.at, format!("`{}` takes one label", kind.text))
                        .related(self.reading.span(place.clone()), "the label")
                        .help("remove the second label");
                    self.reading.say(diagnostic)?;
                }
            }
        }
    }

    fn quoted_label(&mut self) -> Result<Option<Arc<str>>, Stop> {
        let start = self.at;
        let line = &self.text[start..words::line_end(self.text, start)];
        let mut escaped = false;
        let close = line.char_indices().skip(1).find(|&(_, c)| {
            let found = c == '"' && !escaped;
            escaped = c == '\\' && !escaped;
            found
        });
        let Some((length, _)) = close else {
            self.at = start + line.len();
            self.say(start..start + 1, "this string is not closed", "close it with `\"`")?;
            return Ok(None);
        };
        self.at = start + length + 1;
        let text = &self.text[start..self.at];
        match expression::parse(text) {
            Ok(value) => match expression::as_text(&value) {
                Some(label) => Ok(Some(label.into())),
                None => {
                    self.say(start..self.at, "a label is plain text", "write the name without references")?;
                    Ok(Some(text.into()))
                }
            },
            Err(error) => {
                let diagnostic =
                    mistake::explain(self.reading, start, text, error.location().offset(), &error);
                self.reading.say(diagnostic)?;
                Ok(Some(text.into()))
            }
        }
    }

    /// A block, at its `{`.
    fn block(
        &mut self,
        table: &mut TableBuilder,
        kind: Name<'t>,
        label: Option<Name<'_>>,
        depth: usize,
    ) -> Result<(), Stop> {
        let open = self.at;
        limits::check_depth(self.reading, depth + 1, open)?;
        let header = kind.place.start..label.as_ref().map_or(kind.place.end, |label| label.place.end);
        self.at += 1;
        self.skip_inline();
        let rest = &self.text[self.at..];
        let ends_line = rest.is_empty() || words::line_break(rest, 0) > 0 || rest.starts_with(['#', '/']);
        let place = if ends_line { Place::Lines(header.clone()) } else { Place::Line(header.clone()) };
        let body = self.body(&place, depth + 1)?;
        if !self.told_unclosed {
            let name = format!("block `{}`", &self.text[header.clone()]);
            self.reading.compare_indents(open, self.at - 1, header.clone(), &name);
        }
        let node = Node { span: self.reading.span(header), value: Value::Table(Arc::new(body)) };
        match label {
            Some(label) => table.labelled_block(self.reading, kind, label, node),
            None => table.value(self.reading, kind, Form::Block, node),
        }
    }
}
