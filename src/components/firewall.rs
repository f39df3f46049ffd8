//! `firewall`: a WAF web ACL with rules of AWS in front of a load balancer, and the log of what it stopped.

use std::sync::Arc;

use crate::aws::limits::names::WEB_ACL;
use crate::aws::waf;
use crate::model::{Checker, Component, Context, Kind, PhysicalName};
use crate::settings::codes::INVALID_VALUE;
use crate::settings::input::{ComponentRef, Target};
use crate::settings::settings;
use crate::terms::{Id, Term, View};

/// The table line of this component.
pub static KIND: Kind = Kind {
    key: "firewall",
    module: "edge",
    template: include_str!("../../templates/modules/firewall.tf.tera"),
    data: &[],
    stays: &[],
    attributes: &[],
    implies: &["key"],
    needs: &[],
    whole: false,
    codes: &[],
    info: <Firewall as crate::settings::Settings>::info,
    read: crate::model::read::<Firewall>,
};

/// What a firewall stands in front of.
#[derive(Debug, Clone, PartialEq)]
pub struct Guarded;

impl Target for Guarded {
    const KINDS: &'static [&'static str] = &["load_balancer"];
}

settings! {
    /// A web application firewall (AWS WAF) in front of a load balancer. It blocks what the managed rule groups for common
    /// attacks and for known bad inputs find, counts requests from anonymous addresses, and logs what it blocked or
    /// counted. A load balancer can have one. WAF has a monthly price, so it usually is there in some environments only:
    /// `environments = ["production"]`.
    pub struct Firewall {
        /// The load balancer that it protects: `load_balancer.public`.
        load_balancer: ComponentRef<Guarded>,
        /// Managed rules that only count what they would block. Applications that take uploads need
        /// `SizeRestrictions_BODY` here, which blocks bodies of more than 8 KB.
        count: Vec<Arc<str>>,
    }
}

impl Firewall {
    /// The rules of a managed group that only count, by name.
    fn counting(&self, group: &[&str]) -> Vec<(String, View)> {
        let rules = self.count.iter().filter(|rule| group.contains(&&***rule));
        let mut rules: Vec<(String, View)> = rules.map(|rule| (rule.to_string(), View::default())).collect();
        rules.sort_by(|(one, _), (other, _)| one.cmp(other));
        rules
    }
}

/// The name of the web ACL.
fn name(id: &Id, context: &Context<'_>) -> Term {
    context.name_of(id, "aws_wafv2_web_acl", &id.name, Term::named(&id.dashed()))
}

impl Component for Firewall {
    fn check(&self, _id: &Id, at: &mut Checker<'_>) {
        let known = || waf::COMMON.iter().chain(waf::KNOWN_BAD_INPUTS).copied();
        for (index, rule) in self.count.iter().enumerate() {
            if !known().any(|known| known == &**rule) {
                let message = format!("`{rule}` is no rule of the managed groups");
                at.error(&INVALID_VALUE, &["count", &index.to_string()], message, |found| {
                    found.suggest(rule, known())
                });
            }
        }
    }

    fn names(&self, id: &Id, context: &Context<'_>) -> Vec<PhysicalName> {
        vec![PhysicalName::made(WEB_ACL, &name(id, context), context)]
    }

    fn view(&self, id: &Id, context: &Context<'_>) -> View {
        let mut view = View::default();
        view.set("name", name(id, context));
        let load_balancer = context.component(&self.load_balancer.reference);
        view.set("load_balancer_arn", load_balancer.map_or(Term::NULL, |id| Term::Export(id, "arn")));
        let what = "which rules of a firewall only count";
        view.nested("common", what, self.counting(waf::COMMON));
        view.nested("known_bad_inputs", what, self.counting(waf::KNOWN_BAD_INPUTS));
        view.set("log_retention", context.log_retention());
        view.set("key_arn", context.export("key", "arn"));
        view
    }
}

#[cfg(test)]
mod tests {
    use crate::testing::{codes, generated, has_line, stack};

    const LOAD_BALANCER: &str = "load_balancer \"public\" { https = false }\n";

    fn firewall(settings: &str) -> String {
        format!("firewall \"main\" {{\nload_balancer = load_balancer.public\n{settings}\n}}")
    }

    fn file(settings: &str) -> String {
        generated(
            &stack(&(LOAD_BALANCER.to_owned() + &firewall(settings)), ""),
            "modules/edge/firewall_main.tf",
        )
    }

    #[test]
    fn it_stands_in_front_of_its_load_balancer_and_logs_what_it_stops() {
        let text = file("");
        for line in [
            "resource_arn = aws_lb.public.arn",
            "name = \"aws-waf-logs-${var.name}-main\"",
            "kms_key_id = var.key_arn",
            "retention_in_days = var.protect ? 365 : 30",
        ] {
            assert!(has_line(&text, line), "{line}\n{text}");
        }
        assert!(!text.contains("rule_action_override"), "{text}");
    }

    #[test]
    fn rules_that_only_count_stand_in_their_group() {
        let text = file("count = [\"Log4JRCE_BODY\", \"SizeRestrictions_BODY\"]");
        let place = |what: &str| text.find(what).unwrap_or_else(|| panic!("{what}\n{text}"));
        let common = place("\"AWSManagedRulesCommonRuleSet\"");
        let bad = place("\"AWSManagedRulesKnownBadInputsRuleSet\"");
        assert!(common < place("\"SizeRestrictions_BODY\"") && place("\"SizeRestrictions_BODY\"") < bad);
        assert!(bad < place("\"Log4JRCE_BODY\""));
    }

    #[test]
    fn a_rule_that_no_group_has_is_a_mistake() {
        let text = stack(&(LOAD_BALANCER.to_owned() + &firewall("count = [\"SizeRestriction_BODY\"]")), "");
        assert_eq!(codes(&text), ["invalid-value"]);
    }

    #[test]
    fn it_may_stand_in_one_environment_only() {
        let text = file("environments = [\"production\"]");
        assert_eq!(text.matches("count = var.firewall_main_exists ? 1 : 0").count(), 4, "{text}");
    }
}
