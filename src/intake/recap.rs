//! The monthly attendance recap: one row a person and month, counters only (facts tukin-rules §3.3). It stands beside
//! the days and is compared with them (AB12); nothing is ever deducted for what it says.

use super::FileKind;
use super::cell::Cell;
use super::content::Reading;
use super::duration;
use super::header::Layout;
use super::header::may;
use super::header::must;
use super::refusal::RefusalReason;
use super::row::Row;
use super::values;
use crate::domain::Nip;
use crate::domain::Period;
use crate::domain::attendance::AttendanceRecap;

pub(super) static LAYOUT: Layout = Layout {
    kind: FileKind::Attendance,
    form: "rekap presensi bulanan",
    columns: &[
        must("nip"),
        may("bulan"),
        may("tahun"),
        may("hari_alpha").or(&["alpha", "alpa", "hari_alpa"]),
        may("tidak_presensi"),
        may("menit_terlambat"),
        may("menit_pulang_cepat"),
        may("menit_meninggalkan_kantor"),
        may("tidak_ikut_upacara"),
        may("jenis_cuti"),
        may("bulan_cuti_ke"),
        may("hari_cuti"),
        may("hari_kerja"),
        may("hari_hadir"),
        may("hari_wfo"),
        may("hari_wfh_wfa").or(&["hari_wfh", "hari_wfa"]),
        may("hari_diklat"),
        may("hari_dinas_luar"),
        may("tl1"),
        may("tl2"),
        may("tl3"),
        may("tl4"),
        may("psw1"),
        may("psw2"),
        may("psw3"),
        may("psw4"),
    ],
    one_of: &["hari_alpha", "tidak_presensi", "hari_kerja", "hari_hadir", "tl1"],
    full_rows: false,
    sections: false,
};

/// Days of the longest month.
const DAYS: u32 = 31;

/// One row, under its own month, or that of `reading.period` where the file has no columns for it.
pub(super) fn line(reading: &Reading<'_>, row: &mut Row<'_>) -> Option<(Nip, Period, AttendanceRecap)> {
    if !row.fits() {
        return None;
    }
    let nip = row.need("nip", values::nip);
    let month = month(reading, row);
    let mut days = |column| row.take(column, |cell| values::count(cell, DAYS)).map(i64::from);
    let mut recap = AttendanceRecap {
        hari_alpha: days("hari_alpha"),
        hari_cuti: days("hari_cuti"),
        hari_kerja: days("hari_kerja"),
        hari_hadir: days("hari_hadir"),
        hari_wfo: days("hari_wfo"),
        hari_wfh_wfa: days("hari_wfh_wfa"),
        hari_diklat: days("hari_diklat"),
        hari_dinas_luar: days("hari_dinas_luar"),
        tidak_ikut_upacara: days("tidak_ikut_upacara"),
        tl: ["tl1", "tl2", "tl3", "tl4"].map(&mut days),
        psw: ["psw1", "psw2", "psw3", "psw4"].map(&mut days),
        ..AttendanceRecap::default()
    };
    // Two scans a day.
    recap.tidak_presensi = row.take("tidak_presensi", |cell| values::count(cell, 2 * DAYS)).map(i64::from);
    recap.menit_terlambat = row.take("menit_terlambat", duration::minutes).map(i64::from);
    recap.menit_pulang_cepat = row.take("menit_pulang_cepat", duration::minutes).map(i64::from);
    recap.menit_meninggalkan_kantor = row.take("menit_meninggalkan_kantor", duration::minutes).map(i64::from);
    recap.jenis_cuti = row.take("jenis_cuti", values::text);
    recap.bulan_cuti_ke = row.take("bulan_cuti_ke", |cell| values::count(cell, 99)).map(i64::from);
    if !row.is_clean() {
        return None;
    }
    Some((nip?, month?, recap))
}

fn month(reading: &Reading<'_>, row: &mut Row<'_>) -> Option<Period> {
    if row.cell("bulan") == Cell::Empty && row.cell("tahun") == Cell::Empty {
        return reading.period;
    }
    let month = row.need("bulan", |cell| match values::count(cell, 12)? {
        0 => Err(RefusalReason::OutOfRange),
        month => Ok(month),
    });
    let year = row.need("tahun", |cell| match values::count(cell, 9999)? {
        0..=99 => Err(RefusalReason::TwoDigitYear),
        year @ 1900..=9999 => Ok(year),
        _ => Err(RefusalReason::OutOfRange),
    });
    Period::new(i32::try_from(year?).ok()?, month?)
}
