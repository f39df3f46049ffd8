//! `groundplan moved`: what renamed components were called before.

use std::path::Path;

use clap::Args;

use super::io::{Exit, Failure, Io};
use super::report::Report;
use super::stacks::{Compiled, Inputs};
use crate::pipeline;
use crate::project;
use crate::render::Engine;
use crate::source::Sources;

/// List the former addresses of renamed components
///
/// Terraform moves them, in every environment, for as long as `renamed_from` stands in the stack file
#[derive(Debug, Args)]
#[command(after_help = "Example:\n  groundplan moved stacks/shop.hcl --prune")]
pub(super) struct Moved {
    #[command(flatten)]
    inputs: Inputs,
    /// Write `aws_name` instead of `renamed_from` into the stack files, when every environment is applied
    #[arg(long)]
    prune: bool,
}

impl Moved {
    pub(super) fn run(&self, io: &mut Io<'_>) -> Result<Exit, Failure> {
        if self.prune && self.inputs.stacks.iter().any(|path| path.as_os_str() == "-") {
            return Err(Failure::Arguments("standard input cannot be changed: name a stack file".to_owned()));
        }
        let Some(stacks) = self.inputs.compile(|_| Default::default(), &Report::default(), io)? else {
            return Ok(Exit::Error);
        };
        for (path, compiled) in self.inputs.stacks.iter().zip(&stacks) {
            if self.prune {
                prune(path, compiled, io)?;
            } else {
                list(compiled, io)?;
            }
        }
        Ok(Exit::Fine)
    }
}

fn list(compiled: &Compiled, io: &mut Io<'_>) -> Result<(), Failure> {
    for (former, present) in &compiled.tree.moves {
        io.data(&format!("{former} -> {present}\n"))?;
    }
    let count = compiled.tree.moves.len();
    io.talk(format_args!(
        "{}: {count} former {}",
        compiled.file,
        if count == 1 { "address" } else { "addresses" }
    ));
    Ok(())
}

fn prune(path: &Path, compiled: &Compiled, io: &mut Io<'_>) -> Result<(), Failure> {
    let engine = Engine::new()?;
    let mut sources = Sources::default();
    let file = sources.add(project::read_stack(path)?);
    let before = sources.get(file).text.clone();
    let pruned = pipeline::prune(&engine, &sources, file)?;
    match pruned.filter(|after| **after != *before) {
        None => io.talk(format_args!("{}: nothing was renamed", compiled.file)),
        Some(after) => {
            project::replace(path, &before, &after)?;
            io.talk(format_args!("{}: wrote `aws_name`; run `groundplan generate`", compiled.file));
        }
    }
    Ok(())
}
