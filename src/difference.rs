//! What another version of a stack file means: which settings say something else, and what that does to resources.
//!
//! Puts together what [`crate::show`], [`crate::evaluate`] and [`crate::predict`] say of each environment. Asks nobody: no state, no account.

use std::collections::BTreeMap;

use crate::evaluate::{Configuration, Instances, Problem};
use crate::model;
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
/// the new version lacks, or the stack file as a whole, has no changes: Terraform can no longer plan its workspace.
///
/// # Errors
/// Only faults of this program: generated Terraform that it cannot evaluate.
pub fn environments(old: Option<Version<'_>>, new: Option<Version<'_>>) -> Result<Vec<Environment>, Problem> {
    let versions = [old, new].into_iter().flatten();
    let mut names: Vec<&str> = versions
        .flat_map(|version| version.compiled.model.environments.iter().map(|environment| &*environment.name))
        .collect();
    names.sort_unstable();
    names.dedup();
    let read = |version: Option<Version<'_>>| {
        version.map(|version| Configuration::read(&version.compiled.tree)).transpose()
    };
    let (before, after) = (read(old)?, read(new)?);
    let instances = |tree: &Option<Configuration>, version: Option<Version<'_>>, name: &str| {
        let here = version.is_some_and(|version| version.environment(name).is_some());
        tree.as_ref().filter(|_| here).map_or_else(|| Ok(Instances::default()), |tree| tree.instances(name))
    };
    let environment = |name: &str| -> Result<Environment, Problem> {
        let new = new.filter(|new| new.environment(name).is_some());
        let changes = match new {
            None => Vec::new(),
            Some(version) => {
                let (was, is) = (instances(&before, old, name)?, instances(&after, new, name)?);
                predict::changes(&was, &is, &version.compiled.tree.moves)
            }
        };
        Ok(Environment { name: name.to_owned(), settings: settings(old, new, name), changes })
    };
    names.into_iter().map(environment).collect()
}

impl<'a> Version<'a> {
    fn environment(self, name: &str) -> Option<&'a model::Environment> {
        self.compiled.model.environments.iter().find(|environment| &*environment.name == name)
    }

    /// What the renamed components of an environment were called, the latest name first, by what they are called.
    fn former_names(self, name: &str) -> BTreeMap<String, Vec<String>> {
        let components = self.environment(name).into_iter().flat_map(|found| &found.components);
        let renamed = components.map(|(id, entry)| {
            let former = entry.common.renamed_from.0.iter().rev();
            (id.to_string(), former.map(|(_, former)| format!("{}.{}", id.kind, former.0)).collect())
        });
        renamed.collect()
    }

    /// The components of an environment by name; none in one that this version lacks.
    fn components(self, name: &str) -> BTreeMap<String, show::Component> {
        let environment = self.environment(name).into_iter();
        let components =
            environment.flat_map(|found| show::components(&self.compiled.model, found, self.sources));
        components.map(|component| (component.name.clone(), component)).collect()
    }
}

/// The settings that differ in an environment, by component. Of one that is gone only that it is.
fn settings(old: Option<Version<'_>>, new: Option<Version<'_>>, environment: &str) -> Vec<Setting> {
    let mut before = old.map(|old| old.components(environment)).unwrap_or_default();
    let Some(new) = new else {
        before.retain(|name, _| name == "environment");
        return before.values().map(|component| whole(component, |text| (Some(text), None))).collect();
    };
    let after = new.components(environment);
    let former = new.former_names(environment);
    let mut found = Vec::new();
    for (name, component) in &after {
        let former =
            former.get(name).into_iter().flatten().chain([name]).find_map(|name| before.remove(name));
        match former {
            Some(was) => found.extend(differing(&was, component)),
            // Of a new environment, what it says of itself and of the stack is no news.
            None if name == "stack" => {}
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

/// The settings of a component that say something else. What only comes or goes with its block, a default or a part of
/// what was removed, is left out.
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
        let comes_along = was.is_none() && now.place().is_none();
        if !comes_along && was.is_none_or(|was| was.value != now.value) {
            let value = was.map(|was| was.value.clone());
            found.push(setting(&now.route, value, Some(now.value.clone()), now.place()));
        }
    }
    found
        .extend(before.iter().map(|(route, was)| setting(route, Some(was.value.clone()), None, was.place())));
    found
}
