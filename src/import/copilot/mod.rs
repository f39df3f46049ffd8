//! The `copilot` directory of AWS Copilot: manifests of services, jobs, environments and pipelines, and addons.
//!
//! A manifest is read once for every environment, with what that environment overrides merged over it as Copilot does;
//! [`super::assemble`] then finds what differs. Files are told apart by what they say, so that single manifests can be
//! given, too.

mod addon;
mod container;
mod count;
mod environment;
mod fill;
mod http;
mod manifest;
mod overlay;
mod rows;
mod schedule;
mod storage;
mod valid;

use std::collections::BTreeSet;

use super::codes::IMPORT_DUPLICATE;
use super::environments::Environment;
use super::matrix::{Format, Tree};
use super::read::{At, Origin};
use super::report::Fate;
use super::session::Session;
use super::workload::{System, TaskNetwork, Variable};
use super::yaml::{Node, NodeId};
use crate::source::{FileId, Span};

/// Manifests of services and jobs.
pub static WORKLOAD: Format = Format {
    name: "copilot",
    about: "The `copilot` directory of AWS Copilot, or single files of it. `<name>/manifest.yml` describes a service or \
            job; what `environments` in it overrides stands in the environments of the stack, with the same keys.",
    parts: &[
        ("The service or job", rows::WORKLOAD),
        ("Its containers", rows::CONTAINERS),
        ("What leads to it", rows::HTTP),
        ("How many tasks run", rows::SCALING),
        ("Messages", rows::MESSAGES),
    ],
    any_case: false,
    tree: Tree::new(),
};

/// Manifests of environments.
pub static ENVIRONMENT: Format = Format {
    name: "copilot: environments",
    about: "`environments/<name>/manifest.yml`.",
    parts: &[("The environment", rows::ENVIRONMENT)],
    any_case: false,
    tree: Tree::new(),
};

/// Manifests of pipelines.
pub static PIPELINE: Format = Format {
    name: "copilot: pipelines",
    about: "`pipelines/<name>/manifest.yml`, or `pipeline.yml` of older versions.",
    parts: &[("The pipeline", rows::PIPELINE)],
    any_case: false,
    tree: Tree::new(),
};

/// Addons.
pub static ADDON: Format = Format {
    name: "copilot: addons",
    about: "CloudFormation templates under `addons/`.",
    parts: &[("The template", rows::ADDON)],
    any_case: false,
    tree: Tree::new(),
};

/// The files by what they are.
#[derive(Default)]
struct Files {
    application: Option<String>,
    manifests: Vec<Node>,
    environments: Vec<At>,
    pipelines: Vec<At>,
    /// With the directory that they stand in.
    addons: Vec<(String, At)>,
}

