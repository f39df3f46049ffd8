//! The order in which a load balancer compares routes, where the patterns alone do not say it.

use std::collections::BTreeSet;

use super::Assembly;
use crate::import::workload::Workload;
use crate::routing;

impl Assembly<'_> {
    /// The order of routes, for those that have to say it: the longer a path, the more it says.
    pub(super) fn priorities(&mut self, workloads: &[(String, Workload)]) {
        let routes = || {
            workloads.iter().flat_map(|(name, workload)| {
                let variants = workload.variants.iter().map(|(_, variant)| variant);
                let routes = variants.chain([workload]).flat_map(|workload| &workload.routes);
                routes.map(move |route| (name.as_str(), route))
            })
        };
        let mut ordered: Vec<(&str, &str)> =
            routes().map(|(name, route)| (route.path.as_str(), name)).collect();
        ordered.sort_by_key(|(path, name)| (std::cmp::Reverse(path.len()), *path, *name));
        ordered.dedup();
        let named = ordered.iter().map(|(path, name)| ((*name).to_owned(), (*path).to_owned()));
        // Below stand those of services without a route of their own.
        let first = 200.max(101 + u32::try_from(workloads.len()).unwrap_or(u32::MAX - 101));
        self.priorities = named.zip(first..).collect();
        // Of routes without a priority the path decides: the same one gives the same, and rarely two do.
        let clash = |hosted: bool| {
            let alike = routes().filter(|(_, route)| route.hosts.is_empty() != hosted);
            let alike: BTreeSet<(&str, &str)> = match hosted {
                true => alike.map(|(name, route)| (route.path.as_str(), name)).collect(),
                // Of one path and no host there is one route, and the others get hosts of their own.
                false => alike.map(|(_, route)| (route.path.as_str(), "")).collect(),
            };
            let mut seen = BTreeSet::new();
            let own = alike.iter().map(|(path, _)| routing::priority(path, hosted));
            own.filter(|priority| !seen.insert(*priority)).count() > 0
        };
        if clash(true) {
            self.ordered.insert(true);
        }
        if clash(false) {
            self.ordered.extend([true, false]);
        }
    }
}
