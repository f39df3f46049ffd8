//! Renames a component in the text of a stack file as a person would: its label, its overlays, the references to it,
//! and `renamed_from`.

#![allow(dead_code, reason = "each test uses its part")]

use std::ops::Range;

use groundplan::source::{Source, Sources, Span, Syntax};
use groundplan::syntax::{self, Entry, Part, Table, Value};

/// The text with `kind.old` called `new`; nothing when no block of the file is that.
pub fn rename(text: &str, kind: &str, old: &str, new: &str) -> Option<String> {
    let mut sources = Sources::default();
    let file = sources.add(Source::new("stacks/test.hcl", text, Syntax::Hcl));
    let root = syntax::parse(&sources, file).value?.root;
    let mut renaming = Renaming { text, kind, old, new, edits: Vec::new(), written: false };
    renaming.level(&root, true);
    if !renaming.written {
        return None;
    }
    let mut edits = renaming.edits;
    edits.sort_by_key(|(place, _)| place.start);
    let mut text = text.to_owned();
    for (place, with) in edits.into_iter().rev() {
        text.replace_range(place, &with);
    }
    Some(text)
}

struct Renaming<'t> {
    text: &'t str,
    kind: &'t str,
    old: &'t str,
    new: &'t str,
    edits: Vec<(Range<usize>, String)>,
    written: bool,
}

impl Renaming<'_> {
    /// The file, an environment or an app; `own` outside the environments.
    fn level(&mut self, table: &Table, own: bool) {
        for (key, entry) in &table.entries {
            let Value::Table(named) = &entry.node.value else {
                self.value(&entry.node.value);
                continue;
            };
            for (label, block) in &named.entries {
                let Value::Table(body) = &block.node.value else {
                    self.value(&block.node.value);
                    continue;
                };
                if **key == *self.kind && **label == *self.old {
                    self.label(block, own);
                    self.main_container(body);
                }
                match &**key {
                    "environment" => self.level(body, false),
                    "app" => self.level(body, own),
                    _ => self.value(&block.node.value),
                }
            }
        }
    }

    fn label(&mut self, block: &Entry, own: bool) {
        self.replace(block.key);
        if own {
            let header = block.node.span.end as usize;
            let brace = header + self.text[header..].find('{').expect("a block has a body") + 1;
            let line = self.text[brace..].find('\n').map_or(self.text.len(), |length| brace + length);
            let text = format!("\nrenamed_from = \"{}\"", self.old);
            // A block on one line becomes one on several.
            match self.text[brace..line].trim() {
                "}" => self.edits.push((brace..brace, text + "\n")),
                rest if rest.ends_with('}') => {
                    self.edits.push((brace..brace, text + "\n"));
                    let end = brace + self.text[brace..line].rfind('}').expect("it ends with one");
                    self.edits.push((end..end, "\n".to_owned()));
                }
                _ => self.edits.push((brace..brace, text)),
            }
            self.written = true;
        }
    }

    /// Where routes lead to the main container, and containers wait for it.
    fn main_container(&mut self, body: &Table) {
        for key in ["route", "container"] {
            for (_, inner) in body.blocks(key) {
                if let Some(entry) = inner.get("container")
                    && matches!(&entry.node.value, Value::String(name) if **name == *self.old)
                {
                    self.replace(entry.node.span);
                }
                let waits = inner.get("depends_on").and_then(|entry| entry.node.value.as_table());
                if let Some(wait) = waits.and_then(|waits| waits.get(self.old)) {
                    self.replace(wait.key);
                }
            }
        }
    }

    fn value(&mut self, value: &Value) {
        match value {
            Value::Reference(words) => self.words(words),
            Value::Template(parts) => parts.iter().for_each(|part| match part {
                Part::Reference(_, words) => self.words(words),
                Part::Text(_) => {}
            }),
            Value::List(items) => items.iter().for_each(|item| self.value(&item.value)),
            Value::Table(table) => table.entries.iter().for_each(|(key, entry)| {
                let Value::Table(named) = &entry.node.value else { return self.value(&entry.node.value) };
                // A pipeline names the registries that it builds for by their labels.
                if &**key == "build" && self.kind == "registry" {
                    named.get(self.old).into_iter().for_each(|build| self.replace(build.key));
                }
                self.value(&entry.node.value);
            }),
            _ => {}
        }
    }

    fn words(&mut self, words: &[syntax::Word]) {
        if words.len() > 1 && *words[0].text == *self.kind && *words[1].text == *self.old {
            self.replace(words[1].span);
        }
    }

    fn replace(&mut self, place: Span) {
        let place = place.start as usize..place.end as usize;
        let with = self.text[place.clone()].replace(self.old, self.new);
        self.edits.push((place, with));
    }
}
