//! Secrets in plain sight: constants that look like one, in variables, commands and parameters.

use crate::diagnostic::{Code, Severity};
use crate::model::Checker;
use crate::source::Span;
use crate::suspicion::{on_command_line, suspicion};
use crate::syntax::{Table, Value};

/// The codes of this rule.
pub const CODES: &[&Code] = &[&PLAIN_SECRET];

/// A plain value that looks like a secret.
pub static PLAIN_SECRET: Code = Code {
    name: "plain-secret",
    severity: Severity::Error,
    title: "a secret in plain sight",
    explanation: r#"
A value under `environment`, or under the `args` of a build, looks like a secret: by its name, by its form (an access
key, a private key, a password in a URL). So does an argument of a command or of a health check, by its form or by the
option before it, and the value of a `parameter`, by its form. What stands there is written into the stack file, the generated code, the plan and the state, and is
shown in the console to everybody who may read task definitions.

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

/// Looks at the value of a parameter: whoever may read parameters sees it, and so does the state.
pub fn check_parameter(at: &mut Checker<'_>) {
    let Some(entry) = at.table.get("value") else { return };
    let Some(why) = as_text(&entry.node.value).and_then(|text| suspicion("", text)) else { return };
    let message = "the parameter looks like a secret in plain sight";
    let found = at.reading.diagnostic(&PLAIN_SECRET, entry.node.span, message).label(why);
    at.reading.push(found.help("make it a `secret`, and refer to it under `secrets`"));
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
        words(at, table, key);
    }
    if let Some(check) = table.get("health_check").and_then(|entry| entry.node.value.as_table()) {
        words(at, check, "command");
        if let Some(entry) = check.get("shell") {
            let found = as_text(&entry.node.value).and_then(|line| on_command_line(None, line));
            report(at, "shell", entry.node.span, found);
        }
    }
}

/// The words of a command.
fn words(at: &mut Checker<'_>, table: &Table, key: &str) {
    let Some(Value::List(items)) = table.get(key).map(|entry| &entry.node.value) else { return };
    let mut before = None;
    for item in items.iter() {
        let word = as_text(&item.value);
        report(at, key, item.span, word.and_then(|word| on_command_line(before, word)));
        before = word;
    }
}

fn report(at: &mut Checker<'_>, key: &str, span: Span, why: Option<&'static str>) {
    let Some(why) = why else { return };
    let message = format!("an argument of `{key}` looks like a secret in plain sight");
    let found = at.reading.diagnostic(&PLAIN_SECRET, span, message).label(why);
    at.reading.push(found.help(
        "declare a `secret`, refer to it under `secrets`, and have a shell put the variable into the command",
    ));
}

fn as_text(value: &Value) -> Option<&str> {
    match value {
        Value::String(text) => Some(text),
        _ => None,
    }
}
