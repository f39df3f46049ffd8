//! The conversion matrix: every key of every format, whether a stack file has a word for it, and why not.
//!
//! A reader can only reach keys that stand here, what nobody reads is reported with the reason that stands here, and
//! `docs/reference/import.md` is printed from here: so the page cannot say anything else than the program does.

use std::collections::BTreeMap;
use std::sync::OnceLock;

use super::{FORMATS, read::Segment};

/// How much of a key arrives in the stack file.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Support {
    /// All that it says.
    Yes,
    /// Some of what it says; the note says what.
    Partly,
    /// Nothing; the note says why, and what to do instead.
    No,
}

impl Support {
    /// As the reference page has it.
    pub fn name(self) -> &'static str {
        match self {
            Support::Yes => "yes",
            Support::Partly => "partly",
            Support::No => "no",
        }
    }
}

/// One key.
#[derive(Debug, Clone, Copy)]
pub struct Row {
    /// The path: `services.*.ports[].target`. `*` is any name, `x-*` any that begins so, `[]` any item.
    pub key: &'static str,
    /// How much of it arrives.
    pub support: Support,
    /// What it becomes, or why it becomes nothing. A phrase without a full stop.
    pub note: &'static str,
}

/// A key that arrives.
pub const fn yes(key: &'static str, note: &'static str) -> Row {
    Row { key, support: Support::Yes, note }
}

/// A key that arrives in part.
pub const fn partly(key: &'static str, note: &'static str) -> Row {
    Row { key, support: Support::Partly, note }
}

/// A key that does not arrive.
pub const fn no(key: &'static str, note: &'static str) -> Row {
    Row { key, support: Support::No, note }
}

/// The files of one tool.
#[derive(Debug)]
pub struct Format {
    /// The word on the command line.
    pub name: &'static str,
    /// One sentence: what is read.
    pub about: &'static str,
    /// Its keys, by file: a heading and the rows below it.
    pub parts: &'static [(&'static str, &'static [Row])],
    /// Whether keys may be written in any case, as they differ between an API, CloudFormation and Ruby: see [`alike`].
    pub any_case: bool,
    /// The same keys as a tree.
    pub tree: Tree,
}

impl Format {
    /// The row of a path; of several the one with the fewest wildcards.
    pub fn row(&self, path: &[Segment]) -> Option<&'static Row> {
        let rows = self.branches(path).into_iter().filter_map(|branch| branch.row);
        rows.min_by_key(|row| row.key.matches('*').count())
    }

    /// Whether the format has keys below a path.
    pub fn has_below(&self, path: &[Segment]) -> bool {
        self.branches(path).iter().any(|branch| branch.has_below())
    }

    /// The row of the nearest level above a path.
    pub fn above(&self, path: &[Segment]) -> Option<&'static Row> {
        (0..path.len()).rev().find_map(|length| self.row(&path[..length]))
    }

    fn rows(&self) -> impl Iterator<Item = &'static Row> {
        self.parts.iter().flat_map(|(_, rows)| rows.iter())
    }

    /// What the rows say at a path: more than one of them may fit it.
    fn branches(&self, path: &[Segment]) -> Vec<&Branch> {
        let root = self.tree.0.get_or_init(|| {
            let mut root = Branch::default();
            self.rows().for_each(|row| root.add(row));
            root
        });
        path.iter().fold(vec![root], |reached, segment| {
            reached.into_iter().flat_map(|branch| branch.below(segment, self.any_case)).collect()
        })
    }
}

/// The rows of a format by the words of their keys, made when the first of them is looked for: a file has many more values
/// than a format has rows.
#[derive(Debug, Default)]
pub struct Tree(OnceLock<Branch>);

impl Tree {
    /// A tree that is not made yet.
    pub const fn new() -> Self {
        Self(OnceLock::new())
    }
}

/// The rows whose keys begin alike.
#[derive(Debug, Default)]
struct Branch {
    row: Option<&'static Row>,
    /// By a whole name.
    names: BTreeMap<&'static str, Branch>,
    /// By the beginning of a name.
    beginnings: BTreeMap<&'static str, Branch>,
    items: Option<Box<Branch>>,
}

impl Branch {
    fn add(&mut self, row: &'static Row) {
        let mut branch = self;
        for word in words(row) {
            branch = match word.strip_suffix('*') {
                _ if word == "[]" => branch.items.get_or_insert_default(),
                Some(beginning) => branch.beginnings.entry(beginning).or_default(),
                None => branch.names.entry(word).or_default(),
            };
        }
        branch.row = Some(row);
    }

    fn has_below(&self) -> bool {
        !self.names.is_empty() || !self.beginnings.is_empty() || self.items.is_some()
    }

