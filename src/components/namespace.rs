//! `namespace`: a private DNS namespace of Cloud Map, in which services find each other by name.

use std::sync::Arc;

use crate::aws::limits::names::NAMESPACE;
use crate::model::{Checker, Component, Context, Kind, PhysicalName};
use crate::settings::codes::{INVALID_VALUE, MISSING_KEY};
use crate::settings::input::Input;
use crate::settings::settings;
use crate::terms::{Drawing, Export, Id, Site, Term, View};

/// The table line of this component.
pub static KIND: Kind = Kind {
    key: "namespace",
    module: "services",
    template: include_str!("../../templates/modules/namespace.tf.tera"),
    data: &[],
    stays: &[],
    attributes: &[],
    implies: &[],
    needs: &["network"],
    whole: true,
    codes: &[],
    info: <Namespace as crate::settings::Settings>::info,
    read: crate::model::read::<Namespace>,
};

settings! {
    /// A private DNS namespace of AWS Cloud Map, which answers inside the VPC only. A service with
    /// `discovery = namespace.<name>` is found there as `<service>.<namespace>`.
    pub struct Namespace {
        /// Domain name of the namespace; `<stack>-<environment>.internal` by default. To change it replaces the
        /// namespace.
        name: Option<Input>,
        /// Id of a namespace that exists in the VPC, `ns-..`; `name` is then its name.
        existing: Option<Arc<str>>,
    }
}

impl Namespace {
    fn name(&self, context: &Context<'_>) -> Term {
        match &self.name {
            Some(name) => context.plain(name),
            None => Term::Template(vec![Term::Prefix, Term::string(".internal")]),
        }
    }
}

impl Component for Namespace {
    fn check(&self, _id: &Id, at: &mut Checker<'_>) {
        let Some(existing) = &self.existing else { return };
        if !existing.starts_with("ns-") {
            let message = format!("`{existing}` is no id of a namespace");
            at.error(&INVALID_VALUE, &["existing"], message, |found| {
                found.help("write the id, which begins with `ns-`, and the name as `name`")
            });
        }
        if self.name.is_none() {
            at.error(&MISSING_KEY, &[], "missing setting `name`", |found| {
                found.help("add `name = \"..\"`, the domain name of the namespace that exists")
            });
        }
    }

    fn names(&self, _id: &Id, context: &Context<'_>) -> Vec<PhysicalName> {
        let (setting, name) = match &self.name {
            Some(name) => ("name", context.text(name)),
            None => ("", Some(format!("{}.internal", context.prefix()))),
        };
        name.into_iter().map(|name| PhysicalName { limit: NAMESPACE, setting, name }).collect()
    }

    fn exports(&self, id: &Id, context: &Context<'_>) -> Vec<Export> {
        let resource = "aws_service_discovery_private_dns_namespace";
        let namespace = match &self.existing {
            Some(existing) => Term::string(existing.clone()),
            None => Term::own_in("created", resource, &id.name, "id"),
        };
        vec![
            Export::string("id", "Namespace in which services find each other.", namespace),
            Export::string("name", "Domain name of the namespace.", self.name(context)),
        ]
    }

    fn drawing(&self, _id: &Id, _context: &Context<'_>) -> Drawing {
        Drawing::at(Site::Vpc)
    }

    fn view(&self, _id: &Id, context: &Context<'_>) -> View {
        let mut view = View::default();
        view.group(
            "created",
            self.existing.is_none().then(|| {
                let mut created = View::default();
                created.set("name", self.name(context));
                created.set("vpc_id", context.export("network", "vpc_id"));
                created
            }),
        );
        view
    }
}

#[cfg(test)]
mod tests {
    use crate::testing::{codes, generated, has_line, stack};

    const FILE: &str = "modules/services/namespace_main.tf";

    #[test]
    fn a_namespace_is_named_after_its_environment_unless_it_says_otherwise() {
        let text = generated(&stack("namespace \"main\" {}", ""), FILE);
        assert!(has_line(&text, "name = \"${var.name}.internal\""), "{text}");
        let text =
            generated(&stack("namespace \"main\" { name = \"internal.${environment.domain}\" }", ""), FILE);
        assert!(has_line(&text, "name = \"internal.${var.domain}\""), "{text}");
    }

    #[test]
    fn a_namespace_that_exists_has_a_name_and_an_id() {
        for (settings, code) in [
            ("existing = \"ns-1\"", "missing-key"),
            ("existing = \"vpc-1\"\nname = \"a.internal\"", "invalid-value"),
            ("name = \"a..internal\"", "name-refused"),
        ] {
            assert_eq!(
                codes(&stack(&format!("namespace \"main\" {{\n{settings}\n}}"), "")),
                [code],
                "{settings}"
            );
        }
    }
}
