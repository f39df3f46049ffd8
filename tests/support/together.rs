//! Trees of many stacks as modules of one configuration, so that Terraform and its provider start once for all of them.

use std::collections::BTreeMap;

use groundplan::diagnostic::human;
use groundplan::pipeline;
use groundplan::render::Engine;
use groundplan::source::{Source, Sources, Syntax};
use groundplan::tree::Tree;

use crate::terraform::{Said, Workdir};

/// A stack, compiled.
pub struct Stack {
    /// A name that no other one has; letters, digits, `-` and `_`, as in a label of Terraform.
    pub name: String,
    pub workspaces: Vec<String>,
    pub tree: Tree,
}

impl Stack {
    /// Compiles a text; else what the compiler says.
    pub fn new(engine: &Engine, name: String, text: &str) -> Result<Self, String> {
        let mut sources = Sources::default();
        let file = sources.add(Source::new("stack.hcl", text, Syntax::Hcl));
        let outcome = pipeline::compile(engine, &sources, file, |_| BTreeMap::new());
        let outcome = outcome.map_err(|bug| bug.to_string())?;
        let Some(compiled) = outcome.value else {
            return Err(human::render(&outcome.diagnostics, &sources, false));
        };
        let environments = compiled.model.environments.iter();
        let workspaces = environments.map(|environment| environment.name.to_string()).collect();
        Ok(Self { name, workspaces, tree: compiled.tree })
    }
}

/// Plans stacks in each of their workspaces, one workspace of all at once; `None`, said loudly, where the provider cannot
/// be had. A message of Terraform names the file that it is about below the name of the stack.
///
/// Root-only files are left out: provider and backend are those of the configuration around, and what is adopted
/// (`imports.tf`) would be looked for in AWS.
pub fn plan<'a>(directory: &str, stacks: impl IntoIterator<Item = &'a Stack>) -> Option<Vec<Said>> {
    let mut by_workspace: BTreeMap<&str, Vec<&Stack>> = BTreeMap::new();
    for stack in stacks {
        for workspace in &stack.workspaces {
            by_workspace.entry(workspace).or_default().push(stack);
        }
    }
    let plan = |(workspace, stacks): (&str, Vec<&Stack>)| {
        let workdir = Workdir::new(&format!("{directory}-{workspace}"), &files(&stacks))?;
        let plan = ["plan", "-input=false", "-no-color", "-lock=false", "-refresh=false", "-out=tfplan"];
        Some(workdir.run(Some(workspace), &plan))
    };
    by_workspace.into_iter().map(plan).collect()
}

fn files(stacks: &[&Stack]) -> BTreeMap<String, String> {
    let mut files = BTreeMap::new();
    let mut main =
        "terraform {\n  backend \"s3\" {}\n}\n\nprovider \"aws\" {\n  region = \"us-east-1\"\n}\n".to_owned();
    for Stack { name, tree, .. } in stacks {
        main += &format!("\nmodule \"{name}\" {{\n  source = \"./{name}\"\n}}\n");
        for (path, text) in &tree.files {
            match path.as_str() {
                "providers.tf" | "backend.tf" | "imports.tf" => {}
                "terraform.tf" => {
                    files.entry(path.clone()).or_insert_with(|| text.clone());
                    files.insert(format!("{name}/{path}"), text.clone());
                }
                path if path.starts_with("tests/") => {}
                path => drop(files.insert(format!("{name}/{path}"), text.clone())),
            }
        }
    }
    files.insert("main.tf".to_owned(), main);
    files
}
