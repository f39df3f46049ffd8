//! `load_balancer`: an Application Load Balancer with its listeners, its certificate and its DNS records.
//!
//! Makes no rules: services attach theirs to the listener it exports, and open its security group towards themselves.

mod check;
mod existing;
mod served;

use std::sync::Arc;

use existing::ExistingLoadBalancer;

use super::membership::Membership;
use crate::aws::limits::names::LOAD_BALANCER;
use crate::model::{Attribute, Checker, Component, Context, Kind, PhysicalName};
use crate::settings::input::Input;
use crate::settings::values::Int;
use crate::settings::{Settings, settings};
use crate::terms::{Export, Id, Literal, Offer, Offered, Output, Term, View};

/// The table line of this component.
pub static KIND: Kind = Kind {
    key: "load_balancer",
    module: "edge",
    template: include_str!("../../templates/modules/load_balancer.tf.tera"),
    data: &[],
    attributes: &[
        Attribute::plain(
            "dns_name",
            "The name AWS gives it. Point a CNAME here when DNS is kept outside the stack.",
        ),
        Attribute::plain("url", "`https://` and the `domain`; `http://` without `https`."),
    ],
    implies: &[],
    needs: &["network"],
    whole: true,
    codes: &[&check::CERTIFICATE_NEEDED, &check::DOMAIN_NEEDED],
    info: || crate::model::existing::info(LoadBalancer::info(), ExistingLoadBalancer::info()),
    read: crate::model::existing::read::<LoadBalancer, ExistingLoadBalancer>,
};

settings! {
    /// An Application Load Balancer. The `route` blocks of services lead from it to their tasks; a request that no
    /// route matches gets a 404.
    pub struct LoadBalancer {
        ..membership: Membership,
        /// Whether it serves HTTPS; plain HTTP is then only redirected. Without it everything is served over HTTP.
        https: bool = true,
        /// Domain name that it serves, usually `environment.domain`.
        domain: Option<Input>,
        /// Further names for the certificate and the DNS records.
        aliases: Vec<Input>,
        /// Id of the Route 53 hosted zone, `Z..`, that the names belong to: the certificate is validated there, and
        /// the names lead to the load balancer. Without it DNS is kept elsewhere.
        zone: Option<Arc<str>>,
        /// Whether the names lead here. Without it the certificate is validated in the `zone`, but the names stay where
        /// they are: a migration moves them last, by this line alone.
        records: bool = true,
        /// ARN of a certificate that exists; made and renewed by ACM otherwise, which needs a `zone`.
        certificate: Option<Arc<str>>,
        /// Whether it is only reachable from inside the VPC and the networks connected to it.
        internal: bool = false,
        /// Seconds that a connection may be silent. By default the largest `idle_timeout` of the routes that lead from
        /// here, and at least 60.
        idle_timeout: Option<Int<1, 4_000>>,
        /// IPv4 ranges that may connect; everybody by default.
        allow: Vec<Arc<str>> = vec![ANYWHERE.into()],
    }
}

/// The range of all IPv4 addresses.
const ANYWHERE: &str = "0.0.0.0/0";

/// The idle timeout of a load balancer that asks for none, in seconds (Elastic Load Balancing, "Load balancer
/// attributes").
const IDLE_TIMEOUT: i64 = 60;

impl LoadBalancer {
    /// Whether it serves HTTPS, as a term. Its column is that of the group of the HTTPS listener.
    fn is_https(&self) -> Term {
        Term::Named("https_exists", Literal::Bool(self.https))
    }

    /// Whether ACM makes a certificate, rather than one that exists being used.
    fn makes_certificate(&self) -> bool {
        self.https && self.certificate.is_none()
    }

    /// Seconds that a connection may be silent: the longest that a route from here asks for.
    fn idle_timeout(&self, id: &Id, context: &Context<'_>) -> i64 {
        let components = context.environment.components.values();
        let routes = components.flat_map(|entry| entry.component.routes(context));
        let asked = routes.filter(|route| route.load_balancer == *id).filter_map(|route| route.idle_timeout);
        match self.idle_timeout {
            Some(chosen) => chosen.0,
            None => asked.max().unwrap_or_default().max(IDLE_TIMEOUT),
        }
    }

