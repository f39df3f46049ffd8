//! What is said of an edit without a state: by environment, as `groundplan diff --against` prints it.

use groundplan::diagnostic::human;
use groundplan::difference::{self, Version};
use groundplan::pipeline::{self, Compiled};
use groundplan::render::Engine;
use groundplan::review::{self, Action, Environment, Report};
use groundplan::source::{Source, Sources};

use crate::Outcome;
use crate::edit::Edit;
use crate::plan::Actions;
use crate::run::Run;

/// What is said of an edit.
pub struct Verdict {
    /// The changed stack file.
    pub stack: String,
    /// The explanation for the terminal.
    pub text: String,
    /// The exit code of the command.
    exit: u8,
    /// What happens to the resources of the planned environment.
    pub actions: Actions,
}

impl Verdict {
    /// Judges an edit of the stack of a run.
    pub fn of(engine: &Engine, run: &Run, edit: &Edit) -> Outcome<Self> {
        let stack = edit.of(&run.stack.text)?;
        let mut sources = Sources::default();
        let old = compile(engine, run, &run.stack.text, &mut sources)?;
        let new = compile(engine, run, &stack, &mut sources)?;
        let version = |compiled| Version { compiled, sources: &sources };
        let environments = difference::environments(Some(version(&old)), Some(version(&new)))
            .map_err(|problem| problem.to_string())?;
        let actions = environments.iter().find(|environment| environment.name == run.workspace);
        Ok(Self {
            text: Report::new(&environments, &[], &[]).text(false),
            exit: match review::verdict(&environments, &[]) {
                review::Verdict::None => 0,
                review::Verdict::Changes => 2,
                review::Verdict::LosesData => 3,
            },
            actions: actions.map(actions_of).unwrap_or_default(),
            stack,
        })
    }

    /// Says that the exit code is not the expected one.
    pub fn wrong_exit(&self, stack: &str, edit: &Edit) -> Option<String> {
        let wrong = self.exit != edit.exit;
        wrong.then(|| format!("{stack}/{}: exits with {}, not {}", edit.name, self.exit, edit.exit))
    }
}

fn compile(engine: &Engine, run: &Run, text: &str, sources: &mut Sources) -> Outcome<Compiled> {
    let file = sources.add(Source::new(&run.stack.header, text, run.stack.syntax));
    let outcome = pipeline::compile(engine, sources, file, |_| Default::default());
    let outcome = outcome.map_err(|bug| bug.to_string())?;
    let said = human::render(&outcome.diagnostics, sources, false);
    outcome.value.ok_or(format!("the changed stack does not compile:\n{said}"))
}

/// The changes of an environment in Terraform's words.
fn actions_of(environment: &Environment) -> Actions {
    let changes = environment.changes.iter().map(|change| {
        let action = match change.action {
            Action::Replace => "replace",
            Action::Destroy => "delete",
            Action::Forget => "remove",
            Action::Update => "update",
            Action::Create => "create",
            Action::Keep if change.imported.is_some() => "import",
            Action::Keep => "move",
        };
        (change.address.clone(), action.to_owned())
    });
    changes.collect()
}
