//! A pod becomes a workload: its containers, what runs before them, its size and its directories.

use indexmap::IndexMap;

use super::cluster::{self, Context};
use super::container::{self, NamedPort, Read, Size};
use super::env::Facts;
use super::objects::Object;
use super::probes::Asked;
use super::{cloud_sql, storage};
use crate::import::read::{At, Sourced};
use crate::import::report::{Fate, Report};
use crate::import::unfit;
use crate::import::workload::{Container, Kind, System, Workload};

/// A workload, and what Services and Ingresses need to know of its pod.
pub(super) struct Found {
    pub(super) workload: Workload,
    pub(super) namespace: String,
    pub(super) kind: String,
    pub(super) name: String,
    pub(super) labels: IndexMap<String, String>,
    pub(super) asked: Vec<Asked>,
}

/// Commands that only wait for something else to be there.
const WAITING: [&str; 7] = ["until ", "while ! ", "nc -z", "pg_isready", "wait-for", "wait_for", "dockerize"];

/// Reads the pod of an object; migrations that ran before its containers become tasks of their own.
pub(super) fn read(object: &Object, cx: &mut Context<'_>, system: &mut System) -> Option<Found> {
    let pod = object.pod.as_ref()?;
    let Some(spec) = pod.get("spec") else {
        cx.report.misshapen(&pod.origin(), "a template of pods with a `spec`");
        return None;
    };
    let account = account(&spec, cx.report);
    let account_name = account.clone().unwrap_or_else(|| "default".to_owned());
    let facts = Facts { namespace: &object.namespace, name: &object.name, account: &account_name, pod };
    let items = spec.get("containers").map(|items| items.list(cx.report)).unwrap_or_default();
    let alone = items.len() == 1;
    let mut read: Vec<Read> =
        items.iter().filter_map(|item| container::read(item, &facts, alone, cx)).collect();
    if read.is_empty() {
        cx.report.misshapen(&spec.origin(), "a pod with `containers`");
        return None;
    }
    let (before, mut tasks) = initial(&spec, &facts, object, cx);
    let sizes = |list: Vec<&Read>| -> Vec<(Size, Size)> {
        list.into_iter().map(|one| (one.cpu.clone(), one.memory.clone())).collect()
    };
    let (beside, ahead) = before.iter().partition::<Vec<&Read>, _>(|one| one.container.essential);
    let sizes = (sizes(read.iter().chain(beside).collect()), sizes(ahead));
    main_first(&mut read, object, cx);
    let asked = read.iter_mut().filter_map(|one| one.asked.take()).collect();
    let mut containers: Vec<Container> = read.into_iter().map(|one| one.container).collect();
    order(&mut containers, before);
    let origin = object.at.origin();
    let name = called(&object.name);
    let mut workload = Workload::new(name, origin, containers);
    if let Some(labels) = pod.get("metadata").and_then(|metadata| metadata.get("labels")) {
        cx.report.mapped(&labels.origin(), "how Services find it");
    }
    if let Some(said) = pod.get("metadata").and_then(|metadata| metadata.get("name")) {
        cx.report.mapped(&said.origin(), "its name");
    }
    size(&sizes.0, &sizes.1, &mut workload, cx.report);
    machine(&spec, &mut workload, cx.report);
    identity(&spec, account.as_deref(), &mut workload, object, cx);
    cloud_sql::replace(&mut workload, system, cx.report);
    storage::directories(&spec, object, &mut workload, &mut tasks, system, cx);
    for mut task in tasks {
        task.arm = workload.arm;
        task.task_role.clone_from(&workload.task_role);
        system.workloads.push(task);
    }
    Some(Found {
        workload,
        namespace: object.namespace.clone(),
        kind: object.kind.clone(),
        name: object.name.clone(),
        labels: cluster::labels(pod),
        asked,
    })
}

