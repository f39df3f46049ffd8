//! One document per environment: the overlays of an environment block merged into the rest of the file.
//!
//! Works on the tree, before anything is typed, so one merge serves every component and each node keeps its line.

use std::sync::Arc;

use crate::components::kind;
use crate::components::workload::App;
use crate::diagnostic::Diagnostic;
use crate::model::{Common, EnvironmentSettings, codes};
use crate::settings::{Reading, Settings};
use crate::syntax::overlay::merge;
use crate::syntax::{Entry, Form, Node, Table, Value};

/// The file's table as the environment with this body sees it.
pub(super) fn apply(root: &Arc<Table>, body: &Table, environment: &str, reading: &mut Reading) -> Arc<Table> {
    let mut merged = root.clone();
    for (key, entry) in &body.entries {
        if EnvironmentSettings::has(key) {
            continue;
        }
        if key.as_ref() != "app" && kind(key).is_none() {
            let known = crate::components::KINDS.iter().map(|kind| kind.key);
            let own = EnvironmentSettings::info();
            let known: Vec<&str> = own.fields.iter().map(|field| field.name).chain(known).collect();
            let diagnostic = reading
                .diagnostic(
                    &crate::settings::codes::UNKNOWN_KEY,
                    entry.key,
                    format!("unknown setting `{key}`"),
                )
                .label("neither a setting of an environment nor a kind of component")
                .suggest(key, known);
            reading.push(diagnostic);
            continue;
        }
        let Some(overlays) = super::read::names(entry, key, reading) else { continue };
        for (name, overlay) in &overlays.entries {
            refuse_fixed(key, name, overlay, reading);
            match route(root, key, name) {
                Some(route) if !stands_in(root, &route, environment) => {
                    let message = format!("the {key} `{name}` does not stand in this environment");
                    let diagnostic = reading
                        .diagnostic(&codes::OVERLAY_OF_NOTHING, overlay.key, message)
                        .label("changes nothing")
                        .help(format!("add \"{environment}\" to its `environments`, or remove the overlay"));
                    reading.push(diagnostic);
                }
                Some(route) => {
                    inside_app(root, key, name, overlay, reading);
                    merged = merge(&merged, &nest(&route, overlay));
                }
                None => reading.push(nothing_to_overlay(root, key, name, overlay, reading)),
            }
        }
    }
    merged
}

/// Reports settings of an overlay that are the same in every environment.
fn refuse_fixed(key: &str, name: &str, overlay: &Entry, reading: &mut Reading) {
    let Some(table) = overlay.node.value.as_table() else { return };
    for fixed in Common::FIXED {
        if let Some(found) = table.get(fixed) {
            let help = format!("write it in the {key} `{name}` itself, outside the environments");
            reading.invalid(found.key, format!("`{fixed}` cannot differ between environments"), help);
        }
    }
    if key != "app" {
        return;
    }
    for inner in App::KINDS {
        let Some(names) = table.get(inner).and_then(|entry| entry.node.value.as_table()) else { continue };
        for (name, overlay) in &names.entries {
            refuse_fixed(inner, name, overlay, reading);
        }
    }
}

/// The keys that lead to a component in the file: itself, or within its app.
fn route(root: &Table, kind: &str, name: &str) -> Option<Vec<Arc<str>>> {
    let named = |table: &Table| {
        let names = table.get(kind)?.node.value.as_table()?;
        names.entries.get_full(name).map(|(_, key, _)| key.clone())
    };
    if let Some(key) = named(root) {
        return Some(vec![kind.into(), key]);
    }
    if !App::KINDS.contains(&kind) {
        return None;
    }
    let apps = root.get("app")?.node.value.as_table()?;
    apps.entries.iter().find_map(|(app, entry)| {
        let key = named(entry.node.value.as_table()?)?;
        Some(vec!["app".into(), app.clone(), kind.into(), key])
    })
}

/// Whether the `environments` of the component at a route, if it has any, name this one.
fn stands_in(root: &Table, route: &[Arc<str>], environment: &str) -> bool {
    let mut table = root;
    for key in route {
        match table.get(key).and_then(|entry| entry.node.value.as_table()) {
            Some(inner) => table = inner,
            None => return true,
        }
    }
    let Some(Value::List(names)) = table.get("environments").map(|entry| &entry.node.value) else {
        return true;
    };
    names.iter().any(|name| matches!(&name.value, Value::String(name) if &**name == environment))
}

/// `entry` as a table that leads to it through the keys of `route`.
fn nest(route: &[Arc<str>], entry: &Entry) -> Arc<Table> {
    let (last, outer) = route.split_last().expect("a route has at least two keys");
    let mut table = Table::default();
    table.entries.insert(last.clone(), entry.clone());
    for key in outer.iter().rev() {
        let node = Node { span: entry.node.span, value: Value::Table(Arc::new(table)) };
        table = Table::default();
        table.entries.insert(key.clone(), Entry { key: entry.key, form: Form::Block, node });
    }
    Arc::new(table)
}

/// Services and tasks that the overlay of an app has and the app itself has not.
fn inside_app(root: &Table, kind: &str, name: &str, overlay: &Entry, reading: &mut Reading) {
    let block = |table: &Table, kind: &str, name: &str| {
        table.get(kind)?.node.value.as_table()?.get(name)?.node.value.as_table().cloned()
    };
    let Some(app) = block(root, kind, name).filter(|_| kind == "app") else { return };
    let Some(changed) = overlay.node.value.as_table() else { return };
    for inner in App::KINDS {
        let Some(names) = changed.get(inner).and_then(|entry| entry.node.value.as_table()) else { continue };
        for (name, overlay) in &names.entries {
            if block(&app, inner, name).is_none() {
                reading.push(nothing_to_overlay(root, inner, name, overlay, reading));
            }
        }
    }
}

fn nothing_to_overlay(
    root: &Table,
    kind: &str,
    name: &str,
    overlay: &Entry,
    reading: &Reading,
) -> Diagnostic {
    let collect = |table: &'_ Table| -> Vec<String> {
        let names = table.get(kind).and_then(|entry| entry.node.value.as_table());
        names.map(|names| names.entries.keys().map(|name| name.to_string()).collect()).unwrap_or_default()
    };
    let mut names = collect(root);
    if let Some(apps) = root.get("app").and_then(|entry| entry.node.value.as_table()) {
        for app in apps.entries.values() {
            names.extend(app.node.value.as_table().map(|app| collect(app)).unwrap_or_default());
        }
    }
    let diagnostic = reading
        .diagnostic(
            &codes::OVERLAY_OF_NOTHING,
            overlay.key,
            format!("there is no {kind} `{name}` to overlay"),
        )
        .label("an overlay changes a component that the file has");
    if names.is_empty() {
        let help = format!(
            "write `{kind} \"{name}\"` outside the environment, with `environments = [..]` if only some have it"
        );
        return diagnostic.help(help);
    }
    diagnostic.suggest(name, names.iter().map(String::as_str))
}
