//! The rules: each says what is wrong with the resources of a tree, one line for each place.

use hcl::expr::{Expression, Object, ObjectKey};

use crate::code::{Resource, argument, entry, strings, text};

/// A rule: its name, and what breaks it.
pub type Rule = (&'static str, fn(&[Resource]) -> Vec<String>);

pub const RULES: &[Rule] = &[
    ("no statement allows everything", actions),
    ("a statement names its resources", resources),
    ("only the load balancer is open to the world, on its two ports", ingress),
    ("the default security group has no rules", default_group),
    ("a listener can be reached", listeners),
    ("HTTPS is TLS 1.2 or newer", tls),
    ("instances answer to IMDSv2 only", metadata),
    ("log groups expire and are encrypted with the stack's key", log_groups),
    ("a bucket has its public access settled, takes TLS only and is encrypted", buckets),
    ("a bucket that keeps access logs lets them in, and S3 encrypts it", log_buckets),
    ("CloudFront may decrypt what it may read", decryption),
    ("CloudFront writes no logs by ACL", acl_logging),
];

/// API actions that AWS allows on all resources or not at all (Service Authorization Reference).
const WITHOUT_RESOURCE: &[&str] = &[
    "cloudwatch:PutMetricData",
    "ecr:GetAuthorizationToken",
    "ecs:RegisterTaskDefinition",
    "ecs:DescribeTaskDefinition",
    "ssmmessages:CreateControlChannel",
    "ssmmessages:CreateDataChannel",
    "ssmmessages:OpenControlChannel",
    "ssmmessages:OpenDataChannel",
];

fn of<'r>(resources: &'r [Resource], kind: &'r str) -> impl Iterator<Item = &'r Resource> + Clone {
    resources.iter().filter(move |resource| resource.kind == kind)
}

type Statement = Object<ObjectKey, Expression>;

/// The statements of a resource's policies that allow something.
fn allowed(resource: &Resource) -> Vec<&Statement> {
    let allows =
        |object: &&Statement| entry(object, "Effect").is_some_and(|effect| strings(effect) == ["Allow"]);
    resource.objects().into_iter().filter(allows).collect()
}

fn values(statement: &Statement, key: &str) -> Vec<String> {
    entry(statement, key).map(strings).unwrap_or_default()
}

/// What a statement lets in, as text.
fn principal(statement: &Statement) -> String {
    entry(statement, "Principal").map(text).unwrap_or_default()
}

/// In the policy of a key, the account keeps all rights: nobody could change it otherwise.
fn actions(all: &[Resource]) -> Vec<String> {
    let mut problems = Vec::new();
    for resource in all {
        for statement in allowed(resource) {
            let owner = resource.kind == "aws_kms_key" && principal(statement).contains(":root");
            let wide = values(statement, "Action").into_iter().filter(|action| action.ends_with('*'));
            let wide = wide.filter(|action| action == "*" || action.ends_with(":*"));
            problems.extend(wide.filter(|_| !owner).map(|action| format!("{}: {action}", resource.place())));
        }
    }
    problems
}

/// In the policy of a key, `*` is the key itself.
fn resources(all: &[Resource]) -> Vec<String> {
    let mut problems = Vec::new();
    for resource in all.iter().filter(|resource| resource.kind != "aws_kms_key") {
        for statement in allowed(resource) {
            if values(statement, "Resource").iter().any(|resource| resource == "*") {
                let narrow = values(statement, "Action");
                let narrow = narrow.into_iter().filter(|action| !WITHOUT_RESOURCE.contains(&action.as_str()));
                problems.extend(narrow.map(|action| format!("{}: {action} on *", resource.place())));
            }
        }
    }
    problems
}

fn ingress(all: &[Resource]) -> Vec<String> {
    let rules = of(all, "aws_vpc_security_group_ingress_rule");
    let open = rules.filter(|rule| {
        let world = ["cidr_ipv4", "cidr_ipv6"].iter().any(|name| rule.text(name).contains("/0\""));
        let port = rule.text("from_port");
        let door = ["80", "443"].contains(&port.as_str()) && rule.text("to_port") == port;
        world && !(rule.label.starts_with("load_balancer_") && door)
    });
    let inline = of(all, "aws_security_group").filter(|group| !group.blocks("ingress").is_empty());
    open.chain(inline).map(Resource::place).collect()
}

fn default_group(all: &[Resource]) -> Vec<String> {
    let networks = of(all, "aws_vpc").filter(|network| {
        let expected = format!("aws_vpc.{}.id", network.label);
        !of(all, "aws_default_security_group").any(|group| group.text("vpc_id") == expected)
    });
    let open = of(all, "aws_default_security_group").filter(|group| group.body.blocks().next().is_some());
    networks.chain(open).map(Resource::place).collect()
}

/// Each port that a load balancer listens on is open to somebody: also the one that only redirects.
fn listeners(all: &[Resource]) -> Vec<String> {
    let closed = of(all, "aws_lb_listener").filter(|listener| {
        let arn = listener.text("load_balancer_arn");
        let balancer = arn.trim_start_matches("aws_lb.").split(['.', '[']).next().unwrap_or_default();
        let prefix = format!("load_balancer_{balancer}_");
        let mut rules = of(all, "aws_vpc_security_group_ingress_rule");
        let port = listener.text("port");
        arn.starts_with("aws_lb.")
            && !rules.any(|rule| rule.label.starts_with(&prefix) && rule.text("from_port") == port)
    });
    closed.map(Resource::place).collect()
}

fn tls(all: &[Resource]) -> Vec<String> {
    let listeners = of(all, "aws_lb_listener").filter(|listener| {
        listener.text("protocol") == "\"HTTPS\"" && !listener.text("ssl_policy").contains("-TLS13-1-2-")
    });
    let certificates = of(all, "aws_cloudfront_distribution").filter(|distribution| {
        let versions = distribution.blocks("viewer_certificate");
        let old = |body: &&hcl::Body| {
            argument(body, "acm_certificate_arn").is_some()
                && !argument(body, "minimum_protocol_version")
                    .map(text)
                    .unwrap_or_default()
                    .contains("TLSv1.2")
        };
        versions.iter().any(old)
    });
    listeners.chain(certificates).map(Resource::place).collect()
}

fn metadata(all: &[Resource]) -> Vec<String> {
    let open = of(all, "aws_launch_template").chain(of(all, "aws_instance")).filter(|instance| {
        let tokens = instance.blocks("metadata_options");
        !tokens.iter().any(|body| argument(body, "http_tokens").map(text).as_deref() == Some("\"required\""))
    });
    open.map(Resource::place).collect()
}

fn log_groups(all: &[Resource]) -> Vec<String> {
    let groups = of(all, "aws_cloudwatch_log_group");
    let bare = groups.filter(|group| {
        let missing = |name| ["", "null", "0"].contains(&group.text(name).as_str());
        missing("retention_in_days") || missing("kms_key_id")
    });
    bare.map(Resource::place).collect()
}

fn buckets(all: &[Resource]) -> Vec<String> {
    let mut problems = Vec::new();
    for bucket in of(all, "aws_s3_bucket") {
        for kind in [
            "aws_s3_bucket_public_access_block",
            "aws_s3_bucket_ownership_controls",
            "aws_s3_bucket_server_side_encryption_configuration",
            "aws_s3_bucket_policy",
        ] {
            if !of(all, kind).any(|part| part.label == bucket.label && part.module == bucket.module) {
                problems.push(format!("{} has no {kind}", bucket.place()));
            }
        }
    }
    let open = of(all, "aws_s3_bucket_policy")
        .filter(|policy| !policy.text("policy").contains("aws:SecureTransport"));
    problems.extend(open.map(|policy| format!("{} takes plain HTTP", policy.place())));
    problems
}

/// The label of the bucket that a policy belongs to is that of the policy.
fn encryption<'r>(all: &'r [Resource], label: &'r str) -> String {
    let kind = "aws_s3_bucket_server_side_encryption_configuration";
    let settings = of(all, kind).find(|settings| settings.label == label);
    let defaults = settings.map(|settings| settings.blocks("apply_server_side_encryption_by_default"));
    let algorithm = defaults.into_iter().flatten().find_map(|body| argument(body, "sse_algorithm").map(text));
    algorithm.unwrap_or_default()
}

