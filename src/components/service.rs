//! `service`: a long-running ECS service on Fargate, with or without a load balancer.

mod routes;
mod scaling;

use routes::{HEALTH_CHECK, HEALTH_CHECKS_DIFFER, ROUTE_WITHOUT_PORT, RouteSettings};
use scaling::{SCALING_RANGE, Scaling};

use super::workload::Container;
use crate::diagnostic::{Code, Severity};
use crate::model::{Checker, Component, Context, Kind, PhysicalName};
use crate::settings::settings;
use crate::settings::values::{Blocks, Int};
use crate::terms::{Id, Literal, Route, Term, View};

/// The table line of this component.
pub static KIND: Kind = Kind {
    key: "service",
    module: "services",
    template: include_str!("../../templates/modules/service.tf.tera"),
    data: &[],
    attributes: &[],
    implies: &["cluster", "key"],
    needs: &["network"],
    whole: false,
    codes: &[&HEALTH_CHECK, &ROUTE_WITHOUT_PORT, &HEALTH_CHECKS_DIFFER, &SCALING_RANGE, &PORT_TWICE],
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
        view.shape("scaled", "whether a service has `scaling`", self.scaling.is_some());
        view.group("scaling", self.scaling_view(id, context));
        self.view_routes(id, context, &mut view);
        view
    }
}
