//! The keys of what stands around workloads: environments, pipelines, addons.

use crate::import::matrix::{Row, no, partly, yes};

/// `environments/<name>/manifest.yml`.
pub(crate) const ENVIRONMENT: &[Row] = &[
    yes("name", "the name of the `environment`"),
    yes("type", "an `environment`"),
    yes("network.vpc.id", "`existing` of the `network`"),
    yes("network.vpc.cidr", "`cidr` of the `network`"),
    yes("network.vpc.subnets.public[].id", "`public_subnets`"),
    no("network.vpc.subnets.public[].cidr", SUBNETS),
    no("network.vpc.subnets.public[].az", SUBNETS),
    yes("network.vpc.subnets.private[].id", "`private_subnets`"),
    no("network.vpc.subnets.private[].cidr", SUBNETS),
    no("network.vpc.subnets.private[].az", SUBNETS),
    no(
        "network.vpc.security_group",
        "there is no group that all share: only references open ports, and `egress` others",
    ),
    no("network.vpc.flow_logs", "flow logs belong to the account: switch them on for the VPC"),
    no("cdn", CDN),
    yes("http.public.certificates[]", "`certificate` of the `load_balancer`: the first one"),
    no("http.public.access_logs", "write `access_logs` of the `load_balancer`, with a `bucket`"),
    no(
        "http.public.access_logs.bucket_name",
        "a `bucket` with `existing`, as `access_logs` of the `load_balancer`",
    ),
    no("http.public.access_logs.prefix", "logs have no prefix"),
    yes("http.public.ingress.source_ips[]", "`allow` of the `load_balancer`"),
    no("http.public.ingress.cdn", CDN),
    no("http.public.security_groups", CDN),
    no("http.public.ssl_policy", POLICY),
    no("http.public.sslPolicy", POLICY),
    yes("http.private.certificates[]", "`certificate` of the internal `load_balancer`: the first one"),
    no("http.private.subnets", "it stands in the public subnets of the `network`, or in all that it has"),
    no("http.private.ingress.vpc", "everything inside the network may connect"),
    no("http.private.security_groups", "everything inside the network may connect"),
    no("http.private.ssl_policy", POLICY),
    no("http.private.sslPolicy", POLICY),
    partly("observability.container_insights", "`insights` of the `cluster`, which is on by default"),
];

const SUBNETS: &str = "subnets have fixed places in the range; `zones` says which zones";
const CDN: &str =
    "a `cdn` serves files, not an application: keep CloudFront in front with Terraform of your own";
const POLICY: &str = "TLS 1.2 and 1.3";

/// `pipelines/<name>/manifest.yml`.
pub(crate) const PIPELINE: &[Row] = &[
    yes("name", "the name of the `pipeline`"),
    yes("version", "1"),
    partly("source.provider", "CodePipeline with a connection; for GitHub there is `github-actions`, too"),
    yes("source.properties.branch", "`branch`"),
    yes("source.properties.repository", "`repository`"),
    no("source.properties.connection_name", "write the ARN of the connection"),
    no("source.properties.connection_arn", "write the ARN of the connection"),
    no("source.properties.access_token_secret", "make a connection, which needs no token"),
    no("source.properties.output_artifact_format", "an archive of the source"),
    no("build.image", "CodeBuild's standard image"),
    no("build.type", "write `compute`"),
    no("build.buildspec", "the pipeline builds with the commands that it has; `run` takes more of them"),
    no("build.additional_policy", "references open what builds need"),
    yes("stages[].name", "the `environment`"),
    yes("stages[].requires_approval", "`approval` in that environment"),
    no("stages[].test_commands", "test in the repository's own builds, before a commit is merged"),
    no(
        "stages[].deployments",
        "all services are updated together, after the tasks with `before = \"deploy\"`",
    ),
    no("stages[].pre_deployments", "a `task` with `before = \"deploy\"`"),
    no("stages[].post_deployments", "test in the repository's own builds, or start a `task` by hand"),
];

/// `<name>/addons/*.yml` and `environments/addons/*.yml`.
pub(crate) const ADDON: &[Row] = &[
    no("AWSTemplateFormatVersion", "the stack file is no template"),
    no("Description", "write a comment"),
    no("Parameters", "Copilot fills them in; `environment.name` and `stack.name` say the same"),
    no("Mappings", "what differs stands in the environments"),
    no("Conditions", "`environments` says where a component stands"),
    no("Metadata", "write a comment"),
    no("Transform", "write what it would make"),
    partly(
        "Resources.*",
        "RDS and Aurora become a `database`, ElastiCache a `cache`, S3 a `bucket`, which takes over one that has a certain \
         name and `DeletionPolicy: Retain`; of others the report says what they would be",
    ),
    partly(
        "Outputs.*",
        "hosts, secrets and names of these become variables of the service, or of whoever imports them with `from_cfn`",
    ),
];
