//! Ingresses become routes of the load balancer.

use std::collections::BTreeSet;

use super::annotations::{self, Told};
use super::cluster::{self, Cluster, ServicePort};
use super::extensions;
use super::objects::Object;
use super::pod::Found;
use crate::aws::hosts;
use crate::import::read::At;
use crate::import::report::Report;
use crate::import::routes;
use crate::import::workload::System;
use crate::import::yaml::NodeId;

/// Reads the rules of every Ingress.
pub(super) fn read(found: &mut [Found], cluster: &Cluster, system: &mut System, report: &mut Report) {
    for object in cluster.objects.iter().filter(|object| object.kind == "Ingress") {
        let told = annotations::read(object, system, report);
        let particular = told != Told::default();
        let known: BTreeSet<NodeId> = origins(found).filter(|_| particular).collect();
        let Some(spec) = object.at.get("spec") else { continue };
        for backend in ["defaultBackend", "backend"].into_iter().filter_map(|key| spec.get(key)) {
            lead(&backend, &["/".to_owned()], None, object, cluster, found, report);
        }
        for rule in spec.get("rules").map(|rules| rules.list(report)).unwrap_or_default() {
            let host = rule.get("host").and_then(|host| {
                let text = host.text(report)?;
                if hosts::is_host_pattern(&text) {
                    report.mapped(&host.origin(), "`hosts`");
                    Some(text)
                } else {
                    report.needs_you(
                        &host.origin(),
                        "no host name that a load balancer compares: write `hosts`",
                    );
                    None
                }
            });
            let paths = rule.get("http").and_then(|http| http.get("paths"));
            for path in paths.map(|paths| paths.list(report)).unwrap_or_default() {
                let patterns = patterns(&path, report);
                let Some(backend) = path.get("backend") else { continue };
                lead(&backend, &patterns, host.as_deref(), object, cluster, found, report);
            }
        }
        for route in found.iter_mut().filter(|_| particular).flat_map(|one| &mut one.workload.routes) {
            if !known.contains(&route.origin.id) {
                told.apply(route);
            }
        }
        for tls in spec.get("tls").map(|tls| tls.list(report)).unwrap_or_default() {
            for host in tls.get("hosts").map(|hosts| hosts.list(report)).unwrap_or_default() {
                let Some(text) = host.text(report) else { continue };
                if !hosts::is_host_pattern(&text) || text.contains(['*', '?']) {
                    let words = "no name that a certificate is made for here: write it under `aliases`";
                    report.needs_you(&host.origin(), words);
                    continue;
                }
                if !system.domains.iter().any(|known| known.value == text) {
                    system.domains.push(host.sourced(text));
                }
            }
            if let Some(secret) = tls.get("secretName") {
                report.mapped(&secret.origin(), "ACM makes and renews the certificate");
            }
        }
    }
    extensions::read(found, cluster, report);
    apart(found, report);
    // A load balancer that serves one name needs no rule to tell it from others.
    let mut names: Vec<&String> =
        found.iter().flat_map(|one| &one.workload.routes).flat_map(|route| &route.hosts).collect();
    names.sort();
    names.dedup();
    if let ([only], [domain]) = (names.as_slice(), system.domains.as_slice())
        && **only == domain.value
    {
        found.iter_mut().flat_map(|one| &mut one.workload.routes).for_each(|route| route.hosts.clear());
    }
}

/// What the routes that there are come from.
fn origins(found: &[Found]) -> impl Iterator<Item = NodeId> {
    found.iter().flat_map(|one| &one.workload.routes).map(|route| route.origin.id)
}

/// Leaves every path of a host to the first service that has it, as a load balancer does.
fn apart(found: &mut [Found], report: &mut Report) {
    let mut taken: BTreeSet<(String, Option<String>)> = BTreeSet::new();
    for one in found {
        let name = one.name.clone();
        one.workload.routes.retain_mut(|route| {
            let mut own = |host: Option<&String>| taken.insert((route.path.clone(), host.cloned()));
            let free = if route.hosts.is_empty() {
                own(None)
            } else {
                route.hosts.retain(|host| own(Some(host)));
                !route.hosts.is_empty()
            };
            if !free {
                let words = format!(
                    "`{}` leads to another service already: `{name}` needs a path or host of its own",
                    route.path
                );
                report.needs_you(&route.origin, words);
            }
            free
        });
    }
}

/// The patterns that a path stands for: a prefix is matched by whole elements.
fn patterns(path: &At, report: &mut Report) -> Vec<String> {
    let text = path.get("path").and_then(|path| path.text(report)).unwrap_or_else(|| "/".to_owned());
    let kind = path.get("pathType").and_then(|kind| kind.text(report));
    if let Some(said) = path.get("pathType") {
        report.mapped(&said.origin(), "as far as a load balancer compares paths");
    }
    let Some(said) = path.get("path") else { return vec!["/".to_owned()] };
    let plain = text.split(['(', '[', '^', '$', '\\', '*', '?']).next().unwrap_or_default();
    if plain.len() < text.len() && !matches!(text.strip_prefix(plain), Some("*")) {
        let words = "a pattern that a load balancer does not know";
        if plain.len() < 2 {
            report.needs_you(&said.origin(), format!("{words}: write a `route`"));
            return Vec::new();
        }
        let words = format!("{words}: everything that begins with `{plain}` leads there");
        report.needs_you(&said.origin(), words);
        return vec![format!("{plain}*")];
    }
    report.mapped(&said.origin(), "`route`");
    let stem = plain.trim_end_matches('/');
    match kind.as_deref() {
        Some("Exact") => vec![plain.to_owned()],
        _ if stem.is_empty() => vec!["/".to_owned()],
        Some("Prefix") => vec![stem.to_owned(), format!("{stem}/*")],
        // Each controller has its own idea; most take it for the beginning of a text.
        _ => vec![format!("{stem}*")],
    }
}

/// Gives routes to the service behind a backend.
pub(super) fn lead(
    backend: &At,
    patterns: &[String],
    host: Option<&str>,
    object: &Object,
    cluster: &Cluster,
    found: &mut [Found],
    report: &mut Report,
) {
    let old = backend.get("serviceName");
    let service = backend.get("service");
    let name = old.or_else(|| service.as_ref()?.get("name")).or_else(|| backend.get("name"));
    let port = backend.get("servicePort").or_else(|| backend.get("port")).or_else(|| {
        let port = service.as_ref()?.get("port")?;
        port.get("number").or_else(|| port.get("name"))
    });
    let Some(text) = name.as_ref().and_then(|name| name.text(report)) else { return };
    let known = cluster.service(&text, &object.namespace);
    let target = known.and_then(|known| {
        let one = found.iter_mut().find(|one| cluster::selects(known, &one.namespace, &one.labels))?;
        let wanted = port.as_ref().and_then(|port| port.node.text());
        let same = |port: &&ServicePort| match wanted {
            Some(wanted) => port.name.as_deref() == Some(wanted) || port.port.to_string() == wanted,
            None => true,
        };
        Some((one, known.ports.iter().find(same).or(known.ports.first())?.target))
    });
    let Some((one, target)) = target else {
        report.needs_you(
            &backend.origin(),
            "it leads to a Service that has no pods in the input: add a `route`",
        );
        return;
    };
    if let Some(port) = &port {
        report.mapped(&port.origin(), "the `container` with that port");
    }
    if patterns.is_empty() {
        report.dropped(&backend.origin(), "its path is none that a load balancer knows");
    }
    let origin = name.map_or_else(|| backend.origin(), |name| name.origin());
    for path in patterns {
        routes::add(&mut one.workload, path, host, target, &origin, report);
    }
}
