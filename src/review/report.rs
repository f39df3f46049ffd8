//! A report before it has a format: what is dangerous first, the rest by component, environments that change alike told
//! once.

use super::change::{Action, Change, Environment};
use super::groups::{Entry, Group, groups, lost};
use super::line::Line;
use super::nouns::full;

/// What a reviewer has to know first.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Verdict {
    /// Nothing changes.
    None,
    /// Something changes, and no data is lost, or only what was allowed to be.
    Changes,
    /// Data is destroyed, or what holds it is replaced.
    LosesData,
}

/// The worst of all environments. `allowed` are addresses whose data may be lost.
pub fn verdict(environments: &[Environment], allowed: &[String]) -> Verdict {
    let changes = || environments.iter().flat_map(|environment| &environment.changes);
    if changes().any(|change| change.loses_data() && !is_allowed(change, allowed)) {
        return Verdict::LosesData;
    }
    let settings = environments.iter().any(|environment| !environment.settings.is_empty());
    if settings || changes().next().is_some() { Verdict::Changes } else { Verdict::None }
}

/// The allowed addresses at which no data is lost.
pub fn unused<'a>(environments: &[Environment], allowed: &'a [String]) -> Vec<&'a str> {
    let lost: Vec<&Change> =
        environments.iter().flat_map(|found| &found.changes).filter(|change| change.loses_data()).collect();
    let used = |address: &&str| lost.iter().any(|change| change.address == **address);
    allowed.iter().map(String::as_str).filter(|address| !used(address)).collect()
}

/// Whether the data of a change may be lost.
pub(super) fn is_allowed(change: &Change, allowed: &[String]) -> bool {
    allowed.contains(&change.address)
}

/// How many resources have what done to them.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Counts {
    /// Made.
    pub create: usize,
    /// Changed in place, or given a new revision.
    pub update: usize,
    /// Destroyed and made anew.
    pub replace: usize,
    /// Destroyed.
    pub destroy: usize,
    /// No longer managed.
    pub forget: usize,
    /// Moved or adopted, and otherwise left alone.
    pub keep: usize,
    /// Of those replaced or destroyed: with their data.
    pub lost: usize,
}

impl Counts {
    /// Counts changes.
    pub fn of<'a>(changes: impl IntoIterator<Item = &'a Change>) -> Self {
        changes.into_iter().fold(Self::default(), |mut counts, change| {
            *match change.action {
                Action::Replace if change.is_revision() => &mut counts.update,
                Action::Replace => &mut counts.replace,
                Action::Destroy => &mut counts.destroy,
                Action::Forget => &mut counts.forget,
                Action::Update => &mut counts.update,
                Action::Create => &mut counts.create,
                Action::Keep => &mut counts.keep,
            } += 1;
            counts.lost += usize::from(change.loses_data());
            counts
        })
    }

    /// In words, without what does not happen: `3 created, 1 replaced`.
    pub fn words(&self) -> String {
        let named = [
            (self.create, "created"),
            (self.update, "updated"),
            (self.replace, "replaced"),
            (self.destroy, "destroyed"),
            (self.forget, "no longer managed"),
            (self.keep, "moved or adopted"),
        ];
        let told: Vec<String> = named
            .iter()
            .filter(|(count, _)| *count > 0)
            .map(|(count, word)| format!("{count} {word}"))
            .collect();
        told.join(", ")
    }
}

/// What a report says, in any format.
#[derive(Debug)]
pub struct Report<'a> {
    /// What it is about.
    pub(super) environments: &'a [Environment],
    /// Addresses whose data may be lost.
    pub(super) allowed: &'a [String],
    /// What has no place in a change: drift, plans that are not complete.
    pub(super) notes: &'a [Line],
    pub(super) verdict: Verdict,
    /// One line that says whether to worry.
    pub(super) headline: Line,
    pub(super) sections: Vec<Section<'a>>,
}

/// Environments in which the same happens.
#[derive(Debug)]
pub(super) struct Section<'a> {
    pub(super) names: Vec<&'a str>,
    pub(super) body: Body,
}

impl Section<'_> {
    /// Whether nothing happens.
    pub(super) fn is_empty(&self) -> bool {
        self.body.lost.is_empty() && self.body.groups.is_empty()
    }
}

