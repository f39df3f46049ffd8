//! Groundplan compiles one stack file into workspace-aware Terraform modules.
//!
//! A tour, in the order of the pipeline (`ARCHITECTURE.md` has the map and the invariants):
//!
//! - [`source`] holds text and places; [`diagnostic`] says what is wrong with it.
//! - [`syntax`] turns HCL or JSON into one tree in which every node has its place.
//! - [`settings`] declares what a block may say: one line per setting gives reader, schema and documentation.
//! - [`model`] is the stack in every environment and the contract of components; [`components`] are the things a stack
//!   can contain, one file each; [`terms`] is what they offer each other.
//! - [`stack`] reads the model from a document; [`check`] and [`routing`] hold rules across components,
//!   [`suspicion`] says what looks like a secret.
//! - [`fold`] makes one model of all environments; [`render`] prints it through templates and [`hcl`].
//! - [`graph`] draws the architecture.
//! - [`moves`] finds what a renamed component's resources were called before.
//! - [`imports`] finds the resources that what exists in AWS becomes.
//! - [`retire`] stops a run that would lose data.
//! - [`tree`] is the result as data; [`project`] compares it with a directory and changes that as a whole.
//! - [`show`] says what holds in each environment and where it comes from; [`influence`] finds out by trying which
//!   settings decide about which resources, and [`why`] explains one of them; [`review`] what a change means.
//! - [`evaluate`] says what a tree comes to in one environment, [`predict`] what Terraform would do between two.
//! - [`difference`] puts these together for two versions of a stack file.
//! - [`import`] makes a stack file of the files of other tools.
//! - [`pipeline`] chains the phases.
//!
//! | a user's file | the module that owns it |
//! |---|---|
//! | `stacks/<name>.hcl`, `.json` | `project::read_stack`, then [`syntax`] |
//! | `infra/<stack>/**` | [`render`] makes it, [`project`] writes it |
//! | `infra/<stack>/groundplan.lock` | [`project`] |
//! | `infra/<stack>/_incomplete.tf`, only while a run is unfinished | [`project`] |

#![warn(missing_docs)]

pub mod aws;
pub mod catalog;
pub mod check;
pub mod cli;
pub mod components;
pub mod diagnostic;
pub mod difference;
pub mod evaluate;
pub mod fold;
pub mod graph;
pub mod hcl;
pub mod import;
pub mod imports;
pub mod influence;
pub mod model;
pub mod moves;
pub mod parallel;
pub mod pipeline;
pub mod predict;
pub mod project;
pub mod reference;
pub mod render;
pub mod retire;
pub mod review;
pub mod routing;
pub mod settings;
pub mod show;
pub mod source;
pub mod stack;
pub mod suspicion;
pub mod syntax;
pub mod terms;
#[cfg(test)]
mod testing;
pub mod tree;
pub mod why;
