//! The real binary, command by command: what it prints where, what it writes, and its exit codes.

#![allow(clippy::disallowed_methods, reason = "tests read and write files")]
#![allow(clippy::unwrap_used, reason = "helpers of tests")]

use std::fs;
use std::io::Read;
use std::path::{Path, PathBuf};
use std::process::Stdio;

use assert_cmd::Command;
use tempfile::TempDir;

/// A directory to work in, with stack files in `stacks/`.
struct Sandbox(TempDir);

/// What a run left.
struct Ran {
    code: Option<i32>,
    out: String,
    err: String,
}

const BROKEN: &str = "stack \"broken\" { regin = \"eu-west-1\" }\n";

/// A stack with `tasks` tasks in its only service.
fn stack(name: &str, tasks: u32) -> String {
    format!(
        r#"stack "{name}" {{
  region = "eu-west-1"
}}

environment "production" {{
  account = "111111111111"
}}

network "main" {{
  cidr  = "10.0.0.0/16"
  zones = ["a", "b"]
}}

service "web" {{
  image = "public.ecr.aws/nginx/nginx:1.27"
  tasks = {tasks}
}}
"#
    )
}

impl Sandbox {
    fn new(stacks: &[(&str, &str)]) -> Self {
        let sandbox = Self(tempfile::tempdir().unwrap());
        fs::create_dir(sandbox.path("stacks")).unwrap();
        for (name, text) in stacks {
            fs::write(sandbox.path(&format!("stacks/{name}")), text).unwrap();
        }
        sandbox
    }

    /// A sandbox with the stack `shop`, generated.
    fn generated() -> Self {
        let sandbox = Self::new(&[("shop.hcl", &stack("shop", 1))]);
        assert_eq!(sandbox.run(&["generate", "stacks/shop.hcl"]).code, Some(0));
        sandbox
    }

    fn path(&self, below: &str) -> PathBuf {
        self.0.path().join(below)
    }

    fn read(&self, below: &str) -> String {
        fs::read_to_string(self.path(below)).unwrap()
    }

    fn command(&self, arguments: &[&str]) -> Command {
        let mut command = Command::cargo_bin("groundplan").unwrap();
        command.current_dir(self.0.path()).args(arguments);
        for variable in ["NO_COLOR", "CLICOLOR", "CLICOLOR_FORCE", "TERM", "CI"] {
            command.env_remove(variable);
        }
        command
    }

    fn run(&self, arguments: &[&str]) -> Ran {
        self.finish(&mut self.command(arguments))
    }

    fn pipe(&self, arguments: &[&str], input: &str) -> Ran {
        self.finish(self.command(arguments).write_stdin(input))
    }

    fn finish(&self, command: &mut Command) -> Ran {
        let output = command.output().unwrap();
        Ran {
            code: output.status.code(),
            out: String::from_utf8(output.stdout).unwrap(),
            err: String::from_utf8(output.stderr).unwrap(),
        }
    }

    /// Every file below the sandbox with its text.
    fn snapshot(&self) -> Vec<(PathBuf, Vec<u8>)> {
        fn walk(directory: &Path, found: &mut Vec<(PathBuf, Vec<u8>)>) {
            for entry in fs::read_dir(directory).unwrap() {
                let path = entry.unwrap().path();
                if path.is_dir() {
                    walk(&path, found);
                } else {
                    found.push((path.clone(), fs::read(&path).unwrap()));
                }
            }
        }
        let mut found = Vec::new();
        walk(self.0.path(), &mut found);
        found.sort();
        found
    }
}

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
fn generate_writes_a_tree_says_what_changed_and_then_nothing() {
    let sandbox = Sandbox::new(&[("shop.hcl", &stack("shop", 1))]);
    let first = sandbox.run(&["generate", "stacks/shop.hcl"]);
    assert_eq!((first.code, first.out.as_str()), (Some(0), ""));
    assert!(first.err.starts_with("stacks/shop.hcl -> infra/shop: "), "{}", first.err);
    assert!(first.err.contains(" added\nnext: `infra/shop/README.md` "), "{}", first.err);
    let head = "# Generated by Groundplan from stacks/shop.hcl. ";
    assert!(sandbox.read("infra/shop/main.tf").starts_with(head));

    let before = sandbox.snapshot();
    let second = sandbox.run(&["generate", "stacks/shop.hcl"]);
    assert!(second.err.ends_with(" files, unchanged\n"), "{}", second.err);
    assert_eq!(sandbox.snapshot(), before);

    fs::write(sandbox.path("stacks/shop.hcl"), stack("shop", 2)).unwrap();
    let third = sandbox.run(&["generate", "stacks/shop.hcl"]);
    assert!(third.err.contains(" files, 1 changed\n"), "{}", third.err);
}

