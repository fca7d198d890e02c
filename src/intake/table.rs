//! A file as sheets of rows under a header: finds the header by content, feeds data rows to a kind's reader one by one,
//! and keeps nothing but what was refused. Knows no kind of file from inside.

use super::HEADER_WITHIN;
use super::bounds::Bound;
use super::bounds::MAX_REFUSED;
use super::bounds::MAX_ROW_TEXT;
use super::bounds::MAX_ROWS;
use super::cell::Cell;
use super::cell::RawRow;
use super::cell::SheetCell;
use super::content::Blocks;
use super::content::Content;
use super::content::Reading;
use super::csv::BrokenQuote;
use super::csv::Records;
use super::cycle::is_about_period;
use super::error::IntakeError;
use super::error::Unreadable;
use super::error::one_line;
use super::header::Fit;
use super::header::Header;
use super::header::Layout;
use super::header::Names;
use super::refusal::Refusal;
use super::refusal::RefusalReason;
use super::row::Row;
use super::sniff;
use super::sniff::Format;
use super::workbook;
use crate::domain::Nip;
use std::borrow::Cow;

/// What a file format tells, in the order of the file.
pub(super) enum Event<'a> {
    /// A sheet begins.
    Sheet(Option<&'a str>),
    /// A row, by its number from 1.
    Row(u32, RawRow<'a>),
    /// The sheet ends.
    SheetEnd,
}

/// Why the rest of a file is not looked at.
pub(super) enum Stop {
    /// It is no table.
    Unreadable(Unreadable),
    /// More is refused than anybody mends by hand.
    Refused,
    /// The file cannot be read on.
    Io(std::io::Error),
}

/// A sheet's name as it is shown and kept; Excel allows 31 characters, other writers any.
fn sheet_name(name: &str) -> String {
    one_line(name, 64)
}

impl Stop {
    /// A file, or a sheet of it, that is beyond a bound.
    pub fn beyond(sheet: Option<&str>, bound: Bound) -> Self {
        Self::Unreadable(Unreadable::Beyond { sheet: sheet.map(sheet_name), bound })
    }
}

/// Which forms a kind of file may have.
pub(super) struct Plan<'p> {
    /// Forms with a header.
    pub layouts: &'p [&'static Layout],
    /// The form that tab-separated text without a header has.
    pub headerless: Option<&'static Layout>,
}

/// A sheet that was read.
#[derive(Debug)]
pub(super) struct Sheet {
    /// Its name; `None` in text files.
    pub name: Option<String>,
    /// Lines above the header, cells joined by blanks.
    pub preamble: Vec<String>,
    /// Whether it is a further section of the sheet before it.
    pub continues: bool,
}

/// What was read beside the rows themselves.
#[derive(Debug, Default)]
pub(super) struct Outcome {
    /// Sheets with a header, and that header.
    pub sheets: Vec<(Sheet, Header)>,
    /// Data rows, refused ones included.
    pub rows: usize,
    /// Everything refused.
    pub refused: Vec<Refusal>,
    /// Sheets without a header that name nobody, beside sheets that have one.
    pub skipped: Vec<String>,
}

