//! Alarms: what they are on has metrics in their namespace.

use crate::diagnostic::{Code, Severity};
use crate::model::{Checker, Context};
use crate::settings::Reading;
use crate::settings::input::Reference;
use crate::syntax::Value;

/// The codes of this rule.
pub const CODES: &[&Code] = &[&NO_SUCH_METRICS];

/// An alarm on something that has no metrics in its namespace.
pub static NO_SUCH_METRICS: Code = Code {
    name: "no-such-metrics",
    severity: Severity::Error,
    title: "an alarm on something without metrics in its namespace",
    explanation: r#"
`of` gives an alarm the dimensions of a metric, which belong to a namespace: CloudWatch counts a service as a service in
`AWS/ECS`, and its target group in `AWS/ApplicationELB`, if a route leads to it. With other dimensions the alarm would
watch a metric that nobody writes, and never go off.

```hcl
alarm "slow" {
  of        = service.worker           # no route leads to it
  namespace = "AWS/ApplicationELB"
  metric    = "TargetResponseTime"
  above     = 2
}
```

Write one of the namespaces that the message lists. For metrics of your own leave `of` out and write `namespace` and
`dimensions`.
"#,
};

/// Looks at the namespace of every alarm that is on something.
pub fn check(context: &Context<'_>, reading: &mut Reading) {
    for id in context.all("alarm") {
        let entry = &context.environment.components[id];
        let (Some(of), Some(namespace)) = (entry.table.get("of"), entry.table.get("namespace")) else {
            continue;
        };
        let (Value::Reference(words), Value::String(namespace)) = (&of.node.value, &namespace.node.value)
        else {
            continue;
        };
        let of = Reference { span: of.node.span, words: words.clone() };
        let Some(watched) = context.component(&of) else { continue };
        let Some(component) = context.find(&watched) else { continue };
        let known = component.metrics(&watched, context).into_iter().map(|metrics| metrics.namespace);
        let known: Vec<&str> = known.collect();
        if !known.contains(&&**namespace) {
            let mut at = Checker { table: &entry.table, header: entry.header, reading };
            let message = format!("`{watched}` has no metrics in `{namespace}`");
            at.error(&NO_SUCH_METRICS, &["namespace"], message, |found| {
                found.suggest(namespace, known.iter().copied())
            });
        }
    }
}
