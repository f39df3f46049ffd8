//! An answer for programs. Keys are always in the same order; lines and columns are 1-based.

use serde_json::{Map, Value, json};

use super::{Effect, Owner, Why};
use crate::review::{Action, Place};
use crate::show::path;

/// Renders what is known of a resource, indented, with one line feed at the end.
pub fn json(why: &Why) -> String {
    let environments: Map<String, Value> =
        why.environments.iter().map(|(name, found)| (name.clone(), found.clone().into())).collect();
    let value = json!({
        "address": why.address,
        "component": why.component,
        "place": why.place.as_ref().map(place),
        "environments": environments,
        "environment": why.environment,
        "owners": why.owners.iter().map(owner).collect::<Vec<_>>(),
        "settings": why.effects.iter().map(effect).collect::<Vec<_>>(),
    });
    format!("{value:#}\n")
}

fn owner(owner: &Owner) -> Value {
    json!({ "argument": owner.argument, "owner": owner.owner, "place": owner.place.as_ref().map(place) })
}

fn effect(effect: &Effect) -> Value {
    let influence = &effect.influence;
    json!({
        "component": influence.component,
        "setting": path(&influence.route),
        "route": influence.route,
        "place": influence.place.as_ref().map(place),
        "value": influence.value,
        "tried": influence.tried,
        "action": action(effect.action),
        "arguments": effect.arguments,
        "causes": effect.causes,
        "loses_data": effect.loses_data,
    })
}

fn action(action: Action) -> &'static str {
    match action {
        Action::Replace => "replace",
        Action::Destroy => "destroy",
        Action::Forget => "forget",
        Action::Update => "update",
        Action::Create => "create",
        Action::Keep => "keep",
    }
}

fn place(place: &Place) -> Value {
    json!({ "file": place.file, "line": place.line, "column": place.column })
}
