//! The generated README with its picture, and the generated tests: what the tree is, and what a person has to do.
//!
//! Nothing in them repeats the environment table, so that changing a value there changes one line of one file.

use std::collections::BTreeMap;

use tera::{Map, Value};

use super::engine::text;
use super::{Bug, Renderer};
use crate::components::KINDS;
use crate::graph::{self, Graph};
use crate::hcl::Literal;
use crate::model::Handmade;
use crate::terms::Id;

pub(super) fn render(renderer: &mut Renderer<'_>) -> Result<(), Bug> {
    let model = renderer.fold.model;
    let mut view = Map::default();
    view.insert("stack".into(), text(&model.stack.name));
    view.insert("parameter_path".into(), text(&model.stack.parameter_path()));
    view.insert("prefix".into(), text(&model.stack.name.replace('_', "-")));
    view.insert("source".into(), text(&renderer.tree.stack));
    view.insert("first".into(), text(model.example().map_or("", |environment| &environment.name)));
    view.insert("remote_state".into(), Value::from(model.stack.settings.state.is_some()));
    view.insert("modules".into(), modules(renderer));
    view.insert("environments".into(), environments(renderer));
    let services = renderer.fold.ids.iter().filter(|id| id.kind == "service").map(Id::dashed);
    view.insert("services".into(), text(&services.collect::<Vec<_>>().join(" ")));
    view.insert("registries".into(), registries(renderer));
    view.insert("tasks".into(), names(renderer, "task"));
    view.insert("pipelines".into(), pipelines(renderer));
    view.insert("buckets".into(), names(renderer, "bucket"));
    let (made, brought): (Vec<Handmade>, Vec<Handmade>) =
        handmade(renderer).into_iter().partition(|secret| secret.command.is_some());
    let has_secrets = !made.is_empty() || !brought.is_empty();
    let has = |kind: &str| renderer.fold.ids.iter().any(|id| id.kind == kind);
    view.insert("has_secrets".into(), Value::from(has_secrets));
    // Its tasks could not start before somebody has brought images or secrets.
    view.insert("waits".into(), Value::from(has("service") && (has("registry") || has_secrets)));
    view.insert("made".into(), secrets(&made));
    view.insert("brought".into(), secrets(&brought));
    view.insert("alarm_actions".into(), alarm_actions(renderer));
    view.insert("has_mail".into(), Value::from(has_mail(renderer)));
    view.insert("has_cluster".into(), Value::from(has("cluster")));

    let bug = |file: &str, problem: String| Bug { file: file.to_owned(), problem };
    let readme = renderer
        .engine
        .render("README.md", view.clone())
        .map_err(|error| bug("README.md", error.to_string()))?;
    renderer.tree.files.insert("README.md".into(), readme);
    let picture = graph::svg(&Graph::outline(model));
    renderer.tree.files.insert("architecture.svg".into(), picture);
    renderer.terraform("tests/stack.tftest.hcl", "stack.tftest.hcl", view)?;
    let ignore = renderer
        .engine
        .render("gitignore", Map::default())
        .map_err(|error| bug(".gitignore", error.to_string()))?;
    let ignore = format!("{}{ignore}", renderer.header());
    renderer.tree.files.insert(".gitignore".into(), ignore);
    Ok(())
}

/// The modules with the components in them.
fn modules(renderer: &Renderer<'_>) -> Value {
    let modules = renderer.used_modules().into_iter().map(|(name, about)| {
        let inside = renderer
            .fold
            .ids
            .iter()
            .filter(|id| KINDS.iter().any(|kind| kind.key == id.kind && kind.module == name));
        let inside: Vec<String> = inside.map(|id| format!("`{id}`")).collect();
        let mut view = Map::default();
        view.insert("name".into(), text(name));
        view.insert("about".into(), text(about));
        view.insert("components".into(), text(&inside.join(", ")));
        Value::from(view)
    });
    Value::from(modules.collect::<Vec<_>>())
}

/// The environments side by side: who they are, not how large.
fn environments(renderer: &Renderer<'_>) -> Value {
    let environments = renderer.fold.model.environments.iter().map(|environment| {
        let settings = &environment.settings;
        let domain = settings.domain.as_ref().map_or(String::new(), |domain| domain.to_string());
        let mut view = Map::default();
        view.insert("name".into(), text(&environment.name));
        view.insert("account".into(), text(&settings.account));
        view.insert("region".into(), text(&environment.region));
        view.insert("domain".into(), text(&Literal::from(domain).to_text()));
        view.insert("protect".into(), text(if settings.protect { "yes" } else { "no" }));
        Value::from(view)
    });
    Value::from(environments.collect::<Vec<_>>())
}

