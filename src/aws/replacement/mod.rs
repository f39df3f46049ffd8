//! Which arguments of a resource force a new one, and what else a plan depends on: tags, sets, values that stay.
//!
//! For every type of resource that the templates print, and of its arguments those that they print, in provider
//! aws 5.100.0. Each type names its page of the provider's documentation at that version (`resources/db_instance` is
//! <https://registry.terraform.io/providers/hashicorp/aws/5.100.0/docs/resources/db_instance>), which says of some
//! arguments that they force a new resource. Of all of them it was seen in plans, and is seen again by
//! `tests/terraform`, which compares everything else here with the provider's schema.

mod account;
mod data;
mod edge;
mod network;
mod operation;
mod workload;

use serde_json::Value;

/// A type of resource. Arguments are named with the blocks that they stand in: `root_directory.path`.
#[derive(Debug)]
pub struct Resource {
    /// Its name: `aws_db_instance`.
    pub name: &'static str,
    /// Its page of the provider's documentation.
    pub page: &'static str,
    /// Whether it has tags, and so `tags_all` with those of the provider.
    pub tags: bool,
    /// The arguments that force a new one.
    pub forces: &'static [Cause],
    /// The arguments that keep their value when they are left out: those that are optional and computed.
    pub computed: &'static [&'static str],
    /// The arguments and blocks whose order does not matter.
    pub sets: &'static [&'static str],
}

/// A reason to make a resource anew.
#[derive(Debug)]
pub struct Cause {
    /// The argument.
    pub argument: &'static str,
    /// Why, in words: `RDS cannot change the engine of an instance`. Empty where there is nothing to say.
    pub why: &'static str,
    /// Whether it forces a new resource between these attributes; `None` when it always does.
    when: Option<When>,
}

/// Decides between the attributes of a resource before and after, as Terraform's JSON gives them.
type When = fn(before: &Value, after: &Value) -> bool;

const fn cause(argument: &'static str) -> Cause {
    because(argument, "")
}

const fn because(argument: &'static str, why: &'static str) -> Cause {
    Cause { argument, why, when: None }
}

const fn only(argument: &'static str, why: &'static str, when: When) -> Cause {
    Cause { argument, why, when: Some(when) }
}

/// Why a change at `path` forces a new resource, whatever the values are. The path has the names of the blocks and of
/// the argument, without indices: `["root_directory", "path"]`. A block as a whole, which comes or goes, forces a new
/// resource when something in it does; where only a part of it changes, ask for the path of that part.
pub fn forces_new(resource: &str, path: &[&str]) -> Option<&'static Cause> {
    causes(resource, path).find(|cause| cause.when.is_none())
}

/// What there is to say about a change at `path` that forces a new resource.
pub fn why(resource: &str, path: &[&str]) -> Option<&'static str> {
    causes(resource, path).map(|cause| cause.why).find(|why| !why.is_empty())
}

/// Like [`forces_new`] for a change between two values of all attributes of a resource: also what forces a new resource only
/// between some of them, as an older version of an engine does.
pub fn forces_new_between(
    resource: &str,
    path: &[&str],
    before: &Value,
    after: &Value,
) -> Option<&'static Cause> {
    causes(resource, path).find(|cause| cause.when.is_none_or(|when| when(before, after)))
}

/// Whether a resource has tags, and so `tags_all` with those of the provider.
pub fn taggable(resource: &str) -> bool {
    find(resource).is_some_and(|known| known.tags)
}

/// Whether leaving an argument out changes nothing, because the resource keeps the value that it has.
pub fn keeps_when_absent(resource: &str, path: &[&str]) -> bool {
    find(resource).is_some_and(|known| known.computed.iter().any(|argument| is(argument, path)))
}

/// Whether the order of an argument's elements, or of the blocks of this name, does not matter.
pub fn is_set(resource: &str, path: &[&str]) -> bool {
    find(resource).is_some_and(|known| known.sets.iter().any(|argument| is(argument, path)))
}

/// The types of resources that are known here.
pub fn resources() -> impl Iterator<Item = &'static Resource> {
    let tables =
        [account::TYPES, data::TYPES, edge::TYPES, network::TYPES, operation::TYPES, workload::TYPES];
    tables.into_iter().flatten()
}

