//! Every component has its template, its page and its example; links lead somewhere.

use std::collections::BTreeSet;

use groundplan::components::KINDS;
use groundplan::pipeline;
use groundplan::source::{Source, Sources};

use crate::{assert_tidy, compile, files, stacks};

#[test]
fn every_component_has_its_template() {
    let templates = files("templates/modules", ".tf.tera");
    let missing = KINDS.iter().filter(|kind| {
        let path = format!("templates/modules/{}.tf.tera", kind.key);
        !templates.iter().any(|file| file.path == path && file.text == kind.template)
    });
    assert_tidy("components without a template of their name", missing.map(|kind| kind.key.to_owned()));
}

#[test]
fn every_component_has_its_page() {
    let page = |key: &str| format!("docs/reference/components/{key}.md");
    let missing = KINDS.iter().map(|kind| page(kind.key)).filter(|page| !compile::root(page).exists());
    assert_tidy("pages that are missing; rewrite the reference with BLESS=1", missing);
}

#[test]
fn every_component_stands_in_a_stack() {
    let mut shown = BTreeSet::new();
    for stack in stacks::all() {
        let mut sources = Sources::default();
        let file = sources.add(Source::new(&stack.header, &stack.text, stack.syntax));
        let model = pipeline::check(&sources, file).value;
        for environment in model.iter().flat_map(|model| &model.environments) {
            shown.extend(environment.components.keys().map(|id| id.kind));
        }
    }
    let missing = KINDS.iter().map(|kind| kind.key).filter(|key| !shown.contains(key));
    assert_tidy("components that no file of stacks/ shows", missing.map(str::to_owned));
}

#[test]
fn links_lead_somewhere() {
    let mut problems = Vec::new();
    for file in files("", ".md") {
        let dir = compile::root(&file.path).parent().map(ToOwned::to_owned).unwrap_or_default();
        let mut fenced = false;
        for (number, line) in file.text.lines().enumerate() {
            fenced ^= line.trim_start().starts_with("```");
            for target in line.split("](").skip(1).filter(|_| !fenced) {
                let target = target.split([')', '#', ' ']).next().unwrap_or_default();
                let elsewhere = target.is_empty() || target.contains("://") || target.starts_with("mailto:");
                if !elsewhere && !dir.join(target).exists() {
                    problems.push(format!("{}:{}: {target}", file.path, number + 1));
                }
            }
        }
    }
    assert_tidy("links to nothing", problems);
}
