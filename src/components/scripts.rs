//! Shell text that the scripts of several components share.
//!
//! Not a component. Scripts have no holes: what they need to know they read when they run.

/// Functions that run a task, show its log and tell its exit code.
pub(super) const RUN_TASK: &str = include_str!("../../templates/scripts/run_task.sh");
