//! The few operations that everything else here is made of: look without following links, create, sync, remove.
//! Knows nothing about trees and locks.

use std::fs::{self, File};
use std::io::{self, Write};
use std::path::{Path, PathBuf};

use super::error::{ProjectError, Reason, Refusal, Refused, io_error};
use super::paths;

/// What is at a path below the output directory.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum Found {
    /// Nothing.
    Missing,
    /// A regular file, its bytes.
    File(Vec<u8>),
    /// A directory.
    Directory,
    /// Something else, at the path or above it.
    Obstacle(Refusal),
}

/// Looks at a plain path below `dir` without following any symbolic link below `dir`.
pub(super) fn look(dir: &Path, path: &str) -> Result<Found, ProjectError> {
    let obstacle = |at: &str, reason| Ok(Found::Obstacle(Refusal { path: at.to_owned(), reason }));
    let mut above: Vec<&str> = paths::parents(path).collect();
    above.reverse();
    for at in above {
        match kind(&dir.join(at))? {
            None => return Ok(Found::Missing),
            Some(kind) if kind.is_symlink() => return obstacle(at, Reason::Symlink),
            Some(kind) if !kind.is_dir() => return obstacle(at, Reason::InTheWay),
            Some(_) => {}
        }
    }
    match kind(&dir.join(path))? {
        None => Ok(Found::Missing),
        Some(kind) if kind.is_symlink() => obstacle(path, Reason::Symlink),
        Some(kind) if kind.is_dir() => Ok(Found::Directory),
        Some(kind) if kind.is_file() => {
            let at = dir.join(path);
            Ok(Found::File(fs::read(&at).map_err(io_error("read", at))?))
        }
        Some(_) => obstacle(path, Reason::InTheWay),
    }
}

/// What kind of thing `path` is, without following a link; `None` when there is nothing.
pub(super) fn kind(path: &Path) -> Result<Option<fs::FileType>, ProjectError> {
    match fs::symlink_metadata(path) {
        Ok(metadata) => Ok(Some(metadata.file_type())),
        Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(None),
        Err(error) => Err(io_error("look at", path)(error)),
    }
}

/// Reads one of our own files directly in `dir`; `None` when there is none.
///
/// # Errors
/// Refuses anything but a regular file under that name.
pub(super) fn read_own(dir: &Path, name: &str) -> Result<Option<Vec<u8>>, ProjectError> {
    let refusal = match look(dir, name)? {
        Found::Missing => return Ok(None),
        Found::File(bytes) => return Ok(Some(bytes)),
        Found::Directory => Refusal { path: name.to_owned(), reason: Reason::InTheWay },
        Found::Obstacle(refusal) => refusal,
    };
    Refused::unless_empty(dir, vec![refusal]).map(|()| None)
}

/// The output directory in the one spelling that is used for it, so that `out/` cannot hide that `out` is a link.
///
/// # Errors
/// Refuses a symbolic link and anything that is not a directory.
pub(super) fn output_dir(dir: &Path) -> Result<PathBuf, ProjectError> {
    let plain: PathBuf = dir.components().collect();
    let plain = if plain.as_os_str().is_empty() { PathBuf::from(".") } else { plain };
    let reason = match kind(&plain)? {
        Some(kind) if kind.is_symlink() => Reason::Symlink,
        Some(kind) if !kind.is_dir() => Reason::InTheWay,
        _ => return Ok(plain),
    };
    Refused::unless_empty(&plain, vec![Refusal { path: ".".to_owned(), reason }])?;
    Ok(plain)
}

/// Creates a new file (0644) with these bytes, on the disk when this returns. Never follows a link, never overwrites.
pub(super) fn create_file(path: &Path, bytes: &[u8]) -> Result<(), ProjectError> {
    let create = || {
        let mut file = File::create_new(path)?;
        set_mode(path, 0o644)?;
        file.write_all(bytes)?;
        file.sync_all()
    };
    create().map_err(io_error("write", path))
}

/// Creates a directory (0755) unless there is one.
pub(super) fn create_dir(path: &Path) -> Result<(), ProjectError> {
    match fs::create_dir(path) {
        Ok(()) => set_mode(path, 0o755).map_err(io_error("set the permissions of", path)),
        Err(error)
            if error.kind() == io::ErrorKind::AlreadyExists
                && kind(path)?.is_some_and(|kind| kind.is_dir()) =>
        {
            Ok(())
        }
        Err(error) => Err(io_error("create", path)(error)),
    }
}

/// Sets permissions whatever the umask is: the output must not depend on who ran.
#[cfg(unix)]
fn set_mode(path: &Path, mode: u32) -> io::Result<()> {
    fs::set_permissions(path, std::os::unix::fs::PermissionsExt::from_mode(mode))
}

#[cfg(not(unix))]
fn set_mode(_: &Path, _: u32) -> io::Result<()> {
    Ok(())
}

/// Moves a file into place, replacing what is there.
pub(super) fn rename(from: &Path, to: &Path) -> Result<(), ProjectError> {
    fs::rename(from, to).map_err(io_error("rename to", to))
}

/// Removes a file; it may be gone already.
pub(super) fn remove_file(path: &Path) -> Result<(), ProjectError> {
    ignoring(&[io::ErrorKind::NotFound], fs::remove_file(path)).map_err(io_error("remove", path))
}

/// Removes a directory with everything in it; it may be gone already.
pub(super) fn remove_dir_all(path: &Path) -> Result<(), ProjectError> {
    ignoring(&[io::ErrorKind::NotFound], fs::remove_dir_all(path)).map_err(io_error("remove", path))
}

/// Removes a directory if it is empty.
pub(super) fn remove_dir_if_empty(path: &Path) -> Result<(), ProjectError> {
    let fine = [io::ErrorKind::NotFound, io::ErrorKind::DirectoryNotEmpty];
    ignoring(&fine, fs::remove_dir(path)).map_err(io_error("remove", path))
}

fn ignoring(kinds: &[io::ErrorKind], result: io::Result<()>) -> io::Result<()> {
    result.or_else(|error| if kinds.contains(&error.kind()) { Ok(()) } else { Err(error) })
}

/// Makes the entries of a directory survive a power failure; it may be gone already.
pub(super) fn sync_dir(path: &Path) -> Result<(), ProjectError> {
    if cfg!(not(unix)) {
        return Ok(()); // directories cannot be opened there
    }
    ignoring(&[io::ErrorKind::NotFound], File::open(path).and_then(|dir| dir.sync_all()))
        .map_err(io_error("write", path))
}
