//! An answer for people.

use std::fmt::Write;

use anstyle::Style;

use super::{Effect, Why};
use crate::review::{Action, Place};
use crate::show::path;

/// How many arguments are named before the rest is counted.
const NAMED: usize = 4;

/// Renders what is known of a resource.
pub fn text(why: &Why, color: bool) -> String {
    let strong = |text: &str| styled(text, Style::new().bold(), color);
    let mut text = format!("{}\n", strong(&why.address));
    let made = match (&why.component, &why.place) {
        (Some(component), Some(place)) => format!("{component}  {}", line(place)),
        (Some(component), None) => format!("{component}, which others bring along"),
        (None, _) => "the stack as a whole".to_owned(),
    };
    let _ = writeln!(text, "  made by  {made}");
    for (name, instances) in &why.environments {
        let keys: Vec<&str> = instances.iter().map(|one| &one[why.address.len()..]).collect();
        let there = match keys.as_slice() {
            [] => "no".to_owned(),
            [""] => "yes".to_owned(),
            keys => keys.join(" "),
        };
        let _ = writeln!(text, "  in {name}  {there}");
    }
    let _ = writeln!(text, "\n{}", strong(&format!("Who changes it in {}", why.environment)));
    let width = why.owners.iter().map(|owner| owner.argument.chars().count()).max().unwrap_or_default();
    for owner in &why.owners {
        let place = owner.place.as_ref().map(|place| format!("  {}", line(place))).unwrap_or_default();
        let _ = writeln!(text, "  {:width$}  {}{place}", owner.argument, owner.owner);
    }
    let rest = if why.owners.is_empty() { "Terraform, everything" } else { "Terraform, everything else" };
    let _ = writeln!(text, "  {rest}");
    if !why.effects.is_empty() {
        let _ = writeln!(text, "\n{}", strong("What a change of the stack file does to it"));
    }
    let names: Vec<String> = why.effects.iter().map(|effect| name(why, effect)).collect();
    let width =
        names.iter().map(|name| name.chars().count()).filter(|width| *width <= 44).max().unwrap_or_default();
    for (name, effect) in names.iter().zip(&why.effects) {
        let _ = writeln!(text, "  {name:width$}  {}", what(effect));
    }
    text
}

/// A setting with its line: `cpu :65`, `service.web access :12`.
fn name(why: &Why, effect: &Effect) -> String {
    let influence = &effect.influence;
    let own = Some(&influence.component) == why.component.as_ref();
    let route = path(&influence.route);
    let name = if own { route } else { format!("{} {route}", influence.component) };
    match &influence.place {
        Some(place) => format!("{name} :{}", place.line),
        None => name,
    }
}

/// What a change of the setting does.
fn what(effect: &Effect) -> String {
    let lost = if effect.loses_data { ", and its data is lost" } else { "" };
    match effect.action {
        Action::Replace => format!("replaces it{lost}: {}", named(&effect.causes)),
        Action::Destroy => match &effect.influence.tried {
            None => format!("without it this is gone{lost}"),
            Some(tried) => format!("with {tried} this is gone{lost}"),
        },
        Action::Forget => "Terraform lets go of it".to_owned(),
        Action::Update => format!("in place: {}", named(&effect.arguments)),
        Action::Create => "makes it".to_owned(),
        Action::Keep => "moves its address".to_owned(),
    }
}

fn named(arguments: &[String]) -> String {
    let more = arguments.len().saturating_sub(NAMED);
    let list = arguments[..arguments.len() - more].join(", ");
    if more > 0 { format!("{list} and {more} more") } else { list }
}

fn line(place: &Place) -> String {
    format!("{}:{}", place.file, place.line)
}

fn styled(text: &str, style: Style, color: bool) -> String {
    if color { format!("{style}{text}{style:#}") } else { text.to_owned() }
}
