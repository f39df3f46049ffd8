//! Where the values of variables lead: what AWS runs and exists already, and ports of hosts outside.
//!
//! Pure: names and values in, what they mean out.

use crate::aws::rds;

use super::variables::{HOST_WORDS, Url, split_name};

/// What a host name of AWS belongs to.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Managed {
    /// RDS.
    Database,
    /// ElastiCache.
    Cache,
}

/// What a host is, by the names that RDS and ElastiCache give.
pub fn managed(host: &str) -> Option<Managed> {
    let host = host.strip_suffix(".cn").unwrap_or(host).strip_suffix(".amazonaws.com")?;
    let labels: Vec<&str> = host.split('.').collect();
    let fine =
        |label: &&str| !label.is_empty() && label.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'-');
    if !labels.iter().all(fine) {
        return None;
    }
    match labels[..] {
        // `<name>.<id>.<region>.rds`, and in China `<name>.<id>.rds.<region>`.
        [_, .., "rds"] | [_, .., "rds", _] => Some(Managed::Database),
        [_, .., "cache"] | [_, .., "cache", _] => Some(Managed::Cache),
        _ => None,
    }
}

/// The host and port in a value: of a URL, of `host:port`, or of a host alone.
pub fn address(value: &str) -> (&str, Option<u16>) {
    if let Some(url) = Url::parse(value) {
        return (url.host, url.port.filter(|port| *port > 0));
    }
    match value.split_once(':') {
        Some((host, text)) if text.parse::<u16>().is_ok() => (host, port(text)),
        _ => (value, None),
    }
}

/// A port that something can listen on.
pub fn port(text: &str) -> Option<u16> {
    text.parse().ok().filter(|port| *port > 0)
}

/// The engine that a scheme or a port is of.
pub fn engine(value: &str, port: Option<u16>) -> Option<rds::Engine> {
    let scheme = Url::parse(value).map(|url| url.scheme);
    let by_scheme = scheme.and_then(|scheme| match scheme.trim_start_matches("jdbc:") {
        "postgres" | "postgresql" | "postgis" => Some(rds::Engine::Postgres),
        "mysql" | "mysql2" => Some(rds::Engine::Mysql),
        "mariadb" => Some(rds::Engine::Mariadb),
        _ => None,
    });
    by_scheme.or(match port {
        Some(3306) => Some(rds::Engine::Mysql),
        Some(5432) => Some(rds::Engine::Postgres),
        _ => None,
    })
}

/// The port of a host outside AWS and the system that a variable leads to, other than that of HTTPS; `sibling` gives the
/// value of the variable with the same beginning and another last word.
pub fn outside<'v>(name: &str, value: &'v str, sibling: impl Fn(&str) -> Option<&'v str>) -> Option<u16> {
    let (host, port) = address(value);
    if !is_outside(host) {
        return None;
    }
    let implied = match Url::parse(value) {
        Some(url) => default_port(url.scheme),
        None if HOST_WORDS.contains(&split_name(name).1.as_str()) => {
            sibling("PORT").and_then(|port| port.parse().ok())
        }
        None => None,
    };
    port.or(implied).filter(|port| !matches!(port, 0 | 443))
}

/// Whether a text is a name in public DNS or an address of the internet.
fn is_outside(host: &str) -> bool {
    let fine =
        |label: &str| !label.is_empty() && label.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'-');
    let local = ["127.", "0.", "10.", "192.168.", "169.254."].iter().any(|start| host.starts_with(start));
    host.contains('.')
        && host.split('.').all(fine)
        && !local
        && !host.ends_with(".local")
        && !host.ends_with(".internal")
}

/// The port that a scheme means when none is written; none for web pages, which are mostly for people.
fn default_port(scheme: &str) -> Option<u16> {
    Some(match scheme {
        "redis" | "rediss" => 6379,
        "postgres" | "postgresql" | "jdbc:postgresql" => 5432,
        "mysql" | "mysql2" | "jdbc:mysql" => 3306,
        "amqp" => 5672,
        "amqps" => 5671,
        "mongodb" | "mongodb+srv" => 27_017,
        "mqtts" => 8883,
        "nats" => 4222,
        "smtp" => 587,
        "smtps" => 465,
        "ldap" => 389,
        "ldaps" => 636,
        _ => return None,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn hosts_of_aws_are_known_by_their_names() {
        for (host, expected) in [
            ("shop.c9akciq32abc.eu-west-1.rds.amazonaws.com", Some(Managed::Database)),
            ("sessions.abc123.ng.0001.euw1.cache.amazonaws.com", Some(Managed::Cache)),
            ("master.sessions.abc123.euw1.cache.amazonaws.com", Some(Managed::Cache)),
            ("shop.abc.rds.cn-north-1.amazonaws.com.cn", Some(Managed::Database)),
            ("sqs.eu-west-1.amazonaws.com", None),
            ("rds.example.com", None),
            ("<endpoint>.rds.amazonaws.com", None),
        ] {
            assert_eq!(managed(host), expected, "{host}");
        }
        assert_eq!(engine("postgres://u@h/x", None), Some(rds::Engine::Postgres));
        assert_eq!((engine("h", Some(3306)), engine("h", None)), (Some(rds::Engine::Mysql), None));
    }

    #[test]
    fn ports_outside_are_found_in_urls_and_beside_hosts() {
        let sibling = |word: &str| (word == "PORT").then_some("465");
        for (name, value, expected) in [
            ("SMTP_SERVER", "smtp.example.org", Some(465)),
            ("SITE_NAME", "example.org", None),
            ("REDIS_URL", "redis://:pw@redis.example.net:16379", Some(16_379)),
            ("REDIS_URL", "redis://redis.example.net", Some(6379)),
            ("API_URL", "https://api.example.net", None),
            ("API_URL", "http://api.example.net:8080/v1", Some(8080)),
            ("BIND_HOST", "0.0.0.0", None),
            ("DB_HOST", "db", None),
        ] {
            assert_eq!(outside(name, value, sibling), expected, "{name}={value}");
        }
    }
}
