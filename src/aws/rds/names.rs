//! What a database and its master user can be called.
//!
//! RDS refuses the reserved words of each engine without listing them. The lists here hold the words that both the
//! engine reserves and somebody might choose; a word that is missing fails at apply.

use super::Engine;
use crate::aws::limits::{Charset, First, NameLimit, Refused};

const WORD: Charset = Charset { upper: true, symbols: "_", others: false };

/// Key words that PostgreSQL ("SQL Key Words", reserved), MySQL and MariaDB ("Keywords and Reserved Words") share, and
/// the user that RDS keeps for itself.
const RESERVED: Refused = Refused::Words(&[
    "all",
    "analyze",
    "and",
    "as",
    "asc",
    "both",
    "case",
    "check",
    "collate",
    "column",
    "constraint",
    "create",
    "current_user",
    "default",
    "desc",
    "distinct",
    "else",
    "false",
    "fetch",
    "for",
    "foreign",
    "from",
    "grant",
    "group",
    "having",
    "in",
    "into",
    "leading",
    "like",
    "limit",
    "not",
    "null",
    "on",
    "or",
    "order",
    "primary",
    "rdsadmin",
    "references",
    "select",
    "table",
    "then",
    "to",
    "trailing",
    "true",
    "union",
    "unique",
    "using",
    "when",
    "where",
    "window",
    "with",
]);

/// PostgreSQL, "SQL Key Words", reserved there only; `admin`, which RDS for PostgreSQL refuses; the templates.
const POSTGRES_RESERVED: Refused = Refused::Words(&[
    "admin",
    "array",
    "do",
    "end",
    "offset",
    "only",
    "returning",
    "session_user",
    "some",
    "template0",
    "template1",
    "user",
    "variadic",
]);

/// MySQL, "Keywords and Reserved Words", reserved there and in MariaDB only; the databases that both come with.
const MYSQL_RESERVED: Refused = Refused::Words(&[
    "add",
    "call",
    "change",
    "condition",
    "database",
    "databases",
    "delete",
    "drop",
    "exit",
    "index",
    "information_schema",
    "insert",
    "interval",
    "key",
    "keys",
    "kill",
    "load",
    "lock",
    "match",
    "mysql",
    "option",
    "performance_schema",
    "procedure",
    "range",
    "read",
    "release",
    "rename",
    "replace",
    "schema",
    "schemas",
    "set",
    "show",
    "sys",
    "trigger",
    "update",
    "usage",
    "use",
    "values",
    "write",
]);

/// What the master user of `engine` can be called.
///
/// Source: Amazon RDS API, `CreateDBInstance`, `MasterUsername`, which gives 16 characters for every engine.
pub fn master_user(engine: Engine) -> NameLimit {
    let refused: &[Refused] = match engine {
        Engine::Postgres => &[RESERVED, POSTGRES_RESERVED, Refused::Start("pg_")],
        Engine::Mysql | Engine::Mariadb => &[RESERVED, MYSQL_RESERVED],
    };
    NameLimit { resource: "master user", min: 1, max: 16, charset: WORD, first: First::Letter, refused }
}

/// What the first database of `engine` can be called.
///
/// Source: Amazon RDS API, `CreateDBInstance`, `DBName`.
pub fn database(engine: Engine) -> NameLimit {
    let max = match engine {
        Engine::Postgres => 63,
        Engine::Mysql | Engine::Mariadb => 64,
    };
    NameLimit { resource: "database", max, ..master_user(engine) }
}

#[cfg(test)]
mod tests {
    use super::*;

    // Amazon RDS API, `CreateDBInstance`; `admin` and `rdsadmin` as RDS answers.
    #[test]
    fn reserved_words_depend_on_the_engine() {
        let user = |engine, name| master_user(engine).check(name).is_ok();
        assert!(
            !user(Engine::Postgres, "admin")
                && user(Engine::Mysql, "admin")
                && user(Engine::Mariadb, "admin")
        );
        assert!(!user(Engine::Postgres, "user") && user(Engine::Mysql, "user"));
        assert!(user(Engine::Postgres, "postgres"));
        assert!(!user(Engine::Postgres, "PG_app") && user(Engine::Mysql, "pg_app"));
        for engine in Engine::ALL {
            assert!(!user(engine, "rdsadmin") && !user(engine, "Select") && user(engine, "app"));
        }
    }

    #[test]
    fn names_are_words_of_limited_length() {
        for engine in Engine::ALL {
            let (user, database) = (master_user(engine), database(engine));
            for name in ["", "1app", "_app", "my-app", "app name", "äpp"] {
                assert!(user.check(name).is_err() && database.check(name).is_err(), "{name}");
            }
            assert!(user.check("app_production_1").is_ok() && user.check("app_production_12").is_err());
        }
        assert!(database(Engine::Postgres).check(&"a".repeat(64)).is_err());
        assert!(database(Engine::Mysql).check(&"a".repeat(64)).is_ok());
    }

    #[test]
    fn word_lists_are_sorted_and_disjoint() {
        let words = |refused| match refused {
            Refused::Words(words) => words,
            _ => &[],
        };
        let shared = words(RESERVED);
        for list in [shared, words(POSTGRES_RESERVED), words(MYSQL_RESERVED)] {
            assert!(list.is_sorted_by(|a, b| a < b));
        }
        let engines = [words(POSTGRES_RESERVED), words(MYSQL_RESERVED)].concat();
        assert!(engines.iter().all(|word| !shared.contains(word)));
    }
}
