//! ElastiCache for Redis OSS and Valkey: versions, parameter group families, node types, replication.

use std::fmt;

use super::class::{self, ClassProblem, Family};

/// The port both engines listen on (ElastiCache User Guide, "Creating a cluster").
pub const PORT: u16 = 6379;

/// The fewest nodes with which automatic failover can be on, and without it there is no Multi-AZ.
///
/// Source: ElastiCache API Reference, `CreateReplicationGroup`, `NumCacheClusters`.
pub const MIN_FAILOVER_NODES: u32 = 2;

/// What a replication group runs.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Engine {
    /// Redis OSS.
    Redis,
    /// Valkey.
    Valkey,
}

impl Engine {
    /// The value of `engine`: `redis` or `valkey`.
    pub fn name(self) -> &'static str {
        match self {
            Engine::Redis => "redis",
            Engine::Valkey => "valkey",
        }
    }
}

impl fmt::Display for Engine {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name())
    }
}

/// A version a replication group can run. All of them can encrypt in transit and at rest (ElastiCache User Guide,
/// "ElastiCache in-transit encryption (TLS)").
#[derive(Debug)]
pub struct Version {
    /// What runs.
    pub engine: Engine,
    /// The value of `engine_version`, in the only form provider 5.100 accepts: `7.1`, but `5.0.6`.
    pub name: &'static str,
    /// What a parameter group for it belongs to: `redis7`.
    pub family: &'static str,
}

impl fmt::Display for Version {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} {}", self.engine, self.name)
    }
}

/// The versions that can be created, ascending within each engine.
///
/// Source: ElastiCache User Guide, "Supported engines and versions" and "Engine specific parameters". Redis 5 left
/// standard support in January 2026, and Redis 4 is left out.
pub const VERSIONS: &[Version] = &[
    Version { engine: Engine::Redis, name: "5.0.6", family: "redis5.0" },
    Version { engine: Engine::Redis, name: "6.0", family: "redis6.x" },
    Version { engine: Engine::Redis, name: "6.2", family: "redis6.x" },
    Version { engine: Engine::Redis, name: "7.0", family: "redis7" },
    Version { engine: Engine::Redis, name: "7.1", family: "redis7" },
    Version { engine: Engine::Valkey, name: "7.2", family: "valkey7" },
    Version { engine: Engine::Valkey, name: "8.0", family: "valkey8" },
    Version { engine: Engine::Valkey, name: "8.1", family: "valkey8" },
    Version { engine: Engine::Valkey, name: "8.2", family: "valkey8" },
    Version { engine: Engine::Valkey, name: "9.0", family: "valkey9" },
    Version { engine: Engine::Valkey, name: "9.1", family: "valkey9" },
];

/// The versions of one engine, ascending.
pub fn versions(engine: Engine) -> impl Iterator<Item = &'static Version> {
    VERSIONS.iter().filter(move |version| version.engine == engine)
}

/// The version written exactly as `name`.
pub fn find_version(engine: Engine, name: &str) -> Option<&'static Version> {
    versions(engine).find(|version| version.name == name)
}

const BURSTABLE: &[&str] = &["micro", "small", "medium"];
const INTEL: &[&str] = &["large", "xlarge", "2xlarge", "4xlarge", "12xlarge", "24xlarge"];
const GRAVITON: &[&str] = &["large", "xlarge", "2xlarge", "4xlarge", "8xlarge", "12xlarge", "16xlarge"];
const DATA_TIERING: &[&str] = &["xlarge", "2xlarge", "4xlarge", "8xlarge", "12xlarge", "16xlarge"];

/// The families of node types, by name.
///
/// Source: ElastiCache User Guide, "Supported node types"; not every region has all of them.
const FAMILIES: &[Family] = &[
    Family { name: "c7gn", sizes: GRAVITON },
    Family { name: "c8gn", sizes: GRAVITON },
    Family { name: "m4", sizes: &["large", "xlarge", "2xlarge", "4xlarge", "10xlarge"] },
    Family { name: "m5", sizes: INTEL },
    Family { name: "m6g", sizes: GRAVITON },
    Family { name: "m7g", sizes: GRAVITON },
    Family { name: "m8g", sizes: GRAVITON },
    Family { name: "r4", sizes: &["large", "xlarge", "2xlarge", "4xlarge", "8xlarge", "16xlarge"] },
    Family { name: "r5", sizes: INTEL },
    Family { name: "r6g", sizes: GRAVITON },
    Family { name: "r6gd", sizes: DATA_TIERING },
    Family { name: "r7g", sizes: GRAVITON },
    Family { name: "r8g", sizes: GRAVITON },
    Family { name: "t2", sizes: BURSTABLE },
    Family { name: "t3", sizes: BURSTABLE },
    Family { name: "t4g", sizes: BURSTABLE },
];

