//! Environments, their networks, and what differs in them from the rest of the stack file.

use std::collections::{BTreeMap, BTreeSet};

use super::Assembly;
use super::outside::INNER;
use crate::hcl::Expr;
use crate::import::environments::{Environment, Network};
use crate::import::names::valid;
use crate::import::report::{Fate, Report};
use crate::import::stack::{Block, boolean, texts};
use crate::import::workload::{Container, OtherStore, Scaling, System, Workload};

/// The longest name of an environment that leaves room for others in names of AWS.
const LONGEST: usize = 10;
/// The range of a network that is new.
const RANGE: &str = "10.0.0.0/16";
/// The names of load balancers that have no other.
const OF_AWS: &str = "*.elb.amazonaws.com";
/// A name that no request has: its last part is kept out of DNS.
const NOBODY: &str = "closed.invalid";

impl Assembly<'_> {
    /// The environments, one when the input names none, and the network.
    pub(super) fn environments(&mut self, system: &System) {
        let mut labels = Vec::new();
        for environment in &system.environments {
            let label = label(&environment.name, &labels);
            if label == environment.name {
                self.report.mapped(&environment.origin, format!("`environment.{label}`"));
            } else {
                let words = format!("`environment.{label}`, which is also what `environment.name` says");
                self.report.assumed(&environment.origin, words);
            }
            self.environments.insert(environment.name.clone(), label.clone());
            labels.push(label);
        }
        if labels.is_empty() {
            labels.push("production".to_owned());
        }
        if let Some(found) = &system.account {
            let words = "`account` of the environment: look whether it is where this should run";
            self.report.assumed(&found.origin, words);
        }
        for (index, label) in labels.into_iter().enumerate() {
            let mut block = Block::new("environment", Some(&label));
            self.home(&mut block, &label, system.environments.get(index), system.account.is_some());
            if let Some(domain) = system.domains.first() {
                block.set("domain", Expr::string(domain.value.as_str()));
                self.report.mapped(&domain.origin, "`domain` of the environment");
            }
            self.file.push(block);
        }
        if system.environments.is_empty() {
            self.network(system.network.as_ref());
        } else {
            self.networks(&system.environments);
        }
    }

    /// Account and region of an environment, as far as the input says them.
    fn home(&mut self, block: &mut Block, label: &str, own: Option<&Environment>, known: bool) {
        let (mut region, mut account) = (self.region.clone(), self.account.clone());
        let found = own.and_then(|own| own.account.as_ref());
        if let Some(found) = found {
            account.clone_from(&found.value);
            let words = format!("`account` of `environment.{label}`, where this stands");
            self.report.remark(Fate::Mapped, &found.origin, words);
        }
        if known || found.is_some() {
            block.set("account", Expr::string(account.as_str()));
        } else {
            block.set_with(
                "account",
                Expr::string(account.as_str()),
                "Needs you: the id of the AWS account.",
            );
            let setting = format!("environment.{label}.account");
            self.report.without_place(Fate::NeedsYou, &setting, "write the id of the AWS account");
        }
        if let Some(found) = own.and_then(|own| own.region.as_ref()).filter(|found| found.value != region) {
            region.clone_from(&found.value);
            block.set("region", Expr::string(region.as_str()));
            let words = format!("`region` of `environment.{label}`, where this stands");
            self.report.remark(Fate::Mapped, &found.origin, words);
        }
        if let Some(own) = own {
            self.homes.insert(own.name.clone(), (region, account));
        }
    }

    /// Whether environments stand in several places, as far as the input says.
    pub(super) fn scattered(&self) -> bool {
        let mut homes = self.homes.values();
        let first = homes.next();
        homes.any(|home| Some(home) != first)
    }

    /// The network of each environment, once when it is the same in all of them.
    fn networks(&mut self, environments: &[Environment]) {
        if environments.iter().any(|environment| environment.network.vpc.is_some()) {
            self.security_groups = Some(BTreeMap::new());
        }
        let mut network = Block::new("network", Some("main"));
        let new = |environment: &Environment| {
            environment.network.vpc.is_none() && environment.network.cidr.is_none()
        };
        if environments.iter().any(new) {
            network.comment("Needs you: a range that overlaps no other network, or a network that exists.");
            let words = "a new network, because the input names none: choose its range";
            self.report.without_place(Fate::Assumed, "network.main", words);
        }
        let written = environments.iter().map(|environment| self.written(environment));
        let written: Vec<Block> = written.collect();
        match written.split_first() {
            Some((first, others)) if others.iter().all(|other| other == first) => {
                network.absorb(first.clone())
            }
            _ => {
                for (environment, block) in environments.iter().zip(written) {
                    self.lay_over(&environment.name, block);
                }
            }
        }
        self.file.push(network);
    }

    /// The network of an environment.
    fn written(&mut self, environment: &Environment) -> Block {
        let network = &environment.network;
        let Some(vpc) = &network.vpc else {
            if let Some(cidr) = &network.cidr {
                self.report.mapped(&cidr.origin, "`cidr` of the `network`");
            }
            return new_network(network);
        };
        self.report.mapped(&vpc.origin, "`existing` of the `network`");
        let mut block = Block::new("network", Some("main"));
        let mut existing = Block::new("existing", None);
        existing.set("vpc_id", Expr::string(vpc.value.as_str()));
        // Each kind of subnets has to be there twice; where it is not, the other kind stands in.
        let few = |subnets: &[String]| subnets.len() < 2;
        let private = !few(&network.private) && (network.private_tasks || few(&network.public));
        let tasks = if private { &network.private } else { &network.public };
        if few(&network.public) {
            let words = "Needs you: public subnets, if something is reached from the internet.";
            existing.set_with("public_subnets", texts(&network.private), words);
        } else {
            existing.set("public_subnets", texts(&network.public));
        }
        existing.set("private_subnets", texts(tasks));
        if !private {
            if !few(&network.private) {
                existing.set("data_subnets", texts(&network.private));
            }
            existing.set("public_tasks", boolean(true));
        }
        block.push(existing);
        block
    }

    /// Puts what differs in an environment into its block.
    pub(super) fn lay_over(&mut self, environment: &str, over: Block) {
        let Some(label) = self.environments.get(environment) else { return };
        if let (Some(block), Some(name)) = (self.file.find("environment", label), over.label.clone()) {
            block.block(over.kind, &name).absorb(over);
        }
    }

    /// The certificates of a load balancer, each laid over it in its environment; gives how many there are.
    pub(super) fn certificates(&mut self, name: &str, environments: &[Environment]) -> usize {
        let found: Vec<_> = environments
            .iter()
            .filter_map(|environment| {
                let [public, internal] = &environment.certificates;
                let certificate = if name == INNER { internal } else { public };
                Some((environment, certificate.clone()?))
            })
            .collect();
        for (environment, certificate) in &found {
            let mut over = Block::new("load_balancer", Some(name));
            if found.len() < environments.len() {
                over.set("https", boolean(true));
            }
            over.set("certificate", Expr::string(certificate.value.as_str()));
            self.lay_over(&environment.name, over);
            let words = format!("`certificate` of `load_balancer.{name}` in that environment");
            self.report.mapped(&certificate.origin, words);
        }
        for environment in environments.iter().filter(|_| name == "main") {
            if !environment.allow.is_empty() {
                let mut over = Block::new("load_balancer", Some(name));
                over.set("allow", texts(&environment.allow));
                self.lay_over(&environment.name, over);
            }
        }
        found.len()
    }

    /// File systems that exist and are others in some environments.
    pub(super) fn other_file_systems(&mut self, others: &[OtherStore]) {
        for OtherStore { environment, store, existing: (id, access_point) } in others {
            let Some(name) = self.stores.get(store).cloned() else { continue };
            let mut existing = Block::new("existing", None);
            existing.set("id", Expr::string(id.as_str()));
            existing.set_some("access_point", access_point.as_deref().map(Expr::string));
            let mut over = Block::new("file_system", Some(&name));
            over.push(existing);
            self.lay_over(environment, over);
        }
    }

    /// Lays over a workload what differs in an environment.
    pub(super) fn variants(&mut self, name: &str, workload: &Workload, block: &Block) {
        for (environment, variant) in &workload.variants {
            self.variant = Some(environment.clone());
            let other = self.workload(name, variant);
            self.variant = None;
            let over = block.difference(&other);
            self.taken.extend(over.removals());
            if !over.is_empty() {
                self.lay_over(environment, over);
            }
        }
    }
}

