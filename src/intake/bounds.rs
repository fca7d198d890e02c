//! How much one file may make the readers do: every bound of time and memory, and the sentence that refuses a file beyond
//! it. Knows no format from inside.
//!
//! The figures are far above any honest table of contract §4 and far below what ends a small server. A file that is
//! refused here was not begun to be read into memory as cells.

use crate::domain::text::Lang;

/// Bytes of a file: what the most rows take at fifty bytes each. Larger files are refused.
pub const MAX_BYTES: usize = 512 * 1024 * 1024;

/// Rows of one sheet or text, blank ones included: twice what 200,000 people clock in a month.
pub const MAX_ROWS: usize = 10_000_000;

/// Cells further right are formatting residue; no table of contract §4 is that wide.
pub(super) const MAX_COLUMNS: usize = 1024;

/// Bytes of text in one row, all cells together. Excel allows 32,767 characters in a cell.
pub(super) const MAX_ROW_TEXT: usize = 1 << 20;

/// Refusals that are kept; a file with more is not read on.
pub(super) const MAX_REFUSED: usize = 100_000;

/// Bytes of the workbook stream of an XLS file.
pub(super) const MAX_XLS_STREAM: u64 = 128 << 20;

/// Rows and columns of a sheet as the XLS format knows them.
pub(super) const XLS_COLUMNS: u16 = 256;

/// Places (rows times columns between the outermost cells) of all sheets of an XLS file together, and also its cells and
/// its shared strings. A place costs up to 90 bytes while the sheet is read.
pub(super) const MAX_XLS_PLACES: u64 = 4_000_000;

/// Characters of an XLS file's text cells, a shared string counted as often as it is shown.
pub(super) const MAX_XLS_TEXT: u64 = 100_000_000;

/// Records over which one XLS string table goes on: more than the stream holds of full ones.
pub(super) const MAX_XLS_CONTINUES: usize = 20_000;

/// Sheets of a workbook.
pub(super) const MAX_SHEETS: usize = 1000;

/// Parts (files) in an XLSX package.
pub(super) const MAX_PARTS: usize = 10_000;

/// Bytes of all parts of an XLSX package unpacked; also of its text, a shared string counted as often as it is shown.
pub(super) const MAX_UNPACKED: u64 = 2 << 30;

/// What an XLSX package may always unpack to, in bytes; beyond it, [`MAX_RATIO`] counts too.
pub(super) const UNPACKED_ALWAYS: u64 = 64 << 20;

/// How many times its own size an XLSX package unpacks to. Tables come to 10 or 20 times, rows of formats alone to 40;
/// without this, a file of 4 MB would take a minute.
pub(super) const MAX_RATIO: u64 = 100;

/// Bytes of one XML tag or text, and of one cell or shared string with everything in it.
pub(super) const MAX_XML_PIECE: u64 = 1 << 20;

/// Bytes of the shared strings, which stay in memory.
pub(super) const MAX_SHARED_BYTES: u64 = 256 << 20;

/// Number of the shared strings.
pub(super) const MAX_SHARED: u64 = 5_000_000;

/// Formats, relations and names that one part declares; Excel writes up to 65,490 formats.
pub(super) const MAX_DECLARED: u64 = 131_072;

/// Bytes of a tag that names a font or a number format; each format keeps a copy.
pub(super) const MAX_FORMAT_TAG: usize = 2048;

/// A bound that a file is beyond.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Bound {
    /// More text in a row than 1 MiB.
    RowText,
    /// More text in the cells of the file than the format's bound.
    Text,
    /// The workbook stream of an XLS file.
    XlsStream,
    /// The places between the outermost cells of an XLS file.
    XlsPlaces,
    /// A cell outside of what XLS knows.
    XlsColumn,
    /// The sheets.
    Sheets,
    /// The parts of a package.
    Parts,
    /// The unpacked size of a package.
    Unpacked,
    /// The unpacked size of a package beside its packed one.
    Ratio,
    /// One XML piece.
    XmlPiece,
    /// The shared strings.
    Shared,
    /// The formats, relations or names.
    Declared,
}

