//! The page of a component.

use super::{blocks, common, header};
use crate::components::{MODULES, implied_by};
use crate::model::Kind;
use crate::terms::{Id, SINGLE};

/// The page of a kind, with a stack file that uses it.
pub(super) fn page(kind: &Kind, example: Option<&str>) -> String {
    let info = (kind.info)();
    let mut text = header(&format!("`src/components/{}.rs`", kind.key));
    text += &format!("# `{}`\n\n{}\n\n", kind.key, info.doc);
    text += &facts(kind);
    if let Some(example) = example {
        text += &format!("\n## Example\n\n```hcl\n{}\n```\n", example.trim());
    }
    let mut fields = info.fields;
    fields.extend(common());
    text += &format!("\n## Settings\n\n{}", blocks::settings(&fields));
    if !kind.attributes.is_empty() || kind.whole {
        text += &format!("\n## What refers to it\n\n{}", references(kind));
    }
    if !kind.codes.is_empty() {
        text += "\n## Diagnostics\n\n";
        for code in kind.codes {
            text += &format!("- [`{0}`](../diagnostics.md#{0}): {1}\n", code.name, code.title);
        }
    }
    text
}

/// What is known of a kind besides its settings, as a list.
fn facts(kind: &Kind) -> String {
    let mut facts = Vec::new();
    let about = MODULES.iter().find(|(name, _)| *name == kind.module).map_or("", |(_, about)| about);
    let file = Id::new(kind.key, "<name>").ident();
    facts.push(format!("Generated as `modules/{}/{file}.tf` ({about}).", kind.module));
    if SINGLE.contains(&kind.key) {
        facts.push("A stack has at most one.".to_owned());
    }
    if !kind.needs.is_empty() {
        facts.push(format!("Needs {}.", links(kind.needs)));
    }
    let implied_by: Vec<&str> = implied_by(kind.key).collect();
    if !implied_by.is_empty() {
        facts.push(format!("Is there without being written wherever there is {}.", links(&implied_by)));
    }
    if !kind.data.is_empty() {
        let types: Vec<String> = kind.data.iter().map(|name| format!("`{name}`")).collect();
        facts.push(format!("Holds data: {}.", types.join(", ")));
    }
    facts.iter().map(|fact| format!("- {fact}\n")).collect()
}

/// "a `network`, a `bucket` or a `cluster`", each with a link.
fn links(kinds: &[&str]) -> String {
    let links: Vec<String> = kinds.iter().map(|key| format!("a [`{key}`]({key}.md)")).collect();
    match links.split_last() {
        Some((last, rest)) if !rest.is_empty() => format!("{} or {last}", rest.join(", ")),
        _ => links.concat(),
    }
}

/// The ways to refer to a component of a kind.
fn references(kind: &Kind) -> String {
    let mut text = String::new();
    if kind.whole {
        text += &format!("Other settings name the whole component: `{}.<name>`.\n", kind.key);
    }
    if kind.attributes.is_empty() {
        return text;
    }
    if kind.whole {
        text.push('\n');
    }
    text += "| reference | where | what it gives |\n|---|---|---|\n";
    for attribute in kind.attributes {
        let place = if attribute.secret { "`secrets` only" } else { "anywhere" };
        let doc = blocks::cell(attribute.doc);
        text += &format!("| `{}.<name>.{}` | {place} | {doc} |\n", kind.key, attribute.name);
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::components::KINDS;

    #[test]
    fn every_page_has_the_settings_the_attributes_and_the_example() {
        for kind in KINDS {
            let page = page(kind, Some("# the example\n"));
            for field in (kind.info)().fields {
                assert!(page.contains(&format!("| `{}` |", field.name)), "{}.{}", kind.key, field.name);
            }
            for attribute in kind.attributes {
                let reference = format!("| `{}.<name>.{}` |", kind.key, attribute.name);
                assert!(page.contains(&reference), "{reference}");
            }
            assert!(page.contains("| `environments` |") && page.contains("```hcl\n# the example\n```"));
        }
    }

    #[test]
    fn a_secret_attribute_says_where_it_may_stand() {
        let kind = crate::components::kind("database").unwrap();
        let page = page(kind, None);
        assert!(page.contains("| `database.<name>.password` | `secrets` only |"), "{page}");
        assert!(page.contains("- Needs a [`network`](network.md).\n"), "{page}");
    }
}