/// Reads the files of a directory; `directory` is what to call the application when nothing else says it.
pub fn read(files: &[FileId], directory: &str, session: &mut Session<'_>) -> Option<System> {
    let mut found = Files::default();
    for &file in files {
        sort(file, &mut found, session);
    }
    let paths: Vec<&str> = files.iter().map(|file| &*session.sources.get(*file).name).collect();
    let above = paths.iter().find_map(|path| above_copilot(path));
    let root = above.unwrap_or_default().to_owned();
    let application = found.application.clone().or_else(|| {
        let name = root.trim_end_matches('/').rsplit('/').next();
        name.filter(|name| !name.is_empty() && !name.starts_with('.')).map(str::to_owned)
    });
    let application = application.unwrap_or_else(|| directory.to_owned());
    if found.application.is_none() && !found.manifests.is_empty() {
        let words = format!(
            "no `.workspace` names the application: `{application}`, which also stands for COPILOT_APPLICATION_NAME"
        );
        session.report.without_place(Fate::Assumed, "stack", words);
    }
    let mut system = System { name: application.clone(), ..System::default() };
    environments(&found, &application, &mut system, session);
    let mut names: Vec<String> = system.environments.iter().map(|known| known.name.clone()).collect();
    if names.is_empty() {
        names.push("production".to_owned());
        let words =
            "no file names an environment: it is called so, which also stands for COPILOT_ENVIRONMENT_NAME";
        session.report.without_place(Fate::Assumed, "environment.production", words);
    }
    let mut addons = addon::Addons::default();
    for (service, at) in &found.addons {
        addon::read(at, service, &application, &mut addons, &mut system, &mut session.report);
    }
    let exports = &addons.exports;
    let shared = manifest::Application { name: &application, environments: &names, root: &root, exports };
    // Services first, so that they give shared images their names.
    let is_job = |node: &Node| node.map().and_then(|map| map.get("on")).is_some();
    found.manifests.sort_by_key(is_job);
    let mut private_tasks = false;
    for node in &found.manifests {
        for private in manifest::read(node, &shared, &mut system, session) {
            private_tasks = true;
            let named = system.environments.iter_mut().filter(|known| known.name == private);
            named.for_each(|known| known.network.private_tasks = true);
        }
    }
    addons.given.iter().for_each(|(service, variable)| give(service, variable, &mut system));
    if system.environments.is_empty() {
        // Without a name of an environment there is nothing that could differ.
        system.workloads.iter_mut().for_each(|workload| workload.variants.clear());
        system.network = system.workloads.first().map(|workload| TaskNetwork {
            vpc: None,
            subnets: Vec::new(),
            public: !private_tasks,
            origin: workload.origin.clone(),
        });
    }
    let nothing = system.workloads.is_empty() && system.sites.is_empty() && found.environments.is_empty();
    if nothing && session.report.diagnostics.is_empty() {
        let first = files.first().copied().unwrap_or_else(|| session.given(directory, ""));
        let span = Span::new(first, 0, 0);
        let help = "give the `copilot` directory, with the `manifest.yml` of each service";
        session.report.impossible(span, "there is no manifest of a service or job here", help);
    }
    if session.report.diagnostics.is_empty() {
        remarks(&system, session);
        return Some(system);
    }
    None
}

/// What the directory does not say and somebody who leaves Copilot has to know.
fn remarks(system: &System, session: &mut Session<'_>) {
    if system.workloads.is_empty() {
        return;
    }
    let words = format!(
        "what Copilot deployed keeps running beside the stack, under other names: apply the stack, move data and DNS, and \
         delete Copilot's services last, which takes along their logs in `/copilot/{0}-<environment>-<service>` and their \
         images in `{0}/<service>`",
        system.name
    );
    session.report.without_place(Fate::NeedsYou, "stack", words);
    let words = "Copilot gives every container COPILOT_APPLICATION_NAME, COPILOT_ENVIRONMENT_NAME, COPILOT_SERVICE_NAME, \
                 COPILOT_SERVICE_DISCOVERY_ENDPOINT and COPILOT_LB_DNS: write those that it reads under `environment`";
    session.report.without_place(Fate::Dropped, "environment", words);
}

/// Finds out what a file is.
fn sort(file: FileId, found: &mut Files, session: &mut Session<'_>) {
    let path = session.sources.get(file).name.to_string();
    let within = |directory: &str| path.split('/').any(|part| part == directory);
    let whole = Origin {
        id: NodeId::of_line(file, 0),
        span: Span::new(file, 0, 0),
        path: "the whole file".to_owned(),
    };
    if within("overrides") {
        let words = "it changes the templates that Copilot makes: look for settings that say the same";
        session.report.needs_you(&whole, words);
        return;
    }
    for document in session.documents(file) {
        let text = |key: &str| Some(document.map()?.get(key)?.node.text()?.to_owned());
        let has = |key: &str| document.map().is_some_and(|map| map.contains_key(key));
        if path.ends_with(".workspace") {
            found.application = found.application.take().or(text("application"));
            session.report.mapped(&whole, "the name of the stack");
            continue;
        }
        match text("type") {
            Some(kind) if manifest::is_workload(&kind) => found.manifests.push(document.clone()),
            Some(kind) if kind == "Environment" => {
                found.environments.push(session.watch(&document, &ENVIRONMENT));
            }
            _ if has("stages") => found.pipelines.push(session.watch(&document, &PIPELINE)),
            _ if has("Resources") => {
                let parts: Vec<&str> = path.split('/').collect();
                let at = parts.iter().position(|part| *part == "addons").and_then(|at| at.checked_sub(1));
                let service = at.map_or("", |at| parts[at]).to_owned();
                found.addons.push((service, session.watch(&document, &ADDON)));
            }
            _ if within("addons") => {
                session.report.dropped(&whole, "parameters of addons, which Copilot fills in");
            }
            Some(_) => {
                let span =
                    document.map().and_then(|map| map.get("type")).map_or(whole.span, |kind| kind.node.span);
                let help = "a manifest is of a `Load Balanced Web Service`, `Backend Service`, `Worker Service`, \
                            `Request-Driven Web Service`, `Static Site`, `Scheduled Job` or `Environment`";
                session.report.impossible(span, "Copilot has no such type of manifest", help);
            }
            None => session.report.dropped(&whole, "no manifest of Copilot"),
        }
    }
}

