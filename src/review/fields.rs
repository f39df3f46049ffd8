//! What changes of a resource, as a reviewer wants to read it: parts that differ, without those that only follow.

use serde_json::{Map, Value};

use super::change::{Field, Shown, Sides};
use super::compare::{Difference, compare};
use super::path::{Path, Step};
use super::value::Node;

/// Attributes that AWS or the provider computes, whatever the type.
const COMPUTED: &[&str] =
    &["id", "arn", "arn_without_revision", "revision", "tags_all", "unique_id", "owner_id"];

/// The parts of a resource that differ; nothing when it is created or destroyed as a whole.
///
/// JSON strings are compared by their content, lists by what identifies their items. Order, computed attributes and
/// `tags_all` beside `tags` are left out unless they are what replaces the resource. A value that is sensitive on either
/// side is shown on neither.
pub fn fields(sides: &Sides) -> Vec<Field> {
    if sides.before.is_null() || sides.after.is_null() {
        return Vec::new();
    }
    let sensitive = either(&sides.sensitive_before, &sides.sensitive_after);
    let before = Node::new(&sides.before, &Value::Null, &sensitive);
    let after = Node::new(&sides.after, &sides.unknown, &sensitive);
    let causes: Vec<Cause<'_>> = sides.replace_paths.iter().map(|path| Cause::new(path)).collect();
    let found = compare(&before, &after);
    let of_tags: Vec<Vec<String>> = found.iter().filter_map(|found| below(&found.path, "tags")).collect();
    let mut fields: Vec<(Field, Standing)> = found
        .iter()
        .map(|found| {
            let replaces = causes.iter().any(|cause| cause.is(&found.path));
            let standing = if replaces { Standing::Own } else { standing(found, &of_tags) };
            (field(found, replaces), standing)
        })
        .collect();
    let own = fields.iter().any(|(_, standing)| *standing == Standing::Own);
    fields.retain(|(_, standing)| *standing == Standing::Own || (!own && *standing == Standing::Follows));
    let mut fields: Vec<Field> = fields.into_iter().map(|(field, _)| field).collect();
    let unseen = causes.iter().filter(|cause| !found.iter().any(|found| cause.is(&found.path)));
    fields.extend(unseen.map(|cause| cause.field(&before, &after)));
    fields
}

/// What either of two masks hides.
fn either(one: &Value, other: &Value) -> Value {
    match (one, other) {
        (Value::Bool(true), _) | (_, Value::Bool(true)) => Value::Bool(true),
        (Value::Object(one), Value::Object(other)) => {
            let keys = one.keys().chain(other.keys().filter(|key| !one.contains_key(*key)));
            let part = |mask: &Map<String, Value>, key: &str| mask.get(key).cloned().unwrap_or_default();
            keys.map(|key| (key.clone(), either(&part(one, key), &part(other, key)))).collect()
        }
        (Value::Array(one), Value::Array(other)) => (0..one.len().max(other.len()))
            .map(|at| either(one.get(at).unwrap_or(&Value::Null), other.get(at).unwrap_or(&Value::Null)))
            .collect(),
        (mask @ (Value::Object(_) | Value::Array(_)), _) | (_, mask) => mask.clone(),
    }
}

fn field(found: &Difference, replaces: bool) -> Field {
    Field {
        path: found.path.to_string(),
        before: found.before.clone(),
        after: found.after.clone(),
        replaces,
        place: None,
    }
}

/// How a difference stands to the others of its resource.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Standing {
    /// Somebody asked for it.
    Own,
    /// It follows from others, and is told when there is no other.
    Follows,
    /// It is never worth a word.
    Noise,
}

fn standing(found: &Difference, of_tags: &[Vec<String>]) -> Standing {
    let top = found.path.keys().next().unwrap_or_default();
    if !COMPUTED.contains(&top) {
        return Standing::Own;
    }
    match below(&found.path, "tags_all") {
        _ if found.after == Shown::Later => Standing::Noise,
        Some(rest) if of_tags.contains(&rest) => Standing::Noise,
        // Tags that the provider gives to everything.
        Some(_) => Standing::Own,
        None => Standing::Follows,
    }
}

/// The way below an attribute, when it leads there.
fn below(path: &Path, attribute: &str) -> Option<Vec<String>> {
    let mut keys = path.keys();
    (keys.next() == Some(attribute)).then(|| keys.map(str::to_owned).collect())
}

/// A path of the plan that forces the replacement.
struct Cause<'a> {
    path: &'a [Value],
    keys: Vec<&'a str>,
}

impl<'a> Cause<'a> {
    fn new(path: &'a [Value]) -> Self {
        Self { path, keys: path.iter().filter_map(Value::as_str).collect() }
    }

