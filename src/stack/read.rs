//! From the tree to the model.

use std::sync::Arc;

use indexmap::IndexMap;

use super::overlay;
use super::rules::{check_environment, check_region, check_stack};
use crate::components::workload::App;
use crate::components::{KINDS, implied_by, kind, order};
use crate::diagnostic::Outcome;
use crate::model::{
    Asked, Checker, Common, Entry, Environment, EnvironmentSettings, Kind, Model, Stack, StackSettings, codes,
};
use crate::settings::values::check_name;
use crate::settings::{Reading, Settings};
use crate::source::Span;
use crate::syntax::overlay::merge;
use crate::syntax::{self, Document, Form, Table, Value, document};
use crate::terms::{Id, SINGLE};

/// Reads a document: once for the stack, then once for each environment with its overlays merged in.
pub fn read(document: &Document) -> Outcome<Model> {
    let mut reading = Reading::default();
    let root = &document.root;
    check_keys(root, &mut reading);
    let stack = read_stack(root, document.span, &mut reading);
    let mut environments = Vec::new();
    for (name, place, body) in bodies(root, document.span, &mut reading) {
        reading.environment = Some(name.clone());
        let merged = overlay::apply(root, &body, &name, &mut reading);
        let settings = EnvironmentSettings::read_fields(&body, place, &mut reading);
        let (components, unread) = read_components(&merged, &name, document.span, root, &mut reading);
        if let (Some(settings), Some(stack)) = (settings, &stack) {
            check_environment(&settings, &body, place, &mut reading);
            let region = settings.region.clone().unwrap_or_else(|| stack.settings.region.clone());
            let asked = Asked::default();
            environments.push(Environment { name, settings, region, components, unread, asked });
        }
    }
    environments.sort_by(|a, b| a.name.cmp(&b.name));
    let value = stack.map(|stack| Model { stack, environments, document: document.clone() });
    Outcome { value, diagnostics: reading.diagnostics }
}

fn check_keys(root: &Table, reading: &mut Reading) {
    let known: Vec<&str> =
        ["stack", "environment", "app"].into_iter().chain(KINDS.iter().map(|kind| kind.key)).collect();
    for (key, entry) in &root.entries {
        if !known.contains(&&**key) {
            let diagnostic = reading
                .diagnostic(&crate::settings::codes::UNKNOWN_KEY, entry.key, format!("unknown block `{key}`"))
                .label("not a kind of component")
                .suggest(key, known.iter().copied());
            reading.push(diagnostic);
        }
    }
}

/// The blocks of a key by their names; blocks without one are reported.
pub(super) fn names<'a>(
    entry: &'a syntax::Entry,
    key: &str,
    reading: &mut Reading,
) -> Option<&'a Arc<Table>> {
    let names = crate::settings::table(&entry.node, reading)?;
    let empty = entry.form == Form::Block && names.entries.is_empty();
    if !empty && names.entries.values().all(|entry| entry.node.value.as_table().is_some()) {
        return Some(names);
    }
    let diagnostic = reading
        .diagnostic(&crate::settings::codes::WRONG_TYPE, entry.key, format!("this `{key}` has no name"))
        .label("a block with a name is needed")
        .help(format!("write `{key} \"main\" {{ .. }}`"));
    reading.push(diagnostic);
    None
}

/// The labelled blocks of a key: name, place of the label, body.
fn labelled(table: &Table, key: &str, reading: &mut Reading) -> Vec<(Arc<str>, Span, Arc<Table>)> {
    let Some(names) = table.get(key).and_then(|entry| names(entry, key, reading)) else { return Vec::new() };
    let mut blocks = Vec::new();
    for (name, entry) in &names.entries {
        let Value::Table(body) = &entry.node.value else { continue };
        if check_name(name, entry.key, &article(key), reading) {
            blocks.push((name.clone(), entry.node.span, body.clone()));
        }
    }
    blocks
}

/// `a service`, `an app`.
fn article(key: &str) -> String {
    if key.starts_with(['a', 'e']) { format!("an {key}") } else { format!("a {key}") }
}

