//! The command line: arguments, streams, colours and exit codes. One file per command, each of which turns arguments
//! into calls of the library and the answer into text.
//!
//! Data goes to standard output, talk to standard error. Only this module prints and reads the environment.

mod against;
mod check;
mod completions;
mod diff;
mod explain;
mod explanation;
mod generate;
mod graph;
mod import;
mod io;
mod man;
mod moved;
mod new;
mod report;
mod review;
mod schema;
mod show;
mod stack;
mod stacks;
mod why;

use std::ffi::OsString;

use clap::{CommandFactory, Parser, Subcommand, ValueEnum};

pub use io::{Exit, Io};

use io::Failure;

/// Compile a stack file into workspace-aware Terraform modules
///
/// Exits with 0 when all is fine, 1 on an error, 2 when changes are pending (`diff`, `generate --check`, `review`),
/// and 3 when data would be lost (`diff --against`, `review`)
#[derive(Debug, Parser)]
#[command(
    name = "groundplan",
    version,
    disable_help_subcommand = true,
    max_term_width = 100,
    after_help = "Example:\n  \
                  groundplan new shop\n  \
                  groundplan generate stacks/shop.hcl"
)]
struct Cli {
    /// When to colour the output; `auto` does on a terminal unless `NO_COLOR` is set
    #[arg(long, global = true, value_enum, value_name = "WHEN", default_value = "auto")]
    color: Color,
    #[command(subcommand)]
    command: Command,
}

/// When to use colour.
#[derive(Debug, Clone, Copy, ValueEnum)]
enum Color {
    Auto,
    Always,
    Never,
}

#[derive(Debug, Subcommand)]
enum Command {
    Generate(generate::Generate),
    Diff(diff::Diff),
    Review(review::Review),
    Check(check::Check),
    Show(show::Show),
    Why(why::Why),
    Graph(graph::Graph),
    Explain(explain::Explain),
    Schema(schema::Schema),
    Moved(moved::Moved),
    New(new::New),
    Import(import::Import),
    Completions(completions::Completions),
    Man(man::Manual),
}

/// The whole command line, for completions, manual and reference.
pub fn command() -> clap::Command {
    Cli::command()
}

/// Runs the program with its arguments, the first of which is its own name.
pub fn run(arguments: impl IntoIterator<Item = OsString>, io: &mut Io<'_>) -> Exit {
    let cli = match Cli::try_parse_from(arguments) {
        Ok(cli) => cli,
        Err(error) => return usage(&error, io),
    };
    match cli.color {
        Color::Auto => {}
        Color::Always => io.color(true),
        Color::Never => io.color(false),
    }
    let result = match cli.command {
        Command::Generate(command) => command.run(io),
        Command::Diff(command) => command.run(io),
        Command::Review(command) => command.run(io),
        Command::Check(command) => command.run(io),
        Command::Show(command) => command.run(io),
        Command::Why(command) => command.run(io),
        Command::Graph(command) => command.run(io),
        Command::Explain(command) => command.run(io),
        Command::Schema(command) => command.run(io),
        Command::Moved(command) => command.run(io),
        Command::New(command) => command.run(io),
        Command::Import(command) => command.run(io),
        Command::Completions(command) => command.run(io),
        Command::Man(command) => command.run(io),
    };
    finish(result, io)
}

fn finish(result: Result<Exit, Failure>, io: &mut Io<'_>) -> Exit {
    result.unwrap_or_else(|failure| {
        io.complain(&failure);
        Exit::Error
    })
}

/// Help and version are data; everything else that clap says is about wrong arguments, which clap itself would answer
/// with the exit code that means pending changes here.
fn usage(error: &clap::Error, io: &mut Io<'_>) -> Exit {
    let text = error.render();
    let plain = |color: bool| if color { text.ansi().to_string() } else { text.to_string() };
    if error.use_stderr() {
        io.talk(plain(io.err_color).trim_end());
        return Exit::Error;
    }
    let printed = io.data(&format!("{}\n", plain(io.out_color).trim_end())).map(|()| Exit::Fine);
    finish(printed, io)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_arguments_contradict_nothing() {
        command().debug_assert();
    }

    #[test]
    fn every_command_says_what_it_does_and_shows_an_example() {
        let command = command();
        for command in command.get_subcommands().chain([&command]) {
            let name = command.get_name();
            let about = command.get_about().map(ToString::to_string).unwrap_or_default();
            assert!(about.starts_with(char::is_uppercase) && !about.ends_with('.'), "{name}: {about}");
            let after = command.get_after_help().map(ToString::to_string).unwrap_or_default();
            assert!(after.contains("Example:\n  groundplan "), "{name}: {after}");
            for argument in command.get_arguments().filter(|argument| argument.get_id() != "help") {
                let help = argument.get_help().map(ToString::to_string).unwrap_or_default();
                assert!(!help.is_empty() && !help.ends_with('.'), "{name} {}: {help}", argument.get_id());
            }
        }
    }
}
