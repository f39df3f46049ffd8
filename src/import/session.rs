//! One run of an import: the files that take part, and the report.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use super::assemble::assemble;
use super::codes::IMPORT_FILE;
use super::matrix::Format;
use super::read::{At, Origin};
use super::report::Report;
use super::workload::System;
use super::yaml::{self, NodeId};
use crate::hcl::SyntaxError;
use crate::source::{FileId, Source, Sources, Span, Syntax};

/// Why a file that another one names cannot be had.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Refusal {
    /// There is none.
    Missing,
    /// It stands outside the directories that may be read.
    Outside,
    /// Something else; in words.
    Unreadable(String),
}

/// The files that files may name.
pub trait Files {
    /// The text at a path with `/` separators, which is relative to where the command was started.
    ///
    /// # Errors
    /// When it cannot be had.
    fn read(&self, path: &str) -> Result<String, Refusal>;

    /// The names of the files that stand in a directory, in their order. Without a disk there are no directories.
    ///
    /// # Errors
    /// When it cannot be had.
    fn names(&self, _directory: &str) -> Result<Vec<String>, Refusal> {
        Err(Refusal::Missing)
    }
}

/// What an import gives.
#[derive(Debug)]
pub struct Imported {
    /// The stack file; none after a mistake in the input.
    pub stack: Option<String>,
    /// What became of every key.
    pub report: Report,
}

/// A run.
pub struct Session<'a> {
    /// The files, for places.
    pub sources: &'a mut Sources,
    /// The report.
    pub report: Report,
    files: &'a dyn Files,
    documents: Vec<At>,
    first: Option<FileId>,
    /// Files by their paths, so that each is read once, and one that the command line names from wherever it is.
    named: BTreeMap<String, FileId>,
}

impl<'a> Session<'a> {
    /// A run without files yet.
    pub fn new(sources: &'a mut Sources, files: &'a dyn Files) -> Self {
        Self {
            sources,
            report: Report::default(),
            files,
            documents: Vec::new(),
            first: None,
            named: BTreeMap::new(),
        }
    }

    /// Takes in a file that the command line named.
    pub fn given(&mut self, name: &str, text: &str) -> FileId {
        let file = self.sources.add(Source::new(name, text, Syntax::Foreign));
        self.first.get_or_insert(file);
        self.named.entry(plain(name)).or_insert(file);
        file
    }

    /// Takes in a file that another one names; a mistake when it cannot be had.
    pub fn named(&mut self, path: &str, by: &Origin) -> Option<FileId> {
        match self.files.read(path) {
            Ok(text) => Some(self.given(path, &text)),
            Err(refusal) => {
                let (message, help) = match refusal {
                    Refusal::Missing => {
                        (format!("there is no file `{path}`"), "put it there, or remove its name here")
                    }
                    Refusal::Outside => (
                        format!("`{path}` is outside the directory of the file that is imported"),
                        "copy it into that directory; a file of variables is also read from where it is, when `--env-file` names \
                         it",
                    ),
                    Refusal::Unreadable(why) => (format!("`{path}` cannot be read: {why}"), "mend the file"),
                };
                self.report.mistake(&IMPORT_FILE, by.span, message, help);
                None
            }
        }
    }

    /// Takes in a file that may be missing.
    ///
    /// # Errors
    /// When it cannot be had.
    pub fn optional(&mut self, path: &str) -> Result<FileId, Refusal> {
        // Several that name one file are about the same lines of it.
        if let Some(known) = self.named.get(&plain(path)) {
            return Ok(*known);
        }
        let text = self.files.read(path)?;
        Ok(self.given(path, &text))
    }

    /// The paths of the files in a directory that another file names.
    ///
    /// # Errors
    /// When it cannot be had.
    pub fn directory(&self, path: &str) -> Result<Vec<String>, Refusal> {
        let path = path.trim_end_matches('/');
        let names = self.files.names(path)?;
        Ok(names.into_iter().map(|name| format!("{path}/{name}")).collect())
    }

