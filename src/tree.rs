//! The generated tree: text by path, and the address of every resource in it. What `render` makes and `project`
//! writes; neither knows the other.

use std::collections::{BTreeMap, BTreeSet};

use serde::{Deserialize, Serialize};

/// Everything generated from one stack file.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Tree {
    /// The stack file's name as it stands in file headers, `/`-separated: `stacks/mastodon.hcl`.
    pub stack: String,
    /// Text by path below the output directory, `/`-separated: `modules/data/database_main.tf`.
    pub files: BTreeMap<String, String>,
    /// Resource addresses: `module.data.aws_db_instance.main`.
    pub addresses: BTreeMap<String, Address>,
    /// The present address for every former one of components that were renamed.
    pub moves: BTreeMap<String, String>,
    /// Addresses that Terraform forgets and whose resources AWS keeps: those of retired components.
    pub forgotten: BTreeSet<String>,
    /// What environments adopt, in the order of components.
    pub imports: Vec<Import>,
}

/// An entry of `import` in the stack file, of whichever environments.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Import {
    /// The component that has it: `database.main`.
    pub component: String,
    /// Which of its resources: `aws_db_instance`.
    pub key: String,
    /// The column of the environment table that holds the identifiers.
    pub column: String,
}

/// What is known of a resource address.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Address {
    /// The component of the stack file that made it: `database.main`.
    pub component: String,
    /// Whether losing it loses data: database, cache, bucket, key, registry, secret.
    pub data: bool,
}
