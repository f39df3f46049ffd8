//! The rules of a load balancer's settings: HTTPS has a certificate, a zone has a name, identifiers look like some.

use super::LoadBalancer;
use super::served::label;
use crate::aws::{cidr, hosts};
use crate::diagnostic::{Code, Severity};
use crate::model::Checker;
use crate::settings::codes::INVALID_VALUE;

/// HTTPS with neither a certificate nor a way to one.
pub static CERTIFICATE_NEEDED: Code = Code {
    name: "certificate-needed",
    severity: Severity::Error,
    title: "HTTPS without a certificate",
    explanation: r#"
An HTTPS listener needs a certificate when it is created. ACM issues one only after a record in the domain's DNS has
proved who owns it. When the zone is in Route 53, Terraform makes that record and waits; when it is elsewhere, nobody
makes the record while Terraform runs, so the apply would wait and fail.

```hcl
load_balancer "public" {
  domain = environment.domain        # https, but no certificate and no zone
}
```

There are two ways. Name the Route 53 zone, and certificate, validation and DNS records are made together:

```hcl
load_balancer "public" {
  domain = environment.domain
  zone   = "Z0123456789ABCDEFGHIJ"
}
```

Or have the certificate issued first, in the region of the load balancer, and name it:

```hcl
load_balancer "public" {
  domain      = environment.domain
  certificate = "arn:aws:acm:us-east-1:111111111111:certificate/.."
}
```

For a trial, `https = false` serves plain HTTP.
"#,
};

/// A zone, but no name to put into it.
pub static DOMAIN_NEEDED: Code = Code {
    name: "domain-needed",
    severity: Severity::Error,
    title: "a zone without a domain",
    explanation: r#"
`zone` says where the certificate is validated and where the names of the load balancer are kept. Both need a name, and
the load balancer has none.

```hcl
load_balancer "public" {
  zone = "Z0123456789ABCDEFGHIJ"     # which name is to lead here?
}
```

Add `domain = environment.domain`, and a `domain` to each environment. Names that are the same in all environments do
not work: two load balancers cannot have one name.
"#,
};

impl LoadBalancer {
    /// Reports what is wrong with names and certificate, then identifiers that cannot be any.
    pub(super) fn check_settings(&self, at: &mut Checker<'_>) {
        self.check_names(at);
        self.check_identifiers(at);
    }

    fn check_names(&self, at: &mut Checker<'_>) {
        if self.makes_certificate() && self.zone.is_none() {
            at.error(&CERTIFICATE_NEEDED, &[], "HTTPS needs a certificate, and there is none", |found| {
                found.help(
                    "add `zone = \"Z..\"`, the Route 53 zone of the domain, to have one made; or `certificate = \
                     \"arn:aws:acm:..\"`, one that exists; or `https = false`",
                )
            });
        }
        if self.zone.is_some() && self.domain.is_none() {
            at.error(&DOMAIN_NEEDED, &["zone"], "a zone, but no domain to put into it", |found| {
                found.help("add `domain = environment.domain`")
            });
        }
        if self.zone.is_none() && !self.aliases.is_empty() {
            at.error(&INVALID_VALUE, &["aliases"], "`aliases` do nothing without a `zone`", |found| {
                found.help("add `zone`, or remove `aliases`: names kept elsewhere need not stand here")
            });
        }
        if self.zone.is_none() && at.table.get("records").is_some() {
            at.error(&INVALID_VALUE, &["records"], "`records` has no effect without a `zone`", |found| {
                found
                    .help("add `zone`, or remove `records`: names kept elsewhere lead where they are told to")
            });
        }
        let mut labels: Vec<String> = self.aliases.iter().map(label).collect();
        labels.sort_unstable();
        if labels.windows(2).any(|pair| pair[0] == pair[1]) {
            at.error(&INVALID_VALUE, &["aliases"], "`aliases` has a name twice", |found| {
                found.help("list every name once")
            });
        }
    }

    fn check_identifiers(&self, at: &mut Checker<'_>) {
        if let Some(zone) = self.zone.as_ref().filter(|zone| !hosts::is_zone_id(zone)) {
            let message = format!("`{zone}` is no id of a hosted zone");
            at.error(&INVALID_VALUE, &["zone"], message, |found| {
                found.help("write the zone's id, which begins with `Z`, not its name")
            });
        }
        if let Some(arn) = &self.certificate
            && !(arn.starts_with("arn:") && arn.contains(":acm:") && arn.contains(":certificate/"))
        {
            let message = format!("`{arn}` is no ARN of a certificate");
            at.error(&INVALID_VALUE, &["certificate"], message, |found| {
                found.help("write it like `arn:aws:acm:<region>:<account>:certificate/<id>`")
            });
        }
        for (index, range) in self.allow.iter().enumerate() {
            if let Err(problem) = cidr::parse(range) {
                let message = format!("`{range}` is no address range");
                at.error(&INVALID_VALUE, &["allow", &index.to_string()], message, |found| {
                    found.label(problem.to_string()).help("write it like `203.0.113.0/24`")
                });
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use crate::testing::compile;

    fn codes(settings: &str) -> Vec<&'static str> {
        let (found, _) = compile(&format!(
            r#"
stack "shop" {{ region = "eu-west-1" }}
environment "production" {{
  account = "222222222222"
  domain  = "example.com"
}}
network "main" {{
  cidr  = "10.20.0.0/16"
  zones = ["a", "b"]
}}
load_balancer "public" {{
  {settings}
}}
"#
        ));
        found.iter().map(|found| found.code.name).collect()
    }

    #[test]
    fn https_needs_a_certificate_or_a_way_to_one() {
        assert_eq!(codes("domain = environment.domain"), ["certificate-needed"]);
    }

    #[test]
    fn a_zone_needs_a_domain_with_or_without_https() {
        assert_eq!(codes("zone = \"Z1\""), ["domain-needed"]);
        assert_eq!(codes("zone = \"Z1\"\nhttps = false"), ["domain-needed"]);
    }

    #[test]
    fn identifiers_and_ranges_are_checked() {
        for settings in [
            "https = false\ndomain = \"a.example\"\nzone = \"example.com\"",
            "certificate = \"0a1b\"",
            "https = false\nallow = [\"10.0.0.1/8\"]",
            "https = false\nrecords = false",
            "https = false\naliases = [\"a.example\"]",
            "domain = \"a.example\"\nzone = \"Z1\"\naliases = [\"b.example\", \"b.example\"]",
        ] {
            assert_eq!(codes(settings), ["invalid-value"], "{settings}");
        }
    }
}
