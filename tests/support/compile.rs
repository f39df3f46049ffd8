//! Compiling a text through the library, as a program that embeds it would. Knows no expectations.

#![allow(dead_code, reason = "each test uses its part")]

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use groundplan::diagnostic::Outcome;
use groundplan::pipeline;
use groundplan::render::Engine;
use groundplan::source::{Source, Sources, Syntax};
use groundplan::tree::{Address, Tree};

/// A path below the root of the repository.
pub fn root(path: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join(path)
}

/// The addresses of an earlier run.
pub type Addresses = BTreeMap<String, Address>;

/// Compiles a text under a file name, after a run that made the addresses of `previous`. A fault of the program is a
/// panic.
pub fn compile(
    engine: &Engine,
    (name, text, syntax): (&str, &str, Syntax),
    previous: &Addresses,
) -> (Sources, Outcome<Tree>) {
    let mut sources = Sources::default();
    let file = sources.add(Source::new(name, text, syntax));
    let outcome = pipeline::compile(engine, &sources, file, |_| previous.clone());
    let outcome = outcome.unwrap_or_else(|bug| panic!("{bug}\n{text}"));
    let value = outcome.value.map(|compiled| compiled.tree);
    (sources, Outcome { value, diagnostics: outcome.diagnostics })
}
