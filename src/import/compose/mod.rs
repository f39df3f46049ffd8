//! Compose files: of the specification and of its older versions, several of them merged, with variables, `extends`,
//! `include` and profiles as compose has them.

mod deploy;
mod dotenv;
mod ecs_params;
mod interpolate;
mod load;
mod merge;
mod minio;
mod proxy;
mod rows;
mod service;
mod storage;
pub(super) mod traefik;
mod variables;

use std::collections::{BTreeMap, BTreeSet};

use super::assemble;
use super::matrix::{Format, Tree};
use super::names;
use super::read::At;
use super::report::{Fate, Report};
use super::session::Session;
use super::workload::{Kind, Setting, Store, System, Workload};
use super::yaml::NodeId;
use crate::source::FileId;

/// What is read.
pub static FORMAT: Format = Format {
    name: "compose",
    about: "Compose files of any version. Several are merged as compose does it; variables come from `.env` beside the \
            first one, or from `--env-file`.",
    parts: &[("The file", rows::FILE)],
    any_case: false,
    tree: Tree::new(),
};

/// The file beside it that ecs-cli reads.
pub static ECS_PARAMS: Format = Format {
    name: "ecs-cli",
    about: "Directories with compose files, of which all keys of `compose` hold, and an `ecs-params.yml`. All services of \
            a directory are containers of one task, as ecs-cli runs them; with `compose --ecs-params`, too.",
    parts: &[("`ecs-params.yml`", rows::ECS_PARAMS)],
    any_case: false,
    tree: Tree::new(),
};

/// What to read.
#[derive(Debug, Clone, Default)]
pub struct Inputs {
    /// Compose files, the last of which has the last word.
    pub files: Vec<FileId>,
    /// Files of variables, instead of `.env`.
    pub env_files: Vec<FileId>,
    /// Whether all services are containers of one task, as ecs-cli runs them.
    pub one_task: bool,
    /// The file in which ecs-cli finds what compose has no words for.
    pub ecs_params: Option<FileId>,
    /// Profiles that are active.
    pub profiles: Vec<String>,
    /// Name of the directory that paths are relative to, after which compose names a project.
    pub directory: String,
}

/// What readers of services share.
struct Project<'s, 'a> {
    session: &'s mut Session<'a>,
    /// The loader's variables, and what was not set.
    interpolation: interpolate::Interpolation,
    /// Named volumes of the file.
    volumes: BTreeMap<String, At>,
    /// What `configs` has.
    configs: BTreeMap<String, At>,
    /// Images that a service builds, by their names.
    built: BTreeSet<String>,
    /// Volumes that something mounts, by name.
    stores: BTreeMap<String, Store>,
    /// What images that are built without a name are called, by how they are built.
    builds: BTreeMap<String, String>,
}

impl Project<'_, '_> {
    fn report(&mut self) -> &mut Report {
        &mut self.session.report
    }

    fn is_unset(&self, id: NodeId) -> bool {
        self.interpolation.unset.contains_key(&id)
    }
}

/// Reads a compose project.
pub fn read(inputs: &Inputs, session: &mut Session<'_>) -> Option<System> {
    let mut loader = load::Loader::new(session, &inputs.files, &inputs.env_files);
    let node = loader.project(&inputs.files)?;
    let mut interpolation = loader.interpolation;
    let params = inputs.ecs_params.map(|file| session.documents(file)).unwrap_or_default();
    let params: Vec<At> = params
        .iter()
        .map(|document| {
            session.watch(document, &ECS_PARAMS);
            At::root(interpolation.apply(document), &ECS_PARAMS)
        })
        .collect();
    interpolation.complain(&mut session.report);
    let root = At::root(node, &FORMAT);
    let by_name = !inputs.one_task;
    let mut system = System { name: name(&root, inputs, session), by_name, ..System::default() };
    let services = root.get("services").map(|services| services.entries()).unwrap_or_default();
    if services.is_empty() {
        let help = "give a file with `services`";
        session.report.impossible(root.node.span, "there is no service here", help);
        return None;
    }
    let volumes = root.get("volumes").map(|volumes| volumes.entries()).unwrap_or_default();
    let volumes = volumes.into_iter().map(|(name, at)| (name.to_string(), at)).collect();
    let configs = root.get("configs").map(|configs| configs.entries()).unwrap_or_default();
    let configs = configs.into_iter().map(|(name, at)| (name.to_string(), at)).collect();
    let (stores, builds) = (BTreeMap::new(), BTreeMap::new());
    let built = services.iter().filter(|(_, at)| at.get("build").is_some());
    let built = built.filter_map(|(_, at)| at.get("image")?.node.text().map(str::to_owned)).collect();
    let mut project = Project { session, interpolation, volumes, configs, built, stores, builds };
    for (name, at) in &services {
        if !is_active(at, &inputs.profiles, project.report()) {
            continue;
        }
        if let Some(workload) = service::read(name, at, &mut project) {
            system.workloads.push(workload);
        }
    }
    links(&services, &mut system.workloads, project.report());
    storage::share(&services, &mut system.workloads, &mut project);
    storage::without_data_containers(&services, &mut system.workloads, project.report());
    one_off(&services, &mut system.workloads, project.report());
    if let Some(days) = root.get("x-aws-logs_retention") {
        let number = days.number(project.report());
        system.workloads.iter_mut().for_each(|workload| workload.log_retention = number);
        project.report().mapped(&days.origin(), "`log_retention` of every service");
    }
    minio::replace(&mut system, project.report());
    system.domains = proxy::read(&services, &mut system.workloads, inputs.one_task, &mut project);
    // Nothing that the container of a database says arrives as it would for a service.
    for store in system.workloads.iter().filter(|workload| assemble::is_data_store(workload)) {
        project.session.report.withdraw(&store.origin, &[Fate::Mapped, Fate::Assumed]);
        if let Some((_, at)) = services.iter().find(|(name, _)| **name == *store.name) {
            storage::of_database(at, project.report());
        }
    }
    for (name, at) in &project.volumes {
        if !project.stores.contains_key(name) {
            project.session.report.dropped(&at.origin(), "nothing mounts it");
        }
    }
    for (name, at) in &project.configs {
        let names =
            |(_, service): &(_, At)| service.get("configs").is_some_and(|list| storage::uses(&list, name));
        match services.iter().any(names) {
            true => {
                project.session.report.mapped(&at.origin(), "what becomes of it stands where services use it")
            }
            false => project.session.report.dropped(&at.origin(), "nothing uses it"),
        }
    }
    system.stores = project.stores.into_values().collect();
    secrets(&root, &system.workloads, &mut session.report);
    if inputs.one_task {
        ecs_params::one_task(&mut system, &mut session.report);
    }
    for at in &params {
        ecs_params::read(at, &mut system, &mut session.report);
    }
    (session.report.diagnostics.is_empty() && !system.workloads.is_empty()).then_some(system)
}

