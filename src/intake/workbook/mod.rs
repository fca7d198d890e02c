//! Sheets of XLSX and XLS workbooks, row by row. Formula cells give their stored value.
//!
//! The parser of these formats, calamine, trusts the sizes that a file declares. So a file is first walked through within
//! the bounds of [`super::bounds`]: an XLSX package is unpacked once to nowhere (`package`, `meter`), and of an XLS file only the
//! records that matter are written anew (`container`, `records`, `strings`), and calamine reads that copy.

mod container;
mod meter;
mod package;
mod records;
mod strings;
mod xls;
mod xlsx;

use super::error::Unreadable;
use super::error::one_line;
use super::table::Event;
use super::table::Stop;
use calamine::Reader;
use calamine::SheetType;
use std::panic::AssertUnwindSafe;
use std::panic::catch_unwind;

/// Characters of a library's error that are shown.
const SHOWN_CHARS: usize = 200;

type Feed<'f> = dyn FnMut(Event<'_>) -> Result<(), Stop> + 'f;

/// Feeds every sheet of an XLSX workbook.
pub(super) fn read_xlsx(bytes: &[u8], feed: &mut Feed<'_>) -> Result<(), Stop> {
    guarded(|| xlsx::read(bytes, feed))
}

/// Feeds every sheet of an XLS workbook.
pub(super) fn read_xls(bytes: &[u8], feed: &mut Feed<'_>) -> Result<(), Stop> {
    guarded(|| xls::read(bytes, feed))
}

// The parser of these formats indexes into damaged files and may panic; one bad upload must not end a daemon.
fn guarded(read: impl FnOnce() -> Result<(), Stop>) -> Result<(), Stop> {
    catch_unwind(AssertUnwindSafe(read)).unwrap_or_else(|_| Err(damaged("damaged")))
}

fn damaged(error: impl std::fmt::Display) -> Stop {
    // What the libraries say quotes tags and names of the file.
    Stop::Unreadable(Unreadable::Workbook(one_line(&error.to_string(), SHOWN_CHARS)))
}

fn worksheets<RS: std::io::Read + std::io::Seek, R: Reader<RS>>(book: &R) -> Vec<String> {
    book.sheets_metadata().iter().filter(|sheet| sheet.typ == SheetType::WorkSheet).map(|sheet| sheet.name.clone()).collect()
}

/// A cell of type `d` holds a whole timestamp even where only the day is meant.
fn iso(text: &str) -> String {
    text.strip_suffix("T00:00:00").unwrap_or(text).to_owned()
}
