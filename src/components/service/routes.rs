//! Routes of a service: the listener rules that lead to its containers, their target groups and health checks.

use std::sync::Arc;

use indexmap::IndexMap;

use super::Service;
use crate::aws::hosts;
use crate::components::workload::{Member, unknown_container};
use crate::diagnostic::{Code, Severity};
use crate::model::{Checker, Context};
use crate::routing;
use crate::settings::codes::INVALID_VALUE;
use crate::settings::input::{ComponentRef, Input, Target};
use crate::settings::settings;
use crate::settings::values::{Int, Labelled};
use crate::source::Span;
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
        /// The container that it leads to, at its `port`; the main one by default.
        container: Option<Arc<str>>,
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
    title: "a route to a container without a port",
    explanation: r#"
The load balancer sends requests to a port of a container, by default of the main one. The container that a `route`
leads to needs a `port`.

```hcl
service "web" {
  port = 3000
  route "/" { health_check = "/health" }
}
```
"#,
};

/// Routes to one container that check its health differently.
pub static HEALTH_CHECKS_DIFFER: Code = Code {
    name: "health-checks-differ",
    severity: Severity::Error,
    title: "routes to one container with different health checks",
    explanation: r#"
All routes to a container lead to one target group, and a target group has one health check. So they must agree on
`health_check`, `healthy_codes`, `interval`, `timeout` and `drain`.

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

/// The name of the container that a route leads to.
fn leads_to<'a>(id: &'a Id, route: &'a RouteSettings) -> &'a str {
    route.container.as_deref().unwrap_or(&id.name)
}

/// The label of a container's target group: that of the main container has the service's.
fn target_label(id: &Id, container: &str) -> String {
    if *id.name == *container { container.to_owned() } else { format!("{}_{container}", id.name) }
}

impl Service {
    /// The rules of routes and health checks.
    pub(super) fn check_routes(&self, id: &Id, at: &mut Checker<'_>) {
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
        self.check_targets(id, at);
    }

    /// Where routes lead to: containers that listen, each with one health check.
    fn check_targets(&self, id: &Id, at: &mut Checker<'_>) {
        let members = self.container.members(id, Some(&self.ports));
        let check = |route: &RouteSettings| {
            let numbers = [route.interval.0, route.timeout.0, route.drain.0];
            (route.health_check.clone(), route.healthy_codes.clone(), numbers)
        };
        let mut leaders: IndexMap<&str, (Span, &RouteSettings)> = IndexMap::new();
        for (path, (place, route)) in &self.route.0 {
            let name = leads_to(id, route);
            let Some(member) = members.iter().find(|member| member.name == name) else {
                unknown_container(name, at.place(&["route", path, "container"]), &members, at);
                continue;
            };
            let Some((first, leader)) = leaders.get(name) else {
                leaders.insert(name, (*place, route));
                if member.port().is_none() {
                    let message = format!("a route to `{name}`, which has no port");
                    let found = at.reading.diagnostic(&ROUTE_WITHOUT_PORT, *place, message);
                    at.reading.push(found.help("add `port = 3000`, the port the container listens on"));
                }
                continue;
            };
            if check(route) != check(leader) {
                let message = format!("this route checks the health of `{name}` differently");
                let found = at.reading.diagnostic(&HEALTH_CHECKS_DIFFER, *place, message);
                let help =
                    "give all routes to a container the same health check, drain, interval and timeout";
                at.reading
                    .push(found.related(*first, format!("checks `{}`", leader.health_check)).help(help));
            }
        }
    }

    /// The listener rules that the service asks for.
    pub(super) fn listener_rules(&self, id: &Id, context: &Context<'_>) -> Vec<Route> {
        let members = self.container.members(id, Some(&self.ports));
        let routes = self.route.0.iter().filter_map(|(path, (place, route))| {
            let load_balancer = match &route.load_balancer {
                Some(chosen) => context.component(&chosen.reference)?,
                None => context.first("load_balancer")?,
            };
            let hosts: Vec<String> = route.hosts.iter().filter_map(|host| context.text(host)).collect();
            let priority = route.priority.map(|priority| priority.0);
            Some(Route {
                load_balancer,
                container: route.container.clone(),
                port: members.iter().find(|member| member.name == leads_to(id, route)).and_then(Member::port),
                path: path.clone(),
                priority: priority.unwrap_or_else(|| routing::priority(path, !hosts.is_empty())),
                hosts,
                idle_timeout: route.idle_timeout.map(|seconds| seconds.0),
                place: *place,
            })
        });
        routes.collect()
    }

    /// The target group whose requests and health are the service's: that of the main container if a route leads to it.
    /// Its load balancer and its Terraform label.
    pub(super) fn counted_target(&self, id: &Id, context: &Context<'_>) -> Option<(Id, String)> {
        let targets = self.listener_rules(id, context).into_iter().map(|rule| {
            let container = leads_to(id, &self.route.0[&rule.path].1);
            (*container != *id.name, target_label(id, container), rule.load_balancer)
        });
        targets.min().map(|(_, label, load_balancer)| (load_balancer, label))
    }

    /// What the template prints for the target group and the listener rules.
    pub(super) fn view_routes(&self, id: &Id, context: &Context<'_>, view: &mut View) {
        let rules = self.listener_rules(id, context);
        let mut targets: IndexMap<String, View> = IndexMap::new();
        let members = self.container.members(id, Some(&self.ports));
        for (path, (_, route)) in &self.route.0 {
            let name = leads_to(id, route);
            let Some(member) = members.iter().find(|member| member.name == name) else { continue };
            let (main, port) = (*id.name == *name, member.port().unwrap_or_default());
            let balancer =
                rules.iter().find(|rule| rule.path == *path).map(|rule| rule.load_balancer.clone());
            targets.entry(if main { String::new() } else { name.to_owned() }).or_insert_with(|| {
                let mut target = View::default();
                let suffix = if main { String::new() } else { format!("-{}", member.dashed()) };
                let group = routing::target_group_name(context, &(id.dashed() + &suffix), port);
                target.text("label", target_label(id, name));
                target.text("name", member.dashed());
                target.text("peer", id.dashed() + &suffix);
                target.set("group_name", group);
                target.set("port", port);
                target.set("health_check", Term::string(route.health_check.clone()));
                target.set("healthy_codes", Term::string(route.healthy_codes.clone()));
                target.set("interval", route.interval.0);
                target.set("timeout", route.timeout.0);
                target.set("drain", route.drain.0);
                let peer = balancer.map(|balancer| Term::Export(balancer, "security_group_id"));
                target.set("lb_security_group_id", peer.unwrap_or(Term::NULL));
                target
            });
        }
        // Between members of a group that opens the port, membership is enough.
        let admitted: Vec<(String, View)> = self
            .listener_rules(id, context)
            .into_iter()
            .filter_map(|rule| {
                let name = leads_to(id, &self.route.0[&rule.path].1);
                let member = members.iter().find(|member| member.name == name)?;
                let port = u16::try_from(member.port()?).ok()?;
                let target = targets.get(if *id.name == *name { "" } else { name })?;
                let together = context.are_members_together(id, &rule.load_balancer, port);
                (!together).then(|| (name.to_owned(), target.clone()))
            })
            .collect();
        view.items("admitted", admitted);
        view.nested("targets", "which containers the routes of a service lead to", targets);
        view.items(
            "routes",
            rules.into_iter().map(|route| {
                let key = routing::label(&route.path);
                let mut rule = View::default();
                rule.text("label", format!("{}_{key}", id.name));
                rule.set("listener_arn", Term::Export(route.load_balancer.clone(), "listener_arn"));
                rule.set("priority", route.priority);
                rule.set("path", Term::string(routing::pattern(&route.path)));
                let settings = &self.route.0[&route.path].1;
                let target = target_label(id, leads_to(id, settings));
                rule.set("target_group_arn", Term::own("aws_lb_target_group", &target, "arn"));
                let hosts = &settings.hosts;
                rule.shape("for_hosts", "whether a route has `hosts`", !hosts.is_empty());
                rule.set("hosts", Term::List(hosts.iter().map(|host| context.plain(host)).collect()));
                (key, rule)
            }),
        );
    }
}
