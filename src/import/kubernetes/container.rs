//! A container of a pod.

use std::collections::BTreeMap;

use super::cluster::Context;
use super::env::{self, Facts};
use super::probes::{self, Asked};
use super::{cloud_sql, units};
use crate::import::images;
use crate::import::read::{At, Sourced};
use crate::import::report::Report;
use crate::import::unfit;
use crate::import::workload::{Container, Image, Port, Setting};

/// A container, and what the pod makes of it.
pub(super) struct Read {
    pub(super) container: Container,
    pub(super) ports: Vec<NamedPort>,
    pub(super) cpu: Size,
    pub(super) memory: Size,
    pub(super) asked: Option<Asked>,
}

/// A size in CPU units or MiB that something asks for.
pub(super) type Size = Option<Sourced<u32>>;

/// A port that a container declares.
pub(super) struct NamedPort {
    pub(super) name: Option<String>,
    pub(super) number: u16,
}

/// Reads a container, `alone` in its pod or not; a mistake when it has no image.
pub(super) fn read(at: &At, facts: &Facts<'_>, alone: bool, cx: &mut Context<'_>) -> Option<Read> {
    let report = &mut *cx.report;
    let name = at.get("name").and_then(|name| name.text(report)).unwrap_or_else(|| "main".to_owned());
    if let Some(said) = at.get("name") {
        report.mapped(&said.origin(), "the name");
    }
    let Some(image) = at.get("image") else {
        report.misshapen(&at.origin(), "a container with an `image`");
        return None;
    };
    let value = match image.text(report)? {
        text if text.contains("$") || text.contains('<') => Image::Unknown(name.clone()),
        text => Image::Named(text),
    };
    let stored = match &value {
        Image::Named(image) => cloud_sql::is_image(image) || alone && is_store(image),
        _ => false,
    };
    let mut container = Container::new(&name, image.sourced(value));
    if stored {
        ports(at, &mut container, &mut Report::default());
        env::read(at, facts, &mut container, cx);
        for (key, list) in [("command", &mut container.entry_point), ("args", &mut container.command)] {
            *list = at.get(key).map(|found| found.sourced(found.texts(cx.report)));
        }
        let words = "AWS runs it: of what the container had, the names of database and user count";
        cx.report.dropped(&at.origin(), words);
        let (ports, cpu, memory, asked) = (Vec::new(), None, None, None);
        return Some(Read { container, ports, cpu, memory, asked });
    }
    if let Some(directory) = at.get("workingDir") {
        container.working_directory = directory.text(report);
        report.mapped(&directory.origin(), "`working_directory`");
    }
    let ports = ports(at, &mut container, report);
    let (cpu, memory) = resources(at, report);
    rights(at, &mut container, report);
    lifecycle(at, report);
    env::read(at, facts, &mut container, cx);
    command(at, &mut container, cx.report);
    let asked = probes::read(at, &ports, &mut container, cx.report);
    Some(Read { container, ports, cpu, memory, asked })
}

/// Whether AWS runs in place of an image what it has.
fn is_store(image: &str) -> bool {
    matches!(images::role(image), images::Role::Database { .. } | images::Role::Cache { .. })
}

fn ports(at: &At, container: &mut Container, report: &mut Report) -> Vec<NamedPort> {
    let mut named = Vec::new();
    for item in at.get("ports").map(|ports| ports.list(report)).unwrap_or_default() {
        let protocol = item.get("protocol").and_then(|protocol| protocol.text(report));
        if protocol.is_some_and(|protocol| protocol != "TCP") {
            report.needs_you(&item.origin(), "a stack opens TCP only: this port is left out");
            continue;
        }
        let Some(number) = item.get("containerPort").and_then(|port| port_number(&port, report)) else {
            continue;
        };
        for (key, words) in [("name", "how Services and probes name it"), ("protocol", "TCP")] {
            if let Some(said) = item.get(key) {
                report.mapped(&said.origin(), words);
            }
        }
        let name = item.get("name").and_then(|name| name.text(report));
        if !named.iter().any(|known: &NamedPort| known.number == number) {
            let origin = item.get("containerPort").map_or_else(|| item.origin(), |port| port.origin());
            container.ports.push(Port { number, published: None, origin });
        } else if let Some(port) = item.get("containerPort") {
            report.mapped(&port.origin(), "the same port");
        }
        named.push(NamedPort { name, number });
    }
    named
}

