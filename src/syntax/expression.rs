//! Lowers the values that `hcl-edit` parses: literals, lists, objects, references and strings with references.
//!
//! Everything else that HCL can express is refused by name, so that a stack file stays data.

use std::ops::Range;
use std::sync::Arc;

use hcl::edit::Span as _;
use hcl::edit::expr::{Expression, Object, ObjectKey, Traversal, TraversalOperator};
use hcl::edit::parser::{self, Error};
use hcl::edit::template::{Element, Strip, Template};

use super::builder::{Name, TableBuilder};
use super::document::{Form, Node, Part, Value, Word};
use super::mistake::SYNTAX_ERROR;
use super::reading::{Reading, Stop};
use super::words;
use crate::diagnostic::{Code, Severity};

/// A value uses a part of HCL that stack files leave out.
pub static UNSUPPORTED_EXPRESSION: Code = Code {
    name: "unsupported-expression",
    severity: Severity::Error,
    title: "an expression where a value or reference is expected",
    explanation: "\
Stack files hold values and references only: strings, numbers, booleans, `null`, lists, objects, `database.main.host`
and `\"redis://${cache.main.host}\"`. Function calls, operators, conditionals, `for`, indexes, splats and template
directives are refused.

What a stack file says is known by reading it, for each environment, without running anything. That is what makes
the review of a change, and the comparison of environments, possible.

```hcl
service \"web\" {
  tasks = terraform.workspace == \"production\" ? 4 : 1
}
```

Instead, write `tasks = 1`, and `service \"web\" { tasks = 4 }` in the block `environment \"production\"`.
",
};

/// Parses one expression; positions in it and in the error count from the start of `text`.
pub(super) fn parse(text: &str) -> Result<Expression, Error> {
    parser::parse_expr(text)
}

/// The text of a string without interpolations.
pub(super) fn as_text(value: &Expression) -> Option<&str> {
    value.as_str()
}

/// Lowers an expression that was parsed from the text at `start`. `None` when it is refused, which was said.
pub(super) fn lower(
    reading: &mut Reading<'_>,
    start: usize,
    value: &Expression,
) -> Result<Option<Node>, Stop> {
    let whole = start..start;
    Lowering { reading, places: Places::Exact(start), whole }.node(value)
}

/// Lowers the text of a JSON string as a template. `place` is the literal's place with its quotes; `exact` says
/// that `text` stands between them as it is, without escapes.
pub(super) fn lower_json_string(
    reading: &mut Reading<'_>,
    text: &str,
    place: Range<usize>,
    exact: bool,
) -> Result<Option<Value>, Stop> {
    if !text.contains("${") && !text.contains("%{") {
        return Ok(Some(Value::String(text.into())));
    }
    let template = match parser::parse_template(text) {
        Ok(template) => template,
        Err(_) => {
            let message = "this string has a `${` or `%{` that is no reference";
            let help = "a reference is written `${name.name}`; literal ones are written `$${` and `%%{`";
            let diagnostic = reading.at(&SYNTAX_ERROR, place, message).help(help);
            reading.say(diagnostic)?;
            return Ok(None);
        }
    };
    let places = if exact { Places::Exact(place.start + 1) } else { Places::Whole };
    Lowering { reading, places, whole: place }.template(&template)
}

/// How places in the parsed text become places in the file.
#[derive(Clone, Copy)]
enum Places {
    /// The parsed text stands in the file at this offset.
    Exact(usize),
    /// Escapes moved the text: only the place of the whole value is known.
    Whole,
}

struct Lowering<'r, 't> {
    reading: &'r mut Reading<'t>,
    places: Places,
    whole: Range<usize>,
}

impl Lowering<'_, '_> {
    fn place(&self, range: Option<Range<usize>>) -> Range<usize> {
        match (self.places, range) {
            (Places::Exact(start), Some(range)) => start + range.start..start + range.end,
            _ => self.whole.clone(),
        }
    }

    fn node(&mut self, value: &Expression) -> Result<Option<Node>, Stop> {
        let place = self.place(value.span());
        let lowered = match value {
            Expression::Null(_) => Some(Value::Null),
            Expression::Bool(value) => Some(Value::Bool(*value.value())),
            Expression::Number(_) => self.number(&place)?,
            Expression::String(text) => Some(Value::String(text.value().as_str().into())),
            Expression::Array(items) => {
                let mut nodes = Vec::with_capacity(items.len());
                for item in items.iter() {
                    nodes.extend(self.node(item)?);
                }
                Some(Value::List(nodes.into()))
            }
            Expression::Object(object) => Some(self.object(object)?),
            Expression::StringTemplate(template) => self.parts(template.iter())?,
            Expression::HeredocTemplate(heredoc) => self.template(&heredoc.template)?,
            Expression::Variable(_) | Expression::Traversal(_) => self.words(value)?.map(Value::Reference),
            other => {
                self.refuse(place.clone(), construct(other), remedy(other))?;
                None
            }
        };
        Ok(lowered.map(|value| Node { span: self.reading.span(place), value }))
    }

    fn number(&mut self, place: &Range<usize>) -> Result<Option<Value>, Stop> {
        let text: String = self.reading.text[place.clone()].split([' ', '\t']).collect();
        let number = words::number(&text);
        if number.is_none() {
            let message = format!("the number `{text}` is too large");
            let diagnostic = self.reading.at(&SYNTAX_ERROR, place.clone(), message);
            self.reading.say(diagnostic.help("write it as a string if its digits matter"))?;
        }
        Ok(number)
    }

