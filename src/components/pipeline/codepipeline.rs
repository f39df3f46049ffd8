//! CodePipeline and CodeBuild: where the source comes from, what carries it on, and who may do so.

use std::sync::Arc;

use super::{Compute, Pipeline, release};
use crate::components::access::statement;
use crate::model::Context;
use crate::terms::{Grant, Id, Literal, Term, View};

/// The image that CodeBuild builds on, with Docker, the AWS CLI and jq, by processor (AWS CodeBuild User Guide, "Docker
/// images provided by CodeBuild").
const IMAGES: [(&str, &str); 2] = [
    ("LINUX_CONTAINER", "aws/codebuild/amazonlinux-x86_64-standard:5.0"),
    ("ARM_CONTAINER", "aws/codebuild/amazonlinux-aarch64-standard:3.0"),
];

/// The path and the template of the build specification, which lies beside the Terraform that reads it.
pub(super) fn document(id: &Id) -> (String, &'static str) {
    (format!("modules/delivery/{}/buildspec.yml", id.ident()), "buildspec.yml")
}

impl Pipeline {
    /// What the resources of CodePipeline print.
    pub(super) fn view_codepipeline(&self, id: &Id, context: &Context<'_>, view: &mut View) {
        let suffix = Self::suffix(id);
        let bucket = vec![Term::named(&suffix), Term::string("-"), context.account()];
        view.set("bucket", Term::Template(bucket));
        view.set("orchestrator", Term::named(&format!("{suffix}-codepipeline")));
        view.set("orchestrator_statements", self.orchestrator(id, context));
        view.set(
            "log_group",
            Term::Template(vec![Term::string("/"), Term::Prefix, Term::string(format!("/{suffix}"))]),
        );
        view.set("log_retention", context.log_retention());
        view.set("key_arn", context.export("key", "arn"));
        let (machine, image) = IMAGES[usize::from(release::is_arm(&context.deployed_by(id)))];
        view.set("machine", Term::string(machine));
        view.set("image", Term::string(image));
        view.set(
            "compute",
            Term::string(match self.compute {
                Compute::Small => "BUILD_GENERAL1_SMALL",
                Compute::Medium => "BUILD_GENERAL1_MEDIUM",
                Compute::Large => "BUILD_GENERAL1_LARGE",
            }),
        );
        view.shape("connected", "where the source of a pipeline comes from", self.connection.is_some());
        let optional = |text: &Option<Arc<str>>| Term::optional(text.clone().map(Literal::String));
        view.set("connection", optional(&self.connection));
        view.set("repository", optional(&self.repository));
        view.set("branch", Literal::String(self.branch.clone()));
        view.set("source_bucket", self.source.as_ref().map_or(Term::NULL, |source| context.plain(source)));
        let commit = if self.connection.is_some() { "#{Source.CommitId}" } else { "#{Source.ETag}" };
        view.set("commit", Term::string(commit));
        view.set("archive", Literal::String(self.archive.clone()));
        view.flag("approved", self.approval);
        view.flag("unapproved", !self.approval);
        view.set("asks", self.approval);
    }

    /// What CodePipeline itself may do: fetch the source, hand it on, start builds.
    fn orchestrator(&self, id: &Id, context: &Context<'_>) -> Term {
        let artifacts = Term::own("aws_s3_bucket", &id.name, "arn");
        let objects = Term::Template(vec![artifacts, Term::string("/*")]);
        let list = |term: Term| Term::List(vec![term]);
        let mut statements = Vec::new();
        if let Some(connection) = &self.connection {
            // The two names of one service: connections keep the one that they were made under.
            let actions = ["codeconnections:UseConnection", "codestar-connections:UseConnection"];
            statements.push(statement("UseConnection", &actions, list(Term::string(connection.clone()))));
        }
        let hand_on = ["s3:GetObject", "s3:GetObjectVersion", "s3:PutObject"];
        statements.push(statement("HandOnArtifacts", &hand_on, list(objects)));
        let project = Term::own("aws_codebuild_project", &id.name, "arn");
        let build = ["codebuild:BatchGetBuilds", "codebuild:StartBuild"];
        statements.push(statement("StartBuilds", &build, list(project)));
        let key = list(context.export("key", "arn"));
        statements.push(statement("Encrypt", &["kms:Decrypt", "kms:GenerateDataKey"], key));
        if let Some(arn) = self.source.as_ref().and_then(|source| source_arn(context.input(source).1)) {
            let archive = Term::Template(vec![arn.clone(), Term::string(format!("/{}", self.archive))]);
            let read = ["s3:GetObject", "s3:GetObjectVersion"];
            let find = ["s3:GetBucketVersioning", "s3:ListBucket"];
            statements.push(statement("ReadArchive", &read, list(archive)));
            statements.push(statement("FindArchive", &find, list(arn)));
        }
        Term::List(statements)
    }
}

/// The ARN of the bucket that a reference to its name opens: that of its first grant.
fn source_arn(grants: Vec<Grant>) -> Option<Term> {
    grants.into_iter().find_map(|grant| match grant {
        Grant::Allow { resources, .. } => resources.into_iter().next(),
        _ => None,
    })
}
