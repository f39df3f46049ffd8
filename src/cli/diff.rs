//! `groundplan diff`: what `generate` would change; or what a change of stack files means.

use clap::Args;

use super::against;
use super::explanation::{Explanation, Format};
use super::io::{Exit, Failure, Io};
use super::report::Report;
use super::stacks::{Inputs, Output, compare};
use crate::project::{Options, diff};

/// Show what `generate` would change, or explain what changed since a revision
///
/// Shows the generated files as a unified diff. With `--against` it explains instead, in the words of the stack and for
/// each environment, what the change of the stack file since a git revision does to resources, without a state or an
/// account.
///
/// Exits with 2 when there are changes, and with 3 when they destroy or replace data (`--against` only)
#[derive(Debug, Args)]
#[command(after_help = "Example:\n  groundplan diff stacks/shop.hcl --stat\n  \
                        groundplan diff stacks/shop.hcl --against main --format markdown")]
pub(super) struct Diff {
    #[command(flatten)]
    inputs: Inputs,
    #[command(flatten)]
    output: Output,
    /// Show the number of lines per file instead of the lines
    #[arg(long, conflicts_with = "against")]
    stat: bool,
    /// Explain the difference to this git revision; with a colon it names another file: `main:stacks/old.hcl`
    #[arg(long, value_name = "REV")]
    against: Option<String>,
    #[command(flatten)]
    explanation: Explanation,
}

impl Diff {
    pub(super) fn run(&self, io: &mut Io<'_>) -> Result<Exit, Failure> {
        match &self.against {
            Some(revision) => against::run(&self.inputs.stacks, revision, &self.explanation, io),
            None => self.trees(io),
        }
    }

    /// Compares the generated trees with their directories.
    fn trees(&self, io: &mut Io<'_>) -> Result<Exit, Failure> {
        if self.explanation.format != Format::Text || !self.explanation.allowed.is_empty() {
            let told = "`--format` and `--allow` explain a change: say since when with `--against REV`";
            return Err(Failure::Arguments(told.to_owned()));
        }
        let report = Report::default();
        let stacks = self.inputs.compile(|stack| self.output.previous(stack), &report, io)?;
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
