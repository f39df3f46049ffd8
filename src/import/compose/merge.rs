//! Merging of compose files, and of a service with what it extends.

use std::collections::BTreeSet;
use std::sync::Arc;

use indexmap::map::Entry as Slot;

use crate::import::report::Report;
use crate::import::yaml::{Entry, Map, Node, Value};

/// Keys of a service whose list of `NAME=value` is a mapping in another form.
const PAIRS: [&str; 5] = ["environment", "labels", "args", "annotations", "sysctls"];
/// Keys whose list of names is a mapping with nothing in it.
const NAMES: [&str; 2] = ["depends_on", "networks"];
/// Keys that replace instead of adding.
const REPLACED: [&str; 3] = ["command", "entrypoint", "test"];

/// A service, or a whole file, with lists that are mappings in another form written as mappings.
pub(super) fn canonical(node: &Node, key: &str) -> Node {
    match &node.value {
        Value::List(items) if PAIRS.contains(&key) => node.with(Value::Map(Arc::new(pairs(items)))),
        Value::List(items) if NAMES.contains(&key) => {
            let entries = items.iter().filter_map(|item| {
                let name: Arc<str> = item.text()?.into();
                Some((name, Entry { key: item.span, node: item.with(Value::Map(Arc::default())) }))
            });
            node.with(Value::Map(Arc::new(entries.collect())))
        }
        Value::Map(map) => {
            let mut written = Map::new();
            for (name, entry) in map.iter() {
                written.insert(name.clone(), Entry { key: entry.key, node: canonical(&entry.node, name) });
            }
            node.with(Value::Map(Arc::new(written)))
        }
        _ => node.clone(),
    }
}

/// `NAME=value` as entries; a name alone has null.
fn pairs(items: &[Node]) -> Map {
    let mut map = Map::new();
    for item in items {
        let Some(text) = item.text() else { continue };
        let (name, node) = match text.split_once('=') {
            Some((name, value)) => (name, item.with_text(value)),
            None => (text, item.with(Value::Null)),
        };
        map.insert(name.into(), Entry { key: item.span, node });
    }
    map
}

/// Two canonical trees as one, of which `over` has the last word.
pub(super) fn merged(base: &Node, over: &Node, key: &str, report: &mut Report) -> Node {
    match over.tag.as_deref() {
        Some("reset") => {
            report.replaced(base.id);
            return over.with(Value::Null);
        }
        Some("override") => {
            report.replaced(base.id);
            return over.clone();
        }
        _ => {}
    }
    match (&base.value, &over.value) {
        (Value::Map(first), Value::Map(second)) => {
            let mut map: Map = (**first).clone();
            for (name, entry) in second.iter() {
                match map.entry(name.clone()) {
                    Slot::Occupied(mut slot) => {
                        let base = slot.get();
                        let node = merged(&base.node, &entry.node, name, report);
                        // What a null leaves as it is stands where it stood.
                        let key = if node.id == base.node.id { base.key } else { entry.key };
                        slot.insert(Entry { key, node });
                    }
                    Slot::Vacant(slot) => {
                        slot.insert(entry.clone());
                    }
                }
            }
            over.with(Value::Map(Arc::new(map)))
        }
        (Value::List(first), Value::List(second)) if !REPLACED.contains(&key) => {
            // Of two items for the same place in the container the later one holds.
            let later: BTreeSet<String> = second.iter().map(|item| place(item, key)).collect();
            let mut items: Vec<Node> = Vec::new();
            for item in first.iter() {
                if later.contains(&place(item, key)) {
                    report.replaced(item.id);
                } else {
                    items.push(item.clone());
                }
            }
            items.extend(second.iter().cloned());
            over.with(Value::List(items.into()))
        }
        (_, Value::Null) => base.clone(),
        _ => {
            report.replaced(base.id);
            over.clone()
        }
    }
}

/// What an item of a list is about.
fn place(node: &Node, key: &str) -> String {
    let field =
        |name: &str| node.map().and_then(|map| map.get(name)?.node.text()).unwrap_or_default().to_owned();
    match (key, node.text()) {
        ("volumes", Some(text)) => text.split(':').nth(1).unwrap_or(text).to_owned(),
        ("volumes", None) => field("target"),
        ("ports", None) => format!("{}:{}/{}", field("published"), field("target"), field("protocol")),
        ("secrets" | "configs", None) => field("source"),
        (_, Some(text)) => text.to_owned(),
        (_, None) => format!("{:?}", node.id),
    }
}
