//! Names that AWS limits in length, in the environment with the longest name as well as in the others.

use crate::diagnostic::{Code, Severity};
use crate::settings::Reading;
use crate::stack::Context;

/// The codes of this rule.
pub const CODES: &[&Code] = &[&NAME_TOO_LONG];

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

/// Compares the names of an environment with their limits.
pub fn check(context: &Context<'_>, reading: &mut Reading) {
    for (id, entry) in &context.environment.components {
        for physical in entry.component.names(id, context) {
            let length = physical.name.chars().count();
            if length > physical.limit.max {
                let message = format!("the {} of {id} has a name that is too long", physical.limit.resource);
                let over = length - physical.limit.max;
                let diagnostic = reading
                    .diagnostic(&NAME_TOO_LONG, entry.header, message)
                    .label(format!("becomes `{}`, {length} characters", physical.name))
                    .help(format!("AWS accepts {}: shorten a name by {over} or more", physical.limit.max));
                reading.push(diagnostic);
            }
        }
    }
}
