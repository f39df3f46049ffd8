//! Who may import whom. A change of the table below is a change of the architecture: say why in the commit.

use std::collections::BTreeMap;

use groundplan::components::KINDS;

use crate::{assert_tidy, files, program};

/// Each top-level module and what it may name, from the ground up: nothing goes round in a circle.
const LAYERS: &[(&str, &[&str])] = &[
    ("source", &[]),
    ("parallel", &[]),
    ("suspicion", &[]),
    ("hcl", &[]),
    ("aws", &[]),
    ("tree", &[]),
    ("evaluate", &["hcl", "tree"]),
    ("review", &["aws", "tree"]),
    ("predict", &["aws", "evaluate", "review"]),
    ("diagnostic", &["source"]),
    ("syntax", &["source", "diagnostic"]),
    ("terms", &["source", "hcl"]),
    ("settings", &["source", "diagnostic", "hcl", "syntax"]),
    ("model", &["source", "diagnostic", "aws", "syntax", "terms", "settings"]),
    ("routing", &["aws", "terms", "model"]),
    ("components", &["source", "diagnostic", "aws", "syntax", "terms", "settings", "model", "routing"]),
    (
        "stack",
        &["source", "diagnostic", "aws", "syntax", "terms", "settings", "model", "routing", "components"],
    ),
    (
        "check",
        &[
            "source",
            "suspicion",
            "diagnostic",
            "aws",
            "syntax",
            "terms",
            "settings",
            "model",
            "routing",
            "components",
        ],
    ),
    ("show", &["source", "suspicion", "hcl", "review", "syntax", "settings", "model", "components"]),
    ("fold", &["diagnostic", "hcl", "terms", "settings", "model", "components"]),
    // Builds a stack file and never reads one: what it shares with the compiler are facts, quoting and names.
    ("import", &["source", "suspicion", "diagnostic", "hcl", "aws", "settings"]),
    // Builds a stack file and never reads one: what it shares with the compiler are facts, quoting and the rule of secrets.
    ("import", &["source", "diagnostic", "hcl", "aws", "settings", "routing", "check"]),
    // Builds a stack file and never reads one: what it shares with the compiler are facts, quoting, names and the order of
    // routes.
    ("import", &["source", "suspicion", "diagnostic", "hcl", "aws", "settings", "routing"]),
    ("graph", &["syntax", "settings", "terms", "model"]),
    ("render", &["diagnostic", "hcl", "tree", "evaluate", "terms", "model", "components", "fold", "graph"]),
    ("moves", &["source", "diagnostic", "terms", "tree", "model"]),
    ("imports", &["source", "diagnostic", "aws", "terms", "tree", "evaluate", "settings", "model"]),
    ("retire", &["diagnostic", "tree", "settings", "model"]),
    (
        "pipeline",
        &[
            "source",
            "diagnostic",
            "syntax",
            "tree",
            "model",
            "stack",
            "check",
            "fold",
            "render",
            "moves",
            "imports",
            "retire",
        ],
    ),
    (
        "influence",
        &[
            "source", "parallel", "review", "evaluate", "predict", "syntax", "tree", "settings", "model",
            "show", "render", "pipeline",
        ],
    ),
    (
        "why",
        &["source", "diagnostic", "review", "evaluate", "model", "show", "render", "pipeline", "influence"],
    ),
    ("project", &["source", "tree"]),
    (
        "catalog",
        &[
            "diagnostic",
            "syntax",
            "settings",
            "model",
            "components",
            "check",
            "fold",
            "imports",
            "import",
            "retire",
        ],
    ),
    ("reference", &["diagnostic", "terms", "settings", "model", "components", "import", "catalog"]),
    ("difference", &["source", "model", "evaluate", "predict", "pipeline", "review", "show"]),
    (
        "cli",
        &[
            "source",
            "diagnostic",
            "tree",
            "settings",
            "model",
            "show",
            "influence",
            "why",
            "graph",
            "render",
            "import",
            "review",
            "parallel",
            "pipeline",
            "project",
            "catalog",
            "difference",
            "reference",
            "review",
        ],
    ),
];

