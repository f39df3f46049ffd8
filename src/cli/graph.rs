//! `groundplan graph`: the architecture as a picture.

use clap::{Args, ValueEnum};

use super::io::{Exit, Failure, Io};
use super::stack::{File, known};
use crate::graph::{self, Graph as Picture};

/// Draw the architecture of a stack
///
/// Writes a picture to standard output: what stands in which subnets and outside of them, which routes lead where, and
/// who may connect to, read and change what. The generated README shows the picture of all environments without sizes
#[derive(Debug, Args)]
#[command(after_help = "Example:\n  groundplan graph stacks/shop.hcl --environment production > shop.svg")]
pub(super) struct Graph {
    #[command(flatten)]
    file: File,
    /// Draw one environment instead of all of them with what differs marked
    #[arg(long, value_name = "ENVIRONMENT")]
    environment: Option<String>,
    /// Language of the picture
    #[arg(long, value_enum, default_value = "svg")]
    format: Format,
}

/// The language of a picture.
#[derive(Debug, Clone, Copy, ValueEnum)]
enum Format {
    Svg,
    Mermaid,
    Dot,
}

impl Graph {
    pub(super) fn run(&self, io: &mut Io<'_>) -> Result<Exit, Failure> {
        let Some((_, model)) = self.file.check(io)? else { return Ok(Exit::Error) };
        let environment = self.environment.as_deref();
        if let Some(wanted) = environment {
            let names: Vec<&str> = model.environments.iter().map(|one| &*one.name).collect();
            known("environment", wanted, &names)?;
        }
        let picture = Picture::of(&model, environment);
        io.data(&match self.format {
            Format::Svg => graph::svg(&picture),
            Format::Mermaid => graph::mermaid(&picture),
            Format::Dot => graph::dot(&picture),
        })?;
        Ok(Exit::Fine)
    }
}
