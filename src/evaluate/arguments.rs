//! The blocks that make something of values: resources with their nested blocks, the provider, imports.

use std::collections::BTreeMap;

use hcl::edit::Decorated;
use hcl::edit::expr::{Expression, TraversalOperator};
use hcl::edit::structure::{Block, Body, Structure};

use super::scope::{Evaluator, Origin, Place, Scope};
use super::value::Value;
use super::{Configuration, Instance, Instances, Lifecycle, Problem};

/// What configures Terraform, not the resource.
const META: [&str; 4] = ["count", "for_each", "depends_on", "provider"];

impl Configuration {
    /// The environments of the tree: the workspaces that can be planned.
    ///
    /// # Errors
    /// A tree whose environment table is not evaluated here.
    pub fn environments(&self) -> Result<Vec<String>, Problem> {
        let evaluator = Evaluator::new(self, "");
        let Some(root) = evaluator.root() else { return Ok(Vec::new()) };
        let table = root.module.variables.get("environments");
        let Some((table, default)) =
            table.and_then(|table| Some((table, table.value.get_attribute("default")?)))
        else {
            return Ok(Vec::new());
        };
        match evaluator.value(&default.value, &root.scope(&table.file))? {
            Value::Object(environments) => Ok(environments.into_keys().collect()),
            _ => Err(Problem::new(&table.file, "environments", "this is no table")),
        }
    }

    /// What the tree comes to in one environment.
    ///
    /// # Errors
    /// A form that is not evaluated here, or an environment that the tree does not have.
    pub fn instances(&self, environment: &str) -> Result<Instances, Problem> {
        let evaluator = Evaluator::new(self, environment);
        let mut instances = Instances::default();
        for place in evaluator.places()? {
            for name in place.module.resources.keys() {
                evaluator.resource(place, name)?;
            }
            evaluator.root_blocks(place, &mut instances)?;
        }
        let origins = evaluator.origins.borrow().clone();
        for (address, origin) in origins {
            let instance = evaluator.instance(&origin)?;
            instances.resources.insert(address, instance);
        }
        Ok(instances)
    }
}

impl<'a> Evaluator<'a> {
    fn instance(&self, origin: &Origin<'a>) -> Result<Instance, Problem> {
        let known = self.configuration.addresses.get(&origin.scope.place.address(origin.name));
        let lifecycle = origin.body.get_blocks("lifecycle").next();
        let lifecycle = lifecycle.map(|block| self.lifecycle(&block.body, &origin.scope)).transpose()?;
        Ok(Instance {
            resource: origin.name.split('.').next().unwrap_or_default().to_owned(),
            key: origin.key.clone(),
            component: known.map(|known| known.component.clone()),
            data: known.is_some_and(|known| known.data),
            arguments: self.arguments(origin.body, &origin.scope, &META)?,
            lifecycle: lifecycle.unwrap_or_default(),
        })
    }

    /// The arguments and nested blocks of a body.
    fn arguments(
        &self,
        body: &'a Body,
        scope: &Scope<'a>,
        skipped: &[&str],
    ) -> Result<BTreeMap<String, Value>, Problem> {
        let mut arguments: BTreeMap<String, Value> = BTreeMap::new();
        for structure in body {
            match structure {
                Structure::Attribute(attribute) if skipped.contains(&attribute.key.as_str()) => {}
                Structure::Attribute(attribute) => {
                    let value = self.value(&attribute.value, scope)?;
                    if value != Value::Null {
                        arguments.insert(attribute.key.as_str().to_owned(), value);
                    }
                }
                Structure::Block(block) if block.ident.as_str() == "lifecycle" => {}
                Structure::Block(block) => {
                    let (name, blocks) = self.nested(block, scope)?;
                    if let Value::List(all) =
                        arguments.entry(name.to_owned()).or_insert_with(|| Value::List(Vec::new()))
                    {
                        all.extend(blocks);
                    }
                }
            }
        }
        arguments.retain(|_, value| *value != Value::List(Vec::new()));
        Ok(arguments)
    }

    /// The name of a nested block, and as many of them as it stands for.
    fn nested(&self, block: &'a Block, scope: &Scope<'a>) -> Result<(&'a str, Vec<Value>), Problem> {
        let labels: Vec<&'a str> = block.labels.iter().map(|label| label.as_str()).collect();
        let unknown = |what: &str| {
            Problem::new(scope.file, &format!("{} {}", block.ident.as_str(), labels.join(" ")), what)
        };
        match (block.ident.as_str(), labels.as_slice()) {
            ("dynamic", [name]) => {
                let each = block.body.get_attribute("for_each");
                let content = block.body.get_blocks("content").next();
                let (Some(each), Some(content), 2) = (each, content, block.body.len()) else {
                    return Err(unknown("a dynamic block has `for_each` and `content` here"));
                };
                let items = self.items(&each.value, scope)?.into_iter().map(|(key, value)| {
                    let scope = scope.with_item(name, Value::from(key.as_str()), value);
                    self.arguments(&content.body, &scope, &[]).map(Value::Object)
                });
                Ok((name, items.collect::<Result<_, _>>()?))
            }
            ("provisioner" | "connection", _) => Err(unknown("this block is not evaluated here")),
            (name, []) => Ok((name, vec![Value::Object(self.arguments(&block.body, scope, &[])?)])),
            _ => Err(unknown("a block with labels is not evaluated here")),
        }
    }