/// A number of a port, or a mistake.
pub(super) fn port_number(at: &At, report: &mut Report) -> Option<u16> {
    let number = at.node.text().and_then(|text| text.trim().parse().ok()).filter(|number| *number > 0);
    if number.is_none() {
        report.misshapen(&at.origin(), "a port from 1 to 65535");
    }
    number
}

/// What it asks for: a request, or the limit where there is none, as the scheduler reads it.
fn resources(at: &At, report: &mut Report) -> (Size, Size) {
    let Some(resources) = at.get("resources") else { return (None, None) };
    let mut quantity = |key: &str, convert: fn(&str) -> Option<u32>| {
        let request = resources.get("requests").and_then(|requests| requests.get(key));
        let limit = resources.get("limits").and_then(|limits| limits.get(key));
        if let (Some(_), Some(limit)) = (&request, &limit) {
            let words = format!(
                "the size of the task is the limit, and requests make it up: write a larger `{key}` if it needs what it was \
                 allowed"
            );
            report.dropped(&limit.origin(), words);
        }
        let found = request.or(limit)?;
        let number = convert(&found.text(report)?);
        if number.is_none() {
            report.misshapen(&found.origin(), "a quantity such as `500m` or `128Mi`");
        }
        number.map(|number| found.sourced(number))
    };
    let cpu = quantity("cpu", units::cpu);
    let memory = quantity("memory", units::mebibytes);
    for part in ["requests", "limits"] {
        for (name, other) in resources.get(part).map(|part| part.entries()).unwrap_or_default() {
            match &*name {
                "cpu" | "memory" => {}
                "ephemeral-storage" => {
                    report.dropped(
                        &other.origin(),
                        "tasks have 20 GiB; what needs more belongs on a `file_system`",
                    );
                }
                _ => report.needs_you(&other.origin(), unfit::GPU),
            }
        }
    }
    (cpu, memory)
}

/// Who runs it, and what it may do.
fn rights(at: &At, container: &mut Container, report: &mut Report) {
    let Some(context) = at.get("securityContext") else { return };
    container.user = user(&context, report);
    if let Some(read_only) = context.get("readOnlyRootFilesystem") {
        container.read_only = read_only.boolean(report).unwrap_or(false);
        report.mapped(&read_only.origin(), "`read_only`");
    }
    unfit::privileged(context.get("privileged"), report);
}

/// The user of a security context: `1000` or `1000:1000`.
pub(super) fn user(context: &At, report: &mut Report) -> Option<String> {
    let mut id = |key: &str| {
        let found = context.get(key)?;
        report.mapped(&found.origin(), "`user`");
        found.number(report)
    };
    match (id("runAsUser"), id("runAsGroup")) {
        (Some(user), Some(group)) => Some(format!("{user}:{group}")),
        (Some(user), None) => Some(user.to_string()),
        (None, _) => None,
    }
}

