//! What `generate`, `diff` and `check` have in common: reading stack files and compiling them side by side.

use std::collections::BTreeMap;
use std::path::{Component, Path, PathBuf};
use std::sync::Arc;

use clap::{Args, ValueHint};

use super::io::{Failure, Io};
use super::report::Report;
use crate::parallel::in_parallel;
use crate::pipeline;
use crate::project::{self, Change, Changes, Options};
use crate::render::Engine;
use crate::source::{Source, Sources};
use crate::tree::{Address, Tree};

/// Which stack files.
#[derive(Debug, Args)]
pub(super) struct Inputs {
    /// Stack files, `.hcl` or `.json`; `-` reads standard input
    #[arg(required = true, value_name = "STACK", value_hint = ValueHint::FilePath)]
    pub(super) stacks: Vec<PathBuf>,
}

/// Where the trees go.
#[derive(Debug, Args)]
pub(super) struct Output {
    /// Directory in which each stack has a directory of its name
    #[arg(long = "out", value_name = "DIR", default_value = "infra", value_hint = ValueHint::DirPath)]
    directory: PathBuf,
}

/// A stack without errors.
#[derive(Debug)]
pub(super) struct Compiled {
    /// The stack file's name as given.
    pub(super) file: Arc<str>,
    /// The stack's name.
    pub(super) stack: String,
    /// What it becomes.
    pub(super) tree: Tree,
}

impl Inputs {
    /// Compiles every stack, reports everything found in any of them, and gives them in the order of the arguments;
    /// nothing when one has an error or cannot be read. `previous` gives what an earlier run generated for the stack
    /// of a name.
    pub(super) fn compile(
        &self,
        previous: impl Fn(&str) -> BTreeMap<String, Address> + Sync,
        report: &Report,
        io: &mut Io<'_>,
    ) -> Result<Option<Vec<Compiled>>, Failure> {
        if self.stacks.iter().filter(|path| path.as_os_str() == "-").count() > 1 {
            return Err(Failure::Arguments(
                "standard input can be read only once: write `-` once".to_owned(),
            ));
        }
        // Diagnostics name a file as the user did, generated headers in a way that does not depend on the machine.
        let (mut shown, mut stable) = (Sources::default(), Sources::default());
        let mut files = Vec::new();
        let mut complete = true;
        for path in &self.stacks {
            match project::read_stack(path) {
                Ok(source) => {
                    let name = header_name(path, &io.directory);
                    stable.add(Source::new(&name, &source.text, source.syntax));
                    files.push(shown.add(source));
                }
                Err(error) => {
                    io.complain(&error.into());
                    complete = false;
                }
            }
        }
        let engine = Engine::new()?;
        let results = in_parallel(&files, |file| pipeline::compile(&engine, &stable, *file, &previous));
        let mut diagnostics = Vec::new();
        let mut stacks = Vec::new();
        for (file, result) in files.iter().zip(results) {
            let outcome = result?;
            diagnostics.extend(outcome.diagnostics);
            complete &= outcome.value.is_some();
            stacks.extend(outcome.value.map(|compiled| {
                let file = shown.get(*file).name.clone();
                Compiled { file, stack: compiled.model.stack.name.to_string(), tree: compiled.tree }
            }));
        }
        report.print(&diagnostics, &shown, io)?;
        Ok(complete.then_some(stacks))
    }
}

/// The stack file's name in the headers of generated files: relative to the current directory when it is below it,
/// otherwise the file name alone, so that it does not depend on whose machine it is.
fn header_name(path: &Path, directory: &Path) -> String {
    if path.as_os_str() == "-" {
        return "<stdin>".to_owned();
    }
    let whole = plain(&directory.join(path));
    let stable = match whole.strip_prefix(directory) {
        Ok(below) if directory.is_absolute() => below.to_owned(),
        _ => path.file_name().map(PathBuf::from).unwrap_or_default(),
    };
    let words: Vec<_> = stable.components().map(|word| word.as_os_str().to_string_lossy()).collect();
    // The name goes into a comment: what ends a line would end the comment.
    words.join("/").replace(|c: char| c.is_control() || matches!(c, '\u{2028}' | '\u{2029}'), "_")
}

