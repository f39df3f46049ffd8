//! Expressions of generated Terraform, evaluated in a scope.

use std::collections::BTreeMap;

use hcl::edit::expr::{
    BinaryOp, BinaryOperator, Expression, ForExpr, FuncCall, ObjectKey, UnaryOp, UnaryOperator,
};
use hcl::edit::template::{Element, Strip};

use super::scope::{Evaluator, Scope};
use super::value::Value;
use super::{Problem, function};

impl<'a> Evaluator<'a> {
    /// What an expression comes to.
    pub(super) fn value(&self, expression: &'a Expression, scope: &Scope<'a>) -> Result<Value, Problem> {
        let problem = |what: &str| self.problem(scope, expression, what);
        match expression {
            Expression::Null(_) => Ok(Value::Null),
            Expression::Bool(value) => Ok(Value::Bool(*value.value())),
            Expression::Number(value) => {
                value.value().as_f64().map(Value::Number).ok_or_else(|| problem("this number is too large"))
            }
            Expression::String(text) => Ok(Value::from(text.value().as_str())),
            Expression::Array(items) => {
                items.iter().map(|item| self.value(item, scope)).collect::<Result<_, _>>().map(Value::List)
            }
            Expression::Object(object) => {
                let entries = object.iter().map(|(key, value)| {
                    let key = match key {
                        ObjectKey::Ident(word) => word.as_str().to_owned(),
                        ObjectKey::Expression(key) => self.text(key, scope)?,
                    };
                    Ok((key, self.value(value.expr(), scope)?))
                });
                entries.collect::<Result<_, _>>().map(Value::Object)
            }
            Expression::StringTemplate(template) => self.template(expression, template.iter(), scope),
            Expression::Parenthesis(inner) => self.value(inner.inner(), scope),
            Expression::Variable(_) => self.named(expression, &[], scope),
            Expression::Traversal(traversal) => match &traversal.expr {
                Expression::Variable(_) => self.named(&traversal.expr, &traversal.operators, scope),
                root => {
                    let root = self.value(root, scope)?;
                    self.follow(root, &traversal.operators, expression, scope)
                }
            },
            Expression::FuncCall(call) => self.call(expression, call, scope),
            Expression::Conditional(choice) => match self.value(&choice.cond_expr, scope)? {
                Value::Bool(true) => self.value(&choice.true_expr, scope),
                Value::Bool(false) => self.value(&choice.false_expr, scope),
                condition @ Value::Later(_) => {
                    let yes = self.value(&choice.true_expr, scope)?;
                    let no = self.value(&choice.false_expr, scope)?;
                    Ok(Value::derived("?", vec![condition, yes, no]))
                }
                _ => Err(problem("the condition is neither true nor false")),
            },
            Expression::UnaryOp(operation) => self.unary(expression, operation, scope),
            Expression::BinaryOp(operation) => self.binary(expression, operation, scope),
            Expression::ForExpr(each) => self.each(expression, each, scope),
            Expression::HeredocTemplate(_) => Err(problem("a heredoc is not evaluated here")),
        }
    }

    /// A value as text, for a key.
    fn text(&self, expression: &'a Expression, scope: &Scope<'a>) -> Result<String, Problem> {
        let text = self.value(expression, scope)?.as_text();
        text.ok_or_else(|| self.problem(scope, expression, "a key has to be known"))
    }

    fn template(
        &self,
        whole: &Expression,
        elements: impl Iterator<Item = &'a Element>,
        scope: &Scope<'a>,
    ) -> Result<Value, Problem> {
        let mut parts = Vec::new();
        for element in elements {
            parts.push(match element {
                Element::Literal(text) => Value::from(text.as_str()),
                Element::Interpolation(inner) if inner.strip == Strip::None => {
                    self.value(&inner.expr, scope)?
                }
                _ => return Err(self.problem(scope, whole, "template directives are not evaluated here")),
            });
        }
        // Only an interpolation: the value itself, whatever its type.
        if let [Value::Later(_) | Value::List(_) | Value::Object(_)] = parts.as_slice() {
            return Ok(parts.remove(0));
        }
        Value::text(parts).ok_or_else(|| self.problem(scope, whole, "a part of this string has no text"))
    }

    fn call(&self, whole: &Expression, call: &'a FuncCall, scope: &Scope<'a>) -> Result<Value, Problem> {
        let mut arguments =
            call.args.iter().map(|argument| self.value(argument, scope)).collect::<Result<Vec<_>, _>>()?;
        if call.args.expand_final() {
            match arguments.pop() {
                Some(Value::List(items)) => arguments.extend(items),
                Some(later @ Value::Later(_)) => arguments.push(later),
                _ => return Err(self.problem(scope, whole, "what is expanded is not a list")),
            }
        }
        match (call.name.name.as_str(), arguments.as_slice()) {
            ("file", [Value::String(path)]) => match self.configuration.files.get(&**path) {
                Some(text) => Ok(Value::from(text.as_str())),
                None => Err(self.problem(scope, whole, "the tree has no such file")),
            },
            (name, _) => function::call(name, arguments).map_err(|what| self.problem(scope, whole, &what)),
        }
    }

