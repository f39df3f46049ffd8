//! [`Changes`] as text for people and for `patch`. Pure: returns text, knows no terminal.

use std::fmt::{self, Write};
use std::time::Duration;

use anstyle::{AnsiColor, Style};
use similar::{ChangeTag, TextDiff};

use super::changes::{Change, Changes};

/// Lines shown around each change.
const CONTEXT: usize = 3;
/// After this long per file the diff gets coarser instead of slower.
const PATIENCE: Duration = Duration::from_secs(1);

const HEADER: Style = Style::new().bold();
const HUNK: Style = AnsiColor::Cyan.on_default();
const REMOVED: Style = AnsiColor::Red.on_default();
const ADDED: Style = AnsiColor::Green.on_default();

/// The unified diff of every file that changes, in path order; empty without changes.
pub fn unified(changes: &Changes, colour: bool) -> String {
    let mut out = Printer { text: String::new(), colour };
    for (path, sides) in sides(changes) {
        let (from, to) = (sides.old.map(|_| format!("a/{path}")), sides.new.map(|_| format!("b/{path}")));
        let nothing = || "/dev/null".to_owned();
        out.line(HEADER, format_args!("--- {}", from.unwrap_or_else(nothing)));
        out.line(HEADER, format_args!("+++ {}", to.unwrap_or_else(nothing)));
        out.hunks(&sides.diff());
    }
    out.text
}

/// One line per file that changes, then the totals; empty without changes.
///
/// ```text
///  main.tf                 | +3 -1
///  modules/data/old.tf     | +0 -12
///  2 files changed, 0 added, 1 removed, 3 insertions, 13 deletions
/// ```
pub fn stat(changes: &Changes) -> String {
    let counted: Vec<(&str, Sides<'_>, usize, usize)> = sides(changes)
        .map(|(path, sides)| {
            let diff = sides.diff();
            let count = |tag| diff.iter_all_changes().filter(|change| change.tag() == tag).count();
            (path, sides, count(ChangeTag::Insert), count(ChangeTag::Delete))
        })
        .collect();
    if counted.is_empty() {
        return String::new();
    }
    let width = counted.iter().map(|(path, ..)| path.len()).max().unwrap_or_default();
    let mut text = String::new();
    for (path, _, plus, minus) in &counted {
        text += &format!(" {path:width$} | +{plus} -{minus}\n");
    }
    let added = counted.iter().filter(|(_, sides, ..)| sides.old.is_none()).count();
    let removed = counted.iter().filter(|(_, sides, ..)| sides.new.is_none()).count();
    let plural = |n: usize, word: &str| format!("{n} {word}{}", if n == 1 { "" } else { "s" });
    text + &format!(
        " {} changed, {added} added, {removed} removed, {}, {}\n",
        plural(counted.len(), "file"),
        plural(counted.iter().map(|(_, _, plus, _)| plus).sum(), "insertion"),
        plural(counted.iter().map(|(_, _, _, minus)| minus).sum(), "deletion"),
    )
}

/// What is compared: a missing side is a missing file.
struct Sides<'a> {
    old: Option<&'a str>,
    new: Option<&'a str>,
}

impl<'a> Sides<'a> {
    fn diff(&self) -> TextDiff<'a, 'a, str> {
        let (old, new) = (self.old.unwrap_or_default(), self.new.unwrap_or_default());
        TextDiff::configure().timeout(PATIENCE).diff_lines(old, new)
    }
}

fn sides(changes: &Changes) -> impl Iterator<Item = (&str, Sides<'_>)> {
    changes.files.iter().filter_map(|(path, change)| {
        let (old, new) = match change {
            Change::Added { new } => (None, Some(new.as_str())),
            Change::Changed { old, new } => (Some(old.as_str()), Some(new.as_str())),
            Change::Removed { old } => (Some(old.as_str()), None),
            Change::Unchanged => return None,
        };
        Some((path.as_str(), Sides { old, new }))
    })
}

struct Printer {
    text: String,
    colour: bool,
}

