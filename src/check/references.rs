//! References: each names something that exists, secrets stay among secrets, and nothing refers to itself in a circle.

use indexmap::IndexMap;

use crate::components::{KINDS, kind, workload};
use crate::diagnostic::{Code, Diagnostic, Severity};
use crate::settings::Reading;
use crate::settings::codes::INVALID_REFERENCE;
use crate::settings::input::Reference;
use crate::source::Span;
use crate::stack::Context;
use crate::stack::context::Unresolved;
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

/// Checks all references of an environment.
pub fn check(context: &Context<'_>, reading: &mut Reading) {
    let mut edges: IndexMap<Id, Vec<(Id, Span)>> = IndexMap::new();
    for (id, entry) in &context.environment.components {
        let mut found = Vec::new();
        collect(&entry.table, true, &mut found);
        for use_of in &found {
            check_one(context, use_of, reading);
            let reference = &use_of.reference;
            if let Some(target) = context.component(reference) {
                edges.entry(id.clone()).or_default().push((target, reference.span));
            }
        }
    }
    cycles(&edges, reading);
}

/// A reference and where it stands.
struct Use {
    reference: Reference,
    /// Alone under `secrets`, where a secret may stand.
    secret: bool,
    /// Alone, where a whole component may stand.
    alone: bool,
}

fn collect(table: &Table, top: bool, found: &mut Vec<Use>) {
    for (key, entry) in &table.entries {
        let secrets = top && key.as_ref() == "secrets";
        collect_node(&entry.node, secrets, found);
    }
}

fn collect_node(node: &Node, secrets: bool, found: &mut Vec<Use>) {
    match &node.value {
        Value::Reference(words) => {
            let reference = Reference { span: node.span, words: words.clone() };
            found.push(Use { reference, secret: secrets, alone: true });
        }
        Value::Template(parts) => {
            for part in parts.iter() {
                if let Part::Reference(span, words) = part {
                    let reference = Reference { span: *span, words: words.clone() };
                    found.push(Use { reference, secret: false, alone: false });
                }
            }
        }
        Value::List(items) => items.iter().for_each(|item| collect_node(item, false, found)),
        Value::Table(table) => {
            for entry in table.entries.values() {
                collect_node(&entry.node, secrets, found);
            }
        }
        _ => {}
    }
}

fn check_one(context: &Context<'_>, use_of: &Use, reading: &mut Reading) {
    let reference = &use_of.reference;
    let words = reference.words.len();
    if use_of.alone && words == 2 && kind(reference.word(0)).is_some_and(|kind| kind.whole) {
        if context.component(reference).is_none() {
            let diagnostic = unknown_component(context, reference, reading);
            reading.push(diagnostic);
        }
        return;
    }
    let problem = match context.resolve(reference) {
        Ok(offer) => {
            if !use_of.secret && matches!(offer.value, Offered::Secret(_)) {
                let message = format!("`{}` is a secret", reference.text());
                let diagnostic = reading
                    .diagnostic(&workload::SECRET_EXPOSED, reference.span, message)
                    .label("its value would be in plain sight")
                    .help("put it under `secrets`, alone: `secrets = { NAME = .. }`");
                reading.push(diagnostic);
            }
            return;
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
            .suggest(&text, crate::stack::FactName::WORDS.iter().copied()),
        Unresolved::NoDomain => diagnostic(&UNKNOWN_REFERENCE, "this environment has no `domain`".to_owned())
            .help("add `domain = \"example.com\"` to the environment"),
        Unresolved::Component => unknown_component(context, reference, reading),
        Unresolved::Attribute if words == 2 => {
            let attributes = kind(reference.word(0)).map_or(&[][..], |kind| kind.attributes);
            diagnostic(&INVALID_REFERENCE, format!("`{text}` names a component, not a value"))
                .label("an attribute is missing")
                .suggest("", attributes.iter().map(|attribute| attribute.name))
        }
        Unresolved::Attribute => {
            let attributes = kind(reference.word(0)).map_or(&[][..], |kind| kind.attributes);
            diagnostic(&UNKNOWN_REFERENCE, format!("a {} has no `{}`", reference.word(0), reference.word(2)))
                .suggest(reference.word(2), attributes.iter().map(|attribute| attribute.name))
        }
        Unresolved::NotWithSettings => {
            diagnostic(&UNKNOWN_REFERENCE, format!("`{text}` does not exist with these settings"))
                .help(format!("see the settings of `{}` in docs/reference", reference.word(0)))
        }
    };
    reading.push(found);
}

fn unknown_component(context: &Context<'_>, reference: &Reference, reading: &Reading) -> Diagnostic {
    let (kind, name) = (reference.word(0), reference.word(1));
    let known: Vec<String> = context.all(kind).map(|id| id.name.to_string()).collect();
    let message = format!("there is no {kind} `{name}`");
    let diagnostic =
        reading.diagnostic(&UNKNOWN_REFERENCE, reference.span, message).label("refers to nothing");
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
                .help("write one of the values out");
            reading.push(diagnostic);
        } else {
            walk(target, edges, path, done, reading);
        }
    }
    path.pop();
    done.insert(id);
}
