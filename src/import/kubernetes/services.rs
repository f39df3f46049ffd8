//! Services give their pods names, ports and ways in; autoscalers give them bounds.

use super::cluster::{self, Cluster};
use super::pod::Found;
use crate::import::read::{At, Sourced};
use crate::import::report::{Fate, Report};
use crate::import::workload::{Kind, Port, Scaling};

/// Joins every Service with the pods that it selects.
pub(super) fn join(found: &mut [Found], cluster: &Cluster, report: &mut Report) {
    for service in &cluster.services {
        let mut members = found.iter_mut().filter(|one| {
            one.workload.kind == Kind::Service && cluster::selects(service, &one.namespace, &one.labels)
        });
        let Some(one) = members.next() else { continue };
        let canonical = cluster.canonical(service);
        one.workload.aliases.push(canonical);
        for port in &service.ports {
            let containers = &mut one.workload.containers;
            let known =
                containers.iter_mut().flat_map(|c| &mut c.ports).find(|own| own.number == port.target);
            let published = service.open.then_some(port.port);
            match known {
                Some(own) => own.published = own.published.or(published),
                None => {
                    let origin = port.origin.clone();
                    containers[0].ports.push(Port { number: port.target, published, origin });
                }
            }
        }
        if !service.open && one.workload.discovered.is_none() {
            one.workload.discovered = Some(service.origin.clone());
        }
        for other in members {
            let words = format!(
                "`{}` has its labels too, and a name leads to one service: it leads to `{}`",
                other.name, one.name
            );
            report.remark(Fate::NeedsYou, &service.origin, words);
        }
    }
}

/// Reads autoscalers into the workloads that they scale.
pub(super) fn scale(found: &mut [Found], cluster: &Cluster, report: &mut Report) {
    for object in cluster.objects.iter().filter(|object| object.kind == "HorizontalPodAutoscaler") {
        let Some(spec) = object.at.get("spec") else { continue };
        let Some(target) = spec.get("scaleTargetRef") else { continue };
        let of_target = |key: &str| Some(target.node.map()?.get(key)?.node.text()?.to_owned());
        let (kind, name) = (of_target("kind"), of_target("name"));
        let scaled = found.iter_mut().find(|one| {
            one.namespace == object.namespace
                && Some(&one.name) == name.as_ref()
                && kind.as_ref().is_none_or(|kind| *kind == one.kind)
        });
        let Some(one) = scaled else {
            report.needs_you(&object.at.origin(), "what it scales is not in the input");
            continue;
        };
        report.mapped(&target.origin(), "the service that has the `scaling`");
        let mut number = |key: &str, words: &str| {
            let said = spec.get(key)?;
            report.mapped(&said.origin(), words);
            Some(said.sourced(said.number(report)?))
        };
        let min = number("minReplicas", "`min`").map_or(1, |min| min.value);
        let max = number("maxReplicas", "`max`").map_or(min.max(1), |max| max.value);
        let cpu = number("targetCPUUtilizationPercentage", "`cpu`: percent of the task, not of the request");
        let mut scaling = Scaling {
            min: min.min(5000),
            max: max.max(min).clamp(1, 5000),
            cpu: percent(cpu),
            memory: None,
            requests: None,
        };
        for metric in spec.get("metrics").map(|metrics| metrics.list(report)).unwrap_or_default() {
            read_metric(&metric, &mut scaling, report);
        }
        if scaling.cpu.is_none() && scaling.memory.is_none() {
            // What the API server takes when nothing is said.
            scaling.cpu = Some(80);
            let words = "`cpu = 80`, as a cluster takes it when no metric is left";
            report.remark(Fate::Assumed, &object.at.origin(), words);
        }
        one.workload.scaling = Some(scaling);
    }
}

fn percent(number: Option<Sourced<u32>>) -> Option<u32> {
    number.map(|number| number.value.clamp(1, 100))
}

/// A metric of `autoscaling/v2`, or of its earlier versions.
fn read_metric(metric: &At, scaling: &mut Scaling, report: &mut Report) {
    let text = |path: &[&str]| {
        let mut node = &metric.node;
        for key in path {
            node = &node.map()?.get(*key)?.node;
        }
        node.text()
    };
    let average = text(&["resource", "target", "averageUtilization"])
        .or_else(|| text(&["resource", "targetAverageUtilization"]))
        .and_then(|text| text.parse::<u32>().ok());
    let slot = match text(&["resource", "name"]) {
        Some("cpu") => Some(("`cpu`", &mut scaling.cpu)),
        Some("memory") => Some(("`memory`", &mut scaling.memory)),
        _ => None,
    };
    match (slot, average) {
        (Some((words, slot)), Some(average)) => {
            *slot = Some(average.clamp(1, 100));
            report.mapped(&metric.origin(), format!("{words}: percent of the task, not of the request"));
        }
        _ => report.needs_you(
            &metric.origin(),
            "a service scales by the use of CPU and memory in percent, and by `requests`; for this metric write a `step` on an \
             `alarm`",
        ),
    }
}
