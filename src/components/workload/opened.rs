//! What the references of a workload open: the statements of its two roles, and its security-group rules.

use std::sync::Arc;

use indexmap::IndexMap;

use super::Workload;
use crate::components::access::{Statements, rules, statement};
use crate::model::Context;
use crate::terms::{Grant, Id, SecretStore, Term, View};

/// What the containers of a task refer to: they share its roles and its security group.
#[derive(Debug, Default)]
pub(super) struct Opened {
    repositories: IndexMap<Arc<str>, Term>,
    log_groups: IndexMap<Arc<str>, Term>,
    parameters: IndexMap<Arc<str>, Term>,
    secrets: IndexMap<Arc<str>, Term>,
    peers: IndexMap<Id, u16>,
    allowed: Statements,
}

impl Opened {
    /// A registry that an image comes from.
    pub(super) fn pull(&mut self, registry: Id) {
        let arn = Term::Export(registry, "repository_arn");
        self.repositories.insert(key(&arn), arn);
    }

    /// A log group that a container writes to, by its ARN.
    pub(super) fn log(&mut self, arn: Term) {
        let streams = Term::Template(vec![arn.clone(), Term::string(":*")]);
        self.log_groups.insert(key(&arn), streams);
    }

    /// What references open.
    pub(super) fn take(&mut self, grants: Vec<Grant>) {
        for grant in grants {
            match grant {
                Grant::Connect { to, port } => {
                    self.peers.insert(to, port);
                }
                Grant::ReadSecret { store: SecretStore::Parameter, arn } => {
                    self.parameters.insert(key(&arn), arn);
                }
                Grant::ReadSecret { store: SecretStore::SecretsManager, arn } => {
                    self.secrets.insert(key(&arn), arn);
                }
                grant @ Grant::Allow { .. } => self.allowed.take(grant),
            }
        }
    }

    /// What ECS may do to start the task.
    fn execution(&mut self, context: &Context<'_>) -> Term {
        let mut statements: IndexMap<Arc<str>, Term> = IndexMap::new();
        let mut add = |sid: &str, actions: &[&str], resources: Term| {
            statements.insert(sid.into(), statement(sid, actions, resources));
        };
        let sorted = |map: &mut IndexMap<Arc<str>, Term>| {
            map.sort_unstable_keys();
            std::mem::take(map)
        };
        if !self.repositories.is_empty() {
            add("RegistryLogin", &["ecr:GetAuthorizationToken"], Term::strings(["*"]));
            let pull = ["ecr:BatchCheckLayerAvailability", "ecr:BatchGetImage", "ecr:GetDownloadUrlForLayer"];
            add("PullImage", &pull, Term::Keyed(sorted(&mut self.repositories)));
        }
        let write = ["logs:CreateLogStream", "logs:PutLogEvents"];
        add("WriteLogs", &write, Term::Keyed(sorted(&mut self.log_groups)));
        let encrypted = !(self.parameters.is_empty() && self.secrets.is_empty());
        if !self.parameters.is_empty() {
            add("ReadParameters", &["ssm:GetParameters"], Term::Keyed(sorted(&mut self.parameters)));
        }
        if !self.secrets.is_empty() {
            add("ReadSecrets", &["secretsmanager:GetSecretValue"], Term::Keyed(sorted(&mut self.secrets)));
        }
        if encrypted {
            add("Decrypt", &["kms:Decrypt"], Term::List(vec![context.export("key", "arn")]));
        }
        Term::Keyed(statements)
    }

    /// The two policies and the security-group rules.
    pub(super) fn finish(mut self, id: &Id, context: &Context<'_>, workload: &Workload, view: &mut View) {
        let execution = workload.execution_role.is_none().then(|| {
            let mut execution = View::default();
            execution.set("name", execution_role(id, context));
            execution.set("statements", self.execution(context));
            execution
        });
        view.group("execution", execution);

        if workload.execute_command {
            let actions = &[
                "ssmmessages:CreateControlChannel",
                "ssmmessages:CreateDataChannel",
                "ssmmessages:OpenControlChannel",
                "ssmmessages:OpenDataChannel",
            ];
            self.allowed.take(Grant::allow("OpenShell".to_owned(), actions, vec![Term::string("*")]));
        }
        let made = workload.task_role.is_none();
        let role = made.then(|| {
            let mut role = View::default();
            role.set("name", context.name_of(id, "aws_iam_role", &id.name, Term::named(&id.dashed())));
            role
        });
        view.group("role", role);
        let policy = (made && !self.allowed.is_empty()).then(|| {
            let mut policy = View::default();
            policy.set("statements", self.allowed.into_term());
            policy
        });
        view.group("task_policy", policy);

        // Its own tasks reach each other where it says so; who shares a group that opens the port needs no rule.
        self.peers.retain(|to, port| to != id && !context.are_members_together(id, to, *port));
        self.peers.sort_unstable_keys();
        view.items("peers", rules(self.peers));
        let mut egress: Vec<i64> = workload.egress.iter().map(|port| port.0).chain([443]).collect();
        egress.sort_unstable();
        egress.dedup();
        view.items(
            "egress",
            egress.into_iter().map(|port| {
                let mut rule = View::default();
                rule.set("port", port);
                (port.to_string(), rule)
            }),
        );
    }
}

/// The name of the role with which ECS starts a task.
pub(super) fn execution_role(id: &Id, context: &Context<'_>) -> Term {
    let usual = Term::named(&format!("{}-execution", id.dashed()));
    context.name_of(id, "aws_iam_role", &format!("{}_execution", id.name), usual)
}

/// What identifies an ARN among those of one policy.
fn key(arn: &Term) -> Arc<str> {
    match arn {
        Term::Export(id, name) => format!("{id}.{name}").into(),
        other => format!("{other:?}").into(),
    }
}
