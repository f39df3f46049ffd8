//! The plain types of settings: booleans, ranged numbers, strings, names, lists, maps, nested blocks.

use std::sync::Arc;

use indexmap::IndexMap;

use super::{Kind, Reading, Setting, Settings, codes, describe, table};
use crate::hcl::Literal;
use crate::source::Span;
use crate::syntax::{Node, Value};

impl Setting for bool {
    fn read(node: &Node, reading: &mut Reading) -> Option<Self> {
        match node.value {
            Value::Bool(value) => Some(value),
            _ => {
                reading.mistyped(node, "`true` or `false`");
                None
            }
        }
    }

    fn kind() -> Kind {
        Kind::Bool
    }

    fn show(&self) -> String {
        self.to_string()
    }
}

/// A whole number from `MIN` to `MAX`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct Int<const MIN: i64, const MAX: i64>(pub i64);

impl<const MIN: i64, const MAX: i64> Setting for Int<MIN, MAX> {
    fn read(node: &Node, reading: &mut Reading) -> Option<Self> {
        match node.value {
            Value::Integer(value) if (MIN..=MAX).contains(&value) => Some(Self(value)),
            Value::Integer(value) => {
                let allowed = describe(&Self::kind());
                reading.invalid(node.span, format!("{value} is out of range"), format!("write {allowed}"));
                None
            }
            _ => {
                reading.mistyped(node, &describe(&Self::kind()));
                None
            }
        }
    }

    fn kind() -> Kind {
        Kind::Integer { min: MIN, max: MAX }
    }

    fn show(&self) -> String {
        self.0.to_string()
    }
}

/// A number, whole or not.
#[derive(Debug, Clone, Copy, PartialEq, PartialOrd)]
pub struct Number(pub f64);

impl From<Number> for Literal {
    /// A whole number has no fraction.
    fn from(number: Number) -> Self {
        // Beyond this a float does not hold every whole number.
        if number.0.fract() == 0.0 && number.0.abs() < 9e15 {
            Literal::Integer(number.0 as i64)
        } else {
            Literal::Float(number.0)
        }
    }
}

impl Setting for Number {
    fn read(node: &Node, reading: &mut Reading) -> Option<Self> {
        match node.value {
            Value::Integer(value) => Some(Self(value as f64)),
            Value::Float(value) => Some(Self(value)),
            _ => {
                reading.mistyped(node, &describe(&Self::kind()));
                None
            }
        }
    }

    fn kind() -> Kind {
        Kind::Number
    }
}

impl Setting for Arc<str> {
    fn read(node: &Node, reading: &mut Reading) -> Option<Self> {
        match &node.value {
            Value::String(text) => Some(text.clone()),
            _ => {
                reading.mistyped(node, "a string");
                None
            }
        }
    }

    fn kind() -> Kind {
        Kind::String { format: "" }
    }

    fn show(&self) -> String {
        format!("\"{self}\"")
    }
}

/// The name of a component.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Name(pub Arc<str>);

impl Setting for Name {
    fn read(node: &Node, reading: &mut Reading) -> Option<Self> {
        let Value::String(text) = &node.value else {
            reading.mistyped(node, &describe(&Self::kind()));
            return None;
        };
        check_name(text, node.span, "a component", reading).then(|| Self(text.clone()))
    }

    fn kind() -> Kind {
        Kind::String { format: "the name of a component" }
    }
}

/// Written as one value, or as a list of them with at least one. Each has its place.
#[derive(Debug, Clone)]
pub struct OneOrMore<T>(pub Vec<(Span, T)>);

impl<T> Default for OneOrMore<T> {
    fn default() -> Self {
        Self(Vec::new())
    }
}

impl<T: Setting> Setting for OneOrMore<T> {
    fn read(node: &Node, reading: &mut Reading) -> Option<Self> {
        let items = match &node.value {
            Value::List(items) if items.is_empty() => {
                reading.mistyped(node, &describe(&Self::kind()));
                return None;
            }
            Value::List(items) => &items[..],
            _ => std::slice::from_ref(node),
        };
        let read: Vec<Option<_>> =
            items.iter().map(|item| Some((item.span, T::read(item, reading)?))).collect();
        read.into_iter().collect::<Option<_>>().map(Self)
    }

    fn kind() -> Kind {
        Kind::OneOrMore(Box::new(T::kind()))
    }

    fn absent() -> Option<Self> {
        Some(Self::default())
    }
}

/// The longest name of a stack, an environment or a component.
pub const NAME_LENGTH: usize = 32;

/// Why `text` is not a name, if it is not: lower-case letters, digits, single underscores.
pub fn name_problem(text: &str) -> Option<String> {
    let problem = if text.is_empty() {
        "a name is empty"
    } else if text.len() > NAME_LENGTH {
        "a name has at most 32 characters"
    } else if !text.starts_with(|c: char| c.is_ascii_lowercase()) {
        "a name begins with a lower-case letter"
    } else if text.contains(|c: char| !(c.is_ascii_lowercase() || c.is_ascii_digit() || c == '_')) {
        "a name has only lower-case letters, digits and underscores"
    } else if text.contains("__") || text.ends_with('_') {
        "underscores in a name stand alone and not at its end"
    } else {
        return None;
    };
    Some(problem.to_owned())
}

