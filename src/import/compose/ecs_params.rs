//! The `ecs-params.yml` of ecs-cli: all services of the compose file are containers of one task.

use super::units;
use crate::import::arn;
use crate::import::assemble;
use crate::import::read::{At, Sourced};
use crate::import::report::Report;
use crate::import::workload::{Container, Setting, Store, System, Variable, Workload};

/// Puts the workloads into one task, and adds what the file says.
pub(super) fn read(at: &At, system: &mut System, report: &mut Report) {
    let (stores, workloads): (Vec<Workload>, Vec<Workload>) =
        std::mem::take(&mut system.workloads).into_iter().partition(assemble::is_data_store);
    let mut workloads = workloads.into_iter();
    let Some(mut task) = workloads.next() else {
        system.workloads = stores;
        return;
    };
    let single = workloads.len() == 0;
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
    }
    // What a load balancer leads to comes first.
    if let Some(at) = task
        .containers
        .iter()
        .position(|container| container.ports.iter().any(|port| port.published.is_some()))
    {
        task.containers[..=at].rotate_right(1);
    }
    let names: Vec<String> = task.containers.iter().map(|container| container.name.clone()).collect();
    task.needs.retain(|need| {
        let inside = names.contains(&need.value);
        if inside {
            report.mapped(&need.origin, "a container of the same task");
        }
        !inside
    });
    if !single {
        task.name = system.name.clone();
    }
    let Some(definition) = at.get("task_definition") else {
        system.workloads = stores.into_iter().chain([task]).collect();
        return;
    };
    sizes(&definition, &mut task, report);
    if let Some(role) = definition.get("task_role_arn") {
        task.task_role = role.text(report).map(|arn| arn::role(&arn));
        report.mapped(&role.origin(), "`task_role`");
    }
    if let Some(mode) = definition.get("ecs_network_mode") {
        report.mapped(&mode.origin(), "every task has an address of its own");
    }
    for (name, service) in definition.get("services").map(|services| services.entries()).unwrap_or_default() {
        match task.containers.iter_mut().find(|container| *container.name == *name) {
            Some(found) => container(&service, found, single, report),
            None => report.dropped(&service.origin(), format!("no container `{name}` runs on Fargate")),
        }
    }
    for volume in definition.get("efs_volumes").map(|volumes| volumes.list(report)).unwrap_or_default() {
        let field = |key: &str| volume.get(key).and_then(|field| field.node.text().map(str::to_owned));
        let (Some(name), Some(id)) = (field("name"), field("filesystem_id")) else { continue };
        for key in ["filesystem_id", "access_point"] {
            if let Some(said) = volume.get(key) {
                report.mapped(&said.origin(), "`existing` of the `file_system`");
            }
        }
        let origin = volume.get("name").map_or_else(|| volume.origin(), |name| name.origin());
        let existing = Some((id, field("access_point")));
        match system.stores.iter_mut().find(|store| store.name == name) {
            Some(store) => {
                report.mapped(&origin, "the `file_system` of that name");
                store.existing = existing;
            }
            None => system.stores.push(Store { name, origin, existing }),
        }
    }
    system.workloads = stores.into_iter().chain([task]).collect();
}

/// The size of the task, in CPU units and MiB.
fn sizes(definition: &At, task: &mut Workload, report: &mut Report) {
    let Some(size) = definition.get("task_size") else { return };
    let limit = |key: &str, report: &mut Report| -> Option<Sourced<u32>> {
        let at = size.get(key)?;
        let text = at.text(report)?;
        // Here a number alone is MiB, and a unit is one of ECS: `2GB`.
        let number = text.trim().parse().ok().or_else(|| units::mebibytes(&text));
        if number.is_none() {
            report.misshapen(&at.origin(), "a number, in CPU units or MiB");
        }
        Some(at.sourced(number?))
    };
    task.cpu = limit("cpu_limit", report).or(task.cpu.take());
    task.memory = limit("mem_limit", report).or(task.memory.take());
}

fn container(at: &At, container: &mut Container, single: bool, report: &mut Report) {
    if let Some(essential) = at.get("essential") {
        container.essential = essential.boolean(report).unwrap_or(true);
        report.mapped(&essential.origin(), "`essential`");
    }
    let words = if single { "the task's size says it" } else { "of the container" };
    let bytes = |key: &str, report: &mut Report| {
        let found = at.get(key)?;
        let size = found.text(report).as_deref().and_then(units::mebibytes);
        if size.is_none() {
            report.misshapen(&found.origin(), "a size in bytes, or such as `512m`");
        }
        report.mapped(&found.origin(), words);
        size.map(|size| size.max(6))
    };
    container.memory = bytes("mem_limit", report).or(container.memory);
    container.memory_reservation = bytes("mem_reservation", report).or(container.memory_reservation);
    if let Some(shares) = at.get("cpu_shares") {
        container.cpu = shares.number(report);
        report.mapped(&shares.origin(), words);
    }
    for secret in at.get("secrets").map(|secrets| secrets.list(report)).unwrap_or_default() {
        let field = |key: &str| secret.get(key).and_then(|field| field.node.text().map(str::to_owned));
        if let (Some(name), Some(from)) = (field("name"), field("value_from")) {
            let value = Setting::Stored(from, None);
            container.variables.push(Variable { name, value, origin: secret.origin() });
        }
    }
    for wait in at.get("depends_on").map(|waits| waits.list(report)).unwrap_or_default() {
        let field = |key: &str| wait.get(key).and_then(|field| field.node.text().map(str::to_owned));
        let Some(name) = field("container_name") else { continue };
        let condition = match field("condition").as_deref() {
            Some("COMPLETE") => "complete",
            Some("SUCCESS") => "success",
            Some("HEALTHY") => "healthy",
            _ => "started",
        };
        container.depends_on.push((name, condition));
        report.mapped(&wait.origin(), "`depends_on`");
    }
}
