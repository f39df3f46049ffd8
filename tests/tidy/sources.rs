//! Rules for single source files.

use crate::{assert_tidy, files, program};

/// The longest a source file may be, unit tests included.
const LINES: usize = 400;

/// Words that a file may only hold when it is of one of the modules, and why.
const RESERVED: &[(&[&str], &[&str], &str)] = &[
    (&["std::fs", "fs_err", "fs::"], &["project"], "only `project` touches the disk"),
    (
        &["println!", "print!", "eprintln!", "eprint!", "io::stdout", "io::stderr", "env::var", "env::args"],
        &["cli", "main"],
        "only `cli` prints and reads the environment",
    ),
    (&["SystemTime", "rand::"], &[], "output is a pure function of the stack file"),
    (&["Instant::now"], &["project"], "only who waits for the disk needs a clock"),
    (&["HashMap", "HashSet"], &[], "iteration order is random: use IndexMap or BTreeMap"),
    (&["todo!", "unimplemented!", "dbg!", ".unwrap()"], &[], "not in finished code"),
];

#[test]
fn files_are_short() {
    let all = ["src", "tests", "benches"].into_iter().flat_map(|dir| files(dir, ".rs"));
    let long = all.filter(|file| file.text.lines().count() > LINES);
    let long = long.map(|file| format!("{}: {} lines", file.path, file.text.lines().count()));
    assert_tidy("files of more than 400 lines: find the seam", long);
}

#[test]
fn every_file_says_what_it_is_for() {
    let silent = program().into_iter().filter(|file| !file.text.starts_with("//! "));
    assert_tidy("files without `//!` docs", silent.map(|file| file.path));
}

#[test]
fn the_disk_the_terminal_and_the_clock_have_one_door() {
    let mut problems = Vec::new();
    for file in program() {
        for (number, line) in file.code().lines().enumerate() {
            for (words, modules, why) in RESERVED {
                let found = words.iter().find(|word| holds(line, word));
                if let Some(word) = found.filter(|_| !modules.contains(&file.module())) {
                    problems.push(format!("{}:{}: `{word}`: {why}", file.path, number + 1));
                }
            }
        }
    }
    assert_tidy("words in the wrong module", problems);
}

/// Whether a line holds a word that does not go on to the left, as `print!` does in `eprint!`.
fn holds(line: &str, word: &str) -> bool {
    line.match_indices(word).any(|(at, _)| {
        let before = line[..at].chars().next_back();
        word.starts_with('.') || !before.is_some_and(|c| c.is_ascii_alphanumeric() || c == '_')
    })
}
