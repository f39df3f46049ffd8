//! Files that are not Terraform: scripts, and the configuration of build servers.
//!
//! Every part is that of one component in one environment, on plain values: what only Terraform knows cannot stand here.

use std::collections::BTreeMap;

use tera::{Map, Value};

use super::engine::text;
use super::{Bug, Renderer};
use crate::model::{Context, Document};
use crate::terms::{Literal, Slot, Term};

/// The parts of one file.
struct Parts {
    template: &'static str,
    parts: Vec<Map>,
}

/// Renders every document that components have parts of.
pub(super) fn render(renderer: &mut Renderer<'_>) -> Result<(), Bug> {
    let mut files: BTreeMap<String, Parts> = BTreeMap::new();
    for id in &renderer.fold.ids {
        for context in renderer.fold.contexts() {
            let Some(entry) = context.environment.components.get(id) else { continue };
            for document in entry.component.documents(id, &context) {
                let path = document.path.clone();
                let file = files
                    .entry(path)
                    .or_insert_with(|| Parts { template: document.template, parts: Vec::new() });
                let part = part(&document, &context, file.parts.is_empty())?;
                file.parts.push(part);
            }
        }
    }
    for (path, Parts { template, parts }) in files {
        let mut view = Map::default();
        view.insert("header".into(), text(renderer.header().trim_end()));
        view.insert("distinct".into(), Value::from(distinct(&parts)));
        view.insert("parts".into(), Value::from(parts.into_iter().map(Value::from).collect::<Vec<_>>()));
        let file = renderer
            .engine
            .render(template, view)
            .map_err(|error| Bug { file: path.clone(), problem: error.to_string() })?;
        renderer.tree.files.insert(path, file);
    }
    Ok(())
}

/// A part as a template's names: its slots, and whether it is the first of the file.
fn part(document: &Document, context: &Context<'_>, first: bool) -> Result<Map, Bug> {
    let mut map = Map::default();
    map.insert("first".into(), Value::from(first));
    for (name, slot) in &document.part.slots {
        let value = match slot {
            Slot::Flag(flag) => Some(Value::from(*flag)),
            Slot::Text(text) => Some(Value::normal_string(text)),
            Slot::Term(term) => known(term, context),
            _ => None,
        };
        let Some(value) = value else {
            let problem = format!("`{name}` is not known before Terraform runs");
            return Err(Bug { file: document.path.clone(), problem });
        };
        map.insert((*name).into(), value);
    }
    Ok(map)
}

/// The value of a term, when it can be known before Terraform runs.
fn known(term: &Term, context: &Context<'_>) -> Option<Value> {
    match term {
        Term::Literal(Literal::Null) => Some(Value::none()),
        Term::List(items) => {
            let items: Option<Vec<Value>> = items.iter().map(|item| known(item, context)).collect();
            items.map(Value::from)
        }
        term => context.known(term).map(|text| Value::normal_string(&text)),
    }
}

/// The different values of each slot, in the order of the parts.
fn distinct(parts: &[Map]) -> Map {
    let mut values: Vec<(&tera::value::Key<'_>, Vec<Value>)> = Vec::new();
    for (name, value) in parts.iter().flat_map(Map::iter) {
        match values.iter_mut().find(|(known, _)| *known == name) {
            None => values.push((name, vec![value.clone()])),
            Some((_, found)) if found.contains(value) => {}
            Some((_, found)) => found.push(value.clone()),
        }
    }
    values.into_iter().map(|(name, values)| (name.clone(), Value::from(values))).collect()
}
