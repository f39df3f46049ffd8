//! Volumes: on EFS, or with the task.

use super::fill::Filling;
use super::valid;
use crate::import::read::At;
use crate::import::report::{Fate, Report};
use crate::import::workload::{Mount, OtherStore, Store, System, Workload};

/// What stands where the id of a file system is not known.
const UNKNOWN: &str = "fs-00000000000000000";

/// Reads `storage`.
pub(super) fn read(
    at: &At,
    service: &str,
    names: &Filling<'_>,
    workload: &mut Workload,
    system: &mut System,
    report: &mut Report,
) {
    let Some(storage) = at.get("storage") else { return };
    if let Some(size) = storage.get("ephemeral") {
        match size.number(report) {
            Some(0..=20) => report.mapped(&size.origin(), "tasks have 20 GiB"),
            _ => report
                .needs_you(&size.origin(), "tasks have 20 GiB: what needs more belongs on a `file_system`"),
        }
    }
    if let Some(read_only) = storage.get("readonly_fs") {
        workload.containers[0].read_only = read_only.boolean(report).unwrap_or(false);
        report.mapped(&read_only.origin(), "`read_only`");
    }
    for (name, volume) in storage.get("volumes").map(|volumes| volumes.entries()).unwrap_or_default() {
        let read_only = volume.get("read_only").and_then(|only| only.boolean(report)).unwrap_or(true);
        let path = volume.get("path").and_then(|path| path.text(report));
        let efs = volume.get("efs").filter(|efs| efs.is_map() || efs.node.text() == Some("true"));
        let source = match &efs {
            None => {
                workload.scratch.push(name.to_string());
                name.to_string()
            }
            Some(efs) => store(efs, &name, service, names, system, report),
        };
        for mount in workload.containers.iter_mut().flat_map(|container| &mut container.mounts) {
            if mount.source == *name {
                mount.source.clone_from(&source);
            }
        }
        match path {
            Some(path) => {
                workload.containers[0].mounts.push(Mount {
                    source,
                    path,
                    read_only,
                    origin: volume.origin(),
                });
            }
            None => report.mapped(&volume.origin(), "a `volume` of the other containers"),
        }
    }
}

/// A file system of the volume of a service; gives its name. The same file system is one, whoever mounts it.
fn store(
    efs: &At,
    volume: &str,
    service: &str,
    names: &Filling<'_>,
    system: &mut System,
    report: &mut Report,
) -> String {
    let id = efs.get("id").filter(|id| !id.is_map()).and_then(|id| id.text(report));
    let id = id.map(|id| names.here(&id).text).filter(|id| valid::identifier(id, "fs-"));
    let auth = efs.get("auth").and_then(|auth| auth.get("access_point_id"));
    let point = auth.and_then(|point| point.text(report)).filter(|point| valid::identifier(point, "fsap-"));
    report.mapped(&efs.origin(), "a `file_system`");
    let existing = match (id, efs.get("id")) {
        (Some(id), _) => Some((id, point)),
        (None, Some(at)) => {
            report
                .needs_you(&at.origin(), "no id of a file system that is known here: write it in `existing`");
            Some((UNKNOWN.to_owned(), None))
        }
        (None, None) => None,
    };
    // One that exists is the same for whoever mounts it; of its own one Copilot gives each service a directory.
    let same = |store: &&Store| existing.is_some() && store.existing == existing;
    if let Some(store) = system.stores.iter().find(same) {
        return store.name.clone();
    }
    let own = format!("{service}-{volume}");
    let here = |store: &&Store| {
        (store.name == own || store.name == volume) && store.origin.span.file == efs.node.span.file
    };
    if let Some(store) = system.stores.iter().find(here) {
        // Read again, for another environment.
        match (existing, &store.existing) {
            (Some(existing), Some(_)) => {
                let (environment, store) = (names.environment.to_owned(), store.name.clone());
                system.other_stores.push(OtherStore { environment, store, existing });
            }
            (None, None) => {}
            _ => report
                .needs_you(&efs.origin(), "either all environments have a file system that exists, or none"),
        }
        return store.name.clone();
    }
    if existing.is_none() {
        let words = "Copilot's own file system has the files, and goes with its environment: copy them from there first";
        report.remark(Fate::NeedsYou, &efs.origin(), words);
    }
    let taken = system.stores.iter().any(|store| store.name == volume);
    let name = if taken { own } else { volume.to_owned() };
    system.stores.push(Store { name: name.clone(), origin: efs.origin(), existing });
    name
}
