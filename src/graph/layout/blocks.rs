//! Columns, the order in them, and heights: everything of the layout that runs from top to bottom.

use super::{GAP, INSET, LINE, PAD, TOP, WIDTHS, ZONES, index};
use crate::graph::measure::{NAME, TEXT, width, wrap};
use crate::graph::{Edge, End, Graph, Node, Style};
use crate::terms::Site;

/// A line of text in a node.
#[derive(Debug, Clone, PartialEq)]
pub(in crate::graph) struct Text {
    pub(in crate::graph) text: String,
    pub(in crate::graph) class: TextClass,
}

/// What a line of text is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(in crate::graph) enum TextClass {
    Kind,
    Name,
    Fact,
}

/// From top to bottom, what the columns are divided into.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(super) enum Tier {
    Above,
    #[default]
    Subnets,
    Network,
    Account,
    Below,
}

/// A node or the header of an app.
#[derive(Debug, Clone, Default)]
pub(super) struct Block {
    pub(super) column: usize,
    pub(super) tier: Tier,
    pub(super) y: i32,
    pub(super) h: i32,
    /// The edges on its left, from top to bottom, and how many lines each label has.
    pub(super) entries: Vec<usize>,
    /// The bundles of edges on its right: by sort, and whether they come in there.
    pub(super) exits: Vec<(Style, bool)>,
}

/// How an edge runs: from a block on the left to one on the right, or between two of a column.
#[derive(Debug, Clone, Copy)]
pub(super) struct Run {
    pub(super) left: usize,
    pub(super) right: usize,
    /// Whether it is used from right to left.
    pub(super) reversed: bool,
}

/// The vertical half of a layout.
pub(super) struct Plan<'a> {
    pub(super) graph: &'a Graph,
    pub(super) blocks: Vec<Block>,
    pub(super) texts: Vec<Vec<Text>>,
    pub(super) runs: Vec<Run>,
    pub(super) labels: Vec<Vec<String>>,
    pub(super) account_top: i32,
    pub(super) network_bottom: i32,
    pub(super) account_bottom: i32,
    /// The lower edge of data subnets.
    pub(super) data_bottom: i32,
    pub(super) bottom: i32,
}

impl<'a> Plan<'a> {
    pub(super) fn new(graph: &'a Graph) -> Self {
        let nodes = graph.nodes.len();
        let mut blocks: Vec<Block> = (0..nodes).map(|node| placed(graph, node)).collect();
        blocks.extend(graph.apps.iter().map(|_| Block { column: 1, ..Block::default() }));
        let mut runs = Vec::new();
        for edge in &graph.edges {
            let (from, to) = (index(edge.from, nodes), index(edge.to, nodes));
            let reversed = blocks[from].column > blocks[to].column;
            let (left, right) = if reversed { (to, from) } else { (from, to) };
            runs.push(Run { left, right, reversed });
        }
        let labels: Vec<Vec<String>> = graph.edges.iter().map(label).collect();
        for (edge, run) in runs.iter().enumerate() {
            let exit = (graph.edges[edge].style, run.reversed);
            if blocks[run.left].column == blocks[run.right].column {
                let known = |&other: &usize| {
                    let twin: Run = runs[other];
                    twin.left == run.left
                        && graph.edges[other].style == exit.0
                        && twin.right != run.left
                        && blocks[twin.right].column == blocks[run.right].column
                };
                if !blocks[run.left].entries.iter().any(known) {
                    blocks[run.left].entries.push(edge);
                }
            } else if !blocks[run.left].exits.contains(&exit) {
                blocks[run.left].exits.push(exit);
            }
            blocks[run.right].entries.push(edge);
        }
        let texts: Vec<Vec<Text>> =
            (0..nodes).map(|node| texts(&graph.nodes[node], blocks[node].column)).collect();
        let mut plan = Self {
            graph,
            blocks,
            texts,
            runs,
            labels,
            account_top: 0,
            network_bottom: 0,
            account_bottom: 0,
            data_bottom: 0,
            bottom: 0,
        };
        for block in 0..plan.blocks.len() {
            plan.blocks[block].h = plan.height(block);
        }
        plan
    }

    /// The edge's column on the left and on the right.
    pub(super) fn columns(&self, edge: usize) -> (usize, usize) {
        let run = self.runs[edge];
        (self.blocks[run.left].column, self.blocks[run.right].column)
    }

