//! What a user may do: its references must open something that an IAM user can have.

use crate::components::kind;
use crate::diagnostic::{Code, Severity};
use crate::model::{Checker, Context};
use crate::settings::Reading;
use crate::settings::input::Reference;
use crate::syntax::{Node, Value};
use crate::terms::{Grant, Offer, Offered};

/// The codes of this rule.
pub const CODES: &[&Code] = &[&ACCESS_TO_NOTHING];

/// A user that gets no rights from what it refers to.
pub static ACCESS_TO_NOTHING: Code = Code {
    name: "access-to-nothing",
    severity: Severity::Error,
    title: "access that gives a user no rights",
    explanation: r#"
A user may do what the references under `access` allow. A constant refers to nothing, and some references open what an
IAM user cannot have: a database is reached through security groups, which a user does not stand in; the domain of a
bucket is for pages, and only its `name` or `arn` lets somebody use it.

```hcl
user "ci" {
  access = [bucket.assets.url]        # write bucket.assets.name
}
```
"#,
};

/// Looks at the `access` of every user of an environment.
pub fn check(context: &Context<'_>, reading: &mut Reading) {
    for id in context.all("user") {
        let entry = &context.environment.components[id];
        let items = match entry.table.get("access").map(|entry| &entry.node.value) {
            Some(Value::List(items)) => items.as_ref(),
            _ => &[],
        };
        if items.is_empty() {
            let mut at = Checker { table: &entry.table, header: entry.header, reading };
            let message = format!("`{id}` has access to nothing");
            at.error(&ACCESS_TO_NOTHING, &["access"], message, |found| {
                found.help("refer to what it may use: `access = [bucket.assets.name]`")
            });
        }
        for item in items.iter().filter(|item| !opens_something(context, item)) {
            let diagnostic = reading
                .diagnostic(&ACCESS_TO_NOTHING, item.span, "this gives a user no rights")
                .label("opens nothing that an IAM user can have")
                .help("refer to what the user may use: `bucket.assets.name`");
            reading.push(diagnostic);
        }
    }
}

/// Whether an item allows something, or is a reference that another rule reports.
fn opens_something(context: &Context<'_>, item: &Node) -> bool {
    let Value::Reference(words) = &item.value else { return false };
    let reference = Reference { span: item.span, words: words.clone() };
    match context.resolve(&reference) {
        Ok(Offer { value: Offered::Secret(_), .. }) => true,
        Ok(offer) => offer.grants.iter().any(|grant| matches!(grant, Grant::Allow { .. })),
        Err(_) => {
            !kind(reference.word(0)).is_some_and(|kind| kind.whole) || context.component(&reference).is_none()
        }
    }
}

#[cfg(test)]
mod tests {
    use crate::testing::{codes, stack};

    fn user(access: &str) -> Vec<&'static str> {
        codes(&stack(&format!("bucket \"assets\" {{}}\nuser \"ci\" {{ {access} }}"), ""))
    }

    #[test]
    fn a_user_without_rights_is_a_mistake() {
        assert!(user("access = [bucket.assets.name]").is_empty());
        for access in ["", "access = []", "access = [\"assets\"]", "access = [bucket.assets.url]"] {
            assert_eq!(user(access), ["access-to-nothing"], "{access}");
        }
    }

    #[test]
    fn a_whole_component_gives_no_rights() {
        let text = "registry \"app\" {}\nuser \"ci\" { access = [registry.app] }";
        assert_eq!(codes(&stack(text, "")), ["access-to-nothing"]);
    }

    #[test]
    fn a_reference_to_nothing_is_reported_once() {
        assert_eq!(user("access = [bucket.asets.name]"), ["unknown-reference"]);
    }
}
