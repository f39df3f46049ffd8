//! What leads in from outside, and what a stack needs that no input says: environment, network, load balancer.

use super::Assembly;
use crate::hcl::Expr;
use crate::import::names::valid;
use crate::import::report::{Fate, Report};
use crate::import::stack::{Block, boolean, number};
use crate::import::workload::{Kind, Port, Route, System, Workload};

/// Ports of protocols that are not HTTP, which an application load balancer cannot serve.
const NOT_HTTP: [u16; 22] = [
    21, 22, 25, 53, 110, 143, 389, 465, 587, 636, 993, 995, 1433, 1883, 3306, 5432, 5672, 6379, 9042, 9092,
    11211, 27017,
];

/// What people call the service that a visitor sees first.
const FRONTS: [&str; 5] = ["web", "www", "frontend", "front", "nginx"];

impl Assembly<'_> {
    /// Stack, environment and network.
    pub(super) fn frame(&mut self, system: &System) {
        let name = self.names.claim("stack", &system.name);
        if name != valid(&system.name) {
            let words = format!("`{name}`: the names that AWS gives have little room");
            self.report.without_place(Fate::Assumed, "stack", words);
        }
        let mut stack = Block::new("stack", Some(&name));
        self.stack = name;
        let region = Expr::string(self.region.as_str());
        match &system.region {
            Some(found) => {
                self.report.mapped(&found.origin, "`region` of the stack");
                stack.set("region", region);
            }
            None => {
                stack.set_with("region", region, "Needs you: the region.");
                self.report.without_place(Fate::NeedsYou, "stack.region", "the input names none");
            }
        }
        self.file.push(stack);
        let mut environment = Block::new("environment", Some("production"));
        let account = Expr::string(self.account.as_str());
        match &system.account {
            Some(found) => {
                environment.set("account", account);
                let words = "`account` of the environment: look whether it is where this should run";
                self.report.assumed(&found.origin, words);
            }
            None => {
                environment.set_with("account", account, "Needs you: the id of the AWS account.");
                let words = "write the id of the AWS account";
                self.report.without_place(Fate::NeedsYou, "environment.production.account", words);
            }
        }
        self.file.push(environment);
        self.network(system);
    }

    /// The load balancer, when something is reached from outside.
    pub(super) fn outside(&mut self, workloads: &[(String, Workload)]) {
        let ways: Vec<(&str, Option<u16>)> = workloads
            .iter()
            .filter(|(_, workload)| workload.kind == Kind::Service)
            .filter(|(_, workload)| !workload.routes.is_empty() || entrance(workload).is_some())
            .map(|(name, workload)| (name.as_str(), entrance(workload).and_then(|port| port.published)))
            .collect();
        // Who has every path already keeps it.
        let every = |workload: &Workload| {
            workload.routes.iter().any(|route| route.path == "/" && route.hosts.is_empty())
        };
        let all = workloads.iter().find(|(_, workload)| every(workload));
        let all = all.and_then(|(name, _)| ways.iter().find(|(other, _)| other == name));
        let usual = ways.iter().find(|(_, port)| matches!(port, Some(80 | 443)));
        let named = || ways.iter().find(|(name, _)| FRONTS.contains(name));
        let Some(first) = all.or(usual).or_else(named).or(ways.first()) else { return };
        self.front = first.0.to_owned();
        let mut balancer = Block::new("load_balancer", Some("main"));
        let words = "Needs you: plain HTTP. For HTTPS remove this, and give it a domain with a zone or a certificate.";
        balancer.set_with("https", boolean(false), words);
        self.file.push(balancer);
        let words = "plain HTTP until it has a domain and a certificate";
        self.report.without_place(Fate::NeedsYou, "load_balancer.main.https", words);
    }

    /// The routes of a service, and what becomes of published ports.
    pub(super) fn routes(&mut self, name: &str, workload: &Workload, block: &mut Block) {
        for route in &workload.routes {
            let hosts = if route.hosts.is_empty() { vec![String::new()] } else { route.hosts.clone() };
            let ways: Vec<(String, String)> =
                hosts.into_iter().map(|host| (route.path.clone(), host)).collect();
            if ways.iter().any(|way| self.led.contains(way)) {
                let words = "another service has the same path and host: give one of them a path or `hosts` of its own";
                self.report.needs_you(&route.origin, words);
                continue;
            }
            self.led.extend(ways);
            self.report.mapped(&route.origin, format!("`service.{name}`, `route`"));
            block.push(written(route));
        }
        let entrance = entrance(workload).filter(|_| workload.routes.is_empty());
        let published = workload.containers.iter().flat_map(|container| {
            container.ports.iter().filter_map(move |port| Some((container, port, port.published?)))
        });
        for (container, port, host) in published {
            let origin = &port.origin;
            if entrance.is_none_or(|entrance| entrance.number != port.number) {
                let words = if NOT_HTTP.contains(&port.number) {
                    "no HTTP, so the load balancer cannot serve it: reach it inside the network, through a `bastion`, or \
                     put a network load balancer in front"
                } else if workload.routes.is_empty() {
                    "the load balancer serves another port; inside the network this one is open to what refers to it"
                } else {
                    "a `route` leads to the service, and not to this port of the host"
                };
                self.report.dropped(origin, words);
                continue;
            }
            let mut route = Block::new("route", Some("/"));
            if container.name != workload.containers[0].name {
                route.set("container", Expr::string(container.name.as_str()));
            }
            if self.front == name {
                let words =
                    format!("`route \"/\"`: the load balancer serves it at port 80 instead of {host}");
                self.report.mapped(origin, words);
            } else {
                let host = format!("{}.example.com", name.replace('_', "-"));
                let hosts = Expr::List(vec![Expr::string(host.as_str())]);
                route.set_with("hosts", hosts, "Needs you: its host name.");
                self.entrances += 1;
                route.set("priority", number(100 + self.entrances));
                let words = format!(
                    "a load balancer tells services apart by host or path, not by port: put its host in place of `{host}`"
                );
                self.report.needs_you(origin, words);
            }
            block.push(route);
        }
    }
}

