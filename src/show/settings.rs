//! The settings of one block as a flat list, nested blocks and maps included.

use super::origin::Layers;
use super::{BLOCK, Origin, Setting, place, value};
use crate::model::COMMON_KEYS;
use crate::settings::{BlockInfo, Field, Kind};
use crate::source::Sources;
use crate::suspicion::{on_command_line, suspicion};
use crate::syntax::{Entry, Table, Value};

/// The maps whose keys are the names of variables.
const VARIABLES: [&str; 2] = ["environment", "args"];

/// The lists of arguments of commands.
const ARGUMENTS: [&str; 3] = ["entry_point", "command", "shell"];

/// What is needed to read blocks.
#[derive(Debug)]
pub(super) struct Reader<'a> {
    pub(super) layers: &'a Layers,
    pub(super) sources: &'a Sources,
}

impl Reader<'_> {
    /// The settings of the block of a component.
    pub(super) fn read(&self, table: &Table, info: &BlockInfo) -> Vec<Setting> {
        let mut found = Vec::new();
        // What exists, or is run elsewhere, does not have the defaults of what would be made.
        let made = ["existing", "outside"].iter().all(|form| table.get(form).is_none());
        self.block(&[], table, info, made, &mut found);
        for key in COMMON_KEYS {
            if let Some(entry) = table.get(key) {
                found.push(self.written(
                    vec![(*key).to_owned()],
                    entry,
                    value::print(&entry.node.value, &|_| false),
                ));
            }
        }
        found
    }

    fn block(&self, route: &[String], table: &Table, info: &BlockInfo, made: bool, found: &mut Vec<Setting>) {
        for field in &info.fields {
            let route = [route, &[field.name.to_owned()]].concat();
            match table.get(field.name) {
                Some(entry) => self.field(route, table, field, entry, found),
                None if made => found.extend(absent(route, field)),
                None => {}
            }
        }
    }

    /// A setting that is written.
    fn field(
        &self,
        route: Vec<String>,
        table: &Table,
        field: &Field,
        entry: &Entry,
        found: &mut Vec<Setting>,
    ) {
        match (&field.kind, &entry.node.value) {
            (Kind::Block(info), Value::Table(inner)) => {
                found.push(self.written(route.clone(), entry, BLOCK.to_owned()));
                self.block(&route, inner, &info(), true, found);
            }
            (Kind::Blocks(_, info), Value::Table(labels)) => {
                for (label, entry) in &labels.entries {
                    let Value::Table(inner) = &entry.node.value else { continue };
                    let route = [&*route, &[label.to_string()]].concat();
                    found.push(self.written(route.clone(), entry, BLOCK.to_owned()));
                    self.block(&route, inner, &info(), true, found);
                }
            }
            (Kind::Map(_), Value::Table(map)) => {
                let harmless = names(table, "not_secret");
                for (key, entry) in &map.entries {
                    let name = if harmless.contains(&&**key) { None } else { Some(&**key) };
                    let text = value::print(&entry.node.value, &|text| is_secret(field.name, name, text));
                    found.push(self.written([&*route, &[key.to_string()]].concat(), entry, text));
                }
            }
            (_, value) => {
                let text = value::print(value, &|text| is_secret(field.name, Some(""), text));
                found.push(self.written(route, entry, text));
            }
        }
    }

    fn written(&self, route: Vec<String>, entry: &Entry, value: String) -> Setting {
        let layer = self.layers.find(entry.key);
        let place = place(entry.key, self.sources);
        Setting { route, value, origin: Origin::Written { place, overlay: layer.overlay, app: layer.app } }
    }
}

/// Whether `check` takes a constant for a secret; `name` is the variable's, nothing when it is said to be harmless.
fn is_secret(setting: &str, name: Option<&str>, text: &str) -> bool {
    let variable = |name| VARIABLES.contains(&setting) && suspicion(name, text).is_some();
    ARGUMENTS.contains(&setting) && on_command_line(None, text).is_some() || name.is_some_and(variable)
}

/// What holds for a setting that is not written, if it is known.
fn absent(route: Vec<String>, field: &Field) -> Option<Setting> {
    let default = field.default.clone().filter(|default| !default.is_empty());
    let (value, origin) = match default {
        Some(default) => (default, Origin::Default),
        None => (field.rule()?, Origin::Rule),
    };
    Some(Setting { route, value, origin })
}

/// The strings of a list.
fn names<'a>(table: &'a Table, key: &str) -> Vec<&'a str> {
    let Some(Value::List(items)) = table.get(key).map(|entry| &entry.node.value) else { return Vec::new() };
    let text = |value: &'a Value| match value {
        Value::String(text) => Some(&**text),
        _ => None,
    };
    items.iter().filter_map(|item| text(&item.value)).collect()
}
