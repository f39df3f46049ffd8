//! What the template of a task definition prints for a workload, and what its references open.

use std::sync::Arc;

use indexmap::IndexMap;

use super::{Architecture, Workload};
use crate::components::access::{rules, statement};
use crate::model::Context;
use crate::settings::input::Input;
use crate::terms::{Grant, Id, Offered, SecretStore, Term, View};

impl Workload {
    /// The image with its tag, and the registry of the stack that it comes from, if it does.
    fn image(&self, context: &Context<'_>) -> (Term, Option<Id>) {
        let registry = match &self.image {
            Input::Reference(reference) if reference.words.len() == 2 => context.component(reference),
            _ => None,
        };
        match registry {
            Some(id) => {
                let url = Term::Export(id.clone(), "repository_url");
                (Term::Template(vec![url, Term::string(format!(":{}", self.tag))]), Some(id))
            }
            None => (context.plain(&self.image), None),
        }
    }

    /// Fills in what the task definition, its roles, its log group and its security group print.
    pub(super) fn describe(&self, id: &Id, context: &Context<'_>, view: &mut View) {
        let mut opened = Opened::default();
        let (image, registry) = self.image(context);
        if let Some(registry) = registry {
            opened.pull = Some(Term::Export(registry, "repository_arn"));
        }
        let mut plain: IndexMap<Arc<str>, Term> = IndexMap::new();
        let mut secret: IndexMap<Arc<str>, Term> = IndexMap::new();
        for (name, (_, input)) in self.environment.0.iter().chain(&self.secrets.0) {
            let (value, grants) = context.input(input);
            opened.take(grants);
            match value {
                Offered::Plain(term) => plain.insert(name.clone(), text(term)),
                Offered::Secret(term) => secret.insert(name.clone(), term),
            };
        }
        plain.sort_unstable_keys();
        secret.sort_unstable_keys();
        view.set("family", Term::named(&id.dashed()));
        view.set("image", image);
        view.set("cpu", self.cpu.0);
        view.set("memory", self.memory.0);
        view.set(
            "architecture",
            Term::string(if self.architecture == Architecture::Arm { "ARM64" } else { "X86_64" }),
        );
        view.set("environment", name_values("value", plain));
        view.set("secrets", name_values("valueFrom", secret));
        view.set("region", context.region());
        view.set("account", context.account());
        view.set(
            "log_group",
            Term::Template(vec![Term::string("/"), Term::Prefix, Term::string(format!("/{}", id.dashed()))]),
        );
        view.set(
            "log_retention",
            match self.log_retention {
                Some(days) => Term::from(days.0),
                None => context.log_retention(),
            },
        );
        view.set("key_arn", context.export("key", "arn"));
        view.set("vpc_id", context.export("network", "vpc_id"));
        view.set("execution_role", Term::named(&format!("{}-execution", id.dashed())));
        view.set("task_role", Term::named(&id.dashed()));
        view.set("security_group_prefix", Term::named(&format!("{}-", id.dashed())));
        view.text("dashed", id.dashed());
        view.text("consumer", id.dashed());
        opened.finish(id, context, self, view);
    }
}

/// Variables in the form ECS wants; left out when there are none.
fn name_values(value: &'static str, map: IndexMap<Arc<str>, Term>) -> Term {
    if map.is_empty() { Term::NULL } else { Term::NameValues(value, map) }
}

/// An environment variable is text: ECS has no other type.
fn text(term: Term) -> Term {
    match term {
        Term::Literal(literal) => Term::string(literal.to_text()),
        term => term,
    }
}

/// What the references of a workload open.
#[derive(Debug, Default)]
struct Opened {
    pull: Option<Term>,
    parameters: IndexMap<Arc<str>, Term>,
    secrets: IndexMap<Arc<str>, Term>,
    peers: IndexMap<Id, u16>,
    allowed: IndexMap<Arc<str>, Term>,
}

impl Opened {
    fn take(&mut self, grants: Vec<Grant>) {
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
                Grant::Allow { key, actions, resources } => {
                    let resources = resources.into_iter().map(|term| (self::key(&term), term)).collect();
                    let statement = statement(&key, actions, Term::Keyed(resources));
                    self.allowed.insert(key.into(), statement);
                }
            }
        }
    }

    /// The two policies and the security-group rules.
    fn finish(mut self, id: &Id, context: &Context<'_>, workload: &Workload, view: &mut View) {
        let mut execution: IndexMap<Arc<str>, Term> = IndexMap::new();
        let mut add = |sid: &str, actions: &[&str], resources: Term| {
            execution.insert(sid.into(), statement(sid, actions, resources));
        };
        if let Some(repository) = self.pull {
            add("RegistryLogin", &["ecr:GetAuthorizationToken"], Term::strings(["*"]));
            let pull = ["ecr:BatchCheckLayerAvailability", "ecr:BatchGetImage", "ecr:GetDownloadUrlForLayer"];
            add("PullImage", &pull, Term::List(vec![repository]));
        }
        let log_group =
            Term::Template(vec![Term::own("aws_cloudwatch_log_group", &id.name, "arn"), Term::string(":*")]);
        add("WriteLogs", &["logs:CreateLogStream", "logs:PutLogEvents"], Term::List(vec![log_group]));
        self.parameters.sort_unstable_keys();
        self.secrets.sort_unstable_keys();
        let encrypted = !(self.parameters.is_empty() && self.secrets.is_empty());
        if !self.parameters.is_empty() {
            add("ReadParameters", &["ssm:GetParameters"], Term::Keyed(self.parameters));
        }
        if !self.secrets.is_empty() {
            add("ReadSecrets", &["secretsmanager:GetSecretValue"], Term::Keyed(self.secrets));
        }
        if encrypted {
            add("Decrypt", &["kms:Decrypt"], Term::List(vec![context.export("key", "arn")]));
        }
        view.set("execution_statements", Term::Keyed(execution));

        if workload.execute_command {
            let actions = [
                "ssmmessages:CreateControlChannel",
                "ssmmessages:CreateDataChannel",
                "ssmmessages:OpenControlChannel",
                "ssmmessages:OpenDataChannel",
            ];
            let shell = statement("OpenShell", &actions, Term::strings(["*"]));
            self.allowed.insert("OpenShell".into(), shell);
        }
        self.allowed.sort_unstable_keys();
        let policy = (!self.allowed.is_empty()).then(|| {
            let mut policy = View::default();
            policy.set("statements", Term::Keyed(self.allowed));
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

/// What identifies an ARN among those of one policy.
fn key(arn: &Term) -> Arc<str> {
    match arn {
        Term::Export(id, name) => format!("{id}.{name}").into(),
        other => format!("{other:?}").into(),
    }
}