#[test]
fn the_output_does_not_depend_on_how_the_path_is_spelled() {
    let sandbox = Sandbox::generated();
    let absolute = sandbox.path("stacks/shop.hcl").canonicalize().unwrap();
    for spelling in ["./stacks/shop.hcl", "stacks/../stacks/shop.hcl", absolute.to_str().unwrap()] {
        assert_eq!(sandbox.run(&["generate", "--check", spelling]).code, Some(0), "{spelling}");
    }
}

#[test]
fn check_and_diff_show_pending_changes_and_write_nothing() {
    let sandbox = Sandbox::generated();
    fs::write(sandbox.path("stacks/shop.hcl"), stack("shop", 2)).unwrap();
    let before = sandbox.snapshot();

    let check = sandbox.run(&["generate", "--check", "stacks/shop.hcl"]);
    assert_eq!((check.code, check.out.as_str()), (Some(2), ""));
    assert!(check.err.ends_with(", 1 changed\n"), "{}", check.err);

    let diff = sandbox.run(&["diff", "stacks/shop.hcl"]);
    assert_eq!(diff.code, Some(2));
    assert!(diff.out.starts_with("--- a/environments.tf\n+++ b/environments.tf\n"), "{}", diff.out);
    assert!(diff.out.contains("\n-") && diff.out.contains("\n+"), "{}", diff.out);

    let stat = sandbox.run(&["diff", "--stat", "stacks/shop.hcl"]);
    assert!(stat.out.contains(" | +1 -1\n 1 file changed, 0 added, 0 removed"), "{}", stat.out);
    assert_eq!(sandbox.snapshot(), before);
}

#[test]
fn an_edited_file_is_kept_until_it_is_forced() {
    let sandbox = Sandbox::generated();
    fs::write(sandbox.path("infra/shop/main.tf"), "# mine\n").unwrap();
    let refused = sandbox.run(&["generate", "stacks/shop.hcl"]);
    assert_eq!(refused.code, Some(1));
    assert!(refused.err.contains("`main.tf` was edited by hand"), "{}", refused.err);
    assert_eq!(sandbox.read("infra/shop/main.tf"), "# mine\n");
    assert_eq!(sandbox.run(&["generate", "--force", "stacks/shop.hcl"]).code, Some(0));
    assert_ne!(sandbox.read("infra/shop/main.tf"), "# mine\n");
}

#[test]
fn data_that_would_go_stops_generate_and_diff() {
    let database = "\ndatabase \"main\" {\n  engine  = \"postgres\"\n  version = \"16\"\n  class   = \"db.t4g.small\"\n}\n";
    let sandbox = Sandbox::new(&[("shop.hcl", &(stack("shop", 1) + database))]);
    assert_eq!(sandbox.run(&["generate", "stacks/shop.hcl"]).code, Some(0));
    fs::write(sandbox.path("stacks/shop.hcl"), stack("shop", 1)).unwrap();
    for command in ["generate", "diff"] {
        let ran = sandbox.run(&[command, "stacks/shop.hcl"]);
        assert_eq!(ran.code, Some(1), "{command}");
        assert!(ran.err.contains("error[data-would-go]"), "{}", ran.err);
    }
}

#[test]
fn several_stacks_are_reported_in_the_order_of_the_arguments() {
    let names: Vec<String> = (0..12).map(|number| format!("s{number}")).collect();
    let files: Vec<(String, String)> =
        names.iter().map(|name| (format!("{name}.hcl"), stack(name, 1))).collect();
    let files: Vec<(&str, &str)> = files.iter().map(|(name, text)| (name.as_str(), text.as_str())).collect();
    let sandbox = Sandbox::new(&files);
    let paths: Vec<String> = names.iter().rev().map(|name| format!("stacks/{name}.hcl")).collect();
    let arguments: Vec<&str> =
        ["generate", "--out", "tf"].into_iter().chain(paths.iter().map(String::as_str)).collect();
    let ran = sandbox.run(&arguments);
    assert_eq!(ran.code, Some(0), "{}", ran.err);
    let lines: Vec<&str> = ran.err.lines().filter(|line| line.contains(" -> ")).collect();
    assert_eq!(lines.len(), 12);
    for (line, path) in lines.iter().zip(&paths) {
        assert!(line.starts_with(&format!("{path} -> tf/")), "{line}");
    }
    let diff = sandbox.run(&["diff", "stacks/s0.hcl", "stacks/s1.hcl"]);
    let (one, two) = (diff.out.find("infra/s0:\n"), diff.out.find("infra/s1:\n"));
    assert!(one == Some(0) && two > one, "{}", diff.out);
}

