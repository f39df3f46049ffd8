//! Routes that an input says, given to the workload that they lead to.

use super::read::Origin;
use super::report::Report;
use super::workload::{Route, Workload};
use crate::aws::hosts;

/// Adds a route to the container that listens at a port; hosts of one path stand together.
pub fn add(
    workload: &mut Workload,
    path: &str,
    host: Option<&str>,
    target: u16,
    origin: &Origin,
    report: &mut Report,
) {
    let at = workload.containers.iter().position(|one| one.ports.iter().any(|port| port.number == target));
    let at = at.unwrap_or(0);
    let container = (at > 0).then(|| workload.containers[at].name.clone());
    let used = workload.routes.iter().any(|route| route.container == container);
    let ports = &mut workload.containers[at].ports;
    match ports.iter().position(|port| port.number == target) {
        Some(0) | None => {}
        Some(_) if used => {
            let words =
                format!("other routes lead to another port of this container: {target} is open inside only");
            report.needs_you(origin, words);
            return;
        }
        Some(found) => ports[..=found].rotate_right(1),
    }
    let same = workload.routes.iter_mut().find(|route| route.path == path && route.container == container);
    if same.is_some() {
        report.mapped(origin, "the same `route`");
    }
    match (same, host) {
        // A rule without a host is for every host.
        (Some(route), None) => route.hosts.clear(),
        (Some(route), Some(_)) if route.hosts.is_empty() => {}
        (Some(route), Some(host)) if route.hosts.iter().any(|known| known == host) => {}
        (Some(route), Some(host))
            if route.hosts.len() < hosts::CONDITION_VALUES - usize::from(path != "/") =>
        {
            route.hosts.push(host.to_owned());
        }
        (Some(_), Some(_)) => {
            let words = "a rule of a load balancer compares so many names and no more: give this one to a second service";
            report.needs_you(origin, words);
        }
        (None, _) => {
            let mut new = Route::every_path(origin.clone());
            path.clone_into(&mut new.path);
            new.hosts.extend(host.map(str::to_owned));
            new.container = container;
            workload.routes.push(new);
        }
    }
}
