//! `service`: a long-running ECS service on Fargate, with or without a load balancer.

mod routes;
mod scaling;

use routes::{HEALTH_CHECK, HEALTH_CHECKS_DIFFER, ROUTE_WITHOUT_PORT, RouteSettings};
use scaling::Scaling;

use super::workload::Container;
use crate::diagnostic::{Code, Severity};
use crate::model::{Checker, Component, Context, Kind, PhysicalName};
use crate::settings::settings;
use crate::settings::values::{Blocks, Int};
use crate::terms::{Export, Id, Literal, Metrics, Reaction, Route, Term, View};

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
    codes: &[
        &HEALTH_CHECK,
        &ROUTE_WITHOUT_PORT,
        &HEALTH_CHECKS_DIFFER,
        &scaling::SCALING_RANGE,
        &scaling::STAGED_MAXIMUM,
        &scaling::WINDOW_OVERLAP,
        &scaling::SCALING_FROM_ZERO,
        &scaling::SCALING_CONFLICT,
        &PORT_TWICE,
    ],
    info: <Service as crate::settings::Settings>::info,
    read: crate::model::read::<Service>,
};

settings! {
    /// A long-running container that ECS keeps alive on Fargate. With a `route` it stands behind the load balancer;
    /// without one it is a worker.
    pub struct Service {
        ..container: Container,
        /// TCP port that the container listens on.
        port: Option<Int<1, 65_535>>,
        /// Other TCP ports that the container listens on, which no route leads to.
        ports: Vec<Int<1, 65_535>>,
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

/// A port that is listed twice.
pub static PORT_TWICE: Code = Code {
    name: "port-twice",
    severity: Severity::Error,
    title: "a port used twice in a task",
    explanation: r#"
The containers of a Fargate task share one network interface, so each port exists once in a task. ECS refuses a task
definition that maps a port twice.

```hcl
service "web" {
  port  = 3000
  ports = [9394, 3000]        # 3000 is taken
}
```
"#,
};

impl Service {
    /// The TCP ports of the container, the one that routes lead to first.
    fn listens(&self) -> Vec<i64> {
        self.port.iter().chain(&self.ports).map(|port| port.0).collect()
    }

    /// The metrics that an alarm on the service can watch: those of ECS, of Container Insights, and of the target group.
    fn metrics_by_namespace(&self, id: &Id, context: &Context<'_>) -> Vec<Metrics> {
        let service = vec![
            ("ClusterName", context.export("cluster", "name")),
            ("ServiceName", Term::Export(id.clone(), "name")),
        ];
        let of_service = ["AWS/ECS", "ECS/ContainerInsights"];
        let of_service =
            of_service.into_iter().map(|namespace| Metrics { namespace, dimensions: service.clone() });
        let of_targets = self.listener_rules(context).into_iter().take(1).map(|route| Metrics {
            namespace: "AWS/ApplicationELB",
            dimensions: vec![
                ("LoadBalancer", Term::Export(route.load_balancer, "arn_suffix")),
                ("TargetGroup", Term::Export(id.clone(), "target_group_suffix")),
            ],
        });
        of_service.chain(of_targets).collect()
    }
}

impl Component for Service {
    fn check(&self, _id: &Id, at: &mut Checker<'_>) {
        self.container.workload.check(at);
        self.check_routes(at);
        for (index, port) in self.ports.iter().enumerate() {
            if self.port == Some(*port) || self.ports[..index].contains(port) {
                let message = format!("port {} is used twice in this task", port.0);
                at.error(&PORT_TWICE, &["ports", &index.to_string()], message, |found| {
                    found.help("list every port once; `port` need not stand in `ports`")
                });
            }
        }
        self.check_scaling(at);
    }

    fn routes(&self, context: &Context<'_>) -> Vec<Route> {
        self.listener_rules(context)
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

    fn exports(&self, id: &Id, _context: &Context<'_>) -> Vec<Export> {
        let name = Term::own("aws_ecs_service", &id.name, "name");
        let suffix = Term::own_in("target", "aws_lb_target_group", &id.name, "arn_suffix");
        let mut exports = vec![Export::string("name", "Name of the ECS service.", name)];
        if !self.route.0.is_empty() {
            let about = "Part of the target group's ARN by which CloudWatch knows it.";
            exports.push(Export::string("target_group_suffix", about, suffix));
        }
        exports.extend(self.scaling.iter().flat_map(|scaling| scaling.exports(id)));
        exports
    }

    fn view(&self, id: &Id, context: &Context<'_>) -> View {
        let mut view = self.container.view(id, context, &self.listens());
        view.set("port", Term::optional(self.port.map(|port| port.0)));
        view.set("tasks", Term::Setting(Literal::Integer(self.tasks.0)));
        view.set("grace_period", Term::optional(self.grace_period.map(|seconds| seconds.0)));
        view.set(
            "execute_command",
            if self.container.workload.execute_command { Term::from(true) } else { Term::NULL },
        );
        view.set("cluster_name", context.export("cluster", "name"));
        view.set("subnet_ids", context.export("network", "task_subnet_ids"));
        view.set("public_ip", context.export("network", "tasks_are_public"));
        self.view_scaling(id, context, &mut view);
        self.view_routes(id, context, &mut view);
        view
    }
}
