//! Routes as a load balancer sees them: patterns, priorities that never move, and target-group names.
//!
//! Facts about Application Load Balancers and arithmetic on patterns; knows no settings.

use sha2::{Digest, Sha256};

use crate::aws::limits::names::TARGET_GROUP;
pub use crate::aws::paths::pattern_problem;
use crate::model::Context;
use crate::terms::Term;

/// The condition value of a pattern: `/` stands for every path.
pub fn pattern(path: &str) -> &str {
    if path == "/" { "/*" } else { path }
}

/// The part of a pattern before its first wildcard, and whether it has one.
fn literal_prefix(pattern: &str) -> (&str, bool) {
    match pattern.find(['*', '?']) {
        Some(end) => (&pattern[..end], true),
        None => (pattern, false),
    }
}

/// The listener-rule priority of a pattern, 1 to 49,999, derived from the pattern alone.
///
/// Patterns with a longer literal prefix come first, exact ones before those with wildcards, those with host names
/// before those without. Within such a band the place is a hash of the pattern, so adding a route never moves
/// another; two routes that land on the same place are reported and one is given a priority by hand.
pub fn priority(path: &str, with_hosts: bool) -> i64 {
    let pattern = pattern(path);
    let (prefix, wild) = literal_prefix(pattern);
    let length = prefix.len() as i64 * 2 + i64::from(!wild);
    // Prefixes of up to 30 characters are the usual ones and get wide bands; longer ones share what is left.
    let (start, width) = match length {
        0..=61 => (6_600 + (61 - length) * 700, 700),
        _ => ((257 - length) * 33, 32),
    };
    let half = width / 2;
    let offset = i64::from(hash(pattern) % half as u32);
    start + offset + if with_hosts { 1 } else { half }
}

fn hash(text: &str) -> u32 {
    let digest = Sha256::digest(text.as_bytes());
    u32::from_be_bytes([digest[0], digest[1], digest[2], digest[3]])
}

/// Whether every path that `narrow` matches is also matched by `wide`, both being patterns.
pub fn covers(wide: &str, narrow: &str) -> bool {
    let (wide, narrow): (Vec<char>, Vec<char>) =
        (pattern(wide).chars().collect(), pattern(narrow).chars().collect());
    // reachable[j]: some way to match narrow[..j] with the wide pattern read so far.
    let mut reachable = vec![false; narrow.len() + 1];
    reachable[0] = true;
    for symbol in wide {
        let mut next = vec![false; narrow.len() + 1];
        if symbol == '*' {
            let mut any = false;
            for (j, slot) in next.iter_mut().enumerate() {
                any |= reachable[j];
                *slot = any;
            }
        } else {
            for j in 0..narrow.len() {
                let same = narrow[j] == symbol || (symbol == '?' && narrow[j] != '*');
                next[j + 1] = reachable[j] && same;
            }
        }
        reachable = next;
    }
    reachable[narrow.len()]
}

/// A Terraform label for a pattern: `/api/v1/streaming*` gives `api_v1_streaming`, `/` gives `root`. A pattern that
/// its label does not spell out gets a short hash, so that labels differ whenever patterns do.
pub fn label(path: &str) -> String {
    if path == "/" {
        return "root".to_owned();
    }
    let words = path.split(|c: char| !c.is_ascii_alphanumeric()).filter(|word| !word.is_empty());
    let slug = words.collect::<Vec<_>>().join("_").to_ascii_lowercase();
    if !slug.is_empty() && path == format!("/{}*", slug.replace('_', "/")) {
        return slug;
    }
    let hash = hash(path) & 0xffff;
    if slug.is_empty() { format!("path_{hash:04x}") } else { format!("{slug}_{hash:04x}") }
}

/// The name of the target group of a service or of one of its containers: at most 32 characters in the longest
/// environment, and different when the port is, so that a new group is created before the old one goes.
pub fn target_group_name(context: &Context<'_>, name: &str, port: i64) -> Term {
    let longest = context.stack.environments.iter().map(|name| name.len()).max().unwrap_or(0);
    let room = TARGET_GROUP.max.saturating_sub(longest + HASH_DIGITS + 2).max(1);
    let stack = context.stack.name.replace('_', "-");
    let whole = format!("{stack}-{name}");
    let stem = whole[..whole.len().min(room)].trim_end_matches('-');
    let hash = hash(&format!("{whole}:{port}")) & 0xff_ffff;
    Term::Template(vec![
        Term::string(format!("{stem}-")),
        Term::Environment,
        Term::string(format!("-{hash:0HASH_DIGITS$x}")),
    ])
}

/// Hexadecimal digits of the hash in a target group's name.
const HASH_DIGITS: usize = 6;

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn more_specific_patterns_come_first() {
        let order = ["/api/v1/streaming/health", "/api/v1/streaming*", "/api/*", "/"];
        let priorities: Vec<i64> = order.iter().map(|path| priority(path, false)).collect();
        assert!(priorities.is_sorted(), "{priorities:?}");
        assert!(priority("/api/*", true) < priority("/api/*", false));
    }

    #[test]
    fn priorities_stay_in_the_range_of_alb() {
        for length in 0..128 {
            for tail in ["", "*"] {
                let path = format!("/{}{tail}", "a".repeat(length));
                for hosts in [false, true] {
                    assert!((1..=50_000).contains(&priority(&path, hosts)), "{path}");
                }
            }
        }
    }

    #[test]
    fn covering_is_inclusion() {
        for (wide, narrow) in
            [("/", "/x"), ("/a*", "/ab*"), ("/a*", "/a?c"), ("*", "/"), ("/?", "/a"), ("/a*c", "/abc")]
        {
            assert!(covers(wide, narrow), "{wide} covers {narrow}");
        }
        for (wide, narrow) in [("/ab*", "/a*"), ("/?", "/*"), ("/a", "/b"), ("/a*c", "/a*"), ("/a?", "/a")] {
            assert!(!covers(wide, narrow), "{wide} does not cover {narrow}");
        }
    }

    #[test]
    fn labels_differ_when_patterns_do() {
        assert_eq!(label("/api/v1/streaming*"), "api_v1_streaming");
        assert_eq!(label("/"), "root");
        let paths = ["/a*", "/a/*", "/a", "/A*", "/a_b*", "/a/b*", "*", "/*", "/a-b*"];
        let labels: std::collections::BTreeSet<String> = paths.iter().map(|path| label(path)).collect();
        assert_eq!(labels.len(), paths.len(), "{labels:?}");
    }
}
