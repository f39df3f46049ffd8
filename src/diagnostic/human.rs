//! Diagnostics as text for people, with the source lines they are about.
//!
//! The caller decides about colour and prints. Whatever the source holds, no control character but the line
//! feed (and our own colours) reaches the terminal.

use std::ops::Range;

use annotate_snippets::{Annotation, AnnotationKind, Group, Level, Renderer, Snippet};

use super::{Diagnostic, Label, Severity};
use crate::source::{Source, Sources, Span};

/// Related places at most this many lines away are shown in the snippet of the primary place.
const NEAR: usize = 20;
/// Characters shown before and after the start of a place on a longer line.
const WINDOW: usize = 60;

/// Renders each diagnostic with its places, help and environments, and the [`summary`] at the end. Empty when
/// there is nothing to say; else it ends with a line feed.
pub fn render(diagnostics: &[Diagnostic], sources: &Sources, color: bool) -> String {
    let renderer = if color { Renderer::styled() } else { Renderer::plain() };
    let mut text = String::new();
    for diagnostic in diagnostics {
        text.push_str(&render_one(diagnostic, sources, &renderer));
        text.push_str("\n\n");
    }
    if let Some(summary) = summary(diagnostics) {
        text.push_str(&summary);
        text.push('\n');
    }
    text
}

/// How many errors and warnings there are: `2 errors, 1 warning`. `None` when there are none.
pub fn summary(diagnostics: &[Diagnostic]) -> Option<String> {
    let count = |severity: Severity| match diagnostics.iter().filter(|d| d.code.severity == severity).count()
    {
        0 => None,
        1 => Some(format!("1 {}", severity.name())),
        many => Some(format!("{many} {}s", severity.name())),
    };
    let counts: Vec<String> = [Severity::Error, Severity::Warning].into_iter().filter_map(count).collect();
    (!counts.is_empty()).then(|| counts.join(", "))
}

fn render_one(diagnostic: &Diagnostic, sources: &Sources, renderer: &Renderer) -> String {
    let level = match diagnostic.code.severity {
        Severity::Error => Level::ERROR,
        Severity::Warning => Level::WARNING,
    };
    let primary = &diagnostic.primary;
    let line = |span| sources.position(span).line;
    let near = |label: &&Label| {
        label.span.file == primary.span.file && line(label.span).abs_diff(line(primary.span)) <= NEAR
    };
    let (near, far): (Vec<&Label>, Vec<&Label>) = diagnostic.related.iter().partition(near);
    let near = near.into_iter().map(|label| (AnnotationKind::Context, label));
    let mut snippets = vec![Shown::new(primary, AnnotationKind::Primary, near, sources)];
    snippets.extend(
        far.into_iter().map(|label| Shown::new(label, AnnotationKind::Context, std::iter::empty(), sources)),
    );
    let mut corrections = Vec::new();
    let mut group =
        Group::with_title(level.primary_title(phrase(&diagnostic.message)).id(diagnostic.code.name));
    for shown in snippets {
        corrections.extend(shown.correction);
        group = group.element(shown.snippet);
    }
    if let Some(help) = &diagnostic.help {
        group = group.element(Level::HELP.message(phrase(help)));
    }
    if let Some(note) = diagnostic.note() {
        group = group.element(Level::NOTE.message(phrase(&note)));
    }
    let text = renderer.render(&[group]);
    corrections.iter().fold(text, |text, (printed, real)| text.replacen(printed, real, 1))
}

/// The lines around some places, ready to render.
struct Shown {
    snippet: Snippet<'static, Annotation<'static>>,
    /// The position that the renderer counts in a line without its start, and the real one.
    correction: Option<(String, String)>,
}

impl Shown {
    /// Shows `first`, which gives the position, and `others` near it in the same file.
    fn new<'d>(
        first: &'d Label,
        kind: AnnotationKind,
        others: impl Iterator<Item = (AnnotationKind, &'d Label)>,
        sources: &Sources,
    ) -> Self {
        let source = sources.get(first.span.file);
        let name = phrase(&source.name);
        let line_of = |label: &Label| source.position(label.span.start).line;
        let marks: Vec<(AnnotationKind, &Label)> = std::iter::once((kind, first)).chain(others).collect();
        let numbers = marks.iter().map(|(_, label)| line_of(label));
        let (from, to) = numbers.fold((usize::MAX, 0), |(low, high), line| (low.min(line), high.max(line)));
        let (mut text, mut annotations, mut correction) = (String::new(), Vec::new(), None);
        for number in from..=to {
            let here: Vec<_> = marks.iter().filter(|(_, label)| line_of(label) == number).collect();
            let line = Line::around(source, number, here.first().map(|(_, label)| label.span.start as usize));
            for (kind, label) in here {
                let range = line.columns(label.span, text.len());
                if line.cut_before && std::ptr::eq(*label, first) {
                    let column = line.before(label.span.start).chars().count() + 1;
                    let position = source.position(label.span.start);
                    correction = Some((format!("{name}:{number}:{column}"), format!("{name}:{position}")));
                }
                let label = (!label.text.is_empty()).then(|| phrase(&label.text));
                annotations.push(kind.span(range).label(label));
            }
            text.push_str(&line.shown());
            text.push('\n');
        }
        let snippet = Snippet::source(text).path(name).line_start(from).annotations(annotations);
        Self { snippet, correction }
    }
}

