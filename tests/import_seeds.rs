//! The systems that shipped stacks were made from, imported from files as their authors had them: what the stacks of
//! `stacks/` say differently, setting by setting, and why. A difference without a reason is a fault of an importer, and a
//! reason without a difference is out of date. The lists stand beside the imports, as `differences.txt`; `BLESS=1`
//! rewrites them.

#![allow(
    clippy::disallowed_methods,
    clippy::unwrap_used,
    reason = "tests read and write files, and fail by panicking"
)]

#[path = "support/compile.rs"]
mod compile;
#[path = "support/expected.rs"]
mod expected;

use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write as _;
use std::fs;

use groundplan::source::{Source, Sources, Syntax};
use groundplan::syntax::{self, Part, Table, Value, overlay};

/// What stands for a block in a list of settings.
const BLOCK: &str = "a block";

/// An import and the stack that it is compared with.
struct Seed {
    /// The directory below `tests/import`.
    import: &'static str,
    /// The file in `stacks/`, and its environment that is most like the original.
    stack: (&'static str, &'static str),
    /// Components that have other names in the stack, because the originals have no names for them.
    names: &'static [(&'static str, &'static str, &'static str)],
    /// Reasons, by what the path of a setting begins with; the first that fits is taken.
    reasons: &'static [(&'static str, &'static str)],
}

const MASTODON: Seed = Seed {
    import: "ecs_cli/mastodon",
    stack: ("mastodon", "staging"),
    names: &[
        ("database", "db", "main"),
        ("bucket", "example_social_media", "media"),
        ("load_balancer", "main", "public"),
    ],
    reasons: &[
        ("app.mastodon.environment.DB_SSLMODE", "the original does not say it: RDS of the stack demands TLS"),
        ("app.mastodon.environment.LOCAL_DOMAIN", "the original leaves it open"),
        ("app.mastodon.environment.SMTP_FROM_ADDRESS", "the original leaves the domain open"),
        (
            "app.mastodon.image",
            "the original pulls from Docker Hub, and does not say where one's own image would be",
        ),
        (
            "app.mastodon.log_group",
            "the original has one log group for all; the stack lets each service have its own",
        ),
        (
            "log_group.social",
            "the original has one log group for all; the stack lets each service have its own",
        ),
        (
            "app.mastodon.secrets.AWS",
            "the original does not say whose keys these are; the stack makes their user",
        ),
        ("secret.aws_", "the original does not say whose keys these are; the stack makes their user"),
        ("user.media", "the original does not say whose keys these are; the stack makes their user"),
        ("app.mastodon.secrets.PAPERCLIP_SECRET", "the version of the stack does not read it any more"),
        ("secret.paperclip_secret", "the version of the stack does not read it any more"),
        (
            "app.mastodon.secrets.REDIS_URL",
            "the same secret: the original does not say what a managed Redis would be",
        ),
        ("cache.main", "the original does not say what a managed Redis would be, only the URL of a provider"),
        (
            "app.mastodon.secrets.SMTP_LOGIN",
            "the original leaves it open, and does not say that it is secret",
        ),
        (
            "app.mastodon.secrets.VAPID_PUBLIC_KEY",
            "the original leaves it open, and does not say that it is secret",
        ),
        ("app.mastodon.service.sidekiq.command", "the stack's version runs by way of bundler"),
        ("app.mastodon.service.sidekiq.memory", "the stack's version needs more"),
        ("app.mastodon.service.sidekiq.", "the original does not say that spare capacity will do"),
        ("app.mastodon.service.streaming.command", "the stack's version starts so"),
        ("app.mastodon.service.streaming.cpu", "the smallest size, which the stack leaves to the default"),
        ("app.mastodon.service.streaming.memory", "the smallest size, which the stack leaves to the default"),
        (
            "app.mastodon.service.streaming.route.",
            "the original does not say which paths lead where, or what is well",
        ),
        (
            "app.mastodon.service.web.route.",
            "the original does not say which paths lead where, or what is well",
        ),
        (
            "app.mastodon.service.web.command",
            "one command that migrates, builds and serves; the stack has a task, and a built image",
        ),
        ("app.mastodon.task", "the original runs them by hand, or at each start"),
        (
            "app.mastodon.service.web.",
            "the original does not say how many run, or how long they take to start",
        ),
        (
            "app.mastodon.tag",
            "the original pulls from Docker Hub, and does not say where one's own image would be",
        ),
        ("registry", "the original pulls from Docker Hub, and does not say where one's own image would be"),
        ("bastion", "the original does not say how people reach the database"),
        ("bucket", "the original names a bucket that exists, and does not say how it is set up"),
        (
            "database.main",
            "the original has the address of a database that exists, and does not say how it is set up",
        ),
        (
            "secret.db_password",
            "the original has the address of a database that exists, and does not say how it is set up",
        ),
        ("domain", "the original leaves the domain open"),
        ("load_balancer", "the original leaves the domain open, and does not say which certificate is used"),
        ("network.main", "the original leaves the subnets open"),
        ("secret", "the original leaves the value open, and does not say how it is made"),
        ("stack.mastodon.state", "the original has no state"),
    ],
};

