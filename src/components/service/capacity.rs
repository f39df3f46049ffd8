//! Capacity of a service: which of its tasks run on Fargate Spot, and whether there may be two at once.

use super::Service;
use crate::model::Checker;
use crate::settings::codes::INVALID_VALUE;
use crate::settings::settings;
use crate::settings::values::Int;
use crate::terms::{Term, View};

settings! {
    /// What the tasks of a service run on.
    pub struct Capacity {
        /// Share of the tasks in percent that run on Fargate Spot, for about a third of the price; those of `on_demand`
        /// do not count. AWS may take such a task away with a warning of two minutes. `spot = 0` goes back to Fargate
        /// alone, and so may an environment; to remove the setting replaces the service, which is then down for a while.
        spot: Option<Int<0, 100>>,
        /// How many tasks run on Fargate in any case before `spot` counts.
        on_demand: Option<Int<0, 100_000>>,
        /// Whether two tasks must never run at once, as of a scheduler that queues jobs. A deployment then stops the task
        /// before it starts the new one, so that for a while there is none.
        single: bool = false,
    }
}

impl Service {
    /// The rules of capacity.
    pub(super) fn check_capacity(&self, at: &mut Checker<'_>) {
        let Capacity { spot, on_demand, single } = &self.capacity;
        let second = [("scaling", self.scaling.is_some()), ("tasks", self.tasks.0 > 1)];
        for (setting, _) in second.into_iter().filter(|(_, written)| *single && *written) {
            let message = format!("`{setting}` lets a service with `single` have two tasks");
            at.error(&INVALID_VALUE, &[setting], message, |found| {
                found.help(format!("remove `{setting}`, or `single`"))
            });
        }
        match (spot, on_demand) {
            (None, Some(_)) => {
                at.error(
                    &INVALID_VALUE,
                    &["on_demand"],
                    "`on_demand` has no effect without `spot`",
                    |found| found.help("add `spot = 80`, a share in percent, or remove `on_demand`"),
                );
            }
            // A provider of weight 0 gets no tasks, not even those of its base (Amazon ECS API,
            // `CapacityProviderStrategyItem`).
            (Some(Int(100)), Some(base)) if base.0 > 0 => {
                let message = "with `spot = 100` no task runs on demand";
                at.error(&INVALID_VALUE, &["spot"], message, |found| {
                    found.help("write `spot = 99`, or `on_demand = 0`")
                });
            }
            _ => {}
        }
    }

    /// What the template prints for the capacity providers.
    pub(super) fn view_capacity(&self, view: &mut View) {
        let Capacity { spot, on_demand, single } = &self.capacity;
        view.set("least_percent", Term::optional(single.then_some(0)));
        view.set("most_percent", Term::optional(single.then_some(100)));
        view.shape("on_spot", "whether a service has `spot`", spot.is_some());
        let spot = spot.map_or(0, |percent| percent.0);
        view.set("spot_weight", spot);
        view.set("on_demand_weight", 100 - spot);
        view.set("on_demand_base", Term::optional(on_demand.map(|tasks| tasks.0)));
    }
}

#[cfg(test)]
mod tests {
    use crate::testing::{codes, generated, has_line, stack};

    fn service(settings: &str, overlay: &str) -> String {
        stack(&format!("service \"web\" {{\nimage = \"nginx:1\"\n{settings}\n}}"), overlay)
    }

    fn file(settings: &str, overlay: &str) -> String {
        generated(&service(settings, overlay), "modules/services/service_web.tf")
    }

    #[test]
    fn a_service_runs_on_fargate_alone_unless_it_says_otherwise() {
        let text = file("", "");
        assert_eq!(text.matches("capacity_provider_strategy {").count(), 1, "{text}");
        assert!(!text.contains("force_new_deployment") && !text.contains("FARGATE_SPOT"), "{text}");
    }

    #[test]
    fn a_share_of_the_tasks_runs_on_spot() {
        let text = file("spot = 80\non_demand = 1", "");
        for line in ["base = 1", "weight = 20", "weight = 80", "force_new_deployment = true"] {
            assert!(has_line(&text, line), "{line}: {text}");
        }
    }

    #[test]
    fn an_environment_may_keep_away_from_spot_without_a_replacement() {
        let text = file("spot = 100", "service \"web\" { spot = 0 }");
        for line in ["weight = var.service_web_spot_weight", "weight = var.service_web_on_demand_weight"] {
            assert!(has_line(&text, line), "{line}: {text}");
        }
        assert!(has_line(&text, "force_new_deployment = true"), "{text}");
    }

    #[test]
    fn a_single_task_goes_before_the_next_one_comes() {
        let text = file("single = true", "");
        for line in ["deployment_minimum_healthy_percent = 0", "deployment_maximum_percent = 100"] {
            assert!(has_line(&text, line), "{line}: {text}");
        }
        assert!(!file("", "").contains("_percent"));
        assert_eq!(codes(&service("single = true\ntasks = 2", "")), ["invalid-value"]);
        assert_eq!(
            codes(&service("single = true\nscaling {\nmin = 1\nmax = 2\ncpu = 60\n}", "")),
            ["invalid-value"]
        );
        assert!(codes(&service("single = true\ntasks = 0", "")).is_empty());
    }

    #[test]
    fn what_would_start_no_task_or_do_nothing_is_refused() {
        assert_eq!(codes(&service("on_demand = 1", "")), ["invalid-value"]);
        assert_eq!(codes(&service("spot = 100\non_demand = 1", "")), ["invalid-value"]);
        assert_eq!(codes(&service("", "service \"web\" { spot = 50 }")), ["cannot-differ"]);
    }
}
