//! What names stand for: variables, locals, outputs of modules, resources and their attributes.

use std::cell::RefCell;
use std::collections::BTreeMap;

use hcl::edit::Decorated;
use hcl::edit::expr::{Expression, TraversalOperator};
use hcl::edit::structure::Body;

use super::configuration::{Configuration, Item, Module};
use super::value::{Later, Value};
use super::{Key, Problem};

type Operators = [Decorated<TraversalOperator>];

/// Evaluates a configuration in one environment. What a name stands for is evaluated when it is first asked for.
pub(super) struct Evaluator<'a> {
    pub configuration: &'a Configuration,
    pub environment: &'a str,
    /// Values by name; `None` while one is being evaluated.
    values: RefCell<BTreeMap<String, Option<Value>>>,
    /// Every resource instance, by address.
    pub origins: RefCell<BTreeMap<String, Origin<'a>>>,
}

/// Where an expression stands.
#[derive(Clone)]
pub(super) struct Scope<'a> {
    pub place: Place<'a>,
    pub file: &'a str,
    /// Names that are bound here: `each`, `count`, those of a `for` or a `dynamic` block.
    pub names: BTreeMap<String, Value>,
}

/// A module as it is called.
#[derive(Clone, Copy)]
pub(super) struct Place<'a> {
    /// The name of the call; `None` for the root module.
    pub call: Option<&'a str>,
    pub directory: &'a str,
    pub module: &'a Module,
}

/// What a resource instance is made from.
#[derive(Clone)]
pub(super) struct Origin<'a> {
    /// Type and label: `aws_vpc.main`.
    pub name: &'a str,
    pub key: Option<Key>,
    pub body: &'a Body,
    pub scope: Scope<'a>,
}

impl<'a> Place<'a> {
    /// The address of what is called like this here.
    pub fn address(&self, name: &str) -> String {
        match self.call {
            Some(call) => format!("module.{call}.{name}"),
            None => name.to_owned(),
        }
    }

    pub fn scope(&self, file: &'a str) -> Scope<'a> {
        Scope { place: *self, file, names: BTreeMap::new() }
    }
}

impl Scope<'_> {
    /// The scope with the `key` and `value` of an iteration under a name.
    pub fn with_item(&self, name: &str, key: Value, value: Value) -> Self {
        let mut scope = self.clone();
        let item = [("key".to_owned(), key), ("value".to_owned(), value)];
        scope.names.insert(name.to_owned(), Value::Object(item.into()));
        scope
    }
}

impl<'a> Evaluator<'a> {
    pub fn new(configuration: &'a Configuration, environment: &'a str) -> Self {
        Self { configuration, environment, values: RefCell::default(), origins: RefCell::default() }
    }

