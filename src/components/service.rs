//! `service`: a long-running ECS service on Fargate, with or without a load balancer.

mod attachment;
mod capacity;
mod discovery;
mod routes;
mod scaling;

use attachment::Attachment;
use capacity::Capacity;
use discovery::Discovery;
use routes::{HEALTH_CHECK, HEALTH_CHECKS_DIFFER, ROUTE_WITHOUT_PORT, RouteSettings};
use scaling::Scaling;

use super::workload::{Container, Ports};
use crate::model::{Attribute, Checker, Component, Context, Kind, PhysicalName};
use crate::settings::settings;
use crate::settings::values::{Blocks, Int};
use crate::terms::{
    Deployed, Drawing, Export, Grant, Id, Literal, Metrics, Offer, Reaction, Route, Term, View,
};

/// The table line of this component.
pub static KIND: Kind = Kind {
    key: "service",
    module: "services",
    template: include_str!("../../templates/modules/service.tf.tera"),
    data: &[],
    stays: &[],
    attributes: &[
        Attribute::plain(
            "host",
            "Name in DNS, of a service with `discovery`. Lets the reader connect to its `port`.",
        )
        .known(),
        Attribute::plain("port", "The `port`, of a service with `discovery`.").known(),
    ],
    implies: &["cluster", "key"],
    needs: &["network"],
    whole: true,
    codes: &[
        &HEALTH_CHECK,
        &ROUTE_WITHOUT_PORT,
        &HEALTH_CHECKS_DIFFER,
        &scaling::SCALING_RANGE,
        &scaling::STAGED_MAXIMUM,
        &scaling::WINDOW_OVERLAP,
        &scaling::SCALING_FROM_ZERO,
        &scaling::SCALING_CONFLICT,
    ],
    info: <Service as crate::settings::Settings>::info,
    read: crate::model::read::<Service>,
};

