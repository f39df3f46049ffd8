//! Hostile files through the command itself: each ends with a diagnostic that says where, or with a stack.
//!
//! What the readers of single texts do with such input stands in their unit tests; `tests/import_fuzz` tries what nobody
//! thought of.

#![allow(
    clippy::disallowed_methods,
    clippy::unwrap_used,
    reason = "tests read and write files, and fail by panicking"
)]

mod files;
mod names;
mod texts;

use std::fs;
use std::path::Path;
use std::process::Output;
use std::time::Duration;

use assert_cmd::Command;

/// A command that has not ended by then does not end.
const ENDLESS: Duration = Duration::from_secs(120);

/// What comes of an input.
enum Gives<'a> {
    /// Exit 1, and standard error with this in it.
    Mistake(&'a str),
    /// Exit 0, and a stack file with this in it.
    Stack(&'a str),
    /// Exit 0, and a report with this in it.
    Report(&'a str),
}

/// Files by name.
type Written<'a> = &'a [(&'a str, &'a [u8])];

/// Runs `groundplan import` in a directory and holds the result to what is expected of any.
fn import(directory: &Path, arguments: &str) -> Output {
    let mut command = Command::cargo_bin("groundplan").unwrap();
    command.current_dir(directory).env_clear().timeout(ENDLESS).arg("import");
    let output = command.args(arguments.split(' ')).output().unwrap();
    let said = String::from_utf8(output.stderr.clone()).unwrap();
    let obeyed = |c: char| {
        c.is_control() && c != '\n' || matches!(c, '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}')
    };
    assert!(!said.contains(obeyed), "a terminal obeys something in {said:?}");
    assert!(!said.contains("this is a bug"), "{said}");
    let code = output.status.code();
    assert!(matches!(code, Some(0 | 1)), "{arguments}: {code:?}\n{said}");
    assert_eq!(code == Some(1), output.stdout.is_empty(), "{arguments}: a stack or a mistake\n{said}");
    output
}

/// Asserts what comes of a command; `name` says which of many.
fn assert_gives(name: &str, directory: &Path, arguments: &str, gives: &Gives<'_>) {
    let output = import(directory, arguments);
    let [stack, said] =
        [&output.stdout, &output.stderr].map(|bytes| String::from_utf8_lossy(bytes).into_owned());
    let start = |text: &str| text.chars().take(4000).collect::<String>();
    let (code, text, expected) = match gives {
        Gives::Mistake(text) => (1, &said, text),
        Gives::Stack(text) => (0, &stack, text),
        Gives::Report(text) => (0, &said, text),
    };
    assert_eq!(output.status.code(), Some(code), "{name}\n{}", start(&said));
    assert!(text.contains(expected), "{name}: no {expected:?} in\n{}", start(text));
}

/// The same in a new directory with files in it.
fn assert_files_give(name: &str, written: Written<'_>, arguments: &str, gives: &Gives<'_>) {
    let directory = tempfile::tempdir().unwrap();
    for (path, bytes) in written {
        let path = directory.path().join(path);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(path, bytes).unwrap();
    }
    assert_gives(name, directory.path(), arguments, gives);
}
