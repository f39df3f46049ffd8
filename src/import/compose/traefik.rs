//! Routes that labels give to Traefik.

use crate::import::read::At;
use crate::import::report::Report;
use crate::import::workload::{Port, Route, Workload};

/// Reads the rules of routers and the ports of services.
pub(super) fn routes(at: &At, workload: &mut Workload, report: &mut Report) {
    for (name, label) in at.get("labels").map(|labels| labels.entries()).unwrap_or_default() {
        let Some(text) = label.node.text() else { continue };
        if name.starts_with("traefik.http.routers.") && name.ends_with(".rule") {
            let mut route = Route::every_path(label.origin());
            route.hosts = arguments(text, "Host(");
            let paths: Vec<String> =
                arguments(text, "PathPrefix(").into_iter().chain(arguments(text, "Path(")).collect();
            if paths.len() > 1 {
                report.needs_you(&label.origin(), "a rule with several paths: only the first is a `route`");
            }
            if let Some(path) = paths.first().filter(|path| path.starts_with('/') && *path != "/") {
                route.path = format!("{}*", path.trim_end_matches('*'));
            }
            if route.hosts.is_empty() && paths.is_empty() {
                report.needs_you(&label.origin(), "this rule has no host and no path: write a `route`");
                continue;
            }
            route.hosts.retain(|host| crate::aws::hosts::is_host_pattern(host));
            workload.routes.push(route);
        } else if name.starts_with("traefik.http.services.") && name.ends_with(".loadbalancer.server.port") {
            let Ok(number) = text.parse::<u16>() else { continue };
            let ports = &mut workload.containers[0].ports;
            match ports.iter().position(|port| port.number == number) {
                Some(found) => ports[..=found].rotate_right(1),
                None => ports.insert(0, Port { number, published: None, origin: label.origin() }),
            }
            report.mapped(&label.origin(), "`port`");
        } else if let Some(words) = middleware(&name) {
            report.needs_you(&label.origin(), words);
        } else if name.starts_with("traefik.http.routers.") && name.contains(".tls") {
            report.mapped(&label.origin(), "ACM makes and renews the certificate");
        } else if name.starts_with("traefik.") {
            report.dropped(&label.origin(), "for Traefik, in whose place a load balancer stands");
        } else {
            report.dropped(&label.origin(), "nothing reads labels on Fargate");
        }
    }
    // A route needs a port; Traefik takes 80 when the image says none.
    if !workload.routes.is_empty() && workload.containers[0].ports.is_empty() {
        let origin = workload.routes[0].origin.clone();
        workload.containers[0].ports.push(Port { number: 80, published: None, origin });
    }
}

/// What a person has to do in place of something that Traefik did with requests.
fn middleware(name: &str) -> Option<&'static str> {
    let kind = name.strip_prefix("traefik.http.middlewares.")?.split('.').nth(1)?.to_ascii_lowercase();
    match kind.as_str() {
        "basicauth" | "digestauth" | "forwardauth" => {
            Some("a load balancer does not ask who comes in: have the program do it, or nobody does any more")
        }
        "ipwhitelist" | "ipallowlist" => Some("write these ranges under `allow` of the `load_balancer`"),
        "ratelimit" | "inflightreq" => {
            Some("a load balancer does not limit requests: add a `firewall` with a limit")
        }
        "stripprefix" | "stripprefixregex" | "addprefix" | "replacepath" | "replacepathregex" => Some(
            "a load balancer passes paths on as they are: have the program serve them where they come in",
        ),
        "redirectregex" => Some("have the program lead to the other address"),
        _ => None,
    }
}

/// What stands in quotes behind a matcher: of "Host(`a`, `b`)" both.
pub(in crate::import) fn arguments(rule: &str, matcher: &str) -> Vec<String> {
    let mut found = Vec::new();
    for (at, _) in rule.match_indices(matcher) {
        let inner = &rule[at + matcher.len()..];
        let inner = &inner[..inner.find(')').unwrap_or(inner.len())];
        let pieces = inner.split([',', '`', '"', '\'', ' ']).filter(|piece| !piece.is_empty());
        found.extend(pieces.map(str::to_owned));
    }
    found
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_traefik_did_with_requests_is_asked_for() {
        let asked = |name: &str| middleware(&format!("traefik.http.middlewares.x.{name}")).is_some();
        assert!(asked("basicauth.users") && asked("stripPrefix.prefixes") && !asked("compress"));
    }

    #[test]
    fn hosts_and_paths_are_found_in_rules() {
        let rule = "Host(`a.example`, `b.example`) && PathPrefix(`/api`)";
        assert_eq!(arguments(rule, "Host("), ["a.example", "b.example"]);
        assert_eq!(arguments(rule, "PathPrefix("), ["/api"]);
        assert!(arguments("Host(`a", "PathPrefix(").is_empty());
    }
}
