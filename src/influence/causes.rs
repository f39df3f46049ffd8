//! Which lines of a stack file cause replacements.

use std::collections::BTreeMap;

use super::{Experiment, Influence};
use crate::pipeline::Compiled;
use crate::render::{Bug, Engine};
use crate::review::{Change, Environment, Field, Place, Setting};
use crate::source::Sources;

/// Says of every cause of a replacement where the stack file sets it, as far as a setting is found that decides about it.
///
/// # Errors
/// Only faults of this program.
pub fn locate(
    engine: &Engine,
    sources: &Sources,
    compiled: &Compiled,
    environments: &mut [Environment],
) -> Result<(), Bug> {
    for Environment { name, settings, changes } in environments {
        if !changes.iter().any(|change| causes(change).next().is_some()) {
            continue;
        }
        let Some(model) = compiled.model.environments.iter().find(|model| *model.name == *name) else {
            continue;
        };
        let experiment = Experiment::new(engine, sources, compiled, model)?;
        let mut known: BTreeMap<String, Vec<Influence>> = BTreeMap::new();
        for change in changes {
            let Some(component) = change.component.clone().filter(|_| causes(change).next().is_some()) else {
                continue;
            };
            if !known.contains_key(&component) {
                let influences = experiment.influences(&component)?;
                known.insert(component.clone(), influences);
            }
            let (influences, address) = (&known[&component], &change.address);
            for field in change.fields.iter_mut().filter(|field| field.replaces) {
                field.place = place(influences, settings, address, &field.path);
            }
        }
    }
    Ok(())
}

/// The fields that force a replacement; a new revision alarms nobody.
fn causes(change: &Change) -> impl Iterator<Item = &Field> {
    change.fields.iter().filter(|field| field.replaces && !change.is_revision())
}

/// Where the setting is written that decides about a field. One that was changed goes before the others.
fn place(influences: &[Influence], changed: &[Setting], address: &str, path: &str) -> Option<Place> {
    let decides = |influence: &&Influence| {
        let mut at = influence.changes.iter().filter(|change| change.address == address);
        influence.place.is_some() && at.any(|change| change.fields.iter().any(|field| field.path == path))
    };
    let was_changed = |influence: &&Influence| {
        let same =
            |setting: &Setting| setting.component == influence.component && setting.route == influence.route;
        changed.iter().any(same)
    };
    let deciding: Vec<&Influence> = influences.iter().filter(decides).collect();
    let first =
        deciding.iter().copied().find(|influence| was_changed(influence)).or(deciding.first().copied());
    first?.place.clone()
}
