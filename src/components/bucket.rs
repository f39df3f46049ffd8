//! `bucket`: an S3 bucket, private unless it says otherwise; or one that exists. It may keep the access logs of others,
//! which it learns from the statements they ask for in its policy.

use std::sync::Arc;

use indexmap::IndexMap;

use super::access::{admission, object};
use super::access_logs::{self, BUCKETS, LogBucket};
use crate::aws::limits::names::BUCKET;
use crate::model::{Attribute, Checker, Component, Context, Kind, PhysicalName};
use crate::settings::input::{ComponentRef, Input};
use crate::settings::settings;
use crate::terms::{Admission, Export, Grant, Id, Offer, Offered, Output, Term, View};

/// The table line of this component.
pub static KIND: Kind = Kind {
    key: "bucket",
    module: "data",
    template: include_str!("../../templates/modules/bucket.tf.tera"),
    data: &["aws_s3_bucket"],
    stays: &[
        ("aws_s3_bucket", "*"),
        ("aws_s3_bucket_public_access_block", "*"),
        ("aws_s3_bucket_ownership_controls", "*"),
        ("aws_s3_bucket_server_side_encryption_configuration", "*"),
        ("aws_s3_bucket_versioning", "*"),
        ("aws_s3_bucket_lifecycle_configuration", "*"),
        ("aws_s3_bucket_policy", "*"),
        ("aws_s3_bucket_notification", "*"),
        ("aws_s3_bucket_logging", "*"),
        ("aws_s3_bucket_cors_configuration", "*"),
    ],
    attributes: &[
        Attribute::plain("name", "Name of the bucket. Lets the reader use the bucket and its objects."),
        Attribute::plain("arn", "ARN of the bucket. Lets the reader use the bucket and its objects."),
        Attribute::plain("domain", "Domain name that serves the objects. Opens nothing."),
        Attribute::plain("url", "`https://<domain>`. Opens nothing."),
    ],
    implies: &["key"],
    needs: &[],
    whole: true,
    codes: &[],
    info: <Bucket as crate::settings::Settings>::info,
    read: crate::model::read::<Bucket>,
};

settings! {
    /// An S3 bucket. It takes requests over TLS only, encrypts its objects with the stack's key, and nobody outside
    /// the account can read it. A reference to its `name` or `arn` lets a service or task list the bucket, and read,
    /// write and delete objects.
    pub struct Bucket {
        /// Name of the bucket, at most 63 characters, unique in all of S3; so each environment needs its own.
        /// `<stack>-<environment>-<name>-<account>` by default.
        name: Option<Arc<str>>,
        /// Whether overwritten and deleted objects are kept for 30 days; by default in protected environments, and
        /// where a pipeline has its source here.
        versioning: Option<bool>,
        /// Whether everybody may read every object. The objects are then encrypted with a key of S3 instead of the
        /// stack's, because readers without credentials cannot decrypt with that one.
        public_read: bool = false,
        /// Whether applications may set ACLs on objects, as Paperclip does. An ACL can make an object public, so these
        /// are encrypted like those of `public_read`.
        acls: bool = false,
        /// Origins whose pages may load and send objects with scripts: `["https://${environment.domain}"]`.
        cors: Vec<Input>,
        /// The bucket that keeps a log of every request to this one, `bucket.logs`, as `access_logs` of a load balancer.
        access_logs: Option<ComponentRef<LogBucket>>,
        /// Name of a bucket that exists, to be used instead. It keeps its policy and its encryption; references still
        /// let services use it, except for a KMS key of its own, and access logs arrive if that policy lets them in.
        existing: Option<Arc<str>>,
    }
}

/// What a reference lets an application do with the objects.
const OBJECT_ACTIONS: &[&str] = &["s3:DeleteObject", "s3:GetObject", "s3:PutObject"];

/// The same where it may set ACLs.
const OBJECT_ACTIONS_WITH_ACLS: &[&str] =
    &["s3:DeleteObject", "s3:GetObject", "s3:PutObject", "s3:PutObjectAcl"];

/// What a reference lets an application do with the bucket.
const BUCKET_ACTIONS: &[&str] = &["s3:GetBucketLocation", "s3:ListBucket"];

/// What an application needs of the key to read and write encrypted objects.
const KEY_ACTIONS: &[&str] = &["kms:Decrypt", "kms:GenerateDataKey"];

