//! Values of a plan with what may be shown of them: masks applied, JSON strings parsed.

use std::collections::BTreeMap;

use serde_json::Value;

use super::change::Shown;

/// The only attribute of which a sensitive value shows its shape: the names of containers and variables, no value.
const CONTAINERS: &str = "container_definitions";

/// Part of a value.
#[derive(Debug, Clone, PartialEq)]
pub(super) enum Node {
    /// Null, or not there.
    Null,
    /// A string, number or boolean.
    Scalar(Value),
    /// Known only after the apply.
    Later,
    /// Must not be shown; kept to see whether it changes.
    Hidden(Value),
    /// Nodes by key.
    Object(BTreeMap<String, Node>),
    /// Nodes in order.
    List(Vec<Node>),
    /// What a string holds as JSON.
    Json(Box<Node>),
}

impl Node {
    /// The attributes of a resource. Masks have the shape of the value, or are `true` for all of it.
    pub(super) fn new(value: &Value, unknown: &Value, sensitive: &Value) -> Self {
        Self::attribute(None, value, unknown, sensitive)
    }

    fn attribute(name: Option<&str>, value: &Value, unknown: &Value, sensitive: &Value) -> Self {
        if sensitive == &Value::Bool(true) {
            return Self::hidden(name, value, unknown);
        }
        if unknown == &Value::Bool(true) {
            return Self::Later;
        }
        match (value, unknown) {
            (Value::String(text), _) => match json(text) {
                Some(parsed) => Self::Json(Box::new(Self::plain(&parsed))),
                None => Self::Scalar(value.clone()),
            },
            // What is known only later is missing in the value and present in its mask.
            (Value::Object(values), _) => {
                let later = unknown.as_object().into_iter().flat_map(|mask| mask.keys());
                let keys = values.keys().chain(later.filter(|key| !values.contains_key(*key)));
                let node = |key: &String| {
                    let part = |whole: &Value| whole.get(key).cloned().unwrap_or_default();
                    Self::attribute(Some(key), &part(value), &part(unknown), &part(sensitive))
                };
                Self::Object(keys.map(|key| (key.clone(), node(key))).collect())
            }
            (Value::Array(values), _) => {
                let length = values.len().max(unknown.as_array().map_or(0, Vec::len));
                let node = |index: usize| {
                    let part = |whole: &Value| whole.get(index).cloned().unwrap_or_default();
                    Self::attribute(name, &part(value), &part(unknown), &part(sensitive))
                };
                Self::List((0..length).map(node).collect())
            }
            (Value::Null, _) => Self::Null,
            _ => Self::Scalar(value.clone()),
        }
    }

    fn hidden(name: Option<&str>, value: &Value, unknown: &Value) -> Self {
        if value.is_null() && unknown != &Value::Bool(true) {
            return Self::Null;
        }
        let text = value.as_str().filter(|_| name == Some(CONTAINERS));
        match text.and_then(json) {
            Some(parsed) => Self::Json(Box::new(Self::shape(&parsed))),
            None => Self::Hidden(value.clone()),
        }
    }

    /// A value without masks and without strings that hold JSON.
    fn plain(value: &Value) -> Self {
        match value {
            Value::Null => Self::Null,
            Value::Object(map) => {
                Self::Object(map.iter().map(|(key, value)| (key.clone(), Self::plain(value))).collect())
            }
            Value::Array(items) => Self::List(items.iter().map(Self::plain).collect()),
            scalar => Self::Scalar(scalar.clone()),
        }
    }

    /// The names in a value, and nothing else of it.
    fn shape(value: &Value) -> Self {
        match value {
            Value::Null => Self::Null,
            Value::Object(map) => Self::Object(
                map.iter()
                    .map(|(key, value)| {
                        let named = key == "name" && value.is_string();
                        (key.clone(), if named { Self::plain(value) } else { Self::shape(value) })
                    })
                    .collect(),
            ),
            Value::Array(items) => Self::List(items.iter().map(Self::shape).collect()),
            scalar => Self::Hidden(scalar.clone()),
        }
    }

