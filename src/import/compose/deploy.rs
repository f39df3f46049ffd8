//! Sizes and numbers of a service.

use crate::import::read::{At, Sourced};
use crate::import::report::Report;
use crate::import::unfit;
use crate::import::units;
use crate::import::workload::{Scaling, Workload};

/// Reads `deploy`, and the keys that older versions had for the same.
pub(super) fn read(at: &At, workload: &mut Workload, report: &mut Report) {
    let deploy = at.get("deploy");
    let replicas = deploy.as_ref().and_then(|deploy| deploy.get("replicas")).or_else(|| at.get("scale"));
    workload.tasks = replicas.and_then(|count| Some(count.sourced(count.number(report)?)));
    if let Some(scaling) = deploy.as_ref().and_then(|deploy| deploy.get("x-aws-autoscaling")) {
        workload.scaling = Some(autoscaling(&scaling, report));
    }
    let resources = deploy.as_ref().and_then(|deploy| deploy.get("resources"));
    let of = |part: &str, key: &str| resources.as_ref().and_then(|found| found.get(part)?.get(key));
    if let Some(devices) = of("reservations", "devices") {
        report.needs_you(&devices.origin(), unfit::GPU);
    }
    let cpu = [of("limits", "cpus"), at.get("cpus"), of("reservations", "cpus")];
    let memory = [
        of("limits", "memory"),
        at.get("mem_limit"),
        of("reservations", "memory"),
        at.get("mem_reservation"),
    ];
    workload.cpu = first(cpu, units::cpu_units, "a number of CPUs", report);
    workload.memory = first(memory, units::mebibytes, "a size such as `512m`", report);
    if let Some(shares) = at.get("cpu_shares") {
        match shares.number(report).filter(|_| workload.cpu.is_none()) {
            Some(number) => workload.cpu = Some(shares.sourced(number)),
            None => report.dropped(&shares.origin(), "the number of CPUs says it"),
        }
    }
}

/// What the integration of Docker with ECS read for scaling.
fn autoscaling(at: &At, report: &mut Report) -> Scaling {
    let mut number = |key: &str| {
        let found = at.get(key)?;
        let number = found.number(report)?;
        report.mapped(&found.origin(), format!("`{key}` of `scaling`"));
        Some(number)
    };
    let min = number("min").unwrap_or(1);
    let max = number("max").unwrap_or(10).max(min);
    Scaling { min, max, cpu: number("cpu"), memory: number("memory"), requests: None }
}

/// The first value that is there; the others count for nothing.
fn first<const N: usize>(
    values: [Option<At>; N],
    read: impl Fn(&str) -> Option<u32>,
    wanted: &str,
    report: &mut Report,
) -> Option<Sourced<u32>> {
    let mut found: Option<Sourced<u32>> = None;
    for value in values.into_iter().flatten() {
        let Some(text) = value.text(report) else { continue };
        match (read(&text), &found) {
            (Some(0), _) => report.mapped(&value.origin(), "no limit: the smallest size"),
            (None, _) => report.misshapen(&value.origin(), wanted),
            (Some(_), Some(_)) => {
                report.dropped(&value.origin(), "the limit says it: a task has what it may use")
            }
            (Some(number), None) => found = Some(value.sourced(number)),
        }
    }
    found
}
