//! `secret`: a value in SSM Parameter Store that Terraform creates empty and never knows.

use std::sync::Arc;

use crate::model::{Attribute, Checker, Component, Context, Handmade, Kind};
use crate::settings::settings;
use crate::settings::values::Int;
use crate::terms::{Export, Grant, Id, Offer, Offered, SecretStore, Term, View};

/// The table line of this component.
pub static KIND: Kind = Kind {
    key: "secret",
    module: "secrets",
    template: include_str!("../../templates/modules/secret.tf.tera"),
    data: &["aws_ssm_parameter"],
    stays: &[("aws_ssm_parameter", "*")],
    attributes: &[Attribute::secret("value", "The value. `secret.<name>` is short for it.")],
    implies: &["key"],
    needs: &[],
    whole: true,
    codes: &[],
    info: <Secret as crate::settings::Settings>::info,
    read: crate::model::read::<Secret>,
};

settings! {
    /// A secret that containers get when they start. Terraform creates it with the value `unset` and never reads or
    /// writes it again, so the value is in no code, plan or state. The generated README has the command that fills it.
    pub struct Secret {
        /// The value is that many random letters and digits, made by the command in the README; without it a person
        /// brings the value.
        generate: Option<Int<8, 4_096>>,
        /// Where a value that a person brings comes from, for the README: `"from rake webpush:generate_keys"`.
        hint: Option<Arc<str>>,
        /// ARN of an SSM parameter or a Secrets Manager secret that exists; nothing is created.
        existing: Option<Arc<str>>,
        /// Field of a Secrets Manager secret that holds JSON: `password`, of one that RDS keeps.
        field: Option<Arc<str>>,
    }
}

impl Secret {
    fn store(&self) -> SecretStore {
        match &self.existing {
            Some(arn) if arn.contains(":secretsmanager:") => SecretStore::SecretsManager,
            _ => SecretStore::Parameter,
        }
    }
}

impl Component for Secret {
    fn check(&self, _id: &Id, at: &mut Checker<'_>) {
        if self.hint.as_deref().is_some_and(|hint| hint.is_empty() || hint.contains(char::is_control)) {
            let message = "a hint is one line of text";
            at.error(&crate::settings::codes::INVALID_VALUE, &["hint"], message, |found| {
                found.help("say in a few words where the value comes from")
            });
        }
        let stored = self.existing.is_some() && self.store() == SecretStore::SecretsManager;
        if self.field.is_some() && !stored {
            let message = "only a secret of Secrets Manager has fields";
            at.error(&crate::settings::codes::INVALID_VALUE, &["field"], message, |found| {
                found.help("remove `field`, or name a secret that exists: `existing = \"arn:aws:secretsmanager:..\"`")
            });
        }
        let Some(arn) = &self.existing else { return };
        let known = [":ssm:", ":secretsmanager:"].iter().any(|service| arn.contains(service));
        if !arn.starts_with("arn:") || !known {
            let message = format!("`{arn}` is no ARN of a secret");
            at.error(&crate::settings::codes::INVALID_VALUE, &["existing"], message, |found| {
                found.help("write the ARN of an SSM parameter or of a Secrets Manager secret")
            });
        }
        at.only_for_new(&["generate", "hint"]);
    }

    fn offer(&self, id: &Id, attribute: &str) -> Option<Offer> {
        if attribute != "value" {
            return None;
        }
        let arn = Term::Export(id.clone(), "arn");
        let read = Grant::ReadSecret { store: self.store(), arn: arn.clone() };
        let value = match &self.field {
            Some(field) => Term::Template(vec![arn, Term::string(format!(":{field}::"))]),
            None => arn,
        };
        Some(Offer { value: Offered::Secret(value), grants: vec![read] })
    }

    fn grants(&self, id: &Id, context: &Context<'_>) -> Vec<Grant> {
        let actions: &[&str] = match self.store() {
            SecretStore::Parameter => &["ssm:GetParameter", "ssm:GetParameters"],
            SecretStore::SecretsManager => &["secretsmanager:GetSecretValue"],
        };
        let key = format!("ReadSecret{}", id.statement());
        vec![
            Grant::allow(key, actions, vec![Term::Export(id.clone(), "arn")]),
            Grant::allow("DecryptSecrets".to_owned(), &["kms:Decrypt"], vec![context.export("key", "arn")]),
        ]
    }

    fn exports(&self, id: &Id, _context: &Context<'_>) -> Vec<Export> {
        let term = match &self.existing {
            Some(arn) => Term::string(arn.clone()),
            None => Term::own_in("created", "aws_ssm_parameter", &id.name, "arn"),
        };
        vec![Export::string("arn", "ARN of the secret.", term)]
    }

    fn view(&self, id: &Id, context: &Context<'_>) -> View {
        let mut view = View::default();
        view.group(
            "created",
            self.existing.is_none().then(|| {
                let mut secret = View::default();
                secret.set("name", context.parameter(id.aws_name()));
                secret.set("key_arn", context.export("key", "arn"));
                secret
            }),
        );
        view
    }

    fn handmade(&self, id: &Id) -> Vec<Handmade> {
        if self.existing.is_some() {
            return Vec::new();
        }
        let command = self
            .generate
            .map(|length| format!("LC_ALL=C tr -dc 'A-Za-z0-9' </dev/urandom | head -c {}", length.0));
        let purpose = match self.generate {
            Some(length) => format!("{} random letters and digits", length.0),
            None => self.hint.as_deref().unwrap_or("brought by a person").to_owned(),
        };
        vec![Handmade { parameter: id.aws_name().to_owned(), command, purpose }]
    }
}
