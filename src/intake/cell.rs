//! One cell of any table, and one row of cells. Knows neither columns nor rules.

use crate::domain::text::is_invisible;
use std::borrow::Cow;

/// What a cell holds, whatever the file format.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) enum Cell<'a> {
    /// Nothing, or only blanks.
    Empty,
    /// Text without blanks around it.
    Text(&'a str),
    /// A number of a workbook.
    Number(f64),
    /// A number of a workbook that is shown as date or time: days since 1899-12-30.
    Serial(f64),
    /// TRUE or FALSE of a workbook.
    Bool(bool),
    /// `#REF!` and its like.
    Error(&'a str),
    /// A formula without a stored value.
    Uncached,
}

impl Cell<'_> {
    /// As a person sees it, for refusals.
    pub fn shown(self) -> String {
        match self {
            Self::Empty | Self::Uncached => String::new(),
            Self::Text(text) | Self::Error(text) => text.to_owned(),
            Self::Number(number) | Self::Serial(number) => number_text(number),
            Self::Bool(value) => if value { "TRUE" } else { "FALSE" }.to_owned(),
        }
    }
}

/// The digits of a workbook's number: whole numbers without a fraction, others in their shortest exact form.
pub(super) fn number_text(number: f64) -> String {
    if number.is_finite() && number.fract() == 0.0 { format!("{number:.0}") } else { number.to_string() }
}

/// A workbook's cell, owned.
#[derive(Debug, Clone, Default, PartialEq)]
pub(super) enum SheetCell {
    /// See [`Cell::Empty`].
    #[default]
    Empty,
    /// See [`Cell::Text`].
    Text(String),
    /// See [`Cell::Number`].
    Number(f64),
    /// See [`Cell::Serial`].
    Serial(f64),
    /// See [`Cell::Bool`].
    Bool(bool),
    /// See [`Cell::Error`].
    Error(String),
    /// See [`Cell::Uncached`].
    Uncached,
}

impl SheetCell {
    /// Bytes of its text.
    pub fn text_len(&self) -> usize {
        match self {
            Self::Text(text) | Self::Error(text) => text.len(),
            _ => 0,
        }
    }
}

/// One row of a text file or of a sheet.
#[derive(Debug, Clone, Copy)]
pub(super) enum RawRow<'a> {
    /// Delimited text.
    Text(&'a [Cow<'a, str>]),
    /// A sheet.
    Sheet(&'a [SheetCell]),
}

impl<'a> RawRow<'a> {
    /// Number of cells, empty ones included.
    pub fn len(self) -> usize {
        match self {
            Self::Text(cells) => cells.len(),
            Self::Sheet(cells) => cells.len(),
        }
    }

    /// The cell at a position, [`Cell::Empty`] beyond the end.
    pub fn cell(self, at: usize) -> Cell<'a> {
        match self {
            Self::Text(cells) => cells.get(at).map_or(Cell::Empty, |text| text_cell(text)),
            Self::Sheet(cells) => cells.get(at).map_or(Cell::Empty, |cell| match cell {
                SheetCell::Empty => Cell::Empty,
                SheetCell::Text(text) => text_cell(text),
                SheetCell::Number(number) => Cell::Number(*number),
                SheetCell::Serial(number) => Cell::Serial(*number),
                SheetCell::Bool(value) => Cell::Bool(*value),
                SheetCell::Error(text) => Cell::Error(text),
                SheetCell::Uncached => Cell::Uncached,
            }),
        }
    }

    /// All cells in order.
    pub fn cells(self) -> impl Iterator<Item = Cell<'a>> {
        (0..self.len()).map(move |at| self.cell(at))
    }

    /// Bytes of text in all cells.
    pub fn text_len(self) -> usize {
        match self {
            Self::Text(cells) => cells.iter().map(|text| text.len()).sum(),
            Self::Sheet(cells) => cells.iter().map(SheetCell::text_len).sum(),
        }
    }

    /// Whether no cell holds anything.
    pub fn is_blank(self) -> bool {
        self.cells().all(|cell| cell == Cell::Empty)
    }
}

fn text_cell(text: &str) -> Cell<'_> {
    let text = text.trim_matches(|c: char| c.is_whitespace() || is_invisible(c));
    if text.is_empty() { Cell::Empty } else { Cell::Text(text) }
}
