//! What a service or task tells the pipeline that owns its image.

use indexmap::IndexMap;

use super::{Architecture, Container};
use crate::model::Context;
use crate::terms::{Deployed, Export, Id, Release, Term};

impl Container {
    /// How the pipeline that owns the image deploys it; `release` when it runs before the services are updated.
    pub fn deployed(&self, id: &Id, context: &Context<'_>, release: Option<Release>) -> Option<Deployed> {
        let pipeline = context.component(&self.workload.deployed_by.as_ref()?.reference)?;
        let (_, registry) = self.workload.image(context);
        let images: IndexMap<_, _> =
            registry.map(|registry| (id.dashed().into(), registry)).into_iter().collect();
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
    pub fn exports(&self, id: &Id) -> Vec<Export> {
        let role = |label: &str| Term::own("aws_iam_role", label, "arn");
        vec![
            Export::string(
                "execution_role_arn",
                "Role with which ECS starts the task.",
                role(&format!("{}_execution", id.name)),
            ),
            Export::string("role_arn", "Role of the task itself.", role(&id.name)),
            Export::string(
                "log_group_arn",
                "Log group of the task.",
                Term::own("aws_cloudwatch_log_group", &id.name, "arn"),
            ),
        ]
    }
}
