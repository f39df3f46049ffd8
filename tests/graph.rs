//! The pictures of the shipped stacks: nothing is missing in them, nothing lies on top of something else, and whatever
//! people write stays text.

#![allow(clippy::disallowed_methods, clippy::unwrap_used, reason = "tests read files, and fail by panicking")]

#[path = "support/compile.rs"]
mod compile;
#[path = "support/stacks.rs"]
mod stacks;

use std::collections::BTreeSet;
use std::sync::Arc;

use groundplan::graph::{Edge, End, Graph, Layout, Rect, dot, layout, mermaid, svg};
use groundplan::model::{Common, Component, Context, Entry, Model};
use groundplan::pipeline;
use groundplan::source::{Source, Sources, Span, Syntax};
use groundplan::syntax::Table;
use groundplan::terms::{Id, Slot, Term, View};

/// The pictures of a stack: of all environments in one, with sizes and without, and of each.
fn pictures(model: &Model) -> Vec<Graph> {
    let each = model.environments.iter().map(|one| Graph::of(model, Some(&one.name)));
    [Graph::of(model, None), Graph::outline(model)].into_iter().chain(each).collect()
}

fn model(text: &str) -> Model {
    let mut sources = Sources::default();
    let file = sources.add(Source::new("stacks/test.hcl", text, Syntax::Hcl));
    let outcome = pipeline::check(&sources, file);
    assert!(outcome.diagnostics.is_empty(), "{:?}", outcome.diagnostics);
    outcome.value.unwrap()
}

/// The shipped stacks, and the examples of the reference: whatever is as small as it can be.
fn models() -> Vec<Model> {
    let mut examples: Vec<_> = std::fs::read_dir(compile::root("docs/examples"))
        .unwrap()
        .map(|entry| entry.unwrap().path())
        .collect();
    examples.sort();
    let examples = examples.iter().map(|path| model(&std::fs::read_to_string(path).unwrap()));
    stacks::all().iter().map(stacks::StackFile::model).chain(examples).collect()
}

/// Whether a node shows a component.
fn shows(graph: &Graph, node: usize, id: &Id) -> bool {
    let kind = id.kind.replace('_', " ");
    let stem = &kind[..kind.len() - 1];
    let node = &graph.nodes[node];
    node.items.iter().any(|item| {
        item.name == format!("{kind} {}", id.name) || (item.name == *id.name && node.kind.starts_with(stem))
    })
}

/// Whether an end shows a component: a node, or the app around it.
fn is(graph: &Graph, end: End, id: &Id) -> bool {
    let mut nodes = 0..graph.nodes.len();
    match end {
        End::Node(node) => shows(graph, node, id),
        End::App(app) => nodes.any(|node| graph.nodes[node].app == Some(app) && shows(graph, node, id)),
    }
}

#[test]
fn every_component_is_in_the_picture() {
    for stack in stacks::all() {
        let model = stack.model();
        let graph = Graph::of(&model, None);
        let formats = [svg(&graph), mermaid(&graph), dot(&graph)];
        for id in model.environments.iter().flat_map(|environment| environment.components.keys()) {
            let found = (0..graph.nodes.len()).any(|node| shows(&graph, node, id));
            assert!(found, "{}: {id}", stack.name);
            let is_frame = id.kind == "network";
            for text in formats.iter().filter(|_| !is_frame) {
                // Long names stand on several lines; the title of a node has them whole.
                assert!(text.contains(&*id.name), "{}: {id}\n{text}", stack.name);
            }
        }
    }
}

