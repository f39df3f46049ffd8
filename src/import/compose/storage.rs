//! Volumes of all sorts: what stays goes to a file system, what belongs to a host has to go into the image.

use std::sync::Arc;

use super::Project;
use crate::import::read::At;
use crate::import::report::{Fate, Report};
use crate::import::workload::{Container, Image, Mount, Store, Workload};
use crate::import::{assemble, images};

/// Where databases keep their data, which no other container needs.
const DATABASES: [&str; 2] = ["/var/lib/mysql", "/var/lib/postgresql"];

/// Images that do nothing when nobody tells them.
const IDLE: [&str; 6] = ["busybox", "alpine", "debian", "ubuntu", "tianon/true", "hello-world"];

/// A mount as it is written.
pub(super) struct Written {
    pub(super) kind: String,
    pub(super) source: Option<String>,
    pub(super) target: String,
    pub(super) read_only: bool,
}

/// Reads `volumes` and `tmpfs`.
pub(super) fn mounts(at: &At, container: &mut Container, project: &mut Project<'_, '_>) {
    // What is built and has no name is under development, and what is mounted there is its source.
    let built = at.get("build").is_some() && at.get("image").is_none();
    for item in at.get("volumes").map(|volumes| volumes.list(project.report())).unwrap_or_default() {
        let Some(written) = written(&item, project.report()) else { continue };
        match written.kind.as_str() {
            "volume" => named(&item, written, container, project),
            "bind" => bound(&item, written, built, container, project),
            "tmpfs" => scratch(&item, &written.target, container),
            _ => project
                .report()
                .needs_you(&item.origin(), "Fargate has no such mount: use a `volume` or a `file_system`"),
        }
    }
    if let Some(tmpfs) = at.get("tmpfs") {
        let items = if tmpfs.is_list() { tmpfs.items() } else { vec![tmpfs] };
        for item in items {
            let Some(text) = item.text(project.report()) else { continue };
            scratch(&item, text.split(':').next().unwrap_or_default(), container);
        }
    }
}

/// A mount in its long or short form.
pub(super) fn written(item: &At, report: &mut Report) -> Option<Written> {
    if item.is_map() {
        let field = |key: &str| item.get(key).and_then(|field| field.node.text().map(str::to_owned));
        let Some(target) = field("target") else {
            report.misshapen(&item.origin(), "a volume with a `target`");
            return None;
        };
        let read_only = item.get("read_only").and_then(|only| only.boolean(report)).unwrap_or(false);
        let kind = field("type").unwrap_or_else(|| "volume".to_owned());
        return Some(Written { kind, source: field("source"), target, read_only });
    }
    let text = item.text(report)?;
    let parts: Vec<&str> = text.split(':').collect();
    let (source, target, options) = match parts[..] {
        [target] => (None, target, ""),
        [source, target] => (Some(source), target, ""),
        [source, target, options, ..] => (Some(source), target, options),
        [] => return None,
    };
    let host = |source: &str| source.starts_with(['.', '/', '~', '\\']);
    let kind = if source.is_some_and(host) { "bind" } else { "volume" };
    let read_only = options.split(',').any(|option| option == "ro");
    Some(Written {
        kind: kind.to_owned(),
        source: source.map(str::to_owned),
        target: target.to_owned(),
        read_only,
    })
}

/// A volume with a name, which stays; one without goes with the task.
fn named(item: &At, written: Written, container: &mut Container, project: &mut Project<'_, '_>) {
    let Some(source) = written.source.filter(|source| !source.is_empty()) else {
        return scratch(item, &written.target, container);
    };
    let origin = project.volumes.get(&source).map_or_else(|| item.origin(), |declared| declared.origin());
    let store = Store { name: source.clone(), origin, existing: None };
    project.stores.entry(source.clone()).or_insert(store);
    let (path, read_only) = (written.target, written.read_only);
    container.mounts.push(Mount { source, path, read_only, origin: item.origin() });
}

/// A directory or file of the host.
fn bound(item: &At, written: Written, built: bool, container: &mut Container, project: &mut Project<'_, '_>) {
    let source = written.source.unwrap_or_default();
    let origin = item.origin();
    let report = project.report();
    if source.ends_with("docker.sock") {
        let words = "Fargate has no Docker to talk to: what starts containers needs `access` to a `task`, and what finds them \
                     has no place";
        return report.needs_you(&origin, words);
    }
    if matches!(source.as_str(), "." | "./") {
        let words =
            "the whole directory of the file, as it is in development: the image has to have its files";
        return report.dropped(&origin, words);
    }
    let last = source.trim_end_matches('/').rsplit('/').next().unwrap_or_default();
    let absolute = source.starts_with(['/', '~', '\\']);
    let is_file = last.trim_start_matches('.').contains('.');
    if is_file {
        return report.needs_you(
            &origin,
            "a file of the host: put it into the image, or its values into `environment`",
        );
    }
    if absolute {
        let words = "a directory of the host, and Fargate has no host: put its files into the image, or on a `file_system`";
        return report.needs_you(&origin, words);
    }
    if built {
        return report
            .dropped(&origin, "the source beside the file, which the image that is built has already");
    }
    if written.read_only || is_configuration(&written.target) {
        let words = "a directory beside the file, with what somebody wrote there: put it into the image";
        return report.needs_you(&origin, words);
    }
    // The path is the name: two services that mount one directory share it.
    let name = source.trim_start_matches("./").trim_end_matches('/').replace('/', "_");
    if name.is_empty() || name.contains("..") {
        return report.needs_you(
            &origin,
            "a directory of the host: put its files into the image, or on a `file_system`",
        );
    }
    let store = Store { name: name.clone(), origin: origin.clone(), existing: None };
    project.stores.entry(name.clone()).or_insert(store);
    let words = "a directory beside the file: copy to the `file_system` what is in it already";
    project.report().remark(Fate::NeedsYou, &origin, words);
    container.mounts.push(Mount { source: name, path: written.target, read_only: false, origin });
}

