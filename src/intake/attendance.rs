//! Attendance: one row a person and day. Rows are filed under their own calendar month; the file as a whole belongs to
//! the month asked for, or to the one with the most rows.

use super::FileKind;
use super::Reading;
use super::cell::Cell;
use super::delivery::Delivery;
use super::delivery::Emptiness;
use super::delivery::Label;
use super::delivery::part;
use super::delivery::refuse;
use super::delivery::settle;
use super::error::IntakeError;
use super::header::Layout;
use super::header::may;
use super::header::must;
use super::header::should;
use super::ledger::Ledger;
use super::refusal::Notice;
use super::refusal::RefusalReason;
use super::row::Row;
use super::table;
use super::values;
use crate::domain::Body;
use crate::domain::Kind;
use crate::domain::Nip;
use crate::domain::Period;
use crate::domain::Statement;
use crate::domain::attendance::AttendanceDay;
use crate::domain::attendance::DayStatus;
use crate::domain::attendance::ManualReason;
use crate::domain::evidence::Scope;
use crate::domain::evidence::SourceFacts;
use crate::domain::period::Span;
use chrono::NaiveDate;
use std::collections::BTreeSet;

pub(super) static LAYOUT: Layout = Layout {
    kind: FileKind::Attendance,
    form: "attendance",
    columns: &[
        must("nip"),
        must("tanggal"),
        must("jam_masuk"),
        must("jam_pulang"),
        should("status"),
        may("keterangan"),
        may("alasan_manual"),
        may("menit_terlambat").or(&["terlambat"]),
        may("menit_pulang_cepat").or(&["plg_cepat", "pulang_cepat"]),
    ],
    one_of: &[],
    full_rows: false,
};

const REASONS: [(&str, ManualReason); 4] = [("A", ManualReason::A), ("B", ManualReason::B), ("C", ManualReason::C), ("D", ManualReason::D)];

/// Reads attendance of any months.
pub(super) fn read(reading: &Reading<'_>) -> Result<Vec<Delivery>, IntakeError> {
    let mut days = Ledger::default();
    let plan = table::Plan { layouts: &[&LAYOUT], headerless: None };
    let outcome = table::read(reading, &plan, &mut |row| {
        if let Some((nip, day)) = day(row) {
            days.add(nip, Span::Month(Period::of(day.tanggal)), day, row.place());
        }
    })?;
    let mut settled = settle(reading, outcome, Emptiness::Refused)?;
    let spans = days.spans();
    let span = reading.period.map(Span::Month).or_else(|| days.main_span());
    let Some(span @ Span::Month(period)) = span else { return Err(refuse(reading, RefusalReason::OnlyHeader)) };
    if !spans.contains_key(&span) {
        return Err(refuse(reading, RefusalReason::NoRowOfPeriod(period)));
    }
    let rows = spans.iter().filter(|(other, _)| **other != span).map(|(_, rows)| rows).sum();
    if rows > 0 {
        settled.notices.push(Notice::OtherMonths { rows, period });
    }
    let statements = days.statements(&settled.outcome.sheets, Body::Attendance);
    let facts = SourceFacts { days: days_of(&statements), ..SourceFacts::default() };
    let label = Label { kind: Kind::Attendance, span, part: part(period, reading), scope: Scope::Everybody, period: Some(period) };
    Ok(vec![settled.deliver(label, facts, statements)])
}

/// The days on which anybody has a row.
fn days_of(statements: &[Statement]) -> Vec<NaiveDate> {
    let mut days = BTreeSet::new();
    for statement in statements {
        if let Some(Body::Attendance(rows)) = &statement.body {
            days.extend(rows.iter().map(|row| row.tanggal));
        }
    }
    days.into_iter().collect()
}

fn day(row: &mut Row<'_>) -> Option<(Nip, AttendanceDay)> {
    if !row.fits() {
        return None;
    }
    let nip = row.need("nip", values::nip);
    let tanggal = row.need("tanggal", values::date);
    // 00:00 and 23:59 are times here; whether a device filled them in is for the policy to say (AB06).
    let jam_masuk = row.take("jam_masuk", values::time);
    let jam_pulang = row.take("jam_pulang", values::time);
    let status = row.take("status", |cell| values::choice(cell, &DayStatus::ALL));
    let keterangan = row.take("keterangan", values::remark);
    let alasan_manual = row.take("alasan_manual", manual_reason);
    let minutes_late = row.take("menit_terlambat", values::minutes);
    let minutes_early = row.take("menit_pulang_cepat", values::minutes);
    if !row.is_clean() {
        return None;
    }
    let day = AttendanceDay { tanggal: tanggal?, jam_masuk, jam_pulang, status, keterangan, alasan_manual, minutes_late, minutes_early };
    Some((nip?, day))
}

fn manual_reason(cell: Cell<'_>) -> Result<ManualReason, RefusalReason> {
    values::choice(cell, &REASONS)
}
