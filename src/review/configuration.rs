//! Which attributes somebody wrote, from the configuration in a plan: what nobody wrote and becomes unknown only follows
//! from something else.

use std::collections::{BTreeMap, BTreeSet};

use serde_json::Value;

use super::change::Sides;

/// The expressions of every resource, by address without instance keys.
pub(super) struct Configuration<'a> {
    expressions: BTreeMap<String, &'a Value>,
}

impl<'a> Configuration<'a> {
    /// Reads the `configuration` of a plan; empty when there is none.
    pub(super) fn new(configuration: &'a Value) -> Self {
        let mut expressions = BTreeMap::new();
        collect("", &configuration["root_module"], &mut expressions);
        Self { expressions }
    }

    /// Takes out of both sides what is unknown and nobody wrote, unless it forces the replacement.
    pub(super) fn prune(&self, address: &str, sides: &mut Sides) {
        let Some(written) = self.expressions.get(address) else { return };
        let causes: BTreeSet<&str> =
            sides.replace_paths.iter().filter_map(|path| path.first()?.as_str()).collect();
        let Some(unknown) = sides.unknown.as_object_mut() else { return };
        let kept: Vec<(String, Value)> =
            causes.into_iter().filter_map(|cause| unknown.remove_entry(cause)).collect();
        prune(&mut sides.before, &mut sides.unknown, written);
        if let Some(unknown) = sides.unknown.as_object_mut() {
            unknown.extend(kept);
        }
    }

    /// Whether somebody wrote an attribute, or may have.
    pub(super) fn writes(&self, address: &str, attribute: &str) -> bool {
        self.expressions.get(address).is_none_or(|written| written.get(attribute).is_some())
    }
}

fn collect<'a>(module: &str, content: &'a Value, found: &mut BTreeMap<String, &'a Value>) {
    for resource in content["resources"].as_array().into_iter().flatten() {
        if let Some(address) = resource["address"].as_str() {
            found.insert(format!("{module}{address}"), &resource["expressions"]);
        }
    }
    for (name, call) in content["module_calls"].as_object().into_iter().flatten() {
        collect(&format!("{module}module.{name}."), &call["module"], found);
    }
}

/// Takes what is unknown and not written out of the mask, and out of the side before.
fn prune(before: &mut Value, unknown: &mut Value, written: &Value) {
    match unknown {
        Value::Object(mask) => {
            mask.retain(|key, mask| {
                let expression = written.get(key);
                if *mask == Value::Bool(true) && expression.is_none() {
                    if let Some(before) = before.as_object_mut() {
                        before.shift_remove(key);
                    }
                    return false;
                }
                let mut nothing = Value::Null;
                prune(before.get_mut(key).unwrap_or(&mut nothing), mask, expression.unwrap_or(&Value::Null));
                true
            });
        }
        Value::Array(masks) => {
            for (index, mask) in masks.iter_mut().enumerate() {
                let mut nothing = Value::Null;
                // A block that is written once is an object or a list of one, one that a `dynamic` makes is not told.
                let block = written.get(index).or_else(|| written.as_array()?.last()).unwrap_or(written);
                prune(before.get_mut(index).unwrap_or(&mut nothing), mask, block);
            }
        }
        _ => {}
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn what_nobody_wrote_goes_and_what_is_written_or_forces_stays() {
        let plan = json!({"root_module": {"module_calls": {"a": {"module": {"resources": [{
            "address": "aws_x.y",
            "expressions": {"role": {"references": ["aws_r.r"]}, "block": [{"size": {"constant_value": 1}}]},
        }]}}}}});
        let mut sides = Sides {
            before: json!({"role": "a", "endpoint": "b", "zone": "c", "block": [{"size": 1, "id": "d"}]}),
            after: json!({"block": [{"size": 1}]}),
            unknown: json!({"role": true, "endpoint": true, "zone": true, "block": [{"id": true}]}),
            replace_paths: vec![vec![json!("zone")]],
            ..Sides::default()
        };
        Configuration::new(&plan).prune("module.a.aws_x.y", &mut sides);
        assert_eq!(sides.before, json!({"role": "a", "zone": "c", "block": [{"size": 1}]}));
        assert_eq!(sides.unknown, json!({"role": true, "block": [{}], "zone": true}));
    }
}
