//! Which part of the file a merged setting comes from: the component's own block, the overlay of an environment, an app.
//!
//! Merging keeps the place of every key, so the place alone tells the part.

use std::collections::BTreeMap;
use std::sync::Arc;

use crate::components::workload::App;
use crate::source::Span;
use crate::syntax::{Document, Table};

/// What a key stands in besides the component's own block.
#[derive(Debug, Clone, Default, PartialEq)]
pub(super) struct Layer {
    /// The environment whose overlay it is.
    pub(super) overlay: Option<Arc<str>>,
    /// The app that shares it.
    pub(super) app: Option<Arc<str>>,
}

/// The layers by the places of the keys in them; a key that is not here stands in the component's own block.
#[derive(Debug, Default)]
pub(super) struct Layers(BTreeMap<Span, Layer>);

impl Layers {
    /// Of a whole file.
    pub(super) fn of(document: &Document) -> Self {
        let mut layers = Self::default();
        layers.file(&document.root, None);
        for (name, body) in named(&document.root, "environment") {
            layers.file(body, Some(name));
        }
        layers
    }

    /// The layer of the key at a place.
    pub(super) fn find(&self, key: Span) -> Layer {
        self.0.get(&key).cloned().unwrap_or_default()
    }

    /// The components of the file, or of an environment's overlays.
    fn file(&mut self, table: &Table, overlay: Option<&Arc<str>>) {
        for (key, entry) in &table.entries {
            let Some(inner) = entry.node.value.as_table() else { continue };
            if let (Some(_), false) = (overlay, &**key == "app") {
                self.all(inner, &Layer { overlay: overlay.cloned(), app: None });
            }
        }
        for (name, body) in named(table, "app") {
            for (key, entry) in &body.entries {
                let own = App::KINDS.contains(&&**key);
                let layer = Layer { overlay: overlay.cloned(), app: (!own).then(|| Arc::clone(name)) };
                self.0.insert(entry.key, layer.clone());
                if let Some(inner) = entry.node.value.as_table() {
                    self.all(inner, &layer);
                }
            }
        }
    }

    /// Every key of a table and of the tables in it.
    fn all(&mut self, table: &Table, layer: &Layer) {
        for entry in table.entries.values() {
            self.0.insert(entry.key, layer.clone());
            if let Some(inner) = entry.node.value.as_table() {
                self.all(inner, layer);
            }
        }
    }
}

/// The labelled blocks of a key with their names.
fn named<'a>(table: &'a Table, key: &str) -> impl Iterator<Item = (&'a Arc<str>, &'a Arc<Table>)> {
    let named = table.get(key).and_then(|entry| entry.node.value.as_table());
    let entries = named.into_iter().flat_map(|named| &named.entries);
    entries.filter_map(|(name, entry)| Some((name, entry.node.value.as_table()?)))
}
