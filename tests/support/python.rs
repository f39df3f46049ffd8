//! Programs from PyPI, each in a virtual environment of its own with exact versions of all it needs.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

/// The `bin` of the virtual environment `name`, with these requirements in it. Made once, and again when they change.
pub fn environment(name: &str, requirements: &str) -> PathBuf {
    let dir = Path::new(env!("CARGO_TARGET_TMPDIR")).join("python").join(name);
    let bin = dir.join("bin");
    let installed = dir.join("requirements.txt");
    if fs::read_to_string(&installed).is_ok_and(|text| text == requirements) {
        return bin;
    }
    fs::create_dir_all(&dir).unwrap();
    succeed(Command::new("python3").args(["-m", "venv", "--clear"]).arg(&dir));
    let wanted = dir.join("wanted.txt");
    fs::write(&wanted, requirements).unwrap();
    let pip = ["install", "--quiet", "--disable-pip-version-check", "--no-deps", "--requirement"];
    succeed(Command::new(bin.join("pip")).args(pip).arg(&wanted));
    // Under its final name only now: an interrupted installation starts again.
    fs::rename(wanted, installed).unwrap();
    bin
}

fn succeed(command: &mut Command) {
    let output = command.output().unwrap_or_else(|error| panic!("{command:?}: {error}"));
    assert!(output.status.success(), "{command:?}:\n{}", String::from_utf8_lossy(&output.stderr));
}
