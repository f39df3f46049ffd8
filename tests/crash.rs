//! Whatever happens to a run, the directory holds the old tree, the new tree, or the marker that stops Terraform; the
//! next run completes it; and files that are not ours keep every byte.
//!
//! The kill points are enumerated with `strace`, which kills this very program (it runs itself, see
//! [`performs_the_write_that_other_tests_interrupt`]) before its first, second, third .. system call of each kind.

#![cfg(target_os = "linux")]
#![allow(clippy::disallowed_methods, reason = "checks what is on the disk")]
#![allow(clippy::unwrap_used, reason = "helpers of tests")]
#![allow(clippy::print_stderr, reason = "a skipped test must be seen")]

use std::collections::BTreeMap;
use std::fs;
use std::path::Path;
use std::process::{Command, Output};
use std::thread;
use std::time::Duration;

use groundplan::project::{Lock, Options, write};
use groundplan::tree::{Address, Tree};
use tempfile::TempDir;

const DIR: &str = "GROUNDPLAN_TEST_DIR";
const TREE: &str = "GROUNDPLAN_TEST_TREE";
const REQUIRE_STRACE: &str = "GROUNDPLAN_REQUIRE_STRACE";
const MARKER: &str = "_incomplete.tf";
const STAGING: &str = ".groundplan-staging";
const FOREIGN: [(&str, &str); 2] =
    [("mine.tf", "# not ours\n"), ("modules/data/mine.tf", "# not ours either\n")];

/// The system calls that change something, by every name they have on the platforms of Linux.
const CALLS: [&str; 15] = [
    "openat",
    "write",
    "close",
    "fsync",
    "flock",
    "mkdir",
    "mkdirat",
    "chmod",
    "fchmodat",
    "rename",
    "renameat",
    "renameat2",
    "unlink",
    "unlinkat",
    "rmdir",
];

fn tree(files: &[(&str, &str)]) -> Tree {
    let files: BTreeMap<String, String> =
        files.iter().map(|(path, text)| ((*path).to_owned(), (*text).to_owned())).collect();
    let address = |path: &String| {
        let known = Address { component: path.clone(), data: false };
        (format!("address.{}", path.replace(['/', '.'], "_")), known)
    };
    let addresses = files.keys().map(address).collect();
    Tree { stack: "stacks/test.hcl".into(), addresses, files, ..Tree::default() }
}

/// Trees that between them add, change, keep and remove files, and create and empty directories.
fn named(name: &str) -> Tree {
    match name {
        "old" => tree(&[
            ("main.tf", "# old main\n"),
            ("same.tf", "# same\n"),
            ("modules/data/db.tf", "# old db\n"),
            ("modules/gone/deep/x.tf", "# old x\n"),
        ]),
        "new" => tree(&[
            ("main.tf", "# new main\n"),
            ("same.tf", "# same\n"),
            ("modules/data/db.tf", "# new db\n"),
            ("modules/fresh/deep/y.tf", "# new y\n"),
        ]),
        "third" => tree(&[("main.tf", "# third main\n"), ("modules/third/z.tf", "# third z\n")]),
        other => panic!("no tree is named {other}"),
    }
}

/// Every file below `dir` and its text, and every directory with a trailing slash.
fn listing(dir: &Path) -> BTreeMap<String, String> {
    let mut found = BTreeMap::new();
    let mut open = vec![dir.to_owned()];
    while let Some(next) = open.pop() {
        for entry in fs::read_dir(next).unwrap() {
            let path = entry.unwrap().path();
            let name = path.strip_prefix(dir).unwrap().to_str().unwrap().to_owned();
            if path.is_dir() {
                found.insert(name + "/", String::new());
                open.push(path);
            } else {
                found.insert(name, fs::read_to_string(&path).unwrap());
            }
        }
    }
    found
}