/// The published port that a load balancer serves: of several the usual one for HTTP, else the first.
fn entrance(workload: &Workload) -> Option<&Port> {
    let published = || {
        let ports = workload.containers.iter().flat_map(|container| &container.ports);
        ports.filter(|port| port.published.is_some() && !NOT_HTTP.contains(&port.number))
    };
    published().find(|port| matches!(port.published, Some(80 | 443 | 8080))).or_else(|| published().next())
}

/// Puts the port that a load balancer serves first in its container.
pub(super) fn entrance_first(workload: &mut Workload) {
    let Some(number) = entrance(workload).map(|port| port.number).filter(|_| workload.routes.is_empty())
    else {
        return;
    };
    for container in &mut workload.containers {
        if let Some(at) = container.ports.iter().position(|port| port.number == number) {
            container.ports[..=at].rotate_right(1);
        }
    }
}

/// Gives what a proxy led to a way in of its own.
pub(super) fn lead(
    proxy: &Workload,
    behind: &[&str],
    workloads: &mut [(String, Workload)],
    report: &mut Report,
) {
    let given = workloads.iter().any(|(_, workload)| !workload.routes.is_empty());
    let open = entrance(proxy).is_some();
    let named = |workload: &Workload| behind.is_empty() || behind.contains(&workload.name.as_str());
    let candidates: Vec<usize> = (0..workloads.len())
        .filter(|&at| workloads[at].1.kind == Kind::Service && named(&workloads[at].1))
        .filter(|&at| workloads[at].1.containers.iter().any(|container| !container.ports.is_empty()))
        .collect();
    let words = "the load balancer does the work of this proxy";
    match candidates.first() {
        _ if given => report.mapped(&proxy.origin, format!("{words}, with the routes that services have")),
        Some(&first) if open => {
            let (name, service) = &mut workloads[first];
            service.routes.push(Route::every_path(proxy.origin.clone()));
            let words = format!(
                "{words}: every path leads to `service.{name}`. Its configuration is not read: add a `route` for every \
                 other path, and keep it as a service if it also serves files"
            );
            report.needs_you(&proxy.origin, words);
        }
        _ => {
            report.needs_you(&proxy.origin, format!("{words}: add a `port` and a `route` to what it led to"))
        }
    }
}

fn written(route: &Route) -> Block {
    let mut block = Block::new("route", Some(&route.path));
    block.set_some("container", route.container.as_deref().map(Expr::string));
    block.set_some("health_check", route.health_check.as_deref().map(Expr::string));
    block.set_some("healthy_codes", route.healthy_codes.as_deref().map(Expr::string));
    block.set_some("drain", route.drain.map(number));
    if !route.hosts.is_empty() {
        block.set("hosts", Expr::List(route.hosts.iter().map(|host| Expr::string(host.as_str())).collect()));
    }
    block
}
