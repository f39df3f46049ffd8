//! What Terraform itself says about the generated trees. Needs `terraform` and, the first time, its AWS provider; no
//! account, and no network after that. Where terraform is missing this is skipped, loudly, unless
//! `GROUNDPLAN_REQUIRE_TERRAFORM` is set.

#![allow(
    clippy::disallowed_methods,
    clippy::unwrap_used,
    reason = "tests read and write files, and fail by panicking"
)]

#[path = "../support/compile.rs"]
mod compile;
mod expectations;
mod imported;
#[path = "../support/parallel.rs"]
mod parallel;
mod planned;
mod replacement;
mod retired;
mod security;
#[path = "../support/stacks.rs"]
mod stacks;
#[path = "../support/terraform.rs"]
mod terraform;
#[path = "../support/together.rs"]
mod together;

use std::collections::BTreeSet;
use std::sync::{LazyLock, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use groundplan::evaluate::Configuration;
use groundplan::model::Model;
use groundplan::render::Engine;
use groundplan::tree::Tree;

use crate::parallel::{WORKERS, in_parallel};
use crate::planned::Plan;
use crate::stacks::StackFile;
use crate::terraform::{Workdir, is_installed, tell};

/// A stack, compiled and initialised.
struct Case {
    name: String,
    model: Model,
    tree: Tree,
    workspaces: Vec<String>,
    workdir: Workdir,
}

/// Every case, or none where the provider cannot be had.
static CASES: LazyLock<Option<Vec<Case>>> = LazyLock::new(|| {
    let engine = Engine::new().unwrap();
    let case = |stack: &StackFile| {
        let tree = stack.tree(&engine);
        let workdir = Workdir::new(&stack.name, &tree.files)?;
        let model = stack.model();
        let workspaces = model.environments.iter().map(|environment| environment.name.to_string()).collect();
        Some(Case { name: stack.name.clone(), model, workspaces, tree, workdir })
    };
    // The first alone: where it cannot get the provider, the others need not try.
    let (first, rest) =
        stacks::all().split_first().map(|(first, rest)| (case(first), rest.to_vec())).unwrap();
    let first = first?;
    let rest: Option<Vec<Case>> = in_parallel(&rest, case).into_iter().collect();
    Some([vec![first], rest?].into_iter().flatten().collect())
});

/// The cases, for one test at a time; `None` when terraform or its provider is missing.
fn cases() -> Option<(&'static [Case], MutexGuard<'static, ()>)> {
    static TURN: Mutex<()> = Mutex::new(());
    if !is_installed() {
        return None;
    }
    let turn = TURN.lock().unwrap_or_else(PoisonError::into_inner);
    Some((CASES.as_deref()?, turn))
}

#[test]
fn trees_are_laid_out_as_terraform_fmt_does_it() {
    let Some((cases, _turn)) = cases() else { return };
    for case in cases {
        case.workdir
            .run(None, &["fmt", "-check", "-recursive", "-diff", "-no-color"])
            .expect(&format!("terraform fmt of {}", case.name));
    }
}

#[test]
fn trees_are_valid() {
    let Some((cases, _turn)) = cases() else { return };
    in_parallel(cases, |case| {
        case.workdir
            .run(None, &["validate", "-no-color"])
            .expect(&format!("terraform validate of {}", case.name));
    });
}

#[test]
fn trees_plan_in_every_workspace_without_account_and_network() {
    let Some((cases, _turn)) = cases() else { return };
    let pairs = cases.iter().flat_map(|case| case.workspaces.iter().map(move |workspace| (case, workspace)));
    let pairs: Vec<(&Case, &String)> = pairs.collect();
    let plans = in_parallel(&pairs, |(case, workspace)| {
        let (json, took) = case.workdir.plan(workspace);
        (Plan::new(&case.name, workspace, json), took)
    });
    for (case, workspace) in &pairs {
        let plan = plan_of(&plans, &case.name, workspace);
        assert!(!plan.resources.is_empty(), "{} plans nothing in {workspace}", case.name);
        let unknown = plan.resources.keys().map(|address| planned::without_keys(address));
        let unknown: Vec<String> = unknown.filter(|known| !case.tree.addresses.contains_key(known)).collect();
        assert!(unknown.is_empty(), "{}: planned and not in the address book: {unknown:?}", case.name);
    }
    for case in cases {
        let planned: BTreeSet<String> = case
            .workspaces
            .iter()
            .flat_map(|workspace| plan_of(&plans, &case.name, workspace).resources.keys())
            .map(|address| planned::without_keys(address))
            .collect();
        let dead: Vec<&String> =
            case.tree.addresses.keys().filter(|known| !planned.contains(*known)).collect();
        assert!(dead.is_empty(), "{}: generated, and planned in no workspace: {dead:?}", case.name);
    }
    for case in cases {
        let environments = case.model.environments.iter();
        let problems: Vec<String> = environments
            .flat_map(|environment| {
                security::problems(plan_of(&plans, &case.name, &environment.name), environment)
            })
            .collect();
        assert!(problems.is_empty(), "{}:\n{}", case.name, problems.join("\n"));
    }
    for case in cases {
        let configuration = Configuration::read(&case.tree).unwrap();
        for workspace in &case.workspaces {
            let evaluated = configuration.instances(workspace).unwrap();
            let evaluated: Vec<&String> = evaluated.resources.keys().collect();
            let planned: Vec<&String> = plan_of(&plans, &case.name, workspace).resources.keys().collect();
            assert_eq!(evaluated, planned, "{} in {workspace}: evaluated, and planned", case.name);
        }
    }
    expectations::check(|stack, workspace| plan_of(&plans, stack, workspace));
    let total: Duration = plans.iter().map(|(_, took)| *took).sum();
    let each = total.as_secs_f64() / plans.len() as f64;
    tell(&format!("terraform plan: {} runs, {each:.1} s each, {WORKERS} at a time", plans.len()));
}

fn plan_of<'p>(plans: &'p [(Plan, Duration)], stack: &str, workspace: &str) -> &'p Plan {
    let found = plans.iter().find(|(plan, _)| plan.stack == stack && plan.workspace == workspace);
    &found.unwrap_or_else(|| panic!("{stack} has no workspace {workspace}")).0
}

