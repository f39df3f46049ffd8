//! The page of all diagnostic codes.

use super::header;
use crate::catalog;

/// A table of the codes, then the page of each.
pub(super) fn page() -> String {
    let codes = catalog::codes();
    let mut text = header("the codes beside their rules");
    text += "# Diagnostics\n\n\
        An error stops generation; a warning does not. `groundplan explain <code>` prints the same pages.\n\n\
        | code | severity | what it is |\n|---|---|---|\n";
    for code in &codes {
        text += &format!("| [`{0}`](#{0}) | {1} | {2} |\n", code.name, code.severity.name(), code.title);
    }
    for code in &codes {
        let (name, severity) = (code.name, code.severity.name());
        text += &format!("\n## {name}\n\n*{severity}*: {}\n\n{}\n", code.title, code.explanation.trim());
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_code_is_listed_and_explained() {
        let page = page();
        for code in catalog::codes() {
            assert!(page.contains(&format!("| [`{0}`](#{0}) |", code.name)), "{}", code.name);
            assert!(page.contains(code.explanation.trim()), "{}", code.name);
        }
    }
}
