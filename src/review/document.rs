//! The JSON of a plan, as far as it is read: format version 1, Terraform 1.11.

use serde::Deserialize;
use serde::de::IgnoredAny;
use serde_json::{Map, Value};

use super::change::{Action, Sides};
use super::configuration::Configuration;

/// Why a text cannot be reviewed. Reads on from the name of the file.
#[derive(Debug, thiserror::Error)]
pub enum NotAPlan {
    /// What `terraform plan -out` writes.
    #[error("is a saved plan; review what `terraform show -json` prints of it")]
    Saved,
    /// What `terraform plan -json` prints.
    #[error(
        "is the log of `terraform plan -json`; save the plan with `-out` and review what `terraform show -json` prints of it"
    )]
    Log,
    /// What `terraform show -json` prints without a plan.
    #[error("is a state; name the saved plan: `terraform show -json FILE`")]
    State,
    /// JSON of something else.
    #[error("has no `format_version` and is not what `terraform show -json` prints of a plan")]
    Foreign,
    /// A format of another time.
    #[error("has format version {0:?}, and only 1.x is known; use a Terraform of version 1")]
    Version(String),
    /// Anything else.
    #[error("is not a plan as JSON: {0}")]
    Damaged(#[from] serde_json::Error),
    /// An action that nobody has heard of.
    #[error("does {actions:?} to {address:?}, which is not an action of Terraform 1.11")]
    Action {
        /// The resource.
        address: String,
        /// What the plan says.
        actions: Vec<String>,
    },
}

/// What tells a plan from other files.
#[derive(Deserialize)]
struct Header {
    format_version: Option<String>,
    #[serde(rename = "@level")]
    level: Option<IgnoredAny>,
    values: Option<IgnoredAny>,
    planned_values: Option<IgnoredAny>,
    resource_changes: Option<IgnoredAny>,
}

/// A plan, as far as it is read.
#[derive(Deserialize)]
pub(super) struct Document {
    #[serde(default)]
    pub(super) resource_changes: Vec<ResourceChange>,
    #[serde(default)]
    pub(super) resource_drift: Vec<ResourceChange>,
    #[serde(default)]
    pub(super) deferred_changes: Vec<IgnoredAny>,
    #[serde(default)]
    pub(super) configuration: Value,
    #[serde(default)]
    pub(super) errored: bool,
}

/// What is done to one resource instance.
#[derive(Deserialize)]
pub(super) struct ResourceChange {
    pub(super) address: String,
    pub(super) previous_address: Option<String>,
    pub(super) mode: String,
    #[serde(rename = "type")]
    pub(super) resource: String,
    pub(super) deposed: Option<String>,
    pub(super) action_reason: Option<String>,
    pub(super) change: Difference,
}

/// Both sides of it.
#[derive(Deserialize)]
pub(super) struct Difference {
    pub(super) actions: Vec<String>,
    #[serde(default)]
    pub(super) before: Value,
    #[serde(default)]
    pub(super) after: Value,
    #[serde(default)]
    pub(super) after_unknown: Value,
    #[serde(default)]
    pub(super) before_sensitive: Value,
    #[serde(default)]
    pub(super) after_sensitive: Value,
    #[serde(default)]
    pub(super) replace_paths: Vec<Vec<Value>>,
    pub(super) importing: Option<Map<String, Value>>,
}

/// Reads the text of a plan.
pub(super) fn parse(json: &[u8]) -> Result<Document, NotAPlan> {
    if json.starts_with(b"PK") {
        return Err(NotAPlan::Saved);
    }
    // The log has one object per line; its first says enough.
    let first = serde_json::Deserializer::from_slice(json).into_iter::<Header>().next();
    let Some(header) = first.transpose()? else { return Err(NotAPlan::Foreign) };
    if header.level.is_some() {
        return Err(NotAPlan::Log);
    }
    let planned = header.planned_values.is_some() || header.resource_changes.is_some();
    match header.format_version {
        None => return Err(NotAPlan::Foreign),
        Some(version) if !version.starts_with("1.") => return Err(NotAPlan::Version(version)),
        Some(_) if !planned && header.values.is_some() => return Err(NotAPlan::State),
        Some(_) => {}
    }
    Ok(serde_json::from_slice(json)?)
}

