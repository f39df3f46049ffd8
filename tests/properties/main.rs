//! What holds for any stack file, tried on the shipped ones: written in another order or as JSON it becomes the same
//! tree, and with a mistake in it, or as noise, it gives a diagnostic with a place and never a panic.
//!
//! Seeds are fixed and cases bounded, so a run is the same everywhere; `PROPTEST_CASES` and `PROPTEST_RNG_SEED` look
//! further.

#![allow(clippy::disallowed_methods, clippy::unwrap_used, reason = "tests read files, and fail by panicking")]

#[path = "../support/choices.rs"]
mod choices;
#[path = "../support/compile.rs"]
mod compile;
mod mutation;
mod rewriting;
#[path = "../support/stacks.rs"]
mod stacks;

use std::fs;
use std::sync::LazyLock;

use groundplan::diagnostic::{Diagnostic, human, json};
use groundplan::hcl;
use groundplan::render::Engine;
use groundplan::source::{Sources, Syntax};
use groundplan::tree::Tree;
use proptest::prelude::*;
use proptest::test_runner::RngSeed;

use crate::stacks::StackFile;

static ENGINE: LazyLock<Engine> = LazyLock::new(|| Engine::new().unwrap());
static STACKS: LazyLock<Vec<StackFile>> = LazyLock::new(stacks::all);

fn config(cases: u32) -> ProptestConfig {
    let mut config = ProptestConfig { failure_persistence: None, ..ProptestConfig::default() };
    if std::env::var_os("PROPTEST_CASES").is_none() {
        config.cases = cases;
    }
    if std::env::var_os("PROPTEST_RNG_SEED").is_none() {
        config.rng_seed = RngSeed::Fixed(20_261_121);
    }
    config
}

/// The tree of a text that has to compile.
fn tree(stack: &StackFile, text: String, syntax: Syntax) -> Tree {
    StackFile { text, syntax, ..stack.clone() }.tree(&ENGINE)
}

/// Compiles a text that may be wrong: either it becomes a tree, or somebody is told where it is wrong.
fn compiles_or_tells(text: &str, syntax: Syntax) {
    let (sources, outcome) =
        compile::compile(&ENGINE, ("stacks/any.hcl", text, syntax), &compile::Addresses::new());
    assert_eq!(outcome.value.is_some(), !outcome.has_errors(), "a tree, or an error, but not both:\n{text}");
    for found in &outcome.diagnostics {
        assert_has_a_place(found, &sources);
    }
    let shown = human::render(&outcome.diagnostics, &sources, false);
    assert_eq!(shown.is_empty(), outcome.diagnostics.is_empty());
    serde_json::from_str::<serde_json::Value>(&json::render(&outcome.diagnostics, &sources)).unwrap();
}

fn assert_has_a_place(found: &Diagnostic, sources: &Sources) {
    for label in std::iter::once(&found.primary).chain(&found.related) {
        let text = &sources.get(label.span.file).text;
        let (start, end) = (label.span.start as usize, label.span.end as usize);
        assert!(text.get(start..end).is_some(), "{}: no place {start}..{end} in\n{text}", found.message);
    }
}

#[test]
fn two_runs_give_the_same_bytes() {
    let other = Engine::new().unwrap();
    for stack in STACKS.iter() {
        assert_eq!(stack.tree(&ENGINE), stack.tree(&other), "{}", stack.name);
    }
}

#[test]
fn json_of_the_same_model_gives_the_same_tree() {
    for stack in STACKS.iter() {
        let json = rewriting::as_json(stack);
        assert_eq!(tree(stack, json, Syntax::Json), stack.tree(&ENGINE), "{}", stack.name);
    }
}

#[test]
fn generated_terraform_is_in_canonical_layout() {
    for stack in STACKS.iter() {
        for (path, text) in stack.tree(&ENGINE).files {
            if path.ends_with(".tf") || path.ends_with(".tftest.hcl") {
                assert_eq!(hcl::format(&text).unwrap(), text, "{}/{path}", stack.name);
            }
        }
    }
}

proptest! {
    #![proptest_config(config(24))]

    #[test]
    fn the_order_of_the_stack_file_does_not_matter(seed: u64) {
        for stack in STACKS.iter() {
            let shuffled = rewriting::shuffled(stack, seed);
            prop_assert_ne!(&shuffled, &stack.text);
            prop_assert_eq!(tree(stack, shuffled, Syntax::Hcl), stack.tree(&ENGINE), "{}", stack.name);
        }
    }
}

proptest! {
    #![proptest_config(config(400))]

    #[test]
    fn a_mistake_gives_a_diagnostic_with_a_place(seed: u64, of in any::<prop::sample::Index>()) {
        let stack = of.get(&STACKS);
        compiles_or_tells(&mutation::mutate(&stack.text, seed), stack.syntax);
    }

    #[test]
    fn words_in_any_order_never_panic(words in prop::collection::vec(prop::sample::select(mutation::WORDS), 0..40)) {
        compiles_or_tells(&words.join(" "), Syntax::Hcl);
        compiles_or_tells(&words.join(" "), Syntax::Json);
    }

    #[test]
    fn random_bytes_never_panic(bytes in prop::collection::vec(any::<u8>(), 0..300)) {
        let text = String::from_utf8_lossy(&bytes);
        compiles_or_tells(&text, Syntax::Hcl);
        compiles_or_tells(&text, Syntax::Json);
    }
}

#[test]
fn every_single_line_may_be_missing() {
    for stack in STACKS.iter() {
        let lines: Vec<&str> = stack.text.lines().collect();
        for without in 0..lines.len() {
            let kept = lines.iter().enumerate().filter(|(index, _)| *index != without);
            compiles_or_tells(&kept.map(|(_, line)| format!("{line}\n")).collect::<String>(), stack.syntax);
        }
    }
}

#[test]
fn files_with_known_mistakes_are_told_apart_from_faults() {
    for entry in fs::read_dir(compile::root("tests/ui")).unwrap() {
        let path = entry.unwrap().path();
        if path.extension().is_some_and(|extension| extension == "hcl") {
            let text = fs::read_to_string(&path).unwrap();
            for seed in 0..8 {
                compiles_or_tells(&mutation::mutate(&text, seed), Syntax::Hcl);
            }
        }
    }
}
