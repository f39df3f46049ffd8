//! What pods refer to: Services with the ports behind them, ConfigMaps, Secrets.

use std::collections::{BTreeMap, BTreeSet};

use base64::Engine as _;
use indexmap::IndexMap;

use super::container::port_number;
use super::objects::{Object, texts};
use crate::import::read::{At, Origin};
use crate::import::report::{Fate, Report};
use crate::import::yaml::NodeId;

/// Everything that the pods of a cluster may refer to.
pub(super) struct Cluster {
    pub(super) objects: Vec<Object>,
    pub(super) services: Vec<Service>,
    secrets: BTreeMap<(String, String), Vec<Kept>>,
    /// Where objects stand, by kind, namespace and name.
    named: BTreeMap<[String; 3], usize>,
    /// Where Services stand, by name and namespace.
    hosts: BTreeMap<String, BTreeMap<String, usize>>,
}

/// A Service.
#[derive(Debug, Clone)]
pub(super) struct Service {
    pub(super) name: String,
    pub(super) namespace: String,
    /// The labels of its pods; none when it leads elsewhere.
    pub(super) selector: IndexMap<String, String>,
    pub(super) ports: Vec<ServicePort>,
    /// Whether it is reached from outside.
    pub(super) open: bool,
    /// The name for which it stands.
    pub(super) external: Option<String>,
    pub(super) origin: Origin,
}

/// A port of a Service.
#[derive(Debug, Clone)]
pub(super) struct ServicePort {
    pub(super) name: Option<String>,
    pub(super) port: u16,
    /// The port of the container.
    pub(super) target: u16,
    pub(super) origin: Origin,
}

/// A key of a Secret.
#[derive(Debug, Clone)]
pub(super) struct Kept {
    pub(super) key: String,
    /// Its value: only ever compared.
    pub(super) value: Option<String>,
    /// Where it stands, when it does in a manifest.
    pub(super) origin: Option<Origin>,
}

/// What is at hand while pods are read.
pub(super) struct Context<'a> {
    pub(super) cluster: &'a Cluster,
    pub(super) report: &'a mut Report,
    /// Entries of ConfigMaps and Secrets that something takes.
    pub(super) used: &'a mut BTreeMap<NodeId, Use>,
}

/// Who takes an entry of a ConfigMap or Secret.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Use {
    /// A variable that stands in its place, and reports what became of it.
    Variable,
    /// Something that names it and reports for itself.
    Reference,
    /// A directory in which it is a file.
    File,
}

impl Cluster {
    /// Reads what pods refer to; `scripts` are Secrets that a command line makes.
    pub(super) fn new(
        objects: Vec<Object>,
        scripts: Vec<(String, Vec<String>)>,
        report: &mut Report,
    ) -> Self {
        let services = objects.iter().filter(|object| object.kind == "Service");
        let pods = objects.iter().filter_map(|object| {
            let pod = object.pod.as_ref()?;
            Some((object.namespace.as_str(), labels(pod), pod))
        });
        let pods: Vec<Pod<'_>> = pods.collect();
        let services: Vec<Service> = services.map(|object| service(object, &pods, report)).collect();
        let mut secrets: BTreeMap<(String, String), Vec<Kept>> = BTreeMap::new();
        for object in objects.iter().filter(|object| object.kind == "Secret") {
            let kept = secrets.entry((object.namespace.clone(), object.name.clone())).or_default();
            kept.extend(keys(object));
        }
        for object in objects.iter() {
            let found = elsewhere(object);
            if !found.is_empty() {
                secrets.entry((object.namespace.clone(), object.name.clone())).or_default().extend(found);
            }
        }
        for (name, keys) in scripts {
            // A script rarely says the namespace: every one in which there is something may mean it.
            let namespaces: BTreeSet<&String> = objects.iter().map(|object| &object.namespace).collect();
            for namespace in namespaces {
                let kept = secrets.entry((namespace.clone(), name.clone())).or_default();
                let new = keys.iter().filter(|key| !kept.iter().any(|known| known.key == **key));
                let new: Vec<Kept> =
                    new.map(|key| Kept { key: key.clone(), value: None, origin: None }).collect();
                kept.extend(new);
            }
        }
        let (mut named, mut hosts) = (BTreeMap::new(), BTreeMap::<String, BTreeMap<String, usize>>::new());
        for (at, object) in objects.iter().enumerate() {
            let key = [&object.kind, &object.namespace, &object.name].map(String::clone);
            named.entry(key).or_insert(at);
        }
        for (at, service) in services.iter().enumerate() {
            let namespaces = hosts.entry(service.name.clone()).or_default();
            namespaces.entry(service.namespace.clone()).or_insert(at);
        }
        Self { objects, services, secrets, named, hosts }
    }

