//! The model: a stack, its environments, and the components of each environment, typed and with defaults applied.
//!
//! The contract of components is part of it, because an environment holds components and a component sees its
//! environment. Knows no kind of component: the table comes from above, in [`Stack::kinds`].

pub mod codes;
mod common;
pub mod component;
pub mod context;
pub mod existing;

use std::sync::{Arc, OnceLock};

use indexmap::IndexMap;

pub use common::{COMMON_KEYS, Common};
pub use component::{Attribute, Checker, Component, Document, Handmade, Kind, PhysicalName, read};
pub use context::Context;

use crate::settings::input::{Input, InputPart};
use crate::settings::settings;
use crate::settings::values::choice;
use crate::source::Span;
use crate::syntax::{self, Table};
use crate::terms::{Id, Reaction};

settings! {
    /// The stack as a whole: one per file, named by its label.
    pub struct StackSettings {
        /// AWS region, `us-east-1`. An environment may have another.
        region: Arc<str>,
        /// Where Terraform keeps its state. Without it the state is a local file, which is only good for a trial.
        state: Option<StateSettings>,
        /// Where the parameters and secrets of an environment stand in Parameter Store; `/<stack>/<environment>` by
        /// default. Another one has to name the environment: `"/shop_${environment.name}"`. What is moved is made anew,
        /// secrets without their values.
        parameter_path: Option<Input>,
        /// Components with data that were removed from this file and live on in AWS: `["database.old"]`. Terraform forgets
        /// them, and what their data needs, without touching them (`removed.tf`). An entry can go when every environment
        /// is applied.
        retire: Vec<Arc<str>>,
        /// Components with data that were removed from this file and that Terraform destroys with their data. What an
        /// environment protects has to lose its protection in AWS first. An entry can go when every environment is applied.
        destroy: Vec<Arc<str>>,
        /// Tags on every resource, besides `Stack` and `Environment`.
        tags: crate::settings::values::Map<Arc<str>>,
    }
}

settings! {
    /// The S3 backend: one bucket for all environments, a state per workspace, locked by a lock file.
    pub struct StateSettings {
        /// Name of an existing, versioned S3 bucket.
        bucket: Arc<str>,
        /// Region of the bucket; the stack's region by default.
        region: Option<Arc<str>>,
    }
}

settings! {
    /// An environment: one Terraform workspace, one AWS account. Besides its settings it holds overlays: blocks of
    /// components with the settings that differ here.
    pub struct EnvironmentSettings {
        /// AWS account id, 12 digits in quotes. Terraform refuses to plan with credentials of another account.
        account: Arc<str>,
        /// Domain name that the environment serves; other settings refer to it as `environment.domain`.
        domain: Option<Arc<str>>,
        /// Protects data from deletion: deletion protection, final snapshots, recovery windows, longer log retention.
        /// Without it `terraform destroy` removes everything in one command.
        protect: bool = false,
        /// Holds every service at 0 tasks, and its scaling too: before the first images are pushed, and for as long as
        /// nobody needs the environment. Nothing else changes; databases and load balancers keep running.
        paused: bool = false,
        /// AWS region, when it differs from the stack's.
        region: Option<Arc<str>>,
    }
}

choice! {
    /// A fact that references can name besides components.
    pub enum FactName {
        /// `stack.name`
        StackName = "stack.name",
        /// `stack.region`
        StackRegion = "stack.region",
        /// `environment.name`
        EnvironmentName = "environment.name",
        /// `environment.domain`
        EnvironmentDomain = "environment.domain",
        /// `environment.account`
        EnvironmentAccount = "environment.account",
    }
}

/// A stack file, read for every environment.
#[derive(Debug)]
pub struct Model {
    /// What environments share.
    pub stack: Stack,
    /// The environments, by name.
    pub environments: Vec<Environment>,
    /// The file as it is written, before overlays are merged.
    pub document: syntax::Document,
}

impl Model {
    /// The environment that examples name: the first in which nothing is protected, so that trying it out is harmless.
    pub fn example(&self) -> Option<&Environment> {
        let harmless = self.environments.iter().find(|environment| !environment.settings.protect);
        harmless.or(self.environments.first())
    }
}

/// What is the same in every environment.
#[derive(Debug, Clone)]
pub struct Stack {
    /// Its name, the label of the `stack` block.
    pub name: Arc<str>,
    /// Its settings.
    pub settings: StackSettings,
    /// The header of its block.
    pub place: Span,
    /// The names of its environments, sorted.
    pub environments: Vec<Arc<str>>,
    /// Every kind of component there is.
    pub kinds: &'static [&'static Kind],
}

impl Stack {
    /// The path of parameters as a shell reads it: `/shop/$environment`.
    pub fn parameter_path(&self) -> String {
        match &self.settings.parameter_path {
            Some(Input::Literal(literal)) => literal.to_text(),
            Some(Input::Template(parts)) => parts
                .iter()
                .map(|part| match part {
                    InputPart::Text(text) => text.to_string(),
                    InputPart::Reference(_) => "$environment".to_owned(),
                })
                .collect(),
            _ => format!("/{}/$environment", self.name),
        }
    }

    /// The kind of a key.
    pub fn kind(&self, key: &str) -> Option<&'static Kind> {
        self.kinds.iter().copied().find(|kind| kind.key == key)
    }
}

/// One environment and its components.
#[derive(Debug)]
pub struct Environment {
    /// Its name, which is the workspace.
    pub name: Arc<str>,
    /// Its settings.
    pub settings: EnvironmentSettings,
    /// The AWS region in force.
    pub region: Arc<str>,
    /// The components, by kind in the order of the table of kinds, then by name.
    pub components: IndexMap<Id, Entry>,
    /// Components that are written but could not be read: what refers to them may be right.
    pub unread: Vec<Id>,
    /// What its components ask of alarms and of services, found once.
    pub asked: Asked,
}

/// What components ask of those kinds of which there may be as many as of services: every component is asked once, so
/// that the time for it grows with their number and not with its square.
#[derive(Debug, Default)]
pub struct Asked {
    reactions: OnceLock<IndexMap<Id, Vec<Reaction>>>,
    resized: OnceLock<IndexMap<Id, Vec<Id>>>,
}

/// A component and where it is written.
#[derive(Debug)]
pub struct Entry {
    /// The component.
    pub component: Box<dyn Component>,
    /// What it says as every component may.
    pub common: Common,
    /// Its settings as written, overlays merged, shared settings of its app included.
    pub table: Arc<Table>,
    /// Its header.
    pub header: Span,
    /// The name of the `app` that it stands in.
    pub app: Option<Arc<str>>,
}
