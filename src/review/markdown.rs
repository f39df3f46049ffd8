//! A report for a comment on a pull request, in the Markdown of GitHub.
//!
//! Foreign text stands in code spans only, where neither Markdown, HTML nor mentions mean anything.

use super::groups::{Entry, Group, Tone};
use super::line::{Line, Piece};
use super::report::{Counts, Report, Section, Verdict, enumerate};

/// The first line, by which a comment is found again to be updated in place.
pub const MARKER: &str = "<!-- groundplan review -->";

/// The longest a comment may be, in characters; GitHub refuses more than 65,536.
const LIMIT: usize = 59_000;

/// The lines of a section that are shown without being opened.
const OPEN: usize = 12;

impl Report<'_> {
    /// The report as a comment: under 60,000 characters, cut where it would be longer, and says by how much.
    pub fn markdown(&self) -> String {
        let mut page = Page::default();
        page.line(MARKER.to_owned());
        let sign = if self.verdict == Verdict::LosesData { "### ⚠️ " } else { "### " };
        page.line(format!("{sign}{}", text(&self.headline)));
        self.table(&mut page);
        for section in self.sections.iter().filter(|section| !section.body.lost.is_empty()) {
            page.blank();
            page.line(format!("#### Data is lost in {}", text(&enumerate(&section.names))));
            page.blank();
            section.body.lost.iter().for_each(|entry| page.entry(entry));
        }
        for section in self.sections.iter().filter(|section| !section.body.groups.is_empty()) {
            page.section(section);
        }
        if !self.notes.is_empty() {
            page.blank();
            for note in self.notes {
                page.line(format!("> {}  ", text(note)));
            }
        }
        page.finish()
    }

    fn table(&self, page: &mut Page) {
        page.blank();
        page.line("| environment | create | update | replace | destroy | data lost |".to_owned());
        page.line("|---|--:|--:|--:|--:|--:|".to_owned());
        for environment in self.environments {
            let Counts { create, update, replace, destroy, lost, .. } = Counts::of(&environment.changes);
            let number = |count: usize| if count == 0 { "·".to_owned() } else { count.to_string() };
            let lost = if lost == 0 { number(lost) } else { format!("**{lost}**") };
            page.line(format!(
                "| {} | {} | {} | {} | {} | {lost} |",
                text(&Line::default().code(&environment.name)).replace('|', "\\|"),
                number(create),
                number(update),
                number(replace),
                number(destroy),
            ));
        }
    }
}

/// The text of a page that stops growing at its limit.
#[derive(Default)]
struct Page {
    text: String,
    length: usize,
    left_out: usize,
}

impl Page {
    /// Adds a line, and says whether there was room.
    fn line(&mut self, line: String) -> bool {
        let length = line.chars().count() + 1;
        // What is cut is cut to the end: a later, shorter line would stand in the wrong place.
        if self.left_out > 0 || self.length + length > LIMIT {
            self.left_out += 1;
            return false;
        }
        self.length += length;
        self.text += &line;
        self.text.push('\n');
        true
    }

    fn blank(&mut self) {
        if self.left_out == 0 {
            self.line(String::new());
        }
    }

    fn section(&mut self, section: &Section<'_>) {
        self.blank();
        self.line(format!("#### Changes in {}", text(&enumerate(&section.names))));
        let lines: usize = section.body.groups.iter().map(lines).sum();
        let open = lines <= OPEN;
        if open {
            self.blank();
            section.body.groups.iter().for_each(|group| self.group(group, |_| true));
            return;
        }
        let removes = |entry: &Entry| entry.tone == Tone::Removes;
        self.blank();
        section.body.groups.iter().for_each(|group| self.group(group, removes));
        let opened = self.line(format!("<details><summary>{}</summary>", section.body.counts.words()));
        self.blank();
        section.body.groups.iter().for_each(|group| self.group(group, |entry| !removes(entry)));
        if opened {
            // What was opened is closed, on a full page too.
            self.text += "</details>\n";
        }
    }

    /// The entries of a group that are wanted, under its title.
    fn group(&mut self, group: &Group, wanted: impl Fn(&Entry) -> bool) {
        let entries: Vec<&Entry> = group.entries.iter().filter(|entry| wanted(entry)).collect();
        // A title with settings and nothing below it is told with what is left.
        if entries.is_empty() && (group.bare || !group.entries.is_empty()) {
            return;
        }
        self.line(format!("**{}**", text(&group.title)));
        self.blank();
        entries.into_iter().for_each(|entry| self.entry(entry));
        self.blank();
    }

