//! What `services.*` of `ecs-params.yml` says of a container.

use crate::import::read::At;
use crate::import::report::Report;
use crate::import::unfit;
use crate::import::units;
use crate::import::workload::{Container, HealthCheck, Setting, Variable};

/// Adds what stands there; `single` is whether the task has no other container.
pub(super) fn read(at: &At, container: &mut Container, single: bool, report: &mut Report) {
    if let Some(essential) = at.get("essential") {
        container.essential = essential.boolean(report).unwrap_or(true);
        report.mapped(&essential.origin(), "`essential`");
    }
    let words = if single { "the task's size says it" } else { "of the container" };
    let bytes = |key: &str, report: &mut Report| {
        let found = at.get(key)?;
        let text = found.text(report)?;
        // Unlike in `task_size`, a number alone is bytes.
        let size = units::mebibytes(&text).map(|size| size.max(6));
        match size {
            Some(_) => report.mapped(&found.origin(), words),
            None if text.trim().is_empty() => {
                report.needs_you(&found.origin(), "its variable is not set: choose a size")
            }
            None => report.misshapen(&found.origin(), "a size in bytes, or such as `512m`"),
        }
        size
    };
    container.memory = bytes("mem_limit", report).or(container.memory);
    container.memory_reservation = bytes("mem_reservation", report).or(container.memory_reservation);
    if let Some(shares) = at.get("cpu_shares") {
        container.cpu = shares.number(report);
        report.mapped(&shares.origin(), words);
    }
    for secret in at.get("secrets").map(|secrets| secrets.list(report)).unwrap_or_default() {
        let field = |key: &str| secret.get(key).and_then(|field| field.node.text().map(str::to_owned));
        if let (Some(name), Some(from)) = (field("name"), field("value_from")) {
            let value = Setting::Stored(from, None);
            container.variables.retain(|variable| variable.name != name);
            container.variables.push(Variable { name, value, origin: secret.origin() });
        }
    }
    for wait in at.get("depends_on").map(|waits| waits.list(report)).unwrap_or_default() {
        let field = |key: &str| wait.get(key).and_then(|field| field.node.text().map(str::to_owned));
        let Some(name) = field("container_name") else { continue };
        let condition = match field("condition").as_deref() {
            Some("COMPLETE") => "complete",
            Some("SUCCESS") => "success",
            Some("HEALTHY") => "healthy",
            _ => "started",
        };
        container.depends_on.push((name, condition));
        report.mapped(&wait.origin(), "`depends_on`");
    }
    health(at, container, report);
    if let Some(router) = at.get("firelens_configuration") {
        let words = "logs go to CloudWatch, so nothing comes to this log router: take its container out, and subscribe to the \
                     log groups what forwards them";
        report.needs_you(&router.origin(), words);
    }
    if let Some(gpu) = at.get("gpu") {
        report.needs_you(&gpu.origin(), unfit::GPU);
    }
    if let Some(credentials) = at.get("repository_credentials") {
        let words = "ECS pulls with no password of another registry: push the image to a `registry`";
        report.needs_you(&credentials.origin(), words);
    }
}

/// A health check over that of the compose file, value by value.
fn health(at: &At, container: &mut Container, report: &mut Report) {
    let Some(check) = at.get("healthcheck") else { return };
    let words = check.get("test").or_else(|| check.get("command")).map(|test| {
        let words = if test.is_list() { test.texts(report) } else { test.text(report).into_iter().collect() };
        // A single word is a line for the shell, as text alone is.
        match &words[..] {
            [line] if line != "NONE" => vec!["CMD-SHELL".to_owned(), line.clone()],
            _ => words,
        }
    });
    let known = container.health_check.take();
    let health = match words {
        Some(words) => HealthCheck::of(words).map(|new| {
            let known = known.unwrap_or_default();
            HealthCheck { command: new.command, shell: new.shell, ..known }
        }),
        None => known,
    };
    let Some(mut health) = health else {
        report.mapped(&check.origin(), "no `health_check`");
        return;
    };
    let mut duration = |key: &str, value: &mut Option<u32>| {
        let Some(found) = check.get(key) else { return };
        let text = found.text(report).unwrap_or_default();
        // Without a unit it is seconds.
        match text.trim().parse().ok().or_else(|| units::seconds(&text)) {
            Some(seconds) => *value = Some(seconds),
            None => report.misshapen(&found.origin(), "seconds, or a duration such as `1m30s`"),
        }
    };
    duration("interval", &mut health.interval);
    duration("timeout", &mut health.timeout);
    duration("start_period", &mut health.start_period);
    if let Some(retries) = check.get("retries") {
        health.retries = retries.number(report);
    }
    match health.fit() {
        true => report.assumed(&check.origin(), HealthCheck::FITTED),
        false => report.mapped(&check.origin(), "`health_check`"),
    }
    container.health_check = Some(health);
}
