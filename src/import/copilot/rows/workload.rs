//! The keys of `<name>/manifest.yml`, of all types of services and of jobs.

use crate::import::matrix::{Row, no, partly, yes};

/// The workload as a whole.
pub(crate) const WORKLOAD: &[Row] = &[
    yes("name", "the name of the service or task"),
    partly(
        "type",
        "`service`, or `task` of a job; a site is a `bucket` behind a `cdn`; App Runner becomes a `service` with a `route`",
    ),
    yes("cpu", "`cpu`, rounded up to a size of Fargate"),
    yes("memory", "`memory`, rounded up to a size of Fargate"),
    partly("platform", "`architecture`; Windows is refused"),
    yes("platform.architecture", "`architecture`"),
    partly("platform.osfamily", "Linux; Windows is refused"),
    yes("exec", "`execute_command`"),
    partly("network.connect", "`discovery`: a variable that calls another service refers to its `host`"),
    yes("network.connect.alias", "a name by which variables of others are recognised"),
    partly(
        "network.vpc.placement",
        "tasks of an environment stand in private subnets as soon as one of them does, otherwise in public ones",
    ),
    no(
        "network.vpc.placement.subnets",
        "all tasks stand in the subnets of the `network`: name them in `existing` there",
    ),
    yes("network.vpc.security_groups[]", "a `security_group` with `existing`"),
    no(
        "network.vpc.security_groups[].from_cfn",
        "write the id of the group into a `security_group` with `existing`",
    ),
    yes("network.vpc.security_groups.groups[]", "a `security_group` with `existing`"),
    no(
        "network.vpc.security_groups.groups[].from_cfn",
        "write the id of the group into a `security_group` with `existing`",
    ),
    no(
        "network.vpc.security_groups.deny_default",
        "there is no group that lets everybody in: only references open ports",
    ),
    no(
        "network.vpc.security_groups.from_cfn",
        "write the id of the group into a `security_group` with `existing`",
    ),
    partly("storage.ephemeral", "20 GiB need nothing; more belongs on a `file_system`"),
    yes("storage.readonly_fs", "`read_only`"),
    yes("storage.volumes.*.path", "`mounts`"),
    yes("storage.volumes.*.read_only", "`read_only_mounts`, the default of Copilot"),
    yes("storage.volumes.*.efs", "a `file_system`; without it a volume that goes with the task"),
    yes("storage.volumes.*.efs.id", "`existing` of the `file_system`"),
    no("storage.volumes.*.efs.id.from_cfn", "write the id of the file system into `existing`"),
    no("storage.volumes.*.efs.root_dir", "an access point says which directory"),
    yes("storage.volumes.*.efs.uid", "`uid` of the `file_system`"),
    yes("storage.volumes.*.efs.gid", "`gid` of the `file_system`"),
    no("storage.volumes.*.efs.auth.iam", "always on"),
    yes("storage.volumes.*.efs.auth.access_point_id", "`access_point`"),
    yes("logging.retention", "`log_retention`"),
    no("logging.image", LOGGING),
    no("logging.destination", LOGGING),
    no("logging.enableMetadata", LOGGING),
    no("logging.secretOptions", LOGGING),
    no("logging.configFilePath", LOGGING),
    no("logging.env_file", LOGGING),
    no(
        "observability.tracing",
        "put the collector of AWS Distro for OpenTelemetry beside the service, as a `container`",
    ),
    no("taskdef_overrides[].path", OVERRIDES),
    no("taskdef_overrides[].value", OVERRIDES),
    partly(
        "deployment.rolling",
        "`recreate` is `single` for a service of one task; otherwise a rolling update",
    ),
    no(
        "deployment.rollback_alarms",
        "a deployment that does not become stable is rolled back; alarms are `alarm` blocks and tell people",
    ),
    no("tags", "write `tags` in the `stack` block"),
    yes("on.schedule", "`schedule` of the `task`, in UTC"),
    no(
        "retries",
        "a task that starts and fails is not run again: have it try again itself, or watch it with a `topic`",
    ),
    yes("timeout", "`timeout` of the `task`"),
    no("files", "upload the files with `aws s3 sync` for each release"),
    yes("environments.*", "what differs stands in the `environment`"),
];

const OVERRIDES: &str = "look for the setting of a `service` that says it, such as `ulimits`";

const LOGGING: &str = "every container logs to CloudWatch: subscribe to the log group what forwards the logs";

