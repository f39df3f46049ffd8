//! Inputs changed as people and attackers change them, several of one case together.

use crate::canary::CANARY;
use crate::choices::Choices;
use crate::corpus::Texts;
use crate::lines::{indent, key, moved_to, scalar, value, with_commas};

/// What takes the place of a value: one of each type, limits, references that lead nowhere, and traps.
const VALUES: &[&str] = &[
    "null",
    "~",
    "true",
    "no",
    "[]",
    "{}",
    "[[]]",
    "{a: {b: 1}}",
    "[a, a, 1]",
    "\"\"",
    "''",
    "0",
    "-1",
    "1.5",
    "80",
    "65536",
    "4294967296",
    "99999999999999999999",
    "1e400",
    ".nan",
    "-.inf",
    "0x1F",
    "0o17",
    "10Gi",
    "1.5g",
    "500m",
    "9223372036854775807k",
    "5s",
    "1h30m",
    "-3s",
    "*",
    "*a1",
    "${X}",
    "${X:-y}",
    "${X:?why}",
    "$$",
    "${",
    "$${x} %{if}",
    "\"%{ for }\"",
    "\"${environment.domain}\"",
    "a b",
    "redis:7",
    "postgres:16",
    "mysql@sha256:abc",
    "nginx",
    "-",
    "_",
    "...",
    "/",
    "../../etc/passwd",
    "/dev/zero",
    "compose.yml",
    "arn:aws:iam::1:role/x",
    "arn:aws:secretsmanager:eu-west-1:123456789012:secret:x-AbCdEf",
    "123456789012.dkr.ecr.eu-west-1.amazonaws.com/a:b",
    "\"\\u001b[31m\\u0007\"",
    "\"a\\nb\\r\\0\"",
    "\"\\u202e\\u2066\"",
    "é🚀",
    "</script>",
    "!reset null",
    "!override []",
    "!!python/object:os.system {}",
    "!Ref X",
    "!Sub \"${A}-${B}\"",
    "http://web:80/",
    "redis://redis:6379/0",
    "postgres://u:p@db:5432/x",
    "db:5432",
    "localhost:1",
    "::",
    "0.0.0.0/0",
    "Host(`a.b`) && Path(`/`)",
    "1-2:3-4/udp",
    "80:80:80",
    "a:b:c:d",
    "x=y=z",
    "=",
    "[\"CMD\", \"\"]",
    "cron(0 0 * * ? *)",
    "@daily",
    "\"* * * * *\"",
    "rate(0 x)",
];

/// What stands in places where nothing should.
const NOISE: &[&str] = &[
    "${",
    "}",
    "$$",
    "${X:-",
    "%{",
    "\"",
    "'",
    "\\",
    "\u{0}",
    "\u{1b}[2J",
    "\r",
    "\t",
    "\u{feff}",
    "\u{2028}",
    "\u{202e}",
    "\u{85}",
    "é",
    "🚀",
    ": ",
    "- ",
    "#",
    " #",
    "&a1 ",
    "*a1",
    "<<: ",
    "!x ",
    "|",
    ">",
    "{",
    "[",
    "]",
    ",",
    "---",
    "?",
    "@",
    "`",
    "=",
    "/",
    "..",
    ":",
    "0",
    "x",
];

/// Keys that many formats have, names that clash, and names that nothing can be called.
const KEYS: &[&str] = &[
    "<<",
    "name",
    "image",
    "environment",
    "ports",
    "volumes",
    "command",
    "secrets",
    "variables",
    "http",
    "count",
    "spec",
    "metadata",
    "data",
    "type",
    "kind",
    "web",
    "Web",
    "we-b",
    "we_b",
    "we.b",
    "main",
    "stack",
    "default",
    "network",
    "_",
    "\"-\"",
    "\"\"",
    "\"1\"",
    "é",
    "\"a b\"",
    "\"a\\nb\"",
    "null",
    "true",
    "count",
    "for_each",
    "environments",
    "include",
    "extends",
    "x-a",
    "profiles",
    "env_file",
    "sidecars",
    "storage",
    "platform",
    "Resources",
    "family",
    "a-name-that-is-much-longer-than-any-name-that-anything-in-aws-may-ever-have-and-then-some-more",
];

/// Changes the files of a case; `others` are texts from which pieces are taken.
pub fn mutate(texts: &mut Texts, others: &[&str], choices: &mut Choices) {
    let names: Vec<String> = texts.keys().cloned().collect();
    // Most inputs are to stay readable: what is wrong with the text as such is found by few.
    let steps = if choices.below(8) == 0 { 12 } else { 3 };
    for _ in 0..=choices.below(steps) {
        let text = texts.get_mut(&names[choices.below(names.len())]).unwrap();
        match choices.below(64) {
            0 | 1 => noise(text, choices),
            2 => text.truncate(place(text, choices)),
            _ => {
                let is_json = text.starts_with(['{', '[']);
                let mut lines: Vec<String> = text.split('\n').map(str::to_owned).collect();
                step(&mut lines, others, choices);
                if is_json && choices.below(16) > 0 {
                    with_commas(&mut lines);
                }
                *text = lines.join("\n");
            }
        }
    }
}

