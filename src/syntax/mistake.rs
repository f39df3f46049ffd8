//! Says what is wrong where `hcl-edit` only says what it expected, and recognises other languages.
//!
//! Every guess here is about the words of a message; whether there is a mistake was decided before.

use hcl::edit::parser::Error;

use super::DUPLICATE_KEY;
use super::limits::FILE_LIMIT;
use super::reading::{Reading, Stop};
use super::words;
use crate::diagnostic::{Code, Diagnostic, Severity};

/// The text is not HCL, or not JSON.
pub static SYNTAX_ERROR: Code = Code {
    name: "syntax-error",
    severity: Severity::Error,
    title: "the text does not follow the syntax",
    explanation: "\
The file is not valid HCL, or not valid JSON when its name ends in `.json`: a quote, bracket or comma is missing,
something stands where it cannot stand, or another language was pasted in.
Nothing is generated from a file that can be read in two ways. Each mistake is reported at the place where it was
made, a missing partner at the bracket or quote that lacks it.

```hcl
service \"web\" {
  image   = 'web:1'
  command = [\"bundle\" \"exec\"]
}
```

Instead, write `\"web:1\"`, `[\"bundle\", \"exec\"]`, and each attribute on a line of its own.
",
};

/// Stops with one diagnostic when the file is in another language, instead of one for each of its lines.
pub(super) fn check_language(reading: &mut Reading<'_>) -> Result<(), Stop> {
    let text = reading.text;
    let mut start = 0;
    let line = text.split_inclusive('\n').find(|line| {
        let blank = line.trim().is_empty() || line.trim_start().starts_with(['#', '/']);
        start += if blank { line.len() } else { 0 };
        !blank
    });
    let Some(line) = line else { return Ok(()) };
    let (line, place) = (line.trim(), start..start + line.trim_end().len());
    let word = words::word_end(line, 0);
    let (message, help) = if line.starts_with('{') || (line.starts_with('[') && !line.contains('=')) {
        ("this looks like JSON, in a file read as HCL", "give the file a name that ends in `.json`")
    } else if line == "---" || line.starts_with("- ") || (word > 0 && &line[word..] == ":") {
        (
            "this looks like YAML",
            "a stack file is HCL: `name = value`, and `name \"label\" { .. }` for blocks",
        )
    } else {
        return Ok(());
    };
    let diagnostic = reading.at(&SYNTAX_ERROR, place, message).help(help);
    Err(reading.refuse(diagnostic))
}

/// Whether what follows a good value at `offset` is the next thing of a body, to be read and judged there.
pub(super) fn is_next_item(text: &str, offset: usize) -> bool {
    text[offset..].starts_with(',')
        || words::looks_like_attribute(text, offset)
        || words::looks_like_block(text, offset)
}

/// Turns the error about the value `text`, which stands at `start`, into a diagnostic. `offset` is the error's
/// place in `text`, on a character boundary.
pub(super) fn explain(
    reading: &Reading<'_>,
    start: usize,
    text: &str,
    offset: usize,
    error: &Error,
) -> Diagnostic {
    let offset = (0..=offset.min(text.len())).rev().find(|&at| text.is_char_boundary(at)).unwrap_or(0);
    let offset = words::skip_spaces(text, offset);
    let found = text[offset..].chars().next();
    let end = match words::word_end(text, offset) {
        end if end > offset => end,
        _ => offset + found.map_or(0, char::len_utf8),
    };
    let here = start + offset..start + end;
    let piece = words::shown(&text[offset..end]);
    let message = error.message();
    let is_value =
        found.is_some_and(|c| words::starts_word(c) || c.is_ascii_digit() || "\"[{(-<".contains(c));
    let after = start + text[..offset].trim_end().len();
    let syntax = |message: String| reading.at(&SYNTAX_ERROR, here.clone(), message);

    if message.contains("nested levels") || message.contains("chained binary") {
        return reading.at(&FILE_LIMIT, here, "this expression is too deep");
    }
    if message.contains("redefined") {
        return reading.at(&DUPLICATE_KEY, here, format!("`{piece}` is set twice"));
    }
    if message.contains("escape sequence") {
        // The error stands behind the escape.
        let escape = text[..offset].rfind('\\').unwrap_or(offset);
        let piece = words::shown(&text[escape..offset]);
        return reading
            .at(
                &SYNTAX_ERROR,
                start + escape..start + offset,
                format!("unknown escape `{piece}` in a string"),
            )
            .help("write `\\\\` for a backslash; known are `\\n`, `\\r`, `\\t`, `\\\"`, `\\\\`, `\\u0041`");
    }
    if message.contains("hex code") {
        return syntax("`\\u` needs four hexadecimal digits, `\\U` eight".to_owned());
    }
    if message.contains("expected `]`") && is_value {
        return reading
            .at(&SYNTAX_ERROR, after..after, "missing `,` in a list")
            .help("put a `,` between the items");
    }
    if message.contains("object item") && is_value {
        return reading
            .at(&SYNTAX_ERROR, after..after, "missing `,` or line break in an object")
            .help(format!("put `{piece}` on a line of its own, or a `,` before it"));
    }
    if message.contains("assignment") {
        // The error stands behind the character that should have been a `=`.
        let key = text[..offset].trim_end().char_indices().next_back().map_or(0, |(at, _)| at);
        let at = start + text[..key].trim_end().len();
        return reading
            .at(&SYNTAX_ERROR, at..at, "expected `=` after a key")
            .help("an object holds `key = value`");
    }
    if message.contains("traversal operator") || text.ends_with('.') {
        return syntax("expected a name after `.`".to_owned());
    }
    if offset > 0 && is_value {
        return syntax(format!("unexpected `{piece}` after the value")).help("text needs double quotes");
    }
    match found {
        Some(_) => syntax(format!("unexpected `{piece}`")),
        None => syntax("the value ends too early".to_owned()),
    }
}