/// The name of the project: its own, or that of the directory.
fn name(root: &At, inputs: &Inputs, session: &mut Session<'_>) -> String {
    if let Some(name) = root.get("name")
        && let Some(text) = name.text(&mut session.report)
    {
        session.report.mapped(&name.origin(), "the name of the stack");
        return text;
    }
    let path =
        inputs.files.first().map(|file| session.sources.get(*file).name.to_string()).unwrap_or_default();
    match path.rsplit('/').nth(1).filter(|directory| !matches!(*directory, "" | "." | "..")) {
        Some(directory) => directory.to_owned(),
        None => inputs.directory.clone(),
    }
}

/// Whether compose starts a service.
fn is_active(at: &At, profiles: &[String], report: &mut Report) -> bool {
    let Some(own) = at.get("profiles") else { return true };
    let names = own.texts(report);
    if names.iter().any(|name| profiles.contains(name)) || names.is_empty() {
        report.mapped(&own.origin(), "active");
        return true;
    }
    report.dropped(
        &at.origin(),
        format!("its profile is not active: add `--profile {}`", names.join("` or `--profile ")),
    );
    false
}

/// Names that links give to other services; one to a database or cache says that it is used.
fn links(services: &[(std::sync::Arc<str>, At)], workloads: &mut [Workload], report: &mut Report) {
    let mut places: BTreeMap<String, usize> = BTreeMap::new();
    for (place, workload) in workloads.iter().enumerate() {
        places.entry(workload.name.clone()).or_insert(place);
    }
    for (own, at) in services {
        for link in at.get("links").map(|links| links.items()).unwrap_or_default() {
            let Some(text) = link.text(report) else { continue };
            let (name, alias) = text.split_once(':').unwrap_or((&text, &text));
            let Some(workload) = places.get(name).map(|&place| &mut workloads[place]) else {
                report.dropped(&link.origin(), format!("there is no service `{name}`"));
                continue;
            };
            workload.aliases.push(alias.to_owned());
            let store = assemble::is_data_store(workload);
            let user = places.get(&**own).map(|&place| &mut workloads[place]).filter(|_| store);
            match user {
                Some(user) if user.needs.iter().all(|need| need.value != name) => {
                    user.needs.push(link.sourced(name.to_owned()));
                }
                _ => report.mapped(&link.origin(), "a name by which it means the other"),
            }
        }
    }
}

/// Services that others wait for until they have ended are tasks.
fn one_off(services: &[(std::sync::Arc<str>, At)], workloads: &mut [Workload], report: &mut Report) {
    let mut ending: BTreeSet<String> = BTreeSet::new();
    for (_, at) in services {
        for (name, needed) in at.get("depends_on").map(|needs| needs.entries()).unwrap_or_default() {
            let condition =
                needed.get("condition").and_then(|condition| condition.node.text().map(str::to_owned));
            if condition.as_deref() == Some("service_completed_successfully") {
                ending.insert(name.to_string());
            }
        }
    }
    for workload in workloads.iter_mut().filter(|workload| ending.contains(&workload.name)) {
        workload.kind = Kind::Task;
        let words = "a `task`, because others wait for its end: run it before a deployment, with `before = \"deploy\"` by a pipeline";
        report.remark(Fate::Assumed, &workload.origin, words);
    }
}

/// Secrets that services use; the others lead nowhere.
fn secrets(root: &At, workloads: &[Workload], report: &mut Report) {
    let passwords: BTreeSet<String> = workloads.iter().filter_map(assemble::database_password).collect();
    // Whether all that use a secret are run by AWS in another way.
    let mut used: BTreeMap<&str, bool> = BTreeMap::new();
    for workload in workloads {
        for variable in &workload.containers[0].variables {
            let Setting::Secret(secret) = &variable.value else { continue };
            *used.entry(secret).or_insert(true) &= assemble::is_data_store(workload);
        }
    }
    for (name, at) in root.get("secrets").map(|secrets| secrets.entries()).unwrap_or_default() {
        match used.get(&*name) {
            _ if passwords.contains(&*name) => report.mapped(
                &at.origin(),
                "the password of the `database`, which RDS makes and keeps: the value is not copied",
            ),
            None => report.dropped(&at.origin(), "nothing on Fargate uses it"),
            Some(true) => report.dropped(&at.origin(), "only what AWS runs in another way used it"),
            Some(false) => {
                let words =
                    format!("`secret.{}`: fill it by hand, the value is not copied", names::valid(&name));
                report.needs_you(&at.origin(), words);
            }
        }
    }
}

#[cfg(test)]
mod tests;
