//! `parameter`: configuration in SSM Parameter Store that containers read when they start.

use crate::model::{Attribute, Component, Context, Kind};
use crate::settings::input::Input;
use crate::settings::settings;
use crate::terms::{Export, Grant, Id, Offer, Offered, SecretStore, Term, View};

/// The table line of this component.
pub static KIND: Kind = Kind {
    key: "parameter",
    module: "parameters",
    template: include_str!("../../templates/modules/parameter.tf.tera"),
    data: &[],
    stays: &[],
    attributes: &[
        Attribute::secret(
            "value",
            "The value, as a container reads it at its start. `parameter.<name>` is short for it.",
        ),
        Attribute::plain("name", "The parameter's name, for an application that reads it by itself."),
    ],
    implies: &[],
    needs: &[],
    whole: true,
    codes: &[],
    info: <Parameter as crate::settings::Settings>::info,
    read: crate::model::read::<Parameter>,
};

settings! {
    /// Configuration in plain sight that stands in SSM Parameter Store, for tools that read it there and for
    /// containers, which get it under `secrets` when they start. For values that nobody may see there is `secret`.
    pub struct Parameter {
        /// The value: a constant, a reference, or text with references.
        value: Input,
    }
}

/// What an application needs that reads the parameter while it runs.
fn read_by_itself(id: &Id) -> Grant {
    let arn = Term::Export(id.clone(), "arn");
    let key = format!("ReadParameter{}", id.statement());
    Grant::allow(key, &["ssm:GetParameter", "ssm:GetParameters"], vec![arn])
}

impl Component for Parameter {
    fn offer(&self, id: &Id, attribute: &str) -> Option<Offer> {
        let arn = Term::Export(id.clone(), "arn");
        let (value, grant) = match attribute {
            "value" => {
                let read = Grant::ReadSecret { store: SecretStore::Parameter, arn: arn.clone() };
                (Offered::Secret(arn), read)
            }
            "name" => (Offered::Plain(Term::Export(id.clone(), "name")), read_by_itself(id)),
            _ => return None,
        };
        Some(Offer { value, grants: vec![grant] })
    }

    fn grants(&self, id: &Id, _context: &Context<'_>) -> Vec<Grant> {
        vec![read_by_itself(id)]
    }

    fn exports(&self, id: &Id, _context: &Context<'_>) -> Vec<Export> {
        let own = |attribute| Term::own("aws_ssm_parameter", &id.name, attribute);
        vec![
            Export::string("arn", "ARN of the parameter.", own("arn")),
            Export::string("name", "Name of the parameter.", own("name")),
        ]
    }

    fn view(&self, id: &Id, context: &Context<'_>) -> View {
        let mut view = View::default();
        let usual = context.parameter(id.aws_name());
        view.set("name", context.name_of(id, "aws_ssm_parameter", &id.name, usual));
        view.set("value", context.plain(&self.value));
        view
    }
}
