//! Volumes: directories that go with a pod, claims that outlive it, and files that Fargate cannot mount.

use std::collections::BTreeMap;

use super::cluster::{Context, Use};
use super::objects::Object;
use super::units;
use crate::import::images::{self, Role};
use crate::import::read::{At, Origin, Sourced};
use crate::import::report::Report;
use crate::import::workload::{Container, Image, Kind, Mount, Store, System, Workload};
use crate::import::yaml::Node;

/// What AWS does for a workload.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Managed {
    Database,
    Cache,
    Proxy,
    Nothing,
}

fn managed(workload: &Workload) -> Managed {
    let [only] = &workload.containers[..] else { return Managed::Nothing };
    let Image::Named(image) = &only.image.value else { return Managed::Nothing };
    match images::role(image) {
        Role::Database { .. } if workload.kind == Kind::Service => Managed::Database,
        Role::Cache { .. } if workload.kind == Kind::Service => Managed::Cache,
        Role::Proxy => Managed::Proxy,
        _ => Managed::Nothing,
    }
}

/// Reads volumes, claims of a StatefulSet, and what the containers mount of them, those of `tasks` too.
pub(super) fn directories(
    spec: &At,
    object: &Object,
    workload: &mut Workload,
    tasks: &mut [Workload],
    system: &mut System,
    cx: &mut Context<'_>,
) {
    let managed = managed(workload);
    // The names of volumes that come along, with what a mount calls them.
    let mut sources: BTreeMap<String, String> = BTreeMap::new();
    for volume in spec.get("volumes").map(|volumes| volumes.list(cx.report)).unwrap_or_default() {
        let Some(name) = volume.get("name").and_then(|name| name.text(cx.report)) else { continue };
        let words = match source(&volume, &name, object, managed, workload, system, cx) {
            Some(source) => {
                sources.insert(name, source);
                "the name of the volume"
            }
            None => "see what it holds",
        };
        if let Some(said) = volume.get("name") {
            cx.report.mapped(&said.origin(), words);
        }
    }
    let claims = object.at.get("spec").and_then(|spec| spec.get("volumeClaimTemplates"));
    for claim in claims.map(|claims| claims.list(cx.report)).unwrap_or_default() {
        let Some(name) = below(&claim.node, &["metadata", "name"]) else { continue };
        if managed == Managed::Nothing {
            let store = format!("{}-{name}", object.name);
            system.stores.push(Store { name: store.clone(), origin: claim.origin(), existing: None });
            sources.insert(name, store);
            continue;
        }
        let size = below(&claim.node, &["spec", "resources", "requests", "storage"]);
        kept(&claim.origin(), size, managed, workload, cx.report);
    }
    mounts(spec, &sources, managed, [workload].into_iter().chain(tasks), cx.report);
}

/// Text below a node, by keys of which the format needs no rows.
fn below(node: &Node, path: &[&str]) -> Option<String> {
    let mut node = node;
    for key in path {
        node = &node.map()?.get(*key)?.node;
    }
    node.text().map(str::to_owned)
}

/// What AWS does with the storage of a database or cache.
fn kept(
    origin: &Origin,
    size: Option<String>,
    managed: Managed,
    workload: &mut Workload,
    report: &mut Report,
) {
    match (managed, size.as_deref().and_then(units::gibibytes)) {
        (Managed::Database, Some(size)) => {
            workload.storage = Some(Sourced { value: size, origin: origin.clone() });
        }
        (Managed::Database, None) => {
            report.dropped(origin, "RDS keeps the data: write `storage` of the `database`")
        }
        _ => report
            .dropped(origin, "ElastiCache keeps what it holds in memory, and copies of it with `snapshots`"),
    }
}

/// The name by which mounts find a volume, when it comes along.
fn source(
    volume: &At,
    name: &str,
    object: &Object,
    managed: Managed,
    workload: &mut Workload,
    system: &mut System,
    cx: &mut Context<'_>,
) -> Option<String> {
    if let Some(claim) = volume.get("persistentVolumeClaim") {
        return claimed(&claim, object, managed, workload, system, cx);
    }
    for kind in ["configMap", "secret"] {
        if let Some(files) = volume.get(kind) {
            files_of(&files, kind, object, managed, cx);
            return None;
        }
    }
    if let Some(path) = volume.get("hostPath") {
        let certificates = below(&path.node, &["path"]).is_some_and(|path| path.starts_with("/etc/ssl"));
        if managed == Managed::Database || managed == Managed::Cache {
            cx.report.dropped(&path.origin(), "AWS runs it");
        } else if certificates {
            cx.report.dropped(
                &path.origin(),
                "certificates of the host: the image has its own, or installs `ca-certificates`",
            );
        } else {
            let words = "Fargate has no host whose directories could be seen: put the files into the image, or on a `file_system`";
            cx.report.needs_you(&path.origin(), words);
        }
        return None;
    }
    let has = |key: &str| volume.node.map().is_some_and(|map| map.contains_key(key));
    if has("emptyDir") || has("ephemeral") || volume.node.map().is_some_and(|map| map.len() == 1) {
        for key in ["emptyDir", "ephemeral"] {
            if let Some(said) =
                volume.get(key).filter(|said| said.children().is_empty() || key == "ephemeral")
            {
                cx.report.mapped(&said.origin(), "a `volume` that goes with the task");
            }
        }
        workload.scratch.push(name.to_owned());
        return Some(name.to_owned());
    }
    for (key, other) in volume.entries().iter().filter(|(key, _)| &**key != "name") {
        let words = match &**key {
            "projected" => {
                "Fargate mounts no files: put them into the image, or have the program take variables"
            }
            "downwardAPI" => {
                "Fargate mounts no files: have the program ask the metadata endpoint of the task"
            }
            _ => "Fargate mounts EFS only: use a `file_system`, and copy the files",
        };
        cx.report.needs_you(&other.origin(), words);
    }
    None
}

