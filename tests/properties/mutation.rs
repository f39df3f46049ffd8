//! Mistakes as people make them, one at a time.

use crate::choices::Choices;

/// What takes the place of a value: one of each type, references that lead nowhere or to a component, and traps.
const VALUES: &[&str] = &[
    "true",
    "null",
    "-1",
    "0",
    "99999999999999999999",
    "1.5",
    "\"\"",
    "\"text\"",
    "\"${environment.domain}\"",
    "\"$${x} %{if}\"",
    "\"\u{1f680}\u{301}\"",
    "[]",
    "[[]]",
    "[\"a\", \"a\", 1]",
    "{}",
    "{ a = { b = 1 } }",
    "database.main.host",
    "database.main",
    "database",
    "network.main.vpc_id",
    "service.web.a.b.c.d",
    "a[0]",
    "f(1)",
];

/// Words of stack files and of what looks like them.
pub const WORDS: &[&str] = &[
    "stack",
    "environment",
    "network",
    "database",
    "service",
    "app",
    "route",
    "\"main\"",
    "\"web\"",
    "\"/\"",
    "{",
    "}",
    "[",
    "]",
    "(",
    ")",
    "=",
    ",",
    ".",
    ":",
    "\n",
    "\n",
    "<<EOT",
    "EOT",
    "\"",
    "${",
    "}",
    "%{",
    "#",
    "/*",
    "*/",
    "cpu",
    "= 512",
    "= \"x\"",
    "null",
    "true",
    "\\",
    "'",
    "\u{feff}",
    "\0",
    "\r\n",
    "\u{2028}",
    "é",
    "🚀",
];

/// The text with one mistake in it, which the seed chooses.
pub fn mutate(text: &str, seed: u64) -> String {
    let mut choices = Choices(seed);
    let mut lines: Vec<String> = text.lines().map(str::to_owned).collect();
    let written: Vec<usize> = (0..lines.len()).filter(|&at| !lines[at].trim().is_empty()).collect();
    let at = written[choices.below(written.len())];
    match choices.below(7) {
        0 => {
            lines.remove(at);
        }
        1 => lines.insert(at, lines[at].clone()),
        2 => lines[at] = misspelt(&lines[at], &mut choices),
        3 | 4 => {
            if let Some((key, _)) = lines[at].split_once('=') {
                lines[at] = format!("{key}= {}", VALUES[choices.below(VALUES.len())]);
            }
        }
        5 => {
            let other = written[choices.below(written.len())];
            lines.swap(at, other);
        }
        _ => {
            let place = character(&lines[at], &mut choices);
            lines[at].insert_str(place, WORDS[choices.below(WORDS.len())]);
        }
    }
    lines.join("\n") + "\n"
}

/// The line with one of its characters left out.
fn misspelt(line: &str, choices: &mut Choices) -> String {
    let place = character(line, choices);
    let mut line = line.to_owned();
    if place < line.len() {
        line.remove(place);
    }
    line
}

/// The byte offset of some character.
fn character(line: &str, choices: &mut Choices) -> usize {
    let starts: Vec<usize> = line.char_indices().map(|(at, _)| at).collect();
    if starts.is_empty() { 0 } else { starts[choices.below(starts.len())] }
}
