//! Names of instance classes: `db.r6g.large`, `cache.t4g.micro`.
//!
//! The shape and the problems that databases and caches have in common. The families are in [`super::rds`] and
//! [`super::elasticache`].

use std::fmt;

/// Instances of one generation, in several sizes.
#[derive(Debug, Clone, Copy)]
pub struct Family {
    /// The part after the prefix: `r6g`.
    pub name: &'static str,
    /// From small to large: `large`, `xlarge`, ...
    pub sizes: &'static [&'static str],
}

/// Why an instance class cannot be used; displays as a phrase that follows its name.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum ClassProblem {
    /// Not `<prefix>.<family>.<size>`; the prefix is given.
    Shape(&'static str),
    /// No such family; the known ones are given.
    Family {
        /// What was asked for.
        family: String,
        /// What there is.
        known: Vec<&'static str>,
    },
    /// The family has no such size.
    Size {
        /// The family.
        family: &'static str,
        /// What there is, from small to large.
        known: &'static [&'static str],
    },
    /// The family exists, but not for this engine version.
    Version {
        /// The family.
        family: &'static str,
        /// Engine and version: `postgres 11`.
        version: String,
    },
    /// Existing instances live on, but none can be created.
    Retired(&'static str),
}

impl fmt::Display for ClassProblem {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            ClassProblem::Shape(prefix) => write!(f, "is not of the form `{prefix}.<family>.<size>`"),
            ClassProblem::Family { family, .. } => write!(f, "has the unknown family `{family}`"),
            ClassProblem::Size { family, known } => {
                write!(f, "does not exist: {family} comes in {}", known.join(", "))
            }
            ClassProblem::Version { family, version } => {
                write!(f, "cannot run {version}: {family} is not offered for it")
            }
            ClassProblem::Retired(family) => {
                write!(f, "is of a previous generation: no new {family} instances can be created")
            }
        }
    }
}

/// Finds the family of a class among `families` and checks its size.
pub(super) fn find<'a>(
    class: &str,
    prefix: &'static str,
    families: impl Iterator<Item = &'a Family> + Clone,
) -> Result<&'a Family, ClassProblem> {
    let mut parts = class.split('.');
    let (Some(first), Some(family), Some(size), None) =
        (parts.next(), parts.next(), parts.next(), parts.next())
    else {
        return Err(ClassProblem::Shape(prefix));
    };
    if first != prefix {
        return Err(ClassProblem::Shape(prefix));
    }
    let Some(found) = families.clone().find(|known| known.name == family) else {
        let known = families.map(|known| known.name).collect();
        return Err(ClassProblem::Family { family: family.to_owned(), known });
    };
    if !found.sizes.contains(&size) {
        return Err(ClassProblem::Size { family: found.name, known: found.sizes });
    }
    Ok(found)
}

#[cfg(test)]
mod tests {
    use super::*;

    const FAMILIES: &[Family] = &[Family { name: "t4g", sizes: &["micro", "small"] }];

    fn problem(class: &str) -> String {
        find(class, "db", FAMILIES.iter()).unwrap_err().to_string()
    }

    #[test]
    fn each_part_of_a_class_has_its_own_problem() {
        assert_eq!(find("db.t4g.micro", "db", FAMILIES.iter()).unwrap().name, "t4g");
        for class in ["", "t4g.micro", "cache.t4g.micro", "db.t4g", "db.t4g.micro.x", "db..t4g.micro"] {
            assert_eq!(problem(class), "is not of the form `db.<family>.<size>`", "{class}");
        }
        assert_eq!(problem("db.t9.micro"), "has the unknown family `t9`");
        assert_eq!(problem("db.t4g.large"), "does not exist: t4g comes in micro, small");
        assert_eq!(problem("db.T4g.micro"), "has the unknown family `T4g`");
    }
}
