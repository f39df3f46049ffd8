//! Probes: what a load balancer asks, or what ECS runs in the container.

use super::container::NamedPort;
use crate::import::read::{At, Origin};
use crate::import::report::{Fate, Report};
use crate::import::workload::{Container, HealthCheck, Route, Workload};

/// What the probes of a container ask over HTTP.
pub(super) struct Asked {
    container: String,
    port: u16,
    path: String,
    origin: Origin,
    check: HealthCheck,
}

/// Reads the probes of a container. A command becomes its health check; a request waits for the routes to be known.
pub(super) fn read(
    at: &At,
    ports: &[NamedPort],
    container: &mut Container,
    report: &mut Report,
) -> Option<Asked> {
    let mut asked: Option<Asked> = None;
    // What says that a container is alive comes first: ECS replaces a task that is not.
    let probes = ["livenessProbe", "readinessProbe", "startupProbe"].map(|key| at.get(key));
    let start = start_period(&probes, report);
    for probe in probes.iter().flatten() {
        let mut check = times(probe, report);
        check.start_period = start;
        if let Some(command) = probe.get("exec").and_then(|exec| exec.get("command")) {
            let words = command.texts(report);
            if container.health_check.is_none() && !words.is_empty() {
                container.health_check = Some(HealthCheck { command: words, ..check });
                report.mapped(&command.origin(), "`health_check`");
            } else {
                report.dropped(&command.origin(), "a container has one health check");
            }
        } else if let Some(request) = probe.get("httpGet") {
            let port =
                request.get("port").and_then(|port| port.text(report)).and_then(|text| number(&text, ports));
            let path = request.get("path").map_or(Some("/".to_owned()), |path| path.text(report));
            let (Some(port), Some(path)) = (port, path) else { continue };
            let path = format!("/{}", path.trim_start_matches('/').replace(char::is_whitespace, "%20"));
            let origin = request.origin();
            match &asked {
                Some(other) if other.port == port && other.path == path => {
                    report.mapped(&origin, "the same question");
                }
                Some(_) => report.dropped(&origin, "a container has one health check"),
                None => asked = Some(Asked { container: container.name.clone(), port, path, origin, check }),
            }
        } else if let Some(socket) = probe.get("tcpSocket") {
            report.dropped(
                &socket.origin(),
                "a load balancer asks the port; without one ECS sees when the process ends",
            );
        } else if let Some(grpc) = probe.get("grpc") {
            report.needs_you(
                &grpc.origin(),
                "give the image a program such as `grpc_health_probe`, and write `health_check`",
            );
        }
    }
    asked
}

/// The number of a port by number or name.
pub(super) fn number(text: &str, ports: &[NamedPort]) -> Option<u16> {
    let named = || ports.iter().find(|port| port.name.as_deref() == Some(text)).map(|port| port.number);
    text.parse().ok().or_else(named)
}

fn times(probe: &At, report: &mut Report) -> HealthCheck {
    let mut number = |key: &str, words: &str| {
        let found = probe.get(key)?;
        report.mapped(&found.origin(), words);
        found.number(report)
    };
    HealthCheck {
        interval: number("periodSeconds", "`interval`, at least 5 seconds"),
        timeout: number("timeoutSeconds", "`timeout`, at least 2 seconds"),
        retries: number("failureThreshold", "`retries`"),
        ..HealthCheck::default()
    }
}

/// How long a container may take to start: what a startup probe allows, or the longest delay.
fn start_period(probes: &[Option<At>; 3], report: &mut Report) -> Option<u32> {
    let mut longest = None;
    for (index, probe) in probes.iter().enumerate() {
        let Some(probe) = probe else { continue };
        let mut number = |key: &str, otherwise: u32| {
            probe.get(key).and_then(|found| found.number(report)).unwrap_or(otherwise)
        };
        let mut delay = number("initialDelaySeconds", 0);
        if index == 2 {
            let allowed = number("failureThreshold", 3).saturating_mul(number("periodSeconds", 10));
            delay = delay.saturating_add(allowed);
        }
        if let Some(said) = probe.get("initialDelaySeconds") {
            report.mapped(&said.origin(), "`start_period`, or `grace_period` with a route");
        }
        // More than an hour is nobody's start.
        longest = longest.max(Some(delay.min(3600)).filter(|delay| *delay > 0));
    }
    longest
}

/// Gives what was asked over HTTP to the routes of the container, or to a command in it.
pub(super) fn settle(asked: Vec<Asked>, workload: &mut Workload, report: &mut Report) {
    let main = workload.containers[0].name.clone();
    for Asked { container, port, path, origin, check } in asked {
        let of_container = |name: &Option<String>| name.as_deref().unwrap_or(&main) == container;
        let Some(found) = workload.containers.iter_mut().find(|known| known.name == container) else {
            continue;
        };
        let first = found.ports.first().map(|first| first.number);
        let open = found.ports.iter().any(|own| own.number == port && own.published.is_some());
        let mut routed = open;
        if open {
            found.answers_at = Some(path.clone());
        }
        for route in &mut workload.routes {
            if of_container(&route.container) && first == Some(port) {
                // What an Ingress says of it holds.
                route.health_check.get_or_insert_with(|| path.clone());
                routed = true;
            }
        }
        if routed {
            if let Some(delay) = check.start_period {
                workload.grace_period = workload.grace_period.max(Some(delay));
            }
            report.mapped(&origin, "`health_check` of its routes");
            continue;
        }
        let unasked = |route: &&Route| of_container(&route.container) && route.health_check.is_none();
        if workload.routes.iter().any(|route| unasked(&route)) {
            let words = "the load balancer asks the port that its route leads to, and there for `/`: write `health_check` of \
                         the `route` with a path that answers";
            report.remark(Fate::NeedsYou, &origin, words);
        }
        if found.health_check.is_none() {
            let url = format!("http://127.0.0.1:{port}{path}");
            let quoted = format!("'{}'", url.replace('\'', "%27"));
            found.health_check = Some(HealthCheck {
                shell: Some(format!(
                    "curl -fsS -o /dev/null {quoted} || wget -qO /dev/null {quoted} || exit 1"
                )),
                ..check
            });
            report.assumed(
                &origin,
                "`health_check`: ECS asks nothing over HTTP but runs a command, so the image needs a shell and `curl` or \
                 `wget`; remove the block where it has neither",
            );
        } else {
            report.dropped(&origin, "a container has one health check");
        }
    }
}