/// Whether new nodes of type `class` (`cache.t4g.micro`) can run `version`.
///
/// Every node type found good here can fail over automatically and serve Multi-AZ.
pub fn check_class(version: &Version, class: &str) -> Result<(), ClassProblem> {
    let family = class::find(class, "cache", FAMILIES.iter())?;
    if family.name == "t2" {
        return Err(ClassProblem::Retired(family.name));
    }
    if has_data_tiering(class) && ["5.0.6", "6.0"].contains(&version.name) {
        return Err(ClassProblem::Version { family: family.name, version: version.to_string() });
    }
    Ok(())
}

/// Whether nodes of this type keep part of the data on disk: the group must then say `data_tiering_enabled`.
///
/// Source: ElastiCache User Guide, "Data tiering in ElastiCache": the r6gd family, from Redis OSS 6.2 on.
pub fn has_data_tiering(class: &str) -> bool {
    class.starts_with("cache.r6gd.")
}

/// Whether a group of this version has a `transit_encryption_mode`. An older one refuses the argument, and demands TLS
/// whenever it has TLS at all.
///
/// Source: the answer of `CreateReplicationGroup`, "Transit encryption mode is not supported for engine version 6.2.6.
/// Please use engine version 7.0.5 or higher", in pull request 231 of cloudposse/terraform-aws-elasticache-redis.
pub fn has_encryption_mode(version: &Version) -> bool {
    version.engine == Engine::Valkey || !version.name.starts_with(['5', '6'])
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(engine: Engine, version: &str, class: &str) -> Result<(), String> {
        check_class(find_version(engine, version).unwrap(), class).map_err(|problem| problem.to_string())
    }

    // ElastiCache User Guide, "Engine specific parameters".
    #[test]
    fn parameter_group_families_follow_the_version() {
        for (engine, version, family) in [
            (Engine::Redis, "6.2", "redis6.x"),
            (Engine::Redis, "7.1", "redis7"),
            (Engine::Valkey, "7.2", "valkey7"),
            (Engine::Valkey, "8.2", "valkey8"),
            (Engine::Valkey, "9.0", "valkey9"),
        ] {
            assert_eq!(find_version(engine, version).unwrap().family, family);
        }
    }

    // Provider 5.100 refuses `7`, `7.1.0` and `5.0` with "For Redis v6 or higher, use <major>.<minor>".
    #[test]
    fn a_version_has_one_spelling() {
        for name in ["", "7", "7.1.0", "5.0", "6.x", "8.0"] {
            assert!(find_version(Engine::Redis, name).is_none(), "{name}");
        }
        assert!(find_version(Engine::Valkey, "7.1").is_none());
    }

    #[test]
    fn families_are_sorted_and_versions_grouped_by_engine() {
        assert!(FAMILIES.is_sorted_by(|a, b| a.name < b.name));
        for engine in [Engine::Redis, Engine::Valkey] {
            assert!(versions(engine).map(|version| version.name).is_sorted_by(|a, b| a < b));
        }
    }

    // ElastiCache User Guide, "Supported node types".
    #[test]
    fn node_types_have_the_documented_sizes() {
        for class in [
            "cache.t4g.micro",
            "cache.m7g.large",
            "cache.r7g.16xlarge",
            "cache.r5.24xlarge",
            "cache.r6gd.xlarge",
        ] {
            assert_eq!(check(Engine::Redis, "7.1", class), Ok(()), "{class}");
        }
        for class in
            ["cache.t4g.large", "cache.m5.8xlarge", "cache.r6gd.large", "cache.m7g.24xlarge", "db.t4g.micro"]
        {
            assert!(check(Engine::Redis, "7.1", class).is_err(), "{class}");
        }
    }

    #[test]
    fn t2_nodes_are_a_previous_generation() {
        let problem = check(Engine::Redis, "7.1", "cache.t2.micro").unwrap_err();
        assert_eq!(problem, "is of a previous generation: no new t2 instances can be created");
    }

    // ElastiCache User Guide, "Data tiering in ElastiCache".
    #[test]
    fn data_tiering_needs_redis_6_2() {
        assert!(check(Engine::Redis, "5.0.6", "cache.r6gd.xlarge").is_err());
        let problem = check(Engine::Redis, "6.0", "cache.r6gd.xlarge").unwrap_err();
        assert_eq!(problem, "cannot run redis 6.0: r6gd is not offered for it");
        assert_eq!(check(Engine::Redis, "6.2", "cache.r6gd.xlarge"), Ok(()));
        assert_eq!(check(Engine::Valkey, "7.2", "cache.r6gd.xlarge"), Ok(()));
        assert!(has_data_tiering("cache.r6gd.xlarge") && !has_data_tiering("cache.r6g.xlarge"));
    }

    #[test]
    fn the_encryption_mode_came_with_redis_7() {
        let has = |engine, version| has_encryption_mode(find_version(engine, version).unwrap());
        assert!(!has(Engine::Redis, "5.0.6") && !has(Engine::Redis, "6.2"));
        assert!(has(Engine::Redis, "7.0") && has(Engine::Valkey, "7.2"));
    }
}
