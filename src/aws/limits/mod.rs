//! What a name may be: length and characters per kind of resource.
//!
//! A [`NameLimit`] is data; they are in [`names`]. Knows nothing about how Groundplan makes up names.

pub mod names;

use std::fmt;

/// What AWS accepts as the name of one kind of resource.
#[derive(Debug, Clone, Copy)]
pub struct NameLimit {
    /// What is named, in words: `target group`.
    pub resource: &'static str,
    /// The fewest characters.
    pub min: usize,
    /// The most characters.
    pub max: usize,
    /// The characters it may consist of.
    pub charset: Charset,
    /// What its first character must be.
    pub first: First,
    /// What it must not contain, begin or end with, or be.
    pub refused: &'static [Refused],
}

/// A set of characters: digits always, and these.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Charset {
    /// Whether `A` to `Z` are in it; `a` to `z` always are.
    pub upper: bool,
    /// The rest, in the order a message lists them.
    pub symbols: &'static str,
    /// Whether every other character is in it too, but for control characters.
    pub others: bool,
}

impl Charset {
    fn contains(self, character: char) -> bool {
        character.is_ascii_lowercase()
            || character.is_ascii_digit()
            || self.upper && character.is_ascii_uppercase()
            || self.symbols.contains(character)
            || self.others && !character.is_control()
    }
}

impl fmt::Display for Charset {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if self.others {
            return f.write_str("characters that can be seen");
        }
        f.write_str(if self.upper { "letters, digits" } else { "lower-case letters, digits" })?;
        for symbol in self.symbols.chars() {
            match symbol {
                ' ' => f.write_str(", spaces")?,
                _ => write!(f, ", `{symbol}`")?,
            }
        }
        Ok(())
    }
}

/// What the first character of a name must be, beyond being in its charset.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum First {
    /// Anything in the charset.
    Any,
    /// A letter.
    Letter,
    /// A letter or a digit.
    LetterOrDigit,
}

/// Something that a name must not have.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Refused {
    /// This text anywhere.
    Inside(&'static str),
    /// This text at the start, in upper or lower case.
    Start(&'static str),
    /// This text at the end.
    End(&'static str),
    /// To be one of these words, in upper or lower case.
    Words(&'static [&'static str]),
    /// The form of an IPv4 address.
    Ipv4,
}

impl Refused {
    fn applies(self, name: &str) -> bool {
        match self {
            Refused::Inside(text) => name.contains(text),
            Refused::Start(text) => {
                name.get(..text.len()).is_some_and(|start| start.eq_ignore_ascii_case(text))
            }
            Refused::End(text) => name.ends_with(text),
            Refused::Words(words) => words.iter().any(|word| name.eq_ignore_ascii_case(word)),
            Refused::Ipv4 => {
                name.split('.').count() == 4
                    && name
                        .split('.')
                        .all(|part| !part.is_empty() && part.bytes().all(|byte| byte.is_ascii_digit()))
            }
        }
    }
}

/// Why a name cannot be used; displays as a phrase that follows the name.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum NameProblem {
    /// Fewer characters than it needs, which is given.
    Short(usize),
    /// Too many characters.
    Long {
        /// How many it has.
        length: usize,
        /// How many it may have.
        max: usize,
    },
    /// A character that no such name can have.
    Character {
        /// The first of them.
        character: char,
        /// What there may be instead.
        allowed: Charset,
    },
    /// The first character is in the charset, but not one that a name can start with.
    First(First),
    /// It has what it must not have.
    Refused(Refused),
}

impl fmt::Display for NameProblem {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match *self {
            NameProblem::Short(min) => write!(f, "is shorter than {min} {}", plural(min)),
            NameProblem::Long { length, max } => {
                let over = length - max;
                write!(f, "has {length} characters, {over} more than the {max} allowed")
            }
            NameProblem::Character { character, allowed } => {
                write!(f, "contains `{}`, but may have only {allowed}", character.escape_debug())
            }
            NameProblem::First(First::Letter) => f.write_str("must start with a letter"),
            NameProblem::First(_) => f.write_str("must start with a letter or a digit"),
            NameProblem::Refused(Refused::Inside(text)) => write!(f, "must not contain `{text}`"),
            NameProblem::Refused(Refused::Start(text)) => write!(f, "must not start with `{text}`"),
            NameProblem::Refused(Refused::End(text)) => write!(f, "must not end with `{text}`"),
            NameProblem::Refused(Refused::Words(_)) => f.write_str("is a reserved word"),
            NameProblem::Refused(Refused::Ipv4) => f.write_str("looks like an IPv4 address"),
        }
    }
}

fn plural(count: usize) -> &'static str {
    if count == 1 { "character" } else { "characters" }
}

impl NameLimit {
    /// Whether AWS accepts `name`; the first thing wrong with it otherwise.
    pub fn check(&self, name: &str) -> Result<(), NameProblem> {
        if let Some(character) = name.chars().find(|&character| !self.charset.contains(character)) {
            return Err(NameProblem::Character { character, allowed: self.charset });
        }
        let length = name.chars().count();
        if length < self.min {
            return Err(NameProblem::Short(self.min));
        }
        if length > self.max {
            return Err(NameProblem::Long { length, max: self.max });
        }
        let starts_well = name.chars().next().is_none_or(|first| match self.first {
            First::Any => true,
            First::Letter => first.is_ascii_alphabetic(),
            First::LetterOrDigit => first.is_ascii_alphanumeric(),
        });
        if !starts_well {
            return Err(NameProblem::First(self.first));
        }
        match self.refused.iter().find(|refused| refused.applies(name)) {
            Some(&refused) => Err(NameProblem::Refused(refused)),
            None => Ok(()),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const LIMIT: NameLimit = NameLimit {
        resource: "thing",
        min: 2,
        max: 8,
        charset: Charset { upper: false, symbols: "-/. ", others: false },
        first: First::LetterOrDigit,
        refused: &[
            Refused::Inside("--"),
            Refused::End("-"),
            Refused::Start("ssm"),
            Refused::Words(&["default"]),
        ],
    };

    fn problem(name: &str) -> String {
        LIMIT.check(name).unwrap_err().to_string()
    }

    #[test]
    fn a_problem_says_what_is_wrong_in_one_phrase() {
        assert_eq!(LIMIT.check("a-b/c.d1"), Ok(()));
        assert_eq!(problem(""), "is shorter than 2 characters");
        assert_eq!(problem("abcdefghij"), "has 10 characters, 2 more than the 8 allowed");
        assert_eq!(
            problem("aB"),
            "contains `B`, but may have only lower-case letters, digits, `-`, `/`, `.`, spaces"
        );
        assert_eq!(
            problem("a\nb"),
            "contains `\\n`, but may have only lower-case letters, digits, `-`, `/`, `.`, spaces"
        );
        assert_eq!(problem("-ab"), "must start with a letter or a digit");
        assert_eq!(problem("a--b"), "must not contain `--`");
        assert_eq!(problem("ab-"), "must not end with `-`");
        assert_eq!(problem("ssm-a"), "must not start with `ssm`");
        assert_eq!(problem("default"), "is a reserved word");
    }

    #[test]
    fn a_character_that_is_not_ascii_is_named_before_the_length() {
        assert!(problem("éééééééééééé").starts_with("contains `é`"));
    }

    #[test]
    fn addresses_have_four_numbers() {
        assert!(Refused::Ipv4.applies("192.168.5.4"));
        assert!(!Refused::Ipv4.applies("192.168.5") && !Refused::Ipv4.applies("192.168.5.x"));
    }
}