fn read_stack(root: &Table, whole: Span, reading: &mut Reading) -> Option<Stack> {
    let mut stacks = labelled(root, "stack", reading);
    if stacks.is_empty() {
        missing_block(whole, "stack", "stack \"my_app\" { region = \"us-east-1\" }", root, reading);
        return None;
    }
    if let Some((name, place, _)) = stacks.get(1) {
        let message = format!("a file has one stack, and `{name}` is a second");
        let diagnostic = reading.diagnostic(&codes::ONLY_ONE, *place, message).help("write a file for each");
        reading.push(diagnostic);
    }
    let (name, place, body) = stacks.remove(0);
    let settings = StackSettings::read_block(&body, place, &[], reading)?;
    let mut at = Checker { table: &body, header: place, reading };
    check_region(&settings.region, &["region"], &mut at);
    check_stack(&settings, root, &mut at);
    let mut environments = environment_names(root);
    environments.sort();
    Some(Stack { name, settings, place, environments, kinds: KINDS })
}

/// The names of the environments, in the order written.
fn environment_names(root: &Table) -> Vec<Arc<str>> {
    let names = root.get("environment").and_then(|entry| entry.node.value.as_table());
    names.map(|names| names.entries.keys().cloned().collect()).unwrap_or_default()
}

fn missing_block(whole: Span, key: &str, example: &str, root: &Table, reading: &mut Reading) {
    if root.get(key).is_some() {
        return;
    }
    let place = Span { end: whole.start, ..whole };
    let message = format!("the file has no `{key}` block");
    let diagnostic =
        reading.diagnostic(&codes::MISSING_BLOCK, place, message).help(format!("add `{example}`"));
    reading.push(diagnostic);
}

/// The environment blocks; their names are workspaces and parts of AWS names, so they have no underscores.
fn bodies(root: &Table, whole: Span, reading: &mut Reading) -> Vec<(Arc<str>, Span, Arc<Table>)> {
    missing_block(
        whole,
        "environment",
        "environment \"production\" { account = \"111111111111\" }",
        root,
        reading,
    );
    let mut environments = labelled(root, "environment", reading);
    environments.retain(|(name, place, _)| {
        let help = match &**name {
            "default" => "Terraform's `default` workspace is refused on purpose: choose another name",
            name if name.contains('_') => "write it without an underscore: it is part of AWS names",
            name if name.len() > 20 => "use at most 20 characters: it is part of every AWS name",
            _ => return true,
        };
        let message = format!("an environment cannot be called `{name}`");
        let diagnostic =
            reading.diagnostic(&crate::settings::codes::INVALID_NAME, *place, message).help(help);
        reading.push(diagnostic);
        false
    });
    environments
}

/// The components of one environment, implied ones included, in the order of the table of kinds and by name; and those
/// that could not be read.
fn read_components(
    merged: &Table,
    environment: &str,
    whole: Span,
    root: &Table,
    reading: &mut Reading,
) -> (IndexMap<Id, Entry>, Vec<Id>) {
    let names = environment_names(root);
    let names: Vec<&str> = names.iter().map(|name| &**name).collect();
    let mut found = read_written(merged, environment, &names, reading);
    for kind in KINDS {
        let mut bringing = implied_by(kind.key);
        let implied = bringing.any(|one| found.iter().any(|(id, _)| id.kind == one));
        if implied && !found.iter().any(|(id, _)| id.kind == kind.key) {
            let common = Common::unsaid(whole);
            found.push(read_one(kind, "main", whole, (common, Arc::default()), reading));
        }
    }
    found.sort_by(|(a, _), (b, _)| order(a).cmp(&order(b)));
    let unread = found.iter().filter(|(_, entry)| entry.is_none()).map(|(id, _)| id.clone()).collect();
    let read = found.into_iter().filter_map(|(id, entry)| Some((id, entry?))).collect();
    (without_twins(read, reading), unread)
}

