//! Changes of a stack file, as a person would make them.

use hcl::edit::Ident;
use hcl::edit::expr::Expression;
use hcl::edit::structure::{Attribute, Block, Body};

use crate::Outcome;

/// A stack file that can be changed.
pub struct Stack(Body);

/// The way to a block: kinds and labels.
pub type Route = Vec<(String, String)>;

impl Stack {
    /// Parses a stack file.
    pub fn new(text: &str) -> Outcome<Self> {
        text.parse().map(Self).map_err(|error: hcl::edit::parser::Error| error.to_string())
    }

    /// The changed text.
    pub fn text(&self) -> String {
        self.0.to_string()
    }

    /// Sets an argument of a block, which is added where it is missing.
    pub fn set(&mut self, route: &[(String, String)], key: &str, value: &str) -> Outcome<()> {
        let value: Expression =
            value.parse().map_err(|error: hcl::edit::parser::Error| format!("{value}: {error}"))?;
        let mut body = &mut self.0;
        for (kind, label) in route {
            let known =
                body.iter().position(|inner| inner.as_block().is_some_and(|block| is(block, kind, label)));
            let index = known.unwrap_or(body.len());
            if known.is_none() {
                body.push(block(kind, label));
            }
            let found = body.get_mut(index).and_then(|inner| inner.as_block_mut());
            body = &mut found.ok_or("no such block")?.body;
        }
        body.remove_attribute(key);
        body.push(Attribute::new(Ident::new(key), value));
        Ok(())
    }

    /// Copies the first block of a kind in another block, under a new label.
    pub fn copy(&mut self, route: &[(String, String)], kind: &str, label: &str) -> Outcome<()> {
        let body = &mut self.find_mut(route).ok_or("no such block")?.body;
        let mut copy = body.blocks().find(|block| block.has_ident(kind)).ok_or("nothing to copy")?.clone();
        copy.labels = vec![label.into()];
        body.push(copy);
        Ok(())
    }

    /// The text of an argument.
    pub fn get(&self, route: &[(String, String)], key: &str) -> Option<String> {
        let mut body = &self.0;
        for (kind, label) in route {
            body = &body.blocks().find(|block| is(block, kind, label))?.body;
        }
        body.get_attribute(key).map(|attribute| attribute.value.to_string().trim().to_owned())
    }

    /// The services, at the top or in an app, that have (or have not) a block of a kind.
    pub fn services(&self, having: &str, has: bool) -> Vec<Route> {
        let top = self.0.blocks().map(|block| (Vec::new(), block));
        let apps = self.0.blocks().filter(|block| block.has_ident("app"));
        let inside = apps.flat_map(|app| app.body.blocks().map(move |block| (vec![step(app)], block)));
        top.chain(inside)
            .filter(|(_, block)| block.has_ident("service") && block.body.has_blocks(having) == has)
            .map(|(route, block)| [route, vec![step(block)]].concat())
            .collect()
    }

    fn find_mut(&mut self, route: &[(String, String)]) -> Option<&mut Block> {
        let ((kind, label), rest) = route.split_first()?;
        let mut found = self.0.blocks_mut().find(|block| is(block, kind, label))?;
        for (kind, label) in rest {
            found = found.body.blocks_mut().find(|block| is(block, kind, label))?;
        }
        Some(found)
    }
}

/// A block without anything in it.
fn block(kind: &str, label: &str) -> Block {
    let mut block = Block::new(Ident::new(kind));
    block.labels.push(label.into());
    block
}

fn is(block: &Block, kind: &str, label: &str) -> bool {
    block.has_ident(kind) && step(block).1 == label
}

fn step(block: &Block) -> (String, String) {
    let label = block.labels.first().map(|label| label.as_str().to_owned());
    (block.ident.to_string().trim().to_owned(), label.unwrap_or_default())
}

/// A step of a route.
pub fn at(kind: &str, label: &str) -> (String, String) {
    (kind.to_owned(), label.to_owned())
}
