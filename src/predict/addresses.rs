//! Which instance of the new tree an instance of the old one becomes.

use std::collections::BTreeMap;

use crate::evaluate::{Instance, Instances};

/// An instance's address without its key: `module.a.aws_x.y["z"]` is `module.a.aws_x.y`.
pub(super) fn without_key(address: &str) -> &str {
    match address.strip_suffix(']') {
        // A key may hold any character, a name only those of identifiers: the first bracket begins the key.
        Some(_) => address.split('[').next().unwrap_or(address),
        None => address,
    }
}

/// The new address of every old instance that is still there, which is its own for most.
pub(super) fn pair(
    old: &Instances,
    new: &Instances,
    moves: &BTreeMap<String, String>,
) -> BTreeMap<String, String> {
    let mut pairs = BTreeMap::new();
    for address in old.resources.keys() {
        let explicit = explicitly(address, moves).unwrap_or_else(|| address.clone());
        let target = match new.resources.contains_key(&explicit) {
            true => Some(explicit),
            false => by_itself(&explicit).filter(|target| new.resources.contains_key(target)),
        };
        // Terraform moves nothing to where something is.
        let free = |target: &String| target == address || !old.resources.contains_key(target);
        if let Some(target) = target.filter(free) {
            pairs.insert(address.clone(), target);
        }
    }
    pairs
}

/// Where a `moved` block takes an instance: one for it, or one for its resource as a whole.
fn explicitly(address: &str, moves: &BTreeMap<String, String>) -> Option<String> {
    let resource = without_key(address);
    let key = &address[resource.len()..];
    moves.get(address).cloned().or_else(|| Some(format!("{}{key}", moves.get(resource)?)))
}

/// Where Terraform moves an instance by itself when its resource gets a `count`, or has none any more.
fn by_itself(address: &str) -> Option<String> {
    match address.strip_suffix("[0]") {
        Some(single) => Some(single.to_owned()),
        None if address.ends_with(']') => None,
        None => Some(format!("{address}[0]")),
    }
}

/// The old instances under their new addresses, which is also how they refer to each other.
pub(super) fn at_new_addresses(old: &Instances, moved: &BTreeMap<String, String>) -> Instances {
    if moved.iter().all(|(from, to)| from == to) {
        return old.clone();
    }
    let address = |address: &str| moved.get(address).cloned();
    let resources = old.resources.iter().map(|(from, instance)| {
        let arguments = instance.arguments.iter().map(|(name, value)| (name.clone(), value.moved(&address)));
        let instance = Instance { arguments: arguments.collect(), ..instance.clone() };
        (address(from).unwrap_or_else(|| from.clone()), instance)
    });
    Instances { resources: resources.collect(), ..old.clone() }
}
