//! Finds where an HCL value ends, before `hcl-edit` sees it.
//!
//! One pass over the bytes with a stack of what is open. It says what is wrong with quotes, brackets, heredocs and
//! comments at the place where they were opened, holds the limits that keep `hcl-edit` fast, and finds keys that
//! an object sets twice. It knows nothing of what values mean.

use std::ops::Range;

use indexmap::IndexMap;

use super::DUPLICATE_KEY;
use super::limits::{self, FILE_LIMIT};
use super::mistake::SYNTAX_ERROR;
use super::reading::{Reading, Stop};
use super::words;

/// The bytes of one value.
#[derive(Debug, Default)]
pub(super) struct Extent {
    /// One past the last byte that is no blank and no comment.
    pub(super) end: usize,
    /// Where to read on: a line break, the `}` of a one-line block, or the end of the text.
    pub(super) next: usize,
    /// A mistake was said; there is no use in parsing the value.
    pub(super) broken: bool,
    /// Entries of objects whose key was set before, to be blanked out before parsing.
    pub(super) duplicates: Vec<Range<usize>>,
}

/// Measures the value that starts at `start`, inside `depth` blocks.
pub(super) fn measure(reading: &mut Reading<'_>, start: usize, depth: usize) -> Result<Extent, Stop> {
    let text = reading.text;
    let extent = Extent { end: start, ..Extent::default() };
    let mut scan = Scan { reading, text, at: start, depth, open: Vec::new(), extent };
    while !scan.finished() {
        match scan.open.last().map(|frame| &frame.kind) {
            Some(Kind::Quote) => scan.quoted()?,
            Some(Kind::Heredoc(_)) => scan.heredoc()?,
            _ => scan.code()?,
        }
    }
    scan.extent.next = scan.at;
    Ok(scan.extent)
}

struct Frame<'t> {
    kind: Kind<'t>,
    /// Where its opening stands.
    open: usize,
}

enum Kind<'t> {
    List,
    Parenthesis,
    Object(Keys<'t>),
    Interpolation,
    Quote,
    /// With its end marker.
    Heredoc(&'t str),
}

#[derive(Default)]
struct Keys<'t> {
    seen: IndexMap<&'t str, Range<usize>>,
    count: usize,
    /// The start of the entry being read.
    entry: Option<usize>,
    /// Whether the entry's `=` was read.
    keyed: bool,
    /// Whether the entry's key was seen before.
    again: bool,
}

impl Kind<'_> {
    fn name(&self) -> &'static str {
        match self {
            Kind::List => "[",
            Kind::Parenthesis => "(",
            Kind::Object(_) => "{",
            Kind::Interpolation => "${",
            Kind::Quote => "\"",
            Kind::Heredoc(_) => "<<",
        }
    }
}

struct Scan<'r, 't> {
    reading: &'r mut Reading<'t>,
    text: &'t str,
    at: usize,
    depth: usize,
    open: Vec<Frame<'t>>,
    extent: Extent,
}

