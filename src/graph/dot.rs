//! The graph in the language of Graphviz.

use std::fmt::Write;

use super::{End, Graph, Node, Style};

/// The graph for `dot`.
pub fn dot(graph: &Graph) -> String {
    let mut out = format!(
        "digraph {} {{\n  graph [rankdir=LR, compound=true, fontname=\"sans-serif\"]\n  node [shape=box, \
         fontname=\"sans-serif\"]\n  edge [fontname=\"sans-serif\", fontsize=11]\n",
        quote(&graph.title)
    );
    for part in graph.parts() {
        let indent = "  ".repeat(part.depth + 1);
        match part.open {
            Some((id, title)) => {
                let _ = writeln!(out, "{indent}subgraph cluster_{id} {{\n{indent}  label={}", quote(&title));
            }
            None if part.node.is_none() => {
                let _ = writeln!(out, "{indent}}}");
            }
            None => {}
        }
        if let Some(node) = part.node {
            let _ = writeln!(out, "{indent}n{node} [label={}]", quote(&words(&graph.nodes[node])));
        }
    }
    for edge in &graph.edges {
        let mut attributes = Vec::new();
        if !edge.label.is_empty() {
            attributes.push(format!("label={}", quote(&edge.label.join("\n"))));
        }
        // Graphviz draws an edge of a box as one of a node in it that ends at the border.
        for (end, name) in [(edge.from, "ltail"), (edge.to, "lhead")] {
            if let End::App(app) = end {
                attributes.push(format!("{name}=cluster_app{app}"));
            }
        }
        if matches!(edge.style, Style::Deploy | Style::Name) {
            attributes.push("style=dashed".to_owned());
        }
        let (from, to) = (graph.inside(edge.from), graph.inside(edge.to));
        let _ = writeln!(out, "  n{from} -> n{to} [{}]", attributes.join(", "));
    }
    out + "}\n"
}

fn words(node: &Node) -> String {
    let kind = (!node.kind.is_empty()).then_some(node.kind.as_str());
    let items = node.items.iter().flat_map(|item| [&item.name].into_iter().chain(&item.lines));
    kind.into_iter().chain(items.map(String::as_str)).collect::<Vec<_>>().join("\n")
}

/// A string: in one, `\n` ends a line, and a backslash of its own is written twice.
fn quote(text: &str) -> String {
    let mut out = String::from('"');
    for c in text.chars() {
        match c {
            '"' => out.push_str("\\\""),
            '\\' => out.push_str("\\\\"),
            '\n' => out.push_str("\\n"),
            c if c.is_control() => out.push('\u{fffd}'),
            c => out.push(c),
        }
    }
    out + "\""
}

impl Graph {
    /// A node that stands for an end: of an app, the first one in it.
    fn inside(&self, end: End) -> usize {
        match end {
            End::Node(node) => node,
            End::App(app) => self.nodes.iter().position(|node| node.app == Some(app)).unwrap_or_default(),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn quotes_and_backslashes_stay_what_they_are() {
        assert_eq!(quote("a\"b\\c\nd\u{7}"), "\"a\\\"b\\\\c\\nd\u{fffd}\"");
    }
}