    fn lifecycle(&self, body: &'a Body, scope: &Scope<'a>) -> Result<Lifecycle, Problem> {
        let mut lifecycle = Lifecycle::default();
        for structure in body {
            let Structure::Attribute(attribute) = structure else {
                return Err(Problem::new(scope.file, "lifecycle", "a block in it is not evaluated here"));
            };
            let unknown = || self.problem(scope, &attribute.value, "this is not evaluated here");
            match (attribute.key.as_str(), &attribute.value) {
                ("create_before_destroy", Expression::Bool(value)) => {
                    lifecycle.create_before_destroy = *value.value();
                }
                ("ignore_changes", Expression::Array(names)) => {
                    for name in names.iter() {
                        let Expression::Variable(name) = name else { return Err(unknown()) };
                        lifecycle.ignore_changes.push(name.as_str().to_owned());
                    }
                }
                ("replace_triggered_by", value) => {
                    let value = self.value(value, scope)?;
                    let mut whole = !value.is_known();
                    value.each_reference(&mut |reference| {
                        whole &= reference.path.is_empty();
                        lifecycle.replace_triggered_by.push(reference.address.clone());
                    });
                    if !whole && value != Value::List(vec![Value::List(Vec::new())]) {
                        return Err(unknown());
                    }
                }
                _ => return Err(unknown()),
            }
        }
        Ok(lifecycle)
    }

    /// What a module says besides its resources: the provider's tags, what is imported and what is left alone.
    fn root_blocks(&self, place: Place<'a>, instances: &mut Instances) -> Result<(), Problem> {
        for provider in &place.module.providers {
            let scope = place.scope(&provider.file);
            for block in provider.value.get_blocks("default_tags") {
                if let Some(Value::Object(tags)) = self.arguments(&block.body, &scope, &[])?.remove("tags") {
                    instances.default_tags.extend(tags);
                }
            }
        }
        for import in &place.module.imports {
            let scope = place.scope(&import.file);
            let [Some(to), Some(id)] = ["to", "id"].map(|name| import.value.get_attribute(name)) else {
                return Err(Problem::new(&import.file, "import", "an import has `to` and `id` here"));
            };
            let scopes = match import.value.get_attribute("for_each") {
                None => vec![scope],
                Some(each) => {
                    let items = self.items(&each.value, &scope)?.into_iter();
                    items
                        .map(|(key, value)| scope.with_item("each", Value::from(key.as_str()), value))
                        .collect()
                }
            };
            for scope in scopes {
                let id = self.value(&id.value, &scope)?;
                instances.imports.insert(self.address(&to.value, &scope)?, id);
            }
        }
        for removed in &place.module.removed {
            let scope = place.scope(&removed.file);
            let Some(from) = removed.value.get_attribute("from") else {
                return Err(Problem::new(&removed.file, "removed", "it does not say what"));
            };
            let destroy = removed.value.get_blocks("lifecycle").next();
            let destroy = destroy.and_then(|block| block.body.get_attribute("destroy"));
            if destroy.is_some_and(|destroy| destroy.value.as_bool() == Some(false)) {
                instances.forgotten.push(self.address(&from.value, &scope)?);
            }
        }
        Ok(())
    }

    /// An expression that is the address of something, which need not be there.
    fn address(&self, expression: &'a Expression, scope: &Scope<'a>) -> Result<String, Problem> {
        let unknown = || self.problem(scope, expression, "this is no address");
        let Expression::Traversal(traversal) = expression else { return Err(unknown()) };
        let Expression::Variable(first) = &traversal.expr else { return Err(unknown()) };
        let mut address = first.as_str().to_owned();
        for operator in traversal.operators.iter().map(Decorated::value) {
            match operator {
                TraversalOperator::GetAttr(name) => {
                    address.push('.');
                    address.push_str(name.as_str());
                }
                TraversalOperator::Index(index) => {
                    let key = match self.value(index, scope)? {
                        Value::Number(index) => super::Key::Index(index as usize),
                        Value::String(name) => super::Key::Name(name.to_string()),
                        _ => return Err(unknown()),
                    };
                    address.push_str(&key.to_string());
                }
                _ => return Err(unknown()),
            }
        }
        Ok(address)
    }
}
