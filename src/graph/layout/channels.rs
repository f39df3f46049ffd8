//! The channels between the columns: which track each edge takes, and how wide they become.

use std::collections::BTreeMap;

use super::blocks::Plan;
use super::{Columns, MARGIN, PAD, WIDTHS};
use crate::graph::Style;
use crate::graph::measure::{TEXT, width};

/// Between two tracks.
const TRACK: i32 = 7;

/// What takes one track: the edges of a bundle next to where they leave, where they come down again behind a column
/// that they cross, or the edges towards one block within a column.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Trunk {
    Leaving(usize, Style, bool),
    Arriving(usize, Style, bool),
    Within(usize, Style),
}

/// The tracks of all channels; channel `c` is on the left of column `c`.
pub(super) struct Channels {
    tracks: BTreeMap<(usize, Trunk), usize>,
    count: [usize; 3],
    /// The height of the track of each bundle below the network.
    strip: BTreeMap<(usize, Style, bool), i32>,
}

impl Channels {
    pub(super) fn new(plan: &Plan<'_>) -> Self {
        let first = plan.network_bottom + 15;
        let strip: BTreeMap<_, _> = plan.spans().into_iter().zip((first..).step_by(10)).collect();
        let mut reach: BTreeMap<(usize, Trunk), (i32, i32)> = BTreeMap::new();
        for edge in 0..plan.runs.len() {
            for (channel, trunk, from, to) in pieces(plan, &strip, edge) {
                let (low, high) = (from.min(to), from.max(to));
                let known = reach.entry((channel, trunk)).or_insert((low, high));
                *known = (known.0.min(low), known.1.max(high));
            }
        }
        let mut channels = Self { tracks: BTreeMap::new(), count: [0; 3], strip };
        let mut ordered: Vec<_> = reach.into_iter().collect();
        ordered.sort_by_key(|((channel, trunk), (low, high))| (*channel, *low, *high, *trunk));
        let mut taken: [Vec<i32>; 3] = Default::default();
        for ((channel, trunk), (low, high)) in ordered {
            let free = taken[channel].iter().position(|end| end + 5 < low);
            let track = free.unwrap_or_else(|| {
                taken[channel].push(0);
                taken[channel].len() - 1
            });
            taken[channel][track] = high;
            channels.tracks.insert((channel, trunk), track);
            channels.count[channel] = taken[channel].len();
        }
        channels
    }

    /// Where the columns come to stand.
    pub(super) fn columns(&self, plan: &Plan<'_>) -> Columns {
        let mut columns = Columns::default();
        let mut x = MARGIN;
        for (column, wide) in WIDTHS.into_iter().enumerate() {
            let used = plan.blocks.iter().any(|block| block.column == column);
            // A network has its frame even where nothing stands in public subnets.
            if !used && column > 0 {
                columns.x[column] = x;
                continue;
            }
            let labels = (0..plan.runs.len()).filter(|&edge| channel(plan, edge) == column);
            let label = labels.flat_map(|edge| &plan.labels[edge]).map(|text| width(text, TEXT, false)).max();
            // Around a column stands the frame of its subnets, around the first that of the network, too.
            x += if column == 0 { 0 } else { 2 * PAD };
            columns.tracks[column] = x + TRACK;
            x += (self.count[column] as i32 + 1) * TRACK + label.map_or(0, |label| label + 4);
            columns.labels[column] = x;
            x += 4 + if column == 0 { 2 * PAD } else { PAD };
            columns.x[column] = x;
            columns.w[column] = wide;
            x += wide;
        }
        columns.width = x + 3 * PAD + MARGIN;
        columns
    }

    /// The corners of an edge between its two ends, from left to right.
    pub(super) fn corners(&self, plan: &Plan<'_>, columns: &Columns, edge: usize) -> Vec<(i32, i32)> {
        let mut corners = Vec::new();
        for (channel, trunk, from, to) in pieces(plan, &self.strip, edge) {
            let track = self.tracks.get(&(channel, trunk)).copied().unwrap_or_default();
            let x = columns.tracks[channel] + track as i32 * TRACK;
            corners.extend([(x, from), (x, to)]);
        }
        corners
    }
}

/// The channel in which the label of an edge stands: that before its right end.
fn channel(plan: &Plan<'_>, edge: usize) -> usize {
    plan.columns(edge).1
}

/// The vertical pieces of an edge from left to right: channel, trunk, and the heights at which it begins and ends.
fn pieces(
    plan: &Plan<'_>,
    strip: &BTreeMap<(usize, Style, bool), i32>,
    edge: usize,
) -> Vec<(usize, Trunk, i32, i32)> {
    let run = plan.runs[edge];
    let (left, right) = plan.columns(edge);
    let entry = plan.entry(edge, run.right);
    let (block, style, reversed) = plan.bundle(edge);
    if left == right {
        return vec![(left, Trunk::Within(run.left, style), plan.departure(edge), entry)];
    }
    let exit = plan.exit(edge);
    match strip.get(&(block, style, reversed)).filter(|_| right > left + 1) {
        None => vec![(right, Trunk::Leaving(block, style, reversed), exit, entry)],
        Some(&below) => vec![
            (left + 1, Trunk::Leaving(block, style, reversed), exit, below),
            (right, Trunk::Arriving(block, style, reversed), below, entry),
        ],
    }
}
