//! Bounds of scaling that change with the clock, in windows and by schedules: their rules, and who owns the bounds.

use super::{SCALING_RANGE, Scaling, check_label};
use crate::aws::schedule;
use crate::diagnostic::{Code, Severity};
use crate::model::{Checker, Context};
use crate::settings::codes::INVALID_VALUE;
use crate::settings::settings;
use crate::settings::values::{Int, Labelled};
use crate::terms::{Id, Term, View};

settings! {
    /// New bounds at a time. They stay until another schedule changes them, and Terraform leaves them alone; when `min`
    /// or `max` of `scaling` change, or the environment is paused or no longer is, those of `scaling` count first.
    pub struct Schedule {
        /// When: `cron(0 18 ? * FRI *)`, `rate(1 day)` or `at(2030-01-31T03:00:00)`.
        at: std::sync::Arc<str>,
        /// The fewest tasks from then on; unchanged by default.
        min: Option<Int<0, 5_000>>,
        /// The most tasks from then on; unchanged by default.
        max: Option<Int<1, 5_000>>,
    }
}

impl Labelled for Schedule {
    const LABEL: &'static str = "a name";
}

/// Windows that would undo each other.
pub static WINDOW_OVERLAP: Code = Code {
    name: "window-overlap",
    severity: Severity::Error,
    title: "windows of one service that overlap",
    explanation: r#"
When a window ends, the bounds of `scaling` come back, whatever another window says. So the windows of a service must not
overlap, nor begin in the minute in which another ends: nothing says which of the two changes would come last.

```hcl
scaling {
  min = 1
  max = 20
  window "batch"   { from = "01:45"  to = "04:30"  min = 8 }
  window "morning" { from = "04:00"  to = "09:00"  min = 4 }     # begins while the batch runs
}
```

Move one, or write the changes as `schedule` blocks, each of which gives the bounds from its time on.
"#,
};

impl Scaling {
    /// The bounds that windows and schedules set.
    fn timed(&self) -> impl Iterator<Item = (Option<i64>, Option<i64>)> {
        let windows = self.window.0.values().map(|(_, window)| (window.min, window.max));
        let schedules = self.schedule.0.values().map(|(_, schedule)| (schedule.min, schedule.max));
        windows.chain(schedules).map(|(min, max)| (min.map(|min| min.0), max.map(|max| max.0)))
    }

    /// Whether windows or schedules change the bounds.
    pub(super) fn is_timed(&self) -> bool {
        self.timed().next().is_some()
    }

    /// Whether a window or a schedule asks for tasks.
    pub(super) fn starts_tasks_by_time(&self) -> bool {
        self.timed().any(|(min, _)| min.is_some_and(|min| min > 0))
    }

    pub(super) fn check_times(&self, at: &mut Checker<'_>) {
        for (label, (place, window)) in &self.window.0 {
            check_label(label, *place, "a window", at);
            if window.from == window.to {
                at.error(
                    &INVALID_VALUE,
                    &["scaling", "window", label, "to"],
                    "this window lasts all day",
                    |found| found.help("write its bounds as those of `scaling`, or give it an end"),
                );
            }
            self.check_bounds(["window", label], (window.min, window.max), at);
        }
        for (label, (place, schedule)) in &self.schedule.0 {
            check_label(label, *place, "a schedule", at);
            if let Some(problem) = schedule::expression_problem(&schedule.at) {
                let message = format!("`{}` is no schedule", schedule.at);
                at.error(&INVALID_VALUE, &["scaling", "schedule", label, "at"], message, |found| {
                    found.help(problem)
                });
            }
            self.check_bounds(["schedule", label], (schedule.min, schedule.max), at);
        }
        let windows: Vec<_> = self.window.0.iter().collect();
        for (index, (label, (place, window))) in windows.iter().enumerate() {
            let earlier = windows[..index].iter();
            let mut met = earlier.filter(|(_, (_, other))| other.meets(window) || window.meets(other));
            if let Some((name, (first, _))) = met.next() {
                let message = format!("the windows `{name}` and `{label}` overlap");
                let found = at.reading.diagnostic(&WINDOW_OVERLAP, *place, message);
                at.reading.push(
                    found
                        .related(
                            *first,
                            format!("`{name}` ends after this one begins, or in the same minute"),
                        )
                        .help("leave a minute between them, or write them as schedules"),
                );
            }
        }
    }

