//! Values of a CloudFormation template that only CloudFormation knows, as placeholders.

use std::sync::Arc;

use super::field;
use crate::import::yaml::{Entry, Node, Value};

/// The tree with `${Name}` for `!Ref Name`, `{ "Ref": "Name" }` and the other functions of templates.
pub(super) fn plain(node: &Node) -> Node {
    match &node.value {
        Value::Text { text, .. } => match node.tag.as_deref() {
            None => node.clone(),
            Some("Sub") => node.with_text(&text.replace("${AWS::", "${")),
            Some(_) => node.with_text(&format!("${{{text}}}")),
        },
        Value::Null => node.clone(),
        Value::List(_) if node.tag.is_some() => node.with_text("${list}"),
        Value::List(items) => node.with(Value::List(items.iter().map(plain).collect())),
        Value::Map(map) => {
            let only = map.first().filter(|_| map.len() == 1);
            if let Some((name, entry)) = only
                && (&**name == "Ref" || name.starts_with("Fn::"))
            {
                return match (&**name, entry.node.text()) {
                    ("Fn::Sub", Some(text)) => node.with_text(&text.replace("${AWS::", "${")),
                    (_, Some(text)) => node.with_text(&format!("${{{text}}}")),
                    (function, None) => node.with_text(&format!("${{{function}}}")),
                };
            }
            let entries = map.iter();
            let entries =
                entries.map(|(key, entry)| (key.clone(), Entry { key: entry.key, node: plain(&entry.node) }));
            node.with(Value::Map(Arc::new(entries.collect())))
        }
    }
}

/// The properties of a resource of this type.
pub(super) fn properties(resource: &Node, kind: &str) -> Option<Node> {
    let is_kind = field(resource, "Type")?.text() == Some(kind);
    is_kind.then(|| field(resource, "Properties")).flatten()
}

/// What a placeholder stands for: `Api` of `${Api}`, which `!Ref Api` has become.
pub(super) fn referred(text: &str) -> Option<&str> {
    text.strip_prefix("${")?.strip_suffix('}')
}
