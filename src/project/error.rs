//! What can go wrong with the disk. Every message says where, what happened, and what to do about it.

use std::fmt;
use std::io;
use std::path::PathBuf;

/// A failure of the environment, as opposed to a mistake in a stack file (which is a diagnostic).
#[derive(Debug, thiserror::Error)]
pub enum ProjectError {
    /// The operating system refused.
    #[error("cannot {action} `{path}`: {source}; {}", advice(.source))]
    Io {
        /// What was tried: `read`, `rename to`.
        action: &'static str,
        /// On which file or directory.
        path: PathBuf,
        /// What the operating system said.
        source: io::Error,
    },
    /// A file that is a directory, a pipe or a device.
    #[error("`{path}` is not a regular file; name a file, or `-` to read standard input")]
    NotAFile {
        /// As the user gave it.
        path: PathBuf,
    },
    /// A file beyond its limit.
    #[error("`{path}` is larger than {mebibytes} MiB; {remedy}")]
    TooLarge {
        /// As the user gave it.
        path: PathBuf,
        /// The limit.
        mebibytes: u64,
        /// The way out.
        remedy: &'static str,
    },
    /// A directory with more files than an import looks at.
    #[error("`{path}` has more than {most} files; name the files to import one by one")]
    TooMany {
        /// As the user gave it.
        path: PathBuf,
        /// The limit.
        most: usize,
    },
    /// A stack file that is not text.
    #[error("`{path}` is not UTF-8 at {line}:{column}; save it as UTF-8")]
    NotUtf8 {
        /// As the user gave it.
        path: PathBuf,
        /// 1-based line of the first bad byte.
        line: usize,
        /// 1-based column of the first bad byte, in characters.
        column: usize,
    },
    /// A stack file that somebody else wrote while it was worked on.
    #[error("`{path}` has changed meanwhile; run the command again")]
    Changed {
        /// The file.
        path: PathBuf,
    },
    /// A stack file whose name does not say its syntax.
    #[error("`{path}` is neither `.hcl` nor `.json`; rename it to say which syntax it has")]
    UnknownSyntax {
        /// As the user gave it.
        path: PathBuf,
    },
    /// Reading a revision takes git.
    #[error("git is not installed, and only it can read another revision; install it, or compare two trees")]
    NoGit,
    /// No such revision in the repository.
    #[error(
        "`{revision}` is no revision of this repository; check its name, or fetch it first: `git fetch origin {revision}`"
    )]
    UnknownRevision {
        /// As the user gave it.
        revision: String,
    },
    /// A revision that was asked for a file by name, and does not have it.
    #[error("`{file}` is not there; after the colon stands the path from the top of the repository")]
    NotInRevision {
        /// As the user gave it.
        file: String,
    },
    /// Git refused.
    #[error("git says: {said}")]
    Git {
        /// The first line of what it said.
        said: String,
    },
    /// A lock file that cannot be trusted.
    #[error("`{path}` {problem}")]
    BadLock {
        /// The lock file.
        path: PathBuf,
        /// What is wrong and what to do.
        problem: String,
    },
    /// Another run holds the directory and did not finish in time.
    #[error("{holder} is changing `{dir}`; wait until it has finished, then run again")]
    Busy {
        /// The output directory.
        dir: PathBuf,
        /// What is known of the other run.
        holder: String,
    },
    /// Changing the directory would lose something, or reach outside it.
    #[error("{0}")]
    Refused(Refused),
    /// Somebody else wrote while this run was writing.
    #[error(
        "`{path}` was changed by somebody else while it was being replaced; see what it is now, then run again"
    )]
    Moved {
        /// The file, or a link or directory that was put in its place.
        path: PathBuf,
    },
    /// A run failed half way; the marker stops Terraform until a run completes.
    #[error(
        "`{dir}` is half-written: {source}; Terraform refuses it until `groundplan generate` has run again"
    )]
    HalfWritten {
        /// The output directory.
        dir: PathBuf,
        /// What stopped the run.
        source: Box<ProjectError>,
    },
}

impl ProjectError {
    /// Whether a file is not there.
    pub fn is_not_found(&self) -> bool {
        matches!(self, Self::Io { source, .. } if source.kind() == io::ErrorKind::NotFound)
    }
}