    fn unary(&self, whole: &Expression, operation: &'a UnaryOp, scope: &Scope<'a>) -> Result<Value, Problem> {
        match (*operation.operator.value(), self.value(&operation.expr, scope)?) {
            (UnaryOperator::Not, Value::Bool(value)) => Ok(Value::Bool(!value)),
            (UnaryOperator::Neg, Value::Number(value)) => Ok(Value::Number(-value)),
            (operator, value @ Value::Later(_)) => Ok(Value::derived(operator.as_str(), vec![value])),
            _ => Err(self.problem(scope, whole, "this operator does not take this value")),
        }
    }

    fn binary(
        &self,
        whole: &Expression,
        operation: &'a BinaryOp,
        scope: &Scope<'a>,
    ) -> Result<Value, Problem> {
        use BinaryOperator as Op;
        let operator = *operation.operator.value();
        let left = self.value(&operation.lhs_expr, scope)?;
        let right = self.value(&operation.rhs_expr, scope)?;
        let derived = |left, right| Value::derived(operator.as_str(), vec![left, right]);
        if let Op::Eq | Op::NotEq = operator {
            let equal = left == right;
            // What AWS makes up is not null.
            let decided =
                equal || left == Value::Null || right == Value::Null || (left.is_known() && right.is_known());
            return Ok(if decided {
                Value::Bool(equal == (operator == Op::Eq))
            } else {
                derived(left, right)
            });
        }
        Ok(match (operator, left, right) {
            (Op::And, Value::Bool(left), Value::Bool(right)) => Value::Bool(left && right),
            (Op::Or, Value::Bool(left), Value::Bool(right)) => Value::Bool(left || right),
            (Op::Plus, Value::Number(left), Value::Number(right)) => Value::Number(left + right),
            (Op::Minus, Value::Number(left), Value::Number(right)) => Value::Number(left - right),
            (Op::Mul, Value::Number(left), Value::Number(right)) => Value::Number(left * right),
            (Op::Greater, Value::Number(left), Value::Number(right)) => Value::Bool(left > right),
            (Op::GreaterEq, Value::Number(left), Value::Number(right)) => Value::Bool(left >= right),
            (Op::Less, Value::Number(left), Value::Number(right)) => Value::Bool(left < right),
            (Op::LessEq, Value::Number(left), Value::Number(right)) => Value::Bool(left <= right),
            (_, left @ Value::Later(_), right) | (_, left, right @ Value::Later(_)) => derived(left, right),
            _ => return Err(self.problem(scope, whole, "this operator does not take these values")),
        })
    }

    /// `[for ..]`, `{for ..}`. Over a collection that only AWS knows, it is computed once, from an item of it.
    fn each(&self, whole: &Expression, each: &'a ForExpr, scope: &Scope<'a>) -> Result<Value, Problem> {
        if each.grouping {
            return Err(self.problem(scope, whole, "grouping is not evaluated here"));
        }
        let collection = self.value(&each.intro.collection_expr, scope)?;
        let items: Vec<(Value, Value)> = match &collection {
            Value::List(items) => items
                .iter()
                .enumerate()
                .map(|(index, item)| (Value::Number(index as f64), item.clone()))
                .collect(),
            Value::Object(entries) => {
                entries.iter().map(|(key, value)| (Value::from(key.as_str()), value.clone())).collect()
            }
            Value::Later(_) => {
                let part = |what: &str| Value::derived(what, vec![collection.clone()]);
                let scope = self.bound(each, part("key"), part("value"), scope);
                let mut from = vec![collection.clone(), self.value(&each.value_expr, &scope)?];
                from.extend(each.key_expr.as_ref().map(|key| self.value(key, &scope)).transpose()?);
                from.extend(each.cond.as_ref().map(|cond| self.value(&cond.expr, &scope)).transpose()?);
                return Ok(Value::derived("for", from));
            }
            _ => return Err(self.problem(scope, whole, "this is no collection")),
        };
        let (mut list, mut object) = (Vec::new(), BTreeMap::new());
        for (key, value) in items {
            let scope = self.bound(each, key, value, scope);
            match each.cond.as_ref().map(|cond| self.value(&cond.expr, &scope)).transpose()? {
                None | Some(Value::Bool(true)) => {}
                Some(Value::Bool(false)) => continue,
                Some(_) => {
                    return Err(self.problem(&scope, whole, "the condition is neither true nor false"));
                }
            }
            let value = self.value(&each.value_expr, &scope)?;
            match &each.key_expr {
                None => list.push(value),
                Some(key) => {
                    object.insert(self.text(key, &scope)?, value);
                }
            }
        }
        Ok(if each.key_expr.is_some() { Value::Object(object) } else { Value::List(list) })
    }

    fn bound(&self, each: &ForExpr, key: Value, value: Value, scope: &Scope<'a>) -> Scope<'a> {
        let mut scope = scope.clone();
        if let Some(name) = &each.intro.key_var {
            scope.names.insert(name.as_str().to_owned(), key);
        }
        scope.names.insert(each.intro.value_var.as_str().to_owned(), value);
        scope
    }
}
