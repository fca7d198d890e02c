//! What the ministry's roster says about a person.

use super::nip::Nip;
use chrono::NaiveDate;
use serde::{Deserialize, Serialize};

/// `jenis_pegawai` of the roster.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
pub enum EmployeeKind {
    /// Pegawai Negeri Sipil.
    Pns,
    /// Calon PNS, on probation.
    Cpns,
    /// Pegawai Pemerintah dengan Perjanjian Kerja.
    Pppk,
    /// Part-time PPPK.
    PppkParuhWaktu,
}

impl EmployeeKind {
    /// All kinds, as the roster spells them.
    pub const ALL: [(&'static str, Self); 4] =
        [("PNS", Self::Pns), ("CPNS", Self::Cpns), ("PPPK", Self::Pppk), ("PPPK_PARUH_WAKTU", Self::PppkParuhWaktu)];
}

/// `status` of the roster.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
pub enum EmploymentStatus {
    /// In service.
    Aktif,
    /// Cuti di luar tanggungan negara.
    Cltn,
    /// Masa persiapan pensiun.
    Mpp,
    /// Study assignment.
    TugasBelajar,
    /// Suspended.
    DiberhentikanSementara,
    /// Moved to another agency.
    Pindah,
    /// Retired.
    Pensiun,
    /// Died.
    Meninggal,
    /// Dismissed or resigned.
    Berhenti,
}

impl EmploymentStatus {
    /// All statuses, as the roster spells them.
    pub const ALL: [(&'static str, Self); 9] = [
        ("AKTIF", Self::Aktif),
        ("CLTN", Self::Cltn),
        ("MPP", Self::Mpp),
        ("TUGAS_BELAJAR", Self::TugasBelajar),
        ("DIBERHENTIKAN_SEMENTARA", Self::DiberhentikanSementara),
        ("PINDAH", Self::Pindah),
        ("PENSIUN", Self::Pensiun),
        ("MENINGGAL", Self::Meninggal),
        ("BERHENTI", Self::Berhenti),
    ];

    /// The spelling in the roster.
    pub fn code(self) -> &'static str {
        Self::ALL.iter().find(|(_, status)| *status == self).map_or("", |(code, _)| code)
    }

    /// Whether the person no longer belongs to the ministry.
    pub fn has_left(self) -> bool {
        matches!(self, Self::Pindah | Self::Pensiun | Self::Meninggal | Self::Berhenti)
    }
}

/// One roster row (contract §4).
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub struct RosterEntry {
    /// Name with titles as written.
    pub nama: String,
    /// Kind of employee.
    pub jenis_pegawai: EmployeeKind,
    /// Unit code.
    pub kode_unit: String,
    /// Unit name.
    pub nama_unit: Option<String>,
    /// Position name.
    pub jabatan: Option<String>,
    /// Class; `None` when the cell is empty (CL02).
    pub kelas_jabatan: Option<i64>,
    /// Day from which the class holds.
    pub tmt_kelas: Option<NaiveDate>,
    /// Direct superior.
    pub nip_atasan: Option<Nip>,
    /// Status.
    pub status: EmploymentStatus,
    /// Day from which the status holds.
    pub tmt_status: Option<NaiveDate>,
    /// TMT CPNS.
    pub tmt_cpns: Option<NaiveDate>,
    /// TMT PNS.
    pub tmt_pns: Option<NaiveDate>,
    /// First day of actual duty (surat perintah melaksanakan tugas).
    pub tmt_spmt: Option<NaiveDate>,
    /// Jabatan pimpinan tinggi.
    pub jpt: bool,
    /// Acting position (Plt).
    pub plt_jabatan: Option<String>,
    /// Its decree number.
    pub plt_sk: Option<String>,
    /// First day of the acting duty.
    pub plt_mulai: Option<NaiveDate>,
    /// Last day of the acting duty.
    pub plt_selesai: Option<NaiveDate>,
    /// SPAN bank code.
    pub kode_bank_span: Option<String>,
    /// Account number.
    pub rekening: Option<String>,
    /// Account holder.
    pub nama_rekening: Option<String>,
}
