//! A service of a compose file.

use super::{Project, deploy, storage, traefik, variables};
use crate::import::names::base_name;
use crate::import::read::{At, Sourced};
use crate::import::report::{Fate, Report};
use crate::import::unfit;
use crate::import::workload::{Container, HealthCheck, Image, Port, Workload};
use crate::import::{logs, shell, units};
use crate::suspicion::suspicion;

/// Reads a service; a mistake when it has neither image nor build.
pub(super) fn read(name: &str, at: &At, project: &mut Project<'_, '_>) -> Option<Workload> {
    let image = image(name, at, project)?;
    let mut container = Container::new(name, image);
    variables::read(at, &mut container, project);
    let report = project.report();
    container.command = command(at, "command", report);
    container.entry_point = command(at, "entrypoint", report);
    let text = |key: &str, words: &str, report: &mut Report| {
        let found = at.get(key)?;
        let text = found.text(report)?;
        report.mapped(&found.origin(), words);
        (!text.is_empty()).then_some(text)
    };
    container.working_directory = text("working_dir", "`working_directory`", report);
    container.user = text("user", "`user`", report);
    if let Some(read_only) = at.get("read_only") {
        container.read_only = read_only.boolean(report).unwrap_or(false);
        report.mapped(&read_only.origin(), "`read_only`");
    }
    if let Some(grace) = at.get("stop_grace_period") {
        match grace.text(report).as_deref().and_then(units::seconds) {
            Some(seconds) if seconds <= 120 => report.mapped(&grace.origin(), "`stop_timeout`"),
            Some(_) => {
                report.assumed(&grace.origin(), "`stop_timeout`: two minutes, the most that Fargate waits")
            }
            None => report.misshapen(&grace.origin(), "a duration such as `1m30s`"),
        }
        container.stop_timeout = grace.node.text().and_then(units::seconds);
    }
    let logging = at.get("logging");
    let part = |key: &str| logging.as_ref().and_then(|logging| logging.get(key));
    container.log = logs::read(part("driver"), part("options"), report);
    ports(at, &mut container, report);
    health(at, &mut container, report);
    ulimits(at, &mut container, report);
    host(at, report);
    storage::mounts(at, &mut container, project);
    let report = project.report();
    storage::configs(at, report);
    let mut workload = Workload::new(name, at.origin(), vec![container]);
    for key in ["container_name", "hostname"] {
        workload.aliases.extend(text(key, "a name by which others mean it", report));
    }
    for (_, network) in at.get("networks").map(|networks| networks.entries()).unwrap_or_default() {
        if let Some(aliases) = network.get("aliases") {
            workload.aliases.extend(aliases.texts(report));
            report.mapped(&aliases.origin(), "names by which others mean it");
        }
        report.dropped(&network.origin(), "services reach each other only where one refers to another");
    }
    for (other, need) in at.get("depends_on").map(|needs| needs.entries()).unwrap_or_default() {
        workload.needs.push(need.sourced(other.to_string()));
    }
    if let Some(platform) = at.get("platform") {
        workload.arm =
            platform.text(report).is_some_and(|name| name.contains("arm64") || name.contains("aarch64"));
        report.mapped(&platform.origin(), "`architecture`");
    }
    deploy::read(at, &mut workload, report);
    traefik::routes(at, &mut workload, report);
    Some(workload)
}

/// Arguments of a build that have a value.
fn build_arguments(build: &At) -> Vec<(String, String)> {
    let arguments = build.node.map().and_then(|map| map.get("args")?.node.map());
    let arguments = arguments.into_iter().flatten();
    arguments.filter_map(|(name, entry)| Some((name.to_string(), entry.node.text()?.to_owned()))).collect()
}

