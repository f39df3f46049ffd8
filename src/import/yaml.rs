//! YAML and JSON as one tree in which every value has its place and its identity.
//!
//! Knows no format of any tool. Aliases share what they stand for, merge keys (`<<`) are merged, duplicate keys are
//! mistakes, and whatever the text is, the tree stays small enough to walk.

use std::collections::BTreeMap;
use std::sync::Arc;

use granit_parser::{Event, Parser, ScalarStyle, Span as RawSpan, Tag};
use indexmap::IndexMap;

use super::codes::{IMPORT_DUPLICATE, IMPORT_LIMIT, IMPORT_SYNTAX};
use crate::diagnostic::{Diagnostic, Outcome};
use crate::source::{FileId, Sources, Span};

/// Levels inside each other.
const DEPTH: usize = 64;
/// Values of one file, with every alias written out.
const NODES: usize = 200_000;
/// Bytes of a text that count as one more value, because an alias repeats them as well.
const TEXT: usize = 256;
/// Mistakes after which reading stops.
const MISTAKES: usize = 50;

/// Which value of which file: the same for all that an alias makes of it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct NodeId(FileId, u32);

impl NodeId {
    /// A line of a file that is no tree.
    pub fn of_line(file: FileId, line: usize) -> Self {
        Self(file, u32::try_from(line).unwrap_or(u32::MAX))
    }
}

/// A value with its place.
#[derive(Debug, Clone)]
pub struct Node {
    /// Its identity.
    pub id: NodeId,
    /// Its place.
    pub span: Span,
    /// A tag that is none of YAML's own: `Ref` of `!Ref`.
    pub tag: Option<Arc<str>>,
    /// What it holds.
    pub value: Value,
}

/// What a node holds.
#[derive(Debug, Clone)]
pub enum Value {
    /// Nothing: an empty value, `~`, `null`.
    Null,
    /// Text, as written; a number or a `true` is text without quotes.
    Text {
        /// The text, escapes resolved.
        text: Arc<str>,
        /// Whether it stands without quotes, so that it may be a number or a boolean.
        plain: bool,
    },
    /// A sequence.
    List(Arc<[Node]>),
    /// A mapping, in the order written.
    Map(Arc<Map>),
}

/// The entries of a mapping by key.
pub type Map = IndexMap<Arc<str>, Entry>;

/// The value of a key.
#[derive(Debug, Clone)]
pub struct Entry {
    /// The place of the key.
    pub key: Span,
    /// The value.
    pub node: Node,
}

impl Node {
    /// How many values it has in it, itself among them.
    pub fn size(&self) -> usize {
        1 + match &self.value {
            Value::Null | Value::Text { .. } => 0,
            Value::List(items) => items.iter().map(Node::size).sum(),
            Value::Map(map) => map.values().map(|entry| entry.node.size()).sum(),
        }
    }

    /// The text of a scalar; `None` for everything else, null included.
    pub fn text(&self) -> Option<&str> {
        match &self.value {
            Value::Text { text, .. } => Some(text),
            _ => None,
        }
    }

    /// The entries of a mapping.
    pub fn map(&self) -> Option<&Map> {
        match &self.value {
            Value::Map(map) => Some(map),
            _ => None,
        }
    }

    /// The same place with another value.
    pub fn with(&self, value: Value) -> Node {
        Node { value, ..self.clone() }
    }

    /// The same place with another text, which is not taken for a number.
    pub fn with_text(&self, text: &str) -> Node {
        self.with(Value::Text { text: text.into(), plain: false })
    }
}

/// Reads the documents of a file. The value is there only without errors.
pub fn parse(sources: &Sources, file: FileId) -> Outcome<Vec<Node>> {
    let text = &sources.get(file).text;
    let mut builder = Builder { file, text, ..Builder::new(file) };
    builder.read();
    let Builder { documents, diagnostics, .. } = builder;
    let value = diagnostics.is_empty().then_some(documents);
    Outcome { value, diagnostics }
}

/// A collection whose end has not come yet.
struct Open {
    id: NodeId,
    start: Span,
    anchor: usize,
    tag: Option<Arc<str>>,
    weight: usize,
    what: Collection,
}

