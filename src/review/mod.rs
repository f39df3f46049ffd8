//! What a change means, for the people who review it: changes of resources as data, and reports on them.
//!
//! The changes come from Terraform's own plan or from comparing two generated trees; a report does not know which.
//! Knows no component and no disk.

pub mod change;
mod compare;
mod configuration;
mod document;
mod drift;
pub mod fields;
mod groups;
mod json;
pub mod line;
mod markdown;
pub mod nouns;
mod path;
pub mod plan;
pub mod report;
mod tags;
mod text;
mod value;

pub use change::{Action, Change, Environment, Field, Place, Setting, Shown, Sides};
pub use fields::fields;
pub use report::{Report, Verdict, unused, verdict};
