//! From a neutral [`System`] to a stack file: the one place that knows the stack language.
//!
//! Names are given first, because a variable of one workload may refer to any other; then data stores, workloads, what
//! several of them have in common, and last what a stack needs and no input says.

mod apps;
mod container;
mod data;
mod existing;
mod fit;
mod needs;
mod network;
mod outside;
mod variables;

use std::collections::{BTreeMap, BTreeSet};

use super::arn;
use super::images::{self, Role};
use super::names::Names;
use super::read::{Origin, Sourced};
use super::report::{Fate, Report};
use super::sizes;
use super::stack::{Block, StackFile, boolean, number};
use super::variables::{Target, Targets};
use super::workload::{Container, Image, Kind, Setting, System, Workload};
use crate::aws::region::is_region;
use crate::hcl::Expr;

/// What is known while the stack file grows.
struct Assembly<'a> {
    report: &'a mut Report,
    file: StackFile,
    names: Names,
    targets: Targets,
    /// Tasks by their names in the input.
    tasks: BTreeMap<String, String>,
    /// File systems by the name of the store.
    stores: BTreeMap<String, String>,
    /// Secrets by what they hold, so that one value becomes one secret.
    secrets: BTreeMap<(String, String), String>,
    /// Security groups by their ids; none when the network is a new one.
    security_groups: Option<BTreeMap<String, String>>,
    /// Buckets that exist, by name.
    buckets: BTreeMap<String, String>,
    /// Log groups by their names in CloudWatch.
    log_groups: BTreeMap<String, String>,
    /// Registries by what is pushed there.
    registries: BTreeMap<String, String>,
    /// Services that others call by name.
    called: BTreeSet<String>,
    /// The service that gets what is meant for no host in particular.
    front: String,
    /// Paths and hosts that a route has, with no host for all.
    led: BTreeSet<(String, String)>,
    /// How many others are reached from outside.
    entrances: u32,
    stack: String,
    region: String,
    account: String,
}

/// Whether AWS runs a database or cache instead of a workload.
pub fn is_data_store(workload: &Workload) -> bool {
    data::role(workload).is_some()
}

/// Makes the stack file of a system and reports what every part of it became.
pub fn assemble(mut system: System, report: &mut Report) -> StackFile {
    identify(&mut system);
    let known = |fact: &Option<Sourced<String>>, default: &str| {
        fact.as_ref().map_or(default, |fact| &fact.value).to_owned()
    };
    let (region, account) = (known(&system.region, "us-east-1"), known(&system.account, "111111111111"));
    let mut assembly = Assembly {
        report,
        file: StackFile::default(),
        names: Names::default(),
        targets: Targets::new(),
        tasks: BTreeMap::new(),
        stores: BTreeMap::new(),
        secrets: BTreeMap::new(),
        security_groups: None,
        buckets: BTreeMap::new(),
        log_groups: BTreeMap::new(),
        registries: BTreeMap::new(),
        called: BTreeSet::new(),
        front: String::new(),
        led: BTreeSet::new(),
        entrances: 0,
        stack: String::new(),
        region,
        account,
    };
    assembly.frame(&system);
    for secret in &system.secrets {
        let name = assembly.secret(&secret.value, &secret.value, "");
        assembly.report.needs_you(&secret.origin, format!("`secret.{name}`, which a person fills"));
    }
    let (stores, workloads): (Vec<Workload>, Vec<Workload>) =
        system.workloads.into_iter().partition(is_data_store);
    for workload in &stores {
        assembly.data_store(workload);
    }
    let workloads = assembly.named(workloads);
    assembly.file_systems(&system.stores, &workloads);
    let workloads = assembly.without_proxies(workloads);
    assembly.managed(&workloads);
    assembly.outside(&workloads);
    let mut blocks: Vec<Block> =
        workloads.iter().map(|(name, workload)| assembly.workload(name, workload)).collect();
    assembly.discover(&mut blocks);
    assembly.unused(&stores, &blocks);
    for block in apps::grouped(blocks, &mut assembly.names) {
        assembly.file.push(block);
    }
    assembly.file
}

