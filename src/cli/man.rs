//! `groundplan man`: one manual page for all commands.

use clap::{Args, Command};
use clap_mangen::Man;

use super::io::{Exit, Failure, Io};

/// Print the manual page
#[derive(Debug, Args)]
#[command(after_help = "Example:\n  groundplan man > /usr/local/share/man/man1/groundplan.1")]
pub(super) struct Manual {}

impl Manual {
    pub(super) fn run(&self, io: &mut Io<'_>) -> Result<Exit, Failure> {
        let page = page().map_err(Failure::Output)?;
        io.data(&page)?;
        Ok(Exit::Fine)
    }
}

/// The page of the program, with a section for every command.
fn page() -> std::io::Result<String> {
    let mut command = super::command();
    command.build();
    let mut page = Vec::new();
    let man = Man::new(command.clone());
    man.render_title(&mut page)?;
    man.render_name_section(&mut page)?;
    page.extend(sections(&man)?.into_bytes());
    below(&command, &mut page)?;
    Ok(String::from_utf8_lossy(&page).into_owned())
}

/// The commands below one.
fn below(command: &Command, page: &mut Vec<u8>) -> std::io::Result<()> {
    for command in command.get_subcommands() {
        let name = command.get_bin_name().unwrap_or(command.get_name()).to_uppercase();
        // The sections of a command are parts of its own section here.
        let sections = sections(&Man::new(command.clone()))?.replace(".SH ", ".SS ");
        page.extend(format!(".SH \"{name}\"\n{sections}").into_bytes());
        if command.get_name() != "help" {
            below(command, page)?;
        }
    }
    Ok(())
}

/// What the program and its commands have alike.
fn sections(man: &Man) -> std::io::Result<String> {
    let mut text = Vec::new();
    man.render_synopsis_section(&mut text)?;
    man.render_description_section(&mut text)?;
    man.render_options_section(&mut text)?;
    man.render_extra_section(&mut text)?;
    // Extra is what clap prints after the help, which is the example.
    Ok(String::from_utf8_lossy(&text).replace(".SH EXTRA\n", ".SH EXAMPLE\n").replace("\nExample:\n", "\n"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_command_has_a_section() {
        let page = page().unwrap();
        for command in super::super::command().get_subcommands() {
            let name = command.get_name().to_uppercase();
            assert!(page.contains(&format!("\n.SH \"GROUNDPLAN {name}\"\n")), "{name}");
        }
        assert!(page.contains("\n.SH \"GROUNDPLAN IMPORT COMPOSE\"\n"), "those below a command");
        assert_eq!(page.matches("\n.TH ").count() + usize::from(page.starts_with(".TH ")), 1);
    }
}
