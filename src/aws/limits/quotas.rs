//! Limits that are not names: listener rules and their patterns, task definitions, services.

use std::fmt;
use std::ops::RangeInclusive;

/// The priorities a listener rule can have (Elastic Load Balancing API, `CreateRule`, `Priority`).
pub const RULE_PRIORITIES: RangeInclusive<u32> = 1..=50_000;

/// The rules of one load balancer, default rules not counted, unless AWS raises the quota.
///
/// Source: "Quotas for your Application Load Balancers", Rules per Application Load Balancer.
pub const RULES_PER_LOAD_BALANCER: usize = 100;

/// The values of all conditions of one rule together; cannot be raised.
///
/// Source: "Quotas for your Application Load Balancers", Condition values per rule.
pub const VALUES_PER_RULE: usize = 5;

/// The certificates of one load balancer, default certificates not counted, unless AWS raises the quota.
///
/// Source: "Quotas for your Application Load Balancers", Certificates per Application Load Balancer.
pub const CERTIFICATES_PER_LOAD_BALANCER: usize = 25;

/// The target groups of one load balancer; cannot be raised.
///
/// Source: "Quotas for your Application Load Balancers", Target Groups per Application Load Balancer.
pub const TARGET_GROUPS_PER_LOAD_BALANCER: usize = 100;

/// The bytes of one task definition, environment variables included; cannot be raised.
///
/// Source: "Amazon ECS service quotas", Task definition size limit.
pub const TASK_DEFINITION_BYTES: usize = 64 * 1024;

/// The containers of one task definition, sidecars included; cannot be raised.
///
/// Source: "Amazon ECS service quotas", Task definition max containers.
pub const CONTAINERS_PER_TASK: usize = 10;

/// The target groups of one service; cannot be raised.
///
/// Source: "Amazon ECS service quotas", Target groups per service.
pub const TARGET_GROUPS_PER_SERVICE: usize = 5;

/// The security groups of one service; cannot be raised.
///
/// Source: "Amazon ECS service quotas", Security groups specified in an `awsvpcConfiguration`.
pub const SECURITY_GROUPS_PER_SERVICE: usize = 5;

/// The most characters of a path or host pattern.
const PATTERN_LENGTH: usize = 128;

/// Why a pattern of a listener rule cannot be used; displays as a phrase that follows the pattern.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum PatternProblem {
    /// Nothing in it.
    Empty,
    /// More characters than the 128 allowed.
    Long(usize),
    /// A character that cannot be in one.
    Character(char),
    /// A host without a dot, or without letters after the last one.
    Domain,
}

impl fmt::Display for PatternProblem {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            PatternProblem::Empty => f.write_str("is empty"),
            PatternProblem::Long(length) => {
                write!(f, "has {length} characters, more than the {PATTERN_LENGTH} allowed")
            }
            PatternProblem::Character(character) => write!(f, "contains `{}`", character.escape_debug()),
            PatternProblem::Domain => f.write_str("must end in a dot and letters, as in `example.com`"),
        }
    }
}

/// Whether a rule can match the path of a request against `pattern`; `*` and `?` are wildcards.
///
/// Source: Elastic Load Balancing API, `RuleCondition`, path-pattern.
pub fn check_path_pattern(pattern: &str) -> Result<(), PatternProblem> {
    check_pattern(pattern, "_-.$/~\"'@:+&*?")
}

/// Whether a rule can match the host of a request against `pattern`; `*` and `?` are wildcards.
///
/// Source: Elastic Load Balancing API, `RuleCondition`, host-header, and `HostHeaderConditionConfig`.
pub fn check_host_pattern(pattern: &str) -> Result<(), PatternProblem> {
    check_pattern(pattern, "-.*?")?;
    match pattern.rsplit_once('.') {
        Some((_, last)) if !last.is_empty() && last.bytes().all(|byte| byte.is_ascii_alphabetic()) => Ok(()),
        _ => Err(PatternProblem::Domain),
    }
}

fn check_pattern(pattern: &str, symbols: &str) -> Result<(), PatternProblem> {
    let allowed = |character: char| character.is_ascii_alphanumeric() || symbols.contains(character);
    if pattern.is_empty() {
        return Err(PatternProblem::Empty);
    }
    if let Some(character) = pattern.chars().find(|&character| !allowed(character)) {
        return Err(PatternProblem::Character(character));
    }
    if pattern.len() > PATTERN_LENGTH {
        return Err(PatternProblem::Long(pattern.len()));
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    // Elastic Load Balancing API Reference, `RuleCondition`.
    #[test]
    fn path_patterns() {
        for pattern in ["/", "/api/*", "/img/?.png", "*", "/a_-.$/~\"'@:+&"] {
            assert_eq!(check_path_pattern(pattern), Ok(()), "{pattern}");
        }
        assert_eq!(check_path_pattern(""), Err(PatternProblem::Empty));
        assert_eq!(check_path_pattern("/a b"), Err(PatternProblem::Character(' ')));
        assert_eq!(check_path_pattern("/a%20b"), Err(PatternProblem::Character('%')));
        assert_eq!(check_path_pattern(&"/".repeat(128)), Ok(()));
        assert_eq!(check_path_pattern(&"/".repeat(129)), Err(PatternProblem::Long(129)));
    }

    // Elastic Load Balancing API Reference, `HostHeaderConditionConfig`.
    #[test]
    fn host_patterns() {
        for pattern in ["example.com", "*.example.com", "test.?.com"] {
            assert_eq!(check_host_pattern(pattern), Ok(()), "{pattern}");
        }
        assert_eq!(check_host_pattern("localhost"), Err(PatternProblem::Domain));
        assert_eq!(check_host_pattern("example.*"), Err(PatternProblem::Domain));
        assert_eq!(check_host_pattern("example."), Err(PatternProblem::Domain));
        assert_eq!(check_host_pattern("a_b.com"), Err(PatternProblem::Character('_')));
    }

    // Elastic Load Balancing API Reference, `CreateRule`; provider 5.100 refuses 50001.
    #[test]
    fn rule_priorities() {
        assert!(RULE_PRIORITIES.contains(&1) && RULE_PRIORITIES.contains(&50_000));
        assert!(!RULE_PRIORITIES.contains(&0) && !RULE_PRIORITIES.contains(&50_001));
    }
}