/// What happens in an environment.
#[derive(Debug, PartialEq)]
pub(super) struct Body {
    pub(super) counts: Counts,
    /// What loses data.
    pub(super) lost: Vec<Entry>,
    pub(super) groups: Vec<Group>,
}

impl<'a> Report<'a> {
    /// A report on environments; `allowed` are addresses whose data may be lost, `notes` are sentences that belong to no
    /// change.
    pub fn new(environments: &'a [Environment], allowed: &'a [String], notes: &'a [Line]) -> Self {
        let mut sections: Vec<Section<'a>> = Vec::new();
        for environment in environments {
            let (lost, groups) = (lost(environment, allowed), groups(environment));
            let body = Body { counts: Counts::of(&environment.changes), lost, groups };
            match sections.iter_mut().find(|section| section.body == body) {
                Some(section) => section.names.push(&environment.name),
                None => sections.push(Section { names: vec![&environment.name], body }),
            }
        }
        // Danger first; among equals the order of the arguments stays.
        sections.sort_by_key(|section| (section.body.lost.is_empty(), section.body.groups.is_empty()));
        let verdict = verdict(environments, allowed);
        let headline = headline(environments, verdict);
        Self { environments, allowed, notes, verdict, headline, sections }
    }
}

fn headline(environments: &[Environment], verdict: Verdict) -> Line {
    let lost = |environment: &&Environment| environment.changes.iter().any(Change::loses_data);
    let changed =
        |environment: &&Environment| !(environment.changes.is_empty() && environment.settings.is_empty());
    let losing: Vec<&Environment> = environments.iter().filter(lost).collect();
    let names =
        |among: &[&Environment]| enumerate(&among.iter().map(|found| &*found.name).collect::<Vec<_>>());
    if !losing.is_empty() {
        let counts = Counts::of(losing.iter().flat_map(|found| &found.changes));
        let changes = losing.iter().flat_map(|found| &found.changes).filter(|change| change.loses_data());
        let mut told: Vec<Line> = changes.map(fate).collect();
        told.sort_by_key(|line| format!("{line:?}"));
        told.dedup();
        let told = if told.len() > 2 {
            Line::words(format!("{} resources with data are replaced or destroyed", counts.lost))
        } else {
            Line::join(told, ", ")
        };
        let start = if verdict == Verdict::LosesData { "Data is lost" } else { "Data is lost, as allowed," };
        return Line::default().strong(start).and(" in ").then(names(&losing)).and(": ").then(told);
    }
    let changing: Vec<&Environment> = environments.iter().filter(changed).collect();
    if changing.is_empty() {
        let all: Vec<&Environment> = environments.iter().collect();
        return Line::default().strong("No changes").and(" in ").then(names(&all));
    }
    let counts = Counts::of(changing.iter().flat_map(|found| &found.changes)).words();
    let counts = if counts.is_empty() { "no resource changes".to_owned() } else { counts };
    let safe = if changing.iter().any(|found| !found.changes.is_empty()) { "; no data is lost" } else { "" };
    Line::default().strong("Changes").and(" in ").then(names(&changing)).and(format!(": {counts}{safe}"))
}

/// What becomes of a resource with data, in few words.
fn fate(change: &Change) -> Line {
    let end = if change.action == Action::Replace { " is replaced" } else { " is destroyed" };
    full(change).and(end)
}

