//! Rules of the settings that belong to no component: those of the stack and of its environments.

use crate::components::kind;
use crate::model::{Checker, EnvironmentSettings, StackSettings};
use crate::settings::Reading;
use crate::settings::input::{Input, InputPart};
use crate::settings::values::name_problem;
use crate::source::Span;
use crate::syntax::Table;

/// Why a path of parameters cannot be one, if so. Parameter Store: letters, digits and `_.-`, levels after a slash; no
/// first level that begins with `aws` or `ssm`.
fn path_problem(path: &Input) -> Option<&'static str> {
    let Input::Template(parts) = path else {
        return Some("every environment needs its own: name it with `${environment.name}`");
    };
    let mut text = String::new();
    for part in parts {
        match part {
            InputPart::Text(part) => text.push_str(part),
            InputPart::Reference(reference) if reference.text() == "environment.name" => text.push('x'),
            InputPart::Reference(_) => return Some("only `environment.name` can stand in it"),
        }
    }
    let allowed = |c: char| c.is_ascii_alphanumeric() || "_.-/".contains(c);
    let reserved = |level: &str| level.starts_with("aws") || level.starts_with("ssm");
    if !text.starts_with('/') || text.ends_with('/') || text.contains("//") {
        Some("it begins with a slash and has no empty level")
    } else if reserved(&text[1..].to_ascii_lowercase()) {
        Some("AWS reserves what begins with `aws` or `ssm`")
    } else if text.chars().all(allowed) {
        None
    } else {
        Some("it has letters, digits, `_`, `.`, `-` and slashes only")
    }
}

/// Tags, the state's bucket, and what is retired.
pub(super) fn check_stack(settings: &StackSettings, root: &Table, at: &mut Checker<'_>) {
    use crate::settings::codes::INVALID_VALUE;
    for (key, (place, _)) in &settings.tags.0 {
        if key.is_empty() || key.len() > 128 || key.to_lowercase().starts_with("aws:") {
            let message = format!("`{key}` is no key of a tag");
            at.reading.invalid(*place, message, "use 1 to 128 characters that do not begin with `aws:`");
        }
    }
    if let Some(path) = &settings.parameter_path
        && let Some(problem) = path_problem(path)
    {
        at.error(&INVALID_VALUE, &["parameter_path"], "this is no path of parameters", |found| {
            found.label(problem).help("write it like `\"/shop_${environment.name}\"`")
        });
    }
    if let Some(state) = &settings.state {
        if let Err(problem) = crate::aws::limits::names::BUCKET.check(&state.bucket) {
            let message = format!("`{}` is no name of a bucket", state.bucket);
            at.error(&INVALID_VALUE, &["state", "bucket"], message, |found| {
                found.label(format!("it {problem}")).help("write the name of the bucket, without `s3://`")
            });
        }
        if let Some(region) = &state.region {
            check_region(region, &["state", "region"], at);
        }
    }
    for (key, listed) in [("retire", &settings.retire), ("destroy", &settings.destroy)] {
        for (index, name) in listed.iter().enumerate() {
            check_gone(name, &[key, &index.to_string()], root, at);
            if key == "destroy" && settings.retire.contains(name) {
                let message = format!("`{name}` is retired and destroyed");
                at.error(&INVALID_VALUE, &[key, &index.to_string()], message, |found| {
                    found.help("`retire` keeps its data, `destroy` does not: choose one")
                });
            }
        }
    }
}

/// One entry of `retire` or `destroy`: what it names held data, and stands in the file no more.
fn check_gone(component: &str, route: &[&str], root: &Table, at: &mut Checker<'_>) {
    use crate::settings::codes::INVALID_VALUE;
    let (key, name) = component.split_once('.').unwrap_or((component, ""));
    let Some(kind) = kind(key).filter(|_| name_problem(name).is_none()) else {
        let message = format!("`{component}` names no component");
        at.error(&INVALID_VALUE, route, message, |found| {
            found.help("write kind and name of what was removed: `database.old`")
        });
        return;
    };
    if kind.data.is_empty() {
        let message = format!("a {key} holds no data");
        at.error(&INVALID_VALUE, route, message, |found| {
            found.help("remove the entry: Terraform destroys what is no longer in the file")
        });
    } else if root.get(key).and_then(|entry| entry.node.value.as_table()?.get(name)).is_some() {
        at.error(&INVALID_VALUE, route, format!("`{component}` still stands in this file"), |found| {
            found.help("remove the component too, or keep it and remove it here")
        });
    }
}

pub(super) fn check_region(region: &str, route: &[&str], at: &mut Checker<'_>) {
    if !crate::aws::region::is_region(region) {
        let known = crate::aws::region::REGIONS.iter().map(|region| region.name);
        at.error(
            &crate::settings::codes::INVALID_VALUE,
            route,
            format!("`{region}` is no AWS region"),
            |found| found.suggest(region, known),
        );
    }
}

pub(super) fn check_environment(
    settings: &EnvironmentSettings,
    body: &Table,
    place: Span,
    reading: &mut Reading,
) {
    let mut at = Checker { table: body, header: place, reading };
    let account = &settings.account;
    if account.len() != 12 || !account.bytes().all(|byte| byte.is_ascii_digit()) {
        let message = format!("`{account}` is no AWS account id");
        at.error(&crate::settings::codes::INVALID_VALUE, &["account"], message, |found| {
            found.help("an account id has 12 digits, in quotes")
        });
    }
    if let Some(domain) = &settings.domain
        && !crate::aws::hosts::is_host_pattern(domain)
    {
        let message = format!("`{domain}` is no domain name");
        at.error(&crate::settings::codes::INVALID_VALUE, &["domain"], message, |found| {
            found.help("write it like `shop.example.com`, without `https://` and without a path")
        });
    }
    if let Some(region) = &settings.region {
        check_region(region, &["region"], &mut at);
    }
}
