//! GitHub Actions: one workflow with a job for each environment.

use super::Pipeline;
use crate::terms::{Id, Term, View};

impl Pipeline {
    /// The path and the template of the workflow; adds what only GitHub has to its part.
    pub(super) fn github_document(&self, id: &Id, arm: bool, part: &mut View) -> (String, &'static str) {
        part.set("condition", Term::string(format!("github.ref_name == '{}'", self.branch)));
        part.set("runner", Term::string(if arm { "ubuntu-24.04-arm" } else { "ubuntu-24.04" }));
        (format!("pipelines/{}/github-actions.yml", id.name), "github-actions.yml")
    }
}