/// A path without `.` and `..`, by its words alone.
fn plain(path: &Path) -> PathBuf {
    let mut plain = PathBuf::new();
    for word in path.components() {
        match word {
            Component::CurDir => {}
            Component::ParentDir => {
                plain.pop();
            }
            word => plain.push(word),
        }
    }
    plain
}

impl Output {
    /// What the last run generated for the stack of a name. A lock that cannot be read counts as none here: comparing
    /// with the directory reads it again, and refuses.
    pub(super) fn previous(&self, stack: &str) -> BTreeMap<String, Address> {
        let lock = project::Lock::read(&self.directory.join(stack)).ok().flatten();
        lock.map(|lock| lock.addresses).unwrap_or_default()
    }

    /// The directory of each stack.
    ///
    /// # Errors
    /// When two stacks would go to one directory.
    pub(super) fn directories(&self, stacks: &[Compiled]) -> Result<Vec<PathBuf>, Failure> {
        for (index, one) in stacks.iter().enumerate() {
            if let Some(other) = stacks[..index].iter().find(|other| other.stack == one.stack) {
                return Err(Failure::Arguments(format!(
                    "`{}` and `{}` are both called `{}` and would share a directory; rename one of the stacks",
                    other.file, one.file, one.stack
                )));
            }
        }
        Ok(stacks.iter().map(|compiled| self.directory.join(&compiled.stack)).collect())
    }
}

/// Compares every stack with its directory. Reports everything that stands in the way in any of them; nothing then.
pub(super) fn compare(
    stacks: &[Compiled],
    directories: &[PathBuf],
    options: &Options,
    io: &mut Io<'_>,
) -> Option<Vec<Changes>> {
    let mut compared = Vec::new();
    for (compiled, directory) in stacks.iter().zip(directories) {
        match project::compare(directory, &compiled.tree, options) {
            Ok(changes) => compared.push(changes),
            Err(error) => io.complain(&error.into()),
        }
    }
    (compared.len() == stacks.len()).then_some(compared)
}

impl Compiled {
    /// One line on what changes: `stacks/shop.hcl -> infra/shop: 31 files, 2 changed, 1 removed`.
    pub(super) fn summary(&self, directory: &Path, changes: &Changes) -> String {
        let count =
            |wanted: fn(&Change) -> bool| changes.files.values().filter(|change| wanted(change)).count();
        let counts = [
            (count(|change| matches!(change, Change::Added { .. })), "added"),
            (count(|change| matches!(change, Change::Changed { .. })), "changed"),
            (count(|change| matches!(change, Change::Removed { .. })), "removed"),
        ];
        let mut text = match self.tree.files.len() {
            1 => "1 file".to_owned(),
            files => format!("{files} files"),
        };
        for (count, what) in counts.iter().filter(|(count, _)| *count > 0) {
            text += &format!(", {count} {what}");
        }
        if changes.is_empty() {
            text += ", unchanged";
        } else if counts.iter().all(|(count, _)| *count == 0) {
            text += ", groundplan.lock changed";
        }
        format!("{} -> {}: {text}", self.file, directory.display())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_name_in_headers_is_relative_below_the_current_directory_and_bare_elsewhere() {
        for (path, expected) in [
            ("stacks/a.hcl", "stacks/a.hcl"),
            ("./stacks/../stacks//a.hcl", "stacks/a.hcl"),
            ("/projects/shop/stacks/a.hcl", "stacks/a.hcl"),
            ("/projects/other/a.hcl", "a.hcl"),
            ("../other/a.hcl", "a.hcl"),
            ("../shop/a.hcl", "a.hcl"),
            ("x\ny.hcl", "x_y.hcl"),
            ("-", "<stdin>"),
        ] {
            assert_eq!(header_name(Path::new(path), Path::new("/projects/shop")), expected, "{path}");
        }
        assert_eq!(header_name(Path::new("stacks/a.hcl"), Path::new("")), "a.hcl");
    }
}
