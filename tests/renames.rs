//! A component of every kind is renamed in every stack: Terraform moves what it manages, and nothing in AWS changes.

#![allow(
    clippy::disallowed_methods,
    clippy::unwrap_used,
    reason = "tests read and write files, and fail by panicking"
)]

#[path = "support/compile.rs"]
mod compile;
#[path = "support/parallel.rs"]
mod parallel;
#[path = "support/rename.rs"]
mod rename;
#[path = "support/stacks.rs"]
mod stacks;

use std::collections::{BTreeMap, BTreeSet};
use std::fs;

use groundplan::components::KINDS;
use groundplan::diagnostic::human;
use groundplan::pipeline;
use groundplan::render::Engine;
use groundplan::source::{Source, Sources, Syntax};
use groundplan::tree::Tree;

/// In labels; in names of AWS it would be `zqx-new`, in IAM `ZqxNew`.
const NEW: &str = "zqx_new";

/// The stacks and the examples of the reference: name and text.
fn texts() -> Vec<(String, String)> {
    let shipped = stacks::all().into_iter().filter(|stack| stack.syntax == Syntax::Hcl);
    let mut texts: Vec<_> = shipped.map(|stack| (stack.header, stack.text)).collect();
    for kind in KINDS {
        let path = format!("docs/examples/{}.hcl", kind.key);
        let text = fs::read_to_string(compile::root(&path)).unwrap();
        texts.push((path, text));
    }
    texts
}

/// The components of a stack, by kind and name.
fn components(text: &str) -> BTreeSet<(&'static str, String)> {
    let mut sources = Sources::default();
    let file = sources.add(Source::new("stacks/test.hcl", text, Syntax::Hcl));
    let model = pipeline::check(&sources, file).value.unwrap();
    let environments = model.environments.iter();
    environments.flat_map(|one| one.components.keys()).map(|id| (id.kind, id.name.to_string())).collect()
}

fn tree(engine: &Engine, text: &str) -> Tree {
    let source = ("stacks/test.hcl", text, Syntax::Hcl);
    let (sources, outcome) = compile::compile(engine, source, &compile::Addresses::new());
    let said = human::render(&outcome.diagnostics, &sources, false);
    outcome.value.unwrap_or_else(|| panic!("{said}\n{text}"))
}

/// The text after `groundplan moved --prune`, which changes nothing of the tree but its moves.
fn pruned(engine: &Engine, text: &str) -> String {
    let mut sources = Sources::default();
    let file = sources.add(Source::new("stacks/test.hcl", text, Syntax::Hcl));
    pipeline::prune(engine, &sources, file).unwrap().unwrap()
}

/// The words of a tree besides its moves, the new name as the old one, whatever the order and the layout that the name
/// gives.
fn words(tree: &Tree, old: &str) -> BTreeMap<String, usize> {
    let mut words = BTreeMap::new();
    for (path, text) in &tree.files {
        if path == "moved.tf" || !(path.ends_with(".tf") || path.starts_with("modules/")) {
            continue;
        }
        for word in text.replace(NEW, old).split(|c: char| c.is_whitespace() || ",[]".contains(c)) {
            *words.entry(word.to_owned()).or_default() += usize::from(!word.is_empty());
        }
    }
    words
}

/// Quoted text with the new name in it that is neither a label nor an expression nor prose for people.
fn leaks(tree: &Tree) -> Vec<String> {
    let mut leaks = Vec::new();
    for (path, text) in tree.files.iter().filter(|(path, _)| path.ends_with(".tf")) {
        let prose = path.ends_with("outputs.tf") || path.ends_with("variables.tf");
        for line in text.lines().filter(|line| line.contains(NEW)) {
            let label = line.ends_with('{') && !line.starts_with(' ');
            if label || prose && line.trim_start().starts_with("description") {
                continue;
            }
            let quoted = line.split('"').skip(1).step_by(2);
            let literal = quoted.map(|text| {
                text.split("${")
                    .map(|part| part.split_once('}').map_or(part, |(_, rest)| rest))
                    .collect::<String>()
            });
            if literal.into_iter().any(|text| text.contains(NEW)) && !line.contains("path.module") {
                leaks.push(format!("{path}: {line}"));
            }
        }
    }
    leaks
}

#[test]
fn a_rename_moves_everything_and_changes_nothing_in_aws() {
    let engine = Engine::new().unwrap();
    let kinds = parallel::in_parallel(&texts(), |(file, text)| {
        let before = tree(&engine, text);
        let mut kinds = BTreeSet::new();
        for (kind, old) in components(text) {
            // The example of a kind is there for that kind; the stacks have the others.
            if file.starts_with("docs/") && !file.ends_with(&format!("/{kind}.hcl")) {
                continue;
            }
            let Some(renamed) = rename::rename(text, kind, &old, NEW) else { continue };
            if !kinds.insert(kind) {
                continue;
            }
            let what = format!("{file}: {kind}.{old}");
            let after = tree(&engine, &renamed);
            let former: BTreeSet<&String> = after
                .addresses
                .keys()
                .map(|address| {
                    after
                        .moves
                        .iter()
                        .find(|(_, present)| *present == address)
                        .map_or(address, |(former, _)| former)
                })
                .collect();
            assert!(former.iter().copied().eq(before.addresses.keys()), "{what}");
            assert!(leaks(&after).is_empty(), "{what}: {:#?}", leaks(&after));
            let (was, is) = (words(&before, &old), words(&after, &old));
            let lost = was.iter().filter(|(word, count)| is.get(*word) != Some(count));
            let new = is.iter().filter(|(word, count)| was.get(*word) != Some(count));
            let differing: Vec<_> = lost.chain(new).collect();
            assert!(differing.is_empty(), "{what}: {differing:#?}");
            assert_eq!(after.files.contains_key("moved.tf"), !after.moves.is_empty(), "{what}");
            let pruned = pruned(&engine, &renamed);
            assert!(!pruned.contains("renamed_from"), "{what}: {pruned}");
        }
        kinds
    });
    let kinds: BTreeSet<&str> = kinds.into_iter().flatten().collect();
    let all: BTreeSet<&str> = KINDS.iter().map(|kind| kind.key).collect();
    assert_eq!(kinds, all, "kinds that no stack and no example writes");
}

#[test]
fn a_retired_component_leaves_nothing_of_what_was_generated_to_be_destroyed() {
    let engine = Engine::new().unwrap();
    for (file, text) in texts() {
        let before = tree(&engine, &text);
        let data = before.addresses.values().filter(|known| known.data).map(|known| &known.component);
        for component in data.collect::<BTreeSet<_>>() {
            let (key, name) = component.split_once('.').unwrap();
            let kind = KINDS.iter().find(|kind| kind.key == key).unwrap();
            for (address, _) in before.addresses.iter().filter(|(_, known)| known.component == *component) {
                let stays = kind.stays.iter().any(|(resource, label)| {
                    *address == format!("module.{}.{resource}.{}", kind.module, label.replace('*', name))
                });
                // Who may connect is up to those who do, and they are gone.
                let rule = address.contains("aws_vpc_security_group_");
                assert!(stays || rule, "{file}: {address}");
            }
        }
    }
}
