//! How values get from module to module: variables, outputs, and the arguments of module calls.

use std::collections::BTreeMap;

use super::{Columns, Scope};
use crate::hcl::Expr;

/// A variable of a module and what the root passes.
#[derive(Debug, Clone, PartialEq)]
pub struct Variable {
    /// The Terraform type.
    pub type_name: String,
    /// One sentence with a full stop.
    pub description: String,
    /// The argument in the module call.
    pub argument: Expr,
}

/// An output of a module.
#[derive(Debug, Clone, PartialEq)]
pub struct ModuleOutput {
    /// One sentence with a full stop.
    pub description: String,
    /// The value inside the module.
    pub value: Expr,
}

/// Variables and outputs of every module, by module and name.
#[derive(Debug, Default)]
pub struct Wiring {
    variables: BTreeMap<(&'static str, String), Variable>,
    outputs: BTreeMap<(&'static str, String), ModuleOutput>,
}

impl Wiring {
    /// The variables of a module, by name.
    pub fn variables(&self, module: &str) -> impl Iterator<Item = (&str, &Variable)> {
        let all = self.variables.iter().filter(move |((of, _), _)| *of == module);
        all.map(|((_, name), variable)| (name.as_str(), variable))
    }

    /// The outputs of a module, by name.
    pub fn outputs(&self, module: &str) -> impl Iterator<Item = (&str, &ModuleOutput)> {
        let all = self.outputs.iter().filter(move |((of, _), _)| *of == module);
        all.map(|((_, name), output)| (name.as_str(), output))
    }

    /// A value that the root knows under an expression, as seen from `scope`: itself in the root, a variable in a
    /// module.
    pub(crate) fn value(
        &mut self,
        scope: Scope<'_>,
        name: &str,
        type_name: &str,
        description: &str,
        argument: Expr,
    ) -> Expr {
        let Some(module) = scope.module else { return argument };
        self.variables.entry((module, name.to_owned())).or_insert_with(|| Variable {
            type_name: type_name.to_owned(),
            description: description.to_owned(),
            argument,
        });
        Expr::Traversal(format!("var.{name}").into())
    }

    /// A column of the environment table, as seen from `scope`.
    pub(crate) fn root_value(&mut self, scope: Scope<'_>, name: &str, columns: &Columns) -> Expr {
        let argument = Expr::Traversal(format!("local.env.{name}").into());
        match columns.get(name) {
            Some(column) => self.value(scope, name, column.type_name(), &column.description, argument),
            None => argument,
        }
    }

    /// Makes `value` an output of `module`.
    pub(crate) fn export(&mut self, module: &'static str, name: &str, description: &str, value: Expr) {
        let output = ModuleOutput { description: description.to_owned(), value };
        self.outputs.insert((module, name.to_owned()), output);
    }

    /// Whether a module has an output of this name.
    pub(crate) fn has_output(&self, module: &'static str, name: &str) -> bool {
        self.outputs.contains_key(&(module, name.to_owned()))
    }
}
