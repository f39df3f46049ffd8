//! CPU time and memory as Linux counts them.

use std::fs;
use std::process::{Command, Stdio};

/// Clock ticks per second in `/proc/<pid>/stat`: 100 on every Linux this runs on.
const TICKS: f64 = 100.0;

/// CPU time of this thread so far, user and system, in milliseconds; counted in nanoseconds.
pub fn cpu() -> f64 {
    // The kernel brings the count up to date when the thread gives way.
    std::thread::yield_now();
    let text = fs::read_to_string("/proc/thread-self/schedstat").expect("the benchmark needs Linux");
    let nanoseconds = text.split_whitespace().next().and_then(|word| word.parse::<f64>().ok());
    nanoseconds.expect("the first number is the time on the CPU") / 1e6
}

/// CPU time of a piece of work in milliseconds, and its result.
pub fn timed<T>(work: impl FnOnce() -> T) -> (f64, T) {
    let before = cpu();
    let result = work();
    (cpu() - before, result)
}

/// Peak memory of this process so far, in MiB.
pub fn peak() -> f64 {
    let text = fs::read_to_string("/proc/self/status").expect("the benchmark needs Linux");
    let line = text.lines().find_map(|line| line.strip_prefix("VmHWM:"));
    let kibibytes = line.and_then(|line| line.split_whitespace().next()?.parse::<f64>().ok());
    kibibytes.expect("VmHWM is a number") / 1024.0
}

/// CPU time of all finished child processes, in milliseconds, in steps of a clock tick.
pub fn children() -> f64 {
    let text = fs::read_to_string("/proc/self/stat").expect("the benchmark needs Linux");
    let after_name = text.rsplit(") ").next().unwrap_or_default();
    let fields: Vec<f64> = after_name.split_whitespace().map(|word| word.parse().unwrap_or(0.0)).collect();
    (fields[13] + fields[14]) / TICKS * 1e3
}

/// CPU time of a command in milliseconds, the mean of at least three runs; quick ones are run often enough that the
/// clock's ticks do not matter.
pub fn command(mut prepare: impl FnMut() -> Command) -> f64 {
    let before = children();
    let mut runs = 0;
    while runs < 3 || (children() - before < 300.0 && runs < 200) {
        let status = prepare().stdin(Stdio::null()).status().expect("the command starts");
        assert!(status.success(), "the command fails");
        runs += 1;
    }
    (children() - before) / f64::from(runs)
}
