//! References: each names something that exists, secrets stay among secrets, and nothing refers to itself in a circle.

use indexmap::IndexMap;

use crate::components::{KINDS, kind, workload};
use crate::diagnostic::{Code, Diagnostic, Severity};
use crate::model::context::Unresolved;
use crate::model::{Attribute, Context, Environment, Model};
use crate::settings::codes::INVALID_REFERENCE;
use crate::settings::input::Reference;
use crate::settings::{self, BlockInfo, Reading};
use crate::source::Span;
use crate::syntax::{Node, Part, Table, Value};
use crate::terms::{Id, Offered};

/// The codes of this rule.
pub const CODES: &[&Code] = &[&UNKNOWN_REFERENCE, &REFERENCE_CYCLE];

/// A reference to something that does not exist.
pub static UNKNOWN_REFERENCE: Code = Code {
    name: "unknown-reference",
    severity: Severity::Error,
    title: "a reference to something that does not exist",
    explanation: r#"
A reference names a component, or an attribute of one, that this environment does not have. References open
security-group rules and permissions, so a wrong one would open nothing, or the wrong thing.

```hcl
environment = {
  DB_HOST = database.mian.host       # there is no database "mian"
}
```

The message lists what exists. When the component stands in some environments only (`environments = [..]`), what
refers to it must stand in the same ones.
"#,
};

/// Components that refer to each other in a circle.
pub static REFERENCE_CYCLE: Code = Code {
    name: "reference-cycle",
    severity: Severity::Error,
    title: "references that go round in a circle",
    explanation: r#"
Components refer to each other in a circle, so none of them could be created first.

```hcl
parameter "a" { value = parameter.b.value }
parameter "b" { value = parameter.a.value }
```

Break the circle: write one of the values out.
"#,
};

/// Checks all references of an environment. One to a component that could not be read may be right.
pub fn check(context: &Context<'_>, model: &Model, reading: &mut Reading) {
    let unread = &context.environment.unread;
    let mut edges: IndexMap<Id, Vec<(Id, Span)>> = IndexMap::new();
    let mut infos: IndexMap<&str, BlockInfo> = IndexMap::new();
    for (id, entry) in &context.environment.components {
        let mut found = Vec::new();
        if let Some(kind) = kind(id.kind) {
            let info = infos.entry(kind.key).or_insert_with(kind.info);
            collect(&entry.table, info, &mut found);
        }
        for use_of in &found {
            let reference = &use_of.reference;
            if unread.iter().any(|id| id.kind == reference.word(0) && *id.name == *reference.word(1)) {
                continue;
            }
            if check_one(context, model, use_of, reading)
                && let Some(target) = context.component(reference)
                && !is_known(reference)
                && match use_of.order {
                    Order::First => true,
                    Order::Another => target == *id,
                    Order::Any => false,
                }
            {
                edges.entry(id.clone()).or_default().push((target, reference.span));
            }
        }
    }
    cycles(&edges, reading);
}

/// A reference and where it stands.
struct Use {
    reference: Reference,
    /// Under `secrets`, where a secret may stand.
    secret: bool,
    /// Alone in a setting that takes a whole component.
    whole: bool,
    order: Order,
}

/// When what a reference names has to be created.
enum Order {
    /// Before what refers to it: a value, or a task that another one runs after.
    First,
    /// Whenever, as long as it is another component: one that is watched, routed to or opened as a whole. An alarm on a
    /// service may scale that service.
    Another,
    /// Whenever: under `access` it only gives a right.
    Any,
}

/// Collects the references in a block of these settings; keys that are no settings were reported before.
fn collect(table: &Table, info: &BlockInfo, found: &mut Vec<Use>) {
    for (key, entry) in &table.entries {
        if let Some(field) = info.fields.iter().find(|field| field.name == &**key) {
            collect_node(&entry.node, field.name, &field.kind, found);
        }
    }
}

