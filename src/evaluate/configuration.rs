//! The generated Terraform, parsed: what each module declares, by name.

use std::collections::BTreeMap;

use hcl::edit::Span as _;
use hcl::edit::expr::Expression;
use hcl::edit::parser::parse_body;
use hcl::edit::structure::{Block, Body, Structure};

use super::Problem;
use crate::tree::{Address, Tree};

/// A parsed tree: evaluated once for each environment.
#[derive(Debug)]
pub struct Configuration {
    pub(super) files: BTreeMap<String, String>,
    pub(super) addresses: BTreeMap<String, Address>,
    /// By directory; the root module's is empty.
    pub(super) modules: BTreeMap<String, Module>,
}

/// What a module declares.
#[derive(Debug, Default)]
pub(super) struct Module {
    pub variables: BTreeMap<String, Item<Body>>,
    pub locals: BTreeMap<String, Item<Expression>>,
    pub outputs: BTreeMap<String, Item<Body>>,
    /// Modules that it calls, by name.
    pub calls: BTreeMap<String, Item<Body>>,
    /// By type and label: `aws_vpc.main`.
    pub resources: BTreeMap<String, Item<Body>>,
    pub providers: Vec<Item<Body>>,
    pub imports: Vec<Item<Body>>,
    pub removed: Vec<Item<Body>>,
}

/// A part of a file.
#[derive(Debug)]
pub(super) struct Item<T> {
    pub file: String,
    pub value: T,
}

impl Configuration {
    /// Parses the Terraform of a tree.
    ///
    /// # Errors
    /// A file that is not HCL, or a block that no generated tree has.
    pub fn read(tree: &Tree) -> Result<Self, Problem> {
        let mut modules: BTreeMap<String, Module> = BTreeMap::new();
        for (path, text) in tree.files.iter().filter(|(path, _)| path.ends_with(".tf")) {
            let directory = path.rsplit_once('/').map_or("", |(directory, _)| directory);
            let body = parse_body(text).map_err(|error| Problem::new(path, "", error.to_string().trim()))?;
            let module = modules.entry(directory.to_owned()).or_default();
            for structure in body {
                match structure {
                    Structure::Block(block) => module.declare(path, text, block)?,
                    Structure::Attribute(attribute) => {
                        return Err(Problem::new(
                            path,
                            attribute.key.as_str(),
                            "an attribute outside of blocks",
                        ));
                    }
                }
            }
        }
        Ok(Self { files: tree.files.clone(), addresses: tree.addresses.clone(), modules })
    }

    /// The text of a part of a file.
    pub(super) fn text(&self, file: &str, expression: &Expression) -> String {
        let found = self.files.get(file).zip(expression.span()).and_then(|(text, span)| text.get(span));
        found.unwrap_or_default().to_owned()
    }
}

impl Module {
    fn declare(&mut self, path: &str, text: &str, block: Block) -> Result<(), Problem> {
        let labels: Vec<&str> = block.labels.iter().map(|label| label.as_str()).collect();
        let item = |value| Item { file: path.to_owned(), value };
        match (block.ident.as_str(), labels.as_slice()) {
            ("variable", [name]) => self.variables.insert((*name).to_owned(), item(block.body)),
            ("output", [name]) => self.outputs.insert((*name).to_owned(), item(block.body)),
            ("module", [name]) => self.calls.insert((*name).to_owned(), item(block.body)),
            ("resource", [kind, label]) => self.resources.insert(format!("{kind}.{label}"), item(block.body)),
            ("locals", []) => {
                for attribute in block.body.into_attributes() {
                    let name = attribute.key.as_str().to_owned();
                    self.locals.insert(name, Item { file: path.to_owned(), value: attribute.value });
                }
                None
            }
            ("provider", _) => {
                self.providers.push(item(block.body));
                None
            }
            ("import", []) => {
                self.imports.push(item(block.body));
                None
            }
            ("removed", []) => {
                self.removed.push(item(block.body));
                None
            }
            // Where state is kept, which versions are wanted, and where addresses were before: nothing that is made.
            ("terraform" | "moved", _) => None,
            _ => {
                let span = block.span().unwrap_or_default();
                let head = text.get(span).and_then(|text| text.lines().next()).unwrap_or_default();
                return Err(Problem::new(path, head, "a block that is not known here"));
            }
        };
        Ok(())
    }
}