    /// The root module and those that it calls.
    pub fn places(&self) -> Result<Vec<Place<'a>>, Problem> {
        let Some(root) = self.root() else { return Ok(Vec::new()) };
        let calls = root.module.calls.keys().map(|name| self.called(name));
        std::iter::once(Ok(root)).chain(calls).collect()
    }

    pub fn root(&self) -> Option<Place<'a>> {
        let module = self.configuration.modules.get("")?;
        Some(Place { call: None, directory: ".", module })
    }

    fn called(&self, name: &'a str) -> Result<Place<'a>, Problem> {
        let calls = self.root().map(|root| &root.module.calls);
        let Some(call) = calls.and_then(|calls| calls.get(name)) else {
            return Err(Problem::new("main.tf", &format!("module.{name}"), "there is no such module"));
        };
        let source = call.value.get_attribute("source").and_then(|source| source.value.as_str());
        let directory = source.and_then(|source| source.strip_prefix("./")).unwrap_or_default();
        match self.configuration.modules.get(directory) {
            Some(module) if module.calls.is_empty() => Ok(Place { call: Some(name), directory, module }),
            Some(_) => Err(Problem::new(&call.file, name, "modules of modules are not evaluated here")),
            None => Err(Problem::new(&call.file, name, "the tree has no such directory")),
        }
    }

    /// What is wrong with an expression.
    pub fn problem(&self, scope: &Scope<'_>, expression: &Expression, what: &str) -> Problem {
        Problem::new(scope.file, &self.configuration.text(scope.file, expression), what)
    }

    /// The value of a name, evaluated once.
    fn once(
        &self,
        name: String,
        file: &str,
        evaluate: impl FnOnce() -> Result<Value, Problem>,
    ) -> Result<Value, Problem> {
        match self.values.borrow().get(&name) {
            Some(Some(value)) => return Ok(value.clone()),
            Some(None) => return Err(Problem::new(file, &name, "this depends on itself")),
            None => {}
        }
        self.values.borrow_mut().insert(name.clone(), None);
        let value = evaluate()?;
        self.values.borrow_mut().insert(name, Some(value.clone()));
        Ok(value)
    }

    /// What a name with its operators stands for: `local.zones`, `aws_subnet.data["a"].id`.
    pub fn named(
        &self,
        root: &'a Expression,
        operators: &'a Operators,
        scope: &Scope<'a>,
    ) -> Result<Value, Problem> {
        let Expression::Variable(word) = root else {
            return Err(self.problem(scope, root, "this is no name"));
        };
        let word = word.as_str();
        if let Some(value) = scope.names.get(word) {
            return self.follow(value.clone(), operators, root, scope);
        }
        let mut names = operators.iter().map_while(|operator| match operator.value() {
            TraversalOperator::GetAttr(name) => Some(name.as_str()),
            _ => None,
        });
        let (first, second) = (names.next().unwrap_or_default(), names.next().unwrap_or_default());
        let place = scope.place;
        let (value, used) = match word {
            "var" => (self.variable(place, first), 1),
            "local" => (self.local(place, first), 1),
            "module" => (self.output(first, second), 2),
            "terraform" if first == "workspace" => (Ok(Some(Value::from(self.environment))), 1),
            "path" if first == "module" => (Ok(Some(Value::from(place.directory))), 1),
            kind => (self.resource(place, &format!("{kind}.{first}")), 1),
        };
        let value = value?.ok_or_else(|| {
            let said = operators.iter().take(used).filter_map(|operator| match operator.value() {
                TraversalOperator::GetAttr(name) => Some(format!(".{}", name.as_str())),
                _ => None,
            });
            Problem::new(scope.file, &format!("{word}{}", said.collect::<String>()), "nothing has this name")
        })?;
        self.follow(value, &operators[used..], root, scope)
    }

    fn variable(&self, place: Place<'a>, name: &str) -> Result<Option<Value>, Problem> {
        let Some((name, variable)) = place.module.variables.get_key_value(name) else { return Ok(None) };
        let evaluate = || {
            let set = match place.call {
                None => variable
                    .value
                    .get_attribute("default")
                    .zip(self.root())
                    .map(|found| (found, &variable.file)),
                Some(call) => self.root().and_then(|root| {
                    let call = root.module.calls.get(call)?;
                    Some(((call.value.get_attribute(name)?, root), &call.file))
                }),
            };
            let Some(((attribute, root), file)) = set else {
                return Err(Problem::new(&variable.file, name, "this variable has no value"));
            };
            let value = self.value(&attribute.value, &root.scope(file))?;
            Ok(converted(value, variable.value.get_attribute("type").map(|kind| &kind.value)))
        };
        self.once(place.address(&format!("var.{name}")), &variable.file, evaluate).map(Some)
    }

    fn local(&self, place: Place<'a>, name: &str) -> Result<Option<Value>, Problem> {
        let Some(local) = place.module.locals.get(name) else { return Ok(None) };
        let evaluate = || self.value(&local.value, &place.scope(&local.file));
        self.once(place.address(&format!("local.{name}")), &local.file, evaluate).map(Some)
    }

    fn output(&self, module: &str, name: &str) -> Result<Option<Value>, Problem> {
        let calls = self.root().map(|root| &root.module.calls);
        let Some((module, _)) = calls.and_then(|calls| calls.get_key_value(module)) else { return Ok(None) };
        let place = self.called(module)?;
        let Some(Item { file, value: body }) = place.module.outputs.get(name) else { return Ok(None) };
        let Some(attribute) = body.get_attribute("value") else { return Ok(None) };
        let evaluate = || self.value(&attribute.value, &place.scope(file));
        self.once(place.address(&format!("output.{name}")), file, evaluate).map(Some)
    }

    /// All instances of a resource: one, a list, or by key.
    pub fn resource(&self, place: Place<'a>, name: &str) -> Result<Option<Value>, Problem> {
        let Some((name, Item { file, value: body })) = place.module.resources.get_key_value(name) else {
            return Ok(None);
        };
        let address = place.address(name);
        let scope = place.scope(file);
        let instance = |key: Option<Key>, scope: Scope<'a>| {
            let address = match &key {
                Some(key) => format!("{address}{key}"),
                None => address.clone(),
            };
            let value = Value::attribute(&address, "");
            self.origins.borrow_mut().insert(address, Origin { name, key, body, scope });
            value
        };
        let evaluate = || {
            if let Some(count) = body.get_attribute("count") {
                let Value::Number(count) = self.value(&count.value, &scope)? else {
                    return Err(self.problem(&scope, &count.value, "a count has to be known"));
                };
                let items = (0..count as usize).map(|index| {
                    let mut scope = scope.clone();
                    let value = [("index".to_owned(), Value::Number(index as f64))];
                    scope.names.insert("count".to_owned(), Value::Object(value.into()));
                    instance(Some(Key::Index(index)), scope)
                });
                return Ok(Value::List(items.collect()));
            }
            let Some(each) = body.get_attribute("for_each") else { return Ok(instance(None, scope)) };
            let items = self.items(&each.value, &scope)?.into_iter().map(|(key, value)| {
                let scope = scope.with_item("each", Value::from(key.as_str()), value);
                (key.clone(), instance(Some(Key::Name(key)), scope))
            });
            Ok(Value::Object(items.collect()))
        };
        self.once(address.clone(), file, evaluate).map(Some)
    }

    /// What a `for_each` goes through: keys and values of a map, or the items of a set.
    pub fn items(&self, each: &'a Expression, scope: &Scope<'a>) -> Result<Vec<(String, Value)>, Problem> {
        let items = match self.value(each, scope)? {
            Value::Object(entries) => Some(entries.into_iter().collect()),
            Value::List(items) => {
                items.into_iter().map(|item| Some((item.as_text()?, item))).collect::<Option<Vec<_>>>()
            }
            _ => None,
        };
        items.ok_or_else(|| self.problem(scope, each, "what is gone through has to be known"))
    }

    /// An attribute of an instance: as it is configured, otherwise as AWS will have it.
    fn attribute(&self, address: &str, name: &str) -> Result<Value, Problem> {
        let origin = self.origins.borrow().get(address).cloned();
        let set = origin.as_ref().and_then(|origin| Some((origin, origin.body.get_attribute(name)?)));
        if let Some((origin, attribute)) = set {
            let evaluate = || self.value(&attribute.value, &origin.scope);
            let value = self.once(format!("{address}.{name}"), origin.scope.file, evaluate)?;
            if value != Value::Null {
                return Ok(value);
            }
        }
        Ok(Value::attribute(address, name))
    }

    /// A value after its operators: attributes, indexes, `[*]`.
    pub fn follow(
        &self,
        mut value: Value,
        operators: &'a Operators,
        whole: &Expression,
        scope: &Scope<'a>,
    ) -> Result<Value, Problem> {
        for (at, operator) in operators.iter().enumerate() {
            value = match operator.value() {
                TraversalOperator::GetAttr(name) => self
                    .part(&value, &Value::from(name.as_str()))
                    .map_err(|what| self.problem(scope, whole, &what))?,
                TraversalOperator::Index(index) => {
                    let index = self.value(index, scope)?;
                    self.part(&value, &index).map_err(|what| self.problem(scope, whole, &what))?
                }
                TraversalOperator::FullSplat(_) => {
                    let items = match value {
                        Value::List(items) => items,
                        Value::Null => Vec::new(),
                        Value::Later(_) => {
                            return Err(self.problem(scope, whole, "`[*]` of what only AWS knows"));
                        }
                        other => vec![other],
                    };
                    let rest = &operators[at + 1..];
                    let items = items.into_iter().map(|item| self.follow(item, rest, whole, scope));
                    return items.collect::<Result<_, _>>().map(Value::List);
                }
                _ => return Err(self.problem(scope, whole, "this operator is not evaluated here")),
            };
        }
        Ok(value)
    }

    /// An attribute or an item of a value.
    fn part(&self, value: &Value, index: &Value) -> Result<Value, String> {
        match (value, index) {
            (Value::Object(entries), index) if index.is_known() => {
                let key = index.as_text().unwrap_or_default();
                entries.get(&key).cloned().ok_or_else(|| format!("there is no `{key}` in it"))
            }
            (Value::List(items), Value::Number(index)) => {
                items.get(*index as usize).cloned().ok_or_else(|| format!("there is no item {index} in it"))
            }
            (Value::Later(later), index) => match (&**later, index) {
                (Later::Attribute(of), Value::String(name)) if of.path.is_empty() => {
                    self.attribute(&of.address, name).map_err(|problem| problem.to_string())
                }
                (Later::Attribute(of), Value::String(name)) => {
                    Ok(Value::attribute(&of.address, format!("{}.{name}", of.path)))
                }
                (Later::Attribute(of), Value::Number(index)) if !of.path.is_empty() => {
                    Ok(Value::attribute(&of.address, format!("{}[{index}]", of.path)))
                }
                _ => Ok(Value::derived("[]", vec![value.clone(), index.clone()])),
            },
            _ => Err("it has no such part".to_owned()),
        }
    }
}

/// A value as a variable of a plain type holds it.
fn converted(value: Value, kind: Option<&Expression>) -> Value {
    let word = match kind {
        Some(Expression::Variable(word)) => word.as_str(),
        _ => return value,
    };
    match (word, &value) {
        ("string", Value::Number(_) | Value::Bool(_)) => {
            value.as_text().map_or(value, |text| Value::String(text.into()))
        }
        ("number", Value::String(text)) => text.parse().map_or(value, Value::Number),
        ("bool", Value::String(text)) => text.parse().map_or(value, Value::Bool),
        _ => value,
    }
}