#[test]
fn a_wrong_workspace_cannot_be_planned() {
    let Some((cases, _turn)) = cases() else { return };
    let mut attempts: Vec<(&Case, &str, bool)> = Vec::new();
    for (index, case) in cases.iter().enumerate() {
        attempts.extend([(case, "default", false), (case, "nonsense", true)]);
        if index == 0 {
            attempts.extend([(case, "default", true), (case, "nonsense", false)]);
        }
    }
    in_parallel(&attempts, |(case, workspace, targeted)| {
        let address = case.tree.addresses.keys().next().expect("a tree has resources");
        let target = format!("-target={address}");
        let mut arguments = vec!["plan", "-input=false", "-no-color", "-lock=false", "-refresh=false"];
        arguments.extend(targeted.then_some(target.as_str()));
        let said = case.workdir.run(Some(workspace), &arguments);
        let attempt = format!("{} in {workspace} ({})", case.name, arguments.join(" "));
        assert!(!said.succeeded, "{attempt} was planned:\n{}", said.text);
        let listed = case.workspaces.join(", ");
        let guard = format!("Workspace \"{workspace}\" is not one of: {listed}.");
        assert!(said.sentence().contains(&guard), "{attempt} does not say `{guard}`:\n{}", said.text);
    });
}

#[test]
fn generated_tests_pass_with_a_mock_provider() {
    let Some((cases, _turn)) = cases() else { return };
    in_parallel(cases, |case| {
        let tests = case.tree.files.keys().filter(|path| path.ends_with(".tftest.hcl")).count();
        assert!(tests > 0, "{} has no generated tests", case.name);
        let said = case.workdir.run(case.workspaces.first().map(String::as_str), &["test", "-no-color"]);
        let said = said.expect(&format!("terraform test of {}", case.name));
        assert!(said.output.contains("Success!"), "{}:\n{}", case.name, said.text);
    });
}
