//! Volumes: on EFS, or with the task.

use super::fill::Names;
use crate::import::read::At;
use crate::import::report::Report;
use crate::import::workload::{Mount, Store, Workload};

/// Reads `storage`.
pub(super) fn read(
    at: &At,
    service: &str,
    names: &Names<'_>,
    workload: &mut Workload,
    stores: &mut Vec<Store>,
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
            Some(efs) => store(efs, &name, service, names, stores, report),
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
    names: &Names<'_>,
    stores: &mut Vec<Store>,
    report: &mut Report,
) -> String {
    let id = efs.get("id").filter(|id| !id.is_map()).and_then(|id| id.text(report));
    let id = id.map(|id| names.here(&id).text);
    let auth = efs.get("auth").and_then(|auth| auth.get("access_point_id"));
    let point = auth.and_then(|point| point.text(report));
    let given = efs.get("id").is_some();
    let name = match &id {
        Some(id) => format!("{volume}-{id}"),
        None if given => volume.to_owned(),
        // One file system of Copilot has a directory for each service.
        None => format!("{service}-{volume}"),
    };
    report.mapped(&efs.origin(), "a `file_system`");
    if !stores.iter().any(|store| store.name == name) {
        let existing = match (id, given) {
            (Some(id), _) => Some((id, point)),
            (None, true) => Some(("fs-00000000000000000".to_owned(), None)),
            (None, false) => None,
        };
        stores.push(Store { name: name.clone(), origin: efs.origin(), existing });
    }
    name
}
