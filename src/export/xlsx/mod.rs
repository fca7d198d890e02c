//! Tables as an Excel workbook: NIP and account are text, Rupiah are numbers, headings stay in sight and filter.
//!
//! Rows go to a temporary file as they come, so that a large ministry fits into memory; the time of creation is the
//! document's `as_of`, so that the same document is the same bytes.

mod sheet;
mod style;

use self::sheet::{Filter, Sheet};
use self::style::Style;
use super::document::{Header, Overview, Report};
use super::table;
use super::table::{Cell, Table, Voice};
use super::tabulate;
use super::words;
use super::words::pick;
use crate::domain::text::Lang;
use crate::domain::verdict::Standing;
use rust_xlsxwriter::{Color, DocProperties, ExcelDateTime, Workbook, XlsxError};

/// Rows of one sheet; Excel ends at 1,048,576.
const ROWS_PER_SHEET: usize = 1_000_000;
/// Excel's number for folio (F4), the paper of Indonesian offices.
const FOLIO: u8 = 14;
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

/// The colour of a verdict's sheet.
fn tab(standing: Standing) -> Color {
    Color::RGB(match standing {
        Standing::Layak => 0x2E7D32,
        Standing::Tertahan => 0xB00020,
        Standing::BelumDiketahui => 0xE08A00,
        Standing::TidakBerhak => 0x757575,
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

    /// From here on sheets are of another report.
    pub(super) fn turn_to(&mut self, report: &'r Report<'r>) {
        self.report = report;
    }

    /// Counts by verdict and by code.
    pub(super) fn summary(&mut self, overview: &Overview) -> Result<(), XlsxError> {
        let voice = Voice::words(self.lang);
        let name = pick(["Ringkasan", "Summary"], self.lang);
        let (standings, codes) = (tabulate::standings(&overview.totals, voice), tabulate::codes(&overview.codes, voice));
        // Both tables share the columns of the sheet: heads and Rupiah of the verdicts stand over those of the codes.
        let [verdict, heads, rupiah] = [standings.columns[0], standings.columns[1], standings.columns[2]];
        let blank = table::text("", "", "", 0);
        let above = [verdict, blank, blank, blank, heads, rupiah];
        let mut widths: Vec<u16> = codes.columns.iter().map(|column| column.width).collect();
        widths[0] = verdict.width;
        let mut sheet = self.sheet(name)?;
        let top = sheet.about(name)?;
        let spread = |row: Vec<Cell>| {
            let mut row = row.into_iter();
            let verdict = row.next();
            verdict.into_iter().chain([Cell::Empty, Cell::Empty, Cell::Empty]).chain(row).collect::<Vec<_>>()
        };
        let mut first = standings.rows.map(spread).collect::<Vec<_>>().into_iter();
        let below = sheet.table(top, &above, &mut first, Filter::No)?;
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
