//! Secrets of the inputs, which must never come out again.

use groundplan::import::yaml::{self, Node, Value};
use groundplan::source::{Source, Sources, Syntax};

use crate::corpus::Texts;

/// The word that stands in inputs where a secret does.
pub const CANARY: &str = "never-to-be-seen";
/// What takes its place where it is no secret any more.
const HARMLESS: &str = "may-well-be-seen";

/// Leaves the canary in files where it is the value of something that is called like a secret, and nowhere else: what
/// tells a secret from other words is what it is called, and a mutation may have moved one of them.
pub fn settle(texts: &mut Texts) {
    for (name, text) in texts.iter_mut().filter(|(_, text)| text.contains(CANARY)) {
        let is_tree = name.ends_with("ml") || name.ends_with(".json");
        let fine = if is_tree { stays_in_tree(text) } else { text.lines().all(stays_in_line) };
        if !fine {
            *text = text.replace(CANARY, HARMLESS);
        }
    }
}

/// Whether a name is that of a secret; `value` is what it holds.
fn is_secret(name: &str, value: &str) -> bool {
    let name = name.to_uppercase();
    let words = ["PASSWORD", "_PASS", "SECRET", "TOKEN"];
    let scheme = |text: &str| text.chars().all(|c| c.is_ascii_alphanumeric());
    let is_url = value.split_once("://").is_some_and(|(before, after)| {
        scheme(before)
            && after
                .split_once(&format!(":{CANARY}@"))
                .is_some_and(|(user, _)| !user.contains(|c: char| !c.is_ascii_alphanumeric()))
    });
    words.iter().any(|word| name.ends_with(word) || name == "SECRET_KEY_BASE")
        || name.ends_with("_URL") && is_url
}

fn stays_in_line(line: &str) -> bool {
    let entry = line.trim().trim_end_matches('\\').trim();
    let entry = entry.strip_prefix("export ").unwrap_or(entry);
    let entry = entry.strip_prefix("--from-literal=").unwrap_or(entry);
    let of_secret = entry.split_once('=').is_some_and(|(name, value)| {
        is_secret(name, value)
            && name.chars().all(|c| c.is_ascii_alphanumeric() || c == '_')
            && !value.contains('#')
    });
    !line.contains(CANARY) || of_secret
}

fn stays_in_tree(text: &str) -> bool {
    // What no line holds by itself is hidden in a value of many lines, or in a comment.
    let mut sources = Sources::default();
    let file = sources.add(Source::new("any", text, Syntax::Foreign));
    let Some(documents) = yaml::parse(&sources, file).value else { return true };
    documents.iter().all(|document| stays("", document))
}

/// Whether all below a key stays.
fn stays(key: &str, node: &Node) -> bool {
    match &node.value {
        Value::Null => true,
        Value::Text { text, .. } if !text.contains(CANARY) => true,
        Value::Text { text, .. } => {
            let entry = text.split_once('=').filter(|_| key.is_empty());
            let (name, value) = entry.unwrap_or((key, text));
            is_secret(name, value) && !text.contains('\n') && text.matches(CANARY).count() == 1
        }
        Value::List(items) => items.iter().all(|item| stays("", item)),
        Value::Map(map) => {
            let field = |wanted: &str| {
                map.iter()
                    .find(|(key, _)| key.eq_ignore_ascii_case(wanted))
                    .and_then(|(_, entry)| entry.node.text())
            };
            map.iter().all(|(key, entry)| {
                // What stands below `secrets` is the name of a secret.
                if &**key == "secrets" && holds(&entry.node) {
                    return false;
                }
                let name = if key.eq_ignore_ascii_case("value") { field("name").unwrap_or(key) } else { key };
                !key.contains(CANARY) && stays(name, &entry.node)
            })
        }
    }
}

/// Whether the canary stands somewhere in a value.
fn holds(node: &Node) -> bool {
    match &node.value {
        Value::Null => false,
        Value::Text { text, .. } => text.contains(CANARY),
        Value::List(items) => items.iter().any(holds),
        Value::Map(map) => map.iter().any(|(key, entry)| key.contains(CANARY) || holds(&entry.node)),
    }
}
