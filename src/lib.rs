//! Groundplan: one stack file in, workspace-aware Terraform modules out.

pub mod aws;
pub mod check;
pub mod components;
pub mod diagnostic;
pub mod fold;
pub mod hcl;
pub mod pipeline;
pub mod project;
pub mod render;
pub mod routing;
pub mod settings;
pub mod source;
pub mod stack;
pub mod syntax;
pub mod terms;
#[cfg(test)]
mod testing;
pub mod tree;
