//! Manifests of Kubernetes, joined as a cluster joins them.
//!
//! `objects` takes the files apart; `cluster` knows what pods refer to; `pod` makes a workload of each. Then Services
//! (`services`), Ingresses (`ingress`) and the configuration of a proxy (`nginx`) say what leads to it. What needs no
//! reading, because AWS does it or has no such thing, stands in `rows` with the reason.

mod annotations;
mod cloud_sql;
mod cluster;
mod container;
mod env;
mod extensions;
mod hosts;
mod ingress;
mod nginx;
mod objects;
mod pod;
mod probes;
mod rows;
mod scripts;
mod services;
mod storage;
mod units;

use std::collections::BTreeMap;

use super::assemble::is_data_store;
use super::matrix::{Format, Tree};
use super::report::{Fate, Report};
use super::session::Session;
use super::workload::{Container, Kind, Setting, System, Variable, Workload};
use super::yaml::NodeId;
use crate::source::FileId;
use cluster::{Cluster, Context, Use};
use objects::Object;
use pod::Found;

/// What is read.
pub static FORMAT: Format = Format {
    name: "kubernetes",
    about: "Manifests as `kubectl apply` takes them, in YAML or JSON, several objects in a file and lists of objects \
            included; templates of Helm and Kustomize have to be rendered first. Scripts beside them (`.sh`) say which keys \
            the Secrets have that `kubectl create secret generic` makes. The first word of a key is the kind of the object; \
            `Pod` is every template of pods, and the `*` behind it `containers` or `initContainers`.",
    parts: &[
        ("Every object", rows::OBJECTS),
        ("What makes pods", rows::WORKLOADS),
        ("Pods", rows::PODS),
        ("Containers", rows::CONTAINERS),
        ("Services, Ingresses and autoscalers", rows::NETWORK),
        ("Configuration, storage and what only a cluster has", rows::REST),
    ],
    any_case: false,
    tree: Tree::new(),
};

/// The files of an import.
#[derive(Debug, Default)]
pub struct Inputs {
    /// Manifests.
    pub manifests: Vec<FileId>,
    /// Shell scripts that make Secrets.
    pub scripts: Vec<FileId>,
    /// Names of files in the directories that are neither.
    pub others: Vec<String>,
}

/// Reads the objects of all files as one system.
pub fn read(inputs: &Inputs, session: &mut Session<'_>) -> Option<System> {
    let objects = objects::read(&inputs.manifests, session);
    let scripts = inputs.scripts.iter().flat_map(|&file| scripts::secrets(&session.text(file))).collect();
    let report = &mut session.report;
    for name in &inputs.others {
        report.without_place(
            Fate::Dropped,
            name,
            "no manifest: its name ends with none of `.yaml`, `.yml`, `.json`",
        );
    }
    let cluster = Cluster::new(objects, scripts, report);
    let mut used = BTreeMap::new();
    let mut cx = Context { cluster: &cluster, report, used: &mut used };
    let mut system = System::default();
    let mut found = Vec::new();
    for object in &cluster.objects {
        let pod = pod::read(object, &mut cx, &mut system);
        found.extend(pod.map(|one| with_kind(one, object, cx.report)));
    }
    found.retain(|one| {
        let replica = is_data_store(&one.workload) && replicates(&one.workload.containers[0]);
        if replica {
            let words = "a replica: RDS keeps a standby with `multi_az`, and ElastiCache copies with `nodes`";
            report.assumed(&one.workload.origin, words);
        }
        !replica
    });
    services::join(&mut found, &cluster, report);
    ingress::read(&mut found, &cluster, &mut system, report);
    nginx::routes(&mut found, &cluster, &mut used, report);
    services::scale(&mut found, &cluster, report);
    unused(&cluster, &used, &system, report);
    for one in &mut found {
        let asked = std::mem::take(&mut one.asked);
        probes::settle(asked, &mut one.workload, report);
    }
    system.name = name(&found);
    system.workloads.extend(found.into_iter().map(|one| one.workload));
    if system.workloads.is_empty() && report.diagnostics.is_empty() {
        let place = inputs.manifests.first().map(|&file| crate::source::Span::new(file, 0, 0));
        if let Some(place) = place {
            let help =
                "give the manifests of a Deployment, StatefulSet, Job or CronJob; a DaemonSet needs nodes";
            report.impossible(place, "no object here makes pods that Fargate can run", help);
        }
    }
    (report.diagnostics.is_empty() && !system.workloads.is_empty()).then_some(system)
}