    /// The edges that cross a column: they run below the network, one track for each bundle.
    pub(super) fn spans(&self) -> Vec<(usize, Style, bool)> {
        let mut spans = Vec::new();
        for edge in 0..self.runs.len() {
            let (left, right) = self.columns(edge);
            let key = self.bundle(edge);
            if right > left + 1 && !spans.contains(&key) {
                spans.push(key);
            }
        }
        spans
    }

    /// What edges have in common that run together: where they leave, of what sort they are, and which way they go.
    pub(super) fn bundle(&self, edge: usize) -> (usize, Style, bool) {
        let run = self.runs[edge];
        (run.left, self.graph.edges[edge].style, run.reversed)
    }

    fn height(&self, block: usize) -> i32 {
        let own = &self.blocks[block];
        let text = match self.texts.get(block) {
            Some(texts) => texts.len() as i32 * LINE + 14,
            None => 26,
        };
        let entries: i32 = own.entries.iter().map(|&edge| self.slot(edge, block)).sum();
        let exits = own.exits.len() as i32 * 10 + 10;
        (text.max(entries + 10).max(exits + 10) + 9) / 10 * 10
    }

    /// The height that an edge takes on the left of a block, its label included.
    fn slot(&self, edge: usize, block: usize) -> i32 {
        // Within a column the label stands at one end only.
        let lines = if self.runs[edge].right == block { self.labels[edge].len() as i32 } else { 0 };
        ((lines * 14 + 6).max(20) + 9) / 10 * 10
    }

    /// The height at which an edge within a column leaves a block on its left: edges of a sort leave together.
    pub(super) fn departure(&self, edge: usize) -> i32 {
        let own = &self.blocks[self.runs[edge].left];
        let twin = own.entries.iter().copied().find(|&other| {
            let (left, right) = self.columns(other);
            left == right && self.bundle(other) == self.bundle(edge)
        });
        self.entry(twin.unwrap_or(edge), self.runs[edge].left)
    }

    /// The height at which an edge enters a block on its left.
    pub(super) fn entry(&self, edge: usize, block: usize) -> i32 {
        let own = &self.blocks[block];
        let mut y = own.y;
        for &other in &own.entries {
            y += self.slot(other, block);
            if other == edge {
                break;
            }
        }
        y
    }

    /// The height at which a bundle leaves a block on its right.
    pub(super) fn exit(&self, edge: usize) -> i32 {
        let (block, style, reversed) = self.bundle(edge);
        let own = &self.blocks[block];
        let place = own.exits.iter().position(|exit| *exit == (style, reversed)).unwrap_or_default();
        own.y + 15 + place as i32 * 10
    }

    /// Stacks the blocks of every column.
    pub(super) fn stack(&mut self) {
        let above = self.row(Tier::Above, TOP);
        self.account_top = if above > TOP { above + GAP } else { TOP };
        let has_network = self.graph.network.is_some();
        let header = match (has_network, self.graph.zones.is_empty()) {
            (false, _) => 30,
            (true, true) => 80,
            (true, false) => 80 + ZONES,
        };
        let top = self.account_top + header;
        let subnets = self.row(Tier::Subnets, top);
        let data = self.pile(2, Tier::Subnets, top);
        let others = self.pile(2, Tier::Network, if data > top { data + GAP } else { top });
        let inside = subnets.max(others);
        self.data_bottom = if others > data { data } else { inside };
        self.network_bottom = if has_network { inside + 2 * PAD } else { inside };
        let strip = self.network_bottom + self.spans().len() as i32 * 10;
        self.account_bottom = self.row(Tier::Account, strip + GAP).max(strip) + PAD;
        self.bottom = self.row(Tier::Below, self.account_bottom + GAP).max(self.account_bottom);
    }

    /// Stacks the blocks of a tier; gives the lower edge of the lowest, or `top` when there is none.
    fn row(&mut self, tier: Tier, top: i32) -> i32 {
        (0..WIDTHS.len()).map(|column| self.pile(column, tier, top)).max().unwrap_or(top)
    }

    /// Stacks the blocks of a tier of a column, apps with what is in them; gives the lower edge of the last.
    fn pile(&mut self, column: usize, tier: Tier, top: i32) -> i32 {
        let mut y = top;
        let mut bottom = top;
        let nodes = self.graph.nodes.len();
        for block in self.order(column, tier) {
            self.blocks[block].y = y;
            bottom = y + self.blocks[block].h;
            y = bottom + GAP;
            if block >= nodes {
                // What is in it comes next, closer than the next node would be.
                y -= GAP / 2;
                for member in self.members(block - nodes) {
                    self.blocks[member].y = y;
                    bottom = y + self.blocks[member].h + PAD;
                    y = bottom + PAD;
                }
                y += GAP - PAD;
            }
        }
        bottom
    }

