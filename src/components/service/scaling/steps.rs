//! Steps: tasks that come and go when an alarm changes its state.

use super::{Scaling, check_label};
use crate::model::{Checker, Context};
use crate::settings::codes::INVALID_VALUE;
use crate::settings::input::{ComponentRef, Target};
use crate::settings::settings;
use crate::settings::values::{Int, Labelled, Map, Number, choice};
use crate::terms::{AlarmState, Breach, Export, Id, Reaction, Term, View};

/// A reference to an alarm.
#[derive(Debug, Clone)]
pub struct AlarmTarget;

impl Target for AlarmTarget {
    const KINDS: &'static [&'static str] = &["alarm"];
}

choice! {
    /// A state of an alarm that sets a step off.
    pub enum State {
        /// The metric is beyond the threshold.
        Alarm = "alarm",
        /// The metric is within it.
        Ok = "ok",
    }
}

settings! {
    /// Adds or takes away tasks while an alarm is in a state. The alarm calls the step when it gets into the state and
    /// once a minute while it stays there; the cooldown says how often that counts.
    pub struct Step {
        /// The alarm. One that exists must be given the step's policy by its owner: the outputs say which.
        alarm: ComponentRef<AlarmTarget>,
        /// The state of the alarm in which the step is taken.
        when: State = State::Alarm,
        /// How many tasks it adds; below 0, how many it takes away.
        change: Int<-5_000, 5_000>,
        /// Other changes for a metric further away from the threshold, by the distance: `{ 20 = 3 }` adds three tasks
        /// when the metric is 20 or more beyond it. With an alarm that exists, a step that adds tasks is taken to be for
        /// a metric above the threshold, and one that takes them away for a metric below.
        beyond: Map<Int<-5_000, 5_000>>,
        /// Seconds after the step during which it is not taken again; that of `scaling` by default.
        cooldown: Option<Int<0, 2_147_483_647>>,
    }
}

impl Labelled for Step {
    const LABEL: &'static str = "a name";
}

/// What a step does while the metric is so far from the threshold.
#[derive(Debug, Clone, PartialEq)]
struct Adjustment {
    /// The least difference of metric and threshold; none is no limit.
    lower: Option<f64>,
    /// The greatest difference.
    upper: Option<f64>,
    change: i64,
}

/// A distance from the threshold as people write it, which is the key of a map.
fn distance(key: &str) -> Option<f64> {
    key.parse().ok().filter(|number: &f64| number.is_finite() && *number > 0.0)
}

impl Step {
    /// The state of the alarm that sets it off.
    fn state(&self) -> AlarmState {
        match self.when {
            State::Alarm => AlarmState::Alarm,
            State::Ok => AlarmState::Ok,
        }
    }

    /// The changes by distance from the threshold, nearest first.
    fn changes(&self) -> Vec<(f64, i64)> {
        let further = self.beyond.0.iter().filter_map(|(key, (_, change))| Some((distance(key)?, change.0)));
        let mut changes: Vec<(f64, i64)> = further.chain([(0.0, self.change.0)]).collect();
        changes.sort_by(|a, b| a.0.total_cmp(&b.0));
        changes
    }

    /// The adjustments of the policy; `breach` is where the alarm goes off, if that is known.
    fn adjustments(&self, breach: Option<Breach>) -> Vec<Adjustment> {
        let change = self.change.0;
        let above = match (breach, self.when) {
            (Some(Breach::Above), State::Alarm) | (Some(Breach::Below), State::Ok) => true,
            (Some(_), _) => false,
            (None, _) if !self.beyond.0.is_empty() => change > 0,
            // On whichever side the metric is.
            (None, _) => {
                return vec![
                    Adjustment { lower: None, upper: Some(0.0), change },
                    Adjustment { lower: Some(0.0), upper: None, change },
                ];
            }
        };
        let changes = self.changes();
        let next = changes.iter().skip(1).map(|(distance, _)| Some(*distance)).chain([None]);
        let ranges = changes.iter().zip(next).map(|(&(from, change), to)| {
            if above {
                Adjustment { lower: Some(from), upper: to, change }
            } else {
                Adjustment { lower: to.map(|to| -to), upper: Some(-from), change }
            }
        });
        ranges.collect()
    }
}

