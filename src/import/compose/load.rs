//! The files of a compose project as one tree: interpolated, with what they include and extend, merged.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use super::FORMAT;
use super::dotenv;
use super::interpolate::Interpolation;
use super::merge::{canonical, merged};
use crate::import::codes::IMPORT_FILE;
use crate::import::read::At;
use crate::import::session::Session;
use crate::import::yaml::{Entry, Map, Node, Value};
use crate::source::{FileId, Span};

/// How many files may include or extend each other.
const FILES: usize = 64;

/// Reads and merges files.
pub(super) struct Loader<'s, 'a> {
    pub(super) session: &'s mut Session<'a>,
    pub(super) interpolation: Interpolation,
    /// Files that another one named, by path.
    named: BTreeMap<String, Node>,
    /// Files that are included as a whole.
    whole: BTreeSet<String>,
    /// Services of other files that something extends.
    used: BTreeSet<(String, String)>,
}

impl<'s, 'a> Loader<'s, 'a> {
    /// Takes variables from files, the last of which has the last word; without one from `.env` beside the first file.
    pub(super) fn new(session: &'s mut Session<'a>, files: &[FileId], env_files: &[FileId]) -> Self {
        let mut interpolation = Interpolation::default();
        let mut env_files = env_files.to_vec();
        if let (true, Some(first)) = (env_files.is_empty(), files.first()) {
            let path = beside(&session.sources.get(*first).name, ".env");
            env_files.extend(session.optional(&path));
        }
        for file in env_files {
            for line in dotenv::parse(&session.text(file), &interpolation) {
                interpolation.variables.insert(line.name, line.value.unwrap_or_default());
            }
        }
        Self { session, interpolation, named: BTreeMap::new(), whole: BTreeSet::new(), used: BTreeSet::new() }
    }

    /// The project of several files. Mistakes are in the report.
    pub(super) fn project(&mut self, files: &[FileId]) -> Option<Node> {
        let mut project: Option<Node> = None;
        for &file in files {
            let name = self.session.sources.get(file).name.to_string();
            let Some(node) = self.file(file) else { continue };
            let node = self.extended(&node, &name);
            let node = self.included(node, &name, 0);
            project = Some(match project {
                Some(base) => merged(&base, &node, "", &mut self.session.report),
                None => node,
            });
        }
        self.interpolation.complain(&mut self.session.report);
        for (path, node) in self.named.iter().filter(|(path, _)| !self.whole.contains(*path)) {
            let services =
                At::root(node.clone(), &FORMAT).get("services").map(|all| all.entries()).unwrap_or_default();
            for (name, at) in services {
                if !self.used.contains(&(path.clone(), name.to_string())) {
                    self.session.report.dropped(&at.origin(), "nothing extends it");
                }
            }
        }
        project
    }

    /// A file as it is, canonical and filled in.
    fn file(&mut self, file: FileId) -> Option<Node> {
        let mistakes = self.session.report.diagnostics.len();
        let documents = self.session.documents(file);
        let Some(document) = documents.first() else {
            if self.session.report.diagnostics.len() == mistakes {
                let help = "give a file with `services`";
                self.session.report.impossible(Span::new(file, 0, 0), "this file is empty", help);
            }
            return None;
        };
        let document = &with_services(document);
        self.session.watch(document, &FORMAT);
        if document.map().is_none() {
            let help = "give a file with `services`";
            self.session.report.impossible(document.span, "this is no compose file", help);
            return None;
        }
        Some(self.interpolation.apply(&canonical(document, "")))
    }

    /// A file that another one names.
    fn other(&mut self, path: &str, by: &At) -> Option<Node> {
        if let Some(node) = self.named.get(path) {
            return Some(node.clone());
        }
        if self.named.len() >= FILES {
            let message = format!("more than {FILES} files include or extend each other");
            self.session.report.mistake(&IMPORT_FILE, by.origin().span, message, "merge some of them");
            return None;
        }
        let file = self.session.named(path, &by.origin())?;
        let node = self.file(file)?;
        self.named.insert(path.to_owned(), node.clone());
        Some(node)
    }

    /// A project with the files that it includes below it.
    fn included(&mut self, node: Node, path: &str, depth: usize) -> Node {
        let at = At::root(node.clone(), &FORMAT);
        let mut result = node;
        for item in at.get("include").map(|list| list.items()).unwrap_or_default() {
            let paths: Vec<At> = match item.get("path") {
                Some(path) if path.is_list() => path.items(),
                Some(path) => vec![path],
                None => vec![item],
            };
            for named in paths {
                let Some(text) = named.text(&mut self.session.report) else { continue };
                if depth > 8 {
                    let message = "files include each other without end";
                    self.session.report.mistake(
                        &IMPORT_FILE,
                        named.origin().span,
                        message,
                        "remove one of the names",
                    );
                    return result;
                }
                let other = beside(path, &text);
                self.whole.insert(other.clone());
                if let Some(found) = self.other(&other, &named) {
                    self.session.report.mapped(&named.origin(), "read and merged");
                    let found = self.extended(&found, &other);
                    let found = self.included(found, &other, depth + 1);
                    result = merged(&found, &result, "", &mut self.session.report);
                }
            }
        }
        result
    }

