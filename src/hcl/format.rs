//! The canonical layout: what `terraform fmt` makes of a text, plus fixed blank lines.
//!
//! Works on tokens, line by line: indentation from the brackets, spaces from neighbouring tokens, then `align`.
//! Never adds, drops or changes a token, so it cannot change a meaning. The rules were found by black-box tests
//! against Terraform 1.11.4 and are tested against it.

use std::borrow::Cow;

use unicode_segmentation::UnicodeSegmentation;

use super::align::{Cell, Line, aligned};
use super::lexer::lex;
use super::token::{Kind, SyntaxError, Token};

/// Lays a text out: two blanks per level, aligned `=` and comments, no two blank lines in a row, none next to a
/// bracket that encloses them or at either end; LF only. Applying it twice changes nothing more.
///
/// Differs from `terraform fmt` beyond blank lines only where that rewrites tokens (`"${x}"`, bare labels) and
/// inside heredocs, where code that spans lines is left as it is.
///
/// # Errors
/// Those of [`lex`]; a text that lexes but does not parse is laid out all the same.
pub fn format(text: &str) -> Result<String, SyntaxError> {
    let unix = unix_lines(text);
    let text = match &unix {
        Cow::Borrowed(text) => text,
        // Errors must point into the text as it was given.
        Cow::Owned(unix) => {
            lex(text)?;
            unix.as_str()
        }
    };
    let tokens = lex(text)?;
    let mut layout = Layout {
        text,
        out: String::with_capacity(text.len() + text.len() / 8),
        lines: Vec::with_capacity(tokens.len() / 4),
        levels: Vec::new(),
    };
    let mut rest = tokens.as_slice();
    let mut blank_lines = 0;
    let mut after_opener = true;
    while let [first, ..] = rest {
        if first.kind == Kind::Newline {
            blank_lines += 1;
            rest = &rest[1..];
            continue;
        }
        let (line, tail) = rest.split_at(line_len(rest));
        if blank_lines > 0 && !after_opener && !first.kind.closes() {
            layout.blank_line();
        }
        layout.line(line);
        let last = line.iter().rev().find(|t| !matches!(t.kind, Kind::LineComment | Kind::BlockComment));
        after_opener = last.is_some_and(|t| t.kind.opens());
        blank_lines = 0;
        // The line feed that ends this line is not a blank line.
        rest = tail.get(1..).unwrap_or_default();
    }
    Ok(aligned(&layout.out, &mut layout.lines))
}

/// The text without carriage returns at the ends of lines.
fn unix_lines(text: &str) -> Cow<'_, str> {
    if !text.contains('\r') {
        return Cow::Borrowed(text);
    }
    let ends_line = text.ends_with('\n');
    let mut unix = String::with_capacity(text.len());
    for line in text.lines() {
        unix.push_str(line.trim_end_matches('\r'));
        unix.push('\n');
    }
    if !ends_line {
        unix.pop();
    }
    Cow::Owned(unix)
}

/// The number of tokens up to the line feed that ends the line; a heredoc is part of the line it starts on.
fn line_len(tokens: &[Token]) -> usize {
    let mut heredocs = 0;
    for (index, token) in tokens.iter().enumerate() {
        match token.kind {
            Kind::OpenHeredoc => heredocs += 1,
            Kind::CloseHeredoc => heredocs -= 1,
            Kind::Newline if heredocs == 0 => return index,
            _ => {}
        }
    }
    tokens.len()
}

/// Brackets opened minus brackets closed.
fn net(tokens: &[Token]) -> i32 {
    tokens.iter().map(|t| i32::from(t.kind.opens()) - i32::from(t.kind.closes())).sum()
}

/// The text laid out so far, with single blanks where alignment will go.
struct Layout<'a> {
    text: &'a str,
    out: String,
    lines: Vec<Line>,
    /// How many brackets each level of indentation stands for.
    levels: Vec<u32>,
}

