//! The things a stack can contain, and the table of their kinds. The contract is [`crate::model::Component`].
//!
//! One component is one file here, one template, one example and one page of documentation. Components never
//! import each other; what one offers another goes through [`crate::terms`].

mod access;
mod access_logs;
mod alarm;
mod bastion;
mod bucket;
mod cache;
mod cdn;
mod cluster;
mod database;
mod file_system;
mod firewall;
mod key;
mod load_balancer;
mod log_group;
mod membership;
mod namespace;
mod network;
mod parameter;
mod pipeline;
mod registry;
mod scripts;
mod secret;
mod security_group;
mod service;
pub mod task;
mod topic;
mod user;
pub mod workload;

use crate::model::Kind;
use crate::terms::Id;

/// Every kind, in the order data flows through a stack.
pub static KINDS: &[&Kind] = &[
    &key::KIND,
    &network::KIND,
    &security_group::KIND,
    &registry::KIND,
    &database::KIND,
    &cache::KIND,
    &bucket::KIND,
    &file_system::KIND,
    &parameter::KIND,
    &secret::KIND,
    &user::KIND,
    &load_balancer::KIND,
    &firewall::KIND,
    &cdn::KIND,
    &cluster::KIND,
    &namespace::KIND,
    &log_group::KIND,
    &service::KIND,
    &task::KIND,
    &topic::KIND,
    &alarm::KIND,
    &pipeline::KIND,
    &bastion::KIND,
];

/// The kind of a key.
pub fn kind(key: &str) -> Option<&'static Kind> {
    KINDS.iter().copied().find(|kind| kind.key == key)
}

/// The kinds that bring one of this kind along, in the order of [`KINDS`].
pub fn implied_by(key: &str) -> impl Iterator<Item = &'static str> + use<'_> {
    KINDS.iter().filter(move |kind| kind.implies.contains(&key)).map(|kind| kind.key)
}

/// Where a component stands in [`KINDS`], then its name: the order of components wherever there are several.
pub fn order(id: &Id) -> (usize, &str) {
    (KINDS.iter().position(|kind| kind.key == id.kind).unwrap_or(KINDS.len()), &id.name)
}

/// The modules in the order of [`KINDS`], each with what it holds in words, for its line in the generated README.
pub const MODULES: &[(&str, &str)] = &[
    ("encryption", "the key that encrypts data at rest"),
    ("network", "VPC, subnets, routes, NAT"),
    ("registry", "image repositories"),
    ("data", "databases, caches, buckets and file systems"),
    ("parameters", "configuration in SSM Parameter Store"),
    ("secrets", "secrets in SSM Parameter Store, without their values"),
    ("identity", "IAM users for what runs outside AWS"),
    ("edge", "load balancer, CDN, certificate, DNS and firewall"),
    ("delivery", "what builds images and deploys them"),
    ("services", "ECS cluster, services and tasks"),
    ("monitoring", "alarms, and the topics that tell people"),
    ("bastion", "the way in for people, through Session Manager"),
];

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_module_of_a_kind_is_listed() {
        for kind in KINDS {
            assert!(MODULES.iter().any(|(name, _)| *name == kind.module), "{}", kind.module);
        }
    }

    #[test]
    fn a_retired_component_leaves_all_of_its_file_in_aws() {
        for kind in KINDS.iter().filter(|kind| !kind.data.is_empty()) {
            let headers = kind.template.lines().filter_map(|line| line.strip_prefix("resource \""));
            let resources: Vec<_> = headers.filter_map(|header| header.split_once("\" \"")).collect();
            // A label that ends with a key of a loop is several.
            let fits = |pattern: &str, label: &str| {
                let label = label.split_once('"').map_or(label, |(label, _)| label).replace("{{ id }}", "*");
                match label.split_once("{{") {
                    Some((fixed, _)) => pattern.len() > fixed.len() && pattern.starts_with(fixed),
                    None => pattern == label,
                }
            };
            for (resource, label) in &resources {
                assert!(
                    kind.stays.iter().any(|(known, pattern)| known == resource && fits(pattern, label)),
                    "{resource} {label}"
                );
            }
            for (resource, pattern) in kind.stays {
                assert!(
                    resources.iter().any(|(known, label)| known == resource && fits(pattern, label)),
                    "{resource} {pattern}"
                );
            }
            assert!(
                kind.data.iter().all(|data| kind.stays.iter().any(|(known, _)| known == data)),
                "{}",
                kind.key
            );
        }
        assert!(KINDS.iter().all(|kind| kind.data.is_empty() == kind.stays.is_empty()));
    }

    #[test]
    fn every_module_is_listed_once() {
        for (index, (name, _)) in MODULES.iter().enumerate() {
            assert!(!MODULES[..index].iter().any(|(before, _)| before == name), "{name}");
        }
    }

    #[test]
    fn kinds_that_a_kind_names_exist() {
        for name in KINDS.iter().flat_map(|one| one.implies.iter().chain(one.needs)) {
            assert!(kind(name).is_some(), "{name}");
        }
    }

    #[test]
    fn whatever_uses_the_key_brings_it_along() {
        for used in KINDS.iter().filter(|kind| kind.template.contains("key_arn")) {
            assert!(used.implies.contains(&"key"), "{}", used.key);
        }
    }
}
