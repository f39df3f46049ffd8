//! A stack in one workspace: what has to be known of it, and how it comes into being.

use std::fs;

use groundplan::diagnostic::human;
use groundplan::render::Engine;
use groundplan::tree::Tree;
use serde_json::json;

use crate::Outcome;
use crate::compile::{Addresses, compile};
use crate::mock::Mock;
use crate::plan;
use crate::stacks::StackFile;
use crate::terraform::Shell;

/// A stack in one workspace, and what has to be known of it before it is generated.
#[derive(Clone)]
pub struct Run {
    /// Its place among all stacks and workspaces, which says what is changed.
    pub number: usize,
    pub stack: StackFile,
    pub workspace: String,
    /// The label of its `stack` block, which names begin with.
    pub label: String,
    pub account: String,
    pub region: String,
    pub protect: bool,
    /// The bucket of the state and its region.
    pub state: Option<(String, String)>,
}

/// Every workspace of the stacks, those whose data is not protected first.
pub fn runs(stacks: &[StackFile]) -> Vec<Run> {
    let mut runs = Vec::new();
    for stack in stacks {
        let model = stack.model();
        let state = model.stack.settings.state.as_ref();
        let mut workspaces: Vec<Run> = model
            .environments
            .iter()
            .map(|environment| Run {
                number: 0,
                stack: stack.clone(),
                workspace: environment.name.to_string(),
                label: model.stack.name.to_string(),
                account: environment.settings.account.to_string(),
                region: environment.region.to_string(),
                protect: environment.settings.protect,
                state: state.map(|state| {
                    let region = state.region.as_ref().unwrap_or(&model.stack.settings.region);
                    (state.bucket.to_string(), region.to_string())
                }),
            })
            .collect();
        workspaces.sort_by_key(|run| run.protect);
        runs.extend(workspaces);
    }
    for (number, run) in runs.iter_mut().enumerate() {
        run.number = number;
    }
    runs
}

impl Run {
    /// `mastodon/staging`
    pub fn name(&self) -> String {
        format!("{}/{}", self.stack.name, self.workspace)
    }

    /// Generates, initialises and plans; and puts into the mock what the plan takes to be there. The number of resources.
    pub fn create(&self, engine: &Engine, text: &str, shell: &mut Shell, mock: &mut Mock) -> Outcome<usize> {
        self.generate(engine, text, shell)?;
        if let Some((bucket, region)) = &self.state {
            mock.ask(json!({ "command": "bucket", "name": bucket, "region": region }))?;
        }
        shell.init(&self.workspace)?;
        if !shell.plan("plan first")? {
            return Err("there is nothing to create".to_owned());
        }
        let plan = plan::actions(&shell.shown("plan first")?);
        if let Some((address, action)) = plan.iter().find(|(_, action)| *action != "create") {
            return Err(format!("the first plan would {action} {address}"));
        }
        let json = shell.dir.join("plans/plan-first.json");
        let existing = json!({
            "command": "existing", "plan": json, "region": self.region, "workspace": self.workspace,
        });
        mock.ask(existing)?;
        Ok(plan.len())
    }

    /// Compiles a stack file.
    pub fn compile(&self, engine: &Engine, text: &str) -> Outcome<Tree> {
        let (sources, outcome) =
            compile(engine, (&self.stack.header, text, self.stack.syntax), &Addresses::new());
        let said = human::render(&outcome.diagnostics, &sources, false);
        outcome.value.ok_or(format!("the changed stack does not compile:\n{said}"))
    }

    /// Compiles a stack file and replaces the tree; what Terraform keeps beside it stays.
    pub fn generate(&self, engine: &Engine, text: &str, shell: &Shell) -> Outcome<()> {
        for (path, text) in &self.compile(engine, text)?.files {
            let path = shell.dir.join("tree").join(path);
            let written =
                path.parent().map_or(Ok(()), fs::create_dir_all).and_then(|()| fs::write(&path, text));
            written.map_err(|error| format!("{}: {error}", path.display()))?;
        }
        Ok(())
    }
}