impl Bucket {
    /// Whether readers without credentials may see objects.
    fn public(&self) -> bool {
        self.public_read || self.acls
    }

    /// Whether the stack's key encrypts the objects.
    fn with_key(&self) -> bool {
        self.existing.is_none() && !self.public()
    }

    fn rights(&self, id: &Id) -> Vec<Grant> {
        let arn = Term::Export(id.clone(), "arn");
        let allow = |what: &str, actions, resource| {
            Grant::allow(format!("Bucket{}{what}", id.statement()), actions, vec![resource])
        };
        let object_actions = if self.acls { OBJECT_ACTIONS_WITH_ACLS } else { OBJECT_ACTIONS };
        let mut grants =
            vec![allow("", BUCKET_ACTIONS, arn.clone()), allow("Objects", object_actions, objects(arn))];
        if self.with_key() {
            grants.push(allow("Key", KEY_ACTIONS, Term::Export(id.clone(), "key_arn")));
        }
        grants
    }

    /// The name of a bucket that is made.
    fn made(&self, id: &Id, context: &Context<'_>) -> Term {
        let suffix = Term::string(format!("-{}-", id.dashed()));
        let usual = Term::Template(vec![Term::Prefix, suffix, context.account()]);
        match &self.name {
            Some(name) => Term::string(name.clone()),
            None => context.name_of(id, "aws_s3_bucket", &id.name, usual),
        }
    }

    fn created(&self, id: &Id, context: &Context<'_>) -> View {
        let mut view = View::default();
        view.set("name", self.made(id, context));
        view.set("force_destroy", Term::negate(context.protect()));
        view.set("block_acls", !self.acls);
        view.set("block_policy", !self.public_read);
        view.set(
            "ownership",
            Term::string(if self.acls { "BucketOwnerPreferred" } else { "BucketOwnerEnforced" }),
        );
        let keeps_logs = access_logs::are_kept_by(id, context);
        // The services that deliver access logs cannot encrypt them with a key of the account.
        let with_key = self.with_key() && !keeps_logs;
        view.set("algorithm", Term::string(if with_key { "aws:kms" } else { "AES256" }));
        view.set("key_arn", if with_key { context.export("key", "arn") } else { Term::NULL });
        view.set("bucket_key", with_key);
        view.flag("keeps_logs", keeps_logs);
        view.set("log_retention", context.log_retention());
        let watched = context.is_watched(id);
        let versioned = match self.versioning {
            Some(versioning) => Term::from(versioning),
            None if watched => Term::from(true),
            None => context.protect(),
        };
        view.set("versioning", Term::choose(versioned, "Enabled", "Suspended"));
        view.group("events", watched.then(View::default));
        view.set("statements", self.policy(id, context));
        let cors = (!self.cors.is_empty()).then(|| {
            let mut cors = View::default();
            cors.set("origins", Term::List(self.cors.iter().map(|origin| context.plain(origin)).collect()));
            cors
        });
        view.group("cors", cors);
        let logging = self.log_bucket(context).map(|bucket| {
            let mut logging = View::default();
            logging.set("bucket", Term::Export(bucket, "log_bucket"));
            logging.set("prefix", Term::string(format!("{}/{}/", BUCKETS.prefix, id.dashed())));
            logging
        });
        view.group("logging", logging);
        view
    }

    /// The bucket that keeps the log of requests to this one.
    fn log_bucket(&self, context: &Context<'_>) -> Option<Id> {
        self.access_logs.as_ref().and_then(|bucket| context.component(&bucket.reference))
    }

    /// The statements of the bucket's own policy.
    fn policy(&self, id: &Id, context: &Context<'_>) -> Term {
        let arn = Term::own_in("created", "aws_s3_bucket", &id.name, "arn");
        let insecure = object([("Bool", object([("aws:SecureTransport", Term::string("false"))]))]);
        let tls_only = object([
            ("Sid", Term::string("TlsOnly")),
            ("Effect", Term::string("Deny")),
            ("Principal", Term::string("*")),
            ("Action", Term::string("s3:*")),
            ("Resource", Term::List(vec![arn.clone(), objects(arn.clone())])),
            ("Condition", insecure),
        ]);
        let mut statements = IndexMap::from([(Arc::from("TlsOnly"), tls_only)]);
        if self.public_read {
            let public = object([
                ("Sid", Term::string("PublicRead")),
                ("Effect", Term::string("Allow")),
                ("Principal", Term::string("*")),
                ("Action", Term::string("s3:GetObject")),
                ("Resource", objects(arn.clone())),
            ]);
            statements.insert("PublicRead".into(), public);
        }
        statements.extend(context.admissions(id).into_iter().map(|asked| admission(asked, &arn)));
        Term::Keyed(statements)
    }
}

