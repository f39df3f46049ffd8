//! checkov over every shipped stack: over the generated text, and over the plan of each workspace. Each failed check is
//! accepted by a line of `exceptions.txt`, and each line accepts something; sets are compared, never their order. With names
//! of stacks as arguments only these are scanned, and a line need not accept anything.

#![allow(
    clippy::disallowed_methods,
    clippy::print_stdout,
    clippy::unwrap_used,
    reason = "a test that is a program: it reads and writes files, prints what it found, and fails by panicking"
)]

#[path = "../support/compile.rs"]
mod compile;
mod exceptions;
#[path = "../support/expected.rs"]
mod expected;
#[path = "../support/parallel.rs"]
mod parallel;
#[path = "../support/python.rs"]
mod python;
mod scan;
#[path = "../support/stacks.rs"]
mod stacks;
#[path = "../support/terraform.rs"]
mod terraform;

use std::fs;
use std::path::Path;
use std::process::ExitCode;

use crate::exceptions::Exception;
use crate::parallel::in_parallel;
use crate::scan::{Finding, Kind, Report, Target, scan};
use crate::terraform::Workdir;

/// What is installed, with exact versions.
const REQUIREMENTS: &str = include_str!("requirements.txt");

/// The findings that are accepted.
const EXCEPTIONS: &str = include_str!("exceptions.txt");

fn main() -> ExitCode {
    let bin = python::environment("checkov", REQUIREMENTS);
    let names: Vec<String> = std::env::args().skip(1).collect();
    let mut chosen = stacks::all();
    chosen.retain(|stack| names.is_empty() || names.contains(&stack.name));
    assert!(!chosen.is_empty(), "no such stack: {names:?}");
    let targets: Vec<Target> = in_parallel(&chosen, targets).into_iter().flatten().collect();
    let reports = in_parallel(&targets, |target| scan(&bin, target));
    table(&targets, &reports);
    let findings: Vec<&Finding> = reports.iter().flat_map(|report| &report.findings).collect();
    let problems = judge(&findings, &Exception::all(EXCEPTIONS), names.is_empty());
    problems.iter().for_each(|problem| println!("{problem}"));
    if problems.is_empty() { ExitCode::SUCCESS } else { ExitCode::FAILURE }
}

/// The golden tree of a stack, and a plan of each of its workspaces.
fn targets(stack: &stacks::StackFile) -> Vec<Target> {
    let golden = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/golden").join(&stack.name);
    let files = expected::files(&golden);
    let workdir = Workdir::new(&format!("checkov-{}", stack.name), &files);
    let workdir = workdir.expect("terraform has its provider");
    let environments = stack.model().environments;
    let text = Target {
        stack: stack.name.clone(),
        workspace: "-".into(),
        kind: Kind::Static,
        unprotected_only: environments.iter().all(|environment| !environment.settings.protect),
        path: golden,
    };
    let plans = environments.into_iter().map(|environment| {
        let (plan, _) = workdir.plan(&environment.name);
        let path = workdir.path(&format!("{}.json", environment.name));
        fs::write(&path, plan.to_string()).unwrap();
        let kind = if environment.settings.protect { Kind::Protected } else { Kind::Unprotected };
        let workspace = environment.name.to_string();
        Target { stack: stack.name.clone(), workspace, kind, unprotected_only: false, path }
    });
    std::iter::once(text).chain(plans).collect()
}

/// Prints what was scanned.
fn table(targets: &[Target], reports: &[Report]) {
    println!(
        "{:<10} {:<12} {:<12} {:>9} {:>7} {:>7}",
        "stack", "workspace", "scan", "resources", "passed", "failed"
    );
    for (Target { stack, workspace, kind, .. }, report) in targets.iter().zip(reports) {
        let Report { resources, passed, findings } = report;
        let (kind, failed) = (kind.to_string(), findings.len());
        println!("{stack:<10} {workspace:<12} {kind:<12} {resources:>9} {passed:>7} {failed:>7}");
    }
}

/// Prints the exceptions that were used; gives what nothing accepts and, when all was scanned, exceptions that accept
/// nothing.
fn judge(findings: &[&Finding], exceptions: &[Exception], all: bool) -> Vec<String> {
    let mut problems: Vec<String> = findings
        .iter()
        .filter(|finding| !exceptions.iter().any(|exception| exception.accepts(finding)))
        .map(|Finding { stack, kind, check, address, wish, .. }| {
            format!("FAILED  {check} {stack}/{address} ({kind}): {wish}")
        })
        .collect();
    println!("\n{} exceptions:", exceptions.len());
    for exception in exceptions {
        let accepted: Vec<&Finding> =
            findings.iter().copied().filter(|finding| exception.accepts(finding)).collect();
        println!("  {} ({} times): {}", exception.title(), accepted.len(), exception.reason);
        let idle = exception.idle(&accepted).filter(|_| all);
        problems.extend(idle.map(|kind| format!("UNUSED  {} in {kind} scans", exception.title())));
    }
    problems
}
