//! The smallest pieces of HCL: identifiers, blanks, comments, and whole numbers.
//!
//! Positions are byte offsets into the text.

use super::document::Value;

/// Whether a word may start with this character.
pub(super) fn starts_word(c: char) -> bool {
    c == '_' || unicode_ident::is_xid_start(c)
}

fn continues_word(c: char) -> bool {
    c == '-' || unicode_ident::is_xid_continue(c)
}

/// One past the word that starts at `at`; `at` itself when there is none.
pub(super) fn word_end(text: &str, at: usize) -> usize {
    let rest = &text[at..];
    if !rest.starts_with(starts_word) {
        return at;
    }
    at + rest.find(|c| !continues_word(c)).unwrap_or(rest.len())
}

/// Skips spaces and tabs.
pub(super) fn skip_spaces(text: &str, at: usize) -> usize {
    at + text.as_bytes()[at..].iter().take_while(|byte| matches!(byte, b' ' | b'\t')).count()
}

/// The length of the line break at `at`: 0, 1 or 2.
pub(super) fn line_break(text: &str, at: usize) -> usize {
    match text.as_bytes()[at..] {
        [b'\n', ..] => 1,
        [b'\r', b'\n', ..] => 2,
        _ => 0,
    }
}

/// The end of the line that `at` is in, before its line break.
pub(super) fn line_end(text: &str, at: usize) -> usize {
    let end = text[at..].find('\n').map_or(text.len(), |length| at + length);
    if text[at..end].ends_with('\r') { end - 1 } else { end }
}

/// The end of the comment that starts at `at`: `None` when none starts there, `Some(Err(()))` when a `/*` has no
/// end. A line comment ends before its line break.
pub(super) fn comment_end(text: &str, at: usize) -> Option<Result<usize, ()>> {
    let rest = &text[at..];
    if rest.starts_with('#') || rest.starts_with("//") {
        return Some(Ok(line_end(text, at)));
    }
    let inside = rest.strip_prefix("/*")?;
    Some(inside.find("*/").map(|length| at + length + 4).ok_or(()))
}

/// Whether a line from `at` on can only be an attribute (`word =`).
pub(super) fn looks_like_attribute(text: &str, at: usize) -> bool {
    let start = skip_spaces(text, at);
    let end = word_end(text, start);
    let rest = &text[skip_spaces(text, end)..];
    end > start && rest.starts_with('=') && !rest.starts_with("==") && !rest.starts_with("=>")
}

/// Whether a line from `at` on can only be the header of a block (`word {`, `word "label" {`).
pub(super) fn looks_like_block(text: &str, at: usize) -> bool {
    let start = skip_spaces(text, at);
    let end = word_end(text, start);
    let line = text[end..line_end(text, end)].trim_start_matches([' ', '\t']);
    if end == start {
        return false;
    }
    match line.strip_prefix('"').and_then(|rest| rest.split_once('"')) {
        Some((_, rest)) => rest.trim_start().starts_with('{'),
        None => line.starts_with('{'),
    }
}

/// Text as it can stand in a message: control characters are escaped.
pub(super) fn shown(text: &str) -> String {
    let show = |c: char| if c.is_control() { c.escape_debug().to_string() } else { c.to_string() };
    text.chars().map(show).collect()
}

/// A number as either syntax writes it. `None` when no [`Value`] holds it exactly enough: whole numbers beyond
/// 64 bits, or beyond 53 when written with a fraction or an exponent.
pub(super) fn number(text: &str) -> Option<Value> {
    const EXACT: f64 = 9_007_199_254_740_992.0;
    if let Ok(whole) = text.parse::<i64>() {
        return Some(Value::Integer(whole));
    }
    if !text.contains(['.', 'e', 'E']) {
        return None;
    }
    let float = text.parse::<f64>().ok().filter(|float| float.is_finite())?;
    match float.fract() == 0.0 {
        true if float.abs() < EXACT => Some(Value::Integer(float as i64)),
        true => None,
        false => Some(Value::Float(float)),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_may_hold_dashes_and_letters_of_any_script() {
        assert_eq!(word_end("per-zone = 1", 0), 8);
        assert_eq!(word_end("größe{", 0), "größe".len());
        assert_eq!(word_end("1a", 0), 0);
    }

    #[test]
    fn whole_numbers_stay_whole_however_they_are_written() {
        assert_eq!(number("50"), Some(Value::Integer(50)));
        assert_eq!(number("50.0"), Some(Value::Integer(50)));
        assert_eq!(number("5e1"), Some(Value::Integer(50)));
        assert_eq!(number("-0.5"), Some(Value::Float(-0.5)));
    }

    #[test]
    fn numbers_that_would_lose_digits_are_refused() {
        assert_eq!(number("9223372036854775808"), None);
        assert_eq!(number("1e300"), None);
        assert_eq!(number("1e999"), None);
    }

    #[test]
    fn headers_and_attributes_are_told_apart_from_list_items() {
        assert!(looks_like_attribute("  cpu = 1", 0));
        assert!(!looks_like_attribute("  cpu == 1", 0));
        assert!(looks_like_block("service \"web\" {", 0));
        assert!(looks_like_block("scaling {", 0));
        assert!(!looks_like_block("  \"a\",", 0));
    }
}
