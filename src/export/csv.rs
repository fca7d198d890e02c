//! Tables as CSV: commas, UTF-8 with a byte order mark so that Excel opens it right, headings that never change with
//! the language, numbers plain.
//!
//! What begins like a formula gets an apostrophe in front: names come from files that anybody may have written, and a
//! spreadsheet would run them. A NIP stays as it is (contract §4); whoever wants to open it in Excel takes the XLSX.

use super::table;
use super::table::{Cell, Table};
use std::borrow::Cow;
use std::io;
use std::io::Write;

const BYTE_ORDER_MARK: &[u8] = b"\xef\xbb\xbf";

/// Text that no spreadsheet takes for a formula.
fn harmless(text: &str) -> Cow<'_, str> {
    if text.starts_with(['=', '+', '-', '@', '\t', '\r']) { Cow::Owned(format!("'{text}")) } else { Cow::Borrowed(text) }
}

fn field(cell: &Cell) -> Cow<'_, str> {
    match cell {
        Cell::Empty => Cow::Borrowed(""),
        Cell::Text(text) => harmless(text),
        Cell::Count(count) => Cow::Owned(count.to_string()),
        Cell::Rupiah(amount) => Cow::Owned(amount.0.to_string()),
        Cell::Percent(hundredths) => Cow::Owned(table::percent(*hundredths)),
    }
}

/// Writes the table.
pub(super) fn write(table: Table<'_>, out: &mut dyn Write) -> io::Result<()> {
    out.write_all(BYTE_ORDER_MARK)?;
    let mut lines = csv::Writer::from_writer(out);
    lines.write_record(table.columns.iter().map(|column| column.key)).map_err(io::Error::from)?;
    for row in table.rows {
        lines.write_record(row.iter().map(|cell| field(cell).into_owned())).map_err(io::Error::from)?;
    }
    lines.flush()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn formulas_are_neutralised_and_numbers_are_not() {
        for text in ["=1+1", "+62", "-1", "@SUM(A1)", "\t=1", "\r=1"] {
            assert_eq!(field(&Cell::text(text)), format!("'{text}"));
        }
        assert_eq!(field(&Cell::text("Budi = Contoh")), "Budi = Contoh");
        assert_eq!(field(&Cell::Rupiah(crate::domain::rupiah::Rupiah(-5))), "-5");
    }
}