    /// An object by kind, namespace and name.
    pub(super) fn find(&self, kind: &str, namespace: &str, name: &str) -> Option<&Object> {
        let key = [kind, namespace, name].map(str::to_owned);
        self.named.get(&key).map(|&at| &self.objects[at])
    }

    /// The keys of a Secret; `None` when the input has no such Secret.
    pub(super) fn secret(&self, namespace: &str, name: &str) -> Option<&Vec<Kept>> {
        self.secrets.get(&(namespace.to_owned(), name.to_owned()))
    }

    /// The Service that a host means for a pod of a namespace: `redis`, `redis.shop`, `redis.shop.svc.cluster.local`,
    /// and with the name of a pod before it.
    pub(super) fn host(&self, host: &str, namespace: &str) -> Option<&Service> {
        let labels: Vec<&str> = host.trim_end_matches('.').split('.').collect();
        let find = |name: &str, namespace: &str| self.service(name, namespace);
        let of = |labels: &[&str]| match labels {
            [name] => find(name, namespace),
            [name, namespace] | [name, namespace, "svc", ..] => find(name, namespace),
            _ => None,
        };
        of(&labels).or_else(|| {
            let (pod, rest) = labels.split_first().filter(|(_, rest)| !rest.is_empty())?;
            let (_, number) = pod.rsplit_once('-')?;
            number.parse::<u16>().ok().and_then(|_| of(rest))
        })
    }

    /// A Service by its name and namespace.
    pub(super) fn service(&self, name: &str, namespace: &str) -> Option<&Service> {
        self.hosts.get(name)?.get(namespace).map(|&at| &self.services[at])
    }

    /// What to call a Service: its name, with the namespace when another one has the same.
    pub(super) fn canonical(&self, service: &Service) -> String {
        let alone = self.hosts.get(&service.name).is_none_or(|namespaces| namespaces.len() == 1);
        if alone { service.name.clone() } else { format!("{}.{}", service.name, service.namespace) }
    }
}

/// Whether a Service leads to pods with these labels: it does when they have all that it selects by.
pub(super) fn selects(service: &Service, namespace: &str, labels: &IndexMap<String, String>) -> bool {
    !service.selector.is_empty()
        && service.namespace == namespace
        && service.selector.iter().all(|(name, value)| labels.get(name) == Some(value))
}

/// The labels of a pod.
pub(super) fn labels(pod: &At) -> IndexMap<String, String> {
    texts(pod.get("metadata").and_then(|metadata| metadata.get("labels")), &mut Report::default())
}

/// The namespace, the labels and the template of a pod.
type Pod<'a> = (&'a str, IndexMap<String, String>, &'a At);

