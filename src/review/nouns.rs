//! What resources are called in a report, and what tells one from others of its kind.

use serde_json::Value;

use super::change::{Action, Change, Field, Shown};
use super::line::{Line, text};
use super::value::Node;

/// The longest a noun may be, in characters.
const LONGEST: usize = 60;

/// Words of types that are written in capitals.
const ACRONYMS: &[&str] = &[
    "acm", "ami", "ec2", "ecr", "ecs", "efs", "eks", "elb", "iam", "kms", "lb", "msk", "nat", "rds", "s3",
    "ses", "sns", "sqs", "ssm", "vpc",
];

/// The noun of a type, and the attributes that say which one it is, where its name does not say enough. Sorted.
const NOUNS: &[(&str, &str, &[&str])] = &[
    ("aws_acm_certificate", "certificate", &["domain_name"]),
    ("aws_appautoscaling_policy", "scaling policy", &[]),
    ("aws_appautoscaling_target", "scaling target", &[]),
    ("aws_cloudfront_distribution", "CDN distribution", &[]),
    ("aws_cloudwatch_event_rule", "event rule", &[]),
    ("aws_cloudwatch_log_group", "log group", &[]),
    ("aws_cloudwatch_metric_alarm", "alarm", &[]),
    ("aws_db_instance", "RDS instance", &[]),
    ("aws_db_parameter_group", "RDS parameter group", &[]),
    ("aws_db_subnet_group", "RDS subnet group", &[]),
    ("aws_dynamodb_table", "DynamoDB table", &[]),
    ("aws_ebs_volume", "EBS volume", &[]),
    ("aws_ecr_repository", "image repository", &[]),
    ("aws_ecs_cluster", "ECS cluster", &[]),
    ("aws_ecs_service", "ECS service", &[]),
    ("aws_ecs_task_definition", "task definition", &[]),
    ("aws_efs_file_system", "file system", &[]),
    ("aws_eip", "elastic IP address", &[]),
    ("aws_elasticache_cluster", "cache cluster", &[]),
    ("aws_elasticache_parameter_group", "cache parameter group", &[]),
    ("aws_elasticache_replication_group", "Redis", &[]),
    ("aws_elasticache_subnet_group", "cache subnet group", &[]),
    ("aws_iam_role", "role", &[]),
    ("aws_iam_role_policy", "policy of a role", &[]),
    ("aws_instance", "EC2 instance", &[]),
    ("aws_kms_key", "KMS key", &[]),
    ("aws_lambda_function", "Lambda function", &[]),
    ("aws_lb", "load balancer", &[]),
    ("aws_lb_listener", "listener", &["protocol", "port"]),
    ("aws_lb_listener_rule", "listener rule", &["priority", "condition"]),
    ("aws_lb_target_group", "target group", &[]),
    ("aws_nat_gateway", "NAT gateway", &[]),
    ("aws_opensearch_domain", "OpenSearch domain", &[]),
    ("aws_rds_cluster", "Aurora cluster", &[]),
    ("aws_route53_record", "DNS record", &["type", "name"]),
    ("aws_route53_zone", "DNS zone", &["name"]),
    ("aws_route_table_association", "route table association", &[]),
    ("aws_s3_bucket", "bucket", &[]),
    ("aws_s3_object", "object", &["key"]),
    ("aws_secretsmanager_secret", "secret", &[]),
    ("aws_secretsmanager_secret_rotation", "rotation of secret", &[]),
    ("aws_secretsmanager_secret_version", "value of secret", &[]),
    ("aws_security_group_rule", "security group rule", RULE),
    ("aws_sns_topic", "topic", &[]),
    ("aws_sqs_queue", "queue", &[]),
    ("aws_ssm_parameter", "parameter", &[]),
    ("aws_subnet", "subnet", &["cidr_block"]),
    ("aws_vpc", "VPC", &["cidr_block"]),
    ("aws_vpc_security_group_egress_rule", "egress rule", RULE),
    ("aws_vpc_security_group_ingress_rule", "ingress rule", RULE),
    ("aws_wafv2_web_acl", "firewall", &[]),
];

const RULE: &[&str] = &["from_port", "cidr_ipv4", "cidr_ipv6", "cidr_blocks", "description"];

fn known(resource: &str) -> Option<&'static (&'static str, &'static str, &'static [&'static str])> {
    NOUNS.binary_search_by(|(known, ..)| (*known).cmp(resource)).ok().map(|index| &NOUNS[index])
}

/// What a resource of a type is called, `RDS instance`; by default the words of its type.
pub(super) fn noun(resource: &str) -> String {
    match known(resource) {
        Some((_, noun, _)) => (*noun).to_owned(),
        None => {
            // The type may come from anywhere, and a noun is printed as our own words.
            let plain: String =
                resource.chars().take(LONGEST).filter(|c| c.is_ascii_alphanumeric() || *c == '_').collect();
            let words =
                plain.trim_start_matches("aws_").split('_').map(|word| match ACRONYMS.contains(&word) {
                    true => word.to_ascii_uppercase(),
                    false => word.to_owned(),
                });
            words.collect::<Vec<_>>().join(" ")
        }
    }
}

/// The plural of a noun.
pub(super) fn plural(noun: &str) -> String {
    match noun {
        "policy of a role" => "policies of roles".to_owned(),
        "rotation of secret" => "rotations of secrets".to_owned(),
        "value of secret" => "values of secrets".to_owned(),
        noun if noun.ends_with("policy") => format!("{}ies", noun.trim_end_matches('y')),
        noun if noun.ends_with(['s', 'x']) || noun.ends_with("ch") => format!("{noun}es"),
        noun => format!("{noun}s"),
    }
}