/// What an environment can be called: letters and digits only, because its name is part of names in AWS, and short.
fn label(name: &str, taken: &[String]) -> String {
    let base: String = valid(name).chars().filter(|c| *c != '_').take(LONGEST).collect();
    let numbered = (2u32..).map(|number| format!("{base}{number}"));
    // Terraform calls a workspace so that nobody made.
    let free = |label: &String| !taken.contains(label) && label != "default";
    [base.clone()].into_iter().chain(numbered).find(free).unwrap_or(base)
}

/// A network that is made.
pub(super) fn new_network(network: &Network) -> Block {
    let mut block = Block::new("network", Some("main"));
    let cidr = network.cidr.as_ref().map_or(RANGE, |cidr| &cidr.value);
    block.set("cidr", Expr::string(cidr));
    block.set("zones", Expr::List(vec![Expr::string("a"), Expr::string("b")]));
    if !network.private_tasks {
        block.set("nat", Expr::string("none"));
    }
    block
}

/// Makes a workload and its variants alike in what environments cannot differ in, with a line for what gives way.
pub(super) fn align(workload: &mut Workload, report: &mut Report) {
    let mut variants = std::mem::take(&mut workload.variants);
    for (environment, variant) in &mut variants {
        same_parts(environment, workload, variant, report);
    }
    hosts(&mut variants, report);
    let mut all: Vec<&mut Workload> = variants.iter_mut().map(|(_, variant)| variant).collect();
    all.push(workload);
    if all.iter().any(|one| one.spot.is_some()) {
        all.iter_mut().for_each(|one| one.spot = one.spot.or(Some(0)));
    }
    // That of the workload itself, which stands last here, if it has one.
    let scaling = all.iter().rev().find_map(|one| one.scaling.clone());
    for one in &mut all {
        let Some(scaling) = &scaling else { break };
        if one.scaling.is_none() {
            let tasks = one.tasks.take();
            if let Some(tasks) = &tasks {
                report.mapped(&tasks.origin, "`scaling`, with this number as both bounds");
            }
            let tasks = tasks.map_or(1, |tasks| tasks.value.min(5000));
            // Bounds without room between them hold the number.
            one.scaling = Some(Scaling { min: tasks, max: tasks.max(1), ..scaling.clone() });
        }
        if std::mem::take(&mut one.single) {
            let words =
                "no `single` where an environment has `scaling`: two tasks run while a new one starts";
            report.remark(Fate::NeedsYou, &one.origin, words);
        }
    }
    workload.variants = variants;
}

