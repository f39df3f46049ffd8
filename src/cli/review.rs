//! `groundplan review`: what plans of Terraform would do, for whoever has to agree.

use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};

use clap::{Args, ValueHint};

use super::explanation::Explanation;
use super::io::{Exit, Failure, Io};
use super::stack::File;
use crate::influence;
use crate::project::{self, Lock};
use crate::render::Engine;
use crate::review::plan;

/// Say what plans would do: data that is lost first, then by component
///
/// Reads what `terraform show -json` prints of saved plans, also of trees that Groundplan did not write.
/// Exits with 0 when nothing changes, 2 when something does, and 3 when data is lost that `--allow` does not name
#[derive(Debug, Args)]
#[command(
    after_help = "Example:\n  groundplan review staging=plans/a.json production=plans/b.json --stack stacks/shop.hcl"
)]
pub(super) struct Review {
    /// Plans as JSON, one for each environment; the name before `=` is the environment's, without it the file's is;
    /// `-` reads standard input
    #[arg(required = true, value_name = "[ENVIRONMENT=]PLAN", value_hint = ValueHint::FilePath)]
    plans: Vec<String>,
    /// Stack file of which the plans are, to group changes by its components
    #[arg(long, value_name = "STACK", value_hint = ValueHint::FilePath)]
    stack: Option<PathBuf>,
    /// `groundplan.lock` of which the plans are: the same without compiling, and for components that are gone
    #[arg(long, value_name = "FILE", value_hint = ValueHint::FilePath)]
    lock: Option<PathBuf>,
    #[command(flatten)]
    explanation: Explanation,
}

impl Review {
    pub(super) fn run(&self, io: &mut Io<'_>) -> Result<Exit, Failure> {
        let plans = named(&self.plans)?;
        let mut known = match &self.lock {
            Some(path) => Lock::open(path)?.addresses,
            None => BTreeMap::new(),
        };
        let engine = Engine::new()?;
        let stack = match &self.stack {
            None => None,
            Some(path) if path.as_os_str() == "-" && plans.iter().any(|(_, plan)| plan == path) => {
                return Err(only_once());
            }
            Some(path) => match File::at(path).compile(&engine, io)? {
                None => return Ok(Exit::Error),
                found => found,
            },
        };
        // What the stack file says now goes before what a lock file remembers.
        known.extend(stack.iter().flat_map(|(_, compiled)| compiled.tree.addresses.clone()));
        let mut environments = Vec::new();
        let mut notes = Vec::new();
        for (name, path) in plans {
            let json = project::read_plan(path)?;
            let plan = plan::read(name, &json, &known)
                .map_err(|problem| Failure::Arguments(format!("`{}` {problem}", path.display())))?;
            environments.push(plan.environment);
            notes.extend(plan.notes);
        }
        if let Some((sources, compiled)) = &stack {
            influence::locate(&engine, sources, compiled, &mut environments)?;
        }
        self.explanation.print(&environments, &notes, io)
    }
}

fn only_once() -> Failure {
    Failure::Arguments("standard input can be read only once: write `-` once".to_owned())
}

/// The environments and the paths of their plans.
fn named(arguments: &[String]) -> Result<Vec<(&str, &Path)>, Failure> {
    let mut seen = BTreeSet::new();
    let mut plans = Vec::new();
    for argument in arguments {
        let (name, path) = match argument.split_once('=') {
            Some((name, path)) if !name.is_empty() && !name.contains(['/', '\\']) => (name, Path::new(path)),
            _ if argument == "-" => ("plan", Path::new("-")),
            _ => {
                let path = Path::new(argument);
                (path.file_stem().and_then(|stem| stem.to_str()).unwrap_or(argument), path)
            }
        };
        if !seen.insert(name) {
            return Err(Failure::Arguments(format!(
                "two plans are called `{name}`; say which environments they are of: `staging={}`",
                path.display()
            )));
        }
        plans.push((name, path));
    }
    if plans.iter().filter(|(_, path)| *path == Path::new("-")).count() > 1 {
        return Err(only_once());
    }
    Ok(plans)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn names(arguments: &[&str]) -> Result<String, String> {
        let arguments: Vec<String> = arguments.iter().map(|word| (*word).to_owned()).collect();
        let plans = named(&arguments).map_err(|failure| failure.to_string())?;
        Ok(plans.iter().map(|(name, path)| format!("{name}:{} ", path.display())).collect())
    }

    #[test]
    fn an_environment_is_named_by_the_argument_or_by_the_file() {
        assert_eq!(
            names(&["staging=a/b.json", "c/production.json", "-"]).unwrap(),
            "staging:a/b.json production:c/production.json plan:- "
        );
        assert_eq!(names(&["a/x=1/plan.json"]).unwrap(), "plan:a/x=1/plan.json ");
    }

    #[test]
    fn two_plans_of_one_name_and_standard_input_twice_are_refused() {
        assert!(
            names(&["a/plan.json", "b/plan.json"]).unwrap_err().starts_with("two plans are called `plan`")
        );
        assert!(names(&["a=-", "-"]).unwrap_err().contains("only once"));
    }
}
