//! The picture itself: rectangles of nodes and frames, and the ways of edges.

use super::blocks::{Plan, Tier};
use super::channels::Channels;
use super::{Columns, Frame, LINE, Layout, MARGIN, PAD, Path, Rect, ZONES};
use crate::graph::measure::{TEXT, width};
use crate::terms::Site;

/// Draws a plan.
pub(super) fn draw(plan: &Plan<'_>, channels: &Channels, columns: &Columns) -> Layout {
    let nodes = plan.graph.nodes.len();
    let rect = |block: usize| {
        let own = &plan.blocks[block];
        let inset = if block < nodes && plan.graph.nodes[block].app.is_some() { PAD } else { 0 };
        let x = columns.x[own.column] + inset;
        Rect { x, y: own.y, w: columns.w[own.column] - 2 * inset, h: own.h }
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
            true => (rect(run.left).x, plan.departure(edge)),
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
        Rect { x, y: top, w: columns.x[right] + columns.w[right] + pad - x, h: bottom - top }
    };
    let graph = plan.graph;
    let account = around(0, 2, 3 * PAD, plan.account_top, plan.account_bottom);
    let account = Rect { x: MARGIN, w: account.right() - MARGIN, ..account };
    let mut frames = vec![frame(account, graph.account.clone(), "account")];
    if let Some(lines) = &graph.network {
        let title = [&["VPC".to_owned()], lines.as_slice()].concat().join(" · ");
        let rect = around(0, 2, 2 * PAD, plan.account_top + 30, plan.network_bottom);
        frames.push(frame(rect, title, "network"));
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
            frames.push(frame(rect, title, class));
            frames.extend(zones(&graph.zones, rect));
        }
    }
    let nodes = graph.nodes.len();
    for (app, name) in graph.apps.iter().enumerate() {
        let header = &plan.blocks[nodes + app];
        let members = plan.members(app);
        let ends = members.iter().map(|&member| plan.blocks[member].y + plan.blocks[member].h);
        let bottom = ends.max().unwrap_or(header.y + LINE) + PAD;
        let rect = Rect { x: columns.x[1], y: header.y, w: columns.w[1], h: bottom - header.y };
        frames.push(frame(rect, format!("app {name}"), "app"));
    }
    frames
}

/// A box for each zone below the title of subnets: there is a subnet in each.
fn zones<'z>(zones: &'z [String], subnets: Rect) -> impl Iterator<Item = Frame> + use<'z> {
    let w = (subnets.w - 2 * PAD) / (zones.len() as i32).max(1);
    zones.iter().zip(0..).map(move |(zone, place)| {
        let rect = Rect { x: subnets.x + PAD + place * w, y: subnets.y + 24, w: w - 2, h: ZONES };
        let title = if w < 60 { zone.clone() } else { format!("zone {zone}") };
        Frame { title_box: Rect { y: rect.y + 3, ..frame_title(rect, &title) }, rect, title, class: "zone" }
    })
}

/// Where a title stands at the top left of a frame.
fn frame_title(rect: Rect, title: &str) -> Rect {
    Rect { x: rect.x + 8, y: rect.y + 6, w: width(title, TEXT, false), h: LINE }
}

/// A frame with its title: on the right where edges come in from above on the left.
fn frame(rect: Rect, title: String, class: &'static str) -> Frame {
    let mut title_box = frame_title(rect, &title);
    if matches!(class, "account" | "network") {
        title_box.x = rect.right() - 8 - title_box.w;
    }
    Frame { rect, title, title_box, class }
}
