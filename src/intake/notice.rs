//! What is worth saying about a file that is read.

use super::error::one_line;
use crate::domain::Period;
use crate::domain::text::Lang;
use std::fmt;

/// Something about a file that is read which the operator should know.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Notice {
    /// A column that rules use is not in the file; its values count as empty.
    ColumnAbsent(&'static str),
    /// Refused rows were left out; the file then speaks only for those whom it names.
    Partial {
        /// Rows left out.
        rows: usize,
    },
    /// Rows of other months than the file's.
    OtherMonths {
        /// How many.
        rows: usize,
        /// Month of the file.
        period: Period,
    },
    /// Most rows are of another month than the one that the file was given for.
    AnotherMonth {
        /// Rows of other months.
        rows: usize,
        /// Month that was given.
        period: Period,
        /// Month of most rows.
        found: Period,
    },
    /// A file without rows, which says that there is nothing.
    NoRows,
    /// A sheet without a header that names nobody, beside sheets that have one.
    SheetSkipped(String),
    /// Scans of a device, which count for whom the map of PINs names.
    Scans {
        /// Device.
        device: String,
        /// PINs with scans.
        pins: usize,
        /// Month.
        month: Period,
    },
    /// Scans of months that were not asked for.
    MonthsLeftOut {
        /// Which.
        months: Vec<Period>,
        /// What was asked for.
        period: Period,
    },
    /// Lines of a map of PINs without a NIP.
    PinsOfNobody {
        /// How many.
        rows: usize,
    },
}

impl Notice {
    /// The notice in one sentence.
    pub fn sentence(&self, lang: Lang) -> String {
        let short = |name: &str| one_line(name, 64);
        match (self, lang) {
            (Self::ColumnAbsent(name), Lang::Id) => format!("kolom {name} tidak ada; nilainya dianggap kosong"),
            (Self::ColumnAbsent(name), Lang::En) => format!("there is no column {name}; its values count as empty"),
            (Self::Partial { rows }, Lang::Id) => {
                format!("{rows} baris ditolak dan dilewati; ketiadaan seseorang di file ini tidak dianggap sebagai data kosong")
            }
            (Self::Partial { rows }, Lang::En) => {
                format!("{rows} rows were refused and left out; nobody is declared absent by this file")
            }
            (Self::OtherMonths { rows, period }, Lang::Id) => format!("{rows} baris bukan dari {period}; dicatat di bulannya sendiri"),
            (Self::OtherMonths { rows, period }, Lang::En) => format!("{rows} rows are not of {period}; each is filed under its own month"),
            (Self::AnotherMonth { rows, period, found }, Lang::Id) => format!(
                "{rows} baris bukan dari {period}, kebanyakan dari {found}: bila --period keliru, tarik batch ini (selaras import --withdraw BATCH) \
                 lalu impor lagi dengan --period {found}"
            ),
            (Self::AnotherMonth { rows, period, found }, Lang::En) => format!(
                "{rows} rows are not of {period}, most are of {found}: if --period is wrong, withdraw this batch (selaras import --withdraw BATCH) \
                 and import again with --period {found}"
            ),
            (Self::NoRows, Lang::Id) => "file tidak memuat baris; dianggap tidak ada data".into(),
            (Self::NoRows, Lang::En) => "the file has no rows; it counts as nothing to report".into(),
            (Self::SheetSkipped(name), Lang::Id) => format!("lembar {name} tidak memuat tabel; dilewati"),
            (Self::SheetSkipped(name), Lang::En) => format!("the sheet {name} holds no table; it is left out"),
            (Self::Scans { device, pins, month }, Lang::Id) => {
                format!("mesin {}, {month}: {pins} PIN; dihitung untuk pemilik PIN menurut import pins", short(device))
            }
            (Self::Scans { device, pins, month }, Lang::En) => {
                format!("device {}, {month}: {pins} PINs; they count for whom import pins names", short(device))
            }
            (Self::MonthsLeftOut { months, period }, lang) => {
                let months = months.iter().map(Period::to_string).collect::<Vec<_>>().join(", ");
                match lang {
                    Lang::Id => format!("bulan {months} tidak diambil karena --period {period}"),
                    Lang::En => format!("the months {months} are left out because of --period {period}"),
                }
            }
            (Self::PinsOfNobody { rows }, Lang::Id) => format!("{rows} PIN tanpa NIP; rekamannya belum dihitung untuk siapa pun"),
            (Self::PinsOfNobody { rows }, Lang::En) => format!("{rows} PINs have no NIP; their scans count for nobody yet"),
        }
    }
}

impl fmt::Display for Notice {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.sentence(Lang::Id))
    }
}
