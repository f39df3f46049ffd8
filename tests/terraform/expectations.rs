//! What the plans of the shipped stacks have to contain: the systems they describe.

use serde_json::{Value, json};

use crate::planned::Plan;

/// A stack, a workspace of it, and what its plan holds.
type Expectation = (&'static str, &'static str, fn(&Plan));

const EXPECTATIONS: &[Expectation] = &[
    ("mastodon", "staging", mastodon),
    ("mastodon", "production", mastodon),
    ("proff", "dev", proff),
    ("proff", "production", proff),
];

/// Checks every expectation with the plan that `plan` finds.
pub fn check<'p>(plan: impl Fn(&str, &str) -> &'p Plan) {
    for (stack, workspace, holds) in EXPECTATIONS {
        holds(plan(stack, workspace));
    }
}

/// Three services from one image, two of them behind the load balancer, and two tasks.
fn mastodon(plan: &Plan) {
    assert_eq!(plan.labels("aws_ecs_service"), ["sidekiq", "streaming", "web"]);
    let image = |name: &str| container(plan, name)["image"].clone();
    for name in ["web", "streaming", "sidekiq", "migrate", "make_admin"] {
        assert_eq!(image(name), image("web"), "{name}");
    }
    assert_eq!(routed(plan), [("/*".into(), 3000), ("/api/v1/streaming*".into(), 4000)]);
    assert_eq!(plan.resource("module.services.aws_ecs_service.sidekiq")["load_balancer"], json!([]));
}

/// The file tree of the original: one of each, the production ones larger.
fn proff(plan: &Plan) {
    for resource_type in [
        "aws_vpc",
        "aws_subnet",
        "aws_internet_gateway",
        "aws_nat_gateway",
        "aws_route_table",
        "aws_security_group",
        "aws_lb",
        "aws_ecr_repository",
        "aws_ecs_cluster",
        "aws_ecs_service",
        "aws_cloudwatch_log_group",
        "aws_iam_role",
        "aws_iam_role_policy",
        "aws_iam_user",
        "aws_ssm_parameter",
        "aws_db_instance",
        "aws_launch_template",
    ] {
        assert!(!plan.labels(resource_type).is_empty(), "{} has no {resource_type}", plan.workspace);
    }
}

/// The path patterns of all listener rules and the ports they lead to.
fn routed(plan: &Plan) -> Vec<(String, i64)> {
    let ports =
        |label: &str| plan.resource(&format!("module.services.aws_lb_target_group.{label}"))["port"].as_i64();
    let services = plan.labels("aws_lb_target_group");
    let mut routes: Vec<(String, i64)> = Vec::new();
    for label in plan.labels("aws_lb_listener_rule") {
        let rule = plan.resource(&format!("module.services.aws_lb_listener_rule.{label}"));
        let patterns =
            rule["condition"][0]["path_pattern"][0]["values"].as_array().cloned().unwrap_or_default();
        let service = services.iter().find(|service| label.starts_with(service.as_str()));
        for pattern in patterns {
            let port = service.and_then(|service| ports(service)).unwrap_or_default();
            routes.push((pattern.as_str().unwrap_or_default().to_owned(), port));
        }
    }
    routes.sort();
    routes
}

/// The only container of a task definition.
fn container(plan: &Plan, name: &str) -> Value {
    let definition = plan.resource(&format!("module.services.aws_ecs_task_definition.{name}"));
    let text = definition["container_definitions"].as_str().unwrap_or("null");
    let containers: Value = serde_json::from_str(text).expect("container definitions are JSON");
    containers[0].clone()
}
