//! Permits: leave, duty elsewhere, and excuses for single scans.

use chrono::NaiveDate;
use serde::{Deserialize, Serialize};

/// `jenis` of the permits file.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum PermitKind {
    /// Annual leave.
    CutiTahunan,
    /// Sick leave.
    CutiSakit,
    /// Long leave.
    CutiBesar,
    /// Maternity leave.
    CutiMelahirkan,
    /// Leave for an important reason.
    CutiAlasanPenting,
    /// Miscarriage.
    GugurKandungan,
    /// Unpaid leave outside the state's charge.
    Cltn,
    /// Duty elsewhere.
    DinasLuar,
    /// Training.
    Diklat,
    /// Excuses lateness.
    IzinTerlambat,
    /// Excuses leaving early.
    IzinPulangCepat,
    /// Excuses missing scans.
    IzinTidakPresensi,
}

impl PermitKind {
    /// All kinds, as files and policies spell them.
    pub const ALL: [(&'static str, Self); 12] = [
        ("cuti_tahunan", Self::CutiTahunan),
        ("cuti_sakit", Self::CutiSakit),
        ("cuti_besar", Self::CutiBesar),
        ("cuti_melahirkan", Self::CutiMelahirkan),
        ("cuti_alasan_penting", Self::CutiAlasanPenting),
        ("gugur_kandungan", Self::GugurKandungan),
        ("cltn", Self::Cltn),
        ("dinas_luar", Self::DinasLuar),
        ("diklat", Self::Diklat),
        ("izin_terlambat", Self::IzinTerlambat),
        ("izin_pulang_cepat", Self::IzinPulangCepat),
        ("izin_tidak_presensi", Self::IzinTidakPresensi),
    ];

    /// The spelling in files and policies.
    pub fn code(self) -> &'static str {
        Self::ALL.iter().find(|(_, kind)| *kind == self).map_or("", |(code, _)| code)
    }

    /// Whether this is leave (as opposed to duty elsewhere or an excuse for a scan).
    pub fn is_leave(self) -> bool {
        !matches!(self, Self::DinasLuar | Self::Diklat | Self::IzinTerlambat | Self::IzinPulangCepat | Self::IzinTidakPresensi)
    }
}

/// `surat_dokter`: empty, 0, tidak = none; 1, ya = in time; a date = handed in then.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum DoctorsLetter {
    /// No letter.
    None,
    /// Handed in in time.
    InTime,
    /// Handed in on that day.
    On(NaiveDate),
}

/// One permit.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub struct Permit {
    /// Kind.
    pub jenis: PermitKind,
    /// First day.
    pub mulai: NaiveDate,
    /// Last day.
    pub selesai: NaiveDate,
    /// Letter number.
    pub nomor_surat: Option<String>,
    /// Letter date.
    pub tanggal_surat: Option<NaiveDate>,
    /// Who approved; a permit counts as approved when this is not empty.
    pub disetujui_oleh: Option<String>,
    /// Doctor's letter, for sick leave.
    pub surat_dokter: DoctorsLetter,
    /// Which child, for maternity leave.
    pub anak_ke: Option<u32>,
}

impl Permit {
    /// Approved by the direct superior ("alasan yang sah", Permenko Infra 10/2025 Pasal 1).
    pub fn is_approved(&self) -> bool {
        self.disetujui_oleh.as_deref().is_some_and(|who| !who.trim().is_empty())
    }

    /// Whether the permit covers the day.
    pub fn covers(&self, day: NaiveDate) -> bool {
        self.mulai <= day && day <= self.selesai
    }
}
