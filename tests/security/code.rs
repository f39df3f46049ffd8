//! Generated Terraform as resources, with what their expressions hold.

use std::collections::BTreeMap;

use hcl::expr::{Expression, Object, ObjectKey, TraversalOperator};
use hcl::{Block, Body};

/// A resource of a tree.
pub struct Resource {
    /// The module it stands in.
    pub module: String,
    pub kind: String,
    pub label: String,
    pub body: Body,
}

impl Resource {
    /// `modules/data aws_s3_bucket.media`
    pub fn place(&self) -> String {
        format!("{} {}.{}", self.module, self.kind, self.label)
    }

    /// The value of an argument.
    pub fn argument(&self, name: &str) -> Option<&Expression> {
        argument(&self.body, name)
    }

    /// The text of an argument, as Terraform would write it.
    pub fn text(&self, name: &str) -> String {
        self.argument(name).map(text).unwrap_or_default()
    }

    /// The nested blocks of a name, at any depth.
    pub fn blocks(&self, name: &str) -> Vec<&Body> {
        fn collect<'b>(body: &'b Body, name: &str, found: &mut Vec<&'b Body>) {
            for block in body.blocks() {
                if block.identifier() == name {
                    found.push(block.body());
                }
                collect(block.body(), name, found);
            }
        }
        let mut found = Vec::new();
        collect(&self.body, name, &mut found);
        found
    }

    /// Every object in its arguments: the statements of policies among them.
    pub fn objects(&self) -> Vec<&Object<ObjectKey, Expression>> {
        let mut found = Vec::new();
        self.body.attributes().for_each(|attribute| objects(attribute.expr(), &mut found));
        found
    }
}

/// The value of an argument of a block.
pub fn argument<'b>(body: &'b Body, name: &str) -> Option<&'b Expression> {
    body.attributes().find(|attribute| attribute.key() == name).map(|attribute| attribute.expr())
}

/// An expression as Terraform would write it.
pub fn text(expression: &Expression) -> String {
    hcl::format::to_string(expression).unwrap()
}

/// The resources of the files of one tree.
pub fn resources(files: &BTreeMap<String, String>) -> Vec<Resource> {
    let code = files.iter().filter(|(path, _)| path.ends_with(".tf"));
    code.flat_map(|(path, text)| {
        let body = hcl::parse(text).unwrap_or_else(|error| panic!("{path}: {error}"));
        let module = path.rsplit_once('/').map_or("", |(module, _)| module).to_owned();
        let blocks: Vec<Block> =
            body.into_blocks().filter(|block| block.identifier() == "resource").collect();
        blocks.into_iter().map(move |block| Resource {
            module: module.clone(),
            kind: block.labels()[0].as_str().to_owned(),
            label: block.labels()[1].as_str().to_owned(),
            body: block.body,
        })
    })
    .collect()
}

/// The value of a key of an object.
pub fn entry<'o>(object: &'o Object<ObjectKey, Expression>, key: &str) -> Option<&'o Expression> {
    object.iter().find_map(|(name, value)| {
        let found = match name {
            ObjectKey::Identifier(name) => name.as_str() == key,
            ObjectKey::Expression(Expression::String(name)) => name == key,
            _ => false,
        };
        found.then_some(value)
    })
}

/// The strings of a value that is a string or a list of strings; other expressions as text.
pub fn strings(expression: &Expression) -> Vec<String> {
    match expression {
        Expression::Array(items) => items.iter().flat_map(strings).collect(),
        Expression::String(text) => vec![text.clone()],
        other => vec![text(other)],
    }
}

fn objects<'e>(expression: &'e Expression, found: &mut Vec<&'e Object<ObjectKey, Expression>>) {
    match expression {
        Expression::Object(object) => {
            found.push(object);
            object.values().for_each(|value| objects(value, found));
        }
        Expression::Array(items) => items.iter().for_each(|item| objects(item, found)),
        Expression::FuncCall(call) => call.args.iter().for_each(|argument| objects(argument, found)),
        Expression::Parenthesis(inner) => objects(inner, found),
        Expression::Conditional(choice) => {
            objects(&choice.true_expr, found);
            objects(&choice.false_expr, found);
        }
        Expression::ForExpr(each) => {
            objects(&each.collection_expr, found);
            objects(&each.value_expr, found);
        }
        Expression::Traversal(traversal) => {
            objects(&traversal.expr, found);
            for operator in &traversal.operators {
                if let TraversalOperator::Index(index) = operator {
                    objects(index, found);
                }
            }
        }
        _ => {}
    }
}
