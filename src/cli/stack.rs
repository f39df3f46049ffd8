//! What commands that look at one stack have in common: reading the stack file, and choosing environments.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use clap::{Args, ValueEnum, ValueHint};

use super::io::{Failure, Io};
use crate::diagnostic::{Outcome, human, nearest};
use crate::model::Model;
use crate::pipeline::Compiled;
use crate::render::Engine;
use crate::source::{FileId, Sources};
use crate::{pipeline, project};

/// How the answer is printed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(super) enum Format {
    Text,
    Json,
}

/// The argument of a stack file.
#[derive(Debug, Args)]
pub(super) struct File {
    /// Stack file, `.hcl` or `.json`; `-` reads standard input
    #[arg(value_name = "STACK", value_hint = ValueHint::FilePath)]
    path: PathBuf,
}

impl File {
    /// The stack file at a path.
    pub(super) fn at(path: &Path) -> Self {
        Self { path: path.to_owned() }
    }

    /// Reads and checks the stack file; reports its errors, and gives nothing then.
    pub(super) fn check(&self, io: &mut Io<'_>) -> Result<Option<(Sources, Model)>, Failure> {
        self.read(io, |sources, file| Ok(pipeline::check(sources, file)))
    }

    /// The same with the tree that it becomes.
    pub(super) fn compile(
        &self,
        engine: &Engine,
        io: &mut Io<'_>,
    ) -> Result<Option<(Sources, Compiled)>, Failure> {
        self.read(io, |sources, file| Ok(pipeline::compile(engine, sources, file, |_| BTreeMap::new())?))
    }

    fn read<T>(
        &self,
        io: &mut Io<'_>,
        work: impl FnOnce(&Sources, FileId) -> Result<Outcome<T>, Failure>,
    ) -> Result<Option<(Sources, T)>, Failure> {
        let mut sources = Sources::default();
        let file = sources.add(project::read_stack(&self.path)?);
        let outcome = work(&sources, file)?;
        if outcome.has_errors() {
            io.talk(human::render(&outcome.diagnostics, &sources, io.err_color).trim_end());
            return Ok(None);
        }
        Ok(outcome.value.map(|value| (sources, value)))
    }
}

/// A name of the arguments that has to be one of those known.
pub(super) fn known(what: &str, name: &str, known: &[&str]) -> Result<(), Failure> {
    if known.contains(&name) {
        return Ok(());
    }
    let help = match nearest(name, known) {
        Some(near) => format!("did you mean `{near}`?"),
        None => format!(
            "the stack has {}",
            known.iter().map(|name| format!("`{name}`")).collect::<Vec<_>>().join(", ")
        ),
    };
    Err(Failure::Arguments(format!("there is no {what} `{name}`; {help}")))
}
