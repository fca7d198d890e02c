//! The ministry's files and BKN's export files, read into statements (contract §4).
//!
//! Takes bytes and knows [`crate::domain`] only: no store, no clock, no policy. A value outside its type or range is a
//! refusal that names sheet, row, column, masked value and reason; nothing is guessed. A file with a refused row is not
//! read at all unless `accept_partial` is set.
//!
//! From bytes to statements: `sniff` tells the format, `csv` and `workbook` give rows, `table` finds the header,
//! `row` and `values` give typed cells, one file per kind makes them into domain rows, `ledger` groups those into
//! statements, `delivery` settles refusals. `bounds` holds how much any of them may take of time and memory.

mod attendance;
mod attlog;
mod bounds;
mod cell;
mod content;
mod csv;
mod cycle;
mod delivery;
mod discipline;
mod duration;
mod ekinerja_export;
mod error;
mod fingerspot;
mod gpp;
mod header;
mod ledger;
mod nominatif;
mod notice;
mod payment;
mod permits;
mod pins;
mod recap;
mod refusal;
mod roster;
mod row;
mod siasn;
mod sniff;
mod table;
mod values;
mod workbook;

pub use bounds::Bound;
pub use bounds::MAX_BYTES;
pub use bounds::MAX_ROWS;
pub use delivery::Delivery;
pub use delivery::expect_kind;
pub use delivery::expect_month;
pub use error::IntakeError;
pub use error::SHOWN;
pub use error::Unreadable;
pub use notice::Notice;
pub use refusal::Refusal;
pub use refusal::RefusalReason;

use crate::domain::Period;
use content::Blocks;
use content::Content;
use error::one_line;
use header::Layout;
use std::collections::BTreeMap;
use std::io::Read;
use std::io::Seek;
use std::path::Path;

/// The header stands within this many rows.
const HEADER_WITHIN: usize = 20;

/// Every form that is read, to tell what a file is when it is not what it was said to be.
static ALL_LAYOUTS: &[&Layout] = &[
    &roster::LAYOUT,
    &siasn::LAYOUT,
    &attendance::LAYOUT,
    &fingerspot::LAYOUT,
    &recap::LAYOUT,
    &pins::LAYOUT,
    &permits::LAYOUT,
    &discipline::LAYOUT,
    &payment::LAYOUT,
    &nominatif::LAYOUT,
    &gpp::LAYOUT,
    &ekinerja_export::PENILAIAN,
    &ekinerja_export::SKP,
    &ekinerja_export::REKAP,
];

/// `KIND` of the `import` command (contract §2).
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum FileKind {
    /// The ministry's roster.
    Roster,
    /// Attendance, a row a day.
    Attendance,
    /// Raw scans of a device.
    Attlog,
    /// Device PINs and their NIPs.
    Pins,
    /// Leave and other permits.
    Permits,
    /// Punishments.
    Discipline,
    /// ADK tukin "daftar bayar", nominatif, or the salary file of a bank.
    Payment,
    /// Any of BKN's e-Kinerja exports.
    Ekinerja,
}

impl FileKind {
    /// Every kind with its key on the command line.
    pub const ALL: [(&'static str, Self); 8] = [
        ("roster", Self::Roster),
        ("attendance", Self::Attendance),
        ("attlog", Self::Attlog),
        ("pins", Self::Pins),
        ("permits", Self::Permits),
        ("discipline", Self::Discipline),
        ("payment", Self::Payment),
        ("ekinerja", Self::Ekinerja),
    ];

    /// The key on the command line.
    pub fn key(self) -> &'static str {
        Self::ALL.iter().find(|(_, kind)| *kind == self).map_or("", |(key, _)| key)
    }

    /// The kind with that key.
    pub fn from_key(key: &str) -> Option<Self> {
        Self::ALL.iter().find(|(known, _)| *known == key).map(|(_, kind)| *kind)
    }
}

