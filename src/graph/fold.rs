//! All environments as one graph: what differs is marked, quietly. Values stand side by side in the order of the
//! environments; what only some of them have says which.

use std::collections::BTreeSet;

use indexmap::{IndexMap, IndexSet};

use super::environment::{Key, Seen, SeenNode};
use super::{Edge, End, Graph, Item, Node};
use crate::terms::{Line, Site};

/// Folds environments; their order is that of values that differ.
pub(super) fn fold(shown: Vec<Seen>) -> Graph {
    let mut graph = Graph {
        environments: shown.iter().map(|one| one.name.clone()).collect(),
        account: account(&shown),
        zones: shown
            .iter()
            .flat_map(|one| &one.zones)
            .cloned()
            .collect::<BTreeSet<_>>()
            .into_iter()
            .collect(),
        ..Graph::default()
    };
    let mut keys: IndexMap<&Key, End> = IndexMap::new();
    let all: IndexSet<&Key> = shown.iter().flat_map(|one| one.nodes.keys()).collect();
    for key in all {
        let versions: Vec<(&str, &SeenNode)> =
            shown.iter().filter_map(|one| Some((one.name.as_str(), one.nodes.get(key)?))).collect();
        let Some((_, first)) = versions.first() else { continue };
        // A site may differ: something managed in one environment is outside AWS in another, which has other facts.
        let site = versions.iter().map(|(_, node)| node.site).min().unwrap_or_default();
        let is_there = |node: &SeenNode| match site {
            Site::Tasks { .. } => true,
            site => node.site == site,
        };
        let there: Vec<_> = versions.iter().copied().filter(|(_, node)| is_there(node)).collect();
        let mut lines = lines(&there);
        lines.extend(only(&versions.iter().map(|(name, _)| *name).collect::<Vec<_>>(), shown.len()));
        if site == Site::Network {
            graph.network = Some(lines.clone());
        }
        if let Site::Tasks { .. } = site {
            for (name, node) in &versions {
                let public = node.site == (Site::Tasks { public: true });
                if public && !graph.public_tasks.iter().any(|known| known == name) {
                    graph.public_tasks.push((*name).to_owned());
                }
            }
        }
        let elsewhere = versions.iter().filter(|(_, node)| !is_there(node));
        lines.extend(elsewhere.map(|(name, node)| format!("{name}: {}", words(node.site))));
        let app = first.app.as_ref().map(|name| {
            graph.apps.iter().position(|known| known == name).unwrap_or_else(|| {
                graph.apps.push(name.clone());
                graph.apps.len() - 1
            })
        });
        keys.insert(key, End::Node(graph.nodes.len()));
        graph.nodes.push(Node {
            kind: first.kind.clone(),
            site,
            stranger: first.stranger,
            app,
            items: vec![Item { name: first.name.clone(), lines }],
        });
    }
    let pairs: IndexSet<&(Key, Key)> = shown.iter().flat_map(|one| one.edges.keys()).collect();
    for pair in pairs {
        let versions: Vec<_> =
            shown.iter().filter_map(|one| Some((one.name.as_str(), one.edges.get(pair)?))).collect();
        let possible =
            shown.iter().filter(|one| one.nodes.contains_key(&pair.0) && one.nodes.contains_key(&pair.1));
        // Where the uses are of different sorts, the strongest counts.
        let style = versions.iter().map(|(_, edge)| edge.style).min();
        let strongest = versions.iter().filter(|(_, edge)| Some(edge.style) == style);
        let all: BTreeSet<&String> = strongest.flat_map(|(_, edge)| &edge.label).collect();
        let mut label: Vec<String> = all.into_iter().cloned().collect();
        label.extend(only(&versions.iter().map(|(name, _)| *name).collect::<Vec<_>>(), possible.count()));
        if let (Some(from), Some(to), Some(style)) = (keys.get(&pair.0), keys.get(&pair.1), style) {
            graph.edges.push(Edge { from: *from, to: *to, label, style });
        }
    }
    // They were found in the order of the stack file, which means nothing.
    graph.edges.sort_by_key(|edge| (edge.from, edge.to));
    graph
}

/// Which environments have it, when not all do.
fn only(names: &[&str], all: usize) -> Option<String> {
    (names.len() < all).then(|| format!("{} only", names.join(", ")))
}

