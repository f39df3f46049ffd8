//! The one change that each run makes to its stack file, and the exact plan that has to follow from it.

use std::collections::BTreeMap;

use crate::Outcome;
use crate::edit::{Route, Stack, at};
use crate::plan::{Actions, Resource, label};

/// A change of a stack file.
pub struct Change {
    /// In a few words, for the table.
    pub what: String,
    /// The changed stack file.
    pub text: String,
    /// Everything that may be in the plan.
    pub expected: Actions,
}

/// Where a change is made: a stack file, and what is applied of it.
pub struct Scene<'s> {
    pub text: &'s str,
    pub workspace: &'s str,
    pub applied: &'s BTreeMap<String, Resource>,
}

/// Makes a change, if the stack has something for it.
type Make = fn(&Scene<'_>) -> Outcome<Option<Change>>;

/// The kinds of changes. A run begins at its own one and takes the first that its stack has something for.
const CHANGES: &[Make] = &[scale, add_route, add_zone];

/// The change of the run with this number.
pub fn choose(number: usize, scene: &Scene<'_>) -> Outcome<Change> {
    for change in CHANGES.iter().cycle().skip(number % CHANGES.len()).take(CHANGES.len()) {
        if let Some(change) = change(scene)? {
            return Ok(change);
        }
    }
    Err("there is nothing to change: no service and no network".to_owned())
}

/// One task more of a service whose number of tasks nothing else changes: the service is updated.
fn scale(scene: &Scene<'_>) -> Outcome<Option<Change>> {
    let mut stack = Stack::new(scene.text)?;
    let fixed = stack.services("scaling", false).into_iter().find_map(|route| {
        let address = address(scene, "aws_ecs_service", name(&route))?;
        let service = scene.applied[&address].values["name"].as_str()?;
        let scales = scene.applied.values().any(|resource| {
            resource.kind == "aws_appautoscaling_target"
                && resource.values["resource_id"]
                    .as_str()
                    .is_some_and(|id| id.ends_with(&format!("/{service}")))
        });
        // Who may change the number of tasks owns it, and Terraform ignores it.
        let resized = scene.applied.iter().any(|(other, resource)| {
            resource.kind == "aws_iam_role_policy"
                && other.starts_with("module.services.")
                && resource.values["policy"].as_str().is_some_and(|policy| {
                    policy.contains("ecs:UpdateService") && policy.contains(&format!("/{service}\""))
                })
        });
        (!scales && !resized).then_some((route, address))
    });
    let Some((route, address)) = fixed else { return Ok(None) };
    let count = scene.applied[&address].values["desired_count"].as_u64().unwrap_or_default() + 1;
    let overlay = [at("environment", scene.workspace), at("service", name(&route))];
    stack.set(&overlay, "tasks", &count.to_string())?;
    let what = format!("{count} tasks of {}", name(&route));
    Ok(Some(Change { what, text: stack.text(), expected: Actions::from([(address, "update".into())]) }))
}

/// One path more to a service that has a route, with the same settings: one rule is created.
fn add_route(scene: &Scene<'_>) -> Outcome<Option<Change>> {
    let mut stack = Stack::new(scene.text)?;
    let routed = stack.services("route", true).into_iter().find_map(|route| {
        let known = scene.applied.keys().find(|address| {
            scene.applied[*address].kind == "aws_lb_listener_rule"
                && label(address).starts_with(&name(&route).replace('-', "_"))
        })?;
        let (module, _) = known.split_once(".aws_lb_listener_rule.")?;
        Some((route, module.to_owned()))
    });
    let Some((route, module)) = routed else { return Ok(None) };
    let service = name(&route).replace('-', "_");
    stack.copy(&route, "route", "/new*")?;
    let expected = format!("{module}.aws_lb_listener_rule.{service}_new");
    let what = format!("a route to {}", name(&route));
    Ok(Some(Change { what, text: stack.text(), expected: Actions::from([(expected, "create".into())]) }))
}

/// One availability zone more: whatever there is once per zone is created for it, and whatever names the subnets or
/// the route tables of the network is told of the new ones.
fn add_zone(scene: &Scene<'_>) -> Outcome<Option<Change>> {
    let mut stack = Stack::new(scene.text)?;
    let network = [at("network", "main")];
    let overlay = [at("environment", scene.workspace), at("network", "main")];
    let written = match stack.get(&overlay, "zones") {
        Some(zones) => Some((overlay.to_vec(), zones)),
        None => stack.get(&network, "zones").map(|zones| (network.to_vec(), zones)),
    };
    let Some((route, zones)) = written else { return Ok(None) };
    let zones: Vec<String> =
        serde_json::from_str(&zones).map_err(|error| format!("zones {zones}: {error}"))?;
    // Not every region has every letter; these are the most common beside the first two.
    let new = ["c", "d", "a", "b"].into_iter().find(|zone| !zones.iter().any(|known| known == zone));
    let (Some(new), Some(last)) = (new, zones.last()) else { return Ok(None) };
    let key = |zone: &str| format!("[\"{zone}\"]");

    let mut all = zones.clone();
    all.push(new.to_owned());
    stack.set(&route, "zones", &format!("{all:?}"))?;

    let per_zone: Vec<&String> =
        scene.applied.keys().filter(|address| address.ends_with(&key(last))).collect();
    let mut expected: Actions = per_zone
        .iter()
        .map(|address| (address.trim_end_matches(&key(last)).to_owned() + &key(new), "create".to_owned()))
        .collect();
    let told = per_zone.iter().filter_map(|address| {
        let resource = &scene.applied[*address];
        let named = matches!(resource.kind.as_str(), "aws_subnet" | "aws_route_table");
        named.then(|| resource.values["id"].as_str()).flatten()
    });
    let told: Vec<&str> = told.collect();
    for (address, resource) in scene.applied.iter().filter(|(address, _)| !address.ends_with(']')) {
        let text = resource.values.to_string();
        if told.iter().any(|id| text.contains(id)) {
            expected.insert(address.clone(), "update".to_owned());
        }
    }
    let what = format!("zone {new}");
    Ok(Some(Change { what, text: stack.text(), expected }))
}

/// The address of the resource of a type that belongs to a component of this name.
fn address(scene: &Scene<'_>, kind: &str, name: &str) -> Option<String> {
    let wanted = name.replace('-', "_");
    let mut found = scene.applied.iter().filter(|(_, resource)| resource.kind == kind);
    found.find(|(address, _)| label(address) == wanted).map(|(address, _)| address.clone())
}

/// The name of the component that a route leads to.
fn name(route: &Route) -> &str {
    route.last().map_or("", |(_, label)| label)
}