settings! {
    /// A long-running container that ECS keeps alive on Fargate, alone or with others beside it. With a `route` it
    /// stands behind the load balancer; without one it is a worker.
    pub struct Service {
        ..container: Container,
        ..ports: Ports,
        ..capacity: Capacity,
        ..discovery: Discovery,
        ..attachment: Attachment,
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

impl Service {
    /// The metrics that an alarm on the service can watch: those of ECS, of Container Insights, and of the target group.
    fn metrics_by_namespace(&self, id: &Id, context: &Context<'_>) -> Vec<Metrics> {
        let service = vec![
            ("ClusterName", context.export("cluster", "name")),
            ("ServiceName", Term::Export(id.clone(), "name")),
        ];
        let of_service = ["AWS/ECS", "ECS/ContainerInsights"];
        let of_service =
            of_service.into_iter().map(|namespace| Metrics { namespace, dimensions: service.clone() });
        let of_targets = self.counted_target(id, context).map(|(load_balancer, _)| Metrics {
            namespace: "AWS/ApplicationELB",
            dimensions: vec![
                ("LoadBalancer", Term::Export(load_balancer, "arn_suffix")),
                ("TargetGroup", Term::Export(id.clone(), "target_group_suffix")),
            ],
        });
        of_service.chain(of_targets).collect()
    }
}

impl Component for Service {
    fn check(&self, id: &Id, at: &mut Checker<'_>) {
        self.container.check(id, Some(&self.ports), at);
        self.check_routes(id, at);
        self.check_scaling(at);
        self.check_capacity(at);
        self.check_attachment(at);
    }

    fn offer(&self, id: &Id, attribute: &str) -> Option<Offer> {
        self.offer_discovery(id, attribute)
    }

    fn resizes(&self, context: &Context<'_>) -> Vec<Id> {
        context.whole(&self.container.workload.access, "service")
    }

    fn memberships(&self, context: &Context<'_>) -> Vec<Id> {
        self.container.workload.membership.ids(context)
    }

    fn routes(&self, id: &Id, context: &Context<'_>) -> Vec<Route> {
        self.listener_rules(id, context)
    }

    fn grants(&self, id: &Id, _context: &Context<'_>) -> Vec<Grant> {
        let key = format!("UpdateService{}", id.statement());
        let arn = Term::Export(id.clone(), "arn");
        vec![Grant::allow(key, &["ecs:DescribeServices", "ecs:UpdateService"], vec![arn])]
    }

    fn deployed(&self, id: &Id, context: &Context<'_>) -> Option<Deployed> {
        self.container.deployed(id, context, None)
    }

    fn names(&self, id: &Id, context: &Context<'_>) -> Vec<PhysicalName> {
        self.container.names(id, context)
    }

    fn reactions(&self, id: &Id, context: &Context<'_>) -> Vec<Reaction> {
        self.scaling.iter().flat_map(|scaling| scaling.reactions(id, context)).collect()
    }

    fn metrics(&self, id: &Id, context: &Context<'_>) -> Vec<Metrics> {
        self.metrics_by_namespace(id, context)
    }

    fn exports(&self, id: &Id, context: &Context<'_>) -> Vec<Export> {
        let own = |attribute| Term::own("aws_ecs_service", &id.name, attribute);
        let mut exports = vec![
            // The `id` of an ECS service is its ARN.
            Export::string("arn", "ARN of the ECS service.", own("id")),
            Export::string("name", "Name of the ECS service.", own("name")),
        ];
        if let Some((_, target)) = self.counted_target(id, context) {
            let about = "Part of the target group's ARN by which CloudWatch knows it.";
            let suffix = Term::own("aws_lb_target_group", &target, "arn_suffix");
            exports.push(Export::string("target_group_suffix", about, suffix));
        }
        exports.extend(self.container.exports(id, context));
        exports.extend(self.discovery_exports(id, context));
        exports.extend(self.scaling.iter().flat_map(|scaling| scaling.exports(id)));
        exports
    }

    fn uses(&self, id: &Id, context: &Context<'_>) -> Vec<Grant> {
        self.container.uses(id, context)
    }

    fn drawing(&self, _id: &Id, context: &Context<'_>) -> Drawing {
        let tasks = match &self.scaling {
            Some(scaling) => scaling.bounds(context),
            None => context.running(self.tasks.0).to_string(),
        };
        self.container.drawing(Drawing::at(context.task_site()).size("tasks", tasks, "tasks"))
    }

    fn view(&self, id: &Id, context: &Context<'_>) -> View {
        let mut view = self.container.view(id, context, Some(&self.ports));
        view.set("tasks", Term::Setting(Literal::Integer(context.running(self.tasks.0))));
        view.set("grace_period", Term::optional(self.grace_period.map(|seconds| seconds.0)));
        view.set(
            "execute_command",
            if self.container.workload.execute_command { Term::from(true) } else { Term::NULL },
        );
        view.set("cluster_name", context.export("cluster", "name"));
        let own = Term::own("aws_security_group", &id.name, "id");
        view.set("security_groups", self.container.workload.membership.with(own, context));
        view.set("subnet_ids", context.export("network", "task_subnet_ids"));
        view.set("public_ip", context.export("network", "tasks_are_public"));
        self.view_capacity(&mut view);
        self.view_attachment(&mut view);
        self.view_discovery(context, &mut view);
        self.view_scaling(id, context, &mut view);
        let released = self.container.workload.deployed_by.is_some();
        let resized = self.scaling.is_none() && context.is_resized(id);
        view.shape("resized", "whether something has access to a whole service", resized);
        let owners = [("desired_count", resized || self.scaling.is_some()), ("task_definition", released)];
        let others: Vec<Term> =
            owners.into_iter().filter(|(_, other)| *other).map(|(field, _)| Term::Module(field)).collect();
        view.flag("owned_by_others", !others.is_empty());
        view.set("ignored", Term::List(others));
        self.view_routes(id, context, &mut view);
        view
    }
}

#[cfg(test)]
mod tests {
    use crate::testing::{generated, stack};

    /// The numbers of tasks of each environment, production first, with these settings of production.
    fn tasks(production: &str) -> [Vec<String>; 2] {
        let web = "image = \"nginx:1\"\ntasks = 3\nscaling {\nmin = 2\nmax = 8\ncpu = 60\n}";
        let services = format!(
            "service \"web\" {{\n{web}\n}}\nservice \"worker\" {{\nimage = \"nginx:1\"\ntasks = 4\n}}"
        );
        let text = generated(&stack(&services, production), "environments.tf");
        let (_, tables) = text.split_once("production = {").expect("a table of production");
        let (production, staging) = tables.split_once("staging = {").expect("a table of staging");
        [production, staging].map(|table| {
            let numbers = table.lines().filter(|line| line.contains("service_"));
            numbers.filter_map(|line| line.split(' ').next_back()).map(str::to_owned).collect()
        })
    }

    #[test]
    fn a_paused_environment_runs_no_tasks_and_others_do_not_notice() {
        assert_eq!(tasks(""), [["8", "2", "3", "4"], ["8", "2", "3", "4"]]);
        assert_eq!(tasks("paused = true"), [["0", "0", "0", "0"], ["8", "2", "3", "4"]]);
    }
}
