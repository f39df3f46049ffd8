//! Former names and names in AWS: each belongs to one component.

use std::collections::BTreeMap;
use std::sync::Arc;

use crate::components::workload::App;
use crate::diagnostic::Diagnostic;
use crate::model::codes::{DUPLICATE_NAME, FORMER_NAME_TAKEN};
use crate::model::{Entry, Model};
use crate::settings::codes::INVALID_VALUE;
use crate::source::Span;
use crate::terms::{Id, SINGLE};

/// Holds what components say of their names against each other, in all environments at once.
pub fn check(model: &Model) -> Vec<Diagnostic> {
    let mut components: BTreeMap<&Id, &Entry> = BTreeMap::new();
    for (id, entry) in model.environments.iter().flat_map(|environment| &environment.components) {
        components.entry(id).or_insert(entry);
    }
    let mut found = Vec::new();
    let mut claimed: BTreeMap<(&str, Arc<str>), (Span, &Id)> = BTreeMap::new();
    for (&id, entry) in &components {
        let former = &entry.common.renamed_from.0;
        for (place, name) in former {
            let taken = |message: String| Diagnostic::new(&FORMER_NAME_TAKEN, *place, message);
            let rival = rivals(id).iter().find_map(|kind| components.get_key_value(&Id::new(kind, &name.0)));
            match rival {
                Some((rival, _)) if *rival == id => found.push(
                    taken(format!("`{id}` has this name now"))
                        .help(format!("leave it out; `aws_name = \"{}\"` keeps the names in AWS", id.aws_name())),
                ),
                Some((rival, other)) => found.push(
                    taken(format!("`{id}` cannot have the resources of `{rival}`, which is still here"))
                        .related(other.header, "the present owner of the name")
                        .help("when all environments are applied, run `groundplan moved --prune`, and use the name then"),
                ),
                None => {}
            }
            let gone = format!("{}.{}", id.kind, name.0);
            let settings = &model.stack.settings;
            if settings.retire.iter().chain(&settings.destroy).any(|one| **one == *gone) {
                let message = format!("`{gone}` cannot become `{id}` and leave the stack");
                found.push(
                    taken(message).help("remove it from `retire` and `destroy`, or leave the name out here"),
                );
            }
            if let Some((first, owner)) = claimed.insert((rivals(id)[0], name.0.clone()), (*place, id)) {
                let message = match owner == id {
                    true => format!("`{}` stands here twice", name.0),
                    false => format!("`{owner}` and `{id}` cannot both have been `{}`", name.0),
                };
                let help = "leave the name to one of them";
                found.push(taken(message).related(first, "the first").help(help));
            }
        }
        if let Some(name) = entry.common.aws_name.as_ref().filter(|_| SINGLE.contains(&id.kind)) {
            let place = entry.table.place(&["aws_name"]).unwrap_or(entry.header);
            let message = format!("no name in AWS has `{}` in it", name.0);
            let help = format!("remove it: what belongs to the {} is called after the stack alone", id.kind);
            found.push(Diagnostic::new(&INVALID_VALUE, place, message).help(help));
        }
    }
    found.extend(same_in_aws(model));
    found
}

/// The kinds whose names must differ from those of a kind, the same for each of them.
fn rivals(id: &Id) -> &[&'static str] {
    if App::KINDS.contains(&id.kind) { &App::KINDS } else { std::slice::from_ref(&id.kind) }
}

/// Components of one environment whose resources would have the same names in AWS.
fn same_in_aws(model: &Model) -> Vec<Diagnostic> {
    let mut found = Vec::new();
    for environment in &model.environments {
        let mut owners: BTreeMap<(&str, &str), (&Id, &Entry)> = BTreeMap::new();
        for (id, entry) in &environment.components {
            let Some((first, other)) = owners.insert((rivals(id)[0], id.aws_name()), (id, entry)) else {
                continue;
            };
            let message = format!("`{first}` and `{id}` would both be `{}` in AWS", id.aws_name());
            let mut diagnostic = Diagnostic::new(&DUPLICATE_NAME, entry.header, message)
                .related(other.header, "the first")
                .help("give one of them another `aws_name`, or another name if it is new");
            diagnostic.environments.push(environment.name.to_string());
            found.push(diagnostic);
        }
    }
    found
}
