//! What differs between two values: objects by key, lists by what identifies their items.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write as _;

use serde_json::Value;

use super::change::Shown;
use super::path::{Path, Step};
use super::value::Node;

/// What identifies an item of a list, in the order in which they are tried. An item of the list must not lack it.
const IDENTITIES: &[&str] =
    &["name", "Name", "Sid", "sid", "key", "Key", "id", "Id", "containerPort", "device_name"];

/// Lists in which the order means something; all others are compared as sets.
const ORDERED: &[&str] = &["command", "entryPoint", "entry_point", "ordered_cache_behavior"];

/// What an item consists of besides its name, when it is as good as `name = value`.
const VALUES: &[&str] = &["value", "valueFrom"];

const NULL: Node = Node::Null;

/// A part that differs.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Difference {
    /// The way to it.
    pub(super) path: Path,
    /// Before.
    pub(super) before: Shown,
    /// After.
    pub(super) after: Shown,
}

/// Everything that differs between two values, in the order of their keys.
pub(super) fn compare(before: &Node, after: &Node) -> Vec<Difference> {
    let mut comparing = Comparing { found: Vec::new(), json: false };
    comparing.nodes(&Path::default(), before, after);
    comparing.found
}

struct Comparing {
    found: Vec<Difference>,
    /// Inside a JSON string, where empty is not the same as missing.
    json: bool,
}

impl Comparing {
    fn push(&mut self, path: &Path, before: Shown, after: Shown) {
        self.found.push(Difference { path: path.clone(), before, after });
    }

    fn nodes(&mut self, path: &Path, before: &Node, after: &Node) {
        match (before, after) {
            (Node::Hidden(_), _) | (_, Node::Hidden(_)) => self.hidden(path, before, after),
            (_, Node::Later) => self.push(path, before.shown(), Shown::Later),
            (node, Node::Null) | (Node::Null, node) if !self.json && is_empty(node) => {}
            (Node::Json(one), Node::Json(other)) => self.parsed(path, one, other),
            (Node::Json(one), Node::Null) => self.parsed(path, one, &NULL),
            (Node::Null, Node::Json(other)) => self.parsed(path, &NULL, other),
            (Node::Object(_), Node::Object(_) | Node::Null) | (Node::Null, Node::Object(_)) => {
                self.objects(path, before, after);
            }
            (Node::List(_), Node::List(_) | Node::Null) | (Node::Null, Node::List(_)) => {
                self.lists(path, items(before), items(after));
            }
            // A policy may write one action, resource or statement without the list around it.
            (Node::List(one), other) if self.json => self.lists(path, one, std::slice::from_ref(other)),
            (one, Node::List(other)) if self.json => self.lists(path, std::slice::from_ref(one), other),
            _ if before.canonical() == after.canonical() => {}
            _ if before.hides() || after.hides() => self.push(path, concealed(before), concealed(after)),
            _ => self.push(path, before.shown(), after.shown()),
        }
    }

    /// What is hidden on one side may be the same on the other, so neither is shown.
    fn hidden(&mut self, path: &Path, before: &Node, after: &Node) {
        if before.canonical() != after.canonical() {
            self.push(path, concealed(before), concealed(after));
        }
    }

    fn parsed(&mut self, path: &Path, before: &Node, after: &Node) {
        let outer = std::mem::replace(&mut self.json, true);
        self.nodes(path, before, after);
        self.json = outer;
    }

