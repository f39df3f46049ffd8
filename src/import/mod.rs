//! Files of other tools become a stack file and a report of what became of every key.
//!
//! ```text
//! text -> yaml (a tree with places) -> one importer per format -> workload (neutral) -> assemble -> stack -> text
//! ```
//!
//! An importer reads its files through a [`Session`] and fills in a [`workload::System`]; it knows nothing of the stack
//! language, and [`assemble`] nothing of the formats. Keys are reached through [`read::At`], which knows those of the
//! [`matrix`] and no others, and what nobody read is reported when the session ends: that nothing is dropped without a
//! line does not depend on anybody's care. To add a format: its rows and its reader in a module of its own, a line in
//! [`FORMATS`], and a subcommand.
//!
//! No disk: what one file says of another is asked of [`session::Files`].

pub mod arn;
pub mod assemble;
pub mod codes;
pub mod compose;
pub mod copilot;
pub mod ecs_cli;
pub mod endpoints;
pub mod environments;
pub mod images;
pub mod kubernetes;
pub mod logs;
pub mod matrix;
pub mod names;
pub mod nginx;
pub mod read;
pub mod report;
pub mod routes;
pub mod session;
pub mod shell;
pub mod sizes;
pub mod stack;
pub mod task_definition;
pub mod unfit;
pub mod units;
pub mod variables;
pub mod workload;
pub mod yaml;

pub use codes::CODES;
pub use session::{Files, Imported, Refusal, Session};

use matrix::Format;

/// Every format, in the order of the reference page.
pub const FORMATS: &[&Format] = &[
    &task_definition::FORMAT,
    &task_definition::SERVICE,
    &compose::FORMAT,
    &compose::ECS_PARAMS,
    &copilot::WORKLOAD,
    &copilot::ENVIRONMENT,
    &copilot::PIPELINE,
    &copilot::ADDON,
    &kubernetes::FORMAT,
];
