//! Paths and addresses: which patterns of a load balancer stand for a `location`, and where a `proxy_pass` goes.

use std::collections::BTreeMap;

use crate::aws::paths::pattern_problem;

/// The most patterns that one regular expression may stand for.
const ALTERNATIVES: usize = 5;

/// What a `location` compares.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Pattern {
    /// Patterns of a load balancer that match the same.
    Paths(Vec<String>),
    /// Nothing that a load balancer could compare.
    Unknown,
}

/// The patterns of a `location` with these words.
pub fn patterns(words: &[String]) -> Pattern {
    let found = match words {
        [path] => prefix(path),
        [modifier, path] => match modifier.as_str() {
            "=" => Some(vec![path.clone()]),
            "^~" => prefix(path),
            "~" | "~*" => expression(path),
            _ => None,
        },
        _ => None,
    };
    match found {
        Some(paths) if paths.iter().all(|path| pattern_problem(path).is_none()) => Pattern::Paths(paths),
        _ => Pattern::Unknown,
    }
}

/// What begins with a path, which holds no character that a load balancer takes for a wildcard.
fn prefix(path: &str) -> Option<Vec<String>> {
    let plain = path.starts_with('/') && !path.contains(['*', '?']);
    plain.then(|| vec![if path == "/" { path.to_owned() } else { format!("{path}*") }])
}

/// Regular expressions that only say how a path begins or ends: `^/(a|b)/`, `^/api(/.*)?$`, `\.(css|js)$`.
fn expression(text: &str) -> Option<Vec<String>> {
    if let Some(ends) = text.strip_prefix(r"\.").or_else(|| text.strip_prefix(r".*\.")) {
        let ends = ends.strip_suffix('$')?;
        let ends = ends.strip_prefix('(').and_then(|ends| ends.strip_suffix(')')).unwrap_or(ends);
        let ends: Vec<&str> = ends.trim_start_matches("?:").split('|').collect();
        let plain = ends.iter().all(|end| !end.is_empty() && end.bytes().all(|b| b.is_ascii_alphanumeric()));
        return (plain && ends.len() <= ALTERNATIVES)
            .then(|| ends.iter().map(|end| format!("/*.{end}")).collect());
    }
    let text = text.strip_prefix('^')?;
    let (start, rest) = literal(text);
    if !start.starts_with('/') {
        return None;
    }
    if let Some(inner) = rest.strip_prefix('(')
        && let Some((inner, after)) = inner.split_once(')')
        && inner.contains('|')
        && inner != "/|$"
    {
        let words: Vec<&str> = inner.trim_start_matches("?:").split('|').collect();
        let plain = words.iter().all(|word| !word.is_empty() && literal(word).1.is_empty());
        if !plain || words.len() > ALTERNATIVES {
            return None;
        }
        let (more, after) = literal(after);
        let ends = words.iter().map(|word| ending(&format!("{start}{}{more}", literal(word).0), after));
        return ends.collect();
    }
    Some(vec![ending(&start, rest)?])
}

/// A path with what a regular expression has behind it.
fn ending(start: &str, rest: &str) -> Option<String> {
    match rest {
        "$" => Some(start.to_owned()),
        "" | ".*" | "(.*)" | ".*$" | "(.*)$" | "(/.*)?$" | "(/|$)" | "/?" | "/?$" => {
            Some(if start == "/" { start.to_owned() } else { format!("{start}*") })
        }
        _ => None,
    }
}

/// The characters that a regular expression begins with and that stand for themselves, and the rest.
fn literal(text: &str) -> (String, &str) {
    let mut start = String::new();
    let mut rest = text;
    loop {
        let mut chars = rest.chars();
        let plain = match (chars.next(), chars.clone().next()) {
            (Some('\\'), Some(c @ ('.' | '-' | '/' | '_'))) => {
                chars.next();
                c
            }
            (Some(c), _) if c.is_ascii_alphanumeric() || "/-_~".contains(c) => c,
            _ => return (start, rest),
        };
        // What may be there or not is no beginning.
        if chars.as_str().starts_with(['?', '*', '+', '{']) {
            return (start, rest);
        }
        start.push(plain);
        rest = chars.as_str();
    }
}

/// Where a `proxy_pass` goes.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Address {
    /// Hosts with their ports: several only behind an `upstream`.
    pub(super) hosts: Vec<(String, Option<u16>)>,
    /// The path that takes the place of that of the `location`.
    pub(super) path: Option<String>,
}

/// Reads the URL of a `proxy_pass`; an `upstream` stands for its servers.
pub(super) fn address(url: &str, upstreams: &BTreeMap<String, Vec<String>>) -> Option<Address> {
    let (scheme, rest) = url.split_once("://")?;
    let port = match scheme {
        "http" => 80,
        "https" => 443,
        _ => return None,
    };
    let (authority, path) = match rest.find('/') {
        Some(at) => (&rest[..at], Some(rest[at..].to_owned())),
        None => (rest, None),
    };
    let one = |address: &str, default: Option<u16>| match address.rsplit_once(':') {
        Some((host, port)) => port.parse().ok().map(|port| (host.to_owned(), Some(port))),
        None => Some((address.to_owned(), default)),
    };
    let hosts = match upstreams.get(authority) {
        Some(servers) => servers.iter().map(|server| one(server, Some(80))).collect::<Option<Vec<_>>>()?,
        None => vec![one(authority, Some(port))?],
    };
    let known = hosts.iter().all(|(host, _)| !host.is_empty() && !host.contains(['$', '{']));
    (known && !hosts.is_empty()).then_some(Address { hosts, path })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_location_becomes_patterns_that_match_the_same() {
        for (words, expected) in [
            ("/", "/"),
            ("/api/", "/api/*"),
            ("= /up", "/up"),
            ("^~ /assets", "/assets*"),
            (r"~ ^/api/v1\.0", "/api/v1.0*"),
            ("~ ^/(admin|api)/", "/admin/* /api/*"),
            (r"~* \.(css|js)$", "/*.css /*.js"),
            ("~ ^/live$", "/live"),
            ("~ ^/live(/.*)?$", "/live*"),
            (r"~ ^/user/\d+", ""),
            (r"~ \.php(/|$)", ""),
            ("~ ^/colou?r", ""),
            ("/a*b", ""),
        ] {
            let words: Vec<String> = words.split(' ').map(str::to_owned).collect();
            let found = match patterns(&words) {
                Pattern::Paths(paths) => paths.join(" "),
                Pattern::Unknown => String::new(),
            };
            assert_eq!(found, expected, "{words:?}");
        }
    }

    #[test]
    fn an_upstream_stands_for_its_servers() {
        let upstreams = BTreeMap::from([("app".to_owned(), vec!["web:3000".to_owned(), "b".to_owned()])]);
        let found = |url: &str| address(url, &upstreams);
        let expected = vec![("web".to_owned(), Some(3000)), ("b".to_owned(), Some(80))];
        assert_eq!(found("http://app/"), Some(Address { hosts: expected, path: Some("/".to_owned()) }));
        let expected = vec![("api".to_owned(), Some(443))];
        assert_eq!(found("https://api"), Some(Address { hosts: expected, path: None }));
        assert_eq!((found("http://$x"), found("app"), found("http://a:b")), (None, None, None));
    }
}
