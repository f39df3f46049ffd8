//! The inputs that are mutated: the cases of `tests/import`, in memory.

use std::collections::BTreeMap;
use std::fs;
use std::path::Path;

use groundplan::import::ecs_cli;

use crate::{compile, expected};

/// The formats, as the command and the directories of their cases name them.
pub const FORMATS: [(&str, &str); 5] = [
    ("compose", "compose"),
    ("copilot", "copilot"),
    ("ecs-cli", "ecs_cli"),
    ("kubernetes", "kubernetes"),
    ("task-definition", "task_definition"),
];

/// What stands beside the inputs of a case.
const NOT_INPUT: [&str; 4] = ["command", "stack.hcl", "report.txt", "differences.txt"];

/// Files by their paths.
pub type Texts = BTreeMap<String, String>;

/// What an import is asked for.
#[derive(Debug)]
pub enum Command {
    Compose { files: Vec<String>, env_files: Vec<String>, profiles: Vec<String>, params: Option<String> },
    Copilot { files: Vec<String> },
    EcsCli { projects: Vec<(String, ecs_cli::Project)> },
    Kubernetes { manifests: Vec<String>, scripts: Vec<String>, others: Vec<String> },
    TaskDefinition { files: Vec<String>, service: Option<String> },
}

/// A case.
#[derive(Debug)]
pub struct Case {
    pub command: Command,
    pub texts: Texts,
}

/// The cases of a format.
pub fn cases(directory: &str) -> Vec<Case> {
    let entries = fs::read_dir(compile::root("tests/import").join(directory)).unwrap();
    let mut paths: Vec<_> = entries.map(|entry| entry.unwrap().path()).collect();
    paths.sort();
    paths.iter().map(|path| case(path)).collect()
}

fn case(directory: &Path) -> Case {
    let mut texts = expected::files(directory);
    texts.retain(|name, _| !NOT_INPUT.contains(&name.as_str()));
    let words = fs::read_to_string(directory.join("command")).unwrap();
    let words: Vec<&str> = words.split_whitespace().collect();
    Case { command: command(&words, &texts), texts }
}

/// Reads the words of a command; the names of their files are those of the case.
fn command(words: &[&str], texts: &Texts) -> Command {
    let mut named: Vec<String> = Vec::new();
    let mut options: BTreeMap<&str, Vec<String>> = BTreeMap::new();
    let mut rest = words[1..].iter();
    while let Some(word) = rest.next() {
        match word.strip_prefix("--") {
            Some(option) => options.entry(option).or_default().push((*rest.next().unwrap()).to_owned()),
            None => named.push((*word).to_owned()),
        }
    }
    let mut option = |name: &str| options.remove(name).unwrap_or_default();
    let below = |name: &String| named.iter().any(|path| path == "." || name.starts_with(path.as_str()));
    let listed = |end: &dyn Fn(&str) -> bool| -> Vec<String> {
        texts.keys().filter(|name| below(name) && end(name)).cloned().collect()
    };
    let is_manifest = |name: &str| [".yml", ".yaml", ".json"].iter().any(|end| name.ends_with(end));
    let command = match words[0] {
        "compose" => Command::Compose {
            env_files: option("env-file"),
            profiles: option("profile"),
            params: option("ecs-params").pop(),
            files: named,
        },
        "copilot" => {
            Command::Copilot { files: listed(&|name| name.ends_with("ml") || name.ends_with(".workspace")) }
        }
        "ecs-cli" => {
            let projects = named.iter().flat_map(|directory| {
                let inside = |name: &String| match directory.as_str() {
                    "." => Some(name.clone()),
                    _ => Some(name.strip_prefix(directory)?.strip_prefix('/')?.to_owned()),
                };
                let names: Vec<String> = texts.keys().filter_map(inside).collect();
                let projects = ecs_cli::projects(&names, &ecs_cli::Choice::default());
                projects.into_iter().map(|project| (directory.clone(), project)).collect::<Vec<_>>()
            });
            Command::EcsCli { projects: projects.collect() }
        }
        "kubernetes" => Command::Kubernetes {
            manifests: listed(&is_manifest),
            scripts: listed(&|name| name.ends_with(".sh")),
            others: listed(&|name| name.ends_with(".md")),
        },
        _ => Command::TaskDefinition { service: option("service").pop(), files: named },
    };
    assert!(options.is_empty(), "an option that the fuzz run does not know: {options:?}");
    command
}
