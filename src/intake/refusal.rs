//! Why a file, a row or a cell is refused.

use super::FileKind;
use crate::domain::Period;
use crate::domain::nip::NipError;
use crate::domain::text::Lang;
use std::fmt;

/// One reason against a file: place, masked value, and what to do.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Refusal {
    /// Sheet of a workbook; `None` in CSV and text files.
    pub sheet: Option<String>,
    /// Row as a spreadsheet counts, from 1; `None` when the sheet or file as a whole is meant.
    pub row: Option<u32>,
    /// Column, by the name of contract §4.
    pub column: Option<String>,
    /// What stands there; NIPs, NIKs and accounts are masked.
    pub value: Option<String>,
    /// Why it cannot be read.
    pub reason: RefusalReason,
}

impl Refusal {
    /// A refusal of a whole sheet (or of a file without sheets).
    pub(super) fn of_sheet(sheet: Option<&str>, reason: RefusalReason) -> Self {
        Self { sheet: sheet.map(str::to_owned), row: None, column: None, value: None, reason }
    }

    /// Place, value and reason in one sentence.
    pub fn sentence(&self, lang: Lang) -> String {
        let mut place = Vec::new();
        if let Some(sheet) = &self.sheet {
            place.push(format!("{} {sheet}", lang.pick("lembar", "sheet")));
        }
        if let Some(row) = self.row {
            place.push(format!("{} {row}", lang.pick("baris", "row")));
        }
        if let Some(column) = &self.column {
            place.push(format!("{} {column}", lang.pick("kolom", "column")));
        }
        if let Some(value) = &self.value {
            place.push(format!("{} '{value}'", lang.pick("nilai", "value")));
        }
        let reason = self.reason.sentence(lang);
        if place.is_empty() { reason } else { format!("{}: {reason}", place.join(", ")) }
    }
}

/// Indonesian, the language of what people read by default.
impl fmt::Display for Refusal {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.sentence(Lang::Id))
    }
}

