//! `database`: PostgreSQL, MySQL or MariaDB on RDS.

mod existing;

use std::sync::Arc;

use existing::ExistingDatabase;

use crate::aws::class::ClassProblem;
use crate::aws::limits::names::{DB_INSTANCE, IAM_ROLE};
use crate::aws::rds::{self, Support};
use crate::diagnostic::{Code, Severity};
use crate::model::{Attribute, Checker, Component, Context, Kind, PhysicalName};
use crate::settings::values::{Int, choice};
use crate::settings::{Settings, settings};
use crate::terms::{
    Drawing, Export, Grant, Id, Literal, Metrics, Offer, Offered, Output, SecretStore, Site, Term, View,
};

/// The table line of this component.
pub static KIND: Kind = Kind {
    key: "database",
    module: "data",
    template: include_str!("../../templates/modules/database.tf.tera"),
    data: &["aws_db_instance"],
    stays: &[
        ("aws_db_instance", "*"),
        ("aws_cloudwatch_log_group", "database_*_error"),
        ("aws_cloudwatch_log_group", "database_*_postgresql"),
        ("aws_cloudwatch_log_group", "database_*_slowquery"),
        ("aws_cloudwatch_log_group", "database_*_upgrade"),
        ("aws_iam_role", "database_*_monitoring"),
        ("aws_iam_role_policy_attachment", "database_*_monitoring"),
        ("aws_secretsmanager_secret_rotation", "database_*"),
        ("aws_db_subnet_group", "*"),
        ("aws_db_parameter_group", "*"),
        ("aws_security_group", "database_*"),
    ],
    attributes: &[
        Attribute::plain("host", "DNS name of the instance, without the port."),
        Attribute::plain("port", "TCP port."),
        Attribute::plain("name", "Name of the first database in the instance."),
        Attribute::plain("user", "Name of the master user."),
        Attribute::secret(
            "password",
            "The master password, which RDS makes, keeps and rotates in Secrets Manager.",
        ),
    ],
    implies: &["key"],
    needs: &["network"],
    whole: true,
    codes: &[&ENGINE_VERSION, &INSTANCE_CLASS],
    info: || crate::model::existing::info(Database::info(), ExistingDatabase::info()),
    read: crate::model::existing::read::<Database, ExistingDatabase>,
};

choice! {
    /// The engine of a database.
    pub enum Engine {
        /// PostgreSQL.
        Postgres = "postgres",
        /// MySQL.
        Mysql = "mysql",
        /// MariaDB.
        Mariadb = "mariadb",
    }
}

impl Engine {
    fn facts(self) -> rds::Engine {
        match self {
            Engine::Postgres => rds::Engine::Postgres,
            Engine::Mysql => rds::Engine::Mysql,
            Engine::Mariadb => rds::Engine::Mariadb,
        }
    }
}

settings! {
    /// A relational database on RDS: encrypted, reachable only from what refers to it, over TLS only. RDS keeps the master
    /// password; of an instance that is to be adopted (`import`) it has to before, or the plan fails:
    /// `aws rds modify-db-instance --manage-master-user-password`.
    pub struct Database {
        /// Engine family.
        engine: Engine,
        /// Engine version. With the major version alone, `"16"`, RDS keeps the minor version up to date.
        version: Arc<str>,
        /// Instance class, `db.t4g.small`.
        class: Arc<str>,
        /// Storage at the start, in GiB (gp3).
        storage: Int<20, 65_536> = Int(20),
        /// Largest storage in GiB that RDS may grow to; twice the `storage` by default.
        max_storage: Option<Int<20, 65_536>>,
        /// Whether a standby runs in a second zone; in protected environments by default.
        multi_az: Option<bool>,
        /// Days that automatic backups are kept; by default 30 in protected environments, otherwise 1.
        backup_days: Option<Int<0, 35>>,
        /// Name of the first database; the stack's name by default.
        name: Option<Arc<str>>,
        /// Name of the master user; the stack's name by default.
        user: Option<Arc<str>>,
        /// Days between rotations of the master password, which RDS does by itself. Containers read the password when
        /// they start: restart the services after a rotation.
        rotation_days: Int<1, 1_000> = Int(365),
        /// Engine parameters besides the one that demands TLS: `{ "shared_preload_libraries" = "pg_stat_statements" }`.
        parameters: crate::settings::values::Map<Arc<str>>,
    }
}

/// An engine version that RDS does not have.
pub static ENGINE_VERSION: Code = Code {
    name: "engine-version",
    severity: Severity::Error,
    title: "an engine version that does not exist",
    explanation: r#"
RDS offers certain major versions of each engine. Terraform plans any text; RDS refuses it at apply, after the network
and everything else was created.

```hcl
database "main" {
  engine  = "postgres"
  version = "99"            # does not exist
}
```

Write the major version, `"16"` for PostgreSQL, `"8.0"` for MySQL, `"10.11"` for MariaDB, and let RDS choose the minor
one, or write both, `"16.4"`.
"#,
};

