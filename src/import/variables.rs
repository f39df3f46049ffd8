//! What environment variables mean: which of them name a database, a cache or another service.
//!
//! Pure: names and values in, a meaning out. There is no URL of a database, because RDS keeps the password and a URL
//! with it could stand nowhere; such a variable is told apart so that its parts can be given instead.

use std::collections::BTreeMap;

use crate::aws::{elasticache, rds};
use crate::hcl::Expr;

use super::stack::reference;

/// What a host name of the input became.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Target {
    /// A `database`.
    Database(Database),
    /// A `cache`, by its name in the stack.
    Cache(String),
    /// A `service`, by its name in the stack.
    Service(String),
}

/// A database.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Database {
    /// Its name in the stack.
    pub name: String,
    /// The engine.
    pub engine: rds::Engine,
    /// The secret of the input that was its password.
    pub password: Option<String>,
    /// Facts to which nothing can refer, because a database that exists does not say them.
    pub missing: Vec<&'static str>,
}

impl Database {
    /// A reference to one of its facts, if it has that.
    pub fn fact(&self, fact: &str) -> Option<Expr> {
        (!self.missing.contains(&fact)).then(|| reference(&["database", &self.name, fact]))
    }
}

/// What host names became.
pub type Targets = BTreeMap<String, Target>;

/// What a variable means.
#[derive(Debug, Clone, PartialEq)]
pub enum Meaning {
    /// What it says.
    Constant,
    /// A reference, or text with references.
    Reference(Expr),
    /// The password of a database.
    Password(Expr),
    /// A URL of a database.
    DatabaseUrl(Database),
}

/// The variables of one container, read together: the name of one tells what another is for.
#[derive(Debug)]
pub struct Reader<'a> {
    targets: &'a Targets,
    /// The service whose containers these variables are of, when it has several: they share an address.
    own: Option<&'a str>,
    /// What variables with the same beginning are about: `DB` of `DB_HOST`.
    prefixes: BTreeMap<String, &'a Database>,
}

/// Beginnings of names that are about a database, whichever the application.
const DATABASE_PREFIXES: [&str; 9] =
    ["DB", "DATABASE", "POSTGRES", "POSTGRESQL", "PG", "MYSQL", "MARIADB", "RDS", "SQL"];

/// Words of names whose value is a host.
pub(super) const HOST_WORDS: [&str; 14] = [
    "HOST", "HOSTNAME", "HOSTS", "SERVER", "SERVERS", "ADDR", "ADDRESS", "ENDPOINT", "URL", "URI", "BROKER",
    "NODES", "REDIS", "UPSTREAM",
];

