//! `cluster`: the ECS cluster that services and tasks run in.

use std::sync::Arc;

use super::{Component, Kind};
use crate::settings::settings;
use crate::stack::Context;
use crate::terms::{Export, Id, Output, Term, View};

/// The table line of this component.
pub static KIND: Kind = Kind {
    key: "cluster",
    module: "services",
    template: include_str!("../../templates/modules/cluster.tf.tera"),
    data: &[],
    attributes: &[],
    implied_by: &["service", "task"],
    needs: &["network"],
    whole: false,
    codes: &[],
    info: <Cluster as crate::settings::Settings>::info,
    read: super::read::<Cluster>,
};

settings! {
    /// The ECS cluster. There is one wherever there are services or tasks, whether it is written or not.
    pub struct Cluster {
        /// Name of a cluster that exists, to be used instead.
        existing: Option<Arc<str>>,
        /// Container Insights: metrics of every task, at CloudWatch's price for custom metrics.
        insights: bool = true,
    }
}

impl Component for Cluster {
    fn exports(&self, id: &Id, context: &Context<'_>) -> Vec<Export> {
        let (name, arn) = match &self.existing {
            None => (
                Term::own_in("created", "aws_ecs_cluster", &id.name, "name"),
                Term::own_in("created", "aws_ecs_cluster", &id.name, "arn"),
            ),
            Some(name) => {
                let partition = context.partition();
                let arn = vec![
                    Term::string(format!("arn:{partition}:ecs:")),
                    context.region(),
                    Term::string(":"),
                    context.account(),
                    Term::string(format!(":cluster/{name}")),
                ];
                (Term::string(name.clone()), Term::Template(arn))
            }
        };
        vec![
            Export { name: "name", type_name: "string", description: "Name of the ECS cluster.", term: name },
            Export { name: "arn", type_name: "string", description: "ARN of the ECS cluster.", term: arn },
        ]
    }

    fn view(&self, _id: &Id, context: &Context<'_>) -> View {
        let mut view = View::default();
        view.set("account", context.account());
        view.group(
            "created",
            self.existing.is_none().then(|| {
                let mut cluster = View::default();
                cluster.set("name", Term::Prefix);
                cluster.set("insights", Term::string(if self.insights { "enabled" } else { "disabled" }));
                cluster
            }),
        );
        view
    }

    fn outputs(&self, id: &Id, _context: &Context<'_>) -> Vec<Output> {
        let term = Term::Export(id.clone(), "name");
        vec![Output { name: "name", description: "Name of the ECS cluster.".into(), term }]
    }
}
