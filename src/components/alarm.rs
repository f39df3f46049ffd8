//! `alarm`: a CloudWatch alarm on one metric.
//!
//! What it does when it changes its state is said by those who need it: topics that people read here, and the steps of
//! services by their reactions.

mod check;

use std::sync::Arc;

use crate::aws::limits::names::ALARM;
use crate::model::{Attribute, Checker, Component, Context, Kind, PhysicalName};
use crate::settings::input::{ComponentRef, Input, Target};
use crate::settings::settings;
use crate::settings::values::{Int, Map, Number, choice};
use crate::terms::{
    AlarmState, Breach, Drawing, Export, Grant, Id, Literal, Metrics, Offer, Offered, Output, Term, View,
};

/// The table line of this component.
pub static KIND: Kind = Kind {
    key: "alarm",
    module: "monitoring",
    template: include_str!("../../templates/modules/alarm.tf.tera"),
    data: &[],
    stays: &[],
    attributes: &[
        Attribute::plain("name", "Its name, for programs that ask for its state; they may."),
        Attribute::plain("arn", "Its ARN, for the same programs."),
    ],
    implies: &[],
    needs: &[],
    whole: true,
    codes: &[&check::ALARM_THRESHOLD, &check::ALARM_METRIC],
    info: <Alarm as crate::settings::Settings>::info,
    read: crate::model::read::<Alarm>,
};

/// A reference to something that has metrics.
#[derive(Debug, Clone)]
pub struct Watched;

impl Target for Watched {
    const KINDS: &'static [&'static str] = &["service", "database", "cache", "load_balancer"];
}

/// A reference to a topic.
#[derive(Debug, Clone)]
pub struct TopicTarget;

impl Target for TopicTarget {
    const KINDS: &'static [&'static str] = &["topic"];
}

choice! {
    /// How the values of a period become one.
    pub enum Statistic {
        /// Their average.
        Average = "average",
        /// Their sum.
        Sum = "sum",
        /// The smallest.
        Minimum = "minimum",
        /// The largest.
        Maximum = "maximum",
        /// How many there are.
        SampleCount = "sample_count",
        /// The value that half of them do not exceed.
        P50 = "p50",
        /// The value that nine in ten of them do not exceed.
        P90 = "p90",
        /// The value that 95 in 100 of them do not exceed.
        P95 = "p95",
        /// The value that 99 in 100 of them do not exceed.
        P99 = "p99",
    }
}

choice! {
    /// What a period without data counts as.
    pub enum NoData {
        /// As nothing: the alarm has insufficient data.
        Missing = "missing",
        /// As what was before: the alarm keeps its state.
        Ignore = "ignore",
        /// As beyond the threshold.
        Breaching = "breaching",
        /// As within the threshold.
        NotBreaching = "notBreaching",
    }
}

settings! {
    /// A CloudWatch alarm on one metric: of something in the stack, or of anything else by namespace and dimensions. It
    /// tells topics, and services scale by it: a `step` of theirs refers to it.
    pub struct Alarm {
        /// What it watches. Of a cache it is the first node, which is the primary one until a failover.
        of: Option<ComponentRef<Watched>>,
        /// CloudWatch's name of the metric: `CPUUtilization`.
        metric: Option<Arc<str>>,
        /// Namespace of the metric. With `of` another one that it has metrics in: of a service `ECS/ContainerInsights`, or
        /// `AWS/ApplicationELB` for its target group.
        namespace: Option<Arc<str>>,
        /// Dimensions of the metric, in addition to those of `of`.
        dimensions: Map<Input>,
        /// How the values of a period become one.
        statistic: Statistic = Statistic::Average,
        /// The alarm goes off above this.
        above: Option<Number>,
        /// The alarm goes off at this and above.
        at_least: Option<Number>,
        /// The alarm goes off below this.
        below: Option<Number>,
        /// The alarm goes off at this and below.
        at_most: Option<Number>,
        /// Seconds that are looked at as one: 10, 20, 30, or a multiple of 60.
        period: Int<10, 604_800> = Int(60),
        /// How many periods are looked at.
        periods: Int<1, 10_080> = Int(1),
        /// How many of those have to be beyond the threshold; all by default.
        datapoints: Option<Int<1, 10_080>>,
        /// What a period without data counts as.
        missing: NoData = NoData::Missing,
        /// Its name, of up to 255 characters of any kind. `<stack>-<environment>-<name>` by default.
        name: Option<Input>,
        /// What people have to know when it goes off; in the mail that it sends.
        description: Option<Arc<str>>,
        /// The topics that are told when it goes off.
        notify: Vec<ComponentRef<TopicTarget>>,
        /// Whether they are told, too, when all is well again.
        notify_ok: bool = false,
        /// Name of an alarm that exists, which may have any owner in the same account and region: nothing is created.
        existing: Option<Input>,
    }
}