/// Whether `dir` holds the tree with its lock, the foreign files, their directories, and nothing else; `None` stands
/// for a directory where nothing was generated yet. The staging directory does not count.
fn holds(dir: &Path, tree: Option<&Tree>, foreign: &BTreeMap<String, String>) -> bool {
    let mut expected = foreign.clone();
    expected.extend(tree.into_iter().flat_map(|tree| tree.files.clone()));
    let directories: Vec<String> = expected
        .keys()
        .flat_map(|path| path.match_indices('/').map(|(at, _)| path[..=at].to_owned()))
        .collect();
    expected.extend(directories.into_iter().map(|directory| (directory, String::new())));
    let mut found = listing(dir);
    found.retain(|path, _| !path.starts_with(STAGING));
    found.remove("groundplan.lock");
    found == expected && Lock::read(dir).unwrap() == tree.map(Lock::of)
}

fn foreign() -> BTreeMap<String, String> {
    FOREIGN.into_iter().map(|(path, text)| (path.to_owned(), text.to_owned())).collect()
}

fn put(dir: &Path, files: &BTreeMap<String, String>) {
    for (path, text) in files {
        fs::create_dir_all(dir.join(path).parent().unwrap()).unwrap();
        fs::write(dir.join(path), text).unwrap();
    }
}

/// A directory with the foreign files and, if given, a generated tree.
fn start(tree: Option<&str>) -> TempDir {
    let dir = tempfile::tempdir().unwrap();
    put(dir.path(), &foreign());
    if let Some(tree) = tree {
        write(dir.path(), &named(tree), &Options::default()).unwrap();
    }
    dir
}

fn copy(from: &Path) -> TempDir {
    let to = tempfile::tempdir().unwrap();
    for (path, text) in listing(from) {
        match path.strip_suffix('/') {
            Some(directory) => fs::create_dir_all(to.path().join(directory)).unwrap(),
            None => put(to.path(), &[(path, text)].into()),
        }
    }
    to
}

/// When the write fails, exit status 3 and the error on standard output, or 4 if that cannot be written either.
#[test]
fn performs_the_write_that_other_tests_interrupt() {
    let (Ok(dir), Ok(name)) = (std::env::var(DIR), std::env::var(TREE)) else { return };
    let options = Options { wait: Duration::from_secs(30), ..Options::default() };
    if let Err(error) = write(Path::new(&dir), &named(&name), &options) {
        use std::io::Write;
        let mut out = std::io::stdout();
        let told = write!(out, "{error}").and_then(|()| out.flush());
        std::process::exit(if told.is_ok() { 3 } else { 4 });
    }
}

/// Runs the write of tree `name` in a process of its own, under `before`.
fn child(before: &[&str], dir: &Path, name: &str) -> Command {
    let test =
        ["--exact", "performs_the_write_that_other_tests_interrupt", "--test-threads=1", "--nocapture"];
    let me = std::env::current_exe().unwrap();
    let line: Vec<&str> = before.iter().copied().chain([me.to_str().unwrap()]).chain(test).collect();
    let mut command = Command::new(line[0]);
    command.args(&line[1..]).env(DIR, dir).env(TREE, name);
    command
}

/// Runs the write with a fault before a system call; also says whether the run got as far as that call.
fn inject(call: &str, fault: &str, dir: &Path, name: &str) -> (Output, bool) {
    let log = tempfile::NamedTempFile::new().unwrap();
    let path = log.path().to_str().unwrap();
    let (trace, inject) = (format!("trace=?{call}"), format!("inject=?{call}:{fault}"));
    let strace = ["strace", "-f", "-qq", "-o", path, "-e", &trace, "-e", &inject];
    let output = child(&strace, dir, name).output().unwrap();
    let reached =
        String::from_utf8_lossy(&fs::read(path).unwrap()).contains("INJECTED") || !output.status.success();
    (output, reached)
}

fn strace_is_missing() -> bool {
    let missing = Command::new("strace").arg("-V").output().is_err();
    assert!(
        !missing || std::env::var(REQUIRE_STRACE).is_err(),
        "strace is not installed, and it is required"
    );
    if missing {
        eprintln!("SKIPPED: strace is not installed");
    }
    missing
}

