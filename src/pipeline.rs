//! The phases in order: the only place where they are chained. No disk, no terminal.

use std::collections::{BTreeMap, BTreeSet};

use crate::check;
use crate::diagnostic::{Outcome, sort};
use crate::fold::environment_names;
use crate::model::Model;
use crate::moves::{Chain, Placeholder};
use crate::render::{Bug, Engine};
use crate::source::{FileId, Source, Sources};
use crate::stack;
use crate::syntax::Document;
use crate::tree::{Address, Tree};
use crate::{imports, moves, render, retire, syntax};

/// Checks a stack file: everything that can be wrong, without rendering.
pub fn check(sources: &Sources, file: FileId) -> Outcome<Model> {
    let parsed = syntax::parse(sources, file);
    let failed = parsed.has_errors();
    let mut diagnostics = parsed.diagnostics;
    let Some(document) = parsed.value.filter(|_| !failed) else {
        return Outcome { value: None, diagnostics: sort(diagnostics, &[]) };
    };
    let mut checked = check_document(&document);
    diagnostics.append(&mut checked.diagnostics);
    let names = checked.value.as_ref().map(names).unwrap_or_default();
    Outcome { value: checked.value, diagnostics: sort(diagnostics, &names) }
}

/// The same for a document that was parsed before, or that was made. What is found is in no order.
pub fn check_document(document: &Document) -> Outcome<Model> {
    let mut read = stack::read(document);
    if let Some(model) = &read.value {
        read.diagnostics.extend(check::run(model));
    }
    read
}

/// The names of the environments, in the order in which diagnostics name them.
fn names(model: &Model) -> Vec<String> {
    environment_names(model).iter().map(|name| name.to_string()).collect()
}

/// Compiles a stack file to the tree it becomes; the value is there only without errors. `previous` gives the
/// addresses that an earlier run generated for the stack of a name, so that data does not disappear in silence.
///
/// # Errors
/// Only faults of this program.
pub fn compile(
    engine: &Engine,
    sources: &Sources,
    file: FileId,
    previous: impl FnOnce(&str) -> BTreeMap<String, Address>,
) -> Result<Outcome<Compiled>, Bug> {
    let checked = check(sources, file);
    let failed = checked.has_errors();
    let Some(model) = checked.value.filter(|_| !failed) else {
        return Ok(Outcome { value: None, diagnostics: checked.diagnostics });
    };
    let mut rendered = render::render(engine, &model, &sources.get(file).name)?;
    let mut diagnostics = checked.diagnostics;
    diagnostics.extend(rendered.diagnostics);
    if let Some(tree) = &mut rendered.value {
        let chains = chains(engine, &model, tree, &sources.get(file).text)?;
        diagnostics.extend(moves::check(&chains, tree, &model));
        tree.moves = moves::by_former(&chains);
        render::moved(engine, tree, &chains)?;
        let (adoptions, found) = imports::resolve(tree, &model)?;
        diagnostics.extend(found);
        render::imports(engine, tree, adoptions.iter().map(|one| (&*one.address, &*one.column)))?;
        diagnostics.extend(retire::check(&previous(&model.stack.name), tree, &model));
    }
    let diagnostics = sort(diagnostics, &names(&model));
    let failed = diagnostics.iter().any(|found| found.is_error());
    let value = rendered.value.filter(|_| !failed).map(|tree| Compiled { model, tree });
    Ok(Outcome { value, diagnostics })
}

/// A stack file without its former names, of which the tree lacks `moved.tf` and nothing else; nothing when the file has
/// errors.
///
/// # Errors
/// Only faults of this program.
pub fn prune(engine: &Engine, sources: &Sources, file: FileId) -> Result<Option<String>, Bug> {
    let source = sources.get(file);
    let Some(model) = check(sources, file).value else { return Ok(None) };
    let text = stack::prune::prune(&model, source);
    let mut after = Sources::default();
    let pruned = after.add(Source::new(&source.name, &text, source.syntax));
    let tree = |sources, file| -> Result<Option<Tree>, Bug> {
        let compiled = compile(engine, sources, file, |_| BTreeMap::new())?.value;
        Ok(compiled.map(|compiled| compiled.tree))
    };
    let (Some(mut before), after) = (tree(sources, file)?, tree(&after, pruned)?) else { return Ok(None) };
    before.files.remove("moved.tf");
    before.moves.clear();
    if after.as_ref() != Some(&before) {
        let problem = "the stack would change without its former names".to_owned();
        return Err(Bug { file: source.name.to_string(), problem });
    }
    Ok(Some(text))
}

/// What the resources of renamed components were called before: found by compiling the document with placeholders for
/// their names.
fn chains(engine: &Engine, model: &Model, tree: &Tree, text: &str) -> Result<Vec<Chain>, Bug> {
    let renamed = stack::rename::renamed(model);
    if renamed.is_empty() {
        return Ok(Vec::new());
    }
    let placeholders = Placeholder::all(renamed, text);
    let names: Vec<_> = placeholders.iter().map(|one| (one.id.clone(), one.word.clone())).collect();
    let bug = |problem: String| Bug { file: "moved.tf".to_owned(), problem };
    let renamed = stack::read(&stack::rename::rename(&model.document, &names)).value;
    let renamed = renamed.ok_or_else(|| bug("the stack cannot be read under other names".to_owned()))?;
    let other = render::render(engine, &renamed, &tree.stack)?.value.unwrap_or_default();
    let chains = moves::chains(other.addresses.keys(), &placeholders);
    let stays = other.addresses.keys().filter(|address| !moves::has_placeholder(address, &placeholders));
    let present: BTreeSet<&String> = chains.iter().filter_map(|chain| chain.last()).chain(stays).collect();
    if !present.iter().copied().eq(tree.addresses.keys()) {
        let lost = tree.addresses.keys().filter(|address| !present.contains(address));
        let lost: Vec<&str> = lost.map(String::as_str).collect();
        return Err(bug(format!("under other names the stack lacks {}", lost.join(", "))));
    }
    Ok(chains)
}

/// A stack and the tree it became.
#[derive(Debug)]
pub struct Compiled {
    /// The stack in every environment.
    pub model: Model,
    /// The generated tree.
    pub tree: Tree,
}
