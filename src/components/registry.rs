//! `registry`: a private image repository on ECR.

use std::sync::Arc;

use crate::aws::limits::names::ECR_REPOSITORY;
use crate::aws::region::is_region;
use crate::model::{Attribute, Checker, Component, Context, Kind, PhysicalName};
use crate::settings::codes::INVALID_VALUE;
use crate::settings::settings;
use crate::settings::values::Int;
use crate::terms::{Export, Grant, Id, Offer, Offered, Output, Term, View};

/// The table line of this component.
pub static KIND: Kind = Kind {
    key: "registry",
    module: "registry",
    template: include_str!("../../templates/modules/registry.tf.tera"),
    data: &["aws_ecr_repository"],
    stays: &[("aws_ecr_repository", "*"), ("aws_ecr_lifecycle_policy", "*")],
    attributes: &[
        Attribute::plain("url", "Where images are pushed to, without a tag. Lets the reader pull them."),
        Attribute::plain("arn", "ARN of the repository."),
    ],
    implies: &["key"],
    needs: &[],
    whole: true,
    codes: &[],
    info: <Registry as crate::settings::Settings>::info,
    read: crate::model::read::<Registry>,
};

settings! {
    /// A repository for container images on ECR: encrypted, scanned at every push. A workload that says
    /// `image = registry.<name>` may pull from it. Untagged images go after a week.
    pub struct Registry {
        /// How many images are kept, the newest.
        keep: Int<1, 1_000> = Int(20),
        /// Whether a tag may be pushed again, as `latest` is. A tag that cannot move always names what was tested.
        mutable: bool = false,
        /// A repository that exists, to be used instead: its name, or its ARN or address when it is in another account
        /// or region. The policy of one in another account must let this account pull.
        existing: Option<Arc<str>>,
    }
}

/// A repository that exists: its name, and account and region when it says so.
#[derive(Debug, PartialEq)]
struct Location<'t> {
    name: &'t str,
    place: Option<(&'t str, &'t str)>,
}

impl<'t> Location<'t> {
    /// Reads a name, an ARN, or an address: `<account>.dkr.ecr.<region>.amazonaws.com/<name>`.
    fn parse(text: &'t str) -> Option<Self> {
        let (name, place) = if text.starts_with("arn:") {
            let parts: Vec<&str> = text.splitn(6, ':').collect();
            let [_, _, "ecr", region, account, path] = parts[..] else { return None };
            (path.strip_prefix("repository/")?, Some((account, region)))
        } else if let Some((account, rest)) = text.split_once(".dkr.ecr.") {
            let (host, name) = rest.split_once('/')?;
            (name, Some((account, host.split_once(".amazonaws.com")?.0)))
        } else {
            (text, None)
        };
        let fits = place.is_none_or(|(account, region)| is_account(account) && is_region(region));
        (fits && ECR_REPOSITORY.check(name).is_ok()).then_some(Self { name, place })
    }
}

/// Whether a text is the id of an account.
fn is_account(text: &str) -> bool {
    text.len() == 12 && text.bytes().all(|byte| byte.is_ascii_digit())
}

/// The right to pull, for who knows the address: the build of an image that begins with one from here.
fn pull(id: &Id, arn: Term) -> Grant {
    let actions = &["ecr:BatchCheckLayerAvailability", "ecr:BatchGetImage", "ecr:GetDownloadUrlForLayer"];
    Grant::Allow {
        key: format!("PullFrom{}", id.statement()),
        actions,
        resources: vec![arn],
        condition: None,
    }
}

impl Registry {
    /// Address and ARN of a repository that exists.
    fn existing(&self, context: &Context<'_>) -> Option<[Term; 2]> {
        let Location { name, place } = Location::parse(self.existing.as_deref()?)?;
        let partition = context.partition();
        let (account, region) = match place {
            Some((account, region)) => (Term::string(account), Term::string(region)),
            None => (context.account(), context.region()),
        };
        let url = vec![
            account.clone(),
            Term::string(".dkr.ecr."),
            region.clone(),
            Term::string(format!(".{}/{name}", partition.dns_suffix())),
        ];
        let arn = vec![
            Term::string(format!("arn:{partition}:ecr:")),
            region,
            Term::string(":"),
            account,
            Term::string(format!(":repository/{name}")),
        ];
        Some([url, arn].map(Term::Template))
    }
}

/// The name of a repository that is made.
fn repository(id: &Id, context: &Context<'_>) -> Term {
    context.name_of(id, "aws_ecr_repository", &id.name, Term::named(&id.dashed()))
}

impl Component for Registry {
    fn check(&self, _id: &Id, at: &mut Checker<'_>) {
        let Some(existing) = &self.existing else { return };
        at.only_for_new(&["keep", "mutable"]);
        if Location::parse(existing).is_none() {
            let message = format!("`{existing}` is no image repository");
            at.error(&INVALID_VALUE, &["existing"], message, |found| {
                found.help("write its name, its ARN, or its address without a tag")
            });
        }
    }

    fn offer(&self, id: &Id, attribute: &str) -> Option<Offer> {
        let arn = Term::Export(id.clone(), "repository_arn");
        let (value, grants) = match attribute {
            "url" => (Term::Export(id.clone(), "repository_url"), vec![pull(id, arn)]),
            "arn" => (arn, Vec::new()),
            _ => return None,
        };
        Some(Offer { value: Offered::Plain(value), grants })
    }

