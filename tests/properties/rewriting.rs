//! A stack file written again: in another order, or as JSON. The tree that `syntax` reads says what stands where.

use std::fmt::Write;
use std::sync::Arc;

use groundplan::hcl::quote;
use groundplan::source::{Source, Sources};
use groundplan::syntax::{self, Entry, Form, Node, Part, Table, Value, Word};

use crate::choices::Choices;
use crate::stacks::StackFile;

/// The text with blocks, attributes, object keys and environments in another order.
pub fn shuffled(stack: &StackFile, seed: u64) -> String {
    let (sources, root) = read(stack);
    let mut text = String::new();
    Hcl { sources: &sources, choices: Choices(seed) }.body(&mut text, &root);
    text
}

/// The same model as JSON.
pub fn as_json(stack: &StackFile) -> String {
    let (_, root) = read(stack);
    json_table(&root).to_string()
}

fn read(stack: &StackFile) -> (Sources, Arc<Table>) {
    let mut sources = Sources::default();
    let file = sources.add(Source::new(&stack.header, &stack.text, stack.syntax));
    let root = syntax::parse(&sources, file).value.expect("the shipped stacks have no syntax error").root;
    (sources, root)
}

struct Hcl<'s> {
    sources: &'s Sources,
    choices: Choices,
}

impl Hcl<'_> {
    fn body(&mut self, out: &mut String, table: &Table) {
        for (key, entry) in self.shuffle(table) {
            match &entry.node.value {
                Value::Table(inner) if entry.form != Form::Attribute => {
                    let labelled = inner.entries.values().next().is_some_and(|entry| self.is_label(entry));
                    if !labelled {
                        self.block(out, key, inner);
                        continue;
                    }
                    for (label, entry) in self.shuffle(inner) {
                        let body = entry.node.value.as_table().expect("a labelled block has a body");
                        self.block(out, &format!("{key} {}", quote(label)), body);
                    }
                }
                _ => {
                    write!(out, "{key} = ").unwrap();
                    self.value(out, &entry.node);
                    out.push('\n');
                }
            }
        }
    }

    fn block(&mut self, out: &mut String, header: &str, body: &Table) {
        writeln!(out, "{header} {{").unwrap();
        self.body(out, body);
        out.push_str("}\n");
    }

    /// Labels stand in quotes in the stack file; the keys of a block do not.
    fn is_label(&self, entry: &Entry) -> bool {
        self.sources.text(entry.key).starts_with('"')
    }

    fn value(&mut self, out: &mut String, node: &Node) {
        match &node.value {
            Value::List(items) => {
                out.push('[');
                for item in items.iter() {
                    self.value(out, item);
                    out.push_str(", ");
                }
                out.push(']');
            }
            Value::Table(table) => {
                out.push_str("{\n");
                for (key, entry) in self.shuffle(table) {
                    write!(out, "{} = ", quote(key)).unwrap();
                    self.value(out, &entry.node);
                    out.push('\n');
                }
                out.push('}');
            }
            Value::Template(parts) => {
                out.push('"');
                for part in parts.iter() {
                    match part {
                        Part::Text(text) => out.push_str(quote(text).trim_matches('"')),
                        Part::Reference(_, words) => write!(out, "${{{}}}", dotted(words)).unwrap(),
                    }
                }
                out.push('"');
            }
            Value::String(text) => out.push_str(&quote(text)),
            Value::Reference(words) => out.push_str(&dotted(words)),
            Value::Integer(number) => write!(out, "{number}").unwrap(),
            Value::Float(number) => write!(out, "{number}").unwrap(),
            Value::Bool(value) => write!(out, "{value}").unwrap(),
            Value::Null => out.push_str("null"),
        }
    }

    fn shuffle<'t>(&mut self, table: &'t Table) -> Vec<(&'t Arc<str>, &'t Entry)> {
        let mut entries: Vec<_> = table.entries.iter().collect();
        self.choices.shuffle(&mut entries);
        entries
    }
}

fn json_table(table: &Table) -> serde_json::Value {
    let entries = table.entries.iter().map(|(key, entry)| (key.to_string(), json_value(&entry.node)));
    serde_json::Value::Object(entries.collect())
}

fn json_value(node: &Node) -> serde_json::Value {
    match &node.value {
        Value::Null => serde_json::Value::Null,
        Value::Bool(value) => (*value).into(),
        Value::Integer(number) => (*number).into(),
        Value::Float(number) => (*number).into(),
        Value::String(text) => text.replace("${", "$${").into(),
        Value::Reference(words) => format!("${{{}}}", dotted(words)).into(),
        Value::Template(parts) => {
            let parts = parts.iter().map(|part| match part {
                Part::Text(text) => text.replace("${", "$${"),
                Part::Reference(_, words) => format!("${{{}}}", dotted(words)),
            });
            parts.collect::<String>().into()
        }
        Value::List(items) => items.iter().map(json_value).collect(),
        Value::Table(table) => json_table(table),
    }
}

fn dotted(words: &[Word]) -> String {
    words.iter().map(|word| &*word.text).collect::<Vec<_>>().join(".")
}
