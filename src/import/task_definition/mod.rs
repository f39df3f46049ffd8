//! Task definitions of ECS, as JSON or YAML: what registers one, what describes one, a bare list of containers, or a
//! CloudFormation template with one; and the ECS service beside it.

mod cloudformation;
mod container;
mod rows;
mod service;

use std::collections::BTreeMap;
use std::sync::Arc;

use super::arn;
use super::matrix::{Format, Tree, alike};
use super::read::{At, Sourced};
use super::report::Report;
use super::session::Session;
use super::workload::{Store, System, Workload};
use super::yaml::{Entry, Node, Value};
use crate::import::unfit;
use crate::source::FileId;

/// CPU units and MiB that a container asks for.
type Share = (Option<Sourced<u32>>, Option<Sourced<u32>>);

/// What is read.
pub static FORMAT: Format = Format {
    name: "task-definition",
    about: "Task definitions as `aws ecs register-task-definition` takes them and `describe-task-definition` prints them, \
            in JSON or YAML, lists of container definitions, hashes with keys such as `container_definitions`, and \
            `AWS::ECS::TaskDefinition` of CloudFormation; with `--service` the ECS service beside it.",
    parts: &[("The task definition", rows::DEFINITION)],
    any_case: true,
    tree: Tree::new(),
};

/// The keys of the service, which stand in a file of their own.
pub static SERVICE: Format = Format {
    name: "task-definition --service",
    about: "The ECS service that runs a task definition, as `aws ecs create-service` takes it or `describe-services` \
            prints it.",
    parts: &[("The service", rows::SERVICE)],
    any_case: true,
    tree: Tree::new(),
};

/// Reads task definitions, and the service of the first.
pub fn read(files: &[FileId], service: Option<FileId>, session: &mut Session<'_>) -> Option<System> {
    let mut system = System::default();
    for &file in files {
        for document in session.documents(file) {
            let document = cloudformation::plain(&document);
            let mut known: BTreeMap<Arc<str>, usize> = BTreeMap::new();
            for Definition { logical, node } in definitions(&document) {
                let at = session.watch(&node, &FORMAT);
                let number = system.workloads.len();
                read_one(&at, file, &mut system, session);
                known.extend(logical.map(|name| (name, number)));
            }
            for entry in
                field(&document, "Resources").iter().filter_map(Node::map).flat_map(|map| map.values())
            {
                beside(entry, &known, &mut system, session);
            }
            session.leave(&document, &FORMAT, "it stands beside the task definition, and is not read");
        }
    }
    if let (Some(file), Some(workload)) = (service, system.workloads.first_mut()) {
        for document in session.documents(file) {
            let document = cloudformation::plain(&document);
            let at = session.watch(&service::unwrapped(&document), &SERVICE);
            service::read(&at, workload, &mut session.report);
            session.leave(&document, &SERVICE, "it stands beside the service, and is not read");
        }
    }
    // What migrates is beside the system, and does not give it its name.
    let main = system.workloads.iter().find(|workload| !workload.migrates());
    if let Some(main) = main.or(system.workloads.first()) {
        system.name = main.name.clone();
    }
    (session.report.diagnostics.is_empty() && !system.workloads.is_empty()).then_some(system)
}

/// Reads a service of a template whose task definition is in it, too.
fn beside(entry: &Entry, known: &BTreeMap<Arc<str>, usize>, system: &mut System, session: &mut Session<'_>) {
    let Some(properties) = cloudformation::properties(&entry.node, "AWS::ECS::Service") else { return };
    let of = field(&properties, "taskDefinition");
    let of = of.as_ref().and_then(|of| cloudformation::referred(of.text()?));
    let Some(workload) = of.and_then(|of| system.workloads.get_mut(*known.get(of)?)) else { return };
    let at = session.watch(&properties, &SERVICE);
    service::read(&at, workload, &mut session.report);
}

/// A task definition of a document, with the name that a template has for it.
struct Definition {
    logical: Option<Arc<str>>,
    node: Node,
}

/// The task definitions of a document: the whole, below `taskDefinition`, or among the resources of a template.
fn definitions(document: &Node) -> Vec<Definition> {
    let whole = |node: Node| Definition { logical: None, node };
    if let Some(inner) = field(document, "taskDefinition").filter(|inner| inner.map().is_some()) {
        return vec![whole(inner)];
    }
    if let Some(found) = cloudformation::properties(document, "AWS::ECS::TaskDefinition") {
        return vec![whole(found)];
    }
    match field(document, "Resources") {
        Some(resources) => {
            let of_template = |(name, entry): (&Arc<str>, &Entry)| {
                let node = cloudformation::properties(&entry.node, "AWS::ECS::TaskDefinition")?;
                Some(Definition { logical: Some(name.clone()), node })
            };
            resources.map().into_iter().flatten().filter_map(of_template).collect()
        }
        // A list of whole ones, as hashes for Ruby are kept.
        None if items(document).iter().any(|item| field(item, "containerDefinitions").is_some()) => {
            items(document).iter().cloned().map(whole).collect()
        }
        // A bare list stands where `containerDefinitions` would.
        None if matches!(document.value, Value::List(_)) => {
            let entry = Entry { key: document.span, node: document.clone() };
            let map = [("containerDefinitions".into(), entry)];
            vec![whole(document.with(Value::Map(Arc::new(map.into_iter().collect()))))]
        }
        None => vec![whole(document.clone())],
    }
}

