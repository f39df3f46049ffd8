//! The order of a release, and what it is made of.

use std::sync::Arc;

use indexmap::IndexMap;

use crate::terms::{Deployed, Id, Release};

/// The tasks that run before the services are updated, in order: after what they have to follow, otherwise by name.
pub(super) fn tasks(deployed: &[Deployed]) -> Vec<(&Deployed, &Release)> {
    let mut waiting: Vec<(&Deployed, &Release)> =
        deployed.iter().filter_map(|one| Some((one, one.release.as_ref()?))).collect();
    let mut ordered: Vec<(&Deployed, &Release)> = Vec::with_capacity(waiting.len());
    while !waiting.is_empty() {
        let free = |(_, release): &(&Deployed, &Release)| {
            let waits = |after: &Id| waiting.iter().any(|(one, _)| one.workload == *after);
            !release.after.as_ref().is_some_and(waits)
        };
        // In a circle, which was reported, nothing is free.
        let next = waiting.iter().position(free).unwrap_or(0);
        ordered.push(waiting.remove(next));
    }
    ordered
}

/// The registries whose images are built, each with whether it is for ARM processors.
pub(super) fn registries(deployed: &[Deployed]) -> IndexMap<Id, bool> {
    let mut found: IndexMap<Id, bool> = IndexMap::new();
    for one in deployed {
        for registry in one.images.values() {
            found.insert(registry.clone(), one.arm);
        }
    }
    found.sort_unstable_keys();
    found
}

/// Whether the images are for ARM processors, so that they are built on one.
pub(super) fn is_arm(deployed: &[Deployed]) -> bool {
    !deployed.is_empty() && deployed.iter().all(|one| one.arm)
}

/// The key of a workload in the settings: its name as AWS has it.
pub(super) fn key(deployed: &Deployed) -> Arc<str> {
    deployed.workload.dashed().into()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::terms::Term;

    fn task(name: &str, after: Option<&str>) -> Deployed {
        let release = Release {
            after: after.map(|name| Id::new("task", name)),
            timeout: None,
            container: name.into(),
            security_groups: Term::NULL,
            log_group: Term::NULL,
        };
        Deployed {
            workload: Id::new("task", name),
            pipeline: Id::new("pipeline", "main"),
            images: IndexMap::new(),
            arm: false,
            roles: Vec::new(),
            release: Some(release),
        }
    }

    #[test]
    fn tasks_follow_what_they_have_to_follow() {
        let deployed = [task("a", Some("c")), task("b", None), task("c", Some("b")), task("d", None)];
        let names: Vec<&str> = tasks(&deployed).iter().map(|(one, _)| &*one.workload.name).collect();
        assert_eq!(names, ["b", "c", "a", "d"]);
    }

    #[test]
    fn a_circle_ends() {
        assert_eq!(tasks(&[task("a", Some("b")), task("b", Some("a"))]).len(), 2);
    }
}
