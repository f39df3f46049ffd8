//! What an nginx leads where, and whether it does anything besides.
//!
//! ```text
//! text -> syntax (directives with places) -> read (where requests go, what becomes of each directive)
//! ```
//!
//! A load balancer does what a proxy does that only leads requests on. Whatever more it does, such as serving files or
//! asking for passwords, keeps it. Knows no format that such a configuration comes in, and no report.

mod address;
mod directives;
mod known;
mod read;
mod syntax;

pub use address::{Pattern, patterns};
pub use directives::Sense;
pub use read::{Input, Lead, Line, Place, Reading, read};
pub use syntax::{Directive, Mistake, parse};
