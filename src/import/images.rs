//! What an image is, by its name: a database, a cache, a proxy, or an application.

use crate::aws::{elasticache, rds};

/// What an image runs.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Role {
    /// A database that RDS runs.
    Database {
        /// The engine.
        engine: rds::Engine,
        /// The version to ask for.
        version: String,
        /// What was decided about the version.
        note: Option<String>,
    },
    /// A cache that ElastiCache runs.
    Cache {
        /// The engine.
        engine: elasticache::Engine,
        /// The version to ask for.
        version: String,
        /// What was decided about engine or version.
        note: Option<String>,
    },
    /// A proxy that leads requests to other containers.
    Proxy,
    /// Everything else.
    Application,
}

/// Repositories of databases, by the last part of their name.
const DATABASES: [(&str, rds::Engine); 9] = [
    ("postgres", rds::Engine::Postgres),
    ("postgresql", rds::Engine::Postgres),
    ("postgis", rds::Engine::Postgres),
    ("pgvector", rds::Engine::Postgres),
    ("timescaledb", rds::Engine::Postgres),
    ("mysql", rds::Engine::Mysql),
    ("mysql-server", rds::Engine::Mysql),
    ("percona", rds::Engine::Mysql),
    ("mariadb", rds::Engine::Mariadb),
];

/// Repositories of caches.
const CACHES: [(&str, elasticache::Engine); 5] = [
    ("redis", elasticache::Engine::Redis),
    ("redis-stack", elasticache::Engine::Redis),
    ("redis-stack-server", elasticache::Engine::Redis),
    ("keydb", elasticache::Engine::Redis),
    ("valkey", elasticache::Engine::Valkey),
];

/// Repositories of proxies.
const PROXIES: [&str; 7] =
    ["nginx", "traefik", "haproxy", "caddy", "nginx-proxy", "edge-router", "nginx-unprivileged"];

/// Registries that have the images of Docker without the name of who publishes them.
const MIRRORS: [&str; 4] = ["docker.io", "index.docker.io", "registry-1.docker.io", "mirror.gcr.io"];

/// Who publishes these images on public registries.
const PUBLISHERS: [&str; 20] = [
    "sameersbn",
    "library",
    "docker",
    "bitnami",
    "bitnamilegacy",
    "postgis",
    "pgvector",
    "timescale",
    "redis",
    "valkey",
    "mysql",
    "percona",
    "eqalpha",
    "nginx",
    "nginxinc",
    "nginxproxy",
    "jwilder",
    "traefik",
    "haproxytech",
    "cimg",
];

/// Repositories of programs that keep data, whoever publishes them, and what keeps it for them in AWS.
const KEEPERS: [(&[&str], &str); 13] = [
    (&["postgres", "postgresql", "postgis", "pgvector", "timescaledb"], "a `database` of PostgreSQL"),
    (&["mysql", "mysql-server", "percona", "mariadb"], "a `database` of MySQL or MariaDB"),
    (
        &["redis", "redis-stack", "redis-stack-server", "redismod", "keydb", "valkey", "dragonfly"],
        "a `cache`",
    ),
    (&["memcached"], "ElastiCache for Memcached, or a `cache` where the program can use Redis"),
    (&["elasticsearch", "elasticsearch-oss", "opensearch", "solr"], "OpenSearch Service"),
    (&["meilisearch", "typesense"], "their makers' own service, or OpenSearch Service"),
    (&["mongo", "mongodb", "mongodb-community-server"], "DocumentDB, or MongoDB Atlas"),
    (&["rabbitmq", "activemq", "artemis", "activemq-artemis"], "Amazon MQ"),
    (&["kafka", "cp-kafka", "zookeeper", "cp-zookeeper", "redpanda", "cp-server"], "Amazon MSK"),
    (&["cassandra", "scylla"], "Amazon Keyspaces"),
    (&["mssql-server", "mssql/server"], "RDS for SQL Server"),
    (&["minio"], "a `bucket`"),
    (
        &["influxdb", "clickhouse", "clickhouse-server", "neo4j", "couchdb", "etcd"],
        "a service that its makers or AWS run",
    ),
];