/// What the object says besides its pods: how many, how often, when.
fn with_kind(mut found: Found, object: &Object, report: &mut Report) -> Found {
    let workload = &mut found.workload;
    let spec = object.at.get("spec");
    if matches!(object.kind.as_str(), "Deployment" | "StatefulSet" | "ReplicaSet" | "ReplicationController") {
        let Some(spec) = spec else { return found };
        workload.tasks = spec.get("replicas").and_then(|count| Some(count.sourced(count.number(report)?)));
        if spec.get("volumeClaimTemplates").is_some() {
            alone(workload, report);
        }
        if let Some(strategy) = spec.get("strategy").and_then(|strategy| strategy.get("type")) {
            workload.single = strategy.text(report).as_deref() == Some("Recreate");
            let words = if workload.single { "`single`, while one task is enough" } else { "as ECS does" };
            report.mapped(&strategy.origin(), words);
        }
        if let Some(selector) = spec.get("selector") {
            report.mapped(&selector.origin(), "its own pods: they need no finding");
        }
        if let Some(service) = spec.get("serviceName") {
            report.mapped(&service.origin(), "a name by which others call it");
        }
        return found;
    }
    if object.kind == "Pod" {
        report.remark(Fate::Assumed, &workload.origin, "a `service`: ECS starts it again when it ends");
        return found;
    }
    workload.kind = Kind::Task;
    let job = object.job.as_ref().unwrap_or(&object.at).get("spec");
    if let Some(limit) = job.and_then(|job| job.get("activeDeadlineSeconds")) {
        workload.timeout = limit.number(report).filter(|seconds| *seconds > 0);
        report.mapped(&limit.origin(), "`timeout`");
    }
    if object.kind == "CronJob" {
        schedules(object, &mut found, report);
        return found;
    }
    let words = pod::spoken(&workload.containers[0]);
    let text = if pod::migrates(&words) || pod::migrates(&object.name) {
        "a `task`, because a Job runs to its end; with `before = \"deploy\"` a pipeline runs this migration at the right time"
    } else {
        "a `task`, because a Job runs to its end: somebody starts it, or a `schedule`"
    };
    report.remark(Fate::Assumed, &workload.origin, text);
    found
}

/// Whether a server of data is told that it is a copy of another one.
fn replicates(container: &Container) -> bool {
    let told = |variable: &Variable| match &variable.value {
        Setting::Constant(text) => {
            variable.name.ends_with("_REPLICATION_MODE") && matches!(text.as_str(), "replica" | "slave")
        }
        _ => false,
    };
    container.variables.iter().any(told)
}

/// Keeps tasks from writing to one `file_system` at a time, where every pod had a volume of its own.
fn alone(workload: &mut Workload, report: &mut Report) {
    if is_data_store(workload) {
        return;
    }
    workload.single = true;
    if let Some(tasks) = workload.tasks.as_mut().filter(|tasks| tasks.value > 1) {
        let words = "one task: every pod had a volume of its own, and tasks share one `file_system`; make a service for each, \
                     or have each use a directory of its own and write `tasks`";
        report.remark(Fate::NeedsYou, &tasks.origin, words);
        tasks.value = 1;
    }
}

