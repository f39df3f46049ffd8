//! The manifests of environments and of pipelines.

use super::fill::Filling;
use super::valid;
use crate::aws::region::is_region;
use crate::import::arn;
use crate::import::environments::{Environment, Network, Pipeline};
use crate::import::read::{At, Origin, Sourced};
use crate::import::report::{Fate, Report};

/// An environment of which only the name is known.
pub(super) fn bare(name: &str, origin: Origin) -> Environment {
    Environment {
        name: name.to_owned(),
        origin,
        region: None,
        account: None,
        network: Network::default(),
        certificates: [None, None],
        allow: Vec::new(),
        approval: false,
    }
}

/// Reads the manifest of an environment.
pub(super) fn read(at: &At, application: &str, report: &mut Report) -> Option<Environment> {
    let found = at.get("name")?;
    let name = found.text(report)?;
    if let Some(kind) = at.get("type") {
        report.mapped(&kind.origin(), "an `environment`");
    }
    let names = Filling { application, environment: &name };
    let mut environment = bare(&name, found.origin());
    if let Some(vpc) = at.get("network").and_then(|network| network.get("vpc")) {
        environment.network = network(&vpc, &names, report);
    }
    if let Some(http) = at.get("http") {
        for (place, key) in ["public", "private"].into_iter().enumerate() {
            let Some(side) = http.get(key) else { continue };
            environment.certificates[place] = certificate(&side, &names, report);
            if let Some(ranges) = side.get("ingress").and_then(|ingress| ingress.get("source_ips")) {
                for range in ranges.list(report) {
                    let Some(text) = range.text(report) else { continue };
                    if valid::range(&text) {
                        report.mapped(&range.origin(), "`allow` of the `load_balancer`");
                        environment.allow.push(text);
                    } else {
                        report.needs_you(
                            &range.origin(),
                            "no IPv4 range: write it as `allow` of the `load_balancer`",
                        );
                    }
                }
            }
            if let Some(logs) = side.get("access_logs").filter(|logs| !logs.is_map()) {
                let words = "write `access_logs` of the `load_balancer`, with a `bucket`";
                report.needs_you(&logs.origin(), words);
            }
        }
    }
    place(at, &mut environment);
    if let Some(insights) = at.get("observability").and_then(|seen| seen.get("container_insights")) {
        match insights.boolean(report) {
            Some(true) => report.mapped(&insights.origin(), "on by default"),
            _ => report
                .dropped(&insights.origin(), "on by default: write `insights = false` in `cluster \"main\"`"),
        }
    }
    if at.get("cdn").is_some_and(|cdn| cdn.is_map() || cdn.node.text() == Some("true")) {
        let words =
            "a `cdn` serves files, not an application: keep CloudFront in front with Terraform of your own";
        at.get("cdn").iter().for_each(|cdn| report.needs_you(&cdn.origin(), words));
    }
    Some(environment)
}

/// Account and region of an environment, by what stands in it: its certificates, and the zones of its subnets.
fn place(at: &At, environment: &mut Environment) {
    let certificates = environment.certificates.iter().flatten();
    let of = |read: fn(&str) -> Option<&str>| {
        let mut found = certificates.clone().filter_map(|one| {
            Some(Sourced { value: read(&one.value)?.to_owned(), origin: one.origin.clone() })
        });
        found.next()
    };
    (environment.account, environment.region) = (of(arn::account), of(arn::region));
    let subnets = at.get("network").and_then(|network| network.get("vpc")).and_then(|vpc| vpc.get("subnets"));
    let listed = subnets.iter().flat_map(At::children).flat_map(|kind| kind.items());
    let mut zones = listed.filter_map(|subnet| subnet.get("az"));
    let zone = zones.find_map(|zone| {
        let region = zone.node.text()?.trim_end_matches(|c: char| c.is_ascii_lowercase());
        is_region(region).then(|| zone.sourced(region.to_owned()))
    });
    environment.region = environment.region.take().or(zone);
}

fn network(vpc: &At, names: &Filling<'_>, report: &mut Report) -> Network {
    let text = |key: &str, report: &mut Report| {
        let found = vpc.get(key)?;
        let filled = names.here(&found.text(report)?);
        if filled.unknown {
            report
                .needs_you(&found.origin(), "it is filled in by another program: write it in the `network`");
            return None;
        }
        Some(found.sourced(filled.text))
    };
    let mut network = Network { vpc: text("id", report), cidr: text("cidr", report), ..Network::default() };
    if let Some(id) = network.vpc.take_if(|id| !valid::identifier(&id.value, "vpc-")) {
        report.needs_you(&id.origin, "no id of a VPC: write it in `existing` of the `network`");
    }
    if let Some(cidr) = network.cidr.take_if(|cidr| !valid::network(&cidr.value)) {
        report.needs_you(
            &cidr.origin,
            "no range that a VPC can have: write `cidr` of the `network`, from /16 to /20",
        );
    }
    let subnets = vpc.get("subnets");
    for (key, ids) in [("public", &mut network.public), ("private", &mut network.private)] {
        let listed = subnets.as_ref().and_then(|subnets| subnets.get(key));
        for subnet in listed.map(|listed| listed.list(report)).unwrap_or_default() {
            let Some(id) = subnet.get("id") else { continue };
            let text = id.text(report).map(|text| names.here(&text).text).unwrap_or_default();
            if valid::identifier(&text, "subnet-") && network.vpc.is_some() {
                ids.push(text);
                report.mapped(&id.origin(), format!("`{key}_subnets`"));
            } else {
                report.needs_you(&id.origin(), "no id of a subnet: write it in `existing` of the `network`");
            }
        }
    }
    // A load balancer stands in two subnets, and so do tasks.
    let enough = |ids: &Vec<String>| ids.len() >= 2;
    if let Some(vpc) = network.vpc.take_if(|_| !enough(&network.public) && !enough(&network.private)) {
        report.needs_you(&vpc.origin, "fewer than two subnets of a kind: write `existing` of the `network`");
    }
    network
}

