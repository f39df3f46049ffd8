//! What the plans of the shipped stacks have to contain: the systems they describe.

use serde_json::json;

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

/// Three services, two of them behind the load balancer, and two tasks. That they have one image is not known before
/// the registry exists; `tests/systems.rs` reads it in the code.
fn mastodon(plan: &Plan) {
    assert_eq!(plan.labels("aws_ecs_service"), ["sidekiq", "streaming", "web"]);
    let definitions = ["make_admin", "migrate", "sidekiq", "streaming", "web"];
    assert_eq!(plan.labels("aws_ecs_task_definition"), definitions);
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
    let database = plan.resource("module.data.aws_db_instance.main");
    let task = plan.resource("module.services.aws_ecs_task_definition.app");
    let service = plan.resource("module.services.aws_ecs_service.app");
    let size = (
        database["instance_class"].as_str(),
        database["multi_az"].as_bool(),
        task["cpu"].as_str(),
        task["memory"].as_str(),
        service["desired_count"].as_i64(),
    );
    let expected = match plan.workspace.as_str() {
        "production" => (Some("db.m6g.large"), Some(true), Some("2048"), Some("8192"), Some(3)),
        _ => (Some("db.t4g.small"), Some(false), Some("512"), Some("2048"), Some(1)),
    };
    assert_eq!(size, expected, "{}", plan.workspace);
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
