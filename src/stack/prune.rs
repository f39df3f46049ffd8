//! A stack file without its former names: `renamed_from` becomes `aws_name`, and every other byte stays.

use std::collections::BTreeMap;
use std::ops::Range;

use crate::model::Model;
use crate::source::Source;
use crate::terms::SINGLE;

/// The text in which every `renamed_from` is the `aws_name` that it stands for, or gone where that is written already
/// or where no name in AWS has it.
pub fn prune(model: &Model, source: &Source) -> String {
    let text = &*source.text;
    let mut edits: BTreeMap<usize, (Range<usize>, String)> = BTreeMap::new();
    for (id, entry) in model.environments.iter().flat_map(|environment| &environment.components) {
        let Some(former) = entry.table.get("renamed_from") else { continue };
        let key = former.key.start as usize..former.key.end as usize;
        let whole = key.start..former.node.span.end as usize;
        let edit = if entry.common.aws_name.is_some() || SINGLE.contains(&id.kind) {
            (without(text, whole), String::new())
        } else {
            let between = &text[key.end..former.node.span.start as usize];
            let word = text[key.clone()].replace("renamed_from", "aws_name");
            let padding = if is_aligned(text, &key) {
                " ".repeat("renamed_from".len() - "aws_name".len())
            } else {
                String::new()
            };
            (whole, format!("{word}{padding}{between}\"{}\"", id.aws_name()))
        };
        edits.insert(key.start, edit);
    }
    let mut pruned = text.to_owned();
    for (place, with) in edits.into_values().rev() {
        pruned.replace_range(place, &with);
    }
    pruned
}

/// Whether the `=` behind a key stands below or above that of a neighbouring line.
fn is_aligned(text: &str, key: &Range<usize>) -> bool {
    let start = text[..key.start].rfind('\n').map_or(0, |at| at + 1);
    let Some(column) = text[start..].find('=') else { return false };
    let before = text[..start].trim_end_matches('\n').rsplit('\n').next();
    let after = text[start..].lines().nth(1);
    [before, after].into_iter().flatten().any(|line| line.find('=') == Some(column))
}

/// What has to go with an entry that goes: its line if nothing else stands there, a blank otherwise; in JSON a comma.
fn without(text: &str, entry: Range<usize>) -> Range<usize> {
    let blank = |c: char| c == ' ' || c == '\t';
    let (before, after) = (&text[..entry.start], &text[entry.end..]);
    let mut range = entry.clone();
    let rest = after.trim_start();
    if rest.starts_with(',') {
        range.end = text.len() - rest.len() + 1;
    } else if before.trim_end().ends_with(',') {
        range.start = before.trim_end().len() - 1;
        return range;
    }
    let indented = text[..range.start].trim_end_matches(blank);
    let tail = text[range.end..].trim_start_matches(blank);
    let line_break = ["\r\n", "\n"].into_iter().find(|line_break| tail.starts_with(line_break));
    match line_break {
        Some(line_break) if indented.is_empty() || indented.ends_with('\n') => {
            indented.len()..text.len() - tail.len() + line_break.len()
        }
        _ => range.start..text.len() - tail.len(),
    }
}

#[cfg(test)]
mod tests {
    use crate::pipeline;
    use crate::source::{Source, Sources, Syntax};

    fn pruned(text: &str, syntax: Syntax) -> String {
        let mut sources = Sources::default();
        let file = sources.add(Source::new("stacks/test", text, syntax));
        let model = pipeline::check(&sources, file).value.unwrap();
        super::prune(&model, sources.get(file))
    }

    fn bucket(body: &str) -> String {
        format!(
            "stack \"shop\" {{ region = \"eu-west-1\" }}\nenvironment \"a\" {{ account = \"111111111111\" }}\n{body}\n"
        )
    }

    #[test]
    fn the_former_name_becomes_the_name_in_aws_and_all_else_stays() {
        for (before, after) in [
            (
                "bucket \"media\" {\n  # why\n  renamed_from = [\n    \"a\", # first\n    \"b\",\n  ]\n  acls = true # x\n}",
                "bucket \"media\" {\n  # why\n  aws_name = \"a\"\n  acls = true # x\n}",
            ),
            (
                "bucket \"media\" {\n  acls         = true\n  renamed_from = \"a\"\n}",
                "bucket \"media\" {\n  acls         = true\n  aws_name     = \"a\"\n}",
            ),
            ("bucket \"media\" { renamed_from = \"a\" }", "bucket \"media\" { aws_name = \"a\" }"),
        ] {
            assert_eq!(pruned(&bucket(before), Syntax::Hcl), bucket(after));
        }
    }

    #[test]
    fn where_the_name_in_aws_is_said_already_the_former_one_goes() {
        for (before, after) in [
            (
                "bucket \"media\" {\n  aws_name = \"x\"\n  renamed_from = \"a\"\n  acls = true\n}",
                "bucket \"media\" {\n  aws_name = \"x\"\n  acls = true\n}",
            ),
            ("key \"all\" { renamed_from = \"main\" }", "key \"all\" { }"),
        ] {
            assert_eq!(pruned(&bucket(before), Syntax::Hcl), bucket(after));
        }
    }

    #[test]
    fn json_stays_json() {
        let file = |bucket: &str| {
            format!(
                "{{\"stack\": {{\"shop\": {{\"region\": \"eu-west-1\"}}}},\n\
                 \"environment\": {{\"a\": {{\"account\": \"111111111111\"}}}},\n\
                 \"bucket\": {{\"media\": {bucket}}}}}"
            )
        };
        for (before, after) in [
            ("{\"renamed_from\": [\"a\", \"b\"], \"acls\": true}", "{\"aws_name\": \"a\", \"acls\": true}"),
            ("{\"renamed_from\": \"a\", \"aws_name\": \"b\"}", "{\"aws_name\": \"b\"}"),
            ("{\"aws_name\": \"b\", \"renamed_from\": \"a\"}", "{\"aws_name\": \"b\"}"),
            (
                "{\n\"aws_name\": \"b\",\n\"renamed_from\": \"a\",\n\"acls\": true}",
                "{\n\"aws_name\": \"b\",\n\"acls\": true}",
            ),
        ] {
            assert_eq!(pruned(&file(before), Syntax::Json), file(after));
        }
    }
}
