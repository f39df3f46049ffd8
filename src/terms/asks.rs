//! What components ask of each other: what references open, rules, statements, actions.

use std::sync::Arc;

use indexmap::IndexMap;

use super::{Id, Term};

/// What a component shows a reference to one of its attributes.
#[derive(Debug, Clone)]
pub struct Offer {
    /// The value, or where the container reads it from.
    pub value: Offered,
    /// What the reference opens.
    pub grants: Vec<Grant>,
}

/// The value of an attribute.
#[derive(Debug, Clone)]
pub enum Offered {
    /// May stand in plain sight.
    Plain(Term),
    /// Never leaves its store: the `valueFrom` of an ECS secret.
    Secret(Term),
}

/// Something that a reference opens and that nothing else opens.
#[derive(Debug, Clone, PartialEq)]
pub enum Grant {
    /// The two security-group rules between the consumer and a TCP port of a component that exports
    /// `security_group_id`.
    Connect {
        /// The component that listens.
        to: Id,
        /// Where it listens.
        port: u16,
    },
    /// The task execution role reads a value when the task starts.
    ReadSecret {
        /// Where the value lives.
        store: SecretStore,
        /// The ARN to allow.
        arn: Term,
    },
    /// The consumer's own role may do this.
    Allow {
        /// The `Sid` of the statement, unique among all that components grant: `BucketMediaObjects`.
        key: String,
        /// IAM actions.
        actions: &'static [&'static str],
        /// ARNs.
        resources: Vec<Term>,
        /// What narrows the statement, an object of operators: `{ ArnEquals = { "ecs:cluster" = .. } }`.
        condition: Option<Term>,
    },
}

impl Grant {
    /// The consumer's own role may do this, whatever the circumstances.
    pub fn allow(key: String, actions: &'static [&'static str], resources: Vec<Term>) -> Self {
        Self::Allow { key, actions, resources, condition: None }
    }
}

/// Where a secret lives.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum SecretStore {
    /// SSM Parameter Store.
    Parameter,
    /// Secrets Manager.
    SecretsManager,
}

/// A statement that a component needs in the resource policy of another: a CDN in that of the bucket it reads.
#[derive(Debug, Clone)]
pub struct Admission {
    /// The component whose policy it is: one that prints the admissions addressed to it.
    pub to: Id,
    /// The `Sid` of the statement, unique among all that components ask for: `CdnAssetsReads`.
    pub key: String,
    /// The AWS service that is let in: `cloudfront.amazonaws.com`.
    pub service: Term,
    /// What it may do.
    pub actions: &'static [&'static str],
    /// What it may do it with, below the ARN of the component; `""` for the component itself, `"/*"` for all objects.
    pub resources: &'static [&'static str],
    /// The condition of the statement, an object of operators: only on behalf of this account, or of this resource.
    pub condition: Term,
}

/// What follows when an alarm changes its state: the alarm gets the action, whoever needs it says so.
#[derive(Debug, Clone)]
pub struct Reaction {
    /// The alarm.
    pub alarm: Id,
    /// The state that sets it off.
    pub state: AlarmState,
    /// What tells reactions to one alarm apart: `service_web_cpu_high`.
    pub key: String,
    /// The ARN that the alarm calls: a scaling policy, a topic.
    pub action: Term,
}

/// A state of a CloudWatch alarm.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum AlarmState {
    /// The metric is beyond the threshold.
    Alarm,
    /// The metric is within the threshold.
    Ok,
}

/// On which side of its threshold a metric sets an alarm off.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Breach {
    /// Above.
    Above,
    /// Below.
    Below,
}

/// Metrics of a component in one namespace of CloudWatch: what an alarm on it can watch.
#[derive(Debug, Clone)]
pub struct Metrics {
    /// The namespace: `AWS/ECS`.
    pub namespace: &'static str,
    /// The dimensions by name: `ClusterName`.
    pub dimensions: Vec<(&'static str, Term)>,
}

/// A listener rule that a component asks a load balancer for.
#[derive(Debug, Clone, PartialEq)]
pub struct Route {
    /// The load balancer.
    pub load_balancer: Id,
    /// The container that it leads to, when the route names one.
    pub container: Option<Arc<str>>,
    /// The TCP port of that container, or of the main one.
    pub port: Option<i64>,
    /// The path pattern as written; `/` matches every path.
    pub path: Arc<str>,
    /// Host names; none means all.
    pub hosts: Vec<String>,
    /// The rule's priority.
    pub priority: i64,
    /// Seconds that a connection may be silent, when the route asks for more than the default.
    pub idle_timeout: Option<i64>,
    /// Where the route is written.
    pub place: crate::source::Span,
}

/// A service or task whose image a pipeline owns: what the pipeline has to know to deploy it.
#[derive(Debug, Clone)]
pub struct Deployed {
    /// The service or task.
    pub workload: Id,
    /// The pipeline.
    pub pipeline: Id,
    /// The registry of every container whose image comes from one, by the container's name.
    pub images: IndexMap<Arc<str>, Id>,
    /// Whether the images are for ARM processors.
    pub arm: bool,
    /// ARNs of the roles that the task definition names.
    pub roles: Vec<Term>,
    /// How the task is run before the services are updated, if it is.
    pub release: Option<Release>,
}

/// A task that runs to its end before services are updated.
#[derive(Debug, Clone)]
pub struct Release {
    /// The task it has to follow.
    pub after: Option<Id>,
    /// Seconds after which it has failed.
    pub timeout: Option<i64>,
    /// The container whose exit code counts.
    pub container: Arc<str>,
    /// Security groups that it runs with, as a list.
    pub security_groups: Term,
    /// ARN of the log group of that container.
    pub log_group: Term,
}
