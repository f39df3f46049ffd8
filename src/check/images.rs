//! Images: a tag that moves needs a registry that lets it.

use crate::components::Checker;
use crate::diagnostic::{Code, Severity};
use crate::settings::Reading;
use crate::settings::input::Reference;
use crate::stack::Context;
use crate::syntax::{Table, Value};
use crate::terms::Id;

/// The codes of this rule.
pub const CODES: &[&Code] = &[&LATEST_CANNOT_MOVE];

/// The tag `latest` in a registry whose tags stand still.
pub static LATEST_CANNOT_MOVE: Code = Code {
    name: "latest-cannot-move",
    severity: Severity::Warning,
    title: "the tag `latest` in a registry whose tags cannot move",
    explanation: r#"
A registry refuses to push a tag that it already has, so that a tag always names what was tested. `latest` is meant to
move: the first push works, the second fails. A service or task has this tag when it says no other.

```hcl
registry "app" {}

service "web" {
  image = registry.app
  tag   = "latest"            # the second push fails
}
```

Push a tag of its own for each build and name it in `tag`, or let tags move with `mutable = true` in the registry.
"#,
};

/// Looks at every component whose image comes from a registry.
pub fn check(context: &Context<'_>, reading: &mut Reading) {
    for entry in context.environment.components.values() {
        let Some(registry) = registry(&entry.table, context) else { continue };
        let tag = entry.table.get("tag").map(|entry| &entry.node.value);
        let latest = match tag {
            None => true,
            Some(Value::String(tag)) => tag.as_ref() == "latest",
            Some(_) => false,
        };
        let mutable = context.environment.components[&registry].table.get("mutable");
        if !latest || mutable.is_some_and(|entry| matches!(entry.node.value, Value::Bool(true))) {
            continue;
        }
        let mut at = Checker { table: &entry.table, header: entry.header, reading };
        let route = if tag.is_some() { "tag" } else { "image" };
        let message = format!("the tag `latest` can be pushed to `{registry}` only once");
        at.error(&LATEST_CANNOT_MOVE, &[route], message, |found| {
            let found = found.help(format!(
                "name the tag of a build with `tag`, or write `mutable = true` in `{registry}`"
            ));
            if tag.is_some() { found } else { found.label("has the tag `latest`, because it says no other") }
        });
    }
}

/// The registry that a component's image comes from.
fn registry(table: &Table, context: &Context<'_>) -> Option<Id> {
    let entry = table.get("image")?;
    let Value::Reference(words) = &entry.node.value else { return None };
    let reference = Reference { span: entry.node.span, words: words.clone() };
    context.component(&reference).filter(|id| id.kind == "registry" && words.len() == 2)
}

#[cfg(test)]
mod tests {
    use crate::testing::{codes, compile, stack};

    fn image(registry: &str, workload: &str) -> String {
        stack(&format!("registry \"app\" {{ {registry} }}\nservice \"web\" {{\n{workload}\n}}"), "")
    }

    #[test]
    fn latest_in_a_registry_that_stands_still_is_a_warning() {
        for workload in ["image = registry.app", "image = registry.app\ntag = \"latest\""] {
            let (found, tree) = compile(&image("", workload));
            assert_eq!(found.len(), 1, "{found:#?}");
            assert_eq!(found[0].code.name, "latest-cannot-move");
            assert!(!tree.files.is_empty());
        }
    }

    #[test]
    fn other_tags_and_other_registries_are_fine() {
        assert!(codes(&image("mutable = true", "image = registry.app")).is_empty());
        assert!(codes(&image("", "image = registry.app\ntag = \"v1\"")).is_empty());
        assert!(codes(&image("", "image = \"nginx:latest\"")).is_empty());
    }
}
