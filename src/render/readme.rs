//! The generated README: what the tree is, and what a person has to do.

use super::{Bug, Renderer};

pub(super) fn render(_renderer: &mut Renderer<'_>) -> Result<(), Bug> {
    Ok(())
}
