//! The rules of a CDN's settings: one origin, and a certificate that CloudFront can use.

use super::Cdn;
use crate::aws::{cloudfront, hosts};
use crate::diagnostic::{Code, Severity};
use crate::model::Checker;
use crate::settings::codes::INVALID_VALUE;
use crate::settings::input::Input;

/// A CDN with no origin, or two.
pub static CDN_ORIGIN: Code = Code {
    name: "cdn-origin",
    severity: Severity::Error,
    title: "a CDN without exactly one origin",
    explanation: r#"
A CDN has its files from one place: a bucket of the stack, or a web server.

```hcl
cdn "assets" {
  bucket = bucket.assets
  origin = environment.domain        # which of the two?
}
```

Keep `bucket` when a build uploads the files there, and `origin` when the application serves them itself.
"#,
};

/// A domain without a certificate that CloudFront can use.
pub static CDN_CERTIFICATE: Code = Code {
    name: "cdn-certificate",
    severity: Severity::Error,
    title: "a CDN without a certificate of its domain",
    explanation: r#"
CloudFront serves a domain of yours only with a certificate for it, and takes it from ACM in the region us-east-1 alone,
wherever the stack is. It refuses others at apply.

```hcl
cdn "assets" {
  bucket      = bucket.assets
  domain      = "assets.example.com"
  certificate = "arn:aws:acm:eu-west-1:111111111111:certificate/.."     # not in us-east-1
}
```

Have the certificate issued in us-east-1 first and write its ARN here. Without `domain` the CDN has a name of
`cloudfront.net` and needs none.
"#,
};

impl Cdn {
    /// Reports what CloudFront would refuse, in the order of the settings.
    pub(super) fn check_settings(&self, at: &mut Checker<'_>) {
        self.check_origin(at);
        for (setting, name) in [("origin", &self.origin), ("domain", &self.domain)] {
            if let Some(Input::Literal(name)) = name
                && !hosts::is_host_pattern(&name.to_text())
            {
                let message = format!("`{}` is no domain name", name.to_text());
                at.error(&INVALID_VALUE, &[setting], message, |found| {
                    found.help("write the name alone, without `https://` and path: `assets.example.com`")
                });
            }
        }
        self.check_certificate(at);
        if self.zone.is_some() && self.domain.is_none() {
            at.error(&INVALID_VALUE, &["zone"], "a zone, but no domain to put into it", |found| {
                found.help("add `domain = \"assets.${environment.domain}\"` and its `certificate`")
            });
        }
        if let Some(zone) = self.zone.as_ref().filter(|zone| !hosts::is_zone_id(zone)) {
            let message = format!("`{zone}` is no id of a hosted zone");
            at.error(&INVALID_VALUE, &["zone"], message, |found| {
                found.help("write the zone's id, which begins with `Z`, not its name")
            });
        }
    }

    fn check_origin(&self, at: &mut Checker<'_>) {
        match (&self.bucket, &self.origin) {
            (Some(_), None) => {}
            (None, Some(_)) => {
                if at.table.get("index").is_some() {
                    at.error(
                        &INVALID_VALUE,
                        &["index"],
                        "`index` has no effect without a `bucket`",
                        |found| found.help("remove it: a web server decides itself what `/` is"),
                    );
                }
            }
            (None, None) => at.error(&CDN_ORIGIN, &[], "a CDN without an origin", |found| {
                found.help("add `bucket = bucket.<name>`, or `origin`, the domain name of a web server")
            }),
            (Some(_), Some(_)) => at.error(&CDN_ORIGIN, &["origin"], "a CDN with two origins", |found| {
                found.help("remove `bucket` or `origin`")
            }),
        }
    }

    fn check_certificate(&self, at: &mut Checker<'_>) {
        match (&self.domain, &self.certificate) {
            (_, Some(arn)) if !cloudfront::is_certificate(arn) => {
                let message = format!("CloudFront cannot use the certificate `{arn}`");
                at.error(&CDN_CERTIFICATE, &["certificate"], message, |found| {
                    found
                        .help("write the ARN of one in us-east-1: `arn:aws:acm:us-east-1:<account>:certificate/<id>`")
                });
            }
            (Some(_), None) => {
                at.error(&CDN_CERTIFICATE, &["domain"], "a domain without a certificate", |found| {
                    found.help("add `certificate`, the ARN of one in us-east-1; or remove `domain`")
                })
            }
            (None, Some(_)) => {
                at.error(&INVALID_VALUE, &["certificate"], "a certificate, but no domain", |found| {
                    found.help("add `domain`, the name that the certificate is for")
                });
            }
            _ => {}
        }
    }
}
