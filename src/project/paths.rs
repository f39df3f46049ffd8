//! Which paths may be written or removed. Paths come from names in a stack file and from a lock file that anybody may
//! have edited, so both are hostile until they have passed here. Pure: looks at text, never at the disk.

use std::collections::{BTreeMap, BTreeSet};

use super::error::{Reason, Refusal};

/// The lock file, committed with the output.
pub(super) const LOCK: &str = "groundplan.lock";
/// Makes Terraform refuse a half-written directory. Never committed: it exists only while a run is under way.
pub(super) const MARKER: &str = "_incomplete.tf";
/// Where new files wait; on the same file system as the output, ignored by Terraform, gone after the run.
pub(super) const STAGING: &str = ".groundplan-staging";

/// Names that no generated path may contain, lower case: ours, Terraform's and Git's.
const RESERVED: [&str; 5] = [LOCK, MARKER, STAGING, ".terraform", ".git"];

/// Device names on Windows, in any directory and with any extension.
const DEVICES: [&str; 4] = ["con", "prn", "aux", "nul"];

/// What is wrong with a path, as the end of a sentence about it; `None` when it is relative and plain.
///
/// Plain means: segments of ASCII letters, digits, `.`, `_` and `-`, none of which means something to an operating
/// system, to Terraform or to Git. That rules out look-alike letters and every separator but `/`.
pub(super) fn problem(path: &str) -> Option<&'static str> {
    if path.is_empty() {
        return Some("is empty");
    }
    if path.starts_with('/') {
        return Some("is absolute");
    }
    path.split('/').find_map(segment_problem)
}

fn segment_problem(segment: &str) -> Option<&'static str> {
    let lower = segment.to_ascii_lowercase();
    let stem = lower.split('.').next().unwrap_or_default();
    let numbered = |name: &str| {
        stem.strip_prefix(name).is_some_and(|n| n.len() == 1 && n.as_bytes()[0].is_ascii_digit())
    };
    if segment.is_empty() {
        Some("has an empty segment")
    } else if segment == "." || segment == ".." {
        Some("contains `.` or `..`")
    } else if !segment.bytes().all(|b| b.is_ascii_alphanumeric() || b"._-".contains(&b)) {
        Some("has a character other than letters, digits, `.`, `_` and `-`")
    } else if segment.ends_with('.') {
        Some("has a segment that ends with a full stop")
    } else if segment.len() > 255 {
        Some("has a segment of more than 255 characters")
    } else if DEVICES.contains(&stem) || numbered("com") || numbered("lpt") {
        Some("contains a device name of Windows")
    } else if RESERVED.contains(&lower.as_str()) || lower.starts_with("terraform.tfstate") {
        Some("belongs to Terraform, Git or Groundplan itself")
    } else {
        None
    }
}

/// Everything that is wrong with the paths of a tree: bad ones, two that are one on a file system that ignores case,
/// and files that would have to be directories too.
pub(super) fn refusals<'a>(paths: impl Iterator<Item = &'a String> + Clone) -> Vec<Refusal> {
    let refuse = |path: &str, why| Refusal { path: path.to_owned(), reason: Reason::BadPath(why) };
    let mut spelling: BTreeMap<String, &str> = BTreeMap::new();
    let mut refusals = Vec::new();
    for path in paths.clone() {
        if let Some(why) = problem(path) {
            refusals.push(refuse(path, why));
        } else if spelling.insert(path.to_ascii_lowercase(), path).is_some() {
            refusals.push(refuse(path, "differs from another path only in case"));
        }
    }
    let directories: BTreeSet<String> =
        paths.clone().flat_map(|path| parents(path)).map(str::to_ascii_lowercase).collect();
    let both = paths.filter(|path| directories.contains(&path.to_ascii_lowercase()));
    refusals.extend(both.map(|path| refuse(path, "is a file and a directory at once")));
    refusals
}

/// The directories above a path, nearest first, without the output directory: `a/b/c` gives `a/b`, `a`.
pub(super) fn parents(path: &str) -> impl Iterator<Item = &str> {
    path.rmatch_indices('/').map(|(at, _)| &path[..at])
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn plain_relative_paths_pass() {
        for path in [
            "main.tf",
            "modules/data/database_main.tf",
            ".gitignore",
            ".terraform.lock.hcl",
            "com/console.tf",
        ] {
            assert_eq!(problem(path), None, "{path}");
        }
    }

    #[test]
    fn paths_that_escape_or_mean_something_elsewhere_are_refused() {
        let hostile = [
            "",
            "/etc/passwd",
            "..",
            "../x",
            "a/../b",
            "./a",
            "a//b",
            "a/",
            "a\\b",
            "C:/x",
            "a b",
            "a\0",
            "a\n",
            "ma\u{456}n.tf",
            "NUL",
            "con.tf",
            "a/Aux",
            "COM1",
            "lpt9.tf",
            "a.",
            "...",
            ".terraform/x",
            ".TERRAFORM/x",
            "a/.git/config",
            "groundplan.lock",
            "_incomplete.tf",
            ".groundplan-staging/x",
            "terraform.tfstate",
            "terraform.tfstate.d/a",
        ];
        for path in hostile {
            assert!(problem(path).is_some(), "{path:?}");
        }
        assert!(problem(&"a".repeat(256)).is_some());
    }

    #[test]
    fn a_tree_with_colliding_paths_is_refused() {
        let paths = ["a.tf", "A.tf", "b", "B/c"].map(String::from);
        let refused: Vec<String> = refusals(paths.iter()).into_iter().map(|refusal| refusal.path).collect();
        assert_eq!(refused, ["A.tf", "b"]);
    }
}
