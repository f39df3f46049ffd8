//! What one environment has, from the contract of components: every component is a node; what its references open, the
//! routes it asks for, what follows its alarms and what its settings name are edges.

use std::collections::BTreeSet;

use indexmap::IndexMap;

use super::Style;
use crate::model::{Context, Environment, Stack};
use crate::settings::input::Reference;
use crate::syntax::{Node, Part, Value, Word};
use crate::terms::{AlarmState, Grant, Id, Line, Site, Term};

/// What tells nodes apart: `service.web`; of somebody outside the stack, the name.
pub(super) type Key = String;

/// The nodes and edges of an environment.
#[derive(Debug, Default)]
pub(super) struct Seen {
    pub(super) name: String,
    pub(super) account: String,
    pub(super) region: String,
    pub(super) zones: Vec<String>,
    pub(super) nodes: IndexMap<Key, SeenNode>,
    pub(super) edges: IndexMap<(Key, Key), SeenEdge>,
}

/// A node of one environment.
#[derive(Debug)]
pub(super) struct SeenNode {
    pub(super) kind: String,
    pub(super) name: String,
    pub(super) site: Site,
    pub(super) stranger: bool,
    pub(super) app: Option<String>,
    pub(super) lines: Vec<Line>,
}

/// An edge of one environment.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct SeenEdge {
    pub(super) style: Style,
    pub(super) label: BTreeSet<String>,
}

/// Reads an environment, with the sizes of things or without.
pub(super) fn read(stack: &Stack, environment: &Environment, sizes: bool) -> Seen {
    let context = Context { stack, environment };
    let mut seen = Seen {
        name: environment.name.to_string(),
        account: environment.settings.account.to_string(),
        region: environment.region.to_string(),
        ..Seen::default()
    };
    for (id, entry) in &environment.components {
        let drawing = entry.component.drawing(id, &context);
        seen.zones.extend(drawing.zones);
        let mut lines = drawing.lines;
        lines.retain(|line| sizes || !line.size);
        if entry.table.get("existing").is_some() {
            lines.push(Line::new("existing", "exists already", ""));
        }
        for part in drawing.parts {
            let node = SeenNode {
                kind: id.kind.replace('_', " "),
                name: part.name.to_owned(),
                site: part.site,
                stranger: false,
                app: None,
                lines: part.lines,
            };
            seen.nodes.insert(format!("{id}.{}", part.name), node);
        }
        let node = SeenNode {
            kind: id.kind.replace('_', " "),
            name: id.name.to_string(),
            site: drawing.site,
            stranger: false,
            app: entry.app.as_ref().map(ToString::to_string),
            lines,
        };
        seen.nodes.insert(id.to_string(), node);
        for reached in drawing.reached {
            let mut lines = reached.from.lines();
            let name = lines.next().unwrap_or_default().to_owned();
            let node = SeenNode {
                kind: String::new(),
                name,
                site: Site::Outside,
                stranger: true,
                app: None,
                lines: lines.map(|line| Line::new("what", line, "")).collect(),
            };
            seen.nodes.insert(reached.from.clone(), node);
            seen.add(reached.from, id.to_string(), Style::Request, [reached.by]);
        }
        for reaches in drawing.reaches {
            let key = format!("towards {}", reaches.to);
            let node = SeenNode {
                kind: String::new(),
                name: reaches.to,
                site: Site::Outside,
                stranger: true,
                app: None,
                lines: Vec::new(),
            };
            seen.nodes.insert(key.clone(), node);
            seen.add(id.to_string(), key, Style::Connect, reaches.ports.iter().map(ToString::to_string));
        }
    }
    for id in environment.components.keys() {
        seen.uses(id, &context);
        seen.asks(id, &context);
        seen.names(id, &context);
    }
    seen
}

impl Seen {
    /// Adds to an edge. What was known of it before is worth more, because what is worth most is added first.
    fn add(&mut self, from: Key, to: Key, style: Style, label: impl IntoIterator<Item = String>) {
        if from == to || !self.nodes.contains_key(&to) {
            return;
        }
        let edge = self.edges.entry((from, to)).or_insert_with(|| SeenEdge { style, label: BTreeSet::new() });
        if edge.style == style {
            edge.label.extend(label.into_iter().filter(|label| !label.is_empty()));
        }
    }

