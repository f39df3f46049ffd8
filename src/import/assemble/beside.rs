//! Containers beside the main one, which inherit from it.

use crate::hcl::Expr;
use crate::import::stack::Block;

/// Takes out of the containers of a workload what they have of the main one anyway.
pub(super) fn inherit(workload: &mut Block) {
    let main = workload.clone();
    for beside in workload.inner_mut().iter_mut().filter(|block| block.kind == "container") {
        inherit_from(&main, beside);
    }
}

/// Takes out of a container what it has of the main one anyway, when both have the same image.
fn inherit_from(main: &Block, beside: &mut Block) {
    const MAPS: [&str; 2] = ["environment", "secrets"];
    let entries = |block: &Block, setting: &str| match block.get(setting) {
        Some(Expr::Object(entries)) => entries.clone(),
        _ => Vec::new(),
    };
    let same = ["image", "tag"].iter().all(|setting| main.get(setting) == beside.get(setting));
    let has_all = MAPS.iter().all(|setting| {
        let own = entries(beside, setting);
        entries(main, setting).iter().all(|entry| own.contains(entry))
    });
    if !same || !has_all {
        return;
    }
    for setting in ["image", "tag"] {
        beside.take(setting);
    }
    for setting in MAPS {
        let known = entries(main, setting);
        let Some(Expr::Object(own)) = beside.take(setting) else { continue };
        let own: Vec<_> = own.into_iter().filter(|entry| !known.contains(entry)).collect();
        if !own.is_empty() {
            beside.set(setting, Expr::Object(own));
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn container(image: &str, variables: &[(&str, &str)]) -> Block {
        let mut block = Block::new("container", Some("a"));
        block.set("image", Expr::string(image));
        let entries = variables.iter().map(|(name, value)| ((*name).into(), Expr::string(*value)));
        block.set("environment", Expr::Object(entries.collect()));
        block
    }

    #[test]
    fn only_what_is_different_stays() {
        let main = container("app:1", &[("A", "1"), ("B", "2")]);
        for (image, variables, written) in [
            ("app:1", &[("A", "1"), ("B", "2")][..], [false, false]),
            ("app:1", &[("A", "1"), ("B", "2"), ("C", "3")], [false, true]),
            ("app:1", &[("A", "1")], [true, true]),
            ("app:1", &[("A", "0"), ("B", "2")], [true, true]),
            ("app:2", &[("A", "1"), ("B", "2")], [true, true]),
        ] {
            let mut beside = container(image, variables);
            inherit_from(&main, &mut beside);
            let found = ["image", "environment"].map(|setting| beside.get(setting).is_some());
            assert_eq!(found, written, "{image} {variables:?}");
        }
    }
}
