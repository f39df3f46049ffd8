//! A text as lines, in which indentation says what belongs together. It holds for YAML and for JSON that is laid out.

/// How far a line is indented.
pub fn indent(line: &str) -> usize {
    line.len() - line.trim_start_matches(' ').len()
}

/// The lines of the value that begins at a line: those below it that are indented further, what is listed at its own
/// level, and a brace that closes it.
pub fn value(lines: &[String], at: usize) -> std::ops::Range<usize> {
    let own = indent(&lines[at]);
    let is_item = |line: &str| line.trim_start().starts_with("- ");
    let belongs = |line: &String| {
        line.trim().is_empty()
            || indent(line) > own
            || indent(line) == own && is_item(line) && !is_item(&lines[at])
    };
    let end = at + 1 + lines[at + 1..].iter().take_while(|line| belongs(line)).count();
    let closes = |line: &String| indent(line) == own && line.trim_start().starts_with(['}', ']']);
    at..end + usize::from(lines.get(end).is_some_and(closes))
}

/// Lines moved so that the first of them is indented as far as told.
pub fn moved_to(lines: &[String], to: usize) -> Vec<String> {
    let from = lines.first().map_or(0, |line| indent(line));
    let moved = |line: &String| {
        let blank = (indent(line) + to).saturating_sub(from);
        format!("{}{}", " ".repeat(blank), line.trim_start_matches(' '))
    };
    lines.iter().map(moved).collect()
}

/// Where the value stands in a line: behind a key, a dash or an equals sign, without the comma that ends it.
pub fn scalar(line: &str) -> std::ops::Range<usize> {
    let end = line.trim_end().trim_end_matches(',').len();
    let behind = |sign: &str| line.find(sign).map(|at| at + sign.len());
    let start = behind(": ").or_else(|| behind("- ")).or_else(|| behind("=")).unwrap_or_else(|| indent(line));
    start.min(end)..end
}

/// Where the key stands in a line.
pub fn key(line: &str) -> std::ops::Range<usize> {
    let start = indent(line) + if line.trim_start().starts_with("- ") { 2 } else { 0 };
    let end = line[start..].find([':', '=']).map_or(start, |at| start + at);
    start..end
}

/// Puts commas between the lines of JSON where pieces were put together.
pub fn with_commas(lines: &mut [String]) {
    for at in 1..lines.len() {
        let next = lines[at].trim_start();
        let closes = next.starts_with(['}', ']', ',']) || next.is_empty();
        let before = lines[at - 1].trim_end();
        if !closes && !before.ends_with([',', '{', '[', ':']) && !before.is_empty() {
            lines[at - 1].push(',');
        }
    }
}