    /// The nodes in an app, what requests reach first.
    pub(super) fn members(&self, app: usize) -> Vec<usize> {
        let all = 0..self.graph.nodes.len();
        let mut members: Vec<usize> = all.filter(|&node| self.graph.nodes[node].app == Some(app)).collect();
        members.sort_by_key(|&node| !self.is_reached(node));
        members
    }

    /// Whether requests reach a block.
    fn is_reached(&self, block: usize) -> bool {
        let mut entries = self.blocks[block].entries.iter();
        entries.any(|&edge| self.graph.edges[edge].style == Style::Request)
    }

    /// The blocks of a tier of a column from top to bottom: in the order of the graph, what requests reach first.
    fn order(&self, column: usize, tier: Tier) -> Vec<usize> {
        let nodes = self.graph.nodes.len();
        let apps = (0..self.graph.apps.len())
            .map(|app| nodes + app)
            .filter(|_| (column, tier) == (1, Tier::Subnets));
        let alone = (0..nodes).filter(|&node| {
            let block = &self.blocks[node];
            let free = self.graph.nodes[node].app.is_none() && self.graph.nodes[node].site != Site::Network;
            free && (block.column, block.tier) == (column, tier)
        });
        let mut order: Vec<usize> = apps.chain(alone).collect();
        order.sort_by_key(|&block| !self.is_reached(block));
        order
    }
}

/// The column and the tier of a node.
fn placed(graph: &Graph, node: usize) -> Block {
    let this = End::Node(node);
    let is_stranger = |end: End| matches!(end, End::Node(other) if graph.nodes[other].stranger);
    let uses = graph.edges.iter().any(|edge| edge.from == this);
    let reached = graph.edges.iter().any(|edge| edge.to == this && is_stranger(edge.from));
    let used = graph.edges.iter().any(|edge| edge.to == this && !is_stranger(edge.from));
    let (column, tier) = match graph.nodes[node].site {
        Site::Network | Site::Tasks { .. } => (1, Tier::Subnets),
        Site::Public => (0, Tier::Subnets),
        Site::Data => (2, Tier::Subnets),
        Site::Vpc => (2, Tier::Network),
        Site::Outside if uses => {
            // Above what it reaches in the network, below what it reaches elsewhere.
            let targets = graph.edges.iter().filter(|edge| edge.from == this).map(|edge| edge.to);
            let columns = targets.filter_map(|end| match end {
                End::App(_) => Some(1),
                End::Node(other) => match graph.nodes[other].site {
                    Site::Region | Site::Outside => None,
                    _ => Some(placed(graph, other).column),
                },
            });
            columns.min().map_or((0, Tier::Below), |column| (column, Tier::Above))
        }
        Site::Outside => (2, Tier::Below),
        Site::Region if used && !reached => (2, Tier::Account),
        Site::Region if uses || reached => (0, Tier::Account),
        Site::Region => (1, Tier::Account),
    };
    Block { column, tier, ..Block::default() }
}

/// The text of a node.
fn texts(node: &Node, column: usize) -> Vec<Text> {
    let most = WIDTHS[column] - 2 * INSET - if node.app.is_some() { 2 * PAD } else { 0 };
    let of = |class, text: &str, size, bold| {
        wrap(text, size, bold, most).into_iter().map(move |text| Text { text, class }).collect::<Vec<_>>()
    };
    let mut texts = Vec::new();
    if !node.kind.is_empty() {
        texts.extend(of(TextClass::Kind, &node.kind, TEXT, false));
    }
    for item in &node.items {
        texts.extend(of(TextClass::Name, &item.name, NAME, true));
        // Short facts share a line.
        let mut line = String::new();
        for fact in &item.lines {
            // A slash between values ends a line rather than beginning one.
            let fact = &fact.replace(" / ", "\u{a0}/ ");
            let both = format!("{line} · {fact}");
            if line.is_empty() {
                line.clone_from(fact);
            } else if width(&both, TEXT, false) <= most {
                line = both;
            } else {
                texts.extend(of(TextClass::Fact, &line, TEXT, false));
                line.clone_from(fact);
            }
        }
        texts.extend(of(TextClass::Fact, &line, TEXT, false));
    }
    texts
}

/// The label of an edge in lines.
fn label(edge: &Edge) -> Vec<String> {
    match edge.style {
        Style::Request => edge.label.iter().flat_map(|text| wrap(text, TEXT, false, 96)).collect(),
        _ => wrap(&edge.label.join(", "), TEXT, false, 78),
    }
}