#[test]
fn every_rule_between_security_groups_is_an_edge_with_its_port() {
    let mut rules = 0;
    for stack in stacks::all() {
        let model = stack.model();
        for environment in &model.environments {
            let context = Context { stack: &model.stack, environment };
            let graphs = [Graph::of(&model, None), Graph::of(&model, Some(&environment.name))];
            for (id, entry) in &environment.components {
                let view = entry.component.view(id, &context);
                let Some(Slot::Items(peers)) = view.slots.get("peers") else { continue };
                for peer in peers.values() {
                    let (Slot::Text(to), Slot::Term(Term::Literal(port))) =
                        (&peer.slots["peer"], &peer.slots["port"])
                    else {
                        panic!("{peer:?}")
                    };
                    let to = environment.components.keys().find(|id| id.to_string() == *to).unwrap();
                    for graph in &graphs {
                        let drawn = |edge: &Edge| {
                            is(graph, edge.from, id)
                                && is(graph, edge.to, to)
                                && edge.label.contains(&port.to_text())
                        };
                        assert!(
                            graph.edges.iter().any(drawn),
                            "{}: {id} -> {to}:{}",
                            stack.name,
                            port.to_text()
                        );
                    }
                    rules += 1;
                }
            }
        }
    }
    assert!(rules > 20, "{rules}");
}

#[test]
fn every_route_is_an_edge_with_its_path_and_port() {
    for stack in stacks::all() {
        let model = stack.model();
        let graph = Graph::of(&model, None);
        for environment in &model.environments {
            let context = Context { stack: &model.stack, environment };
            for (id, entry) in &environment.components {
                for route in entry.component.routes(id, &context) {
                    let label = format!("{} → :{}", route.path, route.port.unwrap());
                    let drawn = |edge: &Edge| {
                        is(&graph, edge.from, &route.load_balancer)
                            && is(&graph, edge.to, id)
                            && edge.label.contains(&label)
                    };
                    assert!(graph.edges.iter().any(drawn), "{}: {id} {label}", stack.name);
                }
            }
        }
    }
}

/// The straight pieces of all edges: which edge, and the rectangle of no area that the piece is.
fn pieces(layout: &Layout) -> Vec<(usize, Rect)> {
    let paths = layout.paths.iter().enumerate();
    let pieces = paths.flat_map(|(edge, path)| {
        path.points.windows(2).map(move |ends| {
            let ((x, y), (to_x, to_y)) = (ends[0], ends[1]);
            assert!(x == to_x || y == to_y, "edges run at right angles: {:?}", path.points);
            (edge, Rect { x: x.min(to_x), y: y.min(to_y), w: (to_x - x).abs(), h: (to_y - y).abs() })
        })
    });
    pieces.collect()
}

/// Whether a piece of an edge runs through a box.
fn crosses(piece: Rect, area: Rect) -> bool {
    piece.x < area.right() && area.x < piece.right().max(piece.x + 1) && {
        let bottom = piece.bottom().max(piece.y + 1);
        piece.y > area.y && piece.y < area.bottom() || piece.y <= area.y && bottom > area.y + 1
    }
}

#[test]
fn nothing_lies_on_top_of_something_else() {
    for model in models() {
        for graph in pictures(&model) {
            let layout = layout(&graph);
            let name = &graph.title;
            let nodes: Vec<Rect> =
                layout.nodes.iter().copied().filter(|rect| *rect != Rect::default()).collect();
            let labels: Vec<Rect> =
                layout.paths.iter().map(|path| path.label_box).filter(|label| label.h > 0).collect();
            let titles: Vec<Rect> = layout.frames.iter().map(|frame| frame.title_box).collect();
            let boxes: Vec<Rect> = [nodes.clone(), labels, titles.clone()].concat();
            for (index, one) in boxes.iter().enumerate() {
                assert!(one.x >= 0 && one.y >= 0, "{name}: {one:?}");
                assert!(one.right() <= layout.width && one.bottom() <= layout.height, "{name}: {one:?}");
                for other in &boxes[..index] {
                    assert!(!one.overlaps(*other), "{name}: {one:?} {other:?}");
                }
            }
            for (edge, piece) in pieces(&layout) {
                for area in nodes.iter().chain(&titles) {
                    assert!(!crosses(piece, *area), "{name}: {:?} {area:?}", graph.edges[edge]);
                }
                for (other, path) in layout.paths.iter().enumerate() {
                    assert!(
                        other == edge || !crosses(piece, path.label_box),
                        "{name}: {:?} {path:?}",
                        graph.edges[edge]
                    );
                }
            }
            // In a README a picture is about 900 pixels wide; its smallest text then has eleven at least.
            assert!(layout.width * 11 <= 12 * 900, "{name} is {} wide", layout.width);
        }
    }
}

