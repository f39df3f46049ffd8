//! The variables of a container: constants, references, secrets.

use std::collections::BTreeMap;
use std::sync::Arc;

use indexmap::IndexMap;

use super::Assembly;
use super::container::called;
use crate::hcl::{Expr, Literal};
use crate::import::names::valid;
use crate::import::report::Fate;
use crate::import::stack::{Block, reference, templated, texts};
use crate::import::variables::{
    HOST_WORDS, Meaning, Reader, Target, Targets, is_url_name, split_name, url_prefix,
};
use crate::import::workload::{Container, Setting, Variable};
use crate::import::{arn, endpoints};
use crate::suspicion::suspicion;

/// Variables with their values, in the order of the input.
type Entries = IndexMap<Arc<str>, Expr>;

impl Assembly<'_> {
    /// Writes `environment` and `secrets`; `hidden` are arguments that a command takes from variables.
    pub(super) fn variables<'v>(
        &mut self,
        container: &'v Container,
        needs: impl Iterator<Item = &'v str>,
        hidden: Vec<(String, String)>,
        own: Option<&str>,
        block: &mut Block,
    ) {
        // Taken out while variables are read, because what they need of the rest changes it.
        let targets = std::mem::take(&mut self.targets);
        let known = container.variables.iter().filter_map(|variable| {
            let value = said(&variable.value);
            (!value.is_empty()).then_some((variable.name.as_str(), value))
        });
        let reader = Reader::new(known, needs, &targets, own);
        let (mut plain, mut secrets) = (Entries::new(), Entries::new());
        for variable in &container.variables {
            let (name, origin) = (variable.name.as_str(), &variable.origin);
            let value = said(&variable.value);
            match &variable.value {
                Setting::Constant(_) | Setting::Held(_) if is_cache_password(name, &targets) => {
                    let words = "left out: a `cache` asks for no password; with `auth = \"token\"` it does, and its `url` has it";
                    self.report.needs_you(origin, words);
                }
                Setting::Constant(value) if is_blank_secret(name, value, &reader) => {
                    let secret = self.secret(name, "", "");
                    let words = format!(
                        "it is blank, and its name is that of a secret: `secret.{secret}`, to be filled by hand, or write \
                         nothing where it stays blank"
                    );
                    self.report.needs_you(origin, words);
                    put(&mut secrets, name, reference(&["secret", &secret]));
                }
                Setting::Constant(_) | Setting::Held(_) => match reader.meaning(name, value) {
                    Meaning::Password(expr) => {
                        let words = format!("`{}`: the value is not copied", expr.print());
                        self.report.mapped(origin, words);
                        put(&mut secrets, name, expr);
                    }
                    Meaning::DatabaseUrl(database) => {
                        let prefix = url_prefix(name);
                        for (word, fact) in
                            [("HOST", "host"), ("PORT", "port"), ("NAME", "name"), ("USER", "user")]
                        {
                            if let Some(fact) = database.fact(fact) {
                                put_new(&mut plain, &format!("{prefix}_{word}"), fact);
                            }
                        }
                        if let Some(password) = database.fact("password") {
                            put_new(&mut secrets, &format!("{prefix}_PASSWORD"), password);
                        }
                        let words = format!(
                            "RDS keeps the password, so there is no URL with it: `{prefix}_HOST`, `{prefix}_PORT`, \
                             `{prefix}_NAME`, `{prefix}_USER` and `{prefix}_PASSWORD` are given instead; have the \
                             application build the URL"
                        );
                        self.report.needs_you(origin, words);
                    }
                    Meaning::Reference(expr)
                        if says_nothing(&expr)
                            || matches!(variable.value, Setting::Constant(_)) && !is_secret(name, &expr) =>
                    {
                        let words = match shown(&expr) {
                            none if none.is_empty() => {
                                "127.0.0.1, because containers of a task share an address".to_owned()
                            }
                            some => format!("`{some}`"),
                        };
                        self.report.mapped(origin, words);
                        self.remember(&expr);
                        put(&mut plain, name, expr);
                    }
                    _ => {
                        self.own(variable, &mut plain, &mut secrets);
                        self.host_beside(variable, &targets, own, &mut plain);
                    }
                },
                // What is known by name alone stands where each environment does.
                Setting::Stored(from, field) if self.scattered() && self.whole_arn(from) != *from => {
                    let everywhere = self.homes.keys().map(|name| (name.clone(), from.clone())).collect();
                    self.kept_by(variable, &everywhere, field.as_deref(), &mut secrets);
                }
                Setting::Stored(arn, field) => {
                    let wanted = arn::stored_name(arn);
                    let field_name = field.as_deref().map(|field| format!("{wanted}_{field}"));
                    let wanted = field_name.as_deref().unwrap_or(wanted).to_owned();
                    let whole = self.whole_arn(arn);
                    let secret = self.stored(&wanted, &whole, field.as_deref());
                    if whole == *arn {
                        self.report.mapped(origin, format!("`secret.{secret}`, which exists"));
                    } else {
                        let words = format!(
                            "`secret.{secret}`, which exists: look whether account and region of its ARN are right"
                        );
                        self.report.assumed(origin, words);
                    }
                    put(&mut secrets, name, reference(&["secret", &secret]));
                }
                Setting::StoredBy(arns, field) => {
                    self.kept_by(variable, arns, field.as_deref(), &mut secrets);
                }
                Setting::Bucket(wanted) => {
                    let Some(bucket) = self.buckets.get(wanted) else { continue };
                    put(&mut plain, name, reference(&["bucket", bucket, "name"]));
                }
                Setting::Secret(wanted) if targets.values().any(|target| is_password(target, wanted)) => {
                    let found = targets.values().find(|target| is_password(target, wanted));
                    let Some(Target::Database(database)) = found else { continue };
                    let expr = reference(&["database", &database.name, "password"]);
                    self.report.mapped(origin, format!("`{}`, which RDS makes and keeps", expr.print()));
                    put(&mut secrets, name, expr);
                }
                Setting::Secret(wanted) => {
                    let secret = self.secret(wanted, wanted, "");
                    self.report.needs_you(origin, format!("`secret.{secret}`: fill it by hand"));
                    put(&mut secrets, name, reference(&["secret", &secret]));
                }
                Setting::Unknown if is_url_name(name) || suspicion(name, "unknown").is_some() => {
                    let secret = self.secret(name, "", "");
                    let words =
                        format!("its value comes from elsewhere: `secret.{secret}`, to be filled by hand");
                    self.report.needs_you(origin, words);
                    put(&mut secrets, name, reference(&["secret", &secret]));
                }
                Setting::Unknown => {
                    block
                        .comment(format!("Needs you: the value of {} is not in the input.", printable(name)));
                    // Whoever knows more has said what to write.
                    if self.report.asked(origin) {
                        self.report.settled(origin);
                        continue;
                    }
                    let words = "its value comes from elsewhere: write it under `environment`";
                    self.report.needs_you(origin, words);
                }
            }
        }
        for (name, value) in hidden {
            let secret = self.secret(&format!("{}_{name}", container.name), &value, "");
            put(&mut secrets, &name, reference(&["secret", &secret]));
        }
        self.targets = targets;
        // A variable that is both plain and secret would be refused; the secret is the one that says more.
        plain.retain(|name, _| !secrets.contains_key(name));
        for (setting, entries) in [("environment", plain), ("secrets", secrets)] {
            if !entries.is_empty() {
                block.set(setting, Expr::Object(entries.into_iter().collect()));
            }
        }
    }

    /// The ARN of a secret or parameter that is known by ARN or name.
    fn whole_arn(&self, from: &str) -> String {
        arn::whole(from, &self.region, &self.account)
    }

    /// A variable that is kept elsewhere in every environment.
    fn kept_by(
        &mut self,
        variable: &Variable,
        arns: &BTreeMap<String, String>,
        field: Option<&str>,
        secrets: &mut Entries,
    ) {
        let secret = self.stored_by(&variable.name, arns, field);
        let words = format!(
            "`secret.{secret}`, which exists in every environment: look whether account and region of the ARNs are right"
        );
        self.report.assumed(&variable.origin, words);
        put(secrets, &variable.name, reference(&["secret", &secret]));
    }

    /// A secret that exists, elsewhere in every environment.
    fn stored_by(&mut self, variable: &str, arns: &BTreeMap<String, String>, field: Option<&str>) -> String {
        // Where it has another name in each environment, it has that of the variable.
        let mut names: Vec<&str> = arns.values().map(|arn| arn::stored_name(arn)).collect();
        names.dedup();
        let wanted = if let [only] = names[..] { only } else { variable };
        let wanted = field.map_or_else(|| wanted.to_owned(), |field| format!("{wanted}_{field}"));
        let key: Vec<&str> = arns.iter().flat_map(|(name, arn)| [name.as_str(), arn.as_str()]).collect();
        let known = self.secrets.len();
        let name = self.secret_known_as(&wanted, &format!("{} {}", key.join(" "), field.unwrap_or_default()));
        if self.secrets.len() == known {
            return name;
        }
        let everywhere = self.environments.keys().all(|environment| arns.contains_key(environment));
        let labels: Vec<String> =
            arns.keys().filter_map(|name| self.environments.get(name)).cloned().collect();
        if let Some(block) = self.file.find("secret", &name) {
            block.set_some("field", field.map(Expr::string));
            if !everywhere {
                block.set("environments", texts(&labels));
            }
        }
        for (environment, arn) in arns {
            let mut over = Block::new("secret", Some(&name));
            let home = self.homes.get(environment).cloned();
            let (region, account) = home.unwrap_or_else(|| (self.region.clone(), self.account.clone()));
            over.set("existing", Expr::string(arn::whole(arn, &region, &account)));
            self.lay_over(environment, over);
        }
        name
    }

    /// A variable that refers to nothing: in plain sight, or a secret that a person fills.
    fn own(&mut self, variable: &Variable, plain: &mut Entries, secrets: &mut Entries) {
        let (name, origin, value) = (variable.name.as_str(), &variable.origin, said(&variable.value));
        let (secret, words) = match &variable.value {
            Setting::Held(held) => {
                let secret = self.secret_known_as(&held.name, &held.identity);
                let known = suspicion(name, "unknown").is_some() || suspicion(name, value).is_some();
                let words = match endpoints::managed(endpoints::address(value).0) {
                    Some(_) => {
                        "fill it by hand, the value is not copied; it leads to what RDS or ElastiCache runs, and a `database` or \
                         `cache` with `existing` opens the way there"
                    }
                    None if known || is_url_name(name) => "fill it by hand, the value is not copied",
                    None => {
                        "fill it by hand, the value is not copied; its name is not that of a secret, so it may belong under \
                         `environment`"
                    }
                };
                let words = format!("`secret.{secret}`: {words}");
                (secret, words)
            }
            _ => {
                let Some(why) = suspicion(name, value) else {
                    let expr = self.of_aws(name, value);
                    let words = expr.as_ref().map_or("environment".to_owned(), shown);
                    self.report.mapped(origin, format!("`{words}`"));
                    put(plain, name, expr.unwrap_or_else(|| templated(value)));
                    return;
                };
                let secret = self.secret(name, value, "");
                let words =
                    format!("`secret.{secret}`, because {why}: fill it by hand, the value is not copied");
                (secret, words)
            }
        };
        self.report.needs_you(origin, words);
        put(secrets, name, reference(&["secret", &secret]));
    }

    /// Gives the host that a value names in a way that no reference can take the place of, so that the way there is open.
    fn host_beside(
        &mut self,
        variable: &Variable,
        targets: &Targets,
        own: Option<&str>,
        plain: &mut Entries,
    ) {
        let Some(host) = called(said(&variable.value), targets) else { return };
        let expr = match &targets[host] {
            Target::Service(name) if own == Some(name.as_str()) => return,
            Target::Service(name) => reference(&["service", name, "host"]),
            Target::Cache(name) => reference(&["cache", name, "host"]),
            Target::Database(database) => reference(&["database", &database.name, "host"]),
        };
        let given = format!("{}_HOST", valid(host).to_uppercase());
        let words = format!("it names `{host}`, which is no name in AWS: put in the host that `{given}` has");
        self.report.remark(Fate::NeedsYou, &variable.origin, words);
        self.remember(&expr);
        put_new(plain, &given, expr);
    }

    /// A secret that exists.
    fn stored(&mut self, wanted: &str, arn: &str, field: Option<&str>) -> String {
        let known = self.secrets.len();
        let name = self.secret(wanted, field.unwrap_or_default(), arn);
        let new = self.secrets.len() > known;
        if let Some(block) = self.file.find("secret", &name).filter(|_| new) {
            block.set_some("field", field.map(Expr::string));
        }
        name
    }

    /// Remembers the services that an expression calls.
    fn remember(&mut self, expr: &Expr) {
        match expr {
            Expr::Template(parts) => parts.iter().for_each(|part| self.remember(part)),
            Expr::Traversal(words) => {
                if let Some(name) = words.strip_prefix("service.").and_then(|rest| rest.strip_suffix(".host"))
                {
                    self.called.insert(name.to_owned());
                }
            }
            _ => {}
        }
    }
}

