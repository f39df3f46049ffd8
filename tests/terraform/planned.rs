//! A plan as `terraform show -json` gives it, by address.

use std::collections::BTreeMap;

use serde_json::Value;

/// What one workspace of one stack would create.
pub struct Plan {
    pub stack: String,
    pub workspace: String,
    /// The planned values of each managed resource, by address: `module.services.aws_ecs_service.web[0]`.
    pub resources: BTreeMap<String, Value>,
}

impl Plan {
    pub fn new(stack: &str, workspace: &str, json: Value) -> Self {
        let changes = json["resource_changes"].as_array().cloned().unwrap_or_default();
        let managed = changes.into_iter().filter(|change| change["mode"] == "managed");
        let resources = managed.map(|change| {
            let address = change["address"].as_str().unwrap_or_default().to_owned();
            assert_eq!(change["change"]["actions"], serde_json::json!(["create"]), "{stack}: {address}");
            (address, change["change"]["after"].clone())
        });
        Self { stack: stack.to_owned(), workspace: workspace.to_owned(), resources: resources.collect() }
    }

    /// The planned values of a resource, whether it has a `count` or not.
    #[track_caller]
    pub fn resource(&self, address: &str) -> &Value {
        let found = self.resources.get(address).or_else(|| self.resources.get(&format!("{address}[0]")));
        found.unwrap_or_else(|| {
            let known = self.resources.keys().map(String::as_str).collect::<Vec<_>>().join("\n  ");
            panic!("{} in {} has no {address}, but\n  {known}", self.stack, self.workspace)
        })
    }

    /// The labels of the resources of a type, in any module.
    pub fn labels(&self, resource_type: &str) -> Vec<String> {
        let labels = self.resources.keys().filter_map(|address| {
            let address = without_keys(address);
            let (rest, label) = address.rsplit_once('.')?;
            rest.ends_with(&format!(".{resource_type}")).then(|| label.to_owned())
        });
        let mut labels: Vec<String> = labels.collect();
        labels.dedup();
        labels
    }
}

/// An address without the keys of instances: `module.a.aws_subnet.data["c"]` is `module.a.aws_subnet.data`.
pub fn without_keys(address: &str) -> String {
    let mut plain = String::new();
    let mut depth = 0;
    for c in address.chars() {
        match c {
            '[' => depth += 1,
            ']' => depth -= 1,
            _ if depth == 0 => plain.push(c),
            _ => {}
        }
    }
    plain
}

#[test]
fn keys_of_instances_are_left_out() {
    assert_eq!(without_keys(r#"module.a.aws_subnet.data["c.d"]"#), "module.a.aws_subnet.data");
    assert_eq!(without_keys("module.a.aws_x.y[0]"), "module.a.aws_x.y");
}
