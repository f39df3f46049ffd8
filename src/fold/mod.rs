//! Folding: one model per environment becomes one set of modules that serves them all.
//!
//! A value on which all environments agree becomes a literal; one that differs moves to the environment table and is
//! referred to. A component that only some environments have gets its `count` here. This is the only place that
//! compares environments, and no component knows it exists.

mod shape;
mod table;
mod term;
mod view;
mod wiring;

use std::borrow::Cow;
use std::sync::Arc;

use indexmap::IndexMap;

pub use table::{Column, Columns};
pub use view::{Folded, Slot};
pub use wiring::{ModuleOutput, Variable, Wiring};

use crate::components::{kind, order};
use crate::diagnostic::{Code, Diagnostic, Severity};
use crate::hcl::{Expr, Literal};
use crate::model::{Context, Model};
use crate::terms::{Export, Fact, Id, Output, Term, View};

/// The codes of this phase.
pub const CODES: &[&Code] = &[&CANNOT_DIFFER];

/// Something that differs between environments and cannot.
pub static CANNOT_DIFFER: Code = Code {
    name: "cannot-differ",
    severity: Severity::Error,
    title: "a difference between environments that Terraform cannot express",
    explanation: r#"
Environments share one set of modules. Values may differ, and whole resources may exist in some environments only. But
the parts of a single resource, and who owns its fields, are fixed in the code: one `aws_ecs_service` block cannot
leave its number of tasks to autoscaling in one workspace and to Terraform in another.

```hcl
environment "production" {
  service "web" {
    scaling { min = 2  max = 8  cpu = 60 }     # staging has no scaling
  }
}
```

Write the block outside the environments, so that all have it, and let the values differ: a `scaling` with
`min = 1` and `max = 1` holds the number of tasks at one.
"#,
};

/// What a component exports in one environment, by name.
type Exports = IndexMap<Cow<'static, str>, Export>;

/// The model of all environments as one.
#[derive(Debug)]
pub struct Fold<'a> {
    /// The environments' models.
    pub model: &'a Model,
    /// Every component of any environment, in the order of the table of kinds and by name.
    pub ids: Vec<Id>,
    /// The environment table as far as it is known.
    pub columns: Columns,
    /// Variables and outputs of modules as far as they are known.
    pub wiring: Wiring,
    /// What was found.
    pub diagnostics: Vec<Diagnostic>,
    exports: IndexMap<Id, Vec<Exports>>,
    views: IndexMap<Id, Vec<Option<View>>>,
}

/// Where an expression stands: which module's names it may use.
#[derive(Debug, Clone, Copy)]
pub struct Scope<'a> {
    /// The module; `None` is the root.
    pub module: Option<&'static str>,
    /// The component whose resources `Own` terms name.
    pub owner: Option<&'a Id>,
    /// Whether the expression stands in the component's own file, where a conditional resource is `[0]`.
    pub inside: bool,
}

impl<'a> Fold<'a> {
    /// Starts to fold a model.
    pub fn new(model: &'a Model) -> Self {
        let mut ids: Vec<Id> = Vec::new();
        for environment in &model.environments {
            ids.extend(environment.components.keys().cloned());
        }
        ids.sort_by(|a, b| order(a).cmp(&order(b)));
        ids.dedup();
        let mut fold = Self {
            model,
            ids,
            columns: Columns::default(),
            wiring: Wiring::default(),
            diagnostics: Vec::new(),
            exports: IndexMap::new(),
            views: IndexMap::new(),
        };
        let accounts = model
            .environments
            .iter()
            .map(|environment| Some(Literal::String(environment.settings.account.clone())));
        fold.columns.add(Fact::Account.column(), Fact::Account.description(), accounts.collect());
        fold
    }

    /// The contexts of the environments.
    pub fn contexts(&self) -> impl Iterator<Item = Context<'a>> + use<'a> {
        let stack = &self.model.stack;
        self.model.environments.iter().map(move |environment| Context { stack, environment })
    }

    /// In which environments a component exists.
    pub fn presence(&self, id: &Id) -> Vec<bool> {
        self.model.environments.iter().map(|environment| environment.components.contains_key(id)).collect()
    }

