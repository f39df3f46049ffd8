//! Our tree as one module: every `var.` of a module becomes the argument of its call, every `module.` of the root the
//! value of that output. Textual, and enough for what we generate; labels that two modules share are told apart.

use std::collections::{BTreeMap, BTreeSet};

type Files = BTreeMap<String, String>;

/// The files of the flat tree.
pub fn flatten(files: &Files) -> Files {
    let calls = assignments(&files["main.tf"], "module");
    let mut outputs: BTreeMap<String, String> = BTreeMap::new();
    for (module, arguments) in &calls {
        let text = files.get(&format!("modules/{module}/outputs.tf"));
        for (name, entries) in assignments(text.map_or("", String::as_str), "output") {
            let value = resolve(&entries["value"], "var.", arguments);
            outputs.insert(format!("{module}.{name}"), value);
        }
    }
    let whole = |text: &str| {
        let mut text = text.to_owned();
        // An output may lead to another module's: as often as modules can follow each other.
        for _ in 0..calls.len() {
            text = resolve(&text, "module.", &outputs);
        }
        text
    };
    let mut flat = Files::new();
    let mut seen = BTreeSet::new();
    for (path, text) in files {
        let parts: Vec<&str> = path.split('/').collect();
        match parts.as_slice() {
            ["modules", _, "variables.tf" | "outputs.tf"] | ["main.tf"] | ["tests", ..] => {}
            ["modules", module, file] => {
                let arguments = &calls[*module];
                for header in text.lines().filter(|line| line.starts_with("resource ")) {
                    assert!(seen.insert(header.to_owned()), "two modules have `{header}`");
                }
                flat.insert(format!("{module}_{file}"), whole(&resolve(text, "var.", arguments)));
            }
            [file] if file.ends_with(".tf") => {
                flat.insert(path.clone(), whole(text));
            }
            _ => {}
        }
    }
    flat
}

/// The attributes of each block of a kind with one label, by label and name: what we generate has one per line, or a
/// value that goes on in lines with a deeper indentation.
fn assignments(text: &str, kind: &str) -> BTreeMap<String, BTreeMap<String, String>> {
    let mut blocks: BTreeMap<String, BTreeMap<String, String>> = BTreeMap::new();
    let mut block = String::new();
    let mut name = String::new();
    for line in text.lines() {
        if let Some(rest) = line.strip_prefix(&format!("{kind} \"")) {
            block = rest.split('"').next().unwrap_or_default().to_owned();
            blocks.insert(block.clone(), BTreeMap::new());
        } else if line.starts_with("  ") {
            let entries = blocks.entry(block.clone()).or_default();
            match line.trim_start().split_once(" = ") {
                Some((key, value)) if !line.starts_with("   ") => {
                    name = key.trim().to_owned();
                    entries.insert(name.clone(), value.to_owned());
                }
                _ => {
                    let value = entries.entry(name.clone()).or_default();
                    value.push('\n');
                    value.push_str(line);
                }
            }
        }
    }
    blocks
}

/// The text with each `<prefix><path>` that `values` knows replaced by its value, in brackets.
fn resolve(text: &str, prefix: &str, values: &BTreeMap<String, String>) -> String {
    let mut out = String::with_capacity(text.len());
    let mut rest = text;
    while let Some(at) = rest.find(prefix) {
        let before = rest[..at].chars().next_back();
        let path = &rest[at + prefix.len()..];
        let end =
            path.find(|c: char| !(c.is_ascii_alphanumeric() || c == '_' || c == '.')).unwrap_or(path.len());
        let found = (1..=end).rev().find_map(|end| Some((end, values.get(&path[..end])?)));
        out.push_str(&rest[..at]);
        match found.filter(|_| !before.is_some_and(|c| c.is_ascii_alphanumeric() || c == '_' || c == '.')) {
            Some((end, value)) => {
                out.push_str(&format!("({value})"));
                rest = &path[end..];
            }
            None => {
                out.push_str(prefix);
                rest = path;
            }
        }
    }
    out.push_str(rest);
    out
}