/// The policies that let a service in.
fn admitting<'r>(all: &'r [Resource], kind: &'r str, service: &'r str) -> impl Iterator<Item = &'r Resource> {
    of(all, kind).filter(move |policy| {
        allowed(policy).iter().any(|statement| principal(statement).contains(&format!("\"{service}\"")))
    })
}

fn log_buckets(all: &[Resource]) -> Vec<String> {
    let mut problems = Vec::new();
    let balanced = of(all, "aws_lb").any(|balancer| !balancer.blocks("access_logs").is_empty());
    let logged = of(all, "aws_s3_bucket_logging").next().is_some();
    for (needed, service) in
        [(balanced, "logdelivery.elasticloadbalancing.amazonaws.com"), (logged, "logging.s3.amazonaws.com")]
    {
        let mut buckets = admitting(all, "aws_s3_bucket_policy", service).peekable();
        if needed && buckets.peek().is_none() {
            problems.push(format!("no bucket lets {service} in"));
        }
        let hidden = buckets.filter(|bucket| encryption(all, &bucket.label).contains("aws:kms"));
        problems.extend(hidden.map(|bucket| format!("{}: {service} cannot use its key", bucket.place())));
    }
    problems
}

fn decryption(all: &[Resource]) -> Vec<String> {
    const SERVICE: &str = "cloudfront.amazonaws.com";
    let decrypts = admitting(all, "aws_kms_key", SERVICE).next().is_some();
    let read = admitting(all, "aws_s3_bucket_policy", SERVICE);
    let hidden = read.filter(|bucket| encryption(all, &bucket.label).contains("aws:kms") && !decrypts);
    hidden.map(|bucket| format!("{}: the key does not let {SERVICE} in", bucket.place())).collect()
}

/// The old form of CloudFront's logs needs a bucket with ACLs; ours have none unless an application wants them.
fn acl_logging(all: &[Resource]) -> Vec<String> {
    let distributions = of(all, "aws_cloudfront_distribution");
    distributions.filter(|one| !one.blocks("logging_config").is_empty()).map(Resource::place).collect()
}
