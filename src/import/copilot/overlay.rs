//! What `environments` of a manifest says, merged over the rest of it as Copilot does.

use std::collections::BTreeSet;
use std::sync::Arc;

use crate::import::yaml::{Entry, Map, Node, NodeId, Value};

/// A manifest without its `environments`, and these.
pub(super) fn split(manifest: &Node) -> (Node, Vec<(Arc<str>, Node)>) {
    let Some(map) = manifest.map() else { return (manifest.clone(), Vec::new()) };
    let mut rest = Map::clone(map);
    // What is no mapping with something in it says nothing about an environment, and stays where the report finds it.
    let says = |entry: &Entry| entry.node.map().is_some_and(|map| !map.is_empty());
    let environments = rest.get("environments").cloned().filter(says);
    if environments.is_some() {
        rest.shift_remove("environments");
    }
    let environments = environments.iter().filter_map(|entry| entry.node.map()).flatten();
    let environments = environments.map(|(name, entry)| (name.clone(), entry.node.clone())).collect();
    (manifest.with(Value::Map(Arc::new(rest))), environments)
}

/// Lays a value over another: mappings are merged, everything else is replaced, and null changes nothing.
pub(super) fn merged(base: &Node, over: &Node) -> Node {
    merged_at("", base, over)
}

fn merged_at(key: &str, base: &Node, over: &Node) -> Node {
    let (low, high) = match (&base.value, &over.value) {
        (_, Value::Null) => return base.clone(),
        (Value::Map(low), Value::Map(high)) => (low, high),
        _ => return over.clone(),
    };
    let mut map = Map::clone(low);
    let stands = |name: &str| high.get(name).is_some_and(|entry| !matches!(entry.node.value, Value::Null));
    // Of these, one excludes the other.
    for (one, others) in [("location", &["build"][..]), ("build", &["location"])] {
        if key == "image" && stands(one) {
            others.iter().for_each(|other| drop(map.shift_remove(*other)));
        }
    }
    if key == "count" {
        match stands("spot") {
            true => map.clear(),
            false => drop(map.shift_remove("spot")),
        }
    }
    for (name, entry) in high.iter() {
        match map.get_mut(name) {
            Some(below) => {
                let node = merged_at(name, &below.node, &entry.node);
                below.key = if node.id == below.node.id { below.key } else { entry.key };
                below.node = node;
            }
            None => drop(map.insert(name.clone(), entry.clone())),
        }
    }
    over.with(Value::Map(Arc::new(map)))
}

/// All values inside of one.
pub(super) fn inside(node: &Node) -> BTreeSet<NodeId> {
    let mut found = BTreeSet::new();
    collect(node, &mut found);
    found
}

fn collect(node: &Node, found: &mut BTreeSet<NodeId>) {
    found.insert(node.id);
    match &node.value {
        Value::List(items) => items.iter().for_each(|item| collect(item, found)),
        Value::Map(map) => map.values().for_each(|entry| collect(&entry.node, found)),
        _ => {}
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::import::yaml;
    use crate::source::{Source, Sources, Syntax};

    fn merged_text(text: &str) -> String {
        let mut sources = Sources::default();
        let file = sources.add(Source::new("manifest.yml", text, Syntax::Foreign));
        let document = yaml::parse(&sources, file).value.unwrap().remove(0);
        let (rest, environments) = split(&document);
        print(&merged(&rest, &environments[0].1))
    }

    fn print(node: &Node) -> String {
        match &node.value {
            Value::Null => "null".to_owned(),
            Value::Text { text, .. } => text.to_string(),
            Value::List(items) => format!("[{}]", items.iter().map(print).collect::<Vec<_>>().join(",")),
            Value::Map(map) => {
                let entries = map.iter().map(|(key, entry)| format!("{key}:{}", print(&entry.node)));
                format!("{{{}}}", entries.collect::<Vec<_>>().join(","))
            }
        }
    }

    #[test]
    fn environments_are_merged_as_copilot_does() {
        for (text, expected) in [
            ("a: {x: 1, y: 2}\nenvironments: {t: {a: {y: 3}}}", "{a:{x:1,y:3}}"),
            ("a: [1, 2]\nenvironments: {t: {a: [3]}}", "{a:[3]}"),
            ("a: 1\nenvironments: {t: {a: {b: 2}, c: ~}}", "{a:{b:2},c:null}"),
            ("a: 1\nenvironments: {t: }", "{a:1}"),
            (
                "image: {build: x, port: 1}\nenvironments: {t: {image: {location: y}}}",
                "{image:{port:1,location:y}}",
            ),
            ("count: {range: 1-2, requests: 5}\nenvironments: {t: {count: {spot: 2}}}", "{count:{spot:2}}"),
            ("count: {spot: 2}\nenvironments: {t: {count: {range: 1-2}}}", "{count:{range:1-2}}"),
        ] {
            assert_eq!(merged_text(text), expected, "{text}");
        }
    }
}