/// The environments that files name: first in the order of the pipeline.
fn environments(found: &Files, application: &str, system: &mut System, session: &mut Session<'_>) {
    let report = &mut session.report;
    let mut known: Vec<Environment> = Vec::new();
    let mut stages = Vec::new();
    for at in &found.pipelines {
        let (pipeline, of_it) = environment::pipeline(at, report);
        match (&system.pipeline, pipeline) {
            (None, Some(pipeline)) => system.pipeline = Some(pipeline),
            (Some(_), Some(pipeline)) => {
                report
                    .needs_you(&pipeline.origin, "a further pipeline: write a `pipeline` of its own for it");
            }
            _ => {}
        }
        stages.extend(of_it);
    }
    let mut names: BTreeSet<String> = BTreeSet::new();
    for at in &found.environments {
        let Some(environment) = environment::read(at, application, report) else { continue };
        if names.insert(environment.name.clone()) {
            known.push(environment);
        } else {
            let message = format!("another manifest is of the environment `{}`, too", environment.name);
            report.mistake(&IMPORT_DUPLICATE, at.node.span, message, "remove one of the two");
        }
    }
    let order = |name: &str| stages.iter().position(|(stage, _)| stage.value == name).unwrap_or(usize::MAX);
    for (stage, approval) in &stages {
        environment::known(&stage.origin, &stage.value, report);
        if names.insert(stage.value.clone()) {
            known.push(environment::bare(&stage.value, stage.origin.clone()));
        }
        let named = known.iter_mut().filter(|environment| environment.name == stage.value);
        named.for_each(|environment| environment.approval |= approval);
    }
    known.sort_by_key(|environment| order(&environment.name));
    for manifest in &found.manifests {
        let named = manifest.map().and_then(|map| map.get("environments"));
        for (name, entry) in named.and_then(|named| named.node.map()).into_iter().flatten() {
            let origin = Origin { id: entry.node.id, span: entry.key, path: format!("environments.{name}") };
            if names.insert(name.to_string()) {
                known.push(environment::bare(name, origin));
            } else {
                report.remark(Fate::Mapped, &origin, format!("the environment `{name}`"));
            }
        }
    }
    system.environments = known;
}

/// Gives a variable to the service that an addon stands beside, in every environment.
fn give(service: &str, given: &Variable, system: &mut System) {
    for workload in system.workloads.iter_mut().filter(|workload| workload.name == service) {
        let variants = workload.variants.iter_mut().map(|(_, variant)| &mut variant.containers);
        for containers in variants.chain([&mut workload.containers]) {
            let variables = &mut containers[0].variables;
            if !variables.iter().any(|variable| variable.name == given.name) {
                variables.push(given.clone());
            }
        }
    }
}

/// The directory that the `copilot` directory stands in, with a `/` behind: paths in manifests begin there.
fn above_copilot(path: &str) -> Option<&str> {
    let at =
        path.match_indices("copilot/").map(|(at, _)| at).find(|&at| at == 0 || path[..at].ends_with('/'))?;
    Some(&path[..at])
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn paths_begin_above_the_directory() {
        for (path, expected) in [
            ("copilot/web/manifest.yml", Some("")),
            ("/a/shop/copilot/web/manifest.yml", Some("/a/shop/")),
            ("my-copilot/manifest.yml", None),
            ("manifest.yml", None),
        ] {
            assert_eq!(above_copilot(path), expected, "{path}");
        }
    }
}
