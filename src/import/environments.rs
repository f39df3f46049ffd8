//! What a system stands in, where the input says so: environments with their networks, and what stands beside workloads.

use super::read::{Origin, Sourced};

/// What stands in texts where the name of the environment belongs.
pub const ENVIRONMENT_NAME: char = '\u{1}';

/// An environment that the input names.
#[derive(Debug, Clone)]
pub struct Environment {
    /// Its name in the input.
    pub name: String,
    /// Where it stands.
    pub origin: Origin,
    /// Its region, when the input says so.
    pub region: Option<Sourced<String>>,
    /// Its account, when the input says so.
    pub account: Option<Sourced<String>>,
    /// Its network.
    pub network: Network,
    /// ARN of the certificate of what is reached from outside, and of what is reached from inside only.
    pub certificates: [Option<Sourced<String>>; 2],
    /// Ranges that may connect from outside; all when empty.
    pub allow: Vec<String>,
    /// Whether a person approves what is deployed there.
    pub approval: bool,
}

/// The network of an environment.
#[derive(Debug, Clone, Default)]
pub struct Network {
    /// Its range, when it is new.
    pub cidr: Option<Sourced<String>>,
    /// Whether tasks stand in private subnets.
    pub private_tasks: bool,
    /// The identifier of one that exists.
    pub vpc: Option<Sourced<String>>,
    /// Public subnets of that.
    pub public: Vec<String>,
    /// Private subnets of that.
    pub private: Vec<String>,
}

/// A bucket, and whether it stays when what made it is gone.
#[derive(Debug, Clone)]
pub struct Bucket {
    /// What the input calls it.
    pub name: String,
    /// Where it stands.
    pub origin: Origin,
    /// Its name in AWS, when it is certain; with [`ENVIRONMENT_NAME`] where that belongs.
    pub known_as: Option<String>,
    /// Whether it stays.
    pub kept: bool,
}

/// Files that are served as they are.
#[derive(Debug, Clone)]
pub struct Site {
    /// Its name in the input.
    pub name: String,
    /// Where it stands.
    pub origin: Origin,
    /// Its domain and the ARN of the certificate of that.
    pub domain: Option<(String, String)>,
}

/// A pipeline from a repository to the environments.
#[derive(Debug, Clone)]
pub struct Pipeline {
    /// Its name in the input.
    pub name: String,
    /// Where it stands.
    pub origin: Origin,
    /// `owner/name`.
    pub repository: Option<String>,
    /// The branch that is deployed.
    pub branch: Option<String>,
}

/// How an image is built.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Build {
    /// Path of the Dockerfile.
    pub dockerfile: Option<String>,
    /// Directory that the build sees.
    pub context: Option<String>,
    /// Build arguments.
    pub args: Vec<(String, String)>,
}
