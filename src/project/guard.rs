//! One run at a time per output directory.
//!
//! The lock is an advisory lock (`flock`) on the directory itself: there is no file to leave behind or to commit, none to
//! race for when it is removed, and the operating system releases it when the process dies, however it dies.

use std::fs::{File, TryLockError};
use std::io;
use std::path::Path;
use std::thread;
use std::time::{Duration, Instant};

use super::disk;
use super::error::{ProjectError, io_error};
use super::paths::STAGING;

/// How often a waiting run looks again.
const POLL: Duration = Duration::from_millis(20);
/// In the staging directory: who is writing, for the message of a run that waits in vain.
pub(super) const OWNER: &str = "owner";

/// Waits for the directory; whoever holds the result is alone in it.
///
/// # Errors
/// [`ProjectError::Busy`] when another run still holds it after `wait`.
pub(super) fn exclusive(dir: &Path, wait: Duration) -> Result<File, ProjectError> {
    let file = lockable(dir).map_err(io_error("open", dir))?;
    let deadline = Instant::now() + wait;
    loop {
        match file.try_lock() {
            Ok(()) => return Ok(file),
            Err(TryLockError::Error(error)) => return Err(io_error("lock", dir)(error)),
            Err(TryLockError::WouldBlock) if Instant::now() < deadline => thread::sleep(POLL),
            Err(TryLockError::WouldBlock) => {
                return Err(ProjectError::Busy { dir: dir.to_owned(), holder: holder(dir) });
            }
        }
    }
}

#[cfg(unix)]
fn lockable(dir: &Path) -> io::Result<File> {
    File::open(dir)
}

/// Directories cannot be opened here, so a file outside the output stands for the directory.
#[cfg(not(unix))]
fn lockable(dir: &Path) -> io::Result<File> {
    let name = super::lock::hash(dir.canonicalize()?.to_string_lossy().as_bytes());
    File::create(std::env::temp_dir().join(format!("groundplan-{name}")))
}

/// What this run tells others about itself.
pub(super) fn owner(stack: &str) -> String {
    format!("another run (process {}, generating from `{stack}`)", std::process::id())
}

fn holder(dir: &Path) -> String {
    let note = disk::look(dir, &format!("{STAGING}/{OWNER}"));
    match note {
        Ok(disk::Found::File(bytes)) if !bytes.is_empty() => String::from_utf8_lossy(&bytes).into_owned(),
        _ => "another run".to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_second_run_is_told_who_holds_the_directory() {
        let dir = tempfile::tempdir().unwrap();
        let first = exclusive(dir.path(), Duration::ZERO).unwrap();
        std::fs::create_dir(dir.path().join(STAGING)).unwrap();
        std::fs::write(dir.path().join(STAGING).join(OWNER), owner("a.hcl")).unwrap();
        let message = exclusive(dir.path(), Duration::from_millis(30)).unwrap_err().to_string();
        assert!(
            message.contains(&std::process::id().to_string()) && message.contains("`a.hcl`"),
            "{message}"
        );
        drop(first);
        exclusive(dir.path(), Duration::ZERO).unwrap();
    }

    #[test]
    fn a_waiting_run_goes_on_when_the_first_has_finished() {
        let dir = tempfile::tempdir().unwrap();
        let first = exclusive(dir.path(), Duration::ZERO).unwrap();
        thread::scope(|scope| {
            let second = scope.spawn(|| exclusive(dir.path(), Duration::from_secs(20)).map(drop));
            thread::sleep(POLL * 2);
            drop(first);
            second.join().unwrap().unwrap();
        });
    }

    #[test]
    fn locking_leaves_nothing_in_the_directory() {
        let dir = tempfile::tempdir().unwrap();
        let held = exclusive(dir.path(), Duration::ZERO).unwrap();
        assert_eq!(std::fs::read_dir(dir.path()).unwrap().count(), 0);
        drop(held);
    }
}
