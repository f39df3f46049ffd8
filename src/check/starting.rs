//! What a service does when it starts: work that is needed once for a release is not done by every task.

use crate::diagnostic::{Code, Severity};
use crate::model::Context;
use crate::settings::Reading;
use crate::syntax::{Node, Table, Value};

/// The codes of this rule.
pub const CODES: &[&Code] = &[&WORK_AT_EVERY_START];

/// A service whose tasks each do the work of a release.
pub static WORK_AT_EVERY_START: Code = Code {
    name: "work-at-every-start",
    severity: Severity::Warning,
    title: "work of a release in what every task of a service starts with",
    explanation: r#"
The command of a service runs in each of its tasks: with four tasks it runs four times at once, again whenever ECS
replaces a task, and a task answers only after it. A migration then races with itself, and compiling assets makes every
start slow: with less than 1024 CPU units it takes minutes.

```hcl
service "web" {
  command = ["sh", "-c", "rails db:migrate && rails server"]
}
```

Migrate in a task of its own, which runs once before a deployment, and compile and upload assets when the image is
built:

```hcl
task "migrate" {
  command = ["rails", "db:migrate"]
  before  = "deploy"
}
service "web" {
  command = ["rails", "server"]
}
```
"#,
};

/// The work of a release, as the tools of Rails, Phoenix and ridgepole call it, and what to do instead.
const WORK: [(&str, &str); 10] = [
    ("db:migrate", MIGRATE),
    ("db:prepare", MIGRATE),
    ("db:setup", MIGRATE),
    ("db:schema:load", MIGRATE),
    ("db:ridgepole:apply", MIGRATE),
    ("ecto.migrate", MIGRATE),
    ("ecto.setup", MIGRATE),
    ("assets:precompile", ASSETS),
    ("assets:sync", ASSETS),
    ("sitemap:refresh", SITEMAP),
];

const MIGRATE: &str = "move it to `task \"migrate\" { .. }` with `before = \"deploy\"`";
const SITEMAP: &str = "move it to a `task` of its own";
const ASSETS: &str = "do it when the image is built: it is the same for every task";

/// Looks at the command and the entry point of every container of a service.
pub fn check(context: &Context<'_>, reading: &mut Reading) {
    for id in context.all("service") {
        let table = &context.environment.components[id].table;
        container(table, reading);
        let Some(Value::Table(containers)) = table.get("container").map(|entry| &entry.node.value) else {
            continue;
        };
        for entry in containers.entries.values() {
            entry.node.value.as_table().into_iter().for_each(|table| container(table, reading));
        }
    }
}

fn container(table: &Table, reading: &mut Reading) {
    for key in ["command", "entry_point"] {
        let Some(Value::List(items)) = table.get(key).map(|entry| &entry.node.value) else { continue };
        items.iter().for_each(|item| word(item, reading));
    }
}

/// Looks at one word of a command, which may be a whole line for a shell.
fn word(item: &Node, reading: &mut Reading) {
    let Value::String(text) = &item.value else { return };
    let mut words = text.split(|c: char| c.is_whitespace() || ";&|()".contains(c));
    let Some((work, help)) = words.find_map(|word| WORK.into_iter().find(|(work, _)| *work == word)) else {
        return;
    };
    let message = format!("every task of this service runs `{work}` when it starts");
    let found = reading.diagnostic(&WORK_AT_EVERY_START, item.span, message);
    reading.push(found.label("runs as often as there are tasks").help(help));
}

#[cfg(test)]
mod tests {
    use crate::testing::{codes, stack};

    fn service(settings: &str) -> Vec<&'static str> {
        codes(&stack(&format!("service \"web\" {{\nimage = \"shop:1\"\n{settings}\n}}"), ""))
    }

    #[test]
    fn work_is_found_in_shell_lines_and_as_a_word() {
        for command in [
            r#"["/bin/ash", "-c", "rails db:migrate && rails s"]"#,
            r#"["bundle", "exec", "rails", "db:migrate"]"#,
            r#"["sh", "-c", "(mix ecto.migrate);mix phx.server"]"#,
            r#"["sh", "-c", "rake sitemap:refresh && puma"]"#,
        ] {
            let found = service(&format!("command = {command}"));
            assert!(
                found.iter().all(|code| *code == "work-at-every-start") && !found.is_empty(),
                "{command}"
            );
            assert_eq!(service(&format!("entry_point = {command}")), found);
        }
    }

    #[test]
    fn other_words_are_no_work() {
        assert!(service(r#"command = ["rails", "db:migrate:status_page", "log-db:migrate"]"#).is_empty());
    }

    #[test]
    fn a_task_is_the_place_for_it() {
        let text = "task \"migrate\" {\nimage = \"shop:1\"\ncommand = [\"rails\", \"db:migrate\"]\n}";
        assert!(codes(&stack(text, "")).is_empty());
    }
}
