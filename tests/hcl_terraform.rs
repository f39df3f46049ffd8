//! The module `hcl` against the `terraform` binary and against `hcl::edit`.
//!
//! Needs no provider and no network. Without `terraform` the comparisons with it are skipped, loudly; with
//! `GROUNDPLAN_REQUIRE_TERRAFORM` set, that is a failure.

#![allow(
    clippy::unwrap_used,
    clippy::disallowed_methods,
    reason = "a test program touches the disk and may panic"
)]

use std::fmt::Write as _;
use std::io::Write as _;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use groundplan::hcl::{Kind, format, index, lex, quote};

/// A small fixed-seed generator (xorshift): the tests must not change from run to run.
struct Random(u64);

impl Random {
    fn below(&mut self, limit: usize) -> usize {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        (self.0 >> 11) as usize % limit
    }

    fn pick<T: Copy>(&mut self, items: &[T]) -> T {
        items[self.below(items.len())]
    }
}

/// Whether `terraform` can be used; says so if not.
fn has_terraform() -> bool {
    let found = Command::new("terraform").arg("version").stdout(Stdio::null()).stderr(Stdio::null()).status();
    let found = found.is_ok_and(|status| status.success());
    if !found {
        // Past the test harness, which swallows what passing tests print.
        let mut stderr = std::io::stderr();
        writeln!(stderr, "SKIPPED: terraform is not installed").unwrap();
        assert!(std::env::var_os("GROUNDPLAN_REQUIRE_TERRAFORM").is_none(), "terraform is required here");
    }
    found
}

/// Runs terraform in a directory and returns its standard output.
fn terraform(directory: &Path, arguments: &[&str]) -> String {
    let output = Command::new("terraform").args(arguments).current_dir(directory).output().unwrap();
    let errors = String::from_utf8_lossy(&output.stderr);
    assert!(output.status.success(), "terraform {arguments:?}: {errors}");
    String::from_utf8(output.stdout).unwrap()
}

fn fixtures() -> Vec<(String, String)> {
    let directory = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("tests/fixtures/fmt");
    let mut fixtures: Vec<_> = std::fs::read_dir(directory)
        .unwrap()
        .map(|entry| entry.unwrap().path())
        .map(|path| {
            (path.file_stem().unwrap().to_str().unwrap().to_owned(), std::fs::read_to_string(path).unwrap())
        })
        .collect();
    fixtures.sort();
    assert!(fixtures.len() >= 12);
    fixtures
}

/// Strings in normal form C (Terraform normalises) that have broken escaping rules, or might.
fn hostile_strings() -> Vec<String> {
    let alphabet = ['$', '%', '{', '}', '"', '\\', 'a', '~'];
    let mut strings = vec![String::new()];
    let mut shorter = 0;
    for _ in 0..4 {
        let end = strings.len();
        for index in shorter..end {
            strings.extend(alphabet.map(|c| format!("{}{c}", strings[index])));
        }
        shorter = end;
    }
    strings.extend((0..=0xff).filter_map(char::from_u32).map(|c| format!("a{c}${{b}}{c}")));
    strings.extend(
        ["\u{2028}", "\u{feff}", "\u{200b}", "\u{202e}x", "😀", "\u{10ffff}", "日本"].map(String::from),
    );
    let mut random = Random(0x9e37_79b9_7f4a_7c15);
    let long = [
        "$", "%", "{", "}", "${", "%{", "$${", "\"", "\\", "\\u", "\n", "\r\n", "\t", "é", "😀", " if ", "~",
    ];
    strings.extend((0..1000).map(|_| (0..40).map(|_| random.pick(&long)).collect::<String>()));
    strings
}