#[test]
fn edges_of_different_sorts_or_ends_never_run_on_top_of_each_other() {
    for model in models() {
        for graph in pictures(&model) {
            let layout = layout(&graph);
            let pieces = pieces(&layout);
            for (index, (one, a)) in pieces.iter().enumerate() {
                for (other, b) in &pieces[..index] {
                    let (one, other) = (&graph.edges[*one], &graph.edges[*other]);
                    let related = [one.from, one.to].iter().any(|end| [other.from, other.to].contains(end));
                    let upright = a.w == 0 && b.w == 0 && a.x == b.x && a.y < b.bottom() && b.y < a.bottom();
                    let level = a.h == 0 && b.h == 0 && a.y == b.y && a.x < b.right() && b.x < a.right();
                    assert!(
                        related && one.style == other.style || !(upright || level),
                        "{}: {one:?} {a:?} {other:?} {b:?}",
                        graph.title
                    );
                }
            }
        }
    }
}

#[test]
fn the_same_stack_is_the_same_picture() {
    for stack in stacks::all() {
        let draw = || {
            let graphs = pictures(&stack.model());
            graphs.iter().map(|graph| [svg(graph), mermaid(graph), dot(graph)]).collect::<Vec<_>>()
        };
        assert_eq!(draw(), draw(), "{}", stack.name);
    }
}

#[test]
fn an_environment_has_a_picture_of_its_own() {
    let stack = stacks::all().into_iter().find(|stack| stack.name == "mastodon").unwrap();
    let model = stack.model();
    let all = svg(&Graph::of(&model, None)).replace("\u{a0}", " ");
    for said in [
        "values that differ: production / staging",
        "staging only",
        "4–12 / 2–6 tasks",
        "staging: outside AWS",
    ] {
        assert!(all.contains(said), "{said}");
    }
    let staging = svg(&Graph::of(&model, Some("staging"))).replace("\u{a0}", " ");
    for said in ["production", "staging only", "NAT gateway", "values that differ"] {
        assert!(!staging.contains(said), "{said}");
    }
    assert!(staging.contains("public subnets, no NAT") && staging.contains("2–6 tasks"));
}

/// Paths, metrics and hosts with everything that means something in one of the three languages.
const HOSTILE: &str = r#"
stack "shop" { region = "eu-west-1" }
environment "staging" { account = "111111111111" }
network "main" {
  cidr  = "10.20.0.0/16"
  zones = ["a", "c"]
}
load_balancer "main" { https = false }
cache "main" {
  existing { host = "a<b>\"&'\\--]]>;%" }
}
service "web" {
  image       = "nginx:1"
  port        = 80
  environment = { HOST = cache.main.host }
  route "/a\"b'c&d~$.*" {}
}
alarm "odd" {
  of     = service.web
  metric = "</text><script>alert(1)</script>\"];end"
  above  = 1
}
"#;

#[test]
fn whatever_people_write_stays_text() {
    let graph = Graph::of(&model(HOSTILE), None);
    let picture = svg(&graph);
    assert_well_formed(&picture);
    assert!(!picture.contains("<script") && picture.contains("&lt;script&gt;"), "{picture}");
    for line in mermaid(&graph).lines() {
        // Two quotes around each text and none within; no tag but those for lines and names.
        assert!(line.matches('"').count() <= 2, "{line}");
        let plain = ["<b>", "</b>", "<br/>", "-->", "-.->"]
            .iter()
            .fold(line.to_owned(), |all, tag| all.replace(tag, ""));
        assert!(!plain.contains(['<', '>', '\\', '&', ';']) || plain.contains('#'), "{line}");
        assert!(!plain.contains(['<', '>', '\\', '&']), "{line}");
    }
    for line in dot(&graph).lines() {
        let quotes = line.replace("\\\\", "").replace("\\\"", "").matches('"').count();
        assert_eq!(quotes % 2, 0, "{line}");
    }
}