/// The image, or what is built.
fn image(name: &str, at: &At, project: &mut Project<'_, '_>) -> Option<Sourced<Image>> {
    let named = at.get("image");
    let build = at.get("build");
    let text = named.as_ref().and_then(|image| image.text(project.report()));
    // What is in ECR is there whoever builds it; only its tag may be open.
    if let (Some(named), Some(text)) = (&named, text.as_ref().filter(|text| text.contains(".dkr.ecr."))) {
        if let Some(build) = &build {
            let words =
                "the image has to be pushed to its `registry` by what builds it: by a `pipeline`, or by hand";
            project.report().needs_you(&build.origin(), words);
        }
        if let Some(unset) = project.interpolation.unset.get(&named.node.id) {
            let names: Vec<&str> = unset.iter().map(String::as_str).collect();
            let words =
                format!("`{}` is not set: look whether `image` and `tag` are right", names.join("`, `"));
            project.session.report.remark(Fate::NeedsYou, &named.origin(), words);
        }
        return Some(named.sourced(Image::Named(text.trim_end_matches(':').to_owned())));
    }
    match (build, named, text) {
        (Some(build), named, text) => {
            if let Some(named) = &named {
                project.report().mapped(&named.origin(), "the name of the `registry`");
            }
            let called = text.as_deref().map(base_name).filter(|base| !base.is_empty()).map(str::to_owned);
            // What is built in the same way is one image.
            let way = ["context", "dockerfile", "target"].map(|key| {
                build
                    .node
                    .map()
                    .and_then(|map| map.get(key)?.node.text())
                    .or(build.node.text())
                    .unwrap_or(".")
            });
            let called = called.unwrap_or_else(|| {
                project.builds.entry(way.join("\n")).or_insert_with(|| name.to_owned()).clone()
            });
            Some(build.sourced(Image::Built(called)))
        }
        // Another service says how it is built.
        (None, Some(image), Some(text)) if project.built.contains(&text) => {
            Some(image.sourced(Image::Built(base_name(&text).to_owned())))
        }
        (None, Some(image), Some(text)) => {
            let unknown = text.is_empty()
                || text.ends_with(':')
                || project.is_unset(image.node.id) && !text.contains(':');
            if unknown {
                return Some(image.sourced(Image::Unknown(name.to_owned())));
            }
            Some(image.sourced(Image::Named(text)))
        }
        _ => {
            project.report().misshapen(&at.origin(), "a service with an `image` or a `build`");
            None
        }
    }
}

/// A command or entry point: a list, or a text that is split.
fn command(at: &At, key: &str, report: &mut Report) -> Option<Sourced<Vec<String>>> {
    let found = at.get(key)?;
    let words = if found.is_list() {
        found.texts(report)
    } else {
        let text = found.text(report)?;
        let Some(words) = shell::words(&text) else {
            report.misshapen(&found.origin(), "a command whose quotes are closed");
            return None;
        };
        words
    };
    if words.is_empty() {
        report.mapped(&found.origin(), "empty: that of the image");
        return None;
    }
    Some(found.sourced(words))
}

/// Published and exposed ports.
fn ports(at: &At, container: &mut Container, report: &mut Report) {
    for item in at.get("ports").map(|ports| ports.list(report)).unwrap_or_default() {
        let (target, published, protocol, host) = if item.is_map() {
            let field = |key: &str| item.get(key).and_then(|field| field.node.text().map(str::to_owned));
            (
                field("target").unwrap_or_default(),
                field("published"),
                field("protocol").unwrap_or_default(),
                field("host_ip"),
            )
        } else {
            let Some(text) = item.text(report) else { continue };
            let (text, protocol) = text.rsplit_once('/').unwrap_or((&text, ""));
            let protocol = protocol.to_owned();
            let mut parts = text.rsplitn(3, ':').map(str::to_owned);
            let target = parts.next().unwrap_or_default();
            (target, parts.next(), protocol, parts.next())
        };
        if protocol.eq_ignore_ascii_case("udp") {
            report.dropped(&item.origin(), "a port of UDP: a stack opens TCP only");
            continue;
        }
        let Some(range) = range(&target) else {
            report.needs_you(&item.origin(), "this is no port; is a variable of it not set?");
            continue;
        };
        let local = host
            .as_deref()
            .is_some_and(|host| host.starts_with("127.") || host == "localhost" || host == "[::1]");
        if local {
            let words = "open on the host alone, so nothing leads there from outside: add a `route` if a proxy of the host did";
            report.remark(Fate::Assumed, &item.origin(), words);
        }
        let first = published.as_deref().and_then(self::range).map(|range| range.0);
        for number in range.0..=range.1 {
            // A port without one of the host gets a random one, which is published all the same.
            let published = (!local).then(|| first.unwrap_or(number));
            container.ports.push(Port { number, published, origin: item.origin() });
        }
    }
    for item in at.get("expose").map(|ports| ports.list(report)).unwrap_or_default() {
        let Some(range) =
            item.text(report).and_then(|text| self::range(text.split('/').next().unwrap_or_default()))
        else {
            report.needs_you(&item.origin(), "this is no port");
            continue;
        };
        for number in range.0..=range.1 {
            container.ports.push(Port { number, published: None, origin: item.origin() });
        }
    }
}

