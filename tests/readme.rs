//! Holds README.md to its word: its excerpts stand in the example stack and in what it becomes, its diagnostic is what
//! `check` prints, and its commands are commands.

#![allow(clippy::disallowed_methods, reason = "tests read and write files")]
#![allow(clippy::unwrap_used, reason = "helpers of tests")]

#[path = "support/compile.rs"]
mod compile;
#[path = "support/expected.rs"]
mod expected;

use std::collections::BTreeSet;
use std::fs;
use std::path::Path;

use assert_cmd::Command;
use groundplan::components::kind;

/// The longest the README may be.
const LINES: usize = 150;

fn read(path: &str) -> String {
    fs::read_to_string(compile::root(path)).unwrap_or_else(|error| panic!("{path}: {error}"))
}

/// The texts between fences of a language, in order.
fn fenced(language: &str) -> Vec<String> {
    let readme = read("README.md");
    let opening = format!("\n```{language}\n");
    let found: Vec<String> = readme
        .split(&opening)
        .skip(1)
        .map(|rest| rest.split_once("\n```").expect("a fence is closed").0.to_owned())
        .collect();
    assert!(!found.is_empty(), "the README has no ```{language} excerpt");
    found
}

/// Whether an excerpt is of a stack file, and not of what it becomes.
fn is_of_stack(excerpt: &str) -> bool {
    let word = excerpt.split_whitespace().next().unwrap_or_default();
    matches!(word, "stack" | "environment" | "app") || kind(word).is_some()
}

/// Every line with the lines of the blocks it stands in, by indentation; alignment, comments and blank lines do not
/// count.
fn placed_lines(text: &str) -> BTreeSet<Vec<String>> {
    let mut outer: Vec<(usize, String)> = Vec::new();
    let mut found = BTreeSet::new();
    for line in text.lines().map(|line| line.split('#').next().unwrap_or_default()) {
        let words = line.split_whitespace().collect::<Vec<_>>().join(" ");
        if words.is_empty() {
            continue;
        }
        let indent = line.len() - line.trim_start().len();
        outer.retain(|(column, _)| *column < indent);
        outer.push((indent, words));
        found.insert(outer.iter().map(|(_, words)| words.clone()).collect());
    }
    found
}

/// The words of the command lines in a text of fences, without the comment behind them.
fn commands(text: &str) -> impl Iterator<Item = Vec<&str>> {
    text.lines().map(|line| line.split(" #").next().unwrap_or_default().split_whitespace().collect())
}

/// The text below a heading up to the next one.
fn section<'r>(readme: &'r str, heading: &str) -> &'r str {
    let (_, below) = readme.split_once(&format!("\n## {heading}\n")).expect(heading);
    below.split("\n## ").next().unwrap()
}

/// The commands of the first fence of a section.
fn commands_of(heading: &str) -> Vec<String> {
    let readme = read("README.md");
    let fence = section(&readme, heading).split("```").nth(1).expect("a fence");
    commands(fence.trim_start_matches("sh\n")).map(|words| words.join(" ")).collect()
}

#[test]
fn it_is_short() {
    let lines = read("README.md").lines().count();
    assert!(lines < LINES, "{lines} lines");
}

#[test]
fn excerpts_of_the_stack_stand_in_the_example() {
    let known = placed_lines(&read("stacks/mastodon.hcl"));
    let excerpts: Vec<String> = fenced("hcl").into_iter().filter(|excerpt| is_of_stack(excerpt)).collect();
    assert!(!excerpts.is_empty());
    for excerpt in excerpts {
        let missing: Vec<_> = placed_lines(&excerpt).difference(&known).cloned().collect();
        assert!(missing.is_empty(), "stacks/mastodon.hcl does not have {missing:#?}");
    }
}

#[test]
fn excerpts_of_terraform_stand_in_the_golden_tree() {
    let tree = expected::files(&compile::root("tests/golden/mastodon"));
    let excerpts: Vec<String> = fenced("hcl").into_iter().filter(|excerpt| !is_of_stack(excerpt)).collect();
    assert!(!excerpts.is_empty());
    for excerpt in excerpts {
        let whole = format!("\n{excerpt}\n");
        assert!(tree.values().any(|text| text.contains(&whole)), "nothing generated has:\n{excerpt}");
    }
}

