//! Renames: which address every resource had before.
//!
//! Which part of an address comes from the name of a component is not guessed. The document is compiled a second time with
//! placeholders for the names; the addresses that then hold a placeholder, with the former names in its place, are the
//! former addresses. So labels in the files of other components are found too.

use std::collections::BTreeMap;
use std::sync::Arc;

use crate::diagnostic::Diagnostic;
use crate::model::Model;
use crate::model::codes::FORMER_NAME_TAKEN;
use crate::source::Span;
use crate::terms::Id;
use crate::tree::Tree;

/// Addresses of one resource, the oldest first and the present one last. Terraform lets nothing have two origins, so each
/// moves to the next.
pub type Chain = Vec<String>;

/// A component, what stands for its name, and its names: the oldest first, the present one last.
#[derive(Debug)]
pub struct Placeholder {
    /// The component.
    pub id: Id,
    /// A name that stands nowhere else.
    pub word: Arc<str>,
    /// All names that it had and has.
    pub names: Vec<Arc<str>>,
}

impl Placeholder {
    /// One for each of these names, with words that `text` does not have.
    pub fn all(components: impl IntoIterator<Item = (Id, Vec<Arc<str>>)>, text: &str) -> Vec<Self> {
        let mut stem = "renamed".to_owned();
        while text.contains(&stem) {
            stem.push('x');
        }
        let components = components.into_iter().enumerate();
        components
            .map(|(index, (id, names))| {
                let word = format!("{stem}{index}z").into();
                Self { id, word, names }
            })
            .collect()
    }
}

/// Whether the name of one of the components is part of an address.
pub fn has_placeholder(address: &str, placeholders: &[Placeholder]) -> bool {
    placeholders.iter().any(|one| address.contains(&*one.word))
}

/// The former addresses of everything whose address holds a placeholder, in the order of the present addresses.
pub fn chains<'a>(
    addresses: impl IntoIterator<Item = &'a String>,
    placeholders: &[Placeholder],
) -> Vec<Chain> {
    let mut chains: Vec<Chain> = addresses
        .into_iter()
        .filter(|address| has_placeholder(address, placeholders))
        .map(|address| {
            placeholders.iter().filter(|one| address.contains(&*one.word)).fold(
                vec![address.clone()],
                |forms, one| {
                    let replaced = |form: &String| {
                        let names = one.names.iter();
                        names.map(|name| form.replace(&*one.word, name)).collect::<Vec<_>>()
                    };
                    forms.iter().flat_map(replaced).collect()
                },
            )
        })
        .collect();
    chains.sort_by(|a, b| a.last().cmp(&b.last()));
    chains
}

/// The present address for each former one.
pub fn by_former(chains: &[Chain]) -> BTreeMap<String, String> {
    let pairs = chains
        .iter()
        .filter_map(|chain| chain.split_last())
        .flat_map(|(present, former)| former.iter().map(move |former| (former.clone(), present.clone())));
    pairs.collect()
}

/// Former addresses that another resource has now, or that two share: `web` had a role `web_execution`, and now a
/// service is called that. Terraform refuses them.
pub fn check(chains: &[Chain], tree: &Tree, model: &Model) -> Vec<Diagnostic> {
    let mut taken: BTreeMap<&str, &str> =
        tree.addresses.keys().map(|known| (known.as_str(), known.as_str())).collect();
    let mut found = Vec::new();
    for (present, former) in chains.iter().filter_map(|chain| chain.split_last()) {
        for former in former {
            let Some(other) = taken.insert(former, present) else { continue };
            let message = format!("`{former}` has become `{present}`, and is needed for `{other}`");
            let found_here = Diagnostic::new(&FORMER_NAME_TAKEN, place(present, tree, model), message);
            found.push(found_here.help("give the component another name until all environments are applied"));
        }
    }
    found
}

/// The header of the component that makes a resource.
fn place(address: &str, tree: &Tree, model: &Model) -> Span {
    let component = tree.addresses.get(address).map(|known| known.component.as_str());
    let mut entries = model.environments.iter().flat_map(|environment| &environment.components);
    let entry = entries.find(|(id, _)| component.is_some_and(|component| id.to_string() == component));
    entry.map_or(model.stack.place, |(_, entry)| entry.header)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn placeholder(name: &str, word: &str, names: &[&str]) -> Placeholder {
        Placeholder {
            id: Id::new("service", name),
            word: word.into(),
            names: names.iter().map(|name| Arc::from(*name)).collect(),
        }
    }

    fn found(addresses: &[&str], placeholders: &[Placeholder]) -> Vec<Chain> {
        let addresses: Vec<String> = addresses.iter().map(|address| (*address).to_owned()).collect();
        chains(&addresses, placeholders)
    }

    #[test]
    fn every_former_name_moves_to_the_next() {
        let web = [placeholder("web", "p0", &["a", "b", "web"])];
        assert_eq!(
            found(&["x.p0_execution", "x.other"], &web),
            [["x.a_execution", "x.b_execution", "x.web_execution"]]
        );
    }

    #[test]
    fn of_two_renames_in_one_address_either_may_have_been_applied_before() {
        let both = [placeholder("web", "p0", &["a", "web"]), placeholder("db", "p1", &["c", "db"])];
        assert_eq!(found(&["x.p0_p1"], &both), [["x.a_c", "x.a_db", "x.web_c", "x.web_db"]]);
    }

    #[test]
    fn placeholders_stand_nowhere_else() {
        let all = Placeholder::all([(Id::new("service", "web"), Vec::new())], "renamed0z renamedx");
        assert_eq!(&*all[0].word, "renamedxx0z");
    }

    #[test]
    fn a_former_address_that_another_resource_has_is_refused() {
        let text = crate::testing::stack(
            "service \"api\" {\nimage = \"nginx:1\"\nrenamed_from = \"web\"\n}\n\
             service \"web_execution\" {\nimage = \"nginx:1\"\naws_name = \"other\"\n}",
            "",
        );
        let (found, _) = crate::testing::compile(&text);
        assert_eq!(found[0].code.name, "former-name-taken");
        let expected = "`module.services.aws_iam_role.web_execution` has become \
                        `module.services.aws_iam_role.api_execution`, and is needed for \
                        `module.services.aws_iam_role.web_execution`";
        assert_eq!(found[0].message, expected);
    }
}