/// In what state interrupted runs left the directory.
#[derive(Debug, Default)]
struct Tally {
    old: usize,
    new: usize,
    blocked: usize,
}

impl Tally {
    /// Checks the state of a directory in which a run from tree `old` to tree `new` was interrupted.
    fn count(&mut self, dir: &Path, old: Option<&Tree>, new: &Tree, old_is_blocked: bool, at: &str) {
        let files = listing(dir);
        for (path, text) in foreign() {
            assert_eq!(files.get(&path), Some(&text), "{at}: a foreign file");
        }
        if files.contains_key(MARKER) {
            self.blocked += 1;
        } else if holds(dir, Some(new), &foreign()) {
            self.new += 1;
        } else {
            assert!(!old_is_blocked && holds(dir, old, &foreign()), "{at}: a mixed tree: {files:#?}");
            self.old += 1;
        }
    }
}

/// Interrupts the write of `new` over `template` before every system call, then lets other runs complete it.
fn interrupt_everywhere(
    template: &Path,
    old: Option<&str>,
    new: &str,
    fault: impl Fn(usize) -> String,
) -> Tally {
    let (old_tree, new_tree) = (old.map(named), named(new));
    let old_is_blocked = template.join(MARKER).exists();
    let mut tally = Tally::default();
    for call in CALLS {
        for when in 1.. {
            let at = format!("{call} {}", fault(when));
            let dir = copy(template);
            let (output, reached) = inject(call, &fault(when), dir.path(), new);
            if !reached {
                assert!(holds(dir.path(), Some(&new_tree), &foreign()), "{at}: not even reached");
                break;
            }
            tally.count(dir.path(), old_tree.as_ref(), &new_tree, old_is_blocked, &at);
            if output.status.code() == Some(3) {
                let message = String::from_utf8_lossy(&output.stdout);
                assert!(message.contains(dir.path().to_str().unwrap()), "{at}: no path in: {message}");
            }
            for next in ["new", "third", "old"] {
                let again = copy(dir.path());
                write(again.path(), &named(next), &Options::default())
                    .unwrap_or_else(|error| panic!("{at}: {error}"));
                assert!(holds(again.path(), Some(&named(next)), &foreign()), "{at}, then {next}");
                let litter = [STAGING, MARKER].map(|name| again.path().join(name).exists());
                assert_eq!(litter, [false, false], "{at}, then {next}");
            }
        }
    }
    tally
}

fn kill(when: usize) -> String {
    format!("signal=SIGKILL:when={when}")
}

#[test]
fn a_run_killed_anywhere_leaves_the_old_tree_the_new_tree_or_the_marker() {
    if strace_is_missing() {
        return;
    }
    let tally = interrupt_everywhere(start(Some("old")).path(), Some("old"), "new", kill);
    eprintln!("killed over an old tree: {tally:?}");
    assert!(tally.old > 0 && tally.new > 0 && tally.blocked > 0, "{tally:?}");
}

#[test]
fn a_first_run_killed_anywhere_leaves_nothing_the_tree_or_the_marker() {
    if strace_is_missing() {
        return;
    }
    let tally = interrupt_everywhere(start(None).path(), None, "new", kill);
    eprintln!("killed in a first run: {tally:?}");
    assert!(tally.old > 0 && tally.new > 0 && tally.blocked > 0, "{tally:?}");
}

/// The half-written directory that a run from `old` to `new` leaves when it is killed before its last file.
fn half_written() -> TempDir {
    for when in (1..50).rev() {
        let dir = start(Some("old"));
        let (_, reached) = inject("rename", &kill(when), dir.path(), "new");
        let files = listing(dir.path());
        let mixed = files["main.tf"] == "# new main\n" && !files.contains_key("modules/fresh/deep/y.tf");
        if reached && mixed {
            assert!(files.contains_key(MARKER));
            return dir;
        }
    }
    panic!("no kill point leaves a mixed tree");
}

