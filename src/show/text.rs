//! What holds in each environment, for people: where environments agree, one column; where they do not, one for each.

use std::fmt::Write;

use anstyle::Style;

use super::sheet::{Header, Row, Says, Sheet, sheets};
use super::{Environment, Origin, Setting, path};

/// Lines are broken to stay within this, where they can be broken.
pub(crate) const WIDTH: usize = 100;

/// The widest that the column of names grows: longer names push their row to the right.
const NAMES: usize = 40;

/// The widest that the column of values grows.
const VALUES: usize = 48;

/// A space that lines are not broken at.
pub(crate) const KEPT: &str = "\u{a0}";

/// What stands between columns.
const GAP: usize = 2;

/// Renders every component of the environments.
pub fn text(environments: &[Environment], color: bool) -> String {
    let page = Page { environments, color };
    let sheets: Vec<String> = sheets(environments).iter().map(|sheet| page.sheet(sheet)).collect();
    sheets.join("\n")
}

struct Page<'a> {
    environments: &'a [Environment],
    color: bool,
}

impl Page<'_> {
    fn sheet(&self, sheet: &Sheet<'_>) -> String {
        let mut text = self.heading(sheet);
        let of = |wanted: Says| sheet.rows.iter().filter(move |row| sheet.says(row) == wanted);
        let different: Vec<&Row<'_>> = of(Says::Different).collect();
        let same: Vec<&Row<'_>> = of(Says::Same).collect();
        let names = different.iter().chain(&same).map(|row| path(row.route).chars().count());
        let names = names.filter(|width| *width <= NAMES).max().unwrap_or_default();
        self.different(&different, names, &mut text);
        self.same(&same, names, &mut text);
        let defaults: Vec<String> = of(Says::Default).filter_map(default).collect();
        if !defaults.is_empty() {
            let lines = wrap(&format!("by default: {}", defaults.join(", ")), WIDTH - GAP);
            lines
                .iter()
                .for_each(|line| text += &format!("  {}\n", self.styled(line, Style::new().dimmed())));
        }
        text
    }

    /// The name of a component, where it is written, and which environments have it when not all do.
    fn heading(&self, sheet: &Sheet<'_>) -> String {
        let mut text = self.styled(&sheet.name, Style::new().bold());
        match sheet.header {
            Header::Implied => text += &self.place("implied"),
            Header::At(place) => text += &self.place(&format!("{}:{}", place.file, place.line)),
            Header::Several => {}
        }
        if sheet.here.contains(&false) {
            let here = self.environments.iter().zip(&sheet.here).filter(|(_, here)| **here);
            let names: Vec<&str> = here.map(|(one, _)| one.name.as_str()).collect();
            let _ = write!(text, "  only in {}", names.join(", "));
        }
        if let Some(app) = &sheet.shares {
            let _ = write!(text, "  in {app}");
        }
        text + "\n"
    }

    /// Rows with a column for each environment. One that would be too wide has a line for each instead.
    fn different(&self, rows: &[&Row<'_>], names: usize, text: &mut String) {
        let count = self.environments.len();
        let longest = self.environments.iter().map(|one| one.name.chars().count()).max().unwrap_or_default();
        let limit = (WIDTH - GAP - names) / count.max(1) - GAP;
        let fits = |row: &&&Row<'_>| row.cells.iter().all(|cell| cell_text(*cell).chars().count() <= limit);
        let width = |column: usize| {
            let cells = rows.iter().filter(fits).map(|row| cell_text(row.cells[column]).chars().count());
            cells.chain([self.environments[column].name.chars().count()]).max().unwrap_or_default()
        };
        let widths: Vec<usize> = (0..count).map(width).collect();
        let line = |first: &str, cells: Vec<String>| {
            let mut line = format!("  {first:names$}");
            for (cell, width) in cells.iter().zip(&widths) {
                let _ = write!(line, "  {cell:width$}");
            }
            format!("{}\n", line.trim_end())
        };
        if rows.iter().any(|row| fits(&row)) {
            *text += &line("", self.environments.iter().map(|one| one.name.clone()).collect());
        }
        for row in rows {
            let name = path(row.route);
            if fits(&row) {
                *text += &line(&name, row.cells.iter().map(|cell| cell_text(*cell)).collect());
                continue;
            }
            let _ = writeln!(text, "  {name}");
            for (environment, cell) in self.environments.iter().zip(&row.cells) {
                let name = format!("  {}", environment.name);
                let cell = cell.map_or((String::from("-"), String::new()), |cell| (value(cell), from(cell)));
                self.line(&name, &cell, names.max(longest + GAP), 0, text);
            }
        }
    }

    /// Rows with one value for all environments.
    fn same(&self, rows: &[&Row<'_>], names: usize, text: &mut String) {
        let cells: Vec<(String, (String, String))> = rows
            .iter()
            .filter_map(|row| {
                let setting = row.cells.iter().flatten().next()?;
                Some((path(row.route), (value(setting), from(setting))))
            })
            .collect();
        let room = WIDTH - names - 3 * GAP;
        let fitting =
            cells.iter().filter(|(_, (value, from))| value.chars().count() + from.chars().count() <= room);
        let values = fitting.map(|(_, (value, _))| value.chars().count()).max().unwrap_or_default();
        let values = values.min(VALUES);
        for (name, cell) in &cells {
            self.line(name, cell, names, values, text);
        }
    }

    /// A name, a value and where it comes from. A long value goes on below itself.
    fn line(
        &self,
        name: &str,
        (value, from): &(String, String),
        names: usize,
        values: usize,
        text: &mut String,
    ) {
        let start = name.chars().count().max(names) + 2 * GAP;
        let room = WIDTH.saturating_sub(start + from.chars().count() + GAP);
        let lines = wrap(value, room);
        let (last, before) =
            lines.split_last().map_or(("", &[][..]), |(last, before)| (last.as_str(), before));
        let _ = write!(text, "  {name:names$}  ");
        for line in before {
            let _ = write!(text, "{line}\n{:start$}", "");
        }
        if from.is_empty() {
            let _ = writeln!(text, "{last}");
        } else {
            let _ = writeln!(text, "{last:values$}{}", self.place(from));
        }
    }

    /// Where something comes from, behind it.
    fn place(&self, from: &str) -> String {
        format!("  {}", self.styled(from, Style::new().dimmed()))
    }

    fn styled(&self, text: &str, style: Style) -> String {
        if self.color { format!("{style}{text}{style:#}") } else { text.to_owned() }
    }
}

/// A default among others: `cpu 256`, `name (the stack's name)`. Short ones stay on one line.
fn default(row: &Row<'_>) -> Option<String> {
    let setting = row.cells.iter().flatten().next()?;
    let text = format!("{} {}", path(row.route), value(setting));
    Some(if text.chars().count() <= WIDTH / 2 { text.replace(' ', KEPT) } else { text })
}

fn value(setting: &Setting) -> String {
    match setting.origin {
        Origin::Rule => format!("({})", setting.value),
        Origin::Default | Origin::Written { .. } => setting.value.clone(),
    }
}

/// Where a setting comes from: its line, and what it stands in besides the component's own block.
fn from(setting: &Setting) -> String {
    let Origin::Written { place, overlay, app } = &setting.origin else { return "default".to_owned() };
    let overlay = if overlay.is_some() { " overlay" } else { "" };
    let app = if app.is_some() { " app" } else { "" };
    format!(":{}{app}{overlay}", place.line)
}

fn cell_text(cell: Option<&Setting>) -> String {
    cell.map_or_else(|| "-".to_owned(), |setting| format!("{} {}", value(setting), from(setting)))
}

/// A text in lines of at most a width, as far as it has spaces to break at.
pub(crate) fn wrap(text: &str, width: usize) -> Vec<String> {
    let mut lines = vec![String::new()];
    let mut used = 0;
    for word in text.split_inclusive(' ') {
        let length = word.trim_end().chars().count();
        if used > 0 && used + length > width {
            lines.push(String::new());
            used = 0;
        }
        used += word.chars().count();
        if let Some(line) = lines.last_mut() {
            *line += word;
        }
    }
    lines.iter().map(|line| line.trim_end().replace(KEPT, " ")).collect()
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use super::*;
    use crate::review::Place;
    use crate::show::Component;

    fn setting(route: &[&str], value: &str, origin: Origin) -> Setting {
        let route = route.iter().map(|key| (*key).to_owned()).collect();
        Setting { route, value: value.to_owned(), origin }
    }

    fn at(line: usize) -> Place {
        Place { file: "a.hcl".to_owned(), line, column: 1 }
    }

    fn written(line: usize, overlay: Option<&str>, app: Option<&str>) -> Origin {
        Origin::Written { place: at(line), overlay: overlay.map(Arc::from), app: app.map(Arc::from) }
    }

    fn environment(name: &str, components: Vec<(&str, Vec<Setting>)>) -> Environment {
        let component =
            |(name, settings): (&str, _)| Component { name: name.to_owned(), place: Some(at(1)), settings };
        Environment { name: name.to_owned(), components: components.into_iter().map(component).collect() }
    }

    #[test]
    fn environments_stand_side_by_side_where_they_differ_and_in_one_column_where_they_do_not() {
        let web = |tasks: Setting| {
            let port = setting(&["port"], "80", written(3, None, None));
            let cpu = setting(&["cpu"], "256", Origin::Default);
            let name = setting(&["name"], "the stack's name", Origin::Rule);
            ("service.web", vec![tasks, port, cpu, name])
        };
        let four = setting(&["tasks"], "4", written(9, Some("production"), None));
        let one = setting(&["tasks"], "1", Origin::Default);
        let environments = [
            environment("production", vec![web(four)]),
            environment("staging", vec![web(one), ("user.a", Vec::new())]),
        ];
        let expected = "\
service.web  a.hcl:1
         production    staging
  tasks  4 :9 overlay  1 default
  port   80  :3
  by default: cpu 256, name (the stack's name)

user.a  a.hcl:1  only in staging
";
        assert_eq!(text(&environments, false), expected);
    }

    #[test]
    fn values_too_wide_for_a_column_have_a_line_for_each_environment() {
        let long = |name: &str| {
            let value = setting(&["hint"], &"word ".repeat(12), written(2, None, None));
            environment(name, vec![("secret.a", vec![value])])
        };
        let short = environment("staging", vec![("secret.a", Vec::new())]);
        let expected = format!("  hint\n    production  {} :2\n    staging     -\n", "word ".repeat(12));
        assert!(text(&[long("production"), short], false).ends_with(&expected));
    }

    #[test]
    fn what_services_have_from_their_app_stands_once() {
        let of = |name| (name, vec![setting(&["image"], "\"a\"", written(2, None, Some("shop")))]);
        let both = [environment("production", vec![of("service.a"), of("service.b")])];
        let expected = "\
app.shop
  image  \"a\"  :2 app

service.a  a.hcl:1  in app.shop

service.b  a.hcl:1  in app.shop
";
        assert_eq!(text(&both, false), expected);
        let alone = [environment("production", vec![of("service.a")])];
        assert_eq!(text(&alone, false), "service.a  a.hcl:1\n  image  \"a\"  :2 app\n");
    }

    #[test]
    fn a_block_is_named_where_nothing_in_it_is_written() {
        let block = |inside: Origin| {
            let route = setting(&["route", "/"], super::super::BLOCK, written(2, None, None));
            let inside = setting(&["route", "/", "drain"], "30", inside);
            text(&[environment("production", vec![("service.a", vec![route, inside])])], false)
        };
        assert!(block(Origin::Default).contains("\n  route \"/\"  { .. }  :2\n"));
        assert_eq!(block(written(3, None, None)), "service.a  a.hcl:1\n  route \"/\".drain  30  :3\n");
    }

    #[test]
    fn lines_are_broken_at_spaces_only() {
        assert_eq!(wrap("a bb ccc", 4), ["a bb", "ccc"]);
        assert_eq!(wrap("abcdef g", 3), ["abcdef", "g"]);
        assert_eq!(wrap("", 3), [""]);
    }
}
