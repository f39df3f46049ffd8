//! `groundplan man`: one manual page for all commands.

use clap::Args;

use super::io::{Exit, Failure, Io};

/// Print the manual page
#[derive(Debug, Args)]
#[command(after_help = "Example:\n  groundplan man > /usr/local/share/man/man1/groundplan.1")]
pub(super) struct Man {}

impl Man {
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
    clap_mangen::Man::new(command.clone()).render(&mut page)?;
    let mut text = String::from_utf8_lossy(&page).into_owned();
    for command in command.get_subcommands() {
        let name = command.get_bin_name().unwrap_or(command.get_name()).to_uppercase();
        let man = clap_mangen::Man::new(command.clone());
        let mut section = Vec::new();
        man.render_synopsis_section(&mut section)?;
        man.render_description_section(&mut section)?;
        man.render_options_section(&mut section)?;
        man.render_extra_section(&mut section)?;
        // The sections of a command are parts of its own section here.
        let section = String::from_utf8_lossy(&section).replace(".SH ", ".SS ");
        text += &format!(".SH \"{name}\"\n{section}");
    }
    Ok(text)
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
        assert_eq!(page.matches("\n.TH ").count() + usize::from(page.starts_with(".TH ")), 1);
    }
}
