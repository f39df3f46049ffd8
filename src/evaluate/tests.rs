//! Small trees, evaluated.

use super::*;

/// A tree with these files.
fn tree(files: &[(&str, &str)]) -> Tree {
    let files = files.iter().map(|(path, text)| ((*path).to_owned(), (*text).to_owned()));
    Tree { files: files.collect(), ..Tree::default() }
}

/// The arguments of one instance of a tree whose only file is `main.tf`, as JSON.
#[track_caller]
fn arguments(text: &str, address: &str) -> serde_json::Value {
    let found = instances(&tree(&[("main.tf", text)]), "staging").unwrap();
    let known: Vec<&String> = found.resources.keys().collect();
    let instance = found.resources.get(address).unwrap_or_else(|| panic!("no {address} among {known:?}"));
    Value::Object(instance.arguments.clone()).to_json()
}

/// What an expression comes to, as JSON.
#[track_caller]
fn value(expression: &str) -> serde_json::Value {
    arguments(&format!("resource \"aws_x\" \"a\" {{\n  y = [{expression}]\n}}\n{OTHERS}"), "aws_x.a")["y"][0]
        .take()
}

const OTHERS: &str = r#"
locals {
  zones = ["c", "a"]
}

resource "aws_vpc" "main" {
  cidr_block = "10.0.0.0/16"
  name       = null
}

resource "aws_subnet" "data" {
  for_each = toset(local.zones)
  zone     = each.key
}

resource "aws_eip" "none" {
  count = 0
}

resource "aws_eip" "two" {
  count = 2
  place = count.index
}
"#;

#[test]
fn attributes_are_as_configured_or_stay_what_they_are() {
    assert_eq!(value("aws_vpc.main.cidr_block"), "10.0.0.0/16");
    assert_eq!(value("aws_vpc.main.id"), "${aws_vpc.main.id}");
    assert_eq!(value("aws_vpc.main.name"), "${aws_vpc.main.name}");
    assert_eq!(value("aws_vpc.main.option[0].name"), "${aws_vpc.main.option[0].name}");
    assert_eq!(
        value("values(aws_subnet.data)[*].id"),
        serde_json::json!(["${aws_subnet.data[\"a\"].id}", "${aws_subnet.data[\"c\"].id}",])
    );
    assert_eq!(value("one(aws_eip.none[*].id)"), serde_json::Value::Null);
    assert_eq!(value("aws_eip.two[1].place"), 1);
}