impl Scaling {
    pub(super) fn check_steps(&self, at: &mut Checker<'_>) {
        for (label, (place, step)) in &self.step.0 {
            check_label(label, *place, "a step", at);
            if let Some((aim, ..)) = self.aims().find(|(aim, ..)| *aim == &**label) {
                let message = format!("`{aim}` is the name of what aims at `{aim}`");
                at.reading.invalid(*place, message, "choose another name for the step");
            }
            for (key, (place, change)) in &step.beyond.0 {
                let route = ["scaling", "step", label, "beyond", key];
                if distance(key).is_none() {
                    let help = "write how far from the threshold, in the metric's unit: `{ 20 = 3 }`";
                    at.reading.invalid(*place, format!("`{key}` is no distance from the threshold"), help);
                } else if change.0.signum() != step.change.0.signum() {
                    let message = "further away from the threshold the step would go the other way";
                    at.error(&INVALID_VALUE, &route, message, |found| {
                        found.help("write another step for the other direction")
                    });
                }
            }
        }
    }

    /// What the template prints for the steps.
    pub(super) fn view_steps(&self, id: &Id, context: &Context<'_>, view: &mut View) {
        let steps = self.step.0.iter().map(|(label, (_, step))| {
            let alarm = context.component(&step.alarm.reference);
            let breach = alarm.and_then(|alarm| context.find(&alarm)?.breach());
            let mut policy = View::default();
            policy.text("label", format!("{}_{label}", id.name));
            policy.set("cooldown", step.cooldown.unwrap_or(self.cooldown).0);
            let adjustments = step.adjustments(breach);
            policy.flag("either_side", breach.is_none() && step.beyond.0.is_empty());
            policy.nested(
                "adjustments",
                "how many changes a `step` has",
                adjustments.into_iter().enumerate().map(|(index, adjustment)| {
                    let mut view = View::default();
                    view.set("lower", Term::optional(adjustment.lower.map(Number)));
                    view.set("upper", Term::optional(adjustment.upper.map(Number)));
                    view.set("change", adjustment.change);
                    (index.to_string(), view)
                }),
            );
            (label.to_string(), policy)
        });
        view.items("steps", steps.collect::<Vec<_>>());
    }

    /// The name under which a step's policy is exported.
    fn policy_arn(label: &str) -> String {
        format!("{label}_policy_arn")
    }

    /// What alarms have to know of the steps.
    pub(in super::super) fn exports(&self, id: &Id) -> Vec<Export> {
        let exports = self.step.0.keys().map(|label| {
            let policy = format!("{}_{label}", id.name);
            let arn = Term::own_item(("steps", label), "aws_appautoscaling_policy", &policy, "arn");
            Export::string(Self::policy_arn(label), "ARN of a scaling policy.", arn)
        });
        exports.collect()
    }

    /// What it has alarms do.
    pub(in super::super) fn reactions(&self, id: &Id, context: &Context<'_>) -> Vec<Reaction> {
        let reactions = self.step.0.iter().filter_map(|(label, (_, step))| {
            Some(Reaction {
                alarm: context.component(&step.alarm.reference)?,
                state: step.state(),
                key: format!("{}_{label}", id.ident()),
                action: Term::Part(id.clone(), Self::policy_arn(label).into()),
            })
        });
        reactions.collect()
    }
}

#[cfg(test)]
mod tests {
    use crate::testing::{codes, generated, has_line, stack};