impl ResourceChange {
    /// What is done; nothing when nobody needs to know.
    pub(super) fn action(&self) -> Result<Option<Action>, NotAPlan> {
        let actions: Vec<&str> = self.change.actions.iter().map(String::as_str).collect();
        Ok(Some(match actions[..] {
            ["create"] => Action::Create,
            ["update"] => Action::Update,
            ["delete"] => Action::Destroy,
            ["delete", "create"] | ["create", "delete"] => Action::Replace,
            // The old one stays where it is, and a new one is made.
            ["forget"] | ["create", "forget"] | ["forget", "create"] => Action::Forget,
            ["no-op"] if self.moved().is_some() || self.change.importing.is_some() => Action::Keep,
            ["no-op"] | ["read"] => return Ok(None),
            _ => {
                let (address, actions) = (self.address.clone(), self.change.actions.clone());
                return Err(NotAPlan::Action { address, actions });
            }
        }))
    }

    /// The address it had, when that was another.
    pub(super) fn moved(&self) -> Option<&String> {
        self.previous_address.as_ref().filter(|previous| **previous != self.address)
    }

    /// Both sides without what only follows.
    pub(super) fn sides(&self, configuration: &Configuration<'_>) -> Sides {
        let change = &self.change;
        let mut sides = Sides {
            before: change.before.clone(),
            after: change.after.clone(),
            unknown: change.after_unknown.clone(),
            sensitive_before: change.before_sensitive.clone(),
            sensitive_after: change.after_sensitive.clone(),
            replace_paths: change.replace_paths.clone(),
        };
        configuration.prune(&without_keys(&self.address), &mut sides);
        sides
    }
}

/// An address without the keys of instances: `module.a["x"].aws_subnet.b[0]` is `module.a.aws_subnet.b`.
pub(super) fn without_keys(address: &str) -> String {
    let mut plain = String::new();
    let (mut inside, mut quoted, mut escaped) = (false, false, false);
    for c in address.chars() {
        match c {
            _ if escaped => escaped = false,
            '\\' if quoted => escaped = true,
            '"' if inside => quoted = !quoted,
            '[' if !inside => inside = true,
            ']' if inside && !quoted => inside = false,
            c if !inside => plain.push(c),
            _ => {}
        }
    }
    plain
}

#[cfg(test)]
mod tests {
    use super::*;

    fn problem(text: &str) -> String {
        parse(text.as_bytes()).err().map(|problem| problem.to_string()).unwrap_or_default()
    }

    #[test]
    fn what_is_no_plan_is_named() {
        for (text, expected) in [
            ("PK\u{3}\u{4}", "is a saved plan"),
            ("", "has no `format_version`"),
            ("{}", "has no `format_version`"),
            ("[]", "is not a plan as JSON"),
            (
                "{\"format_version\": \"1.2\", \"resource_changes\": [{\"address\": 1}]}",
                "is not a plan as JSON: invalid type: integer `1`",
            ),
            (r#"{"format_version": "2.0", "resource_changes": []}"#, "has format version \"2.0\""),
            (r#"{"format_version": "1.0", "values": {}}"#, "is a state"),
            ("{\"@level\":\"info\"}\n{\"@level\":\"info\"}\n", "is the log of"),
        ] {
            assert!(problem(text).starts_with(expected), "{text}: {}", problem(text));
        }
        assert!(problem(&format!("{{\"a\":{}", "[".repeat(1_000_000))).starts_with("is not a plan as JSON"));
        assert_eq!(problem(r#"{"format_version": "1.2", "planned_values": {}}"#), "");
    }

    #[test]
    fn keys_of_instances_are_left_out_whatever_is_in_them() {
        assert_eq!(without_keys(r#"module.a["x]\"y[."].aws_subnet.b[0]"#), "module.a.aws_subnet.b");
    }
}
