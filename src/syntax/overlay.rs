//! Lays an environment's settings over the stack's own, tree over tree.
//!
//! Runs before anything is decoded, so it knows no component; every node keeps the place it came from.

use std::sync::Arc;

use super::document::{Entry, Node, Table, Value};

/// Merges `over` into `base` key by key, in the order of `base`, new keys after it.
///
/// Tables merge with tables and keep the places of `base`; anything else is replaced by the entry of `over`. A
/// `null` in `over` removes the key. Sub-trees that `over` does not touch are shared, not copied.
pub fn merge(base: &Arc<Table>, over: &Arc<Table>) -> Arc<Table> {
    if over.entries.is_empty() {
        return Arc::clone(base);
    }
    let mut merged = Table::clone(base);
    let mut removes = false;
    for (key, above) in &over.entries {
        let Some(below) = merged.entries.get_mut(key) else {
            if above.node.value != Value::Null {
                merged.entries.insert(Arc::clone(key), without_nulls(above));
            }
            continue;
        };
        match (&below.node.value, &above.node.value) {
            (Value::Table(low), Value::Table(high)) => below.node.value = Value::Table(merge(low, high)),
            (_, Value::Null) => {
                removes = true;
                *below = above.clone();
            }
            _ => *below = without_nulls(above),
        }
    }
    if removes {
        let removed = |key: &Arc<str>| over.get(key).is_some_and(|entry| entry.node.value == Value::Null);
        merged.entries.retain(|key, _| !removed(key));
    }
    Arc::new(merged)
}

/// A new entry of an overlay: its nulls have nothing to remove, and leave nothing behind.
fn without_nulls(entry: &Entry) -> Entry {
    match &entry.node.value {
        Value::Table(table) if holds_null(table) => {
            let value = Value::Table(merge(&Arc::default(), table));
            Entry { node: Node { span: entry.node.span, value }, ..entry.clone() }
        }
        _ => entry.clone(),
    }
}

fn holds_null(table: &Table) -> bool {
    table.entries.values().any(|entry| match &entry.node.value {
        Value::Null => true,
        Value::Table(inner) => holds_null(inner),
        _ => false,
    })
}
