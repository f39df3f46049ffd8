//! Rules of a pipeline's own settings: what its platform needs, what it does not have, and how names are written.

use super::{Pipeline, Platform};
use crate::diagnostic::{Code, Severity};
use crate::model::Checker;
use crate::settings::codes::INVALID_VALUE;
use crate::settings::input::Input;

/// Settings that do not fit the platform.
pub static PIPELINE_FORM: Code = Code {
    name: "pipeline-form",
    severity: Severity::Error,
    title: "a pipeline whose settings do not fit its platform",
    explanation: r#"
Each platform has settings of its own. CodePipeline takes the source from a `connection` with a `repository`, or as an
archive from the bucket `source`. CircleCI and GitHub Actions need the `repository`, which their role trusts, and
CircleCI the ids of `organization` and `project` besides. A setting of another platform would have no effect.

```hcl
pipeline "main" {
  platform   = "github-actions"
  repository = "example/shop"
  connection = "arn:aws:codeconnections:eu-west-1:111111111111:connection/1"   # only CodePipeline has one
}
```

Remove the setting, or add what the message names.
"#,
};

/// The settings that only some platforms have.
const OWN: &[(&str, &[Platform])] = &[
    ("connection", &[Platform::CodePipeline]),
    ("source", &[Platform::CodePipeline]),
    ("archive", &[Platform::CodePipeline]),
    ("compute", &[Platform::CodePipeline]),
    ("organization", &[Platform::CircleCi]),
    ("project", &[Platform::CircleCi]),
    ("contexts", &[Platform::CircleCi]),
    ("identity_provider", &[Platform::CircleCi, Platform::GitHub]),
];

impl Pipeline {
    pub(super) fn check_settings(&self, at: &mut Checker<'_>) {
        self.check_form(at);
        self.check_names(at);
        self.check_builds(at);
    }

    /// What the platform needs and what it does not have.
    fn check_form(&self, at: &mut Checker<'_>) {
        for (setting, platforms) in OWN {
            if at.table.get(setting).is_some() && !platforms.contains(&self.platform) {
                let message = format!("`{setting}` has no effect on `{}`", self.platform.word());
                at.error(&PIPELINE_FORM, &[setting], message, |found| found.help("remove it"));
            }
        }
        let mut need = |setting: &str, present: bool, example: &str| {
            if !present {
                let message = format!("a pipeline on `{}` needs `{setting}`", self.platform.word());
                at.error(&PIPELINE_FORM, &["platform"], message, |found| {
                    found.help(format!("add `{example}`"))
                });
            }
        };
        let repository = "repository = \"owner/name\"";
        match self.platform {
            Platform::CodePipeline => {
                let sources = usize::from(self.connection.is_some()) + usize::from(self.source.is_some());
                if self.connection.is_some() {
                    need("repository", self.repository.is_some(), repository);
                }
                if self.source.is_some() {
                    for setting in ["repository", "branch"] {
                        if at.table.get(setting).is_some() {
                            let message = format!("`{setting}` has no effect on an archive");
                            at.error(&PIPELINE_FORM, &[setting], message, |found| {
                                found.help("remove it: who uploads the archive decides what is in it")
                            });
                        }
                    }
                }
                if sources != 1 {
                    let message = "a pipeline on `codepipeline` has one source";
                    at.error(&PIPELINE_FORM, &["source"], message, |found| {
                        found.help(
                            "write the ARN of a `connection`, or `source = bucket.source` for an archive",
                        )
                    });
                }
            }
            Platform::CircleCi => {
                need("repository", self.repository.is_some(), repository);
                need(
                    "organization",
                    self.organization.is_some(),
                    "organization = \"<id of the organization>\"",
                );
                need("project", self.project.is_some(), "project = \"<id of the project>\"");
            }
            Platform::GitHub => need("repository", self.repository.is_some(), repository),
        }
    }

