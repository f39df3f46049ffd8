//! `diff --against`: a stack file against what it was at a revision.

use std::fs;

use super::sandbox::{Ran, Sandbox, stack};

/// A database as the last block of a stack.
fn database(engine: &str, version: &str) -> String {
    format!(
        "\ndatabase \"main\" {{\n  engine  = \"{engine}\"\n  version = \"{version}\"\n  class   = \"db.t4g.small\"\n}}\n"
    )
}

/// A repository whose only commit has these stack files; nothing where there is no git, which is said.
#[allow(clippy::print_stderr, reason = "a skipped test must be seen")]
fn repository(stacks: &[(&str, &str)]) -> Option<Sandbox> {
    let sandbox = Sandbox::new(stacks);
    for arguments in [&["init", "--quiet"][..], &["add", "."], &["commit", "--quiet", "-m", "one"]] {
        let mut git = std::process::Command::new("git");
        git.current_dir(sandbox.0.path()).args(["-c", "user.name=Test", "-c", "user.email=test@example.com"]);
        let Ok(run) = git.args(arguments).output() else {
            eprintln!("SKIPPED: git is not installed");
            return None;
        };
        assert!(run.status.success(), "{}", String::from_utf8_lossy(&run.stderr));
    }
    Some(sandbox)
}

fn explain(sandbox: &Sandbox, text: &str, more: &[&str]) -> Ran {
    fs::write(sandbox.path("stacks/shop.hcl"), text).unwrap();
    sandbox.run(&[&["diff", "stacks/shop.hcl", "--against", "HEAD"], more].concat())
}

#[test]
fn a_change_is_explained_in_the_words_of_the_stack_with_its_danger_as_the_exit_code() {
    let before = stack("shop", 1) + &database("postgres", "16");
    let Some(sandbox) = repository(&[("shop.hcl", &before)]) else { return };

    let same = explain(&sandbox, &format!("# a comment\n{before}"), &[]);
    assert_eq!((same.code, same.out.as_str()), (Some(0), "No changes in production\n"), "{}", same.err);

    let scaled = explain(&sandbox, &(stack("shop", 3) + &database("postgres", "16")), &[]);
    assert_eq!(scaled.code, Some(2), "{}", scaled.err);
    for expected in ["service web: tasks 1 -> 3 (stacks/shop.hcl:", "ECS service web: desired_count 1 -> 3"] {
        assert!(scaled.out.contains(expected), "{}", scaled.out);
    }

    let other_engine = stack("shop", 1) + &database("mysql", "8.0");
    let lost = explain(&sandbox, &other_engine, &[]);
    assert_eq!(lost.code, Some(3), "{}", lost.err);
    assert!(
        lost.out.starts_with("Data is lost in production: RDS instance main is replaced\n"),
        "{}",
        lost.out
    );
    assert!(lost.out.contains("because engine postgres -> mysql"), "{}", lost.out);
    let allowed = explain(&sandbox, &other_engine, &["--allow", "module.data.aws_db_instance.main"]);
    assert_eq!(allowed.code, Some(2), "{}{}", allowed.out, allowed.err);
    let gone = explain(&sandbox, &stack("shop", 1), &["--format", "json"]);
    assert_eq!(gone.code, Some(3), "{}", gone.err);
    let report: serde_json::Value = serde_json::from_str(&gone.out).unwrap();
    assert_eq!(report["environments"][0]["name"], "production");
}

#[test]
fn what_exists_is_adopted_and_not_made() {
    let Some(sandbox) = repository(&[("shop.hcl", &stack("shop", 1))]) else { return };
    let database = database("postgres", "16")
        .replace("  engine", "  import  = { aws_db_instance = \"legacy\" }\n  engine");
    let adopted = explain(&sandbox, &(stack("shop", 1) + &database), &[]);
    assert_eq!(adopted.code, Some(2), "{}", adopted.err);
    assert!(adopted.out.contains("adopts legacy as RDS instance main"), "{}", adopted.out);
    assert!(!adopted.out.contains("creates RDS instance"), "{}", adopted.out);
}

#[test]
fn versions_that_are_missing_or_broken_are_told() {
    let Some(sandbox) = repository(&[("shop.hcl", &stack("shop", 1)), ("broken.hcl", super::BROKEN)]) else {
        return;
    };
    fs::write(sandbox.path("stacks/new.hcl"), stack("new", 1)).unwrap();
    fs::write(sandbox.path("stacks/broken.hcl"), stack("broken", 1)).unwrap();
    let run = |arguments: &[&str]| sandbox.run(&[&["diff"], arguments].concat());

    let new = run(&["stacks/new.hcl", "--against", "HEAD"]);
    assert_eq!(new.code, Some(2), "{}", new.err);
    assert!(new.out.contains("does not stand in HEAD: everything is new"), "{}", new.out);
    let moved = run(&["stacks/new.hcl", "--against", "HEAD:stacks/shop.hcl"]);
    assert_eq!(moved.code, Some(2), "{}", moved.err);
    assert!(!moved.out.contains("everything is new"), "{}", moved.out);
    let broken = run(&["stacks/broken.hcl", "--against", "HEAD"]);
    assert_eq!(broken.code, Some(1));
    assert!(broken.err.contains("HEAD:stacks/broken.hcl:1:"), "{}", broken.err);
    fs::remove_file(sandbox.path("stacks/shop.hcl")).unwrap();
    let gone = run(&["stacks/shop.hcl", "--against", "HEAD"]);
    assert_eq!(gone.code, Some(2), "{}", gone.err);
    assert!(gone.out.contains("is gone"), "{}", gone.out);
    for (arguments, expected) in [
        (&["stacks/new.hcl", "--against", "nowhere"][..], "`nowhere` is no revision"),
        (&["stacks/new.hcl", "--against", "HEAD:stacks/typo.hcl"], "`HEAD:stacks/typo.hcl` is not there"),
        (&["-", "--against", "HEAD"], "standard input has no revisions"),
        (&["stacks/new.hcl", "--format", "markdown"], "--against"),
    ] {
        let ran = run(arguments);
        assert_eq!(ran.code, Some(1), "{arguments:?}");
        assert!(ran.err.contains(expected), "{arguments:?}: {}", ran.err);
    }
}