    fn entry(&mut self, entry: &Entry) {
        self.line(format!("- {}", text(&entry.line)));
        for detail in &entry.details {
            self.line(format!("  - {}", text(detail)));
        }
    }

    fn finish(mut self) -> String {
        if self.left_out > 0 {
            self.text += &format!(
                "\n> **Cut here:** {} more lines would make the comment too long for GitHub. `groundplan review` prints all of them.\n",
                self.left_out
            );
        }
        self.text
    }
}

fn lines(group: &Group) -> usize {
    1 + group.entries.iter().map(|entry| 1 + entry.details.len()).sum::<usize>()
}

fn text(line: &Line) -> String {
    line.0.iter().map(piece).collect()
}

fn piece(piece: &Piece) -> String {
    match piece {
        Piece::Words(text) => text.clone(),
        Piece::Strong(text) => format!("**{text}**"),
        Piece::Code(text) => code(text),
        Piece::Arrow => " → ".to_owned(),
    }
}

/// A code span of any text: its fence is longer than every run of backticks inside.
fn code(text: &str) -> String {
    let longest = text.split(|c| c != '`').map(str::len).max().unwrap_or_default();
    let fence = "`".repeat(longest + 1);
    let pad = if text.starts_with('`') || text.ends_with('`') || text.trim().is_empty() { " " } else { "" };
    format!("{fence}{pad}{text}{pad}{fence}")
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::review::{Action, Change, Environment};

    fn change(label: &str, action: Action) -> Change {
        Change {
            address: format!("aws_db_instance.{label}"),
            resource: "aws_db_instance".into(),
            action,
            moved_from: None,
            imported: None,
            component: None,
            data: true,
            fields: Vec::new(),
        }
    }

    fn markdown(changes: Vec<Change>) -> String {
        let environments = [Environment { name: "a|b`".into(), changes, ..Environment::default() }];
        Report::new(&environments, &[], &[]).markdown()
    }

    #[test]
    fn foreign_text_stays_in_its_span() {
        assert_eq!(code("a"), "`a`");
        assert_eq!(code("`a``"), "``` `a`` ```");
        assert_eq!(code(""), "`  `");
        let hostile = "x`</details><img src=x onerror=alert(1)>\n# @everyone [a](http://b)";
        let text = markdown(vec![change(hostile, Action::Destroy)]);
        assert!(text.contains("``x`</details><img"), "{text}");
        assert!(text.contains(r"\n# @everyone"), "{text}");
        assert!(text.contains("| `` a\\|b` `` |"), "{text}");
    }

    #[test]
    fn a_huge_plan_is_cut_and_says_so() {
        let many = |action: Action| {
            (0..5000).map(move |n| change(&format!("number{n}[\"{}\"]", "k".repeat(40)), action))
        };
        for text in [markdown(many(Action::Destroy).collect()), markdown(many(Action::Update).collect())] {
            let length = text.chars().count();
            assert!((50_000..60_000).contains(&length), "{length}");
            assert_eq!(text.matches("<details>").count(), text.matches("</details>").count());
            let cut = text.lines().last().unwrap();
            assert!(cut.starts_with("> **Cut here:** ") && cut.contains(" more lines "), "{cut}");
        }
    }

    #[test]
    fn what_is_cut_is_counted_inside_of_folds_too() {
        let mut changes: Vec<Change> =
            (0..3000).map(|n| change(&format!("lost{n}"), Action::Destroy)).collect();
        changes.extend((0..3000).map(|n| change(&format!("kept{n}"), Action::Update)));
        let text = markdown(changes);
        let said = text.lines().last().unwrap().split(' ').find_map(|word| word.parse::<usize>().ok());
        assert!(said.is_some_and(|lines| lines > 6000), "{said:?}");
    }

    #[test]
    fn what_loses_data_stands_outside_of_what_is_folded() {
        let mut changes: Vec<Change> = (0..40).map(|n| change(&format!("n{n}"), Action::Update)).collect();
        changes.push(change("main", Action::Replace));
        let text = markdown(changes);
        let [danger, fold] =
            ["- RDS instance `main` is **replaced**", "<details>"].map(|part| text.find(part));
        assert!(danger.is_some() && danger < fold, "{text}");
        assert!(text.starts_with(MARKER));
    }
}
