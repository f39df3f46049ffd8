//! What leads to a service: rules of a load balancer.

use super::fill::Filling;
use super::valid;
use crate::import::read::At;
use crate::import::report::Report;
use crate::import::units;
use crate::import::workload::{Port, Route, Workload};

/// The most hosts of a route that has a path, too: a rule of a load balancer compares five values.
const HOSTS: usize = 4;

/// Reads `http` with its further rules.
pub(super) fn read(
    at: &At,
    internal: bool,
    names: &Filling<'_>,
    workload: &mut Workload,
    report: &mut Report,
) {
    let Some(http) = at.get("http") else { return };
    if !http.is_map() {
        match http.boolean(report) {
            Some(false) => workload.closed = Some(http.origin()),
            _ => report.misshapen(&http.origin(), "a mapping, or `false`"),
        }
        return;
    }
    if http.get("path").is_some() || http.get("alias").is_some() {
        rule(&http, internal, names, workload, report);
    }
    for further in http.get("additional_rules").map(|rules| rules.list(report)).unwrap_or_default() {
        rule(&further, internal, names, workload, report);
    }
    if let Some(version) = http.get("version") {
        match version.text(report).map(|version| version.to_ascii_lowercase()).as_deref() {
            Some("http1" | "http/1.1") => report.mapped(&version.origin(), "HTTP/1.1"),
            _ => report.needs_you(
                &version.origin(),
                "the load balancer speaks HTTP/1.1 to tasks, which gRPC cannot use: let callers inside the network reach it \
                 with `discovery`, or keep a target group of your own in `target_group`",
            ),
        }
    }
    same_checks(workload, report);
}

/// One rule: a route for the path, and another for what is below it.
fn rule(at: &At, internal: bool, names: &Filling<'_>, workload: &mut Workload, report: &mut Report) {
    let mut route = Route::every_path(at.origin());
    route.internal = internal;
    let mut paths = vec!["/".to_owned()];
    if let Some(path) = at.get("path") {
        let text = path.text(report).unwrap_or_default();
        let text = names.here(&text).text;
        let trimmed = text.trim_matches('/');
        if !matches!(trimmed, "" | "*") {
            paths = vec![format!("/{trimmed}"), format!("/{trimmed}/*")];
        }
        if trimmed.ends_with('*') {
            paths.truncate(1);
        }
        route.origin = path.origin();
        if !paths.iter().all(|path| valid::pattern(path)) {
            report.needs_you(&route.origin, "no pattern of paths: write a `route`");
            return;
        }
    }
    if let Some(alias) = at.get("alias") {
        hosts(&alias, names, &mut route, report);
    }
    health(at, &mut route, workload, report);
    if let Some(delay) = at.get("deregistration_delay") {
        route.drain = seconds(&delay, report);
        report.mapped(&delay.origin(), "`drain`");
    }
    if let Some(redirect) = at.get("redirect_to_https") {
        match redirect.boolean(report) {
            Some(false) => {
                report.needs_you(&redirect.origin(), "a load balancer with HTTPS redirects everything")
            }
            _ => report.mapped(&redirect.origin(), "a load balancer with HTTPS redirects everything"),
        }
    }
    if let Some(ips) = at.get("allowed_source_ips") {
        let words = "everybody may connect: write these ranges as `allow` of the load balancer, which limits all of its routes";
        report.needs_you(&ips.origin(), words);
    }
    if !target(at, &mut route, workload, report) {
        return;
    }
    for path in paths {
        match workload.routes.iter_mut().find(|known| known.path == path) {
            Some(known) if known.container == route.container && !known.hosts.is_empty() => {
                known.hosts.extend(route.hosts.iter().cloned());
                known.hosts.dedup();
                report.mapped(&route.origin, "`hosts` of the `route` of this path");
                if known.hosts.len() > HOSTS {
                    known.hosts.truncate(HOSTS);
                    let words =
                        "a route has at most four hosts with a path: give the rest to a second service";
                    report.needs_you(&route.origin, words);
                }
            }
            Some(known) if known.container == route.container => {
                report.mapped(&route.origin, "the `route` of this path leads there from every host");
            }
            Some(_) => report.needs_you(
                &route.origin,
                "a service has one `route` for each path: make a service of its own of the other container",
            ),
            None => workload.routes.push(Route { path, ..route.clone() }),
        }
    }
}

/// `alias`: a host, several, or several with their zones.
fn hosts(alias: &At, names: &Filling<'_>, route: &mut Route, report: &mut Report) {
    let items = if alias.is_list() { alias.items() } else { vec![alias.clone()] };
    for item in items {
        let name = if item.is_map() { item.get("name") } else { Some(item) };
        let Some(name) = name else { continue };
        let Some(text) = name.text(report) else { continue };
        for host in text.split(',').map(str::trim).filter(|host| !host.is_empty()) {
            let filled = names.everywhere(host);
            if filled.unknown || !valid::host(&filled.text) {
                report.needs_you(&name.origin(), "no host name that is known here: write it under `hosts`");
            } else if route.hosts.len() >= HOSTS {
                let words = "a route has at most four hosts with a path: give the rest to a second service";
                report.needs_you(&name.origin(), words);
            } else {
                route.hosts.push(filled.text);
                report.mapped(&name.origin(), "`hosts` of the `route`");
            }
        }
    }
}