    fn object(&mut self, object: &Object) -> Result<Value, Stop> {
        let mut table = TableBuilder::default();
        for (key, value) in object.iter() {
            let place = self.place(key.span());
            let text = match key {
                ObjectKey::Ident(word) => Some(word.as_str()),
                ObjectKey::Expression(Expression::String(text)) => Some(text.value().as_str()),
                // HCL takes these words as names in the place of a key.
                ObjectKey::Expression(Expression::Null(_) | Expression::Bool(_) | Expression::Number(_)) => {
                    Some(&self.reading.text[place.clone()])
                }
                ObjectKey::Expression(_) => None,
            };
            let node = self.node(value.expr())?;
            match (text, node) {
                (Some(text), Some(node)) => {
                    table.value(self.reading, Name { text, place }, Form::Attribute, node)?;
                }
                (Some(_), None) => {}
                (None, _) => self.refuse(place, "a computed key", "write the key as plain text in quotes")?,
            }
        }
        Ok(Value::Table(Arc::new(table.finish())))
    }

    fn template(&mut self, template: &Template) -> Result<Option<Value>, Stop> {
        self.parts(template.iter())
    }

    fn parts<'e>(&mut self, elements: impl Iterator<Item = &'e Element>) -> Result<Option<Value>, Stop> {
        let mut parts = Vec::new();
        let mut refused = false;
        for element in elements {
            let place = self.place(element.span());
            match element {
                // A file must mean the same whichever line ends it was checked out with.
                Element::Literal(text) => parts.push(Part::Text(text.replace("\r\n", "\n").into())),
                Element::Interpolation(interpolation) if interpolation.strip != Strip::None => {
                    self.refuse(place, "a strip marker (`~`)", "write the text without the blanks")?;
                    refused = true;
                }
                Element::Interpolation(interpolation) => {
                    let span = self.place(interpolation.expr.span());
                    let span = self.reading.span(span);
                    match self.words(&interpolation.expr)? {
                        Some(words) => parts.push(Part::Reference(span, words)),
                        None => refused = true,
                    }
                }
                Element::Directive(_) => {
                    let help = "write the text out; a literal `%{` is written `%%{`";
                    self.refuse(place, "a template directive (`%{`)", help)?;
                    refused = true;
                }
            }
        }
        if refused {
            return Ok(None);
        }
        Ok(Some(match parts.as_mut_slice() {
            [] => Value::String("".into()),
            [Part::Text(text)] => Value::String(text.clone()),
            [Part::Reference(_, words)] => Value::Reference(words.clone()),
            _ => Value::Template(parts.into()),
        }))
    }

    /// The words of a reference. `None` when the expression is something else, which is said.
    fn words(&mut self, value: &Expression) -> Result<Option<Arc<[Word]>>, Stop> {
        let place = self.place(value.span());
        let traversal = match value {
            Expression::Variable(word) => {
                return Ok(Some(Arc::new([self.word(word.as_str(), place)])));
            }
            Expression::Traversal(traversal) => traversal.as_ref(),
            other => {
                self.refuse(place, construct(other), "only references stand in `${}`")?;
                return Ok(None);
            }
        };
        let Traversal { expr: Expression::Variable(first), operators, .. } = traversal else {
            let what = construct(&traversal.expr);
            self.refuse(place, what, remedy(&traversal.expr))?;
            return Ok(None);
        };
        let first = self.word(first.as_str(), self.place(first.span()));
        let mut words = vec![first];
        for operator in operators {
            let (what, help) = match operator.value() {
                TraversalOperator::GetAttr(word) => {
                    words.push(self.word(word.as_str(), self.place(word.span())));
                    continue;
                }
                TraversalOperator::Index(_) | TraversalOperator::LegacyIndex(_) => {
                    ("an index", "a reference is names joined by `.`")
                }
                TraversalOperator::AttrSplat(_) | TraversalOperator::FullSplat(_) => {
                    ("a splat (`*`)", "name each one")
                }
            };
            self.refuse(place, what, help)?;
            return Ok(None);
        }
        Ok(Some(words.into()))
    }

    fn word(&self, text: &str, place: Range<usize>) -> Word {
        Word { text: text.into(), span: self.reading.span(place) }
    }

    fn refuse(&mut self, place: Range<usize>, what: &str, help: &str) -> Result<(), Stop> {
        let message = format!("{what} cannot stand in a stack file");
        let diagnostic = self
            .reading
            .at(&UNSUPPORTED_EXPRESSION, place, message)
            .label("stack files hold values and references only")
            .help(help);
        self.reading.say(diagnostic)
    }
}

fn construct(value: &Expression) -> &'static str {
    match value {
        Expression::Parenthesis(_) => "a parenthesis",
        Expression::Conditional(_) => "a conditional (`? :`)",
        Expression::FuncCall(_) => "a function call",
        Expression::UnaryOp(_) | Expression::BinaryOp(_) => "an operator",
        Expression::ForExpr(_) => "a `for` expression",
        Expression::Traversal(_) => "an index",
        Expression::StringTemplate(_) | Expression::HeredocTemplate(_) => "a template",
        Expression::Array(_) => "a list",
        Expression::Object(_) => "an object",
        Expression::Null(_) | Expression::Bool(_) | Expression::Number(_) | Expression::String(_) => {
            "a literal in a template"
        }
        Expression::Variable(_) => "a reference",
    }
}

fn remedy(value: &Expression) -> &'static str {
    match value {
        Expression::Parenthesis(_) => "remove the parentheses",
        Expression::Conditional(_) => "write the value, and what differs in an `environment` block",
        Expression::ForExpr(_) => "write the items out",
        _ => "write the value itself",
    }
}
