//! The shipped stacks, applied for real to a mock of AWS: created, planned again with nothing to do, changed, destroyed.
//! `CONTRIBUTING.md` says how to run it; `mock/` is the mock.

#![allow(
    clippy::disallowed_methods,
    clippy::print_stdout,
    clippy::unwrap_used,
    reason = "a test that is a program: it reads and writes files, and prints what it found"
)]

mod adoption;
mod canary;
mod change;
#[path = "../support/compile.rs"]
mod compile;
mod cycle;
mod edit;
mod mock;
mod plan;
mod protection;
#[path = "../support/python.rs"]
mod python;
mod run;
#[path = "../support/stacks.rs"]
mod stacks;
mod terraform;

use std::process::ExitCode;
use std::sync::Mutex;
use std::thread;

use groundplan::render::Engine;

use crate::cycle::Row;
use crate::run::Run;

/// What went well, or what did not, for people.
type Outcome<T> = Result<T, String>;

/// The stack that runs in every workspace by default, because it has the most in it.
const FIRST_AMONG_STACKS: &str = "mastodon";

/// The name of the run that adopts what exists.
const ADOPTION: &str = "adoption";

/// How many runs there are at a time unless `--jobs` says otherwise. Each waits most of its time, and has a provider
/// that wants half a gigabyte.
const JOBS: usize = 4;

/// Says something while the runs go on.
fn tell(line: &str) {
    println!("{line}");
}

fn main() -> ExitCode {
    match run(&std::env::args().skip(1).collect::<Vec<_>>()) {
        Ok(true) => ExitCode::SUCCESS,
        Ok(false) => ExitCode::FAILURE,
        Err(problem) => {
            tell(&problem);
            ExitCode::FAILURE
        }
    }
}

/// Runs what the arguments ask for, and prints the table. Whether all went well.
fn run(arguments: &[String]) -> Outcome<bool> {
    let (adoption, stacks): (Vec<String>, Vec<String>) =
        arguments.iter().cloned().partition(|argument| argument == ADOPTION);
    let (runs, jobs) = chosen(&stacks)?;
    let engine = Engine::new().map_err(|error| error.to_string())?;
    let bin = python::environment("e2e", mock::REQUIREMENTS);
    if !adoption.is_empty() || stacks.is_empty() {
        let imported = adoption::adopt(&engine, &bin)?;
        tell(&format!("{ADOPTION}: {imported} resources are imported, none of them is replaced"));
    }
    if !adoption.is_empty() && stacks.is_empty() {
        return Ok(true);
    }
    let turn = Mutex::new(runs.iter());
    let rows: Mutex<Vec<(usize, Outcome<Row>)>> = Mutex::default();
    thread::scope(|scope| {
        for _ in 0..jobs.min(runs.len()) {
            scope.spawn(|| {
                while let Some(run) = next(&turn) {
                    let row = run.live(&engine, &bin);
                    if let Err(problem) = &row {
                        tell(&format!("{} FAILED", run.name()));
                        tell(problem);
                    }
                    if let Ok(mut rows) = rows.lock() {
                        rows.push((run.number, row));
                    }
                }
            });
        }
    });
    let mut rows = rows.into_inner().map_err(|error| error.to_string())?;
    rows.sort_by_key(|(number, _)| *number);
    print_table(&runs, &rows);
    Ok(rows.len() == runs.len() && rows.iter().all(|(_, row)| row.is_ok()))
}

fn next<'r>(turn: &Mutex<impl Iterator<Item = &'r Run>>) -> Option<&'r Run> {
    turn.lock().ok()?.next()
}

/// The runs that the arguments ask for, and how many of them at a time.
fn chosen(arguments: &[String]) -> Outcome<(Vec<Run>, usize)> {
    let all = run::runs(&stacks::all());
    let (mut jobs, mut matrix, mut names) = (JOBS, false, Vec::new());
    let mut rest = arguments.iter();
    while let Some(argument) = rest.next() {
        match argument.as_str() {
            "--matrix" => matrix = true,
            "--jobs" => {
                let number = rest.next().and_then(|number| number.parse().ok());
                jobs = number.filter(|jobs| *jobs > 0).ok_or("--jobs wants a number")?;
            }
            name if !name.starts_with('-') => names.push(name),
            unknown => {
                return Err(format!("{unknown} is not known: --matrix, --jobs N, stack, stack/workspace"));
            }
        }
    }
    let wanted = |run: &&Run, first: bool| match names.is_empty() {
        true => matrix || first || run.stack.name == FIRST_AMONG_STACKS,
        false => names.iter().any(|name| *name == run.name() || *name == run.stack.name),
    };
    let mut seen = std::collections::BTreeSet::new();
    let runs = all.iter().filter(|run| {
        let first = seen.insert(run.stack.name.clone());
        wanted(run, first)
    });
    let runs: Vec<Run> = runs.cloned().collect();
    match runs.is_empty() {
        true => {
            let known: Vec<String> = all.iter().map(Run::name).collect();
            Err(format!("no such run; there are {}", known.join(", ")))
        }
        false => Ok((runs, jobs)),
    }
}

fn print_table(runs: &[Run], rows: &[(usize, Outcome<Row>)]) {
    tell("");
    tell(
        "| stack | workspace | planned | applied | second plan | change | its plan | secrets | destroyed | seconds |",
    );
    tell("|---|---|--:|--:|--:|---|---|--:|--:|--:|");
    for (number, row) in rows {
        let Some(run) = runs.iter().find(|run| run.number == *number) else { continue };
        let cells = match row {
            Ok(row) => format!(
                "{} | {} | 0 | {} | {} | {} | {} | {}",
                row.planned, row.applied, row.change, row.changed, row.secrets, row.destroyed, row.seconds
            ),
            Err(_) => "failed, see above | | | | | | | ".to_owned(),
        };
        tell(&format!("| {} | {} | {cells} |", run.stack.name, run.workspace));
    }
}
