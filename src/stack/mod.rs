//! From a document to the model: overlays merged into the tree, then every environment read on its own.
//!
//! Knows the table of kinds, and what an app is; everything else about a component is the component's own.

mod overlay;
pub mod prune;
mod read;
pub mod rename;
mod rules;

pub use read::read;
