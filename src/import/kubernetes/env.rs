//! The variables of a container: written out, from ConfigMaps, from Secrets, and from facts about the pod.

use std::collections::{BTreeMap, BTreeSet};

use super::cluster::{Context, Kept, Use};
use super::hosts;
use crate::import::read::{At, Origin};
use crate::import::report::Fate;
use crate::import::workload::{Container, Held, Setting, Variable};

/// Facts about a pod that variables may ask for.
pub(super) struct Facts<'a> {
    pub(super) namespace: &'a str,
    pub(super) name: &'a str,
    pub(super) account: &'a str,
    pub(super) pod: &'a At,
}

/// Reads `envFrom` and then `env`, of which the last one of a name holds.
pub(super) fn read(at: &At, facts: &Facts<'_>, container: &mut Container, cx: &mut Context<'_>) {
    let mut known = BTreeMap::new();
    let sources = at.get("envFrom").map(|sources| sources.list(cx.report)).unwrap_or_default();
    let Some(given) = sources.iter().map(|source| all_of(source, facts, cx)).collect::<Option<Vec<_>>>()
    else {
        return;
    };
    for variable in given.into_iter().flatten() {
        put(variable, false, facts, container, &mut known, cx);
    }
    for item in at.get("env").map(|items| items.list(cx.report)).unwrap_or_default() {
        let Some(name) = item.get("name").and_then(|name| name.text(cx.report)) else {
            cx.report.misshapen(&item.origin(), "a variable with a `name`");
            continue;
        };
        let value = match item.get("valueFrom") {
            Some(from) => from_elsewhere(&from, &name, &item.origin(), facts, cx),
            None => {
                let text = item.get("value").map_or(Some(String::new()), |value| value.text(cx.report));
                text.map(Setting::Constant)
            }
        };
        if let Some(value) = value {
            let written = item.get("valueFrom").is_none();
            put(Variable { name, value, origin: item.origin() }, written, facts, container, &mut known, cx);
        }
    }
    let mut later = BTreeSet::new();
    container.variables.reverse();
    container.variables.retain(|variable| later.insert(variable.name.clone()));
    container.variables.reverse();
}

/// Every entry of a ConfigMap or Secret; nothing when they are too many.
fn all_of(source: &At, facts: &Facts<'_>, cx: &mut Context<'_>) -> Option<Vec<Variable>> {
    let prefix = source.get("prefix").and_then(|prefix| prefix.text(cx.report)).unwrap_or_default();
    let name = |kind: &str, cx: &mut Context<'_>| source.get(kind)?.get("name")?.text(cx.report);
    if let Some(map) = name("configMapRef", cx) {
        let Some(found) = cx.cluster.find("ConfigMap", facts.namespace, &map) else {
            let words = format!("the input has no ConfigMap `{map}`: write its entries under `environment`");
            cx.report.needs_you(&source.origin(), words);
            return Some(Vec::new());
        };
        cx.report.mapped(&source.origin(), format!("the entries of `{map}`"));
        let data = found.at.get("data");
        let entries = data.as_ref().and_then(|data| data.node.map()).map_or(0, |map| map.len());
        if !cx.report.repeat(entries, source.origin().span) {
            return None;
        }
        let entries = data.map(|data| data.entries()).unwrap_or_default();
        let entries = entries.into_iter().filter_map(|(key, value)| {
            cx.used.insert(value.node.id, Use::Variable);
            let text = value.text(cx.report)?;
            Some(Variable {
                name: format!("{prefix}{key}"),
                value: Setting::Constant(text),
                origin: value.origin(),
            })
        });
        return Some(entries.collect());
    }
    let Some(secret) = name("secretRef", cx) else { return Some(Vec::new()) };
    let Some(keys) = cx.cluster.secret(facts.namespace, &secret) else {
        let words = format!(
            "the input does not say which keys the Secret `{secret}` has: declare a `secret` for each, and refer to it under \
             `secrets`; a script with its `kubectl create secret generic` would tell"
        );
        cx.report.needs_you(&source.origin(), words);
        return Some(Vec::new());
    };
    cx.report.mapped(&source.origin(), format!("the keys of `{secret}`"));
    if !cx.report.repeat(keys.len(), source.origin().span) {
        return None;
    }
    let variable = |kept: &Kept| {
        if let Some(origin) = &kept.origin {
            cx.used.insert(origin.id, Use::Variable);
        }
        Variable {
            name: format!("{prefix}{}", kept.key),
            value: held(&format!("{prefix}{}", kept.key), &secret, kept, facts),
            origin: kept.origin.clone().unwrap_or_else(|| source.origin()),
        }
    };
    Some(keys.iter().map(variable).collect())
}

