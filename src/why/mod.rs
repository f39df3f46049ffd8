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
    #[error("{who} `{address}`; {help}")]
    Unknown {
        /// Who does not have it: `no environment has`.
        who: String,
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
        return Err(unknown(address, environment, &environments, &experiments));
    };
    let instance = found.first().and_then(|first| experiment.instances().resources.get(first));
    let name = instance.and_then(|instance| instance.component.clone());
    let components = show::components(&compiled.model, here, sources);
    let component = components.iter().find(|one| Some(&one.name) == name.as_ref());
    let owners = match (instance, component) {
        (Some(instance), Some(component)) => owners::owners(instance, component, &compiled.model, here),
        _ => Vec::new(),
    };
    let mut influences = experiment.influences(name.as_deref().unwrap_or_default())?;
    // The nearest first: the component's own settings, those of others, those of everybody.
    influences.sort_by_key(|one| (!one.component.contains('.'), Some(&one.component) != name.as_ref()));
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

/// That nothing has an address, or not the environment that was asked for.
fn unknown(
    address: &str,
    environment: Option<&str>,
    environments: &[(String, Vec<String>)],
    experiments: &[Experiment<'_>],
) -> WhyError {
    let having = environments.iter().filter(|(_, found)| !found.is_empty());
    let having: Vec<&str> = having.map(|(name, _)| name.as_str()).collect();
    let (who, help) = match environment {
        Some(environment) if !having.is_empty() => {
            (format!("{environment} does not have"), format!("{} has it", having.join(" and ")))
        }
        _ => ("no environment has".to_owned(), suggestion(address, experiments)),
    };
    WhyError::Unknown { who, address: address.to_owned(), help }
}

/// What to ask for instead of an address that nothing has.
fn suggestion(address: &str, experiments: &[Experiment<'_>]) -> String {
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

#[cfg(test)]
mod tests {
    use super::*;
    use crate::source::{Source, Syntax};
    use crate::testing::stack;

    fn explain(components: &str, address: &str, environment: Option<&str>) -> Result<Why, WhyError> {
        let mut sources = Sources::default();
        let file = sources.add(Source::new("a.hcl", &stack(components, ""), Syntax::Hcl));
        let engine = Engine::new().unwrap();
        let outcome = crate::pipeline::compile(&engine, &sources, file, |_| Default::default()).unwrap();
        assert!(outcome.value.is_some(), "{:#?}", outcome.diagnostics);
        why(&engine, &sources, &outcome.value.unwrap(), address, environment)
    }

    fn owners(why: &Why) -> Vec<(&str, &str, Option<usize>)> {
        let line = |owner: &Owner| owner.place.as_ref().map(|place| place.line);
        why.owners.iter().map(|owner| (owner.argument.as_str(), owner.owner.as_str(), line(owner))).collect()
    }

    const SERVICE: &str = r#"service "web" {
  image = "nginx:1"
  scaling {
    min = 1
    max = 4
    cpu = 60
    window "office" {
      from = "09:00"
      to   = "18:00"
      min  = 2
    }
  }
}
service "worker" {
  environments = ["production"]
  image        = "nginx:1"
}
service "boss" {
  environments = ["production"]
  image        = "nginx:1"
  access       = [service.worker]
}
"#;

    #[test]
    fn a_service_that_scales_leaves_its_number_to_autoscaling_and_its_bounds_to_windows() {
        let service = explain(SERVICE, "module.services.aws_ecs_service.web", None).unwrap();
        assert_eq!(service.component.as_deref(), Some("service.web"));
        let scaling = "Application Auto Scaling, between `min` and `max`";
        assert_eq!(owners(&service), [("desired_count", scaling, Some(19))]);
        assert!(service.effects.iter().all(|effect| effect.influence.route != ["tasks"]));

        let target = explain(SERVICE, "module.services.aws_appautoscaling_target.web", None).unwrap();
        let windows = "the windows and schedules of its scaling, at their times";
        assert_eq!(owners(&target), [("min_capacity", windows, Some(23))]);
    }

    #[test]
    fn an_instance_is_found_with_and_without_its_key_and_only_where_it_is() {
        let address = "module.services.aws_ecs_service.worker";
        for asked in [address.to_owned(), format!("{address}[0]")] {
            let found = explain(SERVICE, &asked, None).unwrap();
            let expected = [
                ("production".to_owned(), vec![format!("{address}[0]")]),
                ("staging".to_owned(), Vec::new()),
            ];
            assert_eq!(found.environments, expected);
            assert_eq!(
                owners(&found),
                [("desired_count", "service.boss, by its access to the service", None)]
            );
        }
        let error = explain(SERVICE, address, Some("staging")).unwrap_err().to_string();
        assert_eq!(error, format!("staging does not have `{address}`; production has it"));
    }

    #[test]
    fn an_address_that_is_not_there_gets_a_suggestion() {
        for asked in ["aws_ecs_service.web", "module.services.aws_ecs_service.wep"] {
            let error = explain(SERVICE, asked, None).unwrap_err().to_string();
            assert!(error.ends_with("did you mean `module.services.aws_ecs_service.web`?"), "{error}");
        }
        let far = explain(SERVICE, "x", None).unwrap_err().to_string();
        assert!(far.contains("`groundplan.lock` has them all"), "{far}");
    }
}
