//! An nginx in front of others: services get the routes that its configuration gives them, and it goes when that is all
//! it does.

use std::collections::BTreeMap;
use std::sync::Arc;

use super::load::beside;
use super::{Project, storage};
use crate::import::images::{self, Role};
use crate::import::names::base_name;
use crate::import::nginx::{self, Input, Lead, Line, Place, Reading, Sense};
use crate::import::read::{At, Origin, Sourced};
use crate::import::report::{Fate, Report};
use crate::import::routes;
use crate::import::session::Refusal;
use crate::import::workload::{Container, Front, Image, Kind, Port, Setting, Variable, Workload};
use crate::import::yaml::NodeId;
use crate::import::{assemble, names};
use crate::source::{FileId, Span};

/// Seconds after which a load balancer gives up by itself.
const PATIENCE: u32 = 60;

/// Where a file of the configuration stands: in a file of its own, or in the compose file.
enum Home {
    File(FileId),
    Here(Origin),
}

/// The configuration of one nginx, with where its files stand.
#[derive(Default)]
struct Found {
    input: Input,
    homes: Vec<Home>,
    /// Whether parts of it could not be had or read.
    incomplete: bool,
}

/// Reads the configuration of every nginx. Gives the names that it answers with HTTPS.
pub(super) fn read(
    services: &[(Arc<str>, At)],
    workloads: &mut [Workload],
    one_task: bool,
    project: &mut Project<'_, '_>,
) -> Vec<Sourced<String>> {
    let mut domains = Vec::new();
    for (name, at) in services {
        let Some(own) = workloads.iter().position(|one| one.name == **name && is_nginx(one)) else {
            continue;
        };
        let mut found = Found::default();
        found.input.variables = constants(&workloads[own].containers[0]);
        mounted(at, &mut found, project);
        configured(at, &mut found, project);
        if found.incomplete || found.input.files.is_empty() {
            continue;
        }
        let reading = nginx::read(&found.input);
        let of = |lead: &Lead| target(&lead.host, Some(lead.port), workloads, own, one_task);
        let targets: Vec<Option<usize>> = reading.leads.iter().map(of).collect();
        let report = project.report();
        let leads: Vec<(&Lead, usize)> = reading
            .leads
            .iter()
            .zip(&targets)
            .filter_map(|(lead, target)| Some((lead, (*target)?)))
            .collect();
        if reading.kept().next().is_none() && !leads.is_empty() && leads.len() == reading.leads.len() {
            report.withdraw(
                &workloads[own].origin,
                &[Fate::Mapped, Fate::Assumed, Fate::Dropped, Fate::NeedsYou],
            );
            workloads[own].front = Front::Routed;
            replaced(&found, &reading, &leads, workloads, report);
            let secure = reading.names.iter().map(|(name, place)| Sourced {
                value: name.clone(),
                origin: found.origin(place, "server_name"),
            });
            domains.extend(secure);
        } else {
            workloads[own].front = Front::Kept;
            stays(&found, &reading, &targets, own, workloads, report);
        }
    }
    domains
}

/// Whether a workload is an nginx, and no database or application of its own.
fn is_nginx(workload: &Workload) -> bool {
    let [only] = &workload.containers[..] else { return false };
    match &only.image.value {
        Image::Named(image) => {
            images::role(image) == Role::Proxy
                && base_name(image).starts_with("nginx")
                && base_name(image) != "nginx-proxy"
        }
        _ => false,
    }
}

/// The variables that templates are filled in from.
fn constants(container: &Container) -> BTreeMap<String, String> {
    let constants = container.variables.iter().filter_map(|variable| match &variable.value {
        Setting::Constant(value) => Some((variable.name.clone(), value.clone())),
        _ => None,
    });
    constants.collect()
}

impl Found {
    fn add(&mut self, path: &str, text: &str, home: Home, report: &mut Report) {
        // The image fills templates in and puts them beside the others.
        let path = match path
            .strip_prefix("/etc/nginx/templates/")
            .and_then(|name| name.strip_suffix(".template"))
        {
            Some(name) => format!("/etc/nginx/conf.d/{name}"),
            None => path.to_owned(),
        };
        match nginx::parse(text) {
            Ok(directives) => {
                self.input.files.push((path, directives));
                self.homes.push(home);
            }
            Err(mistake) => {
                let place = Place { file: 0, range: mistake.place };
                let origin = home.origin(&place, "nginx");
                let words = format!("this cannot be read as a configuration of nginx: {}", mistake.words);
                report.needs_you(&origin, words);
                self.incomplete = true;
            }
        }
    }