impl Layout<'_> {
    fn blank_line(&mut self) {
        self.out.push('\n');
        self.lines.push(Line::default());
    }

    /// Writes one line, which is not empty.
    fn line(&mut self, tokens: &[Token]) {
        let net = net(tokens);
        self.close(net.min(0).unsigned_abs());
        let mut column = 2 * self.levels.len() as u32;
        self.out.extend(std::iter::repeat_n(' ', column as usize));
        if net > 0 {
            self.levels.push(net.unsigned_abs());
        }

        let mut line = Line::default();
        let assign = assign(tokens);
        let mut spacing = Spacing::default();
        let mut heredocs = 0;
        for (index, &token) in tokens.iter().enumerate() {
            let text = token.text(self.text);
            if heredocs > 0 && tokens[index - 1].kind == Kind::Newline {
                let between = tokens[index - 1].end as usize..token.start as usize;
                self.out.push_str(&self.text[between]);
            } else if index > 0 && spacing.blank_before(token) {
                self.out.push(' ');
                column += 1;
            }
            if Some(index) == assign {
                line.assign = Some(Cell { at: self.out.len(), column, pad: 0 });
            } else if index > 0 && index + 1 == tokens.len() && token.kind == Kind::LineComment {
                line.comment = Some(Cell { at: self.out.len(), column, pad: 0 });
            }
            spacing.step(token, text);
            self.out.push_str(text);
            column += width(text);
            match token.kind {
                Kind::OpenHeredoc => heredocs += 1,
                Kind::CloseHeredoc => heredocs -= 1,
                _ => {}
            }
        }
        self.out.push('\n');
        self.lines.push(line);
    }

    /// Takes closed brackets off the levels; a level ends when all it stands for is closed.
    fn close(&mut self, mut brackets: u32) {
        while brackets > 0
            && let Some(level) = self.levels.last_mut()
        {
            let closed = brackets.min(*level);
            *level -= closed;
            brackets -= closed;
            if *level == 0 {
                self.levels.pop();
            }
        }
    }
}

/// The `=` of a line that takes part in alignment: the first one, if what follows it closes all it opens.
fn assign(tokens: &[Token]) -> Option<usize> {
    let index = tokens.iter().position(|t| t.kind == Kind::Assign)?;
    (index > 0 && net(&tokens[index..]) == 0).then_some(index)
}

/// Columns a token takes: grapheme clusters, counted token by token as Terraform does.
fn width(text: &str) -> u32 {
    if text.is_ascii() { text.len() as u32 } else { text.graphemes(true).count() as u32 }
}

/// Decides on the blank between two tokens of a line.
#[derive(Default)]
struct Spacing {
    before: Option<Kind>,
    /// The token before is a `-` that negates.
    unary: bool,
    /// The token before is the word `in`.
    after_in: bool,
    /// The tokens before are a number and a `.`.
    after_number_dot: bool,
}

impl Spacing {
    fn step(&mut self, token: Token, text: &str) {
        self.unary = token.kind == Kind::Minus && self.negates();
        self.after_in = token.kind == Kind::Ident && text == "in" && self.before != Some(Kind::Dot);
        self.after_number_dot = token.kind == Kind::Dot && self.before == Some(Kind::Number);
        self.before = Some(token.kind);
    }

    /// Whether a `-` here negates. Terraform knows it by what stands before, and takes the `-` of `${-1}`, `=> -1`
    /// and `in -x` to subtract.
    fn negates(&self) -> bool {
        use Kind::*;
        match self.before {
            None => true,
            Some(before) => matches!(
                before,
                OpenParen
                    | OpenBracket
                    | OpenBrace
                    | Comma
                    | Assign
                    | Colon
                    | Question
                    | Operator
                    | Star
                    | Minus
                    | Not
            ),
        }
    }