/// The pipelines with what each deploys in any environment, where its configuration lies, and the output that says where
/// its source is uploaded to.
fn pipelines(renderer: &Renderer<'_>) -> Value {
    let mut pipelines: BTreeMap<Id, Vec<String>> = BTreeMap::new();
    for id in &renderer.fold.ids {
        let deployed = renderer.fold.contexts().find_map(|context| {
            let entry = context.environment.components.get(id)?;
            entry.component.deployed(id, &context)
        });
        if let Some(deployed) = deployed {
            pipelines.entry(deployed.pipeline).or_default().push(format!("`{id}`"));
        }
    }
    let files = &renderer.tree.files;
    let pipelines = pipelines.into_iter().map(|(id, deployed)| {
        let directory = format!("pipelines/{}/", id.name);
        let configuration = files.keys().find(|path| path.starts_with(&directory));
        let mut outputs = renderer.fold.contexts().flat_map(|context| {
            context.find(&id).map(|pipeline| pipeline.outputs(&id, &context)).unwrap_or_default()
        });
        let source = outputs.next().map(|output| format!("{}_{}", id.ident(), output.name));
        let mut view = Map::default();
        view.insert("name".into(), text(&id.name));
        view.insert("deployed".into(), text(&deployed.join(", ")));
        view.insert("configuration".into(), text(configuration.map_or("", |path| path)));
        view.insert("source".into(), text(&source.unwrap_or_default()));
        Value::from(view)
    });
    Value::from(pipelines.collect::<Vec<_>>())
}

/// The registries whose images a person pushes, in some environment.
fn registries(renderer: &Renderer<'_>) -> Value {
    let ids = renderer.fold.ids.iter().filter(|id| id.kind == "registry");
    let by_hand = |id: &&Id| {
        renderer.fold.contexts().any(|context| {
            let pipelines: Vec<&Id> = context.all("pipeline").collect();
            let mut deployed = pipelines.into_iter().flat_map(|pipeline| context.deployed_by(pipeline));
            context.find(id).is_some() && !deployed.any(|one| one.images.values().any(|image| image == *id))
        })
    };
    Value::from(ids.filter(by_hand).map(|id| text(&id.name)).collect::<Vec<_>>())
}

/// The names of the components of a kind.
fn names(renderer: &Renderer<'_>, kind: &str) -> Value {
    let ids = renderer.fold.ids.iter().filter(|id| id.kind == kind);
    Value::from(ids.map(|id| text(&id.name)).collect::<Vec<_>>())
}

/// The outputs that say what the owners of alarms that exist have to add to them.
fn alarm_actions(renderer: &Renderer<'_>) -> Value {
    let mut found: Vec<String> = Vec::new();
    for id in renderer.fold.ids.iter().filter(|id| id.kind == "alarm") {
        for context in renderer.fold.contexts() {
            let outputs = context.find(id).map(|alarm| alarm.outputs(id, &context)).unwrap_or_default();
            let names = outputs.iter().map(|output| format!("{}_{}", id.ident(), output.name));
            found.extend(names);
        }
    }
    found.sort();
    found.dedup();
    Value::from(found.iter().map(|name| text(name)).collect::<Vec<_>>())
}

/// Whether a topic of any environment sends mail.
fn has_mail(renderer: &Renderer<'_>) -> bool {
    let environments = renderer.fold.model.environments.iter();
    let mut topics = environments
        .flat_map(|environment| environment.components.iter())
        .filter(|(id, _)| id.kind == "topic");
    topics.any(|(_, topic)| topic.table.get("emails").is_some())
}

/// The secrets that a person fills, of any environment.
fn handmade(renderer: &Renderer<'_>) -> Vec<Handmade> {
    let mut found: Vec<Handmade> = Vec::new();
    for id in &renderer.fold.ids {
        for environment in &renderer.fold.model.environments {
            let Some(entry) = environment.components.get(id) else { continue };
            for secret in entry.component.handmade(id) {
                if !found.contains(&secret) {
                    found.push(secret);
                }
            }
        }
    }
    found
}

fn secrets(secrets: &[Handmade]) -> Value {
    let secrets = secrets.iter().map(|secret| {
        let mut view = Map::default();
        view.insert("parameter".into(), text(&secret.parameter));
        view.insert("purpose".into(), text(&secret.purpose));
        view.insert("command".into(), text(secret.command.as_deref().unwrap_or_default()));
        Value::from(view)
    });
    Value::from(secrets.collect::<Vec<_>>())
}
