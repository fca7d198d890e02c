//! The daily export of ZKTime and Fingerspot programs (facts tukin-rules §3.3). `Jam Masuk` and `Jam Pulang` are the
//! schedule there; what happened stands under `Scan Masuk` and `Scan Pulang`. People stand in it by NIP or by PIN.

use super::FileKind;
use super::cell::Cell;
use super::duration;
use super::header::Layout;
use super::header::may;
use super::header::must;
use super::header::should;
use super::pins::pin;
use super::refusal::RefusalReason;
use super::row::Row;
use super::values;
use crate::domain::Nip;
use crate::domain::attendance::AttendanceDay;
use crate::domain::attendance::DayStatus;
use crate::domain::text::key;

pub(super) static LAYOUT: Layout = Layout {
    kind: FileKind::Attendance,
    form: "ekspor ZKTime/Fingerspot",
    columns: &[
        may("nip"),
        may("no_id").or(&["ac_no"]),
        may("nik"),
        may("emp_no"),
        may("nama"),
        must("tanggal"),
        may("jam_kerja"),
        // The schedule: known, so that it is not mistaken for what happened.
        may("jam_masuk"),
        may("jam_pulang"),
        must("scan_masuk"),
        must("scan_pulang"),
        should("terlambat"),
        should("plg_cepat").or(&["pulang_cepat"]),
        may("absent"),
        may("pengecualian"),
        may("departemen"),
    ],
    one_of: &["nip", "no_id", "nik", "emp_no"],
    full_rows: false,
    sections: false,
};

/// Where a NIP may stand, in the order in which it is looked for.
const PERSON: [&str; 4] = ["nip", "nik", "no_id", "emp_no"];

/// How a row names its person.
pub(super) enum Person {
    /// By NIP.
    Nip(Nip),
    /// By the PIN of the device; whose it is, the map of PINs says.
    Pin(String),
}

/// Exceptions that are a status. Others (Izin, Sakit, Upacara) are what the ministry made them: they stay a remark, and
/// the permit decides.
const EXCEPTIONS: [(&str, DayStatus); 12] = [
    ("wfo", DayStatus::Wfo),
    ("wfh", DayStatus::Wfh),
    ("wfa", DayStatus::Wfa),
    ("dinas", DayStatus::Dinas),
    ("dinasluar", DayStatus::Dinas),
    ("dinaskeluar", DayStatus::Dinas),
    ("diklat", DayStatus::Diklat),
    ("tugasbelajar", DayStatus::TugasBelajar),
    ("libur", DayStatus::Libur),
    ("tidakhadir", DayStatus::TidakHadir),
    ("alpha", DayStatus::TidakHadir),
    ("alpa", DayStatus::TidakHadir),
];

/// One row.
pub(super) fn day(row: &mut Row<'_>) -> Option<(Person, AttendanceDay)> {
    if !row.fits() {
        return None;
    }
    let person = person(row);
    let tanggal = row.need("tanggal", values::date);
    let jam_masuk = row.take("scan_masuk", values::time);
    let jam_pulang = row.take("scan_pulang", values::time);
    let minutes_late = row.take("terlambat", duration::minutes);
    let minutes_early = row.take("plg_cepat", duration::minutes);
    let absent = row.take("absent", absent).unwrap_or(false);
    let keterangan = row.take("pengecualian", values::remark).map(String::into_boxed_str);
    if !row.is_clean() {
        return None;
    }
    let excepted = keterangan.as_deref().and_then(exception);
    // The program also calls a day absent on which only one scan is missing; that is for the rules to say.
    let absent = (absent && jam_masuk.is_none() && jam_pulang.is_none()).then_some(DayStatus::TidakHadir);
    let status = excepted.or(absent);
    Some((
        person?,
        AttendanceDay { tanggal: tanggal?, jam_masuk, jam_pulang, status, keterangan, alasan_manual: None, minutes_late, minutes_early },
    ))
}

/// The NIP, in whichever column it stands as text of 18 digits; else the PIN.
fn person(row: &mut Row<'_>) -> Option<Person> {
    for column in PERSON {
        match row.cell(column) {
            Cell::Text(text) => {
                if let Ok(nip) = Nip::parse(text) {
                    return Some(Person::Nip(nip));
                }
            }
            // A NIP that has lost its end, wherever it stands: the row cannot be told by its PIN instead.
            Cell::Number(number) if number >= 1e15 => {
                row.refuse(column, RefusalReason::NumericNip);
                return None;
            }
            _ => {}
        }
    }
    if row.cell("nip") != Cell::Empty {
        return row.need("nip", values::nip).map(Person::Nip);
    }
    let column = if row.cell("no_id") == Cell::Empty { "emp_no" } else { "no_id" };
    row.need(column, pin).map(Person::Pin)
}

fn absent(cell: Cell<'_>) -> Result<bool, RefusalReason> {
    match cell {
        Cell::Text(text) if matches!(key(text).as_str(), "ya" | "absent" | "absen") => Ok(true),
        Cell::Text(text) if matches!(key(text).as_str(), "tidak" | "") => Ok(false),
        cell => values::truth(cell),
    }
}

fn exception(text: &str) -> Option<DayStatus> {
    let folded = key(text);
    // "Cuti - Tahunan": the kind is what the permit says.
    if folded.starts_with("cuti") && folded != "cutibersama" {
        return Some(DayStatus::Cuti);
    }
    EXCEPTIONS.iter().find(|(word, _)| *word == folded).map(|(_, status)| *status)
}
