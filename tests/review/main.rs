//! Reports on plans of three trees that Groundplan did not write. `BLESS=1 cargo test --test review` rewrites the expected
//! reports beside them; read them as the reviewer of a pull request would.
//!
//! Each `plan.json` is what Terraform 1.11 and version 5.100 of the AWS provider made of `after` once `before` was applied to
//! a mock of AWS and somebody had changed a queue by hand (`orders`) or made a bucket to adopt (`archive`): of
//! `terraform show -json`, what is read. Sensitive values in it contain the word `canary`.

#![allow(clippy::disallowed_methods, clippy::unwrap_used, reason = "tests read files, and fail by panicking")]

#[path = "../support/compile.rs"]
mod compile;
#[path = "../support/expected.rs"]
mod expected;

use std::collections::BTreeMap;
use std::fs;

use assert_cmd::Command;
use groundplan::review::{Report, Verdict, plan, verdict};

const TREES: &[&str] = &["archive", "orders", "shop"];

fn json(tree: &str) -> String {
    fs::read_to_string(compile::root(&format!("tests/review/{tree}/plan.json"))).unwrap()
}

/// The report on the plan of a tree, by name of the file it is expected in.
fn reports(tree: &str) -> BTreeMap<String, String> {
    let plan = plan::read(tree, json(tree).as_bytes(), &BTreeMap::new()).unwrap();
    let environments = [plan.environment];
    let report = Report::new(&environments, &[], &plan.notes);
    let texts = [
        ("report.txt", report.text(false)),
        ("report.md", report.markdown()),
        ("report.json", report.json()),
    ];
    texts.map(|(name, text)| (name.to_owned(), text)).into()
}

#[test]
fn reports_are_as_expected() {
    let mut problems = Vec::new();
    for tree in TREES {
        let dir = compile::root(&format!("tests/review/{tree}"));
        let present = expected::files(&dir).into_iter().filter(|(name, _)| name.starts_with("report."));
        problems.extend(expected::compare(&dir, &present.collect(), &reports(tree)));
    }
    expected::assert_none(&problems);
}

#[test]
fn no_report_shows_a_sensitive_value() {
    for tree in ["orders", "shop"] {
        assert!(json(tree).contains("canary"), "{tree}: the plan has the value, or this test shows nothing");
        for (name, text) in reports(tree) {
            assert!(!text.contains("canary"), "{tree}/{name}");
            assert!(text.contains("sensitive"), "{tree}/{name}");
        }
    }
}

#[test]
fn every_tree_loses_data_and_says_so_in_the_first_line() {
    for tree in TREES {
        let plan = plan::read(tree, json(tree).as_bytes(), &BTreeMap::new()).unwrap();
        assert_eq!(verdict(&[plan.environment], &[]), Verdict::LosesData);
        let text = &reports(tree)["report.txt"];
        assert!(text.starts_with("Data is lost in "), "{text}");
    }
}

fn review(arguments: &[&str]) -> assert_cmd::assert::Assert {
    let mut command = Command::cargo_bin("groundplan").unwrap();
    command.current_dir(compile::root("tests/review")).arg("review").args(arguments).assert()
}

#[test]
fn the_exit_code_says_what_a_pipeline_has_to_know() {
    let lost = review(&["archive/plan.json"]);
    lost.code(3);
    let allowed =
        review(&["archive/plan.json", "--allow", "aws_s3_bucket.scans", "--allow", "aws_s3_bucket.x"])
            .code(2);
    let said = String::from_utf8(allowed.get_output().stderr.clone()).unwrap();
    assert_eq!(said, "warning: `--allow aws_s3_bucket.x` matches no resource whose data is lost\n");
    let foreign = review(&["archive/report.json"]).code(1);
    let said = String::from_utf8(foreign.get_output().stderr.clone()).unwrap();
    assert!(said.starts_with("error: `archive/report.json` has no `format_version`"), "{said}");
}

#[test]
fn several_plans_are_one_report_and_equal_ones_are_told_once() {
    let report = review(&["staging=archive/plan.json", "production=archive/plan.json"]).code(3);
    let text = String::from_utf8(report.get_output().stdout.clone()).unwrap();
    assert_eq!(text.matches("\nstaging and production\n").count(), 1, "{text}");
    let plan = json("archive");
    let mut command = Command::cargo_bin("groundplan").unwrap();
    command.args(["review", "-", "--format", "json"]).write_stdin(plan).assert().code(3);
}

#[test]
fn the_stack_file_says_which_component_a_resource_is_of() {
    let plan = serde_json::json!({"format_version": "1.2", "resource_changes": [{
        "address": "module.data.aws_db_instance.main",
        "mode": "managed",
        "type": "aws_db_instance",
        "change": {"actions": ["delete"], "before": {"engine": "postgres"}},
    }]});
    let mut command = Command::cargo_bin("groundplan").unwrap();
    command.current_dir(compile::root("")).args(["review", "production=-", "--stack", "stacks/mastodon.hcl"]);
    let said = command.write_stdin(plan.to_string()).assert().code(3);
    let text = String::from_utf8(said.get_output().stdout.clone()).unwrap();
    let expected = "  ! RDS instance main of database main is destroyed, with its databases\n";
    assert!(text.contains(expected), "{text}");
}

#[test]
fn a_damaged_plan_is_an_error_and_a_hostile_one_controls_nothing() {
    let text = json("archive");
    for end in (0..text.len()).step_by(211).filter(|end| text.is_char_boundary(*end)) {
        assert!(plan::read("a", &text.as_bytes()[..end], &BTreeMap::new()).is_err(), "{end}");
    }
    let hostile = text.replace("scans", r"\u001b[2J\n</details><script>`|\u202e");
    let plan = plan::read("a\u{1b}", hostile.as_bytes(), &BTreeMap::new()).unwrap();
    let environments = [plan.environment];
    let report = Report::new(&environments, &[], &plan.notes);
    for text in [report.text(false), report.markdown(), report.json()] {
        assert!(!text.contains(|c: char| c.is_control() && c != '\n'), "{text}");
        assert!(text.contains("script"), "{text}");
    }
}
