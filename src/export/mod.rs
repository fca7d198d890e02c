//! Verdicts, findings and completeness as JSON (contract §8), CSV, XLSX and text; one verdict explained.
//!
//! Everything is written from domain types: nothing here knows the store, the clock, a file name or the network. JSON
//! and the headings of CSV never change with the language.

mod calllist;
mod codes;
mod csv;
pub mod document;
mod explain;
mod json;
mod lists;
mod object;
mod payout;
mod pdf;
mod preamble;
pub mod rows;
pub mod sentence;
pub mod steps;
mod table;
mod tabulate;
mod terbilang;
mod text;
pub mod what_if;
pub mod words;
mod xlsx;

pub use codes::{CodeCount, OfSubject, by_code, count_codes, join_codes};
pub use document::{
    Completeness, CompletenessRow, FindingRow, FindingStatus, Header, InCharge, KindCompleteness, Overview, Report, Totals, place,
};
pub use lists::{List, write_list, write_list_pdf};
pub use payout::{Account, Payout, Sum, Terms};
pub use tabulate::why;

use crate::domain::text::Lang;
use crate::domain::verdict::Verdict;
use std::io::BufWriter;
use std::io::Write;
use table::{Cell, Table, Voice};

/// How a document is written (`--as`).
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Format {
    /// For a terminal.
    Text,
    /// For programs.
    Json,
    /// For spreadsheets and scripts.
    Csv,
    /// For Excel.
    Xlsx,
}

impl Format {
    /// All, with the word of `--as`, which is also the ending of the file.
    pub const ALL: [(&'static str, Self); 4] = [("text", Self::Text), ("json", Self::Json), ("csv", Self::Csv), ("xlsx", Self::Xlsx)];

    /// The format that `--as` names.
    pub fn from_key(key: &str) -> Option<Self> {
        Self::ALL.iter().find(|(known, _)| *known == key).map(|(_, format)| *format)
    }

    /// The ending of a file in this format.
    pub fn ending(self) -> &'static str {
        match self {
            Self::Text => "txt",
            Self::Json => "json",
            Self::Csv => "csv",
            Self::Xlsx => "xlsx",
        }
    }
}

/// Which document.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum What {
    /// One row a person.
    Verdicts,
    /// One row a finding.
    Findings,
    /// What is known and what is not.
    Completeness,
    /// Counts by verdict and by code: what `reconcile` reports.
    Summary,
}

impl What {
    /// The three documents of contract §8, which are also those of `check`.
    pub const DOCUMENTS: [Self; 3] = [Self::Verdicts, Self::Findings, Self::Completeness];

    /// The name in the command line and of the file.
    pub fn key(self) -> &'static str {
        match self {
            Self::Verdicts => "verdicts",
            Self::Findings => "findings",
            Self::Completeness => "completeness",
            Self::Summary => "summary",
        }
    }

    /// The document with that name.
    pub fn from_key(key: &str) -> Option<Self> {
        [Self::Verdicts, Self::Findings, Self::Completeness, Self::Summary].into_iter().find(|what| what.key() == key)
    }

    /// `verdicts.csv` and so on.
    pub fn file_name(self, format: Format) -> String {
        format!("{}.{}", self.key(), format.ending())
    }
}

