//! Reads files of other tools, for an import: those that the command line names, and those that these name, as long as
//! they stand in the same directories or below. Links that lead out of there lead nowhere.

use std::path::{Path, PathBuf};
use std::{fs, io};

use super::error::{ProjectError, io_error};
use super::read::{open, text};

/// How many files a directory may give, and how deep they may stand.
const FILES: usize = 2_000;
const DEPTH: usize = 12;

/// The directories from which files may be read that no command line names.
#[derive(Debug, Default)]
pub struct Roots {
    directories: Vec<PathBuf>,
}

/// Why a file below [`Roots`] cannot be had.
#[derive(Debug)]
pub enum Withheld {
    /// There is none.
    Missing,
    /// It is outside.
    Outside,
    /// The disk, or what is in it.
    Failed(ProjectError),
}

impl Roots {
    /// Allows everything in the directory of a file, and below.
    ///
    /// # Errors
    /// When the directory cannot be found.
    pub fn allow_beside(&mut self, file: &Path) -> Result<(), ProjectError> {
        let above = file.parent().filter(|above| !above.as_os_str().is_empty()).unwrap_or(Path::new("."));
        self.allow(above)
    }

    /// Allows everything in a directory, and below.
    ///
    /// # Errors
    /// When it cannot be found.
    pub fn allow(&mut self, directory: &Path) -> Result<(), ProjectError> {
        self.directories.push(fs::canonicalize(directory).map_err(io_error("find", directory))?);
        Ok(())
    }

    /// Reads a file that another one names.
    ///
    /// # Errors
    /// When there is none, when it is outside, and when it cannot be read as text.
    pub fn read(&self, path: &Path) -> Result<String, Withheld> {
        self.admit(path)?;
        read_file(path).map_err(Withheld::Failed)
    }

    /// The names of the files in a directory that a file names.
    ///
    /// # Errors
    /// When there is none, when it is outside, and when it cannot be read.
    pub fn names(&self, directory: &Path) -> Result<Vec<String>, Withheld> {
        self.admit(directory)?;
        names_foreign(directory).map_err(Withheld::Failed)
    }

    fn admit(&self, path: &Path) -> Result<(), Withheld> {
        let whole = fs::canonicalize(path).map_err(|error| match error.kind() {
            std::io::ErrorKind::NotFound => Withheld::Missing,
            _ => Withheld::Failed(io_error("find", path)(error)),
        })?;
        let inside = self.directories.iter().any(|directory| whole.starts_with(directory));
        inside.then_some(()).ok_or(Withheld::Outside)
    }
}

/// What to do about a larger file.
const REMEDY: &str = "check that it is a file of that tool, and import its parts one by one if it is";

/// Reads a file that the command line names, or standard input for `-`.
///
/// # Errors
/// When it cannot be read, is not a regular file, is too large, or is not UTF-8.
pub fn read_foreign(path: &Path) -> Result<String, ProjectError> {
    match path == Path::new("-") {
        true => text(Path::new("<stdin>"), io::stdin().lock(), REMEDY),
        false => read_file(path),
    }
}

fn read_file(path: &Path) -> Result<String, ProjectError> {
    text(path, open(path)?, REMEDY)
}

/// The names of the files that stand in a directory, in their order; of links only those that stay inside.
///
/// # Errors
/// When it cannot be read.
pub fn names_foreign(directory: &Path) -> Result<Vec<String>, ProjectError> {
    let whole = fs::canonicalize(directory).map_err(io_error("find", directory))?;
    let mut names = Vec::new();
    for entry in fs::read_dir(directory).map_err(io_error("read", directory))? {
        let entry = entry.map_err(io_error("read", directory))?;
        let inside =
            fs::canonicalize(entry.path()).is_ok_and(|path| path.is_file() && path.starts_with(&whole));
        if inside {
            names.extend(entry.file_name().into_string());
        }
    }
    names.sort();
    Ok(names)
}

/// The files of a directory and below, in the order of their names; a file is its own list, and so is `-`. Hidden
/// directories and links to directories are left alone.
///
/// # Errors
/// When a directory cannot be read, and when there are too many files.
pub fn list_foreign(path: &Path) -> Result<Vec<PathBuf>, ProjectError> {
    if path == Path::new("-") {
        return Ok(vec![path.to_owned()]);
    }
    let mut found = Vec::new();
    collect(path, 0, &mut found)?;
    Ok(found)
}

fn collect(path: &Path, depth: usize, found: &mut Vec<PathBuf>) -> Result<(), ProjectError> {
    if !fs::metadata(path).map_err(io_error("read", path))?.is_dir() {
        found.push(path.to_owned());
        return Ok(());
    }
    let mut entries: Vec<PathBuf> = Vec::new();
    for entry in fs::read_dir(path).map_err(io_error("read", path))? {
        let entry = entry.map_err(io_error("read", path))?;
        let kind = entry.file_type().map_err(io_error("read", path))?;
        let hidden = entry.file_name().to_string_lossy().starts_with('.');
        if kind.is_file() || kind.is_dir() && !hidden && depth < DEPTH {
            entries.push(entry.path());
        }
        if entries.len() + found.len() > FILES {
            return Err(ProjectError::TooMany { path: path.to_owned(), most: FILES });
        }
    }
    entries.sort();
    entries.iter().try_for_each(|entry| collect(entry, depth + 1, found))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nothing_outside_is_read() {
        let dir = tempfile::tempdir().unwrap();
        let inside = dir.path().join("inside");
        fs::create_dir(&inside).unwrap();
        fs::write(inside.join("a.yml"), "a").unwrap();
        fs::write(dir.path().join("secret"), "s").unwrap();
        let mut roots = Roots::default();
        roots.allow_beside(&inside.join("a.yml")).unwrap();
        assert_eq!(roots.read(&inside.join("./a.yml")).unwrap(), "a");
        assert!(matches!(roots.read(&inside.join("../secret")), Err(Withheld::Outside)));
        assert!(matches!(roots.read(&inside.join("b")), Err(Withheld::Missing)));
        #[cfg(unix)]
        {
            std::os::unix::fs::symlink(dir.path().join("secret"), inside.join("link")).unwrap();
            assert!(matches!(roots.read(&inside.join("link")), Err(Withheld::Outside)));
            std::os::unix::fs::symlink(inside.join("a.yml"), inside.join("b.yml")).unwrap();
            assert_eq!(names_foreign(&inside).unwrap(), ["a.yml", "b.yml"]);
        }
    }

    #[test]
    fn a_directory_is_a_list_of_files_in_order() {
        let dir = tempfile::tempdir().unwrap();
        for path in ["b/2.yml", "b/1.yml", "a.yml", ".git/x"] {
            let path = dir.path().join(path);
            fs::create_dir_all(path.parent().unwrap()).unwrap();
            fs::write(path, "").unwrap();
        }
        let found = list_foreign(dir.path()).unwrap();
        let names: Vec<_> = found.iter().map(|path| path.strip_prefix(dir.path()).unwrap()).collect();
        assert_eq!(names, [Path::new("a.yml"), Path::new("b/1.yml"), Path::new("b/2.yml")]);
    }
}
