//! Every shipped stack comes to something in every environment; `tests/terraform` compares it with Terraform's plans.

#![allow(clippy::disallowed_methods, clippy::unwrap_used, reason = "tests read files, and fail by panicking")]

#[path = "support/compile.rs"]
mod compile;
#[path = "support/stacks.rs"]
mod stacks;

use std::collections::BTreeSet;

use groundplan::evaluate::Configuration;
use groundplan::render::Engine;

#[test]
fn every_stack_evaluates_in_every_environment() {
    let engine = Engine::new().unwrap();
    for stack in stacks::all() {
        let tree = stack.tree(&engine);
        let configuration = Configuration::read(&tree).unwrap();
        let mut environments: Vec<String> =
            stack.model().environments.iter().map(|environment| environment.name.to_string()).collect();
        environments.sort();
        assert_eq!(configuration.environments().unwrap(), environments, "{}", stack.name);
        let mut made = BTreeSet::new();
        for environment in environments {
            let found = configuration
                .instances(&environment)
                .unwrap_or_else(|problem| panic!("{}: {problem}", stack.name));
            for (address, instance) in &found.resources {
                for value in instance.arguments.values() {
                    value.each_reference(&mut |reference| {
                        let known = found.resources.contains_key(&reference.address);
                        assert!(
                            known && !reference.path.is_empty(),
                            "{address} in {environment} has {reference}"
                        );
                    });
                }
            }
            made.extend(found.resources.keys().map(|address| address.split('[').next().unwrap().to_owned()));
        }
        let known: BTreeSet<String> = tree.addresses.keys().cloned().collect();
        assert_eq!(made, known, "{}: what environments have, and the address book", stack.name);
    }
}
