//! The manifest of a service or job, read once for every environment.

use std::collections::BTreeMap;
use std::sync::Arc;

use super::addon::Offer;
use super::container::Reader;
use super::fill::Filling;
use super::{count, http, overlay, schedule, storage, valid};
use crate::aws::cloudfront;
use crate::import::environments::Site;
use crate::import::read::{At, Origin, Part};
use crate::import::report::{Fate, Report};
use crate::import::session::Session;
use crate::import::unfit;
use crate::import::workload::{Kind, Setting, System, Workload};
use crate::import::yaml::{Node, Value};

/// What all manifests of a run share.
pub(super) struct Application<'a> {
    pub(super) name: &'a str,
    /// At least one.
    pub(super) environments: &'a [String],
    pub(super) root: &'a str,
    /// What addons export.
    pub(super) exports: &'a BTreeMap<String, Offer>,
}

/// The environments in which tasks stand in private subnets.
pub(super) type Private = Vec<String>;

/// Reads a manifest into the system; gives the environments in which its tasks stand in private subnets.
pub(super) fn read(
    manifest: &Node,
    application: &Application<'_>,
    system: &mut System,
    session: &mut Session<'_>,
) -> Private {
    let (rest, overlays) = overlay::split(manifest);
    let at = session.watch(&rest, &super::WORKLOAD);
    let Some(name) = at.get("name").and_then(|name| {
        session.report.mapped(&name.origin(), "the name");
        name.text(&mut session.report)
    }) else {
        session.report.misshapen(&at.origin(), "a manifest with a `name`");
        return Vec::new();
    };
    let trees: Vec<At> = application
        .environments
        .iter()
        .map(|environment| match overlays.iter().find(|(known, _)| **known == **environment) {
            Some((_, over)) => {
                if !matches!(over.value, Value::Map(_) | Value::Null) {
                    let path = format!("environments.{environment}");
                    let origin = Origin { id: over.id, span: over.span, path };
                    session.report.misshapen(&origin, "a mapping");
                    return at.clone();
                }
                let part = Arc::new(Part {
                    path: format!("environments.{environment}"),
                    nodes: overlay::inside(over),
                });
                session.watch_at(At::with_part(over.clone(), &super::WORKLOAD, &part));
                At::with_part(overlay::merged(&rest, over), &super::WORKLOAD, &part)
            }
            None => at.clone(),
        })
        .collect();
    let kind = at.get("type").and_then(|kind| Some((kind.text(&mut session.report)?, kind.origin())));
    let Some((kind, kind_origin)) = kind else { return Vec::new() };
    if kind == "Static Site" {
        session.report.mapped(&kind_origin, "a `bucket` behind a `cdn`");
        site(&at, &name, &application.environments[0], application.name, system, &mut session.report);
        return Vec::new();
    }
    let repeated = trees.iter().map(|tree| tree.node.size()).sum();
    if !session.report.repeat(repeated, at.origin().span) {
        return Vec::new();
    }
    let manifest = Manifest { name: &name, kind: &kind, kind_origin, application };
    let mut workload = manifest.workload(&at, &application.environments[0], system, session);
    let mut private = Vec::new();
    for (environment, tree) in application.environments.iter().zip(&trees) {
        let variant = manifest.workload(tree, environment, system, session);
        if placement(tree, &mut session.report) {
            private.push(environment.clone());
        }
        workload.variants.push((environment.clone(), variant));
    }
    share_secrets(&mut workload);
    system.workloads.push(workload);
    private
}

struct Manifest<'a> {
    name: &'a str,
    kind: &'a str,
    kind_origin: Origin,
    application: &'a Application<'a>,
}