const CHUOI: Seed = Seed {
    import: "task_definition/chuoi",
    stack: ("chuoi", "qa"),
    names: &[("stack", "app", "chuoi"), ("cache", "redis", "main"), ("bucket", "example_chuoi_logs", "logs")],
    reasons: &[
        ("account", "another number for the same account"),
        ("bucket.access_logs", "the original does not say how buckets are set up"),
        ("bucket.logs", "the original names a bucket, and does not say how it is set up"),
        ("bucket.source", "the original does not say how it is deployed"),
        ("cache.main.existing.host", "another name for the same host"),
        (
            "cache.main.existing.tls",
            "the original says it by the name of the host; the stack has no URL of it",
        ),
        ("domain", "the original does not say what leads to it"),
        ("load_balancer", "the original does not say what leads to it"),
        ("namespace", "the original does not say how its nodes find each other"),
        ("network", "the original does not say where it runs"),
        ("pipeline", "the original does not say how it is deployed"),
        ("registry", "the original names repositories that exist; the stack makes them"),
        ("secret", "the original does not say how it is built"),
        ("security_group", "the original does not say which security groups it joins"),
        ("service.app.container.log.stop_timeout", "the original does not say how long it may take to stop"),
        ("service.app.container.log.user", "the original does not say it: fluentd of the stack runs as root"),
        (
            "service.app.container.web.environment",
            "the original does not say it: nginx of the stack wants its neighbour",
        ),
        ("service.app.container.web.health_check", "the original has none"),
        ("service.app.container.web.log_prefix", "the original is of one environment, and this is its name"),
        ("service.app.container.log.log_prefix", "the original is of one environment, and this is its name"),
        ("service.app.log_prefix", "the original is of one environment, and this is its name"),
        ("service.app.container.log.tag", "the default, which the stack does not write"),
        ("service.app.container.web.tag", "the default, which the stack does not write"),
        ("service.app.tag", "the default, which the stack does not write"),
        ("service.app.deployed_by", "the original does not say how it is deployed"),
        ("service.app.discovery", "the original does not say how its nodes find each other"),
        ("service.app.peer_ports", "the original does not say how its nodes find each other"),
        ("service.app.environment", "the original does not say it: the application has defaults"),
        ("service.app.route", "the original does not say what leads to it"),
        ("service.app.security_groups", "the original does not say which security groups it joins"),
        (
            "service.app.task_role",
            "the original names a role, and does not say what it allows; in the stack references do",
        ),
        ("stack.chuoi.state", "the original has no state"),
    ],
};

