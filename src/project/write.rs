//! Changes a directory from one generated tree to the next as a whole.
//!
//! New files are staged first. Then the marker `_incomplete.tf` makes Terraform refuse the directory, the files are put in
//! place, and the marker goes away last. So a run that dies at any point leaves the old tree, the new tree, or a
//! directory that Terraform refuses; and the next run, with whatever stack, completes it: the lock that the dead run was
//! about to write waits in the staging directory and tells its files from foreign ones.

use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};

use super::changes::{Change, Changes, Options, compare};
use super::disk::{self, Found};
use super::error::{ProjectError, Refused, io_error};
use super::guard::{self, OWNER};
use super::lock::Lock;
use super::paths::{self, LOCK, MARKER, STAGING};
use super::record::{self, MARKER_TEXT, next_lock_name};
use crate::tree::Tree;

/// Makes `dir` hold exactly `tree`, its lock file, and whatever was there that is not ours. Files that are as they
/// should be are not touched; without any change nothing is written.
///
/// # Errors
/// As [`compare`]; [`ProjectError::Busy`] when another run holds the directory; [`ProjectError::HalfWritten`] when the
/// disk failed after the first file was replaced. After every other error the tree is the old one, or complete with
/// only the staging directory left to clear away, which the next run does.
pub fn write(dir: &Path, tree: &Tree, options: &Options) -> Result<Changes, ProjectError> {
    let dir = disk::output_dir(dir)?;
    Refused::unless_empty(&dir, paths::refusals(tree.files.keys()))?;
    if disk::kind(&dir)?.is_none() {
        let above = dir.parent().unwrap_or(Path::new(""));
        fs::create_dir_all(above).map_err(io_error("create", above))?;
        disk::create_dir(&dir)?;
    }
    let _alone = guard::exclusive(&dir, options.wait)?;
    let changes = compare(&dir, tree, options)?;
    if changes.is_empty() {
        return Ok(changes);
    }
    let run = Run { dir: &dir, tree, changes: &changes };
    run.complete().map_err(|error| run.explain(error))?;
    Ok(changes)
}

/// One change of a directory under way; it is alone in the directory.
struct Run<'a> {
    dir: &'a Path,
    tree: &'a Tree,
    changes: &'a Changes,
}