fn schedules(object: &Object, found: &mut Found, report: &mut Report) {
    let Some(spec) = object.at.get("spec") else { return };
    let zone = spec.get("timeZone").and_then(|zone| {
        let text = zone.text(report)?;
        if crate::aws::schedule::is_time_zone(&text) {
            report.mapped(&zone.origin(), "`time_zone`");
            return Some(text);
        }
        report.needs_you(&zone.origin(), "no name of the IANA database: write `time_zone`");
        None
    });
    let suspended = spec.get("suspend").is_some_and(|suspend| {
        let value = suspend.boolean(report).unwrap_or(false);
        report.mapped(&suspend.origin(), if value { "`enabled = false`" } else { "it runs" });
        value
    });
    found.workload.paused = suspended;
    if let Some(policy) = spec.get("concurrencyPolicy") {
        match policy.node.text() {
            Some("Allow") => report.mapped(&policy.origin(), "EventBridge starts every run"),
            _ => report.dropped(
                &policy.origin(),
                "EventBridge starts every run: have the program look whether one is under way",
            ),
        }
    }
    let Some(schedule) = spec.get("schedule") else { return };
    let Some(text) = schedule.text(report) else { return };
    let (own, text) = zoned(&text);
    let zone = zone.or(own.map(str::to_owned).filter(|own| crate::aws::schedule::is_time_zone(own)));
    match units::schedule(text) {
        Some(expressions) => {
            let each = expressions.into_iter().map(|at| schedule.sourced((at, zone.clone())));
            found.workload.schedules.extend(each);
        }
        None => report.needs_you(&schedule.origin(), "EventBridge has no such schedule: write `schedule`"),
    }
}

/// The time zone that a line of cron begins with, and the rest: `TZ=Asia/Tokyo 0 3 * * *`.
fn zoned(line: &str) -> (Option<&str>, &str) {
    let line = line.trim();
    let after = line.strip_prefix("CRON_TZ=").or_else(|| line.strip_prefix("TZ="));
    match after.and_then(|after| after.split_once(' ')) {
        Some((zone, rest)) => (Some(zone), rest),
        None => (None, line),
    }
}

/// Says what became of entries of ConfigMaps and Secrets, and of claims, that no variable speaks for.
fn unused(cluster: &Cluster, used: &BTreeMap<NodeId, Use>, system: &System, report: &mut Report) {
    for object in &cluster.objects {
        let secret = object.kind == "Secret";
        if !secret && object.kind != "ConfigMap" {
            if object.kind == "PersistentVolumeClaim"
                && !used.contains_key(&object.at.node.id)
                && !system.stores.iter().any(|store| store.name == object.name)
            {
                report.dropped(&object.at.origin(), "nothing mounts it that needs a `file_system`");
            }
            continue;
        }
        let certificate = object.at.get("type").and_then(|kind| {
            report.mapped(&kind.origin(), "what it holds");
            (kind.node.text() == Some("kubernetes.io/tls")).then_some(())
        });
        for part in ["data", "stringData", "binaryData"] {
            for (_, entry) in object.at.get(part).map(|part| part.entries()).unwrap_or_default() {
                let origin = entry.origin();
                match used.get(&entry.node.id) {
                    Some(Use::Variable) => {}
                    Some(Use::Reference) if secret => {
                        report.mapped(&origin, "a `secret`, whose value is not copied");
                    }
                    Some(Use::Reference) => report.mapped(&origin, "the value of variables"),
                    Some(Use::File) => report.dropped(&origin, "a file, which Fargate does not mount"),
                    None if certificate.is_some() => {
                        report.dropped(&origin, "a certificate: ACM makes and renews it");
                    }
                    None => report.dropped(&origin, "nothing takes it"),
                }
            }
        }
    }
}

/// What to call the stack: the only namespace, the name that labels say, what all are part of, or the first workload to which something leads.
fn name(found: &[Found]) -> String {
    let mut namespaces: Vec<&str> = found.iter().map(|one| one.namespace.as_str()).collect();
    namespaces.dedup();
    if let [only] = namespaces.as_slice()
        && *only != "default"
    {
        return (*only).to_owned();
    }
    let own = found.iter().filter(|one| !is_data_store(&one.workload));
    let mut names: Vec<&String> = own.filter_map(|one| one.labels.get("app.kubernetes.io/name")).collect();
    names.dedup();
    if let [only] = names.as_slice() {
        return (*only).clone();
    }
    let whole = found.iter().find_map(|one| one.labels.get("app.kubernetes.io/part-of")).cloned();
    let led = found.iter().find(|one| !one.workload.routes.is_empty());
    let first = led.or(found.first()).map(|one| one.workload.name.clone());
    whole.or(first).unwrap_or_default()
}

#[cfg(test)]
mod tests;
