//! Compares a generated tree with a directory: what would be added, changed and removed, or why that is refused.
//! Reads, never writes.

use std::collections::BTreeMap;
use std::path::Path;
use std::time::Duration;

use super::disk::{self, Found};
use super::error::{ProjectError, Reason, Refusal, Refused};
use super::lock::Lock;
use super::paths::{self, STAGING};
use super::record::{self, Record};
use crate::tree::Tree;

/// How far a run may go.
#[derive(Debug, Clone)]
pub struct Options {
    /// Overwrites hand-edited files of ours, foreign files where a generated one belongs, and the tree of another
    /// stack file. Nothing else: links, directories and hand-edited files that are no longer generated stay refused.
    pub force: bool,
    /// How long to wait for another run in the same directory.
    pub wait: Duration,
}

impl Default for Options {
    /// No force; waits ten seconds.
    fn default() -> Self {
        Self { force: false, wait: Duration::from_secs(10) }
    }
}

/// What happens to one file.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Change {
    /// Not on disk yet.
    Added {
        /// The text to write.
        new: String,
    },
    /// On disk with another text.
    Changed {
        /// The text on disk; bytes that are not UTF-8 are replaced.
        old: String,
        /// The text to write.
        new: String,
    },
    /// Ours, and no longer generated.
    Removed {
        /// The text on disk.
        old: String,
    },
    /// On disk with this very text.
    Unchanged,
}

/// What a run does to a directory.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Changes {
    /// By path below the output directory.
    pub files: BTreeMap<String, Change>,
    /// Whether `groundplan.lock` is rewritten.
    pub lock: bool,
    /// Whether an interrupted run left something to clear away.
    pub unfinished: bool,
    /// Paths that were ours at some time and are not generated now, whether or not they are still on disk.
    pub(super) stale: Vec<String>,
}

impl Changes {
    /// Whether the directory is exactly as it should be.
    pub fn is_empty(&self) -> bool {
        !self.lock && !self.unfinished && self.files.values().all(|change| *change == Change::Unchanged)
    }
}

/// Compares `tree` with what is in `dir`, which need not exist. Takes no lock: beside a running
/// [`write`](super::write()) it describes a directory on its way.
///
/// # Errors
/// [`ProjectError::Refused`] names everything that stands in the way; otherwise a damaged lock or a failure to read.
pub fn compare(dir: &Path, tree: &Tree, options: &Options) -> Result<Changes, ProjectError> {
    let dir = &disk::output_dir(dir)?;
    Refused::unless_empty(dir, paths::refusals(tree.files.keys()))?;
    let record = Record::read(dir)?;
    let mut refusals: Vec<Refusal> = Vec::new();
    let mut refuse = |path: &str, reason| refusals.push(Refusal { path: path.to_owned(), reason });
    if let Some(theirs) = record.other_stack(&tree.stack).filter(|_| !options.force) {
        refuse(".", Reason::OtherStack { theirs: theirs.to_owned(), ours: tree.stack.clone() });
    }
    let unfinished = record::marker(dir)? || disk::kind(&dir.join(STAGING))?.is_some();
    let mut changes = Changes {
        lock: record.lock.as_deref() != Some(Lock::of(tree).to_text().as_bytes()),
        unfinished,
        ..Changes::default()
    };

    for (path, new) in &tree.files {
        let change = match disk::look(dir, path)? {
            Found::Missing => Change::Added { new: new.clone() },
            Found::File(bytes) if bytes == new.as_bytes() => Change::Unchanged,
            Found::File(bytes) if options.force || record.wrote(path, &bytes) => {
                Change::Changed { old: lossy(bytes), new: new.clone() }
            }
            Found::File(_) => {
                refuse(path, if record.files.contains_key(path) { Reason::Edited } else { Reason::Foreign });
                continue;
            }
            Found::Directory => {
                refuse(path, Reason::InTheWay);
                continue;
            }
            Found::Obstacle(obstacle) => {
                refuse(&obstacle.path, obstacle.reason);
                continue;
            }
        };
        changes.files.insert(path.clone(), change);
    }
    for path in record.files.keys().filter(|path| !tree.files.contains_key(*path)) {
        match disk::look(dir, path)? {
            Found::File(bytes) if record.wrote(path, &bytes) => {
                changes.files.insert(path.clone(), Change::Removed { old: lossy(bytes) });
            }
            Found::File(_) => refuse(path, Reason::StaleEdited),
            Found::Obstacle(obstacle) => refuse(&obstacle.path, obstacle.reason),
            // whoever put a directory there has removed our file
            Found::Missing | Found::Directory => {}
        }
        changes.stale.push(path.clone());
    }
    Refused::unless_empty(dir, refusals)?;
    Ok(changes)
}

/// The bytes as text, for people.
fn lossy(bytes: Vec<u8>) -> String {
    String::from_utf8(bytes).unwrap_or_else(|error| String::from_utf8_lossy(error.as_bytes()).into_owned())
}

#[cfg(test)]
mod tests {
    use std::fs;
    use std::path::PathBuf;

