//! A target group that exists, of a load balancer that is no part of the stack.

use std::sync::Arc;

use super::Service;
use crate::model::Checker;
use crate::settings::codes::INVALID_VALUE;
use crate::settings::settings;
use crate::terms::{Literal, Term, View};

settings! {
    /// What a service joins besides its own target group.
    pub struct Attachment {
        /// A target group that exists, which the tasks join on the `port` of the service.
        target_group: Option<TargetGroup>,
    }
}

settings! {
    /// A target group that exists, of the type `ip`. Its listener rules and its health check are kept elsewhere.
    pub struct TargetGroup {
        /// ARN of the target group.
        arn: Arc<str>,
        /// Id of the load balancer's security group, `sg-..`, which is let in on the `port`. Without it no rule is made:
        /// join a `security_group` of the load balancer.
        security_group: Option<Arc<str>>,
    }
}

impl Service {
    /// The rules of a target group that exists.
    pub(super) fn check_attachment(&self, at: &mut Checker<'_>) {
        let Some(group) = &self.attachment.target_group else { return };
        if !(group.arn.starts_with("arn:") && group.arn.contains(":targetgroup/")) {
            let message = format!("`{}` is no ARN of a target group", group.arn);
            at.error(&INVALID_VALUE, &["target_group", "arn"], message, |found| {
                found.help(
                    "write it like `arn:aws:elasticloadbalancing:<region>:<account>:targetgroup/<name>/<id>`",
                )
            });
        }
        if self.ports.port.is_none() {
            let message = "a target group, but no port that it could lead to";
            at.error(&INVALID_VALUE, &["target_group"], message, |found| {
                found.help("add `port = 3000`, the port the container listens on")
            });
        }
    }

    /// What the template prints for a target group that exists.
    pub(super) fn view_attachment(&self, view: &mut View) {
        let group = self.attachment.target_group.as_ref();
        view.shape("attached", "whether a service has a `target_group`", group.is_some());
        view.set("attached_arn", Term::optional(group.map(|group| Literal::String(group.arn.clone()))));
        view.set("attached_port", Term::optional(self.ports.port.map(|port| port.0)));
        view.group(
            "attached_from",
            group.and_then(|group| group.security_group.as_ref()).map(|id| {
                let mut rule = View::default();
                rule.set("security_group_id", Term::string(id.clone()));
                rule
            }),
        );
    }
}

#[cfg(test)]
mod tests {
    use crate::testing::{codes, generated, has_line, stack};

    const ARN: &str = "arn:aws:elasticloadbalancing:eu-west-1:111111111111:targetgroup/web/73e2d6bc24d8a067";

    fn service(settings: &str) -> String {
        stack(&format!("service \"web\" {{\nimage = \"nginx:1\"\n{settings}\n}}"), "")
    }

    #[test]
    fn tasks_join_a_target_group_that_exists() {
        let group = format!("port = 3000\ntarget_group {{\narn = \"{ARN}\"\nsecurity_group = \"sg-0lb\"\n}}");
        let text = generated(&service(&group), "modules/services/service_web.tf");
        for line in [
            format!("target_group_arn = \"{ARN}\""),
            "container_port = 3000".to_owned(),
            "referenced_security_group_id = \"sg-0lb\"".to_owned(),
        ] {
            assert!(has_line(&text, &line), "{line}: {text}");
        }
        assert!(!text.contains("aws_lb_"), "{text}");
    }

    #[test]
    fn a_target_group_needs_a_port_and_is_named_by_its_arn() {
        assert_eq!(codes(&service(&format!("target_group {{ arn = \"{ARN}\" }}"))), ["invalid-value"]);
        assert_eq!(codes(&service("port = 1\ntarget_group { arn = \"web\" }")), ["invalid-value"]);
    }
}
