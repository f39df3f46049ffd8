//! What ecs-cli makes of a compose file: all services are containers of one task, with the sizes, volumes and roles that
//! `ecs-params.yml` adds.

mod container;
mod network;

use crate::import::arn;
use crate::import::assemble;
use crate::import::read::{At, Sourced};
use crate::import::report::Report;
use crate::import::units;
use crate::import::workload::{Container, Front, Store, System, Workload};

/// Puts the workloads into one task, the last of the system; databases and caches stay beside it, and so does a proxy that
/// a load balancer replaces.
pub(super) fn one_task(system: &mut System, report: &mut Report) {
    let beside = |workload: &Workload| assemble::is_data_store(workload) || workload.front == Front::Routed;
    let (mut stores, mut workloads): (Vec<Workload>, Vec<Workload>) =
        std::mem::take(&mut system.workloads).into_iter().partition(beside);
    for workload in &mut workloads {
        let name = &workload.containers[0].name;
        workload.routes.iter_mut().for_each(|route| route.container = Some(name.clone()));
    }
    let mut workloads = workloads.into_iter();
    let Some(mut task) = workloads.next() else {
        system.workloads = stores;
        return;
    };
    if workloads.len() > 0 {
        task.name.clone_from(&system.name);
        let container = &mut task.containers[0];
        container.cpu = task.cpu.as_ref().map(|cpu| cpu.value);
        container.memory = task.memory.as_ref().map(|memory| memory.value.max(6));
        task.aliases.push(container.name.clone());
    }
    for mut other in workloads {
        let container = &mut other.containers[0];
        container.cpu = other.cpu.as_ref().map(|cpu| cpu.value);
        container.memory = other.memory.as_ref().map(|memory| memory.value.max(6));
        for (sum, part) in [(&mut task.cpu, other.cpu), (&mut task.memory, other.memory)] {
            let Some(part) = part else { continue };
            report.mapped(&part.origin, "part of the task's size");
            match sum {
                Some(sum) => sum.value = sum.value.saturating_add(part.value),
                None => *sum = Some(part),
            }
        }
        task.containers.append(&mut other.containers);
        task.needs.append(&mut other.needs);
        task.aliases.push(other.name);
        task.aliases.append(&mut other.aliases);
        task.routes.append(&mut other.routes);
    }
    // What a load balancer leads to comes first.
    let routed = task.routes.first().and_then(|route| route.container.clone());
    let first = task.containers.iter().position(|container| match &routed {
        Some(name) => container.name == *name,
        None => container.ports.iter().any(|port| port.published.is_some()),
    });
    if let Some(at) = first {
        task.containers[..=at].rotate_right(1);
    }
    let main = &task.containers[0].name;
    let own = task.routes.iter_mut().filter(|route| route.container.as_ref() == Some(main));
    own.for_each(|route| route.container = None);
    let names: Vec<String> = task.containers.iter().map(|container| container.name.clone()).collect();
    task.needs.retain(|need| {
        let inside = names.contains(&need.value);
        if inside {
            report.mapped(&need.origin, "a container of the same task");
        }
        !inside
    });
    stores.push(task);
    system.workloads = stores;
}

/// Adds what the file says to the one task.
pub(super) fn read(at: &At, system: &mut System, report: &mut Report) {
    if at.node.map().is_none() {
        let help = "give a file with `task_definition`, as `ecs-cli compose --ecs-params` takes it";
        report.impossible(at.node.span, "this is no ecs-params file", help);
        return;
    }
    let System { workloads, stores, network, account, name, .. } = system;
    let Some(task) = workloads.iter_mut().rfind(|workload| !assemble::is_data_store(workload)) else {
        return;
    };
    if let Some(run) = at.get("run_params") {
        *network = network::read(&run, task, name, report);
    }
    let Some(definition) = at.get("task_definition") else { return };
    sizes(&definition, task, report);
    if let Some(role) = definition.get("task_role_arn") {
        task.task_role = role.text(report).map(|arn| arn::role(&arn));
        report.mapped(&role.origin(), "`task_role`");
    }
    for key in ["task_role_arn", "task_execution_role"] {
        let Some(role) = definition.get(key) else { continue };
        let text = role.text(report).unwrap_or_default();
        *account = account.take().or_else(|| Some(role.sourced(arn::account(&text)?.to_owned())));
    }
    if let Some(role) = definition.get("task_execution_role") {
        let words =
            "a role of its own with the rights that references open; write `execution_role` to keep this one";
        report.dropped(&role.origin(), words);
    }
    mode(&definition, report);
    let single = task.containers.len() == 1;
    for (name, service) in definition.get("services").map(|services| services.entries()).unwrap_or_default() {
        match task.containers.iter_mut().find(|container| *container.name == *name) {
            Some(found) => container::read(&service, found, single, report),
            None => report.dropped(&service.origin(), format!("no container `{name}` runs on Fargate")),
        }
    }
    if let Some(services) = definition.get("services") {
        sum(&services, task);
    }
    for volume in definition.get("docker_volumes").map(|volumes| volumes.list(report)).unwrap_or_default() {
        let Some(name) = volume.get("name") else { continue };
        let Some(text) = name.text(report) else { continue };
        if stores.iter().any(|store| store.name == text) {
            report.mapped(&name.origin(), "the `file_system` of that name");
        } else {
            report.dropped(&name.origin(), "nothing mounts it");
        }
    }
    for volume in definition.get("efs_volumes").map(|volumes| volumes.list(report)).unwrap_or_default() {
        efs(&volume, stores, report);
    }
}