impl Manifest<'_> {
    /// The workload as one environment has it.
    fn workload(
        &self,
        at: &At,
        environment: &str,
        system: &mut System,
        session: &mut Session<'_>,
    ) -> Workload {
        let names = Filling { application: self.application.name, environment };
        let root = self.application.root;
        let exports = self.application.exports;
        let builds = &mut system.builds;
        let mut reader = Reader { session, names: names.clone(), root, exports, builds };
        let mut containers = vec![reader.main(at, self.name)];
        for (name, sidecar) in at.get("sidecars").map(|sidecars| sidecars.entries()).unwrap_or_default() {
            containers.extend(reader.sidecar(&sidecar, &name, self.name));
        }
        let report = &mut session.report;
        let origin = at.get("name").map_or_else(|| at.origin(), |name| name.origin());
        let mut workload = Workload::new(self.name, origin, containers);
        self.kind(&mut workload, report);
        for (key, size) in [("cpu", &mut workload.cpu), ("memory", &mut workload.memory)] {
            *size = at.get(key).and_then(|found| Some(found.sourced(found.number(report)?)));
        }
        platform(at, &mut workload, report);
        if let Some(exec) = at.get("exec") {
            workload.execute_command = exec.boolean(report).unwrap_or(false);
            report.mapped(&exec.origin(), "`execute_command`");
        }
        count::read(at, &mut workload, report);
        count::recreate(at, &mut workload, report);
        http::read(at, self.kind == "Backend Service", &names, &mut workload, report);
        if self.kind == "Request-Driven Web Service" && workload.routes.is_empty() {
            request_driven(at, &names, &mut workload, report);
        }
        count::countable(&mut workload, report);
        self.network(at, &names, &mut workload, report);
        storage::read(at, self.name, &names, &mut workload, system, report);
        job(at, &mut workload, report);
        rest(at, &mut workload, report);
        workload
    }

    fn kind(&self, workload: &mut Workload, report: &mut Report) {
        match self.kind {
            "Load Balanced Web Service" | "Backend Service" => {
                report.mapped(&self.kind_origin, "a `service`")
            }
            "Worker Service" => report.mapped(&self.kind_origin, "a `service` without a route"),
            "Scheduled Job" => {
                workload.kind = Kind::Task;
                report.mapped(&self.kind_origin, "a `task`");
            }
            _ => report.assumed(
                &self.kind_origin,
                "App Runner, which takes no new customers: a `service` on Fargate behind the load balancer",
            ),
        }
    }

    /// Names by which others call it, and groups that it joins.
    fn network(&self, at: &At, names: &Filling<'_>, workload: &mut Workload, report: &mut Report) {
        let application = self.application.name;
        let environments = self.application.environments.iter().map(String::as_str);
        let mark = crate::import::environments::ENVIRONMENT_NAME.to_string();
        for environment in environments.chain([mark.as_str()]) {
            workload.aliases.push(format!("{}.{environment}.{application}.local", self.name));
        }
        let Some(network) = at.get("network") else { return };
        if let Some(connect) = network.get("connect") {
            let words = "variables that call it refer to its `host`";
            if let Some(alias) = connect.get("alias") {
                workload.aliases.extend(alias.text(report).map(|alias| names.here(&alias).text));
                report.mapped(&alias.origin(), words);
            } else {
                report.mapped(&connect.origin(), words);
            }
        }
        let Some(groups) = network.get("vpc").and_then(|vpc| vpc.get("security_groups")) else { return };
        let listed = if groups.is_map() { groups.get("groups") } else { Some(groups) };
        for group in listed.filter(At::is_list).map(|groups| groups.items()).unwrap_or_default() {
            if group.is_map() {
                continue;
            }
            let Some(id) = group.text(report) else { continue };
            if valid::identifier(&id, "sg-") && workload.security_groups.len() < 4 {
                workload.security_groups.push(group.sourced(id));
            } else {
                report.needs_you(
                    &group.origin(),
                    "no id of a group: write it into a `security_group` with `existing`",
                );
            }
        }
    }
}

/// Whether tasks stand in private subnets.
fn placement(at: &At, report: &mut Report) -> bool {
    let vpc = at.get("network").and_then(|network| network.get("vpc"));
    let Some(placement) = vpc.and_then(|vpc| vpc.get("placement")) else { return false };
    if placement.is_map() {
        return true;
    }
    let private = placement.text(report).as_deref() == Some("private");
    let words = if private {
        "tasks in private subnets"
    } else {
        "tasks in public subnets, unless others are private"
    };
    report.mapped(&placement.origin(), words);
    private
}

fn platform(at: &At, workload: &mut Workload, report: &mut Report) {
    let Some(platform) = at.get("platform") else { return };
    let key = |key: &str, report: &mut Report| platform.get(key).and_then(|found| found.text(report));
    let (system, architecture) = if platform.is_map() {
        (key("osfamily", report).unwrap_or_default(), key("architecture", report).unwrap_or_default())
    } else {
        let text = platform.text(report).unwrap_or_default();
        let (system, architecture) = text.split_once('/').unwrap_or((&text, ""));
        (system.to_owned(), architecture.to_owned())
    };
    if system.to_ascii_lowercase().starts_with("windows") {
        unfit::windows(&platform, report);
    }
    workload.arm = architecture.to_ascii_lowercase().starts_with("arm");
    report.mapped(&platform.origin(), "`architecture`");
}

/// App Runner leads every path to the container.
fn request_driven(at: &At, names: &Filling<'_>, workload: &mut Workload, report: &mut Report) {
    let mut route = crate::import::workload::Route::every_path(workload.origin.clone());
    let check = at.get("http").and_then(|http| http.get("healthcheck"));
    let path = check.and_then(|check| if check.is_map() { check.get("path") } else { Some(check) });
    if let Some(path) = path {
        route.health_check = path.text(report).map(|path| names.here(&path).text);
        report.mapped(&path.origin(), "`health_check` of the `route`");
    }
    if !workload.containers[0].ports.is_empty() {
        workload.routes.push(route);
    }
}

