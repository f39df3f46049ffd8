//! What stands in the report, and what only in the log.

use crate::stage::Stage;
use crate::{MARKER, root};

/// A repository with a commit to compare with.
fn committed(stage: Stage) -> Stage {
    stage.git(&["init", "--quiet"]);
    stage.git(&["commit", "--quiet", "--allow-empty", "--message", "x"]);
    stage.with("AGAINST", "HEAD").with("PLANS", "staging=a.json\nproduction=b c.json\n")
}

#[test]
fn it_ends_with_the_worst_that_was_found() {
    for (check, generate, review, diff, code) in [
        (0, 0, 0, 0, 0),
        (0, 0, 0, 2, 2),
        (0, 0, 3, 2, 3),
        (0, 0, 2, 3, 3),
        (0, 2, 3, 3, 1),
        (0, 0, 1, 3, 1),
        (0, 1, 0, 2, 1),
        (1, 0, 3, 0, 1),
        (0, 0, 2, 139, 1),
    ] {
        let stage = committed(Stage::new());
        let stage = [("CHECK", check), ("GENERATE", generate), ("REVIEW", review), ("DIFF", diff)]
            .into_iter()
            .fold(stage, |stage, (name, code)| stage.with(name, &code.to_string()));
        let played = stage.play("report.sh", &["out"]);
        let all = (check, generate, review, diff);
        assert_eq!(played.code, code, "{all:?}: {}", played.err);
        let report = stage.read("out/report.md");
        assert!(report.starts_with(&format!("{MARKER}\n## Groundplan\n")), "{report}");
        assert_eq!(report.contains("Nothing changes."), code == 0, "{all:?}: {report}");
        assert_eq!(report.contains("There are mistakes"), check == 1, "{all:?}: {report}");
        assert_eq!(report.contains("The generated files are not"), check == 0 && generate == 2, "{report}");
        assert_eq!(report.contains("### report of review"), review > 1, "{all:?}: {report}");
        assert_eq!(report.contains("### report of diff"), matches!(diff, 2 | 3) && check == 0, "{report}");
        assert_eq!(report.contains("`groundplan diff` failed"), diff == 139, "{all:?}: {report}");
    }
}

#[test]
fn plans_are_reviewed_with_the_stack_when_there_is_one() {
    let stage = committed(Stage::new()).with("OUT", "my tf");
    stage.play("report.sh", &["out"]);
    let calls = stage.groundplan();
    let review = calls.iter().find(|call| call[1] == "review").unwrap();
    let expected =
        ["--format", "markdown", "--stack", "stacks/shop.hcl", "--", "staging=a.json", "production=b c.json"];
    assert_eq!(review[2..], expected);
    assert!(calls.iter().any(|call| call[1] == "generate" && call[2..5] == ["--check", "--out", "my tf"]));

    stage.write("stacks/two words.hcl", "");
    stage.play("report.sh", &["out"]);
    let calls = stage.groundplan();
    let review = calls.iter().rfind(|call| call[1] == "review").unwrap();
    assert!(!review.contains(&"--stack".to_owned()));
    let check = calls.iter().rfind(|call| call[1] == "check").unwrap();
    assert!(check.ends_with(&["--".into(), "stacks/shop.hcl".into(), "stacks/two words.hcl".into()]));
}

#[test]
fn a_pattern_that_no_stack_file_has_is_a_failure() {
    let stage = Stage::new().with("STACKS", "elsewhere/*.hcl");
    let played = stage.play("run.sh", &["out"]);
    assert_eq!(played.code, 1);
    assert!(played.err.contains("there is no stack file like elsewhere/*.hcl"), "{}", played.err);
    assert!(stage.commented().is_empty());
}

