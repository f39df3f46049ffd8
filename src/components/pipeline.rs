//! `pipeline`: what builds images and deploys them: CodePipeline, CircleCI or GitHub Actions from one description.
//!
//! All three run one script. What the script has to know stands in an SSM parameter that Terraform writes
//! ([`settings`]), and what it may do in one role ([`policy`]), so a build server needs neither a state nor a key.

mod check;
mod circleci;
mod codepipeline;
mod github;
mod oidc;
mod policy;
mod release;
mod settings;

use std::sync::Arc;

use codepipeline::SourceBucket;

use super::scripts::RUN_TASK;
use crate::aws::limits::names::{BUCKET, IAM_ROLE};
use crate::model::{Checker, Component, Context, Document, Kind, PhysicalName};
use crate::settings::input::{ComponentRef, Input};
use crate::settings::settings;
use crate::settings::values::{Blocks, Int, Labelled, Map, choice};
use crate::terms::{Drawing, Grant, Id, Literal, Output, Term, View};

/// The table line of this component.
pub static KIND: Kind = Kind {
    key: "pipeline",
    module: "delivery",
    template: include_str!("../../templates/modules/pipeline.tf.tera"),
    data: &[],
    stays: &[],
    attributes: &[],
    implies: &["key"],
    needs: &["network"],
    whole: true,
    codes: &[&check::PIPELINE_FORM],
    info: <Pipeline as crate::settings::Settings>::info,
    read: crate::model::read::<Pipeline>,
};

choice! {
    /// Where a pipeline runs.
    pub enum Platform {
        /// AWS CodePipeline and CodeBuild, made by Terraform.
        CodePipeline = "codepipeline",
        /// CircleCI; the tree has its configuration.
        CircleCi = "circleci",
        /// GitHub Actions; the tree has its workflow.
        GitHub = "github-actions",
    }
}

choice! {
    /// The size of the machine that CodeBuild builds on.
    pub enum Compute {
        /// 2 vCPUs.
        Small = "small",
        /// 4 vCPUs.
        Medium = "medium",
        /// 8 vCPUs.
        Large = "large",
    }
}

settings! {
    /// Builds the images of the services and tasks that say `deployed_by = pipeline.<name>`, and deploys them. A run
    /// builds one image for each of their registries, tagged with the commit; registers a new revision of each task
    /// definition, in which only the images built here change; runs the tasks with `before = "deploy"` in order, with
    /// the new revisions; updates the services; and waits until they are stable. Whatever fails stops it, and what fails
    /// before the update has changed no service.
    ///
    /// There are no keys: CircleCI and GitHub Actions take on a role by OpenID Connect, for an hour; a release that takes
    /// longer belongs on CodePipeline. Their configuration lies under `pipelines/<name>/` in the generated tree; its first
    /// line says where it belongs in the repository. It needs no orbs, because all platforms run the same
    /// script.
    pub struct Pipeline {
        /// Where it runs.
        platform: Platform,
        /// The repository of the application, `owner/name`. Its builds, and no others, may deploy. Not needed when an
        /// archive in a bucket is the source.
        repository: Option<Arc<str>>,
        /// The branch that is deployed. Each environment may have its own.
        branch: Arc<str> = "main".into(),
        /// Whether a person approves before the deployment. On GitHub the reviewers are set in the repository's
        /// settings, in the environment of the same name.
        approval: bool = false,
        /// Seconds that the services may take to become stable.
        timeout: Int<60, 28_800> = Int(1800),
        /// How images are built, by registry; a registry without a block is built from `Dockerfile` in the root.
        build: Blocks<Build>,
        /// CodePipeline: ARN of a connection to GitHub, GitLab or Bitbucket, made and confirmed in the console.
        connection: Option<Arc<str>>,
        /// CodePipeline: a bucket that an archive of the source is uploaded to, `bucket.source`, when there is no
        /// connection, as for a repository in the own network. Every upload starts a run; the generated README has the
        /// commands. The bucket keeps versions then. One that exists has to keep them already, and to send its events to
        /// EventBridge.
        source: Option<ComponentRef<SourceBucket>>,
        /// CodePipeline: key of the archive in `source`, a `.zip`.
        archive: Arc<str> = "source.zip".into(),
        /// CodePipeline: size of the machine that builds.
        compute: Compute = Compute::Small,
        /// CircleCI: id of the organization, from its settings.
        organization: Option<Arc<str>>,
        /// CircleCI: id of the project, from its settings.
        project: Option<Arc<str>>,
        /// CircleCI: contexts whose variables the jobs get.
        contexts: Vec<Arc<str>>,
        /// CircleCI, GitHub Actions: ARN of the account's identity provider for the platform when it exists already. An
        /// account has one for each issuer; without this the pipeline makes it.
        identity_provider: Option<Arc<str>>,
    }
}

settings! {
    /// How the image of a registry is built. CodeBuild reuses the layers of earlier builds while its machine has them.
    pub struct Build {
        /// Path of the Dockerfile in the repository.
        dockerfile: Arc<str> = "Dockerfile".into(),
        /// Directory that the build sees.
        context: Arc<str> = ".".into(),
        /// Build arguments in plain sight: constants and references. Builds read them with `ARG`. The `url` of another
        /// registry lets the build begin with an image from there.
        args: Map<Input>,
        /// Names of arguments and variables in plain sight that look like secrets and are not.
        not_secret: Vec<Arc<str>>,
        /// Name of a build argument that gets the commit.
        commit_arg: Option<Arc<str>>,
        /// Secrets that the build fetches. Each is a secret of the build, for
        /// `RUN --mount=type=secret,id=NAME,env=NAME`; a build argument for Dockerfiles that say `ARG NAME`, which then
        /// keeps it in the image's history; and a variable of `run`. None is ever printed.
        secrets: Map<Input>,
        /// Commands that run in the new image before it is pushed: `[["rake", "assets:precompile", "assets:sync"]]`.
        run: Vec<Vec<Arc<str>>>,
        /// Environment variables of `run`. What they refer to the pipeline may use, and so may the commands.
        environment: Map<Input>,
    }
}

