//! The architecture of a stack as a picture: what stands where, who reaches whom, and by what right.
//!
//! [`Graph::of`] makes the graph as data, from the contract of components alone: a kind that nobody thought of here has
//! its node, too. [`svg`], [`mermaid`] and [`dot`] print it. Knows no kind of component, and no disk.

mod dot;
mod environment;
mod fold;
mod group;
mod layout;
mod measure;
mod mermaid;
mod svg;

pub use dot::dot;
pub use layout::{Frame, Layout, Path, Rect, layout};
pub use mermaid::mermaid;
pub use svg::svg;

use crate::model::Model;
use crate::terms::Site;

/// A stack, or one environment of it, as nodes and edges.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Graph {
    /// The stack's name, and that of the environment when the picture shows one.
    pub title: String,
    /// The environments it shows, in the order in which values that differ stand: `2 / 4 tasks`.
    pub environments: Vec<String>,
    /// Where it runs: regions and accounts.
    pub account: String,
    /// What the frame of the network says, when there is one.
    pub network: Option<Vec<String>>,
    /// The letters of the availability zones in which the network has subnets of every sort.
    pub zones: Vec<String>,
    /// Whether the subnets of tasks are public, and where not everywhere, in which environments.
    pub public_tasks: Vec<String>,
    /// The nodes.
    pub nodes: Vec<Node>,
    /// The frames around services and tasks of one app.
    pub apps: Vec<String>,
    /// The edges.
    pub edges: Vec<Edge>,
}

/// One component, or several that have the same edges.
#[derive(Debug, Clone, PartialEq)]
pub struct Node {
    /// What it is, in words: `load balancer`.
    pub kind: String,
    /// Where it stands.
    pub site: Site,
    /// Whether it stands for somebody outside the stack.
    pub stranger: bool,
    /// The app that it belongs to, by its place in [`Graph::apps`].
    pub app: Option<usize>,
    /// The components.
    pub items: Vec<Item>,
}

/// A component in a node.
#[derive(Debug, Clone, PartialEq)]
pub struct Item {
    /// Its name: `web`.
    pub name: String,
    /// What stands below it.
    pub lines: Vec<String>,
}

/// An end of an edge.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum End {
    /// A node, by its place in [`Graph::nodes`].
    Node(usize),
    /// All that stands in an app, by its place in [`Graph::apps`].
    App(usize),
}

/// Somebody uses something.
#[derive(Debug, Clone, PartialEq)]
pub struct Edge {
    /// Who.
    pub from: End,
    /// What.
    pub to: End,
    /// How: ports, rights, paths; a line each.
    pub label: Vec<String>,
    /// What sort of use it is.
    pub style: Style,
}

/// What sort of use an edge is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Style {
    /// Requests come this way: from the internet, by a route.
    Request,
    /// A connection to a port, which security groups let through.
    Connect,
    /// A right that IAM gives.
    Allow,
    /// A pipeline brings new versions this way.
    Deploy,
    /// A setting names the other.
    Name,
}

impl Style {
    /// All of them, in the order of the legend.
    pub const ALL: [Style; 5] = [Style::Request, Style::Connect, Style::Allow, Style::Deploy, Style::Name];

    /// The word in the legend, also its class in the SVG.
    pub fn word(self) -> &'static str {
        match self {
            Style::Request => "requests",
            Style::Connect => "connections",
            Style::Allow => "rights",
            Style::Deploy => "deployments",
            Style::Name => "settings",
        }
    }
}

impl Graph {
    /// The graph of one environment, by its name, or of all of them in one.
    pub fn of(model: &Model, environment: Option<&str>) -> Self {
        let mut graph = Self::read(model, environment, true);
        if let Some(name) = environment {
            graph.title += &format!(", {name}");
        }
        graph
    }

    /// The graph of all environments without the sizes of things, so that it changes with the architecture and not with
    /// every number in the environment table.
    pub fn outline(model: &Model) -> Self {
        Self::read(model, None, false)
    }

    fn read(model: &Model, environment: Option<&str>, sizes: bool) -> Self {
        let shown = model.environments.iter().filter(|one| environment.is_none_or(|name| *one.name == *name));
        let shown: Vec<_> = shown.map(|one| environment::read(&model.stack, one, sizes)).collect();
        Self { title: model.stack.name.to_string(), ..group::group(fold::fold(shown)) }
    }
}
