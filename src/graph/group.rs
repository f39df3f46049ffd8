//! Fewer arrows that say the same: what all services and tasks of an app use is used by the app, and what has the same
//! edges is one node with a list.

use std::collections::BTreeSet;

use indexmap::{IndexMap, IndexSet};

use super::{Edge, End, Graph, Item, Node, Style};
use crate::terms::Site;

/// Groups a graph whose nodes are single components.
pub(super) fn group(mut graph: Graph) -> Graph {
    // The network is the frame around the others: what is in it shows that it uses it.
    let is_network = |end: End| matches!(end, End::Node(node) if graph.nodes[node].site == Site::Network);
    graph.edges.retain(|edge| !is_network(edge.from) && !is_network(edge.to));
    by_app(&mut graph);
    by_edges(graph)
}

/// Where all members of an app have the same edge, the app has it.
fn by_app(graph: &mut Graph) {
    for app in 0..graph.apps.len() {
        let members: Vec<End> = (0..graph.nodes.len())
            .filter(|&node| graph.nodes[node].app == Some(app))
            .map(End::Node)
            .collect();
        if members.len() < 2 {
            continue;
        }
        let other = |edge: &Edge| match (members.contains(&edge.from), members.contains(&edge.to)) {
            (true, false) => Some((edge.to, true)),
            (false, true) => Some((edge.from, false)),
            _ => None,
        };
        let mut shared: IndexMap<_, usize> = IndexMap::new();
        for edge in &graph.edges {
            if let Some(end) = other(edge) {
                *shared.entry((end, edge.label.clone(), edge.style)).or_default() += 1;
            }
        }
        shared.retain(|_, count| *count == members.len());
        graph.edges.retain(|edge| {
            other(edge).is_none_or(|end| !shared.contains_key(&(end, edge.label.clone(), edge.style)))
        });
        graph.edges.extend(shared.into_keys().map(|((end, uses), label, style)| {
            let (from, to) = if uses { (End::App(app), end) } else { (end, End::App(app)) };
            Edge { from, to, label, style }
        }));
    }
}

/// What tells a node's place in the picture: nodes that agree in it become one.
type Signature = (String, Site, bool, Option<usize>, Vec<String>, BTreeSet<(End, bool, Vec<String>, Style)>);

/// Nodes of one kind that stand in one place and have the same edges become one node.
fn by_edges(graph: Graph) -> Graph {
    let mut groups: IndexMap<Signature, Vec<usize>> = IndexMap::new();
    for (index, node) in graph.nodes.iter().enumerate() {
        let this = End::Node(index);
        let edges = graph.edges.iter().filter_map(|edge| match (edge.from == this, edge.to == this) {
            (true, _) => Some((edge.to, true, edge.label.clone(), edge.style)),
            (_, true) => Some((edge.from, false, edge.label.clone(), edge.style)),
            _ => None,
        });
        let edges: BTreeSet<_> = edges.collect();
        // What nothing else speaks of needs no node of its own.
        let alone = edges.is_empty() && matches!(node.site, Site::Region | Site::Vpc);
        let kind = if alone { String::new() } else { node.kind.clone() };
        // Somebody outside is told apart by name, and a part of a component by what it is.
        let apart =
            if node.stranger || node.site == Site::Network { vec![index.to_string()] } else { Vec::new() };
        groups.entry((kind, node.site, node.stranger, node.app, apart, edges)).or_default().push(index);
    }
    let mut place = vec![0; graph.nodes.len()];
    let mut nodes: Vec<Node> = Vec::new();
    for ((kind, ..), members) in groups {
        let mut node = graph.nodes[members[0]].clone();
        let rest = kind.is_empty() && !node.stranger;
        let named = |index: usize| {
            let node = &graph.nodes[index];
            let items = node.items.iter().cloned();
            items.map(move |item| match rest {
                true => Item { name: format!("{} {}", node.kind, item.name), ..item },
                false => item,
            })
        };
        node.items = members.iter().flat_map(|&index| named(index)).collect();
        node.kind = match (rest, members.len()) {
            (true, _) => "also here".to_owned(),
            (_, 1) => kind,
            _ => plural(&kind),
        };
        for index in members {
            place[index] = nodes.len();
        }
        nodes.push(node);
    }
    let moved = |end: End| match end {
        End::Node(index) => End::Node(place[index]),
        app => app,
    };
    let mut edges: IndexMap<(End, End, Style), IndexSet<String>> = IndexMap::new();
    for edge in graph.edges {
        edges.entry((moved(edge.from), moved(edge.to), edge.style)).or_default().extend(edge.label);
    }
    let edges = edges.into_iter().map(|((from, to, style), label)| Edge {
        from,
        to,
        label: label.into_iter().collect(),
        style,
    });
    Graph { nodes, edges: edges.collect(), ..graph }
}

fn plural(kind: &str) -> String {
    match kind.strip_suffix('y') {
        Some(stem) => format!("{stem}ies"),
        None if kind.ends_with('s') => kind.to_owned(),
        None => format!("{kind}s"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn node(kind: &str, name: &str, site: Site, app: Option<usize>) -> Node {
        let items = vec![Item { name: name.to_owned(), lines: Vec::new() }];
        Node { kind: kind.to_owned(), site, stranger: false, app, items }
    }

    fn edge(from: usize, to: usize, label: &str) -> Edge {
        let (from, to) = (End::Node(from), End::Node(to));
        Edge { from, to, label: vec![label.to_owned()], style: Style::Allow }
    }

    /// Two services of an app, a third one, two secrets and a registry.
    fn graph(edges: Vec<Edge>) -> Graph {
        let tasks = Site::Tasks { public: false };
        let nodes = vec![
            node("service", "web", tasks, Some(0)),
            node("service", "worker", tasks, Some(0)),
            node("service", "other", tasks, None),
            node("secret", "a", Site::Region, None),
            node("secret", "b", Site::Region, None),
            node("registry", "app", Site::Region, None),
        ];
        Graph { nodes, edges, apps: vec!["shop".to_owned()], ..Graph::default() }
    }

    #[test]
    fn what_all_of_an_app_use_the_app_uses() {
        let grouped = group(graph(vec![
            edge(0, 3, "read"),
            edge(1, 3, "read"),
            edge(0, 5, "pull"),
            edge(2, 3, "read"),
        ]));
        let from_app = |edge: &&Edge| edge.from == End::App(0);
        assert_eq!(grouped.edges.iter().filter(from_app).count(), 1);
        assert_eq!(grouped.edges.len(), 3, "{:?}", grouped.edges);
    }

    #[test]
    fn what_has_the_same_edges_is_one_node() {
        let grouped = group(graph(vec![edge(2, 3, "read"), edge(2, 4, "read")]));
        let secrets = grouped.nodes.iter().find(|node| node.kind == "secrets").expect("one node of both");
        assert_eq!(secrets.items.iter().map(|item| &*item.name).collect::<Vec<_>>(), ["a", "b"]);
        assert_eq!(grouped.edges.len(), 1);
        let apart = group(graph(vec![edge(2, 3, "read"), edge(2, 4, "write")]));
        assert_eq!(apart.nodes.iter().filter(|node| node.kind == "secret").count(), 2);
    }

    #[test]
    fn what_nothing_speaks_of_stands_together_with_its_kind() {
        let grouped = group(graph(Vec::new()));
        let rest = grouped.nodes.iter().find(|node| node.kind == "also here").expect("a node of the rest");
        assert_eq!(
            rest.items.iter().map(|item| &*item.name).collect::<Vec<_>>(),
            ["secret a", "secret b", "registry app"]
        );
    }
}
