//! Comparison with files that hold what is expected. `BLESS=1` rewrites them.

#![allow(dead_code, reason = "each test uses its part")]

use std::collections::BTreeMap;
use std::fs;
use std::path::Path;

use similar::TextDiff;

/// Whether the expected files are to be rewritten.
pub fn blessing() -> bool {
    std::env::var("BLESS").is_ok_and(|value| value == "1")
}

/// How an expected text differs from the actual one, as a unified diff; `None` when it does not.
fn difference(name: &str, expected: &str, actual: &str) -> Option<String> {
    (expected != actual).then(|| {
        let diff = TextDiff::from_lines(expected, actual);
        diff.unified_diff().header(&format!("{name} (expected)"), &format!("{name} (actual)")).to_string()
    })
}

/// Compares files of a directory with `actual`, by path with `/`; gives one text for each that differs, is missing,
/// or is there (as `present`) and not expected.
pub fn compare(
    dir: &Path,
    present: &BTreeMap<String, String>,
    actual: &BTreeMap<String, String>,
) -> Vec<String> {
    let mut problems = Vec::new();
    for (path, text) in actual {
        let name = dir.join(path).display().to_string();
        let known = present.get(path).map_or("", String::as_str);
        let problem = match present.contains_key(path) {
            true => difference(&name, known, text),
            false => Some(format!("{name} is missing\n")),
        };
        if let Some(problem) = problem {
            if blessing() {
                fs::create_dir_all(dir.join(path).parent().unwrap()).unwrap();
                fs::write(dir.join(path), text).unwrap();
            } else {
                problems.push(problem);
            }
        }
    }
    for path in present.keys().filter(|path| !actual.contains_key(*path)) {
        if blessing() {
            fs::remove_file(dir.join(path)).unwrap();
        } else {
            problems.push(format!("{} is no longer generated\n", dir.join(path).display()));
        }
    }
    problems
}

/// All files below a directory, by path with `/`. None when the directory is missing.
pub fn files(dir: &Path) -> BTreeMap<String, String> {
    let mut found = BTreeMap::new();
    let Ok(entries) = fs::read_dir(dir) else { return found };
    for entry in entries {
        let path = entry.unwrap().path();
        let name = path.file_name().unwrap().to_str().unwrap().to_owned();
        if path.is_dir() {
            found.extend(files(&path).into_iter().map(|(inner, text)| (format!("{name}/{inner}"), text)));
        } else {
            found.insert(name, fs::read_to_string(&path).unwrap());
        }
    }
    found
}

/// Fails with everything that differs.
pub fn assert_none(problems: &[String]) {
    assert!(
        problems.is_empty(),
        "\n{}\n{} differences; if they are meant, rewrite the expected files with BLESS=1 and review them",
        problems.join("\n"),
        problems.len()
    );
}
