//! The "Export Data ASN" of the SIASN portal as a roster (facts ekinerja-api §2.7): every value may carry an apostrophe,
//! and `null` is nothing. It knows neither classes nor superiors nor accounts; which columns are missing is said when it
//! is read, and an empty class becomes CL02.

use super::FileKind;
use super::cell::Cell;
use super::header::Layout;
use super::header::may;
use super::header::must;
use super::header::should;
use super::refusal::RefusalReason;
use super::row::Row;
use super::values;
use crate::domain::Nip;
use crate::domain::person::EmployeeKind;
use crate::domain::person::EmploymentStatus;
use crate::domain::person::RosterEntry;
use crate::domain::text::key;

pub(super) static LAYOUT: Layout = Layout {
    kind: FileKind::Roster,
    form: "SIASN Export Data ASN",
    columns: &[
        must("nip_baru"),
        must("nama").or(&["nama_pns"]),
        may("gelar_depan"),
        may("gelar_belakang"),
        must("unor_id"),
        may("unor_nama").or(&["nama_unor"]),
        may("jabatan_nama").or(&["nama_jabatan"]),
        may("status_cpns_pns"),
        may("jenis_pegawai_nama"),
        may("kedudukan_hukum_id").or(&["kedudukan_pns_id"]),
        may("kedudukan_hukum_nama").or(&["kedudukan_pns_nama", "kedudukan_hukum"]),
        may("tmt_cpns"),
        may("tmt_pns"),
        should("tmt_spmt").or(&["tgl_spmt"]),
        should("kelas_jabatan"),
        should("tmt_kelas"),
        should("nip_atasan"),
        should("jpt"),
        should("tmt_status"),
        should("rekening"),
    ],
    one_of: &["kedudukan_hukum_id", "kedudukan_hukum_nama"],
    full_rows: false,
    sections: false,
};

/// Codes and names of the legal standing (kedudukan hukum) that leave no doubt about the roster's status. "Kena hukuman
/// disiplin" is in service; the punishment itself is another file.
const STANDINGS: [(&str, &str, EmploymentStatus); 14] = [
    ("01", "aktif", EmploymentStatus::Aktif),
    ("02", "cltn", EmploymentStatus::Cltn),
    ("03", "tugasbelajar", EmploymentStatus::TugasBelajar),
    ("04", "pemberhentiansementara", EmploymentStatus::DiberhentikanSementara),
    ("13", "perpanjangancltn", EmploymentStatus::Cltn),
    ("15", "kenahukumandisiplin", EmploymentStatus::Aktif),
    ("20", "masapersiapanpensiun", EmploymentStatus::Mpp),
    ("20", "mpp", EmploymentStatus::Mpp),
    ("66", "diberhentikan", EmploymentStatus::Berhenti),
    ("71", "pppkaktif", EmploymentStatus::Aktif),
    ("77", "berhentitanpahakpensiun", EmploymentStatus::Berhenti),
    ("88", "berhentidenganhakpensiun", EmploymentStatus::Pensiun),
    ("98", "mencapaibup", EmploymentStatus::Pensiun),
    ("99", "pensiun", EmploymentStatus::Pensiun),
];

const KINDS: [(&str, EmployeeKind); 6] = [
    ("pns", EmployeeKind::Pns),
    ("p", EmployeeKind::Pns),
    ("cpns", EmployeeKind::Cpns),
    ("c", EmployeeKind::Cpns),
    ("pppk", EmployeeKind::Pppk),
    ("pppkparuhwaktu", EmployeeKind::PppkParuhWaktu),
];