/// What in AWS keeps the data that a program of this image keeps; none for a program that keeps none.
pub fn keeper(image: &str) -> Option<&'static str> {
    let repository = split(image).0;
    let is = |name: &&str| {
        repository.strip_suffix(*name).is_some_and(|rest| rest.is_empty() || rest.ends_with('/'))
    };
    KEEPERS.iter().find(|(names, _)| names.iter().any(is)).map(|(_, keeper)| *keeper)
}

/// What an image is.
pub fn role(image: &str) -> Role {
    let (repository, tag) = split(image);
    let mut parts = repository.rsplit('/');
    let name = parts.next().unwrap_or_default();
    let owner = parts.next().unwrap_or_default();
    // The last part of somebody's own repository says little: `shop/redis` may be anything.
    if !owner.is_empty() && !PUBLISHERS.contains(&owner) && !MIRRORS.contains(&owner) {
        return Role::Application;
    }
    if let Some((_, engine)) = DATABASES.iter().find(|(known, _)| *known == name) {
        let (version, note) = database_version(*engine, tag, name);
        return Role::Database { engine: *engine, version, note };
    }
    if let Some((_, engine)) = CACHES.iter().find(|(known, _)| *known == name) {
        let (version, note) = cache_version(*engine, tag);
        return Role::Cache { engine: *engine, version, note };
    }
    if PROXIES.contains(&name) {
        return Role::Proxy;
    }
    Role::Application
}

/// An image as repository and tag; a digest belongs to neither.
pub fn split(image: &str) -> (&str, Option<&str>) {
    let image = image.split('@').next().unwrap_or(image);
    match image.rsplit_once(':') {
        Some((repository, tag)) if !tag.contains('/') => (repository, Some(tag)),
        _ => (image, None),
    }
}

/// The numbers that a tag begins with: `16.4` of `16.4-alpine`.
fn numbers(tag: Option<&str>) -> Option<String> {
    let tag = tag?.trim_start_matches('v');
    let end = tag.find(|c: char| !(c.is_ascii_digit() || c == '.')).unwrap_or(tag.len());
    let numbers = tag[..end].trim_matches('.');
    (!numbers.is_empty()).then(|| numbers.to_owned())
}

fn database_version(engine: rds::Engine, tag: Option<&str>, name: &str) -> (String, Option<String>) {
    let newest = || engine.majors().last().map_or("", |major| major.name).to_owned();
    // These repositories count their own versions, with that of the engine behind: `latest-pg16`, `16-3.4`.
    let tag = match tag.and_then(|tag| tag.split_once("pg")) {
        Some((_, version)) if matches!(name, "pgvector" | "timescaledb") => Some(version),
        _ => tag,
    };
    let Some(written) = numbers(tag) else {
        let version = newest();
        let note = format!("the image names no version: {engine} {version}, the newest that RDS runs");
        return (version, Some(note));
    };
    // Bitnami writes three numbers where PostgreSQL has two: `16.3.0`.
    let shorter = written.strip_suffix(".0").unwrap_or(&written);
    if let Ok(major) = rds::find_major(engine, &written).or_else(|_| rds::find_major(engine, shorter))
        && major.support != rds::Support::Ended
    {
        let note = (written != major.name)
            .then(|| format!("version {}: RDS keeps the minor version up to date", major.name));
        return (major.name.to_owned(), note);
    }
    // The first version that is not older and that is still looked after, or the newest.
    let version = engine
        .majors()
        .filter(|major| major.support == rds::Support::Standard)
        .find(|major| rank(major.name) >= rank(&written));
    let version = version.map_or_else(newest, |major| major.name.to_owned());
    let note =
        format!("RDS does not run {engine} {written}: {version} instead, which needs a test of the upgrade");
    (version, Some(note))
}

