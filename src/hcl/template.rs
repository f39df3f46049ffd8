//! The literal text of quoted strings and heredocs: where it ends, and where code starts inside it.

use std::ops::Range;

use super::lexer::{Lexer, Scope};
use super::token::{Kind, SyntaxError};

impl Lexer<'_> {
    /// Reads literal text up to a marker or the closing quote, and that token too. `open` is the opening quote.
    pub(super) fn quoted(&mut self, open: usize) -> Result<(), SyntaxError> {
        let start = self.at;
        while let Some(byte) = self.skip_to(|byte| matches!(byte, b'"' | b'\\' | b'\n' | b'$' | b'%')) {
            match byte {
                b'"' => {
                    self.literal(start);
                    return self.end(Kind::CloseQuote, Scope::Quote, 1);
                }
                b'\\' => self.escape()?,
                b'\n' => {
                    let message = "this string is not closed before the end of its line";
                    return Err(SyntaxError::new(open..open + 1, message));
                }
                _ => {
                    if self.marker(start)? {
                        return Ok(());
                    }
                }
            }
        }
        // The end of the text: the caller reports what is still open.
        Ok(())
    }

    /// Reads `<<EOT` or `<<-EOT` and its line feed.
    pub(super) fn open_heredoc(&mut self) -> Result<(), SyntaxError> {
        let name = self.at + 2 + usize::from(self.byte(2) == b'-');
        let name_end = name + self.ident_len(name);
        let line_end = match &self.bytes[name_end..] {
            [b'\n', ..] => name_end + 1,
            [b'\r', b'\n', ..] => name_end + 2,
            _ => {
                let message = "a heredoc starts with `<<` and a marker that is the last word of its line";
                return Err(SyntaxError::new(self.at..name_end, message));
            }
        };
        if name == name_end {
            return Err(SyntaxError::new(self.at..name, "this heredoc has no marker"));
        }
        self.begin(Kind::OpenHeredoc, Scope::Heredoc(name, name_end), line_end - self.at)
    }

    /// Reads heredoc text up to a marker or the line that closes it, and that token too.
    pub(super) fn heredoc(&mut self, marker: Range<usize>) -> Result<(), SyntaxError> {
        let start = self.at;
        if self.bytes[start - 1] == b'\n' && self.close_heredoc(start, &marker) {
            return Ok(());
        }
        while let Some(byte) = self.skip_to(|byte| matches!(byte, b'\n' | b'$' | b'%')) {
            if byte == b'\n' {
                self.at += 1;
                if self.close_heredoc(start, &marker) {
                    return Ok(());
                }
            } else if self.marker(start)? {
                return Ok(());
            }
        }
        Ok(())
    }

    /// Steps to the next byte that matters and returns it; to the end of the text if there is none.
    fn skip_to(&mut self, matters: impl Fn(u8) -> bool) -> Option<u8> {
        let rest = &self.bytes[self.at..];
        let plain = rest.iter().position(|&byte| matters(byte));
        self.at += plain.unwrap_or(rest.len());
        plain.map(|at| rest[at])
    }

    fn literal(&mut self, start: usize) {
        if start < self.at {
            self.push(Kind::Text, start, self.at);
        }
    }

    /// At a `$` or `%`: begins the interpolation or directive it opens, or steps over the literal characters.
    fn marker(&mut self, start: usize) -> Result<bool, SyntaxError> {
        let sign = self.bytes[self.at];
        let run = self.bytes[self.at..].iter().take_while(|&&b| b == sign).count();
        if self.byte(run) != b'{' {
            self.at += run;
            return Ok(false);
        }
        // Only a single sign opens code: two or more stand for the literal text with one less.
        if run > 1 {
            self.at += run + 1;
            return Ok(false);
        }
        self.literal(start);
        let kind = if sign == b'$' { Kind::OpenInterpolation } else { Kind::OpenDirective };
        let len = if self.byte(2) == b'~' { 3 } else { 2 };
        self.begin(kind, Scope::Template, len)?;
        Ok(true)
    }

    fn escape(&mut self) -> Result<(), SyntaxError> {
        let digits = match self.byte(1) {
            b'n' | b'r' | b't' | b'"' | b'\\' => 0,
            b'u' => 4,
            b'U' => 8,
            _ => {
                let len = self.text[self.at + 1..].chars().next().map_or(0, char::len_utf8);
                let message = r#"unknown escape: use one of \n \r \t \" \\ \uNNNN \UNNNNNNNN"#;
                return Err(SyntaxError::new(self.at..self.at + 1 + len, message));
            }
        };
        let end = self.at + 2 + digits;
        let code = self.text.get(self.at + 2..end).filter(|hex| hex.bytes().all(|b| b.is_ascii_hexdigit()));
        let scalar = code.and_then(|hex| u32::from_str_radix(hex, 16).ok()).and_then(char::from_u32);
        if digits > 0 && scalar.is_none() {
            let message = format!("this escape needs {digits} hexadecimal digits that are a character");
            return Err(SyntaxError::new(self.at..self.at + 2, message));
        }
        self.at = end;
        Ok(())
    }

    /// At the start of a heredoc line: ends the heredoc if the line is its marker and a line feed follows.
    fn close_heredoc(&mut self, start: usize, marker: &Range<usize>) -> bool {
        let rest = &self.bytes[self.at..];
        let blanks = |bytes: &[u8]| bytes.iter().take_while(|b| matches!(b, b' ' | b'\t')).count();
        let indent = blanks(rest);
        let Some(tail) = rest[indent..].strip_prefix(&self.bytes[marker.clone()]) else { return false };
        if !matches!(&tail[blanks(tail)..], [b'\n', ..] | [b'\r', b'\n', ..]) {
            return false;
        }
        self.literal(start);
        let end = self.at + indent + marker.len();
        self.push(Kind::CloseHeredoc, self.at, end);
        self.open.pop();
        self.at = end;
        true
    }
}
