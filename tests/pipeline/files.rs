//! The files that run the scripts: they parse, name what exists, and let nobody's text become code.

use std::fs;
use std::io::Write;
use std::path::Path;
use std::process::{Command, Stdio};

use serde_json::{Value, json};

use crate::root;
use crate::stage::Stage;

const ACTION: &str = ".github/actions/groundplan/action.yml";
const GITHUB: &str = "docs/pipeline/github-actions.yml";
const CIRCLECI: &str = "docs/pipeline/circleci.yml";
const HOOKS: &str = ".pre-commit-hooks.yaml";
const PAGE: &str = "docs/pipeline.md";

fn read(path: &str) -> String {
    fs::read_to_string(root(path)).unwrap_or_else(|error| panic!("{path}: {error}"))
}

fn yaml(path: &str) -> Value {
    parsed(path, &read(path))
}

fn parsed(name: &str, text: &str) -> Value {
    serde_saphyr::from_str(text).unwrap_or_else(|error| panic!("{name}: {error}"))
}

/// The texts between the fences of a language on the page.
fn fenced(language: &str) -> Vec<String> {
    let opening = format!("\n```{language}\n");
    let page = read(PAGE);
    let found: Vec<String> =
        page.split(&opening).skip(1).map(|rest| rest.split("\n```").next().unwrap().to_owned()).collect();
    assert!(!found.is_empty(), "{language}");
    found
}

/// All values of a key, however deep.
fn all<'v>(value: &'v Value, key: &str, found: &mut Vec<&'v Value>) {
    match value {
        Value::Object(object) => {
            found.extend(object.get(key));
            object.values().for_each(|value| all(value, key, found));
        }
        Value::Array(items) => items.iter().for_each(|value| all(value, key, found)),
        _ => {}
    }
}

/// The texts of scripts in a configuration: `run`, or `command` within it.
fn embedded(value: &Value) -> Vec<&str> {
    let mut found = Vec::new();
    all(value, "run", &mut found);
    all(value, "command", &mut found);
    found.into_iter().filter_map(Value::as_str).collect()
}

/// Holds a script to bash, and to shellcheck where it is installed.
fn lint(name: &str, script: &str, directory: &Path) {
    let pass = |command: &mut Command| {
        let child = command.current_dir(directory).stdin(Stdio::piped()).stdout(Stdio::piped()).spawn();
        let Ok(mut child) = child else { return };
        child.stdin.take().unwrap().write_all(script.as_bytes()).unwrap();
        let output = child.wait_with_output().unwrap();
        assert!(output.status.success(), "{name}:\n{}", String::from_utf8_lossy(&output.stdout));
    };
    pass(Command::new("bash").arg("-n"));
    pass(Command::new("shellcheck").args(["--shell=bash", "--external-sources", "-"]));
}

/// Whether the program takes a command line.
#[track_caller]
fn expect_command(words: &[impl AsRef<str>]) {
    let words: Vec<&str> = words.iter().map(AsRef::as_ref).collect();
    if let Err(error) = groundplan::cli::command().try_get_matches_from(&words) {
        panic!("{}: {error}", words.join(" "));
    }
}

#[test]
fn scripts_are_sound() {
    let directory = root(".github/actions/groundplan");
    let mut scripts = 0;
    for entry in fs::read_dir(&directory).unwrap() {
        let path = entry.unwrap().path();
        if path.extension().is_some_and(|extension| extension == "sh") {
            lint(&path.display().to_string(), &fs::read_to_string(&path).unwrap(), &directory);
            scripts += 1;
        }
    }
    assert_eq!(scripts, 5);
    for path in [ACTION, GITHUB, CIRCLECI] {
        let configuration = yaml(path);
        let scripts = embedded(&configuration);
        assert!(scripts.len() >= 2 || path == GITHUB, "{path}: {scripts:?}");
        // As both systems run them.
        let strict = |script: &&str| format!("set -eo pipefail\n{script}");
        scripts.iter().map(strict).for_each(|script| lint(path, &script, &directory));
    }
}

#[test]
fn no_text_from_outside_becomes_code() {
    for path in [ACTION, GITHUB, CIRCLECI] {
        for script in embedded(&yaml(path)) {
            let inserts = if path == CIRCLECI { "<<" } else { "${{" };
            assert!(!script.contains(inserts), "{path}:\n{script}");
        }
    }
}

#[test]
fn jobs_have_few_rights_and_pinned_actions() {
    let page = fenced("yaml").into_iter().find(|text| text.starts_with("name: groundplan\n")).unwrap();
    let (small, complete) = (parsed(PAGE, &page), yaml(GITHUB));
    assert_eq!(small["permissions"], json!({ "contents": "read", "pull-requests": "write" }));
    assert_eq!(complete["permissions"], json!({}));
    let rights = json!({ "contents": "read", "pull-requests": "write", "id-token": "write" });
    assert_eq!(complete["jobs"]["review"]["permissions"], rights);
    for configuration in [&small, &complete, &yaml(ACTION)] {
        let mut uses = Vec::new();
        all(configuration, "uses", &mut uses);
        for action in uses.iter().map(|action| action.as_str().unwrap()) {
            let (name, revision) = action.split_once('@').unwrap();
            let sha = revision.len() == 40 && revision.bytes().all(|byte| byte.is_ascii_hexdigit());
            let own = name == "OWNER/groundplan/.github/actions/groundplan" && revision == "REVISION";
            assert!(sha || own, "{action}");
            assert!(!own || root(ACTION).exists());
        }
        let mut events = Vec::new();
        all(configuration, "on", &mut events);
        assert!(events.iter().all(|event| *event == "pull_request"), "{events:?}");
    }
}

