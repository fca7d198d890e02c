//! A table as CSV, XLSX and the terminal share it: columns with keys and headings, rows of typed cells.

use super::words::Pair;
use crate::domain::rupiah::Rupiah;
use crate::domain::text::Lang;

/// One cell. A NIP or an account is text, so that no program takes it for a number.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Cell {
    /// Nothing.
    Empty,
    /// Text.
    Text(String),
    /// A number that is counted.
    Count(i64),
    /// An amount.
    Rupiah(Rupiah),
    /// Hundredths of a percent.
    Percent(i64),
}

impl Cell {
    pub(super) fn text(text: impl Into<String>) -> Self {
        let text = text.into();
        if text.is_empty() { Self::Empty } else { Self::Text(text) }
    }

    pub(super) fn heads(count: u64) -> Self {
        Self::Count(i64::try_from(count).unwrap_or(i64::MAX))
    }
}

/// Hundredths of a percent as programs write it: `2.50`.
pub(super) fn percent(hundredths: i64) -> String {
    let minus = if hundredths < 0 { "-" } else { "" };
    let size = hundredths.unsigned_abs();
    format!("{minus}{}.{:02}", size / 100, size % 100)
}

impl From<Option<&str>> for Cell {
    fn from(text: Option<&str>) -> Self {
        text.map_or(Self::Empty, Self::text)
    }
}

impl From<Option<Rupiah>> for Cell {
    fn from(amount: Option<Rupiah>) -> Self {
        amount.map_or(Self::Empty, Self::Rupiah)
    }
}

/// One column.
#[derive(Debug, Clone, Copy)]
pub(super) struct Column {
    /// Heading in CSV; never changes with the language.
    pub(super) key: &'static str,
    /// Heading for people.
    pub(super) heading: Pair,
    /// Width in characters; the terminal never goes beyond it.
    pub(super) width: u16,
    /// Whether numbers stand in it.
    pub(super) numeric: bool,
}

/// A column of text.
pub(super) const fn text(key: &'static str, id: &'static str, en: &'static str, width: u16) -> Column {
    Column { key, heading: [id, en], width, numeric: false }
}

/// A column of numbers.
pub(super) const fn number(key: &'static str, id: &'static str, en: &'static str, width: u16) -> Column {
    Column { key, heading: [id, en], width, numeric: true }
}

/// Whether cells hold the keys of the contract (CSV, for scripts) or words (for people).
#[derive(Debug, Clone, Copy)]
pub(super) struct Voice {
    /// Language of words and sentences.
    pub(super) lang: Lang,
    /// Keys instead of names.
    pub(super) keys: bool,
}

impl Voice {
    /// For scripts; sentences are in the language all the same.
    pub(super) fn keys(lang: Lang) -> Self {
        Self { lang, keys: true }
    }

    /// For people.
    pub(super) fn words(lang: Lang) -> Self {
        Self { lang, keys: false }
    }

    /// The key or the word.
    pub(super) fn say(self, key: &str, word: &str) -> Cell {
        Cell::text(if self.keys { key } else { word })
    }
}

/// Columns with their rows, which are made one at a time.
pub(super) struct Table<'a> {
    /// Columns.
    pub(super) columns: Vec<Column>,
    /// Rows, each as long as the columns.
    pub(super) rows: Box<dyn Iterator<Item = Vec<Cell>> + 'a>,
}

impl<'a> Table<'a> {
    pub(super) fn new(columns: &[Column], rows: impl Iterator<Item = Vec<Cell>> + 'a) -> Self {
        Self { columns: columns.to_vec(), rows: Box::new(rows) }
    }

    /// Only the columns with these keys, in their own order.
    pub(super) fn only(self, keys: &[&str]) -> Self {
        let kept: Vec<bool> = self.columns.iter().map(|column| keys.contains(&column.key)).collect();
        let columns = self.columns.into_iter().zip(&kept).filter(|(_, kept)| **kept).map(|(column, _)| column).collect();
        let rows = self.rows.map(move |row| row.into_iter().zip(&kept).filter(|(_, kept)| **kept).map(|(cell, _)| cell).collect());
        Self { columns, rows: Box::new(rows) }
    }

    /// The same cells at the end of every row, for programs that read one table and nothing around it.
    pub(super) fn with(mut self, column: Column, cell: Cell) -> Self {
        self.columns.push(column);
        let rows = self.rows.map(move |mut row| {
            row.push(cell.clone());
            row
        });
        Self { columns: self.columns, rows: Box::new(rows) }
    }
}
