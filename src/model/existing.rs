//! Kinds whose components are made or exist already, and what then has no effect.

use super::{COMMON_KEYS, Checker, Component};
use crate::diagnostic::{Code, Diagnostic, Severity};
use crate::settings::{BlockInfo, Field, Reading, Settings};
use crate::source::Span;
use crate::syntax::Table;

/// Settings of a new component on one that exists.
pub static EXISTING_FORM: Code = Code {
    name: "existing-form",
    severity: Severity::Error,
    title: "something that exists with settings of a new one",
    explanation: r#"
What exists is only used: Groundplan changes nothing of it. So a setting that describes a new one would have no effect
beside `existing`.

```hcl
bucket "assets" {
  existing   = "proff-assets"
  versioning = true           # has no effect
}
```

Remove the setting, or remove `existing` to have a new one made. An overlay removes a setting that stands outside the
environments with `versioning = null`.
"#,
};

impl Checker<'_> {
    /// Reports settings of a new component that are written on one that exists.
    pub fn only_for_new(&mut self, settings: &[&str]) {
        for setting in settings {
            if self.table.get(setting).is_some() {
                let diagnostic = beside_existing(setting, self.place(&[setting]), self.reading);
                self.reading.push(diagnostic);
            }
        }
    }
}

fn beside_existing(setting: &str, place: Span, reading: &Reading) -> Diagnostic {
    reading
        .diagnostic(&EXISTING_FORM, place, format!("`{setting}` has no effect on what exists"))
        .help(format!("remove `{setting}` (an overlay does with `{setting} = null`), or remove `existing`"))
}

/// The settings of a kind whose components have others when they exist. Those are then the only ones, so the kind
/// demands none of them.
pub fn info(new: BlockInfo, existing: BlockInfo) -> BlockInfo {
    let mut all = new;
    for field in existing.fields {
        if all.fields.iter().all(|known| known.name != field.name) {
            all.fields.push(Field { required: false, ..field });
        }
    }
    all
}

/// Reads a component that is new, or exists when it says so with `existing`.
pub fn read<New, Existing>(table: &Table, header: Span, reading: &mut Reading) -> Option<Box<dyn Component>>
where
    New: Settings + Component + 'static,
    Existing: Settings + Component + 'static,
{
    if table.get("existing").is_none() {
        let also = [COMMON_KEYS, &["existing"]].concat();
        return Some(Box::new(New::read_block(table, header, &also, reading)?));
    }
    for (key, entry) in &table.entries {
        if New::has(key) && !Existing::has(key) {
            let diagnostic = beside_existing(key, entry.node.span, reading);
            reading.push(diagnostic);
        }
    }
    let fields = New::info().fields;
    let of_new: Vec<&str> = fields.iter().map(|field| field.name).collect();
    Some(Box::new(Existing::read_block(table, header, &[COMMON_KEYS, &of_new].concat(), reading)?))
}
