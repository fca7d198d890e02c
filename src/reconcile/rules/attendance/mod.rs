//! AB01, AB03, AB05–AB07, AB09, LV01–LV03; [`month`] holds what the days cost and AB04, [`year`] DS02.

mod charge;
mod month;
mod recap;
mod shift;
mod year;

pub use self::shift::rows as rows_of_duties;

use self::month::Month;
use super::day::{DayOutcome, DayRemark, Hours, assess, has_scan};
use super::leave::LeavePlan;
use super::source;
use super::status::ends_entitlement;
use crate::domain::attendance::{AttendanceDay, DayStatus};
use crate::domain::dossier::{Dossier, Row};
use crate::domain::evidence::Kind;
use crate::domain::finding::{Code, Exhibit};
use crate::policy::{Policy, Worker};
use crate::reconcile::worksheet::{Draft, Worksheet};
use chrono::NaiveDate;
use std::collections::BTreeMap;

/// Rows of a date, more than one only when one file contradicts itself.
type Days<'d> = BTreeMap<NaiveDate, &'d [Row<AttendanceDay>]>;

/// Rows, which stand in the order of their dates, by date.
fn rows_by_day(rows: &[Row<AttendanceDay>]) -> Days<'_> {
    rows.chunk_by(|one, next| one.value.tanggal == next.value.tanggal).map(|of_day| (of_day[0].value.tanggal, of_day)).collect()
}

/// Working days of the window on which the person was employed: from the SPMT date until the day before a status that
/// ends entitlement.
pub fn duty_days(policy: &Policy, dossier: &Dossier) -> Vec<NaiveDate> {
    let (from, to) = policy.attendance_window(dossier.period);
    duty_days_between(policy, dossier, from, to)
}

/// The same between any two days.
fn duty_days_between(policy: &Policy, dossier: &Dossier, from: NaiveDate, to: NaiveDate) -> Vec<NaiveDate> {
    let (from, to) = employment(dossier, from, to);
    policy.duty_days(worker(dossier), from, to)
}

/// Whose hours and days count.
pub fn worker(dossier: &Dossier) -> Worker<'_> {
    Worker { nip: dossier.nip, unit: dossier.roster.first().map_or("", |row| row.value.kode_unit.as_str()) }
}

/// The part of a span in which the person was employed.
pub fn employment(dossier: &Dossier, from: NaiveDate, to: NaiveDate) -> (NaiveDate, NaiveDate) {
    let entry = dossier.roster.first().map(|row| &row.value);
    let spmt = entry.and_then(|entry| entry.tmt_spmt);
    let ended = entry.filter(|entry| ends_entitlement(entry.status)).and_then(|entry| entry.tmt_status?.pred_opt());
    (spmt.map_or(from, |day| day.max(from)), ended.map_or(to, |day| day.min(to)))
}

/// The row of a day as evidence.
fn exhibits(row: Option<&Row<AttendanceDay>>) -> Vec<Exhibit> {
    let Some(row) = row else { return Vec::new() };
    let time = |time: Option<chrono::NaiveTime>| time.map(|time| time.to_string());
    let mut shown = vec![
        row.exhibit("status", row.value.status.map(|status| status.code().to_owned())),
        row.exhibit("jam_masuk", time(row.value.jam_masuk)),
        row.exhibit("jam_pulang", time(row.value.jam_pulang)),
    ];
    if let Some(reason) = row.value.alasan_manual {
        shown.push(row.exhibit("alasan_manual", Some(reason.code().to_owned())));
    }
    shown
}

/// All attendance rules.
pub fn check(sheet: &mut Worksheet<'_>, leave: &LeavePlan) {
    let dossier = sheet.dossier;
    let state = dossier.knowledge(Kind::Attendance).state;
    if dossier.half_unknown && !dossier.attendance.is_empty() {
        // half a window is no month: nothing follows from it, least of all absence
        sheet.computable = false;
        return;
    }
    if dossier.attendance.is_empty() {
        if state.is_known() {
            let rostered = dossier.roster.first().map(|row| row.exhibit("status", Some(row.value.status.code().to_owned())));
            let missing = source::coverage(sheet, Kind::Attendance);
            sheet.find_blocking_amount(Draft::new(Code::Ab01).shows(rostered).shows(missing));
        } else if dossier.requires(Kind::Attendance) {
            sheet.computable = false;
        }
        return;
    }
    let regrouped = shift::rows(sheet.policy, dossier);
    let rows = rows_by_day(&regrouped);
    absence_on_days_off(sheet, &rows);
    present_too_often(sheet, &rows);
    contradictions(sheet, &rows);
    let mut month = Month::default();
    let mut days = Vec::new();
    for day in duty_days(sheet.policy, dossier) {
        let row = rows.get(&day).and_then(|found| found.first());
        if row.is_none() && dossier.unrecorded.contains(&day) {
            month.skip(day);
            continue;
        }
        let permits = leave.permits_on(day);
        let hours = Hours::of(sheet.policy, day, worker(dossier));
        let outcome = assess(sheet.policy, hours, row.map(|row| &row.value), &permits, leave.is_undocumented(day));
        remarks(sheet, day, row, &outcome, leave);
        month.add(sheet, day, row, &outcome, !permits.is_empty());
        if dossier.recap.is_some() {
            days.push((row.map(|row| &row.value), outcome));
        }
    }
    recap::ordinary_hours(sheet);
    recap::compare(sheet, &days);
    let absences = month.close(sheet);
    recap::ceremonies(sheet);
    year::check(sheet, &absences);
}

