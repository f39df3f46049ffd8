//! CircleCI: one configuration with a workflow for each environment.

use super::Pipeline;
use crate::terms::{Id, Term, View};

impl Pipeline {
    /// The path and the template of the configuration; adds what only CircleCI has to its part.
    pub(super) fn circleci_document(&self, id: &Id, arm: bool, part: &mut View) -> (String, &'static str) {
        let contexts = self.contexts.iter().map(|context| &**context);
        part.set("contexts", if self.contexts.is_empty() { Term::NULL } else { Term::strings(contexts) });
        part.set("machine", Term::string(if arm { "arm.medium" } else { "medium" }));
        part.flag("approval", self.approval);
        part.set("before_deploy", Term::string(if self.approval { "approve" } else { "build" }));
        (format!("pipelines/{}/circleci.yml", id.name), "circleci.yml")
    }
}
