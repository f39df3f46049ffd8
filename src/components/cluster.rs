//! `cluster`: the ECS cluster that services and tasks run in.

use std::sync::Arc;

use crate::model::{Checker, Component, Context, Kind};
use crate::settings::settings;
use crate::terms::{Export, Id, Output, Term, View};

/// The table line of this component.
pub static KIND: Kind = Kind {
    key: "cluster",
    module: "services",
    template: include_str!("../../templates/modules/cluster.tf.tera"),
    data: &[],
    stays: &[],
    attributes: &[],
    implies: &[],
    needs: &["network"],
    whole: false,
    codes: &[],
    info: <Cluster as crate::settings::Settings>::info,
    read: crate::model::read::<Cluster>,
};

settings! {
    /// The ECS cluster. There is one wherever there are services or tasks, whether it is written or not.
    pub struct Cluster {
        /// Name of a cluster that exists, to be used instead. It must offer the capacity provider `FARGATE`.
        existing: Option<Arc<str>>,
        /// Container Insights: metrics of every task, at CloudWatch's price for custom metrics.
        insights: bool = true,
    }
}

impl Component for Cluster {
    fn check(&self, _id: &Id, at: &mut Checker<'_>) {
        if self.existing.is_some() {
            at.only_for_new(&["insights"]);
        }
    }

    fn exports(&self, id: &Id, context: &Context<'_>) -> Vec<Export> {
        let (name, arn) = match &self.existing {
            Some(name) => {
                (Term::string(name.clone()), context.arn("ecs", [Term::string(format!(":cluster/{name}"))]))
            }
            // By way of the capacity providers: a service needs them when it is created and until it is gone.
            None => (
                Term::own_in("created", "aws_ecs_cluster_capacity_providers", &id.name, "cluster_name"),
                Term::own_in("created", "aws_ecs_cluster", &id.name, "arn"),
            ),
        };
        vec![
            Export::string("name", "Name of the ECS cluster.", name),
            Export::string("arn", "ARN of the ECS cluster.", arn),
        ]
    }

    fn view(&self, id: &Id, context: &Context<'_>) -> View {
        let mut view = View::default();
        view.set("account", context.account());
        view.group(
            "created",
            self.existing.is_none().then(|| {
                let mut cluster = View::default();
                cluster.set("name", context.name_of(id, "aws_ecs_cluster", &id.name, Term::Prefix));
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
