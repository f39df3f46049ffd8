//! Alignment: runs of neighbouring lines get their `=` and their trailing comments into one column.
//!
//! Works on text that is already laid out with one blank before each of them; knows no tokens.

/// A place of a line that can move to the right.
#[derive(Debug, Clone, Copy)]
pub(super) struct Cell {
    /// Its byte offset in the text.
    pub(super) at: usize,
    /// Its column, counted from 0.
    pub(super) column: u32,
    /// How many columns it moves.
    pub(super) pad: u32,
}

/// What alignment has to know of a line; a line with neither ends every run.
#[derive(Debug, Clone, Copy, Default)]
pub(super) struct Line {
    /// The `=`, if the line takes part.
    pub(super) assign: Option<Cell>,
    /// The comment that ends the line, if something stands before it.
    pub(super) comment: Option<Cell>,
}

/// Aligns the text that the lines were laid out in.
pub(super) fn aligned(text: &str, lines: &mut [Line]) -> String {
    align(lines, |line| line.assign.as_mut());
    for line in lines.iter_mut() {
        if let (Some(assign), Some(comment)) = (line.assign, &mut line.comment) {
            comment.column += assign.pad;
        }
    }
    align(lines, |line| line.comment.as_mut());

    let cells = || lines.iter().flat_map(|line| [line.assign, line.comment]).flatten();
    let blanks: usize = cells().map(|cell| cell.pad as usize).sum();
    let mut out = String::with_capacity(text.len() + blanks);
    let mut copied = 0;
    for cell in cells().filter(|cell| cell.pad > 0) {
        out.push_str(&text[copied..cell.at]);
        out.extend(std::iter::repeat_n(' ', cell.pad as usize));
        copied = cell.at;
    }
    out.push_str(&text[copied..]);
    out
}

/// Moves one cell of each line of a run to the run's widest column.
fn align(lines: &mut [Line], cell: impl Fn(&mut Line) -> Option<&mut Cell>) {
    let mut start = 0;
    while start < lines.len() {
        let mut widest = 0;
        let mut end = start;
        while let Some(cell) = lines.get_mut(end).and_then(&cell) {
            widest = widest.max(cell.column);
            end += 1;
        }
        for cell in lines[start..end].iter_mut().filter_map(&cell) {
            cell.pad = widest - cell.column;
        }
        start = end + 1;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn cell(at: usize, column: u32) -> Option<Cell> {
        Some(Cell { at, column, pad: 0 })
    }

    #[test]
    fn a_comment_moves_with_the_assign_before_it() {
        let text = "a = 1 # x\nbbb = 2 # y\n";
        let mut lines = [
            Line { assign: cell(2, 2), comment: cell(6, 6) },
            Line { assign: cell(14, 4), comment: cell(18, 8) },
        ];
        assert_eq!(aligned(text, &mut lines), "a   = 1 # x\nbbb = 2 # y\n");
    }

    #[test]
    fn a_line_without_a_cell_ends_the_run() {
        let text = "a = 1\n\nbbb = 2\n";
        let mut lines = [
            Line { assign: cell(2, 2), comment: None },
            Line::default(),
            Line { assign: cell(11, 4), comment: None },
        ];
        assert_eq!(aligned(text, &mut lines), text);
    }
}