    fn origin(&self, place: &Place, directive: &str) -> Origin {
        self.homes[place.file].origin(place, directive)
    }
}

impl Home {
    fn origin(&self, place: &Place, directive: &str) -> Origin {
        match self {
            Home::File(file) => Origin {
                id: NodeId::of_line(*file, place.range.start),
                span: Span::new(*file, place.range.start, place.range.end),
                path: directive.to_owned(),
            },
            Home::Here(origin) => Origin { path: format!("{}: {directive}", origin.path), ..origin.clone() },
        }
    }
}

/// Files and directories of the host that are mounted where nginx looks for its configuration.
fn mounted(at: &At, found: &mut Found, project: &mut Project<'_, '_>) {
    for item in at.get("volumes").map(|volumes| volumes.items()).unwrap_or_default() {
        let Some(written) = storage::written(&item, project.report()) else { continue };
        let target = written.target.trim_end_matches('/');
        let source = written.source.unwrap_or_default();
        if !is_configuration(target) {
            found.input.serves |= !is_beside_the_point(target);
            continue;
        }
        let own = project.session.sources.get(item.node.span.file).name.to_string();
        let path = beside(&own, source.trim_start_matches("./"));
        let files = match is_file(target) {
            _ if written.kind != "bind" || source.starts_with(['/', '~', '\\']) => Ok(Vec::new()),
            true => Ok(vec![path.clone()]),
            false => project.session.directory(&path),
        };
        let files = files.and_then(|paths| {
            let inside = |path: &str| match is_file(target) {
                true => target.to_owned(),
                false => format!("{target}/{}", base_name(path)),
            };
            let files =
                paths.into_iter().map(|path| (inside(&path), path)).filter(|(inside, _)| is_file(inside));
            files
                .map(|(inside, path)| Ok((inside, project.session.optional(&path)?)))
                .collect::<Result<Vec<_>, _>>()
        });
        match files {
            Ok(files) => {
                found.incomplete |= files.is_empty();
                for (inside, file) in files {
                    let text = project.session.text(file);
                    found.add(&inside, &text, Home::File(file), project.report());
                }
            }
            Err(refusal) => {
                found.incomplete = true;
                let why = match refusal {
                    Refusal::Missing => format!("there is no `{path}`"),
                    Refusal::Outside => {
                        format!("`{path}` is outside the directory of the file that is imported")
                    }
                    Refusal::Unreadable(why) => format!("`{path}` cannot be read: {why}"),
                };
                let words = format!(
                    "{why}, so nobody knows what this nginx does: put it there and import again, and it becomes routes if it \
                     only leads requests on"
                );
                project.report().withdraw(&item.origin(), &[Fate::NeedsYou]);
                project.report().needs_you(&item.origin(), words);
            }
        }
    }
    found.input.serves |= at.get("volumes_from").is_some();
}

/// Files of `configs`.
fn configured(at: &At, found: &mut Found, project: &mut Project<'_, '_>) {
    for item in at.get("configs").map(|configs| configs.items()).unwrap_or_default() {
        let field = |key: &str| item.get(key).and_then(|field| field.node.text().map(str::to_owned));
        let (Some(name), Some(target)) =
            (field("source").or_else(|| item.node.text().map(str::to_owned)), field("target"))
        else {
            continue;
        };
        let Some(config) = project.configs.get(&name).cloned().filter(|_| is_configuration(&target)) else {
            continue;
        };
        if let Some(content) = config.get("content") {
            let text = content.node.text().unwrap_or_default().to_owned();
            found.add(&target, &text, Home::Here(content.origin()), project.report());
        } else if let Some(named) = config.get("file").and_then(|file| file.node.text().map(str::to_owned)) {
            let own = project.session.sources.get(config.node.span.file).name.to_string();
            let path = beside(&own, named.trim_start_matches("./"));
            if let Ok(file) = project.session.optional(&path) {
                let text = project.session.text(file);
                found.add(&target, &text, Home::File(file), project.report());
            }
        }
    }
}

fn is_configuration(target: &str) -> bool {
    target == "/etc/nginx" || target.starts_with("/etc/nginx/") && !is_beside_the_point(target)
}