    /// The ports that are open, and to whom: a rule for each pair, by label.
    fn ingress(&self) -> Vec<(String, View)> {
        let ports: &[(&str, i64)] =
            if self.https { &[("http", 80), ("https", 443)] } else { &[("http", 80)] };
        let pairs = ports.iter().flat_map(|port| self.allow.iter().map(move |range| (port, range)));
        let rules = pairs.map(|(&(protocol, port), range)| {
            let (key, from) = match &**range {
                ANYWHERE => (protocol.to_owned(), "anywhere".to_owned()),
                range => (format!("{protocol}_{}", range.replace(['.', '/'], "_")), range.to_owned()),
            };
            let mut rule = View::default();
            rule.set("description", Term::string(format!("{} from {from}", protocol.to_uppercase())));
            rule.set("range", Term::string(range.clone()));
            rule.set("port", port);
            (key, rule)
        });
        rules.collect()
    }
}

impl Component for LoadBalancer {
    fn check(&self, _id: &Id, at: &mut Checker<'_>) {
        self.check_settings(at);
        self.membership.check(at);
    }

    fn offer(&self, id: &Id, attribute: &str) -> Option<Offer> {
        let name = match attribute {
            "dns_name" => "dns_name",
            "url" if self.domain.is_some() => "url",
            _ => return None,
        };
        Some(Offer { value: Offered::Plain(Term::Export(id.clone(), name)), grants: Vec::new() })
    }

    fn memberships(&self, context: &Context<'_>) -> Vec<Id> {
        self.membership.ids(context)
    }

    fn names(&self, id: &Id, context: &Context<'_>) -> Vec<PhysicalName> {
        vec![PhysicalName { limit: LOAD_BALANCER, setting: "", name: context.physical(&id.dashed()) }]
    }

    fn exports(&self, id: &Id, context: &Context<'_>) -> Vec<Export> {
        let export = Export::string;
        let listener = |group, label: &str| {
            Term::own_in(group, "aws_lb_listener", &format!("{}_{label}", id.name), "arn")
        };
        let mut exports = vec![
            export("arn", "ARN of the load balancer.", Term::own_in("created", "aws_lb", &id.name, "arn")),
            export(
                "dns_name",
                "DNS name of the load balancer.",
                Term::own_in("created", "aws_lb", &id.name, "dns_name"),
            ),
            export(
                "zone_id",
                "Hosted zone of the load balancer's DNS name, for alias records.",
                Term::own_in("created", "aws_lb", &id.name, "zone_id"),
            ),
            export(
                "listener_arn",
                "Listener that carries the rules of services.",
                Term::choose(self.is_https(), listener("https", "https"), listener("http", "http")),
            ),
            export(
                "security_group_id",
                "Security group of the load balancer.",
                Term::own_in("created", "aws_security_group", &id.ident(), "id"),
            ),
        ];
        if let Some(domain) = &self.domain {
            let scheme = Term::choose(self.is_https(), "https", "http");
            let url = Term::Template(vec![scheme, Term::string("://"), context.plain(domain)]);
            exports.push(export("url", "Address of what the load balancer serves.", url));
        }
        exports
    }

