//! What happens to each instance, and through it to those that refer to it.

use std::cell::RefCell;
use std::collections::BTreeMap;

use super::compare::{Comparison, Path, Step, names};
use super::schema;
use crate::aws::replacement;
use crate::evaluate::{Instance, Instances, Reference, Value};
use crate::review::Action;

/// What happens to an instance of the new tree.
#[derive(Debug, Clone)]
pub(super) struct Fate {
    pub action: Action,
    /// The paths of what differs.
    pub changed: Vec<Path>,
    /// Those that force its replacement.
    pub causes: Vec<Path>,
}

/// The fates of all instances, found when they are asked for. Old instances stand at their new addresses.
pub(super) struct Fates<'i> {
    old: &'i Instances,
    new: &'i Instances,
    found: RefCell<BTreeMap<String, Fate>>,
}

impl<'i> Fates<'i> {
    pub fn new(old: &'i Instances, new: &'i Instances) -> Self {
        Self { old, new, found: RefCell::default() }
    }

    /// What happens to the instance at an address of the new tree.
    pub fn of(&self, address: &str) -> Fate {
        if let Some(fate) = self.found.borrow().get(address) {
            return fate.clone();
        }
        let nothing = Fate { action: Action::Keep, changed: Vec::new(), causes: Vec::new() };
        let fate = match (self.old.resources.get(address), self.new.resources.get(address)) {
            (Some(old), Some(new)) => self.changed(old, new),
            (None, Some(_)) => Fate { action: Action::Create, ..nothing },
            (_, None) => nothing,
        };
        self.found.borrow_mut().insert(address.to_owned(), fate.clone());
        fate
    }

    fn changed(&self, old: &Instance, new: &Instance) -> Fate {
        let is_unknown = |value: &Value| self.is_unknown(value);
        let mut comparison =
            Comparison { resource: &new.resource, is_unknown: &is_unknown, found: Vec::new() };
        let ignored = &new.lifecycle.ignore_changes;
        comparison.arguments(&old.arguments, &new.arguments, |name| {
            ignored.iter().any(|ignored| ignored == name) || schema::is_write_only(name)
        });
        let mut found = comparison.found;
        if replacement::taggable(&new.resource) && self.tags_before(old) != self.tags_after(new) {
            found.push(vec![Step::Name("tags_all".to_owned())]);
        }
        let causes = self.causes(&found, old, new);
        let triggered =
            |trigger: &String| matches!(self.of(trigger).action, Action::Update | Action::Replace);
        let action = match found.is_empty() {
            _ if !causes.is_empty() || new.lifecycle.replace_triggered_by.iter().any(triggered) => {
                Action::Replace
            }
            true => Action::Keep,
            false => Action::Update,
        };
        Fate { action, changed: found, causes }
    }

    /// The paths among these that force a new resource.
    fn causes(&self, found: &[Path], old: &Instance, new: &Instance) -> Vec<Path> {
        if found.is_empty() {
            return Vec::new();
        }
        let [before, after] = [old, new].map(|instance| Value::Object(instance.arguments.clone()).to_json());
        let forces = |path: &&Path| {
            replacement::forces_new_between(&new.resource, &names(path), &before, &after).is_some()
        };
        found.iter().filter(forces).cloned().collect()
    }

    /// All tags of an old instance.
    pub fn tags_before(&self, instance: &Instance) -> BTreeMap<String, Value> {
        all_tags(self.old, instance)
    }

    /// All tags of a new instance.
    pub fn tags_after(&self, instance: &Instance) -> BTreeMap<String, Value> {
        all_tags(self.new, instance)
    }

    /// Whether a value of the new tree is known only after the apply.
    pub fn is_unknown(&self, value: &Value) -> bool {
        let mut unknown = false;
        value.each_reference(&mut |reference| unknown = unknown || self.is_made_anew(reference));
        unknown
    }

    /// Whether an attribute that is not configured gets another value.
    fn is_made_anew(&self, reference: &Reference) -> bool {
        let fate = self.of(&reference.address);
        match fate.action {
            Action::Create => !self.new.imports.contains_key(&reference.address),
            Action::Replace => true,
            Action::Update => {
                let target = self.new.resources.get(&reference.address);
                let changed: Vec<&str> =
                    fate.changed.iter().filter_map(|path| names(path).first().copied()).collect();
                target.is_some_and(|target| {
                    schema::changes_on_update(&target.resource, reference.attribute(), &changed)
                })
            }
            _ => false,
        }
    }
}

/// An instance's own tags, over those that everything has.
fn all_tags(of: &Instances, instance: &Instance) -> BTreeMap<String, Value> {
    let mut tags = of.default_tags.clone();
    if let Some(Value::Object(own)) = instance.arguments.get("tags") {
        tags.extend(own.clone());
    }
    tags
}
