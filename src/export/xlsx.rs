//! Tables as an Excel workbook: NIP and account are text, Rupiah are numbers, headings stay in sight and filter.
//!
//! Rows go to a temporary file as they come, so that a large ministry fits into memory; the time of creation is the
//! document's `as_of`, so that the same document is the same bytes.

use super::document::{Header, Report};
use super::preamble;
use super::preamble::Tone;
use super::table::{Cell, Table, Voice};
use super::tabulate;
use super::words;
use super::words::pick;
use crate::domain::text::Lang;
use crate::domain::verdict::Standing;
use rust_xlsxwriter::{Color, DocProperties, ExcelDateTime, Format, FormatAlign, Workbook, Worksheet, XlsxError};

/// Rows of one sheet; Excel ends at 1,048,576.
const ROWS_PER_SHEET: usize = 1_000_000;
/// Characters of one cell; Excel ends at 32,767.
const CHARS_PER_CELL: usize = 32_000;

/// Excel's number for the paper.
const A4: u8 = 9;

/// What stands under every printed page: run and policy, so that paper can be traced (Excel cuts at 255 characters).
fn footer(header: &Header) -> String {
    let short = |text: &str, length| text.chars().take(length).collect::<String>().replace('&', "&&");
    format!("&L{} | {} | {}&R&P / &N", short(&header.run, 40), short(&header.policy_id, 60), short(&header.policy_sha256, 64))
}

struct Style {
    title: Format,
    warning: Format,
    heading: Format,
    count: Format,
    rupiah: Format,
}

impl Style {
    fn new() -> Self {
        Self {
            title: Format::new().set_bold().set_font_size(14),
            warning: Format::new().set_bold().set_font_color(Color::RGB(0xB0_00_20)),
            heading: Format::new().set_bold().set_background_color(Color::RGB(0xDD_E6_ED)).set_align(FormatAlign::Top).set_text_wrap(),
            count: Format::new().set_num_format("0"),
            rupiah: Format::new().set_num_format("#,##0"),
        }
    }
}

/// A workbook being written for one report.
pub(super) struct Book<'r> {
    workbook: Workbook,
    style: Style,
    report: &'r Report<'r>,
    lang: Lang,
}

impl<'r> Book<'r> {
    pub(super) fn new(report: &'r Report<'r>, lang: Lang) -> Result<Self, XlsxError> {
        let mut workbook = Workbook::new();
        let created = ExcelDateTime::from_timestamp(report.header.as_of.timestamp())?;
        workbook.set_properties(&DocProperties::new().set_author("Selaras").set_creation_datetime(&created));
        Ok(Self { workbook, style: Style::new(), report, lang })
    }

    /// Counts by verdict and by code.
    pub(super) fn summary(&mut self) -> Result<(), XlsxError> {
        let voice = Voice::words(self.lang);
        let name = pick(["Ringkasan", "Summary"], self.lang);
        let (standings, codes) = (tabulate::standings(self.report, voice), tabulate::codes(self.report, voice));
        // Both tables share the columns of the sheet: the wider heading decides.
        let mut widths: Vec<u16> = codes.columns.iter().map(|column| column.width).collect();
        for (width, column) in widths.iter_mut().zip(&standings.columns) {
            *width = (*width).max(column.width);
        }
        let mut sheet = self.sheet(name)?;
        let top = sheet.preamble(name)?;
        sheet.worksheet.set_freeze_panes(top, 0)?;
        let mut first = standings.rows.collect::<Vec<_>>().into_iter();
        let below = sheet.table(top, &standings.columns, &mut first, Filter::No)?;
        let mut second = codes.rows.collect::<Vec<_>>().into_iter();
        sheet.table(below + 1, &codes.columns, &mut second, Filter::Yes)?;
        sheet.widths(&widths)
    }

    /// One sheet for each verdict.
    pub(super) fn verdicts(&mut self) -> Result<(), XlsxError> {
        let sorted = self.report.sorted_verdicts();
        for standing in Standing::ALL {
            let rows = sorted.iter().copied().filter(move |verdict| verdict.standing == standing);
            let table = tabulate::verdicts(rows.collect::<Vec<_>>(), Voice::words(self.lang));
            self.sheets(words::standing(standing, self.lang), table)?;
        }
        Ok(())
    }

    /// All findings.
    pub(super) fn findings(&mut self) -> Result<(), XlsxError> {
        let table = tabulate::findings(self.report, Voice::words(self.lang));
        self.sheets(pick(["Temuan", "Findings"], self.lang), table)
    }

    /// What is known by kind, and persons of whom something is not.
    pub(super) fn completeness(&mut self) -> Result<(), XlsxError> {
        let report = self.report;
        let voice = Voice::words(self.lang);
        self.sheets(pick(["Kelengkapan", "Completeness"], self.lang), tabulate::kinds(report, voice))?;
        self.sheets(pick(["Belum ada per orang", "Not present by person"], self.lang), tabulate::open(report, voice))
    }

