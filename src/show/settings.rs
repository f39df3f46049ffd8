//! The settings of one block as a flat list, nested blocks and maps included.

use super::origin::Layers;
use super::{BLOCK, Origin, Setting, place, value};
use crate::check::secrets::is_suspicious;
use crate::model::COMMON_KEYS;
use crate::settings::{BlockInfo, Field, Kind};
use crate::source::Sources;
use crate::syntax::{Entry, Table, Value};

/// The maps whose keys are the names of variables.
const VARIABLES: [&str; 2] = ["environment", "args"];

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
                found.push(self.written(vec![(*key).to_owned()], entry, constant(&entry.node.value)));
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
                let variables = VARIABLES.contains(&field.name);
                for (key, entry) in &map.entries {
                    let secret = |text: &str| {
                        let name = if variables { key } else { "" };
                        !(variables && harmless.contains(&&**key)) && is_suspicious(name, text)
                    };
                    let text = value::print(&entry.node.value, &secret);
                    found.push(self.written([&*route, &[key.to_string()]].concat(), entry, text));
                }
            }
            (_, value) => found.push(self.written(route, entry, constant(value))),
        }
    }

    fn written(&self, route: Vec<String>, entry: &Entry, value: String) -> Setting {
        let layer = self.layers.find(entry.key);
        let place = place(entry.key, self.sources);
        Setting { route, value, origin: Origin::Written { place, overlay: layer.overlay, app: layer.app } }
    }
}

/// A value that is not that of a variable.
fn constant(value: &Value) -> String {
    value::print(value, &|text| is_suspicious("", text))
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