/// A port, or a range of at most a hundred.
fn range(text: &str) -> Option<(u16, u16)> {
    let (first, last) = text.split_once('-').unwrap_or((text, text));
    let (first, last): (u16, u16) = (first.trim().parse().ok()?, last.trim().parse().ok()?);
    (first > 0 && first <= last && last - first < 100).then_some((first, last))
}

fn health(at: &At, container: &mut Container, report: &mut Report) {
    let Some(check) = at.get("healthcheck") else { return };
    let disabled = check.get("disable").is_some_and(|disable| disable.boolean(report) == Some(true));
    let words = check.get("test").map(|test| {
        if test.is_list() {
            test.texts(report)
        } else {
            test.text(report).map(|line| vec!["CMD-SHELL".to_owned(), line]).unwrap_or_default()
        }
    });
    let Some(mut health) = HealthCheck::of(words.unwrap_or_default()).filter(|_| !disabled) else {
        report.mapped(&check.origin(), "no `health_check`: ECS looks at none of the image");
        return;
    };
    let duration = |key: &str, report: &mut Report| {
        let found = check.get(key)?;
        let seconds = found.text(report).as_deref().and_then(units::seconds);
        if seconds.is_none() {
            report.misshapen(&found.origin(), "a duration such as `1m30s`");
        }
        seconds
    };
    health.interval = duration("interval", report);
    health.timeout = duration("timeout", report);
    health.start_period = duration("start_period", report);
    health.retries = check.get("retries").and_then(|retries| retries.number(report));
    match health.fit() {
        true => report.assumed(&check.origin(), HealthCheck::FITTED),
        false => report.mapped(&check.origin(), "`health_check`"),
    }
    container.health_check = Some(health);
}

fn ulimits(at: &At, container: &mut Container, report: &mut Report) {
    for (name, limit) in at.get("ulimits").map(|limits| limits.entries()).unwrap_or_default() {
        let both = match limit.is_map() {
            true => [limit.get("soft"), limit.get("hard")],
            false => [Some(limit.clone()), None],
        };
        unfit::limit(name.to_string(), &limit, both, container, report);
    }
}

/// What a host would have to give.
fn host(at: &At, report: &mut Report) {
    if let Some(mode) = at.get("network_mode") {
        match mode.text(report).as_deref() {
            Some("bridge" | "default") => report.mapped(&mode.origin(), "every task has an address of its own"),
            Some("host") => report.needs_you(
                &mode.origin(),
                "Fargate has no host network: every task has an address of its own; list the ports that it listens on",
            ),
            _ => report.needs_you(
                &mode.origin(),
                "every task has an address of its own: what shares the network of another is a `container` beside it",
            ),
        }
    }
    unfit::privileged(at.get("privileged"), report);
    if let Some(build) = at.get("build").filter(At::is_map) {
        let field =
            |key: &str| build.node.map().and_then(|map| map.get(key)?.node.text()).unwrap_or_default();
        let develops = |text: &str| {
            let mut words = text.split(|c: char| !c.is_ascii_alphanumeric()).map(str::to_ascii_lowercase);
            words.any(|word| matches!(word.as_str(), "dev" | "develop" | "development" | "local" | "test"))
        };
        if develops(field("dockerfile")) || develops(field("target")) {
            let words =
                "this is how the image for development is built: build and push the one for production";
            report.remark(Fate::NeedsYou, &build.origin(), words);
        }
        for (name, value) in build_arguments(&build) {
            if suspicion(&name, &value).is_some() {
                let words = format!(
                    "`{name}` looks like a secret, and whoever has the image can read arguments of its build: give it with \
                     `--secret`"
                );
                report.remark(Fate::NeedsYou, &build.origin(), words);
            }
        }
        if build.node.map().is_some_and(|map| map.keys().any(|key| &**key != "context")) {
            let words =
                "arguments and target of the build belong in a `pipeline`, or in the command that builds it";
            report.remark(Fate::NeedsYou, &build.origin(), words);
        }
    }
}