    /// Names that go into trust policies and configurations: a wrong one would trust nobody, or too many.
    fn check_names(&self, at: &mut Checker<'_>) {
        let plain = |text: &str, also: &str| {
            !text.is_empty() && text.chars().all(|c| c.is_ascii_alphanumeric() || also.contains(c))
        };
        let mut refuse = |setting: &str, value: &str, what: &str, help: &str| {
            let message = format!("`{}` is {what}", value.escape_debug());
            at.error(&INVALID_VALUE, &[setting], message, |found| found.help(help.to_owned()));
        };
        if let Some(repository) = &self.repository {
            let parts: Vec<&str> = repository.split('/').collect();
            if parts.len() < 2 || !parts.iter().all(|part| plain(part, "-_.")) {
                refuse(
                    "repository",
                    repository,
                    "no name of a repository",
                    "write `owner/name`, without a host",
                );
            }
        }
        if !plain(&self.branch, "-_./") {
            refuse("branch", &self.branch, "no name of a branch", "write the name of one branch: `main`");
        }
        for (setting, id) in [("organization", &self.organization), ("project", &self.project)] {
            if let Some(id) = id.as_deref().filter(|id| !is_uuid(id)) {
                let help =
                    "write the id, 32 hexadecimal digits in five groups, as CircleCI's settings show it";
                refuse(setting, id, "no id of CircleCI", help);
            }
        }
        let is_connection = |arn: &str| {
            arn.starts_with("arn:aws")
                && arn.contains(":connection/")
                && (arn.contains(":codeconnections:") || arn.contains(":codestar-connections:"))
        };
        if let Some(arn) = self.connection.as_deref().filter(|arn| !is_connection(arn)) {
            let help = "write it like `arn:aws:codeconnections:<region>:<account>:connection/<id>`";
            refuse("connection", arn, "no ARN of a connection", help);
        }
        let is_provider = |arn: &str| arn.starts_with("arn:aws") && arn.contains(":oidc-provider/");
        if let Some(arn) = self.identity_provider.as_deref().filter(|arn| !is_provider(arn)) {
            let help =
                "write it like `arn:aws:iam::<account>:oidc-provider/token.actions.githubusercontent.com`";
            refuse("identity_provider", arn, "no ARN of an identity provider", help);
        }
    }

    /// Arguments and variables of builds.
    fn check_builds(&self, at: &mut Checker<'_>) {
        for (label, (_, build)) in &self.build.0 {
            let maps = [&build.args, &build.secrets, &build.environment];
            for (name, (place, _)) in maps.into_iter().flat_map(|map| &map.0) {
                let word = |c: char| c.is_ascii_alphanumeric() || c == '_';
                if !name.chars().all(word)
                    || name.is_empty()
                    || name.starts_with(|c: char| c.is_ascii_digit())
                {
                    let message = format!("`{}` is no name of a variable", name.escape_debug());
                    at.reading.invalid(*place, message, "use letters, digits and underscores: `RAILS_ENV`");
                }
            }
            for (name, (place, input)) in &build.secrets.0 {
                if !matches!(input, Input::Reference(_)) {
                    let message = format!("`{name}` under `secrets` is not a reference");
                    let help = "refer to a secret, alone; what is no secret belongs under `args`";
                    at.reading.invalid(*place, message, help);
                }
            }
            let maps = [&build.args, &build.environment];
            for (index, name) in build.not_secret.iter().enumerate() {
                if !maps.iter().any(|map| map.0.contains_key(name)) {
                    let route = ["build", label, "not_secret", &index.to_string()];
                    at.error(
                        &INVALID_VALUE,
                        &route,
                        format!("the build has no `{name}` in plain sight"),
                        |found| found.help("name an argument or a variable of this build, or remove it"),
                    );
                }
            }
            if let Some(index) = build.run.iter().position(Vec::is_empty) {
                let route = ["build", label, "run", &index.to_string()];
                at.error(&INVALID_VALUE, &route, "a command has a word", |found| {
                    found.help("write the command as a list: `[\"rake\", \"assets:sync\"]`")
                });
            }
        }
    }
}

/// Whether a text is a UUID.
fn is_uuid(text: &str) -> bool {
    let groups: Vec<&str> = text.split('-').collect();
    let lengths: Vec<usize> = groups.iter().map(|group| group.len()).collect();
    lengths == [8, 4, 4, 4, 12] && text.chars().all(|c| c == '-' || c.is_ascii_hexdigit())
}