/// Containers: the main one and those beside it.
pub(crate) const CONTAINERS: &[Row] = &[
    yes("image", "the image of the service"),
    yes("image.location", "`image`; of ECR a `registry` with `existing`"),
    partly("image.build", "a `registry`, to which the image is pushed; with a pipeline its `build`"),
    yes("image.build.dockerfile", "`dockerfile` of the pipeline's `build`"),
    yes("image.build.context", "`context` of the pipeline's `build`"),
    yes("image.build.args.*", "`args` of the pipeline's `build`"),
    no("image.build.target", "write the stage that is deployed last in the Dockerfile"),
    no("image.build.cache_from", "CodeBuild reuses the layers of earlier builds"),
    no("image.credentials", "push the image to a `registry`, which needs no password"),
    no("image.labels", "nothing reads labels of Docker on Fargate"),
    yes("image.depends_on.*", "`depends_on`"),
    yes("image.port", "`port`"),
    yes("image.healthcheck.command", "`health_check`"),
    yes("image.healthcheck.interval", "`health_check`"),
    yes("image.healthcheck.timeout", "`health_check`"),
    yes("image.healthcheck.retries", "`health_check`"),
    yes("image.healthcheck.start_period", "`health_check`"),
    yes("command", "`command`"),
    yes("entrypoint", "`entry_point`"),
    yes("variables.*", "`environment`; a `secret` where the value looks like one"),
    partly("variables.*.from_cfn", FROM_CFN),
    partly("env_file", "`environment`, when the file stands in the directory that was given"),
    yes("secrets.*", "`secret` with `existing`"),
    yes("secrets.*.secretsmanager", "`secret` with `existing`, and `field`"),
    partly("secrets.*.from_cfn", FROM_CFN),
    yes("sidecars.*.image", "`image` of a `container`"),
    yes("sidecars.*.image.location", "`image` of a `container`"),
    partly(
        "sidecars.*.image.build",
        "a `registry`, to which the image is pushed; with a pipeline its `build`",
    ),
    yes("sidecars.*.image.build.dockerfile", "`dockerfile` of the pipeline's `build`"),
    yes("sidecars.*.image.build.context", "`context` of the pipeline's `build`"),
    yes("sidecars.*.image.build.args.*", "`args` of the pipeline's `build`"),
    no("sidecars.*.image.build.target", "write the stage that is deployed last in the Dockerfile"),
    no("sidecars.*.image.build.cache_from", "CodeBuild reuses the layers of earlier builds"),
    no("sidecars.*.image.credentials", "push the image to a `registry`, which needs no password"),
    yes("sidecars.*.port", "`port` of a `container`; UDP is left out"),
    yes("sidecars.*.essential", "`essential`"),
    no("sidecars.*.credentialsParameter", "push the image to a `registry`, which needs no password"),
    yes("sidecars.*.depends_on.*", "`depends_on`"),
    yes("sidecars.*.variables.*", "`environment`; a `secret` where the value looks like one"),
    partly("sidecars.*.variables.*.from_cfn", FROM_CFN),
    partly("sidecars.*.env_file", "`environment`, when the file stands in the directory that was given"),
    yes("sidecars.*.secrets.*", "`secret` with `existing`"),
    yes("sidecars.*.secrets.*.secretsmanager", "`secret` with `existing`, and `field`"),
    partly("sidecars.*.secrets.*.from_cfn", FROM_CFN),
    yes("sidecars.*.mount_points[].source_volume", "`mounts`"),
    yes("sidecars.*.mount_points[].path", "`mounts`"),
    yes("sidecars.*.mount_points[].read_only", "`read_only_mounts`, the default of Copilot"),
    no("sidecars.*.labels", "nothing reads labels of Docker on Fargate"),
    yes("sidecars.*.command", "`command`"),
    yes("sidecars.*.entrypoint", "`entry_point`"),
    yes("sidecars.*.healthcheck.command", "`health_check`"),
    yes("sidecars.*.healthcheck.interval", "`health_check`"),
    yes("sidecars.*.healthcheck.timeout", "`health_check`"),
    yes("sidecars.*.healthcheck.retries", "`health_check`"),
    yes("sidecars.*.healthcheck.start_period", "`health_check`"),
];

const FROM_CFN: &str = "what an addon in the input exports; of another CloudFormation stack write its value, or a `secret` with `existing`";

