//! `cdn`: a CloudFront distribution in front of a bucket, or of a web server that has the files.
//!
//! The bucket stays private: its policy, and that of the key that encrypts it, let this distribution in.

mod check;

use std::sync::Arc;

use super::access::{admission, object};
use crate::aws::cloudfront::CACHING_OPTIMIZED;
use crate::aws::limits::names::ORIGIN_ACCESS_CONTROL;
use crate::model::{Attribute, Checker, Component, Context, Kind, PhysicalName};
use crate::settings::input::{ComponentRef, Input, Target};
use crate::settings::settings;
use crate::settings::values::choice;
use crate::terms::{Admission, Drawing, Export, Grant, Id, Literal, Offer, Offered, Output, Term, View};

/// The table line of this component.
pub static KIND: Kind = Kind {
    key: "cdn",
    module: "edge",
    template: include_str!("../../templates/modules/cdn.tf.tera"),
    data: &[],
    stays: &[],
    attributes: &[
        Attribute::plain("url", "`https://` and the domain name: what Rails has as `asset_host`."),
        Attribute::plain(
            "domain",
            "The `domain`, or the name that CloudFront gives it: what Mastodon has as `S3_ALIAS_HOST`.",
        ),
    ],
    implies: &[],
    needs: &[],
    whole: true,
    codes: &[&check::CDN_ORIGIN, &check::CDN_CERTIFICATE],
    info: <Cdn as crate::settings::Settings>::info,
    read: crate::model::read::<Cdn>,
};

/// A reference to a bucket.
#[derive(Debug, Clone)]
pub struct BucketTarget;

impl Target for BucketTarget {
    const KINDS: &'static [&'static str] = &["bucket"];
}

choice! {
    /// From where in the world files are served.
    pub enum PriceClass {
        /// Everywhere.
        All = "all",
        /// Everywhere but South America, Australia and New Zealand.
        Most = "200",
        /// North America, Europe and Israel.
        Least = "100",
    }
}

impl PriceClass {
    fn name(self) -> &'static str {
        match self {
            PriceClass::All => "PriceClass_All",
            PriceClass::Most => "PriceClass_200",
            PriceClass::Least => "PriceClass_100",
        }
    }
}

settings! {
    /// Files close to their readers: a CloudFront distribution in front of a `bucket`, which stays private, or of a web
    /// server. It serves them over HTTPS only and keeps them for as long as their `Cache-Control` says, or for a day;
    /// cookies and query strings do not reach the origin. A file that a bucket does not have is answered with 403. A reference to
    /// the whole CDN under `access` lets somebody clear what it keeps.
    pub struct Cdn {
        /// The bucket with the files. When it has `existing`, the output `cdn_<name>_bucket_statement` has what its
        /// owner must add to the bucket's policy; a `key` that exists must let `cloudfront.amazonaws.com` decrypt.
        bucket: Option<ComponentRef<BucketTarget>>,
        /// Domain name of a web server with the files instead, such as the `domain` of a load balancer; it is asked
        /// over HTTPS and must have a certificate for this name.
        origin: Option<Input>,
        /// Domain name that it serves, as `assets.${environment.domain}`; one of `cloudfront.net` by default, with
        /// which CloudFront also accepts old versions of TLS.
        domain: Option<Input>,
        /// ARN of the certificate of the `domain`, in the region us-east-1.
        certificate: Option<Arc<str>>,
        /// Id of the Route 53 hosted zone, `Z..`, that gets the records of the `domain`. Without it DNS is kept
        /// elsewhere: point a CNAME at the output `cdn_<name>_domain_name`.
        zone: Option<Arc<str>>,
        /// Origins whose pages may load files with scripts, and fonts: `["https://${environment.domain}"]`.
        cors: Vec<Input>,
        /// File of the bucket that stands for `/`.
        index: Arc<str> = "index.html".into(),
        /// From where files are served: `"100"` is North America, Europe and Israel, `"200"` everywhere but South
        /// America, Australia and New Zealand.
        price_class: PriceClass = PriceClass::All,
    }
}

impl Cdn {
    /// The bucket that it reads, if it reads one.
    fn bucket(&self, context: &Context<'_>) -> Option<Id> {
        context.component(&self.bucket.as_ref()?.reference)
    }

