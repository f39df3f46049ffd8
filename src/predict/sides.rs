//! Both states of an instance as a plan has them, from which the fields that changed are read.

use std::collections::BTreeMap;

use serde_json::{Map, Value as Json};

use super::compare::Step;
use super::fate::{Fate, Fates};
use crate::evaluate::{Instance, Instances, Value};
use crate::review::{Field, Shown, Sides};

/// What of an instance changes.
pub(super) fn fields(
    old: &Instances,
    new: &Instances,
    address: &str,
    fate: &Fate,
    fates: &Fates<'_>,
) -> Vec<Field> {
    match (old.resources.get(address), new.resources.get(address)) {
        (Some(before), Some(after)) => {
            let before = (before, fates.tags(old, before));
            let after = (after, fates.tags(new, after));
            plain(&sides(before, after, fate, fates))
        }
        _ => Vec::new(),
    }
}

type Side<'i> = (&'i Instance, BTreeMap<String, Value>);

fn sides(before: Side<'_>, after: Side<'_>, fate: &Fate, fates: &Fates<'_>) -> Sides {
    let mut old = before.0.arguments.clone();
    let mut new = after.0.arguments.clone();
    for name in &after.0.lifecycle.ignore_changes {
        match old.get(name) {
            Some(kept) => new.insert(name.clone(), kept.clone()),
            None => new.remove(name),
        };
    }
    if super::schema::is_taggable(&after.0.resource) {
        old.insert("tags_all".to_owned(), Value::Object(before.1));
        new.insert("tags_all".to_owned(), Value::Object(after.1));
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
        sensitive_before: Json::Null,
        sensitive_after: Json::Null,
        replace_paths: fate.causes.iter().map(|path| path.iter().map(step).collect()).collect(),
    }
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
                if let Some(plain) = plain {
                    known.insert(key.clone(), plain);
                }
                if later != Json::Bool(false) {
                    unknown.insert(key.clone(), later);
                }
            }
            (Some(Json::Object(known)), Json::Object(unknown))
        }
        value if fates.is_unknown(value) => (None, Json::Bool(true)),
        value => (Some(value.to_json()), Json::Bool(false)),
    }
}

/// The fields of both sides, argument by argument.
fn plain(sides: &Sides) -> Vec<Field> {
    let empty = Map::new();
    let [before, after, unknown] =
        [&sides.before, &sides.after, &sides.unknown].map(|side| side.as_object().unwrap_or(&empty));
    let mut names: Vec<&String> = before.keys().chain(after.keys()).chain(unknown.keys()).collect();
    names.sort();
    names.dedup();
    let shown = |value: Option<&Json>| value.map_or(Shown::Absent, |value| Shown::Value(value.clone()));
    let fields = names.into_iter().map(|name| Field {
        path: name.clone(),
        before: shown(before.get(name)),
        after: match unknown.get(name) {
            Some(Json::Bool(true)) => Shown::Later,
            _ => shown(after.get(name)),
        },
        replaces: sides.replace_paths.iter().any(|path| path.first().is_some_and(|first| first == name)),
        place: None,
    });
    fields.filter(|field| field.before != field.after).collect()
}
