//! RDS for PostgreSQL, MySQL and MariaDB: versions, parameters, logs. Not Aurora.
//!
//! Instance classes are in [`class`], the names of databases and master users in [`names`].

pub mod class;
pub mod names;

use std::fmt;

/// What an instance runs.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Engine {
    /// PostgreSQL.
    Postgres,
    /// MySQL.
    Mysql,
    /// MariaDB.
    Mariadb,
}

impl Engine {
    /// All three.
    #[cfg(test)]
    const ALL: [Engine; 3] = [Engine::Postgres, Engine::Mysql, Engine::Mariadb];

    /// The value of `engine`: `postgres`, `mysql` or `mariadb`.
    pub fn name(self) -> &'static str {
        match self {
            Engine::Postgres => "postgres",
            Engine::Mysql => "mysql",
            Engine::Mariadb => "mariadb",
        }
    }

    /// The port it listens on by default (Amazon RDS API, `CreateDBInstance`, `Port`).
    pub fn port(self) -> u16 {
        match self {
            Engine::Postgres => 5432,
            Engine::Mysql | Engine::Mariadb => 3306,
        }
    }

    /// The logs worth sending to CloudWatch without being asked (Amazon RDS API, `CreateDBInstance`,
    /// `EnableCloudwatchLogsExports`): not `general`, which repeats every statement, data included.
    pub fn log_exports(self) -> &'static [&'static str] {
        match self {
            Engine::Postgres => &["postgresql", "upgrade"],
            Engine::Mysql | Engine::Mariadb => &["error", "slowquery"],
        }
    }

    /// The parameter, and its value, that refuses connections without TLS.
    ///
    /// Source: Amazon RDS User Guide, "Requiring an SSL connection to a PostgreSQL DB instance" and "Requiring SSL/TLS
    /// for all connections" to a MySQL and to a MariaDB DB instance. The guide says ON for the latter two; the
    /// parameter group of an instance, unlike that of a cluster, holds 1.
    pub fn tls_parameter(self) -> (&'static str, &'static str) {
        match self {
            Engine::Postgres => ("rds.force_ssl", "1"),
            Engine::Mysql | Engine::Mariadb => ("require_secure_transport", "1"),
        }
    }

    /// The major versions that can be created, ascending.
    pub fn majors(self) -> impl Iterator<Item = &'static Major> {
        MAJORS.iter().filter(move |major| major.engine == self)
    }
}

impl fmt::Display for Engine {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name())
    }
}

/// Who still repairs a major version.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Support {
    /// RDS standard support.
    Standard,
    /// RDS Extended Support: AWS repairs it, and charges for each vCPU.
    Extended,
    /// Past its RDS end of standard support date, with no Extended Support.
    Ended,
}

/// A major version of an engine.
#[derive(Debug)]
pub struct Major {
    /// What runs.
    pub engine: Engine,
    /// How the version starts: `16`, `8.4`, `10.11`.
    pub name: &'static str,
    /// Who repairs it, as of November 2026.
    pub support: Support,
    /// The name as numbers, to compare with.
    number: (u16, u16),
}

impl Major {
    /// What a parameter group for it belongs to: `postgres16`, `mysql8.4`, `mariadb10.11`.
    ///
    /// Source: Amazon RDS API, `CreateDBParameterGroup`, `DBParameterGroupFamily`.
    pub fn parameter_group_family(&self) -> String {
        format!("{}{}", self.engine, self.name)
    }
}

impl fmt::Display for Major {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} {}", self.engine, self.name)
    }
}

/// The major versions that RDS runs, ascending within each engine.
///
/// Source: "Release calendar for Amazon RDS for PostgreSQL"; Amazon RDS User Guide, "MySQL on Amazon RDS versions" and
/// "MariaDB on Amazon RDS versions"; AWS Database Blog, "Amazon RDS for MySQL LTS version 9.7 is now generally
/// available". MariaDB has no Extended Support.
const MAJORS: &[Major] = &[
    major(Engine::Postgres, "11", (11, 0), Support::Extended),
    major(Engine::Postgres, "12", (12, 0), Support::Extended),
    major(Engine::Postgres, "13", (13, 0), Support::Extended),
    major(Engine::Postgres, "14", (14, 0), Support::Standard),
    major(Engine::Postgres, "15", (15, 0), Support::Standard),
    major(Engine::Postgres, "16", (16, 0), Support::Standard),
    major(Engine::Postgres, "17", (17, 0), Support::Standard),
    major(Engine::Postgres, "18", (18, 0), Support::Standard),
    major(Engine::Mysql, "5.7", (5, 7), Support::Extended),
    major(Engine::Mysql, "8.0", (8, 0), Support::Extended),
    major(Engine::Mysql, "8.4", (8, 4), Support::Standard),
    major(Engine::Mysql, "9.7", (9, 7), Support::Standard),
    major(Engine::Mariadb, "10.6", (10, 6), Support::Ended),
    major(Engine::Mariadb, "10.11", (10, 11), Support::Standard),
    major(Engine::Mariadb, "11.4", (11, 4), Support::Standard),
    major(Engine::Mariadb, "11.8", (11, 8), Support::Standard),
    major(Engine::Mariadb, "12.3", (12, 3), Support::Standard),
];

