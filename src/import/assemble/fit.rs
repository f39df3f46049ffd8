//! Makes a workload fit what ECS accepts, with a line for everything that had to give way. What the original tool takes
//! and ECS refuses is decided here, before anything is written.

use std::collections::{BTreeMap, BTreeSet};
use std::ops::RangeInclusive;

use super::Assembly;
use crate::aws::ecs::{CONTAINERS, ULIMITS};
use crate::aws::hosts::CONDITION_VALUES;
use crate::aws::limits::names::IAM_ROLE;
use crate::aws::paths::pattern_problem;
use crate::hcl::Expr;
use crate::import::names::{Names, base_name, valid};
use crate::import::read::Origin;
use crate::import::report::{Fate, Report};
use crate::import::sizes;
use crate::import::stack::number;
use crate::import::workload::{Container, Image, Kind, Setting, Workload};

impl Assembly<'_> {
    /// A number within what AWS takes, with a line when it had to give way.
    pub(super) fn within(
        &mut self,
        value: u32,
        range: RangeInclusive<u32>,
        setting: &str,
        origin: &Origin,
    ) -> Expr {
        let fitting = value.clamp(*range.start(), *range.end());
        if fitting != value {
            let words = format!("`{setting} = {fitting}`: AWS takes {} to {}", range.start(), range.end());
            self.report.remark(Fate::Assumed, origin, words);
        }
        number(fitting)
    }
}

/// Makes a workload fit; `name` is what the component is called.
pub(super) fn fit(name: &str, workload: &mut Workload, report: &mut Report) {
    if workload.containers.len() > CONTAINERS {
        let words =
            format!("a task has at most {CONTAINERS} containers: make a service of each of the others");
        report.remark(Fate::NeedsYou, &workload.origin, words);
        workload.containers.truncate(CONTAINERS);
    }
    rename(name, workload);
    let is_role = |role: &str| match role.split_once(":role/") {
        Some((account, name)) => account.starts_with("arn:aws") && !name.is_empty(),
        None => !role.contains(':') && IAM_ROLE.check(role.rsplit('/').next().unwrap_or_default()).is_ok(),
    };
    for role in [&mut workload.task_role, &mut workload.execution_role] {
        if role.take_if(|role| !is_role(role)).is_some() {
            report.remark(
                Fate::NeedsYou,
                &workload.origin,
                "its role has no name that IAM knows: write `task_role`",
            );
        }
    }
    for container in &mut workload.containers {
        values(container, report);
    }
    ports(workload, report);
    order(workload, report);
    mounts(workload, report);
    routes(workload, report);
    limits(workload, report);
}

/// Gives containers valid names, the main one that of the component, wherever they are named.
fn rename(name: &str, workload: &mut Workload) {
    let mut names = Names::default();
    names.claim("container", name);
    let mut renamed = BTreeMap::new();
    for (index, container) in workload.containers.iter_mut().enumerate() {
        let new = if index == 0 { name.to_owned() } else { names.claim("container", &container.name) };
        renamed.entry(std::mem::replace(&mut container.name, new.clone())).or_insert(new);
    }
    for container in &mut workload.containers {
        for (other, _) in &mut container.depends_on {
            if let Some(new) = renamed.get(other) {
                other.clone_from(new);
            }
        }
    }
    for container in workload.routes.iter_mut().filter_map(|route| route.container.as_mut()) {
        if let Some(new) = renamed.get(container) {
            container.clone_from(new);
        }
    }
}

/// Single values of a container.
fn values(container: &mut Container, report: &mut Report) {
    let origin = container.image.origin.clone();
    if let Image::Named(image) = &container.image.value
        && (image.is_empty() || image.contains(|c: char| c.is_whitespace() || c.is_control()))
    {
        container.image.value = Image::Unknown(container.name.clone());
    }
    let is_user = |user: &String| user.chars().all(|c| c.is_ascii_alphanumeric() || "_.:-".contains(c));
    if container.user.take_if(|user| user.is_empty() || !is_user(user)).is_some() {
        report.remark(Fate::NeedsYou, &origin, "its user is none that ECS knows: write `user`");
    }
    if container.working_directory.take_if(|path| !path.starts_with('/')).is_some() {
        report.remark(Fate::NeedsYou, &origin, "its working directory is not written from the root on");
    }
    container.ulimits.retain(|(name, _)| {
        let known = ULIMITS.contains(&name.as_str());
        if !known {
            report.remark(Fate::Dropped, &origin, format!("ECS has no limit `{name}`"));
        }
        known
    });
    container.variables.retain(|variable| {
        let name = &variable.name;
        let fine =
            !name.is_empty() && !name.contains(|c: char| c == '=' || c.is_whitespace() || c.is_control());
        if !fine {
            report.dropped(&variable.origin, "this is no name of an environment variable");
        }
        fine
    });
    if container.health_check.take_if(|check| check.command.is_empty() && check.shell.is_none()).is_some() {
        report.remark(Fate::Dropped, &origin, "its health check has no command");
    }
    for variable in &mut container.variables {
        if let Setting::Stored(from, _) = &variable.value
            && from.starts_with("arn:")
            && ![":ssm:", ":secretsmanager:"].iter().any(|service| from.contains(service))
        {
            variable.value = Setting::Unknown;
        }
    }
}

