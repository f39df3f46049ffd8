//! Importers against mutated inputs: whatever the files say, an import ends with a stack that stands or a diagnostic.
//!
//! `cargo test --test import_fuzz` tries a few inputs of every format. More, and those of one seed:
//!
//! ```text
//! cargo test --release --test import_fuzz -- --runs 200000 compose
//! cargo test --test import_fuzz -- --seed 4711 --runs 1 compose
//! ```
//!
//! An input is known by its seed, the next one has the next seed. A run of one input prints the smallest input found that
//! breaks the same rule.

#![allow(
    clippy::disallowed_methods,
    clippy::expect_used,
    clippy::print_stdout,
    clippy::unwrap_used,
    reason = "a test that is a program: it reads files, and prints what it found"
)]

mod canary;
#[path = "../support/choices.rs"]
mod choices;
#[path = "../support/compile.rs"]
mod compile;
mod corpus;
#[path = "../support/expected.rs"]
mod expected;
mod lines;
mod mutation;
mod rules;
mod run;
mod subject;

use std::process::ExitCode;

use crate::corpus::FORMATS;
use crate::run::{Subject, keep_panics, show};

/// How many inputs of each format are tried unless `--runs` says otherwise.
const RUNS: u64 = 400;
/// The first seed unless `--seed` says otherwise.
const SEED: u64 = 20_261_121;

/// Says something while the run goes on.
fn tell(line: &str) {
    println!("{line}");
}

/// What the arguments ask for.
struct Wanted {
    runs: u64,
    seed: u64,
    formats: Vec<String>,
}

fn main() -> ExitCode {
    match wanted(std::env::args().skip(1)) {
        Ok(wanted) => run(&wanted),
        Err(problem) => {
            tell(&problem);
            ExitCode::FAILURE
        }
    }
}

fn wanted(mut arguments: impl Iterator<Item = String>) -> Result<Wanted, String> {
    let mut wanted = Wanted { runs: RUNS, seed: SEED, formats: Vec::new() };
    while let Some(argument) = arguments.next() {
        let mut number = || {
            let text = arguments.next().unwrap_or_default();
            text.parse().map_err(|_| format!("`{argument}` wants a number, not `{text}`"))
        };
        match argument.as_str() {
            "--runs" => wanted.runs = number()?,
            "--seed" => wanted.seed = number()?,
            format if FORMATS.iter().any(|(name, _)| *name == format) => wanted.formats.push(argument),
            _ => {
                let names = FORMATS.map(|(name, _)| name).join(", ");
                return Err(format!("`{argument}` is none of --runs, --seed, {names}"));
            }
        }
    }
    Ok(wanted)
}

fn run(wanted: &Wanted) -> ExitCode {
    keep_panics();
    let mut fine = true;
    for (format, directory) in FORMATS {
        if !wanted.formats.is_empty() && !wanted.formats.iter().any(|name| name == format) {
            continue;
        }
        let subject = Subject::new(directory);
        let summary = subject.run(wanted.seed, wanted.runs);
        let broken: u64 = summary.broken.values().map(|(times, _, _)| times).sum();
        tell(&format!(
            "{format}: {} inputs from seed {}, {} stacks, {} diagnosed, {broken} broken",
            summary.inputs, wanted.seed, summary.stacks, summary.diagnosed
        ));
        fine &= summary.broken.is_empty();
        for (rule, (times, seed, details)) in summary.broken {
            tell(&format!("  {times} times: {rule}\n    repeat with: --seed {seed} --runs 1 {format}"));
            if wanted.runs == 1 {
                let (texts, smallest) = subject.smallest(seed, &rule);
                show(&texts);
                tell(&format!("--- gives\n{}\n--- at first\n{details}", smallest.details));
            }
        }
        if wanted.runs == 1 && summary.stacks + summary.diagnosed > 0 {
            show(&subject.input(wanted.seed).1);
        }
    }
    if fine { ExitCode::SUCCESS } else { ExitCode::FAILURE }
}
