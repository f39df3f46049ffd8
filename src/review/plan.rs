//! Reads a plan as `terraform show -json` prints it. It may come from any tree, and from anybody.

use std::collections::{BTreeMap, BTreeSet};

use serde_json::Value;

use super::change::{Action, Change, Environment, Field, Setting, Shown};
use super::configuration::Configuration;
pub use super::document::NotAPlan;
use super::document::{ResourceChange, parse, without_keys};
use super::drift::drift;
use super::fields::fields;
use super::line::Line;
use super::nouns::{identity, identity_before};
use crate::aws::data;
use crate::tree::Address;

/// What a plan says.
#[derive(Debug)]
pub struct Plan {
    /// Its changes. Settings are known only as far as components come or go as a whole.
    pub environment: Environment,
    /// What else a reviewer has to know, in sentences.
    pub notes: Vec<Line>,
}

/// Reads the plan of an environment. `known` says of addresses what component they belong to; they have no instance keys.
///
/// # Errors
/// When it is not a plan of a Terraform whose format is known.
pub fn read(name: &str, json: &[u8], known: &BTreeMap<String, Address>) -> Result<Plan, NotAPlan> {
    let document = parse(json)?;
    let configuration = Configuration::new(&document.configuration);
    let mut environment = Environment { name: name.to_owned(), ..Environment::default() };
    let mut still: BTreeSet<&str> = BTreeSet::new();
    for found in document.resource_changes.iter().filter(|found| found.mode == "managed") {
        let book = known.get(&without_keys(&found.address));
        let before = found.previous_address.as_ref().and_then(|address| known.get(&without_keys(address)));
        let book = book.or(before);
        match found.action()? {
            Some(action) => environment.changes.push(found.change(action, book, &configuration)),
            None => still.extend(book.map(|book| &*book.component)),
        }
    }
    environment.settings = whole(&environment.changes, &still);
    let mut notes = Vec::new();
    let here = || Line::default().code(name).and(": ");
    if document.errored {
        notes.push(here().and("the plan ended with an error, and is not complete"));
    }
    if !document.deferred_changes.is_empty() {
        notes.push(
            here().and(format!("{} changes are put off to a later plan", document.deferred_changes.len())),
        );
    }
    notes.extend(drift(&document.resource_drift, &configuration).map(|line| here().then(line)));
    Ok(Plan { environment, notes })
}

impl ResourceChange {
    fn change(&self, action: Action, book: Option<&Address>, configuration: &Configuration<'_>) -> Change {
        let address = match &self.deposed {
            Some(key) => format!("{} (deposed {key})", self.address),
            None => self.address.clone(),
        };
        let imported = self.change.importing.as_ref().map(|importing| match importing.get("id") {
            Some(Value::String(id)) => id.clone(),
            _ => "what is known after the apply".to_owned(),
        });
        Change {
            address,
            resource: self.resource.clone(),
            action,
            moved_from: self.moved().cloned(),
            imported,
            component: book.map(|book| book.component.clone()),
            data: book.map_or_else(|| data::held(&self.resource).is_some(), |book| book.data),
            fields: self.fields(action, configuration),
        }
    }

    fn fields(&self, action: Action, configuration: &Configuration<'_>) -> Vec<Field> {
        let change = &self.change;
        match action {
            Action::Create => {
                identity(&self.resource, &change.after, &change.after_unknown, &change.after_sensitive)
            }
            Action::Destroy | Action::Forget => {
                identity_before(&self.resource, &change.before, &change.before_sensitive)
            }
            Action::Keep => Vec::new(),
            Action::Update | Action::Replace => {
                let mut fields = fields(&self.sides(configuration));
                if action == Action::Replace && !fields.iter().any(|field| field.replaces) {
                    fields.extend(self.reason());
                }
                fields
            }
        }
    }

    /// Why it is replaced although no attribute forces it.
    fn reason(&self) -> Option<Field> {
        let path = match self.action_reason.as_deref()? {
            "replace_because_tainted" => "tainted",
            "replace_by_request" => "-replace",
            "replace_by_triggers" => "replace_triggered_by",
            _ => return None,
        };
        let (before, after) = (Shown::Absent, Shown::Absent);
        Some(Field { path: path.to_owned(), before, after, replaces: true, place: None })
    }
}

