//! The settings that can be tried, each with other values.

use crate::model::{COMMON_KEYS, Environment, EnvironmentSettings, Model, StackSettings};
use crate::review::Place;
use crate::settings::{BlockInfo, Kind, Settings};
use crate::show::{self, Origin, Setting};
use crate::source::{Source, Sources, Syntax};
use crate::syntax::{Node, Part, Table, Value};

use super::other;

/// A setting, and the values to try instead of its own; or all settings that refer to a component.
#[derive(Debug, Clone)]
pub(super) struct Trial {
    pub(super) component: String,
    pub(super) route: Vec<String>,
    pub(super) place: Option<Place>,
    /// Where the other values go.
    pub(super) edits: Vec<Edit>,
    /// The value as the stack file writes it.
    pub(super) value: String,
    /// The values to try, the likeliest first; [`Value::Null`] takes the setting away.
    pub(super) others: Vec<Value>,
    /// Whether the value is a number or a text: nothing else depends on what stands there.
    pub(super) is_scalar: bool,
    /// Whether the value is known. If not, one of the others may be the same.
    pub(super) is_known: bool,
    /// The components that the value refers to.
    references: Vec<String>,
}

/// Where a value goes.
#[derive(Debug, Clone)]
pub(super) struct Edit {
    /// The app that hands it on.
    pub(super) app: Option<String>,
    /// The keys that lead to it, from the block of the component or of the app: nearly always the setting's.
    pub(super) at: Vec<String>,
}

impl Trial {
    /// Whether it may decide about what a component makes: it is the component's own, refers to it, or is of no component.
    pub(super) fn concerns(&self, component: &str) -> bool {
        let common = !self.component.contains('.');
        common || self.component == component || self.references.iter().any(|one| one == component)
    }
}

/// What can be tried of a component.
pub(super) fn trials(model: &Model, environment: &Environment, component: &show::Component) -> Vec<Trial> {
    let Some((info, table)) = block(model, environment, &component.name) else { return Vec::new() };
    let own = component.settings.iter().filter(|one| !COMMON_KEYS.contains(&one.route[0].as_str()));
    let mut trials: Vec<Trial> =
        own.filter_map(|setting| trial(environment, &component.name, &info, &table, setting)).collect();
    trials.extend(together(&trials));
    trials
}

/// References to one component, taken away together: as long as one is left, what they open stays open.
fn together(trials: &[Trial]) -> Vec<Trial> {
    let mut referred: Vec<&String> = trials.iter().flat_map(|trial| &trial.references).collect();
    referred.sort();
    referred.dedup();
    let groups = referred.into_iter().filter(|name| !FACTS.iter().any(|fact| name.starts_with(fact)));
    let groups = groups.map(|name| {
        let group: Vec<&Trial> = trials.iter().filter(|trial| trial.references.contains(name)).collect();
        (name, group)
    });
    let groups = groups.filter(|(_, group)| group.len() > 1);
    groups
        .map(|(name, group)| Trial {
            route: Vec::new(),
            edits: group.iter().flat_map(|trial| trial.edits.clone()).collect(),
            value: name.clone(),
            others: vec![Value::Null],
            references: vec![name.clone()],
            ..group[0].clone()
        })
        .collect()
}

/// What begins references that name no component.
const FACTS: [&str; 2] = ["stack.", "environment."];

/// The documentation of a component's block, and what is written in it.
fn block(model: &Model, environment: &Environment, name: &str) -> Option<(BlockInfo, std::sync::Arc<Table>)> {
    let root = &model.document.root;
    let written = |route: &[&str]| root.entry(route)?.node.value.as_table().cloned();
    match name {
        "stack" => Some((StackSettings::info(), written(&["stack", &model.stack.name])?)),
        "environment" => Some((EnvironmentSettings::info(), written(&["environment", &environment.name])?)),
        _ => {
            let (id, entry) = environment.components.iter().find(|(id, _)| id.to_string() == name)?;
            Some(((model.stack.kind(id.kind)?.info)(), entry.table.clone()))
        }
    }
}

