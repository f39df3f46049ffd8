//! A load balancer that exists: services attach their rules to one of its listeners.

use std::sync::Arc;

use crate::model::{Checker, Component, Context};
use crate::settings::codes::INVALID_VALUE;
use crate::settings::input::Input;
use crate::settings::settings;
use crate::terms::{Drawing, Export, Id, Metrics, Offer, Offered, Site, Term, View};

settings! {
    /// A load balancer that exists.
    pub struct ExistingLoadBalancer {
        /// A load balancer that exists, to be used instead. Besides it only `domain` and `https` are written, for `url`.
        existing: Existing,
        /// Whether it serves HTTPS.
        https: bool = true,
        /// Domain name that it serves.
        domain: Option<Input>,
    }
}

settings! {
    /// A load balancer that exists, and the listener that gets the rules of services. Certificate and DNS records stay
    /// where they are kept.
    pub struct Existing {
        /// ARN of the listener.
        listener_arn: Arc<str>,
        /// Id of the load balancer's security group, `sg-..`; rules towards the tasks are added to it.
        security_group: Arc<str>,
        /// The name AWS gives the load balancer.
        dns_name: Arc<str>,
    }
}

impl ExistingLoadBalancer {
    /// What the ARN of the listener says of the load balancer: all before its name, and its name with its id.
    fn load_balancer(&self) -> Option<(&str, &str)> {
        let (before, path) = self.existing.listener_arn.split_once(":listener/")?;
        let (suffix, _) = path.rsplit_once('/')?;
        (before.starts_with("arn:") && suffix.starts_with("app/")).then_some((before, suffix))
    }
}

impl Component for ExistingLoadBalancer {
    fn check(&self, _id: &Id, at: &mut Checker<'_>) {
        let Existing { listener_arn, security_group, .. } = &self.existing;
        if self.load_balancer().is_none() {
            let message = format!("`{listener_arn}` is no ARN of a listener");
            at.error(&INVALID_VALUE, &["existing", "listener_arn"], message, |found| {
                found.help("write it like `arn:aws:elasticloadbalancing:<region>:<account>:listener/app/<name>/<id>/<id>`")
            });
        }
        if !security_group.starts_with("sg-") {
            let message = format!("`{security_group}` is no id of a security group");
            at.error(&INVALID_VALUE, &["existing", "security_group"], message, |found| {
                found.help("write the group's id, which begins with `sg-`")
            });
        }
    }

    fn offer(&self, id: &Id, attribute: &str) -> Option<Offer> {
        let name = match attribute {
            "dns_name" => "dns_name",
            "url" if self.domain.is_some() => "url",
            _ => return None,
        };
        Some(Offer { value: Offered::Plain(Term::Export(id.clone(), name)), grants: Vec::new() })
    }

    fn exports(&self, _id: &Id, context: &Context<'_>) -> Vec<Export> {
        let Existing { listener_arn, security_group, dns_name } = &self.existing;
        let given = |name, description, value: &Arc<str>| {
            Export::string(name, description, Term::string(value.clone()))
        };
        let (before, suffix) = self.load_balancer().unwrap_or_default();
        let mut exports = vec![
            Export::string(
                "arn",
                "ARN of the load balancer.",
                Term::string(format!("{before}:loadbalancer/{suffix}")),
            ),
            Export::string(
                "arn_suffix",
                "Part of the load balancer's ARN by which CloudWatch knows it.",
                Term::string(suffix),
            ),
            given("dns_name", "DNS name of the load balancer.", dns_name),
            given("listener_arn", "Listener that carries the rules of services.", listener_arn),
            given("security_group_id", "Security group of the load balancer.", security_group),
        ];
        if let Some(domain) = &self.domain {
            let scheme = Term::string(if self.https { "https" } else { "http" });
            let url = Term::Template(vec![scheme, Term::string("://"), context.plain(domain)]);
            exports.push(Export::string("url", "Address of what the load balancer serves.", url));
        }
        exports
    }

    fn metrics(&self, id: &Id, _context: &Context<'_>) -> Vec<Metrics> {
        let dimensions = vec![("LoadBalancer", Term::Export(id.clone(), "arn_suffix"))];
        vec![Metrics { namespace: "AWS/ApplicationELB", dimensions }]
    }

    fn drawing(&self, _id: &Id, context: &Context<'_>) -> Drawing {
        let domain = self.domain.as_ref().and_then(|domain| context.text(domain));
        let by = if self.https { "HTTPS 443" } else { "HTTP 80" };
        Drawing::at(Site::Public).maybe("domain", domain, "").reached("Internet", by)
    }

    fn view(&self, _id: &Id, _context: &Context<'_>) -> View {
        let mut view = View::default();
        view.group("created", None);
        view.items("ingress", []);
        view.items("records", []);
        view
    }
}

#[cfg(test)]
mod tests {
    use crate::testing::{codes, generated, has_line, stack};

    const LISTENER: &str = "arn:aws:elasticloadbalancing:eu-west-1:111111111111:listener/app/shared/50dc6c495c0c9188/f2f7dc8efc522ab2";

    fn with(settings: &str, overlay: &str) -> String {
        let service = "service \"web\" {\nimage = \"nginx:1\"\nport = 80\nroute \"/\" {}\n\
                       environment = { URL = load_balancer.main.url }\n}";
        stack(&format!("load_balancer \"main\" {{\n{settings}\n}}\n{service}"), overlay)
    }

    fn existing() -> String {
        format!(
            "domain = environment.domain\nexisting {{\nlistener_arn = \"{LISTENER}\"\nsecurity_group = \"sg-0lb\"\n\
             dns_name = \"shared-1.eu-west-1.elb.amazonaws.com\"\n}}"
        )
    }

    #[test]
    fn services_attach_their_rules_to_the_listener_that_exists() {
        let text = generated(&with(&existing(), ""), "modules/services/service_web.tf");
        for line in [
            format!("listener_arn = \"{LISTENER}\""),
            "referenced_security_group_id = \"sg-0lb\"".to_owned(),
            "security_group_id = \"sg-0lb\"".to_owned(),
        ] {
            assert!(has_line(&text, &line), "{line}: {text}");
        }
        assert!(text.contains("\"https://${var.domain}\""), "{text}");
    }

    #[test]
    fn one_environment_may_use_a_load_balancer_that_exists() {
        let overlay = format!("load_balancer \"main\" {{\nzone = null\n{}\n}}", existing());
        let text = with("domain = environment.domain\nzone = \"Z1\"", &overlay);
        let load_balancer = generated(&text, "modules/edge/load_balancer_main.tf");
        assert!(
            has_line(&load_balancer, "count = var.load_balancer_main_created ? 1 : 0"),
            "{load_balancer}"
        );
        assert!(load_balancer.contains("aws_lb.main[0].arn"), "{load_balancer}");
    }

    #[test]
    fn what_is_no_listener_and_what_has_no_effect_is_refused() {
        assert_eq!(
            codes(&with(&existing().replace("listener/app", "loadbalancer/app"), "")),
            ["invalid-value"]
        );
        assert_eq!(codes(&with(&format!("zone = \"Z1\"\n{}", existing()), "")), ["existing-form"]);
        let logged = with(&format!("access_logs = bucket.logs\n{}", existing()), "");
        assert_eq!(codes(&format!("{logged}\nbucket \"logs\" {{}}")), ["existing-form"]);
    }
}
