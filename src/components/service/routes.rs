//! Routes of a service: the listener rules that lead to it, its target group, and its health check.

use std::sync::Arc;

use super::Service;
use crate::aws::hosts;
use crate::diagnostic::{Code, Severity};
use crate::model::{Checker, Context};
use crate::routing;
use crate::settings::codes::INVALID_VALUE;
use crate::settings::input::{ComponentRef, Input, Target};
use crate::settings::settings;
use crate::settings::values::{Int, Labelled};
use crate::terms::{Id, Route, Term, View};

/// A reference to a load balancer.
#[derive(Debug, Clone)]
pub struct LoadBalancerTarget;

impl Target for LoadBalancerTarget {
    const KINDS: &'static [&'static str] = &["load_balancer"];
}

settings! {
    /// A path that leads to the service. The label is a path pattern of at most 128 characters with `*` and `?`;
    /// `/` stands for every path. More specific patterns win.
    pub struct RouteSettings {
        /// Path of the health check.
        health_check: Arc<str> = "/".into(),
        /// HTTP codes that count as healthy, `200` or `200-399`. An application behind basic authentication answers 401.
        healthy_codes: Arc<str> = "200".into(),
        /// Seconds between health checks.
        interval: Int<5, 300> = Int(15),
        /// Seconds after which a health check has failed; less than the interval.
        timeout: Int<2, 120> = Int(5),
        /// Seconds that a connection may be silent. The load balancer takes the largest of all its routes.
        idle_timeout: Option<Int<1, 4_000>>,
        /// Seconds that a task which leaves has to finish its requests.
        drain: Int<0, 3_600> = Int(30),
        /// Host names that the rule is for; all by default.
        hosts: Vec<Input>,
        /// Priority of the listener rule, lower first. By default it follows from the pattern and never moves.
        priority: Option<Int<1, 50_000>>,
        /// The load balancer, when the stack has several.
        load_balancer: Option<ComponentRef<LoadBalancerTarget>>,
    }
}

impl Labelled for RouteSettings {
    const LABEL: &'static str = "a path pattern";
}

/// A health check that cannot work.
pub static HEALTH_CHECK: Code = Code {
    name: "health-check-timeout",
    severity: Severity::Error,
    title: "a health check that times out after the next one starts",
    explanation: r#"
The load balancer waits `timeout` seconds for an answer and asks again every `interval` seconds. AWS wants the timeout
to be smaller than the interval and refuses the target group otherwise, at apply.

```hcl
route "/" {
  interval = 10
  timeout  = 15        # must be less than 10
}
```
"#,
};

/// A route to a service that listens nowhere.
pub static ROUTE_WITHOUT_PORT: Code = Code {
    name: "route-without-port",
    severity: Severity::Error,
    title: "a route to a service without a port",
    explanation: r#"
The load balancer sends requests to a port of the container. A service with a `route` needs a `port`.

```hcl
service "web" {
  port = 3000
  route "/" { health_check = "/health" }
}
```
"#,
};

/// Routes of one service that check its health differently.
pub static HEALTH_CHECKS_DIFFER: Code = Code {
    name: "health-checks-differ",
    severity: Severity::Error,
    title: "routes of one service with different health checks",
    explanation: r#"
All routes of a service lead to one target group, and a target group has one health check. So the routes of a service
must agree on `health_check`, `healthy_codes`, `interval`, `timeout` and `drain`.

```hcl
service "web" {
  port = 3000
  route "/api/*"  { health_check = "/api/health" }
  route "/"       { health_check = "/health" }        # one of the two
}
```
"#,
};

/// The conditions of a listener rule: host names as the load balancer compares them, and not too many.
fn check_hosts(path: &str, hosts: &[Input], at: &mut Checker<'_>) {
    let most = hosts::CONDITION_VALUES - usize::from(path != "/");
    if hosts.len() > most {
        let message = format!("a listener rule compares at most {most} host names with this path");
        at.error(&INVALID_VALUE, &["route", path, "hosts"], message, |found| {
            found.help("give the rest to a second service, or use a wildcard: `*.example.com`")
        });
    }
    for (index, host) in hosts.iter().enumerate() {
        let Input::Literal(literal) = host else { continue };
        let host = literal.to_text();
        if !hosts::is_host_pattern(&host) {
            let message = format!("`{host}` is no host name");
            at.error(&INVALID_VALUE, &["route", path, "hosts", &index.to_string()], message, |found| {
                found.help("write it like `shop.example.com` or `*.example.com`, without `https://`")
            });
        }
    }
}