/// Reads a file and hands each data row to `on_row`.
pub(super) fn read(reading: &Reading<'_>, plan: &Plan<'_>, on_row: &mut dyn FnMut(&mut Row<'_>)) -> Result<Outcome, IntakeError> {
    let unreadable = |reason| IntakeError::Unreadable { file: reading.name.to_owned(), reason };
    let names: Vec<Names> = plan.layouts.iter().map(|layout| Names::new(layout, reading.synonyms)).collect();
    let mut scan = Scan::new(reading, &names, plan.headerless, on_row);
    let likeness = |cells: &[Cow<'_, str>]| names.iter().map(|names| names.fit(RawRow::Text(cells)).score).max().unwrap_or(0);
    let done = match reading.content {
        Content::Blocks(blocks) => {
            let delimiter = sniff::delimiter(blocks.head(), likeness);
            scan.tabbed = delimiter == b'\t';
            block_rows(blocks, delimiter, &mut scan)
        }
        Content::Bytes(bytes) => match sniff::format(bytes).map_err(unreadable)? {
            Format::Text(text) => {
                let delimiter = sniff::delimiter(&text, likeness);
                scan.tabbed = delimiter == b'\t';
                text_rows(&text, delimiter, &mut scan)
            }
            Format::Xlsx => workbook::read_xlsx(bytes, &mut |event| scan.on(event)),
            Format::Xls => workbook::read_xls(bytes, &mut |event| scan.on(event)),
        },
    };
    match done {
        Ok(()) => {}
        Err(Stop::Io(source)) => return Err(IntakeError::Io { path: reading.name.to_owned(), source }),
        Err(Stop::Unreadable(reason)) => return Err(unreadable(reason)),
        Err(Stop::Refused) => {
            return Err(IntakeError::Refused { file: reading.name.to_owned(), refusals: scan.outcome.refused });
        }
    }
    let headless = std::mem::take(&mut scan.headless);
    let mut outcome = scan.outcome;
    for (refusal, holds_something) in headless {
        let is_aside = !outcome.sheets.is_empty() && !holds_something;
        match refusal.sheet.clone().filter(|_| is_aside) {
            Some(name) => outcome.skipped.push(name),
            None => outcome.refused.push(refusal),
        }
    }
    if outcome.sheets.is_empty() && outcome.refused.is_empty() {
        outcome.refused.push(Refusal::of_sheet(None, RefusalReason::HeaderNotFound { needed: plan.layouts[0].needed() }));
    }
    Ok(outcome)
}

fn text_rows(text: &str, delimiter: u8, scan: &mut Scan<'_>) -> Result<(), Stop> {
    scan.on(Event::Sheet(None))?;
    let mut records = Records::new(text, delimiter);
    let mut cells = Vec::new();
    loop {
        match records.read(&mut cells) {
            Ok(true) => scan.on(Event::Row(records.row(), RawRow::Text(&cells)))?,
            Ok(false) => return scan.on(Event::SheetEnd),
            Err(broken) => {
                scan.broken(broken);
                return Ok(());
            }
        }
    }
}

fn block_rows(blocks: &Blocks, delimiter: u8, scan: &mut Scan<'_>) -> Result<(), Stop> {
    scan.on(Event::Sheet(None))?;
    match blocks.records(delimiter, &mut |row, cells| scan.on(Event::Row(row, RawRow::Text(cells))))? {
        Ok(()) => scan.on(Event::SheetEnd),
        Err(broken) => {
            scan.broken(broken);
            Ok(())
        }
    }
}

/// Walks through a file, one sheet after the other.
struct Scan<'s> {
    names: &'s [Names],
    others: Vec<Names>,
    headerless: Option<&'static Layout>,
    tabbed: bool,
    on_row: &'s mut dyn FnMut(&mut Row<'_>),
    search: Search,
    rows_of_sheet: usize,
    /// Lines between the rows of a sheet that are no rows: titles, notes, signatures.
    asides: Vec<String>,
    /// The row above, for names of columns that stand in two rows.
    above: Vec<SheetCell>,
    /// Whether a NIP stands in the sheet outside the rows that are read.
    names_somebody: bool,
    /// Sheets in which nothing resembles a header, and whether they name somebody, or an evaluation cycle, all the same;
    /// a sheet of notes beside the table does neither.
    headless: Vec<(Refusal, bool)>,
    outcome: Outcome,
}

/// Where the walk stands within a sheet.
enum Search {
    /// Looking for the header.
    Header { sheet: Sheet, best: Option<(u32, Fit)>, looks_like: Option<super::FileKind> },
    /// Below the header, which is that of the last sheet of the outcome.
    Rows,
    /// Nothing in this sheet is read; why, when nothing resembles a header.
    Over(Option<Refusal>),
}

