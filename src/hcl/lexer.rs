//! Text to tokens, in one pass and without recursion.
//!
//! Balances brackets, quotes and heredocs on the way, so whatever reads the tokens can rely on every opening token
//! having its closing one. Knows no grammar: any balanced sequence of tokens passes.

use super::token::{Kind, SyntaxError, Token};

/// How deep brackets, strings and heredocs may nest: what `hcl::edit` allows, too.
pub(super) const MAX_DEPTH: usize = 64;

/// Reads the tokens of a text. A leading byte order mark is skipped; blanks are not tokens.
///
/// # Errors
/// The first character or bracket that cannot be part of any HCL file, or nesting deeper than 64 levels. Unclosed
/// strings, heredocs, comments and brackets are reported where they open.
pub fn lex(text: &str) -> Result<Vec<Token>, SyntaxError> {
    if u32::try_from(text.len()).is_err() {
        return Err(SyntaxError::new(0..0, "the text is larger than 4 GiB"));
    }
    let start = if text.starts_with('\u{feff}') { '\u{feff}'.len_utf8() } else { 0 };
    let mut lexer = Lexer {
        text,
        bytes: text.as_bytes(),
        at: start,
        tokens: Vec::with_capacity(text.len() / 4),
        open: Vec::new(),
    };
    lexer.run()?;
    Ok(lexer.tokens)
}

/// Something opened and not yet closed.
#[derive(Clone, Copy)]
pub(super) struct Open {
    pub(super) scope: Scope,
    /// Where it opened.
    pub(super) at: usize,
}

#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Scope {
    Brace,
    Bracket,
    Paren,
    /// `${` or `%{`
    Template,
    Quote,
    /// The byte range of the marker's name.
    Heredoc(usize, usize),
}

pub(super) struct Lexer<'a> {
    pub(super) text: &'a str,
    pub(super) bytes: &'a [u8],
    pub(super) at: usize,
    tokens: Vec<Token>,
    pub(super) open: Vec<Open>,
}

