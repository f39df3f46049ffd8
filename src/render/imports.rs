//! `imports.tf`: what exists in AWS and becomes part of the stack.

use std::collections::BTreeSet;
use std::sync::Arc;

use indexmap::IndexMap;
use tera::{Map, Value};

use super::{Bug, Engine, Renderer, engine, terraform_file};
use crate::hcl::{Expr, Literal};
use crate::tree::{Import, Tree};

/// Gives every resource that an environment adopts a column of the environment table, null where nothing is adopted. Which
/// resources these are is known only of the whole tree.
pub(super) fn columns(renderer: &mut Renderer<'_>) {
    for id in renderer.fold.ids.clone() {
        let entries =
            renderer.fold.model.environments.iter().map(|environment| environment.components.get(&id));
        let imports: Vec<_> = entries.map(|entry| entry.map(|entry| &entry.common.import.0)).collect();
        let keys: BTreeSet<&Arc<str>> = imports.iter().flatten().flat_map(|import| import.keys()).collect();
        for key in keys {
            let identifier = |import: &Option<&IndexMap<_, (_, Arc<str>)>>| {
                let (_, identifier) = import.as_ref()?.get(key)?;
                Some(Literal::String(identifier.clone()))
            };
            let values = imports.iter().map(identifier).collect();
            let about = format!("Identifier of what exists and becomes {key} of {id}.");
            let word = key.trim_start_matches("aws_").replace(|c: char| !c.is_ascii_alphanumeric(), "_");
            let name = format!("{}_import_{}", id.ident(), word.to_lowercase());
            let column = renderer.fold.columns.add(&name, &about, values);
            renderer.tree.imports.push(Import { component: id.to_string(), key: key.to_string(), column });
        }
    }
}

/// Adds the file to a tree, unless nothing is adopted: an address, and the column that holds what it adopts in each
/// environment.
///
/// # Errors
/// Only faults of this program.
pub fn imports<'a>(
    engine: &Engine,
    tree: &mut Tree,
    adopted: impl Iterator<Item = (&'a str, &'a str)>,
) -> Result<(), Bug> {
    let traversal = |text: &str| engine::value(&Expr::Traversal(text.into()));
    let imports = adopted.map(|(address, column)| {
        let mut view = Map::default();
        // A list of none or one.
        view.insert("identifier".into(), traversal(&format!("local.env.{column}[*]")));
        view.insert("address".into(), traversal(address));
        Value::from(view)
    });
    let mut view = Map::default();
    view.insert("imports".into(), Value::from(imports.collect::<Vec<_>>()));
    terraform_file(engine, tree, "imports.tf", "imports.tf", view).map(drop)
}
