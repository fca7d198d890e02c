//! Sheets of XLSX and XLS workbooks, row by row. Formula cells give their stored value.

use super::cell::RawRow;
use super::cell::SheetCell;
use super::error::Unreadable;
use super::table::Event;
use super::table::Stop;
use calamine::Data;
use calamine::DataRef;
use calamine::Reader;
use calamine::SheetType;
use calamine::Xls;
use calamine::Xlsx;
use std::io::Cursor;
use std::panic::AssertUnwindSafe;
use std::panic::catch_unwind;

/// Cells further right are formatting residue; no table of contract §4 is that wide.
const MAX_COLUMNS: u32 = 1024;

type Feed<'f> = dyn FnMut(Event<'_>) -> Result<(), Stop> + 'f;

/// Feeds every sheet of an XLSX workbook.
pub(super) fn read_xlsx(bytes: &[u8], feed: &mut Feed<'_>) -> Result<(), Stop> {
    guarded(|| xlsx(bytes, feed))
}

/// Feeds every sheet of an XLS workbook.
pub(super) fn read_xls(bytes: &[u8], feed: &mut Feed<'_>) -> Result<(), Stop> {
    guarded(|| xls(bytes, feed))
}

// The parser of these formats indexes into damaged files and may panic; one bad upload must not end a daemon.
fn guarded(read: impl FnOnce() -> Result<(), Stop>) -> Result<(), Stop> {
    catch_unwind(AssertUnwindSafe(read)).unwrap_or_else(|_| Err(damaged("damaged")))
}

fn damaged(error: impl std::fmt::Display) -> Stop {
    Stop::Unreadable(Unreadable::Workbook(error.to_string()))
}

fn worksheets<RS: std::io::Read + std::io::Seek, R: Reader<RS>>(book: &R) -> Vec<String> {
    book.sheets_metadata().iter().filter(|sheet| sheet.typ == SheetType::WorkSheet).map(|sheet| sheet.name.clone()).collect()
}

fn xlsx(bytes: &[u8], feed: &mut Feed<'_>) -> Result<(), Stop> {
    let mut book = Xlsx::new(Cursor::new(bytes)).map_err(damaged)?;
    if book.has_1904_epoch() {
        return Err(Stop::Unreadable(Unreadable::Epoch1904));
    }
    for name in worksheets(&book) {
        feed(Event::Sheet(Some(&name)))?;
        let mut reader = book.worksheet_cells_reader(&name).map_err(damaged)?;
        let mut cells: Vec<SheetCell> = Vec::new();
        let mut row = None;
        while let Some(record) = reader.next_cell_with_formula_metadata().map_err(damaged)? {
            let (at, column) = record.pos;
            if row != Some(at) {
                flush(row, &mut cells, feed)?;
                row = Some(at);
            }
            if column < MAX_COLUMNS {
                let column = column as usize;
                if cells.len() <= column {
                    cells.resize(column + 1, SheetCell::Empty);
                }
                cells[column] = xlsx_cell(&record.value, record.formula.is_some());
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

fn xlsx_cell(value: &DataRef<'_>, formula: bool) -> SheetCell {
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

fn xls(bytes: &[u8], feed: &mut Feed<'_>) -> Result<(), Stop> {
    let mut book = Xls::new(Cursor::new(bytes)).map_err(damaged)?;
    if book.has_1904_epoch() {
        return Err(Stop::Unreadable(Unreadable::Epoch1904));
    }
    for name in worksheets(&book) {
        feed(Event::Sheet(Some(&name)))?;
        let values = book.worksheet_range(&name).map_err(damaged)?;
        let formulas = book.worksheet_formula(&name).map_err(damaged)?;
        let (top, left) = values.start().unwrap_or_default();
        for (down, row) in values.rows().enumerate() {
            let at = top.saturating_add(down as u32);
            let mut cells = vec![SheetCell::Empty; left as usize];
            cells.extend(row.iter().enumerate().map(|(right, value)| {
                let formula = formulas.get_value((at, left.saturating_add(right as u32))).is_some_and(|text| !text.is_empty());
                xls_cell(value, formula)
            }));
            feed(Event::Row(at.saturating_add(1), RawRow::Sheet(&cells)))?;
        }
        feed(Event::SheetEnd)?;
    }
    Ok(())
}

fn xls_cell(value: &Data, formula: bool) -> SheetCell {
    match value {
        Data::Empty if formula => SheetCell::Uncached,
        Data::Empty => SheetCell::Empty,
        Data::Int(number) => SheetCell::Number(*number as f64),
        Data::Float(number) => SheetCell::Number(*number),
        Data::String(text) => SheetCell::Text(text.clone()),
        Data::Bool(value) => SheetCell::Bool(*value),
        Data::DateTime(serial) => SheetCell::Serial(serial.as_f64()),
        Data::DateTimeIso(text) | Data::DurationIso(text) => SheetCell::Text(iso(text)),
        Data::Error(error) => SheetCell::Error(error.to_string()),
    }
}

/// A cell of type `d` holds a whole timestamp even where only the day is meant.
fn iso(text: &str) -> String {
    text.strip_suffix("T00:00:00").unwrap_or(text).to_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_formula_counts_by_its_stored_value() {
        assert_eq!(xlsx_cell(&DataRef::Empty, true), SheetCell::Uncached);
        assert_eq!(xlsx_cell(&DataRef::Empty, false), SheetCell::Empty);
        assert_eq!(xlsx_cell(&DataRef::Float(7.0), true), SheetCell::Number(7.0));
        assert_eq!(xls_cell(&Data::Empty, true), SheetCell::Uncached);
        assert_eq!(xls_cell(&Data::String("a".into()), true), SheetCell::Text("a".into()));
        assert_eq!(xlsx_cell(&DataRef::DateTimeIso("2026-10-31T00:00:00".into()), false), SheetCell::Text("2026-10-31".into()));
    }
}
