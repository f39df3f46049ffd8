//! Where the arguments of two instances differ, as the provider compares them.

use std::collections::BTreeMap;

use serde_json::Value as Json;

use super::schema;
use crate::aws::replacement;
use crate::evaluate::{Later, Value};

/// A step of a path into the arguments of a resource.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Step {
    /// An argument or a block.
    Name(String),
    /// A block among others of its name.
    Index(usize),
}

/// The path to something that differs: `[ingress, 0, from_port]`.
pub(super) type Path = Vec<Step>;

/// The names of a path, as facts about arguments are kept.
pub(super) fn names(path: &Path) -> Vec<&str> {
    let names = path.iter().filter_map(|step| match step {
        Step::Name(name) => Some(name.as_str()),
        Step::Index(_) => None,
    });
    names.collect()
}

/// Compares the arguments of a resource of a type.
pub(super) struct Comparison<'f> {
    pub resource: &'f str,
    /// Whether a new value is known only after the apply.
    pub is_unknown: &'f dyn Fn(&Value) -> bool,
    pub found: Vec<Path>,
}

impl Comparison<'_> {
    /// Compares all arguments but those that are left alone.
    pub fn arguments(
        &mut self,
        old: &BTreeMap<String, Value>,
        new: &BTreeMap<String, Value>,
        ignored: impl Fn(&str) -> bool,
    ) {
        let mut path = Vec::new();
        self.objects(&mut path, Some(old), Some(new), &ignored);
    }

    fn objects(
        &mut self,
        path: &mut Path,
        old: Option<&BTreeMap<String, Value>>,
        new: Option<&BTreeMap<String, Value>>,
        ignored: &dyn Fn(&str) -> bool,
    ) {
        let mut keys: Vec<&String> = old.into_iter().chain(new).flat_map(BTreeMap::keys).collect();
        keys.sort();
        keys.dedup();
        for key in keys.into_iter().filter(|key| !ignored(key)) {
            path.push(Step::Name(key.clone()));
            self.values(path, old.and_then(|old| old.get(key)), new.and_then(|new| new.get(key)));
            path.pop();
        }
    }

    fn values(&mut self, path: &mut Path, old: Option<&Value>, new: Option<&Value>) {
        if new.is_none() && replacement::keeps_when_absent(self.resource, &names(path)) {
            return;
        }
        match (blocks(old), blocks(new)) {
            (None, None) => {
                let unknown = new.is_some_and(|new| (self.is_unknown)(new));
                if unknown || self.canonical(path, old) != self.canonical(path, new) {
                    self.found.push(path.clone());
                }
            }
            (old, new) => self.blocks(path, old.unwrap_or_default(), new.unwrap_or_default()),
        }
    }

    /// Compares blocks of one name: by their place, or as a set.
    fn blocks(
        &mut self,
        path: &mut Path,
        mut old: Vec<&BTreeMap<String, Value>>,
        mut new: Vec<&BTreeMap<String, Value>>,
    ) {
        if replacement::is_set(self.resource, &names(path)) {
            let same = |left: &BTreeMap<String, Value>, right: &BTreeMap<String, Value>| {
                let mut inside = Comparison { found: Vec::new(), ..*self };
                inside.objects(&mut path.clone(), Some(left), Some(right), &|_| false);
                inside.found.is_empty()
            };
            let kept = old.clone();
            old.retain(|block| !new.iter().any(|other| same(block, other)));
            new.retain(|block| !kept.iter().any(|other| same(other, block)));
            for (index, block) in old.into_iter().enumerate() {
                self.block(path, index, Some(block), None);
            }
            for (index, block) in new.into_iter().enumerate() {
                self.block(path, index, None, Some(block));
            }
        } else {
            for index in 0..old.len().max(new.len()) {
                self.block(path, index, old.get(index).copied(), new.get(index).copied());
            }
        }
    }

    fn block(
        &mut self,
        path: &mut Path,
        index: usize,
        old: Option<&BTreeMap<String, Value>>,
        new: Option<&BTreeMap<String, Value>>,
    ) {
        path.push(Step::Index(index));
        let before = self.found.len();
        self.objects(path, old, new, &|_| false);
        // A block without arguments is still a block: `filter {}`.
        if self.found.len() == before && old.is_some() != new.is_some() {
            self.found.push(path.clone());
        }
        path.pop();
    }

    /// A value in a form that is equal exactly when the provider sees no difference.
    fn canonical(&self, path: &Path, value: Option<&Value>) -> Option<Json> {
        let names = names(path);
        let value = value?;
        if let Some(rule) = schema::json(self.resource, &names) {
            let json = match value {
                Value::String(text) => serde_json::from_str(text).ok(),
                Value::Later(later) => match &**later {
                    Later::Json(inner) => Some(inner.to_json()),
                    _ => None,
                },
                _ => None,
            };
            if let Some(json) = json {
                return Some(rule(json));
            }
        }
        match value {
            Value::Null => None,
            Value::List(items) if items.is_empty() => None,
            Value::List(items) => {
                let mut items: Vec<Json> = items.iter().map(plain).collect();
                if replacement::is_set(self.resource, &names) {
                    items.sort_by_key(Json::to_string);
                    items.dedup();
                }
                Some(Json::Array(items))
            }
            value => {
                Some(plain(value)).filter(|json| json.as_object().is_none_or(|entries| !entries.is_empty()))
            }
        }
    }
}

/// The blocks that a value is, if it is some.
fn blocks(value: Option<&Value>) -> Option<Vec<&BTreeMap<String, Value>>> {
    let Some(Value::List(items)) = value else { return None };
    let blocks = items.iter().map(|item| match item {
        Value::Object(entries) => Some(entries),
        _ => None,
    });
    blocks.collect::<Option<Vec<_>>>().filter(|blocks| !blocks.is_empty())
}

/// A value whose numbers and booleans are text, as Terraform converts them to what the argument holds.
fn plain(value: &Value) -> Json {
    match value {
        Value::List(items) => Json::Array(items.iter().map(plain).collect()),
        Value::Object(entries) => {
            let set = entries.iter().filter(|(_, value)| **value != Value::Null);
            Json::Object(set.map(|(key, value)| (key.clone(), plain(value))).collect())
        }
        value => value.as_text().map_or_else(|| value.to_json(), Json::String),
    }
}