fn trial(
    environment: &Environment,
    component: &str,
    info: &BlockInfo,
    table: &Table,
    setting: &Setting,
) -> Option<Trial> {
    let kind = kind(info, &setting.route)?;
    let route: Vec<&str> = setting.route.iter().map(String::as_str).collect();
    let written = table.entry(&route).map(|entry| &entry.node.value);
    let value = match setting.origin {
        Origin::Default => default(&setting.value),
        Origin::Rule => None,
        Origin::Written { .. } => written.cloned(),
    };
    let mut others = other::values(&kind, value.as_ref(), &|kinds: &[&str]| {
        let ids = environment.components.keys().filter(|id| kinds.contains(&id.kind));
        ids.map(ToString::to_string).collect()
    });
    if setting.place().is_some() {
        others.push(Value::Null);
    }
    let mut references = Vec::new();
    written.into_iter().for_each(|value| refer(value, &mut references));
    let app = match &setting.origin {
        Origin::Written { app, .. } => app.as_ref().map(ToString::to_string),
        Origin::Default | Origin::Rule => None,
    };
    Some(Trial {
        component: component.to_owned(),
        edits: vec![Edit { app, at: target(&kind, &setting.route, table).to_vec() }],
        route: setting.route.clone(),
        place: setting.place().cloned(),
        value: setting.value.clone(),
        others,
        is_known: value.is_some(),
        is_scalar: matches!(value, Some(Value::Integer(_) | Value::Float(_) | Value::String(_))),
        references,
    })
}

/// Where a setting is changed. A block that is the only one of its name can only be taken away together with the name.
fn target<'r>(kind: &Kind, route: &'r [String], table: &Table) -> &'r [String] {
    let Some((_, outer)) = route.split_last() else { return route };
    let keys: Vec<&str> = outer.iter().map(String::as_str).collect();
    let around = table.entry(&keys).and_then(|entry| entry.node.value.as_table());
    let alone = around.is_some_and(|around| around.entries.len() == 1);
    if alone && matches!(kind, Kind::Block(_)) { outer } else { route }
}

/// What a person writes at the end of a route.
fn kind(info: &BlockInfo, route: &[String]) -> Option<Kind> {
    let (first, rest) = route.split_first()?;
    let field = info.fields.iter().find(|field| field.name == first)?;
    match (&field.kind, rest) {
        (kind, []) => Some(kind.clone()),
        (Kind::Map(inner), [_]) => Some((**inner).clone()),
        (Kind::Block(info), rest) => kind(&info(), rest),
        (Kind::Blocks(_, info), [_]) => Some(Kind::Block(*info)),
        (Kind::Blocks(_, info), [_, rest @ ..]) => kind(&info(), rest),
        _ => None,
    }
}

/// A default as a value.
fn default(text: &str) -> Option<Value> {
    let mut sources = Sources::default();
    let file = sources.add(Source::new("default", &format!("value = {text}\n"), Syntax::Hcl));
    let root = crate::syntax::parse(&sources, file).value?.root;
    root.get("value").map(|entry| entry.node.value.clone())
}

/// The components that a value refers to.
fn refer(value: &Value, found: &mut Vec<String>) {
    match value {
        Value::Reference(words) => {
            found.push(words.iter().take(2).map(|word| &*word.text).collect::<Vec<_>>().join("."))
        }
        Value::Template(parts) => {
            for part in parts.iter() {
                if let Part::Reference(_, words) = part {
                    refer(&Value::Reference(words.clone()), found);
                }
            }
        }
        Value::List(items) => items.iter().for_each(|Node { value, .. }| refer(value, found)),
        Value::Table(_)
        | Value::Null
        | Value::Bool(_)
        | Value::Integer(_)
        | Value::Float(_)
        | Value::String(_) => {}
    }
}