impl Alarm {
    /// The settings of the threshold, and what CloudWatch calls the comparison.
    fn thresholds(&self) -> impl Iterator<Item = (&'static str, &'static str, Breach, Number)> {
        let all = [
            ("above", "GreaterThanThreshold", Breach::Above, self.above),
            ("at_least", "GreaterThanOrEqualToThreshold", Breach::Above, self.at_least),
            ("below", "LessThanThreshold", Breach::Below, self.below),
            ("at_most", "LessThanOrEqualToThreshold", Breach::Below, self.at_most),
        ];
        all.into_iter()
            .filter_map(|(setting, comparison, breach, number)| Some((setting, comparison, breach, number?)))
    }

    /// Its name.
    fn name(&self, id: &Id, context: &Context<'_>) -> Term {
        match self.existing.as_ref().or(self.name.as_ref()) {
            Some(name) => context.plain(name),
            None => context.name_of(id, "aws_cloudwatch_metric_alarm", &id.name, Term::named(&id.dashed())),
        }
    }

    /// The metrics it watches, from what it is on; the dimensions that are written stand beside them.
    fn watched(&self, context: &Context<'_>) -> Option<Metrics> {
        let of = context.component(&self.of.as_ref()?.reference)?;
        let mut all = context.find(&of)?.metrics(&of, context).into_iter();
        match &self.namespace {
            None => all.next(),
            Some(namespace) => all.find(|metrics| *metrics.namespace == **namespace),
        }
    }

    /// The ARNs that are called in a state, by what tells them apart.
    fn actions(&self, state: AlarmState, id: &Id, context: &Context<'_>) -> Vec<(Arc<str>, Term)> {
        let told = state == AlarmState::Alarm || self.notify_ok;
        let topics = self.notify.iter().filter(|_| told).filter_map(|topic| {
            let topic = context.component(&topic.reference)?;
            Some((topic.ident().into(), Term::Export(topic, "arn")))
        });
        topics.chain(self.reactions_in(state, id, context)).collect()
    }

    /// What others want to be called in a state.
    fn reactions_in(
        &self,
        state: AlarmState,
        id: &Id,
        context: &Context<'_>,
    ) -> impl Iterator<Item = (Arc<str>, Term)> {
        let reactions = context.reactions(id).iter().filter(move |reaction| reaction.state == state);
        reactions.map(|reaction| (reaction.key.as_str().into(), reaction.action.clone()))
    }

