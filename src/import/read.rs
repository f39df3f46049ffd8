//! Reading the tree of a file by the keys of its format.
//!
//! [`At`] is a value and the path that leads to it. Only keys of the matrix can be reached, and a value of another form
//! than asked for becomes a mistake in the report.

use std::collections::BTreeSet;
use std::fmt::Write as _;
use std::sync::Arc;

use super::matrix::{Format, Row, alike};
use super::report::Report;
use super::yaml::{Node, NodeId, Value};
use crate::source::Span;

/// A step of a path.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Segment {
    /// A key of a mapping.
    Key(Arc<str>),
    /// The number of an item of a list.
    Item(usize),
}

/// Where a value comes from: enough for a line of the report.
#[derive(Debug, Clone)]
pub struct Origin {
    /// The value.
    pub id: NodeId,
    /// The place of its key, or its own in a list.
    pub span: Span,
    /// Its path.
    pub path: String,
}

/// What was read, and where it comes from.
#[derive(Debug, Clone)]
pub struct Sourced<T> {
    /// What was read.
    pub value: T,
    /// Where it comes from.
    pub origin: Origin,
}

/// A part of a file that is read by the keys of a whole one, as what differs in an environment.
#[derive(Debug)]
pub struct Part {
    /// The path that leads to it.
    pub path: String,
    /// The values in it.
    pub nodes: BTreeSet<NodeId>,
}

/// A value on its path.
#[derive(Debug, Clone)]
pub struct At {
    /// The value.
    pub node: Node,
    key: Option<Span>,
    path: Vec<Segment>,
    part: Option<Arc<Part>>,
    format: &'static Format,
}

impl At {
    /// The whole of a file.
    pub fn root(node: Node, format: &'static Format) -> Self {
        At { node, key: None, path: Vec::new(), part: None, format }
    }

    /// A tree some of whose values stand in a part of the file.
    pub fn with_part(node: Node, format: &'static Format, part: &Arc<Part>) -> Self {
        At { part: Some(part.clone()), ..At::root(node, format) }
    }

    /// The value of a key; `None` when there is none, when it is null, and when the format has no such key.
    pub fn get(&self, key: &str) -> Option<At> {
        let found = self.raw(key)?;
        let known = found.row().is_some() || found.has_below();
        (known && !matches!(found.node.value, Value::Null)).then_some(found)
    }

    fn raw(&self, key: &str) -> Option<At> {
        let map = self.node.map()?;
        let (name, entry) = match map.get_key_value(key) {
            Some(found) => found,
            None => map.iter().find(|(name, _)| self.format.any_case && alike(name, key))?,
        };
        Some(self.below(Segment::Key(name.clone()), entry.node.clone(), Some(entry.key)))
    }

    fn below(&self, segment: Segment, node: Node, key: Option<Span>) -> At {
        let path = self.path.iter().cloned().chain([segment]).collect();
        At { node, key, path, part: self.part.clone(), format: self.format }
    }

    /// The entries of a mapping with names of the user's choice; none of anything else.
    pub fn entries(&self) -> Vec<(Arc<str>, At)> {
        let entries = self.node.map().into_iter().flatten();
        entries
            .map(|(name, entry)| {
                let segment = Segment::Key(name.clone());
                (name.clone(), self.below(segment, entry.node.clone(), Some(entry.key)))
            })
            .collect()
    }

    /// The items of a list; none of anything else.
    pub fn items(&self) -> Vec<At> {
        let Value::List(items) = &self.node.value else { return Vec::new() };
        let item = |(index, node): (usize, &Node)| self.below(Segment::Item(index), node.clone(), None);
        items.iter().enumerate().map(item).collect()
    }

    /// Entries or items.
    pub fn children(&self) -> Vec<At> {
        self.entries().into_iter().map(|(_, at)| at).chain(self.items()).collect()
    }

    /// The last key of the path.
    pub fn name(&self) -> &str {
        match self.path.last() {
            Some(Segment::Key(key)) => key,
            _ => "",
        }
    }

    /// The row of the matrix.
    pub fn row(&self) -> Option<&'static Row> {
        self.format.row(&self.path)
    }

    /// Whether the format has keys below.
    pub fn has_below(&self) -> bool {
        self.format.has_below(&self.path)
    }

    /// The row of the nearest level above.
    pub fn above(&self) -> Option<&'static Row> {
        self.format.above(&self.path)
    }

    /// Where it comes from.
    pub fn origin(&self) -> Origin {
        let part = self.part.as_ref().filter(|part| part.nodes.contains(&self.node.id));
        let mut path = part.map(|part| part.path.clone()).unwrap_or_default();
        for segment in &self.path {
            let _ = match segment {
                Segment::Key(key) if path.is_empty() => write!(path, "{key}"),
                Segment::Key(key) => write!(path, ".{key}"),
                Segment::Item(index) => write!(path, "[{index}]"),
            };
        }
        if path.is_empty() {
            path.push_str("the whole file");
        }
        Origin { id: self.node.id, span: self.key.unwrap_or(self.node.span), path }
    }

    /// A value read from here.
    pub fn sourced<T>(&self, value: T) -> Sourced<T> {
        Sourced { value, origin: self.origin() }
    }

    /// Whether it is a list.
    pub fn is_list(&self) -> bool {
        matches!(self.node.value, Value::List(_))
    }

    /// Whether it is a mapping.
    pub fn is_map(&self) -> bool {
        matches!(self.node.value, Value::Map(_))
    }

    /// Text, or a mistake.
    pub fn text(&self, report: &mut Report) -> Option<String> {
        let text = self.node.text().map(str::to_owned);
        if text.is_none() {
            report.misshapen(&self.origin(), "text");
        }
        text
    }

    /// A whole number from 0, with or without quotes, or a mistake.
    pub fn number(&self, report: &mut Report) -> Option<u32> {
        let number = self.node.text().and_then(|text| text.trim().parse().ok());
        if number.is_none() {
            report.misshapen(&self.origin(), "a whole number");
        }
        number
    }

    /// True or false, with or without quotes, or a mistake.
    pub fn boolean(&self, report: &mut Report) -> Option<bool> {
        match self.node.text().map(str::to_ascii_lowercase).as_deref() {
            Some("true") => Some(true),
            Some("false") => Some(false),
            _ => {
                report.misshapen(&self.origin(), "`true` or `false`");
                None
            }
        }
    }

    /// The items of a list, or a mistake.
    pub fn list(&self, report: &mut Report) -> Vec<At> {
        if !self.is_list() {
            report.misshapen(&self.origin(), "a list");
        }
        self.items()
    }

    /// A list of texts, or a mistake.
    pub fn texts(&self, report: &mut Report) -> Vec<String> {
        self.list(report).iter().filter_map(|item| item.text(report)).collect()
    }
}
