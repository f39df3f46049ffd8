//! What services and tasks have in common: an image, its configuration, a size, roles, a log group, a security group.
//!
//! Not a component. An `app` block holds these settings for all its services and tasks; they are merged as trees
//! before a service is read, so nothing here knows apps.

mod absent;
mod check;
pub mod codes;
mod container;
mod deployed;
mod drawing;
mod health;
mod opened;
mod view;
mod volume;

use std::sync::Arc;

pub use check::unknown as unknown_container;
pub use container::{Configuration, Member, Ports, Run, SideContainer};
pub use volume::Volume;

use super::membership::Membership;
use crate::aws::limits::names::IAM_ROLE;
use crate::model::{COMMON_KEYS, Common, Context, PhysicalName};
use crate::settings::input::{ComponentRef, Input, Target};
use crate::settings::values::{Blocks, Int, choice};
use crate::settings::{BlockInfo, Reading, Settings, settings};
use crate::source::Span;
use crate::syntax::Table;
use crate::terms::Id;

choice! {
    /// The processor architecture of a task.
    pub enum Architecture {
        /// Intel and AMD.
        X86 = "x86_64",
        /// AWS Graviton.
        Arm = "arm64",
    }
}

/// A reference to what owns an image.
#[derive(Debug, Clone)]
pub struct Owner;

impl Target for Owner {
    const KINDS: &'static [&'static str] = &["pipeline"];
}

settings! {
    /// One image and its configuration, shared by services and tasks.
    pub struct Workload {
        ..membership: Membership,
        ..configuration: Configuration,
        /// The image: `registry.<name>`, or a name as `docker pull` takes it.
        image: Input,
        /// The pipeline that owns the image, `pipeline.<name>`: it builds the image, registers new revisions of the task
        /// definition and updates the service. Terraform owns the rest of the task definition, and a change of it takes
        /// effect with the next run of the pipeline. Without it Terraform deploys.
        deployed_by: Option<ComponentRef<Owner>>,
        /// CPU units of a task, which its containers share; 1024 are one vCPU. Fargate allows certain pairs of CPU and
        /// memory only.
        cpu: Int<256, 16_384> = Int(256),
        /// Memory of a task in MiB, which its containers share.
        memory: Int<512, 122_880> = Int(512),
        /// Processor architecture that the images are built for.
        architecture: Architecture = Architecture::X86,
        /// What the containers may use besides what their variables refer to: `[bucket.media, task.report, secret.api]`.
        /// A reference under `environment` or `secrets` opens the same by itself. A list of a service or task replaces
        /// that of its app.
        access: Vec<Input>,
        /// Directories that the containers of a task share, by name.
        volume: Blocks<Volume>,
        /// TCP ports that tasks may reach anywhere, besides 443 and what references open: 587 for a mail relay.
        egress: Vec<Int<1, 65_535>>,
        /// Days that logs are kept; by default a year where the environment protects data, otherwise 30 days.
        log_retention: Option<Int<1, 3_653>>,
        /// Whether `aws ecs execute-command` may open a shell in a running container.
        execute_command: bool = false,
        /// ARN or name of a role that exists and with which ECS starts tasks. It must be allowed to pull the images,
        /// write the logs and read the secrets; nothing is added to it.
        execution_role: Option<Input>,
        /// ARN or name of a role that exists and that the containers act with. References then open no right in IAM,
        /// because nothing is added to it.
        task_role: Option<Input>,
    }
}

settings! {
    /// The containers of a service or a task. The main one has its name, its settings stand in the block itself, and
    /// the task ends with it.
    pub struct Container {
        ..workload: Workload,
        ..run: Run,
        /// Containers beside the main one in the same task. They share its size, its network interface (they reach each
        /// other at `127.0.0.1`), its security group and its role: what one refers to is open to all.
        container: Blocks<SideContainer>,
    }
}

/// The block that holds the shared settings, with services and tasks inside.
pub struct App;

impl App {
    /// The kinds that stand inside an app.
    pub const KINDS: [&'static str; 2] = ["service", "task"];

    /// The documentation of the block.
    pub fn info() -> BlockInfo {
        let doc = "One image and one configuration for several services and tasks, which stand inside. They take over \
                   its settings and may have their own; maps are merged."
            .to_owned();
        BlockInfo { doc, fields: Workload::info().fields }
    }

    /// The settings that its services and tasks take over; reports keys that are none.
    pub fn shared(body: &Table, header: Span, reading: &mut Reading) -> Arc<Table> {
        let mut shared = Table::default();
        for (key, entry) in &body.entries {
            if Workload::has(key) || Common::SHARED.contains(&&**key) {
                shared.entries.insert(key.clone(), entry.clone());
            } else if !Self::KINDS.contains(&&**key) {
                let fields = Self::info().fields;
                let known = fields.iter().map(|field| field.name).chain(Self::KINDS);
                let message = format!("unknown setting `{key}`");
                let found = reading
                    .diagnostic(&crate::settings::codes::UNKNOWN_KEY, entry.key, message)
                    .label("not a setting that services and tasks share");
                let has = |owner: &str| {
                    super::kind(owner)
                        .is_some_and(|kind| (kind.info)().fields.iter().any(|field| field.name == &**key))
                };
                reading.push(if let Some(help) = Workload::instead(key) {
                    found.help(help)
                } else if COMMON_KEYS.contains(&&**key) {
                    found.help("each service and task has its own: write it inside")
                } else if let Some(owner) = Self::KINDS.into_iter().find(|owner| has(owner)) {
                    found.help(format!("each {owner} has its own: write it inside `{owner} \"..\" {{ .. }}`"))
                } else if super::kind(key).is_some() {
                    found.help(format!("write the {key} outside the app"))
                } else {
                    found.suggest(key, known)
                });
            }
        }
        if Self::KINDS.iter().all(|key| body.get(key).is_none()) {
            let diagnostic = reading
                .diagnostic(&crate::model::codes::MISSING_BLOCK, header, "an app without services and tasks")
                .help("add `service \"web\" { .. }` or `task \"migrate\" { .. }` inside it");
            reading.push(diagnostic);
        }
        Arc::new(shared)
    }
}

impl Container {
    /// The physical names of a service or task that AWS limits most.
    pub fn names(&self, id: &Id, context: &Context<'_>) -> Vec<PhysicalName> {
        if self.workload.execution_role.is_some() {
            return Vec::new();
        }
        vec![PhysicalName::made(IAM_ROLE, &opened::execution_role(id, context), context)]
    }
}

#[cfg(test)]
mod tests;
