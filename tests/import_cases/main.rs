//! Imports of a directory of other people's files, which are not part of this repository: each gives a stack that `check`
//! accepts and Terraform plans, or a diagnostic. `CONTRIBUTING.md` says how to run it.

#![allow(
    clippy::disallowed_methods,
    clippy::print_stdout,
    clippy::unwrap_used,
    reason = "a test that is a program: it reads and writes files, prints what it found, and fails by panicking"
)]

mod case;
#[path = "../support/parallel.rs"]
mod parallel;
#[path = "../support/terraform.rs"]
mod terraform;
#[path = "../support/together.rs"]
mod together;

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, ExitCode};

use groundplan::render::Engine;
use serde_json::Value;

use crate::case::Case;
use crate::parallel::in_parallel;
use crate::together::Stack;

/// What came of a case.
enum Outcome {
    /// A stack, with the lines of the report: fate, key and words of each.
    Compiled { stack: Box<Stack>, lines: Vec<[String; 3]> },
    /// The code and the message of the first mistake.
    Diagnosed(String),
    /// Neither.
    Failed(String),
}

fn main() -> ExitCode {
    let roots: Vec<PathBuf> = std::env::args().skip(1).map(PathBuf::from).collect();
    if roots.is_empty() {
        println!("which directory? It has files of other tools: <format>/<case>/...");
        return ExitCode::FAILURE;
    }
    let cases: Result<Vec<Vec<Case>>, String> = roots.iter().map(|root| case::all(root)).collect();
    let cases: Vec<Case> = match cases {
        Ok(cases) => cases.into_iter().flatten().collect(),
        Err(problem) => {
            println!("{problem}");
            return ExitCode::FAILURE;
        }
    };
    let engine = Engine::new().unwrap();
    // Where to look at them afterwards.
    let out = Path::new(env!("CARGO_TARGET_TMPDIR")).join("import_cases");
    fs::create_dir_all(&out).unwrap();
    let outcomes = in_parallel(&cases, |case| import(&engine, case, &out));
    let said = plan(&outcomes);
    table(&cases, &outcomes);
    println!("\nstacks and reports: {}", out.display());
    said.iter().for_each(|text| println!("\n{text}"));
    let failed = outcomes.iter().any(|outcome| matches!(outcome, Outcome::Failed(_)));
    if failed || !said.is_empty() { ExitCode::FAILURE } else { ExitCode::SUCCESS }
}

/// Runs the command, and compiles what it gives.
fn import(engine: &Engine, case: &Case, out: &Path) -> Outcome {
    let name: String =
        case.name.chars().map(|char| if char.is_ascii_alphanumeric() { char } else { '-' }).collect();
    let run = |also: &[&str]| {
        let mut command = Command::new(env!("CARGO_BIN_EXE_groundplan"));
        command.arg("import").args(&case.arguments).args(also).current_dir(&case.directory);
        let output = command.output().unwrap();
        let [stack, report] = [output.stdout, output.stderr].map(|bytes| String::from_utf8(bytes).unwrap());
        (output.status.code(), stack, report)
    };
    let (code, stack, report) = run(&[]);
    fs::write(out.join(format!("{name}.txt")), &report).unwrap();
    match code {
        Some(0) => {}
        Some(1) => return Outcome::Diagnosed(report.lines().next().unwrap_or_default().to_owned()),
        _ => return Outcome::Failed(report),
    }
    fs::write(out.join(format!("{name}.hcl")), &stack).unwrap();
    let lines: Vec<Value> = serde_json::from_str(&run(&["--format", "json"]).2).unwrap_or_default();
    let word = |line: &Value, key: &str| line[key].as_str().unwrap_or_default().to_owned();
    let lines = lines.iter().map(|line| ["fate", "key", "words"].map(|key| word(line, key))).collect();
    match Stack::new(engine, name, &stack) {
        Ok(stack) => Outcome::Compiled { stack: Box::new(stack), lines },
        Err(problem) => Outcome::Failed(problem),
    }
}

/// What Terraform refuses, of all stacks together.
fn plan(outcomes: &[Outcome]) -> Vec<String> {
    if !terraform::is_installed() {
        return Vec::new();
    }
    let stacks = outcomes.iter().filter_map(|outcome| match outcome {
        Outcome::Compiled { stack, .. } => Some(&**stack),
        Outcome::Diagnosed(_) | Outcome::Failed(_) => None,
    });
    let said = together::plan("import-cases", stacks).unwrap_or_default();
    said.into_iter().filter(|said| !said.succeeded).map(|said| said.text).collect()
}

fn table(cases: &[Case], outcomes: &[Outcome]) {
    const FATES: [&str; 4] = ["mapped", "assumed", "dropped", "needs-you"];
    println!("| case | outcome | mapped | assumed | dropped | needs you | what was dropped |");
    println!("|---|---|--:|--:|--:|--:|---|");
    let [mut compiled, mut diagnosed, mut failed] = [0; 3];
    for (case, outcome) in cases.iter().zip(outcomes) {
        match outcome {
            Outcome::Compiled { lines, .. } => {
                compiled += 1;
                let count = |fate: &str| lines.iter().filter(|[of, ..]| of == fate).count().to_string();
                let counts = FATES.map(count).join(" | ");
                println!("| {} | compiled | {counts} | {} |", case.name, dropped(lines));
            }
            Outcome::Diagnosed(message) => {
                diagnosed += 1;
                println!("| {} | {message} | | | | | |", case.name);
            }
            Outcome::Failed(problem) => {
                failed += 1;
                println!("| {} | **failed** | | | | | {} |", case.name, problem.replace('\n', " "));
            }
        }
    }
    println!("\n{} cases: {compiled} compiled, {diagnosed} diagnosed, {failed} failed", cases.len());
}

/// The last words of the keys that were dropped, the most frequent first.
fn dropped(lines: &[[String; 3]]) -> String {
    let mut counts: BTreeMap<&str, usize> = BTreeMap::new();
    for [fate, key, _] in lines {
        if fate == "dropped" {
            let word = key.rsplit('.').next().unwrap_or(key);
            *counts.entry(word.split('[').next().unwrap_or(word)).or_default() += 1;
        }
    }
    let mut counts: Vec<_> = counts.into_iter().collect();
    counts.sort_by_key(|(_, count)| std::cmp::Reverse(*count));
    let words = counts
        .iter()
        .take(8)
        .map(|(word, count)| if *count > 1 { format!("{word} x{count}") } else { (*word).to_owned() });
    words.collect::<Vec<_>>().join(", ")
}
