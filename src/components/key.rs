//! `key`: the customer-managed KMS key of an environment, which encrypts everything at rest.

use super::access::{admission, object};
use crate::model::{Checker, Component, Context, Kind};
use crate::settings::settings;
use crate::terms::{Admission, Export, Grant, Id, Literal, Output, Term, View};

/// The table line of this component.
pub static KIND: Kind = Kind {
    key: "key",
    module: "encryption",
    template: include_str!("../../templates/modules/key.tf.tera"),
    data: &["aws_kms_key"],
    stays: &[("aws_kms_key", "*"), ("aws_kms_alias", "*")],
    attributes: &[],
    implies: &[],
    needs: &[],
    whole: true,
    codes: &[],
    info: <Key as crate::settings::Settings>::info,
    read: crate::model::read::<Key>,
};

settings! {
    /// The KMS key that encrypts data at rest: databases, caches, buckets, images, secrets, logs. There is one in
    /// every environment, whether it is written or not.
    pub struct Key {
        /// ARN of a key that exists, to be used instead. Its policy must let CloudWatch Logs use it.
        existing: Option<std::sync::Arc<str>>,
    }
}

impl Key {
    /// The statements of the key's policy, in which `*` is the key itself.
    fn policy(&self, id: &Id, context: &Context<'_>) -> Term {
        let partition = context.partition();
        let root =
            vec![Term::string(format!("arn:{partition}:iam::")), context.account(), Term::string(":root")];
        let log_groups = vec![
            Term::string(format!("arn:{partition}:logs:")),
            context.region(),
            Term::string(":"),
            context.account(),
            Term::string(":log-group:*"),
        ];
        let logs = vec![Term::string("logs."), context.region(), Term::string(".amazonaws.com")];
        let administers = object([
            ("Sid", Term::string("AccountAdministers")),
            ("Effect", Term::string("Allow")),
            ("Principal", object([("AWS", Term::Template(root))])),
            ("Action", Term::string("kms:*")),
            ("Resource", Term::string("*")),
        ]);
        let of_log_groups = object([("kms:EncryptionContext:aws:logs:arn", Term::Template(log_groups))]);
        let log_groups = Admission {
            to: id.clone(),
            key: "LogGroupsOfThisAccount".into(),
            service: Term::Template(logs),
            actions: &[
                "kms:Decrypt",
                "kms:DescribeKey",
                "kms:Encrypt",
                "kms:GenerateDataKey*",
                "kms:ReEncrypt*",
            ],
            resources: &[""],
            condition: object([("ArnLike", of_log_groups)]),
        };
        let asked = [log_groups].into_iter().chain(context.admissions(id));
        let admitted = asked.map(|asked| admission(asked, &Term::string("*")));
        Term::Keyed([("AccountAdministers".into(), administers)].into_iter().chain(admitted).collect())
    }
}

impl Component for Key {
    fn check(&self, _id: &Id, at: &mut Checker<'_>) {
        let is_key = |arn: &str| arn.starts_with("arn:aws") && arn.contains(":kms:") && arn.contains(":key/");
        if let Some(arn) = self.existing.as_deref().filter(|arn| !is_key(arn)) {
            let message = format!("`{arn}` is no ARN of a key");
            at.error(&crate::settings::codes::INVALID_VALUE, &["existing"], message, |found| {
                found.help("write it like `arn:aws:kms:<region>:<account>:key/<id>`; an alias does not do")
            });
        }
    }

    fn grants(&self, id: &Id, _context: &Context<'_>) -> Vec<Grant> {
        let arn = Term::Export(id.clone(), "arn");
        vec![Grant::allow("DecryptWithKey".to_owned(), &["kms:Decrypt", "kms:DescribeKey"], vec![arn])]
    }

    fn exports(&self, id: &Id, _context: &Context<'_>) -> Vec<Export> {
        let term = match &self.existing {
            Some(arn) => Term::string(arn.clone()),
            None => Term::own_in("created", "aws_kms_key", &id.name, "arn"),
        };
        vec![Export::string("arn", "ARN of the key that encrypts data at rest.", term)]
    }

    fn view(&self, id: &Id, context: &Context<'_>) -> View {
        let mut view = View::default();
        let created = self.existing.is_none().then(|| {
            let mut key = View::default();
            key.set("description", Term::Template(vec![Term::Prefix, Term::string(": data at rest")]));
            key.set("window", Term::choose(context.protect(), Literal::Integer(30), Literal::Integer(7)));
            key.set("statements", self.policy(id, context));
            let alias = Term::Template(vec![Term::string("alias/"), Term::Prefix]);
            key.set("alias", context.name_of(id, "aws_kms_alias", &id.name, alias));
            key
        });
        view.group("created", created);
        view
    }

    fn outputs(&self, id: &Id, _context: &Context<'_>) -> Vec<Output> {
        let term = Term::Export(id.clone(), "arn");
        vec![Output { name: "arn", description: "ARN of the key that encrypts data at rest.".into(), term }]
    }
}
