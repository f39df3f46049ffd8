//! `load_balancer`: an Application Load Balancer with its listeners, its certificate and its DNS records.
//!
//! Makes no rules: services attach theirs to the listener it exports, and open its security group towards themselves.

mod check;
mod existing;
mod served;

use std::sync::Arc;

use existing::ExistingLoadBalancer;

use super::access::object;
use super::access_logs::{LOAD_BALANCERS, LogBucket};
use super::membership::Membership;
use crate::aws::limits::names::LOAD_BALANCER;
use crate::model::{Attribute, Checker, Component, Context, Kind, PhysicalName};
use crate::settings::input::{ComponentRef, Input};
use crate::settings::values::Int;
use crate::settings::{Settings, settings};
use crate::terms::{
    Admission, Drawing, Export, Id, Literal, Metrics, Offer, Offered, Output, Site, Term, View,
};

/// The table line of this component.
pub static KIND: Kind = Kind {
    key: "load_balancer",
    module: "edge",
    template: include_str!("../../templates/modules/load_balancer.tf.tera"),
    data: &[],
    stays: &[],
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
        /// The bucket that keeps a log of every request, `bucket.logs`: for a year in protected environments, otherwise
        /// for a month. S3 then encrypts that bucket with its own key, the only one that log deliveries can use.
        access_logs: Option<ComponentRef<LogBucket>>,
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
        let components = context.environment.components.iter();
        let routes = components.flat_map(|(owner, entry)| entry.component.routes(owner, context));
        let asked = routes.filter(|route| route.load_balancer == *id).filter_map(|route| route.idle_timeout);
        match self.idle_timeout {
            Some(chosen) => chosen.0,
            None => asked.max().unwrap_or_default().max(IDLE_TIMEOUT),
        }
    }

    /// The bucket that keeps its access logs.
    fn log_bucket(&self, context: &Context<'_>) -> Option<Id> {
        self.access_logs.as_ref().and_then(|bucket| context.component(&bucket.reference))
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

/// The name of the load balancer.
fn name(id: &Id, context: &Context<'_>) -> Term {
    context.name_of(id, "aws_lb", &id.name, Term::named(&id.dashed()))
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

    fn admissions(&self, id: &Id, context: &Context<'_>) -> Vec<Admission> {
        let Some(to) = self.log_bucket(context) else { return Vec::new() };
        let arn = Term::Template(vec![
            Term::string(format!("arn:{}:elasticloadbalancing:", context.partition())),
            context.region(),
            Term::string(":"),
            context.account(),
            Term::string(":loadbalancer/app/"),
            name(id, context),
            Term::string("/*"),
        ]);
        let condition = object([("ArnLike", object([("aws:SourceArn", arn)]))]);
        vec![LOAD_BALANCERS.admission(id, to, condition)]
    }

    fn names(&self, id: &Id, context: &Context<'_>) -> Vec<PhysicalName> {
        vec![PhysicalName::made(LOAD_BALANCER, &name(id, context), context)]
    }

    fn exports(&self, id: &Id, context: &Context<'_>) -> Vec<Export> {
        let export = Export::string;
        let listener = |group, label: &str| {
            Term::own_in(group, "aws_lb_listener", &format!("{}_{label}", id.name), "arn")
        };
        let own = |attribute| Term::own_in("created", "aws_lb", &id.name, attribute);
        let mut exports = vec![
            export("arn", "ARN of the load balancer.", own("arn")),
            export(
                "arn_suffix",
                "Part of the load balancer's ARN by which CloudWatch knows it.",
                own("arn_suffix"),
            ),
            export("dns_name", "DNS name of the load balancer.", own("dns_name")),
            export(
                "zone_id",
                "Hosted zone of the load balancer's DNS name, for alias records.",
                own("zone_id"),
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

    fn metrics(&self, id: &Id, _context: &Context<'_>) -> Vec<Metrics> {
        let dimensions = vec![("LoadBalancer", Term::Export(id.clone(), "arn_suffix"))];
        vec![Metrics { namespace: "AWS/ApplicationELB", dimensions }]
    }

    fn drawing(&self, _id: &Id, context: &Context<'_>) -> Drawing {
        let everybody = self.allow.iter().any(|range| **range == *ANYWHERE);
        let from = match (self.internal, everybody) {
            (true, _) => "Connected networks",
            (false, true) => "Internet",
            (false, false) => "Allowed networks",
        };
        let domain = self.domain.as_ref().and_then(|domain| context.text(domain));
        let by = if self.https { "HTTPS 443" } else { "HTTP 80" };
        Drawing::at(Site::Public).maybe("domain", domain, "").reached(from, by)
    }

    fn view(&self, id: &Id, context: &Context<'_>) -> View {
        let mut view = View::default();
        view.group("created", Some(View::default()));
        view.set("name", name(id, context));
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
        let log_bucket = self.log_bucket(context);
        let logged = Term::Named("logged", Literal::Bool(log_bucket.is_some()));
        view.flag("logs", log_bucket.is_some());
        view.set("logged", logged.clone());
        // The block needs a name even where it is switched off.
        let log_bucket = log_bucket.map_or(Term::NULL, |bucket| Term::Export(bucket, "log_bucket"));
        view.set("log_bucket", Term::choose(logged, log_bucket, ""));
        view.set("log_prefix", Term::string(LOAD_BALANCERS.prefix));
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
mod tests;
