//! The name limits of each kind of resource that a stack creates.
//!
//! Each is the rule of the AWS API it names, tightened to lower case where AWS stores the name that way: Terraform
//! would otherwise plan the same change for ever.

use super::{Charset, First, NameLimit, Refused};

const HYPHEN: Charset = Charset { upper: true, symbols: "-" };
const LOWER_HYPHEN: Charset = Charset { upper: false, symbols: "-" };
const HYPHEN_UNDERSCORE: Charset = Charset { upper: true, symbols: "-_" };
const IAM: Charset = Charset { upper: true, symbols: "+=,.@_-" };

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

/// Terraform provider 5.100, `aws_lb_target_group`, `name_prefix`: the provider appends 26 characters.
pub const TARGET_GROUP_PREFIX: NameLimit =
    NameLimit { resource: "target group name prefix", max: 6, refused: &[], ..TARGET_GROUP };

/// Amazon ECS API, `CreateCluster`, `clusterName`.
pub const ECS_CLUSTER: NameLimit = ecs("cluster");
/// Amazon ECS API, `CreateService`, `serviceName`.
pub const ECS_SERVICE: NameLimit = ecs("service");
/// Amazon ECS API, `RegisterTaskDefinition`, `family`.
pub const TASK_FAMILY: NameLimit = ecs("task definition family");
/// Amazon ECS API, `ContainerDefinition`, `name`.
pub const CONTAINER: NameLimit = ecs("container");

const fn ecs(resource: &'static str) -> NameLimit {
    NameLimit { resource, min: 1, max: 255, charset: HYPHEN_UNDERSCORE, first: First::Any, refused: &[] }
}