#[test]
fn terraform_reads_back_every_quoted_string() {
    if !has_terraform() {
        return;
    }
    let strings = hostile_strings();
    assert!(strings.len() > 5000);
    let mut config = String::from("output \"strings\" {\n  value = [\n");
    for string in &strings {
        writeln!(config, "    {},", quote(string)).unwrap();
    }
    config.push_str("  ]\n}\n");
    assert_eq!(index(&config).unwrap().len(), 1);

    let directory = tempfile::tempdir().unwrap();
    std::fs::write(directory.path().join("main.tf"), config).unwrap();
    terraform(directory.path(), &["init", "-input=false"]);
    terraform(directory.path(), &["apply", "-auto-approve", "-input=false"]);
    let outputs: serde_json::Value =
        serde_json::from_str(&terraform(directory.path(), &["output", "-json"])).unwrap();
    let read = outputs["strings"]["value"].as_array().unwrap();
    assert_eq!(read.len(), strings.len());
    for (read, written) in read.iter().zip(&strings) {
        assert_eq!(read.as_str().unwrap(), written, "quoted as {}", quote(written));
    }
}

/// The text with other blanks between its tokens and more blank lines: the same file, badly laid out.
fn mangle(text: &str, random: &mut Random) -> String {
    let tokens = lex(text).unwrap();
    let mut out = String::new();
    let mut heredocs = 0;
    for (index, &token) in tokens.iter().enumerate() {
        let kind = token.kind;
        let before = if index > 0 { tokens[index - 1].kind } else { Kind::Newline };
        let start = if index > 0 { tokens[index - 1].end as usize } else { 0 };
        let between = &text[start..token.start as usize];
        let literal = matches!(kind, Kind::Text | Kind::CloseQuote | Kind::CloseHeredoc)
            || matches!(before, Kind::OpenQuote | Kind::Text | Kind::CloseTemplate | Kind::OpenHeredoc);
        let fixed = literal || heredocs > 0 || kind == Kind::DoubleColon || before == Kind::DoubleColon;
        if fixed || matches!(before, Kind::CloseHeredoc | Kind::LineComment) {
            out.push_str(between);
        } else {
            let bracket = |kind: Kind| kind.opens() || kind.closes() || kind == Kind::Comma;
            let can_vanish =
                between.is_empty() || bracket(kind) || bracket(before) || before == Kind::Newline;
            let smallest = usize::from(!can_vanish);
            for _ in 0..smallest + random.pick(&[0, 0, 1, 3]) {
                out.push(random.pick(&[' ', ' ', '\t']));
            }
        }
        match kind {
            Kind::OpenHeredoc => heredocs += 1,
            Kind::CloseHeredoc => heredocs -= 1,
            _ => {}
        }
        out.push_str(token.text(text));
        // Blank lines only where the layout drops them again.
        if kind == Kind::Newline && heredocs == 0 {
            let next = tokens.get(index + 1).map(|t| t.kind);
            let dropped = before.opens() || next.is_none_or(|kind| kind.closes() || kind == Kind::Newline);
            out.push_str(&"\n".repeat(if dropped { random.below(3) } else { 0 }));
        }
    }
    out
}

/// What the layout does to blank lines and `terraform fmt` does not; reads lines only, as a check on the tokens.
fn with_settled_blank_lines(text: &str) -> String {
    let mut out: Vec<&str> = Vec::new();
    let mut marker: Option<&str> = None;
    for line in text.lines() {
        if let Some(name) = marker {
            marker = (line.trim() != name).then_some(name);
            out.push(line);
            continue;
        }
        let last = out.last().map_or("", |line| line.trim_end());
        let blank = line.trim().is_empty();
        let code = last.split(" #").next().unwrap_or("").split(" //").next().unwrap_or("").trim_end();
        if blank && (last.is_empty() || code.ends_with(['{', '[', '('])) {
            continue;
        }
        if line.trim_start().starts_with(['}', ']', ')']) && last.is_empty() {
            out.pop();
        }
        marker = line.rsplit_once("<<").map(|(_, name)| name.trim_start_matches('-').trim_end());
        out.push(if blank { "" } else { line });
    }
    while out.last().is_some_and(|line| line.is_empty()) {
        out.pop();
    }
    out.join("\n") + "\n"
}

