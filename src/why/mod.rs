//! Why a resource is there: the component and the lines that make it, who owns what of it, and which settings decide
//! about it. For one address of the generated tree, without Terraform.

mod json;
mod owners;
mod text;

use crate::diagnostic::nearest;
use crate::influence::{Experiment, Influence};

use crate::pipeline::Compiled;
use crate::render::{Bug, Engine};
use crate::review::{Action, Place};
use crate::show;
use crate::source::Sources;

pub use json::json;
pub use owners::Owner;
pub use text::text;

/// What is known of a resource.
#[derive(Debug, Clone, PartialEq)]
pub struct Why {
    /// The address that was asked for, of one instance or of all instances of a resource.
    pub address: String,
    /// The component that makes it; nothing for what the stack as a whole has.
    pub component: Option<String>,
    /// Where the component is written; nothing when others bring it along.
    pub place: Option<Place>,
    /// Its instances in each environment, by address.
    pub environments: Vec<(String, Vec<String>)>,
    /// The environment that the rest is about.
    pub environment: String,
    /// The arguments that others change besides Terraform.
    pub owners: Vec<Owner>,
    /// The settings that decide about it.
    pub effects: Vec<Effect>,
}

/// What a change of a setting does to the resource.
#[derive(Debug, Clone, PartialEq)]
pub struct Effect {
    /// The setting. Its changes are those of the resource.
    pub influence: Influence,
    /// The worst that happens to an instance.
    pub action: Action,
    /// The arguments that change, without what tells one instance from another.
    pub arguments: Vec<String>,
    /// Those of them that force a replacement.
    pub causes: Vec<String>,
    /// Whether data is lost.
    pub loses_data: bool,
}

/// Why there is no answer.
#[derive(Debug, thiserror::Error)]
pub enum WhyError {
    /// Nothing has the address.
    #[error("no environment has `{address}`; {help}")]
    Unknown {
        /// The address.
        address: String,
        /// What to ask for instead.
        help: String,
    },
    /// A fault of this program.
    #[error(transparent)]
    Bug(#[from] Bug),
}

/// Explains the resource at an address, with or without a key, in an environment; by default in the first that has it.
///
/// # Errors
/// An address that no environment has, and faults of this program.
pub fn why(
    engine: &Engine,
    sources: &Sources,
    compiled: &Compiled,
    address: &str,
    environment: Option<&str>,
) -> Result<Why, WhyError> {
    let all = &compiled.model.environments;
    let experiments = all.iter().map(|one| Experiment::new(engine, sources, compiled, one));
    let experiments = experiments.collect::<Result<Vec<_>, _>>()?;
    let instances = |experiment: &Experiment<'_>| -> Vec<String> {
        let addresses = experiment.instances().resources.keys();
        addresses.filter(|one| is_meant(one, address)).cloned().collect()
    };
    let environments: Vec<(String, Vec<String>)> = all
        .iter()
        .zip(&experiments)
        .map(|(one, experiment)| (one.name.to_string(), instances(experiment)))
        .collect();
    let here = all.iter().zip(&experiments).zip(&environments).find(|((one, _), (_, found))| {
        !found.is_empty() && environment.is_none_or(|wanted| *wanted == *one.name)
    });
    let Some(((here, experiment), (_, found))) = here else {
        let help = suggestion(address, &environments, &experiments);
        return Err(WhyError::Unknown { address: address.to_owned(), help });
    };
    let instance = found.first().and_then(|first| experiment.instances().resources.get(first));
    let name = instance.and_then(|instance| instance.component.clone());
    let components = show::components(&compiled.model, here, sources);
    let component = components.iter().find(|one| Some(&one.name) == name.as_ref());
    let owners = match (instance, component) {
        (Some(instance), Some(component)) => owners::owners(instance, component, &compiled.model, here),
        _ => Vec::new(),
    };
    let mut influences =
        name.as_deref().map(|name| experiment.influences(name)).transpose()?.unwrap_or_default();
    influences.extend(experiment.common()?);
    Ok(Why {
        address: address.to_owned(),
        place: component.and_then(|one| one.place.clone()),
        component: name,
        environments,
        environment: here.name.to_string(),
        owners,
        effects: influences.into_iter().filter_map(|influence| effect(influence, address)).collect(),
    })
}

/// Whether an instance is the one asked for, or one of the resource asked for.
fn is_meant(instance: &str, address: &str) -> bool {
    instance.strip_prefix(address).is_some_and(|key| key.is_empty() || key.starts_with('['))
}

/// What a setting does to the resource, if it does something.
fn effect(mut influence: Influence, address: &str) -> Option<Effect> {
    influence.changes.retain(|change| {
        is_meant(&change.address, address)
            || change.moved_from.as_deref().is_some_and(|from| is_meant(from, address))
    });
    let action = influence.changes.iter().map(|change| change.action).min()?;
    let loses_data = influence.changes.iter().any(|change| change.loses_data());
    let mut arguments = Vec::new();
    let mut causes = Vec::new();
    for field in influence.changes.iter().flat_map(|change| &change.fields) {
        for list in [Some(&mut arguments), field.replaces.then_some(&mut causes)].into_iter().flatten() {
            if !list.contains(&field.path) {
                list.push(field.path.clone());
            }
        }
    }
    Some(Effect { influence, action, arguments, causes, loses_data })
}

/// What to say instead of an address that nothing has.
fn suggestion(
    address: &str,
    environments: &[(String, Vec<String>)],
    experiments: &[Experiment<'_>],
) -> String {
    let having: Vec<&str> =
        environments.iter().filter(|(_, found)| !found.is_empty()).map(|(name, _)| name.as_str()).collect();
    if !having.is_empty() {
        return format!("it is in {}", having.join(", "));
    }
    let mut known: Vec<&str> =
        experiments.iter().flat_map(|one| one.instances().resources.keys()).map(String::as_str).collect();
    known.sort_unstable();
    known.dedup();
    let mut resources: Vec<&str> = known.iter().map(|one| one.split('[').next().unwrap_or(one)).collect();
    resources.dedup();
    // A resource without its module is what most people remember.
    let within = known.iter().chain(&resources).find(|known| known.ends_with(&format!(".{address}")));
    let all: Vec<&str> = known.iter().chain(&resources).copied().collect();
    match within.copied().or_else(|| nearest(address, &all)) {
        Some(near) => format!("did you mean `{near}`?"),
        None => "`terraform state list` prints addresses, and `groundplan.lock` has them all".to_owned(),
    }
}
