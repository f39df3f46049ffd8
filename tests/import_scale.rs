//! The work of an import grows with its input and not with the square of it: four times as much takes about four times the
//! work, whatever machine does it.

#![allow(
    clippy::disallowed_methods,
    clippy::unwrap_used,
    reason = "tests read what the system counted, and fail by panicking"
)]

use std::fmt::Write as _;
use std::fs;

use groundplan::import::{Files, Refusal, Session, compose, kubernetes};
use groundplan::source::Sources;

/// How many times more work four times the input may be: 4 would be in proportion, 16 its square.
const MOST: f64 = 8.0;
/// How often it is measured: the best counts, because something else may have disturbed the others.
const ATTEMPTS: usize = 3;

/// No file but the one that is given.
struct Alone;

impl Files for Alone {
    fn read(&self, _: &str) -> Result<String, Refusal> {
        Err(Refusal::Missing)
    }
}

/// Nanoseconds that a processor spent on this thread: waiting does not count. None where the system does not tell.
fn spent() -> Option<f64> {
    let counted = fs::read_to_string("/proc/thread-self/schedstat").ok()?;
    counted.split(' ').next()?.parse().ok()
}

/// Imports a text that has to become a stack; gives what was spent on it.
fn work(format: &str, text: &str) -> Option<f64> {
    let before = spent()?;
    let mut sources = Sources::default();
    let mut session = Session::new(&mut sources, &Alone);
    let file = session.given("a.yml", text);
    let system = match format {
        "compose" => {
            compose::read(&compose::Inputs { files: vec![file], ..Default::default() }, &mut session)
        }
        _ => kubernetes::read(
            &kubernetes::Inputs { manifests: vec![file], ..Default::default() },
            &mut session,
        ),
    };
    let imported = session.finish(system).unwrap();
    assert!(imported.stack.is_some(), "{}", imported.report.diagnostics[0].message);
    imported.report.text(&sources);
    Some(spent()? - before)
}

/// As many lines as told, with their numbers in place of `#` and half of them in place of `%`.
fn lines(times: usize, line: &str) -> String {
    (0..times).fold(String::new(), |mut text, at| {
        let _ = writeln!(text, "{}", line.replace('#', &at.to_string()).replace('%', &(at / 2).to_string()));
        text
    })
}

fn services(times: usize) -> String {
    let service = "  s#: {image: 'a:#', environment: {PASSWORD: x#, PEER: 'http://s%:80/'}, ports: ['1#:80'], depends_on: [s%], \
                   links: [s%], volumes: ['v#:/data']}";
    format!("services:\n{}volumes:\n{}", lines(times, service), lines(times, "  v#:"))
}

fn extending(times: usize) -> String {
    format!(
        "services:\n  base: {{image: a, environment: {{A: b}}}}\n{}",
        lines(times, "  s#: {extends: base}")
    )
}

fn clashing(times: usize) -> String {
    format!("services:\n{}", lines(times, "  'ü#': {image: a}"))
}

fn variables(times: usize) -> String {
    format!("services:\n  web:\n    image: a\n    environment:\n{}", lines(times, "      A#: 'http://b#/'"))
}

fn objects(times: usize) -> String {
    let deployment = "---\n{apiVersion: apps/v1, kind: Deployment, metadata: {name: s#}, spec: {template: {metadata: {labels: {app: \
                      s#}}, spec: {containers: [{name: a, image: 'a:#', envFrom: [{configMapRef: {name: c#}}]}]}}}}\n---\n{apiVersion: \
                      v1, kind: ConfigMap, metadata: {name: c#}, data: {PEER: 'http://s%'}}";
    lines(times, deployment)
}

fn entries(times: usize) -> String {
    let pod = "apiVersion: v1\nkind: Pod\nmetadata: {name: p}\nspec: {containers: [{name: a, image: b, envFrom: [{configMapRef: \
               {name: c}}]}]}\n";
    format!(
        "{pod}---\napiVersion: v1\nkind: ConfigMap\nmetadata: {{name: c}}\ndata:\n{}",
        lines(times, "  A#: b")
    )
}

#[test]
fn four_times_the_input_is_about_four_times_the_work() {
    let rows: [(&str, &str, fn(usize) -> String, usize); 6] = [
        ("services", "compose", services, 120),
        ("services that extend another", "compose", extending, 120),
        ("names that clash", "compose", clashing, 120),
        ("variables of a service", "compose", variables, 1000),
        ("objects", "kubernetes", objects, 80),
        ("entries of a ConfigMap", "kubernetes", entries, 1000),
    ];
    for (name, format, text, size) in rows {
        let (small, large) = (text(size), text(4 * size));
        let ratio = || Some(work(format, &large)? / work(format, &small)?);
        let ratios: Vec<f64> = (0..ATTEMPTS).map_while(|_| ratio()).collect();
        let best = ratios.iter().copied().fold(f64::INFINITY, f64::min);
        assert!(ratios.is_empty() || best < MOST, "{name}: {ratios:?}");
    }
}