/// The part of a source line that is shown.
struct Line<'s> {
    text: &'s str,
    /// The byte offset of `text` in the source.
    start: usize,
    cut_before: bool,
    cut_after: bool,
}

const CUT: &str = "...";

impl<'s> Line<'s> {
    /// A line, or the part of a long line around the byte `focus` of the source.
    fn around(source: &'s Source, number: usize, focus: Option<usize>) -> Self {
        let range = source.line_range(number);
        let whole = &source.text[range.clone()];
        let whole = whole.strip_suffix('\r').unwrap_or(whole);
        let focus = floor(whole, focus.unwrap_or(range.start).saturating_sub(range.start));
        let back = |count| whole[..focus].char_indices().rev().nth(count).map_or(0, |(at, _)| at);
        let from = if back(2 * WINDOW) == 0 { 0 } else { back(WINDOW) };
        let to = whole[focus..].char_indices().nth(2 * WINDOW).map_or(whole.len(), |(at, _)| focus + at);
        let (cut_before, cut_after) = (from > 0, to < whole.len());
        Self { text: &whole[from..to], start: range.start + from, cut_before, cut_after }
    }

    /// What is shown before a byte of the source.
    fn before(&self, at: u32) -> String {
        let at = floor(self.text, (at as usize).saturating_sub(self.start));
        let cut = if self.cut_before { CUT } else { "" };
        format!("{cut}{}", visible(&self.text[..at]))
    }

    /// Where a span stands in the shown text, which is to be written at `offset`. A span that goes on in the next
    /// line ends with this one.
    fn columns(&self, span: Span, offset: usize) -> Range<usize> {
        let column = |at: u32| offset + self.before(at).len();
        column(span.start)..column(span.end.max(span.start))
    }

    fn shown(&self) -> String {
        let (before, after) = (if self.cut_before { CUT } else { "" }, if self.cut_after { CUT } else { "" });
        format!("{before}{}{after}", visible(self.text))
    }
}

/// The last character boundary at or before a byte offset.
fn floor(text: &str, at: usize) -> usize {
    let mut at = at.min(text.len());
    while !text.is_char_boundary(at) {
        at -= 1;
    }
    at
}

/// A text outside of source lines, with pictures in place of what a terminal would obey.
pub fn phrase(text: &str) -> String {
    visible(text).replace('\t', "    ")
}

