//! Reads stack files and plans. Bounded and without waiting for anything but standard input: no directory, pipe or device is
//! opened, and at most one byte more than the limit is read.

use std::fs::{self, File};
use std::io::{self, Read};
use std::path::{Path, PathBuf};

use super::error::{ProjectError, io_error};
use crate::source::{Source, Syntax};

/// The size limit of a stack file, and of any other text, in MiB, so that offsets fit 32 bits.
const TEXT_MEBIBYTES: u64 = 4;

/// What to do about a larger stack file.
pub(super) const STACK_REMEDY: &str = "check that it is a stack file, and split the stack if it is";

/// The size limit of a plan as JSON in MiB.
const PLAN_MEBIBYTES: u64 = 64;

/// Reads the stack file at `path`, or standard input for `-`, which is then named `<stdin>`.
///
/// The extension says the syntax. Standard input is JSON if its first character that is not blank is `{`, else HCL.
///
/// # Errors
/// When it cannot be read, is not a regular file, is too large, is not UTF-8, or has another extension.
pub fn read_stack(path: &Path) -> Result<Source, ProjectError> {
    if path == Path::new("-") {
        let name = Path::new("<stdin>");
        let text = text(name, io::stdin().lock(), STACK_REMEDY)?;
        let syntax = guess(&text);
        return Ok(Source::new("<stdin>", &text, syntax));
    }
    let syntax = syntax(path)?;
    let file = open(path)?;
    Ok(Source::new(&path.to_string_lossy(), &text(path, file, STACK_REMEDY)?, syntax))
}

/// The syntax that the name of a stack file says.
pub(super) fn syntax(path: &Path) -> Result<Syntax, ProjectError> {
    match path.extension().and_then(|extension| extension.to_str()) {
        Some("hcl") => Ok(Syntax::Hcl),
        Some("json") => Ok(Syntax::Json),
        _ => Err(ProjectError::UnknownSyntax { path: path.to_owned() }),
    }
}

/// Reads the plan at `path`, or standard input for `-`.
///
/// # Errors
/// When it cannot be read, is not a regular file, or is larger than 64 MiB.
pub fn read_plan(path: &Path) -> Result<Vec<u8>, ProjectError> {
    if path == Path::new("-") { plan(path, io::stdin().lock()) } else { plan(path, open(path)?) }
}

fn plan(path: &Path, reader: impl Read) -> Result<Vec<u8>, ProjectError> {
    let remedy = "keep only what is read of it: `jq '{format_version, resource_changes, resource_drift, configuration}'`";
    bounded(path, reader, PLAN_MEBIBYTES, remedy)
}

/// Reads everything, up to a limit.
pub(super) fn bounded(
    path: &Path,
    reader: impl Read,
    mebibytes: u64,
    remedy: &'static str,
) -> Result<Vec<u8>, ProjectError> {
    let limit = mebibytes * 1024 * 1024;
    let mut bytes = Vec::new();
    reader.take(limit + 1).read_to_end(&mut bytes).map_err(io_error("read", path))?;
    if bytes.len() as u64 > limit {
        return Err(ProjectError::TooLarge { path: path.to_owned(), mebibytes, remedy });
    }
    Ok(bytes)
}

/// Opens a regular file. It is looked at before, because opening a pipe waits for its other end, and after, because
/// it may have been replaced in between.
pub(super) fn open(path: &Path) -> Result<File, ProjectError> {
    let regular = |metadata: fs::Metadata| {
        let fine = metadata.is_file();
        fine.then_some(()).ok_or_else(|| ProjectError::NotAFile { path: path.to_owned() })
    };
    regular(fs::metadata(path).map_err(io_error("read", path))?)?;
    let file = File::open(path).map_err(io_error("read", path))?;
    regular(file.metadata().map_err(io_error("read", path))?)?;
    Ok(file)
}

/// Text up to the limit, beyond which there is a remedy.
pub(super) fn text(path: &Path, reader: impl Read, remedy: &'static str) -> Result<String, ProjectError> {
    let path = PathBuf::from(path);
    let bytes = bounded(&path, reader, TEXT_MEBIBYTES, remedy)?;
    String::from_utf8(bytes).map_err(|error| {
        let valid = &error.as_bytes()[..error.utf8_error().valid_up_to()];
        let valid = String::from_utf8_lossy(valid);
        let line = valid.matches('\n').count() + 1;
        let column = valid.rsplit('\n').next().unwrap_or_default().chars().count() + 1;
        ProjectError::NotUtf8 { path, line, column }
    })
}

