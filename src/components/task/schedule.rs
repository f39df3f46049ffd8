//! Schedules of a task: when EventBridge Scheduler runs it, and what it may do for that.

use std::sync::Arc;

use super::{Task, grants};
use crate::aws::schedule::{expression_problem, is_time_zone, time_zones};
use crate::components::access::{Statements, object};
use crate::model::{Checker, Context};
use crate::settings::codes::INVALID_VALUE;
use crate::settings::settings;
use crate::settings::values::{Int, Labelled, check_name};
use crate::terms::{Grant, Id, Term, View};

settings! {
    /// When EventBridge Scheduler runs the task, in its newest revision.
    pub struct Schedule {
        /// `cron(<minutes> <hours> <day of month> <month> <day of week> <year>)`, `rate(1 hour)`, or
        /// `at(2030-01-31T03:00:00)` for once. One of the two days of `cron` is `?`: `cron(0 3 * * ? *)`.
        at: Arc<str>,
        /// Time zone that `cron` and `at` are in, by its IANA name: `Asia/Tokyo`. Daylight saving time is observed.
        time_zone: Arc<str> = "UTC".into(),
        /// The command of these runs, as a list; that of the task by default.
        command: Vec<Arc<str>>,
        /// Whether it runs; `false` keeps the schedule and pauses it.
        enabled: bool = true,
        /// How often the start is tried again when ECS refuses it. A task that starts and fails is not run again.
        retries: Int<0, 185> = Int(3),
    }
}

impl Labelled for Schedule {
    const LABEL: &'static str = "a name of your choice";
}

impl Task {
    /// The rules of schedules.
    pub(super) fn check_schedules(&self, at: &mut Checker<'_>) {
        for (label, (place, schedule)) in &self.schedule.0 {
            check_name(label, *place, "a schedule", at.reading);
            if let Some(problem) = expression_problem(&schedule.at) {
                let message = format!("`{}` is no schedule", schedule.at);
                at.error(&INVALID_VALUE, &["schedule", label, "at"], message, |found| {
                    found.help(format!("{problem}; every night at three is `cron(0 3 * * ? *)`"))
                });
            }
            if !is_time_zone(&schedule.time_zone) {
                let message = format!("`{}` is no time zone", schedule.time_zone);
                at.error(&INVALID_VALUE, &["schedule", label, "time_zone"], message, |found| {
                    found
                        .label("write the IANA name: `Europe/Berlin`, `Asia/Tokyo`, `UTC`")
                        .suggest(&schedule.time_zone, time_zones())
                });
            }
        }
    }

    /// What the template prints for the schedules and the role they share.
    pub(super) fn schedules(&self, id: &Id, context: &Context<'_>) -> Option<View> {
        if self.schedule.0.is_empty() {
            return None;
        }
        let key = context.export("key", "arn");
        let from_run = object([("ecs:CreateAction", Term::string("RunTask"))]);
        let rights = grants::starts(id, context).into_iter().chain([
            Grant::Allow {
                key: "TagTasks".to_owned(),
                actions: &["ecs:TagResource"],
                resources: vec![context.arn("ecs", grants::tasks(context))],
                condition: Some(object([("StringEquals", from_run)])),
            },
            Grant::allow("ReadSchedule".to_owned(), &["kms:Decrypt"], vec![key]),
        ]);
        let mut view = View::default();
        view.set("role", Term::named(&format!("{}-schedule", id.dashed())));
        view.set("statements", Statements::of(rights).into_term());
        view.set("cluster_arn", context.export("cluster", "arn"));
        view.set("subnet_ids", context.export("network", "task_subnet_ids"));
        view.set("public_ip", context.export("network", "tasks_are_public"));
        let shell = self.container.workload.execute_command;
        view.set("execute_command", if shell { Term::from(true) } else { Term::NULL });
        view.items(
            "schedules",
            self.schedule
                .0
                .iter()
                .map(|(label, (_, schedule))| (label.to_string(), schedule.view(id, label))),
        );
        Some(view)
    }
}

impl Schedule {
    /// When it runs, in words: `cron(0 3 * * ? *) Asia/Tokyo`.
    pub(super) fn time(&self) -> String {
        let zone = if self.at.starts_with("rate") { String::new() } else { format!(" {}", self.time_zone) };
        format!("{}{zone}{}", self.at, if self.enabled { "" } else { ", disabled" })
    }