#[test]
fn pictures_are_well_formed_and_need_nothing_else() {
    for model in models() {
        for graph in pictures(&model) {
            let picture = svg(&graph);
            assert_well_formed(&picture);
            for outside in ["href", "url(", "@import", "<script", "<image"] {
                assert!(!picture.contains(outside), "{outside}");
            }
            assert_eq!(picture.matches("http").count(), 1, "the namespace of SVG is the only address");
            assert!(picture.contains("prefers-color-scheme:dark") && picture.contains("role=\"img\""));
            assert!(picture.contains("<title id=\"title\">") && picture.contains("<desc id=\"desc\">"));
        }
    }
}

/// Fails unless tags are closed in order, attributes are quoted and unique, and every `&` begins an entity.
fn assert_well_formed(xml: &str) {
    let mut open: Vec<&str> = Vec::new();
    let mut rest = xml.trim_end();
    while let Some(start) = rest.find('<') {
        assert_text(&rest[..start]);
        assert!(start == 0 || !open.is_empty(), "text outside: {}", &rest[..start]);
        let end = rest[start..].find('>').expect("a tag ends") + start;
        let tag = &rest[start + 1..end];
        rest = &rest[end + 1..];
        if let Some(name) = tag.strip_prefix('/') {
            assert_eq!(open.pop(), Some(name));
            continue;
        }
        let (tag, closed) = tag.strip_suffix('/').map_or((tag, false), |tag| (tag, true));
        let (name, attributes) = tag.split_once(' ').unwrap_or((tag, ""));
        assert!(!name.is_empty() && name.bytes().all(|byte| byte.is_ascii_lowercase()), "{tag}");
        let mut seen = BTreeSet::new();
        let mut parts = attributes.split('"');
        while let (Some(key), Some(value)) = (parts.next(), parts.next()) {
            let key = key.trim().strip_suffix('=').unwrap_or_else(|| panic!("{tag}"));
            assert!(seen.insert(key.to_owned()), "{tag}");
            assert_text(value);
        }
        if !closed {
            open.push(name);
        }
    }
    assert!(open.is_empty() && rest.is_empty(), "{open:?} {rest}");
}

fn assert_text(text: &str) {
    for (at, _) in text.match_indices('&') {
        let entity = text[at + 1..].split(';').next().unwrap();
        assert!(["amp", "lt", "gt", "quot", "#39"].contains(&entity), "{text}");
    }
    assert!(!text.contains(|c: char| c.is_control() && c != '\n'), "{text:?}");
}

/// A component of a kind that does not exist yet.
#[derive(Debug)]
struct Queue;

impl Component for Queue {
    fn view(&self, _id: &Id, _context: &Context<'_>) -> View {
        View::default()
    }
}

#[test]
fn a_kind_that_nobody_drew_yet_has_its_node() {
    let mut model = model(HOSTILE);
    let header = Span { start: 0, end: 0, ..model.stack.place };
    let common = Common::unsaid(header);
    let table = Arc::new(Table::default());
    let entry = Entry { component: Box::new(Queue), common, table, header, app: None };
    model.environments[0].components.insert(Id::new("queue", "jobs"), entry);
    let graph = Graph::of(&model, None);
    assert!(
        (0..graph.nodes.len()).any(|node| shows(&graph, node, &Id::new("queue", "jobs"))),
        "{:?}",
        graph.nodes
    );
    assert!(svg(&graph).contains("queue jobs"));
}
