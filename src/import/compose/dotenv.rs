//! Files of variables: `.env`, and what `env_file` names.

use super::interpolate::Interpolation;

/// A variable of a file: its name, its value (none when only the name stands there), and where it stands in the text.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Line {
    pub(super) name: String,
    pub(super) value: Option<String>,
    pub(super) place: std::ops::Range<usize>,
}

/// Reads a file as compose does: `export` before a name, comments, quotes, and variables in what is not in single quotes.
///
/// # Errors
/// When variables that name each other make too much text, in words.
pub(super) fn parse(text: &str, outer: &Interpolation) -> Result<Vec<Line>, String> {
    let mut lines = Vec::new();
    let mut known = Interpolation {
        variables: outer.variables.clone(),
        filled: outer.filled.clone(),
        ..Interpolation::default()
    };
    let mut start = 0;
    while start < text.len() {
        let end = text[start..].find('\n').map_or(text.len(), |at| start + at);
        let line = &text[start..end];
        let place = start..start + line.trim_end().len();
        let trimmed = line.trim_start();
        let entry = trimmed.strip_prefix("export ").unwrap_or(trimmed).trim_start();
        let mut next = end + 1;
        if !entry.is_empty() && !entry.starts_with('#') {
            let (name, value) = match entry.split_once('=') {
                Some((name, value)) => (name.trim(), Some(value)),
                None => (entry.trim(), None),
            };
            let value = value.map(|value| {
                let at = end - value.len();
                let (value, stop) = read(text, at, end);
                next = next.max(stop);
                match value {
                    Read::Literal(text) => text,
                    Read::Expanded(text) => known.fill(&text, 0, &mut Default::default()).unwrap_or(text),
                }
            });
            known.within()?;
            if !name.is_empty() && !name.contains(char::is_whitespace) {
                if let Some(value) = &value {
                    known.variables.insert(name.to_owned(), value.clone());
                }
                lines.push(Line { name: name.to_owned(), value, place });
            }
        }
        start = next;
    }
    outer.filled.set(known.filled.get());
    Ok(lines)
}

enum Read {
    Literal(String),
    Expanded(String),
}

/// The value that stands at `at`, on a line that ends at `end`; quotes may go on over lines. Gives where to read on.
fn read(text: &str, at: usize, end: usize) -> (Read, usize) {
    let value = &text[at..end];
    let blank = value.len() - value.trim_start().len();
    let quote = value.trim_start().chars().next().filter(|c| matches!(c, '"' | '\''));
    if let Some(quote) = quote {
        let from = at + blank + 1;
        let mut escaped = false;
        for (offset, c) in text[from..].char_indices() {
            if c == quote && !escaped {
                let inner = &text[from..from + offset];
                let rest =
                    text[from + offset..].find('\n').map_or(text.len(), |line| from + offset + line + 1);
                let value = match quote {
                    '"' => Read::Expanded(unescaped(inner)),
                    _ => Read::Literal(inner.to_owned()),
                };
                return (value, rest);
            }
            escaped = c == '\\' && !escaped && quote == '"';
        }
    }
    let value = value.trim();
    let value = value.find(" #").map_or(value, |comment| value[..comment].trim_end());
    let value = if value.starts_with('#') { "" } else { value };
    (Read::Expanded(value.to_owned()), end + 1)
}

fn unescaped(text: &str) -> String {
    let mut out = String::new();
    let mut chars = text.chars();
    while let Some(c) = chars.next() {
        match (c, c == '\\') {
            (_, true) => match chars.next() {
                Some('n') => out.push('\n'),
                Some('t') => out.push('\t'),
                Some('r') => out.push('\r'),
                Some('$') => out.push_str("$$"),
                Some(other) => out.push(other),
                None => out.push('\\'),
            },
            _ => out.push(c),
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn values_are_read_as_compose_reads_them() {
        let text = "# first\nA=1\nexport B = two words # note\nC='raw $A' # note\nD=\"x\\n${A}\"\nE\n\nF=a=b,c\nG=\nH=\"l1\nl2\"\nI=#no\n";
        let values: Vec<(String, Option<String>)> = parse(text, &Interpolation::default())
            .unwrap()
            .into_iter()
            .map(|line| (line.name, line.value))
            .collect();
        let expected = [
            ("A", Some("1")),
            ("B", Some("two words")),
            ("C", Some("raw $A")),
            ("D", Some("x\n1")),
            ("E", None),
            ("F", Some("a=b,c")),
            ("G", Some("")),
            ("H", Some("l1\nl2")),
            ("I", Some("")),
        ];
        let expected: Vec<(String, Option<String>)> =
            expected.iter().map(|(name, value)| ((*name).to_owned(), value.map(str::to_owned))).collect();
        assert_eq!(values, expected);
    }
}