impl Printer {
    fn hunks(&mut self, diff: &TextDiff<'_, '_, str>) {
        for hunk in diff.unified_diff().context_radius(CONTEXT).iter_hunks() {
            self.line(HUNK, format_args!("{}", hunk.header()));
            for change in hunk.iter_changes() {
                let (sign, style) = match change.tag() {
                    ChangeTag::Equal => (' ', Style::new()),
                    ChangeTag::Delete => ('-', REMOVED),
                    ChangeTag::Insert => ('+', ADDED),
                };
                let line = change.value();
                self.line(style, format_args!("{sign}{}", line.strip_suffix('\n').unwrap_or(line)));
                if change.missing_newline() {
                    self.line(Style::new(), format_args!("\\ No newline at end of file"));
                }
            }
        }
    }

    fn line(&mut self, style: Style, text: fmt::Arguments<'_>) {
        let style = if self.colour { style } else { Style::new() };
        // a String takes everything that is written to it
        let _ = writeln!(self.text, "{style}{text}{style:#}");
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn changes() -> Changes {
        let files = [
            ("a.tf", Change::Added { new: "one\ntwo\n".into() }),
            (
                "b.tf",
                Change::Changed { old: "1\n2\n3\n4\n5\n6\n7\n".into(), new: "1\n2\n3\n4\nfive\n6\n7".into() },
            ),
            ("c.tf", Change::Unchanged),
            ("d.tf", Change::Removed { old: "-- gone\n".into() }),
        ];
        let files = files.into_iter().map(|(path, change)| (path.to_owned(), change)).collect();
        Changes { files, ..Changes::default() }
    }

    #[test]
    fn the_diff_has_headers_context_and_missing_line_feeds() {
        let expected = "\
--- /dev/null
+++ b/a.tf
@@ -0,0 +1,2 @@
+one
+two
--- a/b.tf
+++ b/b.tf
@@ -2,6 +2,6 @@
 2
 3
 4
-5
+five
 6
-7
+7
\\ No newline at end of file
--- a/d.tf
+++ /dev/null
@@ -1 +0,0 @@
--- gone
";
        assert_eq!(unified(&changes(), false), expected);
    }

    #[test]
    #[allow(clippy::print_stderr, reason = "a skipped test must be seen")]
    fn the_diff_can_be_applied_with_patch() {
        let dir = tempfile::tempdir().unwrap();
        for (path, sides) in sides(&changes()) {
            if let Some(old) = sides.old {
                std::fs::write(dir.path().join(path), old).unwrap();
            }
        }
        let patch = dir.path().join("patch");
        std::fs::write(&patch, unified(&changes(), false)).unwrap();
        let run = std::process::Command::new("git").args(["apply", "patch"]).current_dir(dir.path()).output();
        let Ok(run) = run else {
            eprintln!("SKIPPED: git is not installed");
            return;
        };
        assert!(run.status.success(), "{}", String::from_utf8_lossy(&run.stderr));
        assert_eq!(std::fs::read_to_string(dir.path().join("b.tf")).unwrap(), "1\n2\n3\n4\nfive\n6\n7");
        assert!(!dir.path().join("d.tf").exists());
    }

    #[test]
    fn colour_follows_the_kind_of_line_not_its_first_characters() {
        let text = unified(&changes(), true);
        assert!(text.contains(&format!("{REMOVED}--- gone{REMOVED:#}")), "{text}");
        assert!(text.contains(&format!("{HEADER}--- a/d.tf{HEADER:#}")), "{text}");
        assert!(!unified(&changes(), false).contains('\u{1b}'));
    }

    #[test]
    fn the_summary_counts_files_and_lines() {
        let expected = " a.tf | +2 -0\n b.tf | +2 -2\n d.tf | +0 -1\n 3 files changed, 1 added, 1 removed, 4 insertions, 3 deletions\n";
        assert_eq!(stat(&changes()), expected);
    }

    #[test]
    fn without_changes_there_is_no_text() {
        assert_eq!(unified(&Changes::default(), true), "");
        assert_eq!(stat(&Changes::default()), "");
    }
}
