//! The variables of a container: constants, references, secrets.

use std::sync::Arc;

use super::Assembly;
use crate::check::secrets::suspicion;
use crate::hcl::Expr;
use crate::import::arn;
use crate::import::stack::{Block, reference};
use crate::import::variables::{Meaning, Reader, Target, is_url_name, url_prefix};
use crate::import::workload::{Container, Setting};

/// Variables with their values, in the order of the input.
type Entries = Vec<(Arc<str>, Expr)>;

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
        let constants = container.variables.iter().filter_map(|variable| match &variable.value {
            Setting::Constant(text) => Some((variable.name.as_str(), text.as_str())),
            _ => None,
        });
        let reader = Reader::new(constants, needs, &targets, own);
        let (mut plain, mut secrets): (Entries, Entries) = (Vec::new(), Vec::new());
        for variable in &container.variables {
            let (name, origin) = (variable.name.as_str(), &variable.origin);
            match &variable.value {
                Setting::Constant(value) => match reader.meaning(name, value) {
                    Meaning::Constant => match suspicion(name, value) {
                        Some(why) => {
                            let secret = self.secret(name, value, "");
                            let words = format!(
                                "`secret.{secret}`, because {why}: fill it by hand, the value is not copied"
                            );
                            self.report.needs_you(origin, words);
                            put(&mut secrets, name, reference(&["secret", &secret]));
                        }
                        None => {
                            let expr = self.of_aws(name, value);
                            let words = expr.as_ref().map_or("environment".to_owned(), shown);
                            self.report.mapped(origin, format!("`{words}`"));
                            put(&mut plain, name, expr.unwrap_or_else(|| Expr::string(value.as_str())));
                        }
                    },
                    Meaning::Reference(expr) => {
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
                            put_new(
                                &mut plain,
                                &format!("{prefix}_{word}"),
                                reference(&["database", &database, fact]),
                            );
                        }
                        let password = reference(&["database", &database, "password"]);
                        put_new(&mut secrets, &format!("{prefix}_PASSWORD"), password);
                        let words = format!(
                            "RDS keeps the password, so there is no URL with it: `{prefix}_HOST`, `{prefix}_PORT`, \
                             `{prefix}_NAME`, `{prefix}_USER` and `{prefix}_PASSWORD` are given instead; have the \
                             application build the URL"
                        );
                        self.report.needs_you(origin, words);
                    }
                },
                Setting::Stored(arn, field) => {
                    let wanted = stored_name(arn);
                    let field_name = field.as_deref().map(|field| format!("{wanted}_{field}"));
                    let wanted = field_name.as_deref().unwrap_or(wanted).to_owned();
                    let whole = match arn.starts_with("arn:") {
                        true => arn::complete(arn, &self.region, &self.account),
                        false => format!(
                            "arn:aws:ssm:{}:{}:parameter/{}",
                            self.region,
                            self.account,
                            arn.trim_start_matches('/')
                        ),
                    };
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
        plain.retain(|(name, _)| !secrets.iter().any(|(secret, _)| secret == name));
        for (setting, entries) in [("environment", plain), ("secrets", secrets)] {
            if !entries.is_empty() {
                block.set(setting, Expr::Object(entries));
            }
        }
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

/// Whether a secret of the input was the password of a database.
fn is_password(target: &Target, secret: &str) -> bool {
    matches!(target, Target::Database(database) if database.password.as_deref() == Some(secret))
}

/// The last of two values of one name holds.
fn put(entries: &mut Entries, name: &str, value: Expr) {
    match entries.iter_mut().find(|(known, _)| **known == *name) {
        Some(entry) => entry.1 = value,
        None => entries.push((name.into(), value)),
    }
}

fn put_new(entries: &mut Entries, name: &str, value: Expr) {
    if !entries.iter().any(|(known, _)| **known == *name) {
        entries.push((name.into(), value));
    }
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

/// What to call a secret that exists: the last part of its name, without the six characters that AWS adds.
fn stored_name(arn: &str) -> &str {
    let name = arn.rsplit([':', '/']).next().unwrap_or(arn);
    match name.rsplit_once('-') {
        Some((start, suffix)) if suffix.len() == 6 && arn.contains(":secretsmanager:") => start,
        _ => name,
    }
}

fn printable(text: &str) -> String {
    text.chars().filter(|c| !c.is_control()).collect()
}
