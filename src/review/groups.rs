//! What happens in an environment, component by component, in sentences.

use std::collections::BTreeMap;

use super::change::{Action, Change, Environment, Field, Setting, Shown};
use super::line::Line;
use super::nouns::{full, label, module, noun, plural, which};
use super::report::is_allowed;
use super::tags::take_common;
use crate::aws::{data, replacement};

/// How many resources of a type are told by name.
const NAMED: usize = 8;

/// What an entry does to what is there, from the worst on.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Tone {
    Lost,
    Removes,
    Changes,
    Adds,
    Quiet,
}

/// A sentence, and what belongs to it.
#[derive(Debug, PartialEq)]
pub(super) struct Entry {
    pub(super) tone: Tone,
    pub(super) line: Line,
    pub(super) details: Vec<Line>,
}

/// What happens to a component, or to what looks like one.
#[derive(Debug, PartialEq)]
pub(super) struct Group {
    pub(super) title: Line,
    /// Whether the title is a name and tells nothing.
    pub(super) bare: bool,
    pub(super) entries: Vec<Entry>,
}

/// What loses data in an environment: each address by itself, with the cause.
pub(super) fn lost(environment: &Environment, allowed: &[String]) -> Vec<Entry> {
    let lost = environment.changes.iter().filter(|change| change.loses_data());
    lost.map(|change| {
        let mut line = full(change);
        if let Some(component) = &change.component {
            line = line.and(" of ").then(title(component));
        }
        let fate = if change.action == Action::Replace { "replaced" } else { "destroyed" };
        let held = data::held(&change.resource).unwrap_or("its data");
        let allowed = if is_allowed(change, allowed) { " (allowed)" } else { "" };
        line = line.and(" is ").strong(fate).and(format!(", with {held}{allowed}"));
        let mut details = vec![Line::words("address ").code(&change.address)];
        details.extend(origin(change));
        if change.action == Action::Replace {
            details.extend(told(change));
        }
        Entry { tone: Tone::Lost, line, details }
    })
    .collect()
}

/// What happens in an environment besides, the worst first.
pub(super) fn groups(environment: &Environment) -> Vec<Group> {
    let mut parts: BTreeMap<Key<'_>, (Vec<&Setting>, Vec<&Change>)> = BTreeMap::new();
    for setting in &environment.settings {
        parts.entry(Key::Component(&setting.component)).or_default().0.push(setting);
    }
    let (changes, common) = take_common(&environment.changes);
    for change in &changes {
        parts.entry(Key::of(change)).or_default().1.push(change);
    }
    let mut groups: Vec<(Tone, Group)> =
        parts.into_iter().map(|(key, (settings, changes))| group(&key, &settings, &changes)).collect();
    // What loses data is told before, and is all there is to some.
    groups.retain(|(_, group)| !group.bare || !group.entries.is_empty());
    groups.sort_by_key(|(tone, _)| *tone);
    let groups = groups.into_iter().map(|(_, group)| group);
    groups.chain(common.into_iter().map(|title| Group { title, bare: false, entries: Vec::new() })).collect()
}

/// What changes are grouped by.
#[derive(Debug, PartialEq, Eq, PartialOrd, Ord)]
enum Key<'a> {
    Component(&'a str),
    /// The module, and the name that resources of different types share.
    Name(String, String),
}

impl<'a> Key<'a> {
    fn of(change: &'a Change) -> Self {
        if let Some(component) = &change.component {
            return Self::Component(component);
        }
        let label = label(&change.address, &change.resource);
        let module = module(&change.address, &change.resource);
        let name = label.split('[').next().unwrap_or_default();
        Self::Name(module.to_owned(), name.to_owned())
    }

    fn title(&self) -> Line {
        match self {
            Self::Component(component) => title(component),
            Self::Name(module, name) if module.is_empty() => Line::default().code(name),
            Self::Name(module, name) => Line::default().code(name).and(" in ").code(module),
        }
    }
}

/// A component as a reader knows it: ``load balancer `public` `` for `load_balancer.public`.
fn title(component: &str) -> Line {
    let is_kind = |word: &str| word.chars().all(|c| c.is_ascii_lowercase() || c == '_');
    match component.split_once('.') {
        Some((kind, name)) if kind.len() <= 40 && is_kind(kind) => {
            Line::words(format!("{} ", kind.replace('_', " "))).code(name)
        }
        _ => Line::default().code(component),
    }
}

fn group(key: &Key<'_>, settings: &[&Setting], changes: &[&Change]) -> (Tone, Group) {
    let whole = settings.iter().find(|setting| setting.route.is_empty());
    let mut line = key.title();
    let mut entries = Vec::new();
    let mut left: Vec<&Change> = changes.to_vec();
    if let Some(setting) = whole {
        let (verb, action, tone) = match setting.after {
            Some(_) => ("adds ", Action::Create, Tone::Adds),
            None => ("removes ", Action::Destroy, Tone::Removes),
        };
        let (own, others): (Vec<&Change>, Vec<&Change>) =
            left.into_iter().partition(|change| change.action == action);
        left = others;
        line = Line::words(verb).then(line);
        if !own.is_empty() {
            line = line.and(format!(": {}", count(own.len(), "resource")));
        }
        line = line.at(setting.place.as_ref());
        if own.len() > 1 {
            entries.push(Entry { tone, line: Line::words(by_type(&own)), details: Vec::new() });
        }
    }
    let inner: Vec<Line> = settings.iter().filter(|one| !one.route.is_empty()).map(|one| set(one)).collect();
    if !inner.is_empty() {
        line = line.and(": ").then(Line::join(inner, ", "));
    }
    left.retain(|change| !change.loses_data());
    entries.extend(resources(&left));
    entries.sort_by_key(|entry| entry.tone);
    let tone = entries.iter().map(|entry| entry.tone).min();
    let tone = tone.unwrap_or(match whole {
        Some(setting) if setting.after.is_some() => Tone::Adds,
        Some(_) => Tone::Removes,
        None => Tone::Changes,
    });
    (tone, Group { title: line, bare: settings.is_empty(), entries })
}

