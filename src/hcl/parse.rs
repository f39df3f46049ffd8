//! A recogniser for HCL native syntax that lists the top-level blocks.
//!
//! Accepts or refuses; it builds no tree, decodes nothing but labels, and evaluates nothing. `expression` holds the
//! grammar of values.

use super::lexer::{MAX_DEPTH, lex};
use super::token::{Kind, SyntaxError, Token};

/// A top-level block: `resource "aws_vpc" "main"` is the kind `resource` with two labels.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Block {
    /// The first word.
    pub kind: String,
    /// The labels, decoded.
    pub labels: Vec<String>,
}

/// Checks that a text is a valid HCL body and lists its top-level blocks in order.
///
/// # Errors
/// The first error: of the tokens (see [`lex`]), of the grammar, an attribute set twice in one body, or nesting
/// deeper than 64 levels.
pub fn index(text: &str) -> Result<Vec<Block>, SyntaxError> {
    let tokens = lex(text)?;
    let mut parser =
        Parser { text, tokens: &tokens, at: 0, skip_newlines: false, depth: 0, attributes: Vec::new() };
    let mut blocks = Vec::new();
    parser.body(Some(&mut blocks))?;
    match parser.peek() {
        None => Ok(blocks),
        Some(_) => Err(parser.unexpected("an attribute or a block")),
    }
}

pub(super) type Parsed = Result<(), SyntaxError>;

pub(super) struct Parser<'a> {
    pub(super) text: &'a str,
    tokens: &'a [Token],
    at: usize,
    /// Inside parentheses, brackets and template code a line feed means nothing.
    skip_newlines: bool,
    depth: usize,
    /// The attributes of all bodies being read, innermost last.
    attributes: Vec<(&'a str, Token)>,
}

impl<'a> Parser<'a> {
    /// The next token that means something here.
    pub(super) fn peek(&mut self) -> Option<Token> {
        loop {
            let token = *self.tokens.get(self.at)?;
            match token.kind {
                Kind::LineComment | Kind::BlockComment => self.at += 1,
                Kind::Newline if self.skip_newlines => self.at += 1,
                _ => return Some(token),
            }
        }
    }

    pub(super) fn peek_kind(&mut self) -> Option<Kind> {
        self.peek().map(|token| token.kind)
    }

    /// The next token if it is the given word.
    pub(super) fn peek_word(&mut self, word: &str) -> bool {
        self.peek().is_some_and(|token| token.kind == Kind::Ident && token.text(self.text) == word)
    }

    /// Whether the next token that is not a line feed is the given word.
    pub(super) fn word_after_newlines(&mut self, word: &str) -> bool {
        let start = self.at;
        while self.eat(Kind::Newline) {}
        let found = self.peek_word(word);
        self.at = start;
        found
    }

    pub(super) fn skips_newlines(&self) -> bool {
        self.skip_newlines
    }

    pub(super) fn advance(&mut self) {
        self.at += 1;
    }

    /// Steps over the next token if it is of this kind.
    pub(super) fn eat(&mut self, kind: Kind) -> bool {
        let found = self.peek_kind() == Some(kind);
        if found {
            self.at += 1;
        }
        found
    }

    pub(super) fn expect(&mut self, kind: Kind, what: &str) -> Parsed {
        if self.eat(kind) { Ok(()) } else { Err(self.unexpected(what)) }
    }

    pub(super) fn expect_word(&mut self, word: &str) -> Parsed {
        if !self.peek_word(word) {
            return Err(self.unexpected(&format!("`{word}`")));
        }
        self.advance();
        Ok(())
    }

    /// The error that the next token is not what has to come here.
    pub(super) fn unexpected(&mut self, expected: &str) -> SyntaxError {
        let end = self.text.len();
        let range = self.peek().map_or(end..end, Token::range);
        let found = match self.text[range.clone()].trim_end() {
            "" if range.is_empty() => "the end of the file".into(),
            "" => "the end of the line".into(),
            text => format!("`{text}`"),
        };
        SyntaxError::new(range, format!("expected {expected}, found {found}"))
    }

    /// Reads something one level deeper.
    pub(super) fn nested(&mut self, skip_newlines: bool, read: impl FnOnce(&mut Self) -> Parsed) -> Parsed {
        if self.depth == MAX_DEPTH {
            let range = self.tokens.get(self.at).map_or(0..0, |token| token.range());
            return Err(SyntaxError::new(range, format!("nested deeper than {MAX_DEPTH} levels")));
        }
        let outer = std::mem::replace(&mut self.skip_newlines, skip_newlines);
        self.depth += 1;
        read(self)?;
        self.depth -= 1;
        self.skip_newlines = outer;
        Ok(())
    }

