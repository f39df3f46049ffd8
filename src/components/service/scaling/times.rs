//! Windows and schedules: bounds of scaling that change with the clock.

use super::{SCALING_RANGE, Scaling, check_label};
use crate::aws::schedule;
use crate::diagnostic::{Code, Severity};
use crate::model::Checker;
use crate::settings::codes::INVALID_VALUE;
use crate::settings::values::{Int, Labelled, choice};
use crate::settings::{Kind, Reading, Setting, settings};
use crate::syntax::{Node, Value};
use crate::terms::{Id, Term, View};

/// Minutes of a day.
const DAY: i64 = 24 * 60;

/// Minutes of a week.
const WEEK: i64 = 7 * DAY;

choice! {
    /// A day of the week.
    pub enum Weekday {
        /// Monday.
        Monday = "mon",
        /// Tuesday.
        Tuesday = "tue",
        /// Wednesday.
        Wednesday = "wed",
        /// Thursday.
        Thursday = "thu",
        /// Friday.
        Friday = "fri",
        /// Saturday.
        Saturday = "sat",
        /// Sunday.
        Sunday = "sun",
    }
}

settings! {
    /// A time of day during which the bounds are others. When it ends, the bounds of `scaling` come back. A change of
    /// those reaches the service when the next window ends, because Terraform leaves a bound alone that windows change.
    pub struct Window {
        /// When it begins, `01:45`.
        from: TimeOfDay,
        /// When it ends. At or before `from` it is on the next day.
        to: TimeOfDay,
        /// The days on which it begins; every day by default.
        days: Vec<Weekday>,
        /// The fewest tasks during the window; that of `scaling` by default.
        min: Option<Int<0, 5_000>>,
        /// The most tasks during the window; that of `scaling` by default.
        max: Option<Int<1, 5_000>>,
    }
}

impl Labelled for Window {
    const LABEL: &'static str = "a name";
}

settings! {
    /// New bounds at a time. They stay until another schedule changes them, and Terraform leaves them alone.
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

/// A time of day.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct TimeOfDay {
    hour: u8,
    minute: u8,
}

impl TimeOfDay {
    fn parse(text: &str) -> Option<Self> {
        let number = |text: &str, below: u8| {
            let digits = (1..=2).contains(&text.len()) && text.bytes().all(|byte| byte.is_ascii_digit());
            text.parse().ok().filter(|number| digits && *number < below)
        };
        let (hour, minute) = text.split_once(':').filter(|(_, minute)| minute.len() == 2)?;
        Some(Self { hour: number(hour, 24)?, minute: number(minute, 60)? })
    }

    /// Minutes since midnight.
    fn minutes(self) -> i64 {
        i64::from(self.hour) * 60 + i64::from(self.minute)
    }
}

impl Setting for TimeOfDay {
    fn read(node: &Node, reading: &mut Reading) -> Option<Self> {
        let Value::String(text) = &node.value else {
            reading.mistyped(node, &crate::settings::describe(&Self::kind()));
            return None;
        };
        let time = Self::parse(text);
        if time.is_none() {
            let help = "write hours and minutes, from `00:00` to `23:59`";
            reading.invalid(node.span, format!("`{text}` is no time of day"), help);
        }
        time
    }

    fn kind() -> Kind {
        Kind::String { format: "a time of day like `\"01:45\"`" }
    }
}

impl Weekday {
    /// Which day of the week it is, from Monday.
    fn number(self) -> i64 {
        Self::WORDS.iter().position(|word| *word == self.word()).map_or(0, |position| position as i64)
    }
}

/// The cron expression of a time of day, on some days of the week or on all.
fn cron(time: TimeOfDay, days: &[i64]) -> String {
    let TimeOfDay { hour, minute } = time;
    if days.is_empty() {
        return format!("cron({minute} {hour} * * ? *)");
    }
    let names = Weekday::WORDS.iter().enumerate();
    let names = names.filter(|(number, _)| days.contains(&(*number as i64)));
    let names: Vec<String> = names.map(|(_, word)| word.to_uppercase()).collect();
    format!("cron({minute} {hour} ? * {} *)", names.join(","))
}

impl Window {
    /// How many minutes it lasts.
    fn length(&self) -> i64 {
        match self.to.minutes() - self.from.minutes() {
            length @ 1.. => length,
            length => length + DAY,
        }
    }

    /// The days on which it begins, from Monday.
    fn begins(&self) -> Vec<i64> {
        self.days.iter().map(|day| day.number()).collect()
    }

    /// When it begins and when it ends, as cron expressions.
    fn schedules(&self) -> (String, String) {
        let days = self.begins();
        let later = i64::from(self.from.minutes() >= self.to.minutes());
        let ends: Vec<i64> = days.iter().map(|day| (day + later) % 7).collect();
        (cron(self.from, &days), cron(self.to, &ends))
    }

    /// Whether the other begins while this one lasts, or in the minute in which it ends.
    fn meets(&self, other: &Window) -> bool {
        let days = |window: &Window| match window.begins() {
            all if all.is_empty() => (0..7).collect(),
            some => some,
        };
        let starts = |window: &Window| {
            let from = window.from.minutes();
            days(window).into_iter().map(move |day| day * DAY + from).collect::<Vec<i64>>()
        };
        let others = starts(other);
        starts(self)
            .iter()
            .any(|start| others.iter().any(|other| (other - start).rem_euclid(WEEK) <= self.length()))
    }
}

impl Scaling {
    /// The bounds that windows and schedules set.
    fn timed(&self) -> impl Iterator<Item = (Option<i64>, Option<i64>)> {
        let windows = self.window.0.values().map(|(_, window)| (window.min, window.max));
        let schedules = self.schedule.0.values().map(|(_, schedule)| (schedule.min, schedule.max));
        windows.chain(schedules).map(|(min, max)| (min.map(|min| min.0), max.map(|max| max.0)))
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
        view.flag("timed", min || max);
        let owned = [("min_capacity", min), ("max_capacity", max)];
        let owned = owned.into_iter().filter(|(_, timed)| *timed).map(|(name, _)| Term::Module(name));
        view.set("timed_bounds", Term::List(owned.collect()));
    }

    /// What the template prints for windows and schedules.
    pub(super) fn view_times(&self, id: &Id, view: &mut View) {
        view.set("time_zone", Term::string(self.time_zone.clone()));
        let bounds = |view: &mut View, min: Option<Int<0, 5_000>>, max: Option<Int<1, 5_000>>| {
            view.set("min", Term::optional(min.map(|min| min.0)));
            view.set("max", Term::optional(max.map(|max| max.0)));
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
