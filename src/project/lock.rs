//! `groundplan.lock`: which files of a directory are ours, and which addresses the tree has. It is committed with the
//! output. One entry per line, sorted, so that it merges and reviews line by line.
//!
//! Whoever can commit can write a lock file, so reading one validates every path in it.

use std::collections::BTreeMap;
use std::path::Path;

use serde::Deserialize;
use serde_json::json;
use sha2::{Digest, Sha256};

use super::disk;
use super::error::ProjectError;
use super::paths::{self, LOCK};
use super::read;
use crate::tree::{Address, Tree};

/// The only version of the format so far.
const VERSION: u64 = 1;

/// The size limit of a lock file that the user names, in MiB.
const MEBIBYTES: u64 = 16;

/// The record of one generated tree.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Lock {
    version: u64,
    /// The stack file the tree came from, as in [`Tree::stack`].
    pub stack: String,
    /// SHA-256 of each file in lower-case hexadecimal, by path; every path is relative and plain.
    pub files: BTreeMap<String, String>,
    /// As in [`Tree::addresses`].
    pub addresses: BTreeMap<String, Address>,
}

/// The version alone, because a later version may have other fields.
#[derive(Deserialize)]
struct Header {
    version: u64,
}

impl Lock {
    /// The record of `tree`.
    pub fn of(tree: &Tree) -> Self {
        let files = tree.files.iter().map(|(path, text)| (path.clone(), hash(text.as_bytes()))).collect();
        Self { version: VERSION, stack: tree.stack.clone(), files, addresses: tree.addresses.clone() }
    }

    /// Reads the lock of an output directory; `None` when there is none.
    ///
    /// # Errors
    /// [`ProjectError::BadLock`] when it is damaged, of another version, or names a path that is not relative and plain.
    pub fn read(dir: &Path) -> Result<Option<Self>, ProjectError> {
        let bytes = disk::read_own(dir, LOCK)?;
        bytes.map(|bytes| Self::parse(&bytes, &dir.join(LOCK))).transpose()
    }

    /// Reads the lock file at `path`, wherever it is.
    ///
    /// # Errors
    /// As [`Lock::read`], and when there is none.
    pub fn open(path: &Path) -> Result<Self, ProjectError> {
        let bytes =
            read::bounded(path, read::open(path)?, MEBIBYTES, "check that it is a `groundplan.lock`")?;
        Self::parse(&bytes, path)
    }

    /// Reads the bytes of the lock file at `path`.
    pub(super) fn parse(bytes: &[u8], path: &Path) -> Result<Self, ProjectError> {
        let bad = |problem: String| ProjectError::BadLock { path: path.to_owned(), problem };
        let damaged = |error: serde_json::Error| {
            bad(format!(
                "is damaged ({error}): restore the committed version, or one side of a merge, then run again"
            ))
        };
        let Header { version } = serde_json::from_slice(bytes).map_err(damaged)?;
        if version != VERSION {
            return Err(bad(format!(
                "has format version {version}, this Groundplan knows version {VERSION}: use the Groundplan that wrote it"
            )));
        }
        let lock: Self = serde_json::from_slice(bytes).map_err(damaged)?;
        let hostile: Vec<String> = lock
            .files
            .keys()
            .filter_map(|file| {
                paths::problem(file).map(|problem| format!("\n- `{}` {problem}", file.escape_debug()))
            })
            .collect();
        if !hostile.is_empty() {
            return Err(bad(format!(
                "lists paths that Groundplan never writes; restore the committed version, then run again:{}",
                hostile.concat()
            )));
        }
        Ok(lock)
    }

    /// The text of the lock file; equal locks have equal text.
    pub(super) fn to_text(&self) -> String {
        let files = self.files.iter().map(|(path, hash)| (path, json!(hash)));
        let addresses = self
            .addresses
            .iter()
            .map(|(address, known)| (address, json!({ "component": known.component, "data": known.data })));
        format!(
            "{{\n  \"version\": {},\n  \"stack\": {},\n  \"files\": {},\n  \"addresses\": {}\n}}\n",
            self.version,
            json!(self.stack),
            object(files),
            object(addresses)
        )
    }
}

/// A JSON object with one entry per line.
fn object<'a>(entries: impl Iterator<Item = (&'a String, serde_json::Value)>) -> String {
    let lines: Vec<String> = entries.map(|(key, value)| format!("    {}: {value}", json!(key))).collect();
    if lines.is_empty() { "{}".to_owned() } else { format!("{{\n{}\n  }}", lines.join(",\n")) }
}

/// SHA-256 in lower-case hexadecimal.
pub(super) fn hash(bytes: &[u8]) -> String {
    format!("{:x}", Sha256::digest(bytes))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn lock() -> Lock {
        let address = Address { component: "database.main".into(), data: true };
        Lock::of(&Tree {
            stack: "stacks/a.hcl".into(),
            files: [("b.tf".into(), "b".into()), ("a/a.tf".into(), "a".into())].into(),
            addresses: [("aws_db_instance.main[\"x\"]".into(), address)].into(),
            ..Tree::default()
        })
    }

    fn parse(text: &str) -> Result<Lock, ProjectError> {
        Lock::parse(text.as_bytes(), Path::new("out/groundplan.lock"))
    }

    #[test]
    fn the_text_is_sorted_with_one_entry_per_line() {
        let expected = r#"{
  "version": 1,
  "stack": "stacks/a.hcl",
  "files": {
    "a/a.tf": "ca978112ca1bbdcafac231b39a23dc4da786eff8147c4e72b9807785afee48bb",
    "b.tf": "3e23e8160039594a33894f6564e1b1348bbd7a0088d42c4acb73eeaed59c009d"
  },
  "addresses": {
    "aws_db_instance.main[\"x\"]": {"component":"database.main","data":true}
  }
}
"#;
        assert_eq!(lock().to_text(), expected);
    }

    #[test]
    fn what_was_written_is_read_back() {
        assert_eq!(parse(&lock().to_text()).unwrap(), lock());
        let empty = Lock::of(&Tree::default());
        assert_eq!(parse(&empty.to_text()).unwrap(), empty);
    }

    #[test]
    fn another_version_is_refused_whatever_else_it_says() {
        let message = parse(r#"{"version": 2, "trees": []}"#).unwrap_err().to_string();
        assert!(message.starts_with("`out/groundplan.lock` has format version 2"), "{message}");
    }

    #[test]
    fn a_damaged_lock_is_refused() {
        let text = lock().to_text();
        let conflict = text.replace("  \"files\"", "<<<<<<< ours\n  \"files\"");
        let extra = text.replace("\"stack\"", "\"extra\": 1, \"stack\"");
        for damaged in ["", "{}", "[]", "null", &text[..text.len() / 2], &conflict, &extra] {
            assert!(parse(damaged).unwrap_err().to_string().contains("is damaged"), "{damaged}");
        }
    }

    #[test]
    fn every_hostile_path_is_named() {
        let text = lock().to_text().replace("a/a.tf", "../a.tf").replace("b.tf", "/etc/passwd");
        let message = parse(&text).unwrap_err().to_string();
        assert!(message.contains("`../a.tf`") && message.contains("`/etc/passwd`"), "{message}");
    }
}
