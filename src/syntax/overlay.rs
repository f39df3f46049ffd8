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

#[cfg(test)]
mod tests {
    use super::*;
    use crate::source::{Source, Sources, Syntax};

    /// Parses both texts as two files of one run.
    fn parsed(base: &str, over: &str) -> (Sources, Arc<Table>, Arc<Table>) {
        let mut sources = Sources::default();
        let mut read = |name: &str, text: &str| {
            let file = sources.add(Source::new(name, text, Syntax::Hcl));
            let outcome = crate::syntax::parse(&sources, file);
            assert!(outcome.diagnostics.is_empty(), "{:?}", outcome.diagnostics);
            outcome.value.unwrap().root
        };
        let (base, over) = (read("base", base), read("over", over));
        (sources, base, over)
    }

    fn keys(table: &Table) -> Vec<&str> {
        table.entries.keys().map(AsRef::as_ref).collect()
    }

    #[test]
    fn tables_merge_and_everything_else_is_replaced_with_its_place() {
        let (sources, base, over) = parsed(
            "a = 1\nb {\n  c = [1, 2]\n  d = 1\n}\n",
            "e = 5\nb {\n  f = 3\n  c = [9]\n}\na = { x = 1 }\n",
        );
        let merged = merge(&base, &over);
        assert_eq!(keys(&merged), ["a", "b", "e"]);
        assert_eq!(keys(merged.get("b").unwrap().node.value.as_table().unwrap()), ["c", "d", "f"]);
        let place = |route: &[&str]| {
            let span = merged.place(route).unwrap();
            (sources.get(span.file).name.as_ref(), sources.text(span))
        };
        assert_eq!(place(&["a"]), ("over", "{ x = 1 }"));
        assert_eq!(place(&["b"]), ("base", "b"));
        assert_eq!(place(&["b", "c"]), ("over", "[9]"));
        assert_eq!(place(&["b", "d"]), ("base", "1"));
        assert_eq!(
            merged.entry(&["b", "c"]).map(|entry| entry.key).unwrap().file,
            over.get("a").unwrap().key.file
        );
    }

    #[test]
    fn null_removes_a_key_and_keeps_the_order_of_the_others() {
        let (_, base, over) =
            parsed("a = 1\nb = 2\nc = 3\n", "b = null\nz = null\nn {\n  x = null\n  y = 1\n}\n");
        let merged = merge(&base, &over);
        assert_eq!(keys(&merged), ["a", "c", "n"]);
        assert_eq!(keys(merged.get("n").unwrap().node.value.as_table().unwrap()), ["y"]);
    }

    #[test]
    fn what_the_overlay_does_not_touch_is_shared() {
        let (_, base, over) =
            parsed("s \"a\" { x = 1 }\ns \"b\" { x = 1 }\nt \"c\" {}\n", "s \"b\" { x = 2 }\n");
        let merged = merge(&base, &over);
        let shared = |route: &[&str]| {
            let table =
                |root: &Arc<Table>| Arc::clone(root.entry(route).unwrap().node.value.as_table().unwrap());
            Arc::ptr_eq(&table(&base), &table(&merged))
        };
        assert!(shared(&["s", "a"]) && shared(&["t"]));
        assert!(!shared(&["s", "b"]));
        assert!(Arc::ptr_eq(&merge(&base, &Arc::default()), &base));
    }
}
