//! The rules of workloads: what ECS refuses when a task definition is registered, or when its task starts.

use std::sync::Arc;

use super::container::{Condition, Configuration, Member, Ports};
use super::{Container, Workload, codes};
use crate::aws::ecs::{CONTAINERS, ULIMITS};
use crate::aws::limits::names::IAM_ROLE;
use crate::aws::{fargate, logs};
use crate::model::Checker;
use crate::model::codes::DUPLICATE_NAME;
use crate::settings::codes::INVALID_VALUE;
use crate::settings::input::Input;
use crate::settings::values::check_name;
use crate::terms::Id;

impl Workload {
    /// The rules of what a task has once.
    fn check(&self, at: &mut Checker<'_>) {
        let (cpu, memory) = (self.cpu.0 as u32, self.memory.0 as u32);
        if !fargate::is_legal(cpu, memory) {
            let message = format!("Fargate has no task with {cpu} CPU units and {memory} MiB");
            let (route, allowed) = match fargate::memory_text(cpu) {
                Some(memory) => ("memory", format!("with {cpu} CPU units: {memory}")),
                None => {
                    let known: Vec<String> = fargate::cpu_values().map(|cpu| cpu.to_string()).collect();
                    ("cpu", format!("CPU units are one of {}", known.join(", ")))
                }
            };
            at.error(&codes::FARGATE_SIZE, &[route], message, |found| {
                let found = found.label(allowed);
                match fargate::nearest(cpu, memory) {
                    Some((cpu, memory)) => found.help(format!(
                        "the smallest pair that is large enough: cpu = {cpu}, memory = {memory}"
                    )),
                    None => found,
                }
            });
        }
        self.membership.check(at);
        if let Some(days) = self.log_retention
            && !logs::is_retention(days.0 as u32)
        {
            let near = logs::nearest_retention(days.0 as u32);
            let message = format!("CloudWatch does not keep logs for {} days", days.0);
            at.error(&INVALID_VALUE, &["log_retention"], message, |found| {
                found.help(format!("the nearest it has: {near}"))
            });
        }
        if self.configuration.log_group.is_some() && self.log_retention.is_some() {
            let message = "`log_retention` has no effect on the log group that is named here";
            at.error(&INVALID_VALUE, &["log_retention"], message, |found| {
                found.help("remove it, and write `retention` in the block of the log group")
            });
        }
        for (setting, role) in [("execution_role", &self.execution_role), ("task_role", &self.task_role)] {
            let Some(Input::Literal(role)) = role else { continue };
            let role = role.to_text();
            let known = match role.split_once(":role/") {
                Some((account, name)) => account.starts_with("arn:aws") && !name.is_empty(),
                None => {
                    IAM_ROLE.check(role.rsplit('/').next().unwrap_or_default()).is_ok() && !role.contains(':')
                }
            };
            if !known {
                let message = format!("`{role}` is neither the ARN nor the name of a role");
                at.error(&INVALID_VALUE, &[setting], message, |found| {
                    found.help("write it like `arn:aws:iam::<account>:role/<name>`, or its name")
                });
            }
        }
    }
}

impl Configuration {
    /// The rules of what every container has.
    fn check(&self, member: &Member<'_>, at: &mut Checker<'_>) {
        for (name, (place, _)) in self.environment.0.iter().chain(&self.secrets.0) {
            if name.is_empty() || name.contains(|c: char| c == '=' || c.is_whitespace() || c.is_control()) {
                let message = format!("`{}` is no name of an environment variable", name.escape_debug());
                at.reading.invalid(*place, message, "use letters, digits and underscores: `DB_HOST`");
            }
        }
        for (name, (place, _)) in &self.secrets.0 {
            if let Some((plain, _)) = self.environment.0.get(name) {
                let message = format!("`{name}` stands under `environment` and under `secrets`");
                let diagnostic = at.reading.diagnostic(&codes::VARIABLE_TWICE, *place, message);
                at.reading.push(diagnostic.related(*plain, "the plain one").help("remove one of the two"));
            }
        }
        let text = |value: &Option<Arc<str>>, wrong: fn(&str) -> bool| {
            value.as_deref().filter(|text| wrong(text)).map(|text| text.escape_debug().to_string())
        };
        if let Some(directory) = text(&self.working_directory, |path| !path.starts_with('/')) {
            let message = format!("`{directory}` is no directory of a container");
            at.error(&INVALID_VALUE, &member.route(&["working_directory"]), message, |found| {
                found.help("write it from the root on: `/app`")
            });
        }
        let is_user = |c: char| c.is_ascii_alphanumeric() || "_.:-".contains(c);
        if let Some(user) = self.user.as_deref().filter(|user| user.is_empty() || !user.chars().all(is_user))
        {
            let message = format!("`{}` is no user", user.escape_debug());
            at.error(&INVALID_VALUE, &member.route(&["user"]), message, |found| {
                found.help("write a name or a number, `\"root\"`, `\"1000\"`, with a group `\"1000:1000\"`")
            });
        }
        for (name, (place, _)) in &self.ulimits.0 {
            if !ULIMITS.contains(&&**name) {
                let found =
                    at.reading.diagnostic(&INVALID_VALUE, *place, format!("there is no limit `{name}`"));
                at.reading.push(found.suggest(name, ULIMITS));
            }
        }
    }
}

