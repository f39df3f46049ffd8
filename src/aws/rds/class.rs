//! The instance classes that run PostgreSQL, MySQL and MariaDB.

use super::{Engine, Major};
use crate::aws::class::{self, ClassProblem, Family};

/// A family and the first major version of each engine that it runs.
#[derive(Debug)]
struct DbFamily {
    family: Family,
    postgres: u16,
    mysql: (u16, u16),
}

const BURSTABLE: &[&str] = &["micro", "small", "medium", "large", "xlarge", "2xlarge"];
const TO_16: &[&str] = &["large", "xlarge", "2xlarge", "4xlarge", "8xlarge", "12xlarge", "16xlarge"];
const TO_24: &[&str] =
    &["large", "xlarge", "2xlarge", "4xlarge", "8xlarge", "12xlarge", "16xlarge", "24xlarge"];
const TO_32: &[&str] =
    &["large", "xlarge", "2xlarge", "4xlarge", "8xlarge", "12xlarge", "16xlarge", "24xlarge", "32xlarge"];
const TO_48: &[&str] =
    &["large", "xlarge", "2xlarge", "4xlarge", "8xlarge", "12xlarge", "16xlarge", "24xlarge", "48xlarge"];

/// The families, by name. Every version of MariaDB that RDS runs can have all of them.
///
/// Source: Amazon RDS User Guide, "Supported DB engines for DB instance classes", and what
/// `DescribeOrderableDBInstanceOptions` offers. Not every region has all of them. MySQL 9.7 is taken to run what
/// 8.4 runs. Previous generations (m4, r4, t2) and c6gd, which only Multi-AZ clusters use, are left out.
const FAMILIES: &[DbFamily] = &[
    family("m5", TO_24, 11, (5, 7)),
    family("m5d", TO_24, 13, (8, 0)),
    family("m6g", TO_16, 12, (8, 0)),
    family("m6gd", TO_16, 13, (8, 0)),
    family("m6i", TO_32, 11, (8, 0)),
    family("m6id", TO_32, 13, (8, 0)),
    family("m6idn", TO_32, 13, (8, 0)),
    family("m6in", TO_32, 11, (8, 0)),
    family("m7g", TO_16, 13, (8, 0)),
    family("m7i", TO_48, 13, (8, 0)),
    family("m8a", TO_48, 14, (8, 4)),
    family("m8g", TO_48, 13, (8, 0)),
    family("m8gd", TO_48, 13, (8, 0)),
    family("m9g", TO_48, 13, (8, 0)),
    family("r5", TO_24, 11, (5, 7)),
    family("r5b", TO_24, 12, (8, 0)),
    family("r5d", TO_24, 13, (8, 0)),
    family("r6g", TO_16, 12, (8, 0)),
    family("r6gd", TO_16, 13, (8, 0)),
    family("r6i", TO_32, 11, (8, 0)),
    family("r6id", TO_32, 13, (8, 0)),
    family("r6idn", TO_32, 13, (8, 0)),
    family("r6in", TO_32, 11, (8, 0)),
    family("r7g", TO_16, 13, (8, 0)),
    family("r7i", TO_48, 13, (8, 0)),
    family("r8a", TO_48, 14, (8, 0)),
    family("r8g", TO_48, 13, (8, 0)),
    family("r8gd", TO_48, 13, (8, 0)),
    family("t3", BURSTABLE, 11, (5, 7)),
    family("t4g", BURSTABLE, 12, (8, 0)),
    family("x2g", TO_16, 12, (8, 0)),
    // Priced for all three engines, though not orderable in every region.
    family("x2idn", &["16xlarge", "24xlarge", "32xlarge"], 13, (8, 0)),
    family(
        "x2iedn",
        &["xlarge", "2xlarge", "4xlarge", "8xlarge", "16xlarge", "24xlarge", "32xlarge"],
        13,
        (8, 0),
    ),
];

const fn family(
    name: &'static str,
    sizes: &'static [&'static str],
    postgres: u16,
    mysql: (u16, u16),
) -> DbFamily {
    DbFamily { family: Family { name, sizes }, postgres, mysql }
}