/// Init containers: those that stay in the pod, and those that become tasks.
fn initial(
    spec: &At,
    facts: &Facts<'_>,
    object: &Object,
    cx: &mut Context<'_>,
) -> (Vec<Read>, Vec<Workload>) {
    let (mut before, mut tasks) = (Vec::new(), Vec::new());
    for item in spec.get("initContainers").map(|items| items.list(cx.report)).unwrap_or_default() {
        let Some(mut one) = container::read(&item, facts, false, cx) else { continue };
        let words = spoken(&one.container);
        let always = item.get("restartPolicy");
        if let Some(always) = &always {
            cx.report.mapped(&always.origin(), "it runs beside the others");
        }
        one.container.essential = always.is_some();
        if WAITING.iter().any(|waiting| words.contains(waiting)) {
            let words = "it only waits: ECS starts services in no order, and starts a task again that fails";
            cx.report.dropped(&item.origin(), words);
        } else if words.contains("sysctl") {
            let words = "it changes the kernel, which Fargate lets nobody do: it is left out";
            cx.report.needs_you(&item.origin(), words);
        } else if migrates(&words) || migrates(&one.container.name) {
            let name = format!("{}_{}", called(&object.name), one.container.name);
            one.container.essential = true;
            let mut task = Workload::new(&name, item.origin(), vec![one.container]);
            task.kind = Kind::Task;
            (task.cpu, task.memory) = (one.cpu, one.memory);
            let words = "a `task`, because it migrates and should not do so with every start; with `before = \"deploy\"` a \
                         pipeline runs it at the right time";
            cx.report.remark(Fate::Assumed, &task.origin, words);
            tasks.push(task);
        } else {
            let words = if always.is_some() {
                "a `container` that starts first"
            } else {
                "a `container` that ends first"
            };
            cx.report.remark(Fate::Mapped, &item.origin(), words);
            before.push(one);
        }
    }
    (before, tasks)
}

/// The name of an object without the word for what it is.
fn called(name: &str) -> &str {
    let suffixes = ["-deployment", "-deploy", "-statefulset", "-sts"];
    suffixes
        .iter()
        .find_map(|suffix| name.strip_suffix(suffix))
        .filter(|name| !name.is_empty())
        .unwrap_or(name)
}

/// Whether a text is about a migration.
pub(super) fn migrates(text: &str) -> bool {
    ["migrate", "migration", "db:prepare", "db:setup"].iter().any(|word| text.contains(word))
}

/// The command of a container as one text.
pub(super) fn spoken(container: &Container) -> String {
    let lists = [&container.entry_point, &container.command];
    let words: Vec<&str> =
        lists.into_iter().flatten().flat_map(|list| &list.value).map(String::as_str).collect();
    words.join(" ")
}

/// Puts the container first to which the first port of a Service leads, with that port first in each.
fn main_first(read: &mut [Read], object: &Object, cx: &Context<'_>) {
    let Some(pod) = &object.pod else { return };
    let labels = cluster::labels(pod);
    let services = cx.cluster.services.iter();
    let services = services.filter(|service| cluster::selects(service, &object.namespace, &labels));
    let targets: Vec<u16> =
        services.flat_map(|service| service.ports.iter().map(|port| port.target)).collect();
    for one in read.iter_mut() {
        let ports = &mut one.container.ports;
        ports.sort_by_key(|port| {
            targets.iter().position(|target| *target == port.number).unwrap_or(usize::MAX)
        });
    }
    let leads = |one: &Read, target: u16| one.ports.iter().any(|port: &NamedPort| port.number == target);
    let main = targets.iter().find_map(|&target| read.iter().position(|one| leads(one, target)));
    if let Some(main) = main {
        read[..=main].rotate_right(1);
    }
}