/// Text with pictures in place of what a terminal would obey: control characters and changes of text direction.
fn visible(text: &str) -> String {
    let picture = |c: char| match c {
        '\t' => '\t',
        '\0'..='\u{1f}' => char::from_u32(0x2400 + u32::from(c)).unwrap_or('\u{fffd}'),
        '\u{7f}' => '\u{2421}',
        '\u{80}'..='\u{9f}' | '\u{200e}' | '\u{200f}' | '\u{61c}' => '\u{fffd}',
        '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}' | '\u{2028}' | '\u{2029}' => '\u{fffd}',
        _ => c,
    };
    text.chars().map(picture).collect()
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::diagnostic::Code;
    use crate::source::{FileId, Syntax};

    static ERROR: Code =
        Code { name: "mount-unknown", severity: Severity::Error, title: "t", explanation: "e" };
    static WARNING: Code = Code { name: "odd", severity: Severity::Warning, title: "t", explanation: "e" };

    fn sources(text: &str) -> (Sources, FileId) {
        let mut sources = Sources::default();
        let file = sources.add(Source::new("stacks/app.hcl", text, Syntax::Hcl));
        (sources, file)
    }

    fn span_of(sources: &Sources, file: FileId, needle: &str) -> Span {
        let start = sources.get(file).text.find(needle).unwrap();
        Span::new(file, start, start + needle.len())
    }

    #[test]
    fn shows_place_label_help_and_environments() {
        let (sources, file) = sources("app \"a\" {\n  mount = efs.upload\n}\n");
        let mut diagnostic =
            Diagnostic::new(&ERROR, span_of(&sources, file, "efs.upload"), "no `efs.upload`")
                .label("no file system of this name")
                .help("did you mean `efs.uploads`?");
        diagnostic.environments = vec!["staging".into(), "prod".into()];
        let expected = "\
error[mount-unknown]: no `efs.upload`
 --> stacks/app.hcl:2:11
  |
2 |   mount = efs.upload
  |           ^^^^^^^^^^ no file system of this name
  |
  = help: did you mean `efs.uploads`?
  = note: in environments `staging`, `prod`

1 error
";
        assert_eq!(render(std::slice::from_ref(&diagnostic), &sources, false), expected);
        diagnostic.environments.pop();
        let one = render(&[diagnostic], &sources, false);
        assert!(one.contains("note: in environment `staging`\n"), "{one}");
    }

    #[test]
    fn near_and_far_related_places_are_shown_with_their_lines() {
        let text = format!("a = 1\nb = 2\n{}a = 3\n", "#\n".repeat(100));
        let (sources, file) = sources(&text);
        let last = Span::new(file, text.rfind("a = 3").unwrap(), text.len() - 1);
        let diagnostic = Diagnostic::new(&ERROR, span_of(&sources, file, "b = 2"), "m")
            .related(span_of(&sources, file, "a = 1"), "first")
            .related(last, "last");
        let shown = render(&[diagnostic], &sources, false);
        assert!(shown.contains("  1 | a = 1\n    | ----- first"), "{shown}");
        assert!(shown.contains("stacks/app.hcl:103:1"), "{shown}");
        assert!(shown.contains("103 | a = 3\n    | ----- last"), "{shown}");
        assert!(shown.lines().count() < 20, "{shown}");
    }

    #[test]
    fn counts_errors_and_warnings() {
        let (_, file) = sources("");
        let at = Span::new(file, 0, 0);
        let (error, warning) = (Diagnostic::new(&ERROR, at, "m"), Diagnostic::new(&WARNING, at, "m"));
        assert_eq!(summary(&[]), None);
        assert_eq!(summary(std::slice::from_ref(&warning)).as_deref(), Some("1 warning"));
        let all = [error.clone(), warning, error];
        assert_eq!(summary(&all).as_deref(), Some("2 errors, 1 warning"));
    }

    #[test]
    fn a_huge_line_is_cut_around_the_place_and_keeps_its_column() {
        let text = format!("a = \"{}\" here {}\n", "é".repeat(1_000_000), "x".repeat(1_000_000));
        let (sources, file) = sources(&text);
        let diagnostic = Diagnostic::new(&ERROR, span_of(&sources, file, "here"), "m").label("this");
        let shown = render(&[diagnostic], &sources, false);
        assert!(shown.contains("stacks/app.hcl:1:1000008"), "{shown}");
        assert!(shown.contains("é\" here xxx"), "{shown}");
        assert!(shown.contains("^^^^ this"), "{shown}");
        assert!(shown.len() < 1_500, "{}", shown.len());
    }

    #[test]
    fn a_span_over_many_lines_marks_its_first_line() {
        let (sources, file) = sources("a = <<EOT\nx\ny\nEOT\n");
        let all = Span::new(file, 4, 17);
        let shown = render(&[Diagnostic::new(&ERROR, all, "m")], &sources, false);
        assert!(shown.contains("1 | a = <<EOT\n  |     ^^^^^\n"), "{shown}");
    }

    #[test]
    fn color_is_only_there_when_asked_for() {
        let (sources, file) = sources("a = 1\n");
        let diagnostic = [Diagnostic::new(&ERROR, Span::new(file, 0, 1), "m")];
        assert!(render(&diagnostic, &sources, true).contains('\u{1b}'));
        assert!(!render(&diagnostic, &sources, false).contains('\u{1b}'));
    }

    #[test]
    fn control_characters_of_the_user_never_reach_the_terminal() {
        let controls: String = (0..0xa0).filter_map(char::from_u32).filter(|c| c.is_control()).collect();
        let hostile = format!("\u{202e}{controls}x");
        let mut sources = Sources::default();
        let file = sources.add(Source::new(&hostile, &hostile, Syntax::Hcl));
        let end = sources.get(file).text.len();
        let mut diagnostic = Diagnostic::new(&ERROR, Span::new(file, end - 1, end), hostile.clone())
            .label(hostile.clone())
            .help(hostile.clone())
            .related(Span::new(file, 0, 1), hostile.clone());
        diagnostic.environments = vec![hostile];
        let shown = render(&[diagnostic], &sources, false);
        let raw = shown.chars().find(|c| (c.is_control() && *c != '\n') || *c == '\u{202e}');
        assert_eq!(raw, None, "{shown:?}");
    }

    proptest! {
        #[test]
        fn any_span_in_any_text_renders(
            text in "[a é\u{1f600}\n\r\t\u{0}]{0,300}",
            places in prop::collection::vec((0u32..1300, 0u32..1300), 1..4),
        ) {
            let (sources, file) = sources(&text);
            let spans: Vec<Span> = places.iter().map(|&(start, end)| Span { file, start, end }).collect();
            let mut diagnostic = Diagnostic::new(&ERROR, spans[0], "m").label("l");
            for span in &spans[1..] {
                diagnostic = diagnostic.related(*span, "r");
            }
            let shown = render(&[diagnostic], &sources, false);
            prop_assert!(shown.starts_with("error[mount-unknown]: m\n"));
        }
    }
}
