//! Firewalls: a load balancer has at most one.

use indexmap::IndexMap;

use crate::diagnostic::{Code, Severity};
use crate::model::{Checker, Context};
use crate::settings::Reading;
use crate::settings::input::Reference;
use crate::syntax::Value;
use crate::terms::Id;

/// The codes of this rule.
pub const CODES: &[&Code] = &[&FIREWALL_TAKEN];

/// Two firewalls in front of one load balancer.
pub static FIREWALL_TAKEN: Code = Code {
    name: "firewall-taken",
    severity: Severity::Error,
    title: "two firewalls in front of one load balancer",
    explanation: r#"
A load balancer has one web ACL. A second one takes the place of the first without an error, and from then on every
apply puts the other one there.

```hcl
firewall "main"  { load_balancer = load_balancer.public }
firewall "admin" { load_balancer = load_balancer.public }     # takes the place of the first
```

Keep one of them, or give each a load balancer of its own.
"#,
};

/// Looks at the firewalls of an environment.
pub fn check(context: &Context<'_>, reading: &mut Reading) {
    let mut taken: IndexMap<Id, &Id> = IndexMap::new();
    for id in context.all("firewall") {
        let entry = &context.environment.components[id];
        let Some(setting) = entry.table.get("load_balancer") else { continue };
        let Value::Reference(words) = &setting.node.value else { continue };
        let reference = Reference { span: setting.node.span, words: words.clone() };
        let Some(load_balancer) = context.component(&reference) else { continue };
        let Some(first) = taken.get(&load_balancer) else {
            taken.insert(load_balancer, id);
            continue;
        };
        let mut at = Checker { table: &entry.table, header: entry.header, reading };
        let message = format!("`{first}` already stands in front of `{load_balancer}`");
        at.error(&FIREWALL_TAKEN, &["load_balancer"], message, |found| {
            found.help(format!("remove `{id}`, or give it a load balancer of its own"))
        });
    }
}
