//! What `run_params` says of the network, and of names in DNS.

use crate::import::read::At;
use crate::import::report::Report;
use crate::import::workload::{TaskNetwork, Workload};

/// Reads the network, and adds security groups and a name to the task; `project` is what ecs-cli calls its service.
pub(super) fn read(run: &At, task: &mut Workload, project: &str, report: &mut Report) -> Option<TaskNetwork> {
    let discovery = run.get("service_discovery");
    if let Some(discovery) = &discovery {
        named(discovery, task, project, report);
    }
    let namespace = discovery.and_then(|discovery| discovery.get("private_dns_namespace"));
    let vpc = namespace.and_then(|namespace| namespace.get("vpc"));
    let at = run.get("network_configuration").and_then(|network| network.get("awsvpc_configuration"));
    let at = at.filter(At::is_map)?;
    let mut public = None;
    if let Some(address) = at.get("assign_public_ip") {
        public = address.text(report).map(|text| text.eq_ignore_ascii_case("ENABLED"));
        report.mapped(
            &address.origin(),
            "whether tasks have public addresses: `nat`, or `public_tasks` of the `network`",
        );
    }
    for group in at.get("security_groups").map(|groups| groups.list(report)).unwrap_or_default() {
        if let Some(id) = group.text(report) {
            task.security_groups.push(group.sourced(id));
        }
    }
    let subnets = at.get("subnets");
    let listed = subnets.as_ref().map(|subnets| subnets.texts(report)).unwrap_or_default();
    let vpc = vpc.and_then(|vpc| {
        report.mapped(&vpc.origin(), "the VPC of the `network`");
        vpc.text(report)
    });
    let origin = subnets.unwrap_or(at).origin();
    Some(TaskNetwork { vpc, subnets: listed, public: public.unwrap_or(false), origin })
}

/// The name that the service has in DNS.
fn named(at: &At, task: &mut Workload, project: &str, report: &mut Report) {
    let text = |path: &[&str]| -> Option<String> {
        let found = path.iter().try_fold(at.clone(), |at, key| at.get(key))?;
        found.node.text().map(str::to_owned)
    };
    let host = text(&["service_discovery_service", "name"]).unwrap_or_else(|| project.to_owned());
    if let Some(public) = at.get("public_dns_namespace") {
        let words =
            "a name for the whole internet: `discovery` gives one inside the network only; use a `route`";
        report.needs_you(&public.origin(), words);
    }
    for path in [&["private_dns_namespace", "name"], &["service_discovery_service", "name"]] {
        let found = path.iter().try_fold(at.clone(), |at, key| at.get(key));
        if let Some(found) = found {
            report.mapped(&found.origin(), "`discovery`, and a name by which others mean it");
        }
    }
    if let Some(namespace) = text(&["private_dns_namespace", "name"]) {
        task.aliases.push(format!("{host}.{namespace}"));
    }
    task.registered = true;
}