/// The ARN of all objects of a bucket.
fn objects(arn: Term) -> Term {
    Term::Template(vec![arn, Term::string("/*")])
}

impl Component for Bucket {
    fn check(&self, _id: &Id, at: &mut Checker<'_>) {
        if self.existing.is_some() {
            at.only_for_new(&["name", "versioning", "public_read", "cors", "access_logs"]);
        }
    }

    fn offer(&self, id: &Id, attribute: &str) -> Option<Offer> {
        let export = |name| Term::Export(id.clone(), name);
        // Whoever uses the bucket needs its name; the domain is for pages, and their readers prove nothing.
        let (value, grants) = match attribute {
            "name" => (export("name"), self.rights(id)),
            "arn" => (export("arn"), self.rights(id)),
            "domain" => (export("domain"), Vec::new()),
            "url" => (Term::Template(vec![Term::string("https://"), export("domain")]), Vec::new()),
            _ => return None,
        };
        Some(Offer { value: Offered::Plain(value), grants })
    }

    fn admissions(&self, id: &Id, context: &Context<'_>) -> Vec<Admission> {
        let Some(to) = self.log_bucket(context) else { return Vec::new() };
        // The ARN of a bucket does not say whose it is.
        let condition = object([
            ("ArnLike", object([("aws:SourceArn", Term::Export(id.clone(), "arn"))])),
            ("StringEquals", object([("aws:SourceAccount", context.account())])),
        ]);
        vec![BUCKETS.admission(id, to, condition)]
    }

    fn grants(&self, id: &Id, _context: &Context<'_>) -> Vec<Grant> {
        self.rights(id)
    }

    fn names(&self, id: &Id, context: &Context<'_>) -> Vec<PhysicalName> {
        let (setting, name) = match (&self.existing, &self.name) {
            (Some(name), _) => ("existing", name.to_string()),
            (None, Some(name)) => ("name", name.to_string()),
            (None, None) => return vec![PhysicalName::made(BUCKET, &self.made(id, context), context)],
        };
        vec![PhysicalName { limit: BUCKET, setting, name }]
    }

    fn exports(&self, id: &Id, context: &Context<'_>) -> Vec<Export> {
        let own = |attribute| Term::own_in("created", "aws_s3_bucket", &id.name, attribute);
        // By way of the policy, without which the first delivery is refused.
        let admitting = Term::own_in("created", "aws_s3_bucket_policy", &id.name, "bucket");
        let (name, arn, domain, log_bucket) = match &self.existing {
            None => (own("bucket"), own("arn"), own("bucket_regional_domain_name"), admitting),
            Some(name) => {
                let partition = context.partition();
                let suffix = Term::string(format!(".{}", partition.dns_suffix()));
                let domain = vec![Term::string(format!("{name}.s3.")), context.region(), suffix];
                let arn = Term::string(format!("arn:{partition}:s3:::{name}"));
                let name = Term::string(name.clone());
                (name.clone(), arn, Term::Template(domain), name)
            }
        };
        let export = Export::string;
        vec![
            export("name", "Name of the bucket.", name),
            export("arn", "ARN of the bucket.", arn),
            export("domain", "Domain name that serves the bucket's objects.", domain),
            export(
                "key_arn",
                "ARN of the key that encrypts the bucket's objects.",
                context.export("key", "arn"),
            ),
            export("log_bucket", "Name of the bucket, which lets access logs in.", log_bucket),
        ]
    }

    fn view(&self, id: &Id, context: &Context<'_>) -> View {
        let mut view = View::default();
        view.group("created", self.existing.is_none().then(|| self.created(id, context)));
        view
    }

    fn outputs(&self, id: &Id, _context: &Context<'_>) -> Vec<Output> {
        let description = format!("Name of the bucket `{}`.", id.name);
        vec![Output { name: "name", description, term: Term::Export(id.clone(), "name") }]
    }
}

#[cfg(test)]
mod tests;