    const BUSY: &str = r#"alarm "busy" {
        of = service.web
        metric = "CPUUtilization"
        above = 60
    }"#;

    /// A stack whose service has one step on the alarm `busy`.
    fn stepping(alarm: &str, step: &str, overlay: &str) -> String {
        let service = format!(
            "service \"web\" {{\nimage = \"nginx:1\"\nscaling {{\nmin = 1\nmax = 9\nstep \"more\" {{\n\
             alarm = alarm.busy\n{step}\n}}\n}}\n}}"
        );
        stack(&format!("{alarm}\n{service}"), overlay)
    }

    /// The bounds and changes of the policy, in the order printed.
    fn adjustments(alarm: &str, step: &str) -> Vec<String> {
        let text = generated(&stepping(alarm, step, ""), "modules/services/service_web.tf");
        let lines = text.lines().map(|line| line.split_whitespace().collect::<Vec<_>>().join(" "));
        let short = lines.filter_map(|line| {
            let line = line.replace("metric_interval_", "").replace("_bound", "");
            let kept = ["lower", "upper", "scaling_adjustment"].iter().any(|word| line.starts_with(word));
            kept.then_some(line)
        });
        short.collect()
    }

    #[test]
    fn a_step_is_taken_on_the_side_of_the_threshold_where_the_alarm_is() {
        assert_eq!(adjustments(BUSY, "change = 1"), ["lower = 0", "scaling_adjustment = 1"]);
        assert_eq!(adjustments(BUSY, "change = -1\nwhen = \"ok\""), ["upper = 0", "scaling_adjustment = -1"]);
        let idle = BUSY.replace("above", "at_most");
        assert_eq!(adjustments(&idle, "change = -1"), ["upper = 0", "scaling_adjustment = -1"]);
        assert_eq!(adjustments(&idle, "change = 1\nwhen = \"ok\""), ["lower = 0", "scaling_adjustment = 1"]);
    }

    #[test]
    fn further_changes_join_without_a_gap_on_either_side() {
        let beyond = adjustments(BUSY, "change = 1\nbeyond = { 20 = 4, 10.5 = 2 }");
        let expected = [
            "lower = 0",
            "upper = 10.5",
            "scaling_adjustment = 1",
            "lower = 10.5",
            "upper = 20",
            "scaling_adjustment = 2",
            "lower = 20",
            "scaling_adjustment = 4",
        ];
        assert_eq!(beyond, expected);
        let idle = BUSY.replace("above", "below");
        let expected =
            ["lower = -20", "upper = 0", "scaling_adjustment = -1", "upper = -20", "scaling_adjustment = -3"];
        assert_eq!(adjustments(&idle, "change = -1\nbeyond = { 20 = -3 }"), expected);
    }

    #[test]
    fn an_alarm_that_exists_counts_on_both_sides_and_its_owner_is_told() {
        let existing = r#"alarm "busy" { existing = "ECS [app] CPU (low)" }"#;
        let expected = ["upper = 0", "scaling_adjustment = -1", "lower = 0", "scaling_adjustment = -1"];
        let step = "change = -1\nwhen = \"ok\"";
        assert_eq!(adjustments(existing, step), expected);
        let text = stepping(existing, step, "");
        let outputs = generated(&text, "outputs.tf");
        assert!(outputs.contains("output \"alarm_busy_ok_actions\""), "{outputs}");
        assert!(outputs.contains("[module.services.service_web_more_policy_arn]"), "{outputs}");
        let readme = generated(&text, "README.md");
        assert!(readme.contains("terraform output alarm_busy_ok_actions"), "{readme}");
    }

    #[test]
    fn the_alarm_calls_the_step_in_its_state() {
        let alarm = |step| generated(&stepping(BUSY, step, ""), "modules/monitoring/alarm_busy.tf");
        let line = "alarm_actions = [var.service_web_more_policy_arn]";
        assert!(has_line(&alarm("change = 1"), line));
        let ok = alarm("change = -1\nwhen = \"ok\"");
        assert!(has_line(&ok, "ok_actions = [var.service_web_more_policy_arn]"), "{ok}");
        assert!(!ok.contains("alarm_actions"), "{ok}");
    }

    #[test]
    fn an_environment_may_have_a_step_of_its_own() {
        let overlay =
            "service \"web\" {\nscaling {\nstep \"surge\" {\nalarm = alarm.busy\nchange = 5\n}\n}\n}";
        let text = stepping(BUSY, "change = 1", overlay);
        let service = generated(&text, "modules/services/service_web.tf");
        assert!(has_line(&service, "count = var.service_web_steps_surge_exists ? 1 : 0"), "{service}");
        let outputs = generated(&text, "modules/services/outputs.tf");
        assert!(outputs.contains("one(aws_appautoscaling_policy.web_surge[*].arn)"), "{outputs}");
        let alarm = generated(&text, "modules/monitoring/alarm_busy.tf");
        assert!(alarm.contains("!= null"), "{alarm}");
    }

    #[test]
    fn distances_are_numbers_and_the_direction_stays() {
        for step in ["change = 1\nbeyond = { far = 2 }", "change = 1\nbeyond = { 20 = -2 }"] {
            assert_eq!(codes(&stepping(BUSY, step, "")), ["invalid-value"], "{step}");
        }
    }
}
