//! Container definitions.

use crate::import::logs;
use crate::import::names::base_name;
use crate::import::read::{At, Sourced};
use crate::import::report::Report;
use crate::import::unfit;
use crate::import::workload::{Container, HealthCheck, Image, Mount, Port, Setting, Variable};

/// A container, and what it asks for of the task.
pub(super) struct Read {
    pub(super) container: Container,
    pub(super) cpu: Option<Sourced<u32>>,
    pub(super) memory: Option<Sourced<u32>>,
    /// Containers whose mounts it has too, and whether it only reads them.
    volumes_from: Vec<Sourced<(String, bool)>>,
}

/// Reads a container definition; a mistake when it has no name or image.
pub(super) fn read(at: &At, report: &mut Report) -> Option<Read> {
    let text = |key: &str, words: &str, report: &mut Report| {
        let found = at.get(key)?;
        let text = found.text(report)?;
        report.mapped(&found.origin(), words);
        Some(text)
    };
    let name = text("name", "the name", report).unwrap_or_else(|| "main".to_owned());
    let Some(image) = at.get("image") else {
        report.misshapen(&at.origin(), "a container definition with an `image`");
        return None;
    };
    let value = match image.text(report)? {
        text if is_placeholder(&text) => Image::Unknown(called(&text, &name)),
        text => Image::Named(text),
    };
    let mut container = Container::new(&name, image.sourced(value));
    container.working_directory = text("workingDirectory", "`working_directory`", report);
    container.user = text("user", "`user`", report);
    for (key, list) in [("command", &mut container.command), ("entryPoint", &mut container.entry_point)] {
        let Some(found) = at.get(key) else { continue };
        let words = if found.is_list() {
            found.texts(report)
        } else {
            found.text(report).into_iter().flat_map(|text| split(&text)).collect()
        };
        if words.is_empty() {
            report.mapped(&found.origin(), "empty: that of the image");
        } else {
            *list = Some(found.sourced(words));
        }
    }
    if let Some(essential) = at.get("essential") {
        container.essential = essential.boolean(report)?;
        report.mapped(&essential.origin(), "`essential`");
    }
    if let Some(read_only) = at.get("readonlyRootFilesystem") {
        container.read_only = read_only.boolean(report)?;
        report.mapped(&read_only.origin(), "`read_only`");
    }
    if let Some(stop) = at.get("stopTimeout") {
        container.stop_timeout = stop.number(report);
        report.mapped(&stop.origin(), "`stop_timeout`");
    }
    unfit::privileged(at.get("privileged"), report);
    if let Some(resources) = at.get("resourceRequirements").filter(|found| !found.items().is_empty()) {
        report.needs_you(&resources.origin(), unfit::GPU);
    }
    variables(at, &mut container, report);
    ports(at, &mut container, report);
    mounts(at, &mut container, report);
    health(at, &mut container, report);
    let logging = at.get("logConfiguration");
    let part = |key: &str| logging.as_ref().and_then(|logging| logging.get(key));
    container.log = logs::read(part("logDriver"), part("options"), report);
    for limit in at.get("ulimits").map(|limits| limits.list(report)).unwrap_or_default() {
        if let Some(name) = limit.get("name").and_then(|name| name.text(report)) {
            let both = [limit.get("softLimit"), limit.get("hardLimit")];
            unfit::limit(name.to_ascii_lowercase(), &limit, both, &mut container, report);
        }
    }
    for wait in at.get("dependsOn").map(|waits| waits.list(report)).unwrap_or_default() {
        let name = wait.get("containerName").and_then(|name| name.text(report));
        let condition = wait.get("condition").and_then(|condition| condition.text(report));
        let condition = match condition.as_deref() {
            Some("COMPLETE") => "complete",
            Some("SUCCESS") => "success",
            Some("HEALTHY") => "healthy",
            _ => "started",
        };
        if let Some(name) = name {
            container.depends_on.push((name, condition));
            report.mapped(&wait.origin(), "`depends_on`");
        }
    }
    let number = |key: &str, report: &mut Report| {
        let found = at.get(key)?;
        if found.node.text().is_some_and(is_placeholder) {
            report.needs_you(&found.origin(), "its value is filled in by another program: choose a size");
            return None;
        }
        Some(found.sourced(found.number(report)?))
    };
    if let Some(files) = at.get("environmentFiles").filter(|files| !files.items().is_empty()) {
        let words = "ECS would read its variables from a file in S3: copy them into `environment`, and what is secret into `secrets`";
        report.needs_you(&files.origin(), words);
    }
    let cpu = number("cpu", report);
    let memory = number("memory", report);
    let reservation = number("memoryReservation", report);
    container.cpu = cpu.as_ref().map(|cpu| cpu.value);
    container.memory = memory.as_ref().map(|memory| memory.value.max(6));
    container.memory_reservation = reservation.as_ref().map(|memory| memory.value.max(6));
    if let (Some(_), Some(reservation)) = (&memory, &reservation) {
        report.mapped(&reservation.origin, "`memory` says it for the task");
    }
    let volumes_from = at.get("volumesFrom").map(|from| from.list(report)).unwrap_or_default();
    let volumes_from = volumes_from.iter().filter_map(|from| {
        let source = from.get("sourceContainer")?.text(report)?;
        let read_only = from.get("readOnly").and_then(|only| only.boolean(report)).unwrap_or(false);
        Some(from.sourced((source, read_only)))
    });
    let volumes_from = volumes_from.collect();
    Some(Read { container, cpu, memory: memory.or(reservation), volumes_from })
}