    /// The branches that a segment leads to.
    fn below(&self, segment: &Segment, any_case: bool) -> Vec<&Branch> {
        let key = match segment {
            Segment::Item(_) => return self.items.as_deref().into_iter().collect(),
            Segment::Key(key) => key,
        };
        let beginnings = self.beginnings.iter().filter(|(beginning, _)| key.starts_with(**beginning));
        let mut found: Vec<&Branch> = beginnings.map(|(_, branch)| branch).collect();
        if any_case {
            let named = self.names.iter().filter(|(name, _)| alike(key, name));
            found.extend(named.map(|(_, branch)| branch));
        } else {
            found.extend(self.names.get(&**key));
        }
        found
    }
}

/// Whether two keys differ in their case only: `desiredCount`, `DesiredCount`, `desired_count`.
pub fn alike(one: &str, other: &str) -> bool {
    let letters = |key: &'_ str| {
        key.bytes().filter(|b| *b != b'_').map(|b| b.to_ascii_lowercase()).collect::<Vec<u8>>()
    };
    letters(one) == letters(other)
}

fn words(row: &Row) -> impl Iterator<Item = &'static str> {
    row.key
        .split('.')
        .flat_map(|word| match word.strip_suffix("[]") {
            Some("") => [Some("[]"), None],
            Some(name) => [Some(name), Some("[]")],
            None => [Some(word), None],
        })
        .flatten()
}

/// What an import reads at all, and how much of it.
const LIMITS: &str = "
## Limits

An import reads the files that the command line names, those of the directories that it names (up to 2,000 files and 12
levels of directories, no hidden directories, no links), and what these files name, as long as that stands in the directory
of a named file or below; a link that leads out of there is not followed. The configuration of an nginx, and the `Dockerfile`
that copies it, are read for what it leads where. Files of `secrets` are never read, and nothing is fetched.

| | at most |
|---|---|
| a file | 4 MiB of UTF-8, a regular file |
| levels inside each other | 64 |
| values of a file, with every alias written out; a text counts as one for every 256 bytes | 200,000 |
| values that one place repeats of another: `extends`, `env_file`, `envFrom`, what differs in an environment | 200,000 |
| compose files that include or extend each other | 64 |
| defaults of variables inside each other: `${A:-${B:-c}}` | 16 |
| a text with variables filled in | 1 MiB |
| all such texts | 64 MiB |

Beyond a limit there is a diagnostic, and no stack.
";

/// The reference page without its header.
pub fn page() -> String {
    let mut text = "# What `groundplan import` reads\n\n\
        For every key of every format: whether it arrives in the stack file (*yes*, *partly*, *no*), what it becomes, and \
        why not. The report of an import has a line for every key of the file, and a key that does not stand here is \
        reported as unknown.\n"
        .to_owned()
        + LIMITS;
    for format in FORMATS {
        text += &format!("\n## `{}`\n\n{}\n", format.name, format.about);
        for (heading, rows) in format.parts {
            text += &format!("\n### {heading}\n\n| key | | what becomes of it |\n|---|---|---|\n");
            for Row { key, support, note } in *rows {
                text += &format!("| `{key}` | {} | {} |\n", support.name(), note.replace('|', "\\|"));
            }
        }
    }
    text
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::*;

    static TEST: Format = Format {
        name: "test",
        about: "",
        parts: &[("a", &[yes("a.*.b[].c", ""), no("a.x.b", "never"), yes("x-*", ""), yes("a.*.B", "")])],
        any_case: false,
        tree: Tree::new(),
    };

    fn path(text: &str) -> Vec<Segment> {
        let segment = |word: &str| match word.parse() {
            Ok(index) => Segment::Item(index),
            Err(_) => Segment::Key(word.into()),
        };
        text.split('.').map(segment).collect()
    }

    #[test]
    fn a_path_finds_the_row_that_says_most_about_it() {
        let key = |text: &str| TEST.row(&path(text)).map(|row| row.key);
        assert_eq!(key("a.web.b.0.c"), Some("a.*.b[].c"));
        assert_eq!(key("a.x.b"), Some("a.x.b"));
        assert_eq!(key("x-anything"), Some("x-*"));
        assert_eq!((key("a.web.b"), key("a.web.b.c.c"), key("y")), (None, None, None));
        assert!(TEST.has_below(&path("a.web")) && TEST.has_below(&path("a.web.b.7")));
        assert!(!TEST.has_below(&path("a.web.B")));
        assert_eq!(TEST.above(&path("a.x.b.y.z")).map(|row| row.note), Some("never"));
    }

    #[test]
    fn keys_are_alike_in_every_case() {
        assert!(alike("desired_count", "desiredCount") && alike("DesiredCount", "desiredCount"));
        assert!(!alike("desired-count", "desiredCount"));
    }

    #[test]
    fn every_row_stands_once_and_says_something() {
        for format in FORMATS {
            let mut keys = BTreeSet::new();
            for row in format.rows() {
                assert!(keys.insert(row.key), "{}: {} stands twice", format.name, row.key);
                assert!(!row.note.is_empty() && !row.note.ends_with('.'), "{}: {}", format.name, row.key);
            }
        }
    }
}
