//! Rules across components: references, routes, firewalls, names, renames, images, access, alarms, pipelines, secrets in plain
//! sight, starts. Each gives diagnostics only.

pub mod access;
pub mod alarms;
pub mod firewalls;
pub mod images;
pub mod names;
pub mod pipelines;
pub mod references;
pub mod renames;
pub mod routes;
pub mod secrets;
pub mod starting;

use crate::components::{implied_by, kind};
use crate::diagnostic::{Code, Diagnostic};
use crate::model::{Checker, Context, Model};
use crate::settings::Reading;

/// The codes of the rules here.
pub const CODES: &[&[&Code]] = &[
    references::CODES,
    routes::CODES,
    names::CODES,
    images::CODES,
    access::CODES,
    alarms::CODES,
    firewalls::CODES,
    pipelines::CODES,
    secrets::CODES,
    starting::CODES,
];

/// Runs every rule in every environment. What is missing only because it could not be read is not reported again.
pub fn run(model: &Model) -> Vec<Diagnostic> {
    let mut diagnostics = Vec::new();
    for environment in &model.environments {
        let context = Context { stack: &model.stack, environment };
        let mut reading = Reading {
            environment: Some(environment.name.clone()),
            diagnostics: std::mem::take(&mut diagnostics),
        };
        for (id, entry) in &environment.components {
            let mut at = Checker { table: &entry.table, header: entry.header, reading: &mut reading };
            entry.component.check(id, &mut at);
            secrets::check(&mut at);
            if id.kind == "parameter" {
                secrets::check_parameter(&mut at);
            }
        }
        references::check(&context, model, &mut reading);
        missing(&context, &mut reading);
        routes::check(&context, &mut reading);
        firewalls::check(&context, &mut reading);
        starting::check(&context, &mut reading);
        if environment.unread.is_empty() {
            images::check(&context, &mut reading);
            access::check(&context, &mut reading);
            alarms::check(&context, &mut reading);
            pipelines::check(&context, &mut reading);
        }
        diagnostics = reading.diagnostics;
    }
    diagnostics.extend(names::check(model));
    diagnostics.extend(renames::check(model));
    diagnostics.extend(pipelines::check_accounts(model));
    diagnostics
}

/// Kinds that cannot be without another one: each missing one is told once, where it is needed first.
fn missing(context: &Context<'_>, reading: &mut Reading) {
    let mut told: Vec<&str> = Vec::new();
    for (id, entry) in &context.environment.components {
        let Some(kind) = kind(id.kind) else { continue };
        // What nobody wrote has no place to point at; whatever implies it needs the same.
        if entry.table.entries.is_empty() && implied_by(kind.key).next().is_some() {
            continue;
        }
        let routed = entry.table.get("route").is_some().then_some("load_balancer");
        for needed in kind.needs.iter().copied().chain(routed) {
            let unread = context.environment.unread.iter().any(|id| id.kind == needed);
            if context.first(needed).is_none() && !unread && !told.contains(&needed) {
                told.push(needed);
                let message = format!("{} `{}` needs a {needed}", id.kind, id.name);
                let diagnostic = reading
                    .diagnostic(&crate::model::codes::MISSING_BLOCK, entry.header, message)
                    .help(format!("add a block `{needed} \"main\" {{ .. }}`"));
                reading.push(diagnostic);
            }
        }
    }
}
