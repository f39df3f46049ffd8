//! The keys of Copilot's files.

mod around;
mod workload;

pub(super) use around::{ADDON, ENVIRONMENT, PIPELINE};
pub(super) use workload::{CONTAINERS, HTTP, MESSAGES, SCALING, WORKLOAD};
