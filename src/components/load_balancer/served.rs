//! The names that a load balancer serves, and what they are called in Terraform.

use super::LoadBalancer;
use crate::model::Context;
use crate::settings::input::{Input, InputPart};
use crate::terms::{Id, Term};

impl LoadBalancer {
    /// The domain and its aliases: a Terraform label for each, from the name as written, and the name itself.
    pub(super) fn served(&self, id: &Id, context: &Context<'_>) -> Vec<(String, Term)> {
        let domain = self.domain.iter().map(|domain| (id.name.to_string(), context.plain(domain)));
        let aliases =
            self.aliases.iter().map(|alias| (format!("{}_{}", id.name, label(alias)), context.plain(alias)));
        domain.chain(aliases).collect()
    }
}

/// A name as written, as part of a Terraform label: `www.${environment.domain}` gives `www_environment_domain`.
pub(super) fn label(name: &Input) -> String {
    let text = match name {
        Input::Literal(literal) => literal.to_text(),
        Input::Reference(reference) => reference.text(),
        Input::Template(parts) => parts
            .iter()
            .map(|part| match part {
                InputPart::Text(text) => text.to_string(),
                InputPart::Reference(reference) => reference.text(),
            })
            .collect(),
    };
    let words = text.replace('*', "any").to_ascii_lowercase();
    let words = words.split(|c: char| !c.is_ascii_alphanumeric()).filter(|word| !word.is_empty());
    words.collect::<Vec<_>>().join("_")
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::settings::input::Reference;
    use crate::terms::Literal;

    #[test]
    fn labels_come_from_the_name_as_written() {
        let literal = |text: &str| Input::Literal(Literal::from(text));
        assert_eq!(label(&literal("*.Example.com")), "any_example_com");
        let span = crate::source::Span::new(crate::source::FileId(0), 0, 0);
        let words = ["environment", "domain"].map(|text| crate::syntax::Word { text: text.into(), span });
        let reference = Reference { span, words: words.into() };
        let parts = vec![InputPart::Text("www.".into()), InputPart::Reference(reference)];
        assert_eq!(label(&Input::Template(parts)), "www_environment_domain");
    }
}