/// How containers reach each other and the world.
fn mode(definition: &At, report: &mut Report) {
    let Some(mode) = definition.get("ecs_network_mode") else { return };
    match mode.text(report).as_deref() {
        Some("host") => report.needs_you(
            &mode.origin(),
            "Fargate has no host network: every task has an address of its own; list the ports that it listens on",
        ),
        Some("none") => {
            report.needs_you(&mode.origin(), "Fargate has no task without a network: it has an address of its own");
        }
        Some("bridge") => report.assumed(
            &mode.origin(),
            "every task has an address of its own, and its containers reach each other at 127.0.0.1 instead of by name",
        ),
        _ => report.mapped(&mode.origin(), "every task has an address of its own"),
    }
}

/// A file system that exists.
fn efs(volume: &At, stores: &mut Vec<Store>, report: &mut Report) {
    let field = |key: &str| volume.get(key).and_then(|field| field.node.text().map(str::to_owned));
    let (Some(name), Some(id)) = (field("name"), field("filesystem_id")) else {
        return report.misshapen(&volume.origin(), "a volume with a `name` and a `filesystem_id`");
    };
    for key in ["filesystem_id", "access_point"] {
        if let Some(said) = volume.get(key) {
            report.mapped(&said.origin(), "`existing` of the `file_system`");
        }
    }
    if let Some(root) = volume.get("root_directory").filter(|root| root.node.text() == Some("/")) {
        report.mapped(&root.origin(), "the whole file system");
    }
    let origin = volume.get("name").map_or_else(|| volume.origin(), |name| name.origin());
    let existing = Some((id, field("access_point")));
    match stores.iter_mut().find(|store| store.name == name) {
        Some(store) => {
            report.mapped(&origin, "the `file_system` of that name");
            store.existing = existing;
        }
        None => stores.push(Store { name, origin, existing }),
    }
}

/// The size of the task, in CPU units and MiB.
fn sizes(definition: &At, task: &mut Workload, report: &mut Report) {
    let Some(size) = definition.get("task_size") else { return };
    let limit = |key: &str, report: &mut Report| -> Option<Sourced<u32>> {
        let at = size.get(key)?;
        let text = at.text(report)?;
        if text.trim().is_empty() {
            report.needs_you(&at.origin(), "its variable is not set: choose a size");
            return None;
        }
        let number = task_size(&text);
        if number.is_none() {
            report.misshapen(&at.origin(), "a number, in CPU units or MiB, or such as `0.5 vCPU` and `1GB`");
        }
        Some(at.sourced(number?))
    };
    let (cpu, memory) = (limit("cpu_limit", report), limit("mem_limit", report));
    for (whole, new) in [(&mut task.cpu, cpu), (&mut task.memory, memory)] {
        let Some(new) = new else { continue };
        if let Some(sum) = whole.replace(new) {
            report.mapped(&sum.origin, "the task's size holds");
        }
    }
}

/// Without a size of the task, what its containers ask for together; ecs-cli gives 512 MiB to one that asks for nothing.
fn sum(services: &At, task: &mut Workload) {
    let first = |keys: &[&str]| {
        let found = |service: At| keys.iter().find_map(|key| service.get(key));
        services.entries().into_iter().find_map(|(_, service)| found(service))
    };
    let asked = |container: &Container| container.memory.or(container.memory_reservation);
    if let Some(at) = first(&["mem_limit", "mem_reservation"]).filter(|_| task.memory.is_none()) {
        let sum = task.containers.iter().map(|container| asked(container).unwrap_or(512));
        task.memory = Some(at.sourced(sum.fold(0, u32::saturating_add)));
    }
    if let Some(at) = first(&["cpu_shares"]).filter(|_| task.cpu.is_none()) {
        let sum = task.containers.iter().filter_map(|container| container.cpu);
        task.cpu = Some(at.sourced(sum.fold(0, u32::saturating_add)));
    }
}

/// A size as ECS has it: a number alone is MiB or CPU units, and of units there are vCPU and GB.
fn task_size(text: &str) -> Option<u32> {
    let text = text.trim();
    if let Ok(number) = text.parse() {
        return Some(number);
    }
    let lower = text.to_ascii_lowercase();
    match lower.strip_suffix("vcpu") {
        Some(number) => units::cpu_units(number),
        None => units::mebibytes(&lower),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_number_alone_is_mebibytes_for_the_task() {
        for (text, expected) in
            [("512", 512), ("0.5GB", 512), ("5Gb", 5120), ("2 vCPU", 2048), (".25 vcpu", 256)]
        {
            assert_eq!(task_size(text), Some(expected), "{text}");
        }
        assert_eq!((task_size("many"), task_size("")), (None, None));
    }
}
