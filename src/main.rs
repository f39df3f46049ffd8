//! The `groundplan` command: hands the process's arguments and streams to [`groundplan::cli`].

use std::process::ExitCode;

use anstream::{AutoStream, ColorChoice};
use groundplan::cli::{self, Io};

fn main() -> ExitCode {
    let (mut out, mut err) = (std::io::stdout(), std::io::stderr());
    let out_color = AutoStream::choice(&out) != ColorChoice::Never;
    let err_color = AutoStream::choice(&err) != ColorChoice::Never;
    let directory = std::env::current_dir().unwrap_or_default();
    let mut io = Io { out: &mut out, err: &mut err, out_color, err_color, directory };
    cli::run(std::env::args_os(), &mut io).into()
}
