//! Folding terms: one expression for the values of all environments.

use std::sync::Arc;

use indexmap::IndexMap;

use super::shape::{
    Terms, column_word, constant, describe, names_resources, presence_column, same_shape, string_lists,
};
use super::{Fold, Scope};
use crate::hcl::{Expr, Literal};
use crate::terms::{Export, Fact, Id, Own, Slot, Term};

impl Fold<'_> {
    /// One expression for the terms of all environments. `path` names the value, for the columns it may need.
    pub(crate) fn term(&mut self, scope: Scope<'_>, path: &[&str], terms: &Terms<'_>) -> Expr {
        let mut present = terms.iter().flatten().copied();
        let Some(first) = present.next() else { return Expr::Literal(Literal::Null) };
        if present.clone().all(|term| same_shape(first, term)) {
            return self.shape(scope, path, first, terms);
        }
        let environments = terms.iter().zip(self.contexts());
        let constants: Vec<Option<Term>> =
            environments.map(|(term, context)| constant((*term)?, &context)).collect();
        if terms.iter().zip(&constants).all(|(term, constant)| term.is_some() == constant.is_some()) {
            let constants: Vec<Option<&Term>> = constants.iter().map(Option::as_ref).collect();
            return self.literals(scope, path, &constants);
        }
        if let Some(texts) = string_lists(terms) {
            return self.string_list(scope, path, texts);
        }
        if let Some((id, name)) = self.export_or_null(terms) {
            return self.export(scope, &id, &name);
        }
        // Different kinds of value: a column says which environments have the first kind.
        let alike: Vec<bool> =
            terms.iter().map(|term| term.is_some_and(|term| same_shape(first, term))).collect();
        let pick = |wanted: bool| -> Vec<Option<&Term>> {
            terms.iter().zip(&alike).map(|(term, &alike)| term.filter(|_| alike == wanted)).collect()
        };
        let other = terms.iter().zip(&alike).find_map(|(term, alike)| term.filter(|_| !*alike));
        let is_null = |term: &Term| matches!(term, Term::Literal(Literal::Null));
        let set = is_null(first) || other.is_some_and(is_null);
        let unlike: Vec<bool> = alike.iter().map(|alike| !alike).collect();
        let special = || format!("{}_{}", path.join("_"), if set { "set" } else { "special" });
        // What a group makes is there where the group is, and the column of the group says so already.
        let (condition, turned) = if let Some([column, about]) = self.group_column(scope, first, &alike) {
            (self.condition(scope, &column, &alike, &about), false)
        } else if let Some([column, about]) = other.and_then(|other| self.group_column(scope, other, &unlike))
        {
            (self.condition(scope, &column, &unlike, &about), true)
        } else if is_null(first) {
            (self.condition(scope, &special(), &unlike, &describe(path)), true)
        } else {
            (self.condition(scope, &special(), &alike, &describe(path)), false)
        };
        let condition = if turned { Expr::negate(condition) } else { condition };
        let yes = self.term(scope, path, &pick(true));
        let no = self.term(scope, path, &pick(false));
        Expr::choose(condition, yes, no)
    }

    /// The column that says where a resource of a group is that a term names, and its description, if that is just where
    /// `wanted` is.
    pub(super) fn group_column(
        &mut self,
        scope: Scope<'_>,
        term: &Term,
        wanted: &[bool],
    ) -> Option<[String; 2]> {
        match term {
            Term::Own(Own { group: Some(group), item: None, .. }) => {
                let id = scope.owner?;
                (self.group_presence(id, group, None) == wanted)
                    .then(|| presence_column(&[&id.ident(), group]))
            }
            Term::Export(id, name) => {
                let exports = self.exports(id).iter();
                let term = exports.filter_map(|exports| exports.get(*name)).next()?.term.clone();
                self.group_column(Scope { owner: Some(id), ..scope }, &term, wanted)
            }
            Term::Template(parts) => parts.iter().find_map(|part| self.group_column(scope, part, wanted)),
            _ => None,
        }
    }

    /// In which environments a group of a component's view is, or an item among its items.
    fn group_presence(&mut self, id: &Id, group: &str, item: Option<&str>) -> Vec<bool> {
        let views = self.views(id).iter();
        let slots = views.map(|view| view.as_ref().and_then(|view| view.slots.get(group)));
        let present = slots.map(|slot| match (slot, item) {
            (Some(Slot::Group(group)), _) => group.is_some(),
            (Some(Slot::Items(items)), Some(item)) => items.contains_key(item),
            _ => false,
        });
        present.collect()
    }

    /// The export that terms name wherever there is one, and null elsewhere: there it is null by itself.
    fn export_or_null(&mut self, terms: &Terms<'_>) -> Option<(Id, Arc<str>)> {
        let named = |term: &Term| -> Option<(Id, Arc<str>)> {
            match term {
                Term::Export(id, name) => Some((id.clone(), Arc::from(*name))),
                Term::Part(id, name) => Some((id.clone(), name.clone())),
                _ => None,
            }
        };
        let (id, name) = terms.iter().flatten().find_map(|term| named(term))?;
        let present: Vec<bool> =
            self.exports(&id).iter().map(|exports| exports.contains_key(&*name)).collect();
        let fits = terms.iter().zip(present).all(|(term, present)| match term {
            None => true,
            Some(Term::Literal(Literal::Null)) => !present,
            Some(term) => named(term).is_some_and(|(other, of)| other == id && of == name),
        });
        fits.then_some((id, name))
    }

    /// Terms of one shape: folded part by part.
    fn shape(&mut self, scope: Scope<'_>, path: &[&str], first: &Term, terms: &Terms<'_>) -> Expr {
        match first {
            Term::Literal(_) | Term::Setting(_) => self.literals(scope, path, terms),
            Term::Named(name, _) => {
                let owner = scope.owner.map(Id::ident).unwrap_or_default();
                self.literals(scope, &[&owner, name], terms)
            }
            Term::Fact(fact, _) => self.fact(scope, *fact, terms),
            Term::Region(_) => self.region(scope),
            Term::Prefix => {
                let names = self.contexts().map(|context| Some(Literal::from(context.prefix()))).collect();
                self.column(scope, "name", "Prefix of all names: the stack and the environment.", names)
            }
            Term::Environment => {
                let workspace = Expr::Traversal("terraform.workspace".into());
                let about = "Name of the environment.";
                self.wiring.value(scope, "environment", "string", about, workspace)
            }
            Term::Template(parts) => {
                Expr::concat(self.parts(scope, path, parts.len(), terms, |term, index| match term {
                    Term::Template(parts) => Some(&parts[index]),
                    _ => None,
                }))
            }
            Term::List(items) => {
                Expr::List(self.parts(scope, path, items.len(), terms, |term, index| match term {
                    Term::List(items) => Some(&items[index]),
                    _ => None,
                }))
            }
            Term::Call(name, arguments) => {
                let arguments = self.parts(scope, path, arguments.len(), terms, |term, index| match term {
                    Term::Call(_, arguments) => Some(&arguments[index]),
                    _ => None,
                });
                Expr::Call(name, arguments)
            }
            Term::Not(_) => {
                let inner: Vec<_> = terms
                    .iter()
                    .map(|term| match term {
                        Some(Term::Not(inner)) => Some(&**inner),
                        _ => None,
                    })
                    .collect();
                Expr::negate(self.term(scope, path, &inner))
            }
            Term::If(_) => self.conditional(scope, path, terms),
            Term::Object(_) => Expr::Object(self.entries(scope, path, terms).0),
            Term::NameValues(value, _) => {
                let (entries, sparse) = self.entries(scope, path, terms);
                Expr::NameValues { entries, value, sparse }
            }
            Term::Keyed(_) => {
                let (entries, sparse) = self.entries(scope, path, terms);
                let items = entries.into_iter().map(|(_, item)| item).collect();
                if sparse { Expr::Compact(items) } else { Expr::List(items) }
            }
            Term::Module(text) => Expr::Traversal((*text).into()),
            Term::Own(own) => self.own(scope, own),
            Term::Export(id, name) => self.export(scope, id, name),
            Term::Part(id, name) => self.export(scope, id, name),
        }
    }

    /// Conditionals: only the branch that is taken, when the condition is the same everywhere.
    fn conditional(&mut self, scope: Scope<'_>, path: &[&str], terms: &Terms<'_>) -> Expr {
        let part = |index: usize| -> Vec<Option<&Term>> {
            terms
                .iter()
                .map(|term| match term {
                    Some(Term::If(parts)) => Some(&parts[index]),
                    _ => None,
                })
                .collect()
        };
        let condition = self.term(scope, path, &part(0));
        match condition.literal() {
            Some(Literal::Bool(true)) => self.term(scope, path, &part(1)),
            Some(Literal::Bool(false)) => self.term(scope, path, &part(2)),
            _ => {
                let yes = self.term(scope, path, &part(1));
                let no = self.term(scope, path, &part(2));
                Expr::choose(condition, yes, no)
            }
        }
    }

    /// The parts of terms of one shape, each folded; the only part that differs keeps the path as its name.
    fn parts<'t>(
        &mut self,
        scope: Scope<'_>,
        path: &[&str],
        count: usize,
        terms: &Terms<'t>,
        part: impl Fn(&'t Term, usize) -> Option<&'t Term>,
    ) -> Vec<Expr> {
        let column = |index: usize| -> Vec<Option<&'t Term>> {
            terms.iter().map(|term| term.and_then(|term| part(term, index))).collect()
        };
        let differs = |terms: &[Option<&Term>]| {
            let mut present = terms.iter().flatten();
            let first = present.next();
            present.any(|term| Some(term) != first)
        };
        let differing = (0..count).filter(|&index| differs(&column(index))).count();
        let mut exprs = Vec::with_capacity(count);
        for index in 0..count {
            let terms = column(index);
            if differing <= 1 {
                exprs.push(self.term(scope, path, &terms));
            } else {
                let number = (index + 1).to_string();
                exprs.push(self.term(scope, &[path, &[number.as_str()]].concat(), &terms));
            }
        }
        exprs
    }

    /// The union of keyed entries; an entry that some environment lacks is null there. Says whether there is one.
    fn entries(
        &mut self,
        scope: Scope<'_>,
        path: &[&str],
        terms: &Terms<'_>,
    ) -> (Vec<(Arc<str>, Expr)>, bool) {
        let maps: Vec<Option<&IndexMap<Arc<str>, Term>>> = terms
            .iter()
            .map(|term| match term {
                Some(Term::Object(map) | Term::NameValues(_, map) | Term::Keyed(map)) => Some(map),
                _ => None,
            })
            .collect();
        let mut keys: Vec<&Arc<str>> = Vec::new();
        for map in maps.iter().flatten() {
            for key in map.keys() {
                if !keys.contains(&key) {
                    keys.push(key);
                }
            }
        }
        let mut sparse = false;
        let mut entries = Vec::with_capacity(keys.len());
        for key in keys {
            let word = column_word(key);
            let path = [path, &[word.as_str()]].concat();
            let null = Term::NULL;
            let terms: Vec<Option<&Term>> =
                maps.iter().map(|map| map.map(|map| map.get(key).unwrap_or(&null))).collect();
            sparse |= terms.contains(&Some(&null));
            entries.push((key.clone(), self.term(scope, &path, &terms)));
        }
        (entries, sparse)
    }

    fn literals(&mut self, scope: Scope<'_>, path: &[&str], terms: &Terms<'_>) -> Expr {
        let literal = |term: &Term| match term {
            Term::Literal(literal) | Term::Setting(literal) | Term::Named(_, literal) => {
                Some(literal.clone())
            }
            _ => None,
        };
        let values: Vec<Option<Literal>> = terms.iter().map(|term| term.and_then(literal)).collect();
        let mut present = values.iter().flatten();
        let first = present.next().cloned().unwrap_or(Literal::Null);
        let setting = terms.iter().flatten().any(|term| matches!(term, Term::Setting(_)));
        if !setting && present.all(|value| *value == first) {
            return Expr::Literal(first);
        }
        self.column(scope, &path.join("_"), &describe(path), values)
    }

    fn fact(&mut self, scope: Scope<'_>, fact: Fact, terms: &Terms<'_>) -> Expr {
        let value = |term: &Term| match term {
            Term::Fact(_, literal) => Some(literal.clone()),
            _ => None,
        };
        let values: Vec<Option<Literal>> = terms.iter().map(|term| term.and_then(value)).collect();
        let mut present = values.iter().flatten();
        let first = present.next().cloned().unwrap_or(Literal::Null);
        if fact != Fact::Account && present.all(|value| *value == first) {
            return Expr::Literal(first);
        }
        // The column has the fact of every environment, also of those where this value does not matter.
        let all = self.model.environments.iter().map(|environment| {
            let settings = &environment.settings;
            match fact {
                Fact::Account => Some(Literal::String(settings.account.clone())),
                Fact::Domain => settings.domain.clone().map(Literal::String),
                Fact::Protect => Some(Literal::Bool(settings.protect)),
            }
        });
        let all = all.collect();
        self.column(scope, fact.column(), fact.description(), all)
    }

    fn region(&mut self, scope: Scope<'_>) -> Expr {
        let regions: Vec<Option<Literal>> = self
            .model
            .environments
            .iter()
            .map(|environment| Some(Literal::String(environment.region.clone())))
            .collect();
        match &regions[..] {
            [first, rest @ ..] if rest.iter().all(|region| region == first) => {
                Expr::Literal(first.clone().unwrap_or(Literal::Null))
            }
            _ => self.column(scope, "region", "AWS region of the environment.", regions),
        }
    }

    /// An attribute of a component's own resource; a resource with a count is indexed in its own file, and null where
    /// it does not exist anywhere else.
    fn own(&mut self, scope: Scope<'_>, own: &Own) -> Expr {
        let Own { resource, label, attribute, group, item } = own;
        let Some(id) = scope.owner else { return Expr::Literal(Literal::Null) };
        let present = match group {
            None => self.presence(id),
            Some(group) => self.group_presence(id, group, item.as_deref()),
        };
        let text = if present.iter().all(|&here| here) {
            format!("{resource}.{label}.{attribute}")
        } else if scope.inside {
            format!("{resource}.{label}[0].{attribute}")
        } else {
            format!("one({resource}.{label}[*].{attribute})")
        };
        Expr::Traversal(text.into())
    }

    /// What a component exports, as seen from `scope`: the expression itself within the module or when it names no
    /// resource, otherwise a module output passed on.
    fn export(&mut self, scope: Scope<'_>, id: &Id, name: &str) -> Expr {
        let exports: Vec<Option<Export>> =
            self.exports(id).iter().map(|exports| exports.get(name).cloned()).collect();
        let Some(about) = exports.iter().flatten().next().cloned() else {
            return Expr::Literal(Literal::Null);
        };
        let terms: Vec<Option<&Term>> =
            exports.iter().map(|export| export.as_ref().map(|export| &export.term)).collect();
        let module = Self::module(id);
        let path = [id.ident(), name.to_owned()];
        let path: Vec<&str> = path.iter().map(String::as_str).collect();
        let own = terms.iter().flatten().any(|term| names_resources(term));
        if !own || scope.module == Some(module) {
            let scope = Scope { module: scope.module, owner: Some(id), inside: false };
            return self.term(scope, &path, &terms);
        }
        let output = format!("{}_{name}", id.ident());
        if !self.wiring.has_output(module, &output) {
            let inner = Scope { module: Some(module), owner: Some(id), inside: false };
            let value = self.term(inner, &path, &terms);
            self.wiring.export(module, &output, about.description, value);
        }
        let root = Expr::Traversal(format!("module.{module}.{output}").into());
        self.wiring.value(scope, &output, about.type_name, about.description, root)
    }

    fn string_list(&mut self, scope: Scope<'_>, path: &[&str], texts: Vec<Option<String>>) -> Expr {
        let empty = texts.iter().flatten().any(String::is_empty);
        let values = texts.into_iter().map(|text| text.map(Literal::from)).collect();
        let column = self.column(scope, &path.join("_"), &describe(path), values);
        let split = Expr::Call("split", vec![Expr::string(","), column]);
        if empty { Expr::Call("compact", vec![split]) } else { split }
    }
}
