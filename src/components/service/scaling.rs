//! Scaling of a service: the bounds of its number of tasks, and everything that moves the number between them.
//!
//! Application Auto Scaling owns the number. It aims at a load here; `steps` follow alarms, and `times` move the bounds
//! themselves.

mod steps;
mod times;
mod window;

use super::Service;
use crate::aws::schedule;
use crate::diagnostic::{Code, Severity};
use crate::model::{Checker, Context};
use crate::settings::codes::INVALID_VALUE;
use crate::settings::values::{Blocks, Int, check_name};
use crate::settings::{Kind, Reading, Setting, settings};
use crate::syntax::{Node, Value};
use crate::terms::{Id, Literal, Term, View};
use steps::Step;
use times::Schedule;
pub use times::WINDOW_OVERLAP;
use window::Window;

settings! {
    /// The bounds of the number of tasks, and what moves the number between them: an average to aim at (`cpu`, `memory`,
    /// `requests`), steps that follow alarms, windows and schedules that move the bounds. With several of them the
    /// service gets the largest number that one of them asks for.
    pub struct Scaling {
        /// The fewest tasks. At 0 there is no load to measure any more, so something else must start the first task: a
        /// window, a schedule, or a step on an alarm that does not watch the service itself.
        min: Int<0, 5_000>,
        /// The most tasks.
        max: Maximum,
        /// Average CPU use to aim at, in percent.
        cpu: Option<Int<1, 100>>,
        /// Average memory use to aim at, in percent.
        memory: Option<Int<1, 100>>,
        /// Requests per minute and task to aim at. Needs a route.
        requests: Option<Int<1, 1_000_000_000>>,
        /// Seconds after a change of the number during which what caused it makes no further one; only a step that
        /// adds more may. Adding tasks never waits for a cooldown after tasks were taken away.
        cooldown: Int<0, 2_147_483_647> = Int(300),
        /// Time zone of windows and schedules, as the IANA database names it: `Asia/Tokyo`.
        time_zone: std::sync::Arc<str> = "UTC".into(),
        /// Adds or takes away tasks when an alarm changes its state.
        step: Blocks<Step>,
        /// A time of day with bounds of its own.
        window: Blocks<Window>,
        /// New bounds at a time, which stay until something else changes them.
        schedule: Blocks<Schedule>,
    }
}

/// The most tasks: one number. Some autoscalers of applications take a list.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Maximum(i64);

/// The number a [`Maximum`] may be.
type MaximumNumber = Int<1, 5_000>;

impl Setting for Maximum {
    fn read(node: &Node, reading: &mut Reading) -> Option<Self> {
        if matches!(node.value, Value::List(_)) {
            let message = "Application Auto Scaling has one maximum, not several in stages";
            let found = reading.diagnostic(&STAGED_MAXIMUM, node.span, message).help(
                "write the largest as `max`; or the first, and an alarm on it that tells people to raise it",
            );
            reading.push(found);
            return None;
        }
        MaximumNumber::read(node, reading).map(|number| Self(number.0))
    }

    fn kind() -> Kind {
        MaximumNumber::kind()
    }
}

/// Scaling bounds that make no range, or nothing to scale by.
pub static SCALING_RANGE: Code = Code {
    name: "scaling-range",
    severity: Severity::Error,
    title: "scaling that cannot work",
    explanation: r#"
`scaling` needs a `min` that is not above `max`, in every window and schedule too, and something that moves the number of
tasks: `cpu`, `memory` or `requests` to aim at, a `step`, a `window` or a `schedule`. A step must change something, and
requests can only be counted where a `route` leads to the service.

```hcl
scaling {
  min = 2
  max = 8
  cpu = 60
}
```
"#,
};

/// A list as the maximum.
pub static STAGED_MAXIMUM: Code = Code {
    name: "staged-maximum",
    severity: Severity::Error,
    title: "a maximum in stages, which Application Auto Scaling does not have",
    explanation: r#"
Some autoscalers take several maximums: the service stays at the first for a while before it may go on to the next.
Application Auto Scaling has one maximum, and nothing that raises it after a time at the top.

```hcl
scaling {
  min = 1
  max = [10, 25]        # write one number
  cpu = 60
}
```

Two things come near. Either `max = 25` with a longer `cooldown` or smaller steps, so that the service is slow to get
there: from 10 to 25 tasks by steps of one takes fifteen cooldowns. Or `max = 10` and an alarm that tells people, who then
decide:

```hcl
alarm "full" {
  of        = service.api
  namespace = "ECS/ContainerInsights"
  metric    = "RunningTaskCount"
  at_least  = 10
  periods   = 10
  notify    = [topic.ops]
}
```
"#,
};

