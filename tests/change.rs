//! Small changes of a stack file make small changes of the tree: what a reviewer of a pull request gets to see.

#![allow(clippy::disallowed_methods, reason = "tests read files")]

#[path = "support/compile.rs"]
mod compile;

use std::collections::BTreeMap;

use groundplan::render::Engine;
use groundplan::source::Syntax;
use similar::{ChangeTag, TextDiff};

/// The picture of the architecture: a change of that draws it anew, and shifts what stands below.
const PICTURE: &str = "architecture.svg";

/// The lines of each file that differ between the trees of two stack texts, with `-` or `+` before them.
fn changed_lines(before: &str, after: &str) -> BTreeMap<String, Vec<String>> {
    let engine = Engine::new().expect("the templates parse");
    let tree = |text: &str| {
        let input = ("stacks/mastodon.hcl", text, Syntax::Hcl);
        let (sources, outcome) = compile::compile(&engine, input, &BTreeMap::new());
        let report = groundplan::diagnostic::human::render(&outcome.diagnostics, &sources, false);
        outcome.value.unwrap_or_else(|| panic!("{report}")).files
    };
    let (before, after) = (tree(before), tree(after));
    let mut changed: BTreeMap<String, Vec<String>> = BTreeMap::new();
    for path in before.keys().chain(after.keys()) {
        let text = |files: &BTreeMap<String, String>| files.get(path).cloned().unwrap_or_default();
        let (old, new) = (text(&before), text(&after));
        let lines: Vec<String> = TextDiff::from_lines(&old, &new)
            .iter_all_changes()
            .filter(|change| change.tag() != ChangeTag::Equal)
            // How the columns of a table are aligned is no part of what changed.
            .map(|change| {
                let words: Vec<&str> = change.value().split_whitespace().collect();
                format!("{}{}", change.tag(), words.join(" "))
            })
            .collect();
        if !lines.is_empty() {
            changed.insert(path.clone(), lines);
        }
    }
    changed
}

/// `stacks/mastodon.hcl` with one part of its text replaced, which must be there.
fn mastodon(replace: &str, with: &str) -> (String, String) {
    let path = compile::root("stacks/mastodon.hcl");
    let text = std::fs::read_to_string(path).expect("the stack file can be read");
    assert_eq!(text.matches(replace).count(), 1, "`{replace}` stands once in the stack file");
    let after = text.replacen(replace, with, 1);
    (text, after)
}

#[test]
fn the_tasks_of_one_service_in_one_environment_are_one_line_of_one_file() {
    let overlay = "  domain  = \"staging.example.social\"\n";
    let with = format!("{overlay}\n  service \"streaming\" {{\n    tasks = 3\n  }}\n");
    let (before, after) = mastodon(overlay, &with);
    let expected =
        ["-service_streaming_tasks = 1", "+service_streaming_tasks = 3"].map(String::from).to_vec();
    assert_eq!(changed_lines(&before, &after), BTreeMap::from([("environments.tf".to_owned(), expected)]));
}

#[test]
fn a_new_service_changes_no_file_of_another_one() {
    let task = "  task \"migrate\" {";
    let service = "  service \"admin\" {\n    port = 3000\n    route \"/admin*\" {}\n  }\n\n";
    let (before, after) = mastodon(task, &format!("{service}{task}"));
    let changed = changed_lines(&before, &after);
    assert!(changed.contains_key("modules/services/service_admin.tf"), "{changed:#?}");
    let others = |path: &&String| path.contains("/service_") && !path.ends_with("/service_admin.tf");
    assert_eq!(changed.keys().find(others), None, "no priority, no rule, nothing moves");
    let removed = changed.iter().flat_map(|(path, lines)| lines.iter().map(move |line| (path, line)));
    let removed: Vec<_> = removed
        .filter(|(path, line)| line.starts_with('-') && !path.ends_with(".md") && *path != PICTURE)
        .collect();
    assert!(removed.is_empty(), "a new service only adds lines: {removed:#?}");
}

#[test]
fn a_new_zone_is_one_more_letter_and_renumbers_nothing() {
    let (before, after) = mastodon("zones = [\"a\", \"c\"]", "zones = [\"a\", \"c\", \"d\"]");
    let mut changed = changed_lines(&before, &after);
    let picture = changed.remove(PICTURE).expect("the zones stand in the picture");
    assert!(picture.iter().all(|line| line.contains("zone")), "nothing but zones moves: {picture:?}");
    let network = ["-zones = [\"a\", \"c\"]", "+zones = [\"a\", \"c\", \"d\"]"].map(String::from).to_vec();
    let table = ["-network_nat_zones = \"a,c\"", "+network_nat_zones = \"a,c,d\""];
    let expected = [
        ("environments.tf".to_owned(), table.map(String::from).to_vec()),
        ("modules/network/network.tf".to_owned(), network),
    ];
    assert_eq!(changed, BTreeMap::from(expected));
}
