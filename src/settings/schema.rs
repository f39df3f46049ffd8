//! JSON Schema (draft 2020-12) of settings, from the same declarations that read them.
//!
//! Describes the JSON form of the language: blocks with labels are objects whose keys are the labels, and a reference is
//! a string `"${..}"`. Knows single blocks only, no component and no whole file.

use serde_json::{Map, Value, json};

use super::{BlockInfo, Field, Kind};

/// How the settings of a block stand in the file.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Place {
    /// All settings are in one place, so the required ones are required.
    Whole,
    /// An overlay or an app may add settings, so none is required here.
    Partial,
    /// An overlay: nothing is required, and `null` takes a setting back.
    Overlay,
}

/// The schema of a block's body, with settings or blocks in it besides its own.
pub fn block(info: &BlockInfo, place: Place, also: impl IntoIterator<Item = (String, Value)>) -> Value {
    let mut properties: Map<String, Value> =
        info.fields.iter().map(|known| (known.name.to_owned(), field(known, place))).collect();
    properties.extend(also);
    let mut schema = json!({
        "description": one_line(&info.doc),
        "type": "object",
        "properties": properties,
        "additionalProperties": false,
    });
    let required: Vec<&str> =
        info.fields.iter().filter(|field| field.required).map(|field| field.name).collect();
    if place == Place::Whole && !required.is_empty() {
        schema["required"] = json!(required);
    }
    schema
}

/// The schema of one setting, with its documentation.
pub fn field(field: &Field, place: Place) -> Value {
    let mut schema = value(&field.kind, place);
    if place == Place::Overlay {
        schema = json!({ "anyOf": [schema, { "type": "null" }] });
    }
    schema["description"] = json!(one_line(&field.doc));
    // A default is printed in the stack language, of which every constant is JSON.
    if let Some(default) = field.default.as_deref().and_then(|text| serde_json::from_str::<Value>(text).ok())
    {
        schema["default"] = default;
    }
    schema
}

/// The schema of what a person writes for a setting.
fn value(kind: &Kind, place: Place) -> Value {
    match kind {
        Kind::Bool => json!({ "type": "boolean" }),
        Kind::Integer { min, max: i64::MAX } => json!({ "type": "integer", "minimum": min }),
        Kind::Integer { min, max } => json!({ "type": "integer", "minimum": min, "maximum": max }),
        Kind::Number => json!({ "type": "number" }),
        Kind::String { .. } => json!({ "type": "string" }),
        Kind::Enum(words) => json!({ "enum": words }),
        Kind::Input => json!({ "type": ["string", "number", "boolean"] }),
        Kind::Component(kinds) => {
            json!({ "type": "string", "pattern": format!("^\\$\\{{({})\\.[a-z0-9_]+\\}}$", kinds.join("|")) })
        }
        Kind::List(inner) => json!({ "type": "array", "items": value(inner, nested(place)) }),
        Kind::OneOrMore(inner) => {
            let one = value(inner, nested(place));
            json!({ "anyOf": [one, { "type": "array", "items": one, "minItems": 1 }] })
        }
        Kind::Map(inner) if place == Place::Overlay => {
            json!({ "type": "object", "additionalProperties": { "anyOf": [value(inner, place), { "type": "null" }] } })
        }
        Kind::Map(inner) => json!({ "type": "object", "additionalProperties": value(inner, place) }),
        Kind::Block(info) => block(&info(), place, []),
        Kind::Blocks(label, info) => json!({
            "type": "object",
            "propertyNames": { "description": label, "minLength": 1 },
            "additionalProperties": block(&info(), place, []),
        }),
    }
}

/// Lists are replaced as a whole, so what is in one is never an overlay of something.
fn nested(place: Place) -> Place {
    if place == Place::Overlay { Place::Partial } else { place }
}

/// Documentation without the line breaks of its doc comment.
pub fn one_line(doc: &str) -> String {
    doc.lines().map(str::trim).collect::<Vec<_>>().join(" ")
}
