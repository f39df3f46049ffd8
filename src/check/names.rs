//! Names that AWS limits in length, in the environment with the longest name as well as in the others.

use crate::aws::limits::NameProblem;
use crate::components::Checker;
use crate::diagnostic::{Code, Severity};
use crate::settings::Reading;
use crate::stack::Context;

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

/// Compares the names of an environment with what AWS accepts.
pub fn check(context: &Context<'_>, reading: &mut Reading) {
    for (id, entry) in &context.environment.components {
        for physical in entry.component.names(id, context) {
            let Err(problem) = physical.limit.check(&physical.name) else { continue };
            let mut at = Checker { table: &entry.table, header: entry.header, reading };
            let route: &[&str] = if physical.setting.is_empty() { &[] } else { &[physical.setting] };
            let (resource, name) = (physical.limit.resource, &physical.name);
            if let NameProblem::Long { length, max } = problem {
                let message = format!("the {resource} of `{id}` has a name that is too long");
                at.error(&NAME_TOO_LONG, route, message, |found| {
                    let over = length - max;
                    found
                        .label(format!("becomes `{name}`, {length} characters"))
                        .help(format!("AWS accepts {max}: shorten a name by {over} or more"))
                });
            } else {
                let message = format!("AWS does not accept the name of the {resource} of `{id}`");
                at.error(&NAME_REFUSED, route, message, |found| {
                    found
                        .label(format!("`{name}` {problem}"))
                        .help("choose another: it may not be changeable later")
                });
            }
        }
    }
}