/// Names in a sentence: `a, b and c`, at most five.
pub(super) fn enumerate(names: &[&str]) -> Line {
    const MOST: usize = 5;
    let mut line = Line::default();
    let told = if names.len() > MOST { MOST - 1 } else { names.len() };
    for (index, name) in names[..told].iter().enumerate() {
        let between = match index {
            0 => "",
            _ if index + 1 == names.len() => " and ",
            _ => ", ",
        };
        if !between.is_empty() {
            line = line.and(between);
        }
        line = line.code(name);
    }
    if told < names.len() { line.and(format!(" and {} more", names.len() - told)) } else { line }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;
    use crate::review::{Field, Place, Setting, Shown};

    fn change(address: &str, action: Action) -> Change {
        let resource = address.split('.').rev().nth(1).unwrap();
        Change {
            address: address.into(),
            resource: resource.into(),
            action,
            moved_from: None,
            imported: None,
            component: None,
            data: resource == "aws_db_instance",
            fields: Vec::new(),
        }
    }

    fn field(path: &str, before: &str, after: &str, replaces: bool) -> Field {
        let shown = |text: &str| Shown::Value(json!(text));
        Field { path: path.into(), before: shown(before), after: shown(after), replaces, place: None }
    }

    fn environment(name: &str, changes: Vec<Change>) -> Environment {
        Environment { name: name.into(), changes, ..Environment::default() }
    }

    #[test]
    fn an_allowed_loss_is_a_change_and_an_idle_allowance_is_known() {
        let found = [environment("a", vec![change("aws_db_instance.main", Action::Destroy)])];
        assert_eq!(verdict(&found, &[]), Verdict::LosesData);
        let allowed = ["aws_db_instance.main".to_owned(), "aws_db_instance.other".to_owned()];
        assert_eq!(verdict(&found, &allowed), Verdict::Changes);
        assert_eq!(unused(&found, &allowed), ["aws_db_instance.other"]);
        assert_eq!(verdict(&[environment("a", vec![])], &[]), Verdict::None);
    }

    #[test]
    fn the_report_begins_with_what_is_lost_and_goes_on_by_component() {
        let mut main = change("module.data.aws_db_instance.main", Action::Replace);
        main.component = Some("database.main".into());
        main.fields = vec![field("class", "a", "b", false), field("engine", "mysql", "postgres", true)];
        main.fields[1].place = Some(Place { file: "stacks/shop.hcl".into(), line: 12, column: 3 });
        let mut service = change("module.services.aws_ecs_service.web", Action::Update);
        service.component = Some("service.web".into());
        service.fields =
            vec![field("desired_count", "2", "4", false), field("task_definition", "web:1", "", false)];
        service.fields[1].after = Shown::Later;
        let mut revision = change("module.services.aws_ecs_task_definition.web", Action::Replace);
        revision.component = Some("service.web".into());
        revision.fields = vec![field("cpu", "512", "1024", true)];
        let mut production = environment("production", vec![service, revision, main]);
        production.settings = vec![Setting {
            component: "service.web".into(),
            route: vec!["tasks".into()],
            before: Some("2".into()),
            after: Some("4".into()),
            place: None,
        }];
        let expected = "\
Data is lost in production: RDS instance main is replaced

production
  ! RDS instance main of database main is replaced, with its databases
      address module.data.aws_db_instance.main
      because engine mysql -> postgres (stacks/shop.hcl:12:3); RDS cannot change the engine of an instance
      class a -> b
  service web: tasks 2 -> 4
    ~ ECS service web
        desired_count 2 -> 4
        rolls out the new revision
    ~ task definition web: new revision
        cpu 512 -> 1024
  2 updated, 1 replaced
";
        assert_eq!(Report::new(&[production], &[], &[]).text(false), expected);
    }

    #[test]
    fn environments_in_which_the_same_happens_are_told_once() {
        let changes = || {
            vec![change("aws_sqs_queue.jobs", Action::Create), change("aws_sqs_queue.mail", Action::Create)]
        };
        let found = [
            environment("staging", changes()),
            environment("production", changes()),
            environment("test", vec![]),
        ];
        let text = Report::new(&found, &[], &[]).text(false);
        assert!(
            text.starts_with(
                "Changes in staging and production: 4 created; no data is lost\n\nstaging and production\n"
            ),
            "{text}"
        );
        assert!(!text.contains("test"), "{text}");
    }

    #[test]
    fn a_component_that_comes_as_a_whole_is_one_line() {
        let new = |address: &str| Change {
            component: Some("service.admin".into()),
            ..change(address, Action::Create)
        };
        let mut found = environment(
            "a",
            vec![new("aws_ecs_service.admin"), new("aws_iam_role.admin"), new("aws_iam_role.x")],
        );
        found.settings = vec![Setting {
            component: "service.admin".into(),
            route: Vec::new(),
            before: None,
            after: Some(String::new()),
            place: None,
        }];
        let text = Report::new(&[found], &[], &[]).text(false);
        assert!(text.contains("  adds service admin: 3 resources\n    + 1 ECS service, 2 roles\n"), "{text}");
        assert!(!text.contains("creates"), "{text}");
    }

    #[test]
    fn many_names_in_a_sentence_are_cut() {
        let words = |names: &[&str]| format!("{:?}", enumerate(names)).matches("Code").count();
        assert_eq!((words(&["a", "b"]), words(&["a"; 5]), words(&["a"; 6])), (2, 5, 4));
    }
}
