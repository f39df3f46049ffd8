//! The objects of all files: documents and lists taken apart, templates of pods taken out of what makes them.

use std::sync::Arc;

use indexmap::IndexMap;

use super::FORMAT;
use crate::import::codes::IMPORT_SYNTAX;
use crate::import::read::At;
use crate::import::report::{Fate, Report};
use crate::import::session::Session;
use crate::import::yaml::{Entry, Map, Node, Value};
use crate::source::{FileId, Span};

/// An object of the API.
pub(super) struct Object {
    /// `Deployment`.
    pub(super) kind: String,
    /// Its name, or what one would be made from.
    pub(super) name: String,
    /// The namespace; `default` without one.
    pub(super) namespace: String,
    /// All of it but what stands below.
    pub(super) at: At,
    /// The template of jobs in a CronJob.
    pub(super) job: Option<At>,
    /// The pod itself, or the template of pods.
    pub(super) pod: Option<At>,
}

/// Kinds that are read. Others have a row of their own that says why not, or are unknown.
const READ: [&str; 18] = [
    "Pod",
    "Deployment",
    "ReplicaSet",
    "ReplicationController",
    "StatefulSet",
    "Job",
    "CronJob",
    "Service",
    "Ingress",
    "IngressRoute",
    "HTTPRoute",
    "HorizontalPodAutoscaler",
    "ConfigMap",
    "Secret",
    "SealedSecret",
    "ExternalSecret",
    "PersistentVolumeClaim",
    "ServiceAccount",
];

/// Words of templates that Helm fills in and nothing else has.
const HELM: [&str; 5] = [".Values", ".Release", ".Chart", "include \"", "template \""];

/// Reads the objects of all files, in their order.
pub(super) fn read(files: &[FileId], session: &mut Session<'_>) -> Vec<Object> {
    let mut objects = Vec::new();
    for &file in files {
        let text = session.text(file);
        if let Some(span) = helm(file, &text) {
            let message = "this is a template of Helm, not a manifest";
            let help = "render it first: `helm template my-release CHART > manifests.yaml`, and import that";
            session.report.mistake(&IMPORT_SYNTAX, span, message, help);
            continue;
        }
        let documents = session.documents(file);
        for document in documents {
            take(&document, session, &mut objects);
        }
    }
    objects
}

/// Where a text has an action of Helm.
fn helm(file: FileId, text: &str) -> Option<Span> {
    let mut actions = text.match_indices("{{");
    actions.find_map(|(at, _)| {
        // An action is short; a text without ends is not searched again and again.
        let near = (0..=text.len().min(at + 400)).rev().find(|&end| text.is_char_boundary(end))?;
        let end = text[at..near].find("}}")?;
        let action = &text[at..at + end];
        let known = HELM.iter().any(|word| action.contains(word));
        (known && !action.contains('\n')).then(|| Span::new(file, at, at + end + 2))
    })
}

fn take(document: &Node, session: &mut Session<'_>, objects: &mut Vec<Object>) {
    if matches!(document.value, Value::Null) {
        return;
    }
    let text = |key: &str| {
        let node = &document.map()?.get(key)?.node;
        Some((node.text()?.to_owned(), node.span))
    };
    let Some((kind, place)) = text("kind").filter(|_| text("apiVersion").is_some()) else {
        let at = session.watch(document, &FORMAT);
        let name = &session.sources.get(document.span.file).name;
        if name.rsplit('/').next().is_some_and(|name| name.starts_with("kustomization.")) {
            let words = "what Kustomize changes in the manifests is not read: import what `kubectl kustomize DIR` prints";
            session.report.needs_you(&at.origin(), words);
        } else {
            session
                .report
                .dropped(&at.origin(), "no object of Kubernetes: it has no `apiVersion` and `kind`");
        }
        return;
    };
    let version = text("apiVersion").map(|(version, _)| version).unwrap_or_default();
    if version.starts_with("kustomize.config.k8s.io") {
        let help = "render it first: `kubectl kustomize DIR > manifests.yaml`, and import that";
        session.report.mistake(&IMPORT_SYNTAX, place, "this is a recipe of Kustomize, not a manifest", help);
        return;
    }
    if let Some(items) = document.map().and_then(|map| map.get("items")).filter(|_| kind.ends_with("List")) {
        let (_, rest) = apart(document, &["items"]);
        let entry = rest.map(|node| (kind.as_str().into(), Entry { key: place, node }));
        let around = document.with(Value::Map(Arc::new(entry.into_iter().collect())));
        if let Some(list) = session.watch(&around, &FORMAT).get(&kind) {
            session.report.mapped(&list.origin(), "its objects are read one by one");
        }
        if let Value::List(items) = &items.node.value {
            items.iter().for_each(|item| take(item, session, objects));
        }
        return;
    }
    objects.extend(object(document, &kind, place, session));
}