impl<'a> Reader<'a> {
    /// Reads names and constants; `needs` are hosts that the container waits for.
    pub fn new<'v>(
        variables: impl Iterator<Item = (&'v str, &'v str)>,
        needs: impl Iterator<Item = &'v str>,
        targets: &'a Targets,
        own: Option<&'a str>,
    ) -> Self {
        let mut prefixes = BTreeMap::new();
        for host in needs {
            if let Some(Target::Database(database)) = targets.get(host) {
                prefixes.extend(DATABASE_PREFIXES.map(|prefix| (prefix.to_owned(), database)));
            }
        }
        for (name, value) in variables {
            let host = Url::parse(value).map_or(value, |url| url.host);
            let host = host.split([':', ',']).next().unwrap_or(host);
            let Some(Target::Database(database)) = targets.get(host) else { continue };
            let (prefix, word) = split_name(name);
            if value.contains("://") || value.contains(':') || HOST_WORDS.contains(&word.as_str()) {
                prefixes.insert(prefix, database);
                // Of one database the usual names are about that one too.
                for prefix in DATABASE_PREFIXES {
                    prefixes.entry(prefix.to_owned()).or_insert(database);
                }
            }
        }
        Self { targets, own, prefixes }
    }

    /// What a variable means.
    pub fn meaning(&self, name: &str, value: &str) -> Meaning {
        let items: Vec<&str> = value.split(',').collect();
        if items.len() > 1 && items.iter().all(|item| item.contains("://")) {
            return self.several(&items);
        }
        if let Some(url) = Url::parse(value) {
            return self.url(&url);
        }
        let (prefix, word) = split_name(name);
        let named_host = HOST_WORDS.contains(&word.as_str());
        if let Some(hosts) = self.hosts(value, named_host) {
            return Meaning::Reference(hosts);
        }
        self.about_database(&prefix, &word, value).unwrap_or(Meaning::Constant)
    }

    /// Several URLs, of which at least one is about something here.
    fn several(&self, items: &[&str]) -> Meaning {
        let (mut parts, mut known) = (Vec::new(), false);
        for (index, item) in items.iter().enumerate() {
            if index > 0 {
                parts.push(Expr::string(","));
            }
            match Url::parse(item).map(|url| self.url(&url)) {
                Some(Meaning::Reference(expr)) => {
                    known = true;
                    parts.push(expr);
                }
                Some(Meaning::Constant) | None => parts.push(Expr::string(*item)),
                Some(_) => return Meaning::Constant,
            }
        }
        if known { Meaning::Reference(joined(parts)) } else { Meaning::Constant }
    }

    fn url(&self, url: &Url<'_>) -> Meaning {
        let before = |scheme: &str| format!("{scheme}://");
        match self.targets.get(url.host) {
            Some(Target::Database(database)) => Meaning::DatabaseUrl(database.clone()),
            Some(Target::Cache(name)) if matches!(url.scheme, "redis" | "rediss" | "valkey" | "valkeys") => {
                let url = [reference(&["cache", name, "url"]), Expr::string(url.rest)];
                Meaning::Reference(joined(url))
            }
            Some(Target::Cache(name)) if !url.has_password => Meaning::Reference(joined([
                Expr::string(before(url.scheme)),
                reference(&["cache", name, "host"]),
                Expr::string(url.port.map(|port| format!(":{port}")).unwrap_or_default()),
                Expr::string(url.rest),
            ])),
            Some(Target::Service(name)) if !url.has_password => Meaning::Reference(joined([
                Expr::string(before(url.scheme) + url.user),
                self.service(name),
                Expr::string(url.port.map(|port| format!(":{port}")).unwrap_or_default()),
                Expr::string(url.rest),
            ])),
            _ => Meaning::Constant,
        }
    }

    /// A host, a host and port, or several of them with commas between.
    fn hosts(&self, value: &str, named_host: bool) -> Option<Expr> {
        let mut parts = Vec::new();
        for item in value.split(',') {
            let (host, port) = match item.split_once(':') {
                Some((host, port)) => (host, Some(port)),
                None => (item, None),
            };
            // A word alone may be anything: `CACHE_DRIVER=redis`.
            if port.is_none() && !named_host || port.is_some_and(|port| port.parse::<u16>().is_err()) {
                return None;
            }
            if !parts.is_empty() {
                parts.push(Expr::string(","));
            }
            let (kind, name, own_port) = match self.targets.get(host)? {
                Target::Database(database) => ("database", &database.name, database.engine.port()),
                Target::Cache(name) => ("cache", name, elasticache::PORT),
                Target::Service(name) => ("service", name, 0),
            };
            parts.push(if kind == "service" { self.service(name) } else { reference(&[kind, name, "host"]) });
            if let Some(port) = port {
                let own = port.parse() == Ok(own_port);
                parts.push(Expr::string(":"));
                parts.push(if own { reference(&[kind, name, "port"]) } else { Expr::string(port) });
            }
        }
        Some(joined(parts))
    }

    /// The host of a service.
    fn service(&self, name: &str) -> Expr {
        match self.own {
            Some(own) if own == name => Expr::string("127.0.0.1"),
            _ => reference(&["service", name, "host"]),
        }
    }

    fn about_database(&self, prefix: &str, word: &str, value: &str) -> Option<Meaning> {
        let password = matches!(word, "PASSWORD" | "PASS" | "PASSWD" | "PWD");
        let database = self.prefixes.get(prefix)?;
        match word {
            _ if password => database.fact("password").map(Meaning::Password),
            "USER" | "USERNAME" => database.fact("user").map(Meaning::Reference),
            "NAME" | "DATABASE" | "DB" | "DBNAME" => database.fact("name").map(Meaning::Reference),
            "PORT" if value.parse() == Ok(database.engine.port()) => {
                database.fact("port").map(Meaning::Reference)
            }
            _ => None,
        }
    }
}

