//! Holds docs/seeds.md to its word: every requirement of the five systems has one answer, and each place that an
//! answer names exists and says it.

#![allow(clippy::disallowed_methods, clippy::unwrap_used, reason = "tests read files, and fail by panicking")]

#[path = "support/compile.rs"]
mod compile;

use std::collections::BTreeMap;
use std::fs;

/// How many rows each list has: S0-1, S0-2, and so on for the five systems, R0-1 for what the first one links to.
const ROWS: [(&str, usize); 10] = [
    ("S0", 94),
    ("S1", 93),
    ("S2", 67),
    ("S3", 77),
    ("S4", 44),
    ("R0", 9),
    ("R1", 3),
    ("R2", 8),
    ("R3", 11),
    ("R4", 19),
];

/// What an answer can be, and whether it has to name a place.
const STATUSES: [(&str, bool); 6] = [
    ("built", true),
    ("emulated", true),
    ("refused", true),
    ("importer", false),
    ("context", false),
    ("dropped", false),
];

/// The shortest fragment: a shorter one would stand in a file by chance.
const SHORTEST: usize = 8;

/// A line of a table: `| S0-1 | what it is | status | places |`.
struct Answer {
    row: String,
    status: String,
    places: Vec<Place>,
}

/// A link to a file, with the fragments that stand in it: ``[label](target) `fragment`, `fragment` ``.
struct Place {
    label: String,
    target: String,
    fragments: Vec<String>,
}

/// The cells of a line of a table, in which `\|` is a bar.
fn cells(line: &str) -> Vec<String> {
    let line = line.replace("\\|", "\0");
    let inner = line.trim().trim_matches('|');
    inner.split('|').map(|cell| cell.replace('\0', "|").trim().to_owned()).collect()
}

fn places(cell: &str) -> Vec<Place> {
    let mut found: Vec<Place> = Vec::new();
    let mut label = "";
    for (at, part) in cell.split("](").enumerate() {
        let mut rest = part;
        if at > 0 {
            let (target, behind) = part.split_once(')').expect("a link is closed");
            rest = behind;
            let fragments = rest.split('`').skip(1).step_by(2).map(str::to_owned).collect();
            found.push(Place { label: label.to_owned(), target: target.to_owned(), fragments });
        }
        label = rest.rsplit_once('[').map_or("", |(_, label)| label);
    }
    found
}

fn answers(page: &str) -> Vec<Answer> {
    let lines = page.lines().filter(|line| line.starts_with("| S") || line.starts_with("| R"));
    lines
        .map(|line| match cells(line).as_slice() {
            [row, _, status, cell] => {
                Answer { row: row.clone(), status: status.clone(), places: places(cell) }
            }
            _ => panic!("not four cells: {line}"),
        })
        .collect()
}

/// The numbers at the top of the page: ``- `built` (12): ..``.
fn counts(page: &str) -> BTreeMap<String, usize> {
    let lines = page.lines().filter_map(|line| line.strip_prefix("- `")?.split_once("` ("));
    lines
        .filter_map(|(status, rest)| Some((status.to_owned(), rest.split_once(')')?.0.parse().ok()?)))
        .collect()
}

/// A text in which line breaks and alignment do not count.
fn flat(text: &str) -> String {
    text.split_whitespace().collect::<Vec<_>>().join(" ")
}

/// Everything that is wrong with a page; `read` gives the text of what a link leads to.
fn problems(page: &str, rows: &[(&str, usize)], read: impl Fn(&str) -> Option<String>) -> Vec<String> {
    let answers = answers(page);
    let mut found = Vec::new();
    let mut times: BTreeMap<&str, usize> = answers.iter().map(|answer| (answer.row.as_str(), 0)).collect();
    let expected: Vec<String> =
        rows.iter().flat_map(|(list, last)| (1..=*last).map(move |row| format!("{list}-{row}"))).collect();
    for answer in &answers {
        *times.entry(&answer.row).or_default() += 1;
    }
    for row in &expected {
        match times.remove(row.as_str()) {
            Some(1) => {}
            Some(more) => found.push(format!("{row}: answered {more} times")),
            None => found.push(format!("{row}: no answer")),
        }
    }
    found.extend(times.keys().map(|row| format!("{row}: there is no such row")));

    let mut texts: BTreeMap<&str, Option<String>> = BTreeMap::new();
    for Answer { row, status, places } in &answers {
        match STATUSES.iter().find(|(known, _)| known == status) {
            None => found.push(format!("{row}: `{status}` is no status")),
            Some((_, true)) if places.is_empty() => found.push(format!("{row}: {status}, but where?")),
            Some(_) => {}
        }
        for Place { label, target, fragments } in places {
            if !format!("/{target}").ends_with(&format!("/{label}")) {
                found.push(format!("{row}: the link to {target} says {label}"));
            }
            if fragments.is_empty() {
                found.push(format!("{row}: what stands in {target}?"));
            }
            let text = texts.entry(target).or_insert_with(|| read(target).map(|text| flat(&text)));
            let Some(text) = text else {
                found.push(format!("{row}: there is no {target}"));
                continue;
            };
            for fragment in fragments {
                if fragment.len() < SHORTEST {
                    found.push(format!("{row}: `{fragment}` is too short to say anything"));
                } else if !text.contains(&flat(fragment)) {
                    found.push(format!("{row}: {target} does not have `{fragment}`"));
                }
            }
        }
    }

    let counts = counts(page);
    for (status, _) in STATUSES {
        let actual = answers.iter().filter(|answer| answer.status == status).count();
        let said = counts.get(status).copied();
        if said != Some(actual) {
            found.push(format!("{actual} rows are `{status}`, the top of the page says {said:?}"));
        }
    }
    found
}