    /// What the bucket's policy has to say.
    fn reads(&self, id: &Id, bucket: Id) -> Admission {
        let this = object([("aws:SourceArn", Term::Export(id.clone(), "arn"))]);
        Admission {
            to: bucket,
            key: format!("Cdn{}Reads", id.statement()),
            service: Term::string("cloudfront.amazonaws.com"),
            actions: &["s3:GetObject"],
            resources: &["/*"],
            condition: object([("StringEquals", this)]),
        }
    }

    /// What the policy of the stack's key has to say, when that encrypts the bucket: exactly when whoever uses the bucket
    /// needs the key.
    fn decrypts(&self, bucket: &Id, context: &Context<'_>) -> Option<Admission> {
        let rights = context.environment.components[bucket].component.grants(bucket, context);
        let with_key = rights
            .iter()
            .any(|right| matches!(right, Grant::Allow { actions, .. } if actions.contains(&"kms:Decrypt")));
        // By a pattern: the key comes before everything that it encrypts, and so before any distribution.
        let partition = context.partition();
        let ours = vec![
            Term::string(format!("arn:{partition}:cloudfront::")),
            context.account(),
            Term::string(":distribution/*"),
        ];
        let admission = Admission {
            to: context.first("key")?,
            key: "DistributionsOfThisAccount".into(),
            service: Term::string("cloudfront.amazonaws.com"),
            actions: &["kms:Decrypt"],
            resources: &[""],
            condition: object([("ArnLike", object([("aws:SourceArn", Term::Template(ours))]))]),
        };
        with_key.then_some(admission)
    }

    fn served(&self, id: &Id, context: &Context<'_>) -> Term {
        match &self.domain {
            Some(domain) => context.plain(domain),
            None => distribution(id, "domain_name"),
        }
    }
}

/// An attribute of the distribution.
fn distribution(id: &Id, attribute: &'static str) -> Term {
    Term::own("aws_cloudfront_distribution", &id.name, attribute)
}

impl Component for Cdn {
    fn check(&self, _id: &Id, at: &mut Checker<'_>) {
        self.check_settings(at);
    }

    fn offer(&self, id: &Id, attribute: &str) -> Option<Offer> {
        let name = Term::Export(id.clone(), "domain");
        let value = match attribute {
            "domain" => name,
            "url" => Term::Template(vec![Term::string("https://"), name]),
            _ => return None,
        };
        Some(Offer { value: Offered::Plain(value), grants: Vec::new() })
    }

    fn grants(&self, id: &Id, _context: &Context<'_>) -> Vec<Grant> {
        let key = format!("ClearCdn{}", id.statement());
        let actions = &["cloudfront:CreateInvalidation", "cloudfront:GetInvalidation"];
        vec![Grant::allow(key, actions, vec![Term::Export(id.clone(), "arn")])]
    }

    fn admissions(&self, id: &Id, context: &Context<'_>) -> Vec<Admission> {
        let Some(bucket) = self.bucket(context) else { return Vec::new() };
        let decrypts = self.decrypts(&bucket, context);
        [self.reads(id, bucket)].into_iter().chain(decrypts).collect()
    }

    fn names(&self, id: &Id, context: &Context<'_>) -> Vec<PhysicalName> {
        let name = context.physical(&id.dashed());
        vec![PhysicalName { limit: ORIGIN_ACCESS_CONTROL, setting: "", name }]
    }

    fn exports(&self, id: &Id, context: &Context<'_>) -> Vec<Export> {
        vec![
            Export::string("arn", "ARN of the distribution.", distribution(id, "arn")),
            Export::string("distribution_id", "Id of the distribution.", distribution(id, "id")),
            Export::string(
                "domain_name",
                "Name that CloudFront gives the distribution.",
                distribution(id, "domain_name"),
            ),
            Export::string("domain", "Domain name that the CDN serves.", self.served(id, context)),
        ]
    }

    fn drawing(&self, _id: &Id, context: &Context<'_>) -> Drawing {
        let domain = self.domain.as_ref().and_then(|domain| context.text(domain));
        Drawing::default().maybe("domain", domain, "").reached("Internet", "HTTPS 443")
    }