/// The modules that a file names after `crate::`, in `use` lines and elsewhere.
fn imports(code: &str) -> Vec<String> {
    let mut found = Vec::new();
    for (at, _) in code.match_indices("crate::") {
        let rest = &code[at + "crate::".len()..];
        match rest.strip_prefix('{') {
            None => found.push(word(rest)),
            Some(group) => found.extend(heads(group)),
        }
    }
    found.sort();
    found.dedup();
    found
}

/// The first words of the items of a `{..}` group, of which `group` is the text after the opening brace.
fn heads(group: &str) -> Vec<String> {
    let mut depth = 0;
    let mut start = 0;
    let mut found = Vec::new();
    for (at, c) in group.char_indices() {
        match c {
            '{' => depth += 1,
            '}' if depth > 0 => depth -= 1,
            ',' | '}' if depth == 0 => {
                found.push(word(group[start..at].trim_start()));
                start = at + 1;
                if c == '}' {
                    break;
                }
            }
            _ => {}
        }
    }
    found.retain(|word| !word.is_empty());
    found
}

fn word(text: &str) -> String {
    text.chars().take_while(|&c| c.is_ascii_alphanumeric() || c == '_').collect()
}

#[test]
fn imports_follow_the_layers() {
    let layers: BTreeMap<&str, &[&str]> = LAYERS.iter().copied().collect();
    let mut problems = Vec::new();
    for file in program() {
        let module = file.module();
        if matches!(module, "lib" | "main") {
            continue;
        }
        let Some(allowed) = layers.get(module) else {
            problems.push(format!("{}: the module `{module}` has no place in the table", file.path));
            continue;
        };
        let code = file.code();
        for import in imports(&code) {
            if import != module && !allowed.contains(&import.as_str()) {
                problems.push(format!("{}: `{module}` may not import `{import}`", file.path));
            }
        }
        if code.contains("super::super::super")
            || (file.path.matches('/').count() == 2 && code.contains("super::super"))
        {
            problems.push(format!("{}: `super::super` hides an import: write `crate::`", file.path));
        }
    }
    assert_tidy("imports against the table of layers", problems);
}

#[test]
fn the_table_of_layers_names_modules_that_exist() {
    let modules: Vec<String> = program().iter().map(|file| file.module().to_owned()).collect();
    let missing = LAYERS.iter().filter(|(module, _)| !modules.iter().any(|known| known == module));
    assert_tidy("layers without a module", missing.map(|(module, _)| (*module).to_owned()));
}

#[test]
fn layers_have_no_circle() {
    for (index, (module, allowed)) in LAYERS.iter().enumerate() {
        for import in *allowed {
            let place = LAYERS.iter().position(|(name, _)| name == import).expect("a layer of the table");
            assert!(place < index, "`{module}` imports `{import}`, which stands above it");
        }
    }
}

#[test]
fn nobody_names_a_component() {
    let mut problems = Vec::new();
    for file in program() {
        let own =
            file.path.trim_start_matches("src/components/").split(['/', '.']).next().unwrap_or_default();
        let table = file.path == "src/components/mod.rs";
        let code = file.code();
        for kind in KINDS.iter().map(|kind| kind.key).filter(|key| *key != own && !table) {
            let inside = file.module() == "components" && names(&code, "super::", kind);
            if inside || names(&code, "components::", kind) {
                problems.push(format!("{} names the component `{kind}`", file.path));
            }
        }
    }
    assert_tidy("components meet in `terms` and in the table of kinds only", problems);
}

/// Whether a path that begins with `prefix` names `module` next, alone or in a group.
fn names(code: &str, prefix: &str, module: &str) -> bool {
    code.match_indices(prefix).any(|(at, _)| {
        let rest = &code[at + prefix.len()..];
        match rest.strip_prefix('{') {
            None => word(rest) == module && rest[module.len()..].starts_with("::"),
            Some(group) => heads(group).iter().any(|head| head == module),
        }
    })
}

#[test]
fn imports_are_found_however_they_are_written() {
    let code = "use crate::check;\nuse crate::{render, syntax::{a, b}};\nfn f() -> crate::hcl::Expr { $crate::fold::x }";
    assert_eq!(imports(code), ["check", "fold", "hcl", "render", "syntax"]);
    assert!(names("use super::{read, network};", "super::", "network"));
    assert!(names("super::network::Nat", "super::", "network"));
    assert!(!names("super::network_name()", "super::", "network"));
    assert!(!files("src", "lib.rs").is_empty());
}