    fn names(&self, id: &Id, context: &Context<'_>) -> Vec<PhysicalName> {
        if self.existing.is_some() {
            return Vec::new();
        }
        vec![PhysicalName::made(ECR_REPOSITORY, &repository(id, context), context)]
    }

    fn exports(&self, id: &Id, context: &Context<'_>) -> Vec<Export> {
        let own = |attribute| Term::own_in("created", "aws_ecr_repository", &id.name, attribute);
        let [url, arn] = self.existing(context).unwrap_or_else(|| [own("repository_url"), own("arn")]);
        vec![
            Export::string("repository_url", "Where images are pushed to, without a tag.", url),
            Export::string("repository_arn", "ARN of the image repository.", arn),
        ]
    }

    fn view(&self, id: &Id, context: &Context<'_>) -> View {
        let mut view = View::default();
        view.group("created", self.existing.is_none().then(View::default));
        if self.existing.is_some() {
            return view;
        }
        view.set("name", repository(id, context));
        view.set("mutability", Term::string(if self.mutable { "MUTABLE" } else { "IMMUTABLE" }));
        view.set("force_delete", Term::negate(context.protect()));
        view.set("key_arn", context.export("key", "arn"));
        view.set("keep", self.keep.0);
        view
    }

    fn outputs(&self, id: &Id, _context: &Context<'_>) -> Vec<Output> {
        let description = format!("Where images of `{}` are pushed to.", id.name);
        vec![Output { name: "url", description, term: Term::Export(id.clone(), "repository_url") }]
    }
}

#[cfg(test)]
mod tests {
    use crate::testing::{codes, generated, has_line, stack};

    fn file(components: &str, overlay: &str) -> String {
        generated(&stack(components, overlay), "modules/registry/registry_app.tf")
    }

    #[test]
    fn tags_stand_still_unless_they_may_move() {
        assert!(has_line(&file(r#"registry "app" {}"#, ""), "image_tag_mutability = \"IMMUTABLE\""));
        let mutable = file(r#"registry "app" { mutable = true }"#, "");
        assert!(has_line(&mutable, "image_tag_mutability = \"MUTABLE\""));
    }

    #[test]
    fn the_number_of_images_may_differ_between_environments() {
        assert!(has_line(&file(r#"registry "app" {}"#, ""), "countNumber = 20"));
        let text = file(r#"registry "app" {}"#, r#"registry "app" { keep = 100 }"#);
        assert!(has_line(&text, "countNumber = var.registry_app_keep"), "{text}");
        assert_eq!(codes(&stack(r#"registry "app" { keep = 0 }"#, "")), ["invalid-value"]);
    }

    #[test]
    fn images_of_a_protected_environment_survive_their_repository() {
        assert!(has_line(&file(r#"registry "app" {}"#, ""), "force_delete = !var.protect"));
    }

    #[test]
    fn a_repository_that_exists_is_named_in_three_ways() {
        use super::Location;
        let place = Some(("333333333333", "us-east-1"));
        for (text, place) in [
            ("shared/app", None),
            ("arn:aws:ecr:us-east-1:333333333333:repository/shared/app", place),
            ("333333333333.dkr.ecr.us-east-1.amazonaws.com/shared/app", place),
        ] {
            assert_eq!(Location::parse(text), Some(Location { name: "shared/app", place }), "{text}");
        }
        for bad in ["", "a:1", "arn:aws:s3:::app", "3.dkr.ecr.us-east-1.amazonaws.com/app", "https://a/b"] {
            assert_eq!(Location::parse(bad), None, "{bad}");
        }
    }

    #[test]
    fn a_workload_pulls_from_a_repository_that_exists() {
        let text = |existing: &str| {
            let registry = format!("registry \"app\" {{ existing = \"{existing}\" }}");
            let service = "service \"web\" {\nimage = registry.app\n}";
            generated(&stack(&format!("{registry}\n{service}"), ""), "modules/services/service_web.tf")
        };
        let here = text("shared/app");
        assert!(
            here.contains("\"${var.account_id}.dkr.ecr.eu-west-1.amazonaws.com/shared/app:latest\""),
            "{here}"
        );
        assert!(here.contains("\"arn:aws:ecr:eu-west-1:${var.account_id}:repository/shared/app\""), "{here}");
        let elsewhere = text("arn:aws:ecr:us-east-1:333333333333:repository/app");
        assert!(elsewhere.contains("333333333333.dkr.ecr.us-east-1.amazonaws.com/app:latest"), "{elsewhere}");
    }

    #[test]
    fn a_repository_that_exists_keeps_its_settings() {
        assert_eq!(
            codes(&stack("registry \"app\" {\nexisting = \"app\"\nkeep = 5\n}", "")),
            ["existing-form"]
        );
        assert_eq!(codes(&stack("registry \"app\" { existing = \"app:1\" }", "")), ["invalid-value"]);
    }

    #[test]
    fn a_workload_pulls_from_its_registry() {
        let text = "registry \"app\" {}\nservice \"web\" {\nimage = registry.app\ntag = \"v1\"\n}";
        let service = generated(&stack(text, ""), "modules/services/service_web.tf");
        assert!(service.contains("\"${var.registry_app_repository_url}:v1\""), "{service}");
        assert!(service.contains("var.registry_app_repository_arn"), "{service}");
        let outputs = generated(&stack(text, ""), "outputs.tf");
        assert!(outputs.contains("output \"registry_app_url\""), "{outputs}");
    }
}
