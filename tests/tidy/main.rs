//! What the compiler does not check: who may import whom, what every file and every component has, and how templates
//! are written. Each rule reads directories and tables, so a new component is covered without a change here.

#![allow(clippy::disallowed_methods, clippy::unwrap_used, reason = "tests read files, and fail by panicking")]

#[path = "../support/compile.rs"]
mod compile;
mod completeness;
mod layers;
mod sources;
#[path = "../support/stacks.rs"]
mod stacks;
mod templates;

use std::fs;
use std::path::Path;

/// A text file of the repository.
struct File {
    /// From the root, with `/`.
    path: String,
    text: String,
}

impl File {
    /// The part above the unit tests at the foot, without comment lines; line numbers stay.
    fn code(&self) -> String {
        let above = self.text.split("\n#[cfg(test)]\nmod tests").next().unwrap_or_default();
        let blank =
            |line: &str| if line.trim_start().starts_with("//") { String::new() } else { line.into() };
        above.lines().map(blank).collect::<Vec<String>>().join("\n")
    }

    /// The top-level module it belongs to: `src/check/routes.rs` and `src/check.rs` are of `check`.
    fn module(&self) -> &str {
        let path = self.path.trim_start_matches("src/");
        path.split('/').next().unwrap_or_default().trim_end_matches(".rs")
    }
}

/// The files below a directory whose names end with `suffix`, by path.
fn files(dir: &str, suffix: &str) -> Vec<File> {
    fn collect(dir: &Path, suffix: &str, found: &mut Vec<File>) {
        let Ok(entries) = fs::read_dir(dir) else { return };
        for entry in entries {
            let path = entry.unwrap().path();
            let name = path.file_name().unwrap().to_str().unwrap();
            if path.is_dir() && name != "target" && name != ".git" {
                collect(&path, suffix, found);
            } else if path.is_file() && name.ends_with(suffix) {
                let below = path.strip_prefix(compile::root("")).unwrap().to_str().unwrap();
                let text = fs::read_to_string(&path).unwrap();
                found.push(File { path: below.replace('\\', "/"), text });
            }
        }
    }
    let mut found = Vec::new();
    collect(&compile::root(dir), suffix, &mut found);
    found.sort_by(|a, b| a.path.cmp(&b.path));
    found
}

/// The source files of the program, without files that hold only unit tests.
fn program() -> Vec<File> {
    let files = files("src", ".rs").into_iter();
    files
        .filter(|file| {
            !file.path.contains("/tests/")
                && !file.path.ends_with("/tests.rs")
                && !file.path.ends_with("/testing.rs")
        })
        .collect()
}

/// Fails with every problem, one a line.
fn assert_tidy(rule: &str, problems: impl IntoIterator<Item = String>) {
    let problems: Vec<String> = problems.into_iter().collect();
    assert!(problems.is_empty(), "{rule}:\n  {}", problems.join("\n  "));
}
