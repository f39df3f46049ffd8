//! The picture as an SVG that needs nothing else: no font, no script, no link. It reads in light and in dark.

use std::fmt::Write;

use super::layout::{Frame, INSET, Layout, Path, Rect, Text, TextClass};
use super::measure::{TEXT, width};
use super::{Edge, End, Graph, Node, Style, layout};

/// Colours by role: light, then dark.
const STYLE: &str = "\
svg{--ground:#fff;--text:#1f2328;--quiet:#57606a;--node:#fff;--line:#8c959f;--account:#f6f8fa;--network:#eef6ff;\
--public:#e6f4ea;--private:#fff;--data:#f3ecfb;--app:#f6f8fa;--requests:#0550ae;--connections:#1a7f37;--rights:#9a6700;\
--deployments:#8250df;--settings:#6e7781}\
@media(prefers-color-scheme:dark){svg{--ground:#0d1117;--text:#e6edf3;--quiet:#9da7b3;--node:#161b22;--line:#6e7681;\
--account:#10161e;--network:#101d2e;--public:#12261c;--private:#0d1117;--data:#211a2f;--app:#161b22;--requests:#79c0ff;\
--connections:#56d364;--rights:#e3b341;--deployments:#d2a8ff;--settings:#8b949e}}\
text{font-family:system-ui,-apple-system,'Segoe UI',Helvetica,Arial,sans-serif;font-size:12px;fill:var(--text)}\
.head{font-size:15px;font-weight:600}.name{font-size:13px;font-weight:600}.kind,.fact,.title{fill:var(--quiet)}\
.ground{fill:var(--ground)}.node{fill:var(--node);stroke:var(--line)}.frame{stroke:var(--line)}\
.account{fill:var(--account);stroke-dasharray:6 4}.network{fill:var(--network)}.public{fill:var(--public)}\
.private{fill:var(--private)}.data{fill:var(--data)}.app{fill:var(--app);stroke-dasharray:3 3}.zone{fill:none;stroke-dasharray:2 2}\
.edge{fill:none;stroke-width:1.5}.label,.end{text-anchor:end}";

/// The graph as an SVG.
pub fn svg(graph: &Graph) -> String {
    let layout = layout(graph);
    let mut out = String::new();
    let (w, h) = (layout.width, layout.height);
    let mut push = |text: String| {
        out.push_str(&text);
        out.push('\n');
    };
    push(format!(
        "<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 {w} {h}\" width=\"{w}\" height=\"{h}\" role=\"img\" \
         aria-labelledby=\"title desc\">"
    ));
    push(format!("<title id=\"title\">{}</title>", escape(&format!("Architecture of {}", graph.title))));
    push(format!("<desc id=\"desc\">{}</desc>", escape(&description(graph))));
    push(format!("<style>{STYLE}{}</style>", styles()));
    push(format!("<rect class=\"ground\" width=\"{w}\" height=\"{h}\" rx=\"6\"/>"));
    push(text("head", 10, 24, &graph.title));
    push(legend(graph, &layout));
    layout.frames.iter().for_each(|each| push(frame(each)));
    for (path, edge) in layout.paths.iter().zip(&graph.edges) {
        push(edge_lines(graph, path, edge));
    }
    for ((node, rect), texts) in graph.nodes.iter().zip(&layout.nodes).zip(&layout.texts) {
        if *rect != Rect::default() {
            push(node_box(node, *rect, texts));
        }
    }
    push(layout.paths.iter().map(label).collect::<Vec<_>>().concat());
    push("</svg>".to_owned());
    out
}

/// The colours of edges.
fn styles() -> String {
    let each = |style: Style| {
        let word = style.word();
        format!(".{word}{{stroke:var(--{word})}}.{word}-tip{{fill:var(--{word})}}")
    };
    let dashed = [Style::Deploy, Style::Name].map(|style| format!(".{}", style.word())).join(",");
    Style::ALL.map(each).concat() + &format!("{dashed}{{stroke-dasharray:5 3}}")
}

/// What the picture shows, in words.
fn description(graph: &Graph) -> String {
    let components: usize =
        graph.nodes.iter().filter(|node| !node.stranger).map(|node| node.items.len()).sum();
    let mut text = format!("{components} components in {}.", graph.account);
    for edge in &graph.edges {
        let how = if edge.label.is_empty() { String::new() } else { format!(" ({})", edge.label.join(", ")) };
        let _ = write!(text, " {} to {}{how}.", graph.name(edge.from), graph.name(edge.to));
    }
    text
}

/// What the colours of edges mean, and in which order values stand that differ.
fn legend(graph: &Graph, layout: &Layout) -> String {
    let mut out = String::new();
    if graph.environments.len() > 1 {
        let order = format!("values that differ: {}", graph.environments.join(" / "));
        let head = width(&graph.title, 15, true);
        out += &text("kind", 10 + head + 16, 24, &order);
    }
    let mut x = layout.width - 10;
    let used = |style: &Style| graph.edges.iter().any(|edge| edge.style == *style);
    for style in Style::ALL.into_iter().rev().filter(used) {
        let word = style.word();
        x -= width(word, TEXT, false);
        out += &text("kind", x, 42, word);
        let _ = write!(out, "<path class=\"edge {word}\" d=\"M{} 38h20\"/>", x - 26);
        x -= 42;
    }
    out
}