fn job(at: &At, workload: &mut Workload, report: &mut Report) {
    if let Some(found) = at.get("on").and_then(|on| on.get("schedule")) {
        let text = found.text(report).unwrap_or_default();
        match schedule::expression(&text) {
            Ok(Some(expression)) => workload.schedules.push(found.sourced((expression, None))),
            Ok(None) => report.mapped(&found.origin(), "nothing starts it by itself"),
            Err(problem) => report.needs_you(&found.origin(), format!("{problem}: write a `schedule`")),
        }
    }
    if let Some(timeout) = at.get("timeout") {
        workload.timeout = http::seconds(&timeout, report).filter(|seconds| *seconds > 0);
        report.mapped(&timeout.origin(), "`timeout`");
    }
}

/// Logs, messages, and what is laid over the task definition.
fn rest(at: &At, workload: &mut Workload, report: &mut Report) {
    if let Some(retention) = at.get("logging").and_then(|logging| logging.get("retention")) {
        workload.log_retention = retention.number(report).filter(|days| *days > 0);
        report.mapped(&retention.origin(), "`log_retention`");
    }
    if let Some(logging) = at.get("logging").filter(|logging| logging.get("destination").is_some()) {
        let words = "logs go to CloudWatch: subscribe to the log group what forwards them";
        report.remark(Fate::NeedsYou, &logging.origin(), words);
    }
    for (key, words) in [
        (
            "publish",
            "a stack has no topics for messages: keep SNS outside, and give the service the ARN of the topic, which Copilot has in COPILOT_SNS_TOPIC_ARNS",
        ),
        (
            "subscribe",
            "a stack has no queues: keep SQS outside, and give the service the URL of the queue, which Copilot has in COPILOT_QUEUE_URI",
        ),
        (
            "nlb",
            "a stack has application load balancers only: keep the network load balancer, and name its target group in `target_group`",
        ),
    ] {
        if let Some(found) = at.get(key) {
            report.needs_you(&found.origin(), words);
        }
    }
    for rule in at.get("taskdef_overrides").map(|rules| rules.list(report)).unwrap_or_default() {
        let words = "it changes the task definition that Copilot makes: look for the setting of a `service` that says it";
        report.needs_you(&rule.origin(), words);
    }
}

/// A web site of files.
fn site(at: &At, name: &str, environment: &str, application: &str, system: &mut System, report: &mut Report) {
    let names = Filling { application, environment };
    let http = at.get("http").filter(At::is_map);
    let key = |key: &str| http.as_ref().and_then(|http| http.get(key));
    let text = |found: &Option<At>| found.as_ref().and_then(|found| found.node.text().map(str::to_owned));
    let (alias, certificate) = (key("alias"), key("certificate"));
    let domain = match (text(&alias), text(&certificate)) {
        (Some(domain), Some(arn))
            if cloudfront::is_certificate(&arn)
                && valid::certificate(&arn)
                && valid::domain(&names.everywhere(&domain).text) =>
        {
            for found in [&alias, &certificate].into_iter().flatten() {
                report.mapped(&found.origin(), "`domain` and `certificate` of the `cdn`");
            }
            Some((names.everywhere(&domain).text, arn))
        }
        (Some(_), _) => {
            let words = "write it as `domain` of the `cdn`, with a `certificate` of us-east-1";
            alias.iter().for_each(|alias| report.needs_you(&alias.origin(), words));
            None
        }
        _ => None,
    };
    let origin = at.get("name").map_or_else(|| at.origin(), |name| name.origin());
    system.sites.push(Site { name: name.to_owned(), origin, domain });
}

/// Secrets that stand elsewhere in every environment are one secret, whose place differs.
fn share_secrets(workload: &mut Workload) {
    type Places = BTreeMap<(usize, String), BTreeMap<String, (String, Option<String>)>>;
    let mut places = Places::new();
    for (environment, variant) in &workload.variants {
        for (index, container) in variant.containers.iter().enumerate() {
            for variable in &container.variables {
                if let Setting::Stored(arn, field) = &variable.value {
                    let known = places.entry((index, variable.name.clone())).or_default();
                    known.insert(environment.clone(), (arn.clone(), field.clone()));
                }
            }
        }
    }
    let variants = workload.variants.iter_mut().map(|(_, variant)| &mut variant.containers);
    let all: Vec<&mut Vec<_>> = variants.chain([&mut workload.containers]).collect();
    for containers in all {
        for (index, container) in containers.iter_mut().enumerate() {
            for variable in &mut container.variables {
                let Some(places) = places.get(&(index, variable.name.clone())) else { continue };
                let Some((_, field)) = places.values().next() else { continue };
                let differ = places.values().any(|place| Some(place) != places.values().next());
                let stored = matches!(variable.value, Setting::Stored(..));
                if stored && differ && places.values().all(|(_, other)| other == field) {
                    let arns = places.iter().map(|(name, (arn, _))| (name.clone(), arn.clone())).collect();
                    variable.value = Setting::StoredBy(arns, field.clone());
                }
            }
        }
    }
}

/// Whether a text is the name of a type of workload.
pub(super) fn is_workload(kind: &str) -> bool {
    matches!(
        kind,
        "Load Balanced Web Service"
            | "Backend Service"
            | "Worker Service"
            | "Scheduled Job"
            | "Request-Driven Web Service"
            | "Static Site"
    )
}