    /// The view of an alarm that is made here.
    fn created(&self, id: &Id, context: &Context<'_>) -> View {
        let mut view = View::default();
        view.set("name", self.name(id, context));
        view.set("description", Term::optional(self.description.clone().map(Literal::String)));
        let watched = self.watched(context);
        let namespace = match (&self.namespace, &watched) {
            (Some(namespace), _) => Term::string(namespace.clone()),
            (None, Some(watched)) => Term::string(watched.namespace),
            (None, None) => Term::NULL,
        };
        view.set("namespace", namespace);
        view.set("metric", Term::optional(self.metric.clone().map(Literal::String)));
        let of = watched.into_iter().flat_map(|metrics| metrics.dimensions);
        let of = of.map(|(name, value)| (Arc::from(name), value));
        let written = self.dimensions.0.iter().map(|(name, (_, value))| (name.clone(), context.plain(value)));
        view.set("dimensions", Term::Object(of.chain(written).collect()));
        let (statistic, extended) = match self.statistic {
            Statistic::Average => (Some("Average"), None),
            Statistic::Sum => (Some("Sum"), None),
            Statistic::Minimum => (Some("Minimum"), None),
            Statistic::Maximum => (Some("Maximum"), None),
            Statistic::SampleCount => (Some("SampleCount"), None),
            percentile => (None, Some(percentile.word())),
        };
        view.set("statistic", Term::optional(statistic));
        view.set("extended_statistic", Term::optional(extended));
        view.set("period", self.period.0);
        view.set("periods", self.periods.0);
        view.set("datapoints", Term::optional(self.datapoints.map(|datapoints| datapoints.0)));
        let (comparison, threshold) =
            self.thresholds().next().map_or((Term::NULL, Term::NULL), |(_, comparison, _, number)| {
                (Term::string(comparison), Term::Literal(number.into()))
            });
        view.set("comparison", comparison);
        view.set("threshold", threshold);
        view.set("missing", Term::string(self.missing.word()));
        for (name, state) in [("alarm_actions", AlarmState::Alarm), ("ok_actions", AlarmState::Ok)] {
            let actions = self.actions(state, id, context);
            let none = actions.is_empty();
            view.set(name, if none { Term::NULL } else { Term::Keyed(actions.into_iter().collect()) });
        }
        view
    }
}

impl Component for Alarm {
    fn check(&self, _id: &Id, at: &mut Checker<'_>) {
        self.check_settings(at);
    }

    fn offer(&self, id: &Id, attribute: &str) -> Option<Offer> {
        let name = match attribute {
            "name" => "name",
            "arn" => "arn",
            _ => return None,
        };
        Some(Offer { value: Offered::Plain(Term::Export(id.clone(), name)), grants: vec![describe(id)] })
    }

    fn grants(&self, id: &Id, _context: &Context<'_>) -> Vec<Grant> {
        vec![describe(id)]
    }

    fn breach(&self) -> Option<Breach> {
        self.thresholds().next().map(|(_, _, breach, _)| breach)
    }

    fn names(&self, id: &Id, context: &Context<'_>) -> Vec<PhysicalName> {
        let (setting, name) = match (&self.existing, &self.name) {
            (Some(name), _) => ("existing", context.text(name)),
            (None, Some(name)) => ("name", context.text(name)),
            (None, None) => ("", context.known(&self.name(id, context))),
        };
        name.map(|name| PhysicalName { limit: ALARM, setting, name }).into_iter().collect()
    }

    fn exports(&self, id: &Id, context: &Context<'_>) -> Vec<Export> {
        // Of facts, not of the resource: a service may ask for the state of an alarm that is on the service itself.
        let name = self.name(id, context);
        let arn = vec![
            Term::string(format!("arn:{}:cloudwatch:", context.partition())),
            context.region(),
            Term::string(":"),
            context.account(),
            Term::string(":alarm:"),
            name.clone(),
        ];
        vec![
            Export::string("name", "Name of the alarm.", name),
            Export::string("arn", "ARN of the alarm.", Term::Template(arn)),
        ]
    }

    fn drawing(&self, _id: &Id, _context: &Context<'_>) -> Drawing {
        Drawing::default().maybe("metric", self.metric.as_ref(), "")
    }

    fn view(&self, id: &Id, context: &Context<'_>) -> View {
        let mut view = View::default();
        view.group("created", self.existing.is_none().then(|| self.created(id, context)));
        view
    }

    /// What the owner of an alarm that exists has to add to it.
    fn outputs(&self, id: &Id, context: &Context<'_>) -> Vec<Output> {
        if self.existing.is_none() {
            return Vec::new();
        }
        let states = [("alarm_actions", "ALARM", AlarmState::Alarm), ("ok_actions", "OK", AlarmState::Ok)];
        let outputs = states.into_iter().filter_map(|(name, word, state)| {
            let actions: indexmap::IndexMap<_, _> = self.reactions_in(state, id, context).collect();
            let description =
                format!("What the owner of the alarm adds to its actions for the state {word}.");
            (!actions.is_empty()).then(|| Output { name, description, term: Term::Keyed(actions) })
        });
        outputs.collect()
    }
}