    /// Whether a difference is this cause, a part of it, or the block that it is a part of.
    fn is(&self, path: &Path) -> bool {
        path.keys().zip(&self.keys).all(|(one, other)| one == *other)
    }

    /// The cause itself, where the values look alike: they may differ in what is left out, such as order.
    fn field(&self, before: &Node, after: &Node) -> Field {
        let steps = self.path.iter().map(|step| match step {
            Value::Number(index) => {
                Step::Index(index.as_u64().and_then(|index| index.try_into().ok()).unwrap_or_default())
            }
            Value::String(key) => Step::Key(key.clone()),
            other => Step::Key(other.to_string()),
        });
        let path = Path(steps.collect());
        let (old, new) = (at(before, &path.0).shown(), at(after, &path.0).shown());
        let hidden = old == Shown::Sensitive || new == Shown::Sensitive;
        let hide = |shown: Shown| if hidden && shown != Shown::Absent { Shown::Sensitive } else { shown };
        Field { path: path.to_string(), before: hide(old), after: hide(new), replaces: true, place: None }
    }
}

fn at<'a>(node: &'a Node, steps: &[Step]) -> &'a Node {
    let Some((step, rest)) = steps.split_first() else { return node };
    let next = match (node, step) {
        (Node::Object(map), Step::Key(key)) => map.get(key),
        (Node::List(items), Step::Index(index)) => items.get(*index),
        // Nothing inside of what is hidden may be told apart from the whole.
        (Node::Hidden(_), _) => return node,
        _ => None,
    };
    next.map_or(&Node::Null, |next| at(next, rest))
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn paths(sides: &Sides) -> Vec<String> {
        fields(sides).into_iter().map(|field| field.path).collect()
    }

    #[test]
    fn computed_attributes_follow_the_change_that_causes_them() {
        let sides = Sides {
            before: json!({"arn": "a:1", "id": "1", "revision": 1, "tags": {"A": "1"}, "tags_all": {"A": "1"}}),
            after: json!({"tags": {"A": "2"}, "tags_all": {"A": "2"}}),
            unknown: json!({"arn": true, "id": true, "revision": true}),
            ..Sides::default()
        };
        assert_eq!(paths(&sides), ["tags.A"]);
    }

    #[test]
    fn tags_of_the_provider_are_told_when_only_they_change() {
        let sides = Sides {
            before: json!({"tags": null, "tags_all": {"Team": "a"}}),
            after: json!({"tags": null, "tags_all": {"Team": "b"}}),
            ..Sides::default()
        };
        assert_eq!(paths(&sides), ["tags_all.Team"]);
    }

    #[test]
    fn the_cause_of_a_replacement_is_marked_and_never_left_out() {
        let sides = Sides {
            before: json!({"engine": "mysql", "class": "a", "ingress": [{"port": 1}], "names": ["a", "b"]}),
            after: json!({"engine": "postgres", "class": "b", "ingress": [{"port": 2}], "names": ["b", "a"]}),
            replace_paths: vec![
                vec![json!("engine")],
                vec![json!("ingress"), json!(0), json!("port")],
                vec![json!("names")],
            ],
            ..Sides::default()
        };
        let found = fields(&sides);
        let causes: Vec<&str> =
            found.iter().filter(|field| field.replaces).map(|field| field.path.as_str()).collect();
        assert_eq!(causes, ["engine", "ingress[0].port", "names"]);
        assert_eq!(found.len(), 4);
    }

    #[test]
    fn a_value_that_is_sensitive_on_one_side_is_shown_on_neither() {
        let secret = |mask_before: Value, mask_after: Value| Sides {
            before: json!({"p": "hunter2", "list": ["hunter2", "x"], "json": "{\"k\":\"hunter2\"}"}),
            after: json!({"p": "hunter3", "list": ["hunter3", "y", "z"], "json": "{\"k\":\"hunter3\"}"}),
            sensitive_before: mask_before,
            sensitive_after: mask_after,
            replace_paths: vec![vec![json!("p")], vec![json!("json")]],
            ..Sides::default()
        };
        let mask = json!({"p": true, "list": [true, false], "json": true});
        for (before, after) in [(mask.clone(), json!({})), (json!(false), mask.clone()), (mask.clone(), mask)]
        {
            let text = format!("{:?}", fields(&secret(before, after)));
            assert!(!text.contains("hunter"), "{text}");
            assert!(text.contains("Sensitive"), "{text}");
        }
    }

    #[test]
    fn what_comes_or_goes_as_a_whole_has_no_fields() {
        let sides = Sides { after: json!({"a": 1}), ..Sides::default() };
        assert!(fields(&sides).is_empty());
    }
}
