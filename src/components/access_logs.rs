//! Access logs: which services deliver them, where they lie in the bucket that keeps them, and the statement that lets
//! them in. What load balancers and buckets share; knows neither.

use crate::model::Context;
use crate::settings::input::Target;
use crate::terms::{Admission, Id, Term};

/// The bucket that keeps access logs.
#[derive(Debug, Clone, PartialEq)]
pub struct LogBucket;

impl Target for LogBucket {
    const KINDS: &'static [&'static str] = &["bucket"];
}

/// A service that delivers access logs. Those here write only to buckets that S3 encrypts with its own key.
pub(super) struct Source {
    /// Its name as a principal.
    service: &'static str,
    /// What the logs are about, as in the identifier of a statement.
    subject: &'static str,
    /// Where it writes. All sources write below one prefix, so that logs expire and nothing else in the bucket does.
    pub(super) prefix: &'static str,
    objects: &'static [&'static str],
}

/// Elastic Load Balancing User Guide, "Enable access logs for your Application Load Balancer": one service in all
/// regions. The account ids of older regions serve policies from before there was one.
pub(super) const LOAD_BALANCERS: Source = Source {
    service: "logdelivery.elasticloadbalancing.amazonaws.com",
    subject: "LoadBalancer",
    prefix: "access-logs/load-balancers",
    objects: &["/access-logs/load-balancers/*"],
};

/// Amazon S3 User Guide, "Enabling Amazon S3 server access logging".
pub(super) const BUCKETS: Source = Source {
    service: "logging.s3.amazonaws.com",
    subject: "Bucket",
    prefix: "access-logs/buckets",
    objects: &["/access-logs/buckets/*"],
};

/// What a service does with a bucket that it delivers logs to.
const DELIVER: &[&str] = &["s3:PutObject"];

impl Source {
    /// The statement that lets the logs of the component `id` into a bucket, under a condition that names it.
    pub(super) fn admission(&self, id: &Id, to: Id, condition: Term) -> Admission {
        Admission {
            to,
            key: format!("{}{}Logs", self.subject, id.statement()),
            service: Term::string(self.service),
            actions: DELIVER,
            resources: self.objects,
            condition,
        }
    }
}

/// Whether a bucket keeps the logs of any component.
pub(super) fn are_kept_by(bucket: &Id, context: &Context<'_>) -> bool {
    context.admissions(bucket).iter().any(|asked| asked.actions == DELIVER)
}