impl<'t> Scan<'_, 't> {
    /// Whether nothing is open and the value cannot go on.
    fn finished(&self) -> bool {
        self.open.is_empty()
            && (self.at >= self.text.len()
                || self.text[self.at..].starts_with('}')
                || words::line_break(self.text, self.at) > 0)
    }

    fn say(&mut self, range: Range<usize>, message: impl Into<String>, help: &str) -> Result<(), Stop> {
        self.extent.broken = true;
        let diagnostic = self.reading.at(&SYNTAX_ERROR, range, message);
        self.reading.say(if help.is_empty() { diagnostic } else { diagnostic.help(help) })
    }

    fn push(&mut self, kind: Kind<'t>, length: usize) -> Result<(), Stop> {
        let open = self.at;
        self.open.push(Frame { kind, open });
        self.at += length;
        let strings = |frame: &&Frame<'_>| !matches!(frame.kind, Kind::Quote | Kind::Heredoc(_));
        limits::check_depth(self.reading, self.depth + self.open.iter().filter(strings).count(), open)
    }

    /// One step outside strings.
    fn code(&mut self) -> Result<(), Stop> {
        let Some(&byte) = self.text.as_bytes().get(self.at) else { return self.unclosed() };
        if matches!(byte, b' ' | b'\t') {
            self.at += 1;
            return Ok(());
        }
        if let Some(comment) = words::comment_end(self.text, self.at) {
            let Ok(end) = comment else {
                let open = self.at..self.at + 2;
                (self.at, self.open) = (self.text.len(), Vec::new());
                return self.say(open, "this comment is not closed", "close it with `*/`");
            };
            self.at = end;
            return Ok(());
        }
        let line_break = words::line_break(self.text, self.at);
        if line_break > 0 {
            return self.newline(line_break);
        }
        if let Some(Frame { kind: Kind::Object(keys), .. }) = self.open.last_mut()
            && !matches!(byte, b',' | b'}')
        {
            keys.entry.get_or_insert(self.at);
        }
        match byte {
            b'"' => self.push(Kind::Quote, 1)?,
            b'[' => self.push(Kind::List, 1)?,
            b'(' => self.push(Kind::Parenthesis, 1)?,
            b'{' => self.push(Kind::Object(Keys::default()), 1)?,
            b']' | b')' | b'}' => self.close(byte)?,
            b'<' if self.text[self.at..].starts_with("<<") => self.heredoc_start()?,
            b'=' | b':' => self.key()?,
            b',' => {
                self.end_of_entry();
                self.at += 1;
            }
            b';' => {
                self.say(self.at..self.at + 1, "unexpected `;`", "end the line instead: HCL has no `;`")?;
                self.at += 1;
            }
            _ => self.character()?,
        }
        self.extent.end = self.at;
        Ok(())
    }

    fn character(&mut self) -> Result<(), Stop> {
        let Some(c) = self.text[self.at..].chars().next() else { return Ok(()) };
        let start = self.at;
        self.at += c.len_utf8();
        let partner = match c {
            '\'' => '\'',
            '“' | '”' | '„' => '”',
            '‘' | '’' => '’',
            _ => return Ok(()),
        };
        let line = &self.text[self.at..words::line_end(self.text, self.at)];
        if let Some(length) = line.find(partner) {
            self.at += length + partner.len_utf8();
        }
        self.say(start..self.at, format!("`{c}` does not quote a string"), "write `\"` on both sides")
    }

    fn newline(&mut self, length: usize) -> Result<(), Stop> {
        let next = self.at + length;
        let Some(frame) = self.open.last() else { return Ok(()) };
        let ends_value = match frame.kind {
            Kind::Interpolation => return self.unclosed_interpolation(),
            Kind::Object(_) => words::looks_like_block(self.text, next),
            _ => words::looks_like_attribute(self.text, next) || words::looks_like_block(self.text, next),
        };
        if ends_value {
            self.unclosed()?;
        } else {
            self.end_of_entry();
            self.at = next;
        }
        Ok(())
    }

    fn close(&mut self, byte: u8) -> Result<(), Stop> {
        let here = self.at..self.at + 1;
        match (self.open.pop(), byte) {
            (Some(Frame { kind: Kind::Object(keys), open }), b'}') => {
                self.open.push(Frame { kind: Kind::Object(keys), open });
                self.end_of_entry();
                if let Some(Frame { kind: Kind::Object(keys), open }) = self.open.pop() {
                    self.reading.spend(keys.count, open)?;
                    self.reading.compare_indents(open, self.at, open..open + 1, "this `{`");
                }
                self.at += 1;
            }
            (Some(Frame { kind: Kind::List, .. }), b']')
            | (Some(Frame { kind: Kind::Parenthesis, .. }), b')')
            | (Some(Frame { kind: Kind::Interpolation, .. }), b'}') => self.at += 1,
            (Some(frame), _) => {
                let message = format!("this `{}` is not closed", frame.kind.name());
                let length = frame.kind.name().len();
                let diagnostic = self
                    .reading
                    .at(&SYNTAX_ERROR, frame.open..frame.open + length, message)
                    .related(self.reading.span(here), "this closes something else");
                // An unclosed string in it has swallowed the partner, and was reported.
                if !self.extent.broken {
                    self.reading.say(diagnostic)?;
                }
                self.extent.broken = true;
                // The bracket may close what is open around the unclosed one: it is looked at again.
            }
            (None, _) => {
                self.at += 1;
                if !self.extent.broken {
                    let message = format!("unexpected `{}`: nothing is open here", char::from(byte));
                    self.say(here, message, "remove it, or open it before")?;
                }
            }
        }
        Ok(())
    }

    /// The end of the text, or of the lines that can belong to the value.
    fn unclosed(&mut self) -> Result<(), Stop> {
        let innermost = self.open.pop();
        self.open.clear();
        let Some(frame) = innermost else { return Ok(()) };
        self.reading.forget_duplicates_after(frame.open);
        if self.extent.broken {
            return Ok(());
        }
        let help = "add the bracket that closes it";
        match self.reading.suspect_after(frame.open) {
            Some(suspect) => self.say(suspect.place, format!("{} is not closed", suspect.name), help),
            None => {
                let name = frame.kind.name();
                self.say(frame.open..frame.open + name.len(), format!("this `{name}` is not closed"), help)
            }
        }
    }

    fn unclosed_interpolation(&mut self) -> Result<(), Stop> {
        let Some(frame) = self.open.pop() else { return Ok(()) };
        if matches!(self.open.last(), Some(Frame { kind: Kind::Quote, .. })) {
            self.open.pop();
        }
        self.say(frame.open..frame.open + 2, "this `${` is not closed on its line", "close it with `}`")
    }

    fn unclosed_quote(&mut self) -> Result<(), Stop> {
        let Some(frame) = self.open.pop() else { return Ok(()) };
        if matches!(self.open.last(), Some(Frame { kind: Kind::Interpolation, .. })) {
            return self.unclosed_interpolation();
        }
        self.extent.end = self.at;
        let help = "strings end on the line they start on: close it with `\"`, or write a heredoc (`<<-EOT`)";
        self.say(frame.open..frame.open + 1, "this string is not closed", help)
    }

    /// Inside a quoted string: up to its end or the next interpolation.
    fn quoted(&mut self) -> Result<(), Stop> {
        let bytes = self.text.as_bytes();
        while let Some(&byte) = bytes.get(self.at) {
            match byte {
                b'"' => {
                    self.open.pop();
                    self.at += 1;
                    self.extent.end = self.at;
                    return Ok(());
                }
                b'\n' => break,
                b'\r' if bytes.get(self.at + 1) == Some(&b'\n') => break,
                b'\\' if bytes.get(self.at + 1).is_some_and(|next| !matches!(next, b'\n' | b'\r')) => {
                    self.at += 2;
                }
                b'$' | b'%' if self.marker()? => return Ok(()),
                b'$' | b'%' => {}
                _ => self.at += 1,
            }
        }
        self.unclosed_quote()
    }

    /// Inside a heredoc: up to its end or the next interpolation.
    fn heredoc(&mut self) -> Result<(), Stop> {
        let Some(Frame { kind: Kind::Heredoc(marker), open }) = self.open.last() else { return Ok(()) };
        let (marker, open, bytes) = (*marker, *open, self.text.as_bytes());
        while let Some(&byte) = bytes.get(self.at) {
            if self.at == 0 || bytes[self.at - 1] == b'\n' {
                let start = words::skip_spaces(self.text, self.at);
                if words::word_end(self.text, start) == start + marker.len()
                    && self.text[start..].starts_with(marker)
                {
                    self.open.pop();
                    self.at = start + marker.len();
                    self.extent.end = self.at;
                    return Ok(());
                }
            }
            match byte {
                b'$' | b'%' if self.marker()? => return Ok(()),
                b'$' | b'%' => {}
                _ => self.at += 1,
            }
        }
        self.open.clear();
        let message = format!("this heredoc is not closed: no line holds only `{marker}`");
        let help = format!("write `{marker}` alone on a line, where the text ends");
        self.say(open..words::line_end(self.text, open), message, &help)
    }

    /// At a `$` or `%`: steps over it, and into the interpolation or directive if one starts here.
    fn marker(&mut self) -> Result<bool, Stop> {
        let rest = &self.text[self.at..];
        if rest.starts_with("$${") || rest.starts_with("%%{") {
            self.at += 3;
        } else if rest[1..].starts_with('{') {
            self.push(Kind::Interpolation, 2)?;
            return Ok(true);
        } else {
            self.at += 1;
        }
        Ok(false)
    }

    fn heredoc_start(&mut self) -> Result<(), Stop> {
        let open = self.at;
        let start = open + if self.text[open..].starts_with("<<-") { 3 } else { 2 };
        let end = words::word_end(self.text, start);
        let line_break = words::line_break(self.text, end);
        if end > start && line_break > 0 {
            return self.push(Kind::Heredoc(&self.text[start..end]), end + line_break - open);
        }
        self.at = words::line_end(self.text, start);
        let message = "a heredoc starts with `<<` or `<<-` and a bare word at the end of the line";
        self.say(open..self.at, message, "write `<<-EOT`, the text below it, and `EOT` on a line of its own")
    }

    /// At a `=` or `:`, which ends the key of an object's entry.
    fn key(&mut self) -> Result<(), Stop> {
        let here = self.at;
        self.at += 1;
        if self.text[self.at..].starts_with(['=', '>']) {
            self.at += 1;
            return Ok(());
        }
        let Some(Frame { kind: Kind::Object(keys), open }) = self.open.last_mut() else { return Ok(()) };
        let Some(start) = keys.entry.filter(|_| !keys.keyed) else { return Ok(()) };
        keys.keyed = true;
        keys.count += 1;
        if keys.count > limits::OBJECT_KEYS {
            let message = format!("more than {} keys in one object expression", limits::OBJECT_KEYS);
            let diagnostic = self.reading.at(&FILE_LIMIT, *open..*open + 1, message);
            return Err(self.reading.refuse(diagnostic.help("write blocks in place of one large object")));
        }
        let key = self.text[start..here].trim_end();
        let place = start..start + key.len();
        let name = key.strip_prefix('"').and_then(|key| key.strip_suffix('"')).unwrap_or(key);
        if let Some(first) = keys.seen.get(name) {
            keys.again = true;
            let first = self.reading.span(first.clone());
            let diagnostic = self.reading.at(&DUPLICATE_KEY, place, format!("`{name}` is set twice"));
            let diagnostic = diagnostic.label("again here").related(first, "first here");
            return self.reading.say(diagnostic.help("keep one of the two"));
        }
        keys.seen.insert(name, place);
        Ok(())
    }

    /// At a `,`, a line break or the end of an object.
    fn end_of_entry(&mut self) {
        let Some(Frame { kind: Kind::Object(keys), .. }) = self.open.last_mut() else { return };
        if let Some(start) = keys.entry.filter(|_| keys.again) {
            let comma = usize::from(self.text[self.at..].starts_with(','));
            self.extent.duplicates.push(start..if comma == 1 { self.at + 1 } else { self.extent.end });
        }
        (keys.entry, keys.keyed, keys.again) = (None, false, false);
    }
}