impl Assembly<'_> {
    /// Gives every workload its name, and hosts their targets.
    fn named(&mut self, workloads: Vec<Workload>) -> Vec<(String, Workload)> {
        let mut named = Vec::new();
        for mut workload in workloads {
            if workload.kind == Kind::Service && workload.migrates() {
                workload.kind = Kind::Task;
                let words = "a `task`, because it migrates: a pipeline runs it at the right time, with `before = \"deploy\"`";
                self.report.remark(Fate::Assumed, &workload.origin, words);
            }
            outside::entrance_first(&mut workload);
            let kind = kind(&workload);
            let name = self.names.claim(kind, &workload.name);
            if name != workload.name && name != workload.name.replace(['-', '.'], "_") {
                let words = format!("called `{kind}.{name}` in the stack");
                self.report.remark(Fate::Assumed, &workload.origin, words);
            }
            if workload.kind == Kind::Service {
                for host in [&workload.name].into_iter().chain(&workload.aliases) {
                    let target = Target::Service(name.clone());
                    self.targets.entry(host.clone()).or_insert(target);
                }
            } else {
                self.tasks.insert(workload.name.clone(), name.clone());
            }
            if workload.discovered && workload.kind == Kind::Service {
                self.called.insert(name.clone());
            }
            fit::fit(&name, &mut workload, self.report);
            named.push((name, workload));
        }
        named
    }

    /// Takes out proxies in front of other services: a load balancer does their work.
    fn without_proxies(&mut self, mut workloads: Vec<(String, Workload)>) -> Vec<(String, Workload)> {
        let is_proxy = |workload: &Workload| match &workload.containers[..] {
            [only] => matches!(&only.image.value, Image::Named(name) if images::role(name) == Role::Proxy),
            _ => false,
        };
        let others = workloads.iter().any(|(_, other)| other.kind == Kind::Service && !is_proxy(other));
        if !others {
            return workloads;
        }
        let (proxies, mut rest): (Vec<_>, Vec<_>) =
            workloads.drain(..).partition(|(_, workload)| is_proxy(workload));
        for (_, proxy) in proxies {
            let behind: Vec<&str> = proxy.needs.iter().map(|need| need.value.as_str()).collect();
            outside::lead(&proxy, &behind, &mut rest, self.report);
            self.targets.retain(|host, _| *host != proxy.name && !proxy.aliases.contains(host));
        }
        rest
    }

    /// The block of a service or task.
    fn workload(&mut self, name: &str, workload: &Workload) -> Block {
        let kind = kind(workload);
        let mut block = Block::new(kind, Some(name));
        let main = &workload.containers[0];
        self.image(main, &mut block);
        self.size(workload, &mut block);
        self.container(main, workload, &mut block);
        if let Some(tasks) = &workload.tasks {
            if kind == "service" {
                self.report.mapped(&tasks.origin, format!("`{kind}.{name}.tasks`"));
                block.set("tasks", number(tasks.value.min(5000)));
            } else {
                self.report.dropped(&tasks.origin, "a task runs once at a time: nothing to count");
            }
        }
        block.set_some("spot", workload.spot.map(number).filter(|_| kind == "service"));
        block.set_some("grace_period", workload.grace_period.map(number).filter(|_| kind == "service"));
        if workload.arm {
            block.set("architecture", Expr::string("arm64"));
        }
        if workload.execute_command {
            block.set("execute_command", boolean(true));
        }
        self.security_groups(workload, &mut block);
        self.egress(workload, &mut block);
        block.set_some("execution_role", workload.execution_role.as_deref().map(Expr::string));
        block.set_some("task_role", workload.task_role.as_deref().map(Expr::string));
        let beside: Vec<Block> =
            workload.containers[1..].iter().map(|container| self.beside(container, workload)).collect();
        self.needs(workload, &mut block, &beside);
        self.volumes(workload, &mut block);
        beside.into_iter().for_each(|container| block.push(container));
        if kind == "service" {
            self.routes(name, workload, &mut block);
            if let Some(group) = &workload.target_group {
                let mut joined = Block::new("target_group", None);
                joined.set("arn", Expr::string(arn::complete(&group.value, &self.region, &self.account)));
                block.push(joined);
                let words = "`target_group`, which exists: let its load balancer in with `security_group` of that block";
                self.report.needs_you(&group.origin, words);
            }
            if let Some(scaling) = &workload.scaling {
                let mut bounds = Block::new("scaling", None);
                bounds.set("min", number(scaling.min));
                bounds.set("max", number(scaling.max.max(1)));
                bounds.set_some("cpu", scaling.cpu.map(number));
                bounds.set_some("memory", scaling.memory.map(number));
                bounds.set_some("requests", scaling.requests.map(number));
                block.push(bounds);
            }
        }
        for (index, schedule) in workload.schedules.iter().enumerate() {
            let label = if index == 0 { "main".to_owned() } else { format!("main_{}", index + 1) };
            let mut at = Block::new("schedule", Some(&label));
            let (expression, zone) = &schedule.value;
            at.set("at", Expr::string(expression.as_str()));
            at.set_some("time_zone", zone.as_deref().map(Expr::string));
            self.report.mapped(&schedule.origin, format!("`{kind}.{name}`, `schedule`"));
            block.push(at);
        }
        block
    }

    /// The block of a container beside the main one.
    fn beside(&mut self, container: &Container, workload: &Workload) -> Block {
        let mut block = Block::new("container", Some(&container.name));
        self.image(container, &mut block);
        self.container(container, workload, &mut block);
        if !container.essential {
            block.set("essential", boolean(false));
        }
        block.set_some("cpu", container.cpu.filter(|cpu| *cpu > 0).map(number));
        block.set_some("memory", container.memory.map(number));
        block.set_some("memory_reservation", container.memory_reservation.map(number));
        block
    }

    /// CPU and memory of the task.
    fn size(&mut self, workload: &Workload, block: &mut Block) {
        let value = |asked: &Option<Sourced<u32>>| asked.as_ref().map(|asked| asked.value);
        let (size, note) = sizes::round(value(&workload.cpu), value(&workload.memory));
        let origins = [&workload.cpu, &workload.memory].into_iter().flatten();
        for asked in origins {
            match &note {
                Some(note) => self.report.assumed(&asked.origin, note.clone()),
                None => self.report.mapped(
                    &asked.origin,
                    format!("{} CPU units and {} MiB of the task", size.cpu, size.memory),
                ),
            }
        }
        if workload.cpu.is_some() || workload.memory.is_some() {
            block.set("cpu", number(size.cpu));
            block.set("memory", number(size.memory));
        }
    }

    /// A name of a secret for a value: the same value under the same name is one secret.
    fn secret(&mut self, wanted: &str, holds: &str, existing: &str) -> String {
        let key = (format!("{wanted} {existing}"), holds.to_owned());
        if let Some(name) = self.secrets.get(&key) {
            return name.clone();
        }
        let name = self.names.claim("secret", wanted);
        self.secrets.insert(key, name.clone());
        let mut block = Block::new("secret", Some(&name));
        if !existing.is_empty() {
            block.set("existing", Expr::string(existing));
        }
        self.file.push(block);
        name
    }
}

