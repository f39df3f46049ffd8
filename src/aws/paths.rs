//! Paths as a load balancer compares them. Knows nothing about where they are written.

/// Why a path is not a pattern, if it is not. ALB: at most 128 characters of a fixed set, `*` and `?` as wildcards.
pub fn pattern_problem(path: &str) -> Option<String> {
    let allowed = |c: char| c.is_ascii_alphanumeric() || "_-.$/~\"'@:+&*?".contains(c);
    if !path.starts_with(['/', '*']) {
        Some("a pattern begins with `/`".to_owned())
    } else if path.len() > 128 {
        Some("a pattern has at most 128 characters".to_owned())
    } else {
        let bad = path.chars().find(|&c| !allowed(c))?;
        Some(format!("a pattern cannot contain `{bad}`"))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_what_a_listener_rule_compares_is_a_pattern() {
        for fine in ["/", "/api/*", "*.php", "/a?c", "/~user/a-b_c.d"] {
            assert_eq!(pattern_problem(fine), None, "{fine}");
        }
        for bad in ["", "api", "/a b", "/ü", "/(a|b)", &format!("/{}", "a".repeat(128))] {
            assert!(pattern_problem(bad).is_some(), "{bad}");
        }
    }
}
