//! Membership in security groups: what services, tasks and load balancers join besides the group of their own.
//!
//! Not a component.

use std::sync::Arc;

use indexmap::IndexMap;

use crate::model::{Checker, Context};
use crate::settings::codes::INVALID_VALUE;
use crate::settings::input::{ComponentRef, Target};
use crate::settings::settings;
use crate::terms::{Id, Term};

/// A reference to a security group.
#[derive(Debug, Clone)]
pub struct Group;

impl Target for Group {
    const KINDS: &'static [&'static str] = &["security_group"];
}

settings! {
    /// The groups that something joins.
    pub struct Membership {
        /// Security groups to join besides the own one, at most 4: `[security_group.service]`.
        security_groups: Vec<ComponentRef<Group>>,
    }
}

/// How many security groups a network interface has, the own one included (Amazon VPC User Guide, "Amazon VPC quotas").
const GROUPS: usize = 5;

impl Membership {
    /// The rules of memberships.
    pub(super) fn check(&self, at: &mut Checker<'_>) {
        if self.security_groups.len() >= GROUPS {
            let message = format!("{} security groups and the own one", self.security_groups.len());
            at.error(&INVALID_VALUE, &["security_groups"], message, |found| {
                found.help(format!("a network interface has at most {GROUPS}: join fewer"))
            });
        }
        for (index, group) in self.security_groups.iter().enumerate() {
            let text = group.reference.text();
            if self.security_groups[..index].iter().any(|other| other.reference.text() == text) {
                let message = format!("`{text}` is joined twice");
                at.reading.invalid(group.reference.span, message, "list every group once");
            }
        }
    }

    /// The groups.
    pub(super) fn ids(&self, context: &Context<'_>) -> Vec<Id> {
        self.security_groups.iter().filter_map(|group| context.component(&group.reference)).collect()
    }

    /// The list of all groups, the own one first.
    pub(super) fn with(&self, own: Term, context: &Context<'_>) -> Term {
        let joined = self.ids(context).into_iter().map(|id| (id.to_string().into(), Term::Export(id, "id")));
        let all: IndexMap<Arc<str>, Term> = [("".into(), own)].into_iter().chain(joined).collect();
        Term::Keyed(all)
    }
}
