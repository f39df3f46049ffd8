//! The real binary, command by command: what it prints where, what it writes, and its exit codes.

#![allow(clippy::disallowed_methods, reason = "tests read and write files")]
#![allow(clippy::unwrap_used, reason = "helpers of tests")]

mod against;
mod pages;
mod sandbox;
mod trees;
mod views;

use std::fs;
use std::io::Read;
use std::process::Stdio;

use assert_cmd::Command;

use sandbox::{BROKEN, Sandbox, stack};

#[test]
fn exit_codes_are_0_when_fine_1_on_errors_and_2_when_changes_are_pending() {
    let sandbox = Sandbox::generated();
    fs::write(sandbox.path("stacks/bigger.hcl"), stack("shop", 2)).unwrap();
    fs::write(sandbox.path("stacks/broken.hcl"), BROKEN).unwrap();
    fs::write(sandbox.path("stacks/new.hcl"), stack("new", 1)).unwrap();
    let cases: &[(&[&str], i32)] = &[
        (&["generate", "stacks/shop.hcl"], 0),
        (&["generate", "--check", "stacks/shop.hcl"], 0),
        (&["generate", "--check", "stacks/new.hcl"], 2),
        (&["generate", "stacks/broken.hcl"], 1),
        (&["generate", "stacks/none.hcl"], 1),
        (&["generate", "stacks/bigger.hcl"], 1), // the directory belongs to stacks/shop.hcl
        (&["generate", "-", "-"], 1),
        (&["generate"], 1),
        (&["diff", "stacks/shop.hcl"], 0),
        (&["diff", "stacks/new.hcl"], 2),
        (&["diff", "--stat", "stacks/new.hcl"], 2),
        (&["diff", "stacks/broken.hcl"], 1),
        (&["check", "stacks/shop.hcl"], 0),
        (&["check", "stacks/shop.hcl", "stacks/broken.hcl"], 1),
        (&["check", "stacks"], 1),
        (&["show", "stacks/shop.hcl"], 0),
        (&["show", "stacks/shop.hcl", "nothing"], 1),
        (&["show", "stacks/broken.hcl"], 1),
        (&["why", "stacks/shop.hcl", "module.network.aws_vpc.main"], 0),
        (&["why", "stacks/shop.hcl"], 1),
        (&["why", "stacks/broken.hcl", "module.network.aws_vpc.main"], 1),
        (&["explain"], 0),
        (&["explain", "unknown-key"], 0),
        (&["explain", "unknown-kee"], 1),
        (&["schema"], 0),
        (&["new", "Bad-Name"], 1),
        (&["new", "x", "--preset", "nothing"], 1),
        (&["completions", "bash"], 0),
        (&["completions", "nothing"], 1),
        (&["man"], 0),
        (&["--help"], 0),
        (&["--version"], 0),
        (&["generate", "--help"], 0),
        (&["nothing"], 1),
        (&["check", "--color", "nothing", "stacks/shop.hcl"], 1),
        (&[], 1),
    ];
    for (arguments, code) in cases {
        let ran = sandbox.run(arguments);
        assert_eq!(ran.code, Some(*code), "{arguments:?}\n{}{}", ran.out, ran.err);
        assert!(!ran.err.contains("panicked"), "{arguments:?}\n{}", ran.err);
        if *code == 1 {
            assert!(!ran.err.is_empty(), "{arguments:?} says nothing");
            assert_eq!(ran.out, "", "{arguments:?} prints data");
        }
    }
}

#[test]
fn colour_is_used_when_it_is_asked_for_and_never_in_a_pipe_by_itself() {
    let sandbox = Sandbox::new(&[("a.hcl", BROKEN), ("b.hcl", &stack("b", 1))]);
    let coloured = |command: &mut Command| {
        let ran = sandbox.finish(command);
        (ran.out + &ran.err).contains('\u{1b}')
    };
    for arguments in [&["check", "stacks/a.hcl"][..], &["diff", "stacks/b.hcl"], &["explain", "unknown-key"]]
    {
        let with = |color: &str| {
            let mut command = sandbox.command(arguments);
            command.args(["--color", color]);
            command
        };
        assert!(!coloured(&mut sandbox.command(arguments)), "{arguments:?}");
        assert!(coloured(&mut with("always")), "{arguments:?}");
        assert!(coloured(sandbox.command(arguments).env("CLICOLOR_FORCE", "1")), "{arguments:?}");
        assert!(!coloured(with("auto").env("CLICOLOR_FORCE", "1").env("NO_COLOR", "1")), "{arguments:?}");
        assert!(!coloured(with("never").env("CLICOLOR_FORCE", "1")), "{arguments:?}");
        assert!(coloured(with("always").env("NO_COLOR", "1")), "{arguments:?}");
    }
}

#[test]
fn a_reader_that_goes_away_is_no_error() {
    let sandbox = Sandbox::new(&[("shop.hcl", &stack("shop", 1))]);
    let cases = [(&["schema"][..], 0), (&["diff", "stacks/shop.hcl"], 2), (&["--help"], 0), (&["man"], 0)];
    for (arguments, code) in cases {
        let mut child = std::process::Command::new(assert_cmd::cargo::cargo_bin("groundplan"))
            .args(arguments)
            .current_dir(sandbox.0.path())
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            .spawn()
            .unwrap();
        drop(child.stdout.take());
        let mut talk = String::new();
        child.stderr.take().unwrap().read_to_string(&mut talk).unwrap();
        assert_eq!(child.wait().unwrap().code(), Some(code), "{arguments:?}\n{talk}");
        assert!(!talk.contains("panicked") && !talk.contains("error"), "{arguments:?}\n{talk}");
    }
}

#[cfg(target_os = "linux")]
#[test]
fn an_output_that_takes_nothing_is_an_error() {
    let full = fs::OpenOptions::new().write(true).open("/dev/full").unwrap();
    let output = std::process::Command::new(assert_cmd::cargo::cargo_bin("groundplan"))
        .arg("schema")
        .stdout(full)
        .output()
        .unwrap();
    assert_eq!(output.status.code(), Some(1));
    let talk = String::from_utf8(output.stderr).unwrap();
    assert!(talk.starts_with("error: cannot write to standard output: "), "{talk}");
}
