//! Creates a stack file for somebody to begin with.

use std::fs::{self, File};
use std::io::Write;
use std::path::Path;

use super::error::{ProjectError, io_error};

/// Creates the file `path` with `text`, and the directories above it.
///
/// # Errors
/// When there is anything at `path` already, a broken link included; and when the disk refuses.
pub fn create(path: &Path, text: &str) -> Result<(), ProjectError> {
    if let Some(above) = path.parent() {
        fs::create_dir_all(above).map_err(io_error("create", above))?;
    }
    let mut file = File::create_new(path).map_err(io_error("create", path))?;
    file.write_all(text.as_bytes()).map_err(io_error("write", path))
}

/// Writes `text` to the file `path`, whatever it held before.
///
/// # Errors
/// When the disk refuses.
pub fn overwrite(path: &Path, text: &str) -> Result<(), ProjectError> {
    if let Some(above) = path.parent() {
        fs::create_dir_all(above).map_err(io_error("create", above))?;
    }
    fs::write(path, text).map_err(io_error("write", path))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_file_is_created_with_its_directories_and_never_overwritten() {
        let dir = tempfile::tempdir().unwrap();
        let path = dir.path().join("a/b.hcl");
        create(&path, "one").unwrap();
        let message = create(&path, "two").unwrap_err().to_string();
        assert!(message.contains("choose another name"), "{message}");
        assert_eq!(fs::read_to_string(&path).unwrap(), "one");
    }
}
