//! The scripts that review a pull request, against a GitHub and a Groundplan that stubs play, and the files that run
//! them. Needs bash, git and jq.

#![allow(
    clippy::disallowed_methods,
    clippy::unwrap_used,
    reason = "tests read and write files, and fail by panicking"
)]

mod files;
mod reports;
mod stage;

use std::path::PathBuf;

use crate::stage::Stage;

/// A path of the repository.
fn root(path: &str) -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR")).join(path)
}

const MARKER: &str = "<!-- groundplan: pull request -->";

/// Posts a report and expects that it works.
#[track_caller]
fn post(stage: &Stage, report: &str) {
    stage.write("report.md", report);
    let played = stage.play("comment.sh", &["report.md"]);
    assert_eq!(played.code, 0, "{}", played.err);
}

#[test]
fn the_first_run_posts_and_the_second_updates() {
    let stage = Stage::new();
    let (first, second) = (format!("{MARKER}\nfirst \"$(id)\"\n"), format!("{MARKER}\nsecond\n"));
    post(&stage, &first);
    assert_eq!(stage.commented(), [first]);
    post(&stage, &second);
    assert_eq!(stage.commented(), [second]);
}

#[test]
fn comments_of_others_and_of_other_jobs_stay_as_they_are() {
    let stage = Stage::new();
    let others = [
        (false, "<!-- groundplan: pull request -->\nforged"),
        (true, "<!-- groundplan: other -->\nof another job"),
        (true, "> <!-- groundplan: pull request -->\nquoted"),
    ];
    stage.comments(&others);
    let report = format!("{MARKER}\nreport\n");
    post(&stage, &report);
    let expected: Vec<String> =
        others.iter().map(|(_, body)| (*body).to_owned()).chain([report.clone()]).collect();
    assert_eq!(stage.commented(), expected);
    post(&stage, &report);
    assert_eq!(stage.commented(), expected, "the own one is found the next time");
}

#[test]
fn a_comment_is_found_behind_hundreds_of_others() {
    let stage = Stage::new();
    let own = format!("{MARKER}\nold");
    let mut comments = vec![(false, "chat"); 230];
    comments.push((true, &own));
    stage.comments(&comments);
    post(&stage, &format!("{MARKER}\nnew"));
    let commented = stage.commented();
    assert_eq!((commented.len(), commented[230].ends_with("\nnew")), (231, true));
}

#[test]
fn what_github_would_refuse_is_never_sent() {
    let long = format!("{MARKER}\n{}", "x".repeat(65_536));
    for (report, number, said) in [
        (long.as_str(), "7", "more than 65536 bytes"),
        ("no marker\n", "7", "does not begin with its marker"),
        ("<!-- groundplan: x -->\n", "7; id", "is not the number of a pull request"),
    ] {
        let stage = Stage::new().with("PULL_REQUEST", number);
        stage.write("report.md", report);
        let played = stage.play("comment.sh", &["report.md"]);
        assert_eq!(played.code, 1, "{said}");
        assert!(played.err.contains(said), "{}", played.err);
        assert!(stage.calls("curl").is_empty(), "{said}");
    }
}

#[test]
fn nothing_to_say_makes_no_first_comment() {
    let stage = Stage::new();
    let report = format!("{MARKER}\nnothing\n");
    stage.write("report.md", &report);
    assert_eq!(stage.play("comment.sh", &["report.md", "--update-only"]).code, 0);
    assert!(stage.commented().is_empty());
    stage.comments(&[(true, MARKER)]);
    assert_eq!(stage.play("comment.sh", &["report.md", "--update-only"]).code, 0);
    assert_eq!(stage.commented(), [report]);
}

#[test]
fn the_token_is_on_no_command_line_and_unknown_to_what_reads_the_pull_request() {
    let stage = Stage::new().with("GENERATE", "2");
    stage.play("run.sh", &["out"]);
    assert_eq!(stage.calls("curl").len(), 2);
    assert_eq!(stage.calls("token"), [""; 0]);
    assert!(!stage.calls("curl").join("\n").contains("hunter2"));
    assert_eq!(stage.calls("header")[0], "header Authorization: Bearer hunter2");
}

#[test]
fn a_token_that_may_not_write_leaves_the_report_in_the_summary() {
    for (variable, value, said) in [
        ("FORBIDDEN", "1", "no comment: Resource not accessible by integration"),
        ("HTTP_ERROR", "401", "returned error: 401"),
        ("GITHUB_TOKEN", "", ""),
        ("PULL_REQUEST", "", ""),
    ] {
        let stage = Stage::new().with("CHECK", "1").with(variable, value);
        let summary = stage.path("summary.md").display().to_string();
        let stage = stage.with("GITHUB_STEP_SUMMARY", &summary);
        let played = stage.play("run.sh", &["out"]);
        assert_eq!(played.code, 1, "{variable}");
        assert!(played.err.contains(said), "{variable}: {}", played.err);
        assert!(stage.commented().is_empty(), "{variable}");
        let summary = stage.read("summary.md");
        assert!(summary.starts_with(MARKER) && summary.contains("mistakes"), "{variable}: {summary}");
    }
}

#[test]
fn a_job_passes_with_changes_and_fails_when_data_would_be_lost_unless_told_otherwise() {
    for (variable, value, code, comments) in [
        ("DIFF", "0", 0, 0),
        ("DIFF", "2", 0, 1),
        ("DIFF", "3", 3, 1),
        ("DIFF", "1", 1, 1),
        ("DIFF", "101", 1, 1),
        ("GENERATE", "2", 1, 1),
        ("CHECK", "1", 1, 1),
    ] {
        let stage = Stage::new().with("AGAINST", "HEAD").with(variable, value);
        stage.git(&["init", "--quiet"]);
        stage.git(&["commit", "--quiet", "--allow-empty", "--message", "x"]);
        let played = stage.play("run.sh", &["out"]);
        assert_eq!(played.code, code, "{variable}={value}: {}", played.err);
        assert_eq!(stage.commented().len(), comments, "{variable}={value}");
        let stage = stage.with("FAIL_ON_DATA_LOSS", "false");
        let code = if code == 3 { 0 } else { code };
        assert_eq!(stage.play("run.sh", &["out"]).code, code, "{variable}={value}");
    }
}

#[test]
fn later_steps_learn_how_it_ended() {
    let stage = Stage::new().with("GENERATE", "2");
    let output = stage.path("output").display().to_string();
    let stage = stage.with("GITHUB_OUTPUT", &output);
    stage.play("run.sh", &["out"]);
    assert_eq!(stage.read("output"), "exit-code=1\nreport=out/report.md\nsarif=out/groundplan.sarif\n");
}

#[test]
fn mistakes_are_given_to_code_scanning_when_asked_for() {
    let program = assert_cmd::cargo::cargo_bin("groundplan").display().to_string();
    let stage = Stage::new()
        .with("GROUNDPLAN", &program)
        .with("GITHUB_SHA", "abc")
        .with("GITHUB_REF", "refs/pull/7/merge");
    stage.play("run.sh", &["out"]);
    assert_eq!(stage.read("uploaded.sarif"), "");
    let stage = stage.with("UPLOAD_SARIF", "true");
    stage.play("run.sh", &["out"]);
    let uploaded = stage.read("uploaded.sarif");
    assert_eq!(uploaded, stage.read("out/groundplan.sarif"));
    let log: serde_json::Value = serde_json::from_str(&uploaded).unwrap();
    assert!(log["runs"][0]["results"][0]["ruleId"].is_string(), "an empty file is no stack");
}
