//! The only disk access: reads stack files and what is imported, compares a generated tree with a directory, and
//! changes that directory as a whole.
//!
//! Knows text, paths and hashes. It must not know components, Terraform syntax or AWS, and it never prints.
//!
//! What is on disk is ours when its hash stands in `groundplan.lock`, or in the lock of a run that was interrupted.
//! Everything else in the directory belongs to somebody else and is never changed or removed.

#![allow(clippy::disallowed_methods, reason = "this is the module that the lint sends everybody to")]

pub mod changes;
pub mod create;
pub mod diff;
pub mod foreign;
pub mod lock;
pub mod read;
pub mod replace;
pub mod revision;
pub mod write;

mod disk;
mod error;
mod guard;
mod paths;
mod record;

pub use changes::{Change, Changes, Options, compare};
pub use create::{create, overwrite};
pub use error::{ProjectError, Reason, Refusal, Refused};
pub use foreign::{Roots, Withheld, list_foreign, names_foreign, read_foreign};
pub use lock::Lock;
pub use read::{read_plan, read_stack};
pub use replace::replace;
pub use revision::read_stack_at;
pub use write::write;
