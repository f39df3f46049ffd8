//! What holds in each environment, for programs. Keys are always in the same order; lines and columns are 1-based.

use serde_json::{Map, Value, json};

use super::{Component, Environment, Origin, Setting, path};
use crate::review::Place;

/// Renders an object with the name of the stack and its environments, indented, with one line feed at the end.
pub fn json(stack: &str, environments: &[Environment]) -> String {
    let by_name: Map<String, Value> = environments
        .iter()
        .map(|one| (one.name.clone(), one.components.iter().map(component).collect()))
        .collect();
    format!("{:#}\n", json!({ "stack": stack, "environments": by_name }))
}

fn component(component: &Component) -> Value {
    let settings: Vec<Value> = component.settings.iter().map(setting).collect();
    json!({
        "component": component.name,
        "implied": component.place.is_none(),
        "place": component.place.as_ref().map(place),
        "settings": settings,
    })
}

fn setting(setting: &Setting) -> Value {
    let (origin, overlay, app) = match &setting.origin {
        Origin::Default => ("default", &None, &None),
        Origin::Rule => ("rule", &None, &None),
        Origin::Written { overlay, app, .. } => ("written", overlay, app),
    };
    json!({
        "setting": path(&setting.route),
        "route": setting.route,
        "value": setting.value,
        "origin": origin,
        "overlay": overlay.as_deref(),
        "app": app.as_deref(),
        "place": setting.place().map(place),
    })
}

fn place(place: &Place) -> Value {
    json!({ "file": place.file, "line": place.line, "column": place.column })
}