#[test]
fn a_shallow_clone_fetches_the_revision_to_compare_with() {
    let origin = Stage::new();
    origin.git(&["init", "--quiet"]);
    origin.git(&["commit", "--quiet", "--allow-empty", "--message", "base"]);
    let base = origin.git(&["rev-parse", "HEAD"]);
    origin.git(&["commit", "--quiet", "--allow-empty", "--message", "change"]);
    let clone = || {
        let stage = Stage::new();
        stage.git(&["init", "--quiet"]);
        let address = format!("file://{}", origin.path("").display());
        stage.git(&["remote", "add", "origin", &address]);
        stage.git(&["fetch", "--quiet", "--depth=1", "origin", "HEAD"]);
        stage.git(&["checkout", "--quiet", "FETCH_HEAD"]);
        assert_eq!(stage.git(&["rev-list", "--count", "HEAD"]), "1");
        stage
    };
    let stage = clone().with("AGAINST", &base).with("DIFF", "2");
    let played = stage.play("report.sh", &["out"]);
    assert_eq!(played.code, 2, "{}", played.err);
    assert_eq!(stage.git(&["cat-file", "-t", &base]), "commit");

    let stage = clone().with("AGAINST", "no-such-branch");
    assert_eq!(stage.play("report.sh", &["out"]).code, 1);
    assert!(stage.read("out/report.md").contains("cannot be fetched"));
    assert!(!stage.groundplan().iter().any(|call| call[1] == "diff"));
}

#[test]
fn what_is_too_long_for_one_comment_is_left_to_the_log() {
    let stage = committed(Stage::new()).with("PRINTED", "50000").with("DIFF", "3").with("REVIEW", "3");
    let played = stage.play("run.sh", &["out"]);
    assert_eq!(played.code, 3);
    let [comment] = &stage.commented()[..] else { panic!("one comment") };
    assert!(comment.len() < 65_536 && comment.contains("### report of review"), "{}", comment.len());
    assert!(comment.ends_with(
        "**What `groundplan diff` says is too long for a comment: the log of this job has it.**\n"
    ));
    assert!(played.out.contains("### report of diff"));
}

#[test]
fn nothing_that_is_said_becomes_a_command_or_markdown() {
    let hostile = "::add-mask::x\n##[add-mask]x\n```\n</details>\r# title\n@everyone";
    let stage = Stage::new().with("SAID", hostile).with("CHECK", "1").with("GITHUB_ACTIONS", "true");
    let played = stage.play("report.sh", &["out"]);
    let mut stopped: Option<String> = None;
    let mut seen = 0;
    for line in played.out.lines() {
        match &stopped {
            Some(token) if line == format!("::{token}::") => stopped = None,
            Some(_) => seen += usize::from(line.contains("add-mask")),
            None => {
                let token = line.strip_prefix("::stop-commands::");
                stopped = Some(token.unwrap_or_else(|| panic!("`{line}` is obeyed")).to_owned());
                assert_eq!(stopped.as_ref().unwrap().len(), 32);
            }
        }
    }
    assert!(stopped.is_none() && seen >= 2, "{}", played.out);
    let report = stage.read("out/report.md");
    let (_, quoted) = report.split_once("mistakes in the stack files:**\n\n").unwrap();
    assert!(quoted.lines().all(|line| line.is_empty() || line.starts_with("    ")), "{report}");
}

#[test]
fn the_real_program_marks_lines_and_tells_stale_files() {
    let program = assert_cmd::cargo::cargo_bin("groundplan").display().to_string();
    let stage = Stage::new().with("GROUNDPLAN", &program).with("GITHUB_ACTIONS", "true");
    let minimal = std::fs::read_to_string(root("stacks/minimal.hcl")).unwrap();
    stage.write("stacks/shop.hcl", &minimal);
    let stale = stage.play("report.sh", &["out"]);
    assert_eq!(stale.code, 1, "{}", stale.err);
    let report = stage.read("out/report.md");
    assert!(
        report.contains("The generated files are not")
            && report.contains("    stacks/shop.hcl -> infra/minimal: "),
        "{report}"
    );

    stage.write("stacks/shop.hcl", &minimal.replace("https = false", "http = false"));
    let wrong = stage.play("report.sh", &["out"]);
    assert_eq!(wrong.code, 1);
    assert!(wrong.out.contains("\n::error file=stacks/shop.hcl,line="), "{}", wrong.out);
    assert!(stage.read("out/report.md").contains("    error[unknown-key]: unknown setting `http`"));
}
