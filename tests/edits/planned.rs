//! What Terraform says of the edits of a stack: plans of the changed trees against the applied state of the original.

use std::fs;
use std::path::Path;

use groundplan::render::Engine;
use serde_json::Value;

use crate::edit::Edit;
use crate::mock::Mock;
use crate::offline::Verdict;
use crate::plan::{Actions, difference};
use crate::run::Run;
use crate::terraform::Shell;
use crate::{Case, Outcome, tell};

/// How Terraform's plan of an edit compares with what was said of it.
pub struct Agreement {
    /// `mastodon/more-tasks`
    pub edit: String,
    /// How many resources it changes, in Terraform's opinion.
    pub changes: usize,
    /// Where Terraform does something else.
    pub differences: Vec<String>,
    /// Those of them that were not expected, and what was expected and is not there.
    pub problems: Vec<String>,
}

/// Applies the stack of a case to a mock, and plans its edits one after the other.
pub fn compare(engine: &Engine, case: &Case, bin: &Path) -> Outcome<Vec<Agreement>> {
    let run = &case.run;
    let mut shell = Shell::new(&format!("edits/{}", run.name()))?;
    let mut mock = Mock::start(bin, &run.account, &shell.dir.join("logs/mock.log"))?;
    shell.point_at(&mock.url, &run.region, bin);
    run.create(engine, &run.stack.text, &mut shell, &mut mock)?;
    shell.apply("plan first")?;
    let agreements = case.edits.iter().map(|(edit, verdict)| {
        let name = format!("{}/{}", run.stack.name, edit.name);
        let agreement = match plan(engine, run, edit, verdict, &mut shell) {
            Ok(planned) => agreement(name, edit, verdict, &planned),
            Err(problem) => {
                let problems = vec![format!("{name}: {problem}")];
                Agreement { edit: name, changes: 0, differences: vec!["has no plan".to_owned()], problems }
            }
        };
        for difference in &agreement.differences {
            tell(&format!("{}: {difference}", agreement.edit));
        }
        agreement
    });
    Ok(agreements.collect())
}

/// What Terraform would do to get from the applied tree to that of an edit.
fn plan(engine: &Engine, run: &Run, edit: &Edit, verdict: &Verdict, shell: &mut Shell) -> Outcome<Actions> {
    clear(&shell.dir.join("tree"))?;
    run.generate(engine, &verdict.stack, shell)?;
    shell.terraform("modules", &["get", "-no-color"])?;
    let plan = ["plan", "-json", "-refresh=false", "-lock=false", "-input=false"];
    Ok(actions(&shell.terraform(&format!("plan {}", edit.name), &plan)?))
}

fn agreement(name: String, edit: &Edit, verdict: &Verdict, planned: &Actions) -> Agreement {
    let differences = difference(&verdict.actions, planned);
    let differences: Vec<String> = differences.lines().map(|line| line.trim().to_owned()).collect();
    let about = |line: &str, address: &str| line.ends_with(&format!(" of {address}"));
    let unexpected =
        differences.iter().filter(|line| !edit.differs.keys().any(|address| about(line, address)));
    let mut problems: Vec<String> = unexpected.map(|line| format!("{name}: {line}")).collect();
    let settled = edit.differs.keys().filter(|address| !differences.iter().any(|line| about(line, address)));
    problems.extend(settled.map(|address| format!("{name}: nothing differs at {address} any more")));
    Agreement { edit: name, changes: planned.len(), differences, problems }
}

/// Removes the tree that was generated before; what Terraform keeps beside it stays.
fn clear(tree: &Path) -> Outcome<()> {
    let problem = |error: std::io::Error| format!("{}: {error}", tree.display());
    for entry in fs::read_dir(tree).map_err(problem)? {
        let entry = entry.map_err(problem)?;
        if entry.file_name().to_string_lossy().starts_with(".terraform") {
            continue;
        }
        let path = entry.path();
        if path.is_dir() { fs::remove_dir_all(path) } else { fs::remove_file(path) }.map_err(problem)?;
    }
    Ok(())
}

/// What a plan does, by address, from the lines of JSON that it prints.
fn actions(output: &str) -> Actions {
    let lines = output.lines().filter_map(|line| serde_json::from_str::<Value>(line).ok());
    let changes = lines.filter(|line| line["type"] == "planned_change").filter_map(|line| {
        let change = &line["change"];
        let action = match change["action"].as_str()? {
            "noop" if change["previous_resource"].is_object() => "move",
            "noop" | "read" => return None,
            action => action,
        };
        Some((change["resource"]["addr"].as_str()?.to_owned(), action.to_owned()))
    });
    changes.collect()
}
