//! `${NAME}` in manifests: Copilot fills in two names of its own, and otherwise the environment of whoever starts it.

use crate::import::environments::ENVIRONMENT_NAME;

/// A text after filling in.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Filled {
    /// With what is known.
    pub(super) text: String,
    /// Whether something stays that only the caller's environment knows.
    pub(super) unknown: bool,
}

/// What the names stand for.
#[derive(Debug, Clone)]
pub(super) struct Filling<'a> {
    /// The application.
    pub(super) application: &'a str,
    /// The environment that is read for.
    pub(super) environment: &'a str,
}

impl Filling<'_> {
    /// The text for the one environment.
    pub(super) fn here(&self, text: &str) -> Filled {
        let name = self.environment;
        fill(text, self.application, name)
    }

    /// The text for all environments, with a mark where the name of the environment belongs.
    pub(super) fn everywhere(&self, text: &str) -> Filled {
        fill(text, self.application, ENVIRONMENT_NAME.encode_utf8(&mut [0; 4]))
    }
}

fn fill(text: &str, application: &str, environment: &str) -> Filled {
    let mut filled = String::with_capacity(text.len());
    let mut unknown = false;
    let mut rest = text;
    while let Some(at) = rest.find("${") {
        let (before, from) = rest.split_at(at);
        let name = from[2..].split_once('}').map(|(name, _)| name).filter(|name| is_name(name));
        let Some(name) = name else {
            filled.push_str(before);
            filled.push_str("${");
            rest = &from[2..];
            continue;
        };
        let whole = &from[..name.len() + 3];
        match before.strip_suffix('\\') {
            Some(before) => {
                filled.push_str(before);
                filled.push_str(whole);
            }
            None => {
                filled.push_str(before);
                match name {
                    "COPILOT_APPLICATION_NAME" => filled.push_str(application),
                    "COPILOT_ENVIRONMENT_NAME" => filled.push_str(environment),
                    _ => {
                        unknown = true;
                        filled.push_str(whole);
                    }
                }
            }
        }
        rest = &from[whole.len()..];
    }
    filled.push_str(rest);
    Filled { text: filled, unknown }
}

fn is_name(text: &str) -> bool {
    let mut chars = text.chars();
    chars.next().is_some_and(|c| c.is_ascii_alphabetic() || c == '_')
        && chars.all(|c| c.is_ascii_alphanumeric() || c == '_')
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_two_names_are_known_and_others_are_not() {
        let names = Filling { application: "shop", environment: "test" };
        for (text, filled, unknown) in [
            ("/${COPILOT_APPLICATION_NAME}/${COPILOT_ENVIRONMENT_NAME}/X", "/shop/test/X", false),
            ("app:${TAG}", "app:${TAG}", true),
            (r"\${TAG} $TAG ${ TAG } ${", "${TAG} $TAG ${ TAG } ${", false),
            ("é${COPILOT_APPLICATION_NAME}é", "éshopé", false),
        ] {
            assert_eq!(names.here(text), Filled { text: filled.to_owned(), unknown }, "{text}");
        }
        assert_eq!(names.everywhere("${COPILOT_ENVIRONMENT_NAME}.a").text, "\u{1}.a");
    }
}
