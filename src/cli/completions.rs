//! `groundplan completions`: shell completions.

use clap::Args;
use clap_complete::Shell;

use super::io::{Exit, Failure, Io};

/// Print the completions of a shell
#[derive(Debug, Args)]
#[command(after_help = "Example:\n  groundplan completions bash > /etc/bash_completion.d/groundplan")]
pub(super) struct Completions {
    /// Which shell
    #[arg(value_enum)]
    shell: Shell,
}

impl Completions {
    pub(super) fn run(&self, io: &mut Io<'_>) -> Result<Exit, Failure> {
        let mut text = Vec::new();
        clap_complete::generate(self.shell, &mut super::command(), "groundplan", &mut text);
        io.data(&String::from_utf8_lossy(&text))?;
        Ok(Exit::Fine)
    }
}
