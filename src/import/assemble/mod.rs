//! From a neutral [`System`] to a stack file: the one place that knows the stack language.
//!
//! Names are given first, because a variable of one workload may refer to any other; then data stores, workloads, what
//! several of them have in common, and last what a stack needs and no input says.

mod apps;
mod beside;
mod container;
mod data;
mod discovery;
mod environments;
mod existing;
mod fit;
mod hidden;
mod needs;
mod network;
mod outside;
mod priorities;
mod sites;
mod variables;
mod workload;

use std::collections::{BTreeMap, BTreeSet};

use super::arn;
use super::images::{self, Role};
use super::names::Names;
use super::read::{Origin, Sourced};
use super::report::{Fate, Report};
use super::stack::{Block, StackFile};
use super::variables::{Target, Targets};
use super::workload::{Front, Image, Kind, Setting, System, Workload};
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
    secrets: BTreeMap<String, String>,
    /// Security groups by their ids; none when the network is a new one.
    security_groups: Option<BTreeMap<String, String>>,
    /// Buckets that exist, by name.
    existing_buckets: BTreeMap<String, String>,
    /// Log groups by their names in CloudWatch.
    log_groups: BTreeMap<String, String>,
    /// Registries by what is pushed there.
    registries: BTreeMap<String, String>,
    /// Services that others call by name.
    called: BTreeSet<String>,
    /// Services that the input says can be found by name, with what says so.
    listed: Vec<(String, Origin)>,
    /// The service that gets what is meant for no host in particular.
    front: String,
    /// How many others are reached from outside.
    entrances: u32,
    stack: String,
    region: String,
    account: String,
    /// The domain of hosts that stand for those which the input does not have.
    nobody: &'static str,
    /// Priorities of routes, by service and path.
    priorities: BTreeMap<(String, String), u32>,
    /// Whether routes with hosts (`true`) and without say their priorities, because theirs would be the same.
    ordered: BTreeSet<bool>,
    /// The services that routes lead to: by environment, whether they are internal, path and host.
    places: BTreeMap<(String, bool, String, String), String>,
    /// The environment of the input whose variant of a workload is written, if it is not the workload itself.
    variant: Option<String>,
    /// Settings, and entries of maps behind a dot, that some environment takes away.
    taken: BTreeSet<String>,
    /// Environments by their names in the input.
    environments: BTreeMap<String, String>,
    /// Region and account of each of these.
    homes: BTreeMap<String, (String, String)>,
    /// Buckets by their names in the input.
    buckets: BTreeMap<String, String>,
}

/// Whether AWS runs a database or cache instead of a workload.
pub fn is_data_store(workload: &Workload) -> bool {
    data::role(workload).is_some()
}

