//! The picture itself: rectangles of nodes and frames, and the ways of edges.

use super::blocks::{Plan, Tier};
use super::channels::Channels;
use super::{Columns, Frame, LINE, Layout, MARGIN, PAD, Path, Rect, WIDTHS};
use crate::graph::measure::{TEXT, width};
use crate::terms::Site;

/// Draws a plan.
pub(super) fn draw(plan: &Plan<'_>, channels: &Channels, columns: &Columns) -> Layout {
    let nodes = plan.graph.nodes.len();
    let rect = |block: usize| {
        let own = &plan.blocks[block];
        let inset = if block < nodes && plan.graph.nodes[block].app.is_some() { PAD } else { 0 };
        let x = columns.x[own.column] + inset;
        Rect { x, y: own.y, w: WIDTHS[own.column] - 2 * inset, h: own.h }
    };
    let mut layout = Layout {
        width: columns.width,
        height: plan.bottom + MARGIN,
        frames: frames(plan, columns),
        texts: plan.texts.clone(),
        ..Layout::default()
    };
    layout.nodes = (0..nodes)
        .map(|node| if plan.graph.nodes[node].site == Site::Network { Rect::default() } else { rect(node) })
        .collect();
    for (edge, run) in plan.runs.iter().enumerate() {
        let (left, right) = plan.columns(edge);
        let entry = plan.entry(edge, run.right);
        let start = match left == right {
            true => (rect(run.left).x, plan.entry(edge, run.left)),
            false => (rect(run.left).right(), plan.exit(edge)),
        };
        let mut points = vec![start];
        points.extend(channels.corners(plan, columns, edge));
        points.push((rect(run.right).x, entry));
        points.dedup();
        if run.reversed {
            points.reverse();
        }
        let label = plan.labels[edge].clone();
        let wide = label.iter().map(|text| width(text, TEXT, false)).max().unwrap_or_default();
        let tall = label.len() as i32 * 14;
        let label_box = Rect { x: columns.labels[right] - wide, y: entry - 3 - tall, w: wide, h: tall };
        layout.paths.push(Path { points, style: plan.graph.edges[edge].style, label, label_box });
    }
    layout
}

/// The frames, outer ones first.
fn frames(plan: &Plan<'_>, columns: &Columns) -> Vec<Frame> {
    let around = |left: usize, right: usize, pad: i32, top: i32, bottom: i32| {
        let x = columns.x[left] - pad;
        Rect { x, y: top, w: columns.x[right] + WIDTHS[right] + pad - x, h: bottom - top }
    };
    let graph = plan.graph;
    let account = around(0, 2, 3 * PAD, plan.account_top, plan.account_bottom);
    let mut frames = vec![Frame {
        rect: Rect { x: MARGIN, w: account.right() - MARGIN, ..account },
        title: vec![graph.account.clone()],
        class: "account",
    }];
    if let Some(lines) = &graph.network {
        let title = [&["VPC".to_owned()], lines.as_slice()].concat().join(" · ");
        frames.push(Frame {
            rect: around(0, 2, 2 * PAD, plan.account_top + 30, plan.network_bottom),
            title: vec![title],
            class: "network",
        });
        let bottom = plan.network_bottom - PAD;
        let has = |column: usize| {
            plan.blocks.iter().any(|block| (block.column, block.tier) == (column, Tier::Subnets))
        };
        let public = &graph.public_tasks;
        let (tasks, class) = match public.len() {
            0 => ("private subnets".to_owned(), "private"),
            all if all == graph.environments.len() => ("public subnets, no NAT".to_owned(), "public"),
            _ => {
                let each = graph.environments.iter();
                let each = each.map(|name| if public.contains(name) { "public" } else { "private" });
                (format!("{} subnets", each.collect::<Vec<_>>().join(" / ")), "private")
            }
        };
        let subnets = [
            (0, "public subnets".to_owned(), "public", bottom),
            (1, tasks, class, bottom),
            (2, "data subnets".to_owned(), "data", plan.data_bottom + PAD),
        ];
        for (column, title, class, bottom) in subnets.into_iter().filter(|(column, ..)| has(*column)) {
            let rect = around(column, column, PAD, plan.account_top + 52, bottom);
            frames.push(Frame { rect, title: vec![title], class });
        }
    }
    let nodes = graph.nodes.len();
    for (app, name) in graph.apps.iter().enumerate() {
        let header = &plan.blocks[nodes + app];
        let members = plan.members(app);
        let ends = members.iter().map(|&member| plan.blocks[member].y + plan.blocks[member].h);
        let bottom = ends.max().unwrap_or(header.y + LINE) + PAD;
        let rect = Rect { x: columns.x[1], y: header.y, w: WIDTHS[1], h: bottom - header.y };
        frames.push(Frame { rect, title: vec![format!("app {name}")], class: "app" });
    }
    frames
}
