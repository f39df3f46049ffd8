//! What was found in stack files, in the form that the reader wants.

use clap::{Args, ValueEnum};

use super::io::{Failure, Io};
use crate::catalog;
use crate::diagnostic::{Diagnostic, github, human, json, sarif};
use crate::source::Sources;

/// How to say what is wrong.
#[derive(Debug, Default, Args)]
pub(super) struct Report {
    /// How to say what is wrong with stack files: to people on standard error, to programs on standard output
    #[arg(long, value_enum, default_value_t)]
    format: Format,
}

/// How diagnostics are printed.
#[derive(Debug, Clone, Copy, Default, ValueEnum)]
enum Format {
    /// With the lines they are about
    #[default]
    Human,
    /// An array of objects
    Json,
    /// SARIF 2.1.0, for code scanning
    Sarif,
    /// Workflow commands of GitHub Actions, which mark lines of a pull request
    Github,
}

impl Report {
    /// Prints what was found. Formats that are documents are printed also when nothing was.
    pub(super) fn print(
        &self,
        found: &[Diagnostic],
        sources: &Sources,
        io: &mut Io<'_>,
    ) -> Result<(), Failure> {
        match self.format {
            Format::Human if found.is_empty() => Ok(()),
            Format::Human => {
                io.talk(human::render(found, sources, io.err_color).trim_end());
                Ok(())
            }
            Format::Json => io.data(&json::render(found, sources)),
            Format::Sarif => io.data(&sarif::render(found, sources, &catalog::codes())),
            Format::Github => io.data(&github::render(found, sources)),
        }
    }
}
