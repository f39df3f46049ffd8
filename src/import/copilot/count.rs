//! How many tasks run.

use crate::import::read::{At, Origin, Sourced};
use crate::import::report::Report;
use crate::import::units;
use crate::import::workload::{Scaling, Workload};

/// Reads `count`: a number, a number on Spot, or bounds and what to aim at.
pub(super) fn read(at: &At, workload: &mut Workload, report: &mut Report) {
    let Some(count) = at.get("count") else { return };
    if !count.is_map() {
        // App Runner takes the name of a configuration here.
        match count.node.text().map(|text| text.trim().parse::<u32>()) {
            Some(Err(_)) => {
                report.needs_you(
                    &count.origin(),
                    "no number of tasks: write `tasks`, or `scaling` with its bounds",
                );
            }
            _ => workload.tasks = count.number(report).map(|tasks| count.sourced(tasks)),
        }
        return;
    }
    if let Some(spot) = count.get("spot") {
        workload.tasks = spot.number(report).map(|tasks| spot.sourced(tasks));
        workload.spot = Some(100);
    }
    if let Some(range) = count.get("range") {
        let Some((min, max)) = bounds(&range, workload, report) else { return };
        let mut scaling = Scaling { min, max, cpu: None, memory: None, requests: None };
        workload.cooldown = aims(&count, &mut scaling, report);
        if scaling.cpu.is_none() && scaling.memory.is_none() && scaling.requests.is_none() {
            scaling.cpu = Some(70);
            let words = "nothing else moves the number of tasks: an average of 70 % CPU instead";
            report.needs_you(&range.origin(), words);
        }
        workload.scaling = Some(scaling);
    }
}

/// The fewest and the most tasks, and from which on they are on Spot.
fn bounds(range: &At, workload: &mut Workload, report: &mut Report) -> Option<(u32, u32)> {
    let (origin, bounds) = match range.is_map() {
        true => (range.origin(), ["min", "max"].map(|key| range.get(key).and_then(|at| at.number(report)))),
        false => {
            let text = range.text(report)?;
            let (min, max) = text.split_once('-').unwrap_or((&text, &text));
            (range.origin(), [min, max].map(|bound| bound.trim().parse().ok()))
        }
    };
    let [Some(min), Some(max)] = bounds else {
        report.misshapen(&origin, "a range such as `1-10`, or `min` and `max`");
        return None;
    };
    if let Some(from) = range.get("spot_from") {
        let number = from.number(report)?;
        let on_demand = number.saturating_sub(1).min(100_000);
        workload.on_demand = Some(on_demand);
        workload.spot = Some(if on_demand == 0 { 100 } else { 99 });
        report.assumed(&from.origin(), "`on_demand`, and `spot` for the others");
    }
    for at in range.children().iter().filter(|at| at.name() != "spot_from") {
        report.mapped(&at.origin(), "`scaling`");
    }
    if !range.is_map() {
        report.mapped(&origin, "`scaling`");
    }
    let max: u32 = max.clamp(1, 5000);
    Some((min.min(max), max))
}

/// What to aim at; gives the longest cooldown.
fn aims(count: &At, scaling: &mut Scaling, report: &mut Report) -> Option<u32> {
    let cooldown = |at: &At, report: &mut Report| {
        let at = at.get("cooldown")?;
        let texts = at.entries();
        let seconds = texts.iter().filter_map(|(_, at)| units::seconds(at.node.text()?)).max();
        match seconds {
            Some(_) => report.assumed(&at.origin(), "`cooldown`, the longer one of both directions"),
            None => report.needs_you(&at.origin(), "no duration: write `cooldown` in seconds"),
        }
        seconds
    };
    let mut longest = cooldown(count, report);
    let targets = [
        ("cpu_percentage", &mut scaling.cpu, 100),
        ("memory_percentage", &mut scaling.memory, 100),
        ("requests", &mut scaling.requests, 1_000_000_000),
    ];
    for (key, aim, most) in targets {
        let Some(at) = count.get(key) else { continue };
        let value = if at.is_map() { at.get("value") } else { Some(at.clone()) };
        if let Some(value) = value {
            *aim = value.number(report).map(|number| number.clamp(1, most));
            report.mapped(&value.origin(), "`scaling`");
        }
        longest = longest.max(cooldown(&at, report));
    }
    longest
}

/// What is said of a workload of which only one task runs at a time.
pub(super) fn recreate(at: &At, workload: &mut Workload, report: &mut Report) {
    let Some(rolling) = at.get("deployment").and_then(|deployment| deployment.get("rolling")) else { return };
    let origin: Origin = rolling.origin();
    let one =
        workload.tasks.as_ref().is_none_or(|Sourced { value, .. }| *value <= 1) && workload.scaling.is_none();
    match rolling.text(report).as_deref() {
        Some("recreate") if one => {
            workload.single = true;
            report.mapped(&origin, "`single`");
        }
        Some("recreate") => {
            report.dropped(&origin, "with several tasks new ones start before the old ones stop");
        }
        _ => report.mapped(&origin, "a rolling update"),
    }
}

/// Requests can only be counted where a route leads to the workload.
pub(super) fn countable(workload: &mut Workload, report: &mut Report) {
    let routed = !workload.routes.is_empty();
    let Some(scaling) = workload.scaling.as_mut().filter(|scaling| scaling.requests.is_some() && !routed)
    else {
        return;
    };
    scaling.requests = None;
    if scaling.cpu.is_none() && scaling.memory.is_none() {
        scaling.cpu = Some(70);
    }
    let words = "nothing leads requests to it that could be counted: it follows CPU and memory instead";
    report.remark(crate::import::report::Fate::NeedsYou, &workload.origin, words);
}