/// ID03: one file with two different rows of one day. Money needs the status and the scans of working days only.
fn contradictions(sheet: &mut Worksheet<'_>, rows: &Days<'_>) {
    let counts = |row: &AttendanceDay| (row.status, row.jam_masuk, row.jam_pulang);
    for (day, found) in rows.iter().filter(|(_, found)| found.len() > 1) {
        let shown = found.iter().flat_map(|row| exhibits(Some(row)));
        let draft = Draft::new(Code::Id03).about(day).param("field", "attendance").shows(shown);
        let differs = found.iter().any(|row| counts(&row.value) != counts(&found[0].value));
        if differs && sheet.policy.works_on(*day, worker(sheet.dossier)) {
            sheet.find_blocking_amount(draft);
        } else {
            sheet.find(draft);
        }
    }
}

/// AB09: absence recorded on a day on which nobody works; it costs nothing.
fn absence_on_days_off(sheet: &mut Worksheet<'_>, rows: &Days<'_>) {
    let (from, to) = sheet.policy.attendance_window(sheet.dossier.period);
    for (day, found) in rows.range(from..=to) {
        let Some(row) = found.iter().find(|row| row.value.status == Some(DayStatus::TidakHadir)) else {
            continue;
        };
        if !sheet.policy.works_on(*day, worker(sheet.dossier)) {
            let holiday = sheet.policy.calendar.holiday(*day).map_or("akhir pekan", |holiday| holiday.name.as_str());
            sheet.find(Draft::new(Code::Ab09).about(day).param("day", day).param("holiday", holiday).shows(exhibits(Some(row))));
        }
    }
}

/// AB03: present on more days than the calendar has working days. Present is who scanned, and whom the source says to
/// have been at work, at duty elsewhere or in training.
fn present_too_often(sheet: &mut Worksheet<'_>, rows: &Days<'_>) {
    let policy = sheet.policy;
    let (from, to) = policy.attendance_window(sheet.dossier.period);
    let present: Vec<(NaiveDate, &Row<AttendanceDay>)> = rows
        .range(from..=to)
        .filter_map(|(day, found)| found.iter().find(|row| is_present(policy, &row.value)).map(|row| (*day, row)))
        .collect();
    let worker = worker(sheet.dossier);
    let workdays = policy.duty_days(worker, from, to).len();
    if present.len() <= workdays {
        return;
    }
    let days_off = present.iter().filter(|(day, _)| !policy.works_on(*day, worker));
    let shown: Vec<Exhibit> = days_off.flat_map(|(_, row)| exhibits(Some(row))).collect();
    sheet.find(Draft::new(Code::Ab03).param("days", present.len()).param("workdays", workdays).shows(shown));
}

fn is_present(policy: &Policy, row: &AttendanceDay) -> bool {
    match row.status {
        Some(DayStatus::Wfo | DayStatus::Wfh | DayStatus::Wfa | DayStatus::Dinas | DayStatus::Diklat) => true,
        _ => has_scan(policy, row),
    }
}

/// Findings about a single day.
fn remarks(sheet: &mut Worksheet<'_>, day: NaiveDate, row: Option<&Row<AttendanceDay>>, outcome: &DayOutcome, leave: &LeavePlan) {
    for remark in &outcome.remarks {
        let (code, name, value) = match remark {
            DayRemark::MissingScan(side) => (Code::Ab05, "scan", side.key()),
            DayRemark::AutoFilled(side) => (Code::Ab06, "scan", side.key()),
            DayRemark::OneTap(side) => (Code::Ab07, "scan", side.key()),
            DayRemark::PermitOverAbsence(kind) => (Code::Lv01, "kind", kind.code()),
            DayRemark::LeaveWithoutPermit => (Code::Lv02, "kind", "CUTI"),
            DayRemark::ScansOnLeave(kind) => (Code::Lv03, "kind", kind.code()),
        };
        let already = sheet.drafts.iter().any(|draft| draft.code == code && draft.subject == day.to_string());
        if !already {
            let permits = leave.exhibits_on(day);
            sheet.find(Draft::new(code).about(day).param("day", day).param(name, value).shows(exhibits(row)).shows(permits));
        }
    }
}
