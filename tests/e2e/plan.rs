//! Plans and states as `terraform show -json` gives them, by address.

use std::collections::BTreeMap;

use serde_json::Value;

/// What a plan does, by address: `create`, `update`, `delete`, or both of a replacement. What stays is left out.
pub type Actions = BTreeMap<String, String>;

/// The actions of a plan.
pub fn actions(plan: &Value) -> Actions {
    let changes = plan["resource_changes"].as_array().into_iter().flatten();
    let actions = changes.filter(|change| change["mode"] == "managed").map(|change| {
        let actions = change["change"]["actions"].as_array().into_iter().flatten();
        let actions: Vec<&str> =
            actions.filter_map(Value::as_str).filter(|action| *action != "no-op").collect();
        (change["address"].as_str().unwrap_or_default().to_owned(), actions.join(", "))
    });
    actions.filter(|(_, actions)| !actions.is_empty()).collect()
}

/// `1 create, 2 update`.
pub fn summary(actions: &Actions) -> String {
    let mut counts: BTreeMap<&str, usize> = BTreeMap::new();
    for action in actions.values() {
        *counts.entry(action).or_default() += 1;
    }
    let counts: Vec<String> = counts.iter().map(|(action, count)| format!("{count} {action}")).collect();
    if counts.is_empty() { "nothing".to_owned() } else { counts.join(", ") }
}

/// The difference of two sets of actions, a line each; empty when there is none.
pub fn difference(expected: &Actions, actual: &Actions) -> String {
    let missing = expected.iter().filter(|(address, action)| actual.get(*address) != Some(*action));
    let missing = missing.map(|(address, action)| format!("  expected {action} of {address}\n"));
    let extra = actual.iter().filter(|(address, action)| expected.get(*address) != Some(*action));
    let extra = extra.map(|(address, action)| format!("  planned {action} of {address}\n"));
    missing.chain(extra).collect()
}

/// A resource of the state.
pub struct Resource {
    /// `aws_subnet`
    pub kind: String,
    /// Its attributes.
    pub values: Value,
}

/// The managed resources of a state, by address.
pub fn resources(state: &Value) -> BTreeMap<String, Resource> {
    let mut found = BTreeMap::new();
    collect(&state["values"]["root_module"], &mut found);
    found
}

fn collect(module: &Value, found: &mut BTreeMap<String, Resource>) {
    for resource in module["resources"].as_array().into_iter().flatten() {
        let text = |key: &str| resource[key].as_str().unwrap_or_default().to_owned();
        if resource["mode"] == "managed" {
            found
                .insert(text("address"), Resource { kind: text("type"), values: resource["values"].clone() });
        }
    }
    for inner in module["child_modules"].as_array().into_iter().flatten() {
        collect(inner, found);
    }
}

/// The label of an address: `web` of `module.services.aws_ecs_service.web[0]`.
pub fn label(address: &str) -> &str {
    let address = address.split('[').next().unwrap_or(address);
    address.rsplit('.').next().unwrap_or(address)
}
