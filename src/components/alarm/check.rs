//! What CloudWatch demands of an alarm.

use super::Alarm;
use crate::diagnostic::{Code, Severity};
use crate::model::Checker;
use crate::settings::Settings;

/// Seconds of a day.
const DAY: i64 = 86_400;

/// An alarm with no threshold, or with several.
pub static ALARM_THRESHOLD: Code = Code {
    name: "alarm-threshold",
    severity: Severity::Error,
    title: "an alarm without one threshold",
    explanation: r#"
An alarm compares a metric with one threshold, in one direction: `above`, `at_least`, `below` or `at_most`.

```hcl
alarm "cpu_high" {
  of       = service.api
  metric   = "CPUUtilization"
  above    = 80
  at_least = 90             # one of the two
}
```

Two thresholds are two alarms.
"#,
};

/// An alarm that names no metric, or an existing one that is described again.
pub static ALARM_METRIC: Code = Code {
    name: "alarm-metric",
    severity: Severity::Error,
    title: "an alarm that is not on one metric",
    explanation: r#"
An alarm needs the name of a `metric`, and either `of`, which knows the namespace and the dimensions, or a `namespace` of
its own. An alarm that exists is made and described elsewhere, so its `existing` name is all there is to say here.

```hcl
alarm "queue" {
  namespace  = "Shop/Queues"
  metric     = "Length"
  dimensions = { Queue = "mail" }
  above      = 100
}
```
"#,
};

impl Alarm {
    pub(super) fn check_settings(&self, at: &mut Checker<'_>) {
        if self.existing.is_some() {
            let settings = Self::info().fields.into_iter().map(|field| field.name);
            for setting in settings.filter(|name| *name != "existing" && at.table.get(name).is_some()) {
                let message = format!("`{setting}` has no effect on an alarm that exists");
                at.error(&ALARM_METRIC, &[setting], message, |found| {
                    found.help(format!("remove `{setting}`, or remove `existing` to create an alarm"))
                });
            }
            return;
        }
        if self.metric.is_none() {
            at.error(&ALARM_METRIC, &[], "this alarm watches no metric", |found| {
                found.help(
                    "add `metric = \"CPUUtilization\"`, or `existing = \"..\"` for an alarm that exists",
                )
            });
        }
        if self.of.is_none() && self.namespace.is_none() {
            at.error(&ALARM_METRIC, &[], "nothing says whose metric it is", |found| {
                found.help("add `of = service.web`, or `namespace` and `dimensions`")
            });
        }
        let thresholds: Vec<&str> = self.thresholds().map(|(setting, ..)| setting).collect();
        match thresholds[..] {
            [_] => {}
            [] => at.error(&ALARM_THRESHOLD, &[], "an alarm without a threshold", |found| {
                found.help("add `above`, `at_least`, `below` or `at_most`")
            }),
            [first, second, ..] => {
                let message = format!("an alarm has one threshold, not `{first}` and `{second}`");
                at.error(&ALARM_THRESHOLD, &[second], message, |found| {
                    found.help("keep one; two thresholds are two alarms")
                });
            }
        }
        self.check_periods(at);
    }

    /// Amazon CloudWatch API, `PutMetricAlarm`: `Period`, `EvaluationPeriods`, `DatapointsToAlarm`.
    fn check_periods(&self, at: &mut Checker<'_>) {
        let (period, periods) = (self.period.0, self.periods.0);
        if ![10, 20, 30].contains(&period) && period % 60 != 0 {
            let message = format!("CloudWatch has no periods of {period} seconds");
            let help = "write 10, 20, 30, or a multiple of 60";
            at.reading.invalid(at.place(&["period"]), message, help);
        }
        let most = if period < 3_600 { DAY } else { 7 * DAY };
        if period * periods > most {
            let longest = if most == DAY { "a day" } else { "seven days" };
            let message = format!("{periods} periods of {period} seconds are longer than {longest}");
            let help = "CloudWatch looks back one day, or seven with periods of an hour and more";
            at.reading.invalid(at.place(&["periods"]), message, help);
        }
        if self.datapoints.is_some_and(|datapoints| datapoints.0 > periods) {
            let message = format!("there are not more than {periods} data points in {periods} periods");
            let help = "write at most as many `datapoints` as `periods`";
            at.reading.invalid(at.place(&["datapoints"]), message, help);
        }
        for (name, (place, _)) in &self.dimensions.0 {
            if name.is_empty() || name.len() > 255 || name.starts_with(':') || !name.is_ascii() {
                let help = "a name has up to 255 ASCII characters and does not begin with a colon";
                at.reading.invalid(*place, format!("`{name}` is no name of a dimension"), help);
            }
        }
    }
}
