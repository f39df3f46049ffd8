//! When a job runs: cron of Unix, the words and rates of Copilot, and expressions of EventBridge.

use crate::aws::schedule::expression_problem;
use crate::import::units;

/// A schedule as EventBridge has it, `None` for a job that nothing starts.
///
/// # Errors
/// What the schedule is not, as a phrase.
pub(super) fn expression(text: &str) -> Result<Option<String>, String> {
    let text = text.trim();
    let found = match text {
        "none" => return Ok(None),
        "@yearly" | "@annually" => "cron(0 0 1 1 ? *)".to_owned(),
        "@monthly" => "cron(0 0 1 * ? *)".to_owned(),
        "@weekly" => "cron(0 0 ? * 1 *)".to_owned(),
        "@daily" | "@midnight" => "cron(0 0 * * ? *)".to_owned(),
        "@hourly" => "cron(0 * * * ? *)".to_owned(),
        _ => match text.strip_prefix("@every ") {
            Some(duration) => every(duration).ok_or("no duration of whole minutes")?,
            None if text.contains('(') => text.to_owned(),
            None => unix(text)?,
        },
    };
    match expression_problem(&found) {
        None => Ok(Some(found)),
        Some(problem) => Err(problem),
    }
}

/// A duration as a rate of whole minutes, hours or days.
fn every(duration: &str) -> Option<String> {
    let minutes = units::seconds(duration).filter(|seconds| *seconds >= 60 && seconds % 60 == 0)? / 60;
    let (number, unit) = match minutes {
        days if days % 1440 == 0 => (days / 1440, "day"),
        hours if hours % 60 == 0 => (hours / 60, "hour"),
        minutes => (minutes, "minute"),
    };
    Some(format!("rate({number} {unit}{})", if number == 1 { "" } else { "s" }))
}

/// A line of crontab with five fields. Of its two days EventBridge wants one to be `?`, and counts weekdays from 1.
fn unix(text: &str) -> Result<String, String> {
    let fields: Vec<&str> = text.split_whitespace().collect();
    let [minute, hour, day, month, weekday] = fields[..] else {
        return Err("neither a crontab line of five fields nor an expression of EventBridge".to_owned());
    };
    let (day, weekday) = match (day, weekday) {
        (day, "*" | "?") => (day, "?".to_owned()),
        ("*" | "?", weekday) => ("?", weekdays(weekday).ok_or("no day of the week")?),
        _ => {
            return Err(
                "a day of the month and one of the week, which EventBridge cannot have at once".to_owned()
            );
        }
    };
    let day = if day == "?" && weekday == "?" { "*" } else { day };
    Ok(format!("cron({minute} {hour} {day} {month} {weekday} *)"))
}

/// Days of the week with one more each, because EventBridge begins a week with Sunday as 1; 7 is Sunday, too.
fn weekdays(text: &str) -> Option<String> {
    let day = |text: &str| match text.parse::<u32>() {
        Ok(number) => (number <= 7).then(|| (number % 7 + 1).to_string()),
        Err(_) => Some(text.to_ascii_uppercase()),
    };
    let item = |item: &str| {
        let (range, step) = item.split_once('/').map_or((item, None), |(range, step)| (range, Some(step)));
        let days = match range.split_once('-') {
            // A range that ends with Sunday as 7 would turn around.
            Some((first, "7")) => format!("{}-7,1", day(first)?),
            Some((first, last)) => format!("{}-{}", day(first)?, day(last)?),
            None if range == "*" => "*".to_owned(),
            None => day(range)?,
        };
        Some(step.map_or(days.clone(), |step| format!("{days}/{step}")))
    };
    Some(text.split(',').map(item).collect::<Option<Vec<_>>>()?.join(","))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn schedules_become_those_of_eventbridge() {
        for (text, expected) in [
            ("@weekly", "cron(0 0 ? * 1 *)"),
            ("@every 1h30m", "rate(90 minutes)"),
            ("@every 24h", "rate(1 day)"),
            ("0 */2 * * *", "cron(0 */2 * * ? *)"),
            ("30 4 1,15 * *", "cron(30 4 1,15 * ? *)"),
            ("0 9 * * 1-5", "cron(0 9 ? * 2-6 *)"),
            ("0 9 * * 0,6", "cron(0 9 ? * 1,7 *)"),
            ("0 9 * * 5-7", "cron(0 9 ? * 6-7,1 *)"),
            ("0 9 * * mon", "cron(0 9 ? * MON *)"),
            ("cron(0 9 ? * MON *)", "cron(0 9 ? * MON *)"),
            ("rate(5 minutes)", "rate(5 minutes)"),
        ] {
            assert_eq!(expression(text), Ok(Some(expected.to_owned())), "{text}");
        }
        assert_eq!(expression("none"), Ok(None));
    }

    #[test]
    fn what_eventbridge_cannot_do_is_said() {
        for text in ["@every 90s", "0 9 1 * 1", "0 9 * * 9", "later", "cron(x)", "rate(5 parsecs)"] {
            assert!(expression(text).is_err(), "{text}");
        }
    }
}