/// One person.
pub(super) fn entry(row: &mut Row<'_>) -> Option<(Nip, RosterEntry)> {
    if !row.fits() {
        return None;
    }
    let nip = need(row, "nip_baru", values::nip);
    let nama = need(row, "nama", values::text);
    let kode_unit = need(row, "unor_id", values::text);
    let jenis_pegawai = kind(row);
    let status = status(row);
    let [front, back] = ["gelar_depan", "gelar_belakang"].map(|column| take(row, column, values::text));
    let nama_unit = take(row, "unor_nama", values::text);
    let jabatan = take(row, "jabatan_nama", values::text);
    let kelas_jabatan = take(row, "kelas_jabatan", values::whole);
    let [tmt_cpns, tmt_pns, tmt_spmt, tmt_kelas, tmt_status] =
        ["tmt_cpns", "tmt_pns", "tmt_spmt", "tmt_kelas", "tmt_status"].map(|column| take(row, column, values::date));
    let nip_atasan = take(row, "nip_atasan", values::nip);
    let jpt = take(row, "jpt", values::flag).unwrap_or(false);
    let rekening = take(row, "rekening", values::text);
    if !row.is_clean() {
        return None;
    }
    let front = front.map(|front| format!("{front} ")).unwrap_or_default();
    let back = back.map(|back| format!(", {back}")).unwrap_or_default();
    let entry = RosterEntry {
        nama: format!("{front}{}{back}", nama?),
        jenis_pegawai: jenis_pegawai?,
        kode_unit: kode_unit?,
        nama_unit,
        jabatan,
        kelas_jabatan,
        tmt_kelas,
        nip_atasan,
        status: status?,
        tmt_status,
        tmt_cpns,
        tmt_pns,
        tmt_spmt,
        jpt,
        plt_jabatan: None,
        plt_sk: None,
        plt_mulai: None,
        plt_selesai: None,
        kode_bank_span: None,
        rekening,
        nama_rekening: None,
    };
    Some((nip?, entry))
}

/// PNS, CPNS or PPPK, from what the export says of any of them.
fn kind(row: &mut Row<'_>) -> Option<EmployeeKind> {
    let known = |cell: Cell<'_>| {
        let folded = key(&cell.shown());
        KINDS.iter().find(|(word, _)| *word == folded).map(|(_, kind)| *kind)
    };
    for column in ["jenis_pegawai_nama", "status_cpns_pns"] {
        if let Some(kind) = known(bare(row.cell(column))) {
            return Some(kind);
        }
    }
    let standing = standing(row);
    if standing.iter().any(|word| word == "71" || word == "pppkaktif") {
        return Some(EmployeeKind::Pppk);
    }
    row.refuse("status_cpns_pns", RefusalReason::NotOneOf(vec!["PNS", "CPNS", "PPPK"]));
    None
}

fn status(row: &mut Row<'_>) -> Option<EmploymentStatus> {
    let words = standing(row);
    let known = STANDINGS.iter().find(|(code, name, _)| words.iter().any(|word| word == code || word == name));
    if known.is_none() {
        let column = if bare(row.cell("kedudukan_hukum_id")) == Cell::Empty { "kedudukan_hukum_nama" } else { "kedudukan_hukum_id" };
        row.refuse(column, RefusalReason::NotOneOf(vec!["01", "02", "03", "04", "13", "15", "20", "66", "71", "77", "88", "98", "99"]));
    }
    known.map(|(_, _, status)| *status)
}

/// Code and name of the legal standing; a spreadsheet cuts the zero off `01`. The code decides where there is one.
fn standing(row: &Row<'_>) -> Vec<String> {
    let code = key(&bare(row.cell("kedudukan_hukum_id")).shown());
    if !code.is_empty() {
        return vec![format!("{code:0>2}")];
    }
    let name = key(&bare(row.cell("kedudukan_hukum_nama")).shown());
    if name.is_empty() { Vec::new() } else { vec![name] }
}

/// A cell without its apostrophe; `null` is nothing.
fn bare(cell: Cell<'_>) -> Cell<'_> {
    let Cell::Text(text) = cell else { return cell };
    let text = text.trim_start_matches('\'').trim();
    if text.is_empty() || text.eq_ignore_ascii_case("null") { Cell::Empty } else { Cell::Text(text) }
}

fn take<T>(row: &mut Row<'_>, column: &'static str, read: impl FnOnce(Cell<'_>) -> Result<T, RefusalReason>) -> Option<T> {
    match bare(row.cell(column)) {
        Cell::Empty => None,
        cell @ Cell::Text(_) => row.take(column, |_| read(cell)),
        _ => row.take(column, read),
    }
}

fn need<T>(row: &mut Row<'_>, column: &'static str, read: impl FnOnce(Cell<'_>) -> Result<T, RefusalReason>) -> Option<T> {
    if bare(row.cell(column)) == Cell::Empty {
        row.refuse(column, RefusalReason::Empty);
        return None;
    }
    take(row, column, read)
}
