//! Which component: its kind, its name in the stack file, and what AWS knows it by.

use std::cmp::Ordering;
use std::fmt;
use std::hash::{Hash, Hasher};
use std::sync::Arc;

/// The kinds of which a stack has at most one; their names appear nowhere but in the stack file and in labels.
pub const SINGLE: [&str; 3] = ["network", "key", "cluster"];

/// A component of the stack file: `database.main`. It is that by its kind and its name alone: an identifier made to look
/// one up equals the one that the environment holds, which knows the name in AWS too.
#[derive(Debug, Clone)]
pub struct Id {
    /// The kind, a key of the stack language: `database`.
    pub kind: &'static str,
    /// The name, unique among its kind: lower-case letters, digits and underscores. In Terraform labels, columns, outputs
    /// and files.
    pub name: Arc<str>,
    /// What names in AWS have in its place, so that a component can be renamed and nothing in AWS is.
    aws: Arc<str>,
}

impl PartialEq for Id {
    fn eq(&self, other: &Self) -> bool {
        (self.kind, &self.name) == (other.kind, &other.name)
    }
}

impl Eq for Id {}

impl Hash for Id {
    fn hash<H: Hasher>(&self, state: &mut H) {
        (self.kind, &self.name).hash(state);
    }
}

impl PartialOrd for Id {
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

impl Ord for Id {
    fn cmp(&self, other: &Self) -> Ordering {
        (self.kind, &self.name).cmp(&(other.kind, &other.name))
    }
}

impl Id {
    /// The component `kind.name`, called the same in AWS.
    pub fn new(kind: &'static str, name: &str) -> Self {
        let name: Arc<str> = name.into();
        Self { kind, aws: name.clone(), name }
    }

    /// The same component, called differently in AWS.
    pub fn called(self, aws: Arc<str>) -> Self {
        Self { aws, ..self }
    }

    /// The name in AWS as written: `make_admin`, a level of a path.
    pub fn aws_name(&self) -> &str {
        &self.aws
    }

    /// The component in a description that AWS keeps: `database.main`, with the name in AWS.
    pub fn described(&self) -> String {
        format!("{}.{}", self.kind, self.aws)
    }

    /// `database_main`: a Terraform identifier. A kind of which there is one per stack is its own identifier.
    pub fn ident(&self) -> String {
        if SINGLE.contains(&self.kind) {
            self.kind.to_owned()
        } else {
            format!("{}_{}", self.kind, self.name)
        }
    }

    /// `SmtpPassword`: the name in AWS in the identifier of an IAM statement, which has letters and digits only.
    pub fn statement(&self) -> String {
        let capital = |word: &str| {
            // A digit has no capital that would show where its word begins: `media_1` would be `media1`. So such a word
            // gets a `z`, and one that looks like it then, another.
            let digit = word.trim_start_matches('z').starts_with(|c: char| c.is_ascii_digit());
            let word = if digit { format!("z{word}") } else { word.to_owned() };
            word[..1].to_uppercase() + &word[1..]
        };
        self.aws.split('_').map(capital).collect()
    }

    /// The name in AWS as most names there have it, with hyphens: `make-admin`.
    pub fn dashed(&self) -> String {
        self.aws.replace('_', "-")
    }
}

impl fmt::Display for Id {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}.{}", self.kind, self.name)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn statements_of_different_names_differ() {
        let statement = |name| Id::new("bucket", name).statement();
        assert_eq!(statement("smtp_password"), "SmtpPassword");
        let names = ["media1", "media_1", "media_z1", "media_zz1", "media_z_1", "media_11", "media_1_1"];
        let mut found: Vec<String> = names.into_iter().map(statement).collect();
        found.sort();
        found.dedup();
        assert_eq!(found.len(), names.len(), "{found:?}");
    }
}
