//! Groundplan: one stack file in, workspace-aware Terraform modules out.

pub mod aws;
pub mod diagnostic;
pub mod source;
pub mod syntax;
pub mod tree;
