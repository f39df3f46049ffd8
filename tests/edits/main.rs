//! Edits of the shipped stacks: what `groundplan diff --against` says of each, and whether Terraform would do exactly that.
//! `CONTRIBUTING.md` says how to run it; the edits stand beside this file, by stack.

#![allow(
    clippy::disallowed_methods,
    clippy::print_stdout,
    clippy::unwrap_used,
    reason = "a test that is a program: it reads and writes files, and prints what it found"
)]

#[path = "../support/compile.rs"]
mod compile;
mod edit;
#[path = "../support/expected.rs"]
mod expected;
#[allow(dead_code, reason = "the end-to-end test uses the rest")]
#[path = "../e2e/mock.rs"]
mod mock;
mod offline;
#[path = "../support/parallel.rs"]
mod parallel;
#[allow(dead_code, reason = "the end-to-end test uses the rest")]
#[path = "../e2e/plan.rs"]
mod plan;
mod planned;
#[path = "../support/python.rs"]
mod python;
#[path = "../support/rename.rs"]
mod rename;
#[allow(dead_code, reason = "the end-to-end test uses the rest")]
#[path = "../e2e/run.rs"]
mod run;
#[path = "../support/stacks.rs"]
mod stacks;
#[allow(dead_code, reason = "the end-to-end test uses the rest")]
#[path = "../e2e/terraform.rs"]
mod terraform;

use std::collections::BTreeMap;
use std::process::ExitCode;

use groundplan::render::Engine;

use crate::edit::{Edit, Edits};
use crate::offline::Verdict;
use crate::planned::Agreement;
use crate::run::Run;

/// What went well, or what did not, for people.
type Outcome<T> = Result<T, String>;

/// Says something while the plans go on.
fn tell(line: &str) {
    println!("{line}");
}

/// The edits of a stack that were asked for, and the workspace that they are planned in.
struct Case {
    run: Run,
    edits: Vec<(Edit, Verdict)>,
}

fn main() -> ExitCode {
    match run(&std::env::args().skip(1).collect::<Vec<_>>()) {
        Ok(problems) if problems.is_empty() => ExitCode::SUCCESS,
        Ok(problems) => {
            tell(&format!("\n{}", problems.join("\n")));
            ExitCode::FAILURE
        }
        Err(problem) => {
            tell(&problem);
            ExitCode::FAILURE
        }
    }
}

/// Compares what the arguments ask for: what is said of the edits with what was expected, then with Terraform's plans.
fn run(arguments: &[String]) -> Outcome<Vec<String>> {
    let (options, names): (Vec<&String>, Vec<&String>) =
        arguments.iter().partition(|argument| argument.starts_with("--"));
    if let Some(unknown) = options.iter().find(|option| **option != "--offline") {
        return Err(format!("{unknown} is not known: --offline, stack, stack/edit"));
    }
    let engine = Engine::new().map_err(|error| error.to_string())?;
    let (mut cases, mut problems) = (Vec::new(), Vec::new());
    let runs = run::runs(&stacks::all());
    for Edits { stack, workspace, edits } in edit::all()? {
        let run = runs.iter().find(|run| run.stack.name == stack && run.workspace == workspace);
        let run = run.ok_or_else(|| format!("{stack} has no environment {workspace}"))?.clone();
        let wanted = |edit: &Edit| {
            let name = format!("{stack}/{}", edit.name);
            names.is_empty() || names.iter().any(|wanted| **wanted == stack || **wanted == name)
        };
        let mut judged = Vec::new();
        for edit in edits.into_iter().filter(wanted) {
            match Verdict::of(&engine, &run, &edit) {
                Ok(verdict) => {
                    problems.extend(verdict.wrong_exit(&stack, &edit));
                    judged.push((edit, verdict));
                }
                Err(problem) => problems.push(format!("{stack}/{}: {problem}", edit.name)),
            }
        }
        problems.extend(compare_text(&stack, &judged, names.is_empty()));
        if !judged.is_empty() {
            cases.push(Case { run, edits: judged });
        }
    }
    if cases.is_empty() {
        return Err("there is no such edit".to_owned());
    }
    if options.is_empty() {
        problems.extend(plan_all(&engine, &cases));
    }
    Ok(problems)
}

/// What is said of the edits of a stack, against the files beside them.
fn compare_text(stack: &str, judged: &[(Edit, Verdict)], all: bool) -> Vec<String> {
    let dir = compile::root("tests/edits").join(stack);
    let actual: BTreeMap<String, String> =
        judged.iter().map(|(edit, verdict)| (format!("{}.txt", edit.name), verdict.text.clone())).collect();
    let mut present = expected::files(&dir);
    present.retain(|name, _| all || actual.contains_key(name));
    expected::compare(&dir, &present, &actual)
}

/// Plans every edit, and prints how many Terraform agrees with.
fn plan_all(engine: &Engine, cases: &[Case]) -> Vec<String> {
    let bin = python::environment("e2e", mock::REQUIREMENTS);
    let found = parallel::in_parallel(cases, |case| planned::compare(engine, case, &bin));
    let (mut problems, mut rows) = (Vec::new(), Vec::new());
    for (case, found) in cases.iter().zip(found) {
        match found {
            Ok(found) => rows.extend(found),
            Err(problem) => problems.push(format!("{}: {problem}", case.run.name())),
        }
    }
    tell("\n| edit | resources that change | Terraform |\n|---|--:|---|");
    for Agreement { edit, changes, differences, .. } in &rows {
        let said = if differences.is_empty() { "the same".to_owned() } else { differences.join("; ") };
        tell(&format!("| {edit} | {changes} | {said} |"));
    }
    let equal = rows.iter().filter(|row| row.differences.is_empty()).count();
    let edits: usize = cases.iter().map(|case| case.edits.len()).sum();
    tell(&format!("\nTerraform does exactly what is said of {equal} of {edits} edits"));
    problems.extend(rows.into_iter().flat_map(|row| row.problems));
    problems
}