#[test]
fn an_imported_seed_says_what_its_stack_says_as_far_as_the_original_does() {
    for seed in [&MASTODON, &CHUOI] {
        let mut imported =
            fs::read_to_string(compile::root("tests/import").join(seed.import).join("stack.hcl")).unwrap();
        for (kind, from, to) in seed.names {
            imported = imported.replace(&format!("{kind} \"{from}\""), &format!("{kind} \"{to}\""));
            imported = imported.replace(&format!("{kind}.{from}"), &format!("{kind}.{to}"));
        }
        let (name, environment) = seed.stack;
        let shipped = fs::read_to_string(compile::root("stacks").join(name).with_extension("hcl")).unwrap();
        let imported = settings(&imported, "production");
        let shipped = settings(&shipped, environment);
        let mut listed = String::new();
        let mut used = BTreeSet::new();
        let (mut without, mut missing) = (Vec::new(), Vec::new());
        let paths: BTreeSet<&String> = imported.keys().chain(shipped.keys()).collect();
        for path in paths {
            let (ours, theirs) = (imported.get(path), shipped.get(path));
            // Of what only one of them has, what is in it says nothing new.
            if ours == theirs || missing.iter().any(|above| path.starts_with(above)) {
                continue;
            }
            if ours.is_none() || theirs.is_none() {
                missing.push(format!("{path}."));
            }
            let said = |value: Option<&String>| value.map_or("-", String::as_str).to_owned();
            let reason = seed.reasons.iter().find(|(start, _)| path.starts_with(start));
            match reason {
                Some((start, _)) => drop(used.insert(*start)),
                None => without.push(format!("{path}: {} | {}", said(ours), said(theirs))),
            }
            let why = reason.map_or("?", |(_, why)| why);
            writeln!(
                listed,
                "{path}\n  imported: {}\n  stack:    {}\n  because:  {why}",
                said(ours),
                said(theirs)
            )
            .unwrap();
        }
        assert!(without.is_empty(), "{name}: differences without a reason:\n{}", without.join("\n"));
        let idle: Vec<&str> =
            seed.reasons.iter().map(|(start, _)| *start).filter(|start| !used.contains(start)).collect();
        assert!(idle.is_empty(), "{name}: reasons for what does not differ: {idle:?}");
        let directory = compile::root("tests/import").join(seed.import);
        let mut present = expected::files(&directory);
        present.retain(|name, _| name == "differences.txt");
        let actual = BTreeMap::from([("differences.txt".to_owned(), listed)]);
        expected::assert_none(&expected::compare(&directory, &present, &actual));
    }
}

/// Every setting of a stack file in one environment, by its path.
fn settings(text: &str, environment: &str) -> BTreeMap<String, String> {
    let mut sources = Sources::default();
    let file = sources.add(Source::new("stack.hcl", text, Syntax::Hcl));
    let document = syntax::parse(&sources, file).value.expect("the stack can be read");
    let over = document.root.entry(&["environment", environment]).expect("the environment is there");
    let whole = overlay::merge(&document.root, over.node.value.as_table().unwrap());
    let mut found = BTreeMap::new();
    for (key, entry) in whole.entries.iter().filter(|(key, _)| &***key != "environment") {
        flatten(key, &entry.node.value, &mut found);
    }
    // The kinds themselves are no settings.
    found.retain(|path, value| path.contains('.') || value != BLOCK);
    found
}

fn flatten(path: &str, value: &Value, found: &mut BTreeMap<String, String>) {
    match value {
        Value::Table(table) => {
            let table: &Table = table;
            found.insert(path.to_owned(), BLOCK.to_owned());
            for (key, entry) in &table.entries {
                flatten(&format!("{path}.{key}"), &entry.node.value, found);
            }
        }
        _ => drop(found.insert(path.to_owned(), shown(value))),
    }
}

/// A value as text; numbers and booleans as variables of a container have them.
fn shown(value: &Value) -> String {
    let words = |words: &[syntax::Word]| words.iter().map(|word| &*word.text).collect::<Vec<_>>().join(".");
    match value {
        Value::Null => "null".to_owned(),
        Value::Table(_) => BLOCK.to_owned(),
        Value::String(text) => text.to_string(),
        Value::Reference(reference) => words(reference),
        Value::List(items) => {
            format!("[{}]", items.iter().map(|item| shown(&item.value)).collect::<Vec<_>>().join(", "))
        }
        Value::Template(parts) => parts
            .iter()
            .map(|part| match part {
                Part::Text(text) => text.to_string(),
                Part::Reference(_, reference) => format!("${{{}}}", words(reference)),
            })
            .collect(),
        Value::Bool(value) => value.to_string(),
        Value::Integer(value) => value.to_string(),
        Value::Float(value) => value.to_string(),
    }
}
