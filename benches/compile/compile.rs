//! The phases of one size, in a process of its own, so that its peak of memory is its own.

use std::collections::BTreeMap;
use std::env;
use std::path::Path;
use std::process::Command;
use std::time::Duration;

use groundplan::project::{self, Options};
use groundplan::render::{self, Engine};
use groundplan::source::{Source, Sources, Syntax};
use groundplan::tree::Tree;
use groundplan::{check, diagnostic, pipeline, stack as model, syntax};

use crate::measure::{command, peak, timed};
use crate::stack;

/// The variable that makes this program the child for one size.
pub const SIZE: &str = "GROUNDPLAN_BENCH_SIZE";
/// Where the child writes its tree.
const DIR: &str = "GROUNDPLAN_BENCH_DIR";
/// The name of the generated stack file.
const NAME: &str = "stacks/bench.hcl";

/// What one size costs.
pub struct Measured {
    pub services: usize,
    pub resources: usize,
    pub files: usize,
    /// CPU in milliseconds: parse, overlay and decode, check, fold and render, write, compile and write again.
    pub phases: [f64; 6],
    /// Peak memory in MiB after each of the first five.
    pub peaks: [f64; 5],
    /// CPU of `cp -r` of the written tree in milliseconds.
    pub copy: f64,
}

impl Measured {
    /// CPU of everything before writing.
    pub fn compiled(&self) -> f64 {
        self.phases[..4].iter().sum()
    }
}

/// Runs the child for a size a few times, and copies what it wrote; keeps the median of each phase.
pub fn measure(services: usize) -> Measured {
    let dir = tempfile::tempdir().expect("a temporary directory");
    let out = dir.path().join("tree");
    let runs = if services > 1000 { 3 } else { 7 };
    let mut lines: Vec<Vec<f64>> = Vec::new();
    for _ in 0..runs {
        if out.exists() {
            std::fs::remove_dir_all(&out).expect("the tree of the last run goes");
        }
        let mut child = Command::new(env::current_exe().expect("this program has a path"));
        let output = child.env(SIZE, services.to_string()).env(DIR, &out).output().expect("the child starts");
        assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
        let text = String::from_utf8_lossy(&output.stdout);
        lines.push(text.split_whitespace().map(|word| word.parse().expect("a number")).collect());
    }
    let median = |column: usize| {
        let mut values: Vec<f64> = lines.iter().map(|line| line[column]).collect();
        values.sort_by(f64::total_cmp);
        values[values.len() / 2]
    };
    let copies = dir.path().join("copies");
    std::fs::create_dir(&copies).expect("a directory for the copies");
    let mut number = 0;
    let copy = command(|| {
        number += 1;
        let mut cp = Command::new("cp");
        cp.arg("-r").arg(&out).arg(copies.join(number.to_string()));
        cp
    });
    Measured {
        services,
        resources: median(11) as usize,
        files: median(12) as usize,
        phases: std::array::from_fn(median),
        peaks: std::array::from_fn(|phase| median(6 + phase)),
        copy,
    }
}

/// Compiles, writes, and compiles again; prints six times, five peaks, and the counts of resources and files.
pub fn child(services: usize) {
    let dir = env::var(DIR).expect("the parent says where to write");
    let dir = Path::new(&dir);
    let options = Options { force: false, wait: Duration::from_secs(1) };
    let (mut sources, mut times, mut peaks) = (Sources::default(), Vec::new(), Vec::new());
    let file = sources.add(Source::new(NAME, &stack::text(services), Syntax::Hcl));
    let mut keep = |time: f64| {
        times.push(time);
        peaks.push(peak());
    };

    let (time, parsed) = timed(|| syntax::parse(&sources, file));
    let document = none_wrong(parsed, &sources);
    keep(time);
    let (time, read) = timed(|| model::read(&document));
    let model = none_wrong(read, &sources);
    keep(time);
    let (time, found) = timed(|| check::run(&model));
    assert!(found.is_empty(), "{}", diagnostic::human::render(&found, &sources, false));
    keep(time);
    let (time, rendered) = timed(|| {
        let engine = Engine::new().expect("the templates parse");
        render::render(&engine, &model, NAME).expect("no fault of the program")
    });
    let tree = none_wrong(rendered, &sources);
    keep(time);
    let (time, changes) = timed(|| project::write(dir, &tree, &options));
    changes.expect("the tree is written");
    keep(time);
    drop(model);

    let counts = (tree.addresses.len(), tree.files.len());
    drop(tree);
    let (again, changes) = timed(|| project::write(dir, &compiled(&sources, file), &options));
    let changes = changes.expect("the tree is compared");
    assert!(changes.is_empty(), "the second run changes something");
    times.push(again);

    let numbers: Vec<String> = times.iter().chain(&peaks).map(|number| format!("{number:.3}")).collect();
    println!("{} {} {}", numbers.join(" "), counts.0, counts.1);
}

/// The tree of a file, as the command line makes it.
fn compiled(sources: &Sources, file: groundplan::source::FileId) -> Tree {
    let engine = Engine::new().expect("the templates parse");
    let outcome =
        pipeline::compile(&engine, sources, file, |_| BTreeMap::new()).expect("no fault of the program");
    none_wrong(outcome, sources).tree
}

fn none_wrong<T>(outcome: diagnostic::Outcome<T>, sources: &Sources) -> T {
    let said = diagnostic::human::render(&outcome.diagnostics, sources, false);
    outcome.value.unwrap_or_else(|| panic!("{said}"))
}

/// The tree of a generated stack.
pub fn tree(services: usize) -> Tree {
    let mut sources = Sources::default();
    let file = sources.add(Source::new(NAME, &stack::text(services), Syntax::Hcl));
    compiled(&sources, file)
}