    /// Whether a part of it must not be shown.
    pub(super) fn hides(&self) -> bool {
        match self {
            Self::Hidden(_) => true,
            Self::Object(map) => map.values().any(Self::hides),
            Self::List(items) => items.iter().any(Self::hides),
            Self::Json(node) => node.hides(),
            Self::Null | Self::Scalar(_) | Self::Later => false,
        }
    }

    /// Whether it is a string, number or boolean, shown or not.
    pub(super) fn is_scalar(&self) -> bool {
        matches!(self, Self::Scalar(_) | Self::Later | Self::Hidden(_))
    }

    /// The value, also of what is hidden, with every object in the order of its keys; for comparing only.
    pub(super) fn canonical(&self) -> Value {
        match self {
            Self::Null => Value::Null,
            Self::Later => Value::String("(known after the apply)".to_owned()),
            Self::Scalar(value) | Self::Hidden(value) => sorted(value),
            Self::Object(map) => {
                let known = map.iter().filter(|(_, node)| !matches!(node, Self::Null));
                known.map(|(key, node)| (key.clone(), node.canonical())).collect()
            }
            Self::List(items) => items.iter().map(Self::canonical).collect(),
            Self::Json(node) => node.canonical(),
        }
    }

    /// What a report may show.
    pub(super) fn shown(&self) -> Shown {
        match self {
            Self::Null => Shown::Absent,
            Self::Later => Shown::Later,
            node if node.hides() => Shown::Sensitive,
            node => Shown::Value(node.canonical()),
        }
    }
}

/// What a string holds when that is a JSON object or list.
fn json(text: &str) -> Option<Value> {
    let structured = text.trim_start().starts_with(['{', '[']);
    structured.then(|| serde_json::from_str(text).ok()).flatten()
}

/// The same value with every object in the order of its keys.
fn sorted(value: &Value) -> Value {
    match value {
        Value::Object(_) | Value::Array(_) => Node::plain(value).canonical(),
        scalar => scalar.clone(),
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn what_is_known_later_is_there_although_the_value_lacks_it() {
        let node = Node::new(&json!({"a": 1}), &json!({"b": true}), &json!(false));
        let Node::Object(map) = node else { panic!("{node:?}") };
        assert_eq!(map["b"], Node::Later);
    }

    #[test]
    fn a_sensitive_value_is_hidden_also_when_it_is_a_whole_object_or_unknown() {
        let node = Node::new(&json!({"a": {"b": 1}}), &json!({"c": true}), &json!({"a": true, "c": true}));
        let Node::Object(map) = node else { panic!("{node:?}") };
        assert_eq!(map["a"].shown(), Shown::Sensitive);
        assert_eq!(map["c"].shown(), Shown::Sensitive);
    }

    #[test]
    fn sensitive_containers_show_names_and_no_values() {
        let text = r#"[{"name":"web","environment":[{"name":"TOKEN","value":"hunter2"}],"cpu":1}]"#;
        let sides = json!({"container_definitions": text, "other": text});
        let node = Node::new(&sides, &json!({}), &json!({"container_definitions": true, "other": true}));
        let Node::Object(map) = node else { panic!("{node:?}") };
        assert_eq!(map["other"], Node::Hidden(json!(text)));
        let Node::Json(containers) = &map["container_definitions"] else { panic!("{map:?}") };
        let Node::List(items) = &**containers else { panic!("{containers:?}") };
        let Node::Object(container) = &items[0] else { panic!("{items:?}") };
        assert_eq!(container["name"], Node::Scalar(json!("web")));
        assert_eq!(container["cpu"].shown(), Shown::Sensitive);
    }

    #[test]
    fn the_order_of_keys_makes_no_difference() {
        let [one, other] = [r#"{"a":1,"b":[{"c":1,"d":2}]}"#, r#"{"b":[{"d":2,"c":1}],"a":1}"#]
            .map(|text| Node::new(&json!(text), &json!(false), &json!(false)).canonical().to_string());
        assert_eq!(one, other);
    }
}
