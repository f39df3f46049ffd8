//! The graph as a Mermaid flowchart, which GitHub and GitLab draw in Markdown.

use std::fmt::Write;

use super::{End, Graph, Node, Style};
use crate::terms::Site;

/// The graph in the language of Mermaid.
pub fn mermaid(graph: &Graph) -> String {
    let mut out = String::from("flowchart LR\n");
    for part in graph.parts() {
        let indent = "  ".repeat(part.depth + 1);
        match part.open {
            Some((id, title)) => {
                let _ = writeln!(out, "{indent}subgraph {id}[\"{}\"]", escape(&title));
            }
            None if part.node.is_none() => {
                let _ = writeln!(out, "{indent}end");
            }
            None => {}
        }
        if let Some(node) = part.node {
            let _ = writeln!(out, "{indent}n{node}[\"{}\"]", words(&graph.nodes[node]));
        }
    }
    for edge in &graph.edges {
        let arrow = match edge.style {
            Style::Deploy | Style::Name => "-.->",
            Style::Request | Style::Connect | Style::Allow => "-->",
        };
        let label: Vec<String> = edge.label.iter().map(|line| escape(line)).collect();
        let label = if label.is_empty() { String::new() } else { format!("|\"{}\"|", label.join("<br/>")) };
        let _ = writeln!(out, "  {} {arrow}{label} {}", end(edge.from), end(edge.to));
    }
    out
}

fn end(end: End) -> String {
    match end {
        End::Node(node) => format!("n{node}"),
        End::App(app) => format!("app{app}"),
    }
}

/// What stands in a node.
fn words(node: &Node) -> String {
    let kind = (!node.kind.is_empty()).then(|| escape(&node.kind));
    let items = node.items.iter().flat_map(|item| {
        let name = format!("<b>{}</b>", escape(&item.name));
        [name].into_iter().chain(item.lines.iter().map(|line| escape(line)))
    });
    kind.into_iter().chain(items).collect::<Vec<_>>().join("<br/>")
}

/// Text within quotes: Mermaid knows no backslash there, but the entities of HTML, with `#` for `&` (Mermaid, "Flowchart
/// syntax", "Entity codes to escape characters").
fn escape(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for c in text.chars() {
        match c {
            c if c.is_alphanumeric() || " .,·:/-_→–()+=?*".contains(c) => out.push(c),
            c => {
                let _ = write!(out, "#{};", u32::from(c));
            }
        }
    }
    out
}

/// A step of writing nested boxes: one opens, a node stands in it, or it closes.
pub(super) struct Step {
    pub(super) depth: usize,
    pub(super) open: Option<(String, String)>,
    pub(super) node: Option<usize>,
}

impl Graph {
    /// The boxes and nodes, from outside to inside, for languages that nest them.
    pub(super) fn parts(&self) -> Vec<Step> {
        let mut steps = Vec::new();
        let at = |wanted: &dyn Fn(&Node) -> bool| -> Vec<usize> {
            (0..self.nodes.len()).filter(|&node| wanted(&self.nodes[node])).collect()
        };
        steps.extend(nodes(0, at(&|node| node.site == Site::Outside)));
        steps.push(open(0, "account", &self.account));
        steps.extend(nodes(1, at(&|node| node.site == Site::Region)));
        if let Some(network) = &self.network {
            steps.push(open(1, "network", &[&["VPC".to_owned()], network.as_slice()].concat().join(" · ")));
        }
        for (id, title, site) in [
            ("public", "public subnets", Site::Public),
            ("tasks", "subnets of tasks", Site::Tasks { public: false }),
            ("data", "data subnets", Site::Data),
        ] {
            let is_here = |node: &Node| match site {
                Site::Tasks { .. } => matches!(node.site, Site::Tasks { .. }),
                site => node.site == site,
            };
            let inside = at(&is_here);
            if inside.is_empty() {
                continue;
            }
            steps.push(open(2, id, title));
            let (apart, in_app): (Vec<usize>, Vec<usize>) =
                inside.into_iter().partition(|&node| self.nodes[node].app.is_none());
            steps.extend(nodes(3, apart));
            for (app, name) in self.apps.iter().enumerate() {
                let members: Vec<usize> =
                    in_app.iter().copied().filter(|&node| self.nodes[node].app == Some(app)).collect();
                if !members.is_empty() {
                    steps.push(open(3, &format!("app{app}"), &format!("app {name}")));
                    steps.extend(nodes(4, members));
                    steps.push(close(3));
                }
            }
            steps.push(close(2));
        }
        steps.extend(nodes(2, at(&|node| node.site == Site::Vpc)));
        if self.network.is_some() {
            steps.push(close(1));
        }
        steps.push(close(0));
        steps
    }
}

fn open(depth: usize, id: &str, title: &str) -> Step {
    Step { depth, open: Some((id.to_owned(), title.to_owned())), node: None }
}

fn close(depth: usize) -> Step {
    Step { depth, open: None, node: None }
}

fn nodes(depth: usize, nodes: Vec<usize>) -> impl Iterator<Item = Step> {
    nodes.into_iter().map(move |node| Step { depth, open: None, node: Some(node) })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_means_something_to_mermaid_is_an_entity() {
        assert_eq!(escape("a\"b#c;<br>"), "a#34;b#35;c#59;#60;br#62;");
        assert_eq!(escape("/api/v1* → :80, é"), "/api/v1* → :80, é");
    }
}
