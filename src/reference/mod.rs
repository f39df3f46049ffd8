//! The reference under `docs/reference`, made from the declarations that the program itself runs on: settings, kinds,
//! diagnostic codes and commands.
//!
//! Pure text by path: knows no disk. What is on disk is held to it by `tests/reference.rs`.

mod blocks;
mod command_line;
mod components;
mod diagnostics;
mod schema;
mod stack;

use std::collections::BTreeMap;

use crate::components::KINDS;
use crate::import::matrix;
use crate::model::Common;
use crate::settings::{Field, Settings};

pub use schema::schema;

/// The first line of every page, with what to change instead of it.
fn header(origin: &str) -> String {
    format!(
        "<!-- Made from {origin} by `BLESS=1 cargo test --test reference`: change that, not this file. -->\n\n"
    )
}

/// Every page by its path below `docs/reference`. `examples` has a stack file for each kind, by key; `command` is the
/// command line as clap knows it.
pub fn pages(command: &clap::Command, examples: &BTreeMap<String, String>) -> BTreeMap<String, String> {
    let mut pages = BTreeMap::new();
    pages.insert("README.md".to_owned(), index());
    pages.insert("stack.md".to_owned(), stack::page());
    for kind in KINDS {
        let example = examples.get(kind.key).map(String::as_str);
        pages.insert(format!("components/{}.md", kind.key), components::page(kind, example));
    }
    pages.insert("diagnostics.md".to_owned(), diagnostics::page());
    pages.insert("import.md".to_owned(), header("the rows in `src/import`") + &matrix::page());
    pages.insert("cli.md".to_owned(), command_line::page(command));
    pages.insert("schema.json".to_owned(), format!("{:#}\n", schema()));
    pages
}

/// The list of pages.
fn index() -> String {
    let mut text = header("the table of kinds");
    text += "# Reference\n\n\
        - [`stack`, `environment` and `app`](stack.md)\n\
        - [Diagnostics](diagnostics.md): every code with its page\n\
        - [Command line](cli.md)\n\
        - [Import](import.md): what becomes of every key of other tools' files\n\
        - [JSON Schema](schema.json) of a stack file in JSON\n\n\
        ## Components\n\n\
        | block | what it is |\n|---|---|\n";
    for kind in KINDS {
        let doc = crate::settings::schema::one_line(&(kind.info)().doc);
        text +=
            &format!("| [`{0}`](components/{0}.md) | {1} |\n", kind.key, blocks::cell(first_sentence(&doc)));
    }
    text
}

/// A text up to its first full stop.
fn first_sentence(text: &str) -> &str {
    text.find(". ").map_or(text, |end| &text[..=end])
}

/// What every component has besides its own settings.
fn common() -> Vec<Field> {
    Common::info().fields
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_first_sentence_ends_at_its_full_stop() {
        assert_eq!(first_sentence("A VPC. With subnets."), "A VPC.");
        assert_eq!(first_sentence("Needs 1.5 GiB"), "Needs 1.5 GiB");
    }

    #[test]
    fn every_kind_has_a_page_that_the_index_links() {
        let pages = pages(&clap::Command::new("groundplan"), &BTreeMap::new());
        for kind in KINDS {
            let path = format!("components/{}.md", kind.key);
            assert!(pages.contains_key(&path), "{path}");
            assert!(pages["README.md"].contains(&format!("]({path})")), "{path}");
        }
    }
}
