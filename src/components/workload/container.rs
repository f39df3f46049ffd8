//! The settings of a container: the same for the main one of a task and for those beside it.

use std::sync::Arc;

use super::health::HealthCheck;
use super::{Container, absent};
use crate::settings::input::{ComponentRef, Input, Target};
use crate::settings::settings;
use crate::settings::values::{Blocks, Int, Labelled, Map, choice};
use crate::source::Span;
use crate::terms::Id;

/// A reference to a log group.
#[derive(Debug, Clone)]
pub struct LogGroupTarget;

impl Target for LogGroupTarget {
    const KINDS: &'static [&'static str] = &["log_group"];
}

choice! {
    /// What a container waits for before it starts.
    pub enum Condition {
        /// The other one has started.
        Started = "started",
        /// It has ended.
        Complete = "complete",
        /// It has ended with the exit code 0.
        Success = "success",
        /// Its health check has passed.
        Healthy = "healthy",
    }
}

impl Condition {
    /// The word of ECS.
    pub(super) fn in_ecs(self) -> &'static str {
        match self {
            Condition::Started => "START",
            Condition::Complete => "COMPLETE",
            Condition::Success => "SUCCESS",
            Condition::Healthy => "HEALTHY",
        }
    }
}

settings! {
    /// What every container has, and the services and tasks of an app share.
    pub struct Configuration {
        /// Tag of an image in a `registry`; an image written as a name has its tag in the name.
        tag: Arc<str> = "latest".into(),
        /// Environment variables in plain sight: constants and references.
        environment: Map<Input>,
        /// Environment variables whose values stay in their store: ECS fetches them when a task starts. A reference to
        /// what is no secret becomes a plain variable, so that `cache.main.url` may stand here with and without a token.
        secrets: Map<Input>,
        /// Names of plain variables that look like secrets and are not.
        not_secret: Vec<Arc<str>>,
        /// Volumes that the container reads and writes, each with the path where it is mounted:
        /// `{ uploads = "/app/uploads" }`.
        mounts: Map<Arc<str>>,
        /// Volumes that the container only reads, each with the path where it is mounted.
        read_only_mounts: Map<Arc<str>>,
        /// The user that the container runs as, by name or number, `"1000:1000"` with a group; the image's own by
        /// default.
        user: Option<Arc<str>>,
        /// The entry point, as a list; the image's own by default.
        entry_point: Vec<Arc<str>>,
        /// The directory that the command starts in; the image's own by default.
        working_directory: Option<Arc<str>>,
        /// Limits of the operating system, soft and hard alike: `{ nofile = 65536 }`.
        ulimits: Map<Int<0, { i32::MAX as i64 }>>,
        /// Seconds from the signal to stop, `SIGTERM`, to the one that kills; 30 by default.
        stop_timeout: Option<Int<2, 120>>,
        /// Whether the container cannot write to its root file system, only to volumes. The entry points of many images
        /// write there.
        read_only: bool = false,
        /// The log group. By default that of the main container, which has one of its own.
        log_group: Option<ComponentRef<LogGroupTarget>>,
        /// What the names of log streams begin with; the container's name by default.
        log_prefix: Option<Input>,
    }
    instead = absent::of_containers;
}

settings! {
    /// What runs in a container.
    pub struct Run {
        /// The command, as a list; the image's own by default.
        command: Vec<Arc<str>>,
        /// How ECS finds out whether the container is well.
        health_check: Option<HealthCheck>,
        /// Containers of the task that come first, each with what to wait for: `{ log = "healthy" }`. When the task
        /// stops, they stop last.
        depends_on: Map<Condition>,
    }
}

settings! {
    /// Where a container listens.
    pub struct Ports {
        /// TCP port that the container listens on.
        port: Option<Int<1, 65_535>>,
        /// Other TCP ports that the container listens on, which no route leads to.
        ports: Vec<Int<1, 65_535>>,
    }
}

impl Ports {
    /// All ports, the one that routes lead to first, each with its place in the settings.
    pub fn all(&self) -> Vec<(Vec<String>, i64)> {
        let first = self.port.iter().map(|port| (vec!["port".to_owned()], port.0));
        let rest = self.ports.iter().enumerate();
        first.chain(rest.map(|(index, port)| (vec!["ports".to_owned(), index.to_string()], port.0))).collect()
    }
}

settings! {
    /// A container beside the main one. With an image of its own it has the configuration that stands here and no
    /// other; without one it has the image of the main container, and its environment and secrets besides its own.
    pub struct SideContainer {
        ..configuration: Configuration,
        ..run: Run,
        ..ports: Ports,
        /// The image: `registry.<name>`, or a name as `docker pull` takes it; that of the main container by default.
        image: Option<Input>,
        /// Whether the task ends when this container does.
        essential: bool = true,
        /// CPU units of the task that are kept for this container.
        cpu: Option<Int<1, 16_384>>,
        /// MiB of the task's memory that this container may use; it is killed when it wants more.
        memory: Option<Int<6, 122_880>>,
        /// MiB of the task's memory that are kept for this container.
        memory_reservation: Option<Int<6, 122_880>>,
    }
    instead = absent::of_side_containers;
}

impl Labelled for SideContainer {
    const LABEL: &'static str = "the name of a container";
}

/// One container of a task, the main one or one beside it.
#[derive(Debug)]
pub struct Member<'a> {
    /// Its name as written: the component's for the main one.
    pub name: &'a str,
    /// Its name in AWS as written, which for the main one is the component's there.
    aws_name: &'a str,
    /// The place of its label; nothing for the main one, whose settings are the component's.
    pub place: Option<Span>,
    pub(super) configuration: &'a Configuration,
    pub(super) run: &'a Run,
    /// Where it listens.
    pub ports: Option<&'a Ports>,
    pub(super) side: Option<&'a SideContainer>,
}

impl Member<'_> {
    /// The name in AWS.
    pub fn dashed(&self) -> String {
        self.aws_name.replace('_', "-")
    }

    /// Whether the task ends when it does.
    pub(super) fn is_essential(&self) -> bool {
        self.side.is_none_or(|side| side.essential)
    }

    /// The port that routes lead to.
    pub fn port(&self) -> Option<i64> {
        self.ports?.port.map(|port| port.0)
    }

    /// Where a setting stands below the component's.
    pub(super) fn route<'r>(&'r self, rest: &[&'r str]) -> Vec<&'r str> {
        let outer: &[&str] = if self.side.is_some() { &["container", self.name] } else { &[] };
        [outer, rest].concat()
    }
}

impl Container {
    /// The containers of the task, the main one first, which listens on `ports`.
    pub fn members<'a>(&'a self, id: &'a Id, ports: Option<&'a Ports>) -> Vec<Member<'a>> {
        let main = Member {
            name: &id.name,
            aws_name: id.aws_name(),
            place: None,
            configuration: &self.workload.configuration,
            run: &self.run,
            ports,
            side: None,
        };
        let Blocks(beside) = &self.container;
        let beside = beside.iter().map(|(name, (place, side))| Member {
            name,
            aws_name: name,
            place: Some(*place),
            configuration: &side.configuration,
            run: &side.run,
            ports: Some(&side.ports),
            side: Some(side),
        });
        [main].into_iter().chain(beside).collect()
    }
}
