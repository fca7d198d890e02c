//! Sheets of an XLSX workbook whose package was checked.

use super::super::bounds::Bound;
use super::super::bounds::MAX_COLUMNS;
use super::super::bounds::MAX_ROW_TEXT;
use super::super::bounds::MAX_UNPACKED;
use super::super::cell::RawRow;
use super::super::cell::SheetCell;
use super::super::error::Unreadable;
use super::super::table::Event;
use super::super::table::Stop;
use super::Feed;
use super::damaged;
use super::iso;
use super::package;
use super::worksheets;
use calamine::DataRef;
use calamine::Reader;
use calamine::Xlsx;
use std::io::Cursor;

/// Feeds every sheet.
pub(super) fn read(bytes: &[u8], feed: &mut Feed<'_>) -> Result<(), Stop> {
    package::check(bytes)?;
    let mut text = 0u64;
    let mut book = Xlsx::new(Cursor::new(bytes)).map_err(damaged)?;
    if book.has_1904_epoch() {
        return Err(Stop::Unreadable(Unreadable::Epoch1904));
    }
    for name in worksheets(&book) {
        feed(Event::Sheet(Some(&name)))?;
        let mut reader = book.worksheet_cells_reader(&name).map_err(damaged)?;
        let mut cells: Vec<SheetCell> = Vec::new();
        let mut row = None;
        let mut row_text = 0;
        while let Some(record) = reader.next_cell_with_formula_metadata().map_err(damaged)? {
            let (at, column) = record.pos;
            if row != Some(at) {
                flush(row, &mut cells, feed)?;
                row = Some(at);
                row_text = 0;
            }
            let column = column as usize;
            if column < MAX_COLUMNS {
                if cells.len() <= column {
                    cells.resize(column + 1, SheetCell::Empty);
                }
                cells[column] = cell(&record.value, record.formula.is_some());
                // A long shared string costs a few bytes of the file each time it is shown.
                row_text += cells[column].text_len();
                if row_text > MAX_ROW_TEXT {
                    return Err(Stop::beyond(Some(&name), Bound::RowText));
                }
                text += cells[column].text_len() as u64;
                if text > MAX_UNPACKED {
                    return Err(Stop::beyond(Some(&name), Bound::Text));
                }
            }
        }
        flush(row, &mut cells, feed)?;
        feed(Event::SheetEnd)?;
    }
    Ok(())
}

fn flush(row: Option<u32>, cells: &mut Vec<SheetCell>, feed: &mut Feed<'_>) -> Result<(), Stop> {
    if let Some(row) = row {
        feed(Event::Row(row.saturating_add(1), RawRow::Sheet(cells)))?;
    }
    cells.clear();
    Ok(())
}

fn cell(value: &DataRef<'_>, formula: bool) -> SheetCell {
    match value {
        DataRef::Empty if formula => SheetCell::Uncached,
        DataRef::Empty => SheetCell::Empty,
        DataRef::Int(number) => SheetCell::Number(*number as f64),
        DataRef::Float(number) => SheetCell::Number(*number),
        DataRef::String(text) => SheetCell::Text(text.clone()),
        DataRef::SharedString(text) => SheetCell::Text((*text).to_owned()),
        DataRef::Bool(value) => SheetCell::Bool(*value),
        DataRef::DateTime(serial) => SheetCell::Serial(serial.as_f64()),
        DataRef::DateTimeIso(text) | DataRef::DurationIso(text) => SheetCell::Text(iso(text)),
        DataRef::Error(error) => SheetCell::Error(error.to_string()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_formula_counts_by_its_stored_value() {
        assert_eq!(cell(&DataRef::Empty, true), SheetCell::Uncached);
        assert_eq!(cell(&DataRef::Empty, false), SheetCell::Empty);
        assert_eq!(cell(&DataRef::Float(7.0), true), SheetCell::Number(7.0));
        assert_eq!(cell(&DataRef::DateTimeIso("2026-10-31T00:00:00".into()), false), SheetCell::Text("2026-10-31".into()));
    }
}
