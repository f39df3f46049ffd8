//! A stack file with one setting changed, in every environment that has the component.

use std::sync::Arc;

use crate::model::{Environment, Model};
use crate::syntax::{Document, Entry, Form, Node, Table, Value};

use super::trial::{Edit, Trial};

/// The file in which a setting has another value. In an overlay of its own it wins over whatever is written.
pub(super) fn with(model: &Model, environment: &Environment, trial: &Trial, value: &Value) -> Document {
    let document = &model.document;
    let node = Node { span: document.span, value: value.clone() };
    let entry = Entry { key: document.span, form: Form::Json, node };
    let mut root = Arc::clone(&document.root);
    for edit in &trial.edits {
        for start in blocks(model, environment, trial, edit) {
            let route: Vec<&str> = start.into_iter().chain(edit.at.iter().map(String::as_str)).collect();
            root = put(&root, &route, &entry);
        }
    }
    Document { root, ..*document }
}

/// The routes of the blocks in which a setting is changed.
fn blocks<'r>(
    model: &'r Model,
    environment: &'r Environment,
    trial: &'r Trial,
    edit: &'r Edit,
) -> Vec<Vec<&'r str>> {
    let (kind, name) = match (trial.component.split_once('.'), &edit.app) {
        (Some(_), Some(app)) => ("app", app.as_str()),
        (Some(id), None) => id,
        (None, _) if trial.component == "stack" => return vec![vec!["stack", &model.stack.name]],
        (None, _) => return vec![vec!["environment", &environment.name]],
    };
    let has = |one: &&Environment| one.components.keys().any(|id| id.to_string() == trial.component);
    let having = model.environments.iter().filter(has);
    having.map(|one| vec!["environment", &*one.name, kind, name]).collect()
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
