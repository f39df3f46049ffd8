//! The life of one workspace: created, found unchanged, filled with secrets, changed, tagged, unprotected, destroyed.

use std::path::Path;
use std::time::Instant;

use groundplan::render::Engine;
use serde_json::{Value, json};

use crate::Outcome;
use crate::canary::{self, Canaries, Places};
use crate::change::{Scene, choose};
use crate::edit::{Stack, at};
use crate::mock::Mock;
use crate::plan::{self, Actions};
use crate::protection;
use crate::run::Run;
use crate::terraform::Shell;

/// A row of the table.
pub struct Row {
    pub planned: usize,
    pub applied: usize,
    pub change: String,
    pub changed: String,
    pub secrets: usize,
    pub destroyed: usize,
    pub seconds: u64,
}

impl Run {
    /// The whole life.
    pub fn live(&self, engine: &Engine, bin: &Path) -> Outcome<Row> {
        let started = Instant::now();
        let mut shell = Shell::new(&self.name())?;
        let mut mock = Mock::start(bin, &self.account, &shell.dir.join("logs/mock.log"))?;
        shell.point_at(&mock.url, &self.region, bin);

        let mut text = self.stack.text.clone();
        let planned = self.create(engine, &text, &mut shell, &mut mock)?;
        let applied = shell.apply("plan first")?;
        if applied != planned {
            return Err(format!("of {planned} resources {applied} were made"));
        }
        shell.plan_nothing("plan second")?;
        let resources = plan::resources(&shell.state()?);

        let stack = self.label.as_str();
        let mut canaries = canary::fill(&mut shell, stack, &self.workspace, 1)?;
        canaries.extend(canary::master_passwords(&shell, &resources)?);
        let secrets = canaries.len();

        let change =
            choose(self.number, &Scene { text: &text, workspace: &self.workspace, applied: &resources })?;
        text = change.text;
        self.generate(engine, &text, &shell)?;
        let actions = self.planned(&mut shell, "plan change")?;
        let difference = plan::difference(&change.expected, &actions);
        if !difference.is_empty() {
            return Err(format!("{} plans something else:\n{difference}", change.what));
        }
        let changed = plan::summary(&actions);
        shell.apply("plan change")?;
        shell.plan_nothing("plan after change")?;

        let planted = format!("planted-{stack}-{}-ends", self.workspace);
        if secrets > 0 {
            text = self.tag(engine, &text, &planted, &mut shell)?;
            canaries.extend(canary::fill(&mut shell, stack, &self.workspace, 2)?);
            shell.refresh("refresh")?;
            shell.plan_nothing("plan after rotation")?;
        }
        if self.protect {
            self.unprotect(engine, &text, &mut shell)?;
        }
        let destroyed = shell.destroy()?;
        let left = plan::resources(&shell.state()?);
        if let Some(address) = left.keys().next() {
            return Err(format!("{address} is left in the state"));
        }
        if secrets > 0 {
            self.search(&canaries, &planted, &shell, &mut mock)?;
        }
        let seconds = started.elapsed().as_secs();
        Ok(Row { planned, applied, change: change.what, changed, secrets, destroyed, seconds })
    }

    /// Gives everything a tag: nothing is made or deleted for it. Returns the changed stack file.
    fn tag(&self, engine: &Engine, text: &str, value: &str, shell: &mut Shell) -> Outcome<String> {
        let mut stack = Stack::new(text)?;
        stack.set(&[at("stack", &self.label)], "tags", &format!("{{ Planted = \"{value}\" }}"))?;
        let text = stack.text();
        self.generate(engine, &text, shell)?;
        let actions = self.planned(shell, "plan tags")?;
        if let Some((address, action)) = actions.iter().find(|(_, action)| *action != "update") {
            return Err(format!("a tag would {action} {address}"));
        }
        shell.apply("plan tags")?;
        Ok(text)
    }

    /// Shows that data is protected, and takes the protection away as the README says.
    fn unprotect(&self, engine: &Engine, text: &str, shell: &mut Shell) -> Outcome<()> {
        let tree = self.compile(engine, text)?;
        let applied = plan::resources(&shell.state()?);
        protection::check(shell, &applied, &tree)?;
        let mut stack = Stack::new(text)?;
        stack.set(&[at("environment", &self.workspace)], "protect", "false")?;
        self.generate(engine, &stack.text(), shell)?;
        let actions = self.planned(shell, "plan unprotected")?;
        let lost = |(address, action): &(&String, &String)| {
            action.contains("delete") && protection::holds_data(&tree, address)
        };
        if let Some((address, action)) = actions.iter().find(lost) {
            return Err(format!("without protection the plan would {action} {address}"));
        }
        shell.apply("plan unprotected").map(|_| ())
    }

    /// Looks for the secrets in everything that the run has left behind, every version of the state included.
    fn search(&self, canaries: &Canaries, planted: &str, shell: &Shell, mock: &mut Mock) -> Outcome<()> {
        if let Some((bucket, _)) = &self.state {
            let directory = shell.dir.join("objects");
            let saved =
                mock.ask(json!({ "command": "objects", "bucket": bucket, "directory": directory }))?;
            if saved.as_u64() == Some(0) {
                return Err(format!("{bucket} holds no state"));
            }
        }
        Places::read(shell)?.check(canaries, planted)
    }

    fn planned(&self, shell: &mut Shell, name: &str) -> Outcome<Actions> {
        shell.plan(name)?;
        let json: Value = shell.shown(name)?;
        Ok(plan::actions(&json))
    }
}