    use tempfile::TempDir;

    use super::super::paths::{LOCK, MARKER};
    use super::super::record::{MARKER_TEXT, next_lock_name};
    use super::super::write;
    use super::*;

    const FORCE: Options = Options { force: true, wait: Duration::ZERO };

    fn tree(files: &[(&str, &str)]) -> Tree {
        let files = files.iter().map(|(path, text)| ((*path).to_owned(), (*text).to_owned())).collect();
        Tree { stack: "stacks/a.hcl".into(), files, ..Tree::default() }
    }

    fn generated(files: &[(&str, &str)]) -> TempDir {
        let dir = tempfile::tempdir().unwrap();
        write(dir.path(), &tree(files), &Options::default()).unwrap();
        dir
    }

    fn put(dir: &TempDir, path: &str, text: &str) -> PathBuf {
        let path = dir.path().join(path);
        fs::write(&path, text).unwrap();
        path
    }

    fn refused(dir: &Path, tree: &Tree, options: &Options) -> Vec<(String, Reason)> {
        match compare(dir, tree, options) {
            Err(ProjectError::Refused(refused)) => {
                refused.refusals.into_iter().map(|refusal| (refusal.path, refusal.reason)).collect()
            }
            other => panic!("not refused: {other:?}"),
        }
    }

    fn one(path: &str, reason: Reason) -> Vec<(String, Reason)> {
        vec![(path.to_owned(), reason)]
    }

    #[test]
    fn every_edited_file_is_named_and_force_overwrites_it() {
        let dir = generated(&[("a.tf", "a"), ("b.tf", "b"), ("c.tf", "c")]);
        put(&dir, "a.tf", "edited");
        put(&dir, "c.tf", "edited");
        let tree = tree(&[("a.tf", "a"), ("b.tf", "b2"), ("c.tf", "c")]);
        let expected = [("a.tf".to_owned(), Reason::Edited), ("c.tf".to_owned(), Reason::Edited)];
        assert_eq!(refused(dir.path(), &tree, &Options::default()), expected);
        let changes = compare(dir.path(), &tree, &FORCE).unwrap();
        assert_eq!(changes.files["a.tf"], Change::Changed { old: "edited".into(), new: "a".into() });
    }

    #[test]
    fn an_edit_that_the_stack_file_now_makes_too_is_accepted() {
        let dir = generated(&[("a.tf", "a")]);
        put(&dir, "a.tf", "a2");
        let changes = compare(dir.path(), &tree(&[("a.tf", "a2")]), &Options::default()).unwrap();
        assert_eq!((&changes.files["a.tf"], changes.lock), (&Change::Unchanged, true));
    }

    #[test]
    fn an_edited_stale_file_is_refused_even_with_force() {
        let dir = generated(&[("a.tf", "a"), ("b.tf", "b")]);
        put(&dir, "b.tf", "edited");
        for options in [&Options::default(), &FORCE] {
            assert_eq!(
                refused(dir.path(), &tree(&[("a.tf", "a")]), options),
                one("b.tf", Reason::StaleEdited)
            );
        }
    }

    #[test]
    fn a_foreign_file_is_refused_adopted_when_equal_and_overwritten_with_force() {
        let dir = tempfile::tempdir().unwrap();
        put(&dir, "a.tf", "foreign");
        assert_eq!(
            refused(dir.path(), &tree(&[("a.tf", "a")]), &Options::default()),
            one("a.tf", Reason::Foreign)
        );
        assert!(compare(dir.path(), &tree(&[("a.tf", "a")]), &FORCE).is_ok());
        let adopted = compare(dir.path(), &tree(&[("a.tf", "foreign")]), &Options::default()).unwrap();
        assert_eq!((&adopted.files["a.tf"], adopted.lock), (&Change::Unchanged, true));
    }

    #[test]
    fn foreign_files_beside_the_tree_are_not_even_mentioned() {
        let dir = generated(&[("a.tf", "a")]);
        put(&dir, "extra.tf", "foreign");
        assert!(compare(dir.path(), &tree(&[("a.tf", "a")]), &Options::default()).unwrap().is_empty());
    }

    #[test]
    fn a_directory_where_a_file_belongs_and_a_file_where_a_directory_belongs_are_refused() {
        let dir = tempfile::tempdir().unwrap();
        fs::create_dir(dir.path().join("a.tf")).unwrap();
        put(&dir, "m", "a file");
        let refused = refused(dir.path(), &tree(&[("a.tf", "a"), ("m/x/b.tf", "b")]), &FORCE);
        assert_eq!(refused, [("a.tf".to_owned(), Reason::InTheWay), ("m".to_owned(), Reason::InTheWay)]);
    }