    fn view(&self, id: &Id, context: &Context<'_>) -> View {
        let mut view = View::default();
        view.set("name", Term::named(&id.dashed()));
        let bucket = self.bucket(context);
        view.shape("from_bucket", "whether a CDN has a `bucket`", bucket.is_some());
        view.set("index", if bucket.is_some() { Term::string(self.index.clone()) } else { Term::NULL });
        view.set(
            "origin",
            match (bucket, &self.origin) {
                (Some(bucket), _) => Term::Export(bucket, "domain"),
                (None, origin) => origin.as_ref().map_or(Term::NULL, |origin| context.plain(origin)),
            },
        );
        view.set("price_class", Term::string(self.price_class.name()));
        view.set("cache_policy", Term::string(CACHING_OPTIMIZED));
        view.shape("cors", "whether a CDN has `cors`", !self.cors.is_empty());
        view.set("origins", Term::List(self.cors.iter().map(|origin| context.plain(origin)).collect()));
        let domain = self.domain.as_ref().map(|domain| context.plain(domain));
        view.set("aliases", domain.clone().map_or(Term::NULL, |domain| Term::List(vec![domain])));
        let own_domain = || Term::Named("own_domain", Literal::Bool(domain.is_some()));
        view.set("default_certificate", Term::choose(own_domain(), Term::NULL, true));
        view.set("sni", Term::choose(own_domain(), "sni-only", Term::NULL));
        view.set("tls", Term::choose(own_domain(), "TLSv1.2_2021", Term::NULL));
        view.set("certificate", Term::optional(self.certificate.clone().map(Literal::String)));
        let records = self.zone.as_ref().zip(domain).map(|(zone, domain)| {
            let mut records = View::default();
            records.set("zone", Term::string(zone.clone()));
            records.set("domain", domain);
            records
        });
        view.group("records", records);
        view
    }

    fn outputs(&self, id: &Id, context: &Context<'_>) -> Vec<Output> {
        let name = &id.name;
        let export = |name| Term::Export(id.clone(), name);
        let mut outputs = vec![
            Output {
                name: "distribution_id",
                description: format!("Id of the distribution of the CDN `{name}`."),
                term: export("distribution_id"),
            },
            Output {
                name: "domain_name",
                description: format!("Name that CloudFront gives the CDN `{name}`."),
                term: export("domain_name"),
            },
        ];
        if let Some(bucket) = self.bucket(context)
            && context.environment.components[&bucket].table.get("existing").is_some()
        {
            let arn = Term::Export(bucket.clone(), "arn");
            let (_, statement) = admission(self.reads(id, bucket), &arn);
            outputs.push(Output {
                name: "bucket_statement",
                description: format!("What the policy of the bucket of the CDN `{name}` must have."),
                term: Term::Call("jsonencode", vec![statement]),
            });
        }
        outputs
    }
}

#[cfg(test)]
mod tests {
    use crate::testing::{codes, generated, has_line, stack};

    const CERTIFICATE: &str = "certificate = \"arn:aws:acm:us-east-1:222222222222:certificate/0a1b\"";

    fn cdn(bucket: &str, settings: &str, overlay: &str) -> String {
        let components = format!("bucket \"assets\" {{ {bucket} }}\ncdn \"main\" {{\n{settings}\n}}");
        stack(&components, overlay)
    }

    fn file(settings: &str, overlay: &str) -> String {
        generated(&cdn("", settings, overlay), "modules/edge/cdn_main.tf")
    }

    const OF_BUCKET: &str = "bucket = bucket.assets";

    #[test]
    fn a_bucket_is_read_over_https_by_nobody_else() {
        let text = file(OF_BUCKET, "");
        for line in [
            "domain_name = var.bucket_assets_domain",
            "origin_access_control_id = aws_cloudfront_origin_access_control.main.id",
            "viewer_protocol_policy = \"redirect-to-https\"",
            "cloudfront_default_certificate = true",
            "compress = true",
        ] {
            assert!(has_line(&text, line), "{line}\n{text}");
        }
        assert!(!text.contains("custom_origin_config") && !text.contains("aws_route53_record"), "{text}");
        let bucket = generated(&cdn("", OF_BUCKET, ""), "modules/data/bucket_assets.tf");
        let statement = bucket.split("Sid    = \"CdnMainReads\"").nth(1).unwrap();
        assert!(has_line(statement, "\"aws:SourceArn\" = var.cdn_main_arn"), "{bucket}");
        assert!(has_line(&bucket, "block_public_policy = true"), "{bucket}");
    }