/// The components of which everything comes or goes, as settings without a route.
fn whole(changes: &[Change], still: &BTreeSet<&str>) -> Vec<Setting> {
    let mut components: BTreeMap<&str, Vec<Action>> = BTreeMap::new();
    for change in changes {
        if let Some(component) = &change.component {
            components.entry(component).or_default().push(change.action);
        }
    }
    let all = |actions: &[Action], wanted: Action| actions.iter().all(|action| *action == wanted);
    let setting = |component: &str, comes: bool| {
        let text = Some(component.to_owned());
        let (before, after) = if comes { (None, text) } else { (text, None) };
        Setting { component: component.to_owned(), route: Vec::new(), before, after, place: None }
    };
    let changed = components.into_iter().filter(|(component, _)| !still.contains(*component));
    changed
        .filter_map(|(component, actions)| {
            let (comes, goes) = (all(&actions, Action::Create), all(&actions, Action::Destroy));
            (comes || goes).then(|| setting(component, comes))
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn changed(change: Value) -> Value {
        let mut all = json!({
            "address": "module.a[\"x\"].aws_db_instance.main[0]",
            "mode": "managed",
            "type": "aws_db_instance",
            "change": {"actions": ["no-op"], "before": {"a": 1}, "after": {"a": 1}},
        });
        for (key, value) in change.as_object().unwrap() {
            all[key] = value.clone();
        }
        all
    }

    fn plan(changes: &[Value]) -> Result<Plan, NotAPlan> {
        let book = Address { component: "database.main".into(), data: false };
        let known = [("module.a.aws_db_instance.main".to_owned(), book)].into();
        let text = json!({"format_version": "1.2", "resource_changes": changes}).to_string();
        read("a", text.as_bytes(), &known)
    }

    fn only(change: Value) -> Change {
        plan(&[changed(change)]).unwrap().environment.changes.remove(0)
    }

    #[test]
    fn an_address_book_knows_components_and_says_what_holds_data() {
        let change = only(json!({"change": {"actions": ["delete"], "before": {"a": 1}}}));
        assert_eq!((change.component.as_deref(), change.data), (Some("database.main"), false));
        let foreign = only(json!({"address": "aws_db_instance.x", "change": {"actions": ["delete"]}}));
        assert_eq!((foreign.component, foreign.data), (None, true));
    }

    #[test]
    fn what_only_moves_or_is_imported_is_kept_and_what_stays_is_left_out() {
        assert!(plan(&[changed(json!({}))]).unwrap().environment.changes.is_empty());
        let moved = only(json!({"previous_address": "aws_db_instance.old"}));
        assert_eq!((moved.action, moved.moved_from.as_deref()), (Action::Keep, Some("aws_db_instance.old")));
        let imported = only(json!({"change": {"actions": ["no-op"], "importing": {"id": "i-1"}}}));
        assert_eq!((imported.action, imported.imported.as_deref()), (Action::Keep, Some("i-1")));
    }

    #[test]
    fn both_orders_of_replacement_are_one_and_a_tainted_one_says_so() {
        for order in [["create", "delete"], ["delete", "create"]] {
            let change = only(json!({
                "action_reason": "replace_because_tainted",
                "change": {"actions": order, "before": {"a": 1}, "after": {"a": 1}},
            }));
            assert_eq!(change.action, Action::Replace);
            assert_eq!((&*change.fields[0].path, change.fields[0].replaces), ("tainted", true));
        }
    }

    #[test]
    fn a_deposed_object_is_told_from_the_one_that_stays() {
        let change = only(json!({"deposed": "1234", "change": {"actions": ["delete"]}}));
        assert!(change.address.ends_with("main[0] (deposed 1234)"), "{}", change.address);
    }

    #[test]
    fn an_unknown_action_is_refused_with_its_address() {
        let problem = plan(&[changed(json!({"change": {"actions": ["melt"]}}))]).unwrap_err().to_string();
        assert!(
            problem.starts_with(r#"does ["melt"] to "module.a[\"x\"].aws_db_instance.main[0]""#),
            "{problem}"
        );
    }

    #[test]
    fn a_component_comes_as_a_whole_only_when_nothing_of_it_stays() {
        let create = changed(json!({"change": {"actions": ["create"], "after": {"a": 1}}}));
        let settings = plan(std::slice::from_ref(&create)).unwrap().environment.settings;
        assert_eq!((settings.len(), settings[0].before.is_none()), (1, true));
        assert!(plan(&[create, changed(json!({}))]).unwrap().environment.settings.is_empty());
    }
}
