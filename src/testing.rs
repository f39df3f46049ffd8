//! Helpers of unit tests: a stack's text in, what the compiler says and makes out.

use crate::diagnostic::Diagnostic;
use crate::model::Model;
use crate::pipeline;
use crate::render::Engine;
use crate::source::{Source, Sources, Syntax};
use crate::tree::Tree;

/// Components in a stack with a network and two environments: `staging`, and `production`, which protects its data.
/// `overlays` stand in production.
pub fn stack(components: &str, overlays: &str) -> String {
    format!(
        r#"
stack "shop" {{ region = "eu-west-1" }}
environment "staging" {{
  account = "111111111111"
  domain  = "staging.shop.example"
}}
environment "production" {{
  account = "222222222222"
  domain  = "shop.example"
  protect = true
  {overlays}
}}
network "main" {{
  cidr  = "10.20.0.0/16"
  zones = ["a", "c"]
}}
{components}
"#
    )
}

/// What a stack file in HCL compiles to; the tree is empty when there are errors.
pub fn compile(text: &str) -> (Vec<Diagnostic>, Tree) {
    let mut sources = Sources::default();
    let file = sources.add(Source::new("stacks/test.hcl", text, Syntax::Hcl));
    let engine = Engine::new().expect("the templates parse");
    let outcome =
        pipeline::compile(&engine, &sources, file, |_| Default::default()).expect("no bug in this program");
    (outcome.diagnostics, outcome.value.map(|compiled| compiled.tree).unwrap_or_default())
}

/// The model of a stack without mistakes.
pub fn model(text: &str) -> Model {
    let mut sources = Sources::default();
    let file = sources.add(Source::new("stacks/test.hcl", text, Syntax::Hcl));
    let checked = pipeline::check(&sources, file);
    assert!(checked.diagnostics.is_empty(), "{:#?}", checked.diagnostics);
    checked.value.expect("a stack without mistakes has a model")
}

/// The text of one generated file of a stack without mistakes.
pub fn generated(text: &str, path: &str) -> String {
    let (diagnostics, tree) = compile(text);
    assert!(diagnostics.is_empty(), "{diagnostics:#?}");
    let known: Vec<&String> = tree.files.keys().collect();
    tree.files.get(path).unwrap_or_else(|| panic!("no {path} among {known:?}")).clone()
}

/// The codes of a stack's diagnostics.
pub fn codes(text: &str) -> Vec<&'static str> {
    compile(text).0.iter().map(|found| found.code.name).collect()
}

/// Whether a text holds a line, whatever its indentation and alignment.
pub fn has_line(text: &str, wanted: &str) -> bool {
    let words = |line: &str| line.split_whitespace().collect::<Vec<_>>().join(" ");
    text.lines().any(|line| words(line) == wanted)
}