/// The secret of the input that a database has its password from.
pub fn database_password(workload: &Workload) -> Option<String> {
    let is_database = matches!(data::role(workload), Some(Role::Database { .. }));
    data::password(&workload.containers[0]).filter(|_| is_database)
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
        existing_buckets: BTreeMap::new(),
        log_groups: BTreeMap::new(),
        registries: BTreeMap::new(),
        called: BTreeSet::new(),
        listed: Vec::new(),
        front: String::new(),
        entrances: 0,
        stack: String::new(),
        region,
        account,
        nobody: outside::NOBODY[0],
        priorities: BTreeMap::new(),
        ordered: BTreeSet::new(),
        places: BTreeMap::new(),
        variant: None,
        taken: BTreeSet::new(),
        environments: BTreeMap::new(),
        homes: BTreeMap::new(),
        buckets: BTreeMap::new(),
    };
    assembly.frame(&system);
    assembly.beside(&system);
    for secret in &system.secrets {
        let name = assembly.secret(&secret.value, &secret.value, "");
        assembly.report.needs_you(&secret.origin, format!("`secret.{name}`, which a person fills"));
    }
    let (stores, workloads): (Vec<Workload>, Vec<Workload>) =
        system.workloads.into_iter().partition(is_data_store);
    for workload in &stores {
        assembly.data_store(workload);
    }
    let mut workloads = workloads;
    workloads.iter_mut().for_each(|workload| environments::align(workload, assembly.report));
    let workloads = assembly.named(workloads);
    let mut workloads = assembly.without_proxies(workloads);
    assembly.file_systems(&system.stores, &workloads);
    assembly.other_file_systems(&system.other_stores);
    assembly.keepers(&mut workloads);
    assembly.managed(&workloads);
    assembly.outside(&workloads, &system.environments, &system.domains, &system.entrance);
    let mut blocks = Vec::new();
    for (name, workload) in &workloads {
        let mut block = assembly.workload(name, workload);
        assembly.variants(name, workload, &block);
        // Where environments differ, what one container inherits from another may not be the same in all of them.
        if workload.variants.is_empty() {
            beside::inherit(&mut block);
        }
        blocks.push(block);
    }
    assembly.discover(&mut blocks);
    if system.by_name {
        assembly.uncalled(&workloads);
    }
    if let Some(pipeline) = &system.pipeline {
        assembly.pipeline(pipeline, &system.environments, &system.builds, &mut blocks);
    }
    assembly.unused(&stores, &blocks);
    for block in apps::grouped(blocks, &assembly.taken, &mut assembly.names) {
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
            if workload.registered && workload.kind == Kind::Service {
                self.called.insert(name.clone());
            }
            fit::fit(&name, &mut workload, self.report);
            let kind = workload.kind;
            for (_, variant) in &mut workload.variants {
                variant.kind = kind;
                fit::fit(&name, variant, self.report);
            }
            named.push((name, workload));
        }
        named
    }

    /// Takes out proxies in front of other services: a load balancer does their work.
    fn without_proxies(&mut self, mut workloads: Vec<(String, Workload)>) -> Vec<(String, Workload)> {
        let is_proxy = |workload: &Workload| match &workload.containers[..] {
            _ if workload.front != Front::Unread => workload.front == Front::Routed,
            // What the input leads to by host or path is there for its own sake.
            [only] if workload.routes.is_empty() => {
                matches!(&only.image.value, Image::Named(name) if images::role(name) == Role::Proxy)
            }
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

    /// A name of a secret for a value: the same value under the same name is one secret.
    fn secret(&mut self, wanted: &str, holds: &str, existing: &str) -> String {
        let known = self.secrets.len();
        let name = self.secret_known_as(wanted, &format!("{wanted} {existing} {holds}"));
        if let Some(block) = self.file.find("secret", &name).filter(|_| self.secrets.len() > known)
            && !existing.is_empty()
        {
            block.set("existing", Expr::string(existing));
        }
        name
    }

    /// A name of a secret: the same one for what is known as the same.
    fn secret_known_as(&mut self, wanted: &str, key: &str) -> String {
        if let Some(name) = self.secrets.get(key) {
            return name.clone();
        }
        let name = self.names.claim("secret", wanted);
        self.secrets.insert(key.to_owned(), name.clone());
        self.file.push(Block::new("secret", Some(&name)));
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
    let entrance = |read: fn(&str) -> Option<&str>| {
        let certificate = system.entrance.certificate.as_ref()?;
        Some(Sourced { value: read(&certificate.value)?.to_owned(), origin: certificate.origin.clone() })
    };
    system.account = system.account.take().or_else(|| entrance(arn::account)).or_else(|| found(arn::account));
    let logged = || {
        let logs = system.workloads.iter().flat_map(|workload| &workload.containers);
        let mut regions = logs.filter_map(|container| container.log.as_ref()?.region.clone());
        regions.find(|region| is_region(&region.value))
    };
    let regions = || system.environments.iter().find_map(|environment| environment.region.clone());
    system.region = system
        .region
        .clone()
        .or_else(regions)
        .or_else(|| entrance(arn::region))
        .or_else(|| found(arn::region))
        .or_else(logged);
}

/// The kind of component that a workload becomes.
fn kind(workload: &Workload) -> &'static str {
    match workload.kind {
        Kind::Service => "service",
        Kind::Task => "task",
    }
}