#[test]
fn what_only_aws_knows_stays_inside_of_texts_and_json() {
    assert_eq!(value(r#""a-${aws_vpc.main.id}-${true}""#), "a-${aws_vpc.main.id}-true");
    assert_eq!(
        value(r#"jsonencode({ b = "${aws_vpc.main.arn}:*", a = 1 })"#),
        r#"{"a":1,"b":"${aws_vpc.main.arn}:*"}"#
    );
}

#[test]
fn texts_are_read_as_terraform_reads_them() {
    assert_eq!(value(r#""$${x} 100%\u0024${1 + 1}\n""#), "${x} 100%$2\n");
    assert_eq!(value(r#""${local.zones}""#), serde_json::json!(["c", "a"]));
}

#[test]
fn only_the_chosen_branch_is_evaluated() {
    assert_eq!(value("false ? aws_eip.none[0].id : null"), serde_json::Value::Null);
    assert_eq!(value("!(1 == 2) && length(local.zones) > 1 ? 1 : 2"), 1);
}

#[test]
fn collections_are_gone_through_in_the_order_of_their_keys() {
    assert_eq!(
        value("[for k, v in { b = 1, a = null } : { k = k, v = v } if v != null]"),
        serde_json::json!([{ "k": "b", "v": 1 }])
    );
    assert_eq!(
        value("[for i in [1, null, aws_vpc.main.id] : i if i != null]"),
        serde_json::json!([1, "${aws_vpc.main.id}"])
    );
    assert_eq!(
        value("{ for zone, subnet in aws_subnet.data : zone => subnet.zone }"),
        serde_json::json!({ "a": "a", "c": "c" })
    );
}

#[test]
fn a_collection_of_aws_is_the_same_value_only_when_it_is_made_alike() {
    let made = |condition: &str| {
        value(&format!("{{ for o in aws_vpc.main.options : o.name => o if {condition} }}[\"a\"].x"))
    };
    assert_eq!(made("local.zones[0] == \"c\""), made("true"));
    assert_ne!(made("o.name == \"a\""), made("o.name == \"b\""));
}

#[test]
fn null_arguments_and_blocks_that_are_not_there_are_left_out() {
    let text = r#"
resource "aws_x" "a" {
  a = null
  stage {
    b = null
    c = 1
  }
  dynamic "stage" {
    for_each = ["d"]
    content {
      name = stage.value
    }
  }
  dynamic "other" {
    for_each = []
    content {}
  }
}
"#;
    assert_eq!(arguments(text, "aws_x.a"), serde_json::json!({ "stage": [{ "c": 1 }, { "name": "d" }] }));
}

#[test]
fn modules_take_what_the_environment_says_and_give_outputs() {
    let tree = tree(&[
        (
            "main.tf",
            r#"
variable "environments" {
  default = {
    staging    = { tasks = 1 }
    production = { tasks = 2 }
  }
}
locals {
  env = var.environments[terraform.workspace]
}
module "network" {
  source = "./modules/network"
}
module "services" {
  source = "./modules/services"
  tasks  = local.env.tasks
  vpc    = module.network.vpc
}
"#,
        ),
        (
            "modules/network/main.tf",
            "resource \"aws_vpc\" \"main\" {}\noutput \"vpc\" {\n  value = aws_vpc.main.id\n}\n",
        ),
        (
            "modules/services/main.tf",
            r#"
variable "tasks" {
  type = string
}
variable "vpc" {}
resource "aws_x" "a" {
  tasks = var.tasks
  vpc   = var.vpc
  build = file("${path.module}/a/b.yml")
}
"#,
        ),
        ("modules/services/a/b.yml", "x: 1"),
    ]);
    let configuration = Configuration::read(&tree).unwrap();
    assert_eq!(configuration.environments().unwrap(), ["production", "staging"]);
    let found = configuration.instances("production").unwrap();
    let service = &found.resources["module.services.aws_x.a"].arguments;
    let expected =
        serde_json::json!({ "build": "x: 1", "tasks": "2", "vpc": "${module.network.aws_vpc.main.id}" });
    assert_eq!(Value::Object(service.clone()).to_json(), expected);
    let unknown = configuration.instances("nonsense").unwrap_err();
    assert_eq!(unknown.to_string(), "main.tf: `var`: there is no `nonsense` in it");
}

#[test]
fn lifecycles_tags_imports_and_what_is_left_alone_are_read() {
    let text = r#"
provider "aws" {
  default_tags {
    tags = { Environment = terraform.workspace }
  }
}
resource "terraform_data" "bounds" {
  count = 1
}
resource "aws_x" "a" {
  count = 1
  lifecycle {
    create_before_destroy = true
    ignore_changes        = [tasks, bounds]
    replace_triggered_by  = [terraform_data.bounds]
  }
}
import {
  for_each = toset(["shop"])
  to       = module.data.aws_db_instance.main[each.key]
  id       = each.value
}
removed {
  from = module.data.aws_db_instance.old
  lifecycle {
    destroy = false
  }
}
"#;
    let found = instances(&tree(&[("main.tf", text)]), "staging").unwrap();
    assert_eq!(found.default_tags, [("Environment".to_owned(), Value::from("staging"))].into());
    let lifecycle = &found.resources["aws_x.a[0]"].lifecycle;
    assert!(lifecycle.create_before_destroy);
    assert_eq!(lifecycle.ignore_changes, ["tasks", "bounds"]);
    assert_eq!(lifecycle.replace_triggered_by, ["terraform_data.bounds[0]"]);
    assert_eq!(
        found.imports,
        [(r#"module.data.aws_db_instance.main["shop"]"#.to_owned(), Value::from("shop"))].into()
    );
    assert_eq!(found.forgotten, ["module.data.aws_db_instance.old"]);
}

#[test]
fn what_is_not_evaluated_is_named_with_its_file() {
    for (text, problem) in [
        (
            "locals {\n  a = local.b\n  b = local.a\n}\nresource \"aws_x\" \"a\" {\n  x = local.a\n}\n",
            "main.tf: `local.a`: this depends on itself",
        ),
        (
            "resource \"aws_x\" \"a\" {\n  x = timestamp()\n}\n",
            "main.tf: `timestamp()`: `timestamp` does not take these arguments here",
        ),
        ("resource \"aws_x\" \"a\" {\n  x = var.y.z\n}\n", "main.tf: `var.y`: nothing has this name"),
        (
            "resource \"aws_x\" \"a\" {\n  for_each = aws_x.b.y\n}\nresource \"aws_x\" \"b\" {}\n",
            "main.tf: `aws_x.b.y`: what is gone through has to be known",
        ),
        (
            "data \"aws_x\" \"a\" {\n  b = 1\n}\n",
            "main.tf: `data \"aws_x\" \"a\" {`: a block that is not known here",
        ),
        (
            "resource \"aws_x\" \"a\" {\n  x = \"%{ if true }a%{ endif }\"\n}\n",
            "main.tf: `\"%{ if true }a%{ endif }\"`: template directives are not evaluated here",
        ),
    ] {
        let found = instances(&tree(&[("main.tf", text)]), "staging").unwrap_err();
        assert_eq!(found.to_string(), problem);
    }
}