    /// The module of a component.
    pub fn module(id: &Id) -> &'static str {
        kind(id.kind).map_or("", |kind| kind.module)
    }

    /// A component's view in each environment, kept until [`Fold::component`] is done with it.
    fn views(&mut self, id: &Id) -> &[Option<View>] {
        if !self.views.contains_key(id) {
            let views = self.contexts().map(|context| {
                let entry = context.environment.components.get(id)?;
                Some(entry.component.view(id, &context))
            });
            let views = views.collect();
            self.views.insert(id.clone(), views);
        }
        &self.views[id]
    }

    /// A component's view, folded, in its module's terms.
    pub fn component(&mut self, id: &Id) -> Folded {
        self.views(id);
        let views = self.views.swap_remove(id).unwrap_or_default();
        let refs: Vec<Option<&View>> = views.iter().map(Option::as_ref).collect();
        view::fold(self, id, &refs)
    }

    /// What a component exports in each environment that has it.
    fn exports(&mut self, id: &Id) -> &[Exports] {
        if !self.exports.contains_key(id) {
            let exports = self.contexts().map(|context| match context.environment.components.get(id) {
                None => IndexMap::new(),
                Some(entry) => {
                    let exports = entry.component.exports(id, &context);
                    exports.into_iter().map(|export| (export.name.clone(), export)).collect()
                }
            });
            let exports = exports.collect();
            self.exports.insert(id.clone(), exports);
        }
        &self.exports[id]
    }

    /// The outputs of the stack: name, description, value in root terms.
    pub fn outputs(&mut self) -> Vec<(String, String, Expr)> {
        let mut outputs: Vec<(String, String, Expr)> = Vec::new();
        for id in self.ids.clone() {
            let found: Vec<Vec<Output>> = self
                .contexts()
                .map(|context| {
                    let entry = context.environment.components.get(&id);
                    entry.map(|entry| entry.component.outputs(&id, &context)).unwrap_or_default()
                })
                .collect();
            let mut names: Vec<(&'static str, String)> = Vec::new();
            for output in found.iter().flatten() {
                if !names.iter().any(|(name, _)| *name == output.name) {
                    names.push((output.name, output.description.clone()));
                }
            }
            for (name, description) in names {
                let terms: Vec<_> = found
                    .iter()
                    .map(|outputs| {
                        outputs.iter().find(|output| output.name == name).map(|output| &output.term)
                    })
                    .collect();
                let scope = Scope { module: None, owner: Some(&id), inside: false };
                let value = self.term(scope, &[&id.ident(), name], &terms);
                let value = self.where_present(scope, &id, name, &terms, value);
                outputs.push((format!("{}_{name}", id.ident()), description, value));
            }
        }
        outputs.sort_by(|a, b| a.0.cmp(&b.0));
        outputs
    }

    /// An output's value, null in the environments that do not have it: text around an attribute that is null there
    /// could not be evaluated. A name alone is null there by itself.
    fn where_present(
        &mut self,
        scope: Scope<'_>,
        id: &Id,
        name: &str,
        terms: &[Option<&Term>],
        value: Expr,
    ) -> Expr {
        if matches!(value, Expr::Traversal(_)) {
            return value;
        }
        let present: Vec<bool> = terms.iter().map(Option::is_some).collect();
        let what = if present == self.presence(id) { id.ident() } else { format!("{}_{name}", id.ident()) };
        let condition =
            self.condition(scope, &format!("{what}_exists"), &present, &format!("Whether {what} exists."));
        Expr::choose(condition, value, Expr::Literal(Literal::Null))
    }

    /// A boolean that is true where `present` is: a constant, or a column of its own.
    pub(crate) fn condition(&mut self, scope: Scope<'_>, column: &str, present: &[bool], of: &str) -> Expr {
        match (present.iter().all(|&here| here), present.iter().any(|&here| here)) {
            (true, _) => Expr::Literal(Literal::Bool(true)),
            (_, false) => Expr::Literal(Literal::Bool(false)),
            _ => {
                let values = present.iter().map(|&here| Some(Literal::Bool(here))).collect();
                self.column(scope, column, of, values)
            }
        }
    }

    /// A column of the environment table, as seen from `scope`.
    pub(crate) fn column(
        &mut self,
        scope: Scope<'_>,
        name: &str,
        description: &str,
        values: Vec<Option<Literal>>,
    ) -> Expr {
        let name = self.columns.add(name, description, values);
        self.wiring.root_value(scope, &name, &self.columns)
    }
}

/// The environments' names in order.
pub fn environment_names(model: &Model) -> Vec<Arc<str>> {
    model.environments.iter().map(|environment| environment.name.clone()).collect()
}
