//! What compiling costs, by phase and size, beside `cp -r` of the tree that comes out; and what `terraform plan` of
//! our modules costs beside the same resources in one. Run on demand: `cargo bench --bench compile`.
//!
//! CPU time, not wall time: the machine may have other work. `BENCH_SIZES=3,1000` chooses sizes, `BENCH_PLAN=30` how
//! many services are planned (0 plans nothing).

#![allow(
    clippy::disallowed_methods,
    clippy::print_stdout,
    clippy::unwrap_used,
    reason = "a program of its own, which prints a table and fails by panicking"
)]

mod compile;
mod flatten;
mod measure;
mod plan;
mod stack;
#[path = "../../tests/support/terraform.rs"]
mod terraform;

use std::env;

use crate::compile::{Measured, SIZE};

fn main() {
    if let Ok(size) = env::var(SIZE) {
        compile::child(size.parse().expect("a number of services"));
        return;
    }
    let sizes = env::var("BENCH_SIZES").unwrap_or_else(|_| "3,10,100,1000,10000".to_owned());
    let sizes: Vec<usize> =
        sizes.split(',').map(|size| size.parse().expect("a number of services")).collect();
    let measured: Vec<Measured> = sizes.into_iter().map(compile::measure).collect();
    print(&measured);
    let services = env::var("BENCH_PLAN").map_or(30, |size| size.parse().expect("a number of services"));
    if services > 0 && terraform::is_installed() {
        plan::compare(services);
    }
}

fn print(measured: &[Measured]) {
    println!("## Compiling, in milliseconds of CPU\n");
    println!(
        "| services | resources | files | parse | overlay, decode | check | fold, render | compiled | write | again \
         | `cp -r` | compiled / `cp -r` | all / `cp -r` | peak MiB |"
    );
    println!("|{}", "--:|".repeat(14));
    for row in measured {
        let [parse, read, check, render, write, again] = row.phases;
        let compiled = row.compiled();
        println!(
            "| {} | {} | {} | {parse:.1} | {read:.1} | {check:.1} | {render:.1} | {compiled:.1} | {write:.1} | \
             {again:.1} | {:.1} | {:.2} | {:.2} | {:.0} |",
            row.services,
            row.resources,
            row.files,
            row.copy,
            compiled / row.copy,
            (compiled + write) / row.copy,
            row.peaks[4],
        );
    }
    println!("\nPeak memory in MiB at the end of each phase:\n");
    println!(
        "| services | parse | overlay, decode | check | fold, render | write |\n|--:|--:|--:|--:|--:|--:|"
    );
    for row in measured {
        let peaks: Vec<String> = row.peaks.iter().map(|peak| format!("{peak:.0}")).collect();
        println!("| {} | {} |", row.services, peaks.join(" | "));
    }
    println!(
        "\nGrowth exponent (1 is linear):\n\n| from | to | compiled | with writing |\n|--:|--:|--:|--:|"
    );
    for pair in measured.windows(2) {
        let [from, to] = pair else { continue };
        let exponent = |of: fn(&Measured) -> f64| {
            (of(to) / of(from)).ln() / (to.services as f64 / from.services as f64).ln()
        };
        let (compiled, all) = (exponent(Measured::compiled), exponent(|row| row.compiled() + row.phases[4]));
        println!("| {} | {} | {compiled:.2} | {all:.2} |", from.services, to.services);
    }
}
