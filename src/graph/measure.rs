//! How wide text is, without a font at hand: the widths of DejaVu Sans, than which no usual font is much wider.

use unicode_segmentation::UnicodeSegmentation;

/// The size of names in pixels.
pub(super) const NAME: i32 = 13;
/// The size of all other text in pixels.
pub(super) const TEXT: i32 = 12;

/// Thousandths of the font size that a character takes.
fn advance(c: char) -> i32 {
    match c {
        'i' | 'j' | 'l' | 'I' | '\'' | '|' | '.' | ',' | ':' | ';' | '!' => 330,
        ' ' | '\u{a0}' | 'f' | 't' | 'r' | '(' | ')' | '[' | ']' | '/' | '\\' | '-' | '"' => 410,
        'm' | 'w' | 'M' | 'W' | '@' | '%' | '→' | '…' => 990,
        'A'..='Z' | 'u' | 'n' | 'h' | 'd' | 'b' | 'p' | 'q' | 'g' | '0'..='9' | '_' | '–' => 650,
        ' '..='~' => 620,
        // Ideographs and what else stands on a square.
        '\u{1100}'.. => 1000,
        _ => 850,
    }
}

/// The width of a text in pixels.
pub(super) fn width(text: &str, size: i32, bold: bool) -> i32 {
    let thousandths: i32 = text.chars().map(advance).sum();
    let thousandths = if bold { thousandths * 112 / 100 } else { thousandths };
    (thousandths * size + 999) / 1000
}

/// The text in lines that are no wider than this: broken between words, and within one that is too long by itself, there
/// after a separator when it has one.
pub(super) fn wrap(text: &str, size: i32, bold: bool, most: i32) -> Vec<String> {
    let mut lines: Vec<String> = Vec::new();
    for word in text.split(' ').filter(|word| !word.is_empty()) {
        if let Some(line) = lines.last_mut()
            && width(&format!("{line} {word}"), size, bold) <= most
        {
            line.push(' ');
            line.push_str(word);
            continue;
        }
        lines.extend(pieces(word, size, bold, most));
    }
    lines
}

/// A word in pieces that are no wider than this.
fn pieces(word: &str, size: i32, bold: bool, most: i32) -> Vec<String> {
    let mut pieces = vec![String::new()];
    for grapheme in word.graphemes(true) {
        let Some(piece) = pieces.last_mut() else { break };
        if piece.is_empty() || width(&format!("{piece}{grapheme}"), size, bold) <= most {
            piece.push_str(grapheme);
            continue;
        }
        let kept = piece.rfind(['/', '.', '-', '_', ',', ':']).map_or(piece.len(), |at| at + 1);
        let kept = if kept * 3 < piece.len() { piece.len() } else { kept };
        let rest = piece.split_off(kept);
        pieces.push(rest + grapheme);
    }
    pieces
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn no_line_is_wider_than_it_may_be_and_nothing_is_lost() {
        let text = "arn:aws:iam::111111111111:role/a-very-long-name and 日本語の説明 /api/v1/streaming*";
        for most in [40, 60, 90, 200] {
            let lines = wrap(text, TEXT, false, most);
            assert!(lines.iter().all(|line| width(line, TEXT, false) <= most), "{most}: {lines:?}");
            let squeeze = |text: &str| text.split_whitespace().collect::<String>();
            assert_eq!(squeeze(&lines.concat()), squeeze(text), "{most}");
        }
    }

    #[test]
    fn words_break_after_separators() {
        assert_eq!(wrap("/api/v1/streaming*", TEXT, false, 80), ["/api/v1/", "streaming*"]);
        assert_eq!(wrap("one two", TEXT, false, 200), ["one two"]);
    }
}
