//! What Terraform would do to get from one tree to another, resource by resource: without Terraform, state or account.
//!
//! Takes what two trees come to in the same environment. What was applied is taken to be what the old tree says. Knows
//! neither stack files nor how changes are told.

mod addresses;
mod compare;
mod fate;
mod schema;
mod sides;
#[cfg(test)]
mod tests;

use std::collections::BTreeMap;

use crate::evaluate::{Instance, Instances};
use crate::review::{Action, Change, fields};

use addresses::without_key;
use fate::Fates;

/// What happens to the resource instances of one environment, by address; those to which nothing happens are left out.
/// `moves` are the `moved` blocks of the new tree: addresses until now to addresses from now on, of resources or of
/// single instances. What Terraform moves by itself need not be among them.
pub fn changes(old: &Instances, new: &Instances, moves: &BTreeMap<String, String>) -> Vec<Change> {
    let moved = addresses::pair(old, new, moves);
    let old = addresses::at_new_addresses(old, &moved);
    let came_from: BTreeMap<&str, &str> =
        moved.iter().filter(|(from, to)| from != to).map(|(from, to)| (to.as_str(), from.as_str())).collect();
    let fates = Fates::new(&old, new);
    let mut changes = Vec::new();
    for (address, instance) in &new.resources {
        let moved_from = came_from.get(address.as_str()).map(|from| (*from).to_owned());
        let imported = new.imports.get(address).filter(|_| !old.resources.contains_key(address));
        let fate = fates.of(address);
        let action = match fate.action {
            Action::Create if imported.is_some() => Action::Keep,
            action => action,
        };
        if action == Action::Keep && moved_from.is_none() && imported.is_none() {
            continue;
        }
        changes.push(Change {
            moved_from,
            imported: imported.map(|id| id.as_text().unwrap_or_default()),
            fields: match (action, old.resources.get(address)) {
                (Action::Create, _) => sides::identity(instance, &fates),
                (Action::Update | Action::Replace, Some(before)) => {
                    fields(&sides::sides(before, instance, &fate, &fates))
                }
                _ => Vec::new(),
            },
            ..change(address, instance, action)
        });
    }
    for (address, instance) in &old.resources {
        if !new.resources.contains_key(address) {
            let forgotten = new.forgotten.iter().any(|left| left == address || left == without_key(address));
            let action = if forgotten { Action::Forget } else { Action::Destroy };
            let fields = sides::identity_before(instance);
            changes.push(Change { fields, ..change(address, instance, action) });
        }
    }
    changes.sort_by(|left, right| left.address.cmp(&right.address));
    changes
}

fn change(address: &str, instance: &Instance, action: Action) -> Change {
    Change {
        address: address.to_owned(),
        resource: instance.resource.clone(),
        action,
        moved_from: None,
        imported: None,
        component: instance.component.clone(),
        data: instance.data,
        fields: Vec::new(),
    }
}