#[test]
fn every_fixture_is_canonical_and_survives_mangling() {
    let mut random = Random(42);
    for (name, text) in fixtures() {
        assert_eq!(format(&text).unwrap(), text, "{name}");
        for _ in 0..20 {
            let mangled = mangle(&text, &mut random);
            assert_eq!(format(&mangled).unwrap(), text, "{name}, mangled to:\n{mangled}");
        }
    }
}

#[test]
fn the_layout_is_that_of_terraform_fmt() {
    if !has_terraform() {
        return;
    }
    let directory = tempfile::tempdir().unwrap();
    let mut random = Random(7);
    let mut expected = Vec::new();
    for (name, text) in fixtures() {
        for copy in 0..12 {
            let mangled = if copy == 0 { text.clone() } else { mangle(&text, &mut random) };
            let path = directory.path().join(format!("{name}_{copy}.tf"));
            std::fs::write(&path, with_settled_blank_lines(&mangled)).unwrap();
            expected.push((path, format(&mangled).unwrap()));
        }
    }
    terraform(directory.path(), &["fmt", "-no-color", "-list=false", "."]);
    for (path, ours) in expected {
        assert_eq!(std::fs::read_to_string(&path).unwrap(), ours, "{}", path.display());
    }
}

/// The text with one to three small changes that often make it invalid.
fn mutate(text: &str, random: &mut Random) -> String {
    let mut characters: Vec<char> = text.chars().collect();
    let bits = [
        "{", "}", "[", "]", "(", ")", "\"", "=", ",", ".", ":", "?", "-", "!", "\n", " ", "${", "%{", "~",
        "for ", "if ", "...", "::", "*", "#", "/*", "<<E\n", "1", "\\", "'", ";",
    ];
    for _ in 0..=random.below(3) {
        let at = random.below(characters.len());
        match random.below(4) {
            0 => drop(characters.remove(at)),
            1 => drop(characters.splice(at..at, random.pick(&bits).chars())),
            2 => characters[at] = random.pick(&bits).chars().next().unwrap(),
            _ => {
                let other = (at + random.below(20)).min(characters.len() - 1);
                characters.swap(at, other);
            }
        }
    }
    characters.into_iter().collect()
}

#[test]
fn index_agrees_with_hcl_edit() {
    let mut random = Random(99);
    let mut fixtures = fixtures();
    for (name, text) in &fixtures {
        assert!(index(text).is_ok(), "{name}: {:?}", index(text));
    }
    // `hcl::edit` refuses a line feed between a heredoc's marker and the comma after it; Terraform demands it.
    fixtures.retain(|(name, _)| name != "heredoc_items");
    let total = 4000;
    let mut disagreements = 0;
    for round in 0..total {
        let (name, text) = &fixtures[round % fixtures.len()];
        let mutant = mutate(text, &mut random);
        let ours = index(&mutant).map(drop);
        let theirs = mutant.parse::<hcl::edit::structure::Body>();
        if ours.is_ok() == theirs.is_ok() {
            continue;
        }
        disagreements += 1;
        let explained = match (&ours, &theirs) {
            // `hcl::edit` lets a quoted string run over the end of its line. Terraform does not.
            (Err(error), _) if error.message.contains("before the end of its line") => true,
            // `hcl::edit` reads `inlocal.x` as `in local.x`, and so with `for` and `if`. Terraform does not.
            (Err(error), _) => {
                ["`in", "`if", "`for"].iter().any(|w| error.message.contains(&format!("found {w}")))
            }
            // `hcl::edit` allows no line feed or comment after `-` and `!`. Inside brackets Terraform does.
            (Ok(()), Err(error)) => mutant[..error.location().offset()].trim_end().ends_with(['-', '!']),
            (Ok(()), Ok(_)) => false,
        };
        assert!(explained, "{name}: ours {ours:?}, for:\n{mutant}");
    }
    assert!(disagreements * 100 <= total, "{disagreements} of {total}");
}