/// Every port once in a task, and none in what nobody calls.
fn ports(workload: &mut Workload, report: &mut Report) {
    if workload.kind == Kind::Task {
        for port in workload.containers.iter_mut().flat_map(|container| container.ports.drain(..)) {
            report.dropped(&port.origin, "a task runs to its end, and nothing calls it");
        }
    }
    let mut taken = BTreeSet::new();
    for container in &mut workload.containers {
        let mut own = BTreeSet::new();
        container.ports.retain(|port| {
            if port.number == 0 {
                report.needs_you(&port.origin, "0 is no port: write the one it listens on");
                return false;
            }
            let free = own.contains(&port.number) || taken.insert(port.number);
            if free {
                own.insert(port.number);
            } else {
                let words = "another container of the task listens on this port: they share an address, so choose another";
                report.needs_you(&port.origin, words);
            }
            free
        });
    }
    let containers = &workload.containers;
    workload.routes.retain(|route| {
        let container = match &route.container {
            Some(name) => containers.iter().find(|container| container.name == *name),
            None => containers.first(),
        };
        let listens = container.is_some_and(|container| !container.ports.is_empty());
        if !listens {
            let words = "the container that it leads to has no port of its own";
            report.remark(Fate::NeedsYou, &route.origin, words);
        }
        listens
    });
}

/// What containers wait for: others of the task, something that can come true, and not each other.
fn order(workload: &mut Workload, report: &mut Report) {
    let names: Vec<String> = workload.containers.iter().map(|container| container.name.clone()).collect();
    let healthy: Vec<bool> =
        workload.containers.iter().map(|container| container.health_check.is_some()).collect();
    let mut ending = BTreeSet::new();
    // Who is known to come before whom; whatever would close a circle is left out.
    let mut before: BTreeMap<usize, BTreeSet<usize>> = BTreeMap::new();
    for (index, container) in workload.containers.iter_mut().enumerate() {
        let origin = container.image.origin.clone();
        container.depends_on.retain_mut(|(name, condition)| {
            let Some(other) = names.iter().position(|known| known == name) else {
                report.remark(
                    Fate::Dropped,
                    &origin,
                    format!("it waits for `{name}`, which the task does not have"),
                );
                return false;
            };
            if other == index || reaches(&before, other, index) {
                report.remark(Fate::Dropped, &origin, format!("it and `{name}` wait for each other"));
                return false;
            }
            before.entry(index).or_default().insert(other);
            if *condition == "healthy" && !healthy[other] {
                report.remark(
                    Fate::Assumed,
                    &origin,
                    format!("`{name}` has no health check: it waits for its start"),
                );
                *condition = "started";
            }
            if matches!(*condition, "complete" | "success") {
                if other == 0 {
                    report.remark(
                        Fate::Assumed,
                        &origin,
                        "the task ends with its main container: it waits for its start",
                    );
                    *condition = "started";
                } else {
                    ending.insert(other);
                }
            }
            true
        });
    }
    for other in ending {
        workload.containers[other].essential = false;
    }
}

/// Whether what `from` waits for leads to `to`.
fn reaches(before: &BTreeMap<usize, BTreeSet<usize>>, from: usize, to: usize) -> bool {
    before.get(&from).is_some_and(|next| next.iter().any(|&at| at == to || reaches(before, at, to)))
}

/// Mounts at paths from the root on, each path once in a container and each volume, too.
fn mounts(workload: &mut Workload, report: &mut Report) {
    let mut volumes: BTreeMap<String, String> = BTreeMap::new();
    for container in &mut workload.containers {
        let (mut paths, mut names) = (BTreeSet::new(), BTreeSet::new());
        container.mounts.retain(|mount| {
            let name = valid(base_name(&mount.source));
            let same = volumes.entry(name.clone()).or_insert_with(|| mount.source.clone()) == &mount.source;
            let path = mount.path.trim_end_matches('/');
            let fine = path.starts_with('/') && !path.contains(':') && !path.contains(char::is_control);
            let words = match (fine, same && names.insert(name), paths.insert(path.to_owned())) {
                (false, ..) => "this is no path in a container",
                (_, false, _) => "a volume is mounted once in a container: this mount is missing",
                (.., false) => "something else is mounted at this path",
                _ => return true,
            };
            report.needs_you(&mount.origin, words);
            false
        });
    }
}