/// Amazon ECR API, `CreateRepository`, `repositoryName`: words of letters and digits, joined by hyphens, one or two
/// underscores, one dot or one slash.
pub const ECR_REPOSITORY: NameLimit = NameLimit {
    resource: "image repository",
    min: 2,
    max: 256,
    charset: Charset { upper: false, symbols: "-_./" },
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

/// Amazon RDS API, `CreateDBParameterGroup`, `DBParameterGroupName`.
pub const DB_PARAMETER_GROUP: NameLimit =
    NameLimit { resource: "database parameter group", max: 255, ..DB_INSTANCE };

/// Amazon RDS API, `CreateDBSubnetGroup`, `DBSubnetGroupName`.
pub const DB_SUBNET_GROUP: NameLimit = NameLimit {
    resource: "database subnet group",
    min: 1,
    max: 255,
    charset: Charset { upper: false, symbols: "-_. " },
    first: First::Letter,
    refused: &[Refused::Words(&["default"])],
};

/// Amazon ElastiCache API, `CreateReplicationGroup`, `ReplicationGroupId`.
pub const REPLICATION_GROUP: NameLimit = NameLimit { resource: "replication group", max: 40, ..DB_INSTANCE };

/// Amazon ElastiCache API, `CreateCacheSubnetGroup`, `CacheSubnetGroupName`.
pub const CACHE_SUBNET_GROUP: NameLimit = NameLimit {
    resource: "cache subnet group",
    min: 1,
    max: 255,
    charset: LOWER_HYPHEN,
    first: First::Any,
    refused: &[],
};

/// Amazon S3 User Guide, "General purpose bucket naming rules".
pub const BUCKET: NameLimit = NameLimit {
    resource: "bucket",
    min: 3,
    max: 63,
    charset: Charset { upper: false, symbols: "-." },
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

/// IAM API, `CreateRole`, `RoleName`.
pub const IAM_ROLE: NameLimit =
    NameLimit { resource: "role", min: 1, max: 64, charset: IAM, first: First::Any, refused: &[] };
/// Terraform provider 5.100, `aws_iam_role`, `name_prefix`: the provider appends 26 characters.
pub const IAM_ROLE_PREFIX: NameLimit = NameLimit { resource: "role name prefix", max: 38, ..IAM_ROLE };
/// IAM API, `CreateUser`, `UserName`.
pub const IAM_USER: NameLimit = NameLimit { resource: "user", ..IAM_ROLE };
/// IAM API, `CreatePolicy`, `PolicyName`.
pub const IAM_POLICY: NameLimit = NameLimit { resource: "policy", max: 128, ..IAM_ROLE };

/// AWS Systems Manager API, `PutParameter`, `Name`.
///
/// The API counts 1011 characters including the part of the ARN before the name. That part is longest in GovCloud;
/// what it leaves there is the maximum here, so that a name that fits one region fits all.
pub const SSM_PARAMETER: NameLimit = NameLimit {
    resource: "parameter",
    min: 1,
    max: 1011 - LONGEST_PARAMETER_ARN,
    charset: Charset { upper: true, symbols: "_.-/" },
    first: First::Any,
    refused: &[
        Refused::Start("aws"),
        Refused::Start("ssm"),
        Refused::Start("/aws"),
        Refused::Start("/ssm"),
        Refused::Levels(15),
        Refused::Relative,
    ],
};

const LONGEST_PARAMETER_ARN: usize = "arn:aws-us-gov:ssm:us-gov-east-1:111122223333:parameter/".len();

/// AWS Secrets Manager API, `CreateSecret`, `Name`.
pub const SECRET: NameLimit = NameLimit {
    resource: "secret",
    min: 1,
    max: 512,
    charset: Charset { upper: true, symbols: "/_+=.@-" },
    first: First::Any,
    refused: &[],
};

/// Amazon CloudWatch Logs API, `CreateLogGroup`, `logGroupName`.
pub const LOG_GROUP: NameLimit = NameLimit {
    resource: "log group",
    min: 1,
    max: 512,
    charset: Charset { upper: true, symbols: "_-/.#" },
    first: First::Any,
    refused: &[Refused::Start("aws/")],
};

/// AWS KMS API, `CreateAlias`, `AliasName`, without the `alias/` that every one starts with.
pub const KMS_ALIAS: NameLimit = NameLimit {
    resource: "key alias",
    min: 1,
    max: 256 - "alias/".len(),
    charset: Charset { upper: true, symbols: "/_-" },
    first: First::Any,
    refused: &[Refused::Start("aws/")],
};

/// Amazon EC2 API, `CreateSecurityGroup`, `GroupName`.
pub const SECURITY_GROUP: NameLimit = NameLimit {
    resource: "security group",
    min: 1,
    max: 255,
    charset: Charset { upper: true, symbols: " ._-:/()#,@[]+=&;{}!$*" },
    first: First::Any,
    refused: &[Refused::Start("sg-")],
};

#[cfg(test)]
mod tests {
    use super::*;
    use crate::aws::region::REGIONS;

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
        check(&TARGET_GROUP_PREFIX, &["web-"], &["web_"]);
    }

    // Amazon ECS and ECR API References.
    #[test]
    fn containers_and_repositories() {
        for limit in [&ECS_CLUSTER, &ECS_SERVICE, &TASK_FAMILY, &CONTAINER] {
            check(limit, &["web_1-A", "-"], &["a b", "a.b", "a/b"]);
        }
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
        check(&DB_PARAMETER_GROUP, &["main-postgres16"], &["a.b", "1a", "a--b"]);
        check(&DB_SUBNET_GROUP, &["main_a.b c"], &["Main", "default", "1a", "a/b"]);
        check(&REPLICATION_GROUP, &["main"], &["1a", "a--b", "a-", "A"]);
        check(&CACHE_SUBNET_GROUP, &["main-1"], &["a_b", "A"]);
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

    // IAM API Reference.
    #[test]
    fn roles_users_and_policies() {
        for limit in [&IAM_ROLE, &IAM_USER, &IAM_ROLE_PREFIX, &IAM_POLICY] {
            check(limit, &["Web_+=,.@-1"], &["a b", "a/b", "a:b"]);
        }
        assert_eq!((IAM_ROLE.max, IAM_USER.max, IAM_ROLE_PREFIX.max, IAM_POLICY.max), (64, 64, 38, 128));
    }

    // AWS Systems Manager API Reference, `PutParameter`; AWS Secrets Manager API Reference, `CreateSecret`.
    #[test]
    fn parameters_and_secrets() {
        let deep = "/a".repeat(15);
        let too_deep = "/a".repeat(16);
        check(
            &SSM_PARAMETER,
            &["/Dev/DBServer/MySQL/db-string13", "plain_name.1", &deep],
            &["awsome", "SSM-x", "/aws/x", "/ssm/x", "a/b", "/a b", &too_deep],
        );
        check(&SECRET, &["prod/web/key_1+=.@-"], &["a b", "a:b"]);
    }

    #[test]
    fn a_parameter_name_fits_with_its_arn_in_every_region() {
        let longest = REGIONS.iter().map(|region| {
            let arn = format!("arn:{}:ssm:{}:111122223333:parameter/", region.partition, region.name);
            arn.len()
        });
        assert_eq!(longest.max(), Some(LONGEST_PARAMETER_ARN));
    }

    // Amazon CloudWatch Logs, AWS KMS and Amazon EC2 API References.
    #[test]
    fn log_groups_keys_and_security_groups() {
        check(&LOG_GROUP, &["/ecs/web_1-a.b#c"], &["a b", "a:b", "aws/web"]);
        check(&KMS_ALIAS, &["prod/main_1-a"], &["aws/main", "a b", "a.b"]);
        check(&SECURITY_GROUP, &["web (prod)", "a._-:/()#,@[]+=&;{}!$*"], &["sg-web", "a%b", "é"]);
    }
}