    fn view(&self, id: &Id, context: &Context<'_>) -> View {
        let mut view = View::default();
        view.group("created", Some(View::default()));
        view.set("name", Term::named(&id.dashed()));
        view.set("internal", self.internal);
        let subnets = if self.internal { "task_subnet_ids" } else { "public_subnet_ids" };
        view.set("subnet_ids", context.export("network", subnets));
        let own = Term::own_in("created", "aws_security_group", &id.ident(), "id");
        view.set("security_groups", self.membership.with(own, context));
        view.set("idle_timeout", self.idle_timeout(id, context));
        view.set("protect", context.protect());
        view.set("vpc_id", context.export("network", "vpc_id"));
        view.set("security_group_prefix", Term::named(&format!("load-balancer-{}-", id.dashed())));
        view.set("zone", Term::optional(self.zone.clone().map(Literal::String)));
        view.items("ingress", self.ingress());
        view.group("http", (!self.https).then(View::default));
        view.group(
            "https",
            self.https.then(|| {
                let mut https = View::default();
                https.set(
                    "certificate_arn",
                    match &self.certificate {
                        Some(arn) => Term::string(arn.clone()),
                        None => Term::own_in(
                            "certificate",
                            "aws_acm_certificate_validation",
                            &id.name,
                            "certificate_arn",
                        ),
                    },
                );
                https
            }),
        );
        let names = self.served(id, context);
        view.group(
            "certificate",
            self.makes_certificate().then(|| {
                let mut certificate = View::default();
                let mut names = names.iter().map(|(_, name)| name.clone());
                certificate.set("names", Term::List(names.clone().collect()));
                certificate.set("domain", names.next().unwrap_or(Term::NULL));
                let further: Vec<Term> = names.collect();
                certificate.set("aliases", if further.is_empty() { Term::NULL } else { Term::List(further) });
                certificate
            }),
        );
        view.items(
            "records",
            names.into_iter().filter(|_| self.zone.is_some() && self.records).map(|(label, name)| {
                let mut record = View::default();
                record.set("name", name);
                (label, record)
            }),
        );
        view
    }

    fn outputs(&self, id: &Id, _context: &Context<'_>) -> Vec<Output> {
        let output = |name, description: &str| Output {
            name,
            description: format!("{description} of the load balancer `{}`.", id.name),
            term: Term::Export(id.clone(), name),
        };
        let url = self.domain.is_some().then(|| output("url", "Address"));
        // For records that are made elsewhere.
        let zone = (!self.records).then(|| output("zone_id", "Hosted zone of the DNS name"));
        [output("dns_name", "DNS name")].into_iter().chain(zone).chain(url).collect()
    }
}

#[cfg(test)]
mod tests {
    use crate::testing::compile;

    const HEAD: &str = r#"
stack "shop" { region = "eu-west-1" }
environment "staging" {
  account = "111111111111"
  domain  = "staging.example.com"
}
environment "production" {
  account = "222222222222"
  domain  = "example.com"
  OVERLAY
}
network "main" {
  cidr  = "10.20.0.0/16"
  zones = ["a", "b"]
}
"#;

    const CERTIFICATE: &str = "arn:aws:acm:eu-west-1:111111111111:certificate/0a1b";

    /// The file of the load balancer `public` with these settings, and this overlay in production.
    fn file(settings: &str, overlay: &str) -> String {
        let block = format!("load_balancer \"public\" {{\n{settings}\n}}");
        let (found, mut tree) = compile(&(HEAD.replace("OVERLAY", overlay) + &block));
        assert!(found.is_empty(), "{found:?}");
        tree.files.remove("modules/edge/load_balancer_public.tf").expect("the load balancer has a file")
    }

    #[test]
    fn a_zone_gets_the_records_and_validates_the_certificate() {
        let text =
            file("domain = environment.domain\naliases = [\"www.${environment.domain}\"]\nzone = \"Z1\"", "");
        assert!(text.contains("subject_alternative_names = [\"www.${var.domain}\"]"), "{text}");
        assert!(
            text.contains("certificate_arn   = aws_acm_certificate_validation.public.certificate_arn"),
            "{text}"
        );
        for label in ["public_validation", "public", "public_www_environment_domain"] {
            assert!(text.contains(&format!("\"aws_route53_record\" \"{label}\"")), "{label}: {text}");
        }
    }

    #[test]
    fn names_may_stay_where_they_are_while_the_certificate_is_made() {
        let text = file("domain = environment.domain\nzone = \"Z1\"\nrecords = false", "");
        assert!(text.contains("\"aws_route53_record\" \"public_validation\""), "{text}");
        assert!(!text.contains("\"aws_route53_record\" \"public\""), "{text}");
    }

