//! Punishments, as the ministry's file and as BKN's history state them.

use super::percent::Percent;
use super::period::Period;
use chrono::NaiveDate;
use serde::{Deserialize, Serialize};

/// One row of the discipline file; a value that is given wins over the policy level whose code is `tingkat`.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub struct Punishment {
    /// Decree number.
    pub nomor_sk: Option<String>,
    /// Decree date.
    pub tanggal_sk: Option<NaiveDate>,
    /// Level, the code of a policy `[[discipline.level]]`.
    pub tingkat: Option<String>,
    /// Kind in words.
    pub jenis: Option<String>,
    /// Cut in percent.
    pub persen: Option<Percent>,
    /// First month of the cut.
    pub mulai: Option<Period>,
    /// Length in months.
    pub bulan: Option<u32>,
}

/// One row of SIASN's `rw-hukdis` (facts ekinerja-api §2.6).
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub struct BknPunishment {
    /// Row id at BKN.
    pub id: Option<String>,
    /// Code of the punishment.
    pub jenis_hukuman: Option<String>,
    /// Its name.
    pub jenis_hukuman_nama: Option<String>,
    /// R, S or B; may be empty.
    pub tingkat: Option<String>,
    /// Decree number.
    pub sk_nomor: Option<String>,
    /// Decree date.
    pub sk_tanggal: Option<NaiveDate>,
    /// First day.
    pub mulai: Option<NaiveDate>,
    /// Last day.
    pub akhir: Option<NaiveDate>,
    /// Length, years and months together, in months.
    pub masa_bulan: Option<u32>,
    /// Number of the decree that annulled it.
    pub pembatalan_nomor: Option<String>,
}