/// The value of a variable that another object or the pod itself has.
fn from_elsewhere(
    from: &At,
    name: &str,
    variable: &Origin,
    facts: &Facts<'_>,
    cx: &mut Context<'_>,
) -> Option<Setting> {
    let pair = |kind: &str, cx: &mut Context<'_>| {
        let source = from.get(kind)?;
        let name = source.get("name").and_then(|name| name.text(cx.report))?;
        Some((name, source.get("key")?.text(cx.report)?))
    };
    if let Some((map, key)) = pair("configMapKeyRef", cx) {
        let found = cx.cluster.find("ConfigMap", facts.namespace, &map);
        let entry = found.and_then(|found| found.at.get("data")?.get(&key));
        let Some(entry) = entry else {
            let words = format!("the input has no `{key}` in a ConfigMap `{map}`");
            cx.report.remark(Fate::NeedsYou, variable, words);
            return Some(Setting::Unknown);
        };
        cx.used.entry(entry.node.id).or_insert(Use::Reference);
        return entry.text(cx.report).map(Setting::Constant);
    }
    if let Some((secret, key)) = pair("secretKeyRef", cx) {
        let keys = cx.cluster.secret(facts.namespace, &secret);
        let kept = keys.and_then(|keys| keys.iter().find(|kept| kept.key == key));
        if let Some(origin) = kept.and_then(|kept| kept.origin.as_ref()) {
            cx.used.entry(origin.id).or_insert(Use::Reference);
        }
        let unknown = Kept { key, value: None, origin: None };
        return Some(held(name, &secret, kept.unwrap_or(&unknown), facts));
    }
    if let Some(field) = from.get("fieldRef").and_then(|field| field.get("fieldPath")) {
        let path = field.text(cx.report)?;
        return Some(match fact(&path, facts) {
            Some(value) => {
                let words = format!("`{path}` is written out");
                cx.report.remark(Fate::Assumed, variable, words);
                Setting::Constant(value)
            }
            None => {
                let words = format!(
                    "only a running task knows `{path}`: have the program ask the address in `ECS_CONTAINER_METADATA_URI_V4`"
                );
                cx.report.remark(Fate::NeedsYou, variable, words);
                Setting::Unknown
            }
        });
    }
    Some(Setting::Unknown)
}

/// What a pod knows about itself before it runs.
fn fact(path: &str, facts: &Facts<'_>) -> Option<String> {
    match path {
        "metadata.namespace" => Some(facts.namespace.to_owned()),
        "metadata.name" => Some(facts.name.to_owned()),
        "spec.serviceAccountName" => Some(facts.account.to_owned()),
        _ => {
            let key = path.strip_prefix("metadata.labels['")?.strip_suffix("']")?;
            super::cluster::labels(facts.pod).get(key).cloned()
        }
    }
}

/// A key of a Secret as a variable has it.
fn held(name: &str, secret: &str, kept: &Kept, facts: &Facts<'_>) -> Setting {
    let identity = format!("{}/{secret}/{}", facts.namespace, kept.key);
    Setting::Held(Held { name: name.to_owned(), identity, value: kept.value.clone() })
}