/// Adds what ends first, one after the other, and has all others wait for the last.
fn order(containers: &mut Vec<Container>, before: Vec<Read>) {
    let mut last: Option<(String, &'static str)> = None;
    let own = containers.len();
    for one in before {
        let mut container = one.container;
        container.depends_on.extend(last.take());
        let condition = if container.essential { "started" } else { "success" };
        last = Some((container.name.clone(), condition));
        containers.push(container);
    }
    let Some((name, condition)) = last else { return };
    for container in &mut containers[..own] {
        container.depends_on.push((name.clone(), condition));
    }
}

/// What containers ask for that run at the same time, or what one asks for that runs ahead of them, if that is more.
fn size(together: &[(Size, Size)], ahead: &[(Size, Size)], workload: &mut Workload, report: &mut Report) {
    let mut most = |of: fn(&(Size, Size)) -> &Size, what: &str| {
        let parts: Vec<&Sourced<u32>> = together.iter().filter_map(|size| of(size).as_ref()).collect();
        let sum = parts.iter().fold(0u32, |sum, part| sum.saturating_add(part.value));
        let first = parts.first().map(|first| Sourced { value: sum, origin: first.origin.clone() });
        let alone = ahead.iter().filter_map(|size| of(size).as_ref()).max_by_key(|size| size.value);
        let most = match (first, alone) {
            (Some(first), Some(alone)) if alone.value > first.value => Some(alone.clone()),
            (first, alone) => first.or(alone.cloned()),
        };
        for part in parts.into_iter().chain(ahead.iter().filter_map(|size| of(size).as_ref())) {
            if most.as_ref().is_some_and(|most| most.origin.id != part.origin.id) {
                report.mapped(&part.origin, format!("part of the task's `{what}`"));
            }
        }
        most
    };
    workload.cpu = most(|size| &size.0, "cpu");
    workload.memory = most(|size| &size.1, "memory");
}

/// What it runs on.
fn machine(spec: &At, workload: &mut Workload, report: &mut Report) {
    if let Some(name) = spec.get("os").and_then(|os| os.get("name")) {
        match name.text(report).as_deref() {
            Some("windows") => unfit::windows(&name, report),
            _ => report.mapped(&name.origin(), "Linux"),
        }
    }
    for (label, value) in spec.get("nodeSelector").map(|labels| labels.entries()).unwrap_or_default() {
        let wanted = value.text(report).unwrap_or_default();
        match &*label {
            "kubernetes.io/arch" | "beta.kubernetes.io/arch" => {
                workload.arm = wanted == "arm64";
                report.mapped(&value.origin(), "`architecture`");
            }
            "kubernetes.io/os" | "beta.kubernetes.io/os" if wanted == "windows" => {
                unfit::windows(&value, report);
            }
            "kubernetes.io/os" | "beta.kubernetes.io/os" => report.mapped(&value.origin(), "Linux"),
            _ => report.dropped(&value.origin(), "Fargate has no nodes to choose among"),
        }
    }
    if let Some(seconds) = spec.get("terminationGracePeriodSeconds") {
        let value = seconds.number(report).filter(|seconds| *seconds != 30);
        for container in workload.containers.iter_mut().filter(|container| container.essential) {
            container.stop_timeout = value;
        }
        match value {
            Some(value) if value > 120 => {
                report.assumed(&seconds.origin(), "`stop_timeout`: two minutes, the most that Fargate waits");
            }
            _ => report.mapped(&seconds.origin(), "`stop_timeout`, by default 30"),
        }
    }
    if let Some(policy) = spec.get("restartPolicy") {
        report.mapped(&policy.origin(), "services are started again, tasks are not");
    }
    if let Some(context) = spec.get("securityContext")
        && let Some(user) = container::user(&context, report)
    {
        for container in &mut workload.containers {
            container.user.get_or_insert_with(|| user.clone());
        }
    }
    if let Some(host) = spec.get("hostNetwork") {
        match host.boolean(report) {
            Some(true) => report.needs_you(
                &host.origin(),
                "Fargate has no host network: every task has an address of its own; list the ports that it listens on, and \
                 have others find it with `discovery`",
            ),
            _ => report.mapped(&host.origin(), "every task has an address of its own"),
        }
    }
    if let Some(secrets) = spec.get("imagePullSecrets") {
        report.needs_you(
            &secrets.origin(),
            "Fargate pulls from ECR and from public registries: copy a private image into a `registry`",
        );
    }
}

fn account(spec: &At, report: &mut Report) -> Option<String> {
    let account = spec.get("serviceAccountName")?;
    report.mapped(&account.origin(), "what it may do in AWS follows from what it refers to");
    account.text(report)
}

/// The role of its ServiceAccount on EKS.
fn identity(
    spec: &At,
    account: Option<&str>,
    workload: &mut Workload,
    object: &Object,
    cx: &mut Context<'_>,
) {
    let Some(account) = account else { return };
    let Some(found) = cx.cluster.find("ServiceAccount", &object.namespace, account) else { return };
    let annotations = found.at.get("metadata").and_then(|metadata| metadata.get("annotations"));
    let entries = annotations.map(|annotations| annotations.entries()).unwrap_or_default();
    for (name, value) in entries {
        if &*name == "eks.amazonaws.com/role-arn"
            && let Some(role) = value.text(cx.report)
        {
            workload.task_role = Some(role);
            let words = "`task_role`: have the role trust `ecs-tasks.amazonaws.com`";
            cx.report.needs_you(&value.origin(), words);
            if let Some(said) = spec.get("serviceAccountName") {
                cx.report.mapped(&said.origin(), "`task_role`");
            }
        }
    }
}