fn object(document: &Node, kind: &str, place: Span, session: &mut Session<'_>) -> Option<Object> {
    let mut parts = Map::new();
    let (mut rest, mut job, mut pod) = (Some(document.clone()), None, None);
    match kind {
        "Deployment" | "ReplicaSet" | "ReplicationController" | "StatefulSet" | "Job" => {
            (pod, rest) = apart(document, &["spec", "template"]);
        }
        "CronJob" => {
            (job, rest) = apart(document, &["spec", "jobTemplate"]);
            if let Some(entry) = &job {
                let (template, remaining) = apart(&entry.node, &["spec", "template"]);
                pod = template;
                job = remaining.map(|node| Entry { key: entry.key, node });
            }
        }
        _ => {}
    }
    let whole = rest.map(|node| Entry { key: place, node });
    for (name, part) in [(kind, whole), ("Job", job), ("Pod", pod)] {
        if let Some(part) = part {
            parts.insert(name.into(), part);
        }
    }
    let root = session.watch(&document.with(Value::Map(Arc::new(parts))), &FORMAT);
    let report = &mut session.report;
    let at = root.get(kind)?;
    if !READ.contains(&kind) {
        if at.row().is_none() {
            report.needs_you(&at.origin(), extension(kind));
        }
        return None;
    }
    if matches!(kind, "SealedSecret" | "ExternalSecret") {
        report.remark(Fate::NeedsYou, &at.origin(), extension(kind));
    }
    for (key, words) in [("apiVersion", "an API that is known"), ("kind", "how the rest is read")] {
        if let Some(said) = at.get(key) {
            report.mapped(&said.origin(), words);
        }
    }
    let metadata = at.get("metadata");
    let field = |key: &str| metadata.as_ref().and_then(|metadata| metadata.get(key));
    let target = at.get("spec").and_then(|spec| spec.get("target")).and_then(|target| target.get("name"));
    let named = target.filter(|_| kind == "ExternalSecret").or_else(|| field("name"));
    let name = named.and_then(|name| name.text(report)).or_else(|| {
        let generated = field("generateName")?.text(report)?;
        Some(generated.trim_end_matches('-').to_owned())
    });
    let namespace = field("namespace").and_then(|namespace| namespace.text(report));
    for (key, words) in [("name", "its name"), ("namespace", "where others look for it")] {
        if let Some(said) = field(key) {
            report.mapped(&said.origin(), words);
        }
    }
    let (job, pod) = (root.get("Job").filter(|_| kind == "CronJob"), root.get("Pod"));
    let name = name.unwrap_or_else(|| "main".to_owned());
    let namespace = namespace.unwrap_or_else(|| "default".to_owned());
    Some(Object { kind: kind.to_owned(), name, namespace, at, job, pod })
}

/// What to do about an object of an extension.
fn extension(kind: &str) -> &'static str {
    match kind {
        "Middleware" => {
            "the load balancer passes requests on as they are: what this changed belongs in the program"
        }
        "ScaledObject" | "ScaledJob" => {
            "write `scaling` of the service; for anything but CPU, memory and requests a `step` on an `alarm`"
        }
        "ExternalSecret" | "SecretProviderClass" => {
            "where it takes secrets from AWS, write `existing` with the ARN in the `secret` of each key"
        }
        "SealedSecret" => "only the cluster can open it: fill the `secret` of each key by hand",
        "ServiceMonitor" | "PodMonitor" | "PrometheusRule" => {
            "no Prometheus looks at tasks: CloudWatch has their metrics, and an `alarm` watches them"
        }
        _ => "an extension of the cluster, which Fargate has not: look what it did for the others",
    }
}

/// The value at a path, and the rest without it; no rest when nothing is left.
fn apart(node: &Node, path: &[&str]) -> (Option<Entry>, Option<Node>) {
    let whole = || (None, Some(node.clone()));
    let (Some(map), Some((first, below))) = (node.map(), path.split_first()) else { return whole() };
    let Some(entry) = map.get(*first) else { return whole() };
    let mut rest: Map = map.clone();
    let taken = if below.is_empty() {
        rest.shift_remove(*first)
    } else {
        let (taken, remaining) = apart(&entry.node, below);
        match remaining {
            Some(node) => rest.insert((*first).into(), Entry { key: entry.key, node }),
            None => rest.shift_remove(*first),
        };
        taken
    };
    let rest = (!rest.is_empty()).then(|| node.with(Value::Map(Arc::new(rest))));
    (taken, rest)
}

/// Entries whose values are text, such as labels.
pub(super) fn texts(at: Option<At>, report: &mut Report) -> IndexMap<String, String> {
    let entries = at.map(|at| at.entries()).unwrap_or_default();
    entries.into_iter().filter_map(|(name, value)| Some((name.to_string(), value.text(report)?))).collect()
}
