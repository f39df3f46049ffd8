//! Changes a stack file that somebody wrote.

use std::fs;
use std::path::Path;

use super::disk;
use super::error::{ProjectError, io_error};

/// Puts `after` in the place of `before`, the text of the file at `path`: all of it or nothing, whenever the run is killed.
/// Permissions stay, and so does a byte order mark.
///
/// # Errors
/// When the file has another text by now; and when the disk refuses.
pub fn replace(path: &Path, before: &str, after: &str) -> Result<(), ProjectError> {
    let path = fs::canonicalize(path).map_err(io_error("read", path))?;
    let present = fs::read_to_string(&path).map_err(io_error("read", &path))?;
    let Some(mark) = present.strip_suffix(before).filter(|mark| ["", "\u{feff}"].contains(mark)) else {
        return Err(ProjectError::Changed { path });
    };
    let permissions = fs::metadata(&path).map_err(io_error("read", &path))?.permissions();
    let mut name = path.file_name().unwrap_or_default().to_owned();
    name.push(".groundplan-new");
    let staged = path.with_file_name(name);
    let write = || {
        disk::create_file(&staged, format!("{mark}{after}").as_bytes())?;
        fs::set_permissions(&staged, permissions).map_err(io_error("set the permissions of", &staged))?;
        disk::rename(&staged, &path)
    };
    write().inspect_err(|_| drop(disk::remove_file(&staged)))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_file_is_replaced_as_a_whole_and_only_if_it_is_what_was_read() {
        let dir = tempfile::tempdir().unwrap();
        let path = dir.path().join("a.hcl");
        fs::write(&path, "\u{feff}one").unwrap();
        replace(&path, "one", "two").unwrap();
        assert_eq!(fs::read_to_string(&path).unwrap(), "\u{feff}two");
        let message = replace(&path, "one", "three").unwrap_err().to_string();
        assert!(message.contains("changed meanwhile"), "{message}");
        assert_eq!(fs::read_dir(dir.path()).unwrap().count(), 1);
    }
}