impl<'s> Scan<'s> {
    fn new(
        reading: &'s Reading<'s>,
        names: &'s [Names],
        headerless: Option<&'static Layout>,
        on_row: &'s mut dyn FnMut(&mut Row<'_>),
    ) -> Self {
        let others = super::ALL_LAYOUTS.iter().filter(|layout| layout.kind != reading.kind);
        Self {
            names,
            others: others.map(|layout| Names::new(layout, reading.synonyms)).collect(),
            headerless,
            tabbed: false,
            on_row,
            search: Search::Over(None),
            rows_of_sheet: 0,
            asides: Vec::new(),
            above: Vec::new(),
            names_somebody: false,
            headless: Vec::new(),
            outcome: Outcome::default(),
        }
    }

    /// What follows a broken quote cannot be told apart: nothing below it is read.
    fn broken(&mut self, broken: BrokenQuote) {
        let refusal = Refusal { row: Some(broken.row), ..Refusal::of_sheet(None, broken.reason) };
        self.outcome.refused.push(refusal);
    }

    fn on(&mut self, event: Event<'_>) -> Result<(), Stop> {
        match event {
            Event::Sheet(name) => {
                self.rows_of_sheet = 0;
                self.asides.clear();
                self.above.clear();
                self.names_somebody = false;
                let sheet = Sheet { name: name.map(sheet_name), preamble: Vec::new(), continues: false };
                self.search = Search::Header { sheet, best: None, looks_like: None };
            }
            Event::Row(number, row) => self.row(number, row)?,
            Event::SheetEnd => {
                self.give_up(false);
                if let Search::Over(Some(refusal)) = std::mem::replace(&mut self.search, Search::Over(None)) {
                    self.headless.push((refusal, self.names_somebody));
                }
            }
        }
        Ok(())
    }

    fn row(&mut self, number: u32, row: RawRow<'_>) -> Result<(), Stop> {
        self.rows_of_sheet += 1;
        if self.rows_of_sheet > MAX_ROWS {
            return Err(Stop::Unreadable(Unreadable::TooManyRows));
        }
        if row.text_len() > MAX_ROW_TEXT {
            return Err(Stop::beyond(self.sheet_name(), Bound::RowText));
        }
        if self.outcome.refused.len() >= MAX_REFUSED {
            return Err(Stop::Refused);
        }
        if row.is_blank() {
            return Ok(());
        }
        if !matches!(self.search, Search::Rows) {
            self.names_somebody |= row.cells().any(is_nip);
        }
        if matches!(self.search, Search::Over(_)) {
            return Ok(());
        }
        if matches!(self.search, Search::Header { .. }) {
            if number as usize > HEADER_WITHIN {
                self.give_up(true);
                return Ok(());
            }
            if !self.is_first_data_row(row) {
                return self.look_for_header(number, row);
            }
        }
        self.data(number, row);
        Ok(())
    }

    fn sheet_name(&self) -> Option<&str> {
        match &self.search {
            Search::Header { sheet, .. } => sheet.name.as_deref(),
            Search::Rows => self.outcome.sheets.last().and_then(|(sheet, _)| sheet.name.as_deref()),
            Search::Over(_) => None,
        }
    }

    fn data(&mut self, number: u32, row: RawRow<'_>) {
        if self.is_between_sections(row) {
            return;
        }
        let at = self.outcome.sheets.len().saturating_sub(1);
        let Some((sheet, header)) = self.outcome.sheets.get(at) else { return };
        self.outcome.rows += 1;
        (self.on_row)(&mut Row::new(sheet, u16::try_from(at).unwrap_or(u16::MAX), header, number, row, &mut self.outcome.refused));
    }

    /// Takes a row out that is a line between sections, or the header of one; the next row then begins a section.
    fn is_between_sections(&mut self, row: RawRow<'_>) -> bool {
        let Some((sheet, header)) = self.outcome.sheets.last().filter(|(_, header)| header.layout.sections) else { return false };
        let again = self.names.iter().find(|names| std::ptr::eq(names.layout(), header.layout)).map(|names| names.fit(row));
        let again = again.filter(|fit| fit.missing.is_empty() && fit.twice.is_empty()).map(|fit| fit.header);
        if again.is_none() && is_aside(row, header) {
            self.asides.push(joined(row));
            return true;
        }
        let is_header = again.is_some();
        if is_header || !self.asides.is_empty() {
            let preamble = std::mem::take(&mut self.asides);
            let section = Sheet { name: sheet.name.clone(), preamble, continues: true };
            let header = again.unwrap_or_else(|| header.clone());
            self.outcome.sheets.push((section, header));
        }
        is_header
    }

    /// Whether this row starts a text without a header; then the header is the layout's own.
    fn is_first_data_row(&mut self, row: RawRow<'_>) -> bool {
        let Some(layout) = self.headerless.filter(|_| self.tabbed) else { return false };
        let starts = matches!(&self.search, Search::Header { sheet, .. } if sheet.preamble.is_empty());
        let names_nobody = self.names.iter().all(|names| names.fit(row).score == 0);
        if !starts || !names_nobody || row.len() < layout.columns.len() / 2 {
            return false;
        }
        let at = layout.columns.iter().position(|column| column.name == "nip").unwrap_or(0);
        let skip = usize::from(!is_nip(row.cell(at)) && is_nip(row.cell(at + 1)));
        self.enter(Header::positional(layout, skip));
        true
    }

    fn look_for_header(&mut self, number: u32, row: RawRow<'_>) -> Result<(), Stop> {
        let mut fits = self.names.iter().map(|names| names.fit(row)).collect::<Vec<_>>();
        // `max_by_key` gives the last of equals; the first layout is meant to win.
        fits.reverse();
        if fits.iter().all(|fit| !fit.missing.is_empty()) && !self.above.is_empty() {
            let both = over(&self.above, row);
            fits.extend(self.names.iter().map(|names| names.fit(RawRow::Sheet(&both))).filter(|fit| fit.missing.is_empty()));
        }
        self.above = over(&[], row);
        if let Some(fit) = fits.into_iter().max_by_key(|fit| (fit.missing.is_empty(), fit.score)) {
            if fit.missing.is_empty() {
                self.found(number, fit);
                return Ok(());
            }
            let other = self.others.iter().map(|names| (names.fit(row), names.layout().kind));
            let other = other.filter(|(other, _)| other.missing.is_empty() && other.score > fit.score).max_by_key(|(other, _)| other.score);
            if let Search::Header { best, looks_like, .. } = &mut self.search {
                if let Some((_, kind)) = other {
                    *looks_like = Some(kind);
                }
                if best.as_ref().is_none_or(|(_, known)| known.score < fit.score) {
                    *best = Some((number, fit));
                }
            }
        }
        if let Search::Header { sheet, .. } = &mut self.search {
            sheet.preamble.push(joined(row));
        }
        Ok(())
    }

    fn found(&mut self, number: u32, fit: Fit) {
        let sheet = match &self.search {
            Search::Header { sheet, .. } => sheet.name.clone(),
            _ => None,
        };
        for name in fit.twice {
            let refusal = Refusal::of_sheet(sheet.as_deref(), RefusalReason::DuplicateColumn);
            self.outcome.refused.push(Refusal { row: Some(number), column: Some(name.to_owned()), ..refusal });
        }
        self.enter(fit.header);
    }

    fn enter(&mut self, header: Header) {
        if let Search::Header { sheet, .. } = std::mem::replace(&mut self.search, Search::Rows) {
            self.outcome.sheets.push((sheet, header));
        }
    }

    /// Ends the search of a sheet; one that holds something and has no header is refused.
    fn give_up(&mut self, holds_more: bool) {
        if !matches!(self.search, Search::Header { .. }) {
            return;
        }
        let Search::Header { sheet, best, looks_like } = std::mem::replace(&mut self.search, Search::Over(None)) else { return };
        if sheet.preamble.is_empty() && !holds_more {
            return;
        }
        let of_sheet = |reason| Refusal::of_sheet(sheet.name.as_deref(), reason);
        match (looks_like, best) {
            (Some(kind), _) => self.outcome.refused.push(of_sheet(RefusalReason::LooksLike(kind))),
            (None, Some((row, fit))) if fit.score > 1 => {
                self.outcome.refused.push(Refusal { row: Some(row), ..of_sheet(RefusalReason::MissingColumns(fit.missing)) });
            }
            _ => {
                // Of a BKN export that has lost its header every sheet counts.
                let layout = self.names.first().map(Names::layout);
                let is_export = layout.is_some_and(|layout| layout.kind == super::FileKind::Ekinerja);
                self.names_somebody |= is_export && sheet.preamble.iter().any(|line| is_about_period(line));
                let needed = layout.map_or_else(Vec::new, Layout::needed);
                self.search = Search::Over(Some(of_sheet(RefusalReason::HeaderNotFound { needed })));
            }
        }
    }
}

