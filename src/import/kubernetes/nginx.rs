//! What an nginx leads where, from the configuration that a ConfigMap has for it.

use std::collections::BTreeMap;

use super::cluster::{self, Cluster, Use};
use super::ingress;
use super::objects::Object;
use super::pod::Found;
use crate::import::images::{self, Role};
use crate::import::read::At;
use crate::import::report::{Fate, Report};
use crate::import::workload::{Image, Kind};
use crate::import::yaml::NodeId;

/// A `location` with the address to which it passes requests.
#[derive(Debug, PartialEq, Eq)]
struct Location {
    /// `=`, `~`, `^~`; empty without one.
    modifier: String,
    path: String,
    host: String,
    port: Option<u16>,
}

/// Gives the services behind a proxy the routes that its configuration has.
pub(super) fn routes(
    found: &mut [Found],
    cluster: &Cluster,
    used: &mut BTreeMap<NodeId, Use>,
    report: &mut Report,
) {
    let stays = !found.iter().any(|one| one.workload.kind == Kind::Service && !is_replaced(one));
    for object in &cluster.objects {
        let Some(spec) =
            object.pod.as_ref().filter(|_| is_proxy(object, found)).and_then(|pod| pod.get("spec"))
        else {
            continue;
        };
        for volume in spec.get("volumes").map(|volumes| volumes.items()).unwrap_or_default() {
            if let Some(secret) = volume.get("secret") {
                match stays {
                    true => report.needs_you(
                        &secret.origin(),
                        "Fargate mounts no secrets; a certificate belongs to the load balancer, for which ACM makes it",
                    ),
                    false => report.dropped(
                        &secret.origin(),
                        "a certificate belongs to the load balancer: ACM makes and renews it",
                    ),
                }
            }
            let Some(files) = volume.get("configMap") else { continue };
            let name = files.get("name").and_then(|name| name.node.text().map(str::to_owned));
            let map = name.and_then(|name| cluster.find("ConfigMap", &object.namespace, &name));
            let data = map.and_then(|map| map.at.get("data"));
            let mut led = false;
            for (_, file) in data.map(|data| data.entries()).unwrap_or_default() {
                if read(&file, object, found, cluster, report) {
                    used.insert(file.node.id, Use::Variable);
                    led = true;
                }
            }
            if led && let Some(own) = own(object, found) {
                // What led to it leads to these now.
                own.workload.routes.clear();
            }
            match led {
                true => report.mapped(&files.origin(), "what it leads to services is a `route`"),
                false => {
                    report.needs_you(&files.origin(), "Fargate mounts no files: put them into the image")
                }
            }
        }
    }
}

fn is_proxy(object: &Object, found: &[Found]) -> bool {
    found.iter().any(|one| is_of(one, object) && role(one) == Role::Proxy)
}

/// The workload of an object.
fn own<'f>(object: &Object, found: &'f mut [Found]) -> Option<&'f mut Found> {
    found.iter_mut().find(|one| is_of(one, object))
}

fn is_of(one: &Found, object: &Object) -> bool {
    one.kind == object.kind && one.name == object.name && one.namespace == object.namespace
}

/// Whether AWS does what a workload did, so that it does not stay.
fn is_replaced(one: &Found) -> bool {
    role(one) != Role::Application
}

fn role(one: &Found) -> Role {
    match &one.workload.containers[..] {
        [only] => match &only.image.value {
            Image::Named(image) => images::role(image),
            _ => Role::Application,
        },
        _ => Role::Application,
    }
}

/// Reads the locations of a file; whether one of them leads to a service.
fn read(file: &At, proxy: &Object, found: &mut [Found], cluster: &Cluster, report: &mut Report) -> bool {
    let Some(text) = file.node.text() else { return false };
    let origin = file.origin();
    let mut led = false;
    for location in locations(text) {
        let service = cluster.host(&location.host, &proxy.namespace);
        let target = service.and_then(|service| {
            let port = location.port.unwrap_or(80);
            let port = service.ports.iter().find(|known| known.port == port)?;
            let one = found.iter_mut().find(|one| cluster::selects(service, &one.namespace, &one.labels))?;
            Some((one, port.target))
        });
        let Some((one, target)) = target else {
            let words = format!("`location {}` leads to nothing in the input: add a `route`", location.path);
            report.remark(Fate::NeedsYou, &origin, words);
            continue;
        };
        let path = match (location.modifier.as_str(), location.path.as_str()) {
            ("" | "^~", "/") => "/".to_owned(),
            ("" | "^~", path) => format!("{path}*"),
            ("=", path) => path.to_owned(),
            (_, path) => {
                let words =
                    format!("`location {path}` is a regular expression, which a load balancer does not know");
                report.remark(Fate::NeedsYou, &origin, words);
                continue;
            }
        };
        ingress::route(&mut one.workload, &path, None, target, &origin, report);
        led = true;
    }
    if led {
        let words = "the load balancer does the work; headers, compression and limits that it set belong in the program";
        report.assumed(&origin, words);
    }
    led
}

