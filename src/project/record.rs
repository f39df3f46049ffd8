//! What earlier runs left about themselves: the lock, and of interrupted ones the announced locks and the marker.
//! Reads, never writes.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::Path;

use super::disk::{self, Found};
use super::error::{ProjectError, Reason, Refusal, Refused, io_error};
use super::lock::{self, Lock};
use super::paths::{LOCK, MARKER, STAGING};

/// What earlier runs say they wrote: the lock, and the locks that interrupted runs were about to write.
pub(super) struct Record {
    /// The bytes of `groundplan.lock`.
    pub(super) lock: Option<Vec<u8>>,
    /// The hashes each path has had.
    pub(super) files: BTreeMap<String, BTreeSet<String>>,
    stacks: Vec<String>,
}

impl Record {
    /// Reads what there is in `dir`; refuses damage, hostile paths, and links.
    pub(super) fn read(dir: &Path) -> Result<Self, ProjectError> {
        let lock = disk::read_own(dir, LOCK)?;
        let mut locks: Vec<Lock> = Vec::new();
        if let Some(bytes) = &lock {
            locks.push(Lock::parse(bytes, &dir.join(LOCK))?);
        }
        for path in next_locks(dir)? {
            if let Found::File(bytes) = disk::look(dir, &path)? {
                locks.push(Lock::parse(&bytes, &dir.join(&path))?);
            }
        }
        let stacks = locks.iter().map(|lock| lock.stack.clone()).collect();
        let mut files: BTreeMap<String, BTreeSet<String>> = BTreeMap::new();
        for (path, hash) in locks.into_iter().flat_map(|lock| lock.files) {
            files.entry(path).or_default().insert(hash);
        }
        Ok(Self { lock, files, stacks })
    }

    /// Whether these bytes at this path are the work of an earlier run.
    pub(super) fn wrote(&self, path: &str, bytes: &[u8]) -> bool {
        self.files.get(path).is_some_and(|hashes| hashes.contains(&lock::hash(bytes)))
    }

    /// The stack the directory belongs to, if it is not `stack`.
    pub(super) fn other_stack(&self, stack: &str) -> Option<&str> {
        let ours = self.stacks.iter().any(|known| known == stack);
        self.stacks.first().filter(|_| !ours).map(String::as_str)
    }
}

/// The name under which a run announces its lock before it replaces anything. It depends on the content, so that a
/// run after an interrupted one adds its own and loses none.
pub(super) fn next_lock_name(text: &str) -> String {
    format!("next-{}.lock", lock::hash(text.as_bytes()))
}

/// The announced locks in the staging directory, as paths below `dir`, sorted.
pub(super) fn next_locks(dir: &Path) -> Result<Vec<String>, ProjectError> {
    let staging = dir.join(STAGING);
    let refusal = match disk::look(dir, STAGING)? {
        Found::Missing => return Ok(Vec::new()),
        Found::Directory => None,
        Found::File(_) => Some(Refusal { path: STAGING.to_owned(), reason: Reason::InTheWay }),
        Found::Obstacle(refusal) => Some(refusal),
    };
    Refused::unless_empty(dir, refusal.into_iter().collect())?;
    let mut found = Vec::new();
    for entry in fs::read_dir(&staging).map_err(io_error("read", &staging))? {
        let name = entry.map_err(io_error("read", &staging))?.file_name();
        if let Some(name) = name.to_str().filter(|name| name.starts_with("next-") && name.ends_with(".lock"))
        {
            found.push(format!("{STAGING}/{name}"));
        }
    }
    found.sort();
    Ok(found)
}

/// The marker's text: not Terraform, so that Terraform prints it and stops.
pub(super) const MARKER_TEXT: &str = "This directory is half-written: `groundplan generate` was interrupted. \
    Run `groundplan generate` again to complete it; this file then goes away.\n";

/// Whether an interrupted run left its marker.
///
/// # Errors
/// Refuses a file of that name that somebody else wrote.
pub(super) fn marker(dir: &Path) -> Result<bool, ProjectError> {
    let start = MARKER_TEXT.split(':').next().unwrap_or_default();
    match disk::read_own(dir, MARKER)? {
        None => Ok(false),
        Some(bytes) if bytes.starts_with(start.as_bytes()) => Ok(true),
        Some(_) => {
            let refusal = Refusal { path: MARKER.to_owned(), reason: Reason::InTheWay };
            Refused::unless_empty(dir, vec![refusal]).map(|()| false)
        }
    }
}
