//! Fills a table in the order of the text and reports what is written twice.
//!
//! Both syntaxes build their tables here, so both have one notion of a duplicate and one limit on keys.

use std::ops::Range;
use std::sync::Arc;

use indexmap::IndexSet;

use super::document::{Entry, Form, Node, Table, Value};
use super::limits::{self, FILE_LIMIT};
use super::reading::{Reading, Stop};
use crate::diagnostic::{Code, Severity};
use crate::source::Span;

/// A key, label or kind of block is written twice or in two ways.
pub static DUPLICATE_KEY: Code = Code {
    name: "duplicate-key",
    severity: Severity::Error,
    title: "the same name is written twice",
    explanation: "\
A key is set twice in one block or object, two blocks have the same kind and label, or one name is used in two
ways: as an attribute and as a block, or as a block with and without a label.

Only one of the two could count. Many tools silently take the last one, and the setting that somebody reads in
the file is then not the one that runs.

```hcl
service \"web\" {
  cpu = 512
  cpu = 1024
}
```

Instead, remove one of them. What differs per environment belongs in an `environment` block.
",
};

/// A name and the bytes it stands at.
pub(super) struct Name<'n> {
    pub(super) text: &'n str,
    pub(super) place: Range<usize>,
}

#[derive(Default)]
pub(super) struct TableBuilder {
    table: Table,
    /// The kinds of block that carry labels.
    labelled: IndexSet<Arc<str>>,
}

impl TableBuilder {
    /// Adds `key = value`, a JSON member, or a block without a label.
    pub(super) fn value(
        &mut self,
        reading: &mut Reading<'_>,
        key: Name<'_>,
        form: Form,
        node: Node,
    ) -> Result<(), Stop> {
        let Some(first) = self.table.entries.get(key.text) else {
            let entry = Entry { key: reading.span(key.place.clone()), form, node };
            return insert(reading, &mut self.table, key, entry);
        };
        let message = match (first.form, form) {
            (Form::Attribute, Form::Block) | (Form::Block, Form::Attribute) => {
                format!("`{}` is both an attribute and a block", key.text)
            }
            (Form::Block, _) if self.labelled.contains(key.text) => {
                format!("`{}` is a block both with and without a label", key.text)
            }
            (Form::Block, _) => format!("block `{}` is written twice", key.text),
            (Form::Attribute | Form::Json, _) => format!("`{}` is set twice", key.text),
        };
        say_duplicate(reading, &key, first.key, message)
    }

    /// Adds the block `kind "label" { .. }`.
    pub(super) fn labelled_block(
        &mut self,
        reading: &mut Reading<'_>,
        kind: Name<'_>,
        label: Name<'_>,
        node: Node,
    ) -> Result<(), Stop> {
        if !self.table.entries.contains_key(kind.text) {
            let value = Value::Table(Arc::default());
            let entry = Entry {
                key: reading.span(kind.place.clone()),
                form: Form::Block,
                node: Node { span: node.span, value },
            };
            let kind = Name { text: kind.text, place: kind.place.clone() };
            self.labelled.insert(kind.text.into());
            insert(reading, &mut self.table, kind, entry)?;
        }
        let labelled = self.labelled.contains(kind.text);
        let first = &mut self.table.entries[kind.text];
        match &mut first.node.value {
            Value::Table(labels) if labelled => {
                if let Some(twin) = labels.entries.get(label.text) {
                    let message = format!("block `{} \"{}\"` is written twice", kind.text, label.text);
                    return say_duplicate(reading, &label, twin.key, message);
                }
                let entry = Entry { key: reading.span(label.place.clone()), form: Form::Block, node };
                // Nothing else holds the table yet, so this never copies it.
                insert(reading, Arc::make_mut(labels), label, entry)
            }
            _ => {
                let message = match first.form {
                    Form::Block => format!("`{}` is a block both with and without a label", kind.text),
                    Form::Attribute | Form::Json => {
                        format!("`{}` is both an attribute and a block", kind.text)
                    }
                };
                let place = first.key;
                say_duplicate(reading, &kind, place, message)
            }
        }
    }

    pub(super) fn finish(self) -> Table {
        self.table
    }
}

fn insert(reading: &mut Reading<'_>, table: &mut Table, key: Name<'_>, entry: Entry) -> Result<(), Stop> {
    if table.entries.len() == limits::KEYS {
        let message = format!("more than {} keys in one block or object", limits::KEYS);
        let diagnostic =
            reading.at(&FILE_LIMIT, key.place, message).help("split the stack into several stack files");
        return Err(reading.refuse(diagnostic));
    }
    table.entries.insert(key.text.into(), entry);
    Ok(())
}

fn say_duplicate(
    reading: &mut Reading<'_>,
    key: &Name<'_>,
    first: Span,
    message: String,
) -> Result<(), Stop> {
    let diagnostic = reading
        .at(&DUPLICATE_KEY, key.place.clone(), message)
        .label("again here")
        .related(first, "first here")
        .help("keep one of the two");
    reading.say(diagnostic)
}
