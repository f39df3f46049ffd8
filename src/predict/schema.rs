//! How the provider reads arguments, as far as it decides what a change does.

use serde_json::Value as Json;

/// Whether the order of an argument's items or of a block's repetitions means nothing.
pub(super) fn is_set(resource: &str, path: &[&str]) -> bool {
    const SETS: &[(&str, &[&str])] = &[
        ("aws_acm_certificate", &["subject_alternative_names"]),
        ("aws_acm_certificate_validation", &["validation_record_fqdns"]),
        ("aws_appautoscaling_policy", &["step_scaling_policy_configuration.step_adjustment"]),
        ("aws_autoscaling_group", &["vpc_zone_identifier", "tag"]),
        (
            "aws_cloudfront_distribution",
            &[
                "aliases",
                "default_cache_behavior.allowed_methods",
                "default_cache_behavior.cached_methods",
                "origin",
                "origin.custom_origin_config.origin_ssl_protocols",
            ],
        ),
        (
            "aws_cloudfront_response_headers_policy",
            &[
                "cors_config.access_control_allow_headers.items",
                "cors_config.access_control_allow_methods.items",
                "cors_config.access_control_allow_origins.items",
            ],
        ),
        ("aws_cloudwatch_metric_alarm", &["alarm_actions", "ok_actions"]),
        ("aws_codepipeline", &["artifact_store"]),
        ("aws_db_instance", &["enabled_cloudwatch_logs_exports", "vpc_security_group_ids"]),
        ("aws_db_parameter_group", &["parameter"]),
        ("aws_db_subnet_group", &["subnet_ids"]),
        ("aws_ecs_cluster", &["setting"]),
        ("aws_ecs_cluster_capacity_providers", &["capacity_providers"]),
        (
            "aws_ecs_service",
            &[
                "capacity_provider_strategy",
                "load_balancer",
                "network_configuration.security_groups",
                "network_configuration.subnets",
            ],
        ),
        ("aws_ecs_task_definition", &["requires_compatibilities", "volume"]),
        ("aws_efs_mount_target", &["security_groups"]),
        ("aws_elasticache_parameter_group", &["parameter"]),
        ("aws_elasticache_replication_group", &["security_group_ids"]),
        ("aws_elasticache_subnet_group", &["subnet_ids"]),
        ("aws_iam_group_membership", &["users"]),
        ("aws_iam_openid_connect_provider", &["client_id_list"]),
        ("aws_launch_template", &["network_interfaces.security_groups"]),
        ("aws_lb", &["security_groups", "subnets"]),
        (
            "aws_lb_listener_rule",
            &["condition", "condition.host_header.values", "condition.path_pattern.values"],
        ),
        ("aws_route53_record", &["records"]),
        ("aws_route_table", &["route"]),
        (
            "aws_s3_bucket_cors_configuration",
            &[
                "cors_rule",
                "cors_rule.allowed_headers",
                "cors_rule.allowed_methods",
                "cors_rule.allowed_origins",
                "cors_rule.expose_headers",
            ],
        ),
        ("aws_s3_bucket_server_side_encryption_configuration", &["rule"]),
        (
            "aws_scheduler_schedule",
            &[
                "target.ecs_parameters.network_configuration.security_groups",
                "target.ecs_parameters.network_configuration.subnets",
            ],
        ),
        ("aws_vpc_endpoint", &["route_table_ids"]),
        ("aws_wafv2_web_acl", &["rule"]),
        (
            "aws_wafv2_web_acl_logging_configuration",
            &["log_destination_configs", "logging_filter.filter", "logging_filter.filter.condition"],
        ),
    ];
    let path = path.join(".");
    SETS.iter().any(|(known, paths)| *known == resource && paths.contains(&path.as_str()))
}

/// Whether a change of an argument makes a new resource.
pub(super) fn forces_new(resource: &str, path: &[&str]) -> bool {
    match (resource, path.first().copied().unwrap_or_default()) {
        ("aws_ecs_task_definition", argument) => !argument.starts_with("tags"),
        ("aws_db_instance", "engine" | "identifier")
        | ("aws_lb_target_group", "port" | "name" | "vpc_id") => true,
        _ => false,
    }
}

/// Whether a resource of a type has all its tags in `tags_all`.
pub(super) fn is_taggable(resource: &str) -> bool {
    matches!(resource, "aws_vpc" | "aws_subnet" | "aws_db_instance" | "aws_ecs_service")
}

/// Whether an argument that is no longer set keeps its value.
pub(super) fn keeps_when_absent(resource: &str, path: &[&str]) -> bool {
    matches!((resource, path), ("aws_db_instance", ["kms_key_id"]))
}

/// Whether AWS knows an attribute anew after a change in place.
pub(super) fn changes_on_update(resource: &str, attribute: &str) -> bool {
    // The provider's `resources/launch_template`: every change makes a version.
    (resource, attribute) == ("aws_launch_template", "latest_version")
}

/// Whether a value is never read back, and so never differs: its version says when it is new.
pub(super) fn is_write_only(argument: &str) -> bool {
    argument.ends_with("_wo")
}

/// How the provider compares the JSON in an argument, where it does so.
pub(super) fn json(resource: &str, path: &[&str]) -> Option<fn(Json) -> Json> {
    match (resource, path) {
        ("aws_ecs_task_definition", ["container_definitions"]) => Some(without_nulls),
        (_, ["policy" | "assume_role_policy"]) => Some(policy),
        _ => None,
    }
}

/// ECS does not tell what is null from what is not there.
fn without_nulls(json: Json) -> Json {
    match json {
        Json::Array(items) => Json::Array(items.into_iter().map(without_nulls).collect()),
        Json::Object(entries) => {
            let set = entries.into_iter().filter(|(_, value)| !value.is_null());
            Json::Object(set.map(|(key, value)| (key, without_nulls(value))).collect())
        }
        plain => plain,
    }
}

/// In a policy the order of lists means nothing, and a list of one is its item.
fn policy(json: Json) -> Json {
    match json {
        Json::Array(items) => {
            let mut items: Vec<Json> = items.into_iter().map(policy).collect();
            items.sort_by_key(Json::to_string);
            if items.len() == 1 { items.remove(0) } else { Json::Array(items) }
        }
        Json::Object(entries) => {
            Json::Object(entries.into_iter().map(|(key, value)| (key, policy(value))).collect())
        }
        plain => plain,
    }
}