/// An instance class that does not exist or does not run the engine.
pub static INSTANCE_CLASS: Code = Code {
    name: "instance-class",
    severity: Severity::Error,
    title: "an instance class that does not exist for the engine",
    explanation: r#"
An instance class is `db.`, a family, a dot and a size: `db.t4g.small`, `db.r7g.large`. Not every family exists for
every engine, and not every size in every family. The wrong ones fail at apply.

```hcl
database "main" {
  engine = "postgres"
  class  = "t4g.small"      # write db.t4g.small
}
```
"#,
};

/// The versions to choose from, in words.
fn versions(engine: rds::Engine) -> String {
    let supported = engine.majors().filter(|major| major.support == Support::Standard);
    let names: Vec<String> = supported.map(|major| format!("`\"{}\"`", major.name)).collect();
    format!("supported versions of {engine}: {}", names.join(", "))
}

/// The managed policy that lets RDS write the metrics of the operating system (Amazon RDS User Guide, "Setting up and
/// enabling Enhanced Monitoring").
const MONITORING_POLICY: &str = "service-role/AmazonRDSEnhancedMonitoringRole";

/// The identifier of the instance.
fn identifier(id: &Id, context: &Context<'_>) -> Term {
    context.name_of(id, "aws_db_instance", &id.name, Term::named(&id.dashed()))
}

/// The name of the role that writes the metrics of the operating system.
fn monitoring_role(id: &Id, context: &Context<'_>) -> Term {
    let usual = Term::named(&format!("{}-{}-monitoring", id.kind, id.dashed()));
    context.name_of(id, "aws_iam_role", &format!("{}_monitoring", id.ident()), usual)
}

impl Database {
    fn name(&self, stack: &str) -> Arc<str> {
        self.name.clone().unwrap_or_else(|| stack.into())
    }

    fn user(&self, stack: &str) -> Arc<str> {
        self.user.clone().unwrap_or_else(|| stack.into())
    }
}

impl Component for Database {
    fn check(&self, _id: &Id, at: &mut Checker<'_>) {
        let engine = self.engine.facts();
        match rds::find_major(engine, &self.version) {
            Ok(major) if major.support == Support::Ended => {
                let message = format!("RDS no longer supports {major}");
                at.error(&ENGINE_VERSION, &["version"], message, |found| found.help(versions(engine)));
            }
            Ok(major) => {
                if let Err(problem) = rds::class::check(major, &self.class) {
                    let message = format!("`{}` is no class for {major}", self.class);
                    at.error(&INSTANCE_CLASS, &["class"], message, |found| {
                        let found = found.label(format!("`{}` {problem}", self.class));
                        match &problem {
                            ClassProblem::Family { family, known } => {
                                found.suggest(family, known.iter().copied())
                            }
                            _ => found.help("a class is written like `db.t4g.small` or `db.r7g.large`"),
                        }
                    });
                }
            }
            Err(problem) => {
                let message = format!("RDS has no {engine} `{}`", self.version);
                at.error(&ENGINE_VERSION, &["version"], message, |found| {
                    found.label(format!("`{}` {problem}", self.version)).help(versions(engine))
                });
            }
        }
        if let Some(max) = self.max_storage
            && max <= Int(self.storage.0)
        {
            let message = format!("`max_storage` {} is not above `storage` {}", max.0, self.storage.0);
            at.error(&crate::settings::codes::INVALID_VALUE, &["max_storage"], message, |found| {
                found.help("RDS grows storage from `storage` up to `max_storage`")
            });
        }
    }

    fn offer(&self, id: &Id, attribute: &str) -> Option<Offer> {
        let engine = self.engine.facts();
        let export = |name| Offered::Plain(Term::Export(id.clone(), name));
        let value = match attribute {
            "host" => export("address"),
            "port" => Offered::Plain(Term::from(i64::from(engine.port()))),
            "name" => export("database"),
            "user" => export("user"),
            "password" => {
                let arn = Term::Export(id.clone(), "secret_arn");
                let read = Grant::ReadSecret { store: SecretStore::SecretsManager, arn: arn.clone() };
                let connect = Grant::Connect { to: id.clone(), port: engine.port() };
                let value = Offered::Secret(Term::Template(vec![arn, Term::string(":password::")]));
                return Some(Offer { value, grants: vec![connect, read] });
            }
            _ => return None,
        };
        Some(Offer { value, grants: vec![Grant::Connect { to: id.clone(), port: engine.port() }] })
    }

    fn names(&self, id: &Id, context: &Context<'_>) -> Vec<PhysicalName> {
        let stack = &context.stack.name;
        let engine = self.engine.facts();
        vec![
            PhysicalName::made(DB_INSTANCE, &identifier(id, context), context),
            PhysicalName::made(IAM_ROLE, &monitoring_role(id, context), context),
            PhysicalName {
                limit: rds::names::database(engine),
                setting: "name",
                name: self.name(stack).to_string(),
            },
            PhysicalName {
                limit: rds::names::master_user(engine),
                setting: "user",
                name: self.user(stack).to_string(),
            },
        ]
    }

