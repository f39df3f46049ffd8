//! What another version of a stack file means: which settings say something else, and what that does to resources.
//!
//! Puts together what [`crate::show`], [`crate::evaluate`] and [`crate::predict`] say of each environment. Asks nobody: no state, no account.

use std::collections::BTreeMap;

use crate::evaluate::{Configuration, Instances, Problem};
use crate::model::{self, Model};
use crate::pipeline::Compiled;
use crate::predict;
use crate::review::{Environment, Place, Setting};
use crate::show;
use crate::source::Sources;

/// A version of a stack: what it was compiled to, and the text that this came from.
#[derive(Debug, Clone, Copy)]
pub struct Version<'a> {
    /// What it was compiled to.
    pub compiled: &'a Compiled,
    /// Where its places point.
    pub sources: &'a Sources,
}

/// What becomes of each environment of either version; without an old version everything is new. An environment that
/// the new version lacks has no changes, because Terraform can no longer plan its workspace.
///
/// # Errors
/// Only faults of this program: generated Terraform that it cannot evaluate.
pub fn environments(old: Option<Version<'_>>, new: Version<'_>) -> Result<Vec<Environment>, Problem> {
    let mut names: Vec<&str> = environment_names(&new.compiled.model).collect();
    names.extend(old.iter().flat_map(|old| environment_names(&old.compiled.model)));
    names.sort_unstable();
    names.dedup();
    let before = old.map(|old| Configuration::read(&old.compiled.tree)).transpose()?;
    let after = Configuration::read(&new.compiled.tree)?;
    let environment = |name: &str| -> Result<Environment, Problem> {
        let settings = settings(old, new, name);
        let changes = match new.environment(name) {
            None => Vec::new(),
            Some(_) => {
                let was = match (&before, old.and_then(|old| old.environment(name))) {
                    (Some(before), Some(_)) => before.instances(name)?,
                    _ => Instances::default(),
                };
                predict::changes(&was, &after.instances(name)?, &BTreeMap::new())
            }
        };
        Ok(Environment { name: name.to_owned(), settings, changes })
    };
    names.into_iter().map(environment).collect()
}

fn environment_names(model: &Model) -> impl Iterator<Item = &str> {
    model.environments.iter().map(|environment| &*environment.name)
}

impl<'a> Version<'a> {
    fn environment(self, name: &str) -> Option<&'a model::Environment> {
        self.compiled.model.environments.iter().find(|environment| &*environment.name == name)
    }

    /// The components of an environment by name; none in one that this version lacks.
    fn components(self, name: &str) -> BTreeMap<String, show::Component> {
        let environment = self.environment(name).into_iter();
        let components =
            environment.flat_map(|found| show::components(&self.compiled.model, found, self.sources));
        components.map(|component| (component.name.clone(), component)).collect()
    }
}

/// The settings that differ in an environment, by component.
fn settings(old: Option<Version<'_>>, new: Version<'_>, environment: &str) -> Vec<Setting> {
    let mut before = old.map(|old| old.components(environment)).unwrap_or_default();
    let after = new.components(environment);
    let mut found = Vec::new();
    for (name, component) in &after {
        match before.remove(name) {
            Some(was) => found.extend(differing(&was, component)),
            None => found.push(whole(component, |text| (None, Some(text)))),
        }
    }
    found.extend(before.values().map(|component| whole(component, |text| (Some(text), None))));
    found
}

/// A component that comes or goes.
fn whole(
    component: &show::Component,
    sides: impl FnOnce(String) -> (Option<String>, Option<String>),
) -> Setting {
    let (before, after) = sides(String::new());
    let place = component.place.clone();
    Setting { component: component.name.clone(), route: Vec::new(), before, after, place }
}

/// The settings of a component that say something else.
fn differing(old: &show::Component, new: &show::Component) -> Vec<Setting> {
    let mut before: BTreeMap<&[String], &show::Setting> =
        old.settings.iter().map(|setting| (&*setting.route, setting)).collect();
    let mut found = Vec::new();
    let setting = |route: &[String], before, after, place: Option<&Place>| Setting {
        component: new.name.clone(),
        route: route.to_vec(),
        before,
        after,
        place: place.cloned(),
    };
    for now in &new.settings {
        let was = before.remove(&*now.route);
        if was.is_none_or(|was| was.value != now.value) {
            let value = was.map(|was| was.value.clone());
            found.push(setting(&now.route, value, Some(now.value.clone()), now.place()));
        }
    }
    found
        .extend(before.iter().map(|(route, was)| setting(route, Some(was.value.clone()), None, was.place())));
    found
}
