//! The files of a compose project as one tree: interpolated, with what they include and extend, merged.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use super::FORMAT;
use super::interpolate::Interpolation;
use super::merge::{canonical, merged};
use super::variables;
use crate::import::codes::IMPORT_FILE;
use crate::import::read::At;
use crate::import::session::Session;
use crate::import::yaml::{Entry, Map, Node, Value};
use crate::source::{FileId, Span};

/// How many files may include or extend each other.
const FILES: usize = 64;
const HELP: &str = "give a file with `services`";

/// Reads and merges files.
pub(super) struct Loader<'s, 'a> {
    pub(super) session: &'s mut Session<'a>,
    pub(super) interpolation: Interpolation,
    /// Files that were read.
    read: BTreeMap<FileId, Node>,
    /// Those that another one named, by path.
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
            for line in variables::lines(file, session, &interpolation) {
                interpolation.variables.insert(line.name, line.value.unwrap_or_default());
            }
        }
        Self {
            session,
            interpolation,
            read: BTreeMap::new(),
            named: BTreeMap::new(),
            whole: BTreeSet::new(),
            used: BTreeSet::new(),
        }
    }

    /// The project of several files. Mistakes are in the report.
    pub(super) fn project(&mut self, files: &[FileId]) -> Option<Node> {
        let mut project: Option<Node> = None;
        for &file in files {
            let name = self.session.sources.get(file).name.to_string();
            let Some(node) = self.file(file) else { continue };
            let node = self.extended(&node, &name);
            let node = self.included(node, &mut vec![name.clone()]);
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
        if documents.is_empty() && self.session.report.diagnostics.len() == mistakes {
            self.session.report.impossible(Span::new(file, 0, 0), "this file is empty", HELP);
        }
        let mut whole: Option<Node> = None;
        for document in documents {
            let document = with_services(&document);
            self.session.watch(&document, &FORMAT);
            if document.map().is_none() {
                self.session.report.impossible(document.span, "this is no compose file", HELP);
                return None;
            }
            let document = self.interpolation.apply(&canonical(&document, ""));
            whole = Some(match whole {
                Some(base) => merged(&base, &document, "", &mut self.session.report),
                None => document,
            });
        }
        self.read.insert(file, whole.clone()?);
        whole
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

    /// A project with the files that it includes below it; `chain` is the way from the first file to this one.
    fn included(&mut self, node: Node, chain: &mut Vec<String>) -> Node {
        let path = chain.last().cloned().unwrap_or_default();
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
                let other = beside(&path, &text);
                if chain.contains(&other) {
                    let span = named.origin().span;
                    let help = "remove one of the names";
                    self.session.report.mistake(
                        &IMPORT_FILE,
                        span,
                        "files include each other without end",
                        help,
                    );
                    continue;
                }
                // What two files include is there once.
                if !self.whole.insert(other.clone()) {
                    self.session.report.mapped(&named.origin(), "read and merged already");
                    continue;
                }
                if let Some(found) = self.other(&other, &named) {
                    self.session.report.mapped(&named.origin(), "read and merged");
                    let found = self.extended(&found, &other);
                    chain.push(other);
                    let found = self.included(found, chain);
                    chain.pop();
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
            None => self.named.get(path).or_else(|| self.read.get(&at.node.span.file))?.clone(),
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
        if !self.session.report.repeat(base.size(), extends.origin().span) {
            return None;
        }
        self.session.report.mapped(&extends.origin(), format!("`{name}` is merged"));
        Some(merged(&base, &at.node, "", &mut self.session.report))
    }
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