fn health(at: &At, route: &mut Route, workload: &mut Workload, report: &mut Report) {
    let Some(check) = at.get("healthcheck") else { return };
    if !check.is_map() {
        route.health_check = check.text(report);
        report.mapped(&check.origin(), "`health_check` of the `route`");
        return;
    }
    if let Some(path) = check.get("path") {
        route.health_check = path.text(report);
        report.mapped(&path.origin(), "`health_check` of the `route`");
    }
    if let Some(codes) = check.get("success_codes") {
        route.healthy_codes = codes.text(report);
        report.mapped(&codes.origin(), "`healthy_codes`");
    }
    for (key, setting) in [("interval", &mut route.interval), ("timeout", &mut route.timeout)] {
        let Some(found) = check.get(key) else { continue };
        *setting = seconds(&found, report);
        report.mapped(&found.origin(), format!("`{key}` of the `route`"));
    }
    // The time to answer is less than the time between two questions.
    route.timeout = route.timeout.map(|timeout| timeout.clamp(2, 120));
    let timeout = route.timeout.unwrap_or(5);
    if timeout >= route.interval.unwrap_or(15).clamp(5, 300) {
        route.interval = Some(timeout + 5);
    }
    if let Some(grace) = check.get("grace_period") {
        workload.grace_period = seconds(&grace, report).or(workload.grace_period);
        report.mapped(&grace.origin(), "`grace_period`");
    }
}

/// The container that a rule leads to; false when it cannot lead there.
fn target(at: &At, route: &mut Route, workload: &mut Workload, report: &mut Report) -> bool {
    let port = at.get("target_port").and_then(|port| Some((port.origin(), port.number(report)?)));
    let named = at.get("target_container").or_else(|| at.get("targetContainer"));
    let mut container = 0;
    if let Some(named) = &named {
        let name = named.text(report).unwrap_or_default();
        match workload.containers.iter().position(|container| container.name == name) {
            Some(found) => {
                container = found;
                report.mapped(&named.origin(), "`container` of the `route`");
            }
            None => {
                report.needs_you(&named.origin(), "there is no container of this name: the main one instead")
            }
        }
    } else if let Some((_, number)) = &port {
        let listens = |port: &Port| u32::from(port.number) == *number;
        let found = workload.containers.iter().position(|container| container.ports.iter().any(listens));
        container = found.unwrap_or(0);
    }
    if container > 0 {
        route.container = Some(workload.containers[container].name.clone());
    }
    let ports = &mut workload.containers[container].ports;
    if let Some((origin, number)) = port {
        let Some(wanted) = u16::try_from(number).ok().filter(|port| *port > 0) else {
            report.needs_you(&origin, "this is no port");
            return false;
        };
        let first = ports.first().map(|port| port.number);
        match first {
            Some(first) if first == wanted => report.mapped(&origin, "the `port` of the container"),
            Some(_) => {
                report.needs_you(
                    &origin,
                    "routes lead to the `port` of a container, and this one has another: serve it there, too, or in a `container` of its own",
                );
                return false;
            }
            None => {
                ports.push(Port { number: wanted, published: None, origin });
            }
        }
    }
    if ports.is_empty() {
        report.needs_you(&route.origin, "the container has no port: write `port`, and a `route`");
        return false;
    }
    true
}

/// Routes to one container have one health check: that of the first.
fn same_checks(workload: &mut Workload, report: &mut Report) {
    let mut firsts: Vec<Route> = Vec::new();
    for route in &mut workload.routes {
        match firsts.iter().find(|first| first.container == route.container) {
            Some(first) => {
                let check = |route: &Route| {
                    (
                        route.health_check.clone(),
                        route.healthy_codes.clone(),
                        route.interval,
                        route.timeout,
                        route.drain,
                    )
                };
                if check(first) != check(route) && first.origin.id != route.origin.id {
                    let words = "routes to one container share the health check of the first";
                    report.remark(crate::import::report::Fate::Assumed, &route.origin, words);
                }
                route.health_check.clone_from(&first.health_check);
                route.healthy_codes.clone_from(&first.healthy_codes);
                (route.interval, route.timeout, route.drain) = (first.interval, first.timeout, first.drain);
            }
            None => firsts.push(route.clone()),
        }
    }
}

/// A duration, with a note when it is none.
pub(super) fn seconds(at: &At, report: &mut Report) -> Option<u32> {
    let found = at.text(report).as_deref().and_then(units::seconds);
    if found.is_none() {
        report.misshapen(&at.origin(), "a duration such as `30s`");
    }
    found
}