/// The cells of a row joined by blanks.
fn joined(row: RawRow<'_>) -> String {
    row.cells().filter(|cell| *cell != Cell::Empty).map(Cell::shown).collect::<Vec<_>>().join(" ")
}

/// A row laid over the one above it, whose cells show where it has none.
fn over(above: &[SheetCell], row: RawRow<'_>) -> Vec<SheetCell> {
    let under = |at: usize| above.get(at).cloned().unwrap_or_default();
    let cell = |at: usize| match row.cell(at) {
        Cell::Text(text) => SheetCell::Text(text.to_owned()),
        Cell::Empty => under(at),
        // Names of columns are text; anything else only has to be there.
        other => SheetCell::Text(other.shown()),
    };
    (0..row.len().max(above.len())).map(cell).collect()
}

/// Whether a row below the header is a title, a note or a signature: one cell and nobody in it.
fn is_aside(row: RawRow<'_>, header: &Header) -> bool {
    let mut filled = row.cells().enumerate().filter(|(_, cell)| *cell != Cell::Empty);
    let (Some((at, cell)), None) = (filled.next(), filled.next()) else { return false };
    let digits = cell.shown().chars().filter(char::is_ascii_digit).count();
    header.position("nip") != Some(at) || (digits < 9 && !is_nip(cell))
}

/// Whether a cell holds a NIP, be it one that has lost digits.
fn is_nip(cell: Cell<'_>) -> bool {
    match cell {
        Cell::Text(text) => Nip::parse(text).is_ok(),
        Cell::Number(number) => (1e17..1e18).contains(&number),
        _ => false,
    }
}
