//! What holds for the import of any input.

use std::collections::BTreeSet;

use groundplan::diagnostic::{human, json};
use groundplan::hcl;
use groundplan::import::Imported;
use groundplan::import::yaml::{self, Node, NodeId, Value};
use groundplan::pipeline;
use groundplan::source::{FileId, Source, Sources, Span, Syntax};

use crate::canary::CANARY;
use crate::corpus::{Command, Texts};
use crate::subject::import;

/// What an input gave.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Gave {
    Stack,
    Diagnostics,
}

/// A rule that does not hold: in a few words that are the same for all inputs of a kind, and in many.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Broken {
    pub rule: String,
    pub details: String,
}

impl Broken {
    fn new(rule: impl Into<String>, details: impl Into<String>) -> Self {
        Self { rule: rule.into(), details: details.into() }
    }
}

/// Imports an input and holds what comes out to the rules.
pub fn hold(command: &Command, texts: &Texts) -> Result<Gave, Broken> {
    let mut sources = Sources::default();
    let imported = import(command, texts, &mut sources);
    let report = &imported.report;
    let diagnosed = human::render(&report.diagnostics, &sources, false);
    harmless(&diagnosed)?;
    let parsed: serde_json::Value =
        serde_json::from_str(&json::render(&report.diagnostics, &sources)).unwrap();
    assert_eq!(parsed.as_array().map(Vec::len), Some(report.diagnostics.len()));
    let Some(stack) = &imported.stack else {
        return match report.diagnostics.is_empty() {
            true => Err(Broken::new("neither a stack nor a diagnostic", "")),
            false => Ok(Gave::Diagnostics),
        };
    };
    if !report.diagnostics.is_empty() {
        return Err(Broken::new("a stack in spite of a mistake", diagnosed));
    }
    stands(stack)?;
    let text = report.text(&sources);
    harmless(&text)?;
    for said in [stack, &text, &report.json(&sources)] {
        if said.contains(CANARY) {
            return Err(Broken::new("a secret comes out", said.as_str()));
        }
    }
    accounted(&imported, &mut sources)?;
    Ok(Gave::Stack)
}

/// A text for people has nothing in it that a terminal obeys, or that shows text in another order than it has.
fn harmless(text: &str) -> Result<(), Broken> {
    let obeyed = |c: char| {
        c.is_control() && c != '\n' || matches!(c, '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}')
    };
    match text.chars().find(|&c| obeyed(c)) {
        Some(c) => Err(Broken::new("a terminal obeys what is said", format!("{c:?} in\n{text}"))),
        None => Ok(()),
    }
}

/// A stack is one that `check` accepts, and is laid out.
fn stands(stack: &str) -> Result<(), Broken> {
    let mut sources = Sources::default();
    let file = sources.add(Source::new("stack.hcl", stack, Syntax::Hcl));
    let checked = pipeline::check(&sources, file);
    if let Some(first) = checked.diagnostics.iter().find(|found| found.is_error()) {
        let found = human::render(&checked.diagnostics, &sources, false);
        let rule = format!("check: {}: {}", first.code.name, general(&first.message));
        return Err(Broken::new(rule, format!("{found}\n{stack}")));
    }
    match hcl::format(stack) {
        Ok(formatted) if formatted == *stack => Ok(()),
        _ => Err(Broken::new("the stack is not formatted", stack)),
    }
}

/// A message without the names in it.
fn general(message: &str) -> String {
    message.split('`').step_by(2).collect::<Vec<_>>().join("_").replace(|c: char| c.is_ascii_digit(), "")
}

/// Every value of every file that was read has a line, or stands in something that has one.
fn accounted(imported: &Imported, sources: &mut Sources) -> Result<(), Broken> {
    let places: BTreeSet<Span> = imported.report.lines().iter().filter_map(|line| line.place).collect();
    let end = sources.add(Source::new("", "", Syntax::Foreign));
    for file in (0..end.0).map(FileId) {
        let name = &sources.get(file).name;
        if ![".yml", ".yaml", ".json"].iter().any(|end| name.ends_with(end)) {
            continue;
        }
        let documents = yaml::parse(sources, file).value.unwrap_or_default();
        let mut spoken = BTreeSet::new();
        for document in &documents {
            let has_line = places.contains(&document.span) || places.contains(&Span::new(file, 0, 0));
            speak(document, has_line, &places, &mut spoken);
        }
        let written = documents.iter().filter(|document| !matches!(document.value, Value::Null));
        let silent = written.into_iter().find_map(|document| silent(document, &spoken));
        if let Some(node) = silent {
            let place = sources.position(node.span);
            let details = format!("{name}:{place}\n{}", imported.report.text(sources));
            return Err(Broken::new("the report is silent", details));
        }
    }
    Ok(())
}

/// Collects the values that have a line or stand in something that has one.
fn speak(node: &Node, has_line: bool, places: &BTreeSet<Span>, spoken: &mut BTreeSet<NodeId>) {
    if has_line {
        spoken.insert(node.id);
    }
    match &node.value {
        Value::Map(map) => {
            // A line about an object of Kubernetes as a whole stands where its kind is written.
            let of_kind = map.get("kind").is_some_and(|entry| places.contains(&entry.node.span));
            let has_line = has_line || of_kind;
            for entry in map.values() {
                let own = places.contains(&entry.key) || places.contains(&entry.node.span);
                speak(&entry.node, has_line || own, places, spoken);
            }
        }
        Value::List(items) => {
            for item in items.iter() {
                speak(item, has_line || places.contains(&item.span), places, spoken);
            }
        }
        Value::Null | Value::Text { .. } => {}
    }
}

/// The first value without anything in it that is not among those spoken about.
fn silent<'a>(node: &'a Node, spoken: &BTreeSet<NodeId>) -> Option<&'a Node> {
    let below = match &node.value {
        Value::Map(map) if !map.is_empty() => map.values().find_map(|entry| silent(&entry.node, spoken)),
        Value::List(items) if !items.is_empty() => items.iter().find_map(|item| silent(item, spoken)),
        _ => Some(node),
    };
    below.filter(|_| !spoken.contains(&node.id))
}
