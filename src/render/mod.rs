//! From the folded model to files: templates, canonical layout, and proof that what comes out parses.

mod documents;
mod engine;
mod imports;
mod moved;
mod readme;
mod removed;
mod root;

use std::collections::BTreeMap;

use tera::{Map, Value};

use crate::components::{MODULES, kind};
use crate::diagnostic::{Diagnostic, Outcome};
use crate::evaluate::Problem;
use crate::fold::Fold;
use crate::hcl;
use crate::model::Model;
use crate::model::codes::DUPLICATE_NAME;
use crate::terms::Id;
use crate::tree::{Address, Tree};

pub use engine::Engine;
pub use imports::imports;
pub use moved::moved;

/// A fault of this program: generated text that it cannot print or parse. Never a user's mistake.
#[derive(Debug, thiserror::Error)]
#[error("this is a bug in groundplan, please report it with the stack file: {file}: {problem}")]
pub struct Bug {
    /// The generated file.
    pub file: String,
    /// What went wrong.
    pub problem: String,
}

/// Generated Terraform that cannot be evaluated is a fault of this program.
impl From<Problem> for Bug {
    fn from(problem: Problem) -> Self {
        Self { file: problem.file.clone(), problem: problem.to_string() }
    }
}

/// Generates the tree of a model. `stack` is the stack file's name for the headers.
///
/// # Errors
/// Only faults of this program are errors; mistakes found while folding are diagnostics.
pub fn render(engine: &Engine, model: &Model, stack: &str) -> Result<Outcome<Tree>, Bug> {
    let mut renderer = Renderer {
        engine,
        fold: Fold::new(model),
        tree: Tree { stack: stack.to_owned(), ..Tree::default() },
        modules: BTreeMap::new(),
    };
    renderer.components()?;
    documents::render(&mut renderer)?;
    removed::render(&mut renderer)?;
    imports::columns(&mut renderer);
    root::render(&mut renderer)?;
    let diagnostics: Vec<Diagnostic> = std::mem::take(&mut renderer.fold.diagnostics);
    Ok(Outcome { value: Some(renderer.tree), diagnostics })
}

struct Renderer<'a> {
    engine: &'a Engine,
    fold: Fold<'a>,
    tree: Tree,
    /// How many files each module has.
    modules: BTreeMap<&'static str, usize>,
}

impl Renderer<'_> {
    /// One file per component.
    fn components(&mut self) -> Result<(), Bug> {
        for id in self.fold.ids.clone() {
            let Some(kind) = kind(id.kind) else { continue };
            let folded = self.fold.component(&id);
            let mut view = engine::view(&folded);
            view.insert("id".into(), Value::normal_string(&id.name));
            view.insert("aws_name".into(), Value::normal_string(id.aws_name()));
            let path = format!("modules/{}/{}.tf", kind.module, id.ident());
            let blocks = self.terraform(&path, id.kind, view)?;
            if blocks.is_empty() {
                continue;
            }
            *self.modules.entry(kind.module).or_default() += 1;
            for block in blocks {
                if let ("resource", [resource, label]) = (block.kind.as_str(), block.labels.as_slice()) {
                    let address = format!("module.{}.{resource}.{label}", kind.module);
                    let data = kind.data.contains(&resource.as_str());
                    let known = Address { component: id.to_string(), data };
                    if let Some(first) = self.tree.addresses.insert(address.clone(), known) {
                        self.same_address(&id, &first.component, &address);
                    }
                }
            }
        }
        Ok(())
    }

    /// Reports two components whose names make the same address: `web` has a role `web_execution`, and so has a
    /// service of that name.
    fn same_address(&mut self, id: &Id, other: &str, address: &str) {
        let environments = &self.fold.model.environments;
        let Some(entry) = environments.iter().find_map(|environment| environment.components.get(id)) else {
            return;
        };
        let message = format!("`{id}` and `{other}` would both be `{address}`");
        let found = Diagnostic::new(&DUPLICATE_NAME, entry.header, message);
        self.fold.diagnostics.push(found.help("choose another name for one of them"));
    }

    /// Fills a template and keeps the file, unless nothing is in it; returns its top-level blocks.
    fn terraform(&mut self, path: &str, template: &str, view: Map) -> Result<Vec<hcl::Block>, Bug> {
        terraform_file(self.engine, &mut self.tree, path, template, view)
    }

    fn header(&self) -> String {
        header(&self.tree)
    }

    /// The modules that have files, in the order data flows, with what they hold in words.
    fn used_modules(&self) -> Vec<(&'static str, &'static str)> {
        MODULES.iter().copied().filter(|(name, _)| self.modules.contains_key(name)).collect()
    }
}

/// Fills a template and keeps the file in the tree, unless nothing is in it; returns its top-level blocks.
fn terraform_file(
    engine: &Engine,
    tree: &mut Tree,
    path: &str,
    template: &str,
    view: Map,
) -> Result<Vec<hcl::Block>, Bug> {
    let bug = |problem: String| Bug { file: path.to_owned(), problem };
    let body = engine.render(template, view).map_err(|error| bug(error.to_string()))?;
    if body.trim().is_empty() {
        return Ok(Vec::new());
    }
    let text = format!("{}\n{body}", header(tree));
    let text = hcl::format(&text).map_err(|error| bug(format!("{error}\n{text}")))?;
    let blocks = hcl::index(&text).map_err(|error| bug(format!("{error}\n{text}")))?;
    tree.files.insert(path.to_owned(), text);
    Ok(blocks)
}

/// The first line of every file: where it comes from, without version and date.
fn header(tree: &Tree) -> String {
    format!("# Generated by Groundplan from {}. Change that file, not this one.\n", tree.stack)
}
