//! What the importers write, planned by Terraform: the stack of every case of `tests/import`.

use std::fs;

use groundplan::render::Engine;

use crate::compile::root;
use crate::terraform::is_installed;
use crate::together::{self, Stack};

/// The stacks of the cases.
fn stacks() -> Vec<Stack> {
    let engine = Engine::new().unwrap();
    let directories = |path| fs::read_dir(path).unwrap().map(|entry| entry.unwrap().path());
    let cases = directories(root("tests/import")).flat_map(directories);
    let stacks = cases.filter_map(|case| {
        // A case of mistakes has no stack.
        let text = fs::read_to_string(case.join("stack.hcl")).ok()?;
        let words = [case.parent().unwrap(), &case].map(|path| path.file_name().unwrap().to_string_lossy());
        Some(Stack::new(&engine, words.join("-"), &text).unwrap())
    });
    stacks.collect()
}

#[test]
fn stacks_that_were_imported_plan_in_every_workspace() {
    if !is_installed() {
        return;
    }
    for said in together::plan("imported", &stacks()).unwrap_or_default() {
        said.expect("terraform plan of stacks that were imported");
    }
}
