//! What a service or task tells the pipeline that owns its image.

use std::sync::Arc;

use indexmap::IndexMap;

use super::{Architecture, Container};
use crate::model::Context;
use crate::terms::{Deployed, Export, Id, Release, Term};

impl Container {
    /// How the pipeline that owns the images deploys them; `release` when it runs before the services are updated.
    pub fn deployed(&self, id: &Id, context: &Context<'_>, release: Option<Release>) -> Option<Deployed> {
        let pipeline = context.component(&self.workload.deployed_by.as_ref()?.reference)?;
        let members = self.members(id, None);
        let mut images: IndexMap<Arc<str>, Id> = members
            .iter()
            .filter_map(|member| Some((Arc::from(member.dashed()), self.registry(member, context)?)))
            .collect();
        images.sort_unstable_keys();
        let role = |name| Term::Export(id.clone(), name);
        Some(Deployed {
            workload: id.clone(),
            pipeline,
            images,
            arm: self.workload.architecture == Architecture::Arm,
            roles: vec![role("execution_role_arn"), role("role_arn")],
            release,
        })
    }

    /// What other modules may use of any service or task.
    pub fn exports(&self, id: &Id, context: &Context<'_>) -> Vec<Export> {
        let (execution, task) = self.roles(id, context);
        let members = self.members(id, None);
        let mut exports = vec![
            Export::string("execution_role_arn", "Role with which ECS starts the task.", execution),
            Export::string("role_arn", "Role of the running task.", task),
        ];
        let log = members.first().map(|main| self.log(main, id, context, "arn"));
        exports
            .extend(log.map(|arn| Export::string("log_group_arn", "Log group of the main container.", arn)));
        exports
    }
}
