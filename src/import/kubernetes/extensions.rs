//! Routes that extensions of a cluster know: IngressRoutes of Traefik and HTTPRoutes of the Gateway API.

use super::cluster::Cluster;
use super::ingress::lead;
use super::objects::Object;
use super::pod::Found;
use crate::aws::hosts;
use crate::import::compose::traefik;
use crate::import::read::At;
use crate::import::report::{Fate, Report};

/// Reads the rules of every object of these kinds.
pub(super) fn read(found: &mut [Found], cluster: &Cluster, report: &mut Report) {
    for object in &cluster.objects {
        match object.kind.as_str() {
            "IngressRoute" => traefik(object, found, cluster, report),
            "HTTPRoute" => gateway(object, found, cluster, report),
            _ => {}
        }
    }
}

/// The rules of an IngressRoute, each an expression.
fn traefik(object: &Object, found: &mut [Found], cluster: &Cluster, report: &mut Report) {
    let routes = object.at.get("spec").and_then(|spec| spec.get("routes"));
    for route in routes.map(|routes| routes.list(report)).unwrap_or_default() {
        let Some(rule) = route.get("match") else { continue };
        let Some(text) = rule.text(report) else { continue };
        let names = fitting(traefik::arguments(&text, "Host("), &rule, report);
        let prefixes = traefik::arguments(&text, "PathPrefix(");
        let exact = traefik::arguments(&text, "Path(");
        let mut patterns: Vec<String> =
            prefixes.iter().map(|prefix| format!("{}*", prefix.trim_end_matches(['*', '/']))).collect();
        patterns.extend(exact);
        patterns.iter_mut().filter(|pattern| *pattern == "*").for_each(|pattern| *pattern = "/".to_owned());
        let more = ["Headers(", "Method(", "Query(", "Regexp(", "ClientIP(", "||", "!"];
        if more.iter().any(|word| text.contains(word)) || names.is_empty() && patterns.is_empty() {
            let words = "a load balancer compares hosts and paths: write a `route` that says the same";
            report.needs_you(&rule.origin(), words);
            continue;
        }
        if patterns.is_empty() {
            patterns.push("/".to_owned());
        }
        report.mapped(&rule.origin(), "`route`");
        each(&route, "services", &patterns, &names, object, found, cluster, report);
    }
}

/// The rules of an HTTPRoute.
fn gateway(object: &Object, found: &mut [Found], cluster: &Cluster, report: &mut Report) {
    let Some(spec) = object.at.get("spec") else { return };
    let listed = spec.get("hostnames");
    let names = listed.as_ref().map(|names| names.texts(report)).unwrap_or_default();
    let names = match &listed {
        Some(listed) => fitting(names, listed, report),
        None => names,
    };
    if let Some(listed) = listed {
        report.mapped(&listed.origin(), "`hosts`");
    }
    for rule in spec.get("rules").map(|rules| rules.list(report)).unwrap_or_default() {
        let mut patterns = Vec::new();
        let matches = rule.get("matches");
        for one in matches.as_ref().map(|matches| matches.list(report)).unwrap_or_default() {
            let more = ["headers", "method", "queryParams"];
            if one.node.map().is_some_and(|map| more.iter().any(|key| map.contains_key(*key))) {
                let words = "a load balancer compares hosts and paths: write a `route` that says the same";
                report.needs_you(&one.origin(), words);
                continue;
            }
            let Some(path) = one.get("path") else { continue };
            let value = path.get("value").and_then(|value| value.text(report));
            let stem = value.as_deref().unwrap_or("/").trim_end_matches('/').to_owned();
            let kind = path.get("type").and_then(|kind| kind.text(report));
            match kind.as_deref() {
                Some("RegularExpression") => {
                    report.needs_you(
                        &path.origin(),
                        "a pattern that a load balancer does not know: write a `route`",
                    );
                    continue;
                }
                _ if stem.is_empty() => patterns.push("/".to_owned()),
                Some("Exact") => patterns.push(stem),
                _ => patterns.extend([stem.clone(), format!("{stem}/*")]),
            }
            report.mapped(&path.origin(), "`route`");
        }
        if matches.is_none() {
            patterns.push("/".to_owned());
        }
        if !patterns.is_empty() {
            each(&rule, "backendRefs", &patterns, &names, object, found, cluster, report);
        }
    }
}

/// Leads paths of hosts to the first backend of a rule.
#[expect(clippy::too_many_arguments, reason = "it hands on what `lead` takes")]
fn each(
    rule: &At,
    key: &str,
    patterns: &[String],
    names: &[String],
    object: &Object,
    found: &mut [Found],
    cluster: &Cluster,
    report: &mut Report,
) {
    let backends = rule.get(key).map(|backends| backends.list(report)).unwrap_or_default();
    let Some((first, others)) = backends.split_first() else { return };
    for other in others {
        report
            .needs_you(&other.origin(), "a route leads to one service: make one of both, or give it a path");
    }
    if names.is_empty() {
        lead(first, patterns, None, object, cluster, found, report);
    }
    for name in names {
        lead(first, patterns, Some(name), object, cluster, found, report);
    }
}

/// The names that a load balancer compares.
fn fitting(names: Vec<String>, at: &At, report: &mut Report) -> Vec<String> {
    let (fine, other): (Vec<String>, Vec<String>) =
        names.into_iter().partition(|name| hosts::is_host_pattern(name));
    if !other.is_empty() {
        report.remark(
            Fate::NeedsYou,
            &at.origin(),
            "no host name that a load balancer compares: write `hosts`",
        );
    }
    fine
}