    /// The table on as many sheets as it needs.
    pub(super) fn sheets(&mut self, name: &str, table: Table<'_>) -> Result<(), XlsxError> {
        let widths: Vec<u16> = table.columns.iter().map(|column| column.width).collect();
        let mut rows = table.rows.peekable();
        let mut number = 1;
        loop {
            let title = if number == 1 { name.to_owned() } else { format!("{name} {number}") };
            let mut sheet = self.sheet(&title)?;
            let top = sheet.preamble(&title)?;
            sheet.worksheet.set_freeze_panes(top + 1, 0)?.set_repeat_rows(top, top)?;
            sheet.table(top, &table.columns, &mut rows.by_ref().take(ROWS_PER_SHEET), Filter::Yes)?;
            sheet.widths(&widths)?;
            if rows.peek().is_none() {
                return Ok(());
            }
            number += 1;
        }
    }

    fn sheet(&mut self, name: &str) -> Result<Sheet<'_>, XlsxError> {
        let worksheet = self.workbook.add_worksheet_with_constant_memory()?;
        worksheet.set_name(name)?.set_landscape().set_paper_size(A4).set_print_fit_to_pages(1, 0);
        worksheet.set_footer(footer(&self.report.header));
        Ok(Sheet { worksheet, style: &self.style, report: self.report, lang: self.lang })
    }

    /// The finished file.
    pub(super) fn bytes(mut self) -> Result<Vec<u8>, XlsxError> {
        self.workbook.save_to_buffer()
    }
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Filter {
    Yes,
    No,
}

struct Sheet<'b> {
    worksheet: &'b mut Worksheet,
    style: &'b Style,
    report: &'b Report<'b>,
    lang: Lang,
}

impl Sheet<'_> {
    /// Writes the lines above the table; gives the row after them and an empty one.
    fn preamble(&mut self, name: &str) -> Result<u32, XlsxError> {
        let mut at = 0;
        for (tone, line) in preamble::lines(name, &self.report.header, Some(&self.report.completeness), self.lang) {
            match tone {
                Tone::Title => self.worksheet.write_string_with_format(at, 0, fit(&line), &self.style.title)?,
                Tone::Plain => self.worksheet.write_string(at, 0, fit(&line))?,
                Tone::Warning => self.worksheet.write_string_with_format(at, 0, fit(&line), &self.style.warning)?,
            };
            at += 1;
        }
        Ok(at + 1)
    }

    /// Writes headings and rows from row `at`; gives the row after them.
    fn table(
        &mut self,
        at: u32,
        columns: &[super::table::Column],
        rows: &mut dyn Iterator<Item = Vec<Cell>>,
        filter: Filter,
    ) -> Result<u32, XlsxError> {
        for (column, place) in columns.iter().zip(0u16..) {
            self.worksheet.write_string_with_format(at, place, pick(column.heading, self.lang), &self.style.heading)?;
        }
        let mut next = at + 1;
        for row in rows {
            for (cell, place) in row.iter().zip(0u16..) {
                self.cell(next, place, cell)?;
            }
            next += 1;
        }
        if filter == Filter::Yes
            && let Some(last) = u16::try_from(columns.len()).ok().and_then(|count| count.checked_sub(1))
        {
            self.worksheet.autofilter(at, 0, (next - 1).max(at), last)?;
        }
        Ok(next)
    }

    fn cell(&mut self, row: u32, column: u16, cell: &Cell) -> Result<(), XlsxError> {
        match cell {
            Cell::Empty => return Ok(()),
            Cell::Text(text) => self.worksheet.write_string(row, column, fit(text))?,
            Cell::Count(count) => self.worksheet.write_number_with_format(row, column, number(*count), &self.style.count)?,
            Cell::Rupiah(amount) => self.worksheet.write_number_with_format(row, column, number(amount.0), &self.style.rupiah)?,
        };
        Ok(())
    }

    fn widths(&mut self, widths: &[u16]) -> Result<(), XlsxError> {
        for (width, place) in widths.iter().zip(0u16..) {
            self.worksheet.set_column_width(place, f64::from(*width))?;
        }
        Ok(())
    }
}

/// Excel knows no integers; every payroll sum is far below 2^53, where a double stops being exact.
#[allow(clippy::cast_precision_loss)]
fn number(value: i64) -> f64 {
    value as f64
}

/// Text short enough for a cell.
fn fit(text: &str) -> String {
    if text.chars().count() <= CHARS_PER_CELL {
        return text.to_owned();
    }
    text.chars().take(CHARS_PER_CELL).chain(std::iter::once('…')).collect()
}
