//! Names of components: what a stack file allows, and no two alike.

use std::collections::{BTreeMap, BTreeSet};

use crate::settings::values::{NAME_LENGTH, name_problem};

/// The names that are taken, by kind.
#[derive(Debug, Default)]
pub struct Names {
    taken: BTreeSet<(&'static str, String)>,
    /// The last number that a name got.
    numbers: BTreeMap<(&'static str, String), u32>,
}

impl Names {
    /// A name for a component of a kind, as near to `wanted` as can be.
    pub fn claim(&mut self, kind: &'static str, wanted: &str) -> String {
        // They share a cluster.
        let kind = if kind == "task" { "service" } else { kind };
        let most = longest(kind);
        let base = valid(wanted);
        let base = shortened(&base, most).to_owned();
        let mut name = base.clone();
        let number = self.numbers.entry((kind, base.clone())).or_insert(1);
        while !self.taken.insert((kind, name.clone())) {
            *number += 1;
            let suffix = format!("_{number}");
            let kept = shortened(&base, most - suffix.len());
            name = format!("{kept}{suffix}");
        }
        name
    }
}

/// A name within a length: without its last words, as long as half of the room is used.
fn shortened(name: &str, most: usize) -> &str {
    if name.len() <= most {
        return name;
    }
    let end = name[..=most].rfind('_').filter(|end| *end > most / 2).unwrap_or(most);
    name[..end].trim_end_matches('_')
}

/// The longest name for a component of a kind, so that what AWS calls it, `<stack>-<environment>-<name>` with a word for
/// the kind, has room there: 32 characters for a load balancer, 40 for a cache, 64 for the role that watches a database.
fn longest(kind: &str) -> usize {
    match kind {
        "stack" => 15,
        "cache" => 12,
        // Their names in AWS have room for more.
        "secret" | "registry" | "log_group" => NAME_LENGTH,
        "database" => 17,
        "pipeline" => 14,
        _ => NAME_LENGTH - 10,
    }
}

/// A text as a name: `My-App.v2` is `my_app_v2`.
pub fn valid(text: &str) -> String {
    let mut name = String::new();
    for c in text.chars() {
        match c.to_ascii_lowercase() {
            c @ ('a'..='z' | '0'..='9') => name.push(c),
            _ if name.is_empty() || name.ends_with('_') => {}
            _ => name.push('_'),
        }
    }
    if !name.starts_with(|c: char| c.is_ascii_lowercase()) {
        name.insert_str(0, if name.is_empty() { "main" } else { "x" });
    }
    name.truncate(NAME_LENGTH);
    let name = name.trim_end_matches('_').to_owned();
    debug_assert!(name_problem(&name).is_none());
    name
}

/// The last part of an image or a path, without a tag: what to call it.
pub fn base_name(image: &str) -> &str {
    let last = image.rsplit('/').next().unwrap_or(image);
    last.split([':', '@']).next().unwrap_or(last)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn names_stay_recognisable() {
        for (text, name) in [
            ("my-app", "my_app"),
            ("My--App.v2_", "my_app_v2"),
            ("2048", "x2048"),
            ("", "main"),
            ("日本", "main"),
            ("a-very-long-name-that-goes-on-and-on", "a_very_long_name_that_goes_on_an"),
        ] {
            assert_eq!(valid(text), name, "{text}");
        }
        assert_eq!(base_name("ghcr.io/a/shop:1.2@sha256:abc"), "shop");
    }

    #[test]
    fn names_that_clash_get_numbers() {
        let mut names = Names::default();
        let claimed = ["a-b", "a.b", "a_b"].map(|text| names.claim("service", text));
        assert_eq!(claimed, ["a_b", "a_b_2", "a_b_3"]);
        assert_eq!(names.claim("task", "a_b"), "a_b_4");
        assert_eq!(names.claim("cache", "a_b"), "a_b");
    }

    proptest! {
        #[test]
        fn every_text_gives_a_name(text in any::<String>()) {
            let mut names = Names::default();
            for _ in 0..12 {
                let name = names.claim("service", &text);
                prop_assert_eq!(name_problem(&name), None);
            }
        }
    }
}
