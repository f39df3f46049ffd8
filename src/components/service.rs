//! `service`: a long-running ECS service on Fargate, with or without a load balancer.

mod routes;
mod scaling;

use routes::{HEALTH_CHECK, HEALTH_CHECKS_DIFFER, ROUTE_WITHOUT_PORT, RouteSettings};
use scaling::{SCALING_RANGE, Scaling};

use super::workload::{Container, Ports};
use crate::model::{Checker, Component, Context, Kind, PhysicalName};
use crate::settings::settings;
use crate::settings::values::{Blocks, Int};
use crate::terms::{Export, Grant, Id, Literal, Route, Term, View};

/// The table line of this component.
pub static KIND: Kind = Kind {
    key: "service",
    module: "services",
    template: include_str!("../../templates/modules/service.tf.tera"),
    data: &[],
    attributes: &[],
    implies: &["cluster", "key"],
    needs: &["network"],
    whole: true,
    codes: &[&HEALTH_CHECK, &ROUTE_WITHOUT_PORT, &HEALTH_CHECKS_DIFFER, &SCALING_RANGE],
    info: <Service as crate::settings::Settings>::info,
    read: crate::model::read::<Service>,
};

settings! {
    /// A long-running container that ECS keeps alive on Fargate, alone or with others beside it. With a `route` it
    /// stands behind the load balancer; without one it is a worker.
    pub struct Service {
        ..container: Container,
        ..ports: Ports,
        /// How many tasks run. With `scaling` it is the number at the start.
        tasks: Int<0, 5_000> = Int(1),
        /// Seconds after its start during which failing health checks do not count, for slow starters.
        grace_period: Option<Int<0, 2_147_483_647>>,
        /// Rules of the load balancer that lead here.
        route: Blocks<RouteSettings>,
        /// Scales the number of tasks between two bounds.
        scaling: Option<Scaling>,
    }
}

impl Component for Service {
    fn check(&self, id: &Id, at: &mut Checker<'_>) {
        self.container.check(id, Some(&self.ports), at);
        self.check_routes(id, at);
        self.check_scaling(at);
    }

    fn routes(&self, context: &Context<'_>) -> Vec<Route> {
        self.listener_rules(context)
    }

    fn grants(&self, id: &Id, _context: &Context<'_>) -> Vec<Grant> {
        let key = format!("UpdateService{}", id.statement());
        let arn = Term::Export(id.clone(), "arn");
        vec![Grant::allow(key, &["ecs:DescribeServices", "ecs:UpdateService"], vec![arn])]
    }

    fn exports(&self, id: &Id, _context: &Context<'_>) -> Vec<Export> {
        // The `id` of an ECS service is its ARN.
        vec![Export::string("arn", "ARN of the ECS service.", Term::own("aws_ecs_service", &id.name, "id"))]
    }

    fn names(&self, id: &Id, context: &Context<'_>) -> Vec<PhysicalName> {
        self.container.names(id, context)
    }

    fn view(&self, id: &Id, context: &Context<'_>) -> View {
        let mut view = self.container.view(id, context, Some(&self.ports));
        view.set("tasks", Term::Setting(Literal::Integer(self.tasks.0)));
        view.set("grace_period", Term::optional(self.grace_period.map(|seconds| seconds.0)));
        view.set(
            "execute_command",
            if self.container.workload.execute_command { Term::from(true) } else { Term::NULL },
        );
        view.set("cluster_name", context.export("cluster", "name"));
        view.set("subnet_ids", context.export("network", "task_subnet_ids"));
        view.set("public_ip", context.export("network", "tasks_are_public"));
        view.shape("scaled", "whether a service has `scaling`", self.scaling.is_some());
        view.group("scaling", self.scaling_view(id, context));
        self.view_routes(id, context, &mut view);
        view
    }
}