    /// A file whose services have what they extend.
    fn extended(&mut self, node: &Node, path: &str) -> Node {
        let Some(map) = node.map() else { return node.clone() };
        let Some(services) = map.get("services").and_then(|entry| entry.node.map()) else {
            return node.clone();
        };
        let mut written: Map = services.clone();
        for (name, entry) in services.iter() {
            let at = At::root(node.clone(), &FORMAT).get("services").and_then(|all| all.get(name));
            let Some(at) = at else { continue };
            let mut chain = vec![(path.to_owned(), name.to_string())];
            let whole = self.service(&at, path, &mut chain);
            if let (Some(slot), Some(whole)) = (written.get_mut(name), whole) {
                slot.node = whole;
                slot.key = entry.key;
            }
        }
        let mut whole: Map = map.clone();
        if let Some(slot) = whole.get_mut("services") {
            slot.node = slot.node.with(Value::Map(Arc::new(written)));
        }
        node.with(Value::Map(Arc::new(whole)))
    }

    /// A service over what it extends.
    fn service(&mut self, at: &At, path: &str, chain: &mut Vec<(String, String)>) -> Option<Node> {
        let Some(extends) = at.get("extends") else { return Some(at.node.clone()) };
        // The parts of `extends` are read without the matrix: it has one row for all of it.
        let field =
            |key: &str| extends.node.map().and_then(|map| map.get(key)?.node.text()).map(str::to_owned);
        let (file, name) = match extends.node.text() {
            Some(name) => (None, Some(name.to_owned())),
            None => (field("file"), field("service")),
        };
        let Some(name) = name else {
            self.session
                .report
                .misshapen(&extends.origin(), "the name of a service, with a `file` or without");
            return None;
        };
        let other = file.as_ref().map_or_else(|| path.to_owned(), |file| beside(path, file));
        let step = (other.clone(), name.clone());
        if chain.contains(&step) || chain.len() > FILES {
            let message = format!("`{name}` extends itself, by way of others");
            self.session.report.mistake(
                &IMPORT_FILE,
                extends.origin().span,
                message,
                "remove one `extends` of them",
            );
            return None;
        }
        chain.push(step.clone());
        self.used.insert(step);
        let document = match &file {
            Some(_) => self.other(&other, &extends)?,
            None => at_root(at, self, path)?,
        };
        let base = At::root(document, &FORMAT).get("services").and_then(|all| all.get(&name));
        let Some(base) = base else {
            let message = format!("there is no service `{name}` to extend in `{other}`");
            self.session.report.mistake(
                &IMPORT_FILE,
                extends.origin().span,
                message,
                "write the name of a service there",
            );
            return None;
        };
        let base = self.service(&base, &other, chain)?;
        self.session.report.mapped(&extends.origin(), format!("`{name}` is merged"));
        Some(merged(&base, &at.node, "", &mut self.session.report))
    }
}

/// The file that a service stands in, read once more.
fn at_root(at: &At, loader: &mut Loader<'_, '_>, path: &str) -> Option<Node> {
    if let Some(node) = loader.named.get(path) {
        return Some(node.clone());
    }
    let documents = loader.session.documents(at.node.span.file);
    Some(loader.interpolation.apply(&canonical(&with_services(documents.first()?), "")))
}

/// A file of the first version, in which services stand at the top, as one that has `services`.
fn with_services(document: &Node) -> Node {
    let is_service = |node: &Node| {
        node.map().is_some_and(|map| ["image", "build", "extends"].iter().any(|key| map.contains_key(*key)))
    };
    match document.map() {
        Some(map) if !map.is_empty() && map.values().all(|entry| is_service(&entry.node)) => {
            let services = Entry { key: document.span, node: document.clone() };
            document.with(Value::Map(Arc::new([("services".into(), services)].into_iter().collect())))
        }
        _ => document.clone(),
    }
}

/// A path that a file names, from where the command was started.
pub(super) fn beside(file: &str, path: &str) -> String {
    if path.starts_with('/') {
        return path.to_owned();
    }
    match file.rsplit_once('/') {
        Some((directory, _)) => format!("{directory}/{path}"),
        None => path.to_owned(),
    }
}