    /// What its references open, by what they refer to.
    fn uses(&mut self, id: &Id, context: &Context<'_>) {
        let Some(component) = context.find(id) else { return };
        let mut held = component.uses(id, context);
        held.sort_by_key(|grant| !matches!(grant, Grant::Connect { .. }));
        // A right may be one on what is only known by an ARN: the reference that opens it says whose that is.
        let opened: Vec<(Id, Grant)> = references(id, context)
            .flat_map(|(reference, _)| {
                let target = context.component(&reference);
                let grants = match context.is_whole(&reference) {
                    true => target
                        .as_ref()
                        .and_then(|to| Some(context.find(to)?.grants(to, context)))
                        .unwrap_or_default(),
                    false => context.resolve(&reference).map(|offer| offer.grants).unwrap_or_default(),
                };
                target.into_iter().flat_map(move |to| {
                    grants.clone().into_iter().map(move |grant| (to.clone(), grant)).collect::<Vec<_>>()
                })
            })
            .collect();
        let mut rights: Vec<(Id, Style, Vec<String>, bool)> = Vec::new();
        for grant in held {
            let claimed: Vec<Id> =
                opened.iter().filter(|(_, one)| *one == grant).map(|(to, _)| to.clone()).collect();
            let (targets, style, label, with_key) = match &grant {
                Grant::Connect { to, port } => {
                    (vec![to.clone()], Style::Connect, vec![port.to_string()], false)
                }
                Grant::ReadSecret { arn, .. } => {
                    (named(exported(arn), claimed), Style::Allow, vec!["read".to_owned()], false)
                }
                Grant::Allow { actions, resources, .. } => {
                    let targets = named(resources.iter().flat_map(exported).collect(), claimed);
                    let with_key = actions.iter().all(|action| action.starts_with("kms:"));
                    (targets, Style::Allow, verbs(actions), with_key)
                }
            };
            rights.extend(targets.into_iter().map(|to| (to, style, label.clone(), with_key)));
        }
        // What a key does for those who use something that it encrypts is how they use it, not what for.
        let used: Vec<Id> = rights.iter().filter(|right| !right.3).map(|right| right.0.clone()).collect();
        for (to, style, label, with_key) in rights {
            if !with_key || !used.contains(&to) {
                self.add(id.to_string(), to.to_string(), style, label);
            }
        }
    }

    /// Routes, deployments, and what follows alarms.
    fn asks(&mut self, id: &Id, context: &Context<'_>) {
        let Some(component) = context.find(id) else { return };
        for route in component.routes(id, context) {
            let port = route.port.map_or(String::new(), |port| format!(" → :{port}"));
            let hosts = route.hosts.iter().map(|host| format!("{host}{}{port}", route.path));
            let labels =
                if route.hosts.is_empty() { vec![format!("{}{port}", route.path)] } else { hosts.collect() };
            self.add(route.load_balancer.to_string(), id.to_string(), Style::Request, labels);
        }
        if let Some(deployed) = component.deployed(id, context) {
            let pipeline = deployed.pipeline.to_string();
            self.add(pipeline.clone(), id.to_string(), Style::Deploy, ["deploys".to_owned()]);
            for image in deployed.images.values() {
                self.add(pipeline.clone(), image.to_string(), Style::Deploy, ["pushes".to_owned()]);
            }
        }
        for reaction in component.reactions(id, context) {
            let when = if reaction.state == AlarmState::Ok { "scales when ok" } else { "scales" };
            self.add(reaction.alarm.to_string(), id.to_string(), Style::Name, [when.to_owned()]);
        }
    }

    /// The other components that its settings name.
    fn names(&mut self, id: &Id, context: &Context<'_>) {
        for (reference, setting) in references(id, context) {
            let Some(to) = context.component(&reference) else { continue };
            let (from, to_key) = (id.to_string(), to.to_string());
            let known = |one: &str, other: &str| self.edges.contains_key(&(one.to_owned(), other.to_owned()));
            let is_named =
                self.edges.get(&(from.clone(), to_key.clone())).is_none_or(|edge| edge.style == Style::Name);
            if known(&to_key, &from) && !known(&from, &to_key) || !is_named {
                continue;
            }
            let label = match (setting.as_str(), reference.words.len()) {
                ("of", _) => "watches",
                ("notify", _) => "notifies",
                // What a bucket is to a CDN says the policy that lets it in.
                (setting, _) if setting == to.kind => {
                    let admissions =
                        context.find(id).map(|one| one.admissions(id, context)).unwrap_or_default();
                    for admission in admissions.iter().filter(|admission| admission.to == to) {
                        self.add(from.clone(), to_key.clone(), Style::Allow, verbs(admission.actions));
                    }
                    ""
                }
                (_, 3) => reference.word(2),
                (setting, _) => setting,
            };
            self.add(from, to_key, Style::Name, [label.replace('_', " ")]);
        }
    }
}