/// The first certificate; a load balancer of a stack has one.
fn certificate(side: &At, names: &Filling<'_>, report: &mut Report) -> Option<Sourced<String>> {
    let mut first = None;
    for certificate in side.get("certificates").map(|listed| listed.list(report)).unwrap_or_default() {
        let filled = names.here(&certificate.text(report)?);
        if filled.unknown || !valid::certificate(&filled.text) {
            report.needs_you(&certificate.origin(), "no ARN of a certificate: write it as `certificate`");
        } else if first.is_some() {
            report.needs_you(
                &certificate.origin(),
                "a load balancer has one certificate: have one made for all names",
            );
        } else {
            first = Some(certificate.sourced(filled.text));
        }
    }
    first
}

/// Reads the manifest of a pipeline: the pipeline, and its environments with whether a person approves.
pub(super) fn pipeline(at: &At, report: &mut Report) -> (Option<Pipeline>, Vec<(Sourced<String>, bool)>) {
    let mut stages = Vec::new();
    for stage in at.get("stages").map(|stages| stages.list(report)).unwrap_or_default() {
        let approval = stage.get("requires_approval");
        let approves = approval.as_ref().is_some_and(|approval| approval.boolean(report) == Some(true));
        if let Some(approval) = approval {
            report.mapped(&approval.origin(), "`approval` in that environment");
        }
        let Some(name) = stage.get("name") else { continue };
        let Some(text) = name.text(report) else { continue };
        stages.push((name.sourced(text), approves));
        if let Some(tests) = stage.get("test_commands") {
            let words = "test in the repository's own builds, before a commit is merged";
            report.needs_you(&tests.origin(), words);
        }
    }
    if let Some(version) = at.get("version") {
        report.mapped(&version.origin(), "the only one");
    }
    let Some(found) = at.get("name") else { return (None, stages) };
    let name = found.text(report).unwrap_or_default();
    let properties = at.get("source").and_then(|source| {
        if let Some(provider) = source.get("provider") {
            let words = "CodePipeline with a connection; on GitHub `github-actions` needs none";
            report.assumed(&provider.origin(), words);
        }
        source.get("properties")
    });
    let property = |key: &str, report: &mut Report| {
        let found = properties.as_ref()?.get(key)?;
        Some((found.origin(), found.text(report)?))
    };
    let branch = property("branch", report).and_then(|(origin, branch)| {
        if !valid::branch(&branch) {
            report.needs_you(&origin, "no name of a branch: write `branch` of the `pipeline`");
            return None;
        }
        report.mapped(&origin, "`branch`");
        Some(branch)
    });
    let repository = property("repository", report).and_then(|(origin, url)| {
        let repository = owner_and_name(&url);
        match &repository {
            Some(_) => report.mapped(&origin, "`repository`"),
            None => report.needs_you(&origin, "no `owner/name`: write `repository` of the `pipeline`"),
        }
        repository
    });
    let pipeline = Pipeline { name, origin: found.origin(), repository, branch };
    (Some(pipeline), stages)
}

/// `owner/name` of the address of a repository.
fn owner_and_name(url: &str) -> Option<String> {
    let url = url.trim_end_matches('/').trim_end_matches(".git");
    let mut parts = url.rsplit(['/', ':']);
    let (name, owner) = (parts.next()?, parts.next()?);
    let fine =
        |part: &str| !part.is_empty() && part.chars().all(|c| c.is_ascii_alphanumeric() || "-_.".contains(c));
    (fine(name) && fine(owner)).then(|| format!("{owner}/{name}"))
}

/// Says of an environment that another file names, too, that it is known.
pub(super) fn known(origin: &Origin, name: &str, report: &mut Report) {
    report.say(Fate::Mapped, origin, format!("the environment `{name}`"));
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_repository_is_owner_and_name() {
        for (url, expected) in [
            ("https://github.com/acme/shop", Some("acme/shop")),
            ("https://github.com/acme/shop.git/", Some("acme/shop")),
            ("git@github.com:acme/shop.git", Some("acme/shop")),
            ("acme/shop", Some("acme/shop")),
            ("shop", None),
            ("https://github.com/<user>/shop", None),
        ] {
            assert_eq!(owner_and_name(url).as_deref(), expected, "{url}");
        }
    }
}
