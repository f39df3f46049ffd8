//! What every format is read into: a system of workloads, in the words of none of the tools and not of the stack file.
//!
//! An importer fills this in and reports what it read. The exception is what stands here with an [`Origin`] or as
//! [`Sourced`]: what becomes of that depends on the rest of the system, so [`super::assemble`] reports it.

mod container;

use std::collections::BTreeMap;

pub use container::{Container, HealthCheck, Held, Image, Log, Mount, Port, Setting, Variable};

use super::environments::{Bucket, Build, Environment, Pipeline, Site};
use super::read::{Origin, Sourced};

/// Everything that is imported in one run.
#[derive(Debug, Default)]
pub struct System {
    /// What to call the stack; made valid later.
    pub name: String,
    /// The region, when the input says so.
    pub region: Option<Sourced<String>>,
    /// The account, when the input says so.
    pub account: Option<Sourced<String>>,
    /// The network, when the input says so.
    pub network: Option<TaskNetwork>,
    /// Services and tasks.
    pub workloads: Vec<Workload>,
    /// Directories that outlive a task, by the name that mounts have for them.
    pub stores: Vec<Store>,
    /// File systems that are others in an environment.
    pub other_stores: Vec<OtherStore>,
    /// Names under which it is reached with HTTPS, the most important first.
    pub domains: Vec<Sourced<String>>,
    /// Secrets of which the input has no value that a person could look up here: named, and filled by hand.
    pub secrets: Vec<Sourced<String>>,
    /// Whether every workload reaches every other by its name, whether it says so or not.
    pub by_name: bool,
    /// What the load balancer is told where the input names no environments.
    pub entrance: Entrance,
    /// The environments, when the input names any.
    pub environments: Vec<Environment>,
    /// Buckets.
    pub buckets: Vec<Bucket>,
    /// Web sites of files alone.
    pub sites: Vec<Site>,
    /// What builds images and deploys them.
    pub pipeline: Option<Pipeline>,
    /// How images are built, by what they are called.
    pub builds: BTreeMap<String, Build>,
}

/// What a load balancer is told.
#[derive(Debug, Default)]
pub struct Entrance {
    /// ARN of its certificate.
    pub certificate: Option<Sourced<String>>,
    /// Ranges that may connect; all when empty.
    pub allow: Vec<String>,
}

/// The network that tasks run in.
#[derive(Debug, Clone)]
pub struct TaskNetwork {
    /// Id of the VPC.
    pub vpc: Option<String>,
    /// Ids of subnets, as far as they are filled in.
    pub subnets: Vec<String>,
    /// Whether tasks have public addresses.
    pub public: bool,
    /// Where it stands.
    pub origin: Origin,
}

impl TaskNetwork {
    /// Whether it is another one.
    pub fn differs(&self, other: &TaskNetwork) -> bool {
        (&self.vpc, &self.subnets, self.public) != (&other.vpc, &other.subnets, other.public)
    }
}

/// A directory that outlives a task and that several may share.
#[derive(Debug, Clone)]
pub struct Store {
    /// Its name in the input.
    pub name: String,
    /// Where it is declared.
    pub origin: Origin,
    /// A file system that exists, and its access point.
    pub existing: Option<(String, Option<String>)>,
}

/// What a [`Store`] that exists is in one environment.
#[derive(Debug, Clone)]
pub struct OtherStore {
    /// The name of the environment in the input.
    pub environment: String,
    /// The name of the store.
    pub store: String,
    /// The file system that exists there, and its access point.
    pub existing: (String, Option<String>),
}

/// How a workload runs.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Kind {
    /// For ever.
    Service,
    /// To its end.
    Task,
}

/// What is known of a proxy in front of others.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Front {
    /// Nothing: its configuration was not read, or it is none.
    Unread,
    /// It leads to services and does nothing else, and they have its routes.
    Routed,
    /// It does what a load balancer cannot, so it stays.
    Kept,
}

