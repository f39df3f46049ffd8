//! Help for unit tests that start from a stack file's text.

use crate::diagnostic::Diagnostic;
use crate::pipeline;
use crate::render::Engine;
use crate::source::{Source, Sources, Syntax};
use crate::tree::Tree;

/// What a stack file in HCL compiles to; the tree is empty when there are errors.
pub fn compile(text: &str) -> (Vec<Diagnostic>, Tree) {
    let mut sources = Sources::default();
    let file = sources.add(Source::new("stacks/test.hcl", text, Syntax::Hcl));
    let engine = Engine::new().expect("the templates parse");
    let outcome =
        pipeline::compile(&engine, &sources, file, |_| Default::default()).expect("no bug in this program");
    (outcome.diagnostics, outcome.value.map(|compiled| compiled.tree).unwrap_or_default())
}