fn frame(frame: &Frame) -> String {
    let Rect { x, y, w, h } = frame.rect;
    let rect = format!(
        "<rect class=\"frame {}\" x=\"{x}\" y=\"{y}\" width=\"{w}\" height=\"{h}\" rx=\"6\"/>",
        frame.class
    );
    let Rect { x, y, w, .. } = frame.title_box;
    // Where the box ends on the right, the text does, however wide it is.
    rect + &match x > frame.rect.x + 8 {
        true => text("title end", x + w, y + 11, &frame.title),
        false => text("title", x, y + 11, &frame.title),
    }
}

fn node_box(node: &Node, Rect { x, y, w, h }: Rect, texts: &[Text]) -> String {
    let names: Vec<&str> = node.items.iter().map(|item| item.name.as_str()).collect();
    let title = format!("{} {}", node.kind, names.join(", "));
    let mut out = format!(
        "<g><title>{}</title><rect class=\"node\" x=\"{x}\" y=\"{y}\" width=\"{w}\" height=\"{h}\" rx=\"4\"/>",
        escape(title.trim())
    );
    for (line, y) in texts.iter().zip((y + 19..).step_by(15)) {
        let class = match line.class {
            TextClass::Kind => "kind",
            TextClass::Name => "name",
            TextClass::Fact => "fact",
        };
        out += &text(class, x + INSET, y, &line.text);
    }
    out + "</g>"
}

/// An edge with its tip, corners rounded.
fn edge_lines(graph: &Graph, path: &Path, edge: &Edge) -> String {
    let word = path.style.word();
    let title = format!("{} → {} {}", graph.name(edge.from), graph.name(edge.to), edge.label.join(", "));
    let mut out = format!("<g><title>{}</title><path class=\"edge {word}\" d=\"", escape(title.trim()));
    let points = &path.points;
    for (at, &(x, y)) in points.iter().enumerate() {
        match (at, points.get(at + 1)) {
            (0, _) => {
                let _ = write!(out, "M{x} {y}");
            }
            (_, None) => {
                let _ = write!(out, "L{x} {y}");
            }
            (_, Some(&next)) => {
                let (before, after) = (near((x, y), points[at - 1]), near((x, y), next));
                let _ = write!(out, "L{} {}Q{x} {y} {} {}", before.0, before.1, after.0, after.1);
            }
        }
    }
    out += "\"/>";
    if let [.., from, (x, y)] = points.as_slice() {
        let back = if from.0 < *x { x - 8 } else { x + 8 };
        let _ = write!(out, "<path class=\"{word}-tip\" d=\"M{x} {y}L{back} {}L{back} {}Z\"/>", y - 4, y + 4);
    }
    out + "</g>"
}

/// The point on the way from a corner to the next that is four pixels away, or half the way when that is less.
fn near(corner: (i32, i32), next: (i32, i32)) -> (i32, i32) {
    let step = |from: i32, to: i32| from + ((to - from) / 2).clamp(-4, 4);
    (step(corner.0, next.0), step(corner.1, next.1))
}

fn label(path: &Path) -> String {
    let Rect { x, y, w, .. } = path.label_box;
    let lines = path.label.iter().zip((y + 11..).step_by(14));
    lines.map(|(line, y)| text("label", x + w, y, line)).collect()
}

fn text(class: &str, x: i32, y: i32, text: &str) -> String {
    format!("<text class=\"{class}\" x=\"{x}\" y=\"{y}\">{}</text>", escape(text))
}

/// Text as XML has it; what XML cannot hold becomes the sign for that.
pub(super) fn escape(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for c in text.chars() {
        match c {
            '&' => out.push_str("&amp;"),
            '<' => out.push_str("&lt;"),
            '>' => out.push_str("&gt;"),
            '"' => out.push_str("&quot;"),
            '\'' => out.push_str("&#39;"),
            '\u{fffe}' | '\u{ffff}' => out.push('\u{fffd}'),
            c if c.is_control() => out.push('\u{fffd}'),
            c => out.push(c),
        }
    }
    out
}

impl Graph {
    /// An end in words: `service web`.
    pub(super) fn name(&self, end: End) -> String {
        match end {
            End::App(app) => format!("app {}", self.apps[app]),
            End::Node(node) => {
                let node = &self.nodes[node];
                let names: Vec<&str> = node.items.iter().map(|item| item.name.as_str()).collect();
                format!("{} {}", node.kind, names.join(", ")).trim().to_owned()
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn text_is_escaped_and_holds_nothing_that_xml_cannot() {
        assert_eq!(
            escape("<a href=\"x\">&'\u{1}\u{fffe}"),
            "&lt;a href=&quot;x&quot;&gt;&amp;&#39;\u{fffd}\u{fffd}"
        );
    }

    #[test]
    fn corners_are_rounded_as_far_as_there_is_room() {
        assert_eq!(near((10, 10), (30, 10)), (14, 10));
        assert_eq!(near((10, 10), (10, 14)), (10, 12));
        assert_eq!(near((10, 10), (10, 10)), (10, 10));
    }
}
