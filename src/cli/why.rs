//! `groundplan why`: why a resource is there, who owns it, and what decides about it.

use clap::Args;

use super::io::{Exit, Failure, Io};
use super::stack::{File, Format, known};
use crate::render::Engine;
use crate::why;

/// Explain a resource: what makes it, who changes it, and what a change of the stack file would do to it
///
/// The last is found by trying: one setting at a time gets another value, and the stack is compiled again
#[derive(Debug, Args)]
#[command(after_help = "Example:\n  groundplan why stacks/shop.hcl module.services.aws_ecs_service.web")]
pub(super) struct Why {
    #[command(flatten)]
    file: File,
    /// Address of a resource or of one of its instances, as Terraform prints it
    address: String,
    /// The environment; by default the first that has the resource
    #[arg(long, value_name = "NAME")]
    environment: Option<String>,
    /// Print for people or for programs
    #[arg(long, value_enum, default_value = "text")]
    format: Format,
}

impl Why {
    pub(super) fn run(&self, io: &mut Io<'_>) -> Result<Exit, Failure> {
        let engine = Engine::new()?;
        let Some((sources, compiled)) = self.file.compile(&engine, io)? else { return Ok(Exit::Error) };
        if let Some(wanted) = &self.environment {
            let names: Vec<&str> = compiled.model.environments.iter().map(|one| &*one.name).collect();
            known("environment", wanted, &names)?;
        }
        let answer = why::why(&engine, &sources, &compiled, &self.address, self.environment.as_deref());
        let answer = answer.map_err(|error| match error {
            why::WhyError::Bug(bug) => Failure::Bug(bug),
            unknown => Failure::Arguments(unknown.to_string()),
        })?;
        io.data(&match self.format {
            Format::Text => why::text(&answer, io.out_color),
            Format::Json => why::json(&answer),
        })?;
        Ok(Exit::Fine)
    }
}