/// Nothing brings a service back from no tasks at all.
pub static SCALING_FROM_ZERO: Code = Code {
    name: "scaling-from-zero",
    severity: Severity::Warning,
    title: "a service that does not come back from zero tasks",
    explanation: r#"
With `min = 0` the last task may go. A service without tasks uses no CPU or memory and answers no requests, so there is
no load left to aim at, and the number of tasks stays 0.

```hcl
scaling {
  min = 0
  max = 8
  cpu = 60
}
```

Keep one task with `min = 1`, or say what starts the first one: a `window` or a `schedule` with a `min` of its own, or a
`step` on an alarm that watches something else, such as the length of a queue.
"#,
};

/// Steps that take away what target tracking adds.
pub static SCALING_CONFLICT: Code = Code {
    name: "scaling-conflict",
    severity: Severity::Warning,
    title: "steps that work against the load that scaling aims at",
    explanation: r#"
Aiming at a load takes tasks away by itself, carefully: only when every load it aims at would stay below its aim. A step
that takes tasks away does not ask, so the two can take turns in removing and adding the same tasks. AWS advises against
it (Application Auto Scaling User Guide, "Target tracking scaling policies").

```hcl
scaling {
  min = 2
  max = 8
  cpu = 60
  step "quiet" {
    alarm  = alarm.quiet
    change = -1           # aiming at the CPU does this already
  }
}
```

Remove the step, or what scaling aims at. Steps that only add tasks go well with both.
"#,
};

impl Scaling {
    /// The loads to aim at that are set: the setting, the metric of Application Auto Scaling, the aim.
    fn aims(&self) -> impl Iterator<Item = (&'static str, &'static str, i64)> {
        let aims = [
            ("cpu", "ECSServiceAverageCPUUtilization", self.cpu.map(|aim| aim.0)),
            ("memory", "ECSServiceAverageMemoryUtilization", self.memory.map(|aim| aim.0)),
            ("requests", "ALBRequestCountPerTarget", self.requests.map(|aim| aim.0)),
        ];
        aims.into_iter().filter_map(|(name, metric, aim)| Some((name, metric, aim?)))
    }

    fn check(&self, routed: bool, at: &mut Checker<'_>) {
        let mut wrong = |route: &[&str], message: &str, help: &str| {
            at.error(&SCALING_RANGE, &[&["scaling"], route].concat(), message, |found| found.help(help));
        };
        if self.min.0 > self.max.0 {
            let message = format!("`min` {} is above `max` {}", self.min.0, self.max.0);
            wrong(&["min"], &message, "swap them");
        }
        let timed = !self.window.0.is_empty() || !self.schedule.0.is_empty();
        if self.aims().next().is_none() && self.step.0.is_empty() && !timed {
            let help = "add `cpu = 60`, the average use to aim at in percent";
            wrong(&[], "`scaling` has nothing to aim at", help);
        }
        if self.requests.is_some() && !routed {
            let help = "add a `route`, or aim at `cpu`";
            wrong(&["requests"], "no requests reach a service without a route", help);
        }
        if let Some((label, _)) = self.step.0.iter().find(|(_, (_, step))| step.change.0 == 0) {
            wrong(&["step", label, "change"], "this step changes nothing", "write how many tasks it adds");
        }
        if !schedule::is_time_zone(&self.time_zone) {
            let message = format!("there is no time zone `{}`", self.time_zone);
            at.error(&INVALID_VALUE, &["scaling", "time_zone"], message, |found| {
                found.suggest(&self.time_zone, schedule::time_zones())
            });
        }
        self.check_steps(at);
        self.check_times(at);
        self.warn(at);
    }

    /// Scaling that AWS accepts and that does not do what it seems to.
    fn warn(&self, at: &mut Checker<'_>) {
        let adds = self.step.0.values().any(|(_, step)| step.change.0 > 0);
        if self.min.0 == 0 && !adds && !self.starts_tasks_by_time() {
            let message = "nothing starts a task again once there is none";
            at.error(&SCALING_FROM_ZERO, &["scaling", "min"], message, |found| {
                found.help("write `min = 1`, or a window, schedule or step that brings tasks back")
            });
        }
        let takes = self.step.0.iter().find(|(_, (_, step))| step.change.0 < 0);
        if let Some((label, _)) = takes
            && let Some((aim, ..)) = self.aims().next()
        {
            let message = format!("this step may take away tasks that `{aim}` adds");
            at.error(&SCALING_CONFLICT, &["scaling", "step", label, "change"], message, |found| {
                found.help(format!("remove the step, or `{aim}`, which takes tasks away by itself"))
            });
        }
    }
}

/// Checks the label of a block of scaling, of which a Terraform label is made.
fn check_label(label: &str, place: crate::source::Span, what: &str, at: &mut Checker<'_>) {
    check_name(label, place, what, at.reading);
}

