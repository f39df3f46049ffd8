//! Images: a name or a registry, with a tag; and a tag that moves needs a registry that lets it.

use crate::diagnostic::{Code, Severity};
use crate::model::{Checker, Context};
use crate::settings::Reading;
use crate::settings::codes::{INVALID_REFERENCE, INVALID_VALUE};
use crate::settings::input::Reference;
use crate::source::Span;
use crate::syntax::{Part, Value};
use crate::terms::{Id, Offered};

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

/// Looks at every component that has an image, and at the containers beside it.
pub fn check(context: &Context<'_>, reading: &mut Reading) {
    for entry in context.environment.components.values() {
        // The tags of a pipeline are commits.
        let deployed = entry.table.get("deployed_by").is_some();
        check_one(context, deployed, &mut Checker { table: &entry.table, header: entry.header, reading });
        for (header, table) in entry.table.blocks("container") {
            check_one(context, deployed, &mut Checker { table, header, reading });
        }
    }
}

/// Looks at the image of a block, if it has one.
fn check_one(context: &Context<'_>, deployed: bool, at: &mut Checker<'_>) {
    let Some(image) = at.table.get("image") else { return };
    match &image.node.value {
        Value::Reference(words) => {
            let reference = Reference { span: image.node.span, words: words.clone() };
            match context.component(&reference) {
                Some(id) if id.kind == "registry" && words.len() == 2 => moving(&id, context, deployed, at),
                Some(id) if !is_reported(&reference, context) => refuse(&id, image.node.span, at),
                Some(_) => {}
                None => {}
            }
        }
        Value::Template(parts) => {
            for part in parts.iter() {
                let Part::Reference(span, words) = part else { continue };
                let reference = Reference { span: *span, words: words.clone() };
                if let Some(id) = context.component(&reference)
                    && !is_reported(&reference, context)
                {
                    refuse(&id, *span, at);
                }
            }
        }
        Value::String(name) => named(name, at),
        _ => {
            let help = "write it in quotes, as `docker pull` takes it, or `registry.<name>`";
            at.reading.invalid(image.node.span, "an image has a name", help);
        }
    }
}

/// An image from a registry: its tag, and whether that may move.
fn moving(registry: &Id, context: &Context<'_>, deployed: bool, at: &mut Checker<'_>) {
    let tag = match at.table.get("tag").map(|entry| &entry.node.value) {
        Some(Value::String(tag)) => Some(&**tag),
        _ => None,
    };
    let allowed = |c: char| c.is_ascii_alphanumeric() || "_.-".contains(c);
    if let Some(tag) = tag
        && (tag.is_empty() || tag.len() > 128 || tag.starts_with(['.', '-']) || !tag.chars().all(allowed))
    {
        at.error(&INVALID_VALUE, &["tag"], format!("`{tag}` is no tag of an image"), |found| {
            found.help("use letters, digits, `_`, `.` and `-`, at most 128: `v1.4.2`")
        });
    }
    let settings = &context.environment.components[registry].table;
    let moves = settings.get("existing").is_some()
        || settings.get("mutable").is_some_and(|entry| matches!(entry.node.value, Value::Bool(true)));
    if moves || deployed || tag.is_some_and(|tag| tag != "latest") {
        return;
    }
    let route = if tag.is_some() { "tag" } else { "image" };
    let message = format!("the tag `latest` can be pushed to `{registry}` only once");
    at.error(&LATEST_CANNOT_MOVE, &[route], message, |found| {
        let found = found
            .help(format!("name the tag of a build with `tag`, or write `mutable = true` in `{registry}`"));
        if tag.is_some() { found } else { found.label("has the tag `latest`, because it says no other") }
    });
}

/// Whether another rule reports this reference to a component.
fn is_reported(reference: &Reference, context: &Context<'_>) -> bool {
    if context.is_whole(reference) {
        return context.component(reference).is_none();
    }
    match context.resolve(reference) {
        Ok(offer) => matches!(offer.value, Offered::Secret(_)),
        Err(_) => true,
    }
}

/// A reference to something else than a registry as a whole: nothing would let the task pull from there.
fn refuse(id: &Id, place: Span, at: &mut Checker<'_>) {
    let found = at.reading.diagnostic(&INVALID_REFERENCE, place, "this reference is no image");
    at.reading.push(if id.kind == "registry" {
        found
            .label("gives no right to pull")
            .help(format!("write `image = {id}`, and the tag as `tag = \"v1\"`"))
    } else {
        found.help("write `registry.<name>`, or a name as `docker pull` takes it")
    });
}

/// An image by its name, which has the tag in it.
fn named(name: &str, at: &mut Checker<'_>) {
    if name.is_empty() || name.contains(|c: char| c.is_whitespace() || c.is_control()) {
        at.error(
            &INVALID_VALUE,
            &["image"],
            format!("`{}` is no name of an image", name.escape_debug()),
            |found| found.help("write it as `docker pull` takes it: `public.ecr.aws/nginx/nginx:1.27`"),
        );
    }
    let last = name.rsplit('/').next().unwrap_or_default();
    if let Some(Value::String(tag)) = at.table.get("tag").map(|entry| &entry.node.value)
        && !last.contains([':', '@'])
    {
        let help = format!("write the tag in the name: `image = \"{name}:{tag}\"`");
        let message = "`tag` is for an image in a `registry`";
        at.error(&INVALID_VALUE, &["tag"], message, |found| found.label("has no effect here").help(help));
    }
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

    #[test]
    fn what_a_task_could_not_pull_is_refused() {
        for (image, code) in [
            ("registry.app.url", "invalid-reference"),
            ("\"${registry.app.url}:v1\"", "invalid-reference"),
            ("network.main.cidr", "invalid-reference"),
            ("5", "invalid-value"),
            ("\"\"", "invalid-value"),
            ("\"nginx latest\"", "invalid-value"),
        ] {
            assert_eq!(codes(&image_of(image)), [code], "{image}");
        }
        assert!(codes(&image_of("\"${environment.domain}/app:1\"")).is_empty());
    }

    #[test]
    fn a_tag_stands_in_the_name_or_beside_a_registry() {
        assert_eq!(codes(&image("", "image = \"nginx\"\ntag = \"v1\"")), ["invalid-value"]);
        assert!(codes(&image("", "image = \"nginx:1\"\ntag = \"v1\"")).is_empty());
        assert_eq!(codes(&image("", "image = registry.app\ntag = \"a b\"")), ["invalid-value"]);
    }

    fn image_of(text: &str) -> String {
        image("", &format!("image = {text}"))
    }
}
