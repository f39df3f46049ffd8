//! Names that AWS limits in length, in the environment with the longest name as well as in the others.

use indexmap::IndexMap;

use crate::aws::limits::NameProblem;
use crate::aws::limits::names::{ALARM, BUCKET, LOG_GROUP};
use crate::diagnostic::{Code, Diagnostic, Severity};
use crate::model::codes::DUPLICATE_NAME;
use crate::model::{Checker, Context, Model, PhysicalName};
use crate::settings::Reading;
use crate::source::Span;

/// The codes of this rule.
pub const CODES: &[&Code] = &[&NAME_TOO_LONG, &NAME_REFUSED];

/// A physical name that is longer than AWS accepts.
pub static NAME_TOO_LONG: Code = Code {
    name: "name-too-long",
    severity: Severity::Error,
    title: "a name that is too long for AWS",
    explanation: r#"
Every physical name is `<stack>-<environment>-<name>`, so that two environments never meet, even in one account. AWS
limits names: a load balancer has 32 characters, an RDS instance 63, a cache 40. A name that fits `dev` may be too long
for `production`; Terraform would find out when production is applied.

```hcl
stack "community_platform" { region = "us-east-1" }
load_balancer "public_entrance" {}
# community-platform-production-public-entrance: 45 characters
```

Shorten the name of the component, the stack or the environment. The message shows the name it becomes.
"#,
};

/// A physical name that AWS does not accept for another reason.
pub static NAME_REFUSED: Code = Code {
    name: "name-refused",
    severity: Severity::Error,
    title: "a name that AWS does not accept",
    explanation: r#"
AWS has rules for the names of its resources: the name of a first database begins with a letter, a master user must
not be a word that the engine reserves. Many of these names cannot be changed later without replacing the resource, so
they are checked now.

```hcl
database "main" {
  engine = "postgres"
  user   = "admin"          # reserved by PostgreSQL on RDS
}
```
"#,
};

/// Compares the names of all environments with what AWS accepts, and the names that people chose with each other.
pub fn check(model: &Model) -> Vec<Diagnostic> {
    let mut reading = Reading::default();
    // Of one name in several environments, the longest decides.
    let mut longest: IndexMap<(Span, &str), (usize, Diagnostic)> = IndexMap::new();
    let mut chosen: IndexMap<(String, String), Span> = IndexMap::new();
    for environment in &model.environments {
        let context = Context { stack: &model.stack, environment };
        for (id, entry) in &environment.components {
            for physical in entry.component.names(id, &context) {
                reading.environment = Some(environment.name.clone());
                let at = Checker { table: &entry.table, header: entry.header, reading: &mut reading };
                let place =
                    if physical.setting.is_empty() { at.place(&[]) } else { at.place(&[physical.setting]) };
                let (resource, name) = (physical.limit.resource, &physical.name);
                match physical.limit.check(name) {
                    Ok(()) => {
                        let scope = scope(&context, resource).filter(|_| physical.setting == "name");
                        if let Some(scope) = scope
                            && let Some(first) = chosen.insert((scope, name.clone()), place)
                        {
                            reading.environment = None;
                            let found = taken(&physical, place, first, &reading);
                            reading.push(found);
                        }
                    }
                    Err(NameProblem::Long { length, max }) => {
                        let message = format!("the {resource} of `{id}` has a name that is too long");
                        let found = reading
                            .diagnostic(&NAME_TOO_LONG, place, message)
                            .label(format!("becomes `{name}`, {length} characters"))
                            .help(format!("AWS accepts {max}: shorten a name by {} or more", length - max));
                        let worst = longest.entry((place, resource)).or_insert((length, found.clone()));
                        if worst.0 < length {
                            *worst = (length, found);
                        }
                    }
                    Err(problem) => {
                        let message = format!("AWS does not accept the name of the {resource} of `{id}`");
                        let found = reading.diagnostic(&NAME_REFUSED, place, message);
                        let found = found.label(format!("`{name}` {problem}"));
                        reading.push(found.help("choose another: it may not be changeable later"));
                    }
                }
            }
        }
    }
    reading.diagnostics.extend(longest.into_values().map(|(_, found)| found));
    reading.diagnostics
}

/// Within what a chosen name is unique, for resources that are called as their owner likes: a bucket in all of S3, where
/// the second environment that creates it would fail at apply; a log group or an alarm in its account and region, where
/// the second would fail, or overwrite the first in silence.
fn scope(context: &Context<'_>, resource: &str) -> Option<String> {
    let environment = context.environment;
    if resource == BUCKET.resource {
        Some(BUCKET.resource.to_owned())
    } else if [ALARM.resource, LOG_GROUP.resource].contains(&resource) {
        Some(format!("{resource} {} {}", environment.settings.account, environment.region))
    } else {
        None
    }
}

/// Reports the second of two resources of one kind that would have the same name.
fn taken(physical: &PhysicalName, place: Span, first: Span, reading: &Reading) -> Diagnostic {
    let (resource, name) = (physical.limit.resource, &physical.name);
    let message = format!("two {resource}s would be called `{name}`");
    let found = reading.diagnostic(&DUPLICATE_NAME, place, message);
    let found = found.help(
        "give each environment a name of its own in an overlay, or leave `name` out: the name it becomes then is unique",
    );
    if first == place {
        found.label(format!("every environment creates its own {resource}"))
    } else {
        found.related(first, "the first")
    }
}