impl Container {
    /// The rules of services and tasks, whose main container listens on `ports`.
    pub fn check(&self, id: &Id, ports: Option<&Ports>, at: &mut Checker<'_>) {
        self.workload.check(at);
        let members = self.members(id, ports);
        if members.len() > CONTAINERS {
            let message = format!("{} containers, but a task has at most {CONTAINERS}", members.len());
            at.error(&INVALID_VALUE, &["container"], message, |found| {
                found.help("move some of them to a service of their own")
            });
        }
        for member in &members {
            if let Some(place) = member.place {
                check_name(member.name, place, "a container", at.reading);
                if member.name == &*id.name || member.dashed() == id.dashed() {
                    let message = format!("`{}` is the name of the main container", member.name);
                    let found = at.reading.diagnostic(&DUPLICATE_NAME, place, message);
                    at.reading.push(found.help("choose another name for the one beside it"));
                }
            }
            member.configuration.check(member, at);
            let tag = at.table.entry(&member.route(&["tag"])).map(|entry| entry.node.span);
            if let Some(place) = tag.filter(|_| member.side.is_some_and(|side| side.image.is_none())) {
                let message = "`tag` has no effect without an `image` beside it";
                at.reading.invalid(place, message, "remove it: this container has the image of the main one");
            }
            if let Some(check) = &member.run.health_check {
                check.check(member, at);
            }
            localhost(member, &members, at);
        }
        check_ports(&members, at);
        check_order(&members, at);
        self.check_limits(&members, at);
        self.check_volumes(&members, at);
    }

