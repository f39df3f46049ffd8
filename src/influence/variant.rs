//! A stack file with one setting changed, in every environment that has the component.

use std::sync::Arc;

use crate::model::{Environment, Model};
use crate::syntax::{Document, Entry, Form, Node, Table, Value};

use super::trial::Trial;

/// The file in which a setting has another value. In an overlay of its own it wins over whatever is written.
pub(super) fn with(model: &Model, environment: &Environment, trial: &Trial, value: &Value) -> Document {
    let document = &model.document;
    let end: Vec<&str> = trial.at.iter().map(String::as_str).collect();
    let mut root = Arc::clone(&document.root);
    let set = |root: &Arc<Table>, start: &[&str]| {
        let route: Vec<&str> = start.iter().chain(&end).copied().collect();
        let node = Node { span: document.span, value: value.clone() };
        put(root, &route, &Entry { key: document.span, form: Form::Json, node })
    };
    let (kind, name) = match (trial.component.split_once('.'), &trial.app) {
        (Some(_), Some(app)) => ("app", app.as_str()),
        (Some(id), None) => id,
        (None, _) if trial.component == "stack" => {
            return Document { root: set(&root, &["stack", &model.stack.name]), ..*document };
        }
        (None, _) => return Document { root: set(&root, &["environment", &environment.name]), ..*document },
    };
    let having = model
        .environments
        .iter()
        .filter(|one| one.components.keys().any(|id| id.to_string() == trial.component));
    for one in having {
        root = set(&root, &["environment", &one.name, kind, name]);
    }
    Document { root, ..*document }
}

/// A table with an entry at a route; what is not on the way is shared.
fn put(table: &Arc<Table>, route: &[&str], entry: &Entry) -> Arc<Table> {
    let Some((first, rest)) = route.split_first() else { return Arc::clone(table) };
    let mut changed = Table::clone(table);
    if rest.is_empty() {
        changed.entries.insert((*first).into(), entry.clone());
        return Arc::new(changed);
    }
    let below = changed.get(first);
    let inner = below.and_then(|below| below.node.value.as_table()).map(|inner| put(inner, rest, entry));
    let value = Value::Table(inner.unwrap_or_else(|| put(&Arc::default(), rest, entry)));
    let entry = match below {
        Some(below) => Entry { node: Node { span: below.node.span, value }, ..below.clone() },
        None => Entry { node: Node { span: entry.node.span, value }, ..entry.clone() },
    };
    changed.entries.insert((*first).into(), entry);
    Arc::new(changed)
}