/// What the input says of a value; empty when it does not.
pub(super) fn said(setting: &Setting) -> &str {
    match setting {
        Setting::Constant(value) => value,
        Setting::Held(held) => held.value.as_deref().unwrap_or_default(),
        Setting::Unknown
        | Setting::Stored(..)
        | Setting::StoredBy(..)
        | Setting::Bucket(_)
        | Setting::Secret(_) => "",
    }
}

/// Whether nothing of a secret stands in an expression but addresses: no word that somebody made up.
fn says_nothing(expr: &Expr) -> bool {
    match expr {
        Expr::Traversal(_) => true,
        Expr::Template(parts) => parts.iter().all(says_nothing),
        Expr::Literal(Literal::String(text)) => {
            text.chars().all(|c| c.is_ascii_digit() || ":/,".contains(c))
                || text.strip_suffix("://").is_some_and(|scheme| scheme.len() <= 8)
        }
        _ => false,
    }
}

/// Whether a value is left to be filled in: a cache is reached without a password, and RDS makes that of a database.
fn is_blank_secret(name: &str, value: &str, reader: &Reader<'_>) -> bool {
    let of_cache = ["REDIS", "VALKEY", "CACHE"].iter().any(|word| name.to_uppercase().contains(word));
    let secret = value.is_empty() && !of_cache && suspicion(name, "unknown").is_some();
    secret && reader.meaning(name, value) == Meaning::Constant
}

