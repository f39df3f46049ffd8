//! The environments of a stack side by side: one sheet for each component, one row for each of its settings.

use crate::review::Place;

use super::{BLOCK, Component, Environment, Origin, Setting};

/// A component in all environments, or the app that several share.
#[derive(Debug)]
pub(super) struct Sheet<'a> {
    /// `service.web`; `app.shop` for what its services and tasks have alike.
    pub(super) name: String,
    /// Where it is written.
    pub(super) header: Header<'a>,
    /// The sheet of the app that has the rest of its settings.
    pub(super) shares: Option<String>,
    /// Which of the environments have it.
    pub(super) here: Vec<bool>,
    /// Its settings, in the order of the documentation.
    pub(super) rows: Vec<Row<'a>>,
}

/// Where a component is written.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) enum Header<'a> {
    /// Nowhere: others bring it along.
    Implied,
    /// At one place.
    At(&'a Place),
    /// In each environment at another.
    Several,
}

/// A setting in all environments.
#[derive(Debug, Clone)]
pub(super) struct Row<'a> {
    /// The keys that lead to it.
    pub(super) route: &'a [String],
    /// The setting in each environment.
    pub(super) cells: Vec<Option<&'a Setting>>,
}

/// How much a row has to say.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Says {
    /// Nothing that the other rows do not say.
    Nothing,
    /// The same default everywhere.
    Default,
    /// The same, from the same place, wherever the component is.
    Same,
    /// Not the same.
    Different,
}

/// The sheets of a stack, in the order of components. What several have from one app stands on a sheet of that app,
/// before the first of them.
pub(super) fn sheets(environments: &[Environment]) -> Vec<Sheet<'_>> {
    let lists = environments.iter().map(|one| one.components.iter().collect()).collect();
    let columns = align(lists, |component: &Component| component.name.as_str());
    let mut own: Vec<Sheet<'_>> = columns.into_iter().filter_map(sheet).collect();
    let mut apps: Vec<&str> = Vec::new();
    for app in own.iter().flat_map(|sheet| &sheet.rows).filter_map(Row::app) {
        if !apps.contains(&app) {
            apps.push(app);
        }
    }
    for app in apps {
        let Some(first) = own.iter().position(|sheet| sheet.has(app)) else { continue };
        let shared = shared(app, &own);
        if shared.rows.is_empty() {
            continue;
        }
        for sheet in &mut own {
            let all = sheet.rows.len();
            sheet.rows.retain(|row| !shared.rows.iter().any(|other| row.repeats(other)));
            if sheet.rows.len() < all {
                sheet.shares = Some(shared.name.clone());
            }
        }
        own.insert(first, shared);
    }
    own
}

/// What at least two components have from an app.
fn shared<'a>(app: &str, sheets: &[Sheet<'a>]) -> Sheet<'a> {
    let all = || sheets.iter().flat_map(|sheet| &sheet.rows).filter(|row| row.app() == Some(app));
    let mut rows: Vec<Row<'a>> = Vec::new();
    for row in all().filter(|row| row.cells.iter().all(Option::is_some)) {
        let known = rows.iter().any(|known| row.repeats(known));
        if !known && all().filter(|other| other.repeats(row)).count() > 1 {
            rows.push(row.clone());
        }
    }
    let here = rows.first().map(|row| vec![true; row.cells.len()]).unwrap_or_default();
    Sheet { name: format!("app.{app}"), header: Header::Several, shares: None, here, rows }
}

fn sheet<'a>(columns: Vec<Option<&'a Component>>) -> Option<Sheet<'a>> {
    let lists = columns.iter().map(|column| column.iter().flat_map(|one| &one.settings).collect()).collect();
    let rows = align(lists, |setting: &Setting| setting.route.as_slice());
    let rows = rows.into_iter().filter_map(|cells| {
        let route = &cells.iter().flatten().next()?.route;
        Some(Row { route, cells })
    });
    let first = columns.iter().flatten().next()?;
    let header = match &first.place {
        None => Header::Implied,
        place if columns.iter().flatten().any(|other| other.place != *place) => Header::Several,
        Some(place) => Header::At(place),
    };
    let here = columns.iter().map(Option::is_some).collect();
    Some(Sheet { name: first.name.clone(), header, shares: None, here, rows: rows.collect() })
}