/// Whether an instance of `class` (`db.r6g.large`) can run `major`.
pub fn check(major: &Major, class: &str) -> Result<(), ClassProblem> {
    let name = class::find(class, "db", FAMILIES.iter().map(|known| &known.family))?.name;
    let offered = FAMILIES.iter().any(|known| {
        known.family.name == name
            && match major.engine {
                Engine::Postgres => major.number >= (known.postgres, 0),
                Engine::Mysql => major.number >= known.mysql,
                Engine::Mariadb => true,
            }
    });
    if !offered {
        return Err(ClassProblem::Version { family: name, version: major.to_string() });
    }
    Ok(())
}

/// Whether Performance Insights, now Database Insights, can be turned on for an instance of `class`.
///
/// Source: Amazon RDS User Guide, "Amazon RDS DB engine, Region, and instance class support for Database Insights".
pub fn has_performance_insights(engine: Engine, class: &str) -> bool {
    let too_small = ["db.t3.micro", "db.t3.small", "db.t4g.micro", "db.t4g.small"];
    engine == Engine::Postgres || !too_small.contains(&class)
}

#[cfg(test)]
mod tests {
    use super::super::find_major;
    use super::*;

    fn run(engine: Engine, version: &str, class: &str) -> Result<(), String> {
        check(find_major(engine, version).unwrap(), class).map_err(|problem| problem.to_string())
    }

    #[test]
    fn families_are_sorted_and_have_sizes() {
        assert!(FAMILIES.is_sorted_by(|a, b| a.family.name < b.family.name));
        assert!(FAMILIES.iter().all(|known| !known.family.sizes.is_empty()));
    }

    // Amazon RDS User Guide, "Supported DB engines for DB instance classes".
    #[test]
    fn current_classes_run_current_versions() {
        for class in
            ["db.t4g.micro", "db.t3.2xlarge", "db.m8g.48xlarge", "db.r6g.large", "db.x2iedn.32xlarge"]
        {
            for (engine, version) in
                [(Engine::Postgres, "16"), (Engine::Mysql, "8.4"), (Engine::Mariadb, "10.11")]
            {
                assert_eq!(run(engine, version, class), Ok(()), "{engine} {class}");
            }
        }
    }

    #[test]
    fn classes_that_do_not_exist() {
        for class in [
            "t4g.micro",
            "db.t4g.4xlarge",
            "db.m7g.24xlarge",
            "db.x2iedn.large",
            "db.t2.micro",
            "db.serverless",
        ] {
            assert!(run(Engine::Postgres, "16", class).is_err(), "{class}");
        }
    }

    #[test]
    fn an_old_version_does_not_run_on_a_newer_family() {
        assert_eq!(
            run(Engine::Postgres, "11", "db.m6g.large").unwrap_err(),
            "cannot run postgres 11: m6g is not offered for it"
        );
        assert_eq!(run(Engine::Postgres, "12", "db.m6g.large"), Ok(()));
        assert!(run(Engine::Postgres, "13", "db.m8a.large").is_err());
        assert!(run(Engine::Mysql, "5.7", "db.t4g.micro").is_err());
        assert_eq!(run(Engine::Mysql, "5.7", "db.t3.micro"), Ok(()));
        assert!(run(Engine::Mysql, "8.0", "db.m8a.large").is_err());
    }

    // Amazon RDS User Guide, "... instance class support for Database Insights".
    #[test]
    fn performance_insights_is_missing_on_the_smallest_classes_of_mysql_and_mariadb() {
        for class in ["db.t3.micro", "db.t3.small", "db.t4g.micro", "db.t4g.small"] {
            assert!(has_performance_insights(Engine::Postgres, class));
            assert!(!has_performance_insights(Engine::Mysql, class));
            assert!(!has_performance_insights(Engine::Mariadb, class));
        }
        assert!(has_performance_insights(Engine::Mysql, "db.t4g.medium"));
    }
}
