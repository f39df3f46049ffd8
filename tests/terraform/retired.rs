//! What a plan does with the resources of components that left the file, on a state made up for it.

use std::fs;

use groundplan::render::Engine;
use groundplan::source::Syntax;
use serde_json::{Value, json};

use crate::compile::{Addresses, compile};
use crate::terraform::{Workdir, is_installed};

const STACK: &str = r#"
stack "shop" {
  region  = "eu-west-1"
  retire  = ["database.main"]
  destroy = ["cache.main"]
}
environment "staging" { account = "111111111111" }
network "main" {
  cidr  = "10.20.0.0/16"
  zones = ["a", "b"]
}
"#;

/// A resource of a state, of which a plan without a refresh needs to know no more.
fn resource(address: &str) -> Value {
    let words: Vec<&str> = address.split('.').collect();
    let [_, module, kind, label] = words[..] else { panic!("{address}") };
    json!({
        "module": format!("module.{module}"),
        "mode": "managed",
        "type": kind,
        "name": label,
        "provider": "provider[\"registry.terraform.io/hashicorp/aws\"]",
        "instances": [{ "schema_version": 0, "attributes": { "id": "x" } }],
    })
}

#[test]
fn what_is_retired_is_forgotten_and_what_is_to_be_destroyed_is_destroyed() {
    if !is_installed() {
        return;
    }
    let source = ("stacks/shop.hcl", STACK, Syntax::Hcl);
    let tree = compile(&Engine::new().unwrap(), source, &Addresses::new()).1.value.unwrap();
    let Some(workdir) = Workdir::new("retired", &tree.files) else { return };
    let gone = "module.data.aws_elasticache_replication_group.main";
    let addresses = tree.forgotten.iter().map(String::as_str).chain([gone]);
    let state = json!({
        "version": 4,
        "terraform_version": "1.11.4",
        "serial": 1,
        "lineage": "retired",
        "outputs": {},
        "resources": addresses.map(resource).collect::<Vec<_>>(),
    });
    let dir = workdir.path("terraform.tfstate.d/staging");
    fs::create_dir_all(&dir).unwrap();
    fs::write(dir.join("terraform.tfstate"), state.to_string()).unwrap();

    let (plan, _) = workdir.plan("staging");
    let changes = plan["resource_changes"].as_array().unwrap();
    let with = |action: &str| -> Vec<&str> {
        let with = changes.iter().filter(|change| change["change"]["actions"] == json!([action]));
        with.filter_map(|change| change["address"].as_str()).collect()
    };
    assert_eq!(with("delete"), [gone]);
    assert!(with("forget").into_iter().eq(tree.forgotten.iter().map(String::as_str)), "{:?}", with("forget"));
    assert!(changes.iter().all(|change| {
        [json!(["create"]), json!(["delete"]), json!(["forget"])].contains(&change["change"]["actions"])
    }));
}
