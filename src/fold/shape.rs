//! What can be said of terms without folding them: their shape, their names.

use crate::hcl::Literal;
use crate::terms::Term;

/// A term per environment; `None` where the value does not matter.
pub(super) type Terms<'t> = [Option<&'t Term>];

/// Lists of plain strings of different lengths, each as one string: the environment table holds scalars only.
pub(super) fn string_lists(terms: &Terms<'_>) -> Option<Vec<Option<String>>> {
    let text = |term: &Term| match term {
        Term::Literal(Literal::String(text)) if !text.is_empty() && !text.contains(',') => {
            Some(text.to_string())
        }
        _ => None,
    };
    terms
        .iter()
        .map(|term| match term {
            None => Some(None),
            Some(Term::List(items)) => {
                let items: Option<Vec<String>> = items.iter().map(text).collect();
                Some(Some(items?.join(",")))
            }
            Some(_) => None,
        })
        .collect()
}

/// Whether two terms can be folded part by part.
pub(super) fn same_shape(a: &Term, b: &Term) -> bool {
    match (a, b) {
        (Term::Literal(_) | Term::Setting(_), Term::Literal(_) | Term::Setting(_))
        | (Term::Region(_), Term::Region(_))
        | (Term::Not(_), Term::Not(_))
        | (Term::If(_), Term::If(_))
        | (Term::Object(_), Term::Object(_))
        | (Term::Keyed(_), Term::Keyed(_))
        | (Term::NameValues(..), Term::NameValues(..)) => true,
        (Term::Named(a, _), Term::Named(b, _)) => a == b,
        (Term::Fact(a, _), Term::Fact(b, _)) => a == b,
        (Term::Template(a), Term::Template(b)) | (Term::List(a), Term::List(b)) => a.len() == b.len(),
        (Term::Call(a, x), Term::Call(b, y)) => a == b && x.len() == y.len(),
        (a, b) => a == b,
    }
}

/// Whether a term names resources, so that only its own module can print it.
pub(super) fn names_resources(term: &Term) -> bool {
    match term {
        Term::Own(_) | Term::Module(_) => true,
        Term::Template(parts) | Term::List(parts) | Term::Call(_, parts) => parts.iter().any(names_resources),
        Term::Keyed(map) | Term::Object(map) | Term::NameValues(_, map) => map.values().any(names_resources),
        Term::Not(inner) => names_resources(inner),
        Term::If(parts) => parts.iter().any(names_resources),
        _ => false,
    }
}

/// A key as part of a column's name.
pub(super) fn column_word(key: &str) -> String {
    let word: String =
        key.chars().map(|c| if c.is_ascii_alphanumeric() { c.to_ascii_lowercase() } else { '_' }).collect();
    word.trim_matches('_').to_owned()
}

/// A column's description from its path: `tasks of service_web`.
pub(super) fn describe(path: &[&str]) -> String {
    match path {
        [] => String::new(),
        [one] => format!("{one}, which differs between environments."),
        [of, rest @ ..] => format!(
            "The {} of {of}, which may differ between environments.",
            rest.join(" ").replace('_', " ")
        ),
    }
}
