//! Facts about AWS that a stack can be checked against with no account: sizes, versions, names, regions, CIDRs.
//!
//! Pure functions over static tables. Each table names the AWS page it was taken from, as of late 2026. Knows
//! nothing about stack files, diagnostics or Terraform: a caller turns a problem found here into a diagnostic.

pub mod adoption;
pub mod cidr;
pub mod class;
pub mod cloudfront;
pub mod data;
pub mod ecs;
pub mod elasticache;
pub mod fargate;
pub mod hosts;
pub mod limits;
pub mod logs;
pub mod paths;
pub mod rds;
pub mod region;
pub mod replacement;
pub mod schedule;
pub mod waf;