/// Collects the references in the value of a `setting`, or of a part of it, that is of this kind.
fn collect_node(node: &Node, setting: &str, kind: &settings::Kind, found: &mut Vec<Use>) {
    let secret = setting == "secrets";
    match &node.value {
        Value::Reference(words) => {
            let reference = Reference { span: node.span, words: words.clone() };
            let right = setting == "access";
            let component = matches!(kind, settings::Kind::Component(_));
            let whole = component || setting == "image" || right;
            let order = match (right, component && setting != "after") {
                (true, _) => Order::Any,
                (false, true) => Order::Another,
                (false, false) => Order::First,
            };
            found.push(Use { reference, secret, whole, order });
        }
        Value::Template(parts) => {
            for part in parts.iter() {
                if let Part::Reference(span, words) = part {
                    let reference = Reference { span: *span, words: words.clone() };
                    // A string under `secrets` is a mistake with or without a secret in it, which `secrets` reports.
                    found.push(Use { reference, secret, whole: false, order: Order::First });
                }
            }
        }
        Value::List(items) => {
            let settings::Kind::List(kind) = kind else { return };
            items.iter().for_each(|item| collect_node(item, setting, kind, found));
        }
        Value::Table(table) => match kind {
            settings::Kind::Block(info) => collect(table, &info(), found),
            settings::Kind::Blocks(_, info) => {
                let blocks = table.entries.values().filter_map(|entry| match &entry.node.value {
                    Value::Table(block) => Some(block),
                    _ => None,
                });
                blocks.for_each(|block| collect(block, &info(), found));
            }
            settings::Kind::Map(kind) => {
                table.entries.values().for_each(|entry| collect_node(&entry.node, setting, kind, found));
            }
            _ => {}
        },
        _ => {}
    }
}

/// Whether a reference gives something; what is wrong is reported.
fn check_one(context: &Context<'_>, model: &Model, use_of: &Use, reading: &mut Reading) -> bool {
    let reference = &use_of.reference;
    let words = reference.words.len();
    if use_of.whole && context.is_whole(reference) {
        let known = context.component(reference).is_some();
        if !known {
            let diagnostic = unknown_component(context, model, reference, reading);
            reading.push(diagnostic);
        }
        return known;
    }
    let problem = match context.resolve(reference) {
        Ok(offer) => {
            if !use_of.secret && matches!(offer.value, Offered::Secret(_)) {
                let message = format!("`{}` is a secret", reference.text());
                let diagnostic = reading
                    .diagnostic(&workload::codes::SECRET_EXPOSED, reference.span, message)
                    .label("its value would be in plain sight")
                    .help("put it under `secrets`, alone: `secrets = { NAME = .. }`");
                reading.push(diagnostic);
            }
            return true;
        }
        Err(problem) => problem,
    };
    let text = reference.text();
    let diagnostic = |code, message: String| reading.diagnostic(code, reference.span, message);
    let found = match problem {
        Unresolved::Kind => diagnostic(&UNKNOWN_REFERENCE, format!("`{text}` refers to nothing")).suggest(
            reference.word(0),
            KINDS
                .iter()
                .filter(|kind| !kind.attributes.is_empty())
                .map(|kind| kind.key)
                .chain(["environment", "stack"]),
        ),
        Unresolved::Fact => diagnostic(&UNKNOWN_REFERENCE, format!("`{text}` refers to nothing"))
            .suggest(&text, crate::model::FactName::WORDS.iter().copied()),
        Unresolved::NoDomain => diagnostic(&UNKNOWN_REFERENCE, "this environment has no `domain`".to_owned())
            .help("add `domain = \"example.com\"` to the environment"),
        Unresolved::Component if words == 1 => {
            diagnostic(&INVALID_REFERENCE, format!("`{text}` is a kind of component, not one of them"))
                .help(format!("write which one and what of it: `{text}.main.<attribute>`"))
        }
        Unresolved::Component => unknown_component(context, model, reference, reading),
        Unresolved::Attribute if attributes(reference).is_empty() => {
            diagnostic(&INVALID_REFERENCE, format!("a {} has no value to refer to", reference.word(0)))
                .help("write the value itself, or refer to the `url` of a load balancer")
        }
        Unresolved::Attribute if words > 3 => {
            diagnostic(&INVALID_REFERENCE, format!("`{text}` has a name too many"))
                .help("a reference to a value is `<kind>.<name>.<attribute>`")
        }
        Unresolved::Attribute if words == 2 => {
            diagnostic(&INVALID_REFERENCE, format!("`{text}` names a component, not a value"))
                .label("an attribute is missing")
                .suggest("", attributes(reference).iter().map(|attribute| attribute.name))
        }
        Unresolved::Attribute => {
            diagnostic(&UNKNOWN_REFERENCE, format!("a {} has no `{}`", reference.word(0), reference.word(2)))
                .suggest(reference.word(2), attributes(reference).iter().map(|attribute| attribute.name))
        }
        Unresolved::NotWithSettings => {
            diagnostic(&UNKNOWN_REFERENCE, format!("`{text}` does not exist with these settings"))
                .help(format!("see the settings of `{}` in docs/reference", reference.word(0)))
        }
    };
    reading.push(found);
    false
}