    /// What is kept for containers and what they may use, against the size of the task.
    fn check_limits(&self, members: &[Member<'_>], at: &mut Checker<'_>) {
        let (mut cpu, mut memory) = (self.workload.cpu.0, self.workload.memory.0);
        for member in members {
            let Some(side) = member.side else { continue };
            let kept = side.memory_reservation.map(|kept| kept.0);
            let most = side.memory.map(|most| most.0);
            let mut limits = |setting: &str, message: String, help: String| {
                at.error(&codes::CONTAINER_LIMITS, &member.route(&[setting]), message, |found| {
                    found.help(help)
                });
            };
            cpu -= side.cpu.map_or(0, |units| units.0);
            memory -= kept.or(most).unwrap_or_default();
            if side.cpu.is_some() && cpu <= 0 {
                let message = format!("`{}` leaves no CPU units to the main container", member.name);
                limits("cpu", message, format!("the task has {} CPU units", self.workload.cpu.0));
            }
            match (most, kept) {
                (Some(most), Some(kept)) if kept >= most => {
                    let message = format!("{kept} MiB are kept, but `{}` may use {most}", member.name);
                    let help = format!("a `memory_reservation` of less than {most}, or more `memory`");
                    limits("memory_reservation", message, help);
                }
                (most, kept) if most.or(kept).is_some() && memory <= 0 => {
                    let setting = if kept.is_some() { "memory_reservation" } else { "memory" };
                    let message = format!("`{}` leaves no memory to the main container", member.name);
                    limits(setting, message, format!("the task has {} MiB", self.workload.memory.0));
                }
                (Some(most), _) if most > self.workload.memory.0 => {
                    let message = format!("`{}` may use more memory than the task has", member.name);
                    limits("memory", message, format!("the task has {} MiB", self.workload.memory.0));
                }
                _ => {}
            }
        }
    }
}

/// Every port once in a task.
fn check_ports(members: &[Member<'_>], at: &mut Checker<'_>) {
    let mut taken: Vec<i64> = Vec::new();
    for member in members {
        for (route, port) in member.ports.map(Ports::all).unwrap_or_default() {
            if taken.contains(&port) {
                let route: Vec<&str> = route.iter().map(String::as_str).collect();
                let message = format!("port {port} is used twice in this task");
                at.error(&codes::PORT_TWICE, &member.route(&route), message, |found| {
                    found.help("list every port once; `port` need not stand in `ports`")
                });
            }
            taken.push(port);
        }
    }
}

/// What containers wait for: others of the task, something that can come true, and not each other.
fn check_order(members: &[Member<'_>], at: &mut Checker<'_>) {
    for member in members {
        for (name, (place, condition)) in &member.run.depends_on.0 {
            let Some(other) = members.iter().find(|other| other.name == &**name) else {
                unknown(name, *place, members, at);
                continue;
            };
            let (message, help) = match condition {
                Condition::Healthy if other.run.health_check.is_none() => (
                    format!("`{name}` has no health check, so it is never healthy"),
                    format!("add a `health_check` to `{name}`, or wait for `\"started\"`"),
                ),
                Condition::Complete | Condition::Success if other.is_essential() => (
                    format!("the task ends when `{name}` does"),
                    match other.side {
                        Some(_) => format!("add `essential = false` to `{name}`"),
                        None => "wait for the main container to be `\"started\"` or `\"healthy\"`".to_owned(),
                    },
                ),
                _ => continue,
            };
            let found = at.reading.diagnostic(&codes::CONTAINER_CONDITION, *place, message);
            at.reading.push(found.help(help));
        }
    }
    for (index, member) in members.iter().enumerate() {
        // Each circle is told once, at the first of its containers.
        if let Some(circle) = circle(members, &mut vec![member.name], &mut Vec::new())
            && !members[..index].iter().any(|earlier| circle.contains(&earlier.name))
        {
            let names: Vec<String> = circle.iter().map(|name| format!("`{name}`")).collect();
            let message = format!("containers wait for each other: {}", names.join(" -> "));
            at.error(&codes::CONTAINER_CYCLE, &member.route(&["depends_on", circle[1]]), message, |found| {
                found.help("take one of them out of `depends_on`")
            });
        }
    }
}

/// A way along what containers wait for, from the first of `path` back to it, past none of `seen`.
fn circle<'m>(
    members: &[Member<'m>],
    path: &mut Vec<&'m str>,
    seen: &mut Vec<&'m str>,
) -> Option<Vec<&'m str>> {
    let last = members.iter().find(|member| Some(&member.name) == path.last())?;
    for name in last.run.depends_on.0.keys() {
        if **name == *path[0] {
            return Some(path.iter().copied().chain([path[0]]).collect());
        }
        if !seen.contains(&&**name) {
            seen.push(name);
            path.push(name);
            if let Some(found) = circle(members, path, seen) {
                return Some(found);
            }
            path.pop();
        }
    }
    None
}

/// Reports a container that is none of these.
pub fn unknown(name: &str, place: crate::source::Span, members: &[Member<'_>], at: &mut Checker<'_>) {
    let message = format!("there is no container `{name}` in this task");
    let found = at.reading.diagnostic(&codes::UNKNOWN_CONTAINER, place, message);
    at.reading.push(found.suggest(name, members.iter().map(|member| member.name)));
}

/// Variables that name another container of the task by `localhost`: with its port, or as the whole value.
fn localhost(member: &Member<'_>, members: &[Member<'_>], at: &mut Checker<'_>) {
    let others = members.iter().filter(|other| other.name != member.name);
    let ports = others.filter_map(|other| other.ports).flat_map(Ports::all).map(|(_, port)| port);
    let ports: Vec<i64> = ports.collect();
    for (name, (_, value)) in &member.configuration.environment.0 {
        let Input::Literal(value) = value else { continue };
        let text = value.to_text();
        let Some((before, after)) = text.split_once("localhost") else { continue };
        let alone = before.is_empty() && after.is_empty() && !ports.is_empty();
        let port = after.strip_prefix(':').and_then(|rest| {
            let digits = rest.split(|c: char| !c.is_ascii_digit()).next()?;
            digits.parse().ok().filter(|port: &i64| ports.contains(port))
        });
        let whole = !before.ends_with(|c: char| c.is_ascii_alphanumeric() || "-._".contains(c));
        if alone || whole && port.is_some() {
            let place = at.place(&member.route(&["environment", name]));
            let message = format!("`{name}` names another container of the task by `localhost`");
            let found = at.reading.diagnostic(&codes::LOCALHOST, place, message).label("may mean `::1`");
            let address = text.replacen("localhost", "127.0.0.1", 1);
            at.reading
                .push(found.help(format!("write the address that its containers share: `\"{address}\"`")));
        }
    }
}