impl Scaling {
    /// The bounds in words: `2–6`.
    pub(super) fn bounds(&self, context: &Context<'_>) -> String {
        let (least, most) = (context.running(self.min.0), context.running(self.max.0));
        if least == most { least.to_string() } else { format!("{least}–{most}") }
    }
}

impl Service {
    /// The rules of scaling.
    pub(super) fn check_scaling(&self, at: &mut Checker<'_>) {
        if let Some(scaling) = &self.scaling {
            scaling.check(!self.route.0.is_empty(), at);
        }
    }

    /// What the template prints for the scalable target, and for what moves it and its bounds.
    pub(super) fn view_scaling(&self, id: &Id, context: &Context<'_>, view: &mut View) {
        let scaling = self.scaling.as_ref();
        view.shape("scaled", "whether a service has `scaling`", scaling.is_some());
        view.flag("timed", scaling.is_some_and(Scaling::is_timed));
        view.group("scaling", scaling.map(|scaling| self.target_view(scaling, id, context)));
        match scaling {
            Some(scaling) => {
                scaling.view_steps(id, context, view);
                scaling.view_times(id, context, view);
            }
            None => ["steps", "windows", "schedules"].into_iter().for_each(|name| view.items(name, [])),
        }
    }

    fn target_view(&self, scaling: &Scaling, id: &Id, context: &Context<'_>) -> View {
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
        view.set("min", Term::Setting(Literal::Integer(context.running(scaling.min.0))));
        view.set("max", Term::Setting(Literal::Integer(context.running(scaling.max.0))));
        scaling.view_ownership(&mut view);
        view.items(
            "policies",
            scaling.aims().map(|(name, metric, aim)| {
                let mut policy = View::default();
                policy.text("label", format!("{}_{name}", id.name));
                policy.set("metric", Term::string(metric));
                policy.set("target", aim);
                policy.set("cooldown", scaling.cooldown.0);
                let counted = if name == "requests" { self.counted(id, context) } else { Term::NULL };
                policy.set("counted", counted);
                (name.to_owned(), policy)
            }),
        );
        view
    }

    /// The target group whose requests count, as Application Auto Scaling names it.
    fn counted(&self, id: &Id, context: &Context<'_>) -> Term {
        let Some((load_balancer, target)) = self.counted_target(id, context) else { return Term::NULL };
        Term::Template(vec![
            Term::Export(load_balancer, "arn_suffix"),
            Term::string("/"),
            Term::own("aws_lb_target_group", &target, "arn_suffix"),
        ])
    }
}

#[cfg(test)]
mod tests {
    use crate::testing::{codes, generated, has_line, stack};

    fn scaled(scaling: &str, rest: &str) -> String {
        let scaling = scaling.replace(", ", "\n");
        let balancer = if rest.contains("route") { "load_balancer \"main\" { https = false }" } else { "" };
        let service = format!(
            "service \"web\" {{\nimage = \"nginx:1\"\n{rest}\nscaling {{\n{scaling}\n}}\n}}\n{balancer}"
        );
        stack(&service, "")
    }

    #[test]
    fn requests_are_counted_by_the_target_group() {
        let text = scaled("min = 1, max = 9, requests = 1000", "port = 80\nroute \"/\" {}");
        let service = generated(&text, "modules/services/service_web.tf");
        let label = "\"${var.load_balancer_main_arn_suffix}/${aws_lb_target_group.web.arn_suffix}\"";
        assert!(has_line(&service, &format!("resource_label = {label}")), "{service}");
        assert_eq!(codes(&scaled("min = 1, max = 9, requests = 1000", "")), ["scaling-range"]);
    }

    #[test]
    fn the_maximum_is_one_number() {
        assert_eq!(codes(&scaled("min = 1, max = [10], cpu = 60", "")), ["staged-maximum"]);
        assert_eq!(codes(&scaled("min = 1, max = \"9\", cpu = 60", "")), ["wrong-type"]);
        assert_eq!(codes(&scaled("min = 1, max = 0, cpu = 60", "")), ["invalid-value"]);
    }

    #[test]
    fn zero_tasks_need_something_that_starts_one() {
        assert_eq!(codes(&scaled("min = 0, max = 9, cpu = 60", "")), ["scaling-from-zero"]);
        let schedule = "min = 0, max = 9, cpu = 60, schedule \"day\" {, at = \"rate(1 day)\", min = 1, }";
        assert!(codes(&scaled(schedule, "")).is_empty());
    }

    #[test]
    fn the_cooldown_is_that_of_both_directions() {
        let text = generated(
            &scaled("min = 1, max = 9, cpu = 60, cooldown = 240", ""),
            "modules/services/service_web.tf",
        );
        assert!(has_line(&text, "scale_in_cooldown = 240") && has_line(&text, "scale_out_cooldown = 240"));
    }
}
