//! The proxy for Cloud SQL: a container that stands for a database of Google, in place of which RDS runs one.

use super::container::lead_to;
use crate::import::names::base_name;
use crate::import::report::{Fate, Report};
use crate::import::workload::{Container, Image, System, Workload};

/// The names of its image.
const IMAGES: [&str; 2] = ["gce-proxy", "cloud-sql-proxy"];

const WORDS: &str = "a proxy for Cloud SQL: a `database` of RDS is reached without one";

/// Puts a database in place of the proxy, whether it has a pod of its own or stands beside an application.
pub(super) fn replace(workload: &mut Workload, system: &mut System, report: &mut Report) {
    let Some(at) = workload.containers.iter().position(is_proxy) else { return };
    let port = port(&workload.containers[at]);
    if workload.containers.len() == 1 {
        workload.containers[0] = database(&workload.containers[0], port);
        report.remark(Fate::Assumed, &workload.containers[0].image.origin, WORDS);
        return;
    }
    let proxy = workload.containers.remove(at);
    let name = format!("cloudsql-{}", if port == 3306 { "mysql" } else { "postgres" });
    for container in &mut workload.containers {
        lead_to(container, port, &name);
        container.depends_on.retain(|(other, _)| *other != proxy.name);
    }
    if !system.workloads.iter().any(|known| known.name == name) {
        let instead = Workload::new(&name, proxy.image.origin.clone(), vec![database(&proxy, port)]);
        report.remark(Fate::Assumed, &instead.origin, WORDS);
        system.workloads.push(instead);
    }
}

fn is_proxy(container: &Container) -> bool {
    matches!(&container.image.value, Image::Named(image) if is_image(image))
}

/// Whether an image is that of the proxy.
pub(super) fn is_image(image: &str) -> bool {
    IMAGES.contains(&base_name(image))
}

/// The port of the database, which says what it is.
fn port(proxy: &Container) -> u16 {
    let words = super::pod::spoken(proxy);
    let declared = proxy.ports.first().map(|port| port.number);
    declared.unwrap_or(if words.contains("3306") { 3306 } else { 5432 })
}

/// A container of the engine that listens at a port; nothing that the proxy was told concerns it.
fn database(proxy: &Container, port: u16) -> Container {
    let engine = if port == 3306 { "mysql" } else { "postgres" };
    let mut image = proxy.image.clone();
    image.value = Image::Named(engine.to_owned());
    Container::new(&proxy.name, image)
}