/// A setting: ``tasks 2 -> 4``.
fn set(setting: &Setting) -> Line {
    let shown = |side: &Option<String>| match side {
        Some(text) => Shown::Value(text.as_str().into()),
        None => Shown::Absent,
    };
    let line = Line::default().code(&setting.route.join(".")).and(" ");
    line.sides(&shown(&setting.before), &shown(&setting.after)).at(setting.place.as_ref())
}

fn resources(changes: &[&Change]) -> Vec<Entry> {
    let mut entries = Vec::new();
    let mut alike: BTreeMap<(Action, &str), Vec<&Change>> = BTreeMap::new();
    for change in changes {
        match change.action {
            Action::Create | Action::Destroy | Action::Forget if origin(change).is_empty() => {
                alike.entry((change.action, &change.resource)).or_default().push(change);
            }
            _ => entries.push(single(change)),
        }
    }
    entries
        .extend(alike.into_iter().map(|((action, resource), changes)| several(action, resource, &changes)));
    entries
}

/// Resources of one type of which the same becomes.
fn several(action: Action, resource: &str, changes: &[&Change]) -> Entry {
    let (verb, tone) = match action {
        Action::Create => ("creates", Tone::Adds),
        Action::Forget => ("no longer manages", Tone::Removes),
        _ => ("destroys", Tone::Removes),
    };
    let noun = noun(resource);
    let what = if changes.len() == 1 { noun } else { format!("{} {}:", changes.len(), plural(&noun)) };
    let named = Line::join(changes.iter().take(NAMED).map(|change| which(change)), ", ");
    let mut line = Line::words(format!("{verb} {what} ")).then(named);
    if changes.len() > NAMED {
        line = line.and(format!(" and {} more", changes.len() - NAMED));
    }
    if action == Action::Forget {
        line = line.and(", and leaves what is there");
    }
    Entry { tone, line, details: Vec::new() }
}

/// A resource that has more to tell than its name.
fn single(change: &Change) -> Entry {
    let noun = Line::words(format!("{} ", noun(&change.resource))).then(which(change));
    let noun = match &change.imported {
        Some(id) if change.is_adopted() => Line::words("adopts ").code(id).and(" as ").then(noun),
        _ => noun,
    };
    let mut details = told(change);
    let (tone, mut line) = match change.action {
        Action::Replace if change.is_revision() => (Tone::Changes, noun.and(": new revision")),
        Action::Replace => (Tone::Removes, noun.and(" is ").strong("replaced")),
        Action::Update => (Tone::Changes, noun),
        Action::Keep => (Tone::Quiet, noun),
        Action::Create => (Tone::Adds, Line::words("creates ").then(noun)),
        Action::Destroy => (Tone::Removes, Line::words("destroys ").then(noun)),
        Action::Forget => (Tone::Removes, Line::words("no longer manages ").then(noun)),
    };
    match (change.action, details.len()) {
        (Action::Update, 0) => line = line.and(": only what is computed or reordered"),
        (Action::Update, 1) => line = line.and(": ").then(details.remove(0)),
        _ => {}
    }
    let mut origin = origin(change);
    if change.action == Action::Keep && origin.len() == 1 {
        line = line.and(" ").then(origin.remove(0));
    }
    details.splice(0..0, origin);
    Entry { tone, line, details }
}

/// Where a resource comes from.
fn origin(change: &Change) -> Vec<Line> {
    let moved = change.moved_from.as_ref().map(|from| Line::words("moved from ").code(from));
    let imported = change.imported.as_ref().filter(|_| !change.is_adopted());
    let imported = imported.map(|id| Line::words("imported from ").code(id));
    moved.into_iter().chain(imported).collect()
}

/// What changes of a resource, the causes of its replacement first.
fn told(change: &Change) -> Vec<Line> {
    if matches!(change.action, Action::Create | Action::Destroy | Action::Forget) {
        return Vec::new();
    }
    let alarming = change.action == Action::Replace && !change.is_revision();
    let cause = |field: &&Field| alarming && field.replaces;
    let causes = change.fields.iter().filter(cause).map(|field| {
        let line = Line::words("because ").field(field);
        let names = field.path.split('.').map(|name| name.split('[').next().unwrap_or(name));
        match replacement::why(&change.resource, &names.collect::<Vec<_>>()) {
            Some(why) => line.and(format!("; {why}")),
            None => line,
        }
    });
    let others =
        change.fields.iter().filter(|field| !cause(field)).map(|field| match rolls_out(change, field) {
            true => Line::words("rolls out the new revision"),
            false => Line::default().field(field),
        });
    causes.chain(others).collect()
}

/// Whether a service gets a task definition that is about to be made.
fn rolls_out(change: &Change, field: &Field) -> bool {
    change.resource == "aws_ecs_service" && field.path == "task_definition" && field.after == Shown::Later
}

/// How many resources of which type: `2 ingress rules, 1 role`.
fn by_type(changes: &[&Change]) -> String {
    let mut types: BTreeMap<String, usize> = BTreeMap::new();
    for change in changes {
        *types.entry(noun(&change.resource)).or_default() += 1;
    }
    let told: Vec<String> = types.iter().map(|(noun, number)| count(*number, noun)).collect();
    told.join(", ")
}

fn count(number: usize, noun: &str) -> String {
    if number == 1 { format!("1 {noun}") } else { format!("{number} {}", plural(noun)) }
}
