//! The same document with other names: which addresses a name is part of is found by compiling it under another one.

use std::sync::Arc;

use indexmap::IndexMap;

use crate::model::Model;
use crate::syntax::{Document, Entry, Node, Part, Table, Value, Word};
use crate::terms::Id;

/// The components that had other names before, with all names: the oldest first, the present one last.
pub fn renamed(model: &Model) -> IndexMap<Id, Vec<Arc<str>>> {
    let mut found = IndexMap::new();
    for (id, entry) in model.environments.iter().flat_map(|environment| &environment.components) {
        let former = &entry.common.renamed_from.0;
        if !former.is_empty() {
            let former = former.iter().map(|(_, name)| name.0.clone());
            found.insert(id.clone(), former.chain([id.name.clone()]).collect());
        }
    }
    found
}

/// A document in which components have other names, wherever these stand: in labels, in overlays, in references.
pub fn rename(document: &Document, names: &[(Id, Arc<str>)]) -> Document {
    Document {
        root: Arc::new(Renaming { names }.level(&document.root, &["environment", "app"])),
        ..*document
    }
}

struct Renaming<'n> {
    names: &'n [(Id, Arc<str>)],
}

impl Renaming<'_> {
    fn new_name(&self, kind: &str, name: &str) -> Option<&Arc<str>> {
        let found = self.names.iter().find(|(id, _)| id.kind == kind && *id.name == *name);
        found.map(|(_, new)| new)
    }

    /// A table whose keys may be kinds of components, and of blocks that hold such tables themselves: the file holds
    /// environments and apps, an environment holds apps.
    fn level(&self, table: &Table, inner: &[&str]) -> Table {
        map(table, |key, entry| {
            let value = match (&entry.node.value, key) {
                (Value::Table(named), key) if inner.contains(&key) => {
                    let inner = if key == "environment" { &["app"][..] } else { &[] };
                    Value::Table(Arc::new(map(named, |label, entry| {
                        (label.into(), with_table(entry, |body| self.level(body, inner)))
                    })))
                }
                (Value::Table(named), kind) => Value::Table(Arc::new(map(named, |label, entry| match self
                    .new_name(kind, label)
                {
                    Some(new) => (new.clone(), with_table(entry, |body| self.component(body, label, new))),
                    None => (label.into(), with(entry, self.value(&entry.node.value))),
                }))),
                (value, _) => self.value(value),
            };
            (key.into(), with(entry, value))
        })
    }

    /// The body of a component that is called differently. The main container of a service or task has its name, so it
    /// is renamed where routes lead to it and containers wait for it.
    fn component(&self, body: &Table, old: &str, new: &Arc<str>) -> Table {
        map(body, |key, entry| {
            let of_containers = |table: &Table| {
                map(table, |label, entry| {
                    (label.into(), with_table(entry, |body| containers(body, old, new)))
                })
            };
            let entry = with(entry, self.value(&entry.node.value));
            let entry = match key {
                "route" | "container" => with_table(&entry, of_containers),
                _ => entry,
            };
            (key.into(), entry)
        })
    }

    fn value(&self, value: &Value) -> Value {
        match value {
            Value::Reference(words) => Value::Reference(self.words(words)),
            Value::Template(parts) => Value::Template(
                parts
                    .iter()
                    .map(|part| match part {
                        Part::Reference(span, words) => Part::Reference(*span, self.words(words)),
                        text => text.clone(),
                    })
                    .collect(),
            ),
            Value::List(items) => {
                let items = items.iter().map(|item| Node { value: self.value(&item.value), ..*item });
                Value::List(items.collect())
            }
            Value::Table(table) => Value::Table(Arc::new(map(table, |key, entry| {
                (key.into(), with(entry, self.value(&entry.node.value)))
            }))),
            plain => plain.clone(),
        }
    }

    fn words(&self, words: &Arc<[Word]>) -> Arc<[Word]> {
        let [kind, name, ..] = &words[..] else { return words.clone() };
        let Some(new) = self.new_name(&kind.text, &name.text) else { return words.clone() };
        let mut words = words.to_vec();
        words[1].text = new.clone();
        words.into()
    }
}

/// A route or a container beside the main one, in which the main one is called differently.
fn containers(body: &Table, old: &str, new: &Arc<str>) -> Table {
    map(body, |key, entry| match (key, &entry.node.value) {
        ("container", Value::String(name)) if **name == *old => {
            (key.into(), with(entry, Value::String(new.clone())))
        }
        ("depends_on", Value::Table(_)) => {
            let rename = |waits: &Table| {
                map(waits, |name, entry| (if name == old { new.clone() } else { name.into() }, entry.clone()))
            };
            (key.into(), with_table(entry, rename))
        }
        _ => (key.into(), entry.clone()),
    })
}

fn map(table: &Table, change: impl Fn(&str, &Entry) -> (Arc<str>, Entry)) -> Table {
    Table { entries: table.entries.iter().map(|(key, entry)| change(key, entry)).collect() }
}

/// The same entry with another value.
fn with(entry: &Entry, value: Value) -> Entry {
    Entry { node: Node { value, ..entry.node }, ..*entry }
}

/// The same entry with another table; what is no table stays.
fn with_table(entry: &Entry, change: impl Fn(&Table) -> Table) -> Entry {
    match &entry.node.value {
        Value::Table(table) => with(entry, Value::Table(Arc::new(change(table)))),
        _ => entry.clone(),
    }
}
