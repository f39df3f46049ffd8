//! Reads a stack file as it was at a revision of its git repository. Asks the installed `git`, changes nothing and runs
//! nothing of the repository's: no hook, no filter.

use std::io;
use std::path::{Path, PathBuf};
use std::process::{Command, Output, Stdio};

use super::error::{ProjectError, io_error};
use super::read;
use crate::source::Source;

/// The stack file at `path` as it was at `revision`, named `<revision>:<path>`; `None` when the revision has no such
/// file. With a colon the revision names a file itself, as git does, `main:stacks/old_name.hcl`, and has to have it.
///
/// # Errors
/// When git is missing, the file is in no repository, the revision is unknown, or the file there is no stack file or
/// cannot be read.
pub fn read_stack_at(path: &Path, revision: &str) -> Result<Option<Source>, ProjectError> {
    let repository = Repository::of(path);
    let (commit, named) = match revision.split_once(':') {
        Some((commit, _)) => (commit, true),
        None => (revision, false),
    };
    let name = if named { revision.to_owned() } else { format!("{revision}:{}", path.display()) };
    let found = repository.object(&format!("{commit}^{{commit}}"))?;
    if !found.status.success() {
        return Err(repository.refused(commit, &found));
    }
    let file = path.file_name().unwrap_or_default().to_string_lossy();
    let found =
        repository.object(&if named { revision.to_owned() } else { format!("{revision}:./{file}") })?;
    match found.status.success() {
        true => {}
        false if named => return Err(ProjectError::NotInRevision { file: revision.to_owned() }),
        false => return Ok(None),
    }
    let id = String::from_utf8_lossy(&found.stdout);
    let blob = repository.git(&["cat-file", "blob", id.trim()])?;
    if !blob.status.success() {
        return Err(repository.refused(&name, &blob));
    }
    let syntax = read::syntax(Path::new(&name))?;
    Ok(Some(Source::new(
        &name,
        &read::text(Path::new(&name), blob.stdout.as_slice(), read::STACK_REMEDY)?,
        syntax,
    )))
}

/// The repository that a file lies in, if it does.
struct Repository {
    directory: PathBuf,
}

impl Repository {
    fn of(path: &Path) -> Self {
        let directory = path.parent().filter(|parent| !parent.as_os_str().is_empty());
        Self { directory: directory.unwrap_or(Path::new(".")).to_owned() }
    }

    /// The identifier of what a name of git's names, or that it names nothing. Reads no content.
    fn object(&self, name: &str) -> Result<Output, ProjectError> {
        self.git(&["rev-parse", "--verify", "--quiet", "--end-of-options", name])
    }

    fn git(&self, arguments: &[&str]) -> Result<Output, ProjectError> {
        let mut git = Command::new("git");
        git.arg("-C").arg(&self.directory).args(arguments).stdin(Stdio::null());
        git.output().map_err(|source| match source.kind() {
            io::ErrorKind::NotFound => ProjectError::NoGit,
            _ => io_error("run", "git")(source),
        })
    }

    /// Why git does not give what was asked for. With `--quiet` an unknown revision says nothing.
    fn refused(&self, revision: &str, output: &Output) -> ProjectError {
        let said = String::from_utf8_lossy(&output.stderr);
        let said = said.lines().next().unwrap_or_default().trim_start_matches("fatal: ").to_owned();
        match said.is_empty() {
            true => ProjectError::UnknownRevision { revision: revision.to_owned() },
            false => ProjectError::Git { said },
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// A repository with one commit that has `stacks/a.hcl`; nothing where git is not installed.
    fn repository() -> Option<tempfile::TempDir> {
        let directory = tempfile::tempdir().unwrap();
        std::fs::create_dir(directory.path().join("stacks")).unwrap();
        std::fs::write(directory.path().join("stacks/a.hcl"), "stack \"old\" {}\n").unwrap();
        for arguments in [&["init", "--quiet"][..], &["add", "."], &["commit", "--quiet", "-m", "one"]] {
            let identity = ["-c", "user.name=Test", "-c", "user.email=test@example.com"];
            let run =
                Command::new("git").current_dir(directory.path()).args(identity).args(arguments).output();
            let run = run.ok()?;
            assert!(run.status.success(), "{}", String::from_utf8_lossy(&run.stderr));
        }
        std::fs::write(directory.path().join("stacks/a.hcl"), "stack \"new\" {}\n").unwrap();
        Some(directory)
    }

    #[test]
    #[allow(clippy::print_stderr, reason = "a skipped test must be seen")]
    fn the_file_is_read_as_it_was_committed() {
        let Some(repository) = repository() else {
            eprintln!("SKIPPED: git is not installed");
            return;
        };
        let path = repository.path().join("stacks/a.hcl");
        let source = read_stack_at(&path, "HEAD").unwrap().unwrap();
        assert_eq!(&*source.text, "stack \"old\" {}\n");
        assert_eq!(&*source.name, format!("HEAD:{}", path.display()));
        let named =
            read_stack_at(&repository.path().join("stacks/b.hcl"), "HEAD:stacks/a.hcl").unwrap().unwrap();
        assert_eq!((&*named.text, &*named.name), ("stack \"old\" {}\n", "HEAD:stacks/a.hcl"));
        assert!(read_stack_at(&repository.path().join("stacks/b.hcl"), "HEAD").unwrap().is_none());
        // What is there and cannot be read is not the same as what is not there.
        let directory = read_stack_at(&path, "HEAD:stacks").unwrap_err();
        assert!(matches!(directory, ProjectError::Git { .. }), "{directory}");
        let missing = read_stack_at(&path, "HEAD:stacks/b.hcl").unwrap_err();
        assert!(matches!(missing, ProjectError::NotInRevision { .. }), "{missing}");
        for unknown in ["nowhere", "--output=x", ""] {
            let error = read_stack_at(&path, unknown).unwrap_err();
            assert!(matches!(error, ProjectError::UnknownRevision { .. }), "{unknown}: {error}");
        }
    }

    #[test]
    #[allow(clippy::print_stderr, reason = "a skipped test must be seen")]
    fn outside_of_a_repository_git_says_why() {
        if repository().is_none() {
            eprintln!("SKIPPED: git is not installed");
            return;
        }
        let directory = tempfile::tempdir().unwrap();
        let error = read_stack_at(&directory.path().join("a.hcl"), "HEAD").unwrap_err().to_string();
        assert!(error.contains("not a git repository"), "{error}");
    }
}
