//! A window of time: when it begins and ends, and whether it meets another.

use crate::settings::values::{Int, Labelled, choice};
use crate::settings::{Kind, Reading, Setting, settings};
use crate::syntax::{Node, Value};

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
        /// When it ends; before `from`, on the next day.
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
    pub(super) fn schedules(&self) -> (String, String) {
        let days = self.begins();
        let later = i64::from(self.from.minutes() >= self.to.minutes());
        let ends: Vec<i64> = days.iter().map(|day| (day + later) % 7).collect();
        (cron(self.from, &days), cron(self.to, &ends))
    }

    /// Whether the other begins while this one lasts, or in the minute in which it ends.
    pub(super) fn meets(&self, other: &Window) -> bool {
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

#[cfg(test)]
mod tests {
    use super::*;

    fn window(from: &str, to: &str, days: &[Weekday]) -> Window {
        let time = |text| TimeOfDay::parse(text).unwrap();
        Window { from: time(from), to: time(to), days: days.to_vec(), min: None, max: None }
    }

    #[test]
    fn times_of_day_have_hours_and_two_digits_of_minutes() {
        assert_eq!(TimeOfDay::parse("1:45"), TimeOfDay::parse("01:45"));
        for wrong in ["", "1", "1:5", "24:00", "12:60", "+1:00", "001:00", "12:00:00"] {
            assert_eq!(TimeOfDay::parse(wrong), None, "{wrong}");
        }
    }

    #[test]
    fn a_window_over_midnight_ends_on_the_next_day() {
        let every_day = window("22:45", "4:30", &[]).schedules();
        assert_eq!(every_day, ("cron(45 22 * * ? *)".into(), "cron(30 4 * * ? *)".into()));
        let weekend = window("22:00", "1:30", &[Weekday::Saturday, Weekday::Sunday]).schedules();
        assert_eq!(weekend, ("cron(0 22 ? * SAT,SUN *)".into(), "cron(30 1 ? * MON,SUN *)".into()));
    }

    #[test]
    fn windows_meet_where_one_begins_before_the_other_is_over() {
        let meets = |a: &Window, b: &Window| a.meets(b) || b.meets(a);
        let night = window("22:00", "4:00", &[]);
        assert!(meets(&night, &window("3:59", "5:00", &[])));
        assert!(meets(&night, &window("4:00", "5:00", &[])), "the same minute");
        assert!(!meets(&night, &window("4:01", "21:59", &[])));
        let sunday = window("22:00", "4:00", &[Weekday::Sunday]);
        assert!(meets(&sunday, &window("1:00", "2:00", &[Weekday::Monday])), "over the end of the week");
        assert!(!meets(&sunday, &window("1:00", "2:00", &[Weekday::Tuesday])));
    }
}