    #[test]
    fn the_key_lets_distributions_decrypt_what_it_encrypts() {
        let key = |bucket| generated(&cdn(bucket, OF_BUCKET, ""), "modules/encryption/key.tf");
        let pattern = "\"aws:SourceArn\" = \"arn:aws:cloudfront::${var.account_id}:distribution/*\"";
        assert!(has_line(&key(""), pattern));
        for bucket in ["public_read = true", "acls = true", "existing = \"shop-assets\""] {
            assert!(!key(bucket).contains("cloudfront"), "{bucket}");
        }
    }

    #[test]
    fn the_owner_of_a_bucket_that_exists_is_told_what_to_add() {
        let outputs = |bucket| generated(&cdn(bucket, OF_BUCKET, ""), "outputs.tf");
        let text = outputs("existing = \"shop-assets\"");
        let output = text.split("output \"cdn_main_bucket_statement\"").nth(1).unwrap();
        assert!(output.contains("/*\""), "{text}");
        assert!(output.contains("module.edge.cdn_main_arn"), "{text}");
        assert!(!outputs("").contains("bucket_statement"));
    }

    #[test]
    fn a_web_server_is_asked_over_tls_only() {
        let text = file("origin = environment.domain", "");
        for line in [
            "domain_name = var.domain",
            "origin_protocol_policy = \"https-only\"",
            "origin_ssl_protocols = [\"TLSv1.2\"]",
        ] {
            assert!(has_line(&text, line), "{line}\n{text}");
        }
        assert!(!text.contains("origin_access_control") && !text.contains("default_root_object"), "{text}");
    }

    #[test]
    fn a_domain_may_stand_in_one_environment_only() {
        let domain =
            format!("cdn \"main\" {{\ndomain = \"a.shop.example\"\n{CERTIFICATE}\nzone = \"Z1\"\n}}");
        let text = file(OF_BUCKET, &domain);
        for line in [
            "minimum_protocol_version = var.cdn_main_own_domain ? \"TLSv1.2_2021\" : null",
            "cloudfront_default_certificate = var.cdn_main_own_domain ? null : true",
            "count = var.cdn_main_records_exists ? 1 : 0",
            "type = \"AAAA\"",
        ] {
            assert!(has_line(&text, line), "{line}\n{text}");
        }
    }

    #[test]
    fn pages_get_its_address_and_a_user_may_clear_it() {
        let rest = "service \"web\" {\nimage = \"nginx:1\"\nenvironment = { ASSET_HOST = cdn.main.url }\n}\n\
                    user \"ci\" { access = [bucket.assets, cdn.main] }";
        let text = cdn("", OF_BUCKET, "") + rest;
        let service = generated(&text, "modules/services/service_web.tf");
        assert!(service.contains("\"https://${var.cdn_main_domain}\""), "{service}");
        let user = generated(&text, "modules/identity/user_ci.tf");
        assert!(user.contains("cloudfront:CreateInvalidation") && user.contains("s3:PutObject"), "{user}");
    }

    #[test]
    fn what_cloudfront_refuses_is_refused() {
        let of_bucket = |settings: &str| format!("{OF_BUCKET}\n{settings}");
        let elsewhere = CERTIFICATE.replace("us-east-1", "eu-west-1");
        for (settings, code) in [
            (String::new(), "cdn-origin"),
            (of_bucket("origin = \"shop.example\""), "cdn-origin"),
            (of_bucket("domain = \"a.shop.example\""), "cdn-certificate"),
            (of_bucket(&format!("domain = \"a.shop.example\"\n{elsewhere}")), "cdn-certificate"),
            (of_bucket(CERTIFICATE), "invalid-value"),
            (of_bucket("zone = \"Z1\""), "invalid-value"),
            ("origin = \"https://shop.example\"".to_owned(), "invalid-value"),
            ("origin = \"shop.example\"\nindex = \"a.html\"".to_owned(), "invalid-value"),
        ] {
            assert_eq!(codes(&cdn("", &settings, "")), [code], "{settings}");
        }
    }
}