/// The stack with the mistake that the README shows.
const SHOP: &str = r#"stack "shop" {
  region = "eu-west-1"
}

environment "staging" {
  account = "111111111111"
  domain  = "staging.shop.example"
}

environment "production" {
  account = "222222222222"
  domain  = "shop.example"
  protect = true
}

network "main" {
  cidr  = "10.20.0.0/16"
  zones = ["a", "b"]
}

registry "shop" {}

app "shop" {
  image = registry.shop
  tag   = "v1"

  service "web" {
    port   = 3000
    tasks  = 2
    cpu    = 256
    memory = 4096
  }
}
"#;

#[test]
fn the_diagnostic_is_what_check_prints() {
    let dir = tempfile::tempdir().unwrap();
    fs::create_dir(dir.path().join("stacks")).unwrap();
    fs::write(dir.path().join("stacks/shop.hcl"), SHOP).unwrap();
    let (code, said) = run(dir.path(), &["check", "stacks/shop.hcl"]);
    assert_eq!(code, Some(1), "{said}");
    let shown = fenced("text").into_iter().find(|text| text.starts_with("error[")).expect("a diagnostic");
    assert_eq!(said.trim(), format!("{shown}\n\n1 error"));
}

/// Runs the program in a directory; its exit code and what it says to people.
fn run(directory: &Path, arguments: &[&str]) -> (Option<i32>, String) {
    let mut command = Command::cargo_bin("groundplan").unwrap();
    let output = command.current_dir(directory).env("NO_COLOR", "1").args(arguments).output().unwrap();
    (output.status.code(), String::from_utf8(output.stderr).unwrap())
}

#[test]
fn every_command_line_parses() {
    let readme = read("README.md");
    let fences = fenced("sh").join("\n");
    let code = readme.split("```").step_by(2).flat_map(|prose| prose.split('`').skip(1).step_by(2));
    let prose: Vec<String> = code.map(|code| code.replace('\n', " ")).collect();
    let prose = prose.join("\n");
    let lines = commands(&fences).chain(commands(&prose)).filter_map(|words| match words.as_slice() {
        ["groundplan", ..] => Some(words),
        ["cargo", "run", ..] => {
            let at = words.iter().position(|word| *word == "--")?;
            Some([&["groundplan"], &words[at + 1..]].concat())
        }
        _ => None,
    });
    let lines: Vec<Vec<&str>> = lines.collect();
    assert!(lines.len() > 4, "{lines:?}");
    for words in lines {
        let parsed = groundplan::cli::command().try_get_matches_from(&words);
        assert!(parsed.is_ok(), "{}: {}", words.join(" "), parsed.unwrap_err());
    }
}

#[test]
fn the_commands_of_use_it_work_one_after_the_other() {
    let dir = tempfile::tempdir().unwrap();
    // An address is the reader's, and to compare with a revision takes a repository.
    let takes_more = |line: &&String| line.contains("ADDRESS") || line.contains("--against");
    let codes: Vec<Option<i32>> = commands_of("Use it")
        .iter()
        .filter(|line| !takes_more(line))
        .map(|line| run(dir.path(), &line.split(' ').skip(1).collect::<Vec<_>>()).0)
        .collect();
    assert_eq!(codes, [Some(0), Some(0), Some(0), Some(0), Some(2), Some(0)]);
    assert!(dir.path().join("infra/shop/groundplan.lock").exists());
}

#[test]
fn the_commands_of_try_it_are_what_ci_calls() {
    let script = read(".ci/run");
    let example = script.lines().find_map(|line| line.strip_prefix("readonly example=")).unwrap();
    let script = script.replace("\"$example\"", example);
    for command in commands_of("Try it") {
        let called = script.lines().any(|line| line == command || line.ends_with(&format!(" {command}")));
        assert!(called, ".ci/run does not call `{command}`");
    }
}
