//! Many inputs, on both cores, each known by its seed.

use std::cell::RefCell;
use std::collections::BTreeMap;
use std::panic::{self, AssertUnwindSafe};
use std::process;
use std::sync::Mutex;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::thread;
use std::time::{Duration, Instant};

use crate::canary;
use crate::choices::Choices;
use crate::corpus::{Case, Texts, cases};
use crate::mutation::mutate;
use crate::rules::{Broken, Gave, hold};
use crate::tell;

/// One for each core of a small machine.
const WORKERS: usize = 2;
/// How many kinds of failures end a run.
const KINDS: usize = 20;
/// An input that takes so long does not end. Whatever does is far below, on any machine.
const ENDLESS: Duration = Duration::from_secs(60);

thread_local! {
    /// What the last panic of the thread said, and where.
    static PANIC: RefCell<Option<String>> = const { RefCell::new(None) };
}

/// What a run came to.
#[derive(Debug, Default)]
pub struct Summary {
    pub inputs: u64,
    pub stacks: u64,
    pub diagnosed: u64,
    /// Rules that did not hold: how often, and the first seed with its details.
    pub broken: BTreeMap<String, (u64, u64, String)>,
}

/// The cases of a format, ready to be mutated.
pub struct Subject {
    /// Those that give a stack first.
    cases: Vec<Case>,
    /// How many of them give one.
    fine: usize,
    /// Texts from which pieces are taken.
    pieces: Vec<String>,
}

impl Subject {
    /// Reads the cases of a directory.
    pub fn new(directory: &str) -> Self {
        let (mut cases, wrong): (Vec<Case>, Vec<Case>) =
            cases(directory).into_iter().partition(|case| attempt(case, &case.texts) == Ok(Gave::Stack));
        let fine = cases.len();
        cases.extend(wrong);
        let pieces = cases.iter().flat_map(|case| case.texts.values().cloned()).collect();
        Self { cases, fine, pieces }
    }

    /// The input of a seed.
    pub fn input(&self, seed: u64) -> (&Case, Texts) {
        let mut choices = Choices(seed);
        let among = if choices.below(16) == 0 { self.cases.len() } else { self.fine };
        let case = &self.cases[choices.below(among)];
        let pieces: Vec<&str> = self.pieces.iter().map(String::as_str).collect();
        let mut texts = case.texts.clone();
        mutate(&mut texts, &pieces, &mut choices);
        canary::settle(&mut texts);
        (case, texts)
    }

    /// Tries the inputs of `runs` seeds from the first one on.
    pub fn run(&self, first: u64, runs: u64) -> Summary {
        let next = AtomicU64::new(0);
        let ended = AtomicBool::new(false);
        let summary = Mutex::new(Summary::default());
        let busy: [Mutex<Option<(Instant, u64)>>; WORKERS] = Default::default();
        thread::scope(|scope| {
            let workers: Vec<_> = busy
                .iter()
                .map(|busy| {
                    scope.spawn(|| {
                        let mut own = Summary::default();
                        while !ended.load(Ordering::Relaxed) {
                            let number = next.fetch_add(1, Ordering::Relaxed);
                            if number >= runs {
                                break;
                            }
                            let seed = first.wrapping_add(number);
                            *busy.lock().unwrap() = Some((Instant::now(), seed));
                            own.add(seed, self.try_one(seed));
                            if own.broken.len() >= KINDS {
                                ended.store(true, Ordering::Relaxed);
                            }
                        }
                        *busy.lock().unwrap() = None;
                        summary.lock().unwrap().join(own);
                    })
                })
                .collect();
            while workers.iter().any(|worker| !worker.is_finished()) {
                thread::sleep(Duration::from_millis(100));
                busy.iter().for_each(|busy| self.watch(*busy.lock().unwrap()));
            }
        });
        summary.into_inner().unwrap()
    }

    /// Ends the program when an input has taken too long.
    fn watch(&self, busy: Option<(Instant, u64)>) {
        if let Some((_, seed)) = busy.filter(|(since, _)| since.elapsed() > ENDLESS) {
            tell(&format!("seed {seed} does not end:"));
            show(&self.input(seed).1);
            process::exit(1);
        }
    }

    fn try_one(&self, seed: u64) -> Result<Gave, Broken> {
        let (case, texts) = self.input(seed);
        attempt(case, &texts)
    }

    /// The smallest input found that breaks the same rule as that of a seed.
    pub fn smallest(&self, seed: u64, rule: &str) -> (Texts, Broken) {
        let (case, mut texts) = self.input(seed);
        let broken = |texts: &Texts| attempt(case, texts).err().filter(|broken| broken.rule == rule);
        let mut found = broken(&texts).expect("the same input breaks the same rule");
        let names: Vec<String> = texts.keys().cloned().collect();
        for name in names {
            let mut size = texts[&name].lines().count();
            while size > 0 {
                let mut at = 0;
                while at < texts[&name].lines().count() {
                    let mut lines: Vec<&str> = texts[&name].split('\n').collect();
                    lines.drain(at..(at + size).min(lines.len()));
                    let smaller = lines.join("\n");
                    let whole = texts.insert(name.clone(), smaller).unwrap();
                    match broken(&texts) {
                        Some(same) => found = same,
                        None => {
                            texts.insert(name.clone(), whole);
                            at += size;
                        }
                    }
                }
                size /= 2;
            }
        }
        (texts, found)
    }
}

impl Summary {
    fn add(&mut self, seed: u64, result: Result<Gave, Broken>) {
        self.inputs += 1;
        match result {
            Ok(Gave::Stack) => self.stacks += 1,
            Ok(Gave::Diagnostics) => self.diagnosed += 1,
            Err(broken) => self.broken.entry(broken.rule).or_insert((0, seed, broken.details)).0 += 1,
        }
    }

    fn join(&mut self, other: Summary) {
        self.inputs += other.inputs;
        self.stacks += other.stacks;
        self.diagnosed += other.diagnosed;
        for (rule, (times, seed, details)) in other.broken {
            self.broken.entry(rule).or_insert((0, seed, details)).0 += times;
        }
    }
}

/// Holds an input to the rules; a panic breaks one.
fn attempt(case: &Case, texts: &Texts) -> Result<Gave, Broken> {
    let result = panic::catch_unwind(AssertUnwindSafe(|| hold(&case.command, texts)));
    result.unwrap_or_else(|_| {
        let said = PANIC.take().unwrap_or_default();
        Err(Broken { rule: format!("panic: {}", said.lines().next().unwrap_or_default()), details: said })
    })
}

/// Keeps what panics say instead of printing it, because they are expected to be found and counted.
pub fn keep_panics() {
    panic::set_hook(Box::new(|info| PANIC.set(Some(info.to_string()))));
}

/// Prints the files of an input.
pub fn show(texts: &Texts) {
    for (name, text) in texts.iter().filter(|(_, text)| !text.is_empty()) {
        tell(&format!("--- {name}\n{text}"));
    }
}