fn claimed(
    claim: &At,
    object: &Object,
    managed: Managed,
    workload: &mut Workload,
    system: &mut System,
    cx: &mut Context<'_>,
) -> Option<String> {
    let named = claim.get("claimName")?;
    let name = named.text(cx.report)?;
    let found = cx.cluster.find("PersistentVolumeClaim", &object.namespace, &name);
    let origin = found.map_or_else(|| named.origin(), |found| found.at.origin());
    if managed == Managed::Database || managed == Managed::Cache {
        let size =
            found.and_then(|found| below(&found.at.node, &["spec", "resources", "requests", "storage"]));
        if let Some(found) = found {
            cx.used.insert(found.at.node.id, Use::Reference);
        }
        kept(&origin, size, managed, workload, cx.report);
        cx.report.mapped(&claim.origin(), "AWS keeps the data");
        return None;
    }
    cx.report.mapped(&claim.origin(), "`file_system`");
    if !system.stores.iter().any(|store| store.name == name) {
        system.stores.push(Store { name: name.clone(), origin, existing: None });
    }
    Some(name)
}

/// Files of a ConfigMap or Secret, which Fargate cannot mount.
fn files_of(files: &At, kind: &str, object: &Object, managed: Managed, cx: &mut Context<'_>) {
    let key = if kind == "secret" { "secretName" } else { "name" };
    let name = files.get(key).and_then(|name| name.text(cx.report)).unwrap_or_default();
    let of_kind = if kind == "secret" { "Secret" } else { "ConfigMap" };
    let mut keys = Vec::new();
    if let Some(found) = cx.cluster.find(of_kind, &object.namespace, &name) {
        for part in ["data", "stringData", "binaryData"] {
            for (key, entry) in found.at.get(part).map(|part| part.entries()).unwrap_or_default() {
                cx.used.entry(entry.node.id).or_insert(Use::File);
                keys.push(format!("`{key}`"));
            }
        }
    }
    let origin = files.origin();
    let files = match &keys[..] {
        [] => format!("the files of `{name}`"),
        few if few.len() <= 4 => few.join(", "),
        many => format!("the {} files of `{name}`", many.len()),
    };
    match (kind, managed) {
        // What becomes of a proxy is known only when all else is.
        (_, Managed::Proxy) => {}
        ("secret", Managed::Database | Managed::Cache) => cx.report.dropped(&origin, "AWS runs it, and needs none"),
        ("secret", Managed::Nothing) => cx.report.needs_you(
            &origin,
            format!(
                "Fargate mounts no secrets: declare a `secret` for {files}, give it to the container under `secrets`, and have \
                 the program read the variable, or the command write it to the file that the program reads"
            ),
        ),
        (_, Managed::Database | Managed::Cache) => cx.report.needs_you(
            &origin,
            "settings of the server belong in `parameters`; scripts run from a `task`",
        ),
        (_, Managed::Nothing) => cx.report.needs_you(
            &origin,
            format!(
                "Fargate mounts no files: `COPY` {files} into the image at the path of the mount; one that differs between \
                 environments becomes a variable that the command writes to the file before it starts the program"
            ),
        ),
    }
}

fn mounts<'a>(
    spec: &At,
    sources: &BTreeMap<String, String>,
    managed: Managed,
    workloads: impl Iterator<Item = &'a mut Workload>,
    report: &mut Report,
) {
    let mut containers: Vec<&mut Container> =
        workloads.flat_map(|workload| &mut workload.containers).collect();
    for list in ["containers", "initContainers"] {
        for item in spec.get(list).map(|items| items.items()).unwrap_or_default() {
            let name = item.get("name").and_then(|name| name.node.text().map(str::to_owned));
            for mount in item.get("volumeMounts").map(|mounts| mounts.list(report)).unwrap_or_default() {
                let volume = mount.get("name").and_then(|name| name.text(report)).unwrap_or_default();
                let path = mount.get("mountPath").and_then(|path| path.text(report));
                let container = containers.iter_mut().find(|known| Some(&known.name) == name.as_ref());
                let (Some(path), Some(container), Some(source)) = (path, container, sources.get(&volume))
                else {
                    if !matches!(managed, Managed::Database | Managed::Cache) {
                        report.dropped(&mount.origin(), "its volume does not come along");
                    }
                    continue;
                };
                if let Some(part) = mount.get("subPath").or_else(|| mount.get("subPathExpr")) {
                    let words = "a whole volume is mounted: give every directory a volume of its own";
                    report.needs_you(&part.origin(), words);
                }
                let read_only = mount.get("readOnly").and_then(|only| only.boolean(report)).unwrap_or(false);
                container.mounts.push(Mount {
                    source: source.clone(),
                    path,
                    read_only,
                    origin: mount.origin(),
                });
            }
        }
    }
}