    /// The bounds of a window or a schedule, which has at least one of them.
    fn check_bounds(
        &self,
        [kind, label]: [&str; 2],
        (min, max): (Option<Int<0, 5_000>>, Option<Int<1, 5_000>>),
        at: &mut Checker<'_>,
    ) {
        let (least, most) = (min.map_or(self.min.0, |min| min.0), max.map_or(self.max.0, |max| max.0));
        if min.is_none() && max.is_none() {
            let message = format!("this {kind} changes nothing");
            at.error(&SCALING_RANGE, &["scaling", kind, label], message, |found| {
                found.help("give it a `min`, a `max`, or both")
            });
        } else if least > most {
            let message = format!("during this {kind} `min` {least} would be above `max` {most}");
            let wrong = if min.is_some() { "min" } else { "max" };
            at.error(&SCALING_RANGE, &["scaling", kind, label, wrong], message, |found| {
                found.help("give it both, or change the one")
            });
        }
    }

    /// Who owns the bounds of the scalable target: Terraform, unless a window or a schedule changes them.
    pub(super) fn view_ownership(&self, view: &mut View) {
        let min = self.timed().any(|(min, _)| min.is_some());
        let max = self.timed().any(|(_, max)| max.is_some());
        view.shape("min_timed", "whether a window or a schedule changes `min`", min);
        view.shape("max_timed", "whether a window or a schedule changes `max`", max);
        let owned = [("min_capacity", min), ("max_capacity", max)];
        let owned = owned.into_iter().filter(|(_, timed)| *timed).map(|(name, _)| Term::Module(name));
        view.set("timed_bounds", Term::List(owned.collect()));
    }

    /// What the template prints for windows and schedules.
    pub(super) fn view_times(&self, id: &Id, context: &Context<'_>, view: &mut View) {
        view.set("time_zone", Term::string(self.time_zone.clone()));
        let bounds = |view: &mut View, min: Option<Int<0, 5_000>>, max: Option<Int<1, 5_000>>| {
            view.set("min", Term::optional(min.map(|min| context.running(min.0))));
            view.set("max", Term::optional(max.map(|max| context.running(max.0))));
        };
        let windows = self.window.0.iter().map(|(label, (_, window))| {
            let mut item = View::default();
            let (start, end) = window.schedules();
            item.text("label", format!("{}_{label}", id.name));
            item.set("start", Term::string(start));
            item.set("end", Term::string(end));
            bounds(&mut item, window.min, window.max);
            item.shape("has_min", "whether a window has a `min`", window.min.is_some());
            item.shape("has_max", "whether a window has a `max`", window.max.is_some());
            (label.to_string(), item)
        });
        view.items("windows", windows.collect::<Vec<_>>());
        let schedules = self.schedule.0.iter().map(|(label, (_, schedule))| {
            let mut item = View::default();
            item.text("label", format!("{}_{label}", id.name));
            item.set("expression", Term::string(schedule.at.clone()));
            bounds(&mut item, schedule.min, schedule.max);
            (label.to_string(), item)
        });
        view.items("schedules", schedules.collect::<Vec<_>>());
    }
}

#[cfg(test)]
mod tests {
    use crate::testing::{codes, generated, has_line, stack};

    /// A stack whose service scales by these blocks.
    fn timed(blocks: &str) -> String {
        let service = format!(
            "service \"web\" {{\nimage = \"nginx:1\"\nscaling {{\nmin = 1\nmax = 9\n{blocks}\n}}\n}}"
        );
        stack(&service, "")
    }

