//! Names of Services in values: one name for each, and the port of the container in place of that of the Service.

use super::cluster::{Cluster, Service};
use crate::import::variables::{Url, split_name};

/// A value in which every host that means a Service is called by the one name that it has in the import, with the port
/// on which its containers listen.
pub(super) fn rewritten(value: &str, namespace: &str, cluster: &Cluster) -> String {
    let mut text = String::new();
    for (index, item) in value.split(',').enumerate() {
        if index > 0 {
            text.push(',');
        }
        text.push_str(&one(item, namespace, cluster));
    }
    text
}

/// A URL, a host, or a host and port; anything else stays as it is.
fn one(item: &str, namespace: &str, cluster: &Cluster) -> String {
    let (before, after) = match item.find("://") {
        Some(at) => item.split_at(at + 3),
        None => ("", item),
    };
    let end = match before.is_empty() {
        true => after.len(),
        false => after.find(['/', '?', '#']).unwrap_or(after.len()),
    };
    let (authority, rest) = after.split_at(end);
    let (user, address) = match authority.rfind('@').filter(|_| !before.is_empty()) {
        Some(at) => authority.split_at(at + 1),
        None => ("", authority),
    };
    let (host, port) = match address.split_once(':') {
        Some((host, port)) => (host, Some(port)),
        None => (address, None),
    };
    let Some(service) = cluster.host(host, namespace) else { return item.to_owned() };
    let scheme = before.trim_end_matches("://");
    let Some(port) = port_of(service, scheme, port) else { return item.to_owned() };
    let name = service.external.clone().unwrap_or_else(|| cluster.canonical(service));
    format!("{before}{user}{name}{port}{rest}")
}

/// The port to write behind a host, with its colon; `None` when what stands there is no port.
fn port_of(service: &Service, scheme: &str, written: Option<&str>) -> Option<String> {
    let usual = match scheme {
        "http" | "ws" => Some(80),
        "https" | "wss" => Some(443),
        _ => None,
    };
    let wanted = match written {
        Some(text) => Some(text.parse::<u16>().ok()?),
        None => usual,
    };
    let port = wanted.and_then(|wanted| service.ports.iter().find(|port| port.port == wanted));
    let target = port.map_or(wanted, |port| Some(port.target));
    Some(match target {
        Some(target) if written.is_some() || usual != Some(target) => format!(":{target}"),
        _ => String::new(),
    })
}

/// Schemes of what listens at a port.
const SCHEMES: [&str; 17] = [
    "http",
    "https",
    "ws",
    "wss",
    "redis",
    "rediss",
    "postgres",
    "postgresql",
    "mysql",
    "mysql2",
    "mariadb",
    "mongodb",
    "amqp",
    "amqps",
    "nats",
    "grpc",
    "tcp",
];

/// Whether a value leads to a name without a domain that no Service of the input has: a host in a URL, one with a port, or
/// what a variable for a host holds.
pub(super) fn is_lost(name: &str, value: &str, namespace: &str, cluster: &Cluster) -> bool {
    let (prefix, word) = split_name(name);
    let own = ["", "APP", "SERVER", "BIND", "LISTEN", "VIRTUAL", "HTTP", "WEB", "PUBLIC", "NODE", "POD"];
    let named = word == "HOST" && !own.contains(&prefix.as_str());
    let called = named
        || matches!(word.as_str(), "ADDR" | "ADDRESS" | "URL" | "URI" | "ENDPOINT" | "SERVERS" | "HOSTS");
    let host = |item: &str| -> Option<String> {
        if let Some(url) = Url::parse(item) {
            let scheme = url.scheme.trim_start_matches("jdbc:");
            return SCHEMES.contains(&scheme).then(|| url.host.to_owned());
        }
        match item.split_once(':') {
            Some((host, port)) => (called && port.parse::<u16>().is_ok()).then(|| host.to_owned()),
            None => named.then(|| item.to_owned()),
        }
    };
    value.split(',').filter_map(host).any(|host| {
        let label = |c: char| c.is_ascii_alphanumeric() || c == '-';
        let plain = host.starts_with(|c: char| c.is_ascii_alphabetic()) && host.chars().all(label);
        plain && host != "localhost" && cluster.host(&host, namespace).is_none()
    })
}

/// Whether a value names a Service that the input does not have.
pub(super) fn is_foreign(value: &str) -> bool {
    let words = value.split(|c: char| !(c.is_ascii_alphanumeric() || c == '.' || c == '-'));
    words.into_iter().any(|word| word.ends_with(".svc") || word.contains(".svc.cluster."))
}