/// Reports a name that is not one; `what` says whose.
pub fn check_name(text: &str, span: Span, what: &str, reading: &mut Reading) -> bool {
    let Some(problem) = name_problem(text) else { return true };
    let mut fixed: String = text.to_lowercase().replace(|c: char| !c.is_ascii_alphanumeric(), "_");
    while fixed.contains("__") {
        fixed = fixed.replace("__", "_");
    }
    let fixed = fixed.trim_matches('_').trim_start_matches(|c: char| c.is_ascii_digit());
    let help = if name_problem(fixed).is_none() { format!("write `{fixed}`") } else { problem.clone() };
    let diagnostic = reading
        .diagnostic(&codes::INVALID_NAME, span, format!("`{text}` is not a name of {what}"))
        .label(problem)
        .help(help);
    reading.push(diagnostic);
    false
}

impl<T: Setting> Setting for Option<T> {
    fn read(node: &Node, reading: &mut Reading) -> Option<Self> {
        T::read(node, reading).map(Some)
    }

    fn kind() -> Kind {
        T::kind()
    }

    fn absent() -> Option<Self> {
        Some(None)
    }
}

impl<T: Setting> Setting for Vec<T> {
    fn read(node: &Node, reading: &mut Reading) -> Option<Self> {
        let Value::List(items) = &node.value else {
            reading.mistyped(node, "a list");
            return None;
        };
        let read: Vec<Option<T>> = items.iter().map(|item| T::read(item, reading)).collect();
        read.into_iter().collect()
    }

    fn kind() -> Kind {
        Kind::List(Box::new(T::kind()))
    }

    fn absent() -> Option<Self> {
        Some(Vec::new())
    }

    fn show(&self) -> String {
        format!("[{}]", self.iter().map(T::show).collect::<Vec<_>>().join(", "))
    }
}

/// A value with its key and the key's place.
type Placed<T> = (Arc<str>, (Span, T));

/// An object whose keys the user chooses, with the place of each key.
#[derive(Debug, Clone)]
pub struct Map<T>(pub IndexMap<Arc<str>, (Span, T)>);

impl<T> Default for Map<T> {
    fn default() -> Self {
        Self(IndexMap::new())
    }
}

impl<T: Setting> Setting for Map<T> {
    fn read(node: &Node, reading: &mut Reading) -> Option<Self> {
        let Value::Table(table) = &node.value else {
            reading.mistyped(node, "a map");
            return None;
        };
        let read: Vec<Option<Placed<T>>> = table
            .entries
            .iter()
            .map(|(key, entry)| Some((key.clone(), (entry.key, T::read(&entry.node, reading)?))))
            .collect();
        read.into_iter().collect::<Option<_>>().map(Self)
    }

    fn kind() -> Kind {
        Kind::Map(Box::new(T::kind()))
    }

    fn absent() -> Option<Self> {
        Some(Self::default())
    }
}

/// What the label of a labelled block means.
pub trait Labelled {
    /// In words, for the documentation: `a path pattern`.
    const LABEL: &'static str;
}

/// Nested blocks with labels, `route "/" { .. }`, with the place of each label.
#[derive(Debug, Clone)]
pub struct Blocks<T>(pub IndexMap<Arc<str>, (Span, T)>);

impl<T: Settings + Labelled> Setting for Blocks<T> {
    fn read(node: &Node, reading: &mut Reading) -> Option<Self> {
        let entries = &table(node, reading)?.entries;
        let read: Vec<Option<Placed<T>>> = entries
            .iter()
            .map(|(label, entry)| {
                let body = table(&entry.node, reading)?.clone();
                let block = T::read_block(&body, entry.key, &[], reading)?;
                Some((label.clone(), (entry.key, block)))
            })
            .collect();
        read.into_iter().collect::<Option<_>>().map(Self)
    }

    fn kind() -> Kind {
        Kind::Blocks(T::LABEL, T::info)
    }

    fn absent() -> Option<Self> {
        Some(Self(IndexMap::new()))
    }
}

/// Declares an enum that is written as one of a few words.
macro_rules! choice {
    ($(#[doc = $doc:literal])* $vis:vis enum $name:ident { $( $(#[doc = $word_doc:literal])* $variant:ident = $word:literal, )* }) => {
        $(#[doc = $doc])*
        #[derive(Debug, Clone, Copy, PartialEq, Eq)]
        $vis enum $name { $( $(#[doc = $word_doc])* $variant, )* }

        impl $name {
            /// The words, in the order declared.
            pub const WORDS: &'static [&'static str] = &[$($word),*];

            /// The word a person writes.
            pub fn word(self) -> &'static str {
                match self { $( $name::$variant => $word, )* }
            }
        }

        impl $crate::settings::Setting for $name {
            fn read(
                node: &$crate::syntax::Node,
                reading: &mut $crate::settings::Reading,
            ) -> Option<Self> {
                match &node.value {
                    $crate::syntax::Value::String(text) => match &**text {
                        $( $word => Some($name::$variant), )*
                        other => {
                            let message = format!("`{other}` is not one of the choices");
                            let diagnostic = reading
                                .diagnostic(&$crate::settings::codes::INVALID_VALUE, node.span, message)
                                .suggest(other, Self::WORDS.iter().copied());
                            reading.push(diagnostic);
                            None
                        }
                    },
                    _ => {
                        let words = $crate::settings::describe(&Self::kind());
                        reading.mistyped(node, &words);
                        None
                    }
                }
            }

            fn kind() -> $crate::settings::Kind {
                $crate::settings::Kind::Enum(Self::WORDS)
            }

            fn show(&self) -> String {
                format!("\"{}\"", self.word())
            }
        }
    };
}
pub(crate) use choice;

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_strict() {
        for good in ["a", "web", "secret_key_base", "a1_b2"] {
            assert_eq!(name_problem(good), None, "{good}");
        }
        for bad in ["", "_a", "a_", "a__b", "A", "a-b", "1a", "a/b", "..", "ä", &"a".repeat(33)] {
            assert!(name_problem(bad).is_some(), "{bad}");
        }
    }
}