#[test]
fn every_requirement_has_an_answer_that_stands_where_the_page_says() {
    let page = fs::read_to_string(compile::root("docs/seeds.md")).unwrap();
    let read = |target: &str| fs::read_to_string(compile::root("docs").join(target)).ok();
    let found = problems(&page, &ROWS, read);
    assert!(found.is_empty(), "docs/seeds.md:\n{}\n{} problems", found.join("\n"), found.len());
}

/// A page about two requirements, without a mistake.
const PAGE: &str = r"
- `built` (1): it is there.
- `emulated` (0): it is there in another form.
- `refused` (0): it cannot be there.
- `importer` (1): it is read.
- `context` (0): nothing to do.
- `dropped` (0): not on Fargate.

| row | what | status | where |
|---|---|---|---|
| S0-1 | a web server | built | [stacks/a.hcl](../stacks/a.hcl) `port = 3000`, `a \| b = c`; [stacks/a.hcl](../stacks/a.hcl) `tasks = 2` |
| S0-2 | an old manifest | importer | |
";

fn problems_of(page: &str) -> Vec<String> {
    let text = "service {\n  port   = 3000\n  tasks  = 2\n a | b  = c\n}\n";
    problems(page, &[("S0", 2)], |target| (target == "../stacks/a.hcl").then(|| text.to_owned()))
}

#[test]
fn a_page_without_mistakes_has_no_problems() {
    assert_eq!(problems_of(PAGE), Vec::<String>::new());
    let places = answers(PAGE).into_iter().flat_map(|answer| answer.places).collect::<Vec<_>>();
    let fragments: Vec<&[String]> = places.iter().map(|place| place.fragments.as_slice()).collect();
    assert_eq!(fragments, [["port = 3000", "a | b = c"].as_slice(), ["tasks = 2"].as_slice()]);
}

#[test]
fn each_mistake_is_found() {
    for (wrong, problem) in [
        (PAGE.replace("| S0-2 |", "| S0-1 |"), "S0-1: answered 2 times"),
        (PAGE.replace("| S0-2 |", "| S0-1 |"), "S0-2: no answer"),
        (PAGE.replace("| S0-2 |", "| S0-3 |"), "S0-3: there is no such row"),
        (PAGE.replace("| importer |", "| planned |"), "S0-2: `planned` is no status"),
        (PAGE.replace("| importer |", "| refused |"), "S0-2: refused, but where?"),
        (PAGE.replace("(../stacks/a.hcl)", "(../stacks/b.hcl)"), "S0-1: there is no ../stacks/b.hcl"),
        (PAGE.replace("[stacks/a.hcl]", "[stack]"), "S0-1: the link to ../stacks/a.hcl says stack"),
        (PAGE.replace("`port = 3000`", "`port = 4000`"), "does not have `port = 4000`"),
        (PAGE.replace("`tasks = 2`", ""), "S0-1: what stands in ../stacks/a.hcl?"),
        (PAGE.replace("`port = 3000`", "`port`"), "`port` is too short"),
        (PAGE.replace("`built` (1)", "`built` (2)"), "1 rows are `built`, the top of the page says Some(2)"),
        (PAGE.replace("- `dropped` (0)", "- dropped"), "0 rows are `dropped`, the top of the page says None"),
    ] {
        let found = problems_of(&wrong);
        assert!(found.iter().any(|said| said.contains(problem)), "{problem} is not among {found:#?}");
    }
}
