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
use scaling::{SCALING_RANGE, Scaling};

use super::workload::Container;
use crate::diagnostic::{Code, Severity};
use crate::model::{Attribute, Checker, Component, Context, Kind, PhysicalName};
use crate::settings::settings;
use crate::settings::values::{Blocks, Int};
use crate::terms::{Export, Id, Literal, Offer, Route, Term, View};

/// The table line of this component.
pub static KIND: Kind = Kind {
    key: "service",
    module: "services",
    template: include_str!("../../templates/modules/service.tf.tera"),
    data: &[],
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
        ..capacity: Capacity,
        ..discovery: Discovery,
        ..attachment: Attachment,
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
        self.check_capacity(at);
        self.check_attachment(at);
    }

    fn offer(&self, id: &Id, attribute: &str) -> Option<Offer> {
        self.offer_discovery(id, attribute)
    }

    fn exports(&self, id: &Id, context: &Context<'_>) -> Vec<Export> {
        self.discovery_exports(id, context)
    }

    fn memberships(&self, context: &Context<'_>) -> Vec<Id> {
        self.container.workload.membership.ids(context)
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
        view.shape("scaled", "whether a service has `scaling`", self.scaling.is_some());
        view.group("scaling", self.scaling_view(id, context));
        self.view_capacity(&mut view);
        self.view_attachment(&mut view);
        self.view_discovery(context, &mut view);
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
