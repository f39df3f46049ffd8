//! HCL native syntax as text: quoting, the canonical layout, and a recogniser that lists what a file declares.
//!
//! Knows no AWS and no stack. It reads the Terraform that we write ourselves, so it is strict and fast; user files
//! are read by `syntax`.

mod align;
pub mod expr;
mod format;
mod grammar;
mod lexer;
mod parse;
mod quote;
mod template;
mod token;

pub use expr::{Expr, Literal};
pub use format::format;
pub use lexer::lex;
pub use parse::{Block, index};
pub use quote::{is_bare_key, is_identifier, quote, write_quoted};
pub use token::{Kind, SyntaxError, Token};
