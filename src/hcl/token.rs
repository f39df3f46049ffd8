//! The tokens of HCL native syntax and the error every reader of this module reports.
//!
//! A token is a kind and a byte range; it never owns text.

use std::fmt;
use std::ops::Range;

/// What a token is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Kind {
    /// A line feed, with the carriage return before it.
    Newline,
    /// `# ..` or `// ..`, without the line feed.
    LineComment,
    /// `/* .. */`, possibly over several lines.
    BlockComment,
    /// A name or keyword; may contain `-`.
    Ident,
    /// `1`, `1.5`, `1e10`; never signed.
    Number,
    /// `{`
    OpenBrace,
    /// `}`
    CloseBrace,
    /// `[`
    OpenBracket,
    /// `]`
    CloseBracket,
    /// `(`
    OpenParen,
    /// `)`
    CloseParen,
    /// The `"` that opens a quoted template.
    OpenQuote,
    /// The `"` that closes a quoted template.
    CloseQuote,
    /// `<<EOT` or `<<-EOT` with its line feed.
    OpenHeredoc,
    /// The closing marker and the blanks before it on its line.
    CloseHeredoc,
    /// Literal text of a quoted template or heredoc, escapes as written.
    Text,
    /// `${` or `${~`
    OpenInterpolation,
    /// `%{` or `%{~`
    OpenDirective,
    /// The `}` or `~}` of an interpolation or directive.
    CloseTemplate,
    /// `.`
    Dot,
    /// `,`
    Comma,
    /// `...`
    Ellipsis,
    /// `:`
    Colon,
    /// `::`
    DoubleColon,
    /// `?`
    Question,
    /// `=>`
    Arrow,
    /// `=`
    Assign,
    /// `!`
    Not,
    /// `-`, binary or unary.
    Minus,
    /// `*`, multiplication or splat.
    Star,
    /// Any other binary operator: `== != < > <= >= && || + / %`.
    Operator,
}

impl Kind {
    /// Whether the token opens a bracket that a later token closes; template markers are brackets too.
    pub fn opens(self) -> bool {
        use Kind::*;
        matches!(self, OpenBrace | OpenBracket | OpenParen | OpenInterpolation | OpenDirective)
    }

    /// Whether the token closes what a token with [`opens`](Self::opens) opened.
    pub fn closes(self) -> bool {
        matches!(self, Kind::CloseBrace | Kind::CloseBracket | Kind::CloseParen | Kind::CloseTemplate)
    }
}

/// One token: its kind and its bytes in the text.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Token {
    /// First byte.
    pub start: u32,
    /// One past the last byte.
    pub end: u32,
    /// What it is.
    pub kind: Kind,
}

impl Token {
    /// The token's bytes in the text it was read from.
    pub fn text(self, text: &str) -> &str {
        &text[self.range()]
    }

    /// The token's byte range.
    pub fn range(self) -> Range<usize> {
        self.start as usize..self.end as usize
    }
}

/// Why a text is not HCL: the first error, at a byte range that lies on character boundaries.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SyntaxError {
    /// The bytes the message is about; empty at the end of the text.
    pub range: Range<usize>,
    /// What is wrong, in lower case and without a final stop.
    pub message: String,
}

impl SyntaxError {
    pub(super) fn new(range: Range<usize>, message: impl Into<String>) -> Self {
        Self { range, message: message.into() }
    }
}

impl fmt::Display for SyntaxError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} at byte {}", self.message, self.range.start)
    }
}

impl std::error::Error for SyntaxError {}