/// What a right is on: what its ARNs name, or else what the references name that open it.
fn named(exported: Vec<Id>, claimed: Vec<Id>) -> Vec<Id> {
    if exported.is_empty() { claimed } else { exported }
}

/// The components whose exports stand in a term.
fn exported(term: &Term) -> Vec<Id> {
    match term {
        Term::Export(id, _) | Term::Part(id, _) => vec![id.clone()],
        Term::Template(parts) | Term::List(parts) | Term::Call(_, parts) => {
            parts.iter().flat_map(exported).collect()
        }
        _ => Vec::new(),
    }
}

/// What IAM actions do, in few words: `read`, `write`, `delete`.
fn verbs(actions: &[&str]) -> Vec<String> {
    let mut verbs: Vec<String> = Vec::new();
    for action in actions {
        let name = action.split_once(':').map_or(*action, |(_, name)| name);
        let end =
            name.char_indices().skip(1).find(|(_, c)| c.is_uppercase()).map_or(name.len(), |(at, _)| at);
        let verb = match name[..end].trim_end_matches('*') {
            "Get" | "List" | "Describe" | "Batch" | "Head" => "read".to_owned(),
            "Put" | "Create" | "Generate" => "write".to_owned(),
            // Roles are passed to what is run.
            "Pass" => continue,
            verb => verb.to_lowercase(),
        };
        if !verbs.contains(&verb) {
            verbs.push(verb);
        }
    }
    verbs
}

/// The references in the settings of a component, each with the setting that holds it. Not in the order of the file, which
/// means nothing; a setting that is called like what it names comes first, because it says most.
fn references(id: &Id, context: &Context<'_>) -> impl Iterator<Item = (Reference, String)> + use<> {
    let mut found = Vec::new();
    if let Some(entry) = context.environment.components.get(id) {
        for (setting, entry) in &entry.table.entries {
            collect(&entry.node, setting, &mut found);
        }
    }
    found.sort_by_cached_key(|(reference, setting)| {
        let words: Vec<String> = reference.words.iter().map(|word| word.text.to_string()).collect();
        (reference.word(0) != setting, words, setting.clone())
    });
    found.into_iter()
}

fn collect(node: &Node, setting: &str, found: &mut Vec<(Reference, String)>) {
    let mut push = |span, words: &std::sync::Arc<[Word]>| {
        found.push((Reference { span, words: words.clone() }, setting.to_owned()));
    };
    match &node.value {
        Value::Reference(words) => push(node.span, words),
        Value::Template(parts) => {
            for part in parts.iter() {
                if let Part::Reference(span, words) = part {
                    push(*span, words);
                }
            }
        }
        Value::List(items) => items.iter().for_each(|item| collect(item, setting, found)),
        Value::Table(table) => {
            table.entries.iter().for_each(|(key, entry)| collect(&entry.node, key, found));
        }
        Value::Null | Value::Bool(_) | Value::Integer(_) | Value::Float(_) | Value::String(_) => {}
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn actions_are_told_in_few_words() {
        assert_eq!(
            verbs(&["s3:GetObject", "s3:PutObject*", "s3:ListBucket", "s3:DeleteObject"]),
            ["read", "write", "delete"]
        );
        assert_eq!(verbs(&["iam:PassRole"]), [] as [&str; 0]);
        assert_eq!(verbs(&["ecs:RunTask", "kms:Decrypt"]), ["run", "decrypt"]);
    }

    #[test]
    fn a_right_is_on_what_its_arns_name() {
        let id = Id::new("bucket", "media");
        let arn = Term::Template(vec![Term::Export(id.clone(), "arn"), Term::string("/*")]);
        assert_eq!(exported(&arn), [id]);
        assert!(exported(&Term::string("arn:aws:s3:::media")).is_empty());
    }
}
