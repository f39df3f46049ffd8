//! What leads in from outside, and what a stack needs that no input says: environment, network, load balancer.

use super::Assembly;
use crate::hcl::Expr;
use crate::import::environments::Environment;
use crate::import::images;
use crate::import::names::valid;
use crate::import::read::Sourced;
use crate::import::report::{Fate, Report};
use crate::import::stack::{Block, boolean, number, reference, templated, texts};
use crate::import::workload::{Container, Entrance, Image, Kind, Port, Route, System, Workload};

/// Ports of protocols that are not HTTP, which an application load balancer cannot serve.
const NOT_HTTP: [u16; 30] = [
    21, 22, 25, 53, 110, 143, 389, 465, 587, 636, 993, 995, 1025, 1433, 1521, 1883, 2181, 2379, 2380, 3306,
    4222, 5432, 5671, 5672, 6379, 9042, 9092, 11211, 27017, 29092,
];

/// The load balancer that is reached from inside the network only; AWS has room for no longer name.
pub(super) const INNER: &str = "inner";
/// Domains that are nobody's (RFC 2606).
pub(super) const NOBODY: [&str; 4] = ["example.com", "example.net", "example.org", "invalid"];
/// What people call the service that a visitor sees first.
const FRONTS: [&str; 5] = ["web", "www", "frontend", "front", "nginx"];