    /// The text of a file.
    pub fn text(&self, file: FileId) -> Arc<str> {
        self.sources.get(file).text.clone()
    }

    /// The documents of a file as trees; none after a mistake. They have to be watched, too.
    pub fn documents(&mut self, file: FileId) -> Vec<yaml::Node> {
        let mut parsed = yaml::parse(self.sources, file);
        self.report.diagnostics.append(&mut parsed.diagnostics);
        parsed.value.unwrap_or_default()
    }

    /// Has the report speak about everything in a tree, whether somebody reads it or not.
    pub fn watch(&mut self, node: &yaml::Node, format: &'static Format) -> At {
        self.watch_at(At::root(node.clone(), format))
    }

    /// The same for a tree that is not a whole file.
    pub fn watch_at(&mut self, at: At) -> At {
        self.documents.push(at.clone());
        at
    }

    /// Has the report say in the same words of everything that stands around the trees it watches that it is not read.
    pub fn leave(&mut self, document: &yaml::Node, format: &'static Format, words: &str) {
        let watched: BTreeSet<NodeId> = self.documents.iter().map(|at| at.node.id).collect();
        leave(&At::root(document.clone(), format), &watched, words, &mut self.report);
    }

    /// Makes the stack file and ends the report.
    ///
    /// # Errors
    /// Only faults of this program.
    pub fn finish(mut self, system: Option<System>) -> Result<Imported, SyntaxError> {
        let mut stack = None;
        if let Some(system) = system.filter(|_| self.report.diagnostics.is_empty()) {
            let mut file = assemble(system, &mut self.report);
            file.comments.push(
                "Imported. Lines that say \"needs you\" want a decision; the report has the rest.".to_owned(),
            );
            stack = Some(file.print()?);
        }
        for document in &self.documents {
            self.report.close(document);
        }
        if let (None, true, Some(file)) = (&stack, self.report.diagnostics.is_empty(), self.first) {
            let help = "give a file that describes something to run";
            self.report.impossible(Span::new(file, 0, 0), "there is nothing to import here", help);
        }
        // A mistake may come to light last.
        let stack = stack.filter(|_| self.report.diagnostics.is_empty());
        Ok(Imported { stack, report: self.report })
    }
}

/// Drops what has nothing watched in it.
fn leave(at: &At, watched: &BTreeSet<NodeId>, words: &str, report: &mut Report) {
    if watched.contains(&at.node.id) || report.has(&at.origin()) {
        return;
    }
    let children = at.children();
    if children.iter().any(|child| holds(&child.node, watched)) {
        children.iter().for_each(|child| leave(child, watched, words, report));
    } else {
        report.dropped(&at.origin(), words);
    }
}

/// Whether something watched stands in a value.
fn holds(node: &yaml::Node, watched: &BTreeSet<NodeId>) -> bool {
    watched.contains(&node.id)
        || match &node.value {
            yaml::Value::Null | yaml::Value::Text { .. } => false,
            yaml::Value::List(items) => items.iter().any(|item| holds(item, watched)),
            yaml::Value::Map(map) => map.values().any(|entry| holds(&entry.node, watched)),
        }
}

/// A path without steps that lead nowhere: `a/../b` and `./b` are `b`.
fn plain(path: &str) -> String {
    let mut steps: Vec<&str> = Vec::new();
    for step in path.split('/') {
        match step {
            "." => {}
            ".." if steps.last().is_some_and(|last| !matches!(*last, "" | "..")) => {
                steps.pop();
            }
            step => steps.push(step),
        }
    }
    steps.join("/")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_path_is_the_same_however_it_is_written() {
        for (path, expected) in [
            ("a/../b", "b"),
            ("./b", "b"),
            ("../b", "../b"),
            ("a/./b/../../../c", "../c"),
            ("/a/../b", "/b"),
            ("/..", "/.."),
        ] {
            assert_eq!(plain(path), expected, "{path}");
        }
    }
}
