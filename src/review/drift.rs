//! What somebody changed outside of Terraform since its last run.

use super::change::Field;
use super::configuration::Configuration;
use super::document::{ResourceChange, without_keys};
use super::fields::fields;
use super::line::Line;
use super::nouns::{label, noun};

/// How many resources are told by name.
const NAMED: usize = 6;

/// One line on everything that drifted; nothing when all that did is what nobody wrote.
pub(super) fn drift(found: &[ResourceChange], configuration: &Configuration<'_>) -> Option<Line> {
    let managed = found.iter().filter(|found| found.mode == "managed");
    let drifted: Vec<Line> = managed.filter_map(|found| drifted(found, configuration)).collect();
    if drifted.is_empty() {
        return None;
    }
    let more = drifted.len().saturating_sub(NAMED);
    let line = Line::words("changed outside of Terraform since the last run: ");
    let line = line.then(Line::join(drifted.into_iter().take(NAMED), ", "));
    Some(if more > 0 { line.and(format!(" and {more} more")) } else { line })
}

fn drifted(found: &ResourceChange, configuration: &Configuration<'_>) -> Option<Line> {
    let line =
        Line::words(format!("{} ", noun(&found.resource))).code(label(&found.address, &found.resource));
    if found.change.actions == ["delete"] {
        return Some(line.and(" (deleted)"));
    }
    // What nobody wrote is nobody's loss: times, and what other resources do.
    let address = without_keys(&found.address);
    let written = |field: &Field| {
        let attribute = field.path.split(['.', '[']).next().unwrap_or_default();
        configuration.writes(&address, attribute)
    };
    let fields = fields(&found.sides(configuration)).into_iter().filter(written);
    let paths: Vec<String> = fields.map(|field| field.path).collect();
    let line = line.and(" (").code(paths.first()?);
    Some(match paths.len() {
        1 => line.and(")"),
        more => line.and(format!(" and {} more)", more - 1)),
    })
}
