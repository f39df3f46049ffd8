//! Settings that may refer to something: inputs and references to components.

use std::sync::Arc;

use super::{Kind, Reading, Setting, codes};
use crate::hcl::Literal;
use crate::source::Span;
use crate::syntax::{Node, Part, Value, Word};

/// A reference as written: `database.main.host`, `environment.domain`, `registry.app`.
#[derive(Debug, Clone, PartialEq)]
pub struct Reference {
    /// The whole place.
    pub span: Span,
    /// Two or three words.
    pub words: Arc<[Word]>,
}

impl Reference {
    /// A word, or nothing past the end.
    pub fn word(&self, index: usize) -> &str {
        self.words.get(index).map_or("", |word| &word.text)
    }

    /// The reference as written.
    pub fn text(&self) -> String {
        self.words.iter().map(|word| &*word.text).collect::<Vec<_>>().join(".")
    }
}

/// A value that may refer to something.
#[derive(Debug, Clone, PartialEq)]
pub enum Input {
    /// A constant.
    Literal(Literal),
    /// A reference alone.
    Reference(Reference),
    /// Text with references in it.
    Template(Vec<InputPart>),
}

/// A piece of a template.
#[derive(Debug, Clone, PartialEq)]
pub enum InputPart {
    /// Text as it is.
    Text(Arc<str>),
    /// An interpolated reference.
    Reference(Reference),
}

impl Setting for Input {
    fn read(node: &Node, reading: &mut Reading) -> Option<Self> {
        let input = match &node.value {
            Value::Bool(value) => Input::Literal(Literal::Bool(*value)),
            Value::Integer(value) => Input::Literal(Literal::Integer(*value)),
            Value::Float(value) => Input::Literal(Literal::Float(*value)),
            Value::String(text) => Input::Literal(Literal::String(text.clone())),
            Value::Reference(words) => Input::Reference(Reference { span: node.span, words: words.clone() }),
            Value::Template(parts) => Input::Template(
                parts
                    .iter()
                    .map(|part| match part {
                        Part::Text(text) => InputPart::Text(text.clone()),
                        Part::Reference(span, words) => {
                            InputPart::Reference(Reference { span: *span, words: words.clone() })
                        }
                    })
                    .collect(),
            ),
            Value::Null | Value::List(_) | Value::Table(_) => {
                reading.mistyped(node, "a string, a number, a boolean or a reference");
                return None;
            }
        };
        Some(input)
    }

    fn kind() -> Kind {
        Kind::Input
    }

    fn show(&self) -> String {
        match self {
            Input::Literal(literal) => format!("\"{}\"", literal.to_text()),
            Input::Reference(reference) => reference.text(),
            Input::Template(_) => String::new(),
        }
    }
}

/// The kinds of component a reference setting accepts.
pub trait Target {
    /// Keys of the stack language.
    const KINDS: &'static [&'static str];
}

/// A reference to a whole component, `registry.app`.
#[derive(Debug, Clone, PartialEq)]
pub struct ComponentRef<T> {
    /// The reference; its kind is one of `T::KINDS`.
    pub reference: Reference,
    target: std::marker::PhantomData<T>,
}

impl<T: Target> ComponentRef<T> {
    /// Wraps a reference of two words whose kind fits.
    pub fn new(reference: Reference) -> Self {
        Self { reference, target: std::marker::PhantomData }
    }
}

impl<T: Target> Setting for ComponentRef<T> {
    fn read(node: &Node, reading: &mut Reading) -> Option<Self> {
        let Value::Reference(words) = &node.value else {
            reading.mistyped(node, &super::describe(&Self::kind()));
            return None;
        };
        if words.len() != 2 || !T::KINDS.contains(&&*words[0].text) {
            let wanted = super::describe(&Self::kind());
            let diagnostic = reading
                .diagnostic(&codes::INVALID_REFERENCE, node.span, "this reference does not fit here")
                .label(format!("expected {wanted}"))
                .help(format!("write {wanted}"));
            reading.push(diagnostic);
            return None;
        }
        Some(Self::new(Reference { span: node.span, words: words.clone() }))
    }

    fn kind() -> Kind {
        Kind::Component(T::KINDS)
    }
}
