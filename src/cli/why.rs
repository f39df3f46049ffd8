//! `groundplan why`: why a resource is there, who owns it, and what decides about it.

use clap::Args;

use super::io::{Exit, Failure, Io};
use super::stack::{File, Format, View, known};
use crate::render::{Bug, Engine};
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
    #[command(flatten)]
    view: View,
}

impl Why {
    pub(super) fn run(&self, io: &mut Io<'_>) -> Result<Exit, Failure> {
        let bug = |error: tera::Error| Bug { file: "templates".to_owned(), problem: error.to_string() };
        let engine = Engine::new().map_err(bug)?;
        let Some((sources, compiled)) = self.file.compile(&engine, io)? else { return Ok(Exit::Error) };
        if let Some(wanted) = &self.view.environment {
            let names: Vec<&str> = compiled.model.environments.iter().map(|one| &*one.name).collect();
            known("environment", wanted, &names)?;
        }
        let answer = why::why(&engine, &sources, &compiled, &self.address, self.view.environment.as_deref());
        let answer = answer.map_err(|error| match error {
            why::WhyError::Bug(bug) => Failure::Bug(bug),
            unknown => Failure::Arguments(unknown.to_string()),
        })?;
        io.data(&match self.view.format {
            Format::Text => why::text(&answer, io.out_color),
            Format::Json => why::json(&answer),
        })?;
        Ok(Exit::Fine)
    }
}
