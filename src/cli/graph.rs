//! `groundplan graph`: the architecture as a picture.

use std::path::PathBuf;

use clap::{Args, ValueEnum, ValueHint};

use super::io::{Exit, Failure, Io};
use crate::diagnostic::human;
use crate::graph::{self, Graph as Picture};
use crate::source::Sources;
use crate::{pipeline, project};

/// Draw the architecture of a stack
///
/// Writes a picture to standard output: what stands in which subnets and outside of them, which routes lead where, and
/// who may connect to, read and change what. The generated README shows the picture of all environments without sizes
#[derive(Debug, Args)]
#[command(after_help = "Example:\n  groundplan graph stacks/shop.hcl --environment production > shop.svg")]
pub(super) struct Graph {
    /// Stack file, `.hcl` or `.json`; `-` reads standard input
    #[arg(value_name = "STACK", value_hint = ValueHint::FilePath)]
    stack: PathBuf,
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
        let mut sources = Sources::default();
        let file = sources.add(project::read_stack(&self.stack)?);
        let checked = pipeline::check(&sources, file);
        if !checked.diagnostics.is_empty() {
            io.talk(human::render(&checked.diagnostics, &sources, io.err_color).trim_end());
        }
        let model = match &checked.value {
            Some(model) if !checked.has_errors() => model,
            _ => return Ok(Exit::Error),
        };
        let names: Vec<&str> = model.environments.iter().map(|environment| &*environment.name).collect();
        let environment = self.environment.as_deref();
        if let Some(unknown) = environment.filter(|name| !names.contains(name)) {
            let names = names.iter().map(|name| format!("`{name}`")).collect::<Vec<_>>().join(", ");
            return Err(Failure::Arguments(format!(
                "there is no environment `{unknown}`; the stack has {names}"
            )));
        }
        let picture = Picture::of(model, environment);
        io.data(&match self.format {
            Format::Svg => graph::svg(&picture),
            Format::Mermaid => graph::mermaid(&picture),
            Format::Dot => graph::dot(&picture),
        })?;
        Ok(Exit::Fine)
    }
}
