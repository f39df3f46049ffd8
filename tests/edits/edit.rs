//! The edits of stack files, as data.

use std::collections::BTreeMap;
use std::fs;

use serde::Deserialize;

use crate::Outcome;
use crate::compile::root;
use crate::rename::rename;

/// The edits of one stack.
pub struct Edits {
    pub stack: String,
    /// The environment that is applied, and in which the edits are planned.
    pub workspace: String,
    pub edits: Vec<Edit>,
}

/// A change of a stack file.
pub struct Edit {
    pub name: String,
    /// Text that stands in the file once, and what is written instead.
    replaced: Vec<(String, String)>,
    /// What is written at the end.
    appended: String,
    /// New names of components, by `kind.name`.
    renamed: BTreeMap<String, String>,
    /// How `diff --against` exits.
    pub exit: u8,
    /// Where Terraform does something else, by address, and why.
    pub differs: BTreeMap<String, String>,
}

/// A file of edits.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct File {
    workspace: String,
    #[serde(rename = "edit")]
    edits: serde_json::Map<String, serde_json::Value>,
}

/// A block of such a file.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Block {
    exit: u8,
    /// Old and new text in turn.
    #[serde(default)]
    replace: Vec<String>,
    #[serde(default)]
    append: String,
    #[serde(default)]
    rename: BTreeMap<String, String>,
    #[serde(default)]
    differs: BTreeMap<String, String>,
}

/// All edits, by stack.
pub fn all() -> Outcome<Vec<Edits>> {
    let files = fs::read_dir(root("tests/edits")).unwrap().map(|entry| entry.unwrap().path());
    let mut files: Vec<_> = files.filter(|path| path.extension().is_some_and(|end| end == "hcl")).collect();
    files.sort();
    let read = files.iter().map(|path| {
        let problem = |error: &dyn std::fmt::Display| format!("{}: {error}", path.display());
        let file: File =
            hcl::from_str(&fs::read_to_string(path).unwrap()).map_err(|error| problem(&error))?;
        let edits = file.edits.into_iter().map(|(name, block)| {
            let block: Block =
                serde_json::from_value(block).map_err(|error| problem(&format!("{name}: {error}")))?;
            let (pairs, rest) = block.replace.as_chunks();
            if !rest.is_empty() {
                return Err(problem(&format!("{name}: `replace` lacks a new text")));
            }
            Ok(Edit {
                name,
                replaced: pairs.iter().map(|[old, new]| (old.clone(), new.clone())).collect(),
                appended: block.append,
                renamed: block.rename,
                exit: block.exit,
                differs: block.differs,
            })
        });
        let stack = path.file_stem().unwrap().to_str().unwrap().to_owned();
        Ok(Edits { stack, workspace: file.workspace, edits: edits.collect::<Outcome<_>>()? })
    });
    read.collect()
}

impl Edit {
    /// The changed text of a stack file.
    pub fn of(&self, text: &str) -> Outcome<String> {
        let mut text = text.to_owned();
        for (old, new) in &self.replaced {
            match text.matches(old.as_str()).count() {
                1 => text = text.replacen(old.as_str(), new, 1),
                count => return Err(format!("{old:?} stands in the stack file {count} times, not once")),
            }
        }
        for (component, new) in &self.renamed {
            let renamed = component.split_once('.').and_then(|(kind, old)| rename(&text, kind, old, new));
            text = renamed.ok_or_else(|| format!("there is no `{component}`"))?;
        }
        match self.appended.is_empty() {
            true => Ok(text),
            false => Ok(format!("{text}\n{}", self.appended)),
        }
    }
}
