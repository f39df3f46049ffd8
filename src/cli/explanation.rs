//! How `diff --against` and `review` say what happens.

use clap::{Args, ValueEnum};

use super::io::{Exit, Failure, Io};
use crate::review::line::Line;
use crate::review::{Environment, Report, Verdict, unused, verdict};

/// How a change is explained.
#[derive(Debug, Args)]
pub(super) struct Explanation {
    /// How to print the report; `markdown` is for a comment on a pull request, and never longer than one may be
    #[arg(long, value_enum, default_value = "text")]
    pub(super) format: Format,
    /// Address of which the data may be lost, exactly as the report prints it; may be repeated
    #[arg(long = "allow", value_name = "ADDRESS")]
    pub(super) allowed: Vec<String>,
}

/// The form of an explanation.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(super) enum Format {
    /// For the terminal
    Text,
    /// For a comment on a pull request
    Markdown,
    /// For programs
    Json,
}

impl Explanation {
    /// Prints what happens in environments, and says by the exit code how bad it is.
    pub(super) fn print(
        &self,
        environments: &[Environment],
        notes: &[Line],
        io: &mut Io<'_>,
    ) -> Result<Exit, Failure> {
        let report = Report::new(environments, &self.allowed, notes);
        io.data(&match self.format {
            Format::Text => report.text(io.out_color),
            Format::Markdown => report.markdown(),
            Format::Json => report.json(),
        })?;
        for address in unused(environments, &self.allowed) {
            io.talk(format_args!("warning: `--allow {address}` matches no resource whose data is lost"));
        }
        Ok(match verdict(environments, &self.allowed) {
            Verdict::None => Exit::Fine,
            Verdict::Changes => Exit::Changes,
            Verdict::LosesData => Exit::LosesData,
        })
    }
}
