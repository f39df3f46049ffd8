//! Containers of a workload.

use std::collections::BTreeMap;

use crate::import::read::{Origin, Sourced};

/// An image.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub enum Image {
    /// As `docker pull` takes it.
    Named(String),
    /// Built from a directory, so that it has to be pushed somewhere; with what to call it.
    Built(String),
    /// Filled in by somebody later; with what to call it.
    Unknown(String),
}

/// A container.
#[derive(Debug, Clone)]
pub struct Container {
    /// Its name in the input.
    pub name: String,
    /// The image.
    pub image: Sourced<Image>,
    /// The command.
    pub command: Option<Sourced<Vec<String>>>,
    /// The entry point.
    pub entry_point: Option<Sourced<Vec<String>>>,
    /// Where the command starts.
    pub working_directory: Option<String>,
    /// Who runs it.
    pub user: Option<String>,
    /// Seconds from the signal to stop to the one that kills.
    pub stop_timeout: Option<u32>,
    /// Whether its root file system is read-only.
    pub read_only: bool,
    /// Variables of all sorts.
    pub variables: Vec<Variable>,
    /// Ports, the most important first.
    pub ports: Vec<Port>,
    /// How to see whether it is well.
    pub health_check: Option<HealthCheck>,
    /// The path that answers when it is well, for a load balancer to ask.
    pub answers_at: Option<String>,
    /// Directories.
    pub mounts: Vec<Mount>,
    /// Where it logs in CloudWatch.
    pub log: Option<Log>,
    /// Limits of the operating system.
    pub ulimits: Vec<(String, u32)>,
    /// Containers of the same task that come first, and what to wait for: `started`, `complete`, `success`, `healthy`.
    pub depends_on: Vec<(String, &'static str)>,
    /// Whether the task ends with it.
    pub essential: bool,
    /// CPU units of its own, when it is not the only container.
    pub cpu: Option<u32>,
    /// MiB that it may use, when it is not the only container.
    pub memory: Option<u32>,
    /// MiB that are kept for it, when it is not the only container.
    pub memory_reservation: Option<u32>,
}

impl Container {
    /// A container with its image and nothing else.
    pub fn new(name: &str, image: Sourced<Image>) -> Self {
        Self {
            name: name.to_owned(),
            image,
            command: None,
            entry_point: None,
            working_directory: None,
            user: None,
            stop_timeout: None,
            read_only: false,
            variables: Vec::new(),
            ports: Vec::new(),
            health_check: None,
            answers_at: None,
            mounts: Vec::new(),
            log: None,
            ulimits: Vec::new(),
            depends_on: Vec::new(),
            essential: true,
            cpu: None,
            memory: None,
            memory_reservation: None,
        }
    }

    /// The constant of a variable.
    pub fn constant(&self, name: &str) -> Option<&str> {
        let variable = self.variables.iter().find(|variable| variable.name == name)?;
        match &variable.value {
            Setting::Constant(text) => Some(text),
            _ => None,
        }
    }
}

/// An environment variable.
#[derive(Debug, Clone)]
pub struct Variable {
    /// Its name.
    pub name: String,
    /// Its value.
    pub value: Setting,
    /// Where it stands.
    pub origin: Origin,
}

/// Where the value of a variable comes from.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Setting {
    /// Written in the input.
    Constant(String),
    /// Filled in by somebody later: a placeholder, or the environment of whoever started the tool.
    Unknown,
    /// A parameter or secret that exists, by ARN or name, and the field of it.
    Stored(String, Option<String>),
    /// The same, where its name differs between environments: by their names in the input.
    StoredBy(BTreeMap<String, String>, Option<String>),
    /// The name of one of [`System::buckets`](super::System::buckets).
    Bucket(String),
    /// A secret of [`System::secrets`](super::System::secrets) or one that another tool kept.
    Secret(String),
    /// A secret that a person fills, unless it turns out to be something that the stack knows by itself.
    Held(Held),
}

/// A secret of the input.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Held {
    /// What to call it.
    pub name: String,
    /// Which of all secrets it is.
    pub identity: String,
    /// Its value, when the input has it: only ever compared.
    pub value: Option<String>,
}

/// A port on which a container listens.
#[derive(Debug, Clone)]
pub struct Port {
    /// The port.
    pub number: u16,
    /// Whether it is reached from outside, and at which port.
    pub published: Option<u16>,
    /// Where it stands.
    pub origin: Origin,
}

/// How ECS sees whether a container is well.
#[derive(Debug, Clone, Default)]
pub struct HealthCheck {
    /// The command as a list.
    pub command: Vec<String>,
    /// The command for a shell, instead.
    pub shell: Option<String>,
    /// Seconds between two.
    pub interval: Option<u32>,
    /// Seconds until one has failed.
    pub timeout: Option<u32>,
    /// How many fail until it counts.
    pub retries: Option<u32>,
    /// Seconds at the start during which none counts.
    pub start_period: Option<u32>,
}

impl HealthCheck {
    /// What a report says of one that had to change.
    pub const FITTED: &str =
        "`health_check`, within what ECS takes: at most 300 seconds, 60 until an answer, and 10 retries";

    /// Reads a command as Docker and ECS have it: `CMD` and words, `CMD-SHELL` and a line. `None` when there is none.
    pub fn of(words: Vec<String>) -> Option<Self> {
        match words.first().map(String::as_str) {
            None | Some("NONE") => None,
            Some("CMD-SHELL") => Some(Self { shell: Some(words[1..].join(" ")), ..Self::default() }),
            Some("CMD") => Some(Self { command: words[1..].to_vec(), ..Self::default() }),
            Some(_) => Some(Self { command: words, ..Self::default() }),
        }
    }

    /// Brings it within what ECS takes, and says whether anything changed.
    pub fn fit(&mut self) -> bool {
        let limits = [
            (&mut self.interval, 5, 300),
            (&mut self.timeout, 2, 60),
            (&mut self.retries, 1, 10),
            (&mut self.start_period, 0, 300),
        ];
        let mut changed = false;
        for (value, least, most) in limits {
            let fitting = value.map(|value| value.clamp(least, most));
            changed |= fitting != *value;
            *value = fitting;
        }
        changed
    }
}

/// A log group of CloudWatch.
#[derive(Debug, Clone)]
pub struct Log {
    /// Its name.
    pub group: Sourced<String>,
    /// What the names of streams begin with.
    pub prefix: Option<Sourced<String>>,
    /// Where it is.
    pub region: Option<Sourced<String>>,
}

/// A directory in a container.
#[derive(Debug, Clone)]
pub struct Mount {
    /// A [`Store`](super::Store), or a name of [`Workload::scratch`](super::Workload::scratch).
    pub source: String,
    /// The path in the container.
    pub path: String,
    /// Whether it cannot be written.
    pub read_only: bool,
    /// Where it stands.
    pub origin: Origin,
}
