//! Holds `docs/reference` to what the types say. `BLESS=1` rewrites it.

#![allow(clippy::disallowed_methods, reason = "tests read and write files")]
#![allow(clippy::unwrap_used, reason = "helpers of tests")]

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::{Path, PathBuf};

use groundplan::components::KINDS;
use groundplan::diagnostic::human;
use groundplan::pipeline;
use groundplan::reference;
use groundplan::source::{Source, Sources, Syntax};

fn root() -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR"))
}

/// The example of every kind that has one.
fn examples() -> BTreeMap<String, String> {
    let read = |key: &str| fs::read_to_string(root().join("docs/examples").join(format!("{key}.hcl")));
    KINDS.iter().filter_map(|kind| Some((kind.key.to_owned(), read(kind.key).ok()?))).collect()
}

/// The files below a directory, relative to it, `/`-separated.
fn files(directory: &Path) -> BTreeSet<String> {
    let mut found = BTreeSet::new();
    for entry in fs::read_dir(directory).into_iter().flatten() {
        let path = entry.unwrap().path();
        let name = path.file_name().unwrap().to_string_lossy().into_owned();
        if path.is_dir() {
            found.extend(files(&path).into_iter().map(|below| format!("{name}/{below}")));
        } else {
            found.insert(name);
        }
    }
    found
}

#[test]
fn the_reference_is_what_the_types_say() {
    let directory = root().join("docs/reference");
    let pages = reference::pages(&groundplan::cli::command(), &examples());
    let surplus: Vec<String> =
        files(&directory).into_iter().filter(|path| !pages.contains_key(path)).collect();
    if std::env::var_os("BLESS").is_some() {
        for path in surplus {
            fs::remove_file(directory.join(path)).unwrap();
        }
        for (path, text) in pages {
            let path = directory.join(path);
            fs::create_dir_all(path.parent().unwrap()).unwrap();
            fs::write(path, text).unwrap();
        }
        return;
    }
    let stale: Vec<&String> = pages
        .iter()
        .filter(|(path, text)| fs::read_to_string(directory.join(path)).ok().as_ref() != Some(text))
        .map(|(path, _)| path)
        .collect();
    assert!(
        stale.is_empty() && surplus.is_empty(),
        "docs/reference is not what the types say: run `BLESS=1 cargo test --test reference`\n\
         stale or missing: {stale:?}\nsurplus: {surplus:?}"
    );
}

#[test]
fn every_component_has_an_example_without_mistakes() {
    let examples = examples();
    for kind in KINDS {
        let path = format!("docs/examples/{}.hcl", kind.key);
        let text = examples.get(kind.key).unwrap_or_else(|| panic!("{path} is missing"));
        let mut sources = Sources::default();
        let file = sources.add(Source::new(&path, text, Syntax::Hcl));
        let checked = pipeline::check(&sources, file);
        let found = human::render(&checked.diagnostics, &sources, false);
        assert!(checked.diagnostics.is_empty(), "{found}");
        let model = checked.value.unwrap();
        let written = |line: &str| line.trim_start().starts_with(&format!("{} \"", kind.key));
        assert!(text.lines().any(written), "{path} does not write a `{}`", kind.key);
        assert!(
            model.environments.iter().any(|one| one.components.keys().any(|id| id.kind == kind.key)),
            "{path} does not have a `{}`",
            kind.key
        );
    }
}
