//! Values of generated Terraform: plain ones, and those that only AWS knows, kept as what they are made from.

use std::collections::BTreeMap;
use std::fmt;
use std::sync::Arc;

use serde_json::{Map, Number};

/// What an expression comes to.
#[derive(Debug, Clone, PartialEq)]
pub enum Value {
    /// `null`
    Null,
    /// `true`, `false`
    Bool(bool),
    /// A number, whole or not.
    Number(f64),
    /// A string.
    String(Arc<str>),
    /// A list; a set is one that is sorted and has nothing twice.
    List(Vec<Value>),
    /// A map or an object.
    Object(BTreeMap<String, Value>),
    /// Something that only AWS knows. Two that are equal are the same value, as long as what they refer to is the same.
    Later(Arc<Later>),
}

/// A value that only AWS knows, as what it is made from.
#[derive(Debug, Clone, PartialEq)]
pub enum Later {
    /// An attribute of a resource that its configuration does not set.
    Attribute(Reference),
    /// A string with such values in it.
    Text(Vec<Value>),
    /// `jsonencode` of a value with such values in it.
    Json(Value),
    /// Anything else that is computed from such values: a function, an operator, an index.
    Derived(String, Vec<Value>),
}

/// An attribute of a resource instance.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct Reference {
    /// The instance: `module.network.aws_subnet.data["a"]`.
    pub address: String,
    /// The path to the attribute: `id`, `master_user_secret[0].secret_arn`. Empty for the resource as a whole.
    pub path: String,
}

impl Reference {
    /// The attribute that the path begins with.
    pub fn attribute(&self) -> &str {
        self.path.split(['.', '[']).next().unwrap_or_default()
    }
}

impl fmt::Display for Reference {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.path.as_str() {
            "" => f.write_str(&self.address),
            path => write!(f, "{}.{path}", self.address),
        }
    }
}

impl From<&str> for Value {
    fn from(text: &str) -> Self {
        Value::String(text.into())
    }
}

impl Value {
    /// An attribute of a resource instance.
    pub(super) fn attribute(address: &str, path: impl Into<String>) -> Self {
        let reference = Reference { address: address.to_owned(), path: path.into() };
        Value::Later(Arc::new(Later::Attribute(reference)))
    }

    /// Something computed from values of which one is known only to AWS.
    pub(super) fn derived(how: impl Into<String>, from: Vec<Value>) -> Self {
        Value::Later(Arc::new(Later::Derived(how.into(), from)))
    }

    /// A string made of parts, as a template joins them. `None` when a part has no text.
    pub(super) fn text(parts: impl IntoIterator<Item = Value>) -> Option<Self> {
        let mut joined: Vec<Value> = Vec::new();
        for part in parts {
            let part = match part {
                Value::Later(later) => match &*later {
                    Later::Text(inner) => inner.clone(),
                    _ => vec![Value::Later(later)],
                },
                plain => vec![Value::String(plain.as_text()?.into())],
            };
            for part in part {
                match (joined.last_mut(), part) {
                    (Some(Value::String(left)), Value::String(right)) => {
                        *left = format!("{left}{right}").into()
                    }
                    (_, part) => joined.push(part),
                }
            }
        }
        Some(match joined.as_slice() {
            [] => Value::from(""),
            [Value::String(text)] => Value::String(text.clone()),
            _ => Value::Later(Arc::new(Later::Text(joined))),
        })
    }

    /// What `jsonencode` makes of it.
    pub(super) fn json(self) -> Self {
        match self.is_known() {
            true => Value::String(self.to_json().to_string().into()),
            false => Value::Later(Arc::new(Later::Json(self))),
        }
    }

    /// The text that Terraform converts a plain value to.
    pub fn as_text(&self) -> Option<String> {
        match self {
            Value::Bool(value) => Some(value.to_string()),
            Value::Number(value) => Some(value.to_string()),
            Value::String(text) => Some(text.to_string()),
            Value::Null | Value::List(_) | Value::Object(_) | Value::Later(_) => None,
        }
    }

    /// Whether nothing in it is known only to AWS.
    pub fn is_known(&self) -> bool {
        let mut known = true;
        self.each_reference(&mut |_| known = false);
        known
    }

    /// Calls a function with every attribute that it is made from.
    pub fn each_reference<'v>(&'v self, found: &mut impl FnMut(&'v Reference)) {
        match self {
            Value::Null | Value::Bool(_) | Value::Number(_) | Value::String(_) => {}
            Value::List(items) => items.iter().for_each(|item| item.each_reference(found)),
            Value::Object(entries) => entries.values().for_each(|value| value.each_reference(found)),
            Value::Later(later) => match &**later {
                Later::Attribute(reference) => found(reference),
                Later::Text(parts) | Later::Derived(_, parts) => {
                    parts.iter().for_each(|part| part.each_reference(found));
                }
                Later::Json(value) => value.each_reference(found),
            },
        }
    }