const fn major(engine: Engine, name: &'static str, number: (u16, u16), support: Support) -> Major {
    Major { engine, name, support, number }
}

/// Why a version cannot be used; displays as a phrase that follows it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum VersionProblem {
    /// Not numbers with dots.
    Syntax,
    /// Well formed, but RDS runs no such major version of this engine.
    Major(Engine),
}

impl fmt::Display for VersionProblem {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            VersionProblem::Syntax => f.write_str("is not a version such as `16`, `16.4` or `8.4.3`"),
            VersionProblem::Major(engine) => {
                let names: Vec<&str> = engine.majors().map(|major| major.name).collect();
                write!(f, "is not a version of {engine} that RDS runs: there are {}", names.join(", "))
            }
        }
    }
}

/// The major version that `version` is, or is a minor version of. Minor versions come monthly and are not checked.
///
/// Reads `16` and `16.4` for PostgreSQL, `8.4` and `8.4.3` for the others, and the `-rds.20260902` that Extended
/// Support appends.
pub fn find_major(engine: Engine, version: &str) -> Result<&'static Major, VersionProblem> {
    let numbers = match version.split_once("-rds.") {
        Some((numbers, date)) if is_number(date) => numbers,
        Some(_) => return Err(VersionProblem::Syntax),
        None => version,
    };
    if !numbers.split('.').all(is_number) {
        return Err(VersionProblem::Syntax);
    }
    let minor = |major: &Major| match numbers.strip_prefix(major.name)? {
        "" => Some(""),
        rest => rest.strip_prefix('.').filter(|minor| is_number(minor)),
    };
    engine.majors().find(|major| minor(major).is_some()).ok_or(VersionProblem::Major(engine))
}

fn is_number(text: &str) -> bool {
    !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn majors_ascend_within_each_engine_and_their_numbers_are_their_names() {
        for engine in Engine::ALL {
            assert!(engine.majors().map(|major| major.number).is_sorted_by(|a, b| a < b));
        }
        for major in MAJORS {
            let (first, second) = major.number;
            let expected = if major.engine == Engine::Postgres {
                first.to_string()
            } else {
                format!("{first}.{second}")
            };
            assert_eq!(major.name, expected);
        }
    }

    // Amazon RDS User Guide, "MySQL on Amazon RDS versions" and "MariaDB on Amazon RDS versions".
    #[test]
    fn a_minor_version_belongs_to_its_major_version() {
        for (engine, version, family) in [
            (Engine::Postgres, "16", "postgres16"),
            (Engine::Postgres, "16.4", "postgres16"),
            (Engine::Postgres, "13.23-rds.20260514", "postgres13"),
            (Engine::Mysql, "8.0", "mysql8.0"),
            (Engine::Mysql, "8.4.3", "mysql8.4"),
            (Engine::Mysql, "5.7.44-rds.20260902", "mysql5.7"),
            (Engine::Mariadb, "10.11", "mariadb10.11"),
            (Engine::Mariadb, "10.11.9", "mariadb10.11"),
        ] {
            assert_eq!(find_major(engine, version).unwrap().parameter_group_family(), family);
        }
    }

    #[test]
    fn what_is_not_a_version_and_what_is_not_one_of_ours() {
        for version in ["", "16.", ".16", "v16", "16.x", "16-rds.1x", "latest", "16.4 "] {
            assert_eq!(
                find_major(Engine::Postgres, version).unwrap_err(),
                VersionProblem::Syntax,
                "{version}"
            );
        }
        for (engine, version) in [
            (Engine::Postgres, "99.9"),
            (Engine::Postgres, "1"),
            (Engine::Postgres, "160"),
            (Engine::Postgres, "16.4.1"),
            (Engine::Mysql, "8"),
            (Engine::Mysql, "8.4.3.1"),
            (Engine::Mysql, "16"),
            (Engine::Mariadb, "10.1"),
            (Engine::Mariadb, "8.0"),
        ] {
            assert_eq!(find_major(engine, version).unwrap_err(), VersionProblem::Major(engine), "{version}");
        }
        assert_eq!(
            VersionProblem::Major(Engine::Mysql).to_string(),
            "is not a version of mysql that RDS runs: there are 5.7, 8.0, 8.4, 9.7"
        );
    }

    // Amazon RDS User Guide, "Amazon RDS Extended Support".
    #[test]
    fn support_as_of_late_2026() {
        let support = |engine, version| find_major(engine, version).unwrap().support;
        assert_eq!(support(Engine::Postgres, "13"), Support::Extended);
        assert_eq!(support(Engine::Postgres, "14"), Support::Standard);
        assert_eq!(support(Engine::Mysql, "8.0"), Support::Extended);
        assert_eq!(support(Engine::Mariadb, "10.6"), Support::Ended);
    }
}
