//! Addons: CloudFormation templates beside a service or an environment.

use crate::import::read::{At, Sourced};
use crate::import::report::Report;
use crate::import::workload::{Setting, System, Variable};
use crate::import::yaml::Node;

/// A variable that an addon gives to a service.
pub(super) struct Given {
    /// The service, by its directory.
    pub(super) service: String,
    pub(super) variable: Variable,
}

/// Reads a template: a bucket becomes one of the stack, of everything else the report says what to do.
pub(super) fn read(at: &At, service: &str, system: &mut System, report: &mut Report) -> Vec<Given> {
    let mut buckets: Vec<(String, String)> = Vec::new();
    let resources = at.get("Resources").map(|resources| resources.entries()).unwrap_or_default();
    for (id, resource) in &resources {
        let kind = field(&resource.node, "Type").and_then(Node::text).unwrap_or_default();
        if kind == "AWS::S3::Bucket" {
            let called = id.strip_suffix("Bucket").filter(|rest| !rest.is_empty()).unwrap_or(id).to_owned();
            let name = match system.buckets.iter().any(|bucket| bucket.value == called) {
                true => format!("{service}-{called}"),
                false => called,
            };
            system.buckets.push(Sourced { value: name.clone(), origin: resource.origin() });
            buckets.push((id.to_string(), name));
        } else if kind == "AWS::S3::BucketPolicy" {
            report.mapped(&resource.origin(), "a `bucket` takes requests over TLS only, and is not public");
        } else {
            report.needs_you(&resource.origin(), advice(kind));
        }
    }
    let mut given = Vec::new();
    for (name, output) in at.get("Outputs").map(|outputs| outputs.entries()).unwrap_or_default() {
        let reference = field(&output.node, "Value").and_then(referred);
        let bucket = buckets.iter().find(|(id, _)| Some(id.as_str()) == reference);
        match bucket {
            Some((_, bucket)) => {
                let name = variable_name(&name);
                report.mapped(&output.origin(), format!("the variable `{name}` with the name of the bucket"));
                let value = Setting::Bucket(bucket.clone());
                let variable = Variable { name, value, origin: output.origin() };
                given.push(Given { service: service.to_owned(), variable });
            }
            None => report.needs_you(
                &output.origin(),
                format!(
                    "Copilot gives it to the service as `{}`: write that under `environment` or `secrets`",
                    variable_name(&name)
                ),
            ),
        }
    }
    given
}

/// What to do about a resource that a stack file has no word for, or that holds data.
fn advice(kind: &str) -> String {
    let service = kind.split("::").nth(1).unwrap_or_default();
    match service {
        "RDS" => "it holds data: leave it where it is and give services its address, or write a `database` and move the data",
        "ElastiCache" => "write a `cache`, and give services its `url`",
        "EFS" => "write a `file_system` with `existing`",
        "S3" => "look for a setting of `bucket` that says it",
        "EC2" => "references open ports between what stands in the stack: a rule towards something else needs a `security_group` with `existing`",
        "IAM" => "references open what services need; other rights need a role of your own, as `task_role`",
        "SecretsManager" | "SSM" => "write a `secret`, with `existing` to keep this one",
        "CloudWatch" => "write an `alarm`",
        _ => "a stack has no word for it: keep it with Terraform of your own, give services its name, and its rights with a role of your own, as `task_role`",
    }
    .to_owned()
}

fn field<'a>(node: &'a Node, key: &str) -> Option<&'a Node> {
    Some(&node.map()?.get(key)?.node)
}

/// The logical id behind `!Ref` or `Ref`.
fn referred(value: &Node) -> Option<&str> {
    match value.tag.as_deref() {
        Some("Ref") => value.text(),
        _ => field(value, "Ref").and_then(Node::text),
    }
}

/// The variable that Copilot makes of an output: `uploadsName` is `UPLOADS_NAME`.
fn variable_name(output: &str) -> String {
    let mut name = String::new();
    let chars: Vec<char> = output.chars().collect();
    for (index, c) in chars.iter().enumerate() {
        let after_lower =
            index > 0 && (chars[index - 1].is_ascii_lowercase() || chars[index - 1].is_ascii_digit());
        let before_lower = chars.get(index + 1).is_some_and(char::is_ascii_lowercase);
        let word_begins = c.is_ascii_uppercase()
            && (after_lower || index > 0 && chars[index - 1].is_ascii_uppercase() && before_lower);
        if word_begins && !name.ends_with('_') {
            name.push('_');
        }
        name.push(if c.is_ascii_alphanumeric() { c.to_ascii_uppercase() } else { '_' });
    }
    name
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn outputs_become_variables() {
        for (output, expected) in [
            ("uploadsName", "UPLOADS_NAME"),
            ("MyTableARN", "MY_TABLE_ARN"),
            ("DBSecret", "DB_SECRET"),
            ("s3Url", "S3_URL"),
        ] {
            assert_eq!(variable_name(output), expected);
        }
    }
}
