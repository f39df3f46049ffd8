//! What generated Terraform comes to in one environment: every resource instance with its arguments.
//!
//! Knows the forms that the templates and [`crate::hcl::Expr`] print, and refuses every other one: what is said about
//! a tree is never a guess. What only AWS knows, an identifier or an ARN, stays what it is made from, see [`Later`].
//! Knows nothing about which arguments there are.

mod arguments;
mod configuration;
mod expression;
mod function;
mod scope;
#[cfg(test)]
mod tests;
mod value;

use std::collections::BTreeMap;
use std::fmt;

use crate::hcl::write_quoted;
use crate::tree::Tree;

pub use configuration::Configuration;
pub use value::{Later, Reference, Value};

/// The resource instances of a tree in one environment. The default has none, as an environment that is not there.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Instances {
    /// By address: `module.network.aws_subnet.data["a"]`.
    pub resources: BTreeMap<String, Instance>,
    /// The tags that the provider gives everything that can have tags.
    pub default_tags: BTreeMap<String, Value>,
    /// Identifiers of what Terraform takes over instead of making it, by address.
    pub imports: BTreeMap<String, Value>,
    /// Resources that Terraform no longer manages and leaves as they are, by address without keys.
    pub forgotten: Vec<String>,
}

/// A resource instance.
#[derive(Debug, Clone, PartialEq)]
pub struct Instance {
    /// Its type: `aws_subnet`.
    pub resource: String,
    /// What tells it from others of its resource.
    pub key: Option<Key>,
    /// The component of the stack file that makes it, when that is known.
    pub component: Option<String>,
    /// Whether losing it loses data.
    pub data: bool,
    /// What is configured, without what is null; a nested block is a list of objects, also where there is one.
    pub arguments: BTreeMap<String, Value>,
    /// How it is replaced, and what of it is left alone.
    pub lifecycle: Lifecycle,
}

/// What tells an instance from others of its resource. Displays as it stands in an address.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub enum Key {
    /// Of a resource with `count`.
    Index(usize),
    /// Of a resource with `for_each`.
    Name(String),
}

impl fmt::Display for Key {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Key::Index(index) => write!(f, "[{index}]"),
            Key::Name(name) => {
                let mut quoted = String::new();
                write_quoted(&mut quoted, name);
                write!(f, "[{quoted}]")
            }
        }
    }
}

/// The `lifecycle` block of a resource.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Lifecycle {
    /// Whether the new one is made before the old one is destroyed.
    pub create_before_destroy: bool,
    /// The arguments whose changes are left alone.
    pub ignore_changes: Vec<String>,
    /// The instances whose change replaces this one.
    pub replace_triggered_by: Vec<String>,
}

/// A form of Terraform that is not evaluated here.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{file}: `{expression}`: {what}")]
pub struct Problem {
    /// The generated file.
    pub file: String,
    /// The text that is not evaluated.
    pub expression: String,
    /// What is wrong with it.
    pub what: String,
}

impl Problem {
    fn new(file: &str, expression: &str, what: &str) -> Self {
        Self { file: file.to_owned(), expression: expression.to_owned(), what: what.to_owned() }
    }
}

/// What a tree comes to in one environment. [`Configuration::instances`] does it for several environments of one tree.
///
/// # Errors
/// A form that is not evaluated here, or an environment that the tree does not have.
pub fn instances(tree: &Tree, environment: &str) -> Result<Instances, Problem> {
    Configuration::read(tree)?.instances(environment)
}