#[test]
fn nothing_is_written_when_one_of_the_stacks_has_an_error() {
    for broken in [BROKEN, "stack \"broken\" {"] {
        let sandbox = Sandbox::new(&[("a.hcl", &stack("a", 1)), ("b.hcl", broken)]);
        let before = sandbox.snapshot();
        assert_eq!(sandbox.run(&["generate", "stacks/a.hcl", "stacks/b.hcl"]).code, Some(1));
        assert_eq!(sandbox.run(&["generate", "stacks/a.hcl", "stacks/none.hcl"]).code, Some(1));
        assert_eq!(sandbox.snapshot(), before);
    }
}

#[test]
fn nothing_is_written_when_one_of_the_directories_refuses() {
    let sandbox = Sandbox::new(&[("a.hcl", &stack("a", 1)), ("b.hcl", &stack("b", 1))]);
    fs::create_dir_all(sandbox.path("infra/b")).unwrap();
    fs::write(sandbox.path("infra/b/main.tf"), "# foreign\n").unwrap();
    let before = sandbox.snapshot();
    let ran = sandbox.run(&["generate", "stacks/a.hcl", "stacks/b.hcl"]);
    assert_eq!(ran.code, Some(1));
    assert!(ran.err.contains("`main.tf` was not generated"), "{}", ran.err);
    assert_eq!(sandbox.snapshot(), before);
}

#[test]
fn two_stacks_of_one_name_are_refused() {
    let sandbox = Sandbox::new(&[("a.hcl", &stack("shop", 1)), ("b.hcl", &stack("shop", 2))]);
    let ran = sandbox.run(&["generate", "stacks/a.hcl", "stacks/b.hcl"]);
    assert_eq!(ran.code, Some(1));
    assert!(ran.err.contains("`stacks/a.hcl` and `stacks/b.hcl` are both called `shop`"), "{}", ran.err);
    assert!(!sandbox.path("infra").exists());
}

#[test]
fn a_dash_reads_standard_input_in_either_syntax() {
    let sandbox = Sandbox::new(&[]);
    let hcl = sandbox.pipe(&["generate", "-"], &stack("shop", 1));
    assert_eq!(hcl.code, Some(0), "{}", hcl.err);
    assert!(hcl.err.starts_with("<stdin> -> infra/shop: "), "{}", hcl.err);
    let json = r#"{
      "stack": { "shop": { "region": "eu-west-1" } },
      "environment": { "production": { "account": "111111111111" } },
      "network": { "main": { "cidr": "10.0.0.0/16", "zones": ["a", "b"] } },
      "service": { "web": { "image": "public.ecr.aws/nginx/nginx:1.27", "tasks": 1 } }
    }"#;
    let same = sandbox.pipe(&["generate", "--check", "-"], json);
    assert_eq!(same.code, Some(0), "{}", same.err);
    let broken = sandbox.pipe(&["check", "-"], BROKEN);
    assert!(broken.err.contains("--> <stdin>:1:18"), "{}", broken.err);
}

#[test]
fn diagnostics_are_for_people_on_standard_error_or_for_programs_on_standard_output() {
    let sandbox = Sandbox::new(&[("a.hcl", BROKEN), ("b.hcl", &BROKEN.replace("broken", "b"))]);
    for command in ["check", "generate", "diff"] {
        let human = sandbox.run(&[command, "stacks/a.hcl"]);
        assert_eq!(human.out, "", "{command}");
        assert!(human.err.contains("error[unknown-key]: unknown setting `regin`"), "{}", human.err);
        assert!(human.err.contains("did you mean `region`?"), "{}", human.err);

        let json = sandbox.run(&[command, "--format", "json", "stacks/a.hcl", "stacks/b.hcl"]);
        assert_eq!(json.code, Some(1), "{command}");
        let parsed: serde_json::Value = serde_json::from_str(&json.out).unwrap();
        let files: Vec<&str> =
            parsed.as_array().unwrap().iter().map(|found| found["file"].as_str().unwrap()).collect();
        assert!(files.contains(&"stacks/a.hcl") && files.contains(&"stacks/b.hcl"), "{files:?}");
        assert!(files.is_sorted(), "{files:?}");
    }
    fs::write(sandbox.path("stacks/fine.hcl"), stack("fine", 1)).unwrap();
    assert_eq!(sandbox.run(&["check", "--format", "json", "stacks/fine.hcl"]).out, "[]\n");
}

