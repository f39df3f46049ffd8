//! What every component may say besides its own settings.

use std::sync::Arc;

use crate::settings::values::{Map, Name, OneOrMore};
use crate::settings::{Reading, Settings, settings};
use crate::source::Span;
use crate::syntax::Table;

/// Their keys.
pub const COMMON_KEYS: &[&str] = &["environments", "renamed_from", "aws_name", "import"];

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
        /// What exists in AWS and becomes part of the component: identifiers by resource, `{ aws_db_instance = "shop" }`,
        /// in the overlay of the environment that has it. Terraform takes it over instead of making it (`imports.tf`). The
        /// key is the type of the resource, with its label where the component has several of the type, and with the key
        /// of its instance where it has several: `"aws_subnet.public.a"`. What the identifier is, says "Import" on the
        /// page of the resource in the provider's documentation. A resource that is known by its name keeps it for as
        /// long as the entry stands here; other entries can go when every environment is applied. Read the first plan:
        /// what cannot be changed in place, Terraform replaces. Data that a key encrypts needs that key in the stack, too:
        /// `existing` or `import` of `key`.
        import: Map<Arc<str>>,
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

    /// The identifier by which a resource of the component is adopted, if it is.
    pub fn adopted(&self, resource: &str, label: &str) -> Option<&Arc<str>> {
        let written = |key: &str| self.import.0.get(key).map(|(_, id)| id);
        written(resource).or_else(|| written(&format!("{resource}.{label}")))
    }

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
