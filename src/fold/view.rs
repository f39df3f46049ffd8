//! Folding views: what the templates print.

use indexmap::IndexMap;

use super::shape::presence_column;
use super::{CANNOT_DIFFER, Fold, Scope};
use crate::diagnostic::Diagnostic;
use crate::hcl::{Expr, Literal};
use crate::terms::{self, Id, View};

/// A view of all environments.
#[derive(Debug, Clone)]
pub struct Folded {
    /// The `count` argument; `None` when every environment has it.
    pub count: Option<Expr>,
    /// Slots by name.
    pub slots: IndexMap<&'static str, Slot>,
}

/// One name of a folded view.
#[derive(Debug, Clone)]
pub enum Slot {
    /// A value.
    Expr(Expr),
    /// A switch.
    Flag(bool),
    /// A label or other fixed text.
    Text(String),
    /// Blocks that some environment has.
    Group(Folded),
    /// Blocks by key.
    Items(Vec<(String, Folded)>),
}

/// Folds a component's views, one per environment.
pub(super) fn fold(fold: &mut Fold<'_>, id: &Id, views: &[Option<&View>]) -> Folded {
    let ident = id.ident();
    let own = fold.presence(id);
    Folding { fold, id, own }.block(&[&ident], views)
}

struct Folding<'f, 'a> {
    fold: &'f mut Fold<'a>,
    id: &'f Id,
    own: Vec<bool>,
}

