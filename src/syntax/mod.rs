//! Stack files as text: HCL or JSON becomes one tree in which every node has its span.
//!
//! Knows no component and no AWS. Blocks and JSON objects have one shape: `service "web" { .. }` is the entry
//! `web` of the table `service`. Only this module names `hcl::edit` and `jsonc_parser`.

pub mod document;
pub mod overlay;

mod hcl;
mod json;

pub use document::{Document, Entry, Form, Node, Part, Table, Value, Word};