impl Labelled for Build {
    const LABEL: &'static str = "the name of a registry";
}

/// The script that every platform runs.
const DEPLOY: &str = include_str!("../../templates/delivery/deploy.sh");

/// The script, complete.
fn script() -> String {
    DEPLOY.replacen("@RUN_TASK@\n", RUN_TASK, 1)
}

impl Pipeline {
    /// The end of its physical names: `pipeline-main`.
    fn suffix(id: &Id) -> String {
        format!("pipeline-{}", id.dashed())
    }

    /// The name of its SSM parameter.
    fn parameter(id: &Id, context: &Context<'_>) -> Term {
        context.parameter(&format!("pipeline/{}", id.aws_name()))
    }

    /// The ARN of the role that its builds have.
    fn role(id: &Id, context: &Context<'_>) -> Term {
        arn(context, "iam", false, vec![Term::string("role/"), Term::named(&Self::suffix(id))])
    }
}

/// The ARN of something in the environment's account.
fn arn(context: &Context<'_>, service: &str, regional: bool, rest: Vec<Term>) -> Term {
    let mut parts = vec![Term::string(format!("arn:{}:{service}:", context.partition()))];
    if regional {
        parts.push(context.region());
    }
    parts.extend([Term::string(":"), context.account(), Term::string(":")]);
    parts.extend(rest);
    Term::Template(parts)
}

impl Component for Pipeline {
    fn check(&self, _id: &Id, at: &mut Checker<'_>) {
        self.check_settings(at);
    }

    fn watches(&self, context: &Context<'_>) -> Vec<Id> {
        self.source_bucket(context).into_iter().collect()
    }

    fn outputs(&self, id: &Id, context: &Context<'_>) -> Vec<Output> {
        let Some(source) = self.source_bucket(context) else { return Vec::new() };
        let place = vec![
            Term::string("s3://"),
            Term::Export(source, "name"),
            Term::string(format!("/{}", self.archive)),
        ];
        let description = format!("Where an archive of the source starts the pipeline `{}`.", id.name);
        vec![Output { name: "source", description, term: Term::Template(place) }]
    }

    fn names(&self, id: &Id, context: &Context<'_>) -> Vec<PhysicalName> {
        let name = |limit, name| PhysicalName { limit, setting: "", name };
        let suffix = Self::suffix(id);
        if self.platform != Platform::CodePipeline {
            return vec![name(IAM_ROLE, context.physical(&suffix))];
        }
        let account = &context.environment.settings.account;
        vec![
            name(IAM_ROLE, context.physical(&format!("{suffix}-codepipeline"))),
            name(BUCKET, context.physical(&format!("{suffix}-{account}"))),
        ]
    }

    fn uses(&self, _id: &Id, context: &Context<'_>) -> Vec<Grant> {
        // A build stands in no security group, so there is nothing that it may connect to.
        let grants = self.build_inputs().flat_map(|input| context.input(input).1);
        grants.filter(|grant| !matches!(grant, Grant::Connect { .. })).collect()
    }

    fn drawing(&self, _id: &Id, _context: &Context<'_>) -> Drawing {
        let (platform, from) = match self.platform {
            Platform::CodePipeline => ("CodePipeline", "Source"),
            Platform::CircleCi => ("CircleCI", "CircleCI"),
            Platform::GitHub => ("GitHub Actions", "GitHub"),
        };
        let drawing = Drawing::default().line("platform", platform, "").maybe(
            "approval",
            self.approval.then_some("a person approves"),
            "",
        );
        match &self.repository {
            Some(repository) => {
                drawing.reached(format!("{from}\n{repository}"), format!("branch {}", self.branch))
            }
            None => drawing,
        }
    }

    fn view(&self, id: &Id, context: &Context<'_>) -> View {
        let mut view = View::default();
        let what = "the platform of a pipeline";
        view.shape("on_codepipeline", what, self.platform == Platform::CodePipeline);
        view.shape("on_github", what, self.platform == Platform::GitHub);
        view.text("dashed", id.dashed());
        view.set("name", Term::named(&Self::suffix(id)));
        view.set("parameter", Self::parameter(id, context));
        view.set("settings", self.settings(id, context));
        view.set("statements", self.statements(id, context));
        match self.platform {
            Platform::CodePipeline => self.view_codepipeline(id, context, &mut view),
            Platform::CircleCi | Platform::GitHub => self.view_identity(id, &mut view),
        }
        view
    }

    fn documents(&self, id: &Id, context: &Context<'_>) -> Vec<Document> {
        let mut part = View::default();
        part.text("script", script());
        part.set("environment", Term::Environment);
        part.set("region", context.region());
        part.set("role", Self::role(id, context));
        part.set("parameter", Self::parameter(id, context));
        part.set("branch", Literal::String(self.branch.clone()));
        let arm = release::is_arm(&context.deployed_by(id));
        let (path, template) = match self.platform {
            Platform::CodePipeline => codepipeline::document(id),
            Platform::CircleCi => self.circleci_document(id, arm, &mut part),
            Platform::GitHub => self.github_document(id, arm, &mut part),
        };
        vec![Document { path, template, part }]
    }
}

#[cfg(test)]
mod tests;