#[test]
fn a_run_killed_while_it_completes_another_killed_run_is_completed_by_the_next() {
    if strace_is_missing() {
        return;
    }
    let tally = interrupt_everywhere(half_written().path(), Some("old"), "third", kill);
    eprintln!("killed twice: {tally:?}");
    assert!(tally.old == 0 && tally.new > 0 && tally.blocked > 0, "{tally:?}");
}

#[test]
fn a_run_that_the_disk_fails_leaves_the_old_tree_the_new_tree_or_the_marker() {
    if strace_is_missing() {
        return;
    }
    let template = start(Some("old"));
    let full = |when| format!("error=ENOSPC:when={when}+");
    let once = |when| format!("error=EACCES:when={when}");
    eprintln!("disk full: {:?}", interrupt_everywhere(template.path(), Some("old"), "new", full));
    eprintln!("access denied once: {:?}", interrupt_everywhere(template.path(), Some("old"), "new", once));
}

#[test]
fn terraform_refuses_a_half_written_directory_and_prints_why() {
    let validate =
        |dir: &Path| Command::new("terraform").arg("validate").arg("-no-color").current_dir(dir).output();
    let whole = start(Some("old"));
    let Ok(output) = validate(whole.path()) else {
        eprintln!("SKIPPED: terraform is not installed");
        return;
    };
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    if strace_is_missing() {
        return;
    }
    let output = validate(half_written().path()).unwrap();
    let message = String::from_utf8_lossy(&output.stderr);
    assert!(!output.status.success() && message.contains("Run `groundplan generate` again"), "{message}");
}

#[test]
fn concurrent_threads_and_processes_leave_one_whole_tree() {
    let dir = start(None);
    let options = Options { wait: Duration::from_secs(60), ..Options::default() };
    let names = ["old", "new"].into_iter().cycle().take(8);
    let mut children: Vec<_> =
        names.clone().map(|name| child(&[], dir.path(), name).spawn().unwrap()).collect();
    thread::scope(|scope| {
        for name in names {
            scope.spawn(|| write(dir.path(), &named(name), &options).unwrap());
        }
    });
    assert!(children.iter_mut().all(|child| child.wait().unwrap().success()));
    assert!(["old", "new"].iter().any(|name| holds(dir.path(), Some(&named(name)), &foreign())));
    assert!(!dir.path().join(STAGING).exists());
}

/// A small generator of numbers that look random, always the same ones (xorshift).
struct Dice(u64);

impl Dice {
    fn roll(&mut self, sides: u64) -> u64 {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        self.0 % sides
    }
}

#[test]
fn random_sequences_of_trees_converge_and_never_touch_foreign_files() {
    const DIRECTORIES: [&str; 5] = ["", "a/", "a/b/", "a/b/c/", "modules/services/"];
    let mut dice = Dice(0x5eed);
    for sequence in 0..200 {
        let dir = tempfile::tempdir().unwrap();
        let mut foreign = BTreeMap::new();
        for number in 0..4 {
            if dice.roll(2) == 0 {
                let directory = DIRECTORIES[dice.roll(5) as usize];
                foreign.insert(format!("{directory}foreign-{number}.tf"), dice.roll(1000).to_string());
            }
        }
        put(dir.path(), &foreign);
        for step in 0..5 {
            let mut files = Vec::new();
            for directory in DIRECTORIES {
                for number in 0..3 {
                    if dice.roll(2) == 0 {
                        files.push((format!("{directory}file-{number}.tf"), format!("# {}\n", dice.roll(3))));
                    }
                }
            }
            let files: Vec<(&str, &str)> =
                files.iter().map(|(path, text)| (path.as_str(), text.as_str())).collect();
            let tree = tree(&files);
            write(dir.path(), &tree, &Options::default()).unwrap();
            assert!(holds(dir.path(), Some(&tree), &foreign), "sequence {sequence}, step {step}");
            assert!(write(dir.path(), &tree, &Options::default()).unwrap().is_empty());
        }
    }
}