    #[test]
    fn a_certificate_that_exists_is_used_and_nothing_is_recorded() {
        let text = file(&format!("domain = environment.domain\ncertificate = \"{CERTIFICATE}\""), "");
        assert!(text.contains(&format!("certificate_arn   = \"{CERTIFICATE}\"")), "{text}");
        assert!(!text.contains("aws_acm_") && !text.contains("aws_route53_"), "{text}");
    }

    #[test]
    fn plain_http_only_redirects_unless_there_is_no_https() {
        let with = file(&format!("certificate = \"{CERTIFICATE}\""), "");
        assert_eq!(with.matches("type = \"redirect\"").count(), 1, "{with}");
        assert_eq!(with.matches("type = \"fixed-response\"").count(), 1, "{with}");
        let without = file("https = false", "");
        assert!(!without.contains("redirect") && !without.contains("443"), "{without}");
    }

    #[test]
    fn https_may_differ_between_environments() {
        let overlay =
            format!("load_balancer \"public\" {{\nhttps = true\ncertificate = \"{CERTIFICATE}\"\n}}");
        let text = file("https = false", &overlay);
        for label in ["public_https", "public_redirect", "public_http", "load_balancer_public_https"] {
            let (_, after) = text.split_once(&format!("\"{label}\" {{\n")).expect(label);
            assert!(after.starts_with("  count = var.load_balancer_public_"), "{label}: {text}");
        }
    }

    #[test]
    fn everybody_may_connect_unless_ranges_are_given() {
        assert!(file("https = false", "").contains("\"0.0.0.0/0\""));
        let text = file("https = false\nallow = [\"10.0.0.0/8\", \"192.0.2.0/24\"]", "");
        assert_eq!(text.matches("aws_vpc_security_group_ingress_rule").count(), 2, "{text}");
        assert!(!text.contains("\"0.0.0.0/0\""), "{text}");
        assert!(text.contains("\"HTTP from 192.0.2.0/24\""), "{text}");
    }

    #[test]
    fn an_internal_one_stands_in_the_subnets_of_tasks() {
        let text = file("https = false\ninternal = true", "");
        assert!(text.contains("subnets            = var.network_task_subnet_ids"), "{text}");
    }

    const SERVICES: &str = r#"
app "shop" {
  image = "example/shop:1"
  service "web" {
    port = 3000
    route "/" {}
  }
  service "streaming" {
    port = 4000
    route "/api/v1/streaming*" { idle_timeout = 300 }
  }
}
load_balancer "public" {
  https = false
  SETTINGS
}
"#;

    #[test]
    fn routes_lead_to_their_services_which_wait_for_them() {
        let (found, tree) = compile(&(HEAD.replace("OVERLAY", "") + &SERVICES.replace("SETTINGS", "")));
        assert!(found.is_empty(), "{found:?}");
        for (service, label, path, port) in [
            ("web", "web_root", "/*", 3000),
            ("streaming", "streaming_api_v1_streaming", "/api/v1/streaming*", 4000),
        ] {
            let text = &tree.files[&format!("modules/services/service_{service}.tf")];
            assert!(text.contains(&format!("    aws_lb_listener_rule.{label},\n")), "{text}");
            assert!(text.contains(&format!("values = [\"{path}\"]")), "{text}");
            assert!(text.contains(&format!("container_port   = {port}")), "{text}");
            assert!(text.contains("listener_arn = var.load_balancer_public_listener_arn"), "{text}");
        }
        let listener = "value       = aws_lb_listener.public_http.arn";
        assert!(tree.files["modules/edge/outputs.tf"].contains(listener));
    }

    #[test]
    fn the_idle_timeout_is_the_longest_of_its_routes_unless_it_is_given() {
        for (settings, routes, expected) in
            [("", "300", 300), ("", "20", 60), ("idle_timeout = 90", "300", 90)]
        {
            let services = SERVICES.replace("SETTINGS", settings).replace("300", routes);
            let (found, tree) = compile(&(HEAD.replace("OVERLAY", "") + &services));
            assert!(found.is_empty(), "{found:?}");
            let text = &tree.files["modules/edge/load_balancer_public.tf"];
            assert!(text.contains(&format!("idle_timeout       = {expected}\n")), "{expected}: {text}");
        }
    }
}
