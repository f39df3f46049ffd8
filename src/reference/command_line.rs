//! The page of the command line, from what clap knows.

use clap::Command;

use super::header;

/// Characters in a line of help.
const WIDTH: usize = 100;

/// The help of the program and of every command.
pub(super) fn page(command: &Command) -> String {
    let mut command = command.clone().term_width(WIDTH);
    command.build();
    let mut text = header("the arguments in `src/cli`");
    text += "# Command line\n";
    sections(&command, &mut text);
    text
}

/// A command, and those below it.
fn sections(command: &Command, text: &mut String) {
    section(command, text);
    for command in command.get_subcommands().filter(|command| command.get_name() != "help") {
        sections(command, text);
    }
}

fn section(command: &Command, text: &mut String) {
    let help = command.clone().render_long_help().to_string();
    let help: Vec<&str> = help.trim().lines().map(str::trim_end).collect();
    let name = command.get_bin_name().unwrap_or(command.get_name());
    *text += &format!("\n## `{name}`\n\n```text\n{}\n```\n", help.join("\n"));
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_command_has_a_section_with_its_whole_name() {
        let command = Command::new("tool")
            .subcommand(Command::new("check").after_help("Example").subcommand(Command::new("all")));
        let page = page(&command);
        assert!(page.contains("\n## `tool check`\n\n```text\n") && page.contains("\nExample\n```"), "{page}");
        assert!(page.contains("\n## `tool check all`\n") && !page.contains("help`\n"), "{page}");
    }
}