/// The right to ask for the alarm's state.
fn describe(id: &Id) -> Grant {
    let key = format!("Alarm{}State", id.statement());
    Grant::allow(key, &["cloudwatch:DescribeAlarms"], vec![Term::Export(id.clone(), "arn")])
}

#[cfg(test)]
mod tests {
    use crate::testing::{codes, generated, has_line, stack};

    fn alarm(settings: &str) -> String {
        let alarm = format!("alarm \"queue\" {{\nmetric = \"Length\"\n{}\n}}", settings.replace("; ", "\n"));
        stack(&format!("{alarm}\ntopic \"ops\" {{}}"), "")
    }

    fn file(settings: &str) -> String {
        generated(&alarm(settings), "modules/monitoring/alarm_queue.tf")
    }

    #[test]
    fn any_metric_can_be_watched() {
        let text = file(
            "namespace = \"Shop\"; dimensions = { Stage = environment.name }; at_most = 0.5; statistic = \"p99\"",
        );
        for line in [
            "namespace = \"Shop\"",
            "Stage = var.environment",
            "comparison_operator = \"LessThanOrEqualToThreshold\"",
            "threshold = 0.5",
            "extended_statistic = \"p99\"",
        ] {
            assert!(has_line(&text, line), "{line}: {text}");
        }
        assert!(!has_line(&text, "statistic = \"Average\""), "{text}");
    }

    #[test]
    fn topics_are_told_of_the_end_only_when_asked() {
        let told = "namespace = \"Shop\"; above = 1; notify = [topic.ops]";
        assert!(has_line(&file(told), "alarm_actions = [aws_sns_topic.ops.arn]"));
        assert!(!file(told).contains("ok_actions"));
        assert!(has_line(
            &file(&format!("{told}; notify_ok = true")),
            "ok_actions = [aws_sns_topic.ops.arn]"
        ));
    }

    #[test]
    fn a_name_is_printed_as_it_is() {
        let name = "名 [${environment.name}] \\\"50%\\\" (low) $${x}";
        let text = file(&format!("namespace = \"Shop\"; above = 1; name = \"{name}\""));
        assert!(has_line(&text, r#"alarm_name = "名 [${var.environment}] \"50%\" (low) $${x}""#), "{text}");
    }

    #[test]
    fn two_alarms_of_an_account_have_different_names() {
        let one = |name| {
            format!(
                "alarm \"{name}\" {{\nmetric = \"M\"\nnamespace = \"Shop\"\nabove = 1\nname = \"same\"\n}}\n"
            )
        };
        assert_eq!(
            codes(&stack(&one("a"), "")),
            Vec::<&str>::new(),
            "in another account it is another alarm"
        );
        assert_eq!(codes(&stack(&(one("a") + &one("b")), "")), ["duplicate-name"]);
    }

    #[test]
    fn cloudwatch_looks_back_a_day_or_a_week() {
        let periods = |text: &str| codes(&alarm(&format!("namespace = \"Shop\"; above = 1; {text}")));
        assert!(periods("period = 60; periods = 1440").is_empty());
        assert_eq!(periods("period = 60; periods = 1441"), ["invalid-value"]);
        assert!(periods("period = 3600; periods = 168").is_empty());
        assert_eq!(periods("period = 3600; periods = 169"), ["invalid-value"]);
        assert_eq!(periods("periods = 2; datapoints = 3"), ["invalid-value"]);
    }

    #[test]
    fn a_service_may_ask_for_an_alarm_that_is_on_it() {
        let text = stack(
            "service \"web\" {\nimage = \"nginx:1\"\nenvironment = { ALARM = alarm.busy.name }\n}\n\
             alarm \"busy\" {\nof = service.web\nmetric = \"CPUUtilization\"\nabove = 60\n}",
            "",
        );
        let service = generated(&text, "modules/services/service_web.tf");
        assert!(service.contains("cloudwatch:DescribeAlarms"), "{service}");
        assert!(!service.contains("var.alarm"), "Terraform would see a circle: {service}");
    }
}
