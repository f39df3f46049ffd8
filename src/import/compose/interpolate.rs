//! `${VARIABLE}` in compose files, in all the forms that compose knows.

use std::cell::Cell;
use std::collections::{BTreeMap, BTreeSet};

use crate::import::codes::IMPORT_SHAPE;
use crate::import::report::Report;
use crate::import::yaml::{Entry, Node, NodeId, Value};

/// How deep defaults may stand in defaults.
const DEPTH: usize = 16;
/// The longest text that interpolation may give.
const LENGTH: usize = 1 << 20;
/// How many bytes all texts together may have.
const TOTAL: usize = 64 << 20;

/// The variables, and what was found on the way.
#[derive(Debug, Default)]
pub(super) struct Interpolation {
    /// Variables by name.
    pub(super) variables: BTreeMap<String, String>,
    /// Values in which something was not set, with the names.
    pub(super) unset: BTreeMap<NodeId, BTreeSet<String>>,
    /// Values in which a variable is demanded that is not set, or that cannot be read.
    pub(super) mistakes: Vec<(Node, String)>,
    /// Bytes of the texts that were filled in so far: each variable may multiply the one before.
    pub(super) filled: Cell<usize>,
}

impl Interpolation {
    /// The tree with every text filled in. Keys stay as they are.
    pub(super) fn apply(&mut self, node: &Node) -> Node {
        match &node.value {
            Value::Null => node.clone(),
            Value::Text { text, .. } if !text.contains('$') => node.clone(),
            Value::Text { text, .. } => {
                let mut unset = BTreeSet::new();
                match self.fill(text, 0, &mut unset) {
                    Ok(filled) => {
                        if !unset.is_empty() {
                            self.unset.insert(node.id, unset);
                        }
                        node.with_text(&filled)
                    }
                    Err(why) => {
                        self.mistakes.push((node.clone(), why));
                        node.clone()
                    }
                }
            }
            Value::List(items) => node.with(Value::List(items.iter().map(|item| self.apply(item)).collect())),
            Value::Map(map) => {
                let mut filled = crate::import::yaml::Map::new();
                for (key, entry) in map.iter() {
                    filled.insert(key.clone(), Entry { key: entry.key, node: self.apply(&entry.node) });
                }
                node.with(Value::Map(filled.into()))
            }
        }
    }

    /// Reports the mistakes.
    pub(super) fn complain(&mut self, report: &mut Report) {
        for (node, why) in std::mem::take(&mut self.mistakes) {
            let help = "set the variable in a file and give it with `--env-file`, or write the value here";
            report.mistake(&IMPORT_SHAPE, node.span, why, help);
        }
    }

    /// A text filled in.
    pub(super) fn fill(
        &self,
        text: &str,
        depth: usize,
        unset: &mut BTreeSet<String>,
    ) -> Result<String, String> {
        let mut out = String::new();
        let mut rest = text;
        while let Some(at) = rest.find('$') {
            out.push_str(&rest[..at]);
            rest = &rest[at + 1..];
            if let Some(after) = rest.strip_prefix('$') {
                out.push('$');
                rest = after;
            } else if let Some(after) = rest.strip_prefix('{') {
                let end = closing(after).ok_or("a `${` has no `}`")?;
                out += &self.expression(&after[..end], depth, unset)?;
                rest = &after[end + 1..];
            } else {
                let end = name_end(rest);
                if end == 0 {
                    out.push('$');
                    continue;
                }
                out += &self.value(&rest[..end], unset);
                rest = &rest[end..];
            }
            if out.len() > LENGTH {
                return Err("the text becomes longer than 1 MiB".to_owned());
            }
        }
        out.push_str(rest);
        self.filled.set(self.filled.get() + out.len());
        self.within().map(|()| out)
    }

    /// Whether all texts so far are not too much.
    pub(super) fn within(&self) -> Result<(), String> {
        match self.filled.get() > TOTAL {
            true => Err(format!("variables make more than {} MiB of text", TOTAL >> 20)),
            false => Ok(()),
        }
    }

    fn value(&self, name: &str, unset: &mut BTreeSet<String>) -> String {
        let value = self.variables.get(name);
        if value.is_none() {
            unset.insert(name.to_owned());
        }
        value.cloned().unwrap_or_default()
    }

    /// What stands between the braces: a name, and perhaps an operator and a word.
    fn expression(&self, text: &str, depth: usize, unset: &mut BTreeSet<String>) -> Result<String, String> {
        if depth > DEPTH {
            return Err(format!("more than {DEPTH} defaults inside each other"));
        }
        let (name, after) = text.split_at(name_end(text));
        if name.is_empty() {
            return Err(format!("`${{{text}}}` names no variable"));
        }
        if after.is_empty() {
            return Ok(self.value(name, unset));
        }
        let value = self.variables.get(name);
        let (operator, word, value) = match after.strip_prefix(':') {
            Some(after) => (after.chars().next(), after.get(1..), value.filter(|value| !value.is_empty())),
            None => (after.chars().next(), after.get(1..), value),
        };
        let word = word.unwrap_or_default();
        match (operator, value) {
            (Some('-' | '?'), Some(value)) => Ok(value.clone()),
            (Some('-'), None) | (Some('+'), Some(_)) => self.fill(word, depth + 1, unset),
            (Some('+'), None) => Ok(String::new()),
            (Some('?'), None) => Err(format!("`{name}` has to be set")),
            _ => Err(format!("`${{{text}}}` is no form that compose knows")),
        }
    }
}

/// Where a name ends that begins a text.
fn name_end(text: &str) -> usize {
    if text.starts_with(|c: char| c.is_ascii_digit()) {
        return 0;
    }
    text.find(|c: char| !(c.is_ascii_alphanumeric() || c == '_')).unwrap_or(text.len())
}

/// Where the brace closes that is open at the start of a text.
fn closing(text: &str) -> Option<usize> {
    let mut depth = 0usize;
    let bytes = text.as_bytes();
    for (at, byte) in bytes.iter().enumerate() {
        match byte {
            b'{' if at > 0 && bytes[at - 1] == b'$' => depth += 1,
            b'}' if depth == 0 => return Some(at),
            b'}' => depth -= 1,
            _ => {}
        }
    }
    None
}

#[cfg(test)]
mod tests {
    use super::*;

    fn fill(text: &str) -> Result<String, String> {
        let variables = [("A", "a"), ("EMPTY", "")].map(|(name, value)| (name.to_owned(), value.to_owned()));
        let interpolation = Interpolation { variables: variables.into(), ..Interpolation::default() };
        interpolation.fill(text, 0, &mut BTreeSet::new())
    }

    #[test]
    fn every_form_is_read_as_compose_reads_it() {
        for (text, expected) in [
            ("$A-${A}", "a-a"),
            ("$$A $${A}", "$A ${A}"),
            ("${B:-x}${B-y}", "xy"),
            ("${EMPTY:-x}${EMPTY-y}", "x"),
            ("${A:+yes}${EMPTY:+no}${EMPTY+set}${B+no}", "yesset"),
            ("${B:-${C:-${A}}}", "a"),
            ("${A:?needed}", "a"),
            ("$B|$1|100$", "|$1|100$"),
            ("${B:-a}b}", "ab}"),
        ] {
            assert_eq!(fill(text).as_deref(), Ok(expected), "{text}");
        }
        for text in ["${A", "${}", "${B?needed}", "${EMPTY:?needed}", "${A*}"] {
            assert!(fill(text).is_err(), "{text}");
        }
        assert!(fill(&("${B:-".repeat(30) + &"}".repeat(30))).is_err());
    }
}
