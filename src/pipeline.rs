//! The phases in order: the only place where they are chained. No disk, no terminal.

use crate::check;
use crate::diagnostic::{Outcome, sort};
use crate::fold::environment_names;
use crate::render::{Bug, Engine};
use crate::source::{FileId, Sources};
use crate::stack::{self, Model};
use crate::tree::Tree;
use crate::{render, syntax};

/// Checks a stack file: everything that can be wrong, without rendering.
pub fn check(sources: &Sources, file: FileId) -> Outcome<Model> {
    let mut parsed = syntax::parse(sources, file);
    let document = match parsed.value.take() {
        Some(document) if !parsed.has_errors() => document,
        _ => return Outcome { value: None, diagnostics: sort(parsed.diagnostics, &[]) },
    };
    let mut read = stack::read(&document);
    let mut diagnostics = parsed.diagnostics;
    diagnostics.append(&mut read.diagnostics);
    let Some(model) = read.value else {
        return Outcome { value: None, diagnostics: sort(diagnostics, &[]) };
    };
    diagnostics.extend(check::run(&model, !diagnostics.iter().any(|found| found.is_error())));
    let names: Vec<String> = environment_names(&model).iter().map(|name| name.to_string()).collect();
    Outcome { value: Some(model), diagnostics: sort(diagnostics, &names) }
}

/// Compiles a stack file to the tree it becomes; the value is there only without errors.
///
/// # Errors
/// Only faults of this program.
pub fn compile(engine: &Engine, sources: &Sources, file: FileId) -> Result<Outcome<Tree>, Bug> {
    generate(engine, check(sources, file), &sources.get(file).name)
}

/// Generates the tree of a model that [`check`] gave, unless it has errors; `stack` is the stack file's name for the
/// headers. The diagnostics include those of `checked`.
///
/// # Errors
/// Only faults of this program.
pub fn generate(engine: &Engine, checked: Outcome<Model>, stack: &str) -> Result<Outcome<Tree>, Bug> {
    let model = match &checked.value {
        Some(model) if !checked.has_errors() => model,
        _ => return Ok(Outcome { value: None, diagnostics: checked.diagnostics }),
    };
    let mut rendered = render::render(engine, model, stack)?;
    let names: Vec<String> = environment_names(model).iter().map(|name| name.to_string()).collect();
    let mut diagnostics = checked.diagnostics;
    diagnostics.append(&mut rendered.diagnostics);
    let diagnostics = sort(diagnostics, &names);
    let failed = diagnostics.iter().any(|found| found.is_error());
    Ok(Outcome { value: rendered.value.filter(|_| !failed), diagnostics })
}
