//! Where everything stands: three columns from left to right, in the direction of requests, with a channel on the left
//! of each in which the edges run at right angles. Integers only, so that the picture is the same on every machine.
//!
//! | tier | column 0 | column 1 | column 2 |
//! |---|---|---|---|
//! | above the account | who reaches a subnet | | |
//! | subnets | public ones | those of tasks | those of data |
//! | elsewhere in the network | | | security groups |
//! | the account | what acts on others: pipelines, CDN, alarms | what no edge speaks of | what is used: secrets, buckets |
//! | below the account | who reaches the account | | what is outside AWS |
//!
//! Nodes stand on multiples of ten. Edges leave a node on its right at odd multiples of five and enter one on its left
//! at multiples of ten, so that no two of them ever run on top of each other.

mod blocks;
mod channels;
mod frames;

pub(super) use blocks::{Text, TextClass};

use super::{End, Graph, Style};

/// A rectangle.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Rect {
    /// The left edge.
    pub x: i32,
    /// The upper edge.
    pub y: i32,
    /// The width.
    pub w: i32,
    /// The height.
    pub h: i32,
}

impl Rect {
    /// The right edge.
    pub fn right(self) -> i32 {
        self.x + self.w
    }

    /// The lower edge.
    pub fn bottom(self) -> i32 {
        self.y + self.h
    }

    /// Whether two rectangles have a point in common that is on no edge of theirs.
    pub fn overlaps(self, other: Rect) -> bool {
        self.x < other.right() && other.x < self.right() && self.y < other.bottom() && other.y < self.bottom()
    }
}

/// A box around nodes.
#[derive(Debug, Clone, PartialEq)]
pub struct Frame {
    /// Where it is.
    pub rect: Rect,
    /// What stands at its top.
    pub title: String,
    /// Where that is.
    pub title_box: Rect,
    /// What it is: `account`, `network`, `public`, `private`, `data`, `app`.
    pub class: &'static str,
}

/// The way of an edge.
#[derive(Debug, Clone, PartialEq)]
pub struct Path {
    /// Its corners, from the one who uses to what is used.
    pub points: Vec<(i32, i32)>,
    /// What sort it is.
    pub style: Style,
    /// Its label, from top to bottom.
    pub label: Vec<String>,
    /// Where the label is.
    pub label_box: Rect,
}

/// A picture, ready to be drawn.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Layout {
    /// The width of the whole.
    pub width: i32,
    /// The height of the whole.
    pub height: i32,
    /// The boxes, outer ones first.
    pub frames: Vec<Frame>,
    /// The nodes, in the order of the graph.
    pub nodes: Vec<Rect>,
    /// What stands in each node.
    pub(super) texts: Vec<Vec<Text>>,
    /// The edges, in the order of the graph.
    pub paths: Vec<Path>,
}

/// The width of each column's nodes.
const WIDTHS: [i32; 3] = [136, 164, 152];
/// Between a frame and what is in it.
const PAD: i32 = 10;
/// Between the sides of a node and its text.
pub(super) const INSET: i32 = 8;
/// Between two nodes.
const GAP: i32 = 20;
/// The height of a line of text.
const LINE: i32 = 15;
/// The height of the box of a zone.
const ZONES: i32 = 20;
/// Where the picture begins, below the title.
const TOP: i32 = 50;
/// The margin of the whole.
const MARGIN: i32 = 10;

/// Lays out a graph.
pub fn layout(graph: &Graph) -> Layout {
    let mut plan = blocks::Plan::new(graph);
    plan.stack();
    let channels = channels::Channels::new(&plan);
    let columns = channels.columns(&plan);
    frames::draw(&plan, &channels, &columns)
}

/// Where the columns are, and where in the channel left of each its tracks begin and its labels end.
#[derive(Debug, Default)]
struct Columns {
    x: [i32; 3],
    w: [i32; 3],
    tracks: [i32; 3],
    labels: [i32; 3],
    width: i32,
}

/// An end as a number, for tables: nodes first, then apps.
fn index(end: End, nodes: usize) -> usize {
    match end {
        End::Node(index) => index,
        End::App(index) => nodes + index,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn rectangles_that_share_an_edge_do_not_overlap() {
        let one = Rect { x: 0, y: 0, w: 10, h: 10 };
        assert!(!one.overlaps(Rect { x: 10, ..one }) && !one.overlaps(Rect { y: 10, ..one }));
        assert!(one.overlaps(Rect { x: 9, y: 9, ..one }));
    }
}
