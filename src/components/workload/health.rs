//! Health checks that ECS runs inside a container.

use std::sync::Arc;

use super::container::Member;
use crate::components::access::object;
use crate::model::Checker;
use crate::settings::codes::INVALID_VALUE;
use crate::settings::settings;
use crate::settings::values::Int;
use crate::terms::Term;

settings! {
    /// A command that ECS runs in the container; the container is well while it ends with the exit code 0. ECS does not
    /// look at a `HEALTHCHECK` of the image.
    pub struct HealthCheck {
        /// The command, as a list: `["curl", "-f", "http://127.0.0.1/"]`.
        command: Vec<Arc<str>>,
        /// The command as text for the container's shell, instead of `command`.
        shell: Option<Arc<str>>,
        /// Seconds between health checks.
        interval: Int<5, 300> = Int(30),
        /// Seconds after which a health check has failed.
        timeout: Int<2, 60> = Int(5),
        /// How many health checks fail one after the other until the container counts as unhealthy.
        retries: Int<1, 10> = Int(3),
        /// Seconds after its start during which failing health checks do not count.
        start_period: Option<Int<0, 300>>,
    }
}

impl HealthCheck {
    /// The rule that there is one command.
    pub(super) fn check(&self, member: &Member<'_>, at: &mut Checker<'_>) {
        let message = match (self.command.is_empty(), &self.shell) {
            (true, None) => "a health check without a command",
            (false, Some(_)) => "a health check with two commands",
            _ => return,
        };
        at.error(&INVALID_VALUE, &member.route(&["health_check"]), message, |found| {
            found.help(
                "write either `command = [\"curl\", \"-f\", \"http://127.0.0.1/\"]` or `shell = \"..\"`",
            )
        });
    }

    /// The health check in the form of ECS.
    pub(super) fn term(&self) -> Term {
        let command = match &self.shell {
            Some(text) => Term::strings(["CMD-SHELL", text]),
            None => Term::strings(["CMD"].into_iter().chain(self.command.iter().map(|word| &**word))),
        };
        let mut check = object([
            ("command", command),
            ("interval", Term::from(self.interval.0)),
            ("timeout", Term::from(self.timeout.0)),
            ("retries", Term::from(self.retries.0)),
        ]);
        if let (Term::Object(entries), Some(seconds)) = (&mut check, self.start_period) {
            entries.insert("startPeriod".into(), Term::from(seconds.0));
        }
        check
    }
}
