//! The name limits of each kind of resource that a stack creates.
//!
//! Each is the rule of the AWS API it names, tightened to lower case where AWS stores the name that way: Terraform
//! would otherwise plan the same change for ever.

use super::{Charset, First, NameLimit, Refused};

const HYPHEN: Charset = Charset { upper: true, symbols: "-", others: false };
const LOWER_HYPHEN: Charset = Charset { upper: false, symbols: "-", others: false };
const IAM: Charset = Charset { upper: true, symbols: "+=,.@_-", others: false };

/// Elastic Load Balancing API, `CreateLoadBalancer`, `Name`.
pub const LOAD_BALANCER: NameLimit = NameLimit {
    resource: "load balancer",
    min: 1,
    max: 32,
    charset: HYPHEN,
    first: First::LetterOrDigit,
    refused: &[Refused::End("-"), Refused::Start("internal-")],
};

/// Elastic Load Balancing API, `CreateTargetGroup`, `Name`.
pub const TARGET_GROUP: NameLimit = NameLimit {
    resource: "target group",
    min: 1,
    max: 32,
    charset: HYPHEN,
    first: First::LetterOrDigit,
    refused: &[Refused::End("-")],
};

/// Amazon ECR API, `CreateRepository`, `repositoryName`: words of letters and digits, joined by hyphens, one or two
/// underscores, one dot or one slash.
pub const ECR_REPOSITORY: NameLimit = NameLimit {
    resource: "image repository",
    min: 2,
    max: 256,
    charset: Charset { upper: false, symbols: "-_./", others: false },
    first: First::LetterOrDigit,
    refused: &[
        Refused::Inside("___"),
        Refused::Inside(".."),
        Refused::Inside("//"),
        Refused::Inside("-_"),
        Refused::Inside("_-"),
        Refused::Inside("-."),
        Refused::Inside(".-"),
        Refused::Inside("_."),
        Refused::Inside("._"),
        Refused::Inside("-/"),
        Refused::Inside("/-"),
        Refused::Inside("_/"),
        Refused::Inside("/_"),
        Refused::Inside("./"),
        Refused::Inside("/."),
        Refused::End("-"),
        Refused::End("_"),
        Refused::End("."),
        Refused::End("/"),
    ],
};

/// Amazon RDS API, `CreateDBInstance`, `DBInstanceIdentifier`.
pub const DB_INSTANCE: NameLimit = NameLimit {
    resource: "database instance",
    min: 1,
    max: 63,
    charset: LOWER_HYPHEN,
    first: First::Letter,
    refused: &[Refused::Inside("--"), Refused::End("-")],
};

/// Amazon ElastiCache API, `CreateReplicationGroup`, `ReplicationGroupId`.
pub const REPLICATION_GROUP: NameLimit = NameLimit { resource: "replication group", max: 40, ..DB_INSTANCE };

/// Amazon S3 User Guide, "General purpose bucket naming rules".
pub const BUCKET: NameLimit = NameLimit {
    resource: "bucket",
    min: 3,
    max: 63,
    charset: Charset { upper: false, symbols: "-.", others: false },
    first: First::LetterOrDigit,
    refused: &[
        Refused::Inside(".."),
        Refused::Ipv4,
        Refused::Start("xn--"),
        Refused::Start("sthree-"),
        Refused::Start("amzn-s3-demo-"),
        Refused::End("-s3alias"),
        Refused::End("--ol-s3"),
        Refused::End(".mrap"),
        Refused::End("--x-s3"),
        Refused::End("--table-s3"),
        Refused::End("-"),
        Refused::End("."),
    ],
};

/// AWS Cloud Map API, `CreatePrivateDnsNamespace`, `Name`: a domain name.
pub const NAMESPACE: NameLimit = NameLimit {
    resource: "namespace",
    min: 1,
    max: 253,
    charset: Charset { upper: false, symbols: "-.", ..LOWER_HYPHEN },
    first: First::LetterOrDigit,
    refused: &[
        Refused::Inside(".."),
        Refused::Inside("-."),
        Refused::Inside(".-"),
        Refused::End("."),
        Refused::End("-"),
    ],
};

/// IAM API, `CreateRole`, `RoleName`.
pub const IAM_ROLE: NameLimit =
    NameLimit { resource: "role", min: 1, max: 64, charset: IAM, first: First::Any, refused: &[] };

/// Amazon CloudFront API, `CreateOriginAccessControl`, `Name`.
pub const ORIGIN_ACCESS_CONTROL: NameLimit = NameLimit { resource: "origin access control", ..IAM_ROLE };

/// IAM API, `CreateUser`, `UserName`.
pub const IAM_USER: NameLimit = NameLimit { resource: "user", ..IAM_ROLE };
/// AWS WAF API, `CreateWebACL`, `Name`; the log group of the web ACL has it behind a longer prefix, within its own limit.
pub const WEB_ACL: NameLimit =
    NameLimit { resource: "web ACL", min: 1, max: 128, charset: HYPHEN, first: First::Any, refused: &[] };