/// Finds region and account in the addresses of images and secrets, where the input does not say them.
fn identify(system: &mut System) {
    let containers = system.workloads.iter().flat_map(|workload| &workload.containers);
    let texts = containers.flat_map(|container| {
        let image = match &container.image.value {
            Image::Named(name) => Some((name, &container.image.origin)),
            _ => None,
        };
        let stored = container.variables.iter().filter_map(|variable| match &variable.value {
            Setting::Stored(arn, _) => Some((arn, &variable.origin)),
            _ => None,
        });
        image.into_iter().chain(stored)
    });
    let texts: Vec<(String, Origin)> = texts.map(|(text, origin)| (text.clone(), origin.clone())).collect();
    let found = |read: fn(&str) -> Option<&str>| {
        texts.iter().find_map(|(text, origin)| {
            Some(Sourced { value: read(text)?.to_owned(), origin: origin.clone() })
        })
    };
    system.account = system.account.take().or_else(|| found(arn::account));
    let logged = || {
        let logs = system.workloads.iter().flat_map(|workload| &workload.containers);
        let mut regions = logs.filter_map(|container| container.log.as_ref()?.region.clone());
        regions.find(|region| is_region(&region.value))
    };
    system.region = system.region.clone().or_else(|| found(arn::region)).or_else(logged);
}

/// The kind of component that a workload becomes.
fn kind(workload: &Workload) -> &'static str {
    match workload.kind {
        Kind::Service => "service",
        Kind::Task => "task",
    }
}
