//! Diagnostics as workflow commands of GitHub Actions, which mark the lines of a pull request.
//!
//! One command a line. The runner obeys a line that begins with a command, and one that holds a command of the older
//! form anywhere, so nothing of the user's may begin a line of its own.
//! Source: <https://docs.github.com/en/actions/reference/workflow-commands-for-github-actions>

use super::human::phrase;
use super::{Diagnostic, Label};
use crate::source::Sources;

/// Renders one command for each diagnostic, each with one line feed at the end.
pub fn render(diagnostics: &[Diagnostic], sources: &Sources) -> String {
    diagnostics.iter().map(|diagnostic| command(diagnostic, sources)).collect()
}

fn command(diagnostic: &Diagnostic, sources: &Sources) -> String {
    let Label { span, .. } = diagnostic.primary;
    let source = sources.get(span.file);
    let (start, end) = (source.position(span.start), source.position(span.end));
    let mut properties =
        format!("file={},line={},endLine={}", property(&phrase(&source.name)), start.line, end.line);
    // Columns of a place that goes on in another line are refused.
    if start.line == end.line {
        properties += &format!(",col={},endColumn={}", start.column, end.column);
    }
    properties += &format!(",title={}", property(diagnostic.code.name));
    // The log shows the message alone, so the message says the place as well.
    let said = diagnostic.phrases().iter().map(|text| phrase(text)).collect::<Vec<_>>().join("\n");
    let mut message = at(&diagnostic.primary, &said, sources);
    for label in &diagnostic.related {
        message += &format!("\n{}", at(label, &phrase(&label.text), sources));
    }
    format!("::{} {properties}::{}\n", diagnostic.code.severity.name(), data(&message))
}

/// What is said about a place, after the place.
fn at(label: &Label, said: &str, sources: &Sources) -> String {
    let source = sources.get(label.span.file);
    format!("{}:{}: {said}", phrase(&source.name), source.position(label.span.start))
}

/// Escapes what would end a command. Carriage returns are pictures by now.
fn data(text: &str) -> String {
    text.replace('%', "%25").replace('\n', "%0A")
}

/// Escapes what would end a property, too.
fn property(text: &str) -> String {
    data(text).replace(':', "%3A").replace(',', "%2C")
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::diagnostic::{Code, Severity};
    use crate::source::{Source, Span, Syntax};

    static WRONG: Code = Code { name: "wrong", severity: Severity::Error, title: "t", explanation: "e" };
    static ODD: Code = Code { name: "odd", severity: Severity::Warning, title: "t", explanation: "e" };

    #[test]
    fn a_command_has_the_place_the_code_and_all_that_is_said() {
        let mut sources = Sources::default();
        let file = sources.add(Source::new("stacks/a.hcl", "é = 1\nb = \"x\ny\"\n", Syntax::Hcl));
        let mut wrong = Diagnostic::new(&WRONG, Span::new(file, 7, 8), "`b` is 100% wrong")
            .label("here")
            .related(Span::new(file, 0, 2), "first")
            .help("write `c`");
        wrong.environments = vec!["dev".into()];
        let odd = Diagnostic::new(&ODD, Span::new(file, 11, 16), "odd");
        let expected = "\
::error file=stacks/a.hcl,line=2,endLine=2,col=1,endColumn=2,title=wrong::stacks/a.hcl:2:1: `b` is 100%25 wrong\
%0Ahere%0Ahelp: write `c`%0Ain environment `dev`%0Astacks/a.hcl:1:1: first
::warning file=stacks/a.hcl,line=2,endLine=3,title=odd::stacks/a.hcl:2:5: odd
";
        assert_eq!(render(&[wrong, odd], &sources), expected);
        assert_eq!(render(&[], &sources), "");
    }

    #[test]
    fn nothing_of_the_user_begins_a_command_of_its_own() {
        let hostile = "a,title=x::b\r\n::add-mask::c\n##[add-mask]d%0A::e\u{1b}[0m\u{2028}\u{85}::f";
        let mut sources = Sources::default();
        let file = sources.add(Source::new(hostile, "a = 1\n", Syntax::Hcl));
        let at = Span::new(file, 0, 1);
        let mut diagnostic =
            Diagnostic::new(&ODD, at, hostile).label(hostile).help(hostile).related(at, hostile);
        diagnostic.environments = vec![hostile.into()];
        let text = render(&[diagnostic], &sources);
        assert_eq!(text.matches('\n').count(), 1, "{text:?}");
        assert!(text.chars().all(|c| c == '\n' || !c.is_control()) && !text.contains('\u{2028}'), "{text:?}");
        let (properties, message) = text.strip_prefix("::warning ").unwrap().split_once("::").unwrap();
        let names: Vec<&str> =
            properties.split(',').map(|property| property.split('=').next().unwrap()).collect();
        assert_eq!(names, ["file", "line", "endLine", "col", "endColumn", "title"]);
        assert!(!properties.split_once(",line=").unwrap().0.contains(':'), "{properties}");
        assert!(message.contains("%250A::e"), "a line feed that the user escaped stays escaped: {message}");
    }
}
