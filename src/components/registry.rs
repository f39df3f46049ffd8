//! `registry`: a private image repository on ECR.

use crate::aws::limits::names::ECR_REPOSITORY;
use crate::model::{Attribute, Component, Context, Kind, PhysicalName};
use crate::settings::settings;
use crate::settings::values::Int;
use crate::terms::{Export, Id, Offer, Offered, Output, Term, View};

/// The table line of this component.
pub static KIND: Kind = Kind {
    key: "registry",
    module: "registry",
    template: include_str!("../../templates/modules/registry.tf.tera"),
    data: &["aws_ecr_repository"],
    attributes: &[
        Attribute::plain("url", "Where images are pushed to, without a tag."),
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
    }
}

impl Component for Registry {
    fn offer(&self, id: &Id, attribute: &str) -> Option<Offer> {
        let export = match attribute {
            "url" => "repository_url",
            "arn" => "repository_arn",
            _ => return None,
        };
        Some(Offer { value: Offered::Plain(Term::Export(id.clone(), export)), grants: Vec::new() })
    }

    fn names(&self, id: &Id, context: &Context<'_>) -> Vec<PhysicalName> {
        vec![PhysicalName { limit: ECR_REPOSITORY, setting: "", name: context.physical(&id.dashed()) }]
    }

    fn exports(&self, id: &Id, _context: &Context<'_>) -> Vec<Export> {
        let own = |attribute| Term::own("aws_ecr_repository", &id.name, attribute);
        vec![
            Export::string(
                "repository_url",
                "Where images are pushed to, without a tag.",
                own("repository_url"),
            ),
            Export::string("repository_arn", "ARN of the image repository.", own("arn")),
        ]
    }

    fn view(&self, id: &Id, context: &Context<'_>) -> View {
        let mut view = View::default();
        view.set("name", Term::named(&id.dashed()));
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
    fn a_workload_pulls_from_its_registry() {
        let text = "registry \"app\" {}\nservice \"web\" {\nimage = registry.app\ntag = \"v1\"\n}";
        let service = generated(&stack(text, ""), "modules/services/service_web.tf");
        assert!(service.contains("\"${var.registry_app_repository_url}:v1\""), "{service}");
        assert!(service.contains("var.registry_app_repository_arn"), "{service}");
        let outputs = generated(&stack(text, ""), "outputs.tf");
        assert!(outputs.contains("output \"registry_app_url\""), "{outputs}");
    }
}