/// Adds a variable, with hosts by the names that they have here; in a value that is `written` in the pod itself names of
/// earlier ones are written out.
fn put(
    mut variable: Variable,
    written: bool,
    facts: &Facts<'_>,
    container: &mut Container,
    known: &mut BTreeMap<String, Option<String>>,
    cx: &mut Context<'_>,
) {
    if let Setting::Constant(text) = &variable.value {
        let (expanded, secrets) = if written { expanded(text, known) } else { (text.clone(), Vec::new()) };
        let value = hosts::rewritten(&expanded, facts.namespace, cx.cluster);
        let unknown = secrets.iter().find(|name| {
            let found = container.variables.iter().find(|variable| variable.name == **name);
            found.is_some_and(|found| found.value == Setting::Unknown)
        });
        if hosts::is_lost(&variable.name, &expanded, facts.namespace, cx.cluster) {
            let words = "it names a host that only the cluster knows, and the input does not have: write the address of what \
                         stands in its place, or import its manifests, too";
            cx.report.remark(Fate::NeedsYou, &variable.origin, words);
        }
        variable.value = if is_placeholder(&value) {
            Setting::Unknown
        } else if hosts::is_foreign(&value) {
            let words = "it names a Service that the input does not have: refer to what stands in its place, or import its \
                         manifests, too";
            cx.report.remark(Fate::NeedsYou, &variable.origin, words);
            Setting::Unknown
        } else if let Some(unknown) = unknown.filter(|_| !value.contains("://")) {
            let words = format!(
                "it is put together with `{unknown}`, whose value is not here: have the entry point do it"
            );
            cx.report.remark(Fate::NeedsYou, &variable.origin, words);
            Setting::Unknown
        } else if !secrets.is_empty() && !value.contains("://") {
            let words = format!(
                "it is put together with `{}`, which is a secret, and ECS puts nothing together: keep the whole",
                secrets.join("`, `")
            );
            cx.report.remark(Fate::NeedsYou, &variable.origin, words);
            let name = format!("{}_{}", container.name, variable.name);
            Setting::Held(Held { identity: format!("{}/{name}", facts.namespace), name, value: None })
        } else {
            Setting::Constant(value)
        };
    }
    let constant = match &variable.value {
        Setting::Constant(text) => Some(text.clone()),
        _ => None,
    };
    known.insert(variable.name.clone(), constant);
    container.variables.push(variable);
}

/// A text with `$(NAME)` written out, and the names that stay because their values are secret. What is no variable stays
/// as it is, and `$$` is a dollar sign.
pub(super) fn expanded(text: &str, known: &BTreeMap<String, Option<String>>) -> (String, Vec<String>) {
    let (mut result, mut secrets, mut rest) = (String::new(), Vec::new(), text);
    while let Some(at) = rest.find('$') {
        result.push_str(&rest[..at]);
        rest = &rest[at..];
        if let Some(after) = rest.strip_prefix("$$") {
            result.push('$');
            rest = after;
            continue;
        }
        let name = rest.strip_prefix("$(").and_then(|inner| inner.split_once(')'));
        let Some((name, after)) = name else {
            result.push('$');
            rest = &rest[1..];
            continue;
        };
        match known.get(name) {
            Some(Some(value)) => result.push_str(value),
            found => {
                if found.is_some() {
                    secrets.push(name.to_owned());
                }
                result.push_str(&rest[..rest.len() - after.len()]);
            }
        }
        rest = after;
    }
    result.push_str(rest);
    (result, secrets)
}

/// Whether somebody was to put a value in place of a text: `${name of the bucket}`.
fn is_placeholder(value: &str) -> bool {
    let inner = value.strip_prefix("${").and_then(|rest| rest.strip_suffix('}'));
    inner.is_some_and(|inner| !inner.contains(['{', '}']))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_written_out_as_kubernetes_does() {
        let known = BTreeMap::from([("HOST".to_owned(), Some("db".to_owned())), ("PASS".to_owned(), None)]);
        for (text, expected, secrets) in [
            ("pg://u:$(PASS)@$(HOST)/x", "pg://u:$(PASS)@db/x", 1),
            ("$$(HOST) $(OTHER) $HOST $", "$(HOST) $(OTHER) $HOST $", 0),
            ("$(HOST", "$(HOST", 0),
        ] {
            let (found, names) = expanded(text, &known);
            assert_eq!((found.as_str(), names.len()), (expected, secrets), "{text}");
        }
    }

    #[test]
    fn only_a_whole_value_is_a_placeholder() {
        assert!(is_placeholder("${バケット名}"));
        assert!(!is_placeholder("${A}-${B}") && !is_placeholder("a ${B}") && !is_placeholder("$(B)"));
    }
}