/// The value of a key in any case.
fn field(node: &Node, key: &str) -> Option<Node> {
    let map = node.map()?;
    map.iter().find(|(name, _)| alike(name, key)).map(|(_, entry)| entry.node.clone())
}

fn items(node: &Node) -> &[Node] {
    match &node.value {
        Value::List(items) => items,
        _ => &[],
    }
}

fn read_one(at: &At, file: FileId, system: &mut System, session: &mut Session<'_>) {
    let report = &mut session.report;
    let items = at.get("containerDefinitions").map(|containers| containers.list(report)).unwrap_or_default();
    if items.is_empty() {
        let help = "give a file with `containerDefinitions`, as `aws ecs describe-task-definition` prints it";
        report.impossible(at.node.span, "there is no container definition here", help);
        return;
    }
    let family = at
        .get("family")
        .or_else(|| at.get("name"))
        .and_then(|family| Some(family.sourced(family.text(report)?)));
    let mut read: Vec<container::Read> =
        items.iter().filter_map(|item| container::read(item, report)).collect();
    if read.is_empty() {
        return;
    }
    container::share_volumes(&mut read, report);
    // The main container is what a load balancer leads to; a sidecar mostly has no port.
    let main = read
        .iter()
        .position(|found| found.container.essential && !found.container.ports.is_empty())
        .or_else(|| read.iter().position(|found| found.container.essential))
        .unwrap_or(0);
    read[..=main].rotate_right(1);
    let name = match &family {
        Some(family) => family.value.clone(),
        None if read.len() == 1 => read[0].container.name.clone(),
        None => file_stem(&session.sources.get(file).name),
    };
    let origin = family.as_ref().map_or_else(|| at.origin(), |family| family.origin.clone());
    if let Some(family) = &family {
        report.mapped(&family.origin, "the name");
    }
    let sizes: Vec<Share> = read.iter().map(|found| (found.cpu.clone(), found.memory.clone())).collect();
    let beside = read.len() > 1;
    let containers = read.into_iter().map(|found| found.container).collect();
    let mut workload = Workload::new(&name, origin, containers);
    sizes_of(at, &sizes, beside, &mut workload, report);
    runtime(at, &mut workload, report);
    volumes(at, &mut workload, system, report);
    for key in ["taskDefinitionArn", "taskRoleArn", "executionRoleArn"] {
        let Some(named) = at.get(key) else { continue };
        let text = named.text(report).unwrap_or_default();
        let known = |fact: Option<&str>| Some(named.sourced(fact?.to_owned()));
        system.account = system.account.take().or_else(|| known(arn::account(&text)));
        system.region = system.region.take().or_else(|| known(arn::region(&text)));
    }
    if let Some(role) = at.get("executionRoleArn") {
        let words =
            "a role of its own with the rights that references open; write `execution_role` to keep this one";
        report.dropped(&role.origin(), words);
    }
    if let Some(port) = workload.containers[0].ports.first() {
        let words = "`port`: a task definition does not say what leads to it. Add a `route`, or give its service with `--service`";
        report.needs_you(&port.origin, words);
    }
    if let Some(role) = at.get("taskRoleArn") {
        workload.task_role = role.text(report).map(|arn| arn::role(&arn));
        report.mapped(&role.origin(), "`task_role`");
    }
    system.workloads.push(workload);
}

/// The size of the task, or what its containers ask for together.
fn sizes_of(at: &At, containers: &[Share], beside: bool, workload: &mut Workload, report: &mut Report) {
    let given = |key: &str, unit: u32, report: &mut Report| {
        let at = at.get(key)?;
        let text = at.text(report)?;
        let number = quantity(&text, unit);
        if number.is_none() {
            report.needs_you(&at.origin(), "this is no number: choose a size");
        }
        number.map(|number| at.sourced(number))
    };
    workload.cpu = given("cpu", 1024, report);
    workload.memory = given("memory", 1024, report);
    let cpu: Vec<&Sourced<u32>> =
        containers.iter().filter_map(|(cpu, _)| cpu.as_ref()).filter(|cpu| cpu.value > 0).collect();
    let memory: Vec<&Sourced<u32>> = containers.iter().filter_map(|(_, memory)| memory.as_ref()).collect();
    for unset in containers.iter().filter_map(|(cpu, _)| cpu.as_ref()).filter(|cpu| cpu.value == 0) {
        report.mapped(&unset.origin, "no share of its own");
    }
    for (parts, whole, what) in
        [(cpu, &mut workload.cpu, "`cpu`"), (memory, &mut workload.memory, "`memory`")]
    {
        let Some(first) = parts.first() else { continue };
        if whole.is_none() {
            let sum = parts.iter().fold(0u32, |sum, part| sum.saturating_add(part.value));
            for part in &parts[1..] {
                report.mapped(&part.origin, format!("part of the task's {what}"));
            }
            *whole = Some(Sourced { value: sum, origin: first.origin.clone() });
            continue;
        }
        for part in &parts {
            let words = if beside {
                format!("part of the task's {what}")
            } else {
                format!("the task's {what} holds")
            };
            report.mapped(&part.origin, words);
        }
    }
}