/// CloudWatch Logs API, `CreateLogGroup`, `logGroupName`.
pub const LOG_GROUP: NameLimit = NameLimit {
    resource: "log group",
    min: 1,
    max: 512,
    charset: Charset { upper: true, symbols: "_-/.#", others: false },
    first: First::Any,
    refused: &[Refused::Start("aws/")],
};

/// Amazon CloudWatch API, `PutMetricAlarm`, `AlarmName`.
pub const ALARM: NameLimit = NameLimit {
    resource: "alarm",
    min: 1,
    max: 255,
    charset: Charset { upper: true, symbols: "", others: true },
    first: First::Any,
    refused: &[],
};

/// Amazon SNS API, `CreateTopic`, `Name`.
pub const TOPIC: NameLimit = NameLimit {
    resource: "topic",
    min: 1,
    max: 256,
    charset: Charset { upper: true, symbols: "-_", others: false },
    first: First::Any,
    refused: &[],
};

/// Amazon EventBridge API, `PutRule`, `Name`.
pub const EVENT_RULE: NameLimit = NameLimit {
    resource: "event rule",
    min: 1,
    max: 64,
    charset: Charset { upper: true, symbols: ".-_", others: false },
    first: First::Any,
    refused: &[],
};

#[cfg(test)]
mod tests {
    use super::*;

    /// Checks names that the limit accepts and names that it does not.
    fn check(limit: &NameLimit, good: &[&str], bad: &[&str]) {
        for name in good {
            assert_eq!(limit.check(name), Ok(()), "{} `{name}`", limit.resource);
        }
        for name in bad {
            assert!(limit.check(name).is_err(), "{} `{name}`", limit.resource);
        }
        assert_eq!(limit.check(&"a".repeat(limit.max)), Ok(()), "{}", limit.resource);
        assert!(limit.check(&"a".repeat(limit.max + 1)).is_err(), "{}", limit.resource);
        assert!(limit.check(&"a".repeat(limit.min - 1)).is_err(), "{}", limit.resource);
    }

    // Elastic Load Balancing API Reference; the bad names are refused by `terraform validate` with provider 5.100.
    #[test]
    fn load_balancers_and_target_groups() {
        check(&LOAD_BALANCER, &["web", "Web-1", "internal"], &["internal-web", "-web", "web-", "we_b"]);
        check(&TARGET_GROUP, &["web", "internal-web"], &["-web", "web-", "we.b"]);
    }

    // Amazon ECR API Reference.
    #[test]
    fn repositories() {
        check(
            &ECR_REPOSITORY,
            &["nginx-web-app", "project-a/nginx", "a--b", "a__b", "a.b/c_d", "1a"],
            &["A1", "-a", "/ab", "a..b", "a___b", "ab-", "a/-b", "ab/", "a//b", "a-_b", "a./b"],
        );
    }

    // Amazon RDS and ElastiCache API References.
    #[test]
    fn databases_and_caches() {
        check(&DB_INSTANCE, &["main-1"], &["1main", "a--b", "a-", "A", "a_b"]);
        check(&REPLICATION_GROUP, &["main"], &["1a", "a--b", "a-", "A"]);
    }

    // Amazon S3 User Guide, "General purpose bucket naming rules".
    #[test]
    fn buckets() {
        check(
            &BUCKET,
            &["docexamplebucket-1", "my.example.bucket", "1ab"],
            &[
                "Doc",
                "doc_example",
                "doc-",
                "-doc",
                "a..b",
                "192.168.5.4",
                "xn--a",
                "sthree-a",
                "amzn-s3-demo-a",
                "a-s3alias",
                "a--ol-s3",
                "a.mrap",
                "a--x-s3",
                "a--table-s3",
                "a.",
            ],
        );
    }

    // AWS Cloud Map API Reference.
    #[test]
    fn namespaces() {
        check(&NAMESPACE, &["internal", "shop-production.internal"], &["a..b", "-a", "a.", "A", "a_b"]);
    }

    // CloudWatch Logs API Reference.
    #[test]
    fn log_groups() {
        check(&LOG_GROUP, &["/shop/app", "Shop_1.log#a-b"], &["/shop app", "aws/shop", "a:b"]);
    }

    // IAM API Reference.
    #[test]
    fn roles_and_users() {
        for limit in [&IAM_ROLE, &IAM_USER] {
            check(limit, &["Web_+=,.@-1"], &["a b", "a/b", "a:b"]);
        }
        assert_eq!((IAM_ROLE.max, IAM_USER.max), (64, 64));
    }

    // Amazon CloudWatch, SNS and EventBridge API References.
    #[test]
    fn alarms_topics_and_rules() {
        check(&ALARM, &["ECS [app-production] CPUUtilization (low)", "高負荷"], &["a\nb", "a\u{7f}"]);
        check(&TOPIC, &["shop-ops_1"], &["a.fifo", "a b"]);
        check(&EVENT_RULE, &["shop-ops.1_a"], &["a b", "a/b"]);
    }
}