/// The locations of a configuration that pass requests on, with those behind a named location.
fn locations(text: &str) -> Vec<Location> {
    let tokens = tokens(text);
    let (mut upstreams, mut named) = (BTreeMap::new(), BTreeMap::new());
    let mut found: Vec<(String, String, Option<String>, Option<String>)> = Vec::new();
    // What the open blocks are: `location` with its modifier and path, `upstream` with its name.
    let mut open: Vec<Vec<&str>> = Vec::new();
    let mut statement: Vec<&str> = Vec::new();
    for token in &tokens {
        match token.as_str() {
            "{" => {
                if let ["location", words @ ..] = statement.as_slice() {
                    let (modifier, path) = match words {
                        [path] => ("", *path),
                        [modifier, path, ..] => (*modifier, *path),
                        [] => ("", ""),
                    };
                    found.push((modifier.to_owned(), path.to_owned(), None, None));
                }
                open.push(std::mem::take(&mut statement));
            }
            "}" => {
                open.pop();
                statement.clear();
            }
            ";" => {
                let within = open.last().map(Vec::as_slice);
                match (within, statement.as_slice()) {
                    (Some(["upstream", name, ..]), ["server", address, ..]) => {
                        upstreams.entry((*name).to_owned()).or_insert_with(|| (*address).to_owned());
                    }
                    (Some(["location", ..]), ["proxy_pass", url, ..]) => {
                        if let Some(last) = found.last_mut() {
                            last.2 = Some((*url).to_owned());
                        }
                    }
                    (Some(["location", ..]), ["try_files", .., last]) if last.starts_with('@') => {
                        if let Some(location) = found.last_mut() {
                            location.3 = Some((*last).to_owned());
                        }
                    }
                    _ => {}
                }
                statement.clear();
            }
            word => statement.push(word),
        }
    }
    for (_, path, url, _) in &found {
        if let Some(url) = url.as_ref().filter(|_| path.starts_with('@')) {
            named.insert(path.clone(), url.clone());
        }
    }
    let address = |url: &str| {
        let rest = url.split_once("://").map_or(url, |(_, rest)| rest);
        let authority = rest.split('/').next().unwrap_or(rest);
        let address = upstreams.get(authority).map_or(authority, String::as_str);
        let (host, port) = match address.split_once(':') {
            Some((host, port)) => (host, port.parse().ok()),
            None => (address, None),
        };
        (host.to_owned(), port)
    };
    let passed = found.into_iter().filter(|(_, path, _, _)| !path.starts_with('@'));
    passed
        .filter_map(|(modifier, path, url, behind)| {
            let url = url.or_else(|| named.get(&behind?).cloned())?;
            let (host, port) = address(&url);
            Some(Location { modifier, path, host, port })
        })
        .collect()
}

/// Words, braces and semicolons, without comments and quotes.
fn tokens(text: &str) -> Vec<String> {
    let mut tokens = Vec::new();
    let mut word = String::new();
    let mut quote = None;
    let mut comment = false;
    for c in text.chars() {
        if comment {
            comment = c != '\n';
            continue;
        }
        match (quote, c) {
            (Some(mark), c) if c == mark => quote = None,
            (Some(_), c) => word.push(c),
            // `${NAME}` is filled in at the start and is no block.
            (None, '{') if word.ends_with('$') => word.push(c),
            (None, '}') if word.contains("${") && !word.ends_with('}') => word.push(c),
            (None, '"' | '\'') if word.is_empty() => quote = Some(c),
            (None, '#') if word.is_empty() => comment = true,
            (None, '{' | '}' | ';') => {
                tokens.extend((!word.is_empty()).then(|| std::mem::take(&mut word)));
                tokens.push(c.to_string());
            }
            (None, c) if c.is_whitespace() => {
                tokens.extend((!word.is_empty()).then(|| std::mem::take(&mut word)));
            }
            (None, c) => word.push(c),
        }
    }
    tokens.extend((!word.is_empty()).then_some(word));
    tokens
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn locations_are_found_with_what_stands_behind_them() {
        let text = r#"
            upstream api { server api:8080 weight=2; server other:8080; }
            server {
              server_name ${DOMAIN};   # not { a block
              add_header X "a; b {";
              location / { try_files $uri @app; }
              location @app { proxy_pass http://web:3000; }
              location ^~ /api/ { proxy_pass http://api/v1; }
              location = /up { return 200; }
              location ~ \.php$ { proxy_pass http://php; }
            }"#;
        let location = |modifier: &str, path: &str, host: &str, port| Location {
            modifier: modifier.into(),
            path: path.into(),
            host: host.into(),
            port,
        };
        let expected = [
            location("", "/", "web", Some(3000)),
            location("^~", "/api/", "api", Some(8080)),
            location("~", "\\.php$", "php", None),
        ];
        assert_eq!(locations(text), expected);
    }

    #[test]
    fn broken_text_gives_nothing() {
        for text in ["", "}}}}", "location {", "location / { proxy_pass", "\"", "upstream { server ; }"] {
            assert_eq!(locations(text), [], "{text}");
        }
    }
}
