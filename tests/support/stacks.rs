//! The shipped stack files, `stacks/*.hcl` and `*.json`. New ones are found without a change here.

#![allow(dead_code, reason = "each test uses its part")]

use std::fs;
use std::path::PathBuf;

use groundplan::diagnostic::human;
use groundplan::model::Model;
use groundplan::pipeline;
use groundplan::render::Engine;
use groundplan::source::{Source, Sources, Syntax};
use groundplan::tree::Tree;

use crate::compile::{Addresses, compile, root};

/// A file of `stacks/`.
#[derive(Debug, Clone)]
pub struct StackFile {
    /// The file name without extension, also the name of its golden tree.
    pub name: String,
    /// The path that stands in file headers: `stacks/mastodon.hcl`.
    pub header: String,
    pub text: String,
    pub syntax: Syntax,
}

/// Every stack file, by name. A `.json` beside an `.hcl` of the same name is its twin: it goes by the same header,
/// so that both have to become the same tree.
pub fn all() -> Vec<StackFile> {
    let mut paths: Vec<PathBuf> =
        fs::read_dir(root("stacks")).unwrap().map(|entry| entry.unwrap().path()).collect();
    paths.sort();
    let stacks: Vec<StackFile> = paths
        .iter()
        .filter_map(|path| {
            let extension = path.extension()?.to_str()?;
            let syntax = match extension {
                "hcl" => Syntax::Hcl,
                "json" => Syntax::Json,
                _ => return None,
            };
            let name = path.file_stem()?.to_str()?.to_owned();
            let extension = if path.with_extension("hcl").exists() { "hcl" } else { extension };
            let header = format!("stacks/{name}.{extension}");
            Some(StackFile { name, header, text: fs::read_to_string(path).unwrap(), syntax })
        })
        .collect();
    assert!(!stacks.is_empty(), "there is no stack file in stacks/");
    stacks
}

impl StackFile {
    /// What it says, environment by environment.
    pub fn model(&self) -> Model {
        let mut sources = Sources::default();
        let file = sources.add(Source::new(&self.header, &self.text, self.syntax));
        pipeline::check(&sources, file).value.expect("the stack compiles")
    }

    /// The tree it becomes; panics with the rendered diagnostics when it does not compile.
    pub fn tree(&self, engine: &Engine) -> Tree {
        let (sources, outcome) = compile(engine, (&self.header, &self.text, self.syntax), &Addresses::new());
        let said = human::render(&outcome.diagnostics, &sources, false);
        outcome.value.unwrap_or_else(|| panic!("{} does not compile:\n{said}", self.header))
    }
}