/// A character put in, or one left out.
fn noise(text: &mut String, choices: &mut Choices) {
    let at = place(text, choices);
    if choices.below(3) == 0 && at < text.len() {
        text.remove(at);
    } else {
        text.insert_str(at, choices.of(NOISE));
    }
}

/// The offset of some character, or the end.
fn place(text: &str, choices: &mut Choices) -> usize {
    let mut at = choices.below(text.len() + 1);
    while !text.is_char_boundary(at) {
        at -= 1;
    }
    at
}

/// One change of lines.
fn step(lines: &mut Vec<String>, others: &[&str], choices: &mut Choices) {
    let at = choices.below(lines.len());
    let to = choices.below(lines.len());
    let piece = |lines: &[String], choices: &mut Choices, depth: usize| -> Vec<String> {
        let at = choices.below(lines.len());
        moved_to(&lines[value(lines, at)], depth)
    };
    match choices.below(20) {
        0 | 1 => drop(lines.drain(value(lines, at))),
        2 => {
            let copy = piece(lines, choices, indent(&lines[to]));
            lines.splice(to..to, copy);
        }
        3 => {
            let copy = piece(lines, choices, indent(&lines[at]));
            lines.splice(value(lines, at), copy);
        }
        4 => lines.swap(at, to),
        5..=7 => {
            let other: Vec<String> = choices.of(others).split('\n').map(str::to_owned).collect();
            let copy = piece(&other, choices, indent(&lines[to]));
            let end = if choices.below(2) == 0 { to } else { value(lines, to).end };
            lines.splice(to..end, copy);
        }
        8..=10 => replace(&mut lines[at], scalar, choices.of(VALUES)),
        11 => {
            let range = scalar(&lines[at]);
            let text = lines[at][range.clone()].to_owned();
            let bare = text.trim_matches(['"', '\'']);
            let other = match choices.below(5) {
                0 => format!("\"{bare}\""),
                1 => format!("'{bare}'"),
                2 => bare.to_owned(),
                3 => format!("[{text}]"),
                _ => format!("{{{text}: {text}}}"),
            };
            lines[at].replace_range(range, &other);
        }
        12 | 13 => {
            let from = scalar(&lines[at]);
            let offset = from.start + place(&lines[at][from], choices);
            let what = if choices.below(4) == 0 { choices.of(NOISE) } else { choices.of(VALUES) };
            lines[at].insert_str(offset, what);
        }
        14 => {
            let other = lines[to][key(&lines[to])].to_owned();
            let name = if choices.below(2) == 0 { choices.of(KEYS) } else { &other };
            replace(&mut lines[at], key, name);
        }
        15 => {
            let blank = if choices.below(2) == 0 { indent(&lines[at]) + 2 } else { indent(&lines[at]) / 2 };
            let range = value(lines, at);
            let moved = moved_to(&lines[range.clone()], blank);
            lines.splice(range, moved);
        }
        16 => {
            let range = scalar(&lines[at]);
            lines[at].insert_str(range.start, "&a1 ");
            replace(&mut lines[to], scalar, "*a1");
        }
        17 => {
            let range = scalar(&lines[at]);
            lines[at].insert_str(range.start, "&a1 ");
            lines.insert(to, format!("{}<<: *a1", " ".repeat(indent(&lines[to]))));
        }
        18 => {
            // Many of one kind, of which some have names that clash.
            let range = value(lines, at);
            let copies: Vec<String> = (0..2 + choices.below(12))
                .flat_map(|number| {
                    let mut copy = lines[range.clone()].to_vec();
                    let end = key(&copy[0]).end;
                    copy[0].insert_str(end, choices.of(&["_", "-", ".", "1", ""]));
                    copy[0].insert_str(end, &number.to_string());
                    copy
                })
                .collect();
            lines.splice(range.end..range.end, copies);
        }
        _ => {
            let name = choices.of(&["SECRET_KEY_BASE", "DB_PASSWORD", "API_TOKEN", "DATABASE_URL"]);
            let value = match name {
                "DATABASE_URL" => format!("postgres://app:{CANARY}@db:5432/shop"),
                _ => CANARY.to_owned(),
            };
            let line = &mut lines[at];
            if line.contains("\"name\":") || line.contains("\"value\":") {
                let blank = " ".repeat(indent(line));
                *line = format!("{blank}{{ \"name\": \"{name}\", \"value\": \"{value}\" }},");
            } else {
                replace(line, key, name);
                replace(line, scalar, &value);
            }
        }
    }
    if lines.is_empty() {
        lines.push(String::new());
    }
}

fn replace(line: &mut String, part: fn(&str) -> std::ops::Range<usize>, text: &str) {
    line.replace_range(part(line), text);
}
