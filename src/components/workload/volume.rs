//! Volumes: directories that the containers of a task share, and where they are mounted.

use std::sync::Arc;

use indexmap::IndexMap;

use super::container::Member;
use super::view::keyed;
use super::{Container, absent, codes};
use crate::components::access::object;
use crate::model::{Checker, Context};
use crate::settings::input::{ComponentRef, Target};
use crate::settings::settings;
use crate::settings::values::{Labelled, check_name};
use crate::source::Span;
use crate::terms::{Grant, Id, Term, View};

/// A reference to a file system.
#[derive(Debug, Clone)]
pub struct FileSystemTarget;

impl Target for FileSystemTarget {
    const KINDS: &'static [&'static str] = &["file_system"];
}

settings! {
    /// A directory that the containers of a task share through `mounts` and `read_only_mounts`. It is empty when the
    /// task starts and goes with the task, at every deployment for one; what has to stay belongs in a file system, a
    /// bucket or a database.
    pub struct Volume {
        /// The file system that the directory is on: all tasks share it, and it stays.
        file_system: Option<ComponentRef<FileSystemTarget>>,
    }
    instead = absent::of_volumes;
}

impl Labelled for Volume {
    const LABEL: &'static str = "the name of a volume";
}

/// Where databases keep their data, by the documentation of their official images.
const DATABASE_PATHS: [&str; 8] = [
    "/bitnami/mariadb",
    "/bitnami/mysql",
    "/bitnami/postgresql",
    "/data/db",
    "/var/lib/mysql",
    "/var/lib/postgresql",
    "/var/lib/rabbitmq",
    "/usr/share/elasticsearch/data",
];

/// A volume in a container.
struct Mount<'a> {
    /// The setting that names it.
    setting: &'static str,
    volume: &'a Arc<str>,
    place: Span,
    path: &'a Arc<str>,
    read_only: bool,
}

/// The mounts of a container.
fn mounts<'a>(member: &Member<'a>) -> impl Iterator<Item = Mount<'a>> + use<'a> {
    let configuration = member.configuration;
    let sorts = [
        ("mounts", &configuration.mounts, false),
        ("read_only_mounts", &configuration.read_only_mounts, true),
    ];
    sorts.into_iter().flat_map(|(setting, map, read_only)| {
        let entries = map.0.iter();
        entries.map(move |(volume, (place, path))| Mount { setting, volume, place: *place, path, read_only })
    })
}

/// Whether a container mounts a volume.
fn is_mounted(volume: &str, members: &[Member<'_>]) -> bool {
    members.iter().any(|member| mounts(member).any(|mount| **mount.volume == *volume))
}

/// A path without what does not change where it leads.
fn plain(path: &str) -> &str {
    let path = path.trim_end_matches('/');
    if path.is_empty() { "/" } else { path }
}

impl Container {
    /// The rules of volumes and mounts.
    pub(super) fn check_volumes(&self, members: &[Member<'_>], at: &mut Checker<'_>) {
        let volumes = &self.workload.volume.0;
        for (name, (place, _)) in volumes {
            check_name(name, *place, "a volume", at.reading);
            if !is_mounted(name, members) {
                let message = format!("no container mounts the volume `{name}`");
                let found = at.reading.diagnostic(&codes::VOLUME_UNUSED, *place, message);
                at.reading.push(found.help(format!("add `mounts = {{ {name} = \"/path\" }}`, or remove it")));
            }
        }
        for member in members {
            let mut taken: IndexMap<&str, Span> = IndexMap::new();
            for Mount { setting, volume, place, path, .. } in mounts(member) {
                let Some((_, known)) = volumes.get(volume) else {
                    let message = format!("there is no volume `{volume}`");
                    let found = at.reading.diagnostic(&codes::UNKNOWN_VOLUME, place, message);
                    at.reading.push(match volumes.is_empty() {
                        true => found.help(format!("add a block `volume \"{volume}\" {{}}`")),
                        false => found.suggest(volume, volumes.keys().map(|name| &**name)),
                    });
                    continue;
                };
                let value = at.place(&member.route(&[setting, volume]));
                if !path.starts_with('/') || path.contains(|c: char| c == ':' || c.is_control()) {
                    let message = format!("`{}` is no path in a container", path.escape_debug());
                    at.reading.invalid(value, message, "write it from the root on: `/var/app/uploads`");
                }
                if let Some(first) = taken.insert(plain(path), value) {
                    let message = format!("two volumes are mounted at `{path}`");
                    let found = at.reading.diagnostic(&codes::MOUNT_TWICE, value, message);
                    at.reading.push(found.related(first, "the first").help("mount one of them elsewhere"));
                }
                let data = DATABASE_PATHS.iter().any(|known| {
                    plain(path)
                        .strip_prefix(known)
                        .is_some_and(|rest| rest.is_empty() || rest.starts_with('/'))
                });
                if data && known.file_system.is_none() {
                    let message = format!("the data in `{path}` goes with each task");
                    let found = at.reading.diagnostic(&codes::DATA_NOT_KEPT, value, message);
                    at.reading.push(found.label(format!("the volume `{volume}` is on no file system")).help(
                        "use a `database` or a `cache` of the stack, or put the volume on a `file_system`",
                    ));
                }
            }
        }
    }

    /// The volumes of the task definition, and what those on file systems open that a container mounts.
    pub(super) fn volumes(
        &self,
        members: &[Member<'_>],
        context: &Context<'_>,
    ) -> (IndexMap<String, View>, Vec<Grant>) {
        let mut views = IndexMap::new();
        let mut grants = Vec::new();
        for (name, (_, volume)) in &self.workload.volume.0 {
            let mut view = View::default();
            view.text("name", name.replace('_', "-"));
            let on = volume.file_system.as_ref().and_then(|system| context.component(&system.reference));
            view.shape("shared", "whether a volume has a `file_system`", on.is_some());
            if let Some(id) = on {
                if is_mounted(name, members) {
                    grants.extend(opened(&id, context));
                }
                view.set("file_system_id", Term::Export(id.clone(), "id"));
                view.set("access_point_id", Term::Export(id, "access_point_id"));
            }
            views.insert(name.to_string(), view);
        }
        (views, grants)
    }
}

/// What a reference to a whole component opens.
fn opened(id: &Id, context: &Context<'_>) -> Vec<Grant> {
    context.environment.components[id].component.grants(id, context)
}

/// The mounts of a container in the form of ECS.
pub(super) fn mount_points(member: &Member<'_>) -> Term {
    let points = mounts(member).map(|Mount { volume, path, read_only, .. }| {
        let point = object([
            ("sourceVolume", Term::string(volume.replace('_', "-"))),
            ("containerPath", Term::string(path.clone())),
            ("readOnly", Term::from(read_only)),
        ]);
        (path.clone(), point)
    });
    keyed(points.collect())
}