/// The way out of a failure of the operating system.
fn advice(error: &io::Error) -> &'static str {
    match error.kind() {
        io::ErrorKind::NotFound => "check the path",
        io::ErrorKind::AlreadyExists => "choose another name, or move it away",
        io::ErrorKind::PermissionDenied => "check the permissions of it and of its directory",
        io::ErrorKind::StorageFull | io::ErrorKind::QuotaExceeded => "free some space, then run again",
        io::ErrorKind::ReadOnlyFilesystem => "choose an output directory that can be written",
        _ => "solve that, then run again",
    }
}

/// Turns an [`io::Error`] into a [`ProjectError`]; for `map_err`.
pub(super) fn io_error(
    action: &'static str,
    path: impl Into<PathBuf>,
) -> impl FnOnce(io::Error) -> ProjectError {
    let path = path.into();
    move |source| ProjectError::Io { action, path, source }
}

/// Everything that stands against changing a directory; nothing in it was changed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Refused {
    /// The output directory.
    pub dir: PathBuf,
    /// Sorted by path, without duplicates, not empty.
    pub refusals: Vec<Refusal>,
}

impl Refused {
    /// `Ok` when there is nothing to refuse.
    pub(super) fn unless_empty(
        dir: impl Into<PathBuf>,
        mut refusals: Vec<Refusal>,
    ) -> Result<(), ProjectError> {
        if refusals.is_empty() {
            return Ok(());
        }
        refusals.sort();
        refusals.dedup();
        Err(ProjectError::Refused(Refused { dir: dir.into(), refusals }))
    }
}

impl fmt::Display for Refused {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "`{}` was left as it is:", self.dir.display())?;
        self.refusals.iter().try_for_each(|refusal| write!(f, "\n- `{}` {}", refusal.path, refusal.reason))
    }
}

/// One file or directory that stands in the way.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct Refusal {
    /// Below the output directory; `.` is the directory itself.
    pub path: String,
    /// Why, and how to proceed.
    pub reason: Reason,
}

/// Why a path is refused.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub enum Reason {
    /// A generated file that somebody changed. Forced: overwritten.
    Edited,
    /// The same, and the new tree does not have it.
    StaleEdited,
    /// A file that is not ours where a generated file belongs. Forced: overwritten.
    Foreign,
    /// A symbolic link: writing through it could leave the directory.
    Symlink,
    /// A directory where a file belongs, or the other way round.
    InTheWay,
    /// The directory holds the tree of another stack file. Forced: replaced.
    OtherStack {
        /// What the lock says.
        theirs: String,
        /// What the tree says.
        ours: String,
    },
    /// The generated path cannot be written safely on every system.
    BadPath(&'static str),
}

impl fmt::Display for Reason {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Reason::Edited => f.write_str(
                "was edited by hand: take the edit into the stack file, or overwrite it with `--force`",
            ),
            Reason::StaleEdited => f.write_str(
                "is no longer generated but was edited by hand: keep it under another name, or delete it",
            ),
            Reason::Foreign => {
                f.write_str("was not generated: keep it under another name, or overwrite it with `--force`")
            }
            Reason::Symlink => {
                f.write_str("is a symbolic link: replace it with what it points at, or remove it")
            }
            Reason::InTheWay => {
                f.write_str("is not what belongs there (a file or a directory): move it away")
            }
            Reason::OtherStack { theirs, ours } => write!(
                f,
                "was generated from `{theirs}`, not `{ours}`: choose another directory, or replace it with `--force`"
            ),
            Reason::BadPath(problem) => write!(f, "cannot be generated: it {problem}; use another name"),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_error_says_where_what_and_what_to_do() {
        let error = io_error("read", "a/b.hcl")(io::Error::from(io::ErrorKind::NotFound));
        assert_eq!(error.to_string(), "cannot read `a/b.hcl`: entity not found; check the path");
    }

    #[test]
    fn a_refusal_names_every_file_once_in_order() {
        let refusal = |path: &str| Refusal { path: path.into(), reason: Reason::Symlink };
        let error = Refused::unless_empty("out", vec![refusal("b"), refusal("a"), refusal("b")]).unwrap_err();
        let text = error.to_string();
        assert_eq!(text.lines().count(), 3);
        assert!(text.starts_with("`out` was left as it is:\n- `a` is a symbolic link"), "{text}");
    }
}
