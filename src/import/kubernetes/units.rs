//! Quantities and schedules as Kubernetes writes them, in the units of ECS and EventBridge.

/// CPU units of a quantity: `100m` is a tenth of a CPU, which has 1024 units. Rounded up.
pub(super) fn cpu(text: &str) -> Option<u32> {
    let cores = quantity(text)?;
    whole(cores * 1024.0)
}

/// MiB of a quantity: `128Mi`, `1.5G`, `134217728`. Rounded up.
pub(super) fn mebibytes(text: &str) -> Option<u32> {
    whole(quantity(text)? / f64::from(1 << 20))
}

/// GiB of a quantity. Rounded up.
pub(super) fn gibibytes(text: &str) -> Option<u32> {
    whole(quantity(text)? / f64::from(1 << 30))
}

fn quantity(text: &str) -> Option<f64> {
    const SUFFIXES: [(&str, f64); 12] = [
        ("Ki", 1024.0),
        ("Mi", 1_048_576.0),
        ("Gi", 1_073_741_824.0),
        ("Ti", 1_099_511_627_776.0),
        ("u", 1e-6),
        ("m", 1e-3),
        ("k", 1e3),
        ("K", 1e3),
        ("M", 1e6),
        ("G", 1e9),
        ("T", 1e12),
        ("", 1.0),
    ];
    let text = text.trim();
    let numbers = SUFFIXES.iter().filter_map(|(suffix, factor)| {
        let number: f64 = text.strip_suffix(suffix)?.parse().ok()?;
        Some(number * factor)
    });
    numbers.into_iter().next().filter(|number| number.is_finite() && *number >= 0.0)
}

/// A number rounded up; `None` when it is more than anything can have. What binary fractions add does not count.
fn whole(number: f64) -> Option<u32> {
    let rounded = (number - 1e-6).ceil().max(0.0);
    (rounded < 1e9).then_some(rounded as u32)
}

/// The expressions of EventBridge for a line of cron; two when it names days of the month and of the week, because cron
/// runs on both. `None` when it is none.
pub(super) fn schedule(text: &str) -> Option<Vec<String>> {
    let text = text.trim();
    let line = match text {
        "@yearly" | "@annually" => "0 0 1 1 *",
        "@monthly" => "0 0 1 * *",
        "@weekly" => "0 0 * * 0",
        "@daily" | "@midnight" => "0 0 * * *",
        "@hourly" => "0 * * * *",
        _ => text,
    };
    let fields: Vec<&str> = line.split_whitespace().collect();
    let [minute, hour, day, month, weekday] = fields.as_slice() else { return None };
    let stepped = |field: &str, least: u32| match field.strip_prefix("*/") {
        Some(step) => format!("{least}/{step}"),
        None => field.to_owned(),
    };
    let (minute, hour) = (stepped(minute, 0), stepped(hour, 0));
    let month = stepped(&month.to_ascii_uppercase(), 1);
    let all = |field: &str| matches!(field, "*" | "?");
    let every = |day: &str, weekday: &str| format!("cron({minute} {hour} {day} {month} {weekday} *)");
    let days = stepped(day, 1);
    let found = match (all(day), all(weekday)) {
        (true, true) => vec![every("*", "?")],
        (false, true) => vec![every(&days, "?")],
        (true, false) => vec![every("?", &weekdays(weekday)?)],
        (false, false) => vec![every(&days, "?"), every("?", &weekdays(weekday)?)],
    };
    found
        .iter()
        .all(|expression| crate::aws::schedule::expression_problem(expression).is_none())
        .then_some(found)
}

/// Days of the week by name: cron counts from Sunday as 0 and EventBridge as 1.
fn weekdays(field: &str) -> Option<String> {
    const DAYS: [&str; 8] = ["SUN", "MON", "TUE", "WED", "THU", "FRI", "SAT", "SUN"];
    if let Some(step) = field.strip_prefix("*/").and_then(|step| step.parse().ok()).filter(|step| *step > 0) {
        return Some(DAYS[..7].iter().step_by(step).copied().collect::<Vec<_>>().join(","));
    }
    let day = |text: &str| match text.parse::<usize>() {
        Ok(number) => DAYS.get(number).map(|name| (*name).to_owned()),
        Err(_) => Some(text.to_ascii_uppercase()),
    };
    let item = |item: &str| match item.split_once('-') {
        Some((first, last)) => Some(format!("{}-{}", day(first)?, day(last)?)),
        None => day(item),
    };
    field.split(',').map(item).collect::<Option<Vec<_>>>().map(|days| days.join(","))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn quantities_are_rounded_up_to_the_units_of_ecs() {
        for (text, units) in [("100m", 103), ("0.5", 512), ("2", 2048), ("25m", 26), ("1.5", 1536)] {
            assert_eq!(cpu(text), Some(units), "{text}");
        }
        for (text, size) in
            [("128Mi", 128), ("1Gi", 1024), ("512M", 489), ("134217728", 128), ("1e9", 954), ("1500Ki", 2)]
        {
            assert_eq!(mebibytes(text), Some(size), "{text}");
        }
        assert_eq!(gibibytes("10Gi"), Some(10));
        for bad in ["", "many", "1Xi", "-1", "inf", "NaN", "1e99"] {
            assert_eq!(mebibytes(bad), None, "{bad}");
        }
    }

    #[test]
    fn lines_of_cron_become_expressions_of_eventbridge() {
        for (line, expected) in [
            ("0 3 * * *", "cron(0 3 * * ? *)"),
            ("*/15 * * * *", "cron(0/15 * * * ? *)"),
            ("30 2 * * 1-5", "cron(30 2 ? * MON-FRI *)"),
            ("0 0 * * sun,3", "cron(0 0 ? * SUN,WED *)"),
            ("0 0 * * 7", "cron(0 0 ? * SUN *)"),
            ("0 0 1 */3 *", "cron(0 0 1 1/3 ? *)"),
            ("@hourly", "cron(0 * * * ? *)"),
            ("0 0 * * */2", "cron(0 0 ? * SUN,TUE,THU,SAT *)"),
        ] {
            assert_eq!(schedule(line), Some(vec![expected.to_owned()]), "{line}");
        }
        let both = schedule("0 0 1 * 1").unwrap();
        assert_eq!(both, ["cron(0 0 1 * ? *)", "cron(0 0 ? * MON *)"]);
        for bad in ["", "* * * *", "0 25 * * *", "@reboot", "0 0 * * 9", "a b c d e"] {
            assert_eq!(schedule(bad), None, "{bad}");
        }
    }
}
