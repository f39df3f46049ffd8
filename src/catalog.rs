//! Every diagnostic code of the program, in one place: for `explain`, the reference pages, and the tests that hold each
//! code to its page.
//!
//! Codes are declared beside the rules that raise them; this module collects the lists and adds nothing.

use crate::components::{KINDS, workload};
use crate::diagnostic::Code;
use crate::{check, fold, import, imports, model, retire, settings, syntax};

/// Every code, by name. A code that several kinds share is listed once.
pub fn codes() -> Vec<&'static Code> {
    let phases = [
        syntax::CODES,
        settings::codes::CODES,
        model::codes::CODES,
        fold::CODES,
        retire::CODES,
        import::CODES,
        imports::CODES,
        workload::codes::CODES,
    ];
    let lists = phases.iter().chain(check::CODES).copied().chain(KINDS.iter().map(|kind| kind.codes));
    let mut codes: Vec<&Code> = lists.flatten().copied().collect();
    codes.sort_by_key(|code| code.name);
    codes.dedup_by(|a, b| std::ptr::eq(*a, *b));
    codes
}

/// The code of a name.
pub fn find(name: &str) -> Option<&'static Code> {
    codes().into_iter().find(|code| code.name == name)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_name_belongs_to_one_code() {
        let codes = codes();
        for pair in codes.windows(2) {
            assert!(pair[0].name < pair[1].name, "two codes are called `{}`", pair[0].name);
        }
        assert!(codes.iter().all(|code| find(code.name).is_some_and(|found| std::ptr::eq(found, *code))));
    }

    #[test]
    fn codes_of_every_phase_and_of_components_are_listed() {
        for name in ["syntax-error", "unknown-key", "missing-block", "unknown-reference", "cannot-differ"] {
            assert!(find(name).is_some(), "{name}");
        }
        for name in ["fargate-size", "health-check-timeout", "cidr-overlap"] {
            assert!(find(name).is_some(), "{name}");
        }
        assert!(find("no-such-code").is_none());
    }

    #[test]
    fn every_code_is_written_in_the_same_way() {
        for code in codes() {
            let Code { name, title, explanation, .. } = code;
            assert!(name.bytes().all(|b| b.is_ascii_lowercase() || b == b'-'), "{name} is not kebab-case");
            assert!(!title.ends_with('.'), "the title of {name} is a sentence");
            assert!(explanation.contains("```"), "the page of {name} has no example");
            let prose = explanation.split("```").step_by(2);
            let heading = prose.flat_map(str::lines).find(|line| line.starts_with('#'));
            assert_eq!(heading, None, "{name} has a heading of its own");
        }
    }
}
