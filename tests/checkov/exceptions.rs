//! The findings that are accepted, from `exceptions.txt`.

use std::collections::BTreeSet;

use crate::scan::{Finding, Kind};

/// A line of the file.
pub struct Exception {
    check: String,
    kinds: BTreeSet<Kind>,
    /// `<stack>/<address>` with `*` for anything.
    place: String,
    pub reason: String,
}

impl Exception {
    /// Every line of the file that is neither empty nor a comment.
    pub fn all(text: &str) -> Vec<Self> {
        let lines = text.lines().filter(|line| !line.trim().is_empty() && !line.starts_with('#'));
        lines.map(|line| Self::read(line).unwrap_or_else(|| panic!("not an exception: {line}"))).collect()
    }

    fn read(line: &str) -> Option<Self> {
        let mut columns = line.splitn(4, '|').map(str::trim);
        let (check, kinds, place) = (columns.next()?, columns.next()?, columns.next()?);
        let reason = columns.next().filter(|reason| !reason.is_empty())?;
        let kinds: Option<BTreeSet<Kind>> = match kinds {
            "all" => Some(Kind::ALL.into()),
            kinds => kinds.split(',').map(|kind| Kind::read(kind.trim())).collect(),
        };
        let (check, place, reason) = (check.to_owned(), place.to_owned(), reason.to_owned());
        Some(Self { check, kinds: kinds?, place, reason })
    }

    pub fn accepts(&self, finding: &Finding) -> bool {
        let place = format!("{}/{}", finding.stack, finding.address);
        let scanned = self.kinds.contains(&finding.kind)
            || finding.unprotected_only && self.kinds.contains(&Kind::Unprotected);
        self.check == finding.check && scanned && matches(&self.place, &place)
    }

    /// The kinds of scan it is for and in which it accepted nothing: there it is too wide.
    pub fn idle<'a>(&'a self, accepted: &'a [&Finding]) -> impl Iterator<Item = Kind> + 'a {
        self.kinds.iter().copied().filter(|kind| !accepted.iter().any(|finding| finding.kind == *kind))
    }

    pub fn title(&self) -> String {
        format!("{} {}", self.check, self.place)
    }
}

/// Whether a text is like a pattern in which `*` stands for anything.
fn matches(pattern: &str, text: &str) -> bool {
    match pattern.split_once('*') {
        None => pattern == text,
        Some((head, rest)) => text.strip_prefix(head).is_some_and(|tail| {
            tail.char_indices().any(|(at, _)| matches(rest, &tail[at..])) || matches(rest, "")
        }),
    }
}