/// Gives containers the mounts of those whose volumes they take over.
pub(super) fn share_volumes(read: &mut [Read], report: &mut Report) {
    for index in 0..read.len() {
        for from in read[index].volumes_from.clone() {
            let (name, read_only) = &from.value;
            let Some(source) = read.iter().find(|other| other.container.name == *name) else {
                report.dropped(&from.origin, format!("the task has no container `{name}`"));
                continue;
            };
            let mounts: Vec<Mount> = source.container.mounts.clone();
            report.mapped(&from.origin, format!("the mounts of `{name}`"));
            let own = &mut read[index].container.mounts;
            for mount in mounts {
                if !own.iter().any(|known| known.source == mount.source) {
                    own.push(Mount { read_only: mount.read_only || *read_only, ..mount });
                }
            }
        }
    }
}

fn variables(at: &At, container: &mut Container, report: &mut Report) {
    for entry in at.get("environment").map(|entries| entries.list(report)).unwrap_or_default() {
        let Some(name) = entry.get("name").and_then(|name| name.text(report)) else { continue };
        let value = match entry.get("value") {
            Some(value) => value.text(report).unwrap_or_default(),
            None => String::new(),
        };
        let value = if is_placeholder(&value) { Setting::Unknown } else { Setting::Constant(value) };
        container.variables.push(Variable { name, value, origin: entry.origin() });
    }
    for entry in at.get("secrets").map(|entries| entries.list(report)).unwrap_or_default() {
        let Some(name) = entry.get("name").and_then(|name| name.text(report)) else { continue };
        let Some(from) = entry.get("valueFrom").and_then(|from| from.text(report)) else { continue };
        container.variables.push(Variable { name, value: stored(&from), origin: entry.origin() });
    }
}

/// Where a value stands: an ARN, the field behind that of a Secrets Manager secret, or the name of a parameter.
fn stored(from: &str) -> Setting {
    if from.starts_with("${") && !from.contains(':') {
        return Setting::Unknown;
    }
    let parts: Vec<&str> = from.split(':').collect();
    match parts.get(2) {
        Some(&"secretsmanager") if parts.len() > 7 => {
            let field = parts.get(7).filter(|field| !field.is_empty()).map(|field| (*field).to_owned());
            Setting::Stored(parts[..7].join(":"), field)
        }
        _ => Setting::Stored(from.to_owned(), None),
    }
}

fn ports(at: &At, container: &mut Container, report: &mut Report) {
    for mapping in at.get("portMappings").map(|mappings| mappings.list(report)).unwrap_or_default() {
        let Some(port) = mapping.get("containerPort") else { continue };
        let Some(number) =
            port.number(report).and_then(|number| u16::try_from(number).ok()).filter(|port| *port > 0)
        else {
            report.needs_you(&port.origin(), "this is no port");
            continue;
        };
        if let Some(protocol) = mapping.get("protocol") {
            if protocol.text(report).is_some_and(|name| name.eq_ignore_ascii_case("udp")) {
                report.dropped(&mapping.origin(), "a port of UDP: a stack opens TCP only");
                continue;
            }
            report.mapped(&protocol.origin(), "TCP");
        }
        container.ports.push(Port { number, published: None, origin: port.origin() });
    }
}

fn mounts(at: &At, container: &mut Container, report: &mut Report) {
    for mount in at.get("mountPoints").map(|mounts| mounts.list(report)).unwrap_or_default() {
        let source = mount.get("sourceVolume").and_then(|source| source.text(report));
        let path = mount.get("containerPath").and_then(|path| path.text(report));
        let read_only = mount.get("readOnly").and_then(|only| only.boolean(report)).unwrap_or(false);
        if let (Some(source), Some(path)) = (source, path) {
            container.mounts.push(Mount { source, path, read_only, origin: mount.origin() });
        }
    }
}

fn health(at: &At, container: &mut Container, report: &mut Report) {
    let Some(check) = at.get("healthCheck") else { return };
    let words = check.get("command").map(|command| {
        if command.is_list() { command.texts(report) } else { command.text(report).into_iter().collect() }
    });
    let Some(mut health) = HealthCheck::of(words.unwrap_or_default()) else {
        report.mapped(&check.origin(), "no health check");
        return;
    };
    let number = |key: &str, report: &mut Report| check.get(key).and_then(|at| at.number(report));
    health.interval = number("interval", report);
    health.timeout = number("timeout", report);
    health.retries = number("retries", report);
    health.start_period = number("startPeriod", report);
    match health.fit() {
        true => report.assumed(&check.origin(), HealthCheck::FITTED),
        false => report.mapped(&check.origin(), "`health_check`"),
    }
    container.health_check = Some(health);
}

/// Whether somebody fills in the text later.
pub(super) fn is_placeholder(text: &str) -> bool {
    let between = |open: &str, close: &str| text.starts_with(open) && text.ends_with(close);
    text.contains("${") || between("<", ">") || between("{{", "}}") || between("%", "%") && text.len() > 2
}

/// What to call an image whose name is filled in: its repository, if that much is written.
fn called(text: &str, container: &str) -> String {
    let base = base_name(text);
    if base.is_empty() || is_placeholder(base) || base.contains(['$', '{', '<', '%', '}']) {
        container.to_owned()
    } else {
        base.to_owned()
    }
}

/// A command that is one text.
fn split(text: &str) -> Vec<String> {
    text.split([' ', ',']).filter(|word| !word.is_empty()).map(str::to_owned).collect()
}
