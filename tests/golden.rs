//! The shipped stacks, compiled, are the trees in `tests/golden`. Those are real Terraform: review a change of them
//! as the change of the product that it is. `BLESS=1 cargo test --test golden` rewrites them.

#![allow(
    clippy::disallowed_methods,
    clippy::unwrap_used,
    reason = "tests read and write files, and fail by panicking"
)]

#[path = "support/compile.rs"]
mod compile;
#[path = "support/expected.rs"]
mod expected;
#[path = "support/stacks.rs"]
mod stacks;

use std::fs;

use groundplan::render::Engine;

#[test]
fn every_stack_compiles_to_its_golden_tree() {
    let engine = Engine::new().unwrap();
    let mut problems = Vec::new();
    for stack in stacks::all() {
        let dir = compile::root("tests/golden").join(&stack.name);
        problems.extend(expected::compare(&dir, &expected::files(&dir), &stack.tree(&engine).files));
    }
    expected::assert_none(&problems);
}

#[test]
fn every_golden_tree_has_its_stack() {
    let names: Vec<String> = stacks::all().into_iter().map(|stack| stack.name).collect();
    for entry in fs::read_dir(compile::root("tests/golden")).into_iter().flatten() {
        let entry = entry.unwrap();
        if !names.contains(&entry.file_name().into_string().unwrap()) {
            assert!(expected::blessing(), "{} has no stack in stacks/", entry.path().display());
            fs::remove_dir_all(entry.path()).unwrap();
        }
    }
}
