//! Databases and caches that ran as containers, and file systems.

use std::collections::BTreeMap;

use super::Assembly;
use crate::aws::{elasticache, rds};
use crate::hcl::Expr;
use crate::import::arn::is_id;
use crate::import::images::{self, Role};
use crate::import::names::base_name;
use crate::import::report::Fate;
use crate::import::stack::{Block, number};
use crate::import::variables::{Database, Target};
use crate::import::workload::{Container, Image, Kind, Setting, Store, Workload};

/// Variables by which images of databases learn the name of the first database.
const NAMES: [&str; 6] = [
    "POSTGRES_DB",
    "POSTGRES_DATABASE",
    "POSTGRESQL_DATABASE",
    "MYSQL_DATABASE",
    "MARIADB_DATABASE",
    "PGDATABASE",
];
/// The same for the master user.
const USERS: [&str; 5] = ["POSTGRES_USER", "POSTGRESQL_USERNAME", "MYSQL_USER", "MARIADB_USER", "PGUSER"];

/// What AWS runs instead of a workload: a database or a cache, when that is all there is in it.
pub(super) fn role(workload: &Workload) -> Option<Role> {
    let [only] = &workload.containers[..] else { return None };
    let Image::Named(image) = &only.image.value else { return None };
    if runs_tool(only) {
        return None;
    }
    let role = images::role(image);
    (workload.kind == Kind::Service && matches!(role, Role::Database { .. } | Role::Cache { .. }))
        .then_some(role)
}

/// Programs in the images of databases that are none: what makes a copy, or waits.
const TOOLS: [&str; 16] = [
    "mysqldump",
    "mysqladmin",
    "mysql",
    "mariadb",
    "mariadb-dump",
    "pg_dump",
    "pg_dumpall",
    "pg_restore",
    "psql",
    "createdb",
    "redis-cli",
    "valkey-cli",
    "redis-sentinel",
    "sleep",
    "crond",
    "cron",
];

/// Whether a container runs such a program, by itself or in a line of a shell.
fn runs_tool(container: &Container) -> bool {
    let words = container.entry_point.iter().chain(&container.command).flat_map(|list| &list.value);
    let mut parts = words.flat_map(|word| word.split([' ', ';', '&', '|', '(', '\n']));
    parts.any(|part| TOOLS.contains(&part.rsplit('/').next().unwrap_or(part)))
}

