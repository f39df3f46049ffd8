//! Secrets in plain sight: constants under `environment` that look like one.

use crate::diagnostic::{Code, Severity};
use crate::model::Checker;
use crate::syntax::{Table, Value};

/// The codes of this rule.
pub const CODES: &[&Code] = &[&PLAIN_SECRET];

/// A plain value that looks like a secret.
pub static PLAIN_SECRET: Code = Code {
    name: "plain-secret",
    severity: Severity::Error,
    title: "a secret in plain sight",
    explanation: r#"
A value under `environment`, or under the `args` of a build, looks like a secret: by its name, by its form (an access key, a private key, a password
in a URL). Values there are written into the stack file, the generated code, the plan and the state, and are shown in
the console to everybody who may read task definitions.

```hcl
environment = {
  SMTP_PASSWORD = "hunter2"              # everybody sees it
}
```

Declare a secret and refer to it. The README of the generated tree says how to fill it.

```hcl
secret "smtp_password" {}
# in the app:
secrets = { SMTP_PASSWORD = secret.smtp_password }
```

A command has no place for a secret either; a shell can put one there: `["sh", "-c", "exec app --key \"$API_KEY\""]`.
If a variable is harmless, list it: `not_secret = ["SESSION_KEY_PREFIX"]`.
"#,
};

/// Words in a variable's name that make it the name of a secret.
const NAMES: [&str; 16] = [
    "PASSWORD",
    "PASSWD",
    "PASS",
    "PASSPHRASE",
    "SECRET",
    "TOKEN",
    "CREDENTIAL",
    "CREDENTIALS",
    "PRIVATE_KEY",
    "ACCESS_KEY",
    "API_KEY",
    "APP_KEY",
    "ENCRYPTION_KEY",
    "KEY_BASE",
    "MASTER_KEY",
    "SECRET_KEY",
];

/// Beginnings of values that only secrets have: cloud access keys, private keys, tokens of well-known services.
const VALUES: [&str; 10] = [
    "AKIA",
    "ASIA",
    "-----BEGIN",
    "ghp_",
    "github_pat_",
    "glpat-",
    "sk_live_",
    "xoxb-",
    "xoxp-",
    "eyJhbGciOi",
];

/// Looks at a component, at the containers beside it, and at what builds get: their variables, and what they run.
pub fn check(at: &mut Checker<'_>) {
    let table = at.table;
    check_one(at);
    for (header, table) in table.blocks("container") {
        check_one(&mut Checker { table, header, reading: at.reading });
    }
    for (header, table) in table.blocks("build") {
        let mut at = Checker { table, header, reading: at.reading };
        plain(&mut at, "environment");
        plain(&mut at, "args");
    }
}

/// Looks at one block.
fn check_one(at: &mut Checker<'_>) {
    constants(at);
    arguments(at);
    plain(at, "environment");
}

/// Constants in plain sight under a setting.
fn plain(at: &mut Checker<'_>, setting: &str) {
    let Some(plain) = at.table.get(setting).and_then(|entry| entry.node.value.as_table()) else {
        return;
    };
    let harmless: Vec<&str> = match at.table.get("not_secret").map(|entry| &entry.node.value) {
        Some(Value::List(items)) => items.iter().filter_map(|item| as_text(&item.value)).collect(),
        _ => Vec::new(),
    };
    let plain: &Table = plain;
    for (name, entry) in &plain.entries {
        let Some(text) = as_text(&entry.node.value) else { continue };
        if harmless.contains(&&**name) {
            continue;
        }
        let Some(why) = suspicion(name, text) else { continue };
        let diagnostic = at
            .reading
            .diagnostic(&PLAIN_SECRET, entry.node.span, format!("`{name}` looks like a secret in plain sight"))
            .label(why)
            .help(format!(
                "declare `secret \"{}\" {{}}` and refer to it under `secrets`; if it is harmless: `not_secret = [\"{name}\"]`",
                name.to_lowercase()
            ));
        at.reading.push(diagnostic);
    }
}

