//! One data row, read by column name. Whatever cannot be read becomes a refusal with its place; a kind's reader takes
//! all values first and then builds its row only when nothing was refused.

use super::cell::Cell;
use super::cell::RawRow;
use super::error::one_line;
use super::header::Header;
use super::refusal::Refusal;
use super::refusal::RefusalReason;
use super::table::Sheet;
use crate::domain::nip::mask;

/// How much of a refused value is shown.
const SHOWN_CHARS: usize = 40;

/// Longest run of digits that is shown; NIPs, NIKs and accounts are longer.
const OPEN_DIGITS: usize = 8;

/// A data row of a sheet.
pub(super) struct Row<'a> {
    /// The sheet in which it stands.
    pub sheet: &'a Sheet,
    /// Position of that sheet among those read.
    pub sheet_at: u16,
    /// Row number, from 1.
    pub number: u32,
    header: &'a Header,
    raw: RawRow<'a>,
    refused: &'a mut Vec<Refusal>,
    refused_before: usize,
}

impl<'a> Row<'a> {
    pub(super) fn new(
        sheet: &'a Sheet,
        sheet_at: u16,
        header: &'a Header,
        number: u32,
        raw: RawRow<'a>,
        refused: &'a mut Vec<Refusal>,
    ) -> Self {
        let refused_before = refused.len();
        Self { sheet, sheet_at, number, header, raw, refused, refused_before }
    }

    /// Where the row stands.
    pub fn place(&self) -> Place {
        Place { sheet: self.sheet_at, row: self.number }
    }

    /// The header under which it stands.
    pub fn header(&self) -> &'a Header {
        self.header
    }

    /// The cells as they are.
    pub fn raw(&self) -> RawRow<'a> {
        self.raw
    }

    /// The cell of a column; empty when the sheet has no such column.
    pub fn cell(&self, column: &str) -> Cell<'a> {
        self.header.position(column).map_or(Cell::Empty, |at| self.raw.cell(at))
    }

    /// Whether nothing in the row has been refused so far.
    pub fn is_clean(&self) -> bool {
        self.refused.len() == self.refused_before
    }

    /// Checks that a row of a text file is neither cut off nor shifted. Sheets cannot be either.
    pub fn fits(&mut self) -> bool {
        let RawRow::Text(cells) = self.raw else { return true };
        let needed = self.header.needed_width();
        let columns = self.header.width;
        if cells.len() < needed {
            self.refuse_row(RefusalReason::ShortRow { cells: cells.len(), needed });
        } else if (columns..cells.len()).any(|at| self.raw.cell(at) != Cell::Empty) {
            self.refuse_row(RefusalReason::LongRow { cells: cells.len(), columns });
        }
        self.is_clean()
    }

    /// A value that may be missing.
    pub fn take<T>(&mut self, column: &'static str, read: impl FnOnce(Cell<'a>) -> Result<T, RefusalReason>) -> Option<T> {
        let outcome = match self.cell(column) {
            Cell::Empty => return None,
            Cell::Error(_) => Err(RefusalReason::CellError),
            Cell::Uncached => Err(RefusalReason::FormulaWithoutValue),
            cell => read(cell),
        };
        outcome.map_err(|reason| self.refuse(column, reason)).ok()
    }

    /// A value that must be there.
    pub fn need<T>(&mut self, column: &'static str, read: impl FnOnce(Cell<'a>) -> Result<T, RefusalReason>) -> Option<T> {
        if self.cell(column) == Cell::Empty {
            self.refuse(column, RefusalReason::Empty);
            return None;
        }
        self.take(column, read)
    }

    /// Refuses a column of the row.
    pub fn refuse(&mut self, column: &'static str, reason: RefusalReason) {
        let value = self.cell(column).shown();
        let value = (!value.is_empty()).then(|| shown(column, &value));
        self.push(Some(column.to_owned()), value, reason);
    }

    /// Refuses the row as a whole.
    pub fn refuse_row(&mut self, reason: RefusalReason) {
        self.push(None, None, reason);
    }

    fn push(&mut self, column: Option<String>, value: Option<String>, reason: RefusalReason) {
        self.refused.push(Refusal { sheet: self.sheet.name.clone(), row: Some(self.number), column, value, reason });
    }
}

/// Where a row stands: position of the sheet among those read, and row from 1.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Place {
    /// Sheet.
    pub sheet: u16,
    /// Row.
    pub row: u32,
}

/// A value fit for logs: NIPs and accounts masked, the rest cut to a readable length.
fn shown(column: &str, value: &str) -> String {
    let secret = column.contains("nip") || (column.contains("rekening") && !column.contains("nama"));
    if secret || longest_digits(value) > OPEN_DIGITS {
        return one_line(&mask(value), SHOWN_CHARS);
    }
    one_line(value, SHOWN_CHARS)
}

fn longest_digits(text: &str) -> usize {
    let (mut longest, mut run) = (0, 0);
    for c in text.chars() {
        match c {
            c if c.is_numeric() => run += 1,
            // A NIP is often written in groups.
            ' ' | '\u{a0}' | '.' => {}
            _ => run = 0,
        }
        longest = longest.max(run);
    }
    longest
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_shown_is_short_and_cannot_play_with_a_terminal() {
        assert_eq!(shown("nip", "199\u{12}02022023211902"), "199 ***********902");
        assert_eq!(shown("waktu", "12\u{1b}[31m"), "12 [31m");
        for (column, value) in [("nip", "9"), ("bruto", "9"), ("nama", "x\u{7}")] {
            let shown = shown(column, &value.repeat(400));
            assert!(shown.chars().count() <= SHOWN_CHARS + 1 && !shown.contains(char::is_control), "{shown:?}");
        }
    }

    #[test]
    fn refused_values_never_show_a_number_that_identifies() {
        assert_eq!(shown("status", "AKTIFF"), "AKTIFF");
        assert_eq!(shown("tanggal", "31-10-26"), "31-10-26");
        assert_eq!(shown("nip", "3174012345678901"), "3174*********901");
        assert_eq!(shown("nama", "BUDI 19850101 201001 1 901"), "BUDI*******************901");
        assert_eq!(shown("rekening", "1234567890"), "1234***890");
        assert_eq!(shown("keterangan", &"x".repeat(60)).chars().count(), 41);
    }
}