    fn exports(&self, id: &Id, context: &Context<'_>) -> Vec<Export> {
        let own = |attribute| Term::own_in("created", "aws_db_instance", &id.name, attribute);
        let export = Export::string;
        let stack = &context.stack.name;
        vec![
            export("address", "DNS name of the database.", own("address")),
            export("identifier", "Identifier of the database instance.", own("identifier")),
            export("database", "Name of the first database.", Term::string(self.name(stack))),
            export("user", "Name of the master user.", Term::string(self.user(stack))),
            export(
                "secret_arn",
                "Secret that holds the master password.",
                own("master_user_secret[0].secret_arn"),
            ),
            export(
                "security_group_id",
                "Security group of the database.",
                Term::own_in("created", "aws_security_group", &id.ident(), "id"),
            ),
        ]
    }

    fn metrics(&self, id: &Id, _context: &Context<'_>) -> Vec<Metrics> {
        let dimensions = vec![("DBInstanceIdentifier", Term::Export(id.clone(), "identifier"))];
        vec![Metrics { namespace: "AWS/RDS", dimensions }]
    }

    fn drawing(&self, _id: &Id, context: &Context<'_>) -> Drawing {
        let standby = self.multi_az.unwrap_or(context.environment.settings.protect);
        let drawing = Drawing::at(Site::Data)
            .line("engine", format!("{} {}", self.engine.word(), self.version), "")
            .size("class", &self.class, "");
        if standby { drawing.size("standby", "standby in a second zone", "") } else { drawing }
    }

    fn view(&self, id: &Id, context: &Context<'_>) -> View {
        let mut view = View::default();
        view.group("created", Some(View::default()));
        let engine = self.engine.facts();
        let stack = &context.stack.name;
        let major = rds::find_major(engine, &self.version).ok();
        let protect = context.protect();
        view.set("identifier", identifier(id, context));
        let usual = Term::named(&id.dashed());
        view.set("subnet_group", context.name_of(id, "aws_db_subnet_group", &id.name, usual));
        view.set("engine", Term::string(self.engine.word()));
        view.set("version", Term::string(self.version.clone()));
        view.set("class", Term::string(self.class.clone()));
        view.set("storage", self.storage.0);
        view.set("max_storage", self.max_storage.map_or(self.storage.0 * 2, |max| max.0));
        view.set("name", Term::string(self.name(stack)));
        view.set("user", Term::string(self.user(stack)));
        view.set("port", i64::from(engine.port()));
        view.set("multi_az", self.multi_az.map_or(protect.clone(), Term::from));
        view.set(
            "backup_days",
            match self.backup_days {
                Some(days) => Term::from(days.0),
                None => Term::choose(protect.clone(), Literal::Integer(30), Literal::Integer(1)),
            },
        );
        view.set("deletion_protection", protect.clone());
        view.set("skip_final_snapshot", Term::negate(protect.clone()));
        view.set("keep_backups", Term::negate(protect));
        view.set("final_snapshot", Term::named(&format!("{}-final", id.dashed())));
        view.set("rotation_days", self.rotation_days.0);
        let logs = engine.log_exports();
        view.set("logs", Term::strings(logs.iter().copied()));
        view.items("log_groups", logs.iter().map(|log| (log.to_string(), View::default())));
        view.set("log_retention", context.log_retention());
        let insights = Literal::Bool(rds::class::has_performance_insights(engine, &self.class));
        let insights = Term::Named("insights", insights);
        view.set("insights", insights.clone());
        view.set("insights_key", Term::choose(insights, context.export("key", "arn"), Literal::Null));
        view.set("monitoring_role", monitoring_role(id, context));
        let partition = context.partition();
        view.set(
            "monitoring_policy",
            Term::string(format!("arn:{partition}:iam::aws:policy/{MONITORING_POLICY}")),
        );
        view.set("account", context.account());
        view.set("key_arn", context.export("key", "arn"));
        view.set("vpc_id", context.export("network", "vpc_id"));
        view.set("subnet_ids", context.export("network", "data_subnet_ids"));
        view.set("family", major.map_or(Term::NULL, |major| Term::string(major.parameter_group_family())));
        view.set("group_prefix", Term::named(&format!("{}-", id.dashed())));
        view.set("security_group_prefix", Term::named(&format!("{}-{}-", id.kind, id.dashed())));
        let (tls, on) = engine.tls_parameter();
        let demanded = (tls.to_owned(), Arc::<str>::from(on));
        let chosen = self.parameters.0.iter().map(|(name, (_, value))| (name.to_string(), value.clone()));
        let mut parameters: Vec<_> = chosen.filter(|(name, _)| name != tls).chain([demanded]).collect();
        parameters.sort();
        view.nested(
            "parameters",
            "which `parameters` a database has",
            parameters.into_iter().map(|(name, value)| {
                let mut parameter = View::default();
                parameter.set("name", Term::string(name.clone()));
                parameter.set("value", Term::string(value));
                (name, parameter)
            }),
        );
        view
    }

    fn outputs(&self, id: &Id, _context: &Context<'_>) -> Vec<Output> {
        let term = Term::Export(id.clone(), "address");
        vec![Output { name: "host", description: format!("DNS name of the database `{}`.", id.name), term }]
    }
}

#[cfg(test)]
mod tests;