/// Whether a reference names what is known before the component exists: nothing has to be created first for it.
fn is_known(reference: &Reference) -> bool {
    attributes(reference).iter().any(|attribute| attribute.name == reference.word(2) && attribute.known)
}

/// What a reference of this kind could name.
fn attributes(reference: &Reference) -> &'static [Attribute] {
    kind(reference.word(0)).map_or(&[], |kind| kind.attributes)
}

fn unknown_component(
    context: &Context<'_>,
    model: &Model,
    reference: &Reference,
    reading: &Reading,
) -> Diagnostic {
    let (kind, name) = (reference.word(0), reference.word(1));
    let known: Vec<String> = context.all(kind).map(|id| id.name.to_string()).collect();
    let message = format!("there is no {kind} `{name}`");
    let diagnostic =
        reading.diagnostic(&UNKNOWN_REFERENCE, reference.span, message).label("refers to nothing");
    let has = |environment: &&Environment| {
        environment.components.keys().any(|id| id.kind == kind && &*id.name == name)
    };
    let elsewhere: Vec<String> =
        model.environments.iter().filter(has).map(|found| format!("\"{}\"", found.name)).collect();
    if !elsewhere.is_empty() {
        let list = elsewhere.join(", ");
        return diagnostic.help(format!(
            "only some environments have it: limit what refers to it with `environments = [{list}]`, or write the \
             reference as an overlay in those"
        ));
    }
    if known.is_empty() {
        return diagnostic.help(format!("add a block `{kind} \"{name}\" {{ .. }}`"));
    }
    diagnostic.suggest(name, known.iter().map(String::as_str))
}

/// Reports each circle once, at the reference that closes it.
fn cycles(edges: &IndexMap<Id, Vec<(Id, Span)>>, reading: &mut Reading) {
    let mut done = indexmap::IndexSet::new();
    for start in edges.keys() {
        let mut path: Vec<&Id> = Vec::new();
        walk(start, edges, &mut path, &mut done, reading);
    }
}

fn walk<'e>(
    id: &'e Id,
    edges: &'e IndexMap<Id, Vec<(Id, Span)>>,
    path: &mut Vec<&'e Id>,
    done: &mut indexmap::IndexSet<&'e Id>,
    reading: &mut Reading,
) {
    let Some(targets) = edges.get(id) else { return };
    if done.contains(id) {
        return;
    }
    path.push(id);
    for (target, span) in targets {
        if let Some(from) = path.iter().position(|on_path| *on_path == target) {
            let circle: Vec<String> =
                path[from..].iter().copied().chain([target]).map(|id| format!("`{id}`")).collect();
            let message = format!("a circle of references: {}", circle.join(" -> "));
            let diagnostic = reading
                .diagnostic(&REFERENCE_CYCLE, *span, message)
                .label("closes the circle")
                .help("remove one of these references, or write its value out");
            reading.push(diagnostic);
        } else {
            walk(target, edges, path, done, reading);
        }
    }
    path.pop();
    done.insert(id);
}

#[cfg(test)]
mod tests {
    use crate::testing::{codes, stack};

    #[test]
    fn references_are_checked_beside_mistakes_of_other_components() {
        let service = "image = \"nginx:1\"\nenvironment = { A = database.main.host, B = environment.nme }";
        let text = format!("database \"main\" {{}}\nservice \"web\" {{\n{service}\n}}");
        let found = codes(&stack(&text, ""));
        assert_eq!(found, ["missing-key", "missing-key", "missing-key", "unknown-reference"]);
    }
}
