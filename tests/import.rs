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
use groundplan::diagnostic::human;
use groundplan::import::{Files, Refusal, Session, compose, copilot, ecs_cli, kubernetes, task_definition};
use groundplan::pipeline;
use groundplan::source::{FileId, Source, Sources, Syntax};

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

/// Files in memory.
struct Memory(BTreeMap<String, String>);

impl Files for Memory {
    fn read(&self, path: &str) -> Result<String, Refusal> {
        self.0.get(path).cloned().ok_or(Refusal::Missing)
    }
}

/// Imports a file by itself, of Copilot with the others of its directory, and holds the stack to the rules of any stack.
fn import_text(format: &str, name: &str, text: &str, beside: &BTreeMap<String, String>) {
    let mut files = Memory(BTreeMap::from([("common.yml".to_owned(), text.to_owned())]));
    files.0.extend(beside.clone());
    let mut sources = Sources::default();
    let mut session = Session::new(&mut sources, &files);
    let file = session.given("common.yml", text);
    let system = match format {
        "compose" => {
            compose::read(&compose::Inputs { files: vec![file], ..Default::default() }, &mut session)
        }
        "copilot" => {
            let read = |(known, other): (&String, &String)| {
                let text = if known == name { text } else { other.as_str() };
                session.given(known, text)
            };
            let all: Vec<FileId> = beside.iter().map(read).collect();
            copilot::read(&all, "a-shop-of-a-long-name", &mut session)
        }
        "kubernetes" => kubernetes::read(
            &kubernetes::Inputs { manifests: vec![file], ..Default::default() },
            &mut session,
        ),
        "ecs-cli" => {
            let compose = "services: {web: {image: a, ports: [80]}, log: {image: b}, app: {image: c}}";
            let params = text.contains("task_definition").then_some(file);
            let files =
                if params.is_some() { vec![session.given("compose.yml", compose)] } else { vec![file] };
            let inputs = compose::Inputs { files, one_task: true, ecs_params: params, ..Default::default() };
            let task = ecs_cli::Task { name: "main".to_owned(), inputs, overlay: None, left_out: Vec::new() };
            ecs_cli::read(&[task.clone(), task], "main", &mut session)
        }
        _ => task_definition::read(&[file], Some(file), &mut session),
    };
    let imported = session.finish(system).unwrap();
    let Some(stack) = imported.stack else {
        assert!(!imported.report.diagnostics.is_empty(), "neither a stack nor a mistake:\n{text}");
        return;
    };
    let mut sources = Sources::default();
    let file = sources.add(Source::new("stack.hcl", &stack, Syntax::Hcl));
    let checked = pipeline::check(&sources, file);
    let found = human::render(&checked.diagnostics, &sources, false);
    assert!(!checked.has_errors(), "{found}\n{stack}\nfrom\n{text}");
}

/// A text with pieces taken out, doubled and exchanged, by a sequence of numbers.
fn mutated(text: &str, seed: &mut u64) -> String {
    let mut next = |below: usize| {
        // Numerical Recipes, a linear congruential generator: enough to choose places.
        *seed = seed.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        (*seed >> 33) as usize % below.max(1)
    };
    let mut lines: Vec<String> = text.lines().map(str::to_owned).collect();
    for _ in 0..1 + next(4) {
        let (from, to) = (next(lines.len()), next(lines.len()));
        match next(6) {
            0 => drop(lines.remove(from)),
            1 => lines.insert(to, lines[from].clone()),
            2 => lines.swap(from, to),
            3 => {
                lines[from] =
                    lines[from].replacen(|c: char| c.is_ascii_digit(), ["", "-", "99999999999"][next(3)], 1)
            }
            4 => {
                let words = [
                    "null", "[]", "{}", "*a", "&a ", "${X:-", "'", "\u{0}", "é", "-1", "!reset ", "1.5",
                    "${", "x: y",
                ];
                let at = next(lines[from].chars().count() + 1);
                let at = lines[from].char_indices().nth(at).map_or(lines[from].len(), |(at, _)| at);
                lines[from].insert_str(at, words[next(words.len())]);
            }
            _ => lines.truncate(from + 1),
        }
        if lines.is_empty() {
            lines.push(String::new());
        }
    }
    lines.join("\n")
}

#[test]
fn damaged_files_give_a_mistake_or_a_stack_that_stands() {
    let rounds: usize = std::env::var("IMPORT_ROUNDS").ok().and_then(|text| text.parse().ok()).unwrap_or(60);
    let mut seed = std::env::var("IMPORT_SEED").ok().and_then(|text| text.parse().ok()).unwrap_or(1);
    let only = std::env::var("IMPORT_FORMAT").ok();
    let wanted = |format: &str| only.as_deref().is_none_or(|only| only == format);
    for (directory, arguments) in cases().into_iter().filter(|(_, arguments)| wanted(&arguments[0])) {
        let inputs = expected::files(&directory);
        let read =
            |name: &str| name.ends_with("ml") || name.ends_with(".json") || name.ends_with(".workspace");
        let inputs: BTreeMap<String, String> = inputs.into_iter().filter(|(name, _)| read(name)).collect();
        // A directory of Copilot is imported as a whole each time.
        let rounds = if arguments[0] == "copilot" { rounds.div_ceil(inputs.len()) } else { rounds };
        for (name, text) in &inputs {
            for _ in 0..rounds {
                import_text(&arguments[0], name, &mutated(text, &mut seed), &inputs);
            }
        }
    }
}
