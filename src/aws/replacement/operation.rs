//! Logs, alarms, events, topics and pipelines.

use super::{Resource, because, cause};

pub(super) const TYPES: &[Resource] = &[
    Resource {
        name: "aws_cloudwatch_event_rule",
        page: "resources/cloudwatch_event_rule",
        tags: true,
        forces: &[because("name", "EventBridge cannot rename a rule")],
        computed: &["name"],
        sets: &[],
    },
    Resource {
        name: "aws_cloudwatch_event_target",
        page: "resources/cloudwatch_event_target",
        tags: false,
        forces: &[cause("rule")],
        computed: &[],
        sets: &[],
    },
    Resource {
        name: "aws_cloudwatch_log_group",
        page: "resources/cloudwatch_log_group",
        tags: true,
        forces: &[because("name", "CloudWatch Logs cannot rename a log group")],
        computed: &["name"],
        sets: &[],
    },
    Resource {
        name: "aws_cloudwatch_metric_alarm",
        page: "resources/cloudwatch_metric_alarm",
        tags: true,
        forces: &[because("alarm_name", "CloudWatch cannot rename an alarm")],
        computed: &[],
        sets: &["alarm_actions", "ok_actions"],
    },
    Resource {
        name: "aws_codebuild_project",
        page: "resources/codebuild_project",
        tags: true,
        forces: &[because("name", "CodeBuild cannot rename a project")],
        computed: &["description", "encryption_key"],
        sets: &[],
    },
    Resource {
        name: "aws_codepipeline",
        page: "resources/codepipeline",
        tags: true,
        forces: &[because("name", "CodePipeline cannot rename a pipeline")],
        computed: &[],
        sets: &["artifact_store"],
    },
    Resource {
        name: "aws_sns_topic",
        page: "resources/sns_topic",
        tags: true,
        forces: &[because("name", "SNS cannot rename a topic")],
        computed: &["name"],
        sets: &[],
    },
    Resource {
        name: "aws_sns_topic_policy",
        page: "resources/sns_topic_policy",
        tags: false,
        forces: &[cause("arn")],
        computed: &[],
        sets: &[],
    },
    Resource {
        name: "aws_sns_topic_subscription",
        page: "resources/sns_topic_subscription",
        tags: false,
        forces: &[
            because("endpoint", "SNS cannot change where a subscription leads"),
            because("protocol", "SNS cannot change where a subscription leads"),
            because("topic_arn", "SNS cannot change where a subscription leads"),
        ],
        computed: &[],
        sets: &[],
    },
];
