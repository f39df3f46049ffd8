//! The spanned tree.

use std::sync::Arc;

use indexmap::IndexMap;

use crate::source::Span;

/// A whole stack file.
#[derive(Debug, Clone, PartialEq)]
pub struct Document {
    /// The span of the whole text.
    pub span: Span,
    /// The top-level keys.
    pub root: Arc<Table>,
}

/// A value with its place.
#[derive(Debug, Clone, PartialEq)]
pub struct Node {
    /// The value's place; for a block, its header (`service "web"`).
    pub span: Span,
    /// The value.
    pub value: Value,
}

/// What a node holds.
#[derive(Debug, Clone, PartialEq)]
pub enum Value {
    /// `null`
    Null,
    /// `true`, `false`
    Bool(bool),
    /// A whole number.
    Integer(i64),
    /// A number with a fraction.
    Float(f64),
    /// A string without interpolations.
    String(Arc<str>),
    /// A string with at least one interpolation besides other text or interpolations.
    Template(Arc<[Part]>),
    /// `database.main.host`, also when written as `"${database.main.host}"`.
    Reference(Arc<[Word]>),
    /// `[a, b]`
    List(Arc<[Node]>),
    /// `{ a = b }` or the body of a block.
    Table(Arc<Table>),
}

/// A piece of a template.
#[derive(Debug, Clone, PartialEq)]
pub enum Part {
    /// Text as it is, escapes resolved.
    Text(Arc<str>),
    /// `${database.main.host}`: its words and the place of the whole reference.
    Reference(Span, Arc<[Word]>),
}

/// One word of a reference.
#[derive(Debug, Clone, PartialEq)]
pub struct Word {
    /// The word.
    pub text: Arc<str>,
    /// Its place.
    pub span: Span,
}

/// How an entry was written.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Form {
    /// `key = value`
    Attribute,
    /// `key { .. }`, or a block's label.
    Block,
    /// A JSON member, which may stand for either.
    Json,
}

/// A key's value and how it was written.
#[derive(Debug, Clone, PartialEq)]
pub struct Entry {
    /// The place of the key or label.
    pub key: Span,
    /// How it was written.
    pub form: Form,
    /// The value.
    pub node: Node,
}

/// Keys in the order written.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Table {
    /// Key or label to entry. Duplicates were reported and the first kept.
    pub entries: IndexMap<Arc<str>, Entry>,
}

impl Table {
    /// The entry of a key.
    pub fn get(&self, key: &str) -> Option<&Entry> {
        self.entries.get(key)
    }

    /// The entry at the end of a route of keys: `["service", "web", "cpu"]`.
    pub fn entry(&self, route: &[&str]) -> Option<&Entry> {
        let (first, rest) = route.split_first()?;
        let entry = self.get(first)?;
        match rest {
            [] => Some(entry),
            _ => entry.node.value.as_table()?.entry(rest),
        }
    }

    /// The labelled blocks of a key: the place of each label, and the body.
    pub fn blocks(&self, key: &str) -> impl Iterator<Item = (Span, &Arc<Table>)> {
        let named = self.get(key).and_then(|entry| entry.node.value.as_table());
        let entries = named.into_iter().flat_map(|named| named.entries.values());
        entries.filter_map(|entry| Some((entry.key, entry.node.value.as_table()?)))
    }

    /// The place of the value at a route.
    pub fn place(&self, route: &[&str]) -> Option<Span> {
        self.entry(route).map(|entry| entry.node.span)
    }
}

impl Value {
    /// What a person calls it: `a string`, `a list`.
    pub fn describe(&self) -> &'static str {
        match self {
            Value::Null => "null",
            Value::Bool(_) => "a boolean",
            Value::Integer(_) => "a number",
            Value::Float(_) => "a fraction",
            Value::String(_) => "a string",
            Value::Template(_) => "a string with references",
            Value::Reference(_) => "a reference",
            Value::List(_) => "a list",
            Value::Table(_) => "a block",
        }
    }

    /// The table, if it is one.
    pub fn as_table(&self) -> Option<&Arc<Table>> {
        match self {
            Value::Table(table) => Some(table),
            _ => None,
        }
    }
}

#[cfg(test)]
mod tests {
    use crate::source::{Source, Sources, Syntax};

    #[test]
    fn places_are_found_by_route_and_missing_ones_by_their_nearest_table() {
        let mut sources = Sources::default();
        let file = sources.add(Source::new("a.hcl", "service \"web\" {\n  cpu = 512\n}\n", Syntax::Hcl));
        let root = crate::syntax::parse(&sources, file).value.unwrap().root;
        let text = |span: Option<crate::source::Span>| span.map(|span| sources.text(span));
        assert_eq!(text(root.place(&["service", "web", "cpu"])), Some("512"));
        assert_eq!(text(root.entry(&["service", "web", "cpu"]).map(|entry| entry.key)), Some("cpu"));
        assert_eq!(text(root.place(&["service", "web", "memory"])), None);
        assert_eq!(text(root.place(&[])), None);
    }
}
