//! The environment table: the only place where environments differ.

use std::collections::BTreeMap;

use crate::hcl::Literal;

/// A column: one scalar per environment. Scalars only, because scanners go blind on lists and maps there.
#[derive(Debug, Clone, PartialEq)]
pub struct Column {
    /// One sentence for the variables of modules.
    pub description: String,
    /// A value per environment; null where the environment has none.
    pub values: Vec<Literal>,
}

impl Column {
    /// The Terraform type that holds all values.
    pub fn type_name(&self) -> &'static str {
        self.values.iter().find_map(Literal::type_name).unwrap_or("string")
    }
}

/// The columns by name.
#[derive(Debug, Default)]
pub struct Columns {
    columns: BTreeMap<String, Column>,
}

impl Columns {
    /// Adds a column and returns its name. The same name with the same values is one column; with others, a number
    /// makes it another.
    pub fn add(&mut self, name: &str, description: &str, values: Vec<Option<Literal>>) -> String {
        let values = one_type(values);
        let mut unique = name.to_owned();
        for number in 2.. {
            match self.columns.get(&unique) {
                None => break,
                Some(column) if column.values == values => return unique,
                Some(_) => unique = format!("{name}_{number}"),
            }
        }
        self.columns.insert(unique.clone(), Column { description: description.to_owned(), values });
        unique
    }

    /// A column that was added.
    pub fn get(&self, name: &str) -> Option<&Column> {
        self.columns.get(name)
    }

    /// The columns: facts of the environment first, then by name.
    pub fn iter(&self) -> impl Iterator<Item = (&str, &Column)> {
        const FIRST: [&str; 5] = ["name", "account_id", "region", "domain", "protect"];
        let first = FIRST.iter().filter_map(|name| Some((*name, self.columns.get(*name)?)));
        let rest = self.columns.iter().map(|(name, column)| (name.as_str(), column));
        first.chain(rest.filter(|(name, _)| !FIRST.contains(name)))
    }
}

/// A column has one type: values of several types become strings.
fn one_type(values: Vec<Option<Literal>>) -> Vec<Literal> {
    let values: Vec<Literal> = values.into_iter().map(|value| value.unwrap_or(Literal::Null)).collect();
    let mut types: Vec<&str> = values.iter().filter_map(Literal::type_name).collect();
    types.dedup();
    if types.len() <= 1 {
        return values;
    }
    let text = |value: Literal| match value {
        Literal::Null => Literal::Null,
        other => Literal::from(other.to_text()),
    };
    values.into_iter().map(text).collect()
}
