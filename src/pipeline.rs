//! The phases in order: the only place where they are chained. No disk, no terminal.

use std::collections::BTreeMap;

use crate::check;
use crate::diagnostic::{Outcome, sort};
use crate::fold::environment_names;
use crate::model::Model;
use crate::render::{Bug, Engine};
use crate::source::{FileId, Sources};
use crate::stack::{self};
use crate::syntax::Document;
use crate::tree::{Address, Tree};
use crate::{render, retire, syntax};

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

/// The same for a document that was parsed before, or that was made.
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
    let rendered = render::render(engine, &model, &sources.get(file).name)?;
    let mut diagnostics = checked.diagnostics;
    diagnostics.extend(rendered.diagnostics);
    if let Some(tree) = &rendered.value {
        diagnostics.extend(retire::check(&previous(&model.stack.name), tree, &model));
    }
    let diagnostics = sort(diagnostics, &names(&model));
    let failed = diagnostics.iter().any(|found| found.is_error());
    let value = rendered.value.filter(|_| !failed).map(|tree| Compiled { model, tree });
    Ok(Outcome { value, diagnostics })
}

/// A stack and the tree it became.
#[derive(Debug)]
pub struct Compiled {
    /// The stack in every environment.
    pub model: Model,
    /// The generated tree.
    pub tree: Tree,
}