#[test]
fn the_page_lists_every_input_with_its_default() {
    let action = yaml(ACTION);
    let inputs = action["inputs"].as_object().unwrap();
    let page = read(PAGE);
    let (_, table) = page.split_once("| input | default | what it is |\n").unwrap();
    let rows: Vec<Vec<&str>> = table
        .lines()
        .skip(1)
        .take_while(|line| line.starts_with('|'))
        .map(|line| line.split('|').map(|cell| cell.trim().trim_matches('`')).collect())
        .collect();
    let names: Vec<&str> = rows.iter().map(|row| row[1]).collect();
    assert_eq!(names, inputs.keys().map(String::as_str).collect::<Vec<_>>());
    for row in &rows {
        let default = inputs[row[1]]["default"].as_str().unwrap();
        match row[2] {
            "none" => assert_eq!(default, "", "{row:?}"),
            "the base of the pull request" | "the token of the run" => {
                assert!(default.starts_with("${{ github."))
            }
            shown => assert_eq!(shown, default, "{row:?}"),
        }
    }
}

#[test]
fn every_variable_that_is_handed_over_is_read() {
    let scripts = ["run.sh", "report.sh", "comment.sh", "github.sh"]
        .map(|name| read(&format!(".github/actions/groundplan/{name}")))
        .concat();
    let action = yaml(ACTION);
    let step = &action["runs"]["steps"][1];
    let run = step["run"].as_str().unwrap();
    for name in step["env"].as_object().unwrap().keys() {
        let is_read =
            |text: &str| [format!("${name}"), format!("${{{name}")].iter().any(|word| text.contains(word));
        assert!(is_read(&scripts) || is_read(run), "{name}");
    }
    let mut inputs = Vec::new();
    let text = read(ACTION);
    for rest in text.split("inputs.").skip(1) {
        inputs.push(rest.split(|c: char| !c.is_ascii_lowercase() && c != '-').next().unwrap());
    }
    let unread =
        action["inputs"].as_object().unwrap().keys().filter(|input| !inputs.contains(&input.as_str()));
    assert_eq!(unread.collect::<Vec<_>>(), [""; 0]);
}

#[test]
fn every_call_of_groundplan_is_one_that_the_program_takes() {
    let stage =
        Stage::new().with("AGAINST", "HEAD").with("PLANS", "staging=a.json").with("GITHUB_ACTIONS", "true");
    stage.git(&["init", "--quiet"]);
    stage.git(&["commit", "--quiet", "--allow-empty", "--message", "x"]);
    stage.play("report.sh", &["out"]);
    let calls = stage.groundplan();
    assert_eq!(calls.len(), 6, "{calls:?}");
    calls.iter().for_each(|call| expect_command(call));

    let page = read(PAGE);
    let prose = page.split("```").step_by(2).collect::<Vec<_>>().join("");
    let spans = prose.split('`').skip(1).step_by(2).map(str::to_owned);
    let fences = fenced("sh");
    let lines = fences.iter().flat_map(|fence| fence.lines()).map(str::to_owned);
    let commands: Vec<String> = spans.chain(lines).filter(|text| text.starts_with("groundplan ")).collect();
    assert!(commands.len() >= 8, "{commands:?}");
    for command in commands {
        let mut words: Vec<&str> = command.trim_end_matches("...").split_whitespace().collect();
        // In the table, without the stacks.
        if matches!(words[1], "check" | "generate" | "diff") && !command.contains(".hcl") {
            words.push("stacks/shop.hcl");
        }
        expect_command(&words);
    }
}

#[test]
fn hooks_run_commands_on_stack_files_alone() {
    let hooks = yaml(HOOKS);
    let hooks = hooks.as_array().unwrap();
    let shown = fenced("yaml").into_iter().find(|text| text.starts_with("repos:")).unwrap();
    let shown = parsed(PAGE, &shown);
    let ids = |hooks: &[Value]| hooks.iter().map(|hook| hook["id"].clone()).collect::<Vec<_>>();
    assert_eq!(ids(hooks), ids(shown["repos"][0]["hooks"].as_array().unwrap()));
    for hook in hooks {
        let mut words: Vec<&str> = hook["entry"].as_str().unwrap().split(' ').collect();
        words.push("stacks/shop.hcl");
        expect_command(&words);
        let matches = |path: &str| {
            let script = "[[ $1 =~ $2 ]]";
            let pattern = hook["files"].as_str().unwrap();
            Command::new("bash").args(["-c", script, "bash", path, pattern]).status().unwrap().success()
        };
        assert!(matches("stacks/shop.hcl") && matches("stacks/shop.json"));
        assert!(
            !matches("infra/stacks/shop.hcl") && !matches("stacks/README.md") && !matches("stacks/a/b.hcl")
        );
    }
}