/// Every (kind, column) by which a file is read and for which [`Reading::synonyms`] may give other names; a column of
/// several forms of a kind comes several times.
pub fn columns() -> impl Iterator<Item = (FileKind, &'static str)> {
    ALL_LAYOUTS.iter().flat_map(|layout| layout.columns.iter().map(|column| (layout.kind, column.name)))
}

/// One file to be read.
#[derive(Clone, Copy)]
pub struct Reading<'a> {
    /// What it is said to be.
    pub kind: FileKind,
    /// File name without folder.
    pub name: &'a str,
    /// Content.
    pub bytes: &'a [u8],
    /// `--period`.
    pub period: Option<Period>,
    /// Leave refused rows out instead of refusing the file.
    pub accept_partial: bool,
    /// `[sources.columns]`: other names of a column, under its name or under `kind.name`.
    pub synonyms: &'a BTreeMap<String, Vec<String>>,
}

/// Reads one file. Most files are one delivery; a workbook with sheets of several evaluation cycles is one a cycle.
///
/// # Errors
/// [`IntakeError`] names the file, and for refusals sheet, row, column and masked value.
///
/// ```
/// use selaras::intake;
/// let file = "nip;tanggal;jam_masuk;jam_pulang;status\n198501012010011901;01-10-2026;07:25;16:02;WFO\n";
/// let reading = intake::Reading {
///     kind: intake::FileKind::Attendance,
///     name: "presensi.csv",
///     bytes: file.as_bytes(),
///     period: None,
///     accept_partial: false,
///     synonyms: &Default::default(),
/// };
/// let delivery = &intake::read(&reading)?[0];
/// assert_eq!(delivery.part, "2026-10/presensi.csv");
/// assert_eq!(delivery.statements.len(), 1);
/// # Ok::<(), intake::IntakeError>(())
/// ```
pub fn read(reading: &Reading<'_>) -> Result<Vec<Delivery>, IntakeError> {
    if reading.bytes.len() > MAX_BYTES {
        return Err(IntakeError::Unreadable { file: reading.name.to_owned(), reason: Unreadable::TooLarge });
    }
    read_content(reading, reading.name, Content::Bytes(reading.bytes))
}

fn read_content(reading: &Reading<'_>, name: &str, content: Content<'_>) -> Result<Vec<Delivery>, IntakeError> {
    let Reading { kind, period, accept_partial, synonyms, .. } = *reading;
    let reading = &content::Reading { kind, name, content, period, accept_partial, synonyms };
    match kind {
        FileKind::Roster => roster::read(reading),
        FileKind::Attendance => attendance::read(reading),
        FileKind::Permits => permits::read(reading),
        FileKind::Discipline => discipline::read(reading),
        FileKind::Payment => payment::read(reading),
        FileKind::Ekinerja => ekinerja_export::read(reading),
        FileKind::Attlog => attlog::read(reading),
        FileKind::Pins => pins::read(reading),
    }
}

/// Reads one file from disk; `reading.name` and `reading.bytes` are taken from it.
///
/// # Errors
/// Those of [`read`], and [`IntakeError::Io`].
pub fn read_path(path: &Path, reading: &Reading<'_>) -> Result<Vec<Delivery>, IntakeError> {
    let failed = |source| IntakeError::Io { path: one_line(&path.display().to_string(), usize::MAX), source };
    let mut file = std::fs::File::open(path).map_err(failed)?;
    let name = path.file_name().map_or_else(String::new, |name| one_line(&name.to_string_lossy(), usize::MAX));
    if reading.kind != FileKind::Attlog {
        if let Some(blocks) = Blocks::of(&file).map_err(failed)? {
            return read_content(reading, &name, Content::Blocks(&blocks));
        }
        file.rewind().map_err(failed)?;
    }
    let mut bytes = Vec::new();
    // One byte more than allowed tells a file that is too large without reading it whole.
    file.take(MAX_BYTES as u64 + 1).read_to_end(&mut bytes).map_err(failed)?;
    read(&Reading { name: &name, bytes: &bytes, ..*reading })
}