    /// The same value where resources have other addresses.
    pub fn moved(&self, address: &impl Fn(&str) -> Option<String>) -> Self {
        let all = |values: &[Value]| values.iter().map(|value| value.moved(address)).collect();
        match self {
            Value::Null | Value::Bool(_) | Value::Number(_) | Value::String(_) => self.clone(),
            Value::List(items) => Value::List(all(items)),
            Value::Object(entries) => Value::Object(
                entries.iter().map(|(key, value)| (key.clone(), value.moved(address))).collect(),
            ),
            Value::Later(later) => Value::Later(Arc::new(match &**later {
                Later::Attribute(reference) => Later::Attribute(Reference {
                    address: address(&reference.address).unwrap_or_else(|| reference.address.clone()),
                    path: reference.path.clone(),
                }),
                Later::Text(parts) => Later::Text(all(parts)),
                Later::Json(value) => Later::Json(value.moved(address)),
                Later::Derived(how, from) => Later::Derived(how.clone(), all(from)),
            })),
        }
    }

    /// As JSON, in which what only AWS knows is a string that names it: `${module.network.aws_vpc.main.id}`.
    pub fn to_json(&self) -> serde_json::Value {
        use serde_json::Value as Json;
        match self {
            Value::Null => Json::Null,
            Value::Bool(value) => Json::Bool(*value),
            Value::Number(value) => Json::Number(number(*value)),
            Value::String(text) => Json::String(text.to_string()),
            Value::List(items) => Json::Array(items.iter().map(Value::to_json).collect()),
            Value::Object(entries) => {
                let entries = entries.iter().map(|(key, value)| (key.clone(), value.to_json()));
                Json::Object(entries.collect::<Map<_, _>>())
            }
            Value::Later(later) => Json::String(later.to_string()),
        }
    }
}

/// A whole number without a fraction, as Terraform prints it.
fn number(value: f64) -> Number {
    /// Up to here every whole number is one of its own.
    const EXACT: f64 = 9_007_199_254_740_992.0;
    match value.fract() == 0.0 && value.abs() <= EXACT {
        true => Number::from(value as i64),
        false => Number::from_f64(value).unwrap_or_else(|| Number::from(0)),
    }
}

impl fmt::Display for Later {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Later::Attribute(reference) => write!(f, "${{{reference}}}"),
            Later::Text(parts) => parts.iter().try_for_each(|part| match part {
                Value::String(text) => f.write_str(text),
                Value::Later(later) => later.fmt(f),
                other => write!(f, "{}", other.to_json()),
            }),
            Later::Json(value) => write!(f, "{}", value.to_json()),
            Later::Derived(how, from) => {
                let from: Vec<String> = from.iter().map(|value| value.to_json().to_string()).collect();
                write!(f, "${{{how}({})}}", from.join(", "))
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_text_keeps_what_only_aws_knows() {
        let arn = Value::attribute("aws_s3_bucket.a", "arn");
        let inner = Value::text([Value::from("x-"), arn.clone()]).unwrap();
        let text = Value::text([Value::from("a"), inner, Value::Number(2.0), Value::Bool(true)]).unwrap();
        assert_eq!(text.to_json(), "ax-${aws_s3_bucket.a.arn}2true");
        assert_eq!(Value::text([Value::from("a"), Value::Number(1.5)]), Some(Value::from("a1.5")));
        assert_eq!(Value::text([Value::Null]), None);
    }

    #[test]
    fn json_is_text_only_when_all_of_it_is_known() {
        let object =
            |value| Value::Object([("b".to_owned(), value), ("a".to_owned(), Value::Number(1.0))].into());
        assert_eq!(object(Value::Null).json(), Value::from(r#"{"a":1,"b":null}"#));
        let later = object(Value::attribute("aws_s3_bucket.a", "arn")).json();
        assert!(!later.is_known());
        assert_eq!(later.to_json(), r#"{"a":1,"b":"${aws_s3_bucket.a.arn}"}"#);
    }

    #[test]
    fn references_follow_a_move_wherever_they_stand() {
        let arn = Value::attribute("aws_s3_bucket.a", "versioning[0].x");
        let value = Value::List(vec![Value::text([Value::from("x"), arn]).unwrap().json()]);
        let moved = value.moved(&|address| Some(address.replace(".a", ".b")));
        let mut found = Vec::new();
        moved.each_reference(&mut |reference| found.push((reference.to_string(), reference.attribute())));
        assert_eq!(found, [("aws_s3_bucket.b.versioning[0].x".to_owned(), "versioning")]);
    }
}