/// Why something cannot be read. A value outside its type or range is refused, never guessed (contract §4).
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum RefusalReason {
    /// No row of the first 20 holds the needed column names.
    HeaderNotFound {
        /// The needed columns.
        needed: Vec<&'static str>,
    },
    /// A header row without some needed columns.
    MissingColumns(Vec<&'static str>),
    /// A column that is read stands there twice.
    DuplicateColumn,
    /// The columns are those of another kind of file.
    LooksLike(FileKind),
    /// A header, and no row below it.
    OnlyHeader,
    /// A quote that is never closed.
    UnclosedQuote,
    /// Characters behind a closing quote: an earlier quote was left open.
    BrokenQuote,
    /// A row that ends before a needed column.
    ShortRow {
        /// Cells of the row.
        cells: usize,
        /// Cells that it should have.
        needed: usize,
    },
    /// Filled cells beyond the last column: an unquoted separator shifted the row.
    LongRow {
        /// Cells of the row.
        cells: usize,
        /// Columns of the header.
        columns: usize,
    },
    /// A needed value is empty.
    Empty,
    /// A text that is no NIP.
    Nip(NipError),
    /// A NIP in a numeric cell: Excel keeps 15 digits only.
    NumericNip,
    /// A number with more digits than a numeric cell can hold.
    Precision,
    /// Not a date in one of the accepted forms.
    NotDate,
    /// A year of two digits.
    TwoDigitYear,
    /// Not a time in one of the accepted forms.
    NotTime,
    /// 24:00, which is neither this day nor the next.
    TwentyFour,
    /// Neither a month nor a date.
    NotMonth,
    /// Not a whole number.
    NotWhole,
    /// A negative count.
    Negative,
    /// Not an amount in whole Rupiah.
    NotRupiah,
    /// A gross amount below zero.
    NegativeGross,
    /// Not a percent from 0 to 100.
    NotPercent,
    /// A numeric cell below 1 in a percent column: 25 % in disguise, or a quarter of one percent.
    PercentFraction,
    /// A number outside its range.
    OutOfRange,
    /// Not one of the words of the field.
    NotOneOf(Vec<&'static str>),
    /// A cell of another type: a date in a text column, TRUE in a number column.
    WrongType,
    /// A formula without a stored value.
    FormulaWithoutValue,
    /// `#REF!` and its like.
    CellError,
    /// An end before its start.
    EndBeforeStart,
    /// The period asked for has no row in the file.
    NoRowOfPeriod(Period),
    /// The closing line of a payment file without three readable amounts.
    TotalUnreadable,
    /// A row below the closing line.
    AfterTotal,
    /// The lines of the file add up to more than fits.
    SumTooLarge,
    /// The title names another export than the columns are of.
    OtherExport {
        /// What the title says.
        title: &'static str,
        /// What the columns say.
        columns: &'static str,
    },
    /// No line above the header names the evaluation cycle.
    CycleMissing,
    /// Lines above the header name different cycles.
    CycleContradiction,
    /// Not the tab-separated log of a device.
    NotAttlog,
    /// Neither the name of the log nor its lines tell the device.
    DeviceUnknown,
    /// Not a PIN of a device.
    NotPin,
    /// Somebody who already stands in the file with other values, where one row is all that can be.
    NamedTwice,
    /// A BKN export of another kind than asked for.
    NotTheExport {
        /// What was asked for.
        wanted: &'static str,
        /// What the file is.
        found: &'static str,
    },
}

impl RefusalReason {
    /// Whether it concerns a row alone, so that `--accept-partial` may leave that row out.
    pub fn is_of_row(&self) -> bool {
        !matches!(
            self,
            Self::HeaderNotFound { .. }
                | Self::MissingColumns(_)
                | Self::DuplicateColumn
                | Self::LooksLike(_)
                | Self::OnlyHeader
                | Self::UnclosedQuote
                | Self::BrokenQuote
                | Self::NoRowOfPeriod(_)
                | Self::TotalUnreadable
                | Self::AfterTotal
                | Self::SumTooLarge
                | Self::OtherExport { .. }
                | Self::NotAttlog
                | Self::DeviceUnknown
                | Self::CycleMissing
                | Self::CycleContradiction
                | Self::NotTheExport { .. }
        )
    }

    /// What is wrong and what to do, without place.
    pub fn sentence(&self, lang: Lang) -> String {
        match lang {
            Lang::Id => self.indonesian(),
            Lang::En => self.english(),
        }
    }

    fn indonesian(&self) -> String {
        match self {
            Self::HeaderNotFound { needed } => {
                format!("baris judul kolom tidak ditemukan dalam 20 baris pertama; perlu kolom {}", needed.join(", "))
            }
            Self::MissingColumns(names) => {
                format!("kolom {} tidak ada; tambahkan, atau daftarkan nama lainnya di [sources.columns]", names.join(", "))
            }
            Self::DuplicateColumn => "kolom ini ada dua kali; hapus salah satu".into(),
            Self::LooksLike(kind) => format!("isi file ini berjenis {}; impor dengan jenis itu", kind.key()),
            Self::OnlyHeader => "file hanya berisi judul kolom, tidak ada baris data".into(),
            Self::UnclosedQuote => "tanda kutip dibuka tetapi tidak ditutup; perbaiki kutip pada baris ini".into(),
            Self::BrokenQuote => "ada huruf setelah tanda kutip penutup; perbaiki kutip pada atau sebelum baris ini".into(),
            Self::ShortRow { cells, needed } => format!("baris terpotong: {cells} sel, seharusnya {needed}"),
            Self::LongRow { cells, columns } => {
                format!("{cells} sel untuk {columns} kolom; beri tanda kutip pada nilai yang memuat pemisah")
            }
            Self::Empty => "wajib diisi".into(),
            Self::Nip(error) => nip_indonesian(error),
            Self::NumericNip => "NIP tersimpan sebagai angka sehingga digit akhirnya hilang; ubah kolom menjadi teks lalu isi ulang".into(),
            Self::Precision => "angka terlalu panjang untuk sel angka, digit akhirnya hilang; ubah sel menjadi teks lalu isi ulang".into(),
            Self::NotDate => "bukan tanggal; tulis 2026-10-31, 31-10-2026, atau 31/10/2026".into(),
            Self::TwoDigitYear => "tahun dua angka; tulis tahun empat angka, misalnya 31-10-2026".into(),
            Self::NotTime => "bukan jam; tulis 07:30, 07:30:15, atau 07.30".into(),
            Self::TwentyFour => "jam 24:00 tidak ada; tulis 00:00 sampai 23:59".into(),
            Self::NotMonth => "bukan bulan; tulis 2026-10 atau tanggal 01-10-2026".into(),
            Self::NotWhole => "bukan bilangan bulat".into(),
            Self::Negative => "tidak boleh negatif".into(),
            Self::NotRupiah => "bukan Rupiah bulat; tulis 4595150 atau 4.595.150".into(),
            Self::NegativeGross => "nilai bruto negatif".into(),
            Self::NotPercent => "bukan persen antara 0 dan 100; tulis misalnya 25 atau 2.5".into(),
            Self::PercentFraction => "angka di bawah 1 tidak jelas maksudnya; tulis 25 untuk 25 persen, sebagai angka biasa".into(),
            Self::OutOfRange => "di luar batas yang masuk akal".into(),
            Self::NotOneOf(words) => format!("tidak dikenal; pilih salah satu: {}", words.join(", ")),
            Self::WrongType => "jenis selnya salah; ubah sel menjadi teks lalu isi ulang".into(),
            Self::FormulaWithoutValue => "rumus tanpa nilai tersimpan; salin lalu tempel sebagai nilai".into(),
            Self::CellError => "sel berisi kesalahan rumus; perbaiki lalu tempel sebagai nilai".into(),
            Self::EndBeforeStart => "lebih awal daripada mulainya".into(),
            Self::NoRowOfPeriod(period) => format!("tidak ada satu baris pun dari {period}; periksa --period atau filenya"),
            Self::TotalUnreadable => "baris TOTAL tidak memuat bruto, potongan, dan bersih yang terbaca".into(),
            Self::AfterTotal => "ada baris di bawah baris TOTAL; TOTAL harus baris terakhir".into(),
            Self::SumTooLarge => "jumlah seluruh baris terlalu besar".into(),
            Self::OtherExport { title, columns } => format!("judulnya \"{title}\" tetapi kolomnya \"{columns}\"; unduh ulang dari e-Kinerja"),
            Self::CycleMissing => "periode penilaian tidak tertulis di atas judul kolom (\"Periode Bulanan 9 Tahun 2026\"); unduh ulang tanpa menghapus baris atas".into(),
            Self::CycleContradiction => "baris di atas judul kolom menyebut periode yang berbeda-beda; unduh ulang dari e-Kinerja".into(),
            Self::NotAttlog => "bukan attlog.dat: tiap baris berisi PIN, waktu, perangkat, dan status yang dipisahkan tab".into(),
            Self::DeviceUnknown => "mesinnya tidak diketahui; beri nama file <mesin>_attlog.dat".into(),
            Self::NotPin => "bukan PIN mesin presensi (paling banyak 24 huruf dan angka)".into(),
            Self::NamedTwice => "sudah ada di baris lain dengan isi yang berbeda; sisakan satu baris".into(),
            Self::NotTheExport { wanted, found } => format!("file ini \"{found}\", bukan \"{wanted}\""),
        }
    }

    fn english(&self) -> String {
        match self {
            Self::HeaderNotFound { needed } => {
                format!("no header row within the first 20 rows; needed columns: {}", needed.join(", "))
            }
            Self::MissingColumns(names) => {
                format!("column {} is missing; add it, or list its other name in [sources.columns]", names.join(", "))
            }
            Self::DuplicateColumn => "this column is there twice; remove one".into(),
            Self::LooksLike(kind) => format!("this file is of kind {}; import it as that", kind.key()),
            Self::OnlyHeader => "the file has column names and no row".into(),
            Self::UnclosedQuote => "a quote is opened and never closed; mend the quotes of this row".into(),
            Self::BrokenQuote => "characters behind a closing quote; mend the quotes of this row or one before it".into(),
            Self::ShortRow { cells, needed } => format!("the row is cut off: {cells} cells instead of {needed}"),
            Self::LongRow { cells, columns } => format!("{cells} cells for {columns} columns; quote the value that holds the separator"),
            Self::Empty => "must not be empty".into(),
            Self::Nip(error) => error.to_string(),
            Self::NumericNip => {
                "the NIP is stored as a number, its last digits are lost; format the column as text and enter it again".into()
            }
            Self::Precision => "too long for a numeric cell, its last digits are lost; format the cell as text and enter it again".into(),
            Self::NotDate => "not a date; write 2026-10-31, 31-10-2026 or 31/10/2026".into(),
            Self::TwoDigitYear => "a year of two digits; write four, for example 31-10-2026".into(),
            Self::NotTime => "not a time; write 07:30, 07:30:15 or 07.30".into(),
            Self::TwentyFour => "there is no 24:00; write 00:00 to 23:59".into(),
            Self::NotMonth => "not a month; write 2026-10 or the date 01-10-2026".into(),
            Self::NotWhole => "not a whole number".into(),
            Self::Negative => "must not be negative".into(),
            Self::NotRupiah => "not whole Rupiah; write 4595150 or 4.595.150".into(),
            Self::NegativeGross => "a negative gross amount".into(),
            Self::NotPercent => "not a percent from 0 to 100; write for example 25 or 2.5".into(),
            Self::PercentFraction => "a number below 1 is ambiguous here; write 25 for 25 percent, as a plain number".into(),
            Self::OutOfRange => "outside any sensible range".into(),
            Self::NotOneOf(words) => format!("unknown; write one of: {}", words.join(", ")),
            Self::WrongType => "a cell of the wrong type; format it as text and enter it again".into(),
            Self::FormulaWithoutValue => "a formula without a stored value; copy and paste it as a value".into(),
            Self::CellError => "the cell holds a formula error; mend it and paste it as a value".into(),
            Self::EndBeforeStart => "earlier than its start".into(),
            Self::NoRowOfPeriod(period) => format!("not one row is of {period}; check --period or the file"),
            Self::TotalUnreadable => "the TOTAL line has no readable gross, deduction and net".into(),
            Self::AfterTotal => "a row stands below the TOTAL line; TOTAL must come last".into(),
            Self::SumTooLarge => "the lines add up to too much".into(),
            Self::OtherExport { title, columns } => {
                format!("the title says \"{title}\", the columns say \"{columns}\"; export it again from e-Kinerja")
            }
            Self::CycleMissing => {
                "no line above the header names the cycle (\"Periode Bulanan 9 Tahun 2026\"); export it again and keep the top rows".into()
            }
            Self::CycleContradiction => "the lines above the header name different cycles; export it again from e-Kinerja".into(),
            Self::NotAttlog => "not an attlog.dat: each line has PIN, time, device and state, separated by tabs".into(),
            Self::DeviceUnknown => "the device is not known; name the file <device>_attlog.dat".into(),
            Self::NotPin => "not a device PIN (at most 24 letters and digits)".into(),
            Self::NamedTwice => "stands in another row with other values; keep one of them".into(),
            Self::NotTheExport { wanted, found } => format!("this file is \"{found}\", not \"{wanted}\""),
        }
    }
}

fn nip_indonesian(error: &NipError) -> String {
    match error {
        NipError::Empty => "NIP kosong".into(),
        NipError::Nik => "ini NIK (16 digit), bukan NIP; isi NIP 18 digit".into(),
        NipError::Scientific => {
            "NIP tertulis dalam notasi ilmiah sehingga digit akhirnya hilang; ubah kolom menjadi teks lalu isi ulang".into()
        }
        NipError::Length(digits) => format!("NIP {digits} digit, seharusnya 18"),
        NipError::NotDigits => "NIP memuat karakter yang bukan angka".into(),
    }
}
