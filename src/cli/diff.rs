//! `groundplan diff`: what `generate` would change.

use clap::Args;

use super::io::{Exit, Failure, Io};
use super::report::Report;
use super::stacks::{Inputs, Output, compare};
use crate::project::{Options, diff};

/// Show what `generate` would change, as a unified diff
///
/// Exits with 2 when there are changes
#[derive(Debug, Args)]
#[command(after_help = "Example:\n  groundplan diff stacks/shop.hcl --stat")]
pub(super) struct Diff {
    #[command(flatten)]
    inputs: Inputs,
    #[command(flatten)]
    report: Report,
    #[command(flatten)]
    output: Output,
    /// Show the number of lines per file instead of the lines
    #[arg(long)]
    stat: bool,
}

impl Diff {
    pub(super) fn run(&self, io: &mut Io<'_>) -> Result<Exit, Failure> {
        let stacks = self.inputs.compile(|stack| self.output.previous(stack), &self.report, io)?;
        let Some(stacks) = stacks else { return Ok(Exit::Error) };
        let directories = self.output.directories(&stacks)?;
        let compared = compare(&stacks, &directories, &Options::default(), io);
        let Some(compared) = compared else { return Ok(Exit::Error) };
        for ((compiled, directory), changes) in stacks.iter().zip(&directories).zip(&compared) {
            let text = if self.stat { diff::stat(changes) } else { diff::unified(changes, io.out_color) };
            // Paths are relative to each directory, so with several the text has to say which; `patch` skips the line.
            if stacks.len() > 1 && !text.is_empty() {
                io.data(&format!("{}:\n", io.strong(&directory.display().to_string())))?;
            }
            io.data(&text)?;
            io.talk(compiled.summary(directory, changes));
        }
        let pending = compared.iter().any(|changes| !changes.is_empty());
        Ok(if pending { Exit::Changes } else { Exit::Fine })
    }
}
