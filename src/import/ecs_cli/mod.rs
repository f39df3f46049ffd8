//! Directories of ecs-cli: in each a compose project with its `ecs-params.yml`, which is one task; all of them together
//! are one stack.

mod directory;

pub use directory::{Choice, Project, projects};

use super::assemble;
use super::compose::{self, Inputs};
use super::names::valid;
use super::report::{Fate, Report};
use super::session::Session;
use super::workload::{Image, System, Workload};
use crate::source::Span;

/// A project with its files read.
#[derive(Debug, Clone)]
pub struct Task {
    /// What to call it where its service does not say: its directory, or the word that tells it from others there.
    pub name: String,
    /// Its files.
    pub inputs: Inputs,
    /// Path of the compose file that is merged because no other could be meant.
    pub overlay: Option<String>,
    /// Paths of files beside it that are left out.
    pub left_out: Vec<String>,
}

/// Reads projects as one system of the given name; that of a single project is its own affair.
pub fn read(tasks: &[Task], name: &str, session: &mut Session<'_>) -> Option<System> {
    let mut whole: Option<System> = None;
    for task in tasks {
        if let (true, Some(params)) = (task.inputs.files.is_empty(), task.inputs.ecs_params) {
            let help = "put the compose file beside it, or name that with `--file`";
            session.report.impossible(
                Span::new(params, 0, 0),
                "there is no compose file beside this one",
                help,
            );
            continue;
        }
        if let Some(path) = &task.overlay {
            let words = "merged over the other, because it is the only one beside it: if that is not meant, name the files with \
                         `--file`";
            session.report.without_place(Fate::Assumed, path, words);
        }
        for path in &task.left_out {
            let words = "not read, because nothing says what it belongs to: name the files with `--file` and `--ecs-params`";
            session.report.without_place(Fate::NeedsYou, path, words);
        }
        let Some(mut system) = compose::read(&task.inputs, session) else { continue };
        if tasks.len() > 1 {
            let several = |workload: &&mut Workload| workload.containers.len() > 1;
            system
                .workloads
                .iter_mut()
                .filter(several)
                .for_each(|workload| workload.name.clone_from(&task.name));
        }
        match &mut whole {
            None => whole = Some(system),
            Some(whole) => join(whole, system, &task.name, &mut session.report),
        }
    }
    if tasks.len() > 1
        && let Some(whole) = &mut whole
    {
        whole.name = name.to_owned();
    }
    whole.filter(|_| session.report.diagnostics.is_empty())
}

/// Adds a project to others. Each had names of its own, so what clashes is one thing or gets another name.
fn join(whole: &mut System, part: System, name: &str, report: &mut Report) {
    let System { region, account, network, workloads, stores, secrets, .. } = part;
    whole.region = whole.region.take().or(region);
    whole.account = whole.account.take().or(account);
    match (&whole.network, network) {
        (Some(first), Some(other)) if first.differs(&other) => {
            let words = "another project has another network, and a stack has one: the first is taken";
            report.needs_you(&other.origin, words);
        }
        (Some(_), Some(same)) => report.mapped(&same.origin, "the same network as that of another project"),
        (None, other) => whole.network = other,
        _ => {}
    }
    let mut renamed = Vec::new();
    for mut store in stores {
        match whole.stores.iter().find(|known| known.name == store.name) {
            Some(known) if known.existing.is_some() && known.existing == store.existing => {
                report.mapped(&store.origin, "the same `file_system` as that of another project");
                continue;
            }
            Some(_) => {
                let new = format!("{name}_{}", store.name);
                renamed.push((std::mem::replace(&mut store.name, new.clone()), new));
            }
            None => {}
        }
        whole.stores.push(store);
    }
    for mut workload in workloads {
        for mount in workload.containers.iter_mut().flat_map(|container| &mut container.mounts) {
            if let Some((_, new)) = renamed.iter().find(|(old, _)| *old == mount.source) {
                mount.source.clone_from(new);
            }
        }
        if !is_shared(whole, &mut workload, name, report) {
            whole.workloads.push(workload);
        }
    }
    whole.secrets.extend(secrets);
}

/// Whether a workload is one with that of another project; if it only has the name of one, it gets another.
fn is_shared(whole: &System, workload: &mut Workload, project: &str, report: &mut Report) -> bool {
    let own = workload.name.clone();
    let takes = |known: &Workload, name: &str| {
        let containers = known.containers.iter().map(|container| &container.name);
        [&known.name].into_iter().chain(containers).any(|taken| valid(taken) == valid(name))
    };
    let taken = |name: &str| whole.workloads.iter().find(|known| takes(known, name));
    let Some(known) = taken(&own) else { return false };
    let stores = assemble::is_data_store(known) && assemble::is_data_store(workload);
    if stores && image(known) == image(workload) {
        let words = "one with that of another project: there each task had its own, and here they share it";
        report.assumed(&workload.origin, words);
        return true;
    }
    workload.name =
        if stores || taken(project).is_some() { format!("{project}_{own}") } else { project.to_owned() };
    if stores {
        let words = format!(
            "another project has a `{own}`, too, of another image: look at the variables that name it, which mean the other \
             one"
        );
        report.remark(Fate::NeedsYou, &workload.origin, words);
    }
    false
}

/// The image of the main container.
fn image(workload: &Workload) -> &Image {
    &workload.containers[0].image.value
}
