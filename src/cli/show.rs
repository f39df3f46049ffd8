//! `groundplan show`: what holds in each environment, and where it comes from.

use clap::Args;

use super::io::{Exit, Failure, Io};
use super::stack::{File, Format, known};
use crate::show;

/// Show what holds in each environment: every setting, and the line it comes from
///
/// Where environments agree there is one column. A line is that of the component's own block; `overlay` marks one in an
/// environment, `app` one in an app
#[derive(Debug, Args)]
#[command(after_help = "Example:\n  groundplan show stacks/shop.hcl service.web --environment production")]
pub(super) struct Show {
    #[command(flatten)]
    file: File,
    /// Components, `service.web`, or kinds, `service`; besides them `stack` and `environment`. Everything by default
    #[arg(value_name = "COMPONENT")]
    components: Vec<String>,
    /// The environment; all of them by default
    #[arg(long, value_name = "NAME")]
    environment: Option<String>,
    /// Print for people or for programs
    #[arg(long, value_enum, default_value = "text")]
    format: Format,
}

impl Show {
    pub(super) fn run(&self, io: &mut Io<'_>) -> Result<Exit, Failure> {
        let Some((sources, model)) = self.file.check(io)? else { return Ok(Exit::Error) };
        let mut environments = show::environments(&model, &sources);
        if let Some(wanted) = &self.environment {
            let names: Vec<&str> = environments.iter().map(|one| one.name.as_str()).collect();
            known("environment", wanted, &names)?;
            environments.retain(|one| one.name == *wanted);
        }
        self.choose(&mut environments)?;
        io.data(&match self.format {
            Format::Text => show::text(&environments, io.out_color),
            Format::Json => show::json(&model.stack.name, &environments),
        })?;
        Ok(Exit::Fine)
    }

    /// Leaves the components of the arguments.
    fn choose(&self, environments: &mut [show::Environment]) -> Result<(), Failure> {
        if self.components.is_empty() {
            return Ok(());
        }
        let all = environments.iter().flat_map(|one| &one.components);
        let mut names: Vec<&str> = all.map(|component| component.name.as_str()).collect();
        names.sort_unstable();
        names.dedup();
        let kinds = names.iter().filter_map(|name| name.split_once('.')).map(|(kind, _)| kind);
        let mut choices: Vec<&str> = names.iter().copied().chain(kinds).collect();
        choices.dedup();
        self.components.iter().try_for_each(|wanted| known("component", wanted, &choices))?;
        let chosen = |name: &str| {
            let kind = name.split_once('.').map_or(name, |(kind, _)| kind);
            self.components.iter().any(|wanted| wanted == name || wanted == kind)
        };
        for environment in environments {
            environment.components.retain(|component| chosen(&component.name));
        }
        Ok(())
    }
}
