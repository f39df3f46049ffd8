//! Stack files as text: HCL or JSON becomes one tree in which every node has its span.
//!
//! Knows no component and no AWS. Blocks and JSON objects have one shape: `service "web" { .. }` is the entry
//! `web` of the table `service`. Only this module reads what users write through
//! `hcl::edit` and `jsonc_parser`.

pub mod document;
pub mod overlay;

mod builder;
mod expression;
mod extent;
mod hcl;
mod json;
mod limits;
mod mistake;
mod reading;
mod words;

#[cfg(test)]
mod tests;

use std::sync::Arc;

use crate::diagnostic::{Code, Outcome};
use crate::source::{FileId, Sources, Syntax};

pub use builder::DUPLICATE_KEY;
pub use document::{Document, Entry, Form, Node, Part, Table, Value, Word};
pub use expression::UNSUPPORTED_EXPRESSION;
pub use limits::FILE_LIMIT;
pub use mistake::SYNTAX_ERROR;

/// Every code that reading a file can raise.
pub const CODES: &[&Code] = &[&SYNTAX_ERROR, &DUPLICATE_KEY, &UNSUPPORTED_EXPRESSION, &FILE_LIMIT];

/// Reads one file into a tree, with every mistake that can be found in one run, in the order of the text.
///
/// After a mistake the tree holds what could be read; there is none when the file is beyond a limit, is not
/// text, or when so much is wrong that reading stopped.
pub fn parse(sources: &Sources, file: FileId) -> Outcome<Document> {
    let source = sources.get(file);
    let mut reading = reading::Reading::new(file, &source.text);
    let root = limits::check_text(&mut reading).and_then(|()| match source.syntax {
        Syntax::Hcl => hcl::read(&mut reading),
        Syntax::Json => json::read(&mut reading),
        Syntax::Foreign => Err(reading.refuse(
            reading
                .at(&SYNTAX_ERROR, 0..0, "this is a file of another tool and no stack file")
                .help("turn it into a stack file with `groundplan import`"),
        )),
    });
    let span = reading.span(0..source.text.len());
    let value = root.ok().map(|root| Document { span, root: Arc::new(root) });
    Outcome { value, diagnostics: reading.into_diagnostics() }
}
