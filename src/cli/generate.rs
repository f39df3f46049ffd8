//! `groundplan generate`: stack files to directories of Terraform.

use clap::Args;

use super::io::{Exit, Failure, Io};
use super::report::Report;
use super::stacks::{Inputs, Output, compare};
use crate::project::{self, Options};

/// Write the Terraform of stack files
///
/// Every stack gets a directory of its name. Nothing is written when one of the stacks has an error, and nothing that
/// Groundplan did not write, or that somebody edited, is overwritten or removed
#[derive(Debug, Args)]
#[command(after_help = "Example:\n  groundplan generate stacks/shop.hcl --out infra")]
pub(super) struct Generate {
    #[command(flatten)]
    inputs: Inputs,
    #[command(flatten)]
    report: Report,
    #[command(flatten)]
    output: Output,
    /// Write nothing; exit with 2 when something would change
    #[arg(long)]
    check: bool,
    /// Overwrite generated files that were edited by hand, and foreign files in their places
    #[arg(long)]
    force: bool,
}

impl Generate {
    pub(super) fn run(&self, io: &mut Io<'_>) -> Result<Exit, Failure> {
        let stacks = self.inputs.compile(|stack| self.output.previous(stack), &self.report, io)?;
        let Some(stacks) = stacks else { return Ok(Exit::Error) };
        let directories = self.output.directories(&stacks)?;
        let options = Options { force: self.force, ..Options::default() };
        if self.check {
            let Some(compared) = compare(&stacks, &directories, &options, io) else { return Ok(Exit::Error) };
            for ((compiled, directory), changes) in stacks.iter().zip(&directories).zip(&compared) {
                io.talk(compiled.summary(directory, changes));
            }
            let pending = compared.iter().any(|changes| !changes.is_empty());
            return Ok(if pending { Exit::Changes } else { Exit::Fine });
        }
        // Writing refuses what stands in its way by itself; of several stacks, all must be fine before the first one.
        if stacks.len() > 1 && compare(&stacks, &directories, &options, io).is_none() {
            return Ok(Exit::Error);
        }
        let mut next = None;
        for (compiled, directory) in stacks.iter().zip(&directories) {
            let changes = project::write(directory, &compiled.tree, &options)?;
            io.talk(compiled.summary(directory, &changes));
            if !changes.is_empty() {
                next.get_or_insert(directory);
            }
        }
        if let Some(directory) = next {
            let readme = directory.join("README.md");
            io.talk(format_args!("next: `{}` says how to plan and apply", readme.display()));
        }
        Ok(Exit::Fine)
    }
}
