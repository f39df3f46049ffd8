//! CodePipeline and CodeBuild: where the source comes from, what carries it on, and who may do so.

use std::sync::Arc;

use super::{Compute, Pipeline, release};
use crate::components::access::Statements;
use crate::model::Context;
use crate::settings::input::Target;
use crate::terms::{Id, Literal, Term, View};

/// The image that CodeBuild builds on, with Docker, the AWS CLI and jq, by processor (AWS CodeBuild User Guide, "Docker
/// images provided by CodeBuild").
const IMAGES: [(&str, &str); 2] = [
    ("LINUX_CONTAINER", "aws/codebuild/amazonlinux-x86_64-standard:5.0"),
    ("ARM_CONTAINER", "aws/codebuild/amazonlinux-aarch64-standard:3.0"),
];

/// What CodePipeline asks of a bucket before it uses it (AWS CodePipeline User Guide, "Manage the CodePipeline service
/// role").
const FIND: &[&str] = &["s3:GetBucketAcl", "s3:GetBucketLocation", "s3:GetBucketVersioning"];

/// What it takes to fetch an archive (the same, "Amazon S3 source action reference").
const READ_ARCHIVE: &[&str] =
    &["s3:GetObject", "s3:GetObjectTagging", "s3:GetObjectVersion", "s3:GetObjectVersionTagging"];

/// The bucket that an archive of the source is uploaded to.
#[derive(Debug, Clone, PartialEq)]
pub struct SourceBucket;

impl Target for SourceBucket {
    const KINDS: &'static [&'static str] = &["bucket"];
}

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
        if self.connection.is_some() {
            view.set("branch", Literal::String(self.branch.clone()));
        }
        let uploads = self.source_bucket(context).map(|source| {
            view.set("source_bucket", Term::Export(source, "name"));
            view.set("archive", Literal::String(self.archive.clone()));
            let mut uploads = View::default();
            uploads.set("name", Term::named(&format!("{suffix}-uploads")));
            uploads
        });
        view.group("uploads", uploads);
        view.set("account", context.account());
        let commit = if self.connection.is_some() { "#{Source.CommitId}" } else { "#{Source.ETag}" };
        view.set("commit", Term::string(commit));
        view.flag("approved", self.approval);
        view.flag("unapproved", !self.approval);
        view.set("approval", self.approval);
    }

    /// The bucket whose uploads start runs.
    pub(super) fn source_bucket(&self, context: &Context<'_>) -> Option<Id> {
        self.source.as_ref().and_then(|bucket| context.component(&bucket.reference))
    }

    /// What CodePipeline itself may do: fetch the source, hand it on, start builds.
    fn orchestrator(&self, id: &Id, context: &Context<'_>) -> Term {
        let list = |term: Term| Term::List(vec![term]);
        let below = |bucket: &Term, key: &str| {
            list(Term::Template(vec![bucket.clone(), Term::string(format!("/{key}"))]))
        };
        let mut statements = Statements::default();
        if let Some(connection) = &self.connection {
            // The two names of one service: connections keep the one that they were made under.
            let actions = ["codeconnections:UseConnection", "codestar-connections:UseConnection"];
            statements.allow("UseConnection", &actions, list(Term::string(connection.clone())));
        }
        let artifacts = Term::own("aws_s3_bucket", &id.name, "arn");
        let hand_on = ["s3:GetObject", "s3:GetObjectVersion", "s3:PutObject"];
        statements.allow("HandOnArtifacts", &hand_on, below(&artifacts, "*"));
        statements.allow("FindArtifacts", FIND, list(artifacts));
        let project = Term::own("aws_codebuild_project", &id.name, "arn");
        statements.allow("StartBuilds", &["codebuild:BatchGetBuilds", "codebuild:StartBuild"], list(project));
        let key = list(context.export("key", "arn"));
        statements.allow("Encrypt", &["kms:Decrypt", "kms:GenerateDataKey"], key);
        if let Some(source) = self.source_bucket(context) {
            let bucket = Term::Export(source, "arn");
            let find: Vec<&str> = FIND.iter().copied().chain(["s3:ListBucket"]).collect();
            statements.allow("ReadArchive", READ_ARCHIVE, below(&bucket, &self.archive));
            statements.allow("FindArchive", &find, list(bucket));
        }
        statements.into_term()
    }
}