/// Lists next to each other, items of one name in one row. An item that earlier lists do not have comes behind the one
/// before it.
fn align<'a, T, N: PartialEq + ?Sized + 'a>(
    lists: Vec<Vec<&'a T>>,
    name: impl Fn(&'a T) -> &'a N,
) -> Vec<Vec<Option<&'a T>>> {
    let count = lists.len();
    let mut rows: Vec<Vec<Option<&'a T>>> = Vec::new();
    for (column, list) in lists.into_iter().enumerate() {
        let mut next = 0;
        for item in list {
            let known =
                |row: &Vec<Option<&'a T>>| row.iter().flatten().any(|other| name(other) == name(item));
            // Lists have nearly the same order, so the row is nearly always the next.
            let found = rows.iter().skip(next).position(known).map(|at| next + at);
            let at = found.or_else(|| rows.iter().position(known)).unwrap_or_else(|| {
                rows.insert(next, vec![None; count]);
                next
            });
            rows[at][column] = Some(item);
            next = at + 1;
        }
    }
    rows
}

impl<'a> Row<'a> {
    /// The app that hands it on in every environment, if one does.
    fn app(&self) -> Option<&'a str> {
        let settings = self.cells.iter().copied().flatten();
        let mut apps = settings.map(|setting| match &setting.origin {
            Origin::Written { app, .. } => app.as_deref(),
            Origin::Default | Origin::Rule => None,
        });
        let first = apps.next()??;
        apps.all(|app| app == Some(first)).then_some(first)
    }

    /// Whether it says no more than another one does.
    fn repeats(&self, other: &Row<'_>) -> bool {
        self.route == other.route
            && self.cells.iter().zip(&other.cells).all(|(own, other)| own.is_none() || own == other)
    }
}

impl Sheet<'_> {
    /// Whether it has something from an app.
    fn has(&self, app: &str) -> bool {
        self.rows.iter().any(|row| row.app() == Some(app))
    }

    /// What a row has to say beside the others.
    pub(super) fn says(&self, row: &Row<'_>) -> Says {
        let has: Vec<Option<&Setting>> =
            self.here.iter().zip(&row.cells).filter(|(here, _)| **here).map(|(_, cell)| *cell).collect();
        let first = has.first().copied().flatten();
        if has.iter().any(|cell| *cell != first) {
            return Says::Different;
        }
        match first {
            Some(setting) if setting.value == BLOCK && self.is_seen_inside(row) => Says::Nothing,
            Some(setting) if setting.place().is_none() => Says::Default,
            _ => Says::Same,
        }
    }

    /// Whether something is written in the block of a row, which then tells that the block is there.
    fn is_seen_inside(&self, block: &Row<'_>) -> bool {
        self.rows.iter().any(|row| {
            let inside = row.route.len() > block.route.len() && row.route.starts_with(block.route);
            inside && row.cells.iter().flatten().any(|setting| setting.place().is_some())
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lists_are_aligned_by_name_and_new_items_stand_behind_their_neighbours() {
        let lists = [vec!["a", "c"], vec!["a", "b", "c"], vec!["c", "d"]];
        let rows = align(lists.iter().map(|list| list.iter().collect()).collect(), |item: &&str| *item);
        let rows: Vec<String> =
            rows.iter().map(|row| row.iter().map(|cell| cell.copied().unwrap_or("-")).collect()).collect();
        assert_eq!(rows, ["aa-", "-b-", "ccc", "--d"]);
    }
}