impl Run<'_> {
    fn complete(&self) -> Result<(), ProjectError> {
        let replaces =
            self.changes.lock || self.new_files().next().is_some() || self.removed().next().is_some();
        if replaces {
            self.stage()?;
            self.mark()?;
            self.replace_files()?;
        }
        // before the lock: it forgets which directories were ours
        self.remove_empty_directories()?;
        if replaces {
            self.replace_lock()?;
        }
        self.unmark()
    }

    /// Writes everything that is new into the staging directory, and the lock that goes with it.
    fn stage(&self) -> Result<(), ProjectError> {
        let lock = Lock::of(self.tree).to_text();
        disk::create_dir(&self.staging_dir())?;
        self.clear_staging()?;
        disk::create_file(&self.staging(OWNER), guard::owner(&self.tree.stack).as_bytes())?;
        disk::create_file(&self.staging(LOCK), lock.as_bytes())?;
        disk::create_file(&self.staging(MARKER), MARKER_TEXT.as_bytes())?;
        for (number, (_, text)) in self.new_files().enumerate() {
            disk::create_file(&self.staging(&number.to_string()), text.as_bytes())?;
        }
        disk::create_file(&self.staging("next"), lock.as_bytes())?;
        disk::rename(&self.staging("next"), &self.staging(&next_lock_name(&lock)))?;
        disk::sync_dir(&self.staging_dir())
    }

    /// Drops what an interrupted run staged, but not the locks it announced: its files may be in place already.
    fn clear_staging(&self) -> Result<(), ProjectError> {
        let staging = self.staging_dir();
        let keep: BTreeSet<PathBuf> =
            record::next_locks(self.dir)?.iter().map(|path| self.dir.join(path)).collect();
        for entry in fs::read_dir(&staging).map_err(io_error("read", &staging))? {
            let path = entry.map_err(io_error("read", &staging))?.path();
            if !keep.contains(&path) {
                disk::remove_file(&path)?;
            }
        }
        Ok(())
    }

    fn mark(&self) -> Result<(), ProjectError> {
        disk::rename(&self.staging(MARKER), &self.dir.join(MARKER))?;
        disk::sync_dir(self.dir)
    }

    /// Stale files go first, so that on a file system that ignores case a new spelling is not removed with the old one.
    fn replace_files(&self) -> Result<(), ProjectError> {
        for path in self.removed() {
            self.still_as_compared(path)?;
            disk::remove_file(&self.dir.join(path))?;
        }
        for (number, (path, _)) in self.new_files().enumerate() {
            self.still_as_compared(path)?;
            for parent in outermost_first(path) {
                disk::create_dir(&self.dir.join(parent))?;
            }
            disk::rename(&self.staging(&number.to_string()), &self.dir.join(path))?;
        }
        Ok(())
    }

    /// Removes the directories that stale files leave empty, those of an interrupted run included.
    fn remove_empty_directories(&self) -> Result<(), ProjectError> {
        for parent in self.changes.stale.iter().flat_map(|path| paths::parents(path)) {
            disk::remove_dir_if_empty(&self.dir.join(parent))?;
        }
        Ok(())
    }

    /// Puts the lock in place, once everything it says is safely on the disk.
    fn replace_lock(&self) -> Result<(), ProjectError> {
        let touched = self.removed().chain(self.new_files().map(|(path, _)| path));
        let directories: BTreeSet<&str> = touched.flat_map(paths::parents).collect();
        for directory in directories {
            disk::sync_dir(&self.dir.join(directory))?;
        }
        disk::sync_dir(self.dir)?;
        if self.changes.lock {
            disk::rename(&self.staging(LOCK), &self.dir.join(LOCK))?;
            disk::sync_dir(self.dir)?;
        }
        Ok(())
    }

    fn unmark(&self) -> Result<(), ProjectError> {
        disk::remove_file(&self.dir.join(MARKER))?;
        disk::sync_dir(self.dir)?;
        disk::remove_dir_all(&self.staging_dir())
    }

    /// Guards against somebody who edits a file, or swaps a directory for a link, while this run is under way.
    fn still_as_compared(&self, path: &str) -> Result<(), ProjectError> {
        let found = disk::look(self.dir, path)?;
        let same = match (&found, self.changes.files.get(path)) {
            (Found::Missing, Some(Change::Added { .. })) => true,
            (Found::File(bytes), Some(Change::Changed { old, .. } | Change::Removed { old })) => {
                String::from_utf8_lossy(bytes) == *old
            }
            _ => false,
        };
        if same { Ok(()) } else { Err(ProjectError::Moved { path: self.dir.join(path) }) }
    }

    /// Says in what state a failure left the directory, after clearing away what can be.
    fn explain(&self, error: ProjectError) -> ProjectError {
        if !matches!(disk::kind(&self.dir.join(MARKER)), Ok(None)) {
            return ProjectError::HalfWritten { dir: self.dir.to_owned(), source: Box::new(error) };
        }
        if !self.changes.unfinished {
            // nothing was put in place; what cannot be removed now is removed by the next run
            let _ = disk::remove_dir_all(&self.staging_dir());
        }
        error
    }

    fn staging_dir(&self) -> PathBuf {
        self.dir.join(STAGING)
    }

    fn staging(&self, name: &str) -> PathBuf {
        self.staging_dir().join(name)
    }

    /// Path and text of every file to put in place; the position is the name of the staged file.
    fn new_files(&self) -> impl Iterator<Item = (&str, &str)> {
        self.changes.files.iter().filter_map(|(path, change)| match change {
            Change::Added { new } | Change::Changed { new, .. } => Some((path.as_str(), new.as_str())),
            Change::Removed { .. } | Change::Unchanged => None,
        })
    }

    fn removed(&self) -> impl Iterator<Item = &str> {
        let removed =
            self.changes.files.iter().filter(|(_, change)| matches!(change, Change::Removed { .. }));
        removed.map(|(path, _)| path.as_str())
    }
}

