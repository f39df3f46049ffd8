//! The JSON Schema of a whole stack file.

use serde_json::{Map, Value, json};

use super::common;
use crate::components::KINDS;
use crate::components::workload::App;
use crate::model::{COMMON_KEYS, Common, EnvironmentSettings, Kind, StackSettings};
use crate::settings::schema::{Place, block, field};
use crate::settings::values::NAME_LENGTH;
use crate::settings::{BlockInfo, Settings};

/// The JSON Schema (draft 2020-12) of a stack file in JSON: which keys there are, and what may stand behind each. Rules
/// that need more than one setting, or more than one environment, are left to `groundplan check`.
pub fn schema() -> Value {
    let mut definitions = Map::new();
    definitions.insert("name".into(), name());
    for (suffix, place) in [("", Place::Partial), (OVERLAY, Place::Overlay)] {
        for kind in KINDS {
            definitions
                .insert(format!("{}{suffix}", kind.key), component(&(kind.info)(), place, COMMON_KEYS, []));
        }
        let inner = KINDS.iter().filter(|kind| App::KINDS.contains(&kind.key));
        let inner = inner.map(|kind| (kind.key.to_owned(), named(kind.key, suffix)));
        definitions.insert(format!("app{suffix}"), component(&App::info(), place, Common::SHARED, inner));
    }
    let overlays = components(OVERLAY);
    let environment = block(&EnvironmentSettings::info(), Place::Whole, overlays);
    definitions.insert("environment".into(), environment);
    definitions.insert("stack".into(), block(&StackSettings::info(), Place::Whole, []));

    let mut stack = named("stack", "");
    stack["minProperties"] = json!(1);
    stack["maxProperties"] = json!(1);
    let mut environments = named("environment", "");
    environments["minProperties"] = json!(1);
    let mut properties = Map::new();
    properties.insert("stack".into(), stack);
    properties.insert("environment".into(), environments);
    properties.extend(components(""));
    json!({
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "title": "Groundplan stack file",
        "type": "object",
        "properties": properties,
        "required": ["stack", "environment"],
        "additionalProperties": false,
        "$defs": definitions,
    })
}

/// The suffix of the definitions that overlays use.
const OVERLAY: &str = "_overlay";

/// The body of a component or an app, which has these of the settings that every component has.
fn component(
    info: &BlockInfo,
    place: Place,
    shared: &[&str],
    inner: impl IntoIterator<Item = (String, Value)>,
) -> Value {
    let fits =
        |key: &str| shared.contains(&key) && (place != Place::Overlay || !Common::FIXED.contains(&key));
    let common = common().into_iter().filter(|known| fits(known.name));
    let common = common.map(|known| (known.name.to_owned(), field(&known, place)));
    block(info, place, common.chain(inner))
}

/// Everything that may stand in a file besides `stack` and `environment`, by key.
fn components(suffix: &str) -> impl Iterator<Item = (String, Value)> {
    let keys = KINDS.iter().map(|kind: &&Kind| kind.key).chain(["app"]);
    keys.map(move |key| (key.to_owned(), named(key, suffix)))
}

/// Blocks of a key: an object whose keys are the labels.
fn named(key: &str, suffix: &str) -> Value {
    json!({
        "type": "object",
        "propertyNames": { "$ref": "#/$defs/name" },
        "additionalProperties": { "$ref": format!("#/$defs/{key}{suffix}") },
    })
}

/// A name, as [`crate::settings::values::name_problem`] judges it.
fn name() -> Value {
    json!({ "type": "string", "pattern": "^[a-z][a-z0-9]*(_[a-z0-9]+)*$", "maxLength": NAME_LENGTH })
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Every `$ref` in a value.
    fn references(value: &Value, found: &mut Vec<String>) {
        match value {
            Value::Object(object) => {
                for (key, value) in object {
                    match value {
                        Value::String(target) if key == "$ref" => found.push(target.clone()),
                        _ => references(value, found),
                    }
                }
            }
            Value::Array(items) => items.iter().for_each(|item| references(item, found)),
            _ => {}
        }
    }

    #[test]
    fn every_reference_in_it_leads_somewhere() {
        let schema = schema();
        let mut found = Vec::new();
        references(&schema, &mut found);
        assert!(found.len() > KINDS.len() * 2);
        for target in found {
            assert!(schema.pointer(target.trim_start_matches('#')).is_some(), "{target}");
        }
    }

    #[test]
    fn every_kind_stands_in_the_file_and_in_environments() {
        let schema = schema();
        for kind in KINDS {
            assert!(schema["properties"][kind.key].is_object(), "{}", kind.key);
            assert!(schema["$defs"]["environment"]["properties"][kind.key].is_object(), "{}", kind.key);
            for field in (kind.info)().fields {
                let described = &schema["$defs"][kind.key]["properties"][field.name];
                assert!(described["description"].is_string(), "{}.{}", kind.key, field.name);
            }
        }
        assert!(schema["$defs"]["app"]["properties"]["service"].is_object());
    }

    #[test]
    fn a_setting_is_required_only_where_no_other_place_can_supply_it() {
        let schema = schema();
        assert_eq!(schema["$defs"]["stack"]["required"], json!(["region"]));
        assert_eq!(schema["$defs"]["environment"]["required"], json!(["account"]));
        assert!(KINDS.iter().all(|kind| schema["$defs"][kind.key].get("required").is_none()));
    }

    #[test]
    fn an_overlay_takes_a_setting_back_with_null_and_the_file_does_not() {
        let schema = schema();
        let null = json!({ "type": "null" });
        let overlay = &schema["$defs"]["service_overlay"]["properties"]["tasks"]["anyOf"];
        assert!(overlay.as_array().is_some_and(|ways| ways.contains(&null)), "{overlay}");
        let own = &schema["$defs"]["service"]["properties"]["tasks"];
        assert_eq!(
            (&own["type"], &own["maximum"], &own["default"]),
            (&json!("integer"), &json!(5000), &json!(1))
        );
    }
}
