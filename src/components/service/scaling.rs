//! Scaling of a service: the bounds of its number of tasks, and what Application Auto Scaling aims at.

use super::Service;
use crate::diagnostic::{Code, Severity};
use crate::model::{Checker, Context};
use crate::settings::settings;
use crate::settings::values::Int;
use crate::terms::{Id, Literal, Term, View};

settings! {
    /// Target tracking by Application Auto Scaling.
    pub struct Scaling {
        /// The fewest tasks.
        min: Int<0, 5_000>,
        /// The most tasks.
        max: Int<1, 5_000>,
        /// Average CPU use to aim at, in percent.
        cpu: Option<Int<1, 100>>,
        /// Average memory use to aim at, in percent.
        memory: Option<Int<1, 100>>,
    }
}

/// Scaling bounds that make no range, or nothing to scale by.
pub static SCALING_RANGE: Code = Code {
    name: "scaling-range",
    severity: Severity::Error,
    title: "scaling that cannot work",
    explanation: r#"
`scaling` needs a `min` that is not above `max`, and at least one of `cpu` and `memory` to aim at.

```hcl
scaling {
  min = 2
  max = 8
  cpu = 60
}
```
"#,
};

impl Service {
    /// The rules of scaling.
    pub(super) fn check_scaling(&self, at: &mut Checker<'_>) {
        if let Some(scaling) = &self.scaling {
            if scaling.min > Int(scaling.max.0) {
                let message = format!("`min` {} is above `max` {}", scaling.min.0, scaling.max.0);
                at.error(&SCALING_RANGE, &["scaling", "min"], message, |found| found.help("swap them"));
            }
            if scaling.cpu.is_none() && scaling.memory.is_none() {
                at.error(&SCALING_RANGE, &["scaling"], "`scaling` has nothing to aim at", |found| {
                    found.help("add `cpu = 60`, the average use to aim at in percent")
                });
            }
        }
    }

    /// What the template prints for the scalable target and its policies.
    pub(super) fn scaling_view(&self, id: &Id, context: &Context<'_>) -> Option<View> {
        let scaling = self.scaling.as_ref()?;
        let mut view = View::default();
        view.set(
            "resource_id",
            Term::Template(vec![
                Term::string("service/"),
                context.export("cluster", "name"),
                Term::string("/"),
                Term::own("aws_ecs_service", &id.name, "name"),
            ]),
        );
        view.set("min", Term::Setting(Literal::Integer(scaling.min.0)));
        view.set("max", Term::Setting(Literal::Integer(scaling.max.0)));
        let targets = [
            ("cpu", "ECSServiceAverageCPUUtilization", scaling.cpu),
            ("memory", "ECSServiceAverageMemoryUtilization", scaling.memory),
        ];
        view.items(
            "policies",
            targets.into_iter().filter_map(|(name, metric, target)| {
                let mut policy = View::default();
                policy.set("metric", Term::string(metric));
                policy.set("target", target?.0);
                policy.text("label", format!("{}_{name}", id.name));
                Some((name.to_owned(), policy))
            }),
        );
        Some(view)
    }
}
