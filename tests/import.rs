//! Imports of whole files, each in a directory of `tests/import/<format>`: its `command` after `groundplan import`, the
//! files it reads, and beside them the `stack.hcl` and the `report.txt` that it gives. `BLESS=1` rewrites those. That a
//! stack passes the checks of the compiler is part of the command itself.

#![allow(
    clippy::disallowed_methods,
    clippy::unwrap_used,
    reason = "tests read and write files, and fail by panicking"
)]

#[path = "support/compile.rs"]
mod compile;
#[path = "support/expected.rs"]
mod expected;

use std::collections::BTreeMap;
use std::fs;
use std::path::PathBuf;
use std::process::Output;

use assert_cmd::Command;

/// A word that stands in inputs where a secret does: it must never come out again.
const HIDDEN: &str = "never-to-be-seen";

/// Every case with its arguments.
fn cases() -> Vec<(PathBuf, Vec<String>)> {
    let mut found = Vec::new();
    for format in fs::read_dir(compile::root("tests/import")).unwrap() {
        for case in fs::read_dir(format.unwrap().path()).unwrap() {
            let directory = case.unwrap().path();
            let command = fs::read_to_string(directory.join("command")).unwrap();
            found.push((directory, command.split_whitespace().map(str::to_owned).collect()));
        }
    }
    found.sort();
    found
}

fn import(directory: &PathBuf, arguments: &[String], also: &[&str]) -> Output {
    let mut command = Command::cargo_bin("groundplan").unwrap();
    command.current_dir(directory).env_clear().arg("import").args(arguments).args(also);
    command.output().unwrap()
}

#[test]
fn every_import_gives_the_stack_and_the_report_that_are_expected() {
    for (directory, arguments) in cases() {
        let output = import(&directory, &arguments, &[]);
        let text = |bytes: &[u8]| String::from_utf8(bytes.to_vec()).unwrap();
        let said: BTreeMap<String, String> =
            [("stack.hcl".to_owned(), text(&output.stdout)), ("report.txt".to_owned(), text(&output.stderr))]
                .into_iter()
                .filter(|(_, text)| !text.is_empty())
                .collect();
        let mut present = expected::files(&directory);
        present.retain(|name, _| matches!(name.as_str(), "stack.hcl" | "report.txt"));
        expected::assert_none(&expected::compare(&directory, &present, &said));
        // A mistake gives a diagnostic and no stack.
        let refused = said["report.txt"].starts_with("error[");
        assert_eq!(output.status.code(), Some(i32::from(refused)), "{}", directory.display());
        assert_eq!(said.contains_key("stack.hcl"), !refused, "{}", directory.display());
    }
}

#[test]
fn no_secret_leaves_the_input() {
    let mut seen = 0;
    for (directory, arguments) in cases() {
        let inputs = expected::files(&directory);
        seen += inputs.values().filter(|text| text.contains(HIDDEN)).count();
        let output = import(&directory, &arguments, &["--format", "json"]);
        for bytes in [output.stdout, output.stderr] {
            let text = String::from_utf8(bytes).unwrap();
            assert!(!text.contains(HIDDEN), "{}:\n{text}", directory.display());
        }
    }
    assert!(seen > 0, "no input has a secret in it");
}

#[test]
fn standard_input_is_a_file_like_others_and_read_once() {
    let directory = compile::root("tests/import/task_definition/batch");
    let run = |arguments: &[&str]| {
        let mut command = Command::cargo_bin("groundplan").unwrap();
        command.current_dir(&directory).env_clear().args(["import", "task-definition"]).args(arguments);
        command.write_stdin(fs::read_to_string(directory.join("web.json")).unwrap()).output().unwrap()
    };
    let (named, input) = (run(&["web.json"]), run(&["-"]));
    assert_eq!(named.stdout, input.stdout);
    assert!(String::from_utf8(input.stderr).unwrap().contains("<stdin>:"));
    let twice = String::from_utf8(run(&["-", "-"]).stderr).unwrap();
    assert_eq!(twice, "error: standard input (`-`) can be read only once\n");
}

#[test]
fn a_file_that_is_there_is_overwritten_only_on_demand() {
    let directory = compile::root("tests/import/task_definition/batch");
    let out = tempfile::tempdir().unwrap();
    let path = out.path().join("stack.hcl").to_string_lossy().into_owned();
    let run = |also: &[&str]| {
        let arguments = ["task-definition".to_owned(), "web.json".to_owned()];
        import(&directory, &arguments, &[&["--out", &path], also].concat())
    };
    assert_eq!(run(&[]).status.code(), Some(0));
    let refused = run(&[]);
    assert_eq!(refused.status.code(), Some(1));
    assert!(String::from_utf8(refused.stderr).unwrap().contains("`--force` overwrites it"));
    assert_eq!(run(&["--force"]).status.code(), Some(0));
}