impl Bound {
    /// What is beyond the bound, the bound, and what to do.
    pub(super) fn sentence(self, lang: Lang) -> &'static str {
        let (id, en) = match self {
            Self::RowText => (
                "satu baris berisi teks lebih dari 1 MB; periksa tanda kutip dan pemisah, lalu simpan ulang",
                "a row holds more than 1 MB of text; check quotes and separators, then save it anew",
            ),
            Self::Text => (
                "teks semua sel terlalu besar (batas 100 juta karakter untuk XLS, 2 GB untuk XLSX); pecah menjadi beberapa file",
                "the text of all cells is too large (the bound is 100 million characters for XLS, 2 GB for XLSX); split the file",
            ),
            Self::XlsStream => ("isi XLS lebih dari 128 MB; simpan ulang sebagai XLSX", "the XLS content is above 128 MB; save it as XLSX"),
            Self::XlsPlaces => (
                "sel terjauh membentang lebih dari 4.000.000 tempat; hapus baris dan kolom di luar tabel lalu simpan ulang sebagai XLSX",
                "the outermost cells span more than 4,000,000 places; delete rows and columns outside the table and save it as XLSX",
            ),
            Self::XlsColumn => (
                "ada sel di luar 256 kolom yang dikenal XLS; buka di Excel lalu simpan ulang sebagai XLSX",
                "a cell stands outside the 256 columns that XLS knows; open it in Excel and save it as XLSX",
            ),
            Self::Sheets => {
                ("lebih dari 1.000 sheet; simpan hanya sheet yang berisi tabel", "more than 1,000 sheets; keep only those with a table")
            }
            Self::Parts => (
                "paket XLSX berisi lebih dari 10.000 bagian; salin tabelnya ke buku kerja baru",
                "the XLSX package holds more than 10,000 parts; copy the table to a new workbook",
            ),
            Self::Unpacked => (
                "isi XLSX lebih dari 2 GB setelah dibuka; hapus baris kosong berformat atau pecah menjadi beberapa file",
                "the XLSX is above 2 GB when unpacked; delete formatted empty rows or split the file",
            ),
            Self::Ratio => (
                "isi XLSX lebih dari 100 kali ukuran filenya (bom ZIP?); salin tabelnya ke buku kerja baru",
                "the XLSX unpacks to more than 100 times its size (a ZIP bomb?); copy the table to a new workbook",
            ),
            Self::XmlPiece => (
                "satu sel atau unsur XLSX lebih dari 1 MB; kosongkan sel itu lalu simpan ulang",
                "one cell or element of the XLSX is above 1 MB; empty that cell and save it anew",
            ),
            Self::Shared => (
                "teks bersama XLSX lebih dari 5.000.000 butir atau 256 MB; simpan ulang sebagai CSV",
                "the XLSX has more than 5,000,000 shared strings or 256 MB of them; save it as CSV",
            ),
            Self::Declared => (
                "buku kerja memuat lebih dari 131.072 format, relasi, atau nama; salin nilainya saja ke buku kerja baru",
                "the workbook declares more than 131,072 formats, relations or names; copy its values alone to a new workbook",
            ),
        };
        lang.pick(id, en)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// A bound as the table writes it; bytes in their largest whole unit.
    fn written(name: &str, value: u64) -> String {
        let is_bytes = matches!(
            name,
            "MAX_BYTES" | "MAX_ROW_TEXT" | "MAX_XLS_STREAM" | "MAX_UNPACKED" | "UNPACKED_ALWAYS" | "MAX_XML_PIECE" | "MAX_SHARED_BYTES"
        );
        match (is_bytes, value >> 30, value >> 20) {
            (true, 0, megabytes) => format!("{megabytes} MB"),
            (true, gigabytes, _) => format!("{gigabytes} GB"),
            _ => {
                let digits = value.to_string();
                let places = digits.len();
                let comma = |at: usize| if at > 0 && (places - at).is_multiple_of(3) { "," } else { "" };
                digits.chars().enumerate().map(|(at, digit)| format!("{}{digit}", comma(at))).collect()
            }
        }
    }

    #[test]
    fn the_table_for_users_says_what_the_constants_say() {
        let bounds = [
            ("MAX_BYTES", MAX_BYTES as u64),
            ("MAX_ROWS", MAX_ROWS as u64),
            ("MAX_COLUMNS", MAX_COLUMNS as u64),
            ("MAX_ROW_TEXT", MAX_ROW_TEXT as u64),
            ("MAX_REFUSED", MAX_REFUSED as u64),
            ("MAX_XLS_STREAM", MAX_XLS_STREAM),
            ("XLS_COLUMNS", XLS_COLUMNS.into()),
            ("MAX_XLS_PLACES", MAX_XLS_PLACES),
            ("MAX_XLS_TEXT", MAX_XLS_TEXT),
            ("MAX_XLS_CONTINUES", MAX_XLS_CONTINUES as u64),
            ("MAX_SHEETS", MAX_SHEETS as u64),
            ("MAX_PARTS", MAX_PARTS as u64),
            ("MAX_UNPACKED", MAX_UNPACKED),
            ("UNPACKED_ALWAYS", UNPACKED_ALWAYS),
            ("MAX_RATIO", MAX_RATIO),
            ("MAX_XML_PIECE", MAX_XML_PIECE),
            ("MAX_SHARED_BYTES", MAX_SHARED_BYTES),
            ("MAX_SHARED", MAX_SHARED),
            ("MAX_DECLARED", MAX_DECLARED),
            ("MAX_FORMAT_TAG", MAX_FORMAT_TAG as u64),
        ];
        let rows: Vec<Vec<&str>> = include_str!("../../docs/BOUNDS.md")
            .lines()
            .filter(|line| line.starts_with("| `"))
            .map(|line| line.split('|').map(|cell| cell.trim().trim_matches('`')).collect())
            .collect();
        for (name, value) in bounds {
            let row = rows.iter().find(|row| row[1] == name).unwrap_or_else(|| panic!("{name} is not in the table"));
            assert_eq!(row[3], written(name, value), "{name}");
        }
        let code = include_str!("bounds.rs").split("mod tests").next().unwrap();
        assert_eq!(code.matches("const ").count(), bounds.len(), "a bound that is not in the table");
        assert_eq!(rows.len(), bounds.len(), "a row of the table that is no bound");
    }
}
