//! `user`: an IAM user for software outside AWS, or too old for roles, that knows access keys only.
//!
//! The key itself is made by hand: as a resource its secret would stand in Terraform's state.

use super::access::Statements;
use crate::aws::limits::names::IAM_USER;
use crate::model::{Attribute, Component, Context, Handmade, Kind, PhysicalName};
use crate::settings::input::Input;
use crate::settings::settings;
use crate::terms::{Export, Grant, Id, Offer, Offered, Output, SecretStore, Term, View};

/// The table line of this component.
pub static KIND: Kind = Kind {
    key: "user",
    module: "identity",
    template: include_str!("../../templates/modules/user.tf.tera"),
    data: &["aws_ssm_parameter"],
    stays: &[
        ("aws_iam_user", "*"),
        ("aws_iam_group", "*"),
        ("aws_iam_group_membership", "*"),
        ("aws_iam_group_policy", "*"),
        ("aws_ssm_parameter", "*_access_key_id"),
        ("aws_ssm_parameter", "*_secret_access_key"),
    ],
    attributes: &[
        Attribute::secret("access_key_id", "The public half of the access key."),
        Attribute::secret("secret_access_key", "The secret half of the access key."),
        Attribute::plain("name", "Name of the IAM user."),
    ],
    implies: &["key"],
    needs: &[],
    whole: false,
    codes: &[],
    info: <User as crate::settings::Settings>::info,
    read: crate::model::read::<User>,
};

settings! {
    /// An IAM user for software that can only use an access key: a build that syncs assets to a bucket, an old SDK.
    /// Services and tasks need none, because references give their roles what they need. The generated README has the
    /// commands that make the access key; it stands in no code, plan or state.
    pub struct User {
        /// What the user may use: `[bucket.assets, task.migrate]`.
        access: Vec<Input>,
    }
}

/// The two halves of the access key: the attribute, its export, and the end of its parameter's name.
const HALVES: [(&str, &str, &str); 2] = [
    ("access_key_id", "access_key_id_arn", "access-key-id"),
    ("secret_access_key", "secret_access_key_arn", "secret-access-key"),
];

/// The secret's name below `/<stack>/<environment>/`.
fn parameter(id: &Id, half: &str) -> String {
    format!("user/{}/{half}", id.aws_name())
}

/// The name of the user.
fn name(id: &Id, context: &Context<'_>) -> Term {
    context.name_of(id, "aws_iam_user", &id.name, Term::named(&id.dashed()))
}

impl Component for User {
    fn offer(&self, id: &Id, attribute: &str) -> Option<Offer> {
        if attribute == "name" {
            let value = Offered::Plain(Term::Export(id.clone(), "name"));
            return Some(Offer { value, grants: Vec::new() });
        }
        let (_, export, _) = HALVES.into_iter().find(|(name, ..)| *name == attribute)?;
        let arn = Term::Export(id.clone(), export);
        let read = Grant::ReadSecret { store: SecretStore::Parameter, arn: arn.clone() };
        Some(Offer { value: Offered::Secret(arn), grants: vec![read] })
    }

    fn resizes(&self, context: &Context<'_>) -> Vec<Id> {
        context.whole(&self.access, "service")
    }

    fn names(&self, id: &Id, context: &Context<'_>) -> Vec<PhysicalName> {
        vec![PhysicalName::made(IAM_USER, &name(id, context), context)]
    }

    fn exports(&self, id: &Id, _context: &Context<'_>) -> Vec<Export> {
        let export = Export::string;
        let arn = |half: &str| Term::own("aws_ssm_parameter", &format!("{}_{half}", id.name), "arn");
        vec![
            export("name", "Name of the IAM user.", Term::own("aws_iam_user", &id.name, "name")),
            export(
                "access_key_id_arn",
                "SSM parameter that holds the public half of the access key.",
                arn("access_key_id"),
            ),
            export(
                "secret_access_key_arn",
                "SSM parameter that holds the secret half of the access key.",
                arn("secret_access_key"),
            ),
        ]
    }

    fn uses(&self, _id: &Id, context: &Context<'_>) -> Vec<Grant> {
        context.access(&self.access)
    }

    fn view(&self, id: &Id, context: &Context<'_>) -> View {
        let mut view = View::default();
        view.set("name", name(id, context));
        let usual = Term::named(&id.dashed());
        view.set("group", context.name_of(id, "aws_iam_group", &id.name, usual));
        view.set("statements", Statements::of(context.access(&self.access)).into_term());
        view.set("key_arn", context.export("key", "arn"));
        view.items(
            "halves",
            HALVES.into_iter().map(|(attribute, _, half)| {
                let mut view = View::default();
                view.set("name", context.parameter(&parameter(id, half)));
                (attribute.to_owned(), view)
            }),
        );
        view
    }