enum Collection {
    List(Vec<Node>),
    Map { map: Map, key: Option<(Arc<str>, Span)>, merged: Vec<Node> },
}

struct Builder<'a> {
    file: FileId,
    text: &'a str,
    documents: Vec<Node>,
    open: Vec<Open>,
    /// What an anchor names, and how many values that is.
    anchors: BTreeMap<usize, (Node, usize)>,
    nodes: usize,
    next: u32,
    diagnostics: Vec<Diagnostic>,
}

/// Reading stops; the reason is among the diagnostics.
struct Stop;

impl<'a> Builder<'a> {
    fn new(file: FileId) -> Self {
        Self {
            file,
            text: "",
            documents: Vec::new(),
            open: Vec::new(),
            anchors: BTreeMap::new(),
            nodes: 0,
            next: 0,
            diagnostics: Vec::new(),
        }
    }

    fn read(&mut self) {
        let options = granit_parser::options! { flow_nesting_limit: DEPTH, block_nesting_limit: DEPTH };
        for event in Parser::new_from_str_with_options(self.text, options) {
            let done = match event {
                Ok((event, span)) => self.event(event, &span),
                Err(error) => Err(self.unreadable(&error)),
            };
            if done.is_err() || self.diagnostics.len() >= MISTAKES {
                return;
            }
        }
    }

    fn unreadable(&mut self, error: &granit_parser::ScanError) -> Stop {
        let at = self.boundary(error.marker().byte_offset().unwrap_or(0));
        let end = self.text[at..].chars().next().map_or(at, |c| at + c.len_utf8());
        let span = Span::new(self.file, at, end);
        if matches!(error.kind(), granit_parser::ErrorKind::RecursionLimitExceeded) {
            return self.too_much(span, format!("more than {DEPTH} levels inside each other"));
        }
        let message = format!("this is neither YAML nor JSON: {}", error.info());
        self.diagnostics.push(
            Diagnostic::new(&IMPORT_SYNTAX, span, message)
                .help("mend the text here; what a template fills in has to be filled in first"),
        );
        Stop
    }

    fn too_much(&mut self, span: Span, message: String) -> Stop {
        self.diagnostics.push(
            Diagnostic::new(&IMPORT_LIMIT, span, message)
                .help("split the file, or write out what its aliases stand for"),
        );
        Stop
    }

    fn event(&mut self, event: Event<'_>, raw: &RawSpan) -> Result<(), Stop> {
        let span = self.span(raw);
        match event {
            Event::Scalar(text, style, anchor, tag) => {
                let plain = style == ScalarStyle::Plain;
                let is_string = tag.as_deref().is_some_and(|tag| tag.core_suffix() == Some("str"));
                let tag = own_tag(tag.as_deref());
                let null = plain && !is_string && matches!(&*text, "" | "~" | "null" | "Null" | "NULL");
                let value = match null && tag.is_none() {
                    true => Value::Null,
                    false => Value::Text { text: text.into(), plain: plain && !is_string },
                };
                let node = Node { id: self.id(), span, tag, value };
                let weight = 1 + node.text().map_or(0, |text| text.len() / TEXT);
                self.count(weight, span)?;
                self.finished(node, anchor, weight)
            }
            Event::SequenceStart(_, anchor, tag) => {
                self.start(span, anchor, tag.as_deref(), Collection::List(Vec::new()))
            }
            Event::MappingStart(_, anchor, tag) => {
                let what = Collection::Map { map: Map::new(), key: None, merged: Vec::new() };
                self.start(span, anchor, tag.as_deref(), what)
            }
            Event::SequenceEnd | Event::MappingEnd => self.end(span),
            Event::Alias(anchor) => match self.anchors.get(&anchor).cloned() {
                Some((node, weight)) => {
                    self.count(weight, span)?;
                    self.finished(node, 0, weight)
                }
                None => Err(self.too_much(span, "this alias stands inside of what it stands for".to_owned())),
            },
            _ => Ok(()),
        }
    }

