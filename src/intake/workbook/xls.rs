//! Sheets of an XLS workbook, from a copy that holds what was checked and nothing else.

use super::super::cell::RawRow;
use super::super::cell::SheetCell;
use super::super::error::Unreadable;
use super::super::table::Event;
use super::super::table::Stop;
use super::Feed;
use super::container;
use super::damaged;
use super::iso;
use super::records;
use super::worksheets;
use calamine::Data;
use calamine::Reader;
use calamine::Xls;
use std::io::Cursor;

/// Feeds every sheet.
pub(super) fn read(bytes: &[u8], feed: &mut Feed<'_>) -> Result<(), Stop> {
    let mut book = Xls::new(Cursor::new(vetted(bytes)?)).map_err(damaged)?;
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
                cell(value, formula)
            }));
            feed(Event::Row(at.saturating_add(1), RawRow::Sheet(&cells)))?;
        }
        feed(Event::SheetEnd)?;
    }
    Ok(())
}

/// A container with nothing but the records that matter.
fn vetted(bytes: &[u8]) -> Result<Vec<u8>, Stop> {
    container::wrap(&records::rewrite(&container::stream(bytes)?)?)
}

fn cell(value: &Data, formula: bool) -> SheetCell {
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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_formula_counts_by_its_stored_value() {
        assert_eq!(cell(&Data::Empty, true), SheetCell::Uncached);
        assert_eq!(cell(&Data::String("a".into()), true), SheetCell::Text("a".into()));
    }
}