impl Lexer<'_> {
    fn run(&mut self) -> Result<(), SyntaxError> {
        while self.at < self.bytes.len() {
            match self.open.last() {
                Some(&Open { scope: Scope::Quote, at }) => self.quoted(at)?,
                Some(&Open { scope: Scope::Heredoc(start, end), .. }) => self.heredoc(start..end)?,
                _ => self.code()?,
            }
        }
        match self.open.last() {
            None => Ok(()),
            Some(&open) => Err(self.unclosed(open)),
        }
    }

    /// Reads blanks and one token outside of literal text.
    fn code(&mut self) -> Result<(), SyntaxError> {
        use Kind::*;
        let next = self.byte(1);
        match self.bytes[self.at] {
            b' ' | b'\t' => {
                self.at += 1;
                while matches!(self.byte(0), b' ' | b'\t') {
                    self.at += 1;
                }
            }
            b'\n' => self.take(Newline, 1),
            b'\r' if next == b'\n' => self.take(Newline, 2),
            b'a'..=b'z' | b'A'..=b'Z' | b'_' => self.take(Ident, self.ident_len(self.at)),
            b'0'..=b'9' => self.take(Number, self.number_len()),
            b'"' => self.begin(OpenQuote, Scope::Quote, 1)?,
            b'{' => self.begin(OpenBrace, Scope::Brace, 1)?,
            b'[' => self.begin(OpenBracket, Scope::Bracket, 1)?,
            b'(' => self.begin(OpenParen, Scope::Paren, 1)?,
            b'}' if self.in_scope(Scope::Template) => self.end(CloseTemplate, Scope::Template, 1)?,
            b'~' if next == b'}' && self.in_scope(Scope::Template) => {
                self.end(CloseTemplate, Scope::Template, 2)?;
            }
            b'}' => self.end(CloseBrace, Scope::Brace, 1)?,
            b']' => self.end(CloseBracket, Scope::Bracket, 1)?,
            b')' => self.end(CloseParen, Scope::Paren, 1)?,
            b'.' if next == b'.' && self.byte(2) == b'.' => self.take(Ellipsis, 3),
            b'.' => self.take(Dot, 1),
            b',' => self.take(Comma, 1),
            b':' if next == b':' => self.take(DoubleColon, 2),
            b':' => self.take(Colon, 1),
            b'?' => self.take(Question, 1),
            b'=' if next == b'=' => self.take(Operator, 2),
            b'=' if next == b'>' => self.take(Arrow, 2),
            b'=' => self.take(Assign, 1),
            b'!' if next == b'=' => self.take(Operator, 2),
            b'!' => self.take(Not, 1),
            b'-' => self.take(Minus, 1),
            b'*' => self.take(Star, 1),
            b'#' => self.line_comment(),
            b'/' if next == b'/' => self.line_comment(),
            b'/' if next == b'*' => self.block_comment()?,
            b'<' if next == b'<' => self.open_heredoc()?,
            b'<' | b'>' if next == b'=' => self.take(Operator, 2),
            b'&' if next == b'&' => self.take(Operator, 2),
            b'|' if next == b'|' => self.take(Operator, 2),
            b'<' | b'>' | b'+' | b'/' | b'%' => self.take(Operator, 1),
            _ => self.other()?,
        }
        Ok(())
    }

    /// A byte relative to the position; 0 past the end.
    pub(super) fn byte(&self, ahead: usize) -> u8 {
        self.bytes.get(self.at + ahead).copied().unwrap_or(0)
    }

    pub(super) fn push(&mut self, kind: Kind, start: usize, end: usize) {
        self.tokens.push(Token { start: start as u32, end: end as u32, kind });
    }

    fn take(&mut self, kind: Kind, len: usize) {
        self.push(kind, self.at, self.at + len);
        self.at += len;
    }

    pub(super) fn begin(&mut self, kind: Kind, scope: Scope, len: usize) -> Result<(), SyntaxError> {
        if self.open.len() == MAX_DEPTH {
            let message = format!("nested deeper than {MAX_DEPTH} levels");
            return Err(SyntaxError::new(self.at..self.at + len, message));
        }
        self.open.push(Open { scope, at: self.at });
        self.take(kind, len);
        Ok(())
    }

    fn in_scope(&self, scope: Scope) -> bool {
        self.open.last().is_some_and(|open| open.scope == scope)
    }

    pub(super) fn end(&mut self, kind: Kind, scope: Scope, len: usize) -> Result<(), SyntaxError> {
        if !self.in_scope(scope) {
            let message = match self.open.last() {
                Some(open) => format!("this does not close the `{}` before it", self.opener(*open)),
                None => "this closes nothing".into(),
            };
            return Err(SyntaxError::new(self.at..self.at + len, message));
        }
        self.open.pop();
        self.take(kind, len);
        Ok(())
    }

    fn opener(&self, open: Open) -> &str {
        let len = if open.scope == Scope::Template { 2 } else { 1 };
        &self.text[open.at..open.at + len]
    }

    fn unclosed(&self, open: Open) -> SyntaxError {
        match open.scope {
            Scope::Quote => SyntaxError::new(open.at..open.at + 1, "this string is never closed"),
            Scope::Heredoc(start, end) => {
                let marker = &self.text[start..end];
                SyntaxError::new(open.at..end, format!("this heredoc is never closed by a line `{marker}`"))
            }
            _ => {
                let opener = self.opener(open);
                SyntaxError::new(open.at..open.at + opener.len(), format!("this `{opener}` is never closed"))
            }
        }
    }

    /// The length of the identifier at a position; 0 when there is none.
    pub(super) fn ident_len(&self, at: usize) -> usize {
        let is_part = |b: &u8| b.is_ascii_alphanumeric() || matches!(b, b'_' | b'-');
        let ascii = |from: usize| self.bytes[from..].iter().take_while(|b| is_part(b)).count();
        match self.text[at..].chars().next() {
            Some(c) if c.is_ascii_alphabetic() || c == '_' || unicode_ident::is_xid_start(c) => {}
            _ => return 0,
        }
        let mut end = at + ascii(at);
        while self.bytes.get(end).is_some_and(|b| !b.is_ascii()) {
            match self.text[end..].chars().next() {
                Some(c) if unicode_ident::is_xid_continue(c) => end += c.len_utf8(),
                _ => break,
            }
            end += ascii(end);
        }
        end - at
    }

    fn number_len(&self) -> usize {
        let digits = |from: usize| self.bytes[from..].iter().take_while(|b| b.is_ascii_digit()).count();
        let mut len = digits(self.at);
        if self.byte(len) == b'.' && self.byte(len + 1).is_ascii_digit() {
            len += 1 + digits(self.at + len + 1);
        }
        if matches!(self.byte(len), b'e' | b'E') {
            let sign = usize::from(matches!(self.byte(len + 1), b'+' | b'-'));
            if self.byte(len + 1 + sign).is_ascii_digit() {
                len += 1 + sign + digits(self.at + len + 1 + sign);
            }
        }
        len
    }

    fn line_comment(&mut self) {
        let rest = &self.bytes[self.at..];
        let mut len = rest.iter().position(|&b| b == b'\n').unwrap_or(rest.len());
        if len < rest.len() && rest[len - 1] == b'\r' {
            len -= 1;
        }
        self.take(Kind::LineComment, len);
    }

    fn block_comment(&mut self) -> Result<(), SyntaxError> {
        let Some(len) = self.text[self.at + 2..].find("*/") else {
            return Err(SyntaxError::new(self.at..self.at + 2, "this comment is never closed"));
        };
        self.take(Kind::BlockComment, len + 4);
        Ok(())
    }

    /// A name that starts outside of ASCII, or a character that HCL does not have.
    fn other(&mut self) -> Result<(), SyntaxError> {
        let len = self.ident_len(self.at);
        if len > 0 {
            self.take(Kind::Ident, len);
            return Ok(());
        }
        let found = self.text[self.at..].chars().next().unwrap_or_default();
        let message = match found {
            ';' => "`;` is not used: write each attribute on its own line".into(),
            '\'' | '`' | '\u{2018}'..='\u{201f}' | '«' | '»' => {
                format!("strings are written in straight double quotes, not `{found}`")
            }
            '&' | '|' => format!("`{found}` is no operator: write `{found}{found}`"),
            _ => format!("unexpected character {found:?}"),
        };
        Err(SyntaxError::new(self.at..self.at + found.len_utf8(), message))
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn kinds(text: &str) -> Vec<Kind> {
        lex(text).unwrap().into_iter().map(|token| token.kind).collect()
    }

    fn error(text: &str) -> (&str, String) {
        let error = lex(text).unwrap_err();
        (&text[error.range], error.message)
    }

    #[test]
    fn takes_the_longest_punctuation() {
        let text = "a-b.c,1.5e-3...::=>==!=<= >=<>&&||+-*/%!?:=1.a2e";
        let texts: Vec<&str> = lex(text).unwrap().into_iter().map(|token| token.text(text)).collect();
        let expected = [
            "a-b", ".", "c", ",", "1.5e-3", "...", "::", "=>", "==", "!=", "<=", ">=", "<", ">", "&&", "||",
            "+", "-", "*", "/", "%", "!", "?", ":", "=", "1", ".", "a2e",
        ];
        assert_eq!(texts, expected);
    }

    #[test]
    fn names_may_use_any_letters() {
        assert_eq!(kinds("日本_1-a é"), [Kind::Ident, Kind::Ident]);
    }

    #[test]
    fn code_nests_in_strings_and_strings_in_code() {
        use Kind::*;
        assert_eq!(
            kinds(r#""a${"b${~c~}"}%{if d}""#),
            [
                OpenQuote,
                Text,
                OpenInterpolation,
                OpenQuote,
                Text,
                OpenInterpolation,
                Ident,
                CloseTemplate,
                CloseQuote,
                CloseTemplate,
                OpenDirective,
                Ident,
                Ident,
                CloseTemplate,
                CloseQuote,
            ]
        );
    }

    #[test]
    fn two_signs_before_a_brace_are_text() {
        for text in [r#""$${a}""#, r#""$$${a}""#, r#""%%{a}""#, r#""$%%{a}""#] {
            assert_eq!(kinds(text), [Kind::OpenQuote, Kind::Text, Kind::CloseQuote], "{text}");
        }
        assert!(kinds(r#""%${a}""#).contains(&Kind::OpenInterpolation));
    }

    #[test]
    fn a_heredoc_ends_at_a_line_that_is_its_marker() {
        use Kind::*;
        assert_eq!(kinds("<<A\nx A\nAB\n  A  \n"), [OpenHeredoc, Text, CloseHeredoc, Newline]);
        assert_eq!(kinds("<<-A\nA\n"), [OpenHeredoc, CloseHeredoc, Newline]);
        // The rest of a line that code began does not count.
        let code = [OpenHeredoc, OpenInterpolation, Ident, CloseTemplate, Text, CloseHeredoc, Newline];
        assert_eq!(kinds("<<A\n${b}A\nA\n"), code);
    }

    #[test]
    fn comments_end_before_the_line_feed() {
        let tokens = lex("# a\r\n// b\n/* c\n */").unwrap();
        let text = "# a\r\n// b\n/* c\n */";
        let texts: Vec<&str> = tokens.iter().map(|token| token.text(text)).collect();
        assert_eq!(texts, ["# a", "\r\n", "// b", "\n", "/* c\n */"]);
    }

    #[test]
    fn errors_point_at_what_is_wrong() {
        for (text, at, message) in [
            ("a = \"b\nc", "\"", "this string is not closed before the end of its line"),
            ("a = \"b", "\"", "this string is never closed"),
            ("a = <<EOT\nb", "<<EOT", "this heredoc is never closed by a line `EOT`"),
            ("a = <<EOT\nEOT", "<<EOT", "this heredoc is never closed by a line `EOT`"),
            ("a = <<EOT\n${b", "${", "this `${` is never closed"),
            ("/* a", "/*", "this comment is never closed"),
            ("a = [(1)", "[", "this `[` is never closed"),
            ("a = [1)", ")", "this does not close the `[` before it"),
            ("}", "}", "this closes nothing"),
            (r#"a = "\x""#, "\\x", r#"unknown escape: use one of \n \r \t \" \\ \uNNNN \UNNNNNNNN"#),
            (r#"a = "\ud800""#, "\\u", "this escape needs 4 hexadecimal digits that are a character"),
            ("a = 'b'", "'", "strings are written in straight double quotes, not `'`"),
            ("a = “b”", "“", "strings are written in straight double quotes, not `“`"),
            ("a = 1; b = 2", ";", "`;` is not used: write each attribute on its own line"),
            ("a & b", "&", "`&` is no operator: write `&&`"),
            (
                "a = <<EOT x",
                "<<EOT",
                "a heredoc starts with `<<` and a marker that is the last word of its line",
            ),
            ("a = @", "@", "unexpected character '@'"),
        ] {
            assert_eq!(error(text), (at, message.into()), "{text}");
        }
    }

    #[test]
    fn a_byte_order_mark_is_skipped() {
        assert_eq!(kinds("\u{feff}a"), [Kind::Ident]);
    }

    proptest! {
        #[test]
        fn tokens_and_errors_lie_on_character_boundaries_in_order(
            text in prop_oneof![any::<String>(), r#"[a1 ."${}%~\\\n<A\[\]()/*#é“-]{0,40}"#]
        ) {
            match lex(&text) {
                Ok(tokens) => {
                    let mut end = 0;
                    for token in tokens {
                        prop_assert!(text.get(token.range()).is_some_and(|text| !text.is_empty()));
                        prop_assert!(token.start >= end);
                        end = token.end;
                    }
                }
                Err(error) => prop_assert!(text.get(error.range).is_some()),
            }
        }
    }
}