    fn start(&mut self, span: Span, anchor: usize, tag: Option<&Tag>, what: Collection) -> Result<(), Stop> {
        let id = self.id();
        self.count(1, span)?;
        self.open.push(Open { id, start: span, anchor, tag: own_tag(tag), weight: 1, what });
        Ok(())
    }

    fn end(&mut self, end: Span) -> Result<(), Stop> {
        let Some(open) = self.open.pop() else { return Ok(()) };
        let value = match open.what {
            Collection::List(items) => Value::List(items.into()),
            Collection::Map { mut map, merged, .. } => {
                for (key, entry) in merged.iter().filter_map(Node::map).flatten() {
                    map.entry(key.clone()).or_insert_with(|| entry.clone());
                }
                Value::Map(Arc::new(map))
            }
        };
        let span = Span { end: end.start.max(open.start.start), ..open.start };
        let node = Node { id: open.id, span, tag: open.tag, value };
        self.finished(node, open.anchor, open.weight)
    }

    /// Puts a whole value where it belongs.
    fn finished(&mut self, node: Node, anchor: usize, weight: usize) -> Result<(), Stop> {
        if anchor > 0 {
            self.anchors.insert(anchor, (node.clone(), weight));
        }
        let Some(open) = self.open.last_mut() else {
            self.documents.push(node);
            return Ok(());
        };
        open.weight += weight;
        let Collection::Map { map, key, merged } = &mut open.what else {
            if let Collection::List(items) = &mut open.what {
                items.push(node);
            }
            return Ok(());
        };
        let Some((name, place)) = key.take() else {
            let name: Option<Arc<str>> = match &node.value {
                Value::Text { text, .. } => Some(text.clone()),
                Value::Null => Some("null".into()),
                Value::List(_) | Value::Map(_) => None,
            };
            let Some(name) = name else {
                self.diagnostics.push(
                    Diagnostic::new(&IMPORT_SYNTAX, node.span, "a key of a mapping is text")
                        .help("write a name before the colon; a list or mapping cannot be a key here"),
                );
                return Err(Stop);
            };
            *key = Some((name, node.span));
            return Ok(());
        };
        if &*name == "<<" {
            match node.value {
                Value::Map(_) => merged.push(node),
                Value::List(items) => merged.extend(items.iter().cloned()),
                _ => {
                    self.diagnostics.push(
                        Diagnostic::new(&IMPORT_SYNTAX, node.span, "`<<` merges a mapping, and this is none")
                            .help("write an alias of a mapping: `<<: *defaults`"),
                    );
                    return Err(Stop);
                }
            }
            return Ok(());
        }
        if let Some(first) = map.get(&name) {
            let diagnostic = Diagnostic::new(&IMPORT_DUPLICATE, place, format!("`{name}` stands here twice"))
                .related(first.key, "the first one")
                .help("remove one of the two");
            self.diagnostics.push(diagnostic);
            return Ok(());
        }
        map.insert(name, Entry { key: place, node });
        Ok(())
    }

    fn id(&mut self) -> NodeId {
        self.next += 1;
        NodeId(self.file, self.next)
    }

    fn count(&mut self, nodes: usize, span: Span) -> Result<(), Stop> {
        self.nodes += nodes;
        if self.nodes > NODES {
            let message = format!("more than {NODES} values, with every alias written out");
            return Err(self.too_much(span, message));
        }
        Ok(())
    }

    fn span(&self, raw: &RawSpan) -> Span {
        let start = self.boundary(raw.start.byte_offset().unwrap_or(0));
        let end = self.boundary(raw.end.byte_offset().unwrap_or(0)).max(start);
        let end = start + self.text[start..end].trim_end().len();
        Span::new(self.file, start, end)
    }

    fn boundary(&self, offset: usize) -> usize {
        let end = offset.min(self.text.len());
        (0..=end).rev().find(|&at| self.text.is_char_boundary(at)).unwrap_or(0)
    }
}

/// The name of a tag that is none of YAML's own.
fn own_tag(tag: Option<&Tag>) -> Option<Arc<str>> {
    let tag = tag.filter(|tag| !tag.is_yaml_core_schema())?;
    Some(tag.suffix().into())
}

#[cfg(test)]
mod tests;
