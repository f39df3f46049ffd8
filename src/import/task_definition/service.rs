//! The ECS service beside a task definition.

use super::container::is_placeholder;
use crate::import::read::At;
use crate::import::report::Report;
use crate::import::workload::{Kind, Workload};
use crate::import::yaml::{Node, Value};

/// The service itself: the first one of a description, or the properties of a resource.
pub(super) fn unwrapped(document: &Node) -> Node {
    let field = |key: &str| document.map().and_then(|map| map.get(key)).map(|entry| &entry.node);
    if let Some(Value::List(services)) = field("services").map(|node| &node.value)
        && let Some(first) = services.first()
    {
        return first.clone();
    }
    field("service").or_else(|| field("Properties")).unwrap_or(document).clone()
}

/// Adds what a service says to its workload.
pub(super) fn read(at: &At, workload: &mut Workload, report: &mut Report) {
    workload.kind = Kind::Service;
    if let Some(name) = at.get("serviceName") {
        if let Some(text) = name.text(report) {
            workload.aliases.push(std::mem::replace(&mut workload.name, text));
        }
        report.mapped(&name.origin(), "the name");
    }
    workload.tasks = at.get("desiredCount").and_then(|count| {
        if count.node.text().is_some_and(is_placeholder) {
            report.needs_you(&count.origin(), "its value is filled in by another program: write `tasks`");
            return None;
        }
        Some(count.sourced(count.number(report)?))
    });
    if let Some(grace) = at.get("healthCheckGracePeriodSeconds") {
        workload.grace_period = grace.number(report).filter(|seconds| *seconds > 0);
        report.mapped(&grace.origin(), "`grace_period`");
    }
    if let Some(execute) = at.get("enableExecuteCommand") {
        workload.execute_command = execute.boolean(report).unwrap_or(false);
        report.mapped(&execute.origin(), "`execute_command`");
    }
    if let Some(launch) = at.get("launchType") {
        match launch.text(report).as_deref() {
            Some("FARGATE") => report.mapped(&launch.origin(), "Fargate"),
            _ => report.assumed(&launch.origin(), "Fargate instead"),
        }
    }
    if let Some(strategy) = at.get("schedulingStrategy") {
        match strategy.text(report).as_deref() {
            Some("DAEMON") => {
                let words =
                    "Fargate has no instances to run one on each: a `container` beside each service instead";
                report.needs_you(&strategy.origin(), words);
            }
            _ => report.mapped(&strategy.origin(), "replicas"),
        }
    }
    spot(at, workload, report);
    targets(at, workload, report);
}

/// The share of Spot among the weights.
fn spot(at: &At, workload: &mut Workload, report: &mut Report) {
    let (mut spot, mut all) = (0u64, 0u64);
    let strategy =
        at.get("capacityProviderStrategy").map(|strategy| strategy.list(report)).unwrap_or_default();
    for provider in &strategy {
        let name = provider.get("capacityProvider").and_then(|name| name.text(report)).unwrap_or_default();
        let weight = provider.get("weight").map_or(Some(0), |weight| weight.number(report)).unwrap_or(0);
        all += u64::from(weight);
        if name == "FARGATE_SPOT" {
            spot += u64::from(weight);
        }
        for key in ["capacityProvider", "weight"] {
            if let Some(said) = provider.get(key) {
                report.mapped(&said.origin(), "`spot`");
            }
        }
    }
    if spot > 0 {
        workload.spot = u32::try_from(spot * 100 / all).ok();
    }
}

/// The target group, and the port that comes first because of it.
fn targets(at: &At, workload: &mut Workload, report: &mut Report) {
    let balancers = at.get("loadBalancers").map(|list| list.list(report)).unwrap_or_default();
    for (index, balancer) in balancers.iter().enumerate() {
        if index > 0 {
            report.needs_you(
                &balancer.origin(),
                "a service joins one target group: use a `route` for the others",
            );
            continue;
        }
        let container = balancer.get("containerName").and_then(|name| name.text(report));
        let port = balancer.get("containerPort").and_then(|port| port.number(report));
        if let Some(name) = container
            && let Some(found) = workload.containers.iter().position(|container| container.name == name)
        {
            workload.containers[..=found].rotate_right(1);
        }
        let ports = &mut workload.containers[0].ports;
        if let Some(found) =
            port.and_then(|port| ports.iter().position(|known| u32::from(known.number) == port))
        {
            ports[..=found].rotate_right(1);
        }
        for key in ["containerName", "containerPort"] {
            if let Some(said) = balancer.get(key) {
                report.mapped(&said.origin(), "`port`");
            }
        }
        let group = balancer.get("targetGroupArn");
        workload.target_group = group.and_then(|group| Some(group.sourced(group.text(report)?)));
    }
}