    /// Reads attributes and blocks up to what cannot start one; the blocks are listed if a list is given.
    fn body(&mut self, mut blocks: Option<&mut Vec<Block>>) -> Parsed {
        let first_attribute = self.attributes.len();
        loop {
            while self.eat(Kind::Newline) {}
            let Some(name) = self.peek().filter(|token| token.kind == Kind::Ident) else { break };
            self.advance();
            if self.peek_kind() == Some(Kind::Assign) {
                self.attributes.push((name.text(self.text), name));
                self.attribute()?;
            } else if let Some(blocks) = &mut blocks {
                let mut labels = Vec::new();
                self.block(|label| labels.push(label))?;
                blocks.push(Block { kind: name.text(self.text).to_owned(), labels });
            } else {
                self.block(|_| {})?;
            }
            if self.peek_kind().is_some() && !self.eat(Kind::Newline) {
                return Err(self.unexpected("a new line"));
            }
        }
        self.check_unique(first_attribute)
    }

    /// Refuses a second attribute of one name, and forgets the attributes of the body that ends.
    fn check_unique(&mut self, first: usize) -> Parsed {
        let attributes = &mut self.attributes[first..];
        // Any order that brings equal names together will do; lengths are cheap to compare.
        attributes.sort_unstable_by_key(|&(name, token)| (name.len(), name, token.start));
        let repeated = attributes.windows(2).filter(|pair| pair[0].0 == pair[1].0).map(|pair| pair[1]);
        if let Some((name, token)) = repeated.min_by_key(|(_, token)| token.start) {
            return Err(SyntaxError::new(token.range(), format!("`{name}` is already set in this body")));
        }
        self.attributes.truncate(first);
        Ok(())
    }

    fn attribute(&mut self) -> Parsed {
        self.expect(Kind::Assign, "`=`")?;
        self.expression()
    }

    /// Reads what follows the first word of a block: labels and the body in braces.
    fn block(&mut self, mut label: impl FnMut(String)) -> Parsed {
        loop {
            match self.peek() {
                Some(token) if token.kind == Kind::Ident => {
                    self.advance();
                    label(token.text(self.text).to_owned());
                }
                Some(token) if token.kind == Kind::OpenQuote => {
                    self.advance();
                    let text = self.peek().filter(|token| token.kind == Kind::Text);
                    if let Some(text) = text {
                        self.advance();
                        label(unescape(text.text(self.text)));
                    } else {
                        label(String::new());
                    }
                    self.expect(Kind::CloseQuote, "a label without code in it")?;
                }
                _ => break,
            }
        }
        self.expect(Kind::OpenBrace, "`=`, a label or `{`")?;
        self.nested(false, |parser| {
            if parser.peek_kind() == Some(Kind::Newline) {
                parser.body(None)?;
                return parser.expect(Kind::CloseBrace, "an attribute, a block or `}`");
            }
            // On one line: nothing or a single attribute.
            if parser.eat(Kind::Ident) {
                parser.attribute()?;
            }
            parser.expect(Kind::CloseBrace, "`}` or a new line")
        })
    }
}

/// The text of a literal whose escapes the lexer has checked.
fn unescape(literal: &str) -> String {
    let mut out = String::with_capacity(literal.len());
    let mut rest = literal;
    while let Some(at) = rest.find(['\\', '$', '%']) {
        out.push_str(&rest[..at]);
        let (len, character) = match rest.as_bytes().get(at..at + 3).unwrap_or(&rest.as_bytes()[at..]) {
            [b'\\', b'n', ..] => (2, '\n'),
            [b'\\', b'r', ..] => (2, '\r'),
            [b'\\', b't', ..] => (2, '\t'),
            [b'\\', b'u', ..] => (6, scalar(&rest[at + 2..at + 6])),
            [b'\\', b'U', ..] => (10, scalar(&rest[at + 2..at + 10])),
            [b'\\', quoted, ..] => (2, char::from(*quoted)),
            [b'$', b'$', b'{'] => (2, '$'),
            [b'%', b'%', b'{'] => (2, '%'),
            [sign, ..] => (1, char::from(*sign)),
            [] => break,
        };
        out.push(character);
        rest = &rest[at + len..];
    }
    out.push_str(rest);
    out
}