#[test]
fn a_file_outside_the_current_directory_is_named_as_it_was_given() {
    let sandbox = Sandbox::new(&[("a.hcl", BROKEN)]);
    fs::create_dir(sandbox.path("elsewhere")).unwrap();
    let mut command = sandbox.command(&["check", "../stacks/a.hcl"]);
    let ran = sandbox.finish(command.current_dir(sandbox.path("elsewhere")));
    assert!(ran.err.contains("--> ../stacks/a.hcl:1:18"), "{}", ran.err);
}

#[test]
fn explain_lists_all_codes_prints_pages_and_guesses() {
    let sandbox = Sandbox::new(&[]);
    let all = sandbox.run(&["explain"]).out;
    assert_eq!(all.lines().count(), groundplan::catalog::codes().len());
    assert!(all.lines().is_sorted());
    for code in groundplan::catalog::codes() {
        let page = sandbox.run(&["explain", code.name]).out;
        assert!(page.starts_with(&format!("{} ({}): {}\n\n", code.name, code.severity.name(), code.title)));
        assert!(page.ends_with(&format!("{}\n", code.explanation.trim())));
    }
    let near = sandbox.run(&["explain", "unknwon-key"]).err;
    assert!(near.contains("did you mean `unknown-key`?"), "{near}");
    let far = sandbox.run(&["explain", "xyzzy"]).err;
    assert!(far.contains("`groundplan explain` lists all"), "{far}");
}

#[test]
fn schema_prints_a_json_schema() {
    let schema: serde_json::Value = serde_json::from_str(&Sandbox::new(&[]).run(&["schema"]).out).unwrap();
    assert_eq!(schema["$schema"], "https://json-schema.org/draft/2020-12/schema");
    assert_eq!(schema["required"], serde_json::json!(["stack", "environment"]));
}

#[test]
fn new_writes_a_named_preset_and_never_overwrites() {
    let sandbox = Sandbox(tempfile::tempdir().unwrap());
    for preset in ["minimal", "rails", "mastodon"] {
        let path = format!("stacks/my_{preset}.hcl");
        let ran = sandbox.run(&["new", &format!("my_{preset}"), "--preset", preset]);
        assert_eq!((ran.code, ran.out.as_str()), (Some(0), ""), "{}", ran.err);
        assert!(ran.err.starts_with(&format!("wrote {path}\nnext: ")), "{}", ran.err);
        assert!(sandbox.read(&path).contains(&format!("stack \"my_{preset}\" {{\n")));
    }
    let before = sandbox.snapshot();
    let again = sandbox.run(&["new", "my_rails"]);
    assert_eq!(again.code, Some(1));
    assert!(again.err.contains("cannot create `stacks/my_rails.hcl`"), "{}", again.err);
    for name in ["../escape", "a/b", "", "Shop", "a__b"] {
        assert_eq!(sandbox.run(&["new", name]).code, Some(1), "{name}");
    }
    assert_eq!(sandbox.snapshot(), before);
}

#[test]
fn completions_and_the_manual_name_every_command() {
    let sandbox = Sandbox::new(&[]);
    let commands = groundplan::cli::command();
    let names: Vec<&str> = commands.get_subcommands().map(clap::Command::get_name).collect();
    for arguments in
        [&["completions", "bash"][..], &["completions", "zsh"], &["completions", "fish"], &["man"]]
    {
        let text = sandbox.run(arguments).out;
        for name in &names {
            assert!(text.contains(name), "{arguments:?} does not have {name}");
        }
    }
    let help = sandbox.run(&["--help"]).out;
    assert!(names.iter().all(|name| help.contains(&format!("\n  {name} "))), "{help}");
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