/// Text put together of parts, of which empty ones leave no trace.
fn joined(parts: impl IntoIterator<Item = Expr>) -> Expr {
    Expr::concat(parts.into_iter().filter(|part| *part != Expr::string("")))
}

/// The variables that a URL of a database is split into: `DATABASE_URL` begins them with `DB`, others keep their own
/// beginning.
pub fn url_prefix(name: &str) -> String {
    match split_name(name).0.as_str() {
        "DATABASE" | "" => "DB".to_owned(),
        prefix => prefix.to_owned(),
    }
}

/// Whether a name is that of a URL, which may hold a password.
pub fn is_url_name(name: &str) -> bool {
    matches!(split_name(name).1.as_str(), "URL" | "URI" | "DSN")
}

/// A name as its last word and what stands before: `DB_HOST` is `DB` and `HOST`, and so is `dbHost`.
pub(super) fn split_name(name: &str) -> (String, String) {
    let mut upper = String::new();
    let mut lower = false;
    for c in name.chars() {
        if lower && c.is_ascii_uppercase() {
            upper.push('_');
        }
        lower = c.is_ascii_lowercase();
        upper.push(if c == '-' || c == '.' { '_' } else { c.to_ascii_uppercase() });
    }
    // The variables of libpq: PGHOST, PGUSER.
    if let Some(word) = upper.strip_prefix("PG").filter(|word| !word.is_empty() && !word.contains('_')) {
        return ("PG".to_owned(), word.to_owned());
    }
    match upper.rsplit_once('_') {
        Some((prefix, word)) => (prefix.to_owned(), word.to_owned()),
        None => (String::new(), upper),
    }
}

/// A URL with a host.
#[derive(Debug)]
pub(super) struct Url<'a> {
    /// What stands before `://`.
    pub(super) scheme: &'a str,
    /// With its `@`; empty when there is none.
    pub(super) user: &'a str,
    /// Whether a password stands in it.
    pub(super) has_password: bool,
    /// The host.
    pub(super) host: &'a str,
    /// The port.
    pub(super) port: Option<u16>,
    /// The path and what follows.
    pub(super) rest: &'a str,
}