/// Routes with paths that a load balancer compares, and no more hosts than it takes.
fn routes(workload: &mut Workload, report: &mut Report) {
    workload.routes.retain_mut(|route| {
        route.health_check.take_if(|path| !path.starts_with('/') || path.contains(char::is_whitespace));
        let most = CONDITION_VALUES - usize::from(route.path != "/");
        let mut seen = BTreeSet::new();
        route.hosts.retain(|host| seen.insert(host.clone()));
        if route.hosts.len() > most {
            route.hosts.truncate(most);
            let words = format!(
                "a rule of a load balancer compares {most} hosts with this path, and the others are left out: use a \
                 wildcard, or a second service"
            );
            report.needs_you(&route.origin, words);
        }
        let problem = pattern_problem(&route.path);
        if let Some(problem) = &problem {
            report.needs_you(&route.origin, format!("{problem}: write a `route`"));
        }
        problem.is_none()
    });
}

/// What is kept for containers beside the main one leaves something to that.
fn limits(workload: &mut Workload, report: &mut Report) {
    let value = |asked: &Option<crate::import::read::Sourced<u32>>| asked.as_ref().map(|asked| asked.value);
    let (size, _) = sizes::round(value(&workload.cpu), value(&workload.memory));
    let sides = &mut workload.containers[1..];
    for side in sides.iter_mut() {
        // What is kept is all that it may use: one says it.
        let most = side.memory;
        side.memory_reservation.take_if(|kept| most.is_some_and(|most| *kept >= most));
    }
    let cpu: u64 = sides.iter().filter_map(|side| side.cpu).map(u64::from).sum();
    let kept = |side: &Container| side.memory_reservation.or(side.memory).map(u64::from);
    let memory: u64 = sides.iter().filter_map(kept).sum();
    if cpu >= u64::from(size.cpu) {
        sides.iter_mut().for_each(|side| side.cpu = None);
        let words = "its containers ask for all CPU units of the task: they share them";
        report.remark(Fate::Assumed, &workload.origin, words);
    }
    let sides = &mut workload.containers[1..];
    if memory >= u64::from(size.memory) || sides.iter().any(|side| side.memory > Some(size.memory)) {
        for side in sides {
            (side.memory, side.memory_reservation) = (None, None);
        }
        report.remark(
            Fate::Assumed,
            &workload.origin,
            "its containers ask for all memory of the task: they share it",
        );
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::import::read::At;
    use crate::import::task_definition::FORMAT;
    use crate::import::workload::{HealthCheck, Port};
    use crate::import::yaml;
    use crate::source::{Source, Sources, Syntax};

    fn workload(names: &[&str]) -> Workload {
        let mut sources = Sources::default();
        let file = sources.add(Source::new("a.yml", "x: 1", Syntax::Foreign));
        let node = yaml::parse(&sources, file).value.unwrap().remove(0);
        let at = At::root(node, &FORMAT);
        let container = |name: &&str| {
            let mut container = Container::new(name, at.sourced(Image::Named("a:1".to_owned())));
            container.ports = vec![Port { number: 80, published: None, origin: at.origin() }];
            container
        };
        Workload::new("web", at.origin(), names.iter().map(container).collect())
    }

    #[test]
    fn names_ports_and_order_fit() {
        let mut workload = workload(&["My-Web", "Log-1", "log.1"]);
        workload.containers[0].depends_on = vec![("Log-1".into(), "healthy"), ("gone".into(), "started")];
        workload.containers[1].depends_on = vec![("My-Web".into(), "started"), ("log.1".into(), "success")];
        workload.containers[2].health_check = Some(HealthCheck::default());
        let mut report = Report::default();
        fit("web", &mut workload, &mut report);
        let names: Vec<&str> = workload.containers.iter().map(|container| container.name.as_str()).collect();
        assert_eq!(names, ["web", "log_1", "log_1_2"]);
        assert_eq!(workload.containers[0].depends_on, [("log_1".to_owned(), "started")]);
        assert_eq!(workload.containers[1].depends_on, [("log_1_2".to_owned(), "success")]);
        let ports: Vec<usize> = workload.containers.iter().map(|container| container.ports.len()).collect();
        assert_eq!((ports, workload.containers[2].essential), (vec![1, 0, 0], false));
        assert!(report.lines().len() >= 5);
    }

    #[test]
    fn containers_leave_something_to_the_main_one() {
        let mut workload = workload(&["web", "log"]);
        (workload.containers[1].cpu, workload.containers[1].memory) = (Some(256), Some(512));
        fit("web", &mut workload, &mut Report::default());
        assert_eq!((workload.containers[1].cpu, workload.containers[1].memory), (None, None));
    }
}
