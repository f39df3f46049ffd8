//! `groundplan explain`: the pages of diagnostic codes.

use clap::Args;

use super::io::{Exit, Failure, Io};
use crate::catalog;
use crate::diagnostic::nearest;

/// Explain a diagnostic code, or list all of them
#[derive(Debug, Args)]
#[command(after_help = "Example:\n  groundplan explain fargate-size")]
pub(super) struct Explain {
    /// The code in the brackets of a diagnostic
    code: Option<String>,
}

impl Explain {
    pub(super) fn run(&self, io: &mut Io<'_>) -> Result<Exit, Failure> {
        let text = match &self.code {
            None => table(),
            Some(name) => page(name, io)?,
        };
        io.data(&text)?;
        Ok(Exit::Fine)
    }
}

fn page(name: &str, io: &Io<'_>) -> Result<String, Failure> {
    let Some(code) = catalog::find(name) else {
        let known: Vec<&str> = catalog::codes().iter().map(|code| code.name).collect();
        let help = match nearest(name, &known) {
            Some(near) => format!("did you mean `{near}`?"),
            None => "`groundplan explain` lists all".to_owned(),
        };
        return Err(Failure::Arguments(format!("there is no code `{name}`; {help}")));
    };
    let (name, severity) = (io.strong(code.name), code.severity.name());
    Ok(format!("{name} ({severity}): {}\n\n{}\n", code.title, code.explanation.trim()))
}

fn table() -> String {
    let codes = catalog::codes();
    let width = codes.iter().map(|code| code.name.len()).max().unwrap_or_default();
    let line = |code: &&crate::diagnostic::Code| {
        format!("{:width$}  {:7}  {}\n", code.name, code.severity.name(), code.title)
    };
    codes.iter().map(line).collect()
}