fn guess(text: &str) -> Syntax {
    let text = text.trim_start_matches(|c: char| c == '\u{feff}' || c.is_whitespace());
    if text.starts_with('{') { Syntax::Json } else { Syntax::Hcl }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read_bytes(name: &str, bytes: &[u8]) -> Result<Source, ProjectError> {
        let dir = tempfile::tempdir().unwrap();
        let path = dir.path().join(name);
        fs::write(&path, bytes).unwrap();
        read_stack(&path)
    }

    #[test]
    fn the_extension_says_the_syntax() {
        assert_eq!(read_bytes("a.hcl", b"{}").unwrap().syntax, Syntax::Hcl);
        let json = read_bytes("a.json", b"\xef\xbb\xbf{}").unwrap();
        assert_eq!((json.syntax, &*json.text), (Syntax::Json, "{}"));
        assert!(matches!(read_bytes("a.yaml", b"{}"), Err(ProjectError::UnknownSyntax { .. })));
    }

    #[test]
    fn standard_input_is_json_when_it_starts_with_a_brace() {
        assert_eq!(guess("\u{feff}\n  {}"), Syntax::Json);
        assert_eq!(guess("# {\nstack \"a\" {}"), Syntax::Hcl);
        assert_eq!(guess(""), Syntax::Hcl);
    }

    #[test]
    fn the_size_limit_is_exact() {
        let mut bytes = vec![b'#'; TEXT_MEBIBYTES as usize * 1024 * 1024];
        assert!(read_bytes("a.hcl", &bytes).is_ok());
        bytes.push(b'#');
        assert!(matches!(read_bytes("a.hcl", &bytes), Err(ProjectError::TooLarge { .. })));
    }

    #[test]
    fn endless_input_is_read_up_to_the_limit() {
        let endless = text(Path::new("<stdin>"), io::repeat(b' '), STACK_REMEDY);
        assert!(matches!(endless, Err(ProjectError::TooLarge { .. })));
    }

    #[test]
    fn an_endless_plan_is_read_up_to_its_limit() {
        let error = bounded(Path::new("p.json"), io::repeat(b' '), 1, "use less").unwrap_err();
        assert_eq!(error.to_string(), "`p.json` is larger than 1 MiB; use less");
        assert_eq!(plan(Path::new("p.json"), &b"{}"[..]).unwrap(), b"{}");
    }

    #[test]
    fn text_that_is_not_utf8_is_refused_with_its_position() {
        let error = read_bytes("a.hcl", b"a = 1\n\xc3\xa9 = \xff\n").unwrap_err();
        assert!(matches!(error, ProjectError::NotUtf8 { line: 2, column: 5, .. }), "{error}");
    }

    #[test]
    fn a_missing_file_is_an_error_with_its_path() {
        let message = read_stack(Path::new("no/such/stack.hcl")).unwrap_err().to_string();
        assert!(message.starts_with("cannot read `no/such/stack.hcl`: "), "{message}");
        assert!(message.ends_with("; check the path"), "{message}");
    }

    #[test]
    fn a_directory_is_refused() {
        let dir = tempfile::tempdir().unwrap();
        let path = dir.path().join("a.hcl");
        fs::create_dir(&path).unwrap();
        assert!(matches!(read_stack(&path), Err(ProjectError::NotAFile { .. })));
    }

    #[cfg(unix)]
    #[test]
    fn a_device_and_a_pipe_are_refused_without_waiting() {
        let dir = tempfile::tempdir().unwrap();
        let device = dir.path().join("zero.hcl");
        std::os::unix::fs::symlink("/dev/zero", &device).unwrap();
        assert!(matches!(read_stack(&device), Err(ProjectError::NotAFile { .. })));
        let pipe = dir.path().join("pipe.hcl");
        assert!(std::process::Command::new("mkfifo").arg(&pipe).status().unwrap().success());
        assert!(matches!(read_stack(&pipe), Err(ProjectError::NotAFile { .. })));
    }
}