/// What leads in.
pub(crate) const HTTP: &[Row] = &[
    partly("http", "`false`: no route leads to it"),
    yes("http.path", "`route`; `api` is `/api` and `/api/*`"),
    yes("http.healthcheck", "`health_check` of the `route`"),
    yes("http.healthcheck.path", "`health_check` of the `route`"),
    no("http.healthcheck.port", PROBE_PORT),
    yes("http.healthcheck.success_codes", "`healthy_codes`"),
    no("http.healthcheck.healthy_threshold", THRESHOLD),
    no("http.healthcheck.unhealthy_threshold", THRESHOLD),
    yes("http.healthcheck.interval", "`interval` of the `route`"),
    yes("http.healthcheck.timeout", "`timeout` of the `route`"),
    yes("http.healthcheck.grace_period", "`grace_period`"),
    yes("http.alias", "`hosts` of the `route`"),
    yes("http.alias[]", "`hosts` of the `route`"),
    yes("http.alias[].name", "`hosts` of the `route`"),
    no("http.alias[].hosted_zone", ZONE),
    no("http.hosted_zone", ZONE),
    partly("http.certificate", "`certificate` of the `cdn` of a site, with its `alias`"),
    partly("http.redirect_to_https", "with HTTPS the load balancer redirects everything"),
    no("http.stickiness", "no setting for it: keep sessions in a `cache`"),
    no("http.allowed_source_ips", SOURCES),
    partly("http.target_container", "`container` of the `route`"),
    partly("http.targetContainer", "`container` of the `route`"),
    partly(
        "http.target_port",
        "the `port` of the container; another one of the same container gets no route",
    ),
    partly("http.version", "HTTP/1.1; gRPC and HTTP/2 to the task have no setting"),
    yes("http.deregistration_delay", "`drain`"),
    no("http.private", "App Runner's private endpoint: `internal` of the `load_balancer`"),
    yes("http.additional_rules[].path", "`route`"),
    yes("http.additional_rules[].healthcheck", "`health_check` of the `route`"),
    yes("http.additional_rules[].healthcheck.path", "`health_check` of the `route`"),
    no("http.additional_rules[].healthcheck.port", PROBE_PORT),
    yes("http.additional_rules[].healthcheck.success_codes", "`healthy_codes`"),
    no("http.additional_rules[].healthcheck.healthy_threshold", THRESHOLD),
    no("http.additional_rules[].healthcheck.unhealthy_threshold", THRESHOLD),
    yes("http.additional_rules[].healthcheck.interval", "`interval` of the `route`"),
    yes("http.additional_rules[].healthcheck.timeout", "`timeout` of the `route`"),
    yes("http.additional_rules[].healthcheck.grace_period", "`grace_period`"),
    yes("http.additional_rules[].alias", "`hosts` of the `route`"),
    yes("http.additional_rules[].alias[]", "`hosts` of the `route`"),
    yes("http.additional_rules[].alias[].name", "`hosts` of the `route`"),
    no("http.additional_rules[].alias[].hosted_zone", ZONE),
    no("http.additional_rules[].hosted_zone", ZONE),
    partly("http.additional_rules[].redirect_to_https", "with HTTPS the load balancer redirects everything"),
    no("http.additional_rules[].stickiness", "no setting for it: keep sessions in a `cache`"),
    no("http.additional_rules[].allowed_source_ips", SOURCES),
    partly("http.additional_rules[].target_container", "`container` of the `route`"),
    partly("http.additional_rules[].target_port", "the `port` of the container"),
    yes("http.additional_rules[].deregistration_delay", "`drain`"),
    no(
        "nlb",
        "a stack has application load balancers only: put a network load balancer in front with Terraform of your own, and name its target group in `target_group`",
    ),
];

const PROBE_PORT: &str = "health checks go to the `port` of the container";
const THRESHOLD: &str = "no setting for it: choose `interval` so that it fails as fast as it should";
const ZONE: &str = "write it as `zone` of the `load_balancer`";
const SOURCES: &str = "everybody may connect: `allow` of the `load_balancer` limits all of its routes";

/// How many tasks run.
pub(crate) const SCALING: &[Row] = &[
    yes("count", "`tasks`"),
    yes("count.spot", "`tasks`, all of them on Spot"),
    yes("count.range", "`scaling`"),
    yes("count.range.min", "`scaling`"),
    yes("count.range.max", "`scaling`"),
    partly("count.range.spot_from", "`on_demand`, and `spot` for nearly all the others"),
    yes("count.cpu_percentage", "`scaling`"),
    yes("count.cpu_percentage.value", "`scaling`"),
    partly("count.cpu_percentage.cooldown", COOLDOWN),
    yes("count.memory_percentage", "`scaling`"),
    yes("count.memory_percentage.value", "`scaling`"),
    partly("count.memory_percentage.cooldown", COOLDOWN),
    yes("count.requests", "`scaling`"),
    yes("count.requests.value", "`scaling`"),
    partly("count.requests.cooldown", COOLDOWN),
    no("count.response_time", "add a `step` that follows an `alarm` on the response time"),
    no("count.queue_delay", "add a `step` that follows an `alarm` on the age of the oldest message"),
    partly("count.cooldown", COOLDOWN),
];

const COOLDOWN: &str = "`cooldown`, the longer one of both directions";

/// Messages between services.
pub(crate) const MESSAGES: &[Row] = &[
    no(
        "publish.topics[].name",
        "a `topic` of a stack tells people: keep the SNS topic of messages outside, and give the service its ARN",
    ),
    no("publish.topics[].fifo", "keep the SNS topic of messages outside of the stack"),
    no(
        "subscribe.topics",
        "a stack has no queues: keep SQS and its subscription outside, and give the service the URL of the queue",
    ),
    no("subscribe.queue", "keep the SQS queue outside of the stack, and give the service its URL"),
];
