//! What every component may say besides its own settings.

use std::sync::Arc;

use crate::settings::values::{Name, OneOrMore};
use crate::settings::{Reading, Settings, settings};
use crate::source::Span;
use crate::syntax::Table;

/// Their keys.
pub const COMMON_KEYS: &[&str] = &["environments", "renamed_from", "aws_name"];

settings! {
    /// Settings that every component has.
    pub struct Common {
        /// Names of the environments that have it; all by default.
        environments: Option<Vec<Arc<str>>>,
        /// The name that it had before, or all of them, the oldest first. Terraform then moves what it manages instead of
        /// making it anew (`moved.tf`), and everything keeps its name in AWS, also what applications see: the container,
        /// the name in service discovery, the path of a parameter. `groundplan moved --prune` writes `aws_name` instead
        /// when every environment is applied.
        renamed_from: OneOrMore<Name>,
        /// The name that it has in AWS: what stands behind stack and environment in the names of its resources. The oldest
        /// of `renamed_from` by default, otherwise its own.
        aws_name: Option<Name>,
    }
}

impl Common {
    /// The settings of a component that says nothing of the kind.
    pub fn unsaid(header: Span) -> Self {
        Self::read_fields(&Table::default(), header, &mut Reading::default())
            .expect("none of them is required")
    }

    /// The keys that an app may have for all its services and tasks.
    pub const SHARED: &[&str] = &["environments"];

    /// The keys that say the same in every environment, so that no overlay can have them.
    pub const FIXED: &[&str] = &["environments", "renamed_from", "aws_name"];

    /// The name in AWS of a component with these settings and this name.
    pub fn aws_name(&self, name: &str) -> Arc<str> {
        let oldest = self.renamed_from.0.first().map(|(_, name)| name);
        self.aws_name.as_ref().or(oldest).map_or_else(|| name.into(), |name| name.0.clone())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_keys_are_those_of_the_settings() {
        let fields = Common::info().fields;
        assert!(fields.iter().map(|field| field.name).eq(COMMON_KEYS.iter().copied()));
        assert!(Common::SHARED.iter().chain(Common::FIXED).all(|key| COMMON_KEYS.contains(key)));
    }
}
