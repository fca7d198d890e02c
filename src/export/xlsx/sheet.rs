//! One sheet: what stands above its table, the table, what stands below.

use super::Form;
use super::style::Style;
use crate::domain::rupiah::Rupiah;
use crate::domain::text::Lang;
use crate::export::document::Report;
use crate::export::preamble;
use crate::export::preamble::Tone;
use crate::export::table::{Cell, Column};
use crate::export::words;
use crate::export::words::pick;
use rust_xlsxwriter::{IgnoreError, Worksheet, XlsxError};
use std::borrow::Cow;

/// Characters of one cell; Excel ends at 32,767.
const CHARS_PER_CELL: usize = 32_000;

/// A text column of this width or more is prose: it wraps.
const PROSE: u16 = 34;

/// A row is never higher than this, however much a cell says; Excel ends at 409 points.
const LINES_PER_ROW: usize = 12;

#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Filter {
    Yes,
    No,
}

pub(super) struct Sheet<'b> {
    pub(super) worksheet: &'b mut Worksheet,
    pub(super) style: &'b Style,
    pub(super) report: &'b Report<'b>,
    pub(super) lang: Lang,
}

impl Sheet<'_> {
    /// Writes the lines above the table; gives the row after them and an empty one.
    pub(super) fn preamble(&mut self, name: &str) -> Result<u32, XlsxError> {
        let mut at = 0;
        let (title, rest) = (preamble::title(name, &self.report.header, self.lang), self.notes());
        for (tone, line) in std::iter::once((Tone::Title, title)).chain(rest) {
            match tone {
                Tone::Title => self.worksheet.write_string_with_format(at, 0, fit(&line), &self.style.title)?,
                Tone::Plain => self.worksheet.write_string(at, 0, fit(&line))?,
                Tone::Warning => self.worksheet.write_string_with_format(at, 0, fit(&line), &self.style.warning)?,
            };
            at += 1;
        }
        Ok(at + 1)
    }

    /// Provenance and warnings, without the long list of rules that `Ringkasan` holds.
    fn notes(&self) -> Vec<(Tone, String)> {
        preamble::brief(&self.report.header, Some(&self.report.completeness), self.lang)
    }

    /// What the workbook is, key by key; gives the row after it and an empty one.
    pub(super) fn about(&mut self, name: &str) -> Result<u32, XlsxError> {
        let (header, lang) = (&self.report.header, self.lang);
        self.worksheet.write_string_with_format(0, 0, preamble::title(name, header, lang), &self.style.title)?;
        let facts = [
            (["Periode", "Period"], words::period(header.period, lang)),
            (["Data per", "Data as of"], words::instant(header.as_of, header.zone, lang)),
            (["Proses", "Run"], header.run.clone()),
            (["Kebijakan", "Policy"], header.policy_id.clone()),
            (["SHA-256", "SHA-256"], header.policy_sha256.clone()),
        ];
        let mut at = 1;
        for (tone, line) in self.notes() {
            if tone == Tone::Warning {
                self.worksheet.write_string_with_format(at, 0, fit(&line), &self.style.warning)?;
                at += 1;
            }
        }
        for (label, value) in facts {
            self.worksheet.write_string_with_format(at, 0, pick(label, lang), &self.style.label)?;
            self.worksheet.write_string(at, 1, fit(&value))?;
            at += 1;
        }
        Ok(at + 1)
    }

    /// The rules that nobody has verified, one a row.
    pub(super) fn unverified(&mut self, mut at: u32) -> Result<(), XlsxError> {
        let rules = &self.report.header.unverified_rules_used;
        if rules.is_empty() {
            return Ok(());
        }
        let label = pick(["Aturan terpakai yang belum diverifikasi", "Rules used and not verified"], self.lang);
        self.worksheet.write_string_with_format(at, 0, label, &self.style.warning)?;
        for rule in rules {
            at += 1;
            self.worksheet.write_string(at, 0, fit(rule))?;
        }
        Ok(())
    }

    /// Title and lines of a printed list; gives the row after them and an empty one.
    pub(super) fn form_head(&mut self, form: &Form) -> Result<u32, XlsxError> {
        self.worksheet.write_string_with_format(0, 0, fit(&form.title), &self.style.title)?;
        let mut at = 1;
        for line in &form.above {
            self.worksheet.write_string_with_format(at, 0, fit(line), &self.style.label)?;
            at += 1;
        }
        for (tone, line) in self.notes() {
            if tone == Tone::Warning {
                self.worksheet.write_string_with_format(at, 0, fit(&line), &self.style.warning)?;
            } else {
                self.worksheet.write_string(at, 0, fit(&line))?;
            }
            at += 1;
        }
        if self.report.header.trial {
            let mark = pick(["DRAF", "DRAFT"], self.lang);
            self.worksheet.set_header(format!("&R&\"Arial,Bold\"&20&KB00020{mark}"));
        }
        Ok(at + 1)
    }

    /// The total, the lines below and the signatures.
    pub(super) fn form_foot(&mut self, mut at: u32, form: &Form) -> Result<(), XlsxError> {
        let [text, rupiah] = &self.style.total;
        for (cell, place) in form.total.iter().flatten().zip(0u16..) {
            match cell {
                Cell::Empty => self.worksheet.write_blank(at, place, text)?,
                Cell::Text(said) => self.worksheet.write_string_with_format(at, place, fit(said), text)?,
                Cell::Count(value) | Cell::Rupiah(Rupiah(value)) | Cell::Percent(value) => {
                    self.worksheet.write_number_with_format(at, place, number(*value), rupiah)?
                }
            };
        }
        at += 2;
        for line in &form.below {
            self.worksheet.write_string(at, 0, fit(line))?;
            at += 1;
        }
        at += 2;
        let step = form.total.as_ref().map_or(6, Vec::len).div_ceil(form.signers.len().max(1));
        for (signer, place) in form.signers.iter().zip((0u16..).step_by(step.max(1))) {
            self.worksheet.write_string_with_format(at, place, fit(signer), &self.style.label)?;
        }
        at += 5;
        for (_, place) in form.signers.iter().zip((0u16..).step_by(step.max(1))) {
            self.worksheet.write_string(at, place, "(........................................)")?;
        }
        at += 1;
        for (_, place) in form.signers.iter().zip((0u16..).step_by(step.max(1))) {
            self.worksheet.write_string(at, place, "NIP ....................................")?;
        }
        Ok(())
    }

    /// Writes headings and rows from row `at`; gives the row after them.
    pub(super) fn table(
        &mut self,
        at: u32,
        columns: &[Column],
        rows: &mut dyn Iterator<Item = Vec<Cell>>,
        filter: Filter,
    ) -> Result<u32, XlsxError> {
        let headings = columns.iter().map(|column| (pick(column.heading, self.lang), column.width));
        self.height(at, headings.map(|(heading, width)| lines(heading, width)).max().unwrap_or(1))?;
        for (column, place) in columns.iter().zip(0u16..) {
            let style = if column.numeric { &self.style.figures } else { &self.style.heading };
            self.worksheet.write_string_with_format(at, place, pick(column.heading, self.lang), style)?;
        }
        let mut next = at + 1;
        for row in rows {
            let prose = row.iter().zip(columns).map(|(cell, column)| match cell {
                Cell::Text(text) if column.width >= PROSE => lines(text, column.width),
                _ => 1,
            });
            self.height(next, prose.max().unwrap_or(1))?;
            for ((cell, column), place) in row.iter().zip(columns).zip(0u16..) {
                self.cell(next, place, cell, column.width)?;
            }
            next += 1;
        }
        if let Some(last) = u16::try_from(columns.len()).ok().and_then(|count| count.checked_sub(1)) {
            // A NIP is text on purpose: no green corner needs to say so.
            self.worksheet.ignore_error_range(at, 0, next - 1, last, IgnoreError::NumberStoredAsText)?;
        }
        if filter == Filter::Yes
            && let Some(last) = u16::try_from(columns.len()).ok().and_then(|count| count.checked_sub(1))
        {
            self.worksheet.autofilter(at, 0, (next - 1).max(at), last)?;
        }
        Ok(next)
    }

    /// Makes a row as high as its lines; one line is Excel's own height, which needs no saying.
    fn height(&mut self, row: u32, lines: usize) -> Result<(), XlsxError> {
        if lines > 1 {
            self.worksheet.set_row_height(row, 15.0 * lines.min(LINES_PER_ROW) as f64)?;
        }
        Ok(())
    }

    fn cell(&mut self, row: u32, column: u16, cell: &Cell, width: u16) -> Result<(), XlsxError> {
        match cell {
            Cell::Empty => return Ok(()),
            Cell::Text(text) => {
                let style = if width >= PROSE { &self.style.prose } else { &self.style.text };
                self.worksheet.write_string_with_format(row, column, fit(text), style)?
            }
            Cell::Count(count) => self.worksheet.write_number_with_format(row, column, number(*count), &self.style.count)?,
            Cell::Rupiah(amount) => self.worksheet.write_number_with_format(row, column, number(amount.0), &self.style.rupiah)?,
            Cell::Percent(value) => self.worksheet.write_number_with_format(row, column, number(*value) / 10_000.0, &self.style.percent)?,
        };
        Ok(())
    }

    pub(super) fn widths(&mut self, widths: &[u16]) -> Result<(), XlsxError> {
        for (width, place) in widths.iter().zip(0u16..) {
            self.worksheet.set_column_width(place, f64::from(*width))?;
        }
        Ok(())
    }
}

/// Lines that a text takes in a column, a little more than letters alone would need.
fn lines(text: &str, width: u16) -> usize {
    let room = usize::from(width.saturating_sub(2)).max(1);
    let mut lines = 1;
    let mut used = 0;
    for word in text.split_whitespace() {
        let length = word.chars().count();
        if used > 0 && used + 1 + length > room {
            lines += 1;
            used = 0;
        }
        used += length + usize::from(used > 0);
        lines += used.saturating_sub(1) / room;
        used = if used > room { used % room } else { used };
    }
    lines
}

/// Excel knows no integers; every payroll sum is far below 2^53, where a double stops being exact.
#[allow(clippy::cast_precision_loss)]
fn number(value: i64) -> f64 {
    value as f64
}

/// Text short enough for a cell.
fn fit(text: &str) -> Cow<'_, str> {
    if text.len() <= CHARS_PER_CELL || text.chars().count() <= CHARS_PER_CELL {
        return Cow::Borrowed(text);
    }
    text.chars().take(CHARS_PER_CELL).chain(std::iter::once('…')).collect()
}