impl Service {
    /// The route whose health check counts: they all have the same.
    fn health(&self) -> Option<&RouteSettings> {
        self.route.0.values().next().map(|(_, route)| route)
    }

    /// The rules of routes and health checks.
    pub(super) fn check_routes(&self, at: &mut Checker<'_>) {
        for (path, (place, route)) in &self.route.0 {
            if route.timeout.0 >= route.interval.0 {
                let (timeout, interval) = (route.timeout.0, route.interval.0);
                let message =
                    format!("the health check waits {timeout} s but the next starts after {interval} s");
                at.error(&HEALTH_CHECK, &["route", path, "timeout"], message, |found| {
                    found.help(format!("`timeout` of at most {}, or a longer `interval`", interval - 1))
                });
            }
            if let Some(problem) = routing::pattern_problem(path) {
                let message = format!("`{path}` is no path pattern");
                let found = at.reading.diagnostic(&INVALID_VALUE, *place, message);
                at.reading.push(found.label(problem.clone()).help(problem));
            }
            check_hosts(path, &route.hosts, at);
        }
        if let Some((place, _)) = self.route.0.values().next()
            && self.port.is_none()
        {
            let found =
                at.reading.diagnostic(&ROUTE_WITHOUT_PORT, *place, "a route to a service without a port");
            at.reading.push(found.help("add `port = 3000`, the port the container listens on"));
        }
        let check = |route: &RouteSettings| {
            let numbers = [route.interval.0, route.timeout.0, route.drain.0];
            (route.health_check.clone(), route.healthy_codes.clone(), numbers)
        };
        let mut routes = self.route.0.values();
        if let Some((first, leader)) = routes.next() {
            for (place, _) in routes.filter(|(_, route)| check(route) != check(leader)) {
                let message = "this route checks the service's health differently";
                let found = at.reading.diagnostic(&HEALTH_CHECKS_DIFFER, *place, message);
                let help =
                    "give all routes of the service the same health check, drain, interval and timeout";
                at.reading
                    .push(found.related(*first, format!("checks `{}`", leader.health_check)).help(help));
            }
        }
    }

    /// The listener rules that the service asks for.
    pub(super) fn listener_rules(&self, context: &Context<'_>) -> Vec<Route> {
        let routes = self.route.0.iter().filter_map(|(path, (place, route))| {
            let load_balancer = match &route.load_balancer {
                Some(chosen) => context.component(&chosen.reference)?,
                None => context.first("load_balancer")?,
            };
            let hosts: Vec<String> = route.hosts.iter().filter_map(|host| context.text(host)).collect();
            let priority = route.priority.map(|priority| priority.0);
            Some(Route {
                load_balancer,
                path: path.clone(),
                priority: priority.unwrap_or_else(|| routing::priority(path, !hosts.is_empty())),
                hosts,
                idle_timeout: route.idle_timeout.map(|seconds| seconds.0),
                place: *place,
            })
        });
        routes.collect()
    }

    /// What the template prints for the target group and the listener rules.
    pub(super) fn view_routes(&self, id: &Id, context: &Context<'_>, view: &mut View) {
        view.shape("balanced", "whether a service has a `route`", !self.route.0.is_empty());
        view.group(
            "target",
            self.health().map(|route| {
                let mut target = View::default();
                target
                    .set("name", routing::target_group_name(context, id, self.port.map_or(0, |port| port.0)));
                target.set("path", Term::string(route.health_check.clone()));
                target.set("codes", Term::string(route.healthy_codes.clone()));
                target.set("interval", route.interval.0);
                target.set("timeout", route.timeout.0);
                target.set("drain", route.drain.0);
                target.set(
                    "lb_security_group_id",
                    self.listener_rules(context).first().map_or(Term::NULL, |route| {
                        Term::Export(route.load_balancer.clone(), "security_group_id")
                    }),
                );
                target
            }),
        );
        view.items(
            "routes",
            self.listener_rules(context).into_iter().map(|route| {
                let key = routing::label(&route.path);
                let mut rule = View::default();
                rule.text("label", format!("{}_{key}", id.name));
                rule.set("listener_arn", Term::Export(route.load_balancer.clone(), "listener_arn"));
                rule.set("priority", route.priority);
                rule.set("path", Term::string(routing::pattern(&route.path)));
                let hosts = &self.route.0[&route.path].1.hosts;
                rule.shape("for_hosts", "whether a route has `hosts`", !hosts.is_empty());
                rule.set("hosts", Term::List(hosts.iter().map(|host| context.plain(host)).collect()));
                (key, rule)
            }),
        );
    }
}