/// A version as numbers, to compare with.
fn rank(text: &str) -> Vec<u32> {
    text.split('.').filter_map(|part| part.parse().ok()).collect()
}

fn cache_version(engine: elasticache::Engine, tag: Option<&str>) -> (String, Option<String>) {
    let names: Vec<&str> = elasticache::versions(engine).map(|version| version.name).collect();
    let newest = names.last().copied().unwrap_or_default();
    let Some(written) = numbers(tag) else {
        return (newest.to_owned(), Some(format!("the image names no version: {engine} {newest}")));
    };
    let wanted = rank(&written);
    let same = names.iter().rev().find(|name| {
        let rank = rank(name);
        wanted.iter().zip(&rank).all(|(a, b)| a == b)
    });
    if let Some(found) = same {
        return ((*found).to_owned(), None);
    }
    let near = names.iter().find(|name| rank(name) >= wanted).copied().unwrap_or(newest);
    (near.to_owned(), Some(format!("ElastiCache does not run {engine} {written}: {near} instead")))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn database(image: &str) -> (String, bool) {
        match role(image) {
            Role::Database { engine, version, note } => (format!("{engine} {version}"), note.is_some()),
            other => panic!("{image}: {other:?}"),
        }
    }

    #[test]
    fn databases_are_known_with_their_version() {
        for (image, said, noted) in [
            ("postgres:16-alpine", "postgres 16", false),
            ("docker.io/library/postgres:16.4", "postgres 16", true),
            ("postgres", "postgres 18", true),
            ("postgres:9.6-alpine", "postgres 14", true),
            ("mirror.gcr.io/postgres:17", "postgres 17", false),
            ("docker.io/bitnami/postgresql:16.3.0-debian-12-r9", "postgres 16", true),
            ("pgvector/pgvector:pg17", "postgres 17", false),
            ("postgis/postgis:15-3.4", "postgres 15", false),
            ("mysql:8.0.32", "mysql 8.0", true),
            ("mysql:8", "mysql 8.4", true),
            ("mariadb:10.11", "mariadb 10.11", false),
            ("mariadb:10-focal", "mariadb 10.11", true),
        ] {
            assert_eq!(database(image), (said.to_owned(), noted), "{image}");
        }
    }

    #[test]
    fn caches_are_known_with_their_version() {
        for (image, said, noted) in [
            ("redis:7-alpine", "7.1", false),
            ("redis:6.0.9", "6.0", false),
            ("redis:alpine", "7.1", true),
            ("docker.io/redis:6.0.5", "6.0", false),
            ("redis:8.2", "7.1", true),
            ("valkey/valkey:8", "8.2", false),
        ] {
            let Role::Cache { version, note, .. } = role(image) else { panic!("{image}") };
            assert_eq!((&*version, note.is_some()), (said, noted), "{image}");
        }
    }

    #[test]
    fn what_keeps_data_is_known_whoever_publishes_it() {
        assert_eq!(keeper("confluentinc/cp-kafka:7"), Some("Amazon MSK"));
        assert_eq!(
            keeper("111111111111.dkr.ecr.eu-west-1.amazonaws.com/own/postgres:1"),
            Some("a `database` of PostgreSQL")
        );
        assert_eq!(keeper("mcr.microsoft.com/mssql/server:2022"), Some("RDS for SQL Server"));
        assert_eq!(
            (keeper("mongo-express"), keeper("redis-commander:1"), keeper("acme/server:1")),
            (None, None, None)
        );
    }

    #[test]
    fn what_only_sounds_alike_is_an_application() {
        for image in
            ["shop/redis:1", "ghcr.io/acme/postgres-backup:16", "redis-commander", "memcached:1.6", "mongo"]
        {
            assert_eq!(role(image), Role::Application, "{image}");
        }
        assert_eq!(role("nginx:1.27"), Role::Proxy);
        assert_eq!(split("localhost:5000/shop"), ("localhost:5000/shop", None));
        assert_eq!(split("a/b:1@sha256:00"), ("a/b", Some("1")));
    }
}
