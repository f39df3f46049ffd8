//! Small trees, and what happens between them.

use super::*;
use crate::evaluate;
use crate::review::Shown;
use crate::tree::Tree;

fn instances(text: &str) -> Instances {
    let tree = Tree { files: [("main.tf".to_owned(), text.to_owned())].into(), ..Tree::default() };
    evaluate::instances(&tree, "staging").unwrap()
}

fn between(old: &str, new: &str) -> Vec<Change> {
    changes(&instances(old), &instances(new), &BTreeMap::new())
}

/// Addresses and actions.
fn said(changes: &[Change]) -> Vec<(&str, Action)> {
    changes.iter().map(|change| (change.address.as_str(), change.action)).collect()
}

/// A target group on a port, a rule that refers to it, and a service with so many tasks.
fn service(port: u16, tasks: u16) -> String {
    format!(
        r#"
resource "aws_lb_target_group" "web" {{
  name = "web"
  port = {port}
}}
resource "aws_lb_listener_rule" "web" {{
  action {{
    type             = "forward"
    target_group_arn = aws_lb_target_group.web.arn
  }}
}}
resource "aws_cloudwatch_metric_alarm" "web" {{
  metric_name = aws_lb_target_group.web.name
}}
resource "aws_ecs_service" "web" {{
  desired_count = {tasks}
}}
"#
    )
}

#[test]
fn nothing_happens_between_trees_that_are_the_same() {
    assert_eq!(between(&service(80, 1), &service(80, 1)), []);
}

#[test]
fn a_replacement_reaches_those_that_refer_to_what_aws_makes_anew() {
    let found = between(&service(80, 1), &service(81, 2));
    let expected = [
        ("aws_ecs_service.web", Action::Update),
        ("aws_lb_listener_rule.web", Action::Update),
        ("aws_lb_target_group.web", Action::Replace),
    ];
    assert_eq!(said(&found), expected);
    let port = found[2].fields.iter().find(|field| field.path == "port").unwrap();
    assert!(port.replaces);
    assert_eq!((&port.before, &port.after), (&Shown::Value(80.into()), &Shown::Value(81.into())));
}

#[test]
fn what_comes_and_goes_is_created_and_destroyed() {
    let found = between(
        "resource \"aws_eip\" \"a\" {\n}\n",
        "resource \"aws_eip\" \"b\" {\n  count = 2\n}\nremoved {\n  from = aws_eip.other\n}\n",
    );
    let expected =
        [("aws_eip.a", Action::Destroy), ("aws_eip.b[0]", Action::Create), ("aws_eip.b[1]", Action::Create)];
    assert_eq!(said(&found), expected);
}

#[test]
fn an_instance_follows_its_move_and_the_count_of_its_resource() {
    let at = |resource: &str, count: &str| {
        format!(
            "resource \"aws_eip\" \"{resource}\" {{\n  {count}\n}}\nresource \"aws_x\" \"x\" {{\n  count = 1\n  eip   = aws_eip.{resource}{}.id\n}}\n",
            if count.is_empty() { "" } else { "[0]" }
        )
    };
    let moves = [("aws_eip.a".to_owned(), "aws_eip.b".to_owned())].into();
    for (old, new, from) in [
        (at("b", ""), at("b", "count = 1"), "aws_eip.b"),
        (at("a", "count = 1"), at("b", "count = 1"), "aws_eip.a[0]"),
        (at("a", ""), at("b", "count = 1"), "aws_eip.a"),
    ] {
        let found = changes(&instances(&old), &instances(&new), &moves);
        assert_eq!(said(&found), [("aws_eip.b[0]", Action::Keep)]);
        assert_eq!(found[0].moved_from.as_deref(), Some(from));
    }
}

#[test]
fn what_terraform_leaves_alone_is_forgotten_and_what_it_takes_over_is_imported() {
    let found = between(
        "resource \"aws_eip\" \"a\" {\n  count = 1\n}\n",
        "resource \"aws_eip\" \"b\" {\n}\nimport {\n  to = aws_eip.b\n  id = \"e-1\"\n}\nremoved {\n  from = aws_eip.a\n  lifecycle {\n    destroy = false\n  }\n}\n",
    );
    assert_eq!(said(&found), [("aws_eip.a[0]", Action::Forget), ("aws_eip.b", Action::Keep)]);
    assert_eq!(found[1].imported.as_deref(), Some("e-1"));
}

#[test]
fn ignored_arguments_and_values_that_are_never_read_back_change_nothing() {
    let resource = |tasks: u16, secret: &str| {
        format!(
            "resource \"aws_x\" \"a\" {{\n  tasks    = {tasks}\n  value_wo = \"{secret}\"\n  lifecycle {{\n    ignore_changes = [tasks]\n  }}\n}}\n"
        )
    };
    assert_eq!(between(&resource(1, "a"), &resource(2, "b")), []);
}

#[test]
fn a_trigger_that_changes_replaces() {
    let scaled = |bound: u16| {
        format!(
            "resource \"terraform_data\" \"b\" {{\n  input = {bound}\n}}\nresource \"aws_x\" \"a\" {{\n  lifecycle {{\n    replace_triggered_by = [terraform_data.b]\n  }}\n}}\n"
        )
    };
    let found = between(&scaled(1), &scaled(2));
    assert_eq!(said(&found), [("aws_x.a", Action::Replace), ("terraform_data.b", Action::Update)]);
}