impl Folding<'_, '_> {
    fn scope(&self) -> Scope<'static> {
        Scope { module: Some(Fold::module(self.id)), owner: None, inside: true }
    }

    /// A block that some environments may lack.
    fn block(&mut self, path: &[&str], views: &[Option<&View>]) -> Folded {
        let present: Vec<bool> = views.iter().map(Option::is_some).collect();
        // What exists wherever its component does shares the component's column.
        let [column, about] = if present == self.own {
            presence_column(&[&self.id.ident()])
        } else {
            let scope = Scope { owner: Some(self.id), ..self.scope() };
            self.named(scope, views, &present).unwrap_or_else(|| presence_column(path))
        };
        let scope = self.scope();
        let condition = self.fold.condition(scope, &column, &present, &about);
        let count = match condition {
            Expr::Literal(_) => None,
            condition => {
                let number = |n| Expr::Literal(Literal::Integer(n));
                Some(Expr::choose(condition, number(1), number(0)))
            }
        };
        Folded { count, slots: self.slots(path, views) }
    }

    /// The column of something that a block names and that exists just where the block does.
    fn named(&mut self, scope: Scope<'_>, views: &[Option<&View>], present: &[bool]) -> Option<[String; 2]> {
        let slots = views.iter().flatten().next()?.slots.values();
        let mut terms = slots.filter_map(|slot| match slot {
            terms::Slot::Term(term @ terms::Term::Export(..)) => Some(term),
            _ => None,
        });
        terms.find_map(|term| self.fold.group_column(scope, term, present))
    }

    /// What stands in a block.
    fn slots(&mut self, path: &[&str], views: &[Option<&View>]) -> IndexMap<&'static str, Slot> {
        let mut slots = IndexMap::new();
        for view in views.iter().flatten() {
            for name in view.slots.keys() {
                if !slots.contains_key(name)
                    && let Some(slot) = self.slot(path, name, views)
                {
                    slots.insert(*name, slot);
                }
            }
        }
        slots
    }

    fn slot(&mut self, path: &[&str], name: &'static str, views: &[Option<&View>]) -> Option<Slot> {
        let found: Vec<Option<&terms::Slot>> =
            views.iter().map(|view| view.and_then(|view| view.slots.get(name))).collect();
        let first = *found.iter().flatten().next()?;
        let slot = match first {
            terms::Slot::Term(_) => {
                let terms: Vec<_> = found
                    .iter()
                    .map(|slot| match slot {
                        Some(terms::Slot::Term(term)) => Some(term),
                        _ => None,
                    })
                    .collect();
                let id = self.id.clone();
                let scope = Scope { owner: Some(&id), ..self.scope() };
                Slot::Expr(self.fold.term(scope, &[path, &[name]].concat(), &terms))
            }
            terms::Slot::Flag(_) => {
                Slot::Flag(found.iter().flatten().any(|slot| matches!(slot, terms::Slot::Flag(true))))
            }
            terms::Slot::Text(text) => Slot::Text(text.clone()),
            terms::Slot::Shape(what, value) => {
                let differs =
                    |slot: &terms::Slot| !matches!(slot, terms::Slot::Shape(_, here) if here == value);
                if let Some(other) = found.iter().position(|slot| slot.is_some_and(differs)) {
                    self.cannot_differ(what, found.iter().position(Option::is_some), other);
                }
                Slot::Flag(*value)
            }
            terms::Slot::Group(_) => {
                let groups: Vec<Option<&View>> = found
                    .iter()
                    .map(|slot| match slot {
                        Some(terms::Slot::Group(group)) => group.as_ref(),
                        _ => None,
                    })
                    .collect();
                if groups.iter().all(Option::is_none) {
                    return None;
                }
                Slot::Group(self.block(&[path, &[name]].concat(), &groups))
            }
            terms::Slot::Items(_) | terms::Slot::Nested(..) => self.items(path, name, &found),
        };
        Some(slot)
    }

    fn items(&mut self, path: &[&str], name: &str, found: &[Option<&terms::Slot>]) -> Slot {
        let maps: Vec<Option<&IndexMap<String, View>>> = found
            .iter()
            .map(|slot| match slot {
                Some(terms::Slot::Items(items) | terms::Slot::Nested(_, items)) => Some(items),
                _ => None,
            })
            .collect();
        let mut keys: Vec<&String> = maps.iter().flatten().flat_map(|items| items.keys()).collect();
        keys.sort_by(|a, b| natural(a).cmp(&natural(b)));
        keys.dedup();
        let nested = found.iter().flatten().find_map(|slot| match slot {
            terms::Slot::Nested(what, _) => Some(*what),
            _ => None,
        });
        let mut items = Vec::with_capacity(keys.len());
        for key in keys {
            let views: Vec<Option<&View>> = maps.iter().map(|map| map.and_then(|map| map.get(key))).collect();
            let without = maps.iter().zip(&views).position(|(map, view)| map.is_some() && view.is_none());
            if let (Some(what), Some(without)) = (nested, without) {
                self.cannot_differ(what, views.iter().position(Option::is_some), without);
                return Slot::Items(Vec::new());
            }
            let path = if key.is_empty() { path.to_vec() } else { [path, &[name, key.as_str()]].concat() };
            // A part of a resource is there whenever the resource is.
            let item = match nested {
                Some(_) => Folded { count: None, slots: self.slots(&path, &views) },
                None => self.block(&path, &views),
            };
            items.push((key.clone(), item));
        }
        Slot::Items(items)
    }

    /// Reports a difference between two environments, by their places in the model.
    fn cannot_differ(&mut self, what: &str, one: Option<usize>, other: usize) {
        let environments = &self.fold.model.environments;
        let (one, other) = (&environments[one.unwrap_or(0)], &environments[other]);
        let Some(entry) = one.components.get(self.id) else { return };
        let message = format!("{what} cannot differ between environments");
        let found = Diagnostic::new(&CANNOT_DIFFER, entry.header, message)
            .label(format!("not the same in `{}` and in `{}`", one.name, other.name))
            .help("write it outside the environments, and let only the values differ");
        self.fold.diagnostics.push(found);
    }
}

/// Sorts the component itself first, then numbers by value, then words: 443 before 587 before 1025.
fn natural(key: &str) -> (bool, u64, &str) {
    match key.parse::<u64>() {
        Ok(number) => (false, number, key),
        Err(_) => (!key.is_empty(), 0, key),
    }
}
