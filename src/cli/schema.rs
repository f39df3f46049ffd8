//! `groundplan schema`: the JSON Schema of a stack file.

use clap::Args;

use super::io::{Exit, Failure, Io};
use crate::reference;

/// Print the JSON Schema of a stack file in JSON
#[derive(Debug, Args)]
#[command(after_help = "Example:\n  groundplan schema > stack.schema.json")]
pub(super) struct Schema {}

impl Schema {
    pub(super) fn run(&self, io: &mut Io<'_>) -> Result<Exit, Failure> {
        io.data(&format!("{:#}\n", reference::schema()))?;
        Ok(Exit::Fine)
    }
}
