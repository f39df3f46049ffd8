//! An answer for people.

use std::fmt::Write;

use anstyle::Style;

use super::{Effect, Why};
use crate::review::{Action, Place};
use crate::show::{KEPT, WIDTH, path, wrap};

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
    let width = why.environments.iter().map(|(name, _)| name.len()).max().unwrap_or_default();
    for (name, instances) in &why.environments {
        let keys: Vec<&str> = instances.iter().map(|one| &one[why.address.len()..]).collect();
        let there = match keys.as_slice() {
            [] => "no".to_owned(),
            [""] => "yes".to_owned(),
            keys => keys.join(" "),
        };
        let _ = writeln!(text, "  in {name:width$}  {there}");
    }
    let _ = writeln!(text, "\n{}", strong(&format!("Who changes it in {}", why.environment)));
    let width = why.owners.iter().map(|owner| owner.argument.chars().count()).max().unwrap_or_default();
    for owner in &why.owners {
        let place = owner.place.as_ref().map(|place| format!("  {}", line(place))).unwrap_or_default();
        let _ = writeln!(text, "  {:width$}  {}{place}", owner.argument, owner.owner);
    }
    let rest = if why.owners.is_empty() { "Terraform, everything" } else { "Terraform, everything else" };
    let _ = writeln!(text, "  {rest}");
    let _ = writeln!(text, "\n{}", strong("What a change of the stack file does to it"));
    if why.effects.is_empty() {
        let _ = writeln!(text, "  nothing, as long as it is made");
    }
    for (what, settings) in grouped(why) {
        let _ = writeln!(text, "  {what}");
        for line in wrap(&settings.join(", "), WIDTH - 4) {
            let _ = writeln!(text, "    {line}");
        }
    }
    text
}

/// The settings by what a change of them does, the worst first.
fn grouped(why: &Why) -> Vec<(String, Vec<String>)> {
    let mut groups: Vec<(&Effect, String, Vec<String>)> = Vec::new();
    for effect in &why.effects {
        let (what, name) = (what(effect), name(why, effect));
        match groups.iter_mut().find(|(_, known, _)| *known == what) {
            Some((_, _, settings)) => settings.push(name),
            None => groups.push((effect, what, vec![name])),
        }
    }
    groups.sort_by_key(|(effect, ..)| (!effect.loses_data, effect.action));
    groups.into_iter().map(|(_, what, settings)| (what, settings)).collect()
}

/// A setting with its line: `cpu :65`, `service.web access :12`.
fn name(why: &Why, effect: &Effect) -> String {
    let influence = &effect.influence;
    let own = Some(&influence.component) == why.component.as_ref();
    let route = match influence.route.as_slice() {
        [] => format!("the references to {}", influence.value),
        route => path(route),
    };
    let name = if own { route } else { format!("{} {route}", influence.component) };
    let name = match &influence.place {
        Some(place) => format!("{name} :{}", place.line),
        None => format!("{name} (default)"),
    };
    // A setting and its line stay together.
    name.replace(' ', KEPT)
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

#[cfg(test)]
mod tests {
    use super::*;
    use crate::influence::Influence;
    use crate::why::Owner;

    fn at(line: usize) -> Option<Place> {
        Some(Place { file: "a.hcl".to_owned(), line, column: 1 })
    }

    fn effect(component: &str, setting: &str, place: Option<Place>, action: Action) -> Effect {
        let influence = Influence {
            component: component.to_owned(),
            route: vec![setting.to_owned()],
            place,
            value: "1".to_owned(),
            tried: None,
            changes: Vec::new(),
        };
        let arguments = vec![setting.to_owned()];
        let causes = if action == Action::Replace { arguments.clone() } else { Vec::new() };
        Effect { influence, action, arguments, causes, loses_data: action == Action::Replace }
    }

    #[test]
    fn an_answer_says_who_makes_it_who_changes_it_and_what_would() {
        let owner = |argument: &str, owner: &str, place| Owner {
            argument: argument.to_owned(),
            owner: owner.to_owned(),
            place,
        };
        let same = |setting, place| {
            let mut same = effect("database.main", setting, place, Action::Update);
            same.arguments = vec!["a".into(), "b".into(), "c".into(), "d".into(), "e".into()];
            same
        };
        let why = Why {
            address: "aws_db_instance.main".to_owned(),
            component: Some("database.main".to_owned()),
            place: at(3),
            environments: vec![
                ("production".to_owned(), vec!["aws_db_instance.main".to_owned()]),
                ("review".to_owned(), Vec::new()),
                ("staging".to_owned(), vec!["aws_db_instance.main[0]".to_owned()]),
            ],
            environment: "production".to_owned(),
            owners: vec![owner("password", "Secrets Manager", None), owner("size", "RDS", at(9))],
            effects: vec![
                same("class", at(5)),
                effect("service.web", "access", at(8), Action::Destroy),
                effect("database.main", "engine", at(4), Action::Replace),
                same("storage", None),
            ],
        };
        let expected = "\
aws_db_instance.main
  made by  database.main  a.hcl:3
  in production  yes
  in review      no
  in staging     [0]

Who changes it in production
  password  Secrets Manager
  size      RDS  a.hcl:9
  Terraform, everything else

What a change of the stack file does to it
  replaces it, and its data is lost: engine
    engine :4
  without it this is gone
    service.web access :8
  in place: a, b, c, d and 1 more
    class :5, storage (default)
";
        assert_eq!(text(&why, false), expected);
    }

    #[test]
    fn what_nobody_else_changes_is_terraforms() {
        let why = Why {
            address: "terraform_data.workspace".to_owned(),
            component: None,
            place: None,
            environments: vec![("production".to_owned(), vec!["terraform_data.workspace".to_owned()])],
            environment: "production".to_owned(),
            owners: Vec::new(),
            effects: Vec::new(),
        };
        let expected = "\
terraform_data.workspace
  made by  the stack as a whole
  in production  yes

Who changes it in production
  Terraform, everything

What a change of the stack file does to it
  nothing, as long as it is made
";
        assert_eq!(text(&why, false), expected);
    }
}
