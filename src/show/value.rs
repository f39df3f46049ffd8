//! Values as a stack file writes them, on one line; what looks like a secret is not printed.

use super::HIDDEN;
use crate::hcl::{is_bare_key, quote};
use crate::syntax::{Part, Value, Word};

/// A value in HCL, without the texts that are `secret`.
pub(super) fn print(value: &Value, secret: &dyn Fn(&str) -> bool) -> String {
    match value {
        Value::Null => "null".to_owned(),
        Value::Bool(value) => value.to_string(),
        Value::Integer(value) => value.to_string(),
        Value::Float(value) => value.to_string(),
        Value::String(text) if secret(text) => HIDDEN.to_owned(),
        Value::String(text) => quote(text),
        Value::Template(parts) => template(parts, secret),
        Value::Reference(words) => reference(words),
        Value::List(items) => {
            let items: Vec<String> = items.iter().map(|item| print(&item.value, secret)).collect();
            format!("[{}]", items.join(", "))
        }
        Value::Table(table) if table.entries.is_empty() => "{}".to_owned(),
        Value::Table(table) => {
            let entries = table
                .entries
                .iter()
                .map(|(key, entry)| format!("{} = {}", label(key), print(&entry.node.value, secret)));
            format!("{{ {} }}", entries.collect::<Vec<_>>().join(", "))
        }
    }
}

/// A key as it is written: in quotes where it has to be.
fn label(key: &str) -> String {
    if is_bare_key(key) { key.to_owned() } else { quote(key) }
}

fn reference(words: &[Word]) -> String {
    words.iter().map(|word| &*word.text).collect::<Vec<_>>().join(".")
}

fn template(parts: &[Part], secret: &dyn Fn(&str) -> bool) -> String {
    let (mut text, mut plain) = (String::new(), String::new());
    for part in parts {
        match part {
            Part::Text(part) => {
                let quoted = quote(part);
                text += &quoted[1..quoted.len() - 1];
                plain += part;
            }
            Part::Reference(_, words) => text += &format!("${{{}}}", reference(words)),
        }
    }
    // What a reference gives is no constant: only the text between them can give something away.
    if secret(&plain) { HIDDEN.to_owned() } else { format!("\"{text}\"") }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::source::{Source, Sources, Syntax};
    use crate::suspicion::suspicion;

    /// The value of `x = text`, as the value of a variable.
    fn printed(variable: &str, text: &str) -> String {
        let mut sources = Sources::default();
        let file = sources.add(Source::new("a.hcl", &format!("x = {text}\n"), Syntax::Hcl));
        let root = crate::syntax::parse(&sources, file).value.unwrap().root;
        print(&root.get("x").unwrap().node.value, &|text| suspicion(variable, text).is_some())
    }

    #[test]
    fn values_are_printed_as_they_are_written() {
        for text in [
            "null",
            "true",
            "-4",
            "0.5",
            "\"a \\\"b\\\" $${c}\"",
            "database.main.host",
            "\"noreply@${environment.domain} \\\"\"",
            "[1, \"a\", [true]]",
            "{ a = 1, \"a/b\" = { c = [] }, d = {} }",
        ] {
            assert_eq!(printed("", text), text);
        }
    }

    #[test]
    fn what_looks_like_a_secret_is_not_printed() {
        assert_eq!(printed("SMTP_PASSWORD", "\"hunter2\""), HIDDEN);
        assert_eq!(printed("", "[\"run\", \"AKIAIOSFODNN7EXAMPLE\"]"), "[\"run\", (hidden)]");
        assert_eq!(printed("URL", "\"redis://:hunter2@${cache.main.host}\""), HIDDEN);
        assert_eq!(printed("URL", "\"redis://:${x.y.z}@host\""), "\"redis://:${x.y.z}@host\"");
    }
}
