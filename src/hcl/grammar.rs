//! The grammar of values: operators, calls, collections, `for`, splats and templates.
//!
//! Only recognises, so operator precedence does not matter here: a value is operands with operators between them.

use super::parse::{Parsed, Parser};
use super::token::Kind;

/// A directive that is open in a template.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Directive {
    If,
    Else,
    For,
}

impl Parser<'_> {
    /// A value at the depth of the one around it: `a`, `a + b`, `a ? b : c`.
    pub(super) fn expression(&mut self) -> Parsed {
        // Chains of operators and of `a ? b : c ? d : e` are a loop here, so their length costs no depth.
        loop {
            self.operand()?;
            match self.peek_kind() {
                Some(Kind::Operator | Kind::Minus | Kind::Star) => self.advance(),
                Some(Kind::Question) => {
                    self.advance();
                    self.nested_expression()?;
                    self.expect(Kind::Colon, "`:` and the value for false")?;
                }
                _ => return Ok(()),
            }
        }
    }

    /// A value one level deeper that keeps the meaning of line feeds.
    fn nested_expression(&mut self) -> Parsed {
        let skip_newlines = self.skips_newlines();
        self.nested(skip_newlines, Self::expression)
    }

    fn operand(&mut self) -> Parsed {
        while matches!(self.peek_kind(), Some(Kind::Minus | Kind::Not)) {
            self.advance();
        }
        match self.peek_kind() {
            Some(Kind::Number) => self.advance(),
            Some(Kind::Ident) => self.name_or_call()?,
            Some(Kind::OpenQuote) => {
                self.advance();
                self.nested(false, |parser| parser.template(Kind::CloseQuote))?;
            }
            Some(Kind::OpenHeredoc) => {
                self.advance();
                self.nested(false, |parser| parser.template(Kind::CloseHeredoc))?;
            }
            Some(Kind::OpenParen) => {
                self.advance();
                self.nested(true, |parser| {
                    parser.expression()?;
                    parser.expect(Kind::CloseParen, "an operator or `)`")
                })?;
            }
            Some(Kind::OpenBracket) => {
                self.advance();
                self.nested(true, Self::tuple)?;
            }
            Some(Kind::OpenBrace) => {
                self.advance();
                self.object()?;
            }
            _ => return Err(self.unexpected("a value")),
        }
        self.traversal()
    }

    fn name_or_call(&mut self) -> Parsed {
        self.advance();
        let mut qualified = false;
        while self.eat(Kind::DoubleColon) {
            self.expect(Kind::Ident, "a function name")?;
            qualified = true;
        }
        if self.eat(Kind::OpenParen) {
            return self.nested(true, Self::arguments);
        }
        if qualified { Err(self.unexpected("`(`")) } else { Ok(()) }
    }

    fn arguments(&mut self) -> Parsed {
        while !self.eat(Kind::CloseParen) {
            self.expression()?;
            if self.eat(Kind::Ellipsis) {
                return self.expect(Kind::CloseParen, "`)`");
            }
            if !self.eat(Kind::Comma) {
                return self.expect(Kind::CloseParen, "`,` or `)`");
            }
        }
        Ok(())
    }

    /// `.name`, `.0`, `.*`, `[..]` and `[*]` after an operand.
    fn traversal(&mut self) -> Parsed {
        loop {
            match self.peek_kind() {
                Some(Kind::Dot) => {
                    self.advance();
                    match self.peek() {
                        Some(token) if matches!(token.kind, Kind::Ident | Kind::Star) => self.advance(),
                        // Not `.0.1`: Terraform refuses two indexes in this form, too.
                        Some(token) if token.kind == Kind::Number && is_digits(token.text(self.text)) => {
                            self.advance();
                        }
                        _ => return Err(self.unexpected("an attribute name, an index or `*`")),
                    }
                }
                Some(Kind::OpenBracket) => {
                    self.advance();
                    self.nested(true, |parser| {
                        if !parser.eat(Kind::Star) {
                            parser.expression()?;
                        }
                        parser.expect(Kind::CloseBracket, "`]`")
                    })?;
                }
                _ => return Ok(()),
            }
        }
    }

    fn tuple(&mut self) -> Parsed {
        if self.peek_word("for") {
            self.for_intro()?;
            self.expression()?;
            self.for_condition()?;
            return self.expect(Kind::CloseBracket, "`if` or `]`");
        }
        while !self.eat(Kind::CloseBracket) {
            self.expression()?;
            if !self.eat(Kind::Comma) {
                return self.expect(Kind::CloseBracket, "`,` or `]`");
            }
        }
        Ok(())
    }

    fn object(&mut self) -> Parsed {
        if self.word_after_newlines("for") {
            return self.nested(true, |parser| {
                parser.for_intro()?;
                parser.expression()?;
                parser.expect(Kind::Arrow, "`=>`")?;
                parser.expression()?;
                parser.eat(Kind::Ellipsis);
                parser.for_condition()?;
                parser.expect(Kind::CloseBrace, "`if` or `}`")
            });
        }
        self.nested(false, |parser| {
            loop {
                while parser.eat(Kind::Newline) {}
                if parser.eat(Kind::CloseBrace) {
                    return Ok(());
                }
                parser.expression()?;
                if !parser.eat(Kind::Assign) {
                    parser.expect(Kind::Colon, "`=` or `:`")?;
                }
                parser.expression()?;
                if !parser.eat(Kind::Comma) && parser.peek_kind() != Some(Kind::Newline) {
                    return parser.expect(Kind::CloseBrace, "`,`, a new line or `}`");
                }
            }
        })
    }

    /// `for k, v in xs :`
    fn for_intro(&mut self) -> Parsed {
        self.for_variables()?;
        self.expression()?;
        self.expect(Kind::Colon, "`:`")
    }

    /// `for k, v in`
    fn for_variables(&mut self) -> Parsed {
        self.expect_word("for")?;
        self.expect(Kind::Ident, "a variable name")?;
        if self.eat(Kind::Comma) {
            self.expect(Kind::Ident, "a variable name")?;
        }
        self.expect_word("in")
    }

    fn for_condition(&mut self) -> Parsed {
        if self.peek_word("if") {
            self.advance();
            self.expression()?;
        }
        Ok(())
    }

    /// The parts of a quoted template or heredoc up to the token that closes it.
    fn template(&mut self, close: Kind) -> Parsed {
        let mut open = Vec::new();
        loop {
            if self.eat(Kind::OpenInterpolation) {
                self.nested(true, |parser| {
                    parser.expression()?;
                    parser.expect(Kind::CloseTemplate, "an operator or `}`")
                })?;
            } else if self.eat(Kind::OpenDirective) {
                self.nested(true, |parser| parser.directive(&mut open))?;
            } else if !self.eat(Kind::Text) {
                break;
            }
        }
        match open.last() {
            Some(Directive::For) => Err(self.unexpected("`%{ endfor }`")),
            Some(_) => Err(self.unexpected("`%{ endif }`")),
            None => self.expect(close, "the end of the text"),
        }
    }

    fn directive(&mut self, open: &mut Vec<Directive>) -> Parsed {
        let inside = open.last().copied();
        if self.peek_word("if") {
            self.advance();
            self.expression()?;
            open.push(Directive::If);
        } else if self.peek_word("for") {
            self.for_variables()?;
            self.expression()?;
            open.push(Directive::For);
        } else if self.peek_word("else") && inside == Some(Directive::If) {
            self.advance();
            open.pop();
            open.push(Directive::Else);
        } else if self.peek_word("endif") && matches!(inside, Some(Directive::If | Directive::Else))
            || self.peek_word("endfor") && inside == Some(Directive::For)
        {
            self.advance();
            open.pop();
        } else {
            return Err(self.unexpected("`if`, `for`, or what continues or ends the open directive"));
        }
        self.expect(Kind::CloseTemplate, "`}`")
    }
}

fn is_digits(text: &str) -> bool {
    text.bytes().all(|byte| byte.is_ascii_digit())
}