    fn blank_before(&self, token: Token) -> bool {
        use Kind::*;
        let Some(before) = self.before else { return false };
        match (before, token.kind) {
            (_, LineComment) => true,
            (_, Newline) => false,
            // Literal text has no blanks of ours around it.
            (OpenQuote | OpenHeredoc | Text | CloseTemplate, _) => false,
            (_, Text | CloseQuote | CloseHeredoc) => false,
            (OpenBrace, CloseBrace) => false,
            (OpenInterpolation | OpenDirective, OpenBrace) | (CloseBrace, CloseTemplate) => true,
            // Glued, these would read as other tokens.
            (OpenInterpolation | OpenDirective, CloseTemplate) => true,
            (Dot, Number) => self.after_number_dot,
            (Dot | Ellipsis, Dot | Ellipsis) | (Colon | DoubleColon, Colon | DoubleColon) => true,
            (Not, Assign | Operator | Arrow) => true,
            (OpenParen | OpenBracket | OpenInterpolation | OpenDirective, _) => false,
            (_, CloseParen | CloseBracket | CloseTemplate | Comma | Ellipsis) => false,
            (Dot | DoubleColon | Not, _) | (_, Dot | DoubleColon) => false,
            (Minus, _) if self.unary => false,
            (Ident, OpenParen) => false,
            (Ident, OpenBracket) => self.after_in,
            (Number | CloseParen | CloseBracket | CloseBrace, OpenBracket) => false,
            _ => true,
        }
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn check(text: &str, expected: &str) {
        assert_eq!(format(text).unwrap(), expected);
        assert_eq!(format(expected).unwrap(), expected);
    }

    #[test]
    fn settles_blank_lines() {
        check("\n\na = {\n\n\nb = 1\n\n\n\nc = 2\n\n}\n\n\n", "a = {\n  b = 1\n\n  c = 2\n}\n");
        check("a = [ # why\n\n1\n\n]", "a = [ # why\n  1\n]\n");
        check("\n \n", "");
    }

    #[test]
    fn writes_line_feeds_only() {
        check("a = 1\r\n# b\r\r\nc = <<A\r\nx\r\n\r\nA\r\n", "a = 1\n# b\nc = <<A\nx\n\nA\n");
        check("\u{feff}a = 1", "a = 1\n");
    }

    #[test]
    fn aligns_runs_of_assignments_and_comments() {
        check("a=1 # x\nbbb=2 # y\n\nc=3# z\n", "a   = 1 # x\nbbb = 2 # y\n\nc = 3 # z\n");
        check("a=[\n1]\nbbb=2\ncc=3", "a = [\n1]\nbbb = 2\ncc  = 3\n");
    }

    #[test]
    fn indents_by_what_a_line_opens_and_closes() {
        check(
            "a = f({\nb = [\n1] }, {\nc = ((\n2\n))\n})",
            "a = f({\n  b = [\n  1] }, {\n  c = ((\n    2\n  ))\n})\n",
        );
    }

    #[test]
    fn spaces_follow_from_the_neighbours() {
        check(
            "a=b [0].c (  d,e... )!=-1&&! f?{ }:{g=[ - 1 ]}",
            "a = b[0].c(d, e...) != -1 && !f ? {} : { g = [-1] }\n",
        );
        check("a = [for x in[1]: x if x.in [0]]", "a = [for x in [1] : x if x.in[0]]\n");
        check("a = \"${ { } }${ b }%{ if c }\"", "a = \"${ {} }${b}%{if c}\"\n");
    }

    #[test]
    fn leaves_heredocs_as_they_are() {
        check("  a = f(<<-A\n  x  \n\n\n ${ b }\n  A\n)", "a = f(<<-A\n  x  \n\n\n ${b}\n  A\n)\n");
        check("a = <<A\n${[\n   1,\n 2 ]}\nA\nb = 1", "a = <<A\n${[\n   1,\n 2]}\nA\nb = 1\n");
    }

    #[test]
    fn errors_point_into_the_text_as_given() {
        assert_eq!(format("a = 1\r\nb = ;\r\n").unwrap_err().range, 11..12);
    }

    proptest! {
        #[test]
        fn a_second_pass_changes_nothing(
            text in prop_oneof![any::<String>(), r#"[ab1 .,:="${}%~\n\r<A\[\]()/*#é!?&-]{0,30}"#, pieces()]
        ) {
            if let Ok(once) = format(&text) {
                prop_assert_eq!(format(&once), Ok(once));
            }
        }

        #[test]
        fn keeps_every_token(text in pieces()) {
            let words = |text: &str| -> Vec<String> {
                let tokens = lex(text).unwrap();
                let kept = tokens.iter().filter(|token| token.kind != Kind::Newline);
                kept.map(|token| token.text(text).to_owned()).collect()
            };
            if let Ok(once) = format(&text) {
                prop_assert_eq!(words(&once), words(&text));
            }
        }
    }

    /// Texts that mostly lex: balanced pieces with blanks and line feeds between them.
    fn pieces() -> impl Strategy<Value = String> {
        let piece = prop::sample::select(vec![
            "a",
            "in",
            "1",
            "-",
            "!",
            "=",
            "==",
            ".",
            "...",
            "::",
            ":",
            ",",
            "?",
            "=>",
            "*",
            "/",
            "+",
            "\n",
            "\n\n",
            " ",
            "{",
            "}",
            "[",
            "]",
            "(",
            ")",
            "{\n",
            "\n}",
            "\"x\"",
            "\"${",
            "}\"",
            "\"%{~",
            "~}\"",
            "# c\n",
            "/* c */",
            "/* c\n */",
            "<<A\nx\n  A\n",
            "<<A\n${",
            "}y\nA\n",
        ]);
        prop::collection::vec(piece, 0..24).prop_map(|pieces| pieces.concat())
    }
}
