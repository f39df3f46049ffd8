//! `groundplan check`: what is wrong with stack files.

use std::collections::BTreeMap;

use clap::Args;

use super::io::{Exit, Failure, Io};
use super::report::Report;
use super::stacks::Inputs;

/// Report everything that is wrong with stack files
///
/// Reads nothing but the stack files and writes nothing
#[derive(Debug, Args)]
#[command(after_help = "Example:\n  groundplan check stacks/*.hcl --format sarif > groundplan.sarif")]
pub(super) struct Check {
    #[command(flatten)]
    inputs: Inputs,
    #[command(flatten)]
    report: Report,
}

impl Check {
    pub(super) fn run(&self, io: &mut Io<'_>) -> Result<Exit, Failure> {
        let Some(stacks) = self.inputs.compile(|_| BTreeMap::new(), &self.report, io)? else {
            return Ok(Exit::Error);
        };
        for compiled in stacks {
            let files = compiled.tree.files.len();
            io.talk(format_args!("{}: no errors, makes {files} files", compiled.file));
        }
        Ok(Exit::Fine)
    }
}
