//! A cache that exists in the VPC, or one that somebody else runs outside AWS.

use std::sync::Arc;

use crate::model::{COMMON_KEYS, Component, Context, existing};
use crate::settings::input::{ComponentRef, Reference, Target};
use crate::settings::values::Int;
use crate::settings::{BlockInfo, Reading, Settings, settings};
use crate::source::Span;
use crate::syntax::Table;
use crate::terms::{Drawing, Export, Grant, Id, Literal, Offer, Offered, Site, Term, View};

use super::Cache;

/// A reference to a secret.
#[derive(Debug, Clone)]
pub struct SecretTarget;

impl Target for SecretTarget {
    const KINDS: &'static [&'static str] = &["secret"];
}

settings! {
    /// A cache that exists.
    pub struct ExistingCache {
        /// A cache that exists, to be used instead; nothing else is then written here.
        existing: Existing,
    }
}

settings! {
    /// Where a cache is that exists, and who may connect.
    pub struct Existing {
        /// DNS name of the primary node, without the port.
        host: Arc<str>,
        /// TCP port.
        port: Int<1, 65_535> = Int(6_379),
        /// Whether it speaks TLS: the `url` then begins with `rediss://`, otherwise with `redis://`.
        tls: bool = true,
        /// The URL, when a password stands in it: `secret.redis_url`.
        url: Option<ComponentRef<SecretTarget>>,
        /// Id of its security group, `sg-..`. What refers to the cache is let in there. Without it no rule is made:
        /// join a `security_group` that may connect.
        security_group: Option<Arc<str>>,
    }
}

settings! {
    /// A cache outside AWS.
    pub struct OutsideCache {
        /// The URL of a cache that somebody runs outside AWS, which is a secret: `secret.redis_url`. Nothing is created
        /// then, and the other settings wait until this line is gone. Its port has to stand in the `egress` of what
        /// connects.
        outside: ComponentRef<SecretTarget>,
    }
}

/// The settings of all forms.
pub(super) fn info() -> BlockInfo {
    existing::info(existing::info(Cache::info(), ExistingCache::info()), OutsideCache::info())
}

/// Reads a cache in the form that it has.
pub(super) fn read(table: &Table, header: Span, reading: &mut Reading) -> Option<Box<dyn Component>> {
    if table.get("outside").is_none() {
        return existing::read::<Cache, ExistingCache>(table, header, reading);
    }
    let fields = info().fields;
    let others: Vec<&str> = fields.iter().map(|field| field.name).collect();
    let cache = OutsideCache::read_block(table, header, &[COMMON_KEYS, &others].concat(), reading)?;
    Some(Box::new(cache))
}

impl Component for ExistingCache {
    fn offer(&self, id: &Id, attribute: &str) -> Option<Offer> {
        let Existing { port, tls, security_group, .. } = &self.existing;
        let host = Term::Export(id.clone(), "host");
        let value = match attribute {
            "host" => host,
            "port" => Term::from(port.0),
            "url" => {
                let scheme = if *tls { "rediss://" } else { "redis://" };
                Term::Template(vec![Term::string(scheme), host, Term::string(format!(":{}", port.0))])
            }
            _ => return None,
        };
        let port = u16::try_from(port.0).ok()?;
        let connect = security_group.is_some().then(|| Grant::Connect { to: id.clone(), port });
        Some(Offer { value: Offered::Plain(value), grants: connect.into_iter().collect() })
    }

    fn stands_for(&self, attribute: &str) -> Option<&Reference> {
        let url = self.existing.url.as_ref().filter(|_| attribute == "url")?;
        Some(&url.reference)
    }

    fn exports(&self, _id: &Id, _context: &Context<'_>) -> Vec<Export> {
        let group = Term::optional(self.existing.security_group.clone().map(Literal::String));
        let host = Term::string(self.existing.host.clone());
        vec![
            Export::string("host", "DNS name of the cache's primary node.", host),
            Export::string("security_group_id", "Security group of the cache.", group),
        ]
    }

    fn drawing(&self, _id: &Id, _context: &Context<'_>) -> Drawing {
        Drawing::at(Site::Data).line("host", &self.existing.host, "")
    }

    fn view(&self, _id: &Id, _context: &Context<'_>) -> View {
        nothing()
    }
}

impl Component for OutsideCache {
    fn stands_for(&self, attribute: &str) -> Option<&Reference> {
        (attribute == "url").then_some(&self.outside.reference)
    }

    fn drawing(&self, _id: &Id, _context: &Context<'_>) -> Drawing {
        Drawing::at(Site::Outside)
    }

    fn view(&self, _id: &Id, _context: &Context<'_>) -> View {
        nothing()
    }
}

/// No resource at all.
fn nothing() -> View {
    let mut view = View::default();
    view.group("created", None);
    view
}

#[cfg(test)]
mod tests {
    use crate::testing::{codes, generated, has_line, stack};

    const NEW: &str = "engine = \"redis\"\nversion = \"7.1\"\nnode = \"cache.t4g.micro\"";

    fn with(cache: &str, overlay: &str) -> String {
        let service = "service \"web\" {\nimage = \"nginx:1\"\nsecrets = { REDIS_URL = cache.main.url }\n}";
        stack(&format!("secret \"redis_url\" {{}}\ncache \"main\" {{\n{cache}\n}}\n{service}"), overlay)
    }

    fn service(cache: &str, overlay: &str) -> String {
        generated(&with(cache, overlay), "modules/services/service_web.tf")
    }

    #[test]
    fn one_line_moves_a_cache_out_of_aws_and_back() {
        assert!(service(NEW, "").contains("\"rediss://${var.cache_main_host}:6379\""));
        let text = service(&format!("{NEW}\noutside = secret.redis_url"), "");
        assert!(has_line(&text, "REDIS_URL = var.secret_redis_url_arn"), "{text}");
        assert!(!text.contains("cache_main"), "{text}");
    }

    #[test]
    fn a_cache_may_be_outside_in_one_environment() {
        let overlay = "cache \"main\" { outside = secret.redis_url }";
        let text = service(NEW, overlay);
        assert!(text.contains("rediss://") && text.contains("var.secret_redis_url_arn"), "{text}");
        let cache = generated(&with(NEW, overlay), "modules/data/cache_main.tf");
        assert_eq!(cache.matches("count = var.cache_main_created ? 1 : 0").count(), 4, "{cache}");
    }

    #[test]
    fn a_cache_that_exists_is_connected_to() {
        let text = service(
            "existing {\nhost = \"redis.example.com\"\ntls = false\nsecurity_group = \"sg-0redis\"\n}",
            "",
        );
        assert!(text.contains("\"redis://redis.example.com:6379\""), "{text}");
        assert!(has_line(&text, "referenced_security_group_id = \"sg-0redis\""), "{text}");
    }

    #[test]
    fn the_url_with_a_password_is_a_secret() {
        let text = service("existing {\nhost = \"redis.example.com\"\nurl = secret.redis_url\n}", "");
        assert!(has_line(&text, "REDIS_URL = var.secret_redis_url_arn"), "{text}");
    }

    #[test]
    fn settings_of_a_new_one_are_refused_beside_one_that_exists() {
        let existing = "existing { host = \"redis.example.com\" }";
        assert_eq!(codes(&with(&format!("nodes = 2\n{existing}"), "")), ["existing-form"]);
        assert_eq!(codes(&with("outside = secret.redis_url\nnods = 2", "")), ["unknown-key"]);
    }
}