#[test]
fn tags_of_the_provider_change_what_can_have_tags() {
    let tagged = |tag: &str| {
        format!(
            "provider \"aws\" {{\n  default_tags {{\n    tags = {{ Team = \"{tag}\" }}\n  }}\n}}\nresource \"aws_vpc\" \"a\" {{\n}}\nresource \"aws_route\" \"a\" {{\n}}\n"
        )
    };
    let found = between(&tagged("a"), &tagged("b"));
    assert_eq!(said(&found), [("aws_vpc.a", Action::Update)]);
    assert_eq!(found[0].fields[0].path, "tags_all.Team");
}

#[test]
fn values_are_compared_as_the_provider_reads_them() {
    let same = |old: &str, new: &str| {
        let resource = |kind: &str, body: &str| format!("resource \"{kind}\" \"a\" {{\n{body}\n}}\n");
        let (kind, old) = old.split_once(": ").unwrap();
        between(&resource(kind, old), &resource(kind, new)).is_empty()
    };
    assert!(same("aws_lb: subnets = [\"a\", \"b\"]", "subnets = [\"b\", \"a\"]"));
    assert!(!same("aws_x: commands = [\"a\", \"b\"]", "commands = [\"b\", \"a\"]"));
    assert!(same("aws_x: value = 5", "value = \"5\""));
    assert!(same("aws_x: value = []", ""));
    assert!(same("aws_x: tags = { a = null }", "tags = {}"));
    assert!(same(
        "aws_x: policy = jsonencode({ Action = [\"a\", \"b\"] })",
        "policy = jsonencode({ Action = [\"b\", \"a\"] })"
    ));
    assert!(same(
        "aws_x: policy = jsonencode({ Action = \"a\" })",
        "policy = jsonencode({ Action = [\"a\"] })"
    ));
    assert!(!same("aws_x: value = jsonencode([\"a\", \"b\"])", "value = jsonencode([\"b\", \"a\"])"));
    assert!(same(
        "aws_ecs_task_definition: container_definitions = jsonencode([{ a = 1, b = null }])",
        "container_definitions = jsonencode([{ a = 1 }])",
    ));
    assert!(same("aws_db_instance: kms_key_id = \"a\"", ""));
    assert!(!same("aws_x: kms_key_id = \"a\"", ""));
}

#[test]
fn blocks_are_compared_by_place_or_as_a_set() {
    let resource = |kind: &str, blocks: &[&str]| {
        let blocks: String =
            blocks.iter().map(|value| format!("  parameter {{\n    value = \"{value}\"\n  }}\n")).collect();
        format!("resource \"{kind}\" \"a\" {{\n{blocks}}}\n")
    };
    let found =
        |kind: &str, old: &[&str], new: &[&str]| between(&resource(kind, old), &resource(kind, new)).len();
    assert_eq!(found("aws_db_parameter_group", &["a", "b"], &["b", "a"]), 0);
    assert_eq!(found("aws_db_parameter_group", &["a", "b"], &["b"]), 1);
    assert_eq!(found("aws_x", &["a", "b"], &["b", "a"]), 1);
    assert_eq!(found("aws_x", &[], &["a"]), 1);
    let found =
        between("resource \"aws_x\" \"a\" {\n}\n", "resource \"aws_x\" \"a\" {\n  filter {\n  }\n}\n");
    assert_eq!(said(&found), [("aws_x.a", Action::Update)]);
}

#[test]
fn between_some_versions_a_cache_is_made_anew() {
    let cache = |version: &str| {
        format!(
            "resource \"aws_elasticache_replication_group\" \"a\" {{\n  engine_version = \"{version}\"\n}}\n"
        )
    };
    assert_eq!(between(&cache("7.0"), &cache("7.1"))[0].action, Action::Update);
    assert_eq!(between(&cache("7.1"), &cache("7.0"))[0].action, Action::Replace);
}

#[test]
fn json_says_which_part_of_it_is_known_only_after_the_apply() {
    let task = |name: &str, tag: &str| {
        format!(
            r#"
resource "aws_db_instance" "main" {{
  engine = "{name}"
}}
resource "aws_ecs_task_definition" "web" {{
  container_definitions = jsonencode([{{
    name  = "web"
    image = "web:{tag}"
    environment = [
      {{ name = "HOST", value = aws_db_instance.main.address }},
    ]
  }}])
}}
"#
        )
    };
    let found = between(&task("mysql", "1"), &task("postgres", "2"));
    let expected =
        [("aws_db_instance.main", Action::Replace), ("aws_ecs_task_definition.web", Action::Replace)];
    assert_eq!(said(&found), expected);
    let shown: Vec<_> = found[1].fields.iter().map(|field| (field.path.as_str(), &field.after)).collect();
    let later = Shown::Value("(known after apply)".into());
    let image = Shown::Value("web:2".into());
    assert_eq!(
        shown,
        [("container_definitions.web.environment.HOST", &later), ("container_definitions.web.image", &image)]
    );
}

#[test]
fn a_launch_template_has_a_new_version_after_every_change_but_that_of_its_tags() {
    let group = |size: &str, tag: &str| {
        format!(
            r#"
resource "aws_launch_template" "a" {{
  instance_type = "{size}"
  tags          = {{ Team = "{tag}" }}
}}
resource "aws_autoscaling_group" "a" {{
  id      = aws_launch_template.a.id
  version = aws_launch_template.a.latest_version
}}
"#
        )
    };
    let found = between(&group("t4g.nano", "a"), &group("t4g.micro", "a"));
    let expected = [("aws_autoscaling_group.a", Action::Update), ("aws_launch_template.a", Action::Update)];
    assert_eq!(said(&found), expected);
    assert_eq!(found[0].fields.iter().map(|field| field.path.as_str()).collect::<Vec<_>>(), ["version"]);
    let found = between(&group("t4g.nano", "a"), &group("t4g.nano", "b"));
    assert_eq!(said(&found), [("aws_launch_template.a", Action::Update)]);
}