/// Whether a variable that says where something is, is a secret all the same: by its name, unless that is of an address.
fn is_secret(name: &str, expr: &Expr) -> bool {
    let of_address = HOST_WORDS.contains(&split_name(name).1.as_str()) && !matches!(expr, Expr::Literal(_));
    suspicion(name, "unknown").is_some() && !of_address
}

/// Whether a variable is the password of a cache that is part of the stack.
fn is_cache_password(name: &str, targets: &BTreeMap<String, Target>) -> bool {
    let (prefix, word) = split_name(name);
    let cache = ["REDIS", "VALKEY"].iter().any(|word| prefix.ends_with(word));
    let password = matches!(word.as_str(), "PASSWORD" | "PASS" | "PASSWD" | "PWD");
    cache && password && targets.values().any(|target| matches!(target, Target::Cache(_)))
}

/// Whether a secret of the input was the password of a database.
fn is_password(target: &Target, secret: &str) -> bool {
    matches!(target, Target::Database(database) if database.password.as_deref() == Some(secret))
}

/// The last of two values of one name holds.
fn put(entries: &mut Entries, name: &str, value: Expr) {
    entries.insert(name.into(), value);
}

fn put_new(entries: &mut Entries, name: &str, value: Expr) {
    entries.entry(name.into()).or_insert(value);
}

/// An expression without its constant parts, which may hold anything.
fn shown(expr: &Expr) -> String {
    match expr {
        Expr::Traversal(words) => words.to_string(),
        Expr::Template(parts) => {
            let references = parts.iter().filter(|part| matches!(part, Expr::Traversal(_)));
            references.map(shown).collect::<Vec<_>>().join("` and `")
        }
        _ => String::new(),
    }
}

fn printable(text: &str) -> String {
    text.chars().filter(|c| !c.is_control()).collect()
}