fn find(resource: &str) -> Option<&'static Resource> {
    resources().find(|known| known.name == resource)
}

/// What is known about a path: about itself, about what it stands in, and about what stands in it.
fn causes(resource: &str, path: &[&str]) -> impl Iterator<Item = &'static Cause> {
    let known = find(resource).map_or(&[][..], |known| known.forces);
    known.iter().filter(move |cause| cause.argument.split('.').zip(path).all(|(word, step)| word == *step))
}

fn is(argument: &str, path: &[&str]) -> bool {
    argument.split('.').eq(path.iter().copied())
}

/// Valkey is made to Redis OSS again.
fn leaves_valkey(before: &Value, after: &Value) -> bool {
    before["engine"] == "valkey" && after["engine"] != "valkey"
}

/// The version of the engine is lower than it was.
fn older_version(before: &Value, after: &Value) -> bool {
    fn numbers(value: &Value) -> Vec<u32> {
        let text = value["engine_version"].as_str().unwrap_or_default();
        text.split('.').map_while(|number| number.parse().ok()).collect()
    }
    numbers(after) < numbers(before)
}

/// The deployment that a changed strategy needs is not asked for.
fn without_new_deployment(_: &Value, after: &Value) -> bool {
    after["force_new_deployment"] != true
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn a_path_forces_with_its_parents_and_its_parts() {
        let engine = forces_new("aws_db_instance", &["engine"]).map(|cause| cause.why);
        assert_eq!(engine, Some("RDS cannot change the engine of an instance"));
        assert!(forces_new("aws_db_instance", &["instance_class"]).is_none());
        assert!(forces_new("aws_ecs_task_definition", &["volume", "name"]).is_some());
        assert!(forces_new("aws_efs_access_point", &["root_directory"]).is_some());
        assert!(forces_new("aws_efs_access_point", &["root_directory", "path"]).is_some());
        assert!(forces_new("aws_service_discovery_service", &["dns_config", "dns_records", "ttl"]).is_none());
        assert!(forces_new("aws_no_such_thing", &["name"]).is_none());
    }

    #[test]
    fn what_is_conditional_depends_on_both_sides() {
        let group = "aws_elasticache_replication_group";
        let cache = |engine: &str, version: &str| json!({ "engine": engine, "engine_version": version });
        let forces = |argument: &str, before: &Value, after: &Value| {
            forces_new_between(group, &[argument], before, after).is_some()
        };
        assert!(forces("engine", &cache("valkey", "8.0"), &cache("redis", "7.1")));
        assert!(!forces("engine", &cache("redis", "7.1"), &cache("valkey", "8.0")));
        assert!(forces("engine_version", &cache("redis", "7.1"), &cache("redis", "6.2")));
        assert!(!forces("engine_version", &cache("redis", "7.1"), &cache("redis", "7.1")));
        assert!(forces("port", &json!({}), &json!({})));
        assert!(forces_new(group, &["engine_version"]).is_none());

        let strategy = ["capacity_provider_strategy", "weight"];
        let between = |after: Value| forces_new_between("aws_ecs_service", &strategy, &json!({}), &after);
        assert!(between(json!({ "force_new_deployment": true })).is_none());
        assert!(between(json!({ "force_new_deployment": null })).is_some());
    }

    #[test]
    fn the_other_facts_are_about_exact_paths() {
        assert!(taggable("aws_vpc") && !taggable("aws_route"));
        assert!(keeps_when_absent("aws_efs_access_point", &["root_directory", "path"]));
        assert!(!keeps_when_absent("aws_efs_access_point", &["root_directory"]));
        assert!(is_set("aws_ecs_service", &["network_configuration", "subnets"]));
        assert!(!is_set("aws_ecs_service", &["network_configuration"]));
    }

    #[test]
    fn types_are_known_once() {
        let mut names: Vec<&str> = resources().map(|known| known.name).collect();
        names.sort_unstable();
        let count = names.len();
        names.dedup();
        assert_eq!(names.len(), count);
    }
}
