//! `moved.tf`: what Terraform does not make anew because it only has another name.

use tera::{Map, Value};

use super::{Bug, Engine, engine, terraform_file};
use crate::hcl::Expr;
use crate::tree::Tree;

/// Adds the file to a tree, unless nothing has moved. Each of the chains has the addresses of one resource, the oldest
/// first and the present one last.
///
/// # Errors
/// Only faults of this program.
pub fn moved(engine: &Engine, tree: &mut Tree, chains: &[Vec<String>]) -> Result<(), Bug> {
    let address = |address: &String| engine::value(&Expr::Traversal(address.as_str().into()));
    let steps = chains.iter().flat_map(|chain| chain.windows(2)).map(|step| {
        let mut view = Map::default();
        view.insert("from".into(), address(&step[0]));
        view.insert("to".into(), address(&step[1]));
        Value::from(view)
    });
    let mut view = Map::default();
    view.insert("moves".into(), Value::from(steps.collect::<Vec<_>>()));
    terraform_file(engine, tree, "moved.tf", "moved.tf", view).map(drop)
}
