//! Templates say the shape of a file and decide nothing: loops, switches by name, inclusion, filters.

use groundplan::components::KINDS;

use crate::{File, assert_tidy, files};

/// Names that print without a filter: labels, counts and Terraform types, which are ours by construction. The engine
/// refuses anything else that a string could break.
const SAFE: &[&str] = &[
    "at", "aws_name", "consumer", "count", "dashed", "first", "header", "id", "key", "label", "name", "peer",
    "prefix", "stack", "type", "value",
];

/// How deep loops and switches may stand in each other in Terraform text, and in prose.
const DEPTH: (usize, usize) = (2, 3);

/// A `{% .. %}` or `{{ .. }}` of a template.
struct Tag<'t> {
    line: usize,
    statement: bool,
    words: Vec<&'t str>,
}

fn tags(text: &str) -> Vec<Tag<'_>> {
    let mut found = Vec::new();
    for (index, line) in text.lines().enumerate() {
        let mut rest = line;
        while let Some(at) = rest.find("{%").into_iter().chain(rest.find("{{")).min() {
            let statement = rest[at..].starts_with("{%");
            let inner = &rest[at + 2..];
            let end = inner.find(if statement { "%}" } else { "}}" }).unwrap_or(inner.len());
            let words = inner[..end].split_whitespace().collect();
            found.push(Tag { line: index + 1, statement, words });
            rest = &inner[end..];
        }
    }
    found
}

/// Whether a template is of Terraform text, not of prose.
fn is_terraform(file: &File) -> bool {
    file.path.ends_with(".tf.tera") || file.path.ends_with(".hcl.tera")
}

/// The filters of a template; none for prose, which is read by people only.
fn filters(file: &File) -> &'static [&'static str] {
    if is_terraform(file) {
        &["hcl", "part"]
    } else if file.path.ends_with(".yml.tera") {
        &["yaml", "lines"]
    } else if file.path.starts_with("templates/scripts/") {
        &["lines"]
    } else {
        &[]
    }
}

fn is_path(text: &str) -> bool {
    !text.is_empty()
        && text.chars().all(|c| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '_' || c == '.')
}

fn last(path: &str) -> &str {
    path.rsplit('.').next().unwrap_or_default()
}

#[test]
fn templates_only_loop_switch_and_include() {
    let mut problems = Vec::new();
    for file in files("templates", ".tera") {
        let mut depth: usize = 0;
        let limit = if is_terraform(&file) { DEPTH.0 } else { DEPTH.1 };
        for tag in tags(&file.text).iter().filter(|tag| tag.statement) {
            match tag.words.as_slice() {
                ["for", _, "in", path] | ["if", path] if is_path(path) => depth += 1,
                ["endfor" | "endif"] => depth = depth.saturating_sub(1),
                ["else"] | ["include", _] => {}
                words => problems.push(format!("{}:{}: {}", file.path, tag.line, words.join(" "))),
            }
            if depth > limit {
                problems.push(format!("{}:{}: more than {limit} deep", file.path, tag.line));
            }
        }
    }
    assert_tidy("tags that decide; take the decision in the component's view", problems);
}

#[test]
fn every_value_goes_through_a_filter() {
    let mut problems = Vec::new();
    for file in files("templates", ".tera") {
        let filters = filters(&file);
        if filters.is_empty() {
            continue;
        }
        for tag in tags(&file.text).iter().filter(|tag| !tag.statement) {
            let fine = match tag.words.as_slice() {
                [path, "|", filter] => {
                    let name = filter.split('(').next().unwrap_or_default();
                    is_path(path) && filters.contains(&name)
                }
                [path] => is_path(path) && SAFE.contains(&last(path)),
                _ => false,
            };
            if !fine {
                problems.push(format!("{}:{}: {}", file.path, tag.line, tag.words.join(" ")));
            }
        }
    }
    assert_tidy("values without a filter of their kind of file", problems);
}

#[test]
fn every_switch_is_set_in_rust() {
    let kinds: Vec<&str> = KINDS.iter().map(|kind| kind.key).collect();
    let mut problems = Vec::new();
    for file in files("templates", ".tera") {
        let stem = last(&file.path.replace('/', ".").replace(".tf.tera", "")).to_owned();
        let sources: Vec<File> = if file.path.starts_with("templates/root/") {
            files("src/render", ".rs")
        } else if !is_terraform(&file) {
            [files("src/components", ".rs"), files("src/render", ".rs")].into_iter().flatten().collect()
        } else {
            let components = files("src/components", ".rs").into_iter();
            components
                .filter(|source| {
                    let name = source.path["src/components/".len()..].split(['/', '.']).next();
                    let name = name.unwrap_or_default();
                    // `service_routes` is a part of the template of `service`.
                    let part = stem.strip_prefix(name).is_some_and(|rest| rest.starts_with('_'));
                    name == stem || part || !kinds.contains(&name)
                })
                .collect()
        };
        for tag in tags(&file.text).iter().filter(|tag| tag.statement && tag.words.first() == Some(&"if")) {
            let name = last(tag.words.last().copied().unwrap_or_default());
            // `at` comes with every group: empty where nothing varies.
            if name != "at" && !sources.iter().any(|source| source.code().contains(&format!("\"{name}\""))) {
                problems.push(format!("{}:{}: nothing sets `{name}`", file.path, tag.line));
            }
        }
    }
    assert_tidy("switches that are never set, and would silently drop their block", problems);
}

#[test]
fn tags_are_found_on_one_line() {
    let found = tags("a {{ b | hcl }} {% if c.d %}\n{{ e }}");
    let words: Vec<_> = found.iter().map(|tag| (tag.line, tag.statement, tag.words.join(" "))).collect();
    let expected = [(1, false, "b | hcl"), (1, true, "if c.d"), (2, false, "e")];
    assert_eq!(words, expected.map(|(line, statement, words)| (line, statement, words.to_owned())));
}
