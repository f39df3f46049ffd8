//! How the provider reads arguments, beside what [`crate::aws::replacement`] has of each type of resource.

use serde_json::Value as Json;

/// Whether an attribute is known only after a change in place of these arguments.
pub(super) fn changes_on_update(resource: &str, attribute: &str, changed: &[&str]) -> bool {
    // Seen in plans: every change makes a version, but one of the template's own tags does not.
    (resource, attribute) == ("aws_launch_template", "latest_version")
        && changed.iter().any(|argument| !matches!(*argument, "tags" | "tags_all"))
}

/// Whether a value is never read back, and so never differs: its version says when it is new.
pub(super) fn is_write_only(argument: &str) -> bool {
    argument.ends_with("_wo")
}

/// How the provider compares the JSON in an argument, where it does so.
pub(super) fn json(resource: &str, path: &[&str]) -> Option<fn(Json) -> Json> {
    match (resource, path) {
        ("aws_ecs_task_definition", ["container_definitions"]) => Some(without_nulls),
        (_, ["policy" | "assume_role_policy"]) => Some(policy),
        _ => None,
    }
}

/// ECS does not tell what is null from what is not there.
fn without_nulls(json: Json) -> Json {
    match json {
        Json::Array(items) => Json::Array(items.into_iter().map(without_nulls).collect()),
        Json::Object(entries) => {
            let set = entries.into_iter().filter(|(_, value)| !value.is_null());
            Json::Object(set.map(|(key, value)| (key, without_nulls(value))).collect())
        }
        plain => plain,
    }
}

/// In a policy the order of lists means nothing, and a list of one is its item.
fn policy(json: Json) -> Json {
    match json {
        Json::Array(items) => {
            let mut items: Vec<Json> = items.into_iter().map(policy).collect();
            items.sort_by_key(Json::to_string);
            if items.len() == 1 { items.remove(0) } else { Json::Array(items) }
        }
        Json::Object(entries) => {
            Json::Object(entries.into_iter().map(|(key, value)| (key, policy(value))).collect())
        }
        plain => plain,
    }
}
