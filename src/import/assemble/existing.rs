//! What the input uses and does not describe, because it was there before: databases and caches at their addresses,
//! buckets, log groups, ports outside.

use std::collections::BTreeSet;

use super::Assembly;
use super::variables::said;
use crate::aws::limits::names::BUCKET;
use crate::aws::{elasticache, rds};
use crate::hcl::Expr;
use crate::import::endpoints::{self, Managed};
use crate::import::names::base_name;
use crate::import::report::Fate;
use crate::import::stack::{Block, boolean, number, reference, templated};
use crate::import::variables::{Database, Target, Url, split_name};
use crate::import::workload::{Container, Setting, Variable, Workload};

impl Assembly<'_> {
    /// Databases and caches whose addresses stand in variables.
    pub(super) fn managed(&mut self, workloads: &[(String, Workload)]) {
        for container in workloads.iter().flat_map(|(_, workload)| &workload.containers) {
            for variable in &container.variables {
                let Setting::Constant(value) = &variable.value else { continue };
                let (host, port) = endpoints::address(value);
                let Some(kind) = endpoints::managed(host).filter(|_| !self.targets.contains_key(host)) else {
                    continue;
                };
                let prefix = split_name(&variable.name).0.to_lowercase();
                let wanted = if prefix.is_empty() { "main" } else { &prefix };
                let target = match kind {
                    Managed::Cache => self.existing_cache(wanted, host, port, value),
                    Managed::Database => self.existing_database(wanted, variable, value, container),
                };
                let words = "who may connect to it stands in its security group: name that with `security_group` of `existing`";
                self.report.remark(Fate::NeedsYou, &variable.origin, words);
                self.targets.insert(host.to_owned(), target);
            }
        }
    }

    fn existing_cache(&mut self, wanted: &str, host: &str, port: Option<u16>, value: &str) -> Target {
        let name = self.names.claim("cache", wanted);
        let mut existing = Block::new("existing", None);
        existing.set("host", Expr::string(host));
        existing.set_some("port", port.filter(|port| *port != elasticache::PORT).map(number));
        // ElastiCache names the primary node of a cache with TLS so.
        if !host.starts_with("master.") && !value.starts_with("rediss") {
            existing.set("tls", boolean(false));
        }
        let mut block = Block::new("cache", Some(&name));
        block.push(existing);
        self.file.push(block);
        Target::Cache(name)
    }

    fn existing_database(
        &mut self,
        wanted: &str,
        variable: &Variable,
        value: &str,
        container: &Container,
    ) -> Target {
        let (host, port) = endpoints::address(value);
        let beside = |words: &[&str]| words.iter().find_map(|word| sibling(container, &variable.name, word));
        let constant = |words: &[&str]| match beside(words).map(|found| &found.value) {
            Some(Setting::Constant(text)) if !text.is_empty() => Some(text.as_str()),
            _ => None,
        };
        let url = Url::parse(value);
        let (user, password) =
            match url.as_ref().and_then(|url| url.user.trim_end_matches('@').split_once(':')) {
                Some((user, password)) => (Some(user), Some(password)),
                None => (constant(&["USER", "USERNAME"]), constant(&["PASSWORD", "PASS", "PASSWD", "PWD"])),
            };
        let path =
            url.as_ref().map(|url| url.rest.trim_start_matches('/').split('?').next().unwrap_or_default());
        let database =
            path.filter(|path| !path.is_empty()).or(constant(&["NAME", "DATABASE", "DB", "DBNAME"]));
        let port = port.or(constant(&["PORT"]).and_then(endpoints::port));
        let engine = endpoints::engine(value, port);
        let name = self.names.claim("database", wanted);
        let mut existing = Block::new("existing", None);
        existing.set("host", Expr::string(host));
        match port.or(engine.map(rds::Engine::port)) {
            Some(port) => existing.set("port", number(port)),
            None => existing.set_with("port", number(5432), "Needs you: its port."),
        }
        existing.set_some("name", database.map(Expr::string));
        existing.set_some("user", user.filter(|user| !user.is_empty()).map(Expr::string));
        let held = password.filter(|password| !password.is_empty());
        let kept = beside(&["PASSWORD", "PASS", "PASSWD", "PWD"]).map(|found| &found.value);
        let secret = match (held, kept) {
            (None, Some(Setting::Held(kept))) => Some(self.secret_known_as(&kept.name, &kept.identity)),
            (Some(_), _) | (None, Some(Setting::Unknown)) => {
                Some(self.secret(&format!("{name}_password"), held.unwrap_or_default(), ""))
            }
            _ => None,
        };
        if let Some(secret) = &secret {
            existing.set("password", reference(&["secret", secret]));
            let words =
                format!("its password is `secret.{secret}`: fill it by hand, the value is not copied");
            self.report.remark(Fate::NeedsYou, &variable.origin, words);
        }
        let missing = ["name", "user", "password"].into_iter().filter(|fact| existing.get(fact).is_none());
        let missing = missing.collect();
        let mut block = Block::new("database", Some(&name));
        block.push(existing);
        self.file.push(block);
        let engine = engine.unwrap_or(rds::Engine::Postgres);
        Target::Database(Database { name, engine, password: None, missing })
    }

    /// What a constant means that is about AWS itself: its region, alone or in a host, or a bucket that exists.
    pub(super) fn of_aws(&mut self, name: &str, value: &str) -> Option<Expr> {
        let (prefix, word) = split_name(name);
        if word == "REGION" && value == self.region {
            return Some(reference(&["stack", "region"]));
        }
        if value.contains(".amazonaws.com")
            && let Some((before, after)) = value.split_once(&self.region)
        {
            let parts = [templated(before), reference(&["stack", "region"]), templated(after)];
            return Some(Expr::concat(parts.into_iter().filter(|part| *part != Expr::string(""))));
        }
        let named = word == "BUCKET" || word == "NAME" && prefix.ends_with("BUCKET");
        if !named || BUCKET.check(value).is_err() {
            return None;
        }
        let known = self.existing_buckets.get(value).cloned();
        let name = known.unwrap_or_else(|| {
            let name = self.names.claim("bucket", value);
            let mut block = Block::new("bucket", Some(&name));
            block.set("existing", Expr::string(value));
            self.file.push(block);
            self.existing_buckets.insert(value.to_owned(), name.clone());
            name
        });
        Some(reference(&["bucket", &name, "name"]))
    }

    /// The log group of a container, and what its streams begin with.
    pub(super) fn logs(&mut self, container: &Container, main: &Container, block: &mut Block) {
        let Some(log) = &container.log else { return };
        if let Some(prefix) = &log.prefix {
            self.report.mapped(&prefix.origin, "`log_prefix`");
            let fine = |c: char| !c.is_control() && !c.is_whitespace() && !"${}<>:*".contains(c);
            if prefix.value != container.name && !prefix.value.is_empty() && prefix.value.chars().all(fine) {
                block.set("log_prefix", Expr::string(prefix.value.as_str()));
            }
        }
        let group = log.group.value.as_str();
        let fine = |c: char| c.is_ascii_alphanumeric() || "_./#-".contains(c);
        if group.is_empty() || group.len() > 512 || !group.chars().all(fine) {
            self.report
                .dropped(&log.group.origin, "a log group of the stack, because this one has no name yet");
            return;
        }
        let known = self.log_groups.get(group).cloned();
        let name = known.unwrap_or_else(|| {
            let name = self.names.claim("log_group", base_name(group));
            let mut made = Block::new("log_group", Some(&name));
            made.set("name", Expr::string(group));
            self.file.push(made);
            self.log_groups.insert(group.to_owned(), name.clone());
            name
        });
        let words = format!(
            "`log_group.{name}`, which the stack makes: write `existing` for `name` to keep the one that is there"
        );
        self.report.mapped(&log.group.origin, words);
        let of_main = main.log.as_ref().is_some_and(|log| log.group.value == group);
        if container.name == main.name || !of_main {
            block.set("log_group", reference(&["log_group", &name]));
        }
    }

    /// Ports of hosts outside that variables name: without them tasks reach HTTPS only.
    pub(super) fn egress(&mut self, workload: &Workload, block: &mut Block) {
        let mut ports = BTreeSet::new();
        for container in &workload.containers {
            for variable in &container.variables {
                let value = said(&variable.value);
                if self.targets.contains_key(endpoints::address(value).0) {
                    continue;
                }
                let beside = |word: &str| Some(said(&sibling(container, &variable.name, word)?.value));
                if let Some(port) = endpoints::outside(&variable.name, value, beside) {
                    let words = format!(
                        "`egress`: tasks may reach port {port} outside, because this variable leads there"
                    );
                    self.report.remark(Fate::Assumed, &variable.origin, words);
                    ports.insert(port);
                }
            }
        }
        if !ports.is_empty() {
            block.set("egress", Expr::List(ports.into_iter().map(number).collect()));
        }
    }
}

/// The variable with the same beginning and another last word: `SMTP_PORT` beside `SMTP_SERVER`.
fn sibling<'c>(container: &'c Container, name: &str, word: &str) -> Option<&'c Variable> {
    let (prefix, _) = split_name(name);
    container.variables.iter().find(|other| split_name(&other.name) == (prefix.clone(), word.to_owned()))
}
