//! What an nginx leads where, from the configuration that a ConfigMap has for it.

use std::collections::BTreeMap;

use super::cluster::{self, Cluster, Use};
use super::objects::Object;
use super::pod::Found;
use crate::import::images::{self, Role};
use crate::import::nginx::{self, Input, Sense};
use crate::import::read::At;
use crate::import::report::{Fate, Report};
use crate::import::routes;
use crate::import::workload::{Image, Kind};
use crate::import::yaml::NodeId;

/// Gives the services behind a proxy the routes that its configuration has.
pub(super) fn routes(
    found: &mut [Found],
    cluster: &Cluster,
    used: &mut BTreeMap<NodeId, Use>,
    report: &mut Report,
) {
    let stays = !found.iter().any(|one| one.workload.kind == Kind::Service && !is_replaced(one));
    for object in &cluster.objects {
        let Some(spec) =
            object.pod.as_ref().filter(|_| is_proxy(object, found)).and_then(|pod| pod.get("spec"))
        else {
            continue;
        };
        for volume in spec.get("volumes").map(|volumes| volumes.items()).unwrap_or_default() {
            if let Some(secret) = volume.get("secret") {
                match stays {
                    true => report.needs_you(
                        &secret.origin(),
                        "Fargate mounts no secrets; a certificate belongs to the load balancer, for which ACM makes it",
                    ),
                    false => report.dropped(
                        &secret.origin(),
                        "a certificate belongs to the load balancer: ACM makes and renews it",
                    ),
                }
            }
            let Some(files) = volume.get("configMap") else { continue };
            let name = files.get("name").and_then(|name| name.node.text().map(str::to_owned));
            let map = name.and_then(|name| cluster.find("ConfigMap", &object.namespace, &name));
            let data = map.and_then(|map| map.at.get("data"));
            let mut led = false;
            for (_, file) in data.map(|data| data.entries()).unwrap_or_default() {
                if read(&file, object, found, cluster, report) {
                    used.insert(file.node.id, Use::Variable);
                    led = true;
                }
            }
            if led && let Some(own) = own(object, found) {
                // What led to it leads to these now.
                own.workload.routes.clear();
            }
            match led {
                true => report.mapped(&files.origin(), "what it leads to services is a `route`"),
                false => {
                    report.needs_you(&files.origin(), "Fargate mounts no files: put them into the image")
                }
            }
        }
    }
}

fn is_proxy(object: &Object, found: &[Found]) -> bool {
    found.iter().any(|one| is_of(one, object) && role(one) == Role::Proxy)
}

/// The workload of an object.
fn own<'f>(object: &Object, found: &'f mut [Found]) -> Option<&'f mut Found> {
    found.iter_mut().find(|one| is_of(one, object))
}

fn is_of(one: &Found, object: &Object) -> bool {
    one.kind == object.kind && one.name == object.name && one.namespace == object.namespace
}

/// Whether AWS does what a workload did, so that it does not stay.
fn is_replaced(one: &Found) -> bool {
    role(one) != Role::Application
}

fn role(one: &Found) -> Role {
    match &one.workload.containers[..] {
        [only] => match &only.image.value {
            Image::Named(image) => images::role(image),
            _ => Role::Application,
        },
        _ => Role::Application,
    }
}

/// Reads the configuration in a file; whether a part of it leads to a service.
fn read(file: &At, proxy: &Object, found: &mut [Found], cluster: &Cluster, report: &mut Report) -> bool {
    let Some(text) = file.node.text() else { return false };
    let origin = file.origin();
    let Ok(directives) = nginx::parse(text) else { return false };
    // Whatever its path in the container is, nginx reads it.
    let path = format!("/etc/nginx/conf.d/{}", file.name());
    let reading = nginx::read(&Input { files: vec![(path, directives)], ..Input::default() });
    let mut led = false;
    for lead in &reading.leads {
        let service = cluster.host(&lead.host, &proxy.namespace);
        let target = service.and_then(|service| {
            let port = service.ports.iter().find(|known| known.port == lead.port)?;
            let one = found.iter_mut().find(|one| cluster::selects(service, &one.namespace, &one.labels))?;
            Some((one, port.target))
        });
        let Some((one, target)) = target else {
            let words = format!("`{}` leads to nothing in the input: add a `route`", lead.paths.join("`, `"));
            report.remark(Fate::NeedsYou, &origin, words);
            continue;
        };
        for path in &lead.paths {
            let every = [None];
            let hosts: Vec<Option<&str>> = lead.hosts.iter().map(|host| Some(host.as_str())).collect();
            for host in if hosts.is_empty() { &every[..] } else { &hosts } {
                routes::add(&mut one.workload, path, *host, target, &origin, report);
            }
        }
        led = true;
    }
    if led {
        let words = "the load balancer does the work; headers, compression and limits that it set belong in the program";
        report.assumed(&origin, words);
        for line in reading.kept() {
            let Sense::Keeps(why) = line.sense else { continue };
            report.remark(Fate::NeedsYou, &origin, format!("`{}` is lost: {why}", line.directive));
        }
    }
    led
}