impl Assembly<'_> {
    /// Stack, environments and network.
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
        self.environments(system);
    }

    /// The load balancer, when something is reached from outside.
    pub(super) fn outside(
        &mut self,
        workloads: &[(String, Workload)],
        environments: &[Environment],
        domains: &[Sourced<String>],
        told: &Entrance,
    ) {
        self.priorities(workloads);
        let hosts = || {
            let routes = workloads.iter().flat_map(|(_, workload)| {
                let variants = workload.variants.iter().map(|(_, variant)| variant);
                variants.chain([workload]).flat_map(|workload| &workload.routes)
            });
            routes.flat_map(|route| &route.hosts)
        };
        let meets = |domain: &str| {
            hosts().any(|host| {
                let taken_in = host.rsplit_once('*').is_some_and(|(_, end)| domain.ends_with(end));
                host.ends_with(domain) || taken_in
            })
        };
        self.nobody = NOBODY.into_iter().find(|domain| !meets(domain)).unwrap_or(NOBODY[0]);
        let internal = |route: &Route| route.internal;
        let routes = || workloads.iter().flat_map(|(_, workload)| &workload.routes);
        if routes().any(internal) {
            self.balancer(INNER, environments, told);
        }
        // What is meant for every host and path already has its service.
        let every = |route: &Route| route.path == "/" && route.hosts.is_empty();
        let ways: Vec<(&str, Option<u16>, bool)> = workloads
            .iter()
            .filter(|(_, workload)| workload.kind == Kind::Service)
            .filter(|(_, workload)| {
                !workload.routes.iter().all(internal)
                    || workload.routes.is_empty() && entrance(workload).is_some()
            })
            .map(|(name, workload)| {
                let port = entrance(workload).and_then(|port| port.published);
                (name.as_str(), port, workload.routes.iter().any(every))
            })
            .collect();
        let all = ways.iter().find(|(_, _, every)| *every);
        let usual = || ways.iter().find(|(_, port, _)| matches!(port, Some(80 | 443)));
        let named = || ways.iter().find(|(name, _, _)| FRONTS.contains(name));
        let Some(first) = all.or_else(usual).or_else(named).or(ways.first()) else { return };
        self.front = first.0.to_owned();
        match domains {
            [] => self.balancer("main", environments, told),
            [_, aliases @ ..] => self.balancer_with_domain(aliases, told),
        }
    }

    /// A load balancer that has the domain of its environment, and other names.
    fn balancer_with_domain(&mut self, aliases: &[Sourced<String>], told: &Entrance) {
        let mut balancer = Block::new("load_balancer", Some("main"));
        balancer.set("domain", reference(&["environment", "domain"]));
        if !aliases.is_empty() {
            let names = aliases.iter().map(|name| Expr::string(name.value.as_str()));
            balancer.set("aliases", Expr::List(names.collect()));
        }
        for name in aliases {
            self.report.mapped(&name.origin, "`aliases` of the `load_balancer`");
        }
        if let Some(certificate) = &told.certificate {
            balancer.set("certificate", Expr::string(certificate.value.as_str()));
        } else {
            let words = "Needs you: the hosted zone of these names. Without one in Route 53 write `certificate` instead.";
            balancer.set_with("zone", Expr::string("Z00000000000000000000"), words);
            let words =
                "the id of the hosted zone, in which the certificate is proved and the names lead here";
            self.report.without_place(Fate::NeedsYou, "load_balancer.main.zone", words);
        }
        allowed(told, &mut balancer);
        self.file.push(balancer);
    }

    /// A load balancer, and its certificates.
    fn balancer(&mut self, name: &'static str, environments: &[Environment], told: &Entrance) {
        let mut balancer = Block::new("load_balancer", Some(name));
        let certificates = self.certificates(name, environments);
        if let Some(certificate) = &told.certificate {
            balancer.set("certificate", Expr::string(certificate.value.as_str()));
        } else if certificates == 0 {
            let words = "Needs you: plain HTTP. For HTTPS remove this, and give it a domain with a zone or a certificate.";
            balancer.set_with("https", boolean(false), words);
            let setting = format!("load_balancer.{name}.https");
            let words = "plain HTTP until it has a domain and a certificate";
            self.report.without_place(Fate::NeedsYou, &setting, words);
        } else if certificates < environments.len() {
            let words = "Needs you: plain HTTP where the environment has no certificate.";
            balancer.set_with("https", boolean(false), words);
        }
        if name == INNER {
            balancer.set("internal", boolean(true));
        }
        allowed(told, &mut balancer);
        self.file.push(balancer);
    }

    /// A route of a service. One that another service has in the same environment, too, needs hosts of its own.
    fn route(&mut self, name: &str, route: &Route, workload: &Workload) -> Block {
        let mut block = written(route);
        for (setting, value, range) in [
            ("interval", route.interval, 5..=300),
            ("timeout", route.timeout, 2..=120),
            ("drain", route.drain, 0..=3600),
            ("idle_timeout", route.idle_timeout, 1..=4000),
        ] {
            let value = value.map(|value| self.within(value, range, setting, &route.origin));
            block.set_some(setting, value);
        }
        let priority = self.priorities.get(&(name.to_owned(), route.path.clone())).copied().map(number);
        if self.ordered.contains(&!route.hosts.is_empty()) {
            block.set_some("priority", priority.clone());
        }
        if self.file.has_named("load_balancer", INNER) && self.file.has_named("load_balancer", "main") {
            let balancer = if route.internal { INNER } else { "main" };
            block.set("load_balancer", reference(&["load_balancer", balancer]));
        }
        let every = [String::new()];
        let hosts = if route.hosts.is_empty() { &every[..] } else { &route.hosts };
        let place = |environment: &String, host: &String| {
            (environment.clone(), route.internal, route.path.clone(), host.clone())
        };
        let environments = self.environments_of(route, workload);
        let places: Vec<_> =
            environments.iter().flat_map(|one| hosts.iter().map(|host| place(one, host))).collect();
        let owner = places.iter().filter_map(|place| self.places.get(place)).find(|owner| *owner != name);
        if let Some(owner) = owner {
            let host = self.placeholder(name);
            let words = format!(
                "`service.{owner}` has the same route: put the host of this one in place of `{host}`"
            );
            let hosts = Expr::List(vec![Expr::string(host.as_str())]);
            block.set_with("hosts", hosts, "Needs you: its host name.");
            block.set_some("priority", priority);
            self.report.needs_you(&route.origin, words);
        } else {
            self.places.extend(places.into_iter().map(|place| (place, name.to_owned())));
            self.report.mapped(&route.origin, format!("`service.{name}`, `route`"));
        }
        block
    }

    /// A host that stands for one which the input does not have, and that none of its own is or takes in.
    fn placeholder(&self, name: &str) -> String {
        format!("{}.{}", name.replace('_', "-"), self.nobody)
    }

    /// The environments in which a route stands as it does here; one without a name when the input names none.
    fn environments_of(&self, route: &Route, workload: &Workload) -> Vec<String> {
        if let Some(one) = &self.variant {
            return vec![one.clone()];
        }
        // Whether a route has hosts is the same everywhere.
        let same = |other: &&Route| {
            other.path == route.path && (route.hosts.is_empty() || other.hosts == route.hosts)
        };
        let variants = workload.variants.iter();
        let there = variants.filter(|(_, variant)| variant.routes.iter().any(|other| same(&other)));
        match workload.variants.is_empty() {
            true => vec![String::new()],
            false => there.map(|(environment, _)| environment.clone()).collect(),
        }
    }

    /// The routes of a service, and what becomes of published ports.
    pub(super) fn routes(&mut self, name: &str, workload: &Workload, block: &mut Block) {
        for route in &workload.routes {
            let known = |inner: &Block| inner.kind == "route" && inner.label.as_deref() == Some(&route.path);
            if block.inner().iter().any(known) {
                let words = "the service has a route of this path: add the `hosts` of this one to it";
                self.report.needs_you(&route.origin, words);
                continue;
            }
            let route = self.route(name, route, workload);
            block.push(route);
        }
        if let Some(closed) = &workload.closed {
            self.report.mapped(closed, "no route leads to it");
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
                } else if keeps_data(container) {
                    "it keeps data, so it is reached inside the network only: add a `route` if people are to see its pages"
                } else if workload.routes.is_empty() {
                    "the load balancer serves another port; inside the network this one is open to what refers to it"
                } else {
                    "a `route` leads to the service, and not to this port of the host"
                };
                self.report.dropped(origin, words);
                continue;
            }
            if block.inner().iter().any(|inner| inner.kind == "route") {
                self.report.mapped(origin, "the same port once more: the `route` leads there");
                continue;
            }
            let mut route = Block::new("route", Some("/"));
            route.set_some("health_check", container.answers_at.as_deref().map(Expr::string));
            if container.name != workload.containers[0].name {
                route.set("container", Expr::string(container.name.as_str()));
            }
            if self.front == name {
                let words =
                    format!("`route \"/\"`, at the port of the load balancer and not at {host} of the host");
                self.report.mapped(origin, words);
            } else {
                let host = self.placeholder(name);
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

/// Whether a container runs a program that keeps data, such as a queue: nobody is let in from outside.
fn keeps_data(container: &Container) -> bool {
    matches!(&container.image.value, Image::Named(image) if images::keeper(image).is_some())
}

/// Who may connect, where the input says it for all environments.
fn allowed(told: &Entrance, balancer: &mut Block) {
    if !told.allow.is_empty() {
        balancer.set("allow", texts(&told.allow));
    }
}

/// The published port that a load balancer serves: of several the usual one for HTTP, else the first.
fn entrance(workload: &Workload) -> Option<&Port> {
    let published = || {
        let open = workload.containers.iter().filter(|container| !keeps_data(container));
        let ports = open.flat_map(|container| &container.ports);
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
            let mut route = Route::every_path(proxy.origin.clone());
            let mut containers = service.containers.iter();
            if let Some(at) =
                containers.position(|container| !container.ports.is_empty()).filter(|at| *at > 0)
            {
                route.container = Some(service.containers[at].name.clone());
            }
            service.routes.push(route);
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
    if !route.hosts.is_empty() {
        block.set("hosts", Expr::List(route.hosts.iter().map(|host| templated(host)).collect()));
    }
    block
}