fn scalar(hex: &str) -> char {
    u32::from_str_radix(hex, 16).ok().and_then(char::from_u32).unwrap_or(char::REPLACEMENT_CHARACTER)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn error(text: &str) -> (&str, String) {
        let error = index(text).unwrap_err();
        (&text[error.range], error.message)
    }

    #[test]
    fn lists_top_level_blocks_with_decoded_labels() {
        let text = "a = 1\nresource \"aws_vpc\" \"main\" {\n  inner \"x\" {}\n}\nlocals {}\nb c \"\\u00e9\\n$${x}$\" { d = 1 }\n";
        let found: Vec<String> = index(text)
            .unwrap()
            .into_iter()
            .map(|block| format!("{} {:?}", block.kind, block.labels))
            .collect();
        assert_eq!(found, [r#"resource ["aws_vpc", "main"]"#, "locals []", r#"b ["c", "é\n${x}$"]"#]);
    }

    #[test]
    fn accepts_every_form_of_value() {
        for value in [
            "-1.5e3",
            "!-a",
            "a.b[0].*.c[*].0",
            "f()",
            "f(1, 2,)",
            "f(\n1,\na...\n)",
            "provider::aws::f(1)",
            "a ? b : c ? d : e",
            "a && b || c == d % e * -f",
            "(\na\n+\nb\n)",
            "[\n]",
            "[1,\n2\n,\n]",
            "{}",
            "{ a = 1, \"b\" : 2, (c) = 3 }",
            "{\na = 1\n\nb = 2,\n}",
            "[for x in y : x if z]",
            "{ for k, v in m : k => v... if z }",
            "{\nfor k, v in m :\nk => v\n}",
            "\"\"",
            "\"a${\nb\n}c\"",
            "\"%{ if a }b%{ else }%{ for x in y ~}z%{ endfor }%{ endif }\"",
            "<<-A\n  x${y}\n  A",
            "a /* c */ + b # d",
            "f(x)[0].y",
            "{ a = 1 }[\"a\"]",
        ] {
            let text = format!("a = {value}\n");
            assert_eq!(index(&text), Ok(vec![]), "{text}");
        }
    }

    #[test]
    fn points_at_the_first_token_that_does_not_fit() {
        for (text, at, message) in [
            ("a = ", "", "expected a value, found the end of the file"),
            ("a = \nb = 1", "\n", "expected a value, found the end of the line"),
            ("a = 1 b = 2", "b", "expected a new line, found `b`"),
            ("a {\n b = 1 }\n", "}", "expected a new line, found `}`"),
            ("a { b = 1\n}", "\n", "expected `}` or a new line, found the end of the line"),
            ("a { b = 1, c = 2 }", ",", "expected `}` or a new line, found `,`"),
            ("\"a\" = 1", "\"", "expected an attribute or a block, found `\"`"),
            ("a \"${b}\" {}", "${", "expected a label without code in it, found `${`"),
            ("a: 1", ":", "expected `=`, a label or `{`, found `:`"),
            ("a = [1 2]", "2", "expected `,` or `]`, found `2`"),
            ("a = { b = 1 c = 2 }", "c", "expected `,`, a new line or `}`, found `c`"),
            ("a = f(1..., 2)", ",", "expected `)`, found `,`"),
            ("a = b.0.1", "0.1", "expected an attribute name, an index or `*`, found `0.1`"),
            ("a = \"%{ if b }c\"", "\"", "expected `%{ endif }`, found `\"`"),
            (
                "a = \"%{ else }\"",
                "else",
                "expected `if`, `for`, or what continues or ends the open directive, found `else`",
            ),
            ("a = b ? c", "", "expected `:` and the value for false, found the end of the file"),
            ("a = b +\nc", "\n", "expected a value, found the end of the line"),
        ] {
            assert_eq!(error(text), (at, message.into()), "{text}");
        }
    }

    #[test]
    fn an_attribute_is_set_once_in_a_body() {
        let found = index("a = 1\nb {\n  a = 1\n}\nc {\n  x = 1\n  y = 2\n  x = 3\n}\n").unwrap_err();
        assert_eq!((found.range, found.message.as_str()), (42..43, "`x` is already set in this body"));
    }

    #[test]
    fn nesting_is_limited_and_chains_are_not() {
        let nested = |depth| format!("a = {}1{}\n", "[".repeat(depth), "]".repeat(depth));
        assert!(index(&nested(64)).is_ok());
        assert!(index(&nested(65)).unwrap_err().message.contains("64 levels"));
        for open in ["(", "{ a = ", "f(", "\"${", "a[", "b ? ", "[for x in "] {
            assert!(index(&format!("a = {}", open.repeat(100_000))).is_err());
        }
        for link in ["1 + ", "a ? 1 : ", "-", "!"] {
            assert!(index(&format!("a = {}1", link.repeat(100_000))).is_ok());
        }
    }

    proptest! {
        #[test]
        fn errors_lie_on_character_boundaries(
            text in prop_oneof![any::<String>(), r#"(a|b|1|"x"|"\$\{|\}"|[-{}\[\]().,:?=!é \n]| = |for x in |if |<<A\nx\nA\n){0,24}"#]
        ) {
            if let Err(error) = index(&text) {
                prop_assert!(text.get(error.range).is_some());
            }
        }
    }
}
