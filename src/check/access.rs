//! What `access` opens: each of its references must open something that a user, a service or task, or a bastion can have.

use crate::components::workload::App;
use crate::diagnostic::{Code, Severity};
use crate::model::{Checker, Context};
use crate::settings::Reading;
use crate::settings::input::{Input, Reference};
use crate::syntax::{Node, Value};
use crate::terms::{Grant, Id, Offered};

/// The codes of this rule.
pub const CODES: &[&Code] = &[&ACCESS_TO_NOTHING];

/// A reference under `access` that opens nothing.
pub static ACCESS_TO_NOTHING: Code = Code {
    name: "access-to-nothing",
    severity: Severity::Error,
    title: "access that opens nothing",
    explanation: r#"
A user, a service or a task may do what the references under `access` allow. A constant refers to nothing, and some
references open nothing: the domain of a bucket is for pages, and only its `name` or `arn`, or the bucket as a whole, lets
somebody use it. What an IAM user cannot have gives it nothing either: a database is reached through security groups,
which a user does not stand in.

```hcl
user "ci" {
  access = [bucket.assets.url]        # write bucket.assets
}
```

What can be named as a whole: `bucket` to use it, `task` to run it, `service` to change its number of tasks, `secret` and
`parameter` to read them at any time, `key` to decrypt with it, `cdn` to clear what it keeps.

Through a `bastion` people reach what has a host and a security group here. A cache that is `outside` has neither, and what
exists opens its port only where its `security_group` is known:

```hcl
database "main" {
  existing {
    host           = "db.example.com"
    port           = 5432
    security_group = "sg-0a1b2c3d4e5f67890"     # without it no tunnel leads there
  }
}

bastion "main" { access = [database.main] }
```
"#,
};

/// Looks at the `access` of every user, service, task and bastion of an environment.
pub fn check(context: &Context<'_>, reading: &mut Reading) {
    for (id, entry) in &context.environment.components {
        let (user, bastion) = (id.kind == "user", id.kind == "bastion");
        if !user && !bastion && !App::KINDS.contains(&id.kind) {
            continue;
        }
        let items = match entry.table.get("access").map(|entry| &entry.node.value) {
            Some(Value::List(items)) => items.as_ref(),
            _ => &[],
        };
        if user && items.is_empty() {
            let mut at = Checker { table: &entry.table, header: entry.header, reading };
            let message = format!("`{id}` has access to nothing");
            at.error(&ACCESS_TO_NOTHING, &["access"], message, |found| {
                found.help("refer to what it may use: `access = [bucket.assets]`")
            });
        }
        if bastion {
            for item in items.iter().filter(|item| !is_reached(context, item)) {
                let message = "no tunnel leads to this";
                let diagnostic = reading
                    .diagnostic(&ACCESS_TO_NOTHING, item.span, message)
                    .label("has no security group that could let the bastion in")
                    .help("add `security_group` to its `existing`, or remove it from `access`");
                reading.push(diagnostic);
            }
            continue;
        }
        for item in items.iter().filter(|item| !opens_something(context, id, item)) {
            let diagnostic = reading
                .diagnostic(&ACCESS_TO_NOTHING, item.span, format!("this gives a {} no rights", id.kind))
                .label(format!("opens nothing that a {} can have", id.kind))
                .help(format!("refer to what the {} may use: `bucket.assets`", id.kind));
            reading.push(diagnostic);
        }
    }
}

/// Whether an item opens something for this component, or is a reference that another rule reports.
fn opens_something(context: &Context<'_>, id: &Id, item: &Node) -> bool {
    let Value::Reference(words) = &item.value else { return false };
    let reference = Reference { span: item.span, words: words.clone() };
    let reported = if context.is_whole(&reference) {
        context.component(&reference).is_none()
    } else {
        context.resolve(&reference).map_or(true, |offer| matches!(offer.value, Offered::Secret(_)))
    };
    let fits = |grant: &Grant| id.kind != "user" || matches!(grant, Grant::Allow { .. });
    reported || context.access(&[Input::Reference(reference)]).iter().any(fits)
}

/// Whether a bastion gets to what an item names, or another rule reports the item.
fn is_reached(context: &Context<'_>, item: &Node) -> bool {
    let Value::Reference(words) = &item.value else { return true };
    let reference = Reference { span: item.span, words: words.clone() };
    let Some(id) = context.component(&reference) else { return true };
    let offer = context.find(&id).and_then(|component| component.offer(&id, "host"));
    offer.is_some_and(|offer| offer.grants.iter().any(|grant| matches!(grant, Grant::Connect { .. })))
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
    fn a_whole_component_gives_rights_where_it_has_some() {
        assert!(user("access = [bucket.assets]").is_empty());
        let text = "registry \"app\" {}\nuser \"ci\" { access = [registry.app] }";
        assert_eq!(codes(&stack(text, "")), ["access-to-nothing"]);
    }

    #[test]
    fn services_are_asked_too_and_may_connect() {
        let service = |access: &str| {
            let components = "secret \"api\" {}\ncache \"main\" {\nengine = \"redis\"\nversion = \"7.1\"\nnode = \"cache.t4g.micro\"\n}";
            let service = format!("service \"web\" {{\nimage = \"nginx:1\"\naccess = [{access}]\n}}");
            codes(&stack(&format!("bucket \"assets\" {{}}\n{components}\n{service}"), ""))
        };
        for access in ["", "cache.main.host", "secret.api, key.main", "service.web"] {
            assert!(service(access).is_empty(), "{access}");
        }
        for access in ["\"assets\"", "bucket.assets.url", "environment.domain"] {
            assert_eq!(service(access), ["access-to-nothing"], "{access}");
        }
        assert_eq!(service("task.web"), ["unknown-reference"]);
        assert_eq!(service("cache"), ["invalid-reference"]);
    }

    #[test]
    fn a_bastion_reaches_what_has_a_host_and_a_security_group() {
        let bastion = |cache: &str| {
            let rest = "secret \"redis\" {}\nbastion \"main\" { access = [cache.main] }";
            codes(&stack(&format!("cache \"main\" {{\n{cache}\n}}\n{rest}"), ""))
        };
        let existing = |group: &str| format!("existing {{\nhost = \"redis.example.com\"\n{group}\n}}");
        assert!(bastion(&existing("security_group = \"sg-1\"")).is_empty());
        assert_eq!(bastion(&existing("")), ["access-to-nothing"]);
        assert_eq!(bastion("outside = secret.redis"), ["access-to-nothing"]);
    }

    #[test]
    fn a_reference_to_nothing_is_reported_once() {
        assert_eq!(user("access = [bucket.asets.name]"), ["unknown-reference"]);
        assert_eq!(user("access = [bucket.asets]"), ["unknown-reference"]);
    }
}