    fn block(name: &str, settings: &str) -> String {
        format!("window \"{name}\" {{\n{}\n}}", settings.replace(", ", "\n"))
    }

    #[test]
    fn a_window_restores_what_it_changes_and_owns_no_more() {
        let night = block("night", "from = \"1:45\", to = \"4:30\", min = 8");
        let text = generated(
            &timed(&format!("time_zone = \"Asia/Tokyo\"\n{night}")),
            "modules/services/service_web.tf",
        );
        assert!(has_line(&text, "ignore_changes = [min_capacity]"), "{text}");
        let end = text.split("web_night_end").nth(1).unwrap();
        assert!(has_line(end, "min_capacity = var.service_web_scaling_min"), "{text}");
        assert!(!end.contains("max_capacity"), "{text}");
        assert_eq!(text.matches("\"Asia/Tokyo\"").count(), 2, "{text}");
        let aimed = generated(&timed("cpu = 60"), "modules/services/service_web.tf");
        assert!(!aimed.contains("min_capacity]"), "{aimed}");
    }

    #[test]
    fn a_pause_reaches_bounds_that_terraform_leaves_alone() {
        let blocks = block("night", "from = \"1:45\", to = \"4:30\", min = 8")
            + "\nschedule \"friday\" {\nat = \"cron(0 18 ? * FRI *)\"\nmin = 2\n}";
        let service = format!(
            "service \"web\" {{\nimage = \"nginx:1\"\nscaling {{\nmin = 1\nmax = 9\ncpu = 60\n{blocks}\n}}\n}}"
        );
        let text = stack(&service, "paused = true");
        let module = generated(&text, "modules/services/service_web.tf");
        let input = "input = [var.service_web_scaling_min, var.service_web_scaling_max]";
        assert!(has_line(&module, input), "{module}");
        let renewed = "replace_triggered_by = [terraform_data.web_scaling]";
        let lines = module.lines().filter(|line| line.split_whitespace().eq(renewed.split(' '))).count();
        assert_eq!(lines, 5, "target, policy, both ends of the window, schedule: {module}");
        let tables = generated(&text, "environments.tf");
        let (_, tables) = tables.split_once("production = {").unwrap();
        let (paused, _) = tables.split_once("staging = {").unwrap();
        let bounds: Vec<&str> = paused.lines().filter(|line| line.contains("service_web")).collect();
        assert!(bounds.len() >= 4 && bounds.iter().all(|line| line.ends_with("= 0")), "{paused}");
        let untimed = generated(&timed("cpu = 60"), "modules/services/service_web.tf");
        assert!(!untimed.contains("terraform_data"), "{untimed}");
    }

    #[test]
    fn bounds_of_windows_and_schedules_fit_each_other() {
        let hours = "from = \"1:45\", to = \"4:30\"";
        for (settings, expected) in [
            ("min = 8", None),
            ("min = 10", Some("scaling-range")),
            ("min = 10, max = 20", None),
            ("max = 20", None),
            ("", Some("scaling-range")),
        ] {
            let found = codes(&timed(&block("night", &format!("{hours}, {settings}"))));
            assert_eq!(found, expected.into_iter().collect::<Vec<_>>(), "{settings}");
        }
        assert_eq!(
            codes(&timed(&block("day", "from = \"1:45\", to = \"1:45\", min = 8"))),
            ["invalid-value"]
        );
    }

    #[test]
    fn expressions_and_time_zones_are_checked() {
        let schedule = |at| format!("schedule \"friday\" {{\nat = \"{at}\"\nmin = 2\n}}");
        assert!(codes(&timed(&schedule("cron(0 18 ? * FRI *)"))).is_empty());
        assert_eq!(codes(&timed(&schedule("cron(0 18 * * FRI *)"))), ["invalid-value"]);
        assert_eq!(codes(&timed("cpu = 60\ntime_zone = \"Asia/Tokio\"")), ["invalid-value"]);
    }
}
