//! What a person reads after each kind of mistake: `tests/ui/<code>.hcl`, or `<code>-<variant>.hcl`, or `.yml` for what is
//! imported, and beside it
//! the `.stderr` it gives. `BLESS=1 cargo test --test ui` rewrites those; read them before committing.

#![allow(
    clippy::disallowed_methods,
    clippy::unwrap_used,
    reason = "tests read and write files, and fail by panicking"
)]

#[path = "support/compile.rs"]
mod compile;
#[path = "support/expected.rs"]
mod expected;

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};

use groundplan::catalog;
use groundplan::diagnostic::{Code, Diagnostic, human};
use groundplan::import::{Files, Refusal, Session, compose, task_definition};
use groundplan::render::Engine;
use groundplan::source::{Sources, Syntax};
use groundplan::tree::Address;

/// A file of `tests/ui` with a mistake in it.
struct Case {
    name: String,
    code: &'static Code,
    sources: Sources,
    diagnostics: Vec<Diagnostic>,
}

/// The code a case is named after: the longest that its name begins with.
fn code_of(name: &str) -> &'static Code {
    let fits = |code: &&Code| name == code.name || name.starts_with(&format!("{}-", code.name));
    let code = catalog::codes().into_iter().filter(fits).max_by_key(|code| code.name.len());
    code.unwrap_or_else(|| panic!("tests/ui/{name}: no diagnostic has this code"))
}

/// What an earlier run generated: the lines `<address> <component>` of `<case>.previous`, all of them with data.
fn previous(case: &Path) -> compile::Addresses {
    let lines = fs::read_to_string(case.with_extension("previous")).unwrap_or_default();
    let addresses = lines.lines().filter_map(|line| line.split_once(' '));
    addresses
        .map(|(address, component)| {
            (address.to_owned(), Address { component: component.to_owned(), data: true })
        })
        .collect()
}

/// No file but the one that is given.
struct Nothing;

impl Files for Nothing {
    fn read(&self, _path: &str) -> Result<String, Refusal> {
        Err(Refusal::Missing)
    }
}

/// What an import of a file of another tool says: a task definition, or a compose file if it is called so.
fn import(name: &str, text: &str) -> (Sources, Vec<Diagnostic>) {
    let mut sources = Sources::default();
    let mut session = Session::new(&mut sources, &Nothing);
    let file = session.given(name, text);
    let system = match name.contains("compose") {
        true => {
            compose::read(&compose::Inputs { files: vec![file], ..compose::Inputs::default() }, &mut session)
        }
        false => task_definition::read(&[file], None, &mut session),
    };
    let imported = session.finish(system).unwrap();
    (sources, imported.report.diagnostics)
}

fn cases() -> Vec<Case> {
    let engine = Engine::new().unwrap();
    let mut paths: Vec<PathBuf> =
        fs::read_dir(compile::root("tests/ui")).unwrap().map(|entry| entry.unwrap().path()).collect();
    paths.sort();
    let cases = paths.into_iter().filter_map(|path| {
        let file = path.file_name()?.to_str()?;
        let name = path.file_stem()?.to_str()?.to_owned();
        let text = fs::read_to_string(&path).unwrap();
        let syntax = match path.extension()?.to_str()? {
            "hcl" => Syntax::Hcl,
            "json" => Syntax::Json,
            "yml" => {
                let (sources, diagnostics) = import(file, &text);
                return Some(Case { code: code_of(&name), name, sources, diagnostics });
            }
            _ => return None,
        };
        let (sources, outcome) = compile::compile(&engine, (file, &text, syntax), &previous(&path));
        Some(Case { code: code_of(&name), name, sources, diagnostics: outcome.diagnostics })
    });
    cases.collect()
}

#[test]
fn every_case_says_what_is_expected() {
    let said: BTreeMap<String, String> = cases()
        .into_iter()
        .map(|case| (case.name + ".stderr", human::render(&case.diagnostics, &case.sources, false)))
        .collect();
    let dir = compile::root("tests/ui");
    let mut present = expected::files(&dir);
    present.retain(|name, _| name.ends_with(".stderr"));
    expected::assert_none(&expected::compare(&dir, &present, &said));
}

#[test]
fn every_case_raises_its_code() {
    let silent: Vec<String> = cases()
        .into_iter()
        .filter(|case| case.diagnostics.iter().all(|found| found.code != case.code))
        .map(|case| format!("{}:\n{}", case.name, human::render(&case.diagnostics, &case.sources, false)))
        .collect();
    assert!(silent.is_empty(), "cases that do not raise their code:\n{}", silent.join("\n"));
}

#[test]
fn every_message_says_what_to_do() {
    let cases = cases();
    let helpless = cases.iter().flat_map(|case| {
        let without = case.diagnostics.iter().filter(|found| found.help.is_none());
        without.map(move |found| format!("{}: {}", case.name, found.message))
    });
    assert_eq!(helpless.collect::<Vec<_>>(), Vec::<String>::new(), "messages without help");
}

#[test]
fn every_code_has_a_case() {
    let shown: Vec<&str> = cases().iter().map(|case| case.code.name).collect();
    let missing: Vec<&str> =
        catalog::codes().iter().map(|code| code.name).filter(|code| !shown.contains(code)).collect();
    assert!(
        missing.is_empty(),
        "write tests/ui/<code>.hcl, the smallest stack with the mistake, for {missing:?}"
    );
}