/// The components that the file writes, alone and in apps, and that stand in this environment.
fn read_written(
    merged: &Table,
    environment: &str,
    names: &[&str],
    reading: &mut Reading,
) -> Vec<(Id, Option<Entry>)> {
    let mut found = Vec::new();
    for kind in KINDS {
        let blocks = labelled(merged, kind.key, reading);
        if let (true, Some((name, place, _))) = (SINGLE.contains(&kind.key), blocks.get(1)) {
            let message = format!("`{name}` is a second {}", kind.key);
            let help = format!("a stack has one {}", kind.key);
            let diagnostic = reading.diagnostic(&codes::ONLY_ONE, *place, message).help(help);
            reading.push(diagnostic);
        }
        for (name, header, body) in blocks {
            found.extend(read_here(kind, &name, header, body, (environment, names), reading));
        }
    }
    for (app, header, body) in labelled(merged, "app", reading) {
        let shared = App::shared(&body, header, reading);
        for kind in App::KINDS.into_iter().filter_map(kind) {
            for (name, header, own) in labelled(&body, kind.key, reading) {
                let table = merge(&shared, &own);
                let mut one = read_here(kind, &name, header, table, (environment, names), reading);
                if let Some((_, Some(entry))) = &mut one {
                    entry.app = Some(app.clone());
                }
                found.extend(one);
            }
        }
    }
    found
}

/// Reads one component, if it stands in this environment.
fn read_here(
    kind: &Kind,
    name: &str,
    header: Span,
    table: Arc<Table>,
    (environment, names): (&str, &[&str]),
    reading: &mut Reading,
) -> Option<(Id, Option<Entry>)> {
    // With a mistake in these the rest of the component is still read.
    let common = Common::read_fields(&table, header, reading).unwrap_or_else(|| Common::unsaid(header));
    let here = stands_here(kind, &common, &table, (environment, names), reading);
    here.then(|| read_one(kind, name, header, (common, table), reading))
}

/// Reads one component; no entry when a setting has a value that cannot be read.
fn read_one(
    kind: &Kind,
    name: &str,
    header: Span,
    (common, table): (Common, Arc<Table>),
    reading: &mut Reading,
) -> (Id, Option<Entry>) {
    let id = Id::new(kind.key, name).called(common.aws_name(name));
    let component = (kind.read)(&table, header, reading);
    (id, component.map(|component| Entry { component, common, table, header, app: None }))
}

/// The components by id, without services and tasks whose name another one has.
fn without_twins(found: Vec<(Id, Entry)>, reading: &mut Reading) -> IndexMap<Id, Entry> {
    let mut components: IndexMap<Id, Entry> = IndexMap::with_capacity(found.len());
    for (id, entry) in found {
        let rivals: &[&'static str] = if App::KINDS.contains(&id.kind) { &App::KINDS } else { &[] };
        let twin = rivals.iter().find_map(|kind| components.get(&Id::new(kind, &id.name)));
        if let Some(first) = twin {
            let message = format!("`{}` is the name of another service or task", id.name);
            let diagnostic = reading
                .diagnostic(&codes::DUPLICATE_NAME, entry.header, message)
                .related(first.header, "the first")
                .help("choose another name: services and tasks share a cluster");
            reading.push(diagnostic);
            continue;
        }
        components.insert(id, entry);
    }
    components
}

/// Whether a component stands in this environment, of those that the stack has under `names`; all have it when its
/// `environments` is not written. Kinds of which a stack has one stand in all.
fn stands_here(
    kind: &Kind,
    common: &Common,
    table: &Table,
    (environment, names): (&str, &[&str]),
    reading: &mut Reading,
) -> bool {
    let (Some(listed), Some(entry)) = (&common.environments, table.get("environments")) else { return true };
    if SINGLE.contains(&kind.key) {
        let message = format!("a {} stands in every environment", kind.key);
        reading.invalid(entry.key, message, "remove `environments`");
        return true;
    }
    if listed.is_empty() {
        let help = "name an environment, or remove the component; without `environments` all have it";
        reading.invalid(entry.node.span, "no environment has it", help);
    }
    if let document::Value::List(items) = &entry.node.value {
        for (name, item) in listed.iter().zip(items.iter()) {
            if !names.contains(&&**name) {
                let diagnostic = reading
                    .diagnostic(
                        &codes::UNKNOWN_ENVIRONMENT,
                        item.span,
                        format!("there is no environment `{name}`"),
                    )
                    .suggest(name, names.iter().copied());
                reading.push(diagnostic);
            }
        }
    }
    listed.iter().any(|name| &**name == environment)
}
