//! Why a whole file is not taken in.

use super::FileKind;
use super::bounds::Bound;
use super::refusal::Refusal;
use super::refusal::RefusalReason;
use crate::domain::text::{Lang, system_said};
use std::fmt;

/// How many refusals an error message lists; the value holds all of them.
pub const SHOWN: usize = 3;

/// A file that is not taken in. `Display` is Indonesian; [`IntakeError::sentence`] speaks both languages.
#[derive(Debug)]
pub enum IntakeError {
    /// Rows, columns or the sheet as a whole are refused; nothing is imported.
    Refused {
        /// File name without folder.
        file: String,
        /// Every refusal, in the order of the file.
        refusals: Vec<Refusal>,
    },
    /// The bytes are no table.
    Unreadable {
        /// File name without folder.
        file: String,
        /// Why.
        reason: Unreadable,
    },
    /// The kind needs `--period`.
    PeriodNeeded {
        /// File name without folder.
        file: String,
        /// The kind.
        kind: FileKind,
    },
    /// The file cannot be opened.
    Io {
        /// Path as given.
        path: String,
        /// What the system said.
        source: std::io::Error,
    },
}

/// Why bytes are no table.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Unreadable {
    /// No bytes.
    Empty,
    /// More than [`super::MAX_BYTES`].
    TooLarge,
    /// More than [`super::MAX_ROWS`] rows in one sheet.
    TooManyRows,
    /// Neither UTF-8 nor Windows-1252.
    Encoding,
    /// Neither text nor a workbook.
    Binary,
    /// A web page that is called `.xls`.
    Html,
    /// A workbook with a password.
    Password,
    /// A workbook that counts days from 1904.
    Epoch1904,
    /// A ZIP file without an XLSX workbook in it.
    NotWorkbook,
    /// A workbook that cannot be opened.
    Workbook(String),
    /// A file that would take more time or memory than it may.
    Beyond {
        /// Where, when it is known.
        sheet: Option<String>,
        /// What it is beyond.
        bound: Bound,
    },
}

impl Unreadable {
    /// What is wrong and what to do.
    pub fn sentence(&self, lang: Lang) -> String {
        let (id, en) = match self {
            Self::Empty => ("file kosong", "the file is empty"),
            Self::TooLarge => ("file lebih besar dari 512 MB; pecah menjadi beberapa file", "the file is above 512 MB; split it"),
            Self::TooManyRows => ("lebih dari 10.000.000 baris; pecah menjadi beberapa file", "more than 10,000,000 rows; split the file"),
            Self::Encoding => {
                ("bukan UTF-8 atau Windows-1252; simpan ulang sebagai CSV UTF-8", "neither UTF-8 nor Windows-1252; save it as CSV UTF-8")
            }
            Self::Binary => ("bukan CSV, XLSX, atau XLS", "not CSV, XLSX or XLS"),
            Self::Html => {
                ("file ini halaman web, bukan XLS; buka lalu simpan ulang sebagai XLSX", "a web page, not XLS; open it and save it as XLSX")
            }
            Self::Password => {
                ("buku kerja berkata sandi; simpan ulang tanpa kata sandi", "the workbook has a password; save it without one")
            }
            Self::Epoch1904 => {
                ("buku kerja menghitung tanggal dari 1904; simpan ulang sebagai CSV", "the workbook counts days from 1904; save it as CSV")
            }
            Self::NotWorkbook => (
                "ZIP tanpa buku kerja XLSX; keluarkan isinya atau simpan ulang sebagai XLSX",
                "a ZIP without an XLSX workbook; unpack it or save it as XLSX",
            ),
            Self::Beyond { sheet: None, bound } => (bound.sentence(lang), bound.sentence(lang)),
            Self::Beyond { sheet: Some(sheet), bound } => {
                return format!("sheet \"{sheet}\": {}", bound.sentence(lang));
            }
            Self::Workbook(detail) => {
                return match lang {
                    Lang::Id => format!("buku kerja tidak dapat dibuka ({detail}); buka di Excel lalu simpan ulang sebagai XLSX"),
                    Lang::En => format!("the workbook cannot be opened ({detail}); open it in Excel and save it as XLSX"),
                };
            }
        };
        lang.pick(id, en).to_owned()
    }
}

/// Text of a file fit for a sentence: without what moves a cursor or colours a terminal, and of a readable length.
pub(super) fn one_line(text: &str, most: usize) -> String {
    if text.len() <= most && !text.contains(char::is_control) {
        return text.to_owned();
    }
    let mut shown: String = text.chars().take(most).map(|c| if c.is_control() { ' ' } else { c }).collect();
    if text.chars().nth(most).is_some() {
        shown.push('…');
    }
    shown
}

impl IntakeError {
    /// Whether the file was refused because no row of it is of the month asked for.
    pub fn is_of_another_month(&self) -> bool {
        let of_month = |refusal: &Refusal| matches!(refusal.reason, RefusalReason::NoRowOfPeriod(_));
        matches!(self, Self::Refused { refusals, .. } if refusals.iter().any(of_month))
    }

    /// The whole message: the file, up to [`SHOWN`] refusals, what to do.
    pub fn sentence(&self, lang: Lang) -> String {
        match (self, lang) {
            (Self::Refused { file, refusals }, _) => refused(file, refusals, lang),
            (Self::Unreadable { file, reason }, _) => format!("{file}: {}", reason.sentence(lang)),
            (Self::PeriodNeeded { file, kind }, Lang::Id) => format!("{file}: jenis {} perlu --period YYYY-MM", kind.key()),
            (Self::PeriodNeeded { file, kind }, Lang::En) => format!("{file}: kind {} needs --period YYYY-MM", kind.key()),
            (Self::Io { path, source }, Lang::Id) => format!("{path}: tidak dapat dibuka ({})", system_said(&source.to_string(), Lang::Id)),
            (Self::Io { path, source }, Lang::En) => format!("{path}: cannot be opened ({})", system_said(&source.to_string(), Lang::En)),
        }
    }

    /// The refusals, when there are any.
    pub fn refusals(&self) -> &[Refusal] {
        match self {
            Self::Refused { refusals, .. } => refusals,
            _ => &[],
        }
    }
}

fn refused(file: &str, refusals: &[Refusal], lang: Lang) -> String {
    let mut text = match (refusals, lang) {
        ([only], _) => return format!("{file}: {}", only.sentence(lang)),
        (_, Lang::Id) => format!("{file} ditolak, {} masalah:", refusals.len()),
        (_, Lang::En) => format!("{file} is refused, {} problems:", refusals.len()),
    };
    for (at, refusal) in refusals.iter().take(SHOWN).enumerate() {
        text.push_str(&format!(" ({}) {}", at + 1, refusal.sentence(lang)));
    }
    if refusals.len() > SHOWN {
        let more = refusals.len() - SHOWN;
        text.push_str(&lang.pick(format!(" dan {more} lagi"), format!(" and {more} more")));
    }
    text
}

impl fmt::Display for IntakeError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.sentence(Lang::Id))
    }
}

impl std::error::Error for IntakeError {
    fn source(&self) -> Option<&(dyn std::error::Error + 'static)> {
        match self {
            Self::Io { source, .. } => Some(source),
            _ => None,
        }
    }
}