/// What tells a resource that goes from others of its type, as fields that it had.
pub fn identity_before(resource: &str, values: &Value, sensitive: &Value) -> Vec<Field> {
    let mut told = identity(resource, values, &Value::Null, sensitive);
    told.iter_mut().for_each(|field| std::mem::swap(&mut field.before, &mut field.after));
    told
}

/// What tells a resource that comes from others of its type, the port of a rule, the paths of a route, as fields that it
/// gets.
pub fn identity(resource: &str, values: &Value, unknown: &Value, sensitive: &Value) -> Vec<Field> {
    let attributes = known(resource).map_or(&[][..], |(.., attributes)| attributes);
    let Node::Object(map) = Node::new(values, unknown, sensitive) else { return Vec::new() };
    let mut fields = Vec::new();
    for attribute in attributes {
        let mut words = Vec::new();
        map.get(*attribute).into_iter().for_each(|node| leaves(node, &mut words));
        fields.extend(words.into_iter().map(|value| Field {
            path: (*attribute).to_owned(),
            before: Shown::Absent,
            after: Shown::Value(value),
            replaces: false,
            place: None,
        }));
    }
    fields
}

/// The strings and numbers in a node that may be shown.
fn leaves(node: &Node, found: &mut Vec<Value>) {
    match node {
        Node::Scalar(Value::String(text)) if text.is_empty() => {}
        Node::Scalar(value) => found.push(value.clone()),
        Node::Object(map) => map.values().for_each(|node| leaves(node, found)),
        Node::List(items) => items.iter().for_each(|node| leaves(node, found)),
        Node::Json(node) => leaves(node, found),
        Node::Null | Node::Later | Node::Hidden(_) => {}
    }
}

/// What a resource is called among others of its type: by its identity when that is known, else by its label.
pub(super) fn which(change: &Change) -> Line {
    let whole = matches!(change.action, Action::Create | Action::Destroy | Action::Forget);
    let told = change.fields.iter().filter_map(|field| match (&field.before, &field.after) {
        (Shown::Value(value), Shown::Absent) | (Shown::Absent, Shown::Value(value)) => Some(text(value)),
        _ => None,
    });
    let told: Vec<String> = told.filter(|_| whole).collect();
    match told.is_empty() {
        true => Line::default().code(label(&change.address, &change.resource)),
        false => Line::default().code(&told.join(" ")),
    }
}

/// The module of an address: `module.a["x"]`; empty for the root module.
pub(super) fn module<'a>(address: &'a str, resource: &str) -> &'a str {
    let before = address.strip_suffix(label(address, resource)).unwrap_or_default();
    before.strip_suffix(&format!("{resource}.")).unwrap_or_default().trim_end_matches('.')
}

/// What a resource with data is called where nothing around says of what it is a part.
pub(super) fn full(change: &Change) -> Line {
    let (address, resource) = (&change.address, &change.resource);
    let line = Line::words(format!("{} ", noun(resource))).code(label(address, resource));
    match module(address, resource) {
        module if module.is_empty() || change.component.is_some() => line,
        module => line.and(" in ").code(module),
    }
}

/// The part of an address after the type: `web["a"]` of `module.services.aws_ecs_service.web["a"]`.
pub(super) fn label<'a>(address: &'a str, resource: &str) -> &'a str {
    let place = address.find(&format!("{resource}."));
    place.map_or(address, |at| &address[at + resource.len() + 1..])
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn every_type_stands_once_and_in_order() {
        let disorder = NOUNS.windows(2).find(|pair| pair[0].0 >= pair[1].0);
        assert_eq!(disorder, None);
    }

    #[test]
    fn an_unknown_type_is_called_by_its_own_words() {
        assert_eq!(noun("aws_glue_job"), "glue job");
        assert_eq!(noun("aws_s3_bucket_policy"), "S3 bucket policy");
        assert_eq!(noun("aws_x<b>"), "xb");
        assert_eq!(noun("terraform_data"), "terraform data");
        assert_eq!(plural("policy of a role"), "policies of roles");
        assert_eq!(plural("EFS access"), "EFS accesses");
        assert_eq!(plural("scaling policy"), "scaling policies");
    }

    #[test]
    fn a_route_is_told_by_its_priority_and_paths() {
        let values = json!({"priority": 1200, "condition": [{"path_pattern": [{"values": ["/cable*"]}]}]});
        let fields = identity("aws_lb_listener_rule", &values, &Value::Null, &Value::Null);
        let change = Change {
            address: "module.edge.aws_lb_listener_rule.web".into(),
            resource: "aws_lb_listener_rule".into(),
            action: Action::Create,
            moved_from: None,
            imported: None,
            component: None,
            data: false,
            fields,
        };
        assert_eq!(which(&change), Line::default().code("1200 /cable*"));
        let plain = Change { fields: Vec::new(), ..change };
        assert_eq!(which(&plain), Line::default().code("web"));
    }

    #[test]
    fn what_is_sensitive_identifies_nothing() {
        let values = json!({"domain_name": "hunter2.example"});
        assert!(
            identity("aws_acm_certificate", &values, &Value::Null, &json!({"domain_name": true})).is_empty()
        );
    }
}