/// A number, or with a unit: `1 vCPU`, `2 GB`.
fn quantity(text: &str, unit: u32) -> Option<u32> {
    let text = text.trim();
    if let Ok(number) = text.parse() {
        return Some(number);
    }
    let lower = text.to_ascii_lowercase();
    let number = ["vcpu", "gb"].iter().find_map(|suffix| lower.strip_suffix(suffix))?;
    let number: f64 = number.trim().parse().ok()?;
    let value = number * f64::from(unit);
    (value.is_finite() && (0.0..1e9).contains(&value)).then_some(value.ceil() as u32)
}

/// Network mode, platform and what it was meant for.
fn runtime(at: &At, workload: &mut Workload, report: &mut Report) {
    if let Some(platform) = at.get("runtimePlatform") {
        if let Some(system) = platform.get("operatingSystemFamily") {
            let windows =
                system.text(report).is_some_and(|name| name.to_ascii_uppercase().starts_with("WINDOWS"));
            if windows {
                unfit::windows(&system, report);
            }
            report.mapped(&system.origin(), "Linux");
        }
        if let Some(architecture) = platform.get("cpuArchitecture") {
            workload.arm = architecture.text(report).is_some_and(|name| name.eq_ignore_ascii_case("ARM64"));
            report.mapped(&architecture.origin(), "`architecture`");
        }
    }
    if let Some(mode) = at.get("networkMode") {
        match mode.text(report).as_deref() {
            Some("awsvpc") => report.mapped(&mode.origin(), "every task has an address of its own"),
            Some("host") => report.needs_you(
                &mode.origin(),
                "Fargate has no host network: every task has an address of its own; list the ports that it listens on, and \
                 have others find it with `discovery`",
            ),
            _ => report.assumed(
                &mode.origin(),
                "every task has an address of its own, and its containers reach each other at 127.0.0.1 instead of by name",
            ),
        }
    }
    if let Some(wanted) = at.get("requiresCompatibilities") {
        let wanted_for = wanted.texts(report);
        if wanted_for.iter().any(|name| name.eq_ignore_ascii_case("FARGATE")) {
            report.mapped(&wanted.origin(), "Fargate");
        } else {
            report.assumed(
                &wanted.origin(),
                "it was meant for EC2: on Fargate it has the limits that the other lines name",
            );
        }
    }
}

/// File systems, and directories that go with the task.
fn volumes(at: &At, workload: &mut Workload, system: &mut System, report: &mut Report) {
    for volume in at.get("volumes").map(|volumes| volumes.list(report)).unwrap_or_default() {
        let Some(name) = volume.get("name").and_then(|name| name.text(report)) else { continue };
        let Some(efs) = volume.get("efsVolumeConfiguration") else {
            if let Some(host) = volume.get("host") {
                match host.get("sourcePath") {
                    Some(path) => report.needs_you(
                        &path.origin(),
                        "a directory of an instance, which Fargate has not: put its files into the image, or on a `file_system`",
                    ),
                    None => report.mapped(&host.origin(), "it goes with the task"),
                }
            }
            if let Some(name) = volume.get("name") {
                report.mapped(&name.origin(), "a `volume` that goes with the task");
            }
            workload.scratch.push(name);
            continue;
        };
        let id = efs.get("fileSystemId").and_then(|id| id.text(report));
        let access_point = efs
            .get("authorizationConfig")
            .and_then(|config| config.get("accessPointId"))
            .and_then(|id| Some((id.origin(), id.text(report)?)));
        if let Some((origin, _)) = &access_point {
            report.mapped(origin, "`access_point`");
        }
        if let Some(id) = efs.get("fileSystemId") {
            report.mapped(&id.origin(), "`existing` of the `file_system`");
        }
        let origin = volume.get("name").map_or_else(|| volume.origin(), |name| name.origin());
        if !system.stores.iter().any(|store| store.name == name) {
            let existing = id.map(|id| (id, access_point.map(|(_, point)| point)));
            system.stores.push(Store { name, origin, existing });
        } else {
            report.mapped(&origin, "the `file_system` of that name");
        }
    }
}

/// The last part of a path without its extension.
fn file_stem(path: &str) -> String {
    let name = path.rsplit('/').next().unwrap_or(path);
    name.split('.').next().unwrap_or(name).to_owned()
}