    fn view(&self, id: &Id, label: &str) -> View {
        let mut view = View::default();
        view.set("name", Term::string(label));
        view.set("expression", Term::string(self.at.clone()));
        view.set("time_zone", Term::string(self.time_zone.clone()));
        view.set("state", Term::string(if self.enabled { "ENABLED" } else { "DISABLED" }));
        view.set("retries", self.retries.0);
        let overrides = object([
            ("name", Term::string(id.dashed())),
            ("command", Term::strings(self.command.iter().map(|word| &**word))),
        ]);
        let input = object([("containerOverrides", Term::List(vec![overrides]))]);
        let input = Term::Call("jsonencode", vec![input]);
        view.set("input", if self.command.is_empty() { Term::NULL } else { input });
        view
    }
}

#[cfg(test)]
mod tests {
    use crate::testing::{codes, generated, has_line, stack};

    fn task(settings: &str, overlay: &str) -> String {
        stack(&format!("task \"report\" {{\nimage = \"example/shop:1\"\n{settings}\n}}"), overlay)
    }

    fn file(settings: &str, overlay: &str) -> String {
        generated(&task(settings, overlay), "modules/services/task_report.tf")
    }

    const NIGHTLY: &str = "schedule \"nightly\" {\nat = \"cron(0 3 * * ? *)\"\ntime_zone = \"Asia/Tokyo\"\n}";

    #[test]
    fn a_schedule_runs_the_newest_revision() {
        let text = file(NIGHTLY, "");
        for line in [
            "schedule_expression = \"cron(0 3 * * ? *)\"",
            "schedule_expression_timezone = \"Asia/Tokyo\"",
            "state = \"ENABLED\"",
            "task_definition_arn = aws_ecs_task_definition.report.arn_without_revision",
            "arn = aws_ecs_cluster.main.arn",
            "kms_key_arn = var.key_arn",
        ] {
            assert!(has_line(&text, line), "{line}\n{text}");
        }
        assert!(!text.contains("input "), "{text}");
    }

    #[test]
    fn its_role_starts_this_task_in_this_cluster_and_nothing_else() {
        let text = file(NIGHTLY, "");
        let role = text.split("\"aws_iam_role_policy\" \"report_schedule\"").nth(1).unwrap();
        for line in [
            "Resource = [\"${aws_ecs_task_definition.report.arn_without_revision}:*\"]",
            "\"ecs:cluster\" = aws_ecs_cluster.main.arn",
            "Resource = [aws_iam_role.report_execution.arn, aws_iam_role.report.arn]",
            "\"iam:PassedToService\" = \"ecs-tasks.amazonaws.com\"",
        ] {
            assert!(has_line(role, line), "{line}\n{role}");
        }
        assert!(!role.contains("[\"*\"]"), "{role}");
        assert!(text.contains("{ \"aws:SourceArn\" = aws_scheduler_schedule_group.report.arn }"), "{text}");
    }

    #[test]
    fn a_schedule_may_have_its_own_command() {
        let text =
            file("schedule \"a\" {\nat = \"rate(1 hour)\"\ncommand = [\"rake\", \"report:all\"]\n}", "");
        let input = text.split("input = jsonencode").nth(1).unwrap();
        assert!(has_line(input, "command = [\"rake\", \"report:all\"]"), "{text}");
        assert!(has_line(input, "name = \"report\""), "{text}");
    }

    #[test]
    fn a_schedule_pauses_or_is_missing_where_an_environment_says_so() {
        let text = file(NIGHTLY, "task \"report\" {\nschedule \"nightly\" { enabled = false }\n}");
        assert!(has_line(&text, "state = var.task_report_scheduled_schedules_nightly_state"), "{text}");
        let text = file("", &format!("task \"report\" {{\n{NIGHTLY}\n}}"));
        assert!(text.contains("aws_scheduler_schedule_group.report[0].name"), "{text}");
        assert!(!file("", "").contains("scheduler"));
    }

    #[test]
    fn what_scheduler_refuses_is_refused() {
        for (schedule, code) in [
            ("at = \"cron(0 3 * * *)\"", "invalid-value"),
            ("at = \"rate(1 hour)\"\ntime_zone = \"Asia/Kobe\"", "invalid-value"),
            ("at = \"rate(1 hour)\"\nretries = 186", "invalid-value"),
            ("", "missing-key"),
        ] {
            assert_eq!(codes(&task(&format!("schedule \"a\" {{\n{schedule}\n}}"), "")), [code], "{schedule}");
        }
        let label = NIGHTLY.replace("\"nightly\"", "\"every night\"");
        assert_eq!(codes(&task(&label, "")), ["invalid-name"]);
    }
}