/// Containers that start and stop together.
#[derive(Debug, Clone)]
pub struct Workload {
    /// Its name in the input.
    pub name: String,
    /// Where it stands.
    pub origin: Origin,
    /// How it runs.
    pub kind: Kind,
    /// Names by which others reach it, besides its own.
    pub aliases: Vec<String>,
    /// The main container first; there is at least one.
    pub containers: Vec<Container>,
    /// CPU units of the whole task.
    pub cpu: Option<Sourced<u32>>,
    /// MiB of the whole task.
    pub memory: Option<Sourced<u32>>,
    /// Whether the images are for ARM.
    pub arm: bool,
    /// How many tasks run.
    pub tasks: Option<Sourced<u32>>,
    /// Share of Fargate Spot in percent.
    pub spot: Option<u32>,
    /// The fewest and the most tasks, and the average CPU, memory and requests to aim at.
    pub scaling: Option<Scaling>,
    /// When a task runs by itself: an expression of EventBridge, and its time zone.
    pub schedules: Vec<Sourced<(String, Option<String>)>>,
    /// Whether these are paused.
    pub paused: bool,
    /// What leads to it from outside, when the input says so by path or host.
    pub routes: Vec<Route>,
    /// Where the input says that nothing leads to it.
    pub closed: Option<Origin>,
    /// Workloads that have to be there first.
    pub needs: Vec<Sourced<String>>,
    /// Directories that its containers share and that go with the task.
    pub scratch: Vec<String>,
    /// ARN or name of the role with which ECS starts it.
    pub execution_role: Option<String>,
    /// ARN or name of the role that it acts with.
    pub task_role: Option<String>,
    /// ARN of a target group that exists and that the tasks join.
    pub target_group: Option<Sourced<String>>,
    /// What others find it by inside the network, when the input says so but perhaps not who they are.
    pub discovered: Option<Origin>,
    /// Whether it has a name in DNS even if nothing in the input calls it.
    pub registered: bool,
    /// GiB that its data takes, of a database.
    pub storage: Option<Sourced<u32>>,
    /// What it does as a proxy.
    pub front: Front,
    /// The class of instance or node, of a database or cache.
    pub class: Option<Sourced<String>>,
    /// Whether two tasks must never run at once.
    pub single: bool,
    /// Seconds after which a task is stopped.
    pub timeout: Option<u32>,
    /// Whether a shell may be opened in it.
    pub execute_command: bool,
    /// Seconds during which failing health checks do not count.
    pub grace_period: Option<u32>,
    /// How many tasks run on Fargate before the share of Spot counts.
    pub on_demand: Option<u32>,
    /// Seconds after a change of the number of tasks during which there is no further one.
    pub cooldown: Option<u32>,
    /// Days that logs are kept.
    pub log_retention: Option<u32>,
    /// Identifiers of security groups that exist and that it joins.
    pub security_groups: Vec<Sourced<String>>,
    /// The same workload in every environment that the input names, with all that differs there.
    pub variants: Vec<(String, Workload)>,
}

impl Workload {
    /// A service with its containers and nothing else.
    pub fn new(name: &str, origin: Origin, containers: Vec<Container>) -> Self {
        Self {
            name: name.to_owned(),
            origin,
            kind: Kind::Service,
            aliases: Vec::new(),
            containers,
            cpu: None,
            memory: None,
            arm: false,
            tasks: None,
            spot: None,
            scaling: None,
            schedules: Vec::new(),
            paused: false,
            routes: Vec::new(),
            closed: None,
            needs: Vec::new(),
            scratch: Vec::new(),
            execution_role: None,
            task_role: None,
            target_group: None,
            discovered: None,
            registered: false,
            storage: None,
            front: Front::Unread,
            class: None,
            single: false,
            timeout: None,
            execute_command: false,
            grace_period: None,
            on_demand: None,
            cooldown: None,
            log_retention: None,
            security_groups: Vec::new(),
            variants: Vec::new(),
        }
    }
}

impl Workload {
    /// Whether it looks like a migration, which runs once for each release: by its command, if nothing can reach it.
    pub fn migrates(&self) -> bool {
        let container = &self.containers[0];
        let words = container.command.iter().chain(&container.entry_point).flat_map(|list| &list.value);
        let named = |text: &str| text.contains("migrate") || text.contains("migration");
        container.ports.is_empty() && (named(&self.name) || words.into_iter().any(|word| named(word)))
    }
}

/// Bounds of the number of tasks, and what to aim at.
#[derive(Debug, Clone)]
pub struct Scaling {
    /// The fewest tasks.
    pub min: u32,
    /// The most tasks.
    pub max: u32,
    /// Average CPU in percent.
    pub cpu: Option<u32>,
    /// Average memory in percent.
    pub memory: Option<u32>,
    /// Requests per minute and task.
    pub requests: Option<u32>,
}

/// A path, and perhaps hosts, that lead to a workload from outside.
#[derive(Debug, Clone)]
pub struct Route {
    /// A pattern; `/` is every path.
    pub path: String,
    /// Hosts; all when empty.
    pub hosts: Vec<String>,
    /// The container, when it is not the main one.
    pub container: Option<String>,
    /// Path of the health check, and the codes that are well.
    pub health_check: Option<String>,
    /// HTTP codes that are well.
    pub healthy_codes: Option<String>,
    /// Seconds between health checks.
    pub interval: Option<u32>,
    /// Seconds until a health check has failed.
    pub timeout: Option<u32>,
    /// Seconds that a task which leaves has for its requests.
    pub drain: Option<u32>,
    /// Seconds that a connection may be silent.
    pub idle_timeout: Option<u32>,
    /// Whether it leads in from inside the network only.
    pub internal: bool,
    /// Where it stands.
    pub origin: Origin,
}

impl Route {
    /// Every path, with nothing else said.
    pub fn every_path(origin: Origin) -> Self {
        Self {
            path: "/".to_owned(),
            hosts: Vec::new(),
            container: None,
            health_check: None,
            healthy_codes: None,
            interval: None,
            timeout: None,
            drain: None,
            idle_timeout: None,
            internal: false,
            origin,
        }
    }
}
