//! `groundplan new`: a commented stack file to begin with.

use std::path::PathBuf;

use clap::{Args, ValueEnum};

use super::io::{Exit, Failure, Io};
use crate::project;
use crate::settings::values::name_problem;

/// Write a commented stack file to begin with
///
/// Never overwrites a file
#[derive(Debug, Args)]
#[command(after_help = "Example:\n  groundplan new shop --preset rails")]
pub(super) struct New {
    /// Name of the stack: lower-case letters, digits and single underscores
    name: String,
    /// What to begin with
    #[arg(long, value_enum, default_value = "minimal")]
    preset: Preset,
}

/// An example stack to begin with.
#[derive(Debug, Clone, Copy, ValueEnum)]
enum Preset {
    /// One service behind a load balancer
    Minimal,
    /// A Rails application with a worker, PostgreSQL and Redis
    Rails,
    /// Three services from one image, with database, cache and bucket
    Mastodon,
}

impl Preset {
    /// Its own name, the one in its `stack` block, and the stack file.
    fn stack(self) -> (&'static str, &'static str) {
        match self {
            Preset::Minimal => ("minimal", include_str!("../../stacks/minimal.hcl")),
            Preset::Rails => ("rails", include_str!("../../stacks/rails.hcl")),
            Preset::Mastodon => ("mastodon", include_str!("../../stacks/mastodon.hcl")),
        }
    }

    /// The stack file with another name.
    fn named(self, name: &str) -> String {
        let (own, text) = self.stack();
        text.replacen(&header(own), &header(name), 1)
    }
}

/// The line with a stack's name.
fn header(name: &str) -> String {
    format!("stack \"{name}\" {{\n")
}

impl New {
    pub(super) fn run(&self, io: &mut Io<'_>) -> Result<Exit, Failure> {
        if let Some(problem) = name_problem(&self.name) {
            return Err(Failure::Arguments(format!("`{}` is not a name of a stack: {problem}", self.name)));
        }
        let path = PathBuf::from("stacks").join(format!("{}.hcl", self.name));
        project::create(&path, &self.preset.named(&self.name))?;
        let path = path.display();
        io.talk(format_args!("wrote {path}"));
        io.talk(format_args!(
            "next: put in your accounts, domains and image, then run `groundplan generate {path}`"
        ));
        Ok(Exit::Fine)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_name_stands_in_one_place_of_every_preset() {
        for preset in Preset::value_variants() {
            let (own, text) = preset.stack();
            assert_eq!(text.matches(&header(own)).count(), 1, "{own}");
            let named = preset.named("my_shop");
            assert_eq!(named, text.replace(&header(own), "stack \"my_shop\" {\n"), "{own}");
            assert_ne!(named, text, "{own}");
        }
    }
}