fn lifecycle(at: &At, report: &mut Report) {
    let Some(lifecycle) = at.get("lifecycle") else { return };
    if let Some(start) = lifecycle.get("postStart") {
        report.needs_you(
            &start.origin(),
            "Fargate runs nothing after the start: have the entry point do it, or a `task`",
        );
    }
    let Some(stop) = lifecycle.get("preStop") else { return };
    let words = stop.node.map().and_then(|map| map.get("exec")?.node.map()?.get("command"));
    let sleeps = words.is_some_and(|words| match &words.node.value {
        crate::import::yaml::Value::List(items) => {
            items.iter().filter_map(|item| item.text()).any(|word| word.contains("sleep"))
        }
        _ => false,
    });
    if sleeps || stop.node.map().is_some_and(|map| map.contains_key("sleep")) {
        report.dropped(
            &stop.origin(),
            "the load balancer lets requests end before it stops a task: `drain` of a `route`",
        );
    } else {
        report.needs_you(
            &stop.origin(),
            "Fargate runs nothing before the end: have the program do it when it gets `SIGTERM`",
        );
    }
}

/// `command` replaces the entry point and `args` the command. ECS writes nothing out in them, so a shell does where a
/// value is secret.
fn command(at: &At, container: &mut Container, report: &mut Report) {
    let known: BTreeMap<String, Option<String>> = container
        .variables
        .iter()
        .map(|variable| {
            let constant = container.constant(&variable.name).map(str::to_owned);
            (variable.name.clone(), constant)
        })
        .collect();
    let mut secret = Vec::new();
    for (key, list) in [("command", &mut container.entry_point), ("args", &mut container.command)] {
        let Some(found) = at.get(key) else { continue };
        let mut words = found.texts(report);
        if words.is_empty() {
            report.mapped(&found.origin(), "empty: that of the image");
            continue;
        }
        for word in &mut words {
            let (text, names) = env::expanded(word, &known);
            *word = text;
            secret.extend(names);
        }
        *list = Some(found.sourced(words));
    }
    if secret.is_empty() {
        return;
    }
    let Some(program) = container.entry_point.take() else {
        if let Some(args) = &container.command {
            let words = format!(
                "ECS does not put `{}` into arguments: write the entry point of the image behind `sh -c`, with the variables \
                 of a shell",
                secret.join("`, `")
            );
            report.needs_you(&args.origin, words);
        }
        return;
    };
    let words = program.value.iter().chain(container.command.iter().flat_map(|args| &args.value));
    let line: Vec<String> = words.map(|word| for_shell(word, &secret)).collect();
    let line = vec!["sh".to_owned(), "-c".to_owned(), format!("exec {}", line.join(" "))];
    report.assumed(
        &program.origin,
        "a shell puts secrets into the arguments, which ECS does not: the image needs one",
    );
    if let Some(args) = container.command.take() {
        report.mapped(&args.origin, "behind the shell of `entry_point`");
    }
    container.entry_point = Some(Sourced { value: line, origin: program.origin });
}

/// A word of a command for a shell, in which names of secrets are variables.
fn for_shell(word: &str, secrets: &[String]) -> String {
    let mut text = word.replace('\\', r"\\").replace('"', "\\\"").replace('`', "\\`").replace('$', "\\$");
    for name in secrets {
        text = text.replace(&format!("\\$({name})"), &format!("${{{name}}}"));
    }
    format!("\"{text}\"")
}

/// Whether a variable is about the host of a database that a proxy in the same pod stood for.
pub(super) fn lead_to(container: &mut Container, port: u16, host: &str) {
    for variable in &mut container.variables {
        let Setting::Constant(value) = &mut variable.value else { continue };
        for local in ["127.0.0.1", "localhost"] {
            let own = format!("{local}:{port}");
            let named = variable.name.to_ascii_uppercase();
            let about = ["HOST", "SERVER", "ADDR"].iter().any(|word| named.contains(word));
            if value.contains(&own) {
                *value = value.replace(&own, &format!("{host}:{port}"));
            } else if value == local && about {
                *value = host.to_owned();
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_word_for_a_shell_says_the_same() {
        let secrets = ["TOKEN".to_owned()];
        assert_eq!(for_shell("--token=$(TOKEN)", &secrets), "\"--token=${TOKEN}\"");
        assert_eq!(for_shell("a \"b\" $HOME `x` \\", &secrets), r#""a \"b\" \$HOME \`x\` \\""#);
    }
}
