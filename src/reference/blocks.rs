//! Settings as Markdown tables.

use crate::settings::schema::one_line;
use crate::settings::{BlockInfo, Field, Kind, describe};

/// The table of settings, and a section with a table for each block inside, in the order declared.
pub(super) fn settings(fields: &[Field]) -> String {
    if fields.is_empty() {
        return "It has no settings.\n".to_owned();
    }
    let mut text = "| setting | what to write | default | what it does |\n|---|---|---|---|\n".to_owned();
    for field in fields {
        let default = match &field.default {
            Some(default) if !default.is_empty() => format!("`{default}`"),
            _ if field.required => "required".to_owned(),
            _ => String::new(),
        };
        text += &format!(
            "| `{}` | {} | {} | {} |\n",
            field.name,
            cell(&what_to_write(field)),
            cell(&default),
            cell(&one_line(&field.doc))
        );
    }
    for (field, info) in fields.iter().filter_map(|field| Some((field, inner(&field.kind)?))) {
        text += &format!("\n### `{}`\n\n{}\n\n{}", field.name, info.doc, settings(&info.fields));
    }
    text
}

/// The documentation of the blocks that a kind of value stands for.
fn inner(kind: &Kind) -> Option<BlockInfo> {
    match kind {
        Kind::Block(info) | Kind::Blocks(_, info) => Some(info()),
        _ => None,
    }
}

/// A kind in words, with a link where a block has a table of its own.
fn what_to_write(field: &Field) -> String {
    match &field.kind {
        Kind::Block(_) => format!("a block: [`{0} {{ .. }}`](#{0})", field.name),
        Kind::Blocks(label, _) => {
            format!("blocks labelled with {label}: [`{0} \"..\" {{ .. }}`](#{0})", field.name)
        }
        kind => describe(kind),
    }
}

/// Text in a cell of a table.
pub(super) fn cell(text: &str) -> String {
    text.replace('|', "\\|").replace('\n', " ")
}

#[cfg(test)]
mod tests {
    use super::*;

    fn field(name: &'static str, kind: Kind, required: bool, default: Option<&str>) -> Field {
        Field { name, kind, required, default: default.map(str::to_owned), doc: "One\ntwo | three.".into() }
    }

    #[test]
    fn a_table_says_what_is_required_and_what_is_the_default() {
        let fields = [
            field("size", Kind::Integer { min: 1, max: 5 }, true, None),
            field("mode", Kind::Enum(&["a", "b"]), false, Some("\"a\"")),
            field("list", Kind::List(Box::new(Kind::Bool)), false, None),
        ];
        let expected = "\
| setting | what to write | default | what it does |
|---|---|---|---|
| `size` | a whole number from 1 to 5 | required | One two \\| three. |
| `mode` | `\"a\"` or `\"b\"` | `\"a\"` | One two \\| three. |
| `list` | a list, each item `true` or `false` |  | One two \\| three. |
";
        assert_eq!(settings(&fields), expected);
    }

    #[test]
    fn a_block_inside_has_a_section_that_its_line_links() {
        let info =
            || BlockInfo { doc: "Two bounds.".into(), fields: vec![field("min", Kind::Bool, true, None)] };
        let text = settings(&[field("scaling", Kind::Block(info), false, None)]);
        assert!(text.contains("[`scaling { .. }`](#scaling)"), "{text}");
        assert!(text.contains("\n### `scaling`\n\nTwo bounds.\n\n| setting |"), "{text}");
    }
}
