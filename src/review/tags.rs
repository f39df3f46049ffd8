//! Tags that change on many resources at once, as those of the provider do: told once, not once for each.

use std::borrow::Cow;
use std::collections::BTreeMap;

use super::change::{Action, Change, Field};
use super::line::Line;

/// From how many resources on a tag is told for all of them.
const MANY: usize = 5;

/// The changes without the tags that many have in common, and a line for each of those tags. What has nothing else to
/// tell is left out.
pub(super) fn take_common(changes: &[Change]) -> (Vec<Cow<'_, Change>>, Vec<Line>) {
    let mut counts: BTreeMap<String, (usize, Line)> = BTreeMap::new();
    for field in changes.iter().flat_map(tags) {
        counts.entry(key(field)).or_insert_with(|| (0, Line::default().field(field))).0 += 1;
    }
    counts.retain(|_, (count, _)| *count >= MANY);
    let is_common = |field: &Field| is_tag(field) && counts.contains_key(&key(field));
    let others = changes.iter().filter_map(|change| {
        if !tags(change).any(is_common) {
            return Some(Cow::Borrowed(change));
        }
        let mut rest = change.clone();
        rest.fields.retain(|field| !is_common(field));
        (change.action != Action::Update || !rest.fields.is_empty()).then_some(Cow::Owned(rest))
    });
    let others = others.collect();
    let lines =
        counts.into_values().map(|(count, line)| Line::words(format!("on {count} resources: ")).then(line));
    (others, lines.collect())
}

/// The tags that differ on a resource that stays or is replaced.
fn tags(change: &Change) -> impl Iterator<Item = &Field> {
    let both = matches!(change.action, Action::Update | Action::Replace) && !change.loses_data();
    change.fields.iter().filter(move |field| both && is_tag(field))
}

fn is_tag(field: &Field) -> bool {
    let attribute = field.path.split(['.', '[']).next();
    matches!(attribute, Some("tags" | "tags_all")) && !field.replaces
}

fn key(field: &Field) -> String {
    format!("{} {:?} {:?}", field.path, field.before, field.after)
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;
    use crate::review::Shown;

    fn change(index: usize, paths: &[&str]) -> Change {
        let field = |path: &&str| Field {
            path: (*path).to_owned(),
            before: Shown::Absent,
            after: Shown::Value(json!("x")),
            replaces: false,
            place: None,
        };
        Change {
            address: format!("aws_sqs_queue.q{index}"),
            resource: "aws_sqs_queue".into(),
            action: Action::Update,
            moved_from: None,
            imported: None,
            component: None,
            data: true,
            fields: paths.iter().map(field).collect(),
        }
    }

    #[test]
    fn a_tag_of_many_resources_is_told_once() {
        let mut changes: Vec<Change> = (0..MANY).map(|index| change(index, &["tags_all.Team"])).collect();
        changes.push(change(MANY, &["tags_all.Team", "fifo_queue", "tags_all.Other"]));
        let (others, lines) = take_common(&changes);
        assert_eq!(others.len(), 1);
        let paths: Vec<&str> = others[0].fields.iter().map(|field| field.path.as_str()).collect();
        assert_eq!(paths, ["fifo_queue", "tags_all.Other"]);
        assert_eq!(
            lines,
            [Line::words("on 6 resources: ").code("tags_all.Team").and(" ").and("set to ").code("x")]
        );
    }

    #[test]
    fn a_tag_of_a_few_resources_is_told_with_each() {
        let changes: Vec<Change> = (1..MANY).map(|index| change(index, &["tags.Team"])).collect();
        let (others, lines) = take_common(&changes);
        assert_eq!((others.len(), lines.len()), (MANY - 1, 0));
    }
}