/// The lines of a node, with the values of all environments that have it.
fn lines(versions: &[(&str, &SeenNode)]) -> Vec<String> {
    let keys: IndexSet<&str> =
        versions.iter().flat_map(|(_, node)| node.lines.iter().map(|line| line.key)).collect();
    let line = |key: &str| {
        let of =
            |node: &SeenNode| -> Option<Line> { node.lines.iter().find(|line| line.key == key).cloned() };
        let found: Vec<(&str, Line)> =
            versions.iter().filter_map(|(name, node)| Some((*name, of(node)?))).collect();
        let values: IndexSet<&str> = found.iter().map(|(_, line)| line.value.as_str()).collect();
        let unit = found.first().map_or("", |(_, line)| line.unit);
        let unit = match (unit, values.first()) {
            ("tasks" | "nodes", Some(&"1")) if values.len() == 1 => unit.trim_end_matches('s'),
            _ => unit,
        };
        let text = match (values.len(), found.len() == versions.len()) {
            (1, true) => values.into_iter().collect(),
            (_, true) => found.iter().map(|(_, line)| line.value.as_str()).collect::<Vec<_>>().join(" / "),
            (1, false) => {
                let names: Vec<&str> = found.iter().map(|(name, _)| *name).collect();
                format!("{}: {}", names.join(", "), values.into_iter().collect::<String>())
            }
            (_, false) => {
                let each = found.iter().map(|(name, line)| format!("{name}: {}", line.value));
                each.collect::<Vec<_>>().join(" / ")
            }
        };
        if unit.is_empty() { text } else { format!("{text} {unit}") }
    };
    keys.into_iter().map(line).collect()
}

/// Where something stands, in words.
fn words(site: Site) -> &'static str {
    match site {
        Site::Region => "outside the VPC",
        Site::Network | Site::Vpc => "in the VPC",
        Site::Public => "in public subnets",
        Site::Tasks { .. } => "in the subnets of tasks",
        Site::Data => "in data subnets",
        Site::Outside => "outside AWS",
    }
}

/// Regions and accounts.
fn account(shown: &[Seen]) -> String {
    let regions: IndexSet<&str> = shown.iter().map(|one| one.region.as_str()).collect();
    let accounts: IndexSet<&str> = shown.iter().map(|one| one.account.as_str()).collect();
    let accounts = match accounts.len() {
        1 => format!("account {}", accounts.into_iter().collect::<String>()),
        _ => format!("accounts {}", accounts.into_iter().collect::<Vec<_>>().join(" / ")),
    };
    format!("AWS {}, {accounts}", regions.into_iter().collect::<Vec<_>>().join(" / "))
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::*;
    use crate::graph::Style;
    use crate::graph::environment::SeenEdge;

    fn seen(name: &str, nodes: &[(&str, Site, &[Line])], edges: &[(&str, &str, Style, &str)]) -> Seen {
        let node = |(key, site, lines): &(&str, Site, &[Line])| {
            let node = SeenNode {
                kind: "cache".to_owned(),
                name: (*key).to_owned(),
                site: *site,
                stranger: false,
                app: None,
                lines: lines.to_vec(),
            };
            ((*key).to_owned(), node)
        };
        let edge = |(from, to, style, label): &(&str, &str, Style, &str)| {
            let label = BTreeSet::from([(*label).to_owned()]);
            (((*from).to_owned(), (*to).to_owned()), SeenEdge { style: *style, label })
        };
        Seen {
            name: name.to_owned(),
            account: "111111111111".to_owned(),
            zones: Vec::new(),
            region: "eu-west-1".to_owned(),
            nodes: nodes.iter().map(node).collect(),
            edges: edges.iter().map(edge).collect(),
        }
    }

    fn tasks(number: &str) -> Vec<Line> {
        vec![Line::new("tasks", number, "tasks"), Line::new("cpu", "256", "CPU")]
    }

    #[test]
    fn values_that_differ_stand_side_by_side() {
        let (one, four) = (tasks("1"), tasks("4"));
        let lines = |a: &[Line], b: &[Line]| {
            let shown = vec![
                seen("dev", &[("web", Site::Public, a)], &[]),
                seen("live", &[("web", Site::Public, b)], &[]),
            ];
            fold(shown).nodes[0].items[0].lines.clone()
        };
        assert_eq!(lines(&one, &four), ["1 / 4 tasks", "256 CPU"]);
        assert_eq!(lines(&one, &one), ["1 task", "256 CPU"]);
        assert_eq!(lines(&four, &four[1..]), ["dev: 4 tasks", "256 CPU"]);
    }

    #[test]
    fn what_some_environments_lack_says_which_have_it() {
        let shown = vec![
            seen("dev", &[("web", Site::Public, &[]), ("db", Site::Data, &[])], &[]),
            seen(
                "live",
                &[("web", Site::Public, &[]), ("db", Site::Data, &[]), ("mq", Site::Data, &[])],
                &[("web", "db", Style::Connect, "5432"), ("web", "mq", Style::Connect, "5672")],
            ),
        ];
        let graph = fold(shown);
        assert_eq!(graph.nodes[2].items[0].lines, ["live only"]);
        // Where an end is missing, so is the edge, which goes without saying.
        assert_eq!(graph.edges[0].label, ["5432", "live only"]);
        assert_eq!(graph.edges[1].label, ["5672"]);
    }

    #[test]
    fn what_stands_elsewhere_in_an_environment_has_other_facts_there() {
        let managed = [Line::new("nodes", "2", "nodes")];
        let shown = vec![
            seen("dev", &[("redis", Site::Outside, &[])], &[]),
            seen("live", &[("redis", Site::Data, &managed)], &[]),
        ];
        let node = &fold(shown).nodes[0];
        assert_eq!(node.site, Site::Data);
        assert_eq!(node.items[0].lines, ["2 nodes", "dev: outside AWS"]);
    }
}
