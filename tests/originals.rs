//! The shipped stacks against the files of other tools that they were made from: what an import of those gives differs
//! from the stack only in what they do not say. `differences.txt` beside the files has a line for every setting that
//! differs, with the reason; a difference without a line fails, and so does a line without a difference.

#![allow(clippy::disallowed_methods, clippy::unwrap_used, reason = "tests read files, and fail by panicking")]

#[path = "support/compile.rs"]
mod compile;

use std::collections::{BTreeMap, BTreeSet};
use std::fs;

use hcl::eval::{Context, Evaluate};
use hcl::expr::{Expression, ObjectKey};

/// The directory with the stack that an import gives, the one that is shipped, and its environment that is most like the
/// originals.
const ORIGINALS: [(&str, &str, &str); 3] = [
    ("tests/import/ecs_cli/mastodon", "stacks/mastodon.hcl", "staging"),
    ("tests/import/task_definition/chuoi", "stacks/chuoi.hcl", "qa"),
    ("tests/import/kubernetes/kubedon", "stacks/kubedon.hcl", "trial"),
];

/// The environment of an import whose originals name none.
const IMPORTED: &str = "production";

/// The settings of a stack file in one environment by their path: `app.mastodon.service.sidekiq.cpu`.
fn settings(text: &str, environment: &str) -> BTreeMap<String, String> {
    let mut found = BTreeMap::new();
    walk(&hcl::parse(text).unwrap(), "", &mut found);
    let overlays: Vec<String> =
        found.keys().filter(|path| path.starts_with("environment.")).cloned().collect();
    for whole in overlays {
        let value = found.remove(&whole).unwrap();
        if let Some(path) = whole.strip_prefix(&format!("environment.{environment}.")) {
            found.insert(path.to_owned(), value);
        }
    }
    found
}

fn walk(body: &hcl::Body, path: &str, found: &mut BTreeMap<String, String>) {
    let below = |name: &str| if path.is_empty() { name.to_owned() } else { format!("{path}.{name}") };
    for attribute in body.attributes() {
        value(&below(attribute.key()), attribute.expr(), found);
    }
    for block in body.blocks() {
        let labels: Vec<&str> = block.labels().iter().map(|label| label.as_str()).collect();
        let path = below(&[&[block.identifier()], labels.as_slice()].concat().join("."));
        // A block without settings is there all the same.
        found.insert(path.clone(), "a block".to_owned());
        walk(block.body(), &path, found);
    }
}

fn value(path: &str, expression: &Expression, found: &mut BTreeMap<String, String>) {
    if let Expression::Object(object) = expression {
        for (key, expression) in object {
            let key = match key {
                ObjectKey::Identifier(name) => name.to_string(),
                key => key.to_string().trim_matches('"').to_owned(),
            };
            value(&format!("{path}.{key}"), expression, found);
        }
        return;
    }
    let printed = match expression.evaluate(&Context::new()) {
        Ok(hcl::Value::String(text)) => text,
        Ok(value) => value.to_string(),
        Err(_) => expression.to_string(),
    };
    found.insert(path.to_owned(), printed);
}

/// What `differences.txt` says: `=` two names for one thing, `+` only the stack has it, `-` only the import, `~` both, and
/// not alike. Every line ends with a reason.
#[derive(Default)]
struct Expected {
    names: Vec<(String, String)>,
    lines: BTreeSet<String>,
}

impl Expected {
    fn read(text: &str) -> Self {
        let mut expected = Self::default();
        for line in text.lines().filter(|line| !line.is_empty() && !line.starts_with('#')) {
            let (what, reason) = line.split_once(": ").unwrap_or_else(|| panic!("no reason: {line}"));
            assert!(reason.len() > 10, "{reason} is no reason: {line}");
            match what.strip_prefix("= ").and_then(|names| names.split_once(' ')) {
                Some((import, stack)) => expected.names.push((import.to_owned(), stack.to_owned())),
                None => assert!(expected.lines.insert(what.to_owned()), "twice: {line}"),
            }
        }
        expected
    }

    /// A text of the import in the words of the stack.
    fn renamed(&self, text: &str) -> String {
        let mut text = text.to_owned();
        for (import, stack) in &self.names {
            for (before, behind) in [("", "."), ("", "}"), ("", "")] {
                let whole = format!("{before}{import}{behind}");
                if behind.is_empty() && text != whole {
                    continue;
                }
                text = text.replace(&whole, &format!("{before}{stack}{behind}"));
            }
        }
        text
    }
}

fn differences(import: &str, (stack, environment): (&str, &str), expected: &Expected) -> BTreeSet<String> {
    let import: BTreeMap<String, String> = settings(import, IMPORTED)
        .iter()
        .map(|(path, value)| (expected.renamed(path), expected.renamed(value)))
        .collect();
    let stack = settings(stack, environment);
    let mut found = BTreeSet::new();
    for path in import.keys().chain(stack.keys()) {
        let sign = match (import.get(path), stack.get(path)) {
            (Some(a), Some(b)) if a == b => continue,
            (Some(_), Some(_)) => "~",
            (Some(_), None) => "-",
            (None, _) => "+",
        };
        found.insert(format!("{sign} {path}"));
    }
    // A block that only one has stands for all that is in it.
    let whole = found.clone();
    found.retain(|line| {
        let mut above = line.as_str();
        while let Some((shorter, _)) = above.rsplit_once('.') {
            if whole.contains(shorter) {
                return false;
            }
            above = shorter;
        }
        true
    });
    found
}

#[test]
fn imports_differ_from_the_stacks_only_in_what_the_originals_do_not_say() {
    for (directory, stack, environment) in ORIGINALS {
        let read = |path: &str| fs::read_to_string(compile::root(path)).unwrap();
        let expected = Expected::read(&read(&format!("{directory}/differences.txt")));
        let found =
            differences(&read(&format!("{directory}/stack.hcl")), (&read(stack), environment), &expected);
        let unexplained: Vec<&String> = found.difference(&expected.lines).collect();
        let stale: Vec<&String> = expected.lines.difference(&found).collect();
        assert!(
            unexplained.is_empty() && stale.is_empty(),
            "{stack}: no reason for {unexplained:#?}, no difference {stale:#?}"
        );
    }
}

#[test]
fn every_difference_is_found() {
    let expected = Expected::read("= cache.redis cache.main: names are chosen freely\n");
    let import =
        "cache \"redis\" {\n}\nservice \"a\" {\n cpu = \"256\"\n x = cache.redis.host\n y = { b = 1 }\n}\n";
    let stack = "cache \"main\" {\n  node = \"n\"\n}\nservice \"a\" {\n  cpu = 256\n x = cache.main.host\n y = { b = 2 }\n}\nbucket \"b\" {\n  c = 1\n}\nenvironment \"trial\" {\n  service \"a\" {\n    cpu = 512\n  }\n}\n";
    let found = differences(import, (stack, "trial"), &expected);
    assert_eq!(
        found.into_iter().collect::<Vec<_>>(),
        ["+ bucket.b", "+ cache.main.node", "~ service.a.cpu", "~ service.a.y.b"]
    );
}
