//! Groundplan: one stack file in, workspace-aware Terraform modules out.

pub mod diagnostic;
pub mod project;
pub mod source;
pub mod syntax;
pub mod tree;