/// Whether people write what stands in a directory of a container, and programs only read it.
fn is_configuration(target: &str) -> bool {
    let words =
        ["conf", "config", "conf.d", "initdb.d", "docker-entrypoint-initdb.d", "provisioning", "templates"];
    target.starts_with("/etc/") || target.split('/').any(|part| words.contains(&part))
}

/// Reads `configs`: files, which Fargate does not mount.
pub(super) fn configs(at: &At, report: &mut Report) {
    for item in at.get("configs").map(|configs| configs.list(report)).unwrap_or_default() {
        let field = |key: &str| item.get(key).and_then(|field| field.node.text().map(str::to_owned));
        let Some(name) = field("source").or_else(|| item.node.text().map(str::to_owned)) else {
            report.misshapen(&item.origin(), "the name of a config, or a mapping with a `source`");
            continue;
        };
        let target = field("target").unwrap_or_else(|| format!("/{name}"));
        let words = format!(
            "Fargate mounts no files: put it into the image as `{target}`, or its values into `environment`"
        );
        report.needs_you(&item.origin(), words);
    }
}

/// What is mounted into a database: AWS keeps its files, but nobody runs its scripts.
pub(super) fn of_database(at: &At, report: &mut Report) {
    for item in at.get("volumes").map(|volumes| volumes.items()).unwrap_or_default() {
        report.withdraw(&item.origin(), &[Fate::NeedsYou]);
        if written(&item, report).is_some_and(|written| written.target.contains("initdb.d")) {
            let words =
                "scripts that fill a new database, which RDS does not run: run them once, by a `task`";
            report.needs_you(&item.origin(), words);
        }
    }
}

/// Whether a list of configs or secrets has one of a name.
pub(super) fn uses(list: &At, name: &str) -> bool {
    list.items().iter().any(|item| {
        let source = item.get("source").unwrap_or_else(|| item.clone());
        source.node.text() == Some(name)
    })
}

/// Takes out containers that are there for their volumes only: those who have these from them mount them themselves.
pub(super) fn without_data_containers(
    services: &[(Arc<str>, At)],
    workloads: &mut Vec<Workload>,
    report: &mut Report,
) {
    let mut sources: Vec<String> = Vec::new();
    for from in services.iter().filter_map(|(_, at)| at.get("volumes_from")).flat_map(|from| from.items()) {
        let name = from.node.text().unwrap_or_default();
        let name = name.strip_prefix("container:").unwrap_or(name);
        sources.extend(name.split(':').next().map(str::to_owned));
    }
    workloads.retain(|workload| {
        let [container] = &workload.containers[..] else { return true };
        let Image::Named(image) = &container.image.value else { return true };
        let idle = match &container.command {
            None => true,
            Some(command) => command.value.last().is_some_and(|word| word.ends_with("true") || word == ":"),
        };
        let plain = IDLE.contains(
            &images::split(image).0.trim_start_matches("docker.io/").trim_start_matches("library/"),
        );
        let data = plain && idle && container.ports.is_empty() && sources.contains(&workload.name);
        if data {
            report.withdraw(&workload.origin, &[Fate::Mapped, Fate::Assumed, Fate::Dropped, Fate::NeedsYou]);
            let words = "a container for its volumes only: those who have them from it mount them themselves";
            report.mapped(&workload.origin, words);
        }
        !data
    });
}

/// A directory that goes with the task.
fn scratch(item: &At, path: &str, container: &mut Container) {
    let source = format!("{}_{}", container.name, path.trim_matches('/').replace('/', "_"));
    container.mounts.push(Mount { source, path: path.to_owned(), read_only: false, origin: item.origin() });
}

/// `volumes_from`: the mounts of another service, as far as they are on a file system.
pub(super) fn share(services: &[(Arc<str>, At)], workloads: &mut [Workload], project: &mut Project<'_, '_>) {
    for (name, at) in services {
        for from in at.get("volumes_from").map(|from| from.items()).unwrap_or_default() {
            let Some(text) = from.text(project.report()) else { continue };
            let text = text.strip_prefix("container:").unwrap_or(&text);
            let (source, mode) = text.split_once(':').unwrap_or((text, "rw"));
            let Some(other) = workloads.iter().find(|workload| workload.name == source) else {
                project.report().dropped(&from.origin(), format!("there is no service `{source}`"));
                continue;
            };
            if assemble::is_data_store(other) {
                project
                    .report()
                    .dropped(&from.origin(), format!("AWS runs `{source}`, and nobody sees its files"));
                continue;
            }
            let mounts = other.containers[0].mounts.clone();
            let Some(own) = workloads.iter_mut().find(|workload| *workload.name == **name) else { continue };
            let of_database = |mount: &Mount| DATABASES.iter().any(|path| mount.path.starts_with(path));
            let shared = mounts
                .into_iter()
                .filter(|mount| project.stores.contains_key(&mount.source) && !of_database(mount));
            for mount in shared {
                let known = own.containers[0].mounts.iter().any(|known| known.source == mount.source);
                if !known {
                    own.containers[0]
                        .mounts
                        .push(Mount { read_only: mount.read_only || mode == "ro", ..mount });
                }
            }
            project.report().mapped(&from.origin(), "the same mounts, of what is on a `file_system`");
        }
    }
}
