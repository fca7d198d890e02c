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
use crate::domain::rupiah::Rupiah;
use crate::domain::text::Lang;
use crate::domain::verdict::Standing;
use rust_xlsxwriter::{Color, DocProperties, ExcelDateTime, Format, FormatAlign, FormatBorder, Workbook, Worksheet, XlsxError};
use std::borrow::Cow;

/// Rows of one sheet; Excel ends at 1,048,576.
const ROWS_PER_SHEET: usize = 1_000_000;
/// Characters of one cell; Excel ends at 32,767.
const CHARS_PER_CELL: usize = 32_000;

/// Excel's number for folio (F4), the paper of Indonesian offices.
const FOLIO: u8 = 14;
/// Dots between thousands whatever the language of Excel; less than nothing in red.
const RUPIAH: &str = "[$-421]#,##0;[Red][$-421]-#,##0";
/// A text column of this width or more is prose: it wraps.
const PROSE: u16 = 34;

/// What stands under every printed page: run and policy, so that paper can be traced (Excel cuts at 255 characters).
fn footer(header: &Header) -> String {
    let short = |text: &str, length| text.chars().take(length).collect::<String>().replace('&', "&&");
    format!("&L{} | {} | {}&R&P / &N", short(&header.run, 40), short(&header.policy_id, 60), short(&header.policy_sha256, 64))
}

/// What surrounds a printed list.
#[derive(Debug, Clone)]
pub(super) struct Form {
    /// Title.
    pub(super) title: String,
    /// Lines under the title.
    pub(super) above: Vec<String>,
    /// The last row.
    pub(super) total: Option<Vec<Cell>>,
    /// Lines below the table.
    pub(super) below: Vec<String>,
    /// Who signs.
    pub(super) signers: Vec<String>,
}

struct Style {
    title: Format,
    label: Format,
    warning: Format,
    heading: Format,
    text: Format,
    prose: Format,
    count: Format,
    rupiah: Format,
    percent: Format,
    total: [Format; 2],
}

impl Style {
    fn new() -> Self {
        let top = Format::new().set_align(FormatAlign::Top);
        let total = Format::new().set_bold().set_border_top(FormatBorder::Thin).set_background_color(Color::RGB(0xED_F2_F6));
        Self {
            title: Format::new().set_bold().set_font_size(14),
            label: Format::new().set_bold(),
            warning: Format::new().set_bold().set_font_color(Color::RGB(0xB0_00_20)),
            heading: top
                .clone()
                .set_bold()
                .set_background_color(Color::RGB(0xDD_E6_ED))
                .set_border_bottom(FormatBorder::Thin)
                .set_text_wrap(),
            text: top.clone(),
            prose: top.clone().set_text_wrap(),
            count: top.clone().set_num_format("0"),
            rupiah: top.clone().set_num_format(RUPIAH),
            percent: top.set_num_format("0.00%"),
            total: [total.clone(), total.set_num_format(RUPIAH)],
        }
    }
}

/// The colour of a verdict's sheet.
fn tab(standing: Standing) -> Color {
    Color::RGB(match standing {
        Standing::Layak => 0x2E_7D_32,
        Standing::Tertahan => 0xB0_00_20,
        Standing::BelumDiketahui => 0xE0_8A_00,
        Standing::TidakBerhak => 0x75_75_75,
    })
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
        let top = sheet.about(name)?;
        let mut first = standings.rows.collect::<Vec<_>>().into_iter();
        let below = sheet.table(top, &standings.columns, &mut first, Filter::No)?;
        let mut second = codes.rows.collect::<Vec<_>>().into_iter();
        let end = sheet.table(below + 1, &codes.columns, &mut second, Filter::Yes)?;
        sheet.unverified(end + 1)?;
        sheet.widths(&widths)
    }

    /// One sheet for each verdict.
    pub(super) fn verdicts(&mut self) -> Result<(), XlsxError> {
        let sorted = self.report.sorted_verdicts();
        for standing in Standing::ALL {
            let rows = sorted.iter().copied().filter(move |verdict| verdict.standing == standing);
            let table = tabulate::verdicts(rows.collect::<Vec<_>>(), Voice::words(self.lang));
            let name = words::standing(standing, self.lang);
            self.sheets(name, table)?;
            self.workbook.worksheet_from_name(name)?.set_tab_color(tab(standing));
        }
        Ok(())
    }

    /// A list as it is printed: title, table with its total, lines below, signatures.
    pub(super) fn form(&mut self, name: &str, table: Table<'_>, form: &Form) -> Result<(), XlsxError> {
        let Table { columns, rows } = table;
        let mut rows = rows.peekable();
        let mut number = 1;
        loop {
            let title = if number == 1 { name.to_owned() } else { format!("{name} {number}") };
            let mut sheet = self.sheet(&title)?;
            let top = sheet.form_head(form)?;
            sheet.worksheet.set_freeze_panes(top + 1, 0)?.set_repeat_rows(top, top)?;
            let end = sheet.table(top, &columns, &mut rows.by_ref().take(ROWS_PER_SHEET), Filter::Yes)?;
            sheet.widths(&columns.iter().map(|column| column.width).collect::<Vec<_>>())?;
            if rows.peek().is_none() {
                return sheet.form_foot(end, form);
            }
            number += 1;
        }
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
        // Who a row is about stays in sight beside far columns.
        let frozen = if table.columns.first().is_some_and(|column| column.key == "nip") { 2 } else { 0 };
        let mut rows = table.rows.peekable();
        let mut number = 1;
        loop {
            let title = if number == 1 { name.to_owned() } else { format!("{name} {number}") };
            let mut sheet = self.sheet(&title)?;
            let top = sheet.preamble(&title)?;
            sheet.worksheet.set_freeze_panes(top + 1, frozen)?.set_repeat_rows(top, top)?;
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
        worksheet.set_name(name)?.set_landscape().set_paper_size(FOLIO).set_print_fit_to_pages(1, 0);
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
    fn about(&mut self, name: &str) -> Result<u32, XlsxError> {
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
        for (label, value) in facts {
            self.worksheet.write_string_with_format(at, 0, pick(label, lang), &self.style.label)?;
            self.worksheet.write_string(at, 1, fit(&value))?;
            at += 1;
        }
        for (tone, line) in self.notes() {
            if tone == Tone::Warning {
                self.worksheet.write_string_with_format(at, 0, fit(&line), &self.style.warning)?;
                at += 1;
            }
        }
        Ok(at + 1)
    }

    /// The rules that nobody has verified, one a row.
    fn unverified(&mut self, mut at: u32) -> Result<(), XlsxError> {
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
    fn form_head(&mut self, form: &Form) -> Result<u32, XlsxError> {
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
    fn form_foot(&mut self, mut at: u32, form: &Form) -> Result<(), XlsxError> {
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
            for ((cell, column), place) in row.iter().zip(columns).zip(0u16..) {
                self.cell(next, place, cell, column.width)?;
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
fn fit(text: &str) -> Cow<'_, str> {
    if text.len() <= CHARS_PER_CELL || text.chars().count() <= CHARS_PER_CELL {
        return Cow::Borrowed(text);
    }
    text.chars().take(CHARS_PER_CELL).chain(std::iter::once('…')).collect()
}
