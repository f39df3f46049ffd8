//! What a command may touch besides the library: two streams, their colours, and where it was started.

use std::fmt::Display;
use std::io::{ErrorKind, Write};
use std::path::PathBuf;
use std::process::ExitCode;

use anstyle::{AnsiColor, Style};

use crate::project::ProjectError;
use crate::render::Bug;

const ERROR: Style = AnsiColor::Red.on_default().bold();
const EMPHASIS: Style = Style::new().bold();

/// What the program tells its caller.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Exit {
    /// 0: done, and nothing is pending.
    Fine,
    /// 1: a mistake in a stack file or in the arguments, or a failure.
    Error,
    /// 2: no error, but the directory is not what the stack file says.
    Changes,
    /// 3: no error, but what is pending destroys or replaces data.
    LosesData,
}

impl From<Exit> for ExitCode {
    fn from(exit: Exit) -> Self {
        ExitCode::from(match exit {
            Exit::Fine => 0,
            Exit::Error => 1,
            Exit::Changes => 2,
            Exit::LosesData => 3,
        })
    }
}

/// Why a command could not do what it was asked; mistakes in stack files are diagnostics instead.
#[derive(Debug, thiserror::Error)]
pub(super) enum Failure {
    /// The disk.
    #[error(transparent)]
    Project(#[from] ProjectError),
    /// This program.
    #[error(transparent)]
    Bug(#[from] Bug),
    /// Standard output.
    #[error("cannot write to standard output: {0}")]
    Output(std::io::Error),
    /// The arguments.
    #[error("{0}")]
    Arguments(String),
}

/// The surroundings of a run.
pub struct Io<'a> {
    /// Standard output: data.
    pub out: &'a mut dyn Write,
    /// Standard error: talk.
    pub err: &'a mut dyn Write,
    /// Whether `out` shows colours.
    pub out_color: bool,
    /// Whether `err` shows colours.
    pub err_color: bool,
    /// The current directory, absolute; empty when it is not known.
    pub directory: PathBuf,
}

impl Io<'_> {
    /// Sets the colours of both streams.
    pub(super) fn color(&mut self, color: bool) {
        (self.out_color, self.err_color) = (color, color);
    }

    /// Writes data. A reader that has gone away has seen enough, and is no failure.
    pub(super) fn data(&mut self, text: &str) -> Result<(), Failure> {
        match self.out.write_all(text.as_bytes()).and_then(|()| self.out.flush()) {
            Err(error) if error.kind() != ErrorKind::BrokenPipe => Err(Failure::Output(error)),
            _ => Ok(()),
        }
    }

    /// Writes a line for people. When it cannot be written there is nobody to tell.
    pub(super) fn talk(&mut self, line: impl Display) {
        let _ = writeln!(self.err, "{line}");
    }

    /// Reports a failure.
    pub(super) fn complain(&mut self, failure: &Failure) {
        let style = if self.err_color { ERROR } else { Style::new() };
        self.talk(format_args!("{style}error{style:#}: {failure}"));
    }

    /// Bold, where standard output shows it.
    pub(super) fn strong(&self, text: &str) -> String {
        let style = if self.out_color { EMPHASIS } else { Style::new() };
        format!("{style}{text}{style:#}")
    }
}

#[cfg(test)]
mod tests {
    use std::io;

    use super::*;

    struct Broken(ErrorKind);

    impl Write for Broken {
        fn write(&mut self, _: &[u8]) -> io::Result<usize> {
            Err(self.0.into())
        }

        fn flush(&mut self) -> io::Result<()> {
            Ok(())
        }
    }

    #[test]
    fn a_reader_that_went_away_is_fine_and_a_full_disk_is_not() {
        for (kind, fine) in [(ErrorKind::BrokenPipe, true), (ErrorKind::StorageFull, false)] {
            let (mut out, mut err) = (Broken(kind), Broken(kind));
            let mut io = Io {
                out: &mut out,
                err: &mut err,
                out_color: false,
                err_color: false,
                directory: PathBuf::new(),
            };
            io.talk("nobody hears this");
            assert_eq!(io.data("x").is_ok(), fine, "{kind}");
        }
    }
}
