//! What BKN says about a person, reduced to what the rules need. The raw body stays in the store beside it.

use chrono::{NaiveDate, NaiveDateTime};
use serde::{Deserialize, Serialize};

/// Where evaluation rows come from. A full row carries the SKP interval and the assessor, a Rekap row does not.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum EvaluationForm {
    /// `laporan/penilaian`, or its export "Laporan Penilaian SKP".
    Laporan,
    /// "Rekap Penilaian" of an assessing unit.
    Rekap,
}

/// One row of `laporan/penilaian` or of an evaluation export (facts ekinerja-api §4.1, §4.3). Labels are kept as
/// written: unknown ones are findings, not guesses.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub struct EvaluationRow {
    /// Laporan or Rekap.
    pub form: EvaluationForm,
    /// Name as BKN holds it.
    pub nama: Option<String>,
    /// First day of the SKP on which the evaluation rests.
    pub periode_awal_skp: Option<NaiveDate>,
    /// Last day of that SKP.
    pub periode_akhir_skp: Option<NaiveDate>,
    /// Position in the SKP.
    pub jabatan: Option<String>,
    /// Unit in the SKP.
    pub unor: Option<String>,
    /// Plt, Plh or Pj row: never decides.
    pub plt: bool,
    /// Rating of hasil kerja, as written.
    pub hasil_kerja: String,
    /// Rating of perilaku kerja, as written.
    pub perilaku_kerja: String,
    /// Predikat, as written.
    pub hasil_akhir: String,
    /// Superior's NIP (or NRP), as written.
    pub atasan_nip: Option<String>,
    /// Superior's name.
    pub atasan_nama: Option<String>,
    /// When it was assessed, local time of the ministry.
    pub waktu_dinilai: Option<NaiveDateTime>,
    /// SKP id.
    pub skp_id: Option<String>,
    /// Evaluation id; one id with different labels is ID03.
    pub skp_penilaian_id: Option<String>,
}

/// One row of `laporan/skp`.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub struct SkpRow {
    /// Name as BKN holds it.
    pub nama: Option<String>,
    /// SKP id; `None` on the row of somebody who has none.
    pub skp_id: Option<String>,
    /// Whether an SKP exists.
    pub is_skp: bool,
    /// Status as written; "Persetujuan" is approved.
    pub status: Option<String>,
    /// Position in the SKP.
    pub jabatan: Option<String>,
    /// Unit in the SKP.
    pub unor: Option<String>,
    /// First day.
    pub periode_awal: Option<NaiveDate>,
    /// Last day.
    pub periode_akhir: Option<NaiveDate>,
    /// Plt or Plh SKP: not definitive.
    pub plt: bool,
}

/// `data-utama`, reduced to what eligibility needs; NIK, phone and address are not kept here.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub struct Identity {
    /// PNS id at BKN.
    pub pns_id: Option<String>,
    /// Name without titles.
    pub nama: Option<String>,
    /// Code of kedudukan hukum (01 active, 02 CLTN, 20 MPP, …; facts ekinerja-api §2.1).
    pub kedudukan_id: Option<String>,
    /// Its name.
    pub kedudukan_nama: Option<String>,
    /// PNS, CPNS, PPPK.
    pub status_pegawai: Option<String>,
    /// Position.
    pub jabatan: Option<String>,
    /// Unit.
    pub unor: Option<String>,
    /// Agency where the person works.
    pub instansi_kerja: Option<String>,
    /// TMT CPNS.
    pub tmt_cpns: Option<NaiveDate>,
    /// TMT PNS.
    pub tmt_pns: Option<NaiveDate>,
    /// SPMT date.
    pub tmt_spmt: Option<NaiveDate>,
}

/// One row of `rw-kinerjaperiodik`.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub struct HistoryRow {
    /// Row id at BKN.
    pub id: Option<String>,
    /// Year.
    pub tahun: Option<i32>,
    /// 1 monthly, 2 quarterly.
    pub periodik_id: Option<i64>,
    /// First month assessed.
    pub bulan_mulai: Option<u32>,
    /// Last month assessed.
    pub bulan_selesai: Option<u32>,
    /// Year of the last month assessed.
    pub tahun_selesai: Option<i32>,
    /// Rating code of hasil kerja.
    pub hasil_nilai: Option<i64>,
    /// Rating code of perilaku kerja.
    pub perilaku_nilai: Option<i64>,
    /// Predikat code, 1 to 5.
    pub kuadran_nilai: Option<i64>,
    /// Predikat as written.
    pub kuadran: Option<String>,
    /// Assessor's NIP or NRP, as written.
    pub penilai_nip: Option<String>,
}

/// One row of `rw-skp22`: the annual result.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub struct AnnualRow {
    /// Row id at BKN.
    pub id: Option<String>,
    /// Year.
    pub tahun: Option<i32>,
    /// Rating code of hasil kerja.
    pub hasil_nilai: Option<i64>,
    /// Rating code of perilaku kerja.
    pub perilaku_nilai: Option<i64>,
    /// Predikat code, 1 to 5.
    pub kuadran_nilai: Option<i64>,
    /// Predikat as written.
    pub kuadran: Option<String>,
    /// Assessor's NIP or NRP, as written.
    pub penilai_nip: Option<String>,
}

/// One row of `rw-cltn`, which is not about CLTN only (facts ekinerja-api §2.6).
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub struct BknLeave {
    /// Row id at BKN.
    pub id: Option<String>,
    /// 1 CLTN, 5 its extension, 3 active again, 6 study assignment, …
    pub cltn_id: Option<i64>,
    /// Decree number.
    pub sk_nomor: Option<String>,
    /// First day.
    pub awal: Option<NaiveDate>,
    /// Last day.
    pub akhir: Option<NaiveDate>,
    /// Day of return.
    pub aktif: Option<NaiveDate>,
}

/// One row of a history of which the rules so far need only the fact and its date (`rw-jabatan`,
/// `rw-pemberhentian`, `rw-pindahinstansi`, `rw-tubel`).
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub struct HistoryNote {
    /// Row id at BKN.
    pub id: Option<String>,
    /// Decree number.
    pub sk_nomor: Option<String>,
    /// Effective day.
    pub tmt: Option<NaiveDate>,
    /// What it says: position, kind of termination, receiving agency.
    pub isi: Option<String>,
}