    #[cfg(unix)]
    #[test]
    fn a_link_is_refused_wherever_it_is() {
        use std::os::unix::fs::symlink;
        let outside = tempfile::tempdir().unwrap();
        fs::write(outside.path().join("b.tf"), "b").unwrap();
        let tree = tree(&[("m/b.tf", "b2")]);
        for link in ["m", "m/b.tf", LOCK, STAGING, MARKER] {
            let dir = tempfile::tempdir().unwrap();
            if link == "m/b.tf" {
                fs::create_dir(dir.path().join("m")).unwrap();
            }
            symlink(outside.path(), dir.path().join(link)).unwrap();
            assert_eq!(refused(dir.path(), &tree, &FORCE), one(link, Reason::Symlink));
        }
        let dir = tempfile::tempdir().unwrap();
        symlink(outside.path(), dir.path().join("out")).unwrap();
        for spelling in ["out", "out/", "out/."] {
            assert_eq!(refused(&dir.path().join(spelling), &tree, &FORCE), one(".", Reason::Symlink));
        }
        assert_eq!(fs::read_to_string(outside.path().join("b.tf")).unwrap(), "b");
    }

    #[cfg(unix)]
    #[test]
    fn a_stale_file_behind_a_link_is_not_removed() {
        let dir = generated(&[("m/b.tf", "b")]);
        let outside = tempfile::tempdir().unwrap();
        fs::rename(dir.path().join("m/b.tf"), outside.path().join("b.tf")).unwrap();
        fs::remove_dir(dir.path().join("m")).unwrap();
        std::os::unix::fs::symlink(outside.path(), dir.path().join("m")).unwrap();
        assert_eq!(refused(dir.path(), &tree(&[]), &FORCE), one("m", Reason::Symlink));
    }

    #[test]
    fn a_hostile_path_in_the_tree_is_refused_before_anything_is_looked_at() {
        let dir = tempfile::tempdir().unwrap();
        let refused = refused(dir.path(), &tree(&[("../x", ""), ("/x", ""), ("fine.tf", "")]), &FORCE);
        assert_eq!(refused.len(), 2);
        assert!(refused.iter().all(|(_, reason)| matches!(reason, Reason::BadPath(_))));
    }

    #[test]
    fn a_hostile_path_in_a_lock_or_an_announced_lock_removes_nothing() {
        let dir = tempfile::tempdir().unwrap();
        let victim = put(&dir, "victim", "v");
        let out = dir.path().join("out");
        let hostile = Lock::of(&tree(&[("../victim", "v")])).to_text();
        for name in [LOCK.to_owned(), format!("{STAGING}/next-0.lock")] {
            fs::create_dir_all(out.join(STAGING)).unwrap();
            fs::write(out.join(name), &hostile).unwrap();
            let error = write(&out, &tree(&[("a.tf", "a")]), &FORCE).unwrap_err();
            assert!(matches!(error, ProjectError::BadLock { .. }), "{error}");
            assert!(victim.exists());
            fs::remove_dir_all(&out).unwrap();
        }
    }

    #[test]
    fn the_tree_of_another_stack_is_refused_and_replaced_with_force() {
        let dir = generated(&[("a.tf", "a"), ("old.tf", "old")]);
        let other = Tree { stack: "stacks/b.hcl".into(), ..tree(&[("a.tf", "b")]) };
        let reason = Reason::OtherStack { theirs: "stacks/a.hcl".into(), ours: "stacks/b.hcl".into() };
        assert_eq!(refused(dir.path(), &other, &Options::default()), one(".", reason));
        let changes = compare(dir.path(), &other, &FORCE).unwrap();
        assert_eq!(changes.files["old.tf"], Change::Removed { old: "old".into() });
    }

    #[test]
    fn a_marker_that_somebody_else_wrote_is_left_alone() {
        let dir = tempfile::tempdir().unwrap();
        put(&dir, MARKER, "# mine");
        assert_eq!(refused(dir.path(), &tree(&[]), &FORCE), one(MARKER, Reason::InTheWay));
    }

    #[test]
    fn files_that_an_interrupted_run_had_put_in_place_are_ours() {
        let dir = generated(&[("a.tf", "a")]);
        let interrupted = Lock::of(&tree(&[("a.tf", "a2"), ("new.tf", "n")])).to_text();
        fs::create_dir(dir.path().join(STAGING)).unwrap();
        put(&dir, &format!("{STAGING}/{}", next_lock_name(&interrupted)), &interrupted);
        put(&dir, MARKER, MARKER_TEXT);
        put(&dir, "a.tf", "a2");
        put(&dir, "new.tf", "n");
        let changes = compare(dir.path(), &tree(&[("a.tf", "a3")]), &Options::default()).unwrap();
        assert_eq!(changes.files["a.tf"], Change::Changed { old: "a2".into(), new: "a3".into() });
        assert_eq!(changes.files["new.tf"], Change::Removed { old: "n".into() });
        assert!(changes.unfinished);
    }

    #[test]
    fn a_directory_that_does_not_exist_yet_is_empty() {
        let dir = tempfile::tempdir().unwrap();
        let changes = compare(&dir.path().join("out"), &tree(&[("a.tf", "a")]), &Options::default()).unwrap();
        assert_eq!(changes.files["a.tf"], Change::Added { new: "a".into() });
        assert!(!dir.path().join("out").exists());
    }
}
