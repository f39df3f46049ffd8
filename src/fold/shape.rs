//! What can be said of terms without folding them: their shape, their names.

use crate::hcl::Literal;
use crate::model::Context;
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

/// A column's description from its path: "The tasks of service_web, which may differ between environments."
pub(super) fn describe(path: &[&str]) -> String {
    match path {
        [] => String::new(),
        [one] => format!("{one}, which differs between environments."),
        [of, rest @ ..] => format!(
            "Setting of {of} that may differ between environments: {}.",
            rest.join(" ").replace('_', " ")
        ),
    }
}

/// The column that says where something is, and its description.
pub(super) fn presence_column(path: &[&str]) -> [String; 2] {
    match path {
        [of, "created"] => {
            [path.join("_"), format!("Whether {of} is created, and not one that exists elsewhere.")]
        }
        _ => [path.join("_") + "_exists", format!("Whether {} exists.", path.join(" "))],
    }
}

/// The constant that a term is in its environment, when no resource is needed to say so: `protect ? 30 : 1` where the
/// environment protects its data is 30, and a name that begins with the prefix of names is that name.
pub(super) fn constant(term: &Term, context: &Context<'_>) -> Option<Term> {
    let literal = match term {
        Term::Literal(literal)
        | Term::Setting(literal)
        | Term::Named(_, literal)
        | Term::Fact(_, literal) => literal.clone(),
        Term::Not(inner) => match constant(inner, context)? {
            Term::Literal(Literal::Bool(value)) => Literal::Bool(!value),
            _ => return None,
        },
        Term::If(parts) => {
            let [condition, yes, no] = &**parts;
            return match constant(condition, context)? {
                Term::Literal(Literal::Bool(true)) => constant(yes, context),
                Term::Literal(Literal::Bool(false)) => constant(no, context),
                _ => None,
            };
        }
        Term::Prefix | Term::Environment | Term::Region(_) | Term::Template(_) => context.known(term)?.into(),
        _ => return None,
    };
    Some(Term::Literal(literal))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::terms::Fact;

    #[test]
    fn what_follows_from_a_fact_is_a_constant_in_its_environment() {
        let model = crate::testing::model(&crate::testing::stack("", ""));
        let context = Context { stack: &model.stack, environment: &model.environments[0] };
        let constant = |term: &Term| constant(term, &context);
        let protect = |value| Term::Fact(Fact::Protect, Literal::Bool(value));
        let days = |value| Term::choose(protect(value), Literal::Integer(30), Literal::Integer(1));
        assert_eq!(constant(&days(true)), Some(Term::from(30)));
        assert_eq!(constant(&Term::negate(protect(true))), Some(Term::from(false)));
        assert_eq!(constant(&Term::named("main")), Some(Term::string("shop-production-main")));
        assert_eq!(constant(&Term::Module("local.zones")), None);
    }
}
