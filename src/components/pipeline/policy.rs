//! What a run of a pipeline may do: one statement for each thing it does, on the resources it does it with.

use std::sync::Arc;

use indexmap::IndexMap;

use super::{Pipeline, Platform, arn, release};
use crate::components::access::{Statements, object};
use crate::model::Context;
use crate::settings::input::Input;
use crate::terms::{Deployed, Grant, Id, SecretStore, Term};

/// What it takes to push an image and to see whether it is there.
const PUSH: &[&str] = &[
    "ecr:BatchCheckLayerAvailability",
    "ecr:BatchGetImage",
    "ecr:CompleteLayerUpload",
    "ecr:DescribeImages",
    "ecr:GetDownloadUrlForLayer",
    "ecr:InitiateLayerUpload",
    "ecr:PutImage",
    "ecr:UploadLayerPart",
];

impl Pipeline {
    /// The statements of the role's policy.
    pub(super) fn statements(&self, id: &Id, context: &Context<'_>) -> Term {
        let deployed = context.deployed_by(id);
        let mut statements = Statements::default();
        let parameter =
            arn(context, "ssm", true, vec![Term::string("parameter"), Self::parameter(id, context)]);
        statements.allow("ReadSettings", &["ssm:GetParameter"], Term::List(vec![parameter]));
        statements.allow("RegistryLogin", &["ecr:GetAuthorizationToken"], Term::strings(["*"]));
        let repositories = release::registries(&deployed).into_keys();
        let repositories =
            repositories.map(|id| (id.name.clone(), Term::Export(id, "repository_arn"))).collect();
        statements.allow("PushImages", PUSH, Term::Keyed(repositories));
        deploy(&deployed, context, &mut statements);
        self.build_rights(context, &mut statements);
        if self.platform == Platform::CodePipeline {
            codebuild(id, context, &mut statements);
        }
        statements.into_term()
    }

    /// What builds are given.
    pub(super) fn build_inputs(&self) -> impl Iterator<Item = &Input> {
        let inputs = self.build.0.values().flat_map(|(_, build)| {
            build.args.0.values().chain(build.secrets.0.values()).chain(build.environment.0.values())
        });
        inputs.map(|(_, input)| input)
    }

    /// What the references of builds open.
    fn build_rights(&self, context: &Context<'_>, statements: &mut Statements) {
        let (mut parameters, mut secrets) = (IndexMap::new(), IndexMap::new());
        for grant in self.build_inputs().flat_map(|input| context.input(input).1) {
            match grant {
                Grant::ReadSecret { store, arn } => {
                    let of = if store == SecretStore::Parameter { &mut parameters } else { &mut secrets };
                    of.insert(Arc::from(format!("{arn:?}")), arn);
                }
                // A build reaches what is public: it stands in no security group, and `Connect` opens nothing here.
                other => statements.take(other),
            }
        }
        parameters.sort_unstable_keys();
        secrets.sort_unstable_keys();
        let decrypt = !(parameters.is_empty() && secrets.is_empty());
        if !parameters.is_empty() {
            statements.allow("ReadBuildParameters", &["ssm:GetParameter"], Term::Keyed(parameters));
        }
        if !secrets.is_empty() {
            statements.allow("ReadBuildSecrets", &["secretsmanager:GetSecretValue"], Term::Keyed(secrets));
        }
        if decrypt {
            statements.allow("Decrypt", &["kms:Decrypt"], Term::List(vec![context.export("key", "arn")]));
        }
    }
}

/// The rights on ECS, on the roles that it passes to tasks, and on the logs of tasks.
fn deploy(deployed: &[Deployed], context: &Context<'_>, statements: &mut Statements) {
    // These two know no resources (Service Authorization Reference, Amazon ECS).
    let register = ["ecs:DescribeTaskDefinition", "ecs:RegisterTaskDefinition"];
    statements.allow("RegisterRevisions", &register, Term::strings(["*"]));
    let cluster = || context.export("cluster", "name");
    let ecs = |rest: Vec<Term>| arn(context, "ecs", true, rest);
    let of_cluster =
        object([("ArnEquals", object([("ecs:cluster", ecs(vec![Term::string("cluster/"), cluster()]))]))]);
    let releases: Vec<&Deployed> = release::tasks(deployed).into_iter().map(|(one, _)| one).collect();
    if !releases.is_empty() {
        let families = releases.iter().map(|one| {
            let family = Term::named(&one.workload.dashed());
            let family = ecs(vec![Term::string("task-definition/"), family, Term::string(":*")]);
            (release::key(one), family)
        });
        statements.allow_if(
            "RunTasks",
            &["ecs:RunTask"],
            Term::Keyed(families.collect()),
            of_cluster.clone(),
        );
        let tasks = ecs(vec![Term::string("task/"), cluster(), Term::string("/*")]);
        let follow = ["ecs:DescribeTasks", "ecs:StopTask"];
        statements.allow_if("FollowTasks", &follow, Term::List(vec![tasks]), of_cluster);
        let logs = release::tasks(deployed).into_iter().map(|(one, release)| {
            let streams = vec![release.log_group.clone(), Term::string(":log-stream:*")];
            (release::key(one), Term::Template(streams))
        });
        statements.allow("ShowLogs", &["logs:GetLogEvents"], Term::Keyed(logs.collect()));
    }
    let services: IndexMap<Arc<str>, Term> = deployed
        .iter()
        .filter(|one| one.workload.kind == "service")
        .map(|one| {
            let name = Term::named(&one.workload.dashed());
            let service = ecs(vec![Term::string("service/"), cluster(), Term::string("/"), name]);
            (release::key(one), service)
        })
        .collect();
    if !services.is_empty() {
        let update = ["ecs:DescribeServices", "ecs:UpdateService"];
        statements.allow("UpdateServices", &update, Term::Keyed(services));
    }
    let mut roles: IndexMap<Arc<str>, Term> = IndexMap::new();
    for role in deployed.iter().flat_map(|one| &one.roles) {
        let key = match role {
            Term::Export(id, name) => format!("{id}.{name}"),
            other => format!("{other:?}"),
        };
        roles.insert(key.into(), role.clone());
    }
    let to_tasks = object([("iam:PassedToService", Term::string("ecs-tasks.amazonaws.com"))]);
    let condition = object([("StringEquals", to_tasks)]);
    statements.allow_if("PassRoles", &["iam:PassRole"], Term::Keyed(roles), condition);
}

/// What CodeBuild needs besides: its log, and the artifacts that CodePipeline hands on.
fn codebuild(id: &Id, context: &Context<'_>, statements: &mut Statements) {
    let log =
        Term::Template(vec![Term::own("aws_cloudwatch_log_group", &id.name, "arn"), Term::string(":*")]);
    statements.allow("WriteLogs", &["logs:CreateLogStream", "logs:PutLogEvents"], Term::List(vec![log]));
    let artifacts = Term::Template(vec![Term::own("aws_s3_bucket", &id.name, "arn"), Term::string("/*")]);
    let read = ["s3:GetObject", "s3:GetObjectVersion"];
    statements.allow("ReadArtifacts", &read, Term::List(vec![artifacts]));
    statements.allow("Decrypt", &["kms:Decrypt"], Term::List(vec![context.export("key", "arn")]));
}