fn service(object: &Object, pods: &[Pod<'_>], report: &mut Report) -> Service {
    let spec = object.at.get("spec");
    let field = |key: &str| spec.as_ref().and_then(|spec| spec.get(key));
    let selector = texts(field("selector"), report);
    let mut found = Service {
        name: object.name.clone(),
        namespace: object.namespace.clone(),
        selector,
        ports: Vec::new(),
        open: false,
        external: None,
        origin: object.at.origin(),
    };
    if let Some(kind) = field("type") {
        match kind.text(report).as_deref() {
            Some("LoadBalancer") => {
                found.open = true;
                report.mapped(&kind.origin(), "`load_balancer`");
            }
            Some("NodePort") => {
                found.open = true;
                report.assumed(
                    &kind.origin(),
                    "`load_balancer`: Fargate has no nodes, so what was open on every node is reached there",
                );
            }
            Some("ExternalName") => report.mapped(&kind.origin(), "the name is written out"),
            _ => report.mapped(&kind.origin(), "inside the network"),
        }
    }
    if let Some(name) = field("externalName") {
        found.external = name.text(report);
        report.mapped(&name.origin(), "written out wherever a variable names the Service");
    }
    if let Some(address) = field("loadBalancerIP") {
        report.needs_you(
            &address.origin(),
            "an application load balancer has no fixed address: let the names lead to it, or put a network load balancer \
             with Elastic IPs in front",
        );
    }
    if let Some(ranges) = field("loadBalancerSourceRanges") {
        report.needs_you(&ranges.origin(), "write these ranges under `allow` of the `load_balancer`");
    }
    let pods = pods.iter().filter(|(namespace, labels, _)| selects(&found, namespace, labels));
    let pods: Vec<&At> = pods.map(|(_, _, pod)| *pod).collect();
    let leads = !pods.is_empty() || found.external.is_some();
    if let Some(selector) = field("selector") {
        if leads {
            report.mapped(&selector.origin(), "the pods that have these labels");
        } else {
            report.needs_you(&selector.origin(), "no pod of the input has these labels");
        }
    } else if found.external.is_none() {
        let words = "it selects no pods: write the address that it stood for where a variable names it";
        report.remark(Fate::NeedsYou, &found.origin, words);
    }
    for item in field("ports").map(|ports| ports.list(report)).unwrap_or_default() {
        found.ports.extend(service_port(&item, &pods, report));
    }
    found
}

fn service_port(item: &At, pods: &[&At], report: &mut Report) -> Option<ServicePort> {
    let port = item.get("port")?;
    let number = port_number(&port, report)?;
    if let Some(protocol) = item.get("protocol") {
        match protocol.text(report).as_deref() {
            Some("TCP") => report.mapped(&protocol.origin(), "TCP"),
            _ => {
                report.needs_you(&protocol.origin(), "a stack opens TCP only: this port is left out");
                return None;
            }
        }
    }
    let name = item.get("name").and_then(|name| name.text(report));
    if let Some(name) = item.get("name") {
        report.mapped(&name.origin(), "how an Ingress names it");
    }
    let wanted = item.get("targetPort").and_then(|target| target.text(report));
    let target = match &wanted {
        None => number,
        Some(wanted) => wanted
            .parse()
            .ok()
            .or_else(|| pods.iter().find_map(|pod| named_port(pod, wanted)))
            .filter(|target| *target > 0)
            .unwrap_or(number),
    };
    if let Some(target) = item.get("targetPort") {
        report.mapped(&target.origin(), "`port`");
    }
    if target == number {
        report.mapped(&port.origin(), "the same in the container");
    } else {
        report.mapped(&port.origin(), format!("written out as {target}, the port of the container"));
    }
    Some(ServicePort { name, port: number, target, origin: port.origin() })
}

/// The number of a port by the name that a container gives it.
fn named_port(pod: &At, wanted: &str) -> Option<u16> {
    let containers = pod.get("spec")?.get("containers")?.items();
    let ports =
        containers.iter().filter_map(|container| container.get("ports")).flat_map(|ports| ports.items());
    ports
        .filter(|port| port.get("name").is_some_and(|name| name.node.text() == Some(wanted)))
        .find_map(|port| port.get("containerPort")?.node.text()?.parse().ok())
}

/// The keys of a Secret that an extension makes: only their names are here.
fn elsewhere(object: &Object) -> Vec<Kept> {
    let spec = object.at.get("spec");
    let part = |key: &str| spec.as_ref().and_then(|spec| spec.get(key));
    let kept = |key: &str, at: &At| Kept { key: key.to_owned(), value: None, origin: Some(at.origin()) };
    match object.kind.as_str() {
        "SealedSecret" => {
            let entries = part("encryptedData").map(|data| data.entries()).unwrap_or_default();
            entries.iter().map(|(key, at)| kept(key, at)).collect()
        }
        "ExternalSecret" => {
            let items = part("data").map(|data| data.items()).unwrap_or_default();
            let keys = items.iter().filter_map(|item| item.get("secretKey"));
            keys.filter_map(|at| Some(kept(at.node.text()?, &at))).collect()
        }
        _ => Vec::new(),
    }
}

/// The keys of a Secret, with what they hold.
fn keys(object: &Object) -> Vec<Kept> {
    let mut found = Vec::new();
    for (part, encoded) in [("data", true), ("stringData", false)] {
        for (key, value) in object.at.get(part).map(|part| part.entries()).unwrap_or_default() {
            let text = value.node.text().and_then(|text| match encoded {
                false => Some(text.to_owned()),
                true => {
                    let packed: String = text.split_whitespace().collect();
                    let bytes = base64::engine::general_purpose::STANDARD.decode(packed).ok()?;
                    String::from_utf8(bytes).ok()
                }
            });
            found.push(Kept { key: key.to_string(), value: text, origin: Some(value.origin()) });
        }
    }
    found
}
