//! A report for programs: one object, whose keys are always there and in the same order.
//!
//! ```json
//! {"version": 1, "verdict": "loses-data", "headline": "..", "notes": [".."], "environments": [{
//!   "name": "production",
//!   "counts": {"create": 0, "update": 0, "replace": 1, "destroy": 0, "forget": 0, "keep": 0, "data_lost": 1},
//!   "settings": [{"component": "service.web", "route": ["tasks"], "before": "2", "after": "4", "place": null}],
//!   "changes": [{
//!     "address": "aws_db_instance.main", "type": "aws_db_instance", "noun": "RDS instance", "action": "replace",
//!     "component": "database.main", "data": true, "loses_data": true, "allowed": false,
//!     "moved_from": null, "imported": null,
//!     "fields": [{"path": "engine", "before": {"is": "value", "value": "mysql"}, "after": {"is": "later"},
//!                 "replaces": true, "place": {"file": "stacks/shop.hcl", "line": 12, "column": 3}}]
//!   }]
//! }]}
//! ```
//!
//! `verdict` is `none`, `changes` or `loses-data`; `action` is `create`, `update`, `replace`, `destroy`, `forget` or
//! `keep`. A value `is` `absent`, `value`, `later` (known after the apply) or `sensitive`; only `value` has a `value`.

use serde_json::{Value, json};

use super::change::{Action, Change, Environment, Field, Place, Setting, Shown};
use super::line::{Line, Piece};
use super::nouns::noun;
use super::report::{Counts, Report, Verdict, is_allowed};

impl Report<'_> {
    /// The report as JSON, indented, one line feed at the end.
    pub fn json(&self) -> String {
        let environments: Vec<Value> =
            self.environments.iter().map(|found| self.environment(found)).collect();
        let report = json!({
            "version": 1,
            "verdict": match self.verdict {
                Verdict::None => "none",
                Verdict::Changes => "changes",
                Verdict::LosesData => "loses-data",
            },
            "headline": plain(&self.headline),
            "notes": self.notes.iter().map(plain).collect::<Vec<_>>(),
            "environments": environments,
        });
        format!("{report:#}\n")
    }

    fn environment(&self, environment: &Environment) -> Value {
        let counts = Counts::of(&environment.changes);
        json!({
            "name": environment.name,
            "counts": {
                "create": counts.create,
                "update": counts.update,
                "replace": counts.replace,
                "destroy": counts.destroy,
                "forget": counts.forget,
                "keep": counts.keep,
                "data_lost": counts.lost,
            },
            "settings": environment.settings.iter().map(setting).collect::<Vec<_>>(),
            "changes": environment.changes.iter().map(|found| self.change(found)).collect::<Vec<_>>(),
        })
    }

    fn change(&self, change: &Change) -> Value {
        json!({
            "address": change.address,
            "type": change.resource,
            "noun": noun(&change.resource),
            "action": match change.action {
                Action::Replace => "replace",
                Action::Destroy => "destroy",
                Action::Forget => "forget",
                Action::Update => "update",
                Action::Create => "create",
                Action::Keep => "keep",
            },
            "component": change.component,
            "data": change.data,
            "loses_data": change.loses_data(),
            "allowed": is_allowed(change, self.allowed),
            "moved_from": change.moved_from,
            "imported": change.imported,
            "fields": change.fields.iter().map(field).collect::<Vec<_>>(),
        })
    }
}

fn setting(setting: &Setting) -> Value {
    json!({
        "component": setting.component,
        "route": setting.route,
        "before": setting.before,
        "after": setting.after,
        "place": place(setting.place.as_ref()),
    })
}

fn field(field: &Field) -> Value {
    json!({
        "path": field.path,
        "before": shown(&field.before),
        "after": shown(&field.after),
        "replaces": field.replaces,
        "place": place(field.place.as_ref()),
    })
}

fn place(place: Option<&Place>) -> Value {
    place.map_or(Value::Null, |place| json!({"file": place.file, "line": place.line, "column": place.column}))
}

fn shown(shown: &Shown) -> Value {
    match shown {
        Shown::Absent => json!({"is": "absent"}),
        Shown::Value(value) => json!({"is": "value", "value": value}),
        Shown::Later => json!({"is": "later"}),
        Shown::Sensitive => json!({"is": "sensitive"}),
    }
}

fn plain(line: &Line) -> String {
    let pieces = line.0.iter().map(|piece| match piece {
        Piece::Words(text) | Piece::Strong(text) => text.clone(),
        Piece::Code(text) => format!("`{text}`"),
        Piece::Arrow => " -> ".to_owned(),
    });
    pieces.collect()
}