    fn outputs(&self, id: &Id, _context: &Context<'_>) -> Vec<Output> {
        let description = format!("IAM user `{}`, whose access key is made by hand.", id.name);
        vec![Output { name: "name", description, term: Term::Export(id.clone(), "name") }]
    }

    fn handmade(&self, id: &Id) -> Vec<Handmade> {
        let user = format!("\"$(terraform output -raw {}_name)\"", id.ident());
        // The AWS command line ends its output with a line break, which is no part of a key.
        let command = |call: &str| Some(format!("aws iam {call} --output text | tr -d '\\n'"));
        let create = format!("create-access-key --user-name {user} \\\n  --query AccessKey.SecretAccessKey");
        let list = format!(
            "list-access-keys --user-name {user} \\\n  --query 'sort_by(AccessKeyMetadata, &CreateDate)[-1].AccessKeyId'"
        );
        // AWS shows the secret half only when the key is made; the other half can be read at any time.
        vec![
            Handmade {
                parameter: parameter(id, "secret-access-key"),
                command: command(&create),
                purpose: format!("makes a key of user {}", id.name),
            },
            Handmade {
                parameter: parameter(id, "access-key-id"),
                command: command(&list),
                purpose: "the newest key".to_owned(),
            },
        ]
    }
}

#[cfg(test)]
mod tests {
    use crate::testing::{codes, generated, has_line, stack};

    const ASSETS: &str = "bucket \"assets\" {}\nuser \"ci\" { access = [bucket.assets.name] }\n";

    fn file(components: &str, overlay: &str) -> String {
        generated(&stack(components, overlay), "modules/identity/user_ci.tf")
    }

    #[test]
    fn a_user_gets_what_its_references_allow_through_a_group() {
        let text = file(ASSETS, "");
        for wanted in ["s3:PutObject", "s3:ListBucket", "kms:Decrypt", "var.bucket_assets_arn"] {
            assert!(text.contains(wanted), "{wanted}\n{text}");
        }
        assert!(has_line(&text, "group = aws_iam_group.ci.name"), "{text}");
        assert!(!text.contains("aws_iam_user_policy") && !text.contains("aws_iam_access_key"), "{text}");
    }

    #[test]
    fn the_key_of_the_stack_encrypts_it_even_when_nothing_else_needs_one() {
        let text = r#"
stack "shop" { region = "eu-west-1" }
environment "production" { account = "222222222222" }
parameter "mode" { value = "x" }
user "ci" { access = [parameter.mode.name] }
"#;
        let file = generated(text, "modules/identity/user_ci.tf");
        assert!(has_line(&file, "key_id = var.key_arn"), "{file}");
    }

    #[test]
    fn a_right_may_differ_between_environments() {
        let text = file(ASSETS, r#"bucket "assets" { public_read = true }"#);
        assert!(text.contains("if item != null"), "{text}");
    }

    #[test]
    fn the_key_is_made_with_only_the_arguments_that_keep_it_out_of_the_state() {
        let text = file(ASSETS, "");
        let parameters: Vec<&str> = text.split("resource \"aws_ssm_parameter\"").skip(1).collect();
        assert_eq!(parameters.len(), 2);
        for parameter in parameters {
            let body = parameter.split_once('{').unwrap().1.split_once("\n}").unwrap().0;
            let names: Vec<&str> =
                body.lines().filter_map(|line| line.split_once(" = ")).map(|(name, _)| name.trim()).collect();
            assert_eq!(names, ["name", "type", "key_id", "value_wo", "value_wo_version"]);
        }
    }

    #[test]
    fn both_halves_of_the_key_are_secrets() {
        let service = |variables: &str| {
            stack(&format!("{ASSETS}service \"web\" {{\nimage = \"nginx:1\"\n{variables}\n}}"), "")
        };
        for half in ["access_key_id", "secret_access_key"] {
            assert_eq!(
                codes(&service(&format!("environment = {{ K = user.ci.{half} }}"))),
                ["secret-exposed"]
            );
            let text = service(&format!("secrets = {{ K = user.ci.{half} }}"));
            let service = generated(&text, "modules/services/service_web.tf");
            assert!(service.contains(&format!("var.user_ci_{half}_arn")), "{service}");
        }
        let text = service("environment = { K = user.ci.name }");
        assert!(codes(&text).is_empty());
    }

    #[test]
    fn the_readme_makes_the_key_before_it_reads_its_name() {
        let readme = generated(&stack(ASSETS, ""), "README.md");
        let made = readme.find("| put user/ci/secret-access-key").unwrap();
        let read = readme.find("| put user/ci/access-key-id").unwrap();
        assert!(made < read, "{readme}");
    }
}