    fn objects(&mut self, path: &Path, before: &Node, after: &Node) {
        let (before, after) = (entries(before), entries(after));
        let keys: BTreeSet<&String> = before.into_iter().chain(after).flat_map(BTreeMap::keys).collect();
        for key in keys {
            let part = |side: Option<&'_ BTreeMap<String, Node>>| {
                side.and_then(|map| map.get(key)).cloned().unwrap_or(Node::Null)
            };
            self.nodes(&path.to(Step::Key(key.clone())), &part(before), &part(after));
        }
    }

    fn lists(&mut self, path: &Path, before: &[Node], after: &[Node]) {
        if let Some(identity) = identity(before, after) {
            return self.identified(path, identity, before, after);
        }
        let name = path.keys().last().unwrap_or_default();
        if ORDERED.contains(&name) {
            return self.ordered(path, before, after);
        }
        let (gone, new) = rest(before, after);
        let hides = gone.iter().chain(&new).any(|(_, node)| node.hides());
        let nested = gone.iter().chain(&new).any(|(_, node)| !node.is_scalar());
        let to = |index: usize| path.to(if nested { Step::Index(index) } else { Step::Some });
        if gone.len() == new.len() && (nested || !hides) {
            for ((_, old), (index, new)) in gone.iter().zip(&new) {
                self.nodes(&to(*index), old, new);
            }
        } else if hides && !nested {
            let conceal = |side: &[(usize, &Node)]| {
                if side.is_empty() { Shown::Absent } else { Shown::Sensitive }
            };
            self.push(path, conceal(&gone), conceal(&new));
        } else {
            for (index, old) in gone {
                self.one_sided(&to(index), old, &NULL, hides);
            }
            for (index, new) in new {
                self.one_sided(&to(index), &NULL, new, hides);
            }
        }
    }

    /// An item without a partner. When anything of the list is hidden nobody knows whether this is the same, open.
    fn one_sided(&mut self, path: &Path, before: &Node, after: &Node, hides: bool) {
        if hides {
            self.push(path, concealed(before), concealed(after));
        } else {
            self.nodes(path, before, after);
        }
    }

    fn ordered(&mut self, path: &Path, before: &[Node], after: &[Node]) {
        if before.iter().chain(after).all(Node::is_scalar) {
            let (before, after) = (Node::List(before.to_vec()), Node::List(after.to_vec()));
            if before.canonical() != after.canonical() {
                let conceal = before.hides() || after.hides();
                let shown = |node: &Node| if conceal { concealed(node) } else { node.shown() };
                self.push(path, shown(&before), shown(&after));
            }
            return;
        }
        for index in 0..before.len().max(after.len()) {
            let [old, new] = [before, after].map(|side| side.get(index).unwrap_or(&NULL));
            self.nodes(&path.to(Step::Index(index)), old, new);
        }
    }

    fn identified(&mut self, path: &Path, identity: &str, before: &[Node], after: &[Node]) {
        let names =
            |side: &[Node]| -> Vec<String> { side.iter().filter_map(|item| name(item, identity)).collect() };
        let (old_names, new_names) = (names(before), names(after));
        let old: BTreeMap<&String, &Node> = old_names.iter().zip(before).collect();
        let new: BTreeMap<&String, &Node> = new_names.iter().zip(after).collect();
        let gone = old_names.iter().filter(|name| !new.contains_key(name));
        for name in new_names.iter().chain(gone) {
            let [old, new] =
                [&old, &new].map(|side| side.get(name).map_or(Node::Null, |item| (*item).clone()));
            let path = path.to(Step::Item(name.clone()));
            match value_key(&old, identity).or_else(|| value_key(&new, identity)) {
                Some(key) if pairs(&old, identity, key) && pairs(&new, identity, key) => {
                    self.nodes(&path, &value(&old, key), &value(&new, key));
                }
                _ => self.nodes(&path, &without(old, identity), &without(new, identity)),
            }
        }
    }
}

fn concealed(node: &Node) -> Shown {
    if *node == Node::Null { Shown::Absent } else { Shown::Sensitive }
}

/// What the provider puts where nothing was written is the same as nothing.
fn is_empty(node: &Node) -> bool {
    match node {
        Node::Null => true,
        Node::Scalar(Value::String(text)) => text.is_empty(),
        Node::Scalar(Value::Bool(value)) => !value,
        Node::Scalar(Value::Number(number)) => number.as_f64() == Some(0.0),
        Node::Scalar(_) => false,
        Node::List(items) => items.is_empty(),
        Node::Object(map) => map.is_empty(),
        Node::Later | Node::Hidden(_) | Node::Json(_) => false,
    }
}

fn items(node: &Node) -> &[Node] {
    if let Node::List(items) = node { items } else { &[] }
}

fn entries(node: &Node) -> Option<&BTreeMap<String, Node>> {
    if let Node::Object(map) = node { Some(map) } else { None }
}

/// The key under which every item of both sides has a name of its own.
fn identity(before: &[Node], after: &[Node]) -> Option<&'static str> {
    if before.is_empty() && after.is_empty() {
        return None;
    }
    let unique = |side: &[Node], identity: &str| {
        let mut seen = BTreeSet::new();
        side.iter().all(|item| name(item, identity).is_some_and(|name| seen.insert(name)))
    };
    IDENTITIES.iter().copied().find(|identity| unique(before, identity) && unique(after, identity))
}

fn name(item: &Node, identity: &str) -> Option<String> {
    match entries(item)?.get(identity)? {
        Node::Scalar(Value::String(text)) if !text.is_empty() => Some(text.clone()),
        Node::Scalar(Value::Number(number)) => Some(number.to_string()),
        _ => None,
    }
}

/// The key of the value when the item is a name and a value and nothing else.
fn value_key(item: &Node, identity: &str) -> Option<&'static str> {
    VALUES.iter().copied().find(|key| *item != Node::Null && pairs(item, identity, key))
}

/// Whether there is no item, or one that has the name and this value and nothing else.
fn pairs(item: &Node, identity: &str, key: &str) -> bool {
    entries(item).is_none_or(|map| map.len() == 2 && map.contains_key(identity) && map.contains_key(key))
}