/// Certificates, logs and caches, which nobody asks nginx for.
fn is_beside_the_point(target: &str) -> bool {
    let words = [
        "/ssl",
        "/cert",
        "letsencrypt",
        "certbot",
        "/acme",
        "/log/",
        "/log",
        "/cache",
        "dhparam",
        "/tmp",
        "/run",
    ];
    words.iter().any(|word| target.contains(word))
        || [".pem", ".crt", ".key"].iter().any(|end| target.ends_with(end))
}

fn is_file(target: &str) -> bool {
    target.ends_with(".conf")
        || target.ends_with(".template")
        || target.ends_with(".inc")
        || target.ends_with(".types")
}

/// The workload that a way leads to: by its name, or in one task by the port that it listens at.
fn target(
    host: &str,
    port: Option<u16>,
    workloads: &[Workload],
    own: usize,
    one_task: bool,
) -> Option<usize> {
    let local = one_task && matches!(host, "localhost" | "127.0.0.1");
    let listens = |one: &Workload| one.containers[0].ports.iter().any(|known| Some(known.number) == port);
    let named = |one: &Workload| one.name == host || one.aliases.iter().any(|alias| alias == host);
    let fits = |(at, one): (usize, &Workload)| {
        let serves = at != own && one.kind == Kind::Service && !assemble::is_data_store(one);
        serves && (named(one) || local && listens(one))
    };
    workloads.iter().enumerate().position(fits)
}

/// Gives services their routes, and says what becomes of the rest.
fn replaced(
    found: &Found,
    reading: &Reading,
    leads: &[(&Lead, usize)],
    workloads: &mut [Workload],
    report: &mut Report,
) {
    for (lead, at) in leads {
        let origin = found.origin(&lead.place, "location");
        let workload = &mut workloads[*at];
        let ports = &mut workload.containers[0].ports;
        if ports.iter().all(|port| port.number != lead.port) {
            ports.push(Port { number: lead.port, published: None, origin: origin.clone() });
        }
        let every = [None];
        let hosts: Vec<Option<&str>> = lead.hosts.iter().map(|host| Some(host.as_str())).collect();
        for path in &lead.paths {
            for host in if hosts.is_empty() { &every[..] } else { &hosts } {
                routes::add(workload, path, *host, lead.port, &origin, report);
            }
        }
        let timeout = lead.timeout.filter(|seconds| *seconds > PATIENCE);
        for route in workload.routes.iter_mut().filter(|route| route.origin.id == origin.id) {
            route.idle_timeout = route.idle_timeout.max(timeout);
        }
    }
    for line in &reading.lines {
        let origin = found.origin(&line.place, &line.directive);
        match line.sense {
            Sense::Same(words) => report.mapped(&origin, words),
            Sense::Assumed(words) => report.assumed(&origin, words),
            Sense::Lost(words) => report.dropped(&origin, words),
            Sense::NeedsYou(words) | Sense::Keeps(words) => report.needs_you(&origin, words),
        }
    }
}

/// Says why it stays, and where what it leads to is to be found.
fn stays(
    found: &Found,
    reading: &Reading,
    targets: &[Option<usize>],
    own: usize,
    workloads: &mut [Workload],
    report: &mut Report,
) {
    let keeps = |line: &Line| match line.sense {
        Sense::Keeps(why) => Some((found.origin(&line.place, &line.directive), why)),
        _ => None,
    };
    for (origin, why) in reading.lines.iter().filter_map(keeps) {
        report.needs_you(&origin, format!("it stays as a service because of this: {why}"));
    }
    for (lead, _) in reading.leads.iter().zip(targets).filter(|(_, target)| target.is_none()) {
        let origin = found.origin(&lead.place, "location");
        report.needs_you(&origin, "it stays as a service because this leads to nothing in the input");
    }
    for host in &reading.hosts {
        let Some(target) = target(host, None, workloads, own, false) else { continue };
        let host = workloads[target].name.clone();
        let variable = format!("{}_HOST", names::valid(&host).to_uppercase());
        let origin = workloads[own].origin.clone();
        let words = format!(
            "its configuration calls `{host}` by name, which is no name in AWS: write it as a template that takes `{variable}`"
        );
        report.remark(Fate::NeedsYou, &origin, words);
        let variables = &mut workloads[own].containers[0].variables;
        if variables.iter().all(|known| known.name != variable) {
            variables.push(Variable { name: variable, value: Setting::Constant(host), origin });
        }
    }
}