impl<'a> Url<'a> {
    /// Reads one; none without a host.
    pub(super) fn parse(text: &'a str) -> Option<Self> {
        let (scheme, after) = text.split_once("://")?;
        let end = after.find(['/', '?', '#']).unwrap_or(after.len());
        let (authority, rest) = after.split_at(end);
        let (user, host) = match authority.rfind('@') {
            Some(at) => authority.split_at(at + 1),
            None => ("", authority),
        };
        let has_password = user.split_once(':').is_some_and(|(_, password)| password.len() > 1);
        let (host, port) = match host.rsplit_once(':') {
            Some((host, port)) => (host, Some(port.parse().ok()?)),
            None => (host, None),
        };
        let fine = |c: char| c.is_ascii_alphanumeric() || "+.-:".contains(c);
        (!host.is_empty() && scheme.chars().all(fine)).then_some(Self {
            scheme,
            user,
            has_password,
            host,
            port,
            rest,
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn targets() -> Targets {
        let database =
            |name: &str, engine, missing| Database { name: name.to_owned(), engine, password: None, missing };
        let bare = database("bare", rds::Engine::Postgres, vec!["name", "user", "password"]);
        let (database, other) = (
            database("main", rds::Engine::Postgres, Vec::new()),
            database("stats", rds::Engine::Mysql, Vec::new()),
        );
        Targets::from([
            ("db".to_owned(), Target::Database(database)),
            ("stats".to_owned(), Target::Database(other)),
            ("bare".to_owned(), Target::Database(bare)),
            ("redis".to_owned(), Target::Cache("redis".to_owned())),
            ("api".to_owned(), Target::Service("api".to_owned())),
            ("beside".to_owned(), Target::Service("self".to_owned())),
        ])
    }

    fn meaning(variables: &[(&str, &str)], needs: &[&str]) -> String {
        let targets = targets();
        let own = Some("self");
        let reader = Reader::new(variables.iter().copied(), needs.iter().copied(), &targets, own);
        match reader.meaning(variables[0].0, variables[0].1) {
            Meaning::Constant => "constant".to_owned(),
            Meaning::Reference(expr) => expr.print(),
            Meaning::Password(expr) => format!("secret {}", expr.print()),
            Meaning::DatabaseUrl(database) => format!("url of {}", database.name),
        }
    }

    #[test]
    fn urls_and_hosts_become_references() {
        for (name, value, expected) in [
            ("REDIS_URL", "redis://redis:6379/0", r#""${cache.redis.url}/0""#),
            ("REDIS_URL", "redis://:secret@redis:6379", "cache.redis.url"),
            ("REDIS_HOST", "redis", "cache.redis.host"),
            ("CELERY", "redis:6379", r#""${cache.redis.host}:${cache.redis.port}""#),
            ("DATABASE_URL", "postgres://u:p@db:5432/x?sslmode=disable", "url of main"),
            ("SPRING_DATASOURCE_URL", "jdbc:postgresql://db:5432/x", "url of main"),
            ("DB_HOST", "db", "database.main.host"),
            ("WORDPRESS_DB_HOST", "db:5432", r#""${database.main.host}:${database.main.port}""#),
            ("API_URL", "http://api:3000/v1", r#""http://${service.api.host}:3000/v1""#),
            ("PEERS", "api:1,api:2", r#""${service.api.host}:1,${service.api.host}:2""#),
            ("ES", "http://api:1,http://x:2", r#""http://${service.api.host}:1,http://x:2""#),
            ("APP_URL", "http://beside:80/", "\"http://127.0.0.1:80/\""),
            ("APP_HOST", "beside", "\"127.0.0.1\""),
            ("API_URL", "http://u:p@api/", "constant"),
            ("CACHE_DRIVER", "redis", "constant"),
            ("SITE_URL", "https://example.com/api", "constant"),
        ] {
            assert_eq!(meaning(&[(name, value)], &[]), expected, "{name}={value}");
        }
    }

    #[test]
    fn the_rest_of_a_connection_follows_its_host() {
        let host = ("SHOP_DB_HOST", "db");
        for (name, value, expected) in [
            ("SHOP_DB_PASSWORD", "x", "secret database.main.password"),
            ("SHOP_DB_USER", "x", "database.main.user"),
            ("SHOP_DB_NAME", "x", "database.main.name"),
            ("SHOP_DB_PORT", "5432", "database.main.port"),
            ("SHOP_DB_PORT", "6432", "constant"),
            ("ADMIN_PASSWORD", "other", "constant"),
            ("POSTGRES_DB", "x", "database.main.name"),
            ("SITE_NAME", "x", "constant"),
        ] {
            assert_eq!(meaning(&[(name, value), host], &[]), expected, "{name}={value}");
        }
        assert_eq!(meaning(&[("PGPASSWORD", "x")], &["db"]), "secret database.main.password");
        for name in ["DB_NAME", "DB_USER", "DB_PASSWORD"] {
            assert_eq!(meaning(&[(name, ""), ("DB_HOST", "bare")], &[]), "constant", "{name}");
        }
        assert_eq!(
            meaning(&[("dbPassword", "x"), ("dbHost", "stats")], &[]),
            "secret database.stats.password"
        );
    }

    #[test]
    fn a_url_gives_its_beginning_to_its_parts() {
        assert_eq!(url_prefix("DATABASE_URL"), "DB");
        assert_eq!(url_prefix("STATS_DATABASE_URL"), "STATS_DATABASE");
        assert!(is_url_name("SENTRY_DSN") && !is_url_name("DB_HOST"));
    }
}