/// A document could not be written.
#[derive(Debug, thiserror::Error)]
pub enum ExportError {
    /// The place to write to failed.
    #[error("the document cannot be written: {0}")]
    Write(#[from] std::io::Error),
    /// The workbook failed: most often the folder for temporary files.
    #[error("the workbook cannot be made: {0}; check that the folder for temporary files is writable and has room")]
    Workbook(#[from] rust_xlsxwriter::XlsxError),
}

/// Writes one document in one format.
///
/// # Errors
/// Writing or making the workbook failed.
pub fn write_document(what: What, format: Format, lang: Lang, report: &Report<'_>, out: &mut dyn Write) -> Result<(), ExportError> {
    if what == What::Summary {
        return write_overview(format, lang, &Overview::of(report), out);
    }
    let mut out = BufWriter::new(out);
    match format {
        Format::Json => match what {
            What::Verdicts => json::write_verdicts(report, &mut out)?,
            What::Findings => json::write_findings(report, &mut out)?,
            What::Completeness => json::write_completeness(report, &mut out)?,
            What::Summary => {}
        },
        Format::Text => {
            let mut out = text::Terminal(&mut out);
            match what {
                What::Verdicts => text::write_verdicts(report, lang, &mut out)?,
                What::Findings => text::write_findings(report, lang, &mut out)?,
                What::Completeness => text::write_completeness(report, lang, &mut out)?,
                What::Summary => {}
            }
        }
        Format::Csv => csv::write(flat(what, lang, report), &mut out)?,
        Format::Xlsx => out.write_all(&workbook(&[what], lang, report)?)?,
    }
    Ok(out.flush()?)
}

/// Writes the summary in one format.
///
/// # Errors
/// Writing or making the workbook failed.
pub fn write_overview(format: Format, lang: Lang, overview: &Overview, out: &mut dyn Write) -> Result<(), ExportError> {
    let mut out = BufWriter::new(out);
    match format {
        Format::Json => json::write_summary(overview, &mut out)?,
        Format::Text => text::write_summary(overview, lang, &mut text::Terminal(&mut out))?,
        Format::Csv => csv::write(marked(tabulate::summary(overview, Voice::keys(lang)), &overview.header), &mut out)?,
        Format::Xlsx => {
            let (header, completeness) = (overview.header.clone(), overview.completeness.clone());
            let report = Report { header, verdicts: &[], findings: &[], completeness };
            let mut book = xlsx::Book::new(&report, lang)?;
            book.summary(overview)?;
            out.write_all(&book.bytes()?)?;
        }
    }
    Ok(out.flush()?)
}

/// The sheets of these documents in one workbook; verdicts bring the summary along.
fn workbook(documents: &[What], lang: Lang, report: &Report<'_>) -> Result<Vec<u8>, ExportError> {
    let mut book = xlsx::Book::new(report, lang)?;
    for what in documents {
        match what {
            What::Verdicts => {
                book.summary(&Overview::of(report))?;
                book.verdicts()?;
            }
            What::Findings => book.findings()?,
            What::Completeness => book.completeness()?,
            What::Summary => book.summary(&Overview::of(report))?,
        }
    }
    Ok(book.bytes()?)
}

/// The table of a CSV file.
fn flat<'a>(what: What, lang: Lang, report: &'a Report<'_>) -> Table<'a> {
    let voice = Voice::keys(lang);
    let table = match what {
        What::Verdicts => tabulate::verdicts(report.sorted_verdicts(), voice),
        What::Findings => tabulate::findings(report, voice),
        What::Completeness => tabulate::completeness(report, voice),
        What::Summary => tabulate::summary(&Overview::of(report), voice),
    };
    marked(table, &report.header)
}

/// Every row of a CSV file says of which period it is, whether it is a trial and whether everything is known.
fn marked<'a>(table: Table<'a>, header: &Header) -> Table<'a> {
    table
        .with(table::text("period", "Periode", "Period", 10), Cell::text(header.period.to_string()))
        .with(table::text("mode", "Mode", "Mode", 8), Cell::text(json::mode(header)))
        .with(table::text("complete", "Lengkap", "Complete", 8), Cell::text(if header.complete { "true" } else { "false" }))
}

/// `check --as json` on stdout: the three documents in one object.
///
/// # Errors
/// Writing failed.
pub fn write_check_json(report: &Report<'_>, out: &mut dyn Write) -> Result<(), ExportError> {
    let mut out = BufWriter::new(out);
    json::write_check(report, &mut out)?;
    Ok(out.flush()?)
}

/// `check.xlsx`: summary, verdicts, findings and completeness in one workbook.
///
/// # Errors
/// Writing or making the workbook failed.
pub fn write_check_workbook(report: &Report<'_>, lang: Lang, out: &mut dyn Write) -> Result<(), ExportError> {
    Ok(out.write_all(&workbook(&What::DOCUMENTS, lang, report)?)?)
}

/// One verdict explained: for reading (text), for programs (JSON), line by line (CSV, XLSX).
///
/// # Errors
/// Writing or making the workbook failed.
pub fn write_explanation(format: Format, lang: Lang, header: &Header, verdict: &Verdict, out: &mut dyn Write) -> Result<(), ExportError> {
    let mut out = BufWriter::new(out);
    match format {
        Format::Text => explain::write_text(header, verdict, lang, &mut text::Terminal(&mut out))?,
        Format::Json => explain::write_json(header, verdict, &mut out)?,
        Format::Csv => csv::write(marked(explain::table(verdict, Voice::keys(lang)), header), &mut out)?,
        Format::Xlsx => {
            let report = Report { header: header.clone(), verdicts: &[], findings: &[], completeness: Completeness::default() };
            let mut book = xlsx::Book::new(&report, lang)?;
            book.sheets(verdict.nip.as_str(), explain::table(verdict, Voice::words(lang)))?;
            out.write_all(&book.bytes()?)?;
        }
    }
    Ok(out.flush()?)
}
