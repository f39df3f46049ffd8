//! What controllers of Ingresses are told, as far as it changes what a request meets.

use super::objects::Object;
use crate::aws::cidr;
use crate::import::arn;
use crate::import::read::At;
use crate::import::report::Report;
use crate::import::workload::{Route, System};

/// What annotations say about every route of an Ingress.
#[derive(Default, PartialEq, Eq)]
pub(super) struct Told {
    internal: bool,
    health_check: Option<String>,
    healthy_codes: Option<String>,
    interval: Option<u32>,
    timeout: Option<u32>,
    drain: Option<u32>,
}

impl Told {
    /// Gives a route what it says.
    pub(super) fn apply(&self, route: &mut Route) {
        route.internal = self.internal;
        route.health_check = self.health_check.clone().or(route.health_check.take());
        route.healthy_codes = self.healthy_codes.clone().or(route.healthy_codes.take());
        route.interval = self.interval.or(route.interval);
        route.timeout = self.timeout.or(route.timeout);
        route.drain = self.drain.or(route.drain);
    }
}

/// Reads the annotations of an Ingress.
pub(super) fn read(object: &Object, system: &mut System, report: &mut Report) -> Told {
    let mut told = Told::default();
    let all = object.at.get("metadata").and_then(|metadata| metadata.get("annotations"));
    for (name, value) in all.map(|all| all.entries()).unwrap_or_default() {
        let (group, setting) = name.split_once('/').unwrap_or(("", &name));
        let text = value.node.text().unwrap_or_default();
        let known = match group {
            "alb.ingress.kubernetes.io" => balancer(setting, text, &value, &mut told, system, report),
            _ => false,
        };
        if known {
            continue;
        }
        let origin = value.origin();
        match advice(setting) {
            Some(words) => report.needs_you(&origin, words),
            None if group.ends_with("cert-manager.io") => {
                report.mapped(&origin, "ACM makes and renews the certificate");
            }
            None => match setting {
                "scheme" | "ingress.class" => report.dropped(&origin, "an application load balancer"),
                "ssl-redirect" | "force-ssl-redirect" | "actions.ssl-redirect" => {
                    report.mapped(&origin, "with `https` always so");
                }
                "affinity" | "session-cookie-name" => {
                    report.dropped(&origin, "requests go to any task: keep sessions in a `cache`");
                }
                "proxy-body-size" => report.dropped(&origin, "the load balancer has no such limit"),
                _ => report.dropped(&origin, "for the controller of the cluster"),
            },
        }
    }
    told
}

/// A setting of the AWS Load Balancer Controller that a stack has a word for; whether it is one.
fn balancer(
    setting: &str,
    text: &str,
    value: &At,
    told: &mut Told,
    system: &mut System,
    report: &mut Report,
) -> bool {
    let seconds = || text.parse::<u32>().ok();
    let words = match setting {
        "scheme" if text == "internal" => {
            told.internal = true;
            "`internal` of the `load_balancer`"
        }
        "scheme" => "reached from the internet",
        "certificate-arn" if is_certificate(text) => {
            system.entrance.certificate.get_or_insert_with(|| value.sourced(text.to_owned()));
            "`certificate` of the `load_balancer`"
        }
        "inbound-cidrs" => {
            let ranges: Vec<&str> = text.split(',').map(str::trim).collect();
            if !ranges.iter().all(|range| cidr::parse(range).is_ok()) {
                return false;
            }
            for range in ranges {
                if !system.entrance.allow.iter().any(|known| known == range) {
                    system.entrance.allow.push(range.to_owned());
                }
            }
            "`allow` of the `load_balancer`"
        }
        "healthcheck-path" if text.starts_with('/') => {
            told.health_check = Some(text.to_owned());
            "`health_check` of its routes"
        }
        "success-codes" if text.chars().all(|c| c.is_ascii_digit() || ",-".contains(c)) => {
            told.healthy_codes = Some(text.to_owned());
            "`healthy_codes` of its routes"
        }
        "healthcheck-interval-seconds" if seconds().is_some() => {
            told.interval = seconds();
            "`interval` of its routes"
        }
        "healthcheck-timeout-seconds" if seconds().is_some() => {
            told.timeout = seconds();
            "`timeout` of its routes"
        }
        "target-group-attributes" => {
            let attribute = |name: &str| {
                let mut pairs = text.split(',').filter_map(|pair| pair.trim().split_once('='));
                pairs.find(|(known, _)| *known == name).map(|(_, value)| value)
            };
            let drain =
                attribute("deregistration_delay.timeout_seconds").and_then(|delay| delay.parse().ok());
            let Some(drain) = drain else { return false };
            told.drain = Some(drain);
            "`drain` of its routes; of other attributes nothing"
        }
        "target-type" | "listen-ports" => "as the load balancer of a stack does it",
        _ => return false,
    };
    report.mapped(&value.origin(), words);
    true
}

fn is_certificate(text: &str) -> bool {
    arn::account(text).is_some() && text.contains(":acm:") && !text.contains(',')
}

/// What a person has to do about a setting, because requests would meet something else without it.
fn advice(setting: &str) -> Option<&'static str> {
    Some(match setting {
        "rewrite-target" | "app-root" | "permanent-redirect" | "temporal-redirect" => {
            "the load balancer passes paths on as they are: have the program serve them where they come in"
        }
        "auth-url" | "auth-type" | "auth-secret" | "auth-signin" => {
            "the load balancer asks nobody who they are: have the program do it"
        }
        "whitelist-source-range" | "inbound-cidrs" => {
            "write these ranges under `allow` of the `load_balancer`"
        }
        "proxy-read-timeout" | "proxy-send-timeout" | "load-balancer-attributes" => {
            "what it says of idle connections is `idle_timeout` of the `route`"
        }
        "certificate-arn" => "write one as `certificate` of the `load_balancer`",
        "backend-protocol" | "backend-protocol-version" => {
            "the load balancer speaks HTTP/1.1 to tasks, in plain text: have the container listen so"
        }
        "wafv2-acl-arn" | "limit-rps" | "limit-rpm" | "limit-connections" => "write a `firewall`",
        "server-alias" => "add these names to `hosts` of the `route`",
        "configuration-snippet" | "server-snippet" | "router.middlewares" => {
            "the load balancer passes requests on as they are: what this changed belongs in the program"
        }
        "enable-cors" => "the load balancer answers nothing itself: have the program send these headers",
        _ if setting.starts_with("canary") => {
            "a load balancer of a stack divides nothing by weight or header: deploy with the `pipeline`"
        }
        _ if setting.starts_with("actions.") && setting != "actions.ssl-redirect"
            || setting.starts_with("conditions.") =>
        {
            "a rule of its own: write a `route` that says the same"
        }
        _ => return None,
    })
}