fn value(item: &Node, key: &str) -> Node {
    entries(item).and_then(|map| map.get(key)).cloned().unwrap_or(Node::Null)
}

/// An item without its name, which stands in the path; its name alone when there is nothing else.
fn without(item: Node, identity: &str) -> Node {
    match item {
        Node::Object(mut map) if map.len() > 1 => {
            map.remove(identity);
            Node::Object(map)
        }
        other => other,
    }
}

/// Nodes and their places in the list.
type Placed<'a> = Vec<(usize, &'a Node)>;

/// The items that the other side does not have.
fn rest<'a>(before: &'a [Node], after: &'a [Node]) -> (Placed<'a>, Placed<'a>) {
    let text = |node: &Node| {
        let mut text = String::new();
        // a String takes everything that is written to it
        let _ = write!(text, "{}", node.canonical());
        text
    };
    let mut known: BTreeMap<String, usize> = BTreeMap::new();
    for node in before {
        *known.entry(text(node)).or_default() += 1;
    }
    let mut new = Vec::new();
    for placed in after.iter().enumerate() {
        match known.get_mut(&text(placed.1)) {
            Some(count) if *count > 0 => *count -= 1,
            _ => new.push(placed),
        }
    }
    let mut gone = Vec::new();
    for placed in before.iter().enumerate().rev() {
        if let Some(count) = known.get_mut(&text(placed.1)).filter(|count| **count > 0) {
            *count -= 1;
            gone.push(placed);
        }
    }
    gone.reverse();
    (gone, new)
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn differences(before: Value, after: Value) -> Vec<String> {
        let node = |value: &Value| Node::new(value, &Value::Null, &Value::Null);
        let show = |shown: &Shown| match shown {
            Shown::Absent => "-".to_owned(),
            Shown::Value(value) => value.to_string(),
            other => format!("{other:?}"),
        };
        let found = compare(&node(&before), &node(&after));
        found.iter().map(|d| format!("{} {} {}", d.path, show(&d.before), show(&d.after))).collect()
    }

    #[test]
    fn containers_and_their_variables_are_matched_by_name() {
        let containers = |rails: &str, cpu: u32| {
            let environment = json!([{"name": "B", "value": "b"}, {"name": "RAILS_ENV", "value": rails}]);
            json!({"container_definitions": json!([
                {"name": "proxy", "cpu": 1},
                {"name": "web", "cpu": cpu, "environment": environment},
            ]).to_string()})
        };
        assert_eq!(
            differences(containers("a", 2), containers("b", 3)),
            [
                "container_definitions.web.cpu 2 3",
                "container_definitions.web.environment.RAILS_ENV \"a\" \"b\""
            ]
        );
    }

    #[test]
    fn statements_are_matched_by_sid_and_a_single_action_is_a_list() {
        let policy = |statements: Value| json!({"policy": json!({"Statement": statements}).to_string()});
        let one = json!([{"Sid": "A", "Action": "s3:GetObject"}, {"Sid": "B", "Action": "x"}]);
        let other =
            json!([{"Sid": "B", "Action": ["x"]}, {"Sid": "A", "Action": ["s3:PutObject", "s3:GetObject"]}]);
        assert_eq!(
            differences(policy(one), policy(other)),
            ["policy.Statement.A.Action[] - \"s3:PutObject\""]
        );
    }

    #[test]
    fn order_is_noise_except_in_commands() {
        let sides = |list: Value| json!({"actions": list, "x": json!({"command": list}).to_string()});
        let (one, other) = (sides(json!(["a", "b"])), sides(json!(["b", "a"])));
        assert_eq!(differences(one, other), [r#"x.command ["a","b"] ["b","a"]"#]);
    }

    #[test]
    fn blocks_without_identity_are_matched_by_content_then_by_order() {
        let one = json!({"ingress": [{"from": 1, "to": 1}, {"from": 2, "to": 2}]});
        let other = json!({"ingress": [{"from": 2, "to": 2}, {"from": 1, "to": 9}]});
        assert_eq!(differences(one.clone(), other), ["ingress[1].to 1 9"]);
        let fewer = json!({"ingress": [{"from": 2, "to": 2}]});
        assert_eq!(differences(one, fewer), ["ingress[0].from 1 -", "ingress[0].to 1 -"]);
    }

    #[test]
    fn empty_is_missing_in_attributes_and_not_in_json() {
        let empty = json!({"a": "", "b": [], "c": null, "d": false, "e": 0});
        assert!(differences(empty, json!({"a": null, "b": null})).is_empty());
        assert_eq!(differences(json!({"a": true}), json!({"a": false})), ["a true false"]);
        let text = |value: Value| json!({"p": value.to_string()});
        assert_eq!(differences(text(json!({"a": ""})), text(json!({"a": null}))), ["p.a \"\" -"]);
    }
}