/// Constants under `secrets`: there they look safe and are not.
fn constants(at: &mut Checker<'_>) {
    let table = at.table;
    let Some(secrets) = table.get("secrets").and_then(|entry| entry.node.value.as_table()) else { return };
    for (name, entry) in &secrets.entries {
        if matches!(entry.node.value, Value::Reference(_)) {
            continue;
        }
        let message = format!("`{name}` under `secrets` is not a reference");
        let found = at.reading.diagnostic(&PLAIN_SECRET, entry.node.span, message);
        at.reading.push(if matches!(entry.node.value, Value::Template(_)) {
            found.label("ECS does not put strings together").help(
                "refer to the secret alone and put the string together in the application; without a secret in it, \
                 it belongs under `environment`",
            )
        } else {
            found
                .label("a value written here is in plain sight")
                .help(format!("declare `secret \"{}\" {{}}` and refer to it here", name.to_lowercase()))
        });
    }
}

/// Arguments of commands that only a secret looks like: everybody who may read the task definition sees them.
fn arguments(at: &mut Checker<'_>) {
    let table = at.table;
    for key in ["entry_point", "command"] {
        let Some(Value::List(items)) = table.get(key).map(|entry| &entry.node.value) else { continue };
        for item in items.iter() {
            // A `$` is a variable of a shell, which is how a secret gets into a command.
            let text = as_text(&item.value).filter(|text| !text.contains('$'));
            let Some(why) = text.and_then(|text| suspicion("", text)) else { continue };
            let message = format!("an argument of `{key}` looks like a secret in plain sight");
            let found = at.reading.diagnostic(&PLAIN_SECRET, item.span, message).label(why);
            at.reading.push(found.help(
                "declare a `secret`, refer to it under `secrets`, and have a shell put the variable into the command",
            ));
        }
    }
}

fn as_text(value: &Value) -> Option<&str> {
    match value {
        Value::String(text) => Some(text),
        _ => None,
    }
}

/// Whether a constant looks like a secret, under a name or by itself.
pub fn is_suspicious(name: &str, text: &str) -> bool {
    suspicion(name, text).is_some()
}

/// Why a constant looks like a secret, if it does. An argument of a command has no name.
pub fn suspicion(name: &str, text: &str) -> Option<&'static str> {
    if VALUES.iter().any(|start| text.starts_with(start)) {
        return Some("the value has the form of a key or token");
    }
    if has_password(text) {
        return Some("the URL has a password in it");
    }
    let words = format!("_{}_", name.to_uppercase());
    let named = NAMES.iter().any(|word| words.contains(&format!("_{word}_")));
    let harmless = text.len() < 4 || text.parse::<f64>().is_ok() || matches!(text, "true" | "false" | "none");
    (named && !harmless).then_some("its name is that of a secret")
}

/// Whether a text is a URL with a password: `scheme://user:password@host`.
fn has_password(text: &str) -> bool {
    let Some((_, rest)) = text.split_once("://") else { return false };
    let authority = rest.split(['/', '?', '#']).next().unwrap_or_default();
    let Some((user, _)) = authority.rsplit_once('@') else { return false };
    user.split_once(':').is_some_and(|(_, password)| !password.is_empty())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn secrets_are_told_from_settings() {
        for (name, text) in [
            ("SMTP_PASSWORD", "hunter2"),
            ("REDIS_URL", "redis://:pw@host:6379"),
            ("ANY", "AKIAIOSFODNN7EXAMPLE"),
            ("SECRET_KEY_BASE", "0123456789abcdef"),
        ] {
            assert!(suspicion(name, text).is_some(), "{name}");
        }
        for (name, text) in [
            ("MAX_TOKENS", "4096"),
            ("PASSWORD_MIN_LENGTH", "12"),
            ("REDIS_URL", "redis://host:6379/0"),
            ("TOKENIZER", "bert"),
            ("SECRET_KEY_BASE_DUMMY", "1"),
            ("COMPASS_URL", "https://example.com/a@b:c"),
        ] {
            assert!(suspicion(name, text).is_none(), "{name}");
        }
    }
}
