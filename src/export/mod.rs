//! Verdicts, findings and completeness as JSON (contract §8), CSV, XLSX and text; one verdict explained.
//!
//! Everything is written from domain types: nothing here knows the store, the clock, a file name or the network. JSON
//! and the headings of CSV never change with the language.

mod csv;
pub mod document;
pub mod explain;
pub mod json;
mod preamble;
pub mod sentence;
mod steps;
mod table;
mod tabulate;
pub mod text;
pub mod words;
mod xlsx;

pub use document::{
    CodeCount, Completeness, CompletenessRow, FindingRow, FindingStatus, Header, KindCompleteness, Report, Totals, count_codes,
};
pub use tabulate::why;

use crate::domain::text::Lang;
use crate::domain::verdict::Verdict;
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
    /// There is no such document in that format.
    #[error("an explanation is written as text or json, not as {0}")]
    NotExplained(&'static str),
}

/// Writes one document in one format.
///
/// # Errors
/// Writing or making the workbook failed.
pub fn write_document(what: What, format: Format, lang: Lang, report: &Report<'_>, out: &mut dyn Write) -> Result<(), ExportError> {
    match (format, what) {
        (Format::Json, What::Verdicts) => json::write_verdicts(report, out)?,
        (Format::Json, What::Findings) => json::write_findings(report, out)?,
        (Format::Json, What::Completeness) => json::write_completeness(report, out)?,
        (Format::Json, What::Summary) => json::write_summary(report, out)?,
        (Format::Text, What::Verdicts) => text::write_verdicts(report, lang, out)?,
        (Format::Text, What::Findings) => text::write_findings(report, lang, out)?,
        (Format::Text, What::Completeness) => text::write_completeness(report, lang, out)?,
        (Format::Text, What::Summary) => text::write_summary(report, lang, out)?,
        (Format::Csv, _) => csv::write(flat(what, lang, report), out)?,
        (Format::Xlsx, _) => {
            let mut book = xlsx::Book::new(report, lang)?;
            match what {
                What::Verdicts => {
                    book.summary()?;
                    book.verdicts()?;
                }
                What::Findings => book.findings()?,
                What::Completeness => book.completeness()?,
                What::Summary => book.summary()?,
            }
            out.write_all(&book.bytes()?)?;
        }
    }
    Ok(())
}

/// The table of a CSV file; every row says of which period it is and whether it is a trial.
fn flat<'a>(what: What, lang: Lang, report: &'a Report<'_>) -> Table<'a> {
    let voice = Voice::keys(lang);
    let table = match what {
        What::Verdicts => tabulate::verdicts(report.sorted_verdicts(), voice),
        What::Findings => tabulate::findings(report, voice),
        What::Completeness => tabulate::completeness(report, voice),
        What::Summary => tabulate::summary(report, voice),
    };
    let header = &report.header;
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
    Ok(json::write_check(report, out)?)
}

/// `check.xlsx`: summary, verdicts, findings and completeness in one workbook.
///
/// # Errors
/// Writing or making the workbook failed.
pub fn write_check_workbook(report: &Report<'_>, lang: Lang, out: &mut dyn Write) -> Result<(), ExportError> {
    let mut book = xlsx::Book::new(report, lang)?;
    book.summary()?;
    book.verdicts()?;
    book.findings()?;
    book.completeness()?;
    Ok(out.write_all(&book.bytes()?)?)
}

/// One verdict explained.
///
/// # Errors
/// Writing failed, or the format is neither text nor JSON.
pub fn write_explanation(
    format: Format,
    lang: Lang,
    header: &Header,
    verdict: &Verdict,
    out: &mut dyn Write,
) -> Result<(), ExportError> {
    match format {
        Format::Text => Ok(explain::write_text(header, verdict, lang, out)?),
        Format::Json => Ok(explain::write_json(header, verdict, out)?),
        Format::Csv => Err(ExportError::NotExplained("csv")),
        Format::Xlsx => Err(ExportError::NotExplained("xlsx")),
    }
}
