//! Both states of an instance as a plan has them, from which the fields that changed are read.

use serde_json::{Map, Value as Json};

use super::compare::Step;
use super::fate::{Fate, Fates};
use crate::aws::replacement;
use crate::evaluate::{Instance, Later, Value};
use crate::review::{Field, Sides, nouns};

/// What stands for a part of a JSON string that is known only after the apply. As a whole such a string would be
/// unknown, as it is in a plan, and a reviewer would not see what else of it changes.
const UNKNOWN: &str = "(known after apply)";

/// An instance before and after. What only AWS knows is the name of it, see [`Value::to_json`].
pub(super) fn sides(before: &Instance, after: &Instance, fate: &Fate, fates: &Fates<'_>) -> Sides {
    let mut old = before.arguments.clone();
    let mut new = after.arguments.clone();
    for (name, value) in &old {
        let ignored = after.lifecycle.ignore_changes.contains(name);
        if ignored || (!new.contains_key(name) && replacement::keeps_when_absent(&after.resource, &[name])) {
            new.insert(name.clone(), value.clone());
        }
    }
    new.retain(|name, _| old.contains_key(name) || !after.lifecycle.ignore_changes.contains(name));
    if replacement::taggable(&after.resource) {
        old.insert("tags_all".to_owned(), Value::Object(fates.tags_before(before)));
        new.insert("tags_all".to_owned(), Value::Object(fates.tags_after(after)));
    }
    let (after, unknown) = planned(&Value::Object(new), fates);
    let step = |step: &Step| match step {
        Step::Name(name) => Json::from(name.as_str()),
        Step::Index(index) => Json::from(*index),
    };
    Sides {
        before: Value::Object(old).to_json(),
        after: after.unwrap_or_default(),
        unknown,
        // No secret is in a tree.
        sensitive_before: Json::Null,
        sensitive_after: Json::Null,
        replace_paths: fate.causes.iter().map(|path| path.iter().map(step).collect()).collect(),
    }
}

/// What tells an instance that is created from others of its type.
pub(super) fn identity(instance: &Instance, fates: &Fates<'_>) -> Vec<Field> {
    let (known, unknown) = planned(&Value::Object(instance.arguments.clone()), fates);
    nouns::identity(&instance.resource, &known.unwrap_or_default(), &unknown, &Json::Null)
}

/// What tells an instance that is destroyed from others of its type.
pub(super) fn identity_before(instance: &Instance) -> Vec<Field> {
    let known = Value::Object(instance.arguments.clone()).to_json();
    nouns::identity_before(&instance.resource, &known, &Json::Null)
}

/// A value as far as it is known before the apply, and where it is not.
fn planned(value: &Value, fates: &Fates<'_>) -> (Option<Json>, Json) {
    match value {
        Value::List(items) => {
            let (known, unknown): (Vec<_>, Vec<_>) = items.iter().map(|item| planned(item, fates)).unzip();
            (
                Some(Json::Array(known.into_iter().map(Option::unwrap_or_default).collect())),
                Json::Array(unknown),
            )
        }
        Value::Object(entries) => {
            let (mut known, mut unknown) = (Map::new(), Map::new());
            for (key, value) in entries {
                let (plain, later) = planned(value, fates);
                known.extend(plain.map(|plain| (key.clone(), plain)));
                if later != Json::Bool(false) {
                    unknown.insert(key.clone(), later);
                }
            }
            (Some(Json::Object(known)), Json::Object(unknown))
        }
        Value::Later(later) if fates.is_unknown(value) => match &**later {
            Later::Json(inner) => (Some(Json::String(told(inner, fates).to_string())), Json::Bool(false)),
            _ => (None, Json::Bool(true)),
        },
        value => (Some(value.to_json()), Json::Bool(false)),
    }
}

/// A value in a JSON string, where what is known only after the apply says so.
fn told(value: &Value, fates: &Fates<'_>) -> Json {
    match value {
        Value::List(items) => items.iter().map(|item| told(item, fates)).collect(),
        Value::Object(entries) => {
            Json::Object(entries.iter().map(|(key, value)| (key.clone(), told(value, fates))).collect())
        }
        value if fates.is_unknown(value) => Json::from(UNKNOWN),
        value => value.to_json(),
    }
}