impl Assembly<'_> {
    /// The `database` or `cache` instead of a workload.
    pub(super) fn data_store(&mut self, workload: &Workload) {
        let container = &workload.containers[0];
        let target = match role(workload) {
            Some(Role::Database { engine, version, note }) => {
                let name = self.names.claim("database", &workload.name);
                let mut block = self.database(&name, engine, &version, workload);
                if let Some(storage) = &workload.storage {
                    // RDS gives no less.
                    let setting = format!("database.{name}.storage");
                    block.set("storage", self.within(storage.value, 20..=65_536, &setting, &storage.origin));
                    self.report.mapped(&storage.origin, format!("`storage` of `database.{name}`"));
                }
                self.file.push(block);
                let words = format!(
                    "`database.{name}`, which RDS runs: what the container said about storage, ports, \
                     health and restarts is RDS's own business, and its data has to be moved"
                );
                self.report.mapped(&workload.origin, words);
                self.note(container, note, &format!("database.{name}"));
                Target::Database(Database {
                    name,
                    engine,
                    password: password(container),
                    missing: Vec::new(),
                })
            }
            Some(Role::Cache { engine, version, note }) => {
                let name = self.names.claim("cache", &workload.name);
                let mut block = Block::new("cache", Some(&name));
                block.set("engine", Expr::string(engine.name()));
                block.set("version", Expr::string(version.as_str()));
                let runs = |class: &&str| {
                    let found = elasticache::find_version(engine, &version);
                    found.is_some_and(|found| elasticache::check_class(found, class).is_ok())
                };
                match workload.class.as_ref().map(|class| class.value.as_str()).filter(runs) {
                    Some(class) => block.set("node", Expr::string(class)),
                    None => block.set_with(
                        "node",
                        Expr::string("cache.t4g.micro"),
                        "Needs you: the smallest node, as a start.",
                    ),
                }
                self.file.push(block);
                let words = format!(
                    "`cache.{name}`, which ElastiCache runs: it speaks TLS only, so its URL begins with \
                     `rediss://`"
                );
                self.report.mapped(&workload.origin, words);
                self.note(container, note, &format!("cache.{name}"));
                if container.command.is_some() {
                    let words = format!("options of the server belong in `parameters` of `cache.{name}`");
                    self.report.needs_you(&container.image.origin, words);
                }
                Target::Cache(name)
            }
            _ => return,
        };
        for host in [&workload.name].into_iter().chain(&workload.aliases) {
            self.targets.insert(host.clone(), target.clone());
        }
    }

    fn note(&mut self, container: &Container, note: Option<String>, what: &str) {
        match note {
            Some(note) => self.report.assumed(&container.image.origin, note),
            None => self.report.mapped(&container.image.origin, format!("`{what}`")),
        }
    }

    fn database(&mut self, name: &str, engine: rds::Engine, version: &str, workload: &Workload) -> Block {
        let (container, asked) = (&workload.containers[0], &workload.class);
        let mut block = Block::new("database", Some(name));
        block.set("engine", Expr::string(engine.name()));
        block.set("version", Expr::string(version));
        // Old versions do not run on Graviton.
        let runs = |class: &&str| {
            rds::find_major(engine, version).is_ok_and(|major| rds::class::check(major, class).is_ok())
        };
        let class =
            ["db.t4g.micro", "db.t3.micro", "db.m5.large"].into_iter().find(runs).unwrap_or("db.t4g.micro");
        let known = asked.as_ref().filter(|asked| runs(&asked.value.as_str()));
        match known {
            Some(asked) => block.set("class", Expr::string(asked.value.as_str())),
            None => block.set_with("class", Expr::string(class), "Needs you: a small class, as a start."),
        }
        let limits = [
            ("name", &NAMES[..], rds::names::database(engine)),
            ("user", &USERS[..], rds::names::master_user(engine)),
        ];
        for (setting, variables, limit) in limits {
            let own = self.stack.clone();
            let written = variables.iter().find_map(|variable| container.constant(variable));
            let value = written.unwrap_or(&own);
            // Without the setting it is the stack's name, which RDS may refuse as well.
            let fine = [value, &own, "application"].into_iter().find(|name| limit.check(name).is_ok());
            let Some(fine) = fine else { continue };
            if fine != own || written == Some(fine) {
                block.set(setting, Expr::string(fine));
            }
            if written.is_some_and(|written| written != fine) {
                let words = format!("RDS refuses this {setting} of a {engine} database: `{fine}` instead");
                self.report.assumed(&container.image.origin, words);
            }
        }
        block
    }

    /// Containers that keep data and stay: what that means, and what would keep it better.
    pub(super) fn keepers(&mut self, workloads: &mut [(String, Workload)]) {
        for (_, workload) in workloads {
            let several = workload.containers.len() > 1;
            for at in 0..workload.containers.len() {
                let container = &workload.containers[at];
                let Image::Named(image) = &container.image.value else { continue };
                let Some(keeper) = images::keeper(image).filter(|_| !runs_tool(container)) else { continue };
                let stays = container.mounts.iter().any(|mount| self.stores.contains_key(&mount.source));
                // Two that write into one directory destroy it.
                workload.single |= stays && workload.kind == Kind::Service;
                let words = match (stays, several) {
                    (true, _) => {
                        "it keeps data on EFS, which is slow for that, and only one task may run at a time"
                    }
                    (false, true) => "what it keeps is lost with the task, and every task has its own",
                    (false, false) => "what it keeps is lost with the task",
                };
                let origin = container.image.origin.clone();
                self.report.remark(Fate::NeedsYou, &origin, format!("{words}: better is {keeper}"));
            }
        }
    }

    /// File systems for the stores that something mounts.
    pub(super) fn file_systems(&mut self, stores: &[Store], workloads: &[(String, Workload)]) {
        let mut mounting: BTreeMap<&str, Vec<&Workload>> = BTreeMap::new();
        for (_, workload) in workloads {
            for mount in workload.containers.iter().flat_map(|container| &container.mounts) {
                mounting.entry(&mount.source).or_default().push(workload);
            }
        }
        for store in stores {
            let users = mounting.get(store.name.as_str()).map(Vec::as_slice).unwrap_or_default();
            if users.is_empty() {
                self.report.dropped(&store.origin, "only what AWS runs in another way mounted it");
                continue;
            }
            let name = self.names.claim("file_system", base_name(&store.name));
            let mut block = Block::new("file_system", Some(&name));
            if let Some((id, access_point)) = &store.existing {
                let mut existing = Block::new("existing", None);
                if is_id(id, "fs-") {
                    existing.set("id", Expr::string(id.as_str()));
                } else {
                    existing.set_with("id", Expr::string("fs-00000000000000000"), "Needs you: its id.");
                }
                let (point, unknown): (Option<&String>, Option<&String>) =
                    match access_point.as_ref().filter(|point| !point.is_empty()) {
                        Some(point) if is_id(point, "fsap-") => (Some(point), None),
                        other => (None, other),
                    };
                existing.set_some("access_point", point.map(|point| Expr::string(point.as_str())));
                if unknown.is_some() {
                    let words = format!("`file_system.{name}`: write the id of its access point");
                    self.report.remark(Fate::NeedsYou, &store.origin, words);
                }
                let words = "Needs you: the security group of its mount targets.";
                existing.set_with("security_group", Expr::string("sg-00000000000000000"), words);
                block.push(existing);
                let words = format!("`file_system.{name}`: write the security group of its mount targets");
                self.report.needs_you(&store.origin, words);
            } else {
                let user = users.iter().flat_map(|w| &w.containers).find_map(|c| c.user.as_deref());
                let mut ids = user.into_iter().flat_map(|user| user.split(':')).map(str::parse::<u32>);
                block.set_some("uid", ids.next().and_then(Result::ok).map(number));
                block.set_some("gid", ids.next().and_then(Result::ok).map(number));
                let words =
                    format!("`file_system.{name}` on EFS, empty at first; all its files belong to one user");
                self.report.mapped(&store.origin, words);
            }
            self.file.push(block);
            self.stores.insert(store.name.clone(), name);
        }
    }

    /// The volumes of a workload.
    pub(super) fn volumes(&mut self, workload: &Workload, block: &mut Block) {
        let mut written: Vec<String> = Vec::new();
        for mount in workload.containers.iter().flat_map(|container| &container.mounts) {
            let name = crate::import::names::valid(base_name(&mount.source));
            if written.contains(&name) {
                continue;
            }
            let mut volume = Block::new("volume", Some(&name));
            if let Some(store) = self.stores.get(&mount.source) {
                volume.set("file_system", crate::import::stack::reference(&["file_system", store]));
            }
            block.push(volume);
            written.push(name);
        }
    }
}

/// The secret that the container of a database was given its password with.
pub(super) fn password(container: &Container) -> Option<String> {
    container.variables.iter().find_map(|variable| match &variable.value {
        Setting::Secret(secret) if variable.name.to_uppercase().contains("PASSWORD") => Some(secret.clone()),
        _ => None,
    })
}