/// The directories above a path in the order in which they are created.
fn outermost_first(path: &str) -> Vec<&str> {
    let mut parents: Vec<&str> = paths::parents(path).collect();
    parents.reverse();
    parents
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::collections::BTreeMap;

    fn tree(files: &[(&str, &str)]) -> Tree {
        let files = files.iter().map(|(path, text)| ((*path).to_owned(), (*text).to_owned())).collect();
        Tree { stack: "stacks/a.hcl".into(), files, ..Tree::default() }
    }

    fn generate(dir: &Path, tree: &Tree) -> Changes {
        write(dir, tree, &Options::default()).unwrap()
    }

    /// Every file below `dir` and its text, and every directory with a trailing slash.
    fn listing(dir: &Path) -> BTreeMap<String, String> {
        let mut found = BTreeMap::new();
        let mut open = vec![dir.to_owned()];
        while let Some(next) = open.pop() {
            for entry in fs::read_dir(next).unwrap() {
                let path = entry.unwrap().path();
                let name = path.strip_prefix(dir).unwrap().to_str().unwrap().to_owned();
                if path.is_dir() {
                    found.insert(name + "/", String::new());
                    open.push(path);
                } else {
                    found.insert(name, fs::read_to_string(&path).unwrap());
                }
            }
        }
        found
    }

    fn names(dir: &Path) -> Vec<String> {
        listing(dir).into_keys().collect()
    }

    #[test]
    fn a_first_run_creates_the_directory_and_everything_in_it() {
        let dir = tempfile::tempdir().unwrap();
        let out = dir.path().join("deep/infra");
        let changes = generate(&out, &tree(&[("main.tf", "a\n"), ("modules/data/main.tf", "b\n")]));
        assert_eq!(names(&out), [LOCK, "main.tf", "modules/", "modules/data/", "modules/data/main.tf"]);
        assert_eq!(changes.files["main.tf"], Change::Added { new: "a\n".into() });
    }

    #[test]
    fn stale_files_and_the_directories_they_leave_empty_go_and_foreign_ones_stay() {
        let dir = tempfile::tempdir().unwrap();
        generate(
            dir.path(),
            &tree(&[("a/b/c/x.tf", "x"), ("a/y.tf", "y"), ("d/z.tf", "z"), ("keep.tf", "k")]),
        );
        fs::write(dir.path().join("d/foreign.tf"), "mine").unwrap();
        fs::create_dir(dir.path().join("empty")).unwrap();
        let changes = generate(dir.path(), &tree(&[("keep.tf", "k"), ("a/y.tf", "y2")]));
        assert_eq!(names(dir.path()), ["a/", "a/y.tf", "d/", "d/foreign.tf", "empty/", LOCK, "keep.tf"]);
        assert_eq!(changes.files["d/z.tf"], Change::Removed { old: "z".into() });
        assert_eq!(changes.files["keep.tf"], Change::Unchanged);
    }

    #[cfg(unix)]
    #[test]
    fn a_second_run_touches_nothing_and_a_changed_tree_only_what_changed() {
        use std::os::unix::fs::MetadataExt;
        let dir = tempfile::tempdir().unwrap();
        let stamp = |name: &str| {
            let metadata = fs::metadata(dir.path().join(name)).unwrap();
            (metadata.ino(), metadata.mtime(), metadata.mtime_nsec(), metadata.ctime_nsec())
        };
        generate(dir.path(), &tree(&[("a.tf", "a"), ("m/b.tf", "b")]));
        let before = ["", "a.tf", "m", "m/b.tf", LOCK].map(stamp);
        assert!(generate(dir.path(), &tree(&[("a.tf", "a"), ("m/b.tf", "b")])).is_empty());
        assert_eq!(["", "a.tf", "m", "m/b.tf", LOCK].map(stamp), before);
        let next = tree(&[("a.tf", "a2"), ("m/b.tf", "b")]);
        generate(dir.path(), &next);
        assert_eq!(stamp("m/b.tf"), before[3]);
        let lock = stamp(LOCK);
        fs::write(dir.path().join("a.tf"), "edited").unwrap();
        write(dir.path(), &next, &Options { force: true, ..Options::default() }).unwrap();
        assert_eq!(stamp(LOCK), lock);
    }

    #[cfg(unix)]
    #[test]
    fn files_and_directories_have_the_usual_permissions() {
        use std::os::unix::fs::PermissionsExt;
        let dir = tempfile::tempdir().unwrap();
        let out = dir.path().join("out");
        generate(&out, &tree(&[("m/b.tf", "b")]));
        let mode = |name: &str| fs::metadata(out.join(name)).unwrap().permissions().mode() & 0o7777;
        assert_eq!([".", "m", "m/b.tf", LOCK].map(mode), [0o755, 0o755, 0o644, 0o644]);
    }

    #[test]
    fn a_refused_run_writes_nothing() {
        let dir = tempfile::tempdir().unwrap();
        generate(dir.path(), &tree(&[("a.tf", "a"), ("b.tf", "b")]));
        fs::write(dir.path().join("b.tf"), "edited").unwrap();
        let before = listing(dir.path());
        let error =
            write(dir.path(), &tree(&[("a.tf", "a2"), ("b.tf", "b2")]), &Options::default()).unwrap_err();
        assert!(matches!(error, ProjectError::Refused(_)), "{error}");
        assert_eq!(listing(dir.path()), before);
    }

    #[test]
    fn a_hand_edit_survives_until_it_is_forced_away() {
        let dir = tempfile::tempdir().unwrap();
        let tree = tree(&[("a.tf", "a")]);
        generate(dir.path(), &tree);
        fs::write(dir.path().join("a.tf"), "edited").unwrap();
        assert!(write(dir.path(), &tree, &Options::default()).is_err());
        let changes = write(dir.path(), &tree, &Options { force: true, ..Options::default() }).unwrap();
        assert_eq!(changes.files["a.tf"], Change::Changed { old: "edited".into(), new: "a".into() });
        assert_eq!(fs::read_to_string(dir.path().join("a.tf")).unwrap(), "a");
    }

    #[test]
    fn a_file_edited_while_the_run_is_under_way_is_not_overwritten() {
        let dir = tempfile::tempdir().unwrap();
        generate(dir.path(), &tree(&[("a.tf", "a")]));
        let next = tree(&[("a.tf", "a2")]);
        let changes = compare(dir.path(), &next, &Options::default()).unwrap();
        fs::write(dir.path().join("a.tf"), "edited just now").unwrap();
        let run = Run { dir: dir.path(), tree: &next, changes: &changes };
        let error = run.explain(run.complete().unwrap_err());
        assert!(
            matches!(&error, ProjectError::HalfWritten { source, .. } if matches!(**source, ProjectError::Moved { .. }))
        );
        assert_eq!(fs::read_to_string(dir.path().join("a.tf")).unwrap(), "edited just now");
        assert!(dir.path().join(MARKER).exists());
        fs::remove_file(dir.path().join("a.tf")).unwrap();
        generate(dir.path(), &next);
        assert_eq!(names(dir.path()), ["a.tf", LOCK]);
    }

    #[test]
    fn a_failure_before_the_marker_leaves_the_old_tree_and_no_litter() {
        let dir = tempfile::tempdir().unwrap();
        generate(dir.path(), &tree(&[("a.tf", "a")]));
        let before = listing(dir.path());
        let changes = Changes { lock: true, ..Changes::default() };
        let next = tree(&[]);
        let run = Run { dir: dir.path(), tree: &next, changes: &changes };
        run.stage().unwrap();
        let failure = io_error("write", "x")(std::io::Error::from(std::io::ErrorKind::StorageFull));
        assert!(matches!(run.explain(failure), ProjectError::Io { .. }));
        assert_eq!(listing(dir.path()), before);
    }

    #[test]
    fn litter_of_a_run_that_died_before_the_marker_is_cleared_even_without_changes() {
        let dir = tempfile::tempdir().unwrap();
        let tree = tree(&[("a.tf", "a")]);
        generate(dir.path(), &tree);
        fs::create_dir(dir.path().join(STAGING)).unwrap();
        fs::write(dir.path().join(STAGING).join("0"), "half").unwrap();
        assert!(generate(dir.path(), &tree).unfinished);
        assert_eq!(names(dir.path()), ["a.tf", LOCK]);
    }
}
