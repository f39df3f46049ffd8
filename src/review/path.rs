//! Ways into a value, as reports show them: `rule[0].priority`, `container_definitions.web.cpu`.

use std::fmt;

use serde_json::Value;

/// What ends the path of an item of a list that is one among equals.
pub(super) const SOME: &str = "[]";

/// One step from a value into it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Step {
    /// The value of a key.
    Key(String),
    /// The item of a list that has this identity.
    Item(String),
    /// The item of a list at this place.
    Index(usize),
    /// An item of a list that is one among equals.
    Some,
}

/// The way to a part of a value.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(super) struct Path(pub(super) Vec<Step>);

impl Path {
    /// The way on from here.
    pub(super) fn to(&self, step: Step) -> Self {
        Self(self.0.iter().cloned().chain([step]).collect())
    }

    /// The keys alone, which are what a path of Terraform has in common with ours.
    pub(super) fn keys(&self) -> impl Iterator<Item = &str> {
        self.0.iter().filter_map(|step| match step {
            Step::Key(key) => Some(key.as_str()),
            Step::Item(_) | Step::Index(_) | Step::Some => None,
        })
    }
}

impl fmt::Display for Path {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (at, step) in self.0.iter().enumerate() {
            match step {
                Step::Index(index) => write!(f, "[{index}]")?,
                Step::Some => f.write_str(SOME)?,
                Step::Key(word) | Step::Item(word) if is_plain(word) => {
                    f.write_str(if at > 0 { "." } else { "" })?;
                    f.write_str(word)?;
                }
                Step::Key(word) | Step::Item(word) => write!(f, "[{}]", Value::from(word.as_str()))?,
            }
        }
        Ok(())
    }
}

fn is_plain(word: &str) -> bool {
    !word.is_empty() && word.chars().all(|c| c.is_ascii_alphanumeric() || matches!(c, '_' | '-'))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_no_word_stands_in_quotes() {
        let path =
            Path::default().to(Step::Key("tags".into())).to(Step::Key("a.b/\"c".into())).to(Step::Index(3));
        assert_eq!(path.to_string(), r#"tags["a.b/\"c"][3]"#);
        assert_eq!(path.keys().collect::<Vec<_>>(), ["tags", "a.b/\"c"]);
    }
}