/// Gives a route hosts in every environment as soon as it has some in one: where it has none, those that AWS gives.
fn hosts(variants: &mut [(String, Workload)], report: &mut Report) {
    let routes = variants.iter().flat_map(|(_, variant)| &variant.routes);
    let hosted = routes.filter(|route| !route.hosts.is_empty()).map(|route| route.path.clone());
    let hosted: BTreeSet<String> = hosted.collect();
    for (environment, variant) in variants {
        for route in variant.routes.iter_mut().filter(|route| hosted.contains(&route.path)) {
            if route.hosts.is_empty() {
                route.hosts.push(OF_AWS.to_owned());
                let words = format!(
                    "a route has hosts in all environments or in none: in `{environment}` it has `{OF_AWS}`, the name that \
                     AWS gives a load balancer, until you write its own"
                );
                report.remark(Fate::NeedsYou, &route.origin, words);
            }
        }
    }
}

/// Takes out of a variant the containers, volumes and ways in that the workload itself does not have.
fn same_parts(environment: &str, workload: &Workload, variant: &mut Workload, report: &mut Report) {
    let mut refused = Vec::new();
    let named = |container: &Container| workload.containers.iter().any(|own| own.name == container.name);
    variant.containers.retain(|container| {
        let known = named(container);
        if !known {
            refused.push(format!("the container `{}`", container.name));
        }
        known
    });
    let mounts = |workload: &Workload| -> BTreeSet<String> {
        let mounts = workload.containers.iter().flat_map(|container| &container.mounts);
        mounts.map(|mount| mount.source.clone()).collect()
    };
    let own = mounts(workload);
    for container in &mut variant.containers {
        container.mounts.retain(|mount| {
            let known = own.contains(&mount.source);
            if !known {
                refused.push(format!("the volume at `{}`", mount.path));
                report.remark(Fate::Dropped, &mount.origin, "the volume stands in this environment alone");
            }
            known
        });
    }
    let ways = |workload: &Workload| -> BTreeSet<(Option<String>, bool)> {
        workload.routes.iter().map(|route| (route.container.clone(), route.internal)).collect()
    };
    if ways(workload) != ways(variant) {
        let closed = variant.closed.take();
        match &closed {
            Some(closed) => {
                let words = format!(
                    "environments cannot differ in whether something leads to a service: in `{environment}` its routes are \
                     for `{NOBODY}`, a host that nobody has; or make a service without a `route` for that environment, and \
                     write `environments` in both"
                );
                report.needs_you(closed, words);
            }
            None => refused.push("a way in of its own, and now has the routes of the others".to_owned()),
        }
        for route in &variant.routes {
            report.remark(Fate::Dropped, &route.origin, "the routes of all environments stay as they are");
        }
        variant.routes.clone_from(&workload.routes);
        if closed.is_some() {
            variant.routes.iter_mut().for_each(|route| route.hosts = vec![NOBODY.to_owned()]);
        }
    }
    if !refused.is_empty() {
        let words = format!(
            "`{environment}` has {}, and environments cannot differ in that: give it to all of them, or make a service \
             for that environment",
            refused.join(" and ")
        );
        report.remark(Fate::NeedsYou, &variant.origin, words);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn environments_have_names_with_room_beside_them() {
        let taken = ["test".to_owned(), "prodpdx".to_owned()];
        for (name, expected) in [
            ("staging", "staging"),
            ("prod-us", "produs"),
            ("prod-pdx", "prodpdx2"),
            ("test", "test2"),
            ("default", "default2"),
            ("a-production-of-its-own", "aproductio"),
        ] {
            assert_eq!(label(name, &taken), expected, "{name}");
        }
    }

    #[test]
    fn only_tasks_in_private_subnets_need_nat() {
        let network = Network { private_tasks: false, ..Network::default() };
        assert_eq!(new_network(&network).get("nat"), Some(&Expr::string("none")));
        let network = Network { private_tasks: true, ..Network::default() };
        assert_eq!(new_network(&network).get("nat"), None);
    }
}
