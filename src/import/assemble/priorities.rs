//! The order in which a load balancer compares routes, where the patterns alone do not say it.

use std::collections::BTreeSet;

use super::Assembly;
use crate::hcl::{Expr, Literal};
use crate::import::report::Fate;
use crate::import::stack::{Block, number};
use crate::import::workload::Workload;
use crate::routing;

/// The last priority that a load balancer has.
const LAST: i64 = 50_000;

impl Assembly<'_> {
    /// Where several services have routes of one path for different hosts, routes with hosts say their order.
    pub(super) fn priorities(&mut self, workloads: &[(String, Workload)]) {
        let mut hosted: Vec<(&str, &str)> = workloads
            .iter()
            .flat_map(|(name, workload)| {
                let variants = workload.variants.iter().map(|(_, variant)| variant);
                let routes = variants.chain([workload]).flat_map(|workload| &workload.routes);
                routes
                    .filter(|route| !route.hosts.is_empty())
                    .map(|route| (route.path.as_str(), name.as_str()))
            })
            .collect();
        // The longer a path, the more it says.
        hosted.sort_by_key(|(path, name)| (std::cmp::Reverse(path.len()), *path, *name));
        hosted.dedup();
        if hosted.windows(2).any(|two| two[0].0 == two[1].0) {
            let named = hosted.iter().map(|(path, name)| ((*name).to_owned(), (*path).to_owned()));
            self.priorities = named.zip(200..).collect();
        }
    }

    /// Priorities follow from patterns, and two may fall on the same one: the second gets the next that is free.
    pub(super) fn apart(&mut self, blocks: &mut [Block]) {
        let routes = || blocks.iter().flat_map(|block| block.inner()).filter(|inner| inner.kind == "route");
        let mut taken: BTreeSet<(String, i64)> =
            routes().filter_map(|route| Some((balancer(route), written(route)?))).collect();
        for block in blocks {
            let service = block.label.clone().unwrap_or_default();
            for route in block.inner_mut().iter_mut().filter(|inner| inner.kind == "route") {
                let path = route.label.clone().unwrap_or_default();
                let balancer = balancer(route);
                if written(route).is_some() {
                    continue;
                }
                let own = routing::priority(&path, route.get("hosts").is_some());
                let mut free = (own..=LAST).filter(|next| !taken.contains(&(balancer.clone(), *next)));
                let Some(next) = free.next() else { continue };
                if next != own {
                    route.set("priority", number(next));
                    let setting = format!("service.{service}.route.{path}");
                    let words =
                        format!("`priority = {next}`, because another pattern happens to have its own");
                    self.report.without_place(Fate::Assumed, &setting, words);
                }
                taken.insert((balancer, next));
            }
        }
    }
}

/// The priority that stands in a route.
fn written(route: &Block) -> Option<i64> {
    match route.get("priority") {
        Some(Expr::Literal(Literal::Integer(priority))) => Some(*priority),
        _ => None,
    }
}

fn balancer(route: &Block) -> String {
    route.get("load_balancer").map(Expr::print).unwrap_or_default()
}
