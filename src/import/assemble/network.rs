//! The network, and the security groups that tasks join in one that exists.

use std::collections::BTreeMap;

use super::Assembly;
use super::environments::new_network;
use crate::hcl::Expr;
use crate::import::arn::is_id;
use crate::import::environments::Network;
use crate::import::report::Fate;
use crate::import::stack::{Block, boolean, reference, texts};
use crate::import::workload::{TaskNetwork, Workload};

/// The most security groups that a service joins besides its own.
const GROUPS: usize = 4;

impl Assembly<'_> {
    /// A network that exists when the input names its subnets, otherwise a new one.
    pub(super) fn network(&mut self, known: Option<&TaskNetwork>) {
        let mut block = Block::new("network", Some("main"));
        match known {
            Some(known) if known.subnets.len() > 1 && known.subnets.iter().all(|id| is_id(id, "subnet-")) => {
                self.security_groups = Some(BTreeMap::new());
                self.existing_network(known, &mut block);
            }
            known => {
                block.comment("Needs you: a range that overlaps no other network, or a network that exists.");
                let private_tasks = known.is_none_or(|known| !known.public);
                block.absorb(new_network(&Network { private_tasks, ..Network::default() }));
                let words = "a new network, because the input names none: choose its range";
                match known {
                    Some(known) if known.vpc.is_some() || !known.subnets.is_empty() => {
                        let words = "a new network, because no two subnets are named by id: choose its range";
                        self.report.needs_you(&known.origin, words);
                    }
                    _ => self.report.without_place(Fate::Assumed, "network.main", words),
                }
            }
        }
        self.file.push(block);
    }

    fn existing_network(&mut self, known: &TaskNetwork, block: &mut Block) {
        let mut existing = Block::new("existing", None);
        match known.vpc.as_ref().filter(|vpc| is_id(vpc, "vpc-")) {
            Some(vpc) => existing.set("vpc_id", Expr::string(vpc.as_str())),
            None => {
                let id = Expr::string("vpc-00000000000000000");
                existing.set_with("vpc_id", id, "Needs you: the VPC of these subnets.");
                self.report.needs_you(&known.origin, "`network.main`, which exists: write the id of its VPC");
            }
        }
        if known.public {
            existing.set("public_subnets", texts(&known.subnets));
            existing.set("private_subnets", texts(&known.subnets));
            existing.set("public_tasks", boolean(true));
            self.report.mapped(
                &known.origin,
                "`existing` of `network.main`; they are public, so tasks and data are in them, too",
            );
        } else {
            let unknown = ["subnet-00000000000000000", "subnet-00000000000000001"].map(str::to_owned);
            let words = "Needs you: public subnets, for the load balancer.";
            existing.set_with("public_subnets", texts(&unknown), words);
            existing.set("private_subnets", texts(&known.subnets));
            let words = "`private_subnets` of `network.main`: write public ones for the load balancer";
            self.report.needs_you(&known.origin, words);
        }
        block.push(existing);
    }

    /// The security groups that a workload joins, as far as its network is the one that they are in.
    pub(super) fn security_groups(&mut self, workload: &Workload, block: &mut Block) {
        let mut joined = Vec::new();
        for group in &workload.security_groups {
            let Some(known) = self.security_groups.as_mut().filter(|_| is_id(&group.value, "sg-")) else {
                let words = "the stack makes a security group for each service, which references open";
                self.report.dropped(&group.origin, words);
                continue;
            };
            let name = match known.get(&group.value) {
                Some(name) => name.clone(),
                None => {
                    let name = self.names.claim("security_group", &workload.name);
                    let mut made = Block::new("security_group", Some(&name));
                    made.set("existing", Expr::string(group.value.as_str()));
                    self.file.push(made);
                    known.insert(group.value.clone(), name.clone());
                    name
                }
            };
            let reference = reference(&["security_group", &name]);
            if joined.contains(&reference) {
                continue;
            }
            if joined.len() == GROUPS {
                let words = format!("a service joins at most {GROUPS} security groups besides its own");
                self.report.needs_you(&group.origin, words);
                continue;
            }
            self.report.mapped(&group.origin, format!("`security_group.{name}`, which exists"));
            joined.push(reference);
        }
        if !joined.is_empty() {
            block.set("security_groups", Expr::List(joined));
        }
    }
}
