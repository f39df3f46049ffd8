//! Groundplan: one stack file in, workspace-aware Terraform modules out.

pub mod diagnostic;
pub mod hcl;
pub mod source;
pub mod syntax;
pub mod tree;
