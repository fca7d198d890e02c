//! Attendance: one row a person and day. Rows are filed under their own calendar month; the file as a whole belongs to
//! the month asked for, or to the one with the most rows.

use super::FileKind;
use super::attlog::Scans;
use super::cell::Cell;
use super::content::Reading;
use super::delivery::Delivery;
use super::delivery::Emptiness;
use super::delivery::Label;
use super::delivery::Settled;
use super::delivery::part;
use super::delivery::refuse;
use super::delivery::settle;
use super::duration;
use super::error::IntakeError;
use super::fingerspot;
use super::fingerspot::Person;
use super::header::Layout;
use super::header::may;
use super::header::must;
use super::header::should;
use super::ledger::Ledger;
use super::ledger::Shelf;
use super::notice::Notice;
use super::recap;
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
use crate::domain::attendance::AttendanceRecap;
use crate::domain::attendance::DayStatus;
use crate::domain::attendance::ManualReason;
use crate::domain::days::Days;
use crate::domain::evidence::Scope;
use crate::domain::evidence::SourceFacts;
use crate::domain::period::Span;
use chrono::Datelike;
use chrono::NaiveDate;
use std::collections::BTreeMap;
use std::collections::HashMap;

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
    sections: false,
};

const REASONS: [(&str, ManualReason); 4] = [("A", ManualReason::A), ("B", ManualReason::B), ("C", ManualReason::C), ("D", ManualReason::D)];

/// What a recap says about somebody and a month.
type Twice = HashMap<(Nip, Period), AttendanceRecap>;

/// What the rows of a file come to.
#[derive(Default)]
struct Found {
    days: Ledger<AttendanceDay, Days>,
    recaps: Ledger<AttendanceRecap>,
    /// Rows that name their person by a device PIN only.
    scans: Scans,
    /// Whom a recap names twice for a month.
    twice: Twice,
    /// A row without a month, in a file without a period.
    monthless: bool,
}

/// Reads attendance of any months: rows a day, or a recap of them, or both in one workbook.
pub(super) fn read(reading: &Reading<'_>) -> Result<Vec<Delivery>, IntakeError> {
    let mut found = Found::default();
    let plan = table::Plan { layouts: &[&LAYOUT, &fingerspot::LAYOUT, &recap::LAYOUT], headerless: None };
    let outcome = table::read(reading, &plan, &mut |row| found.row(reading, row))?;
    let mut settled = settle(reading, outcome, Emptiness::Refused)?;
    if found.monthless {
        return Err(IntakeError::PeriodNeeded { file: reading.name.to_owned(), kind: FileKind::Attendance });
    }
    // People who stand in the file by PIN only are not missing from it.
    let scope = if found.scans.is_empty() { Scope::Everybody } else { Scope::Named };
    let device = reading.name.rsplit_once('.').map_or(reading.name, |(stem, _)| stem);
    let mut deliveries = Vec::new();
    if !found.days.is_empty() {
        deliveries.push(of_main_month(reading, &mut settled, found.days, (Kind::Attendance, scope), Body::Attendance)?);
    }
    if !found.recaps.is_empty() {
        let kind = (Kind::AttendanceRecap, Scope::Named);
        deliveries.push(of_main_month(reading, &mut settled, found.recaps, kind, Body::AttendanceRecap)?);
    }
    deliveries.extend(found.scans.deliveries(reading, device, &mut settled));
    match (deliveries.is_empty(), reading.period) {
        (false, _) => Ok(deliveries),
        (true, Some(period)) => Err(refuse(reading, RefusalReason::NoRowOfPeriod(period))),
        (true, None) => Err(refuse(reading, RefusalReason::OnlyHeader)),
    }
}

/// One delivery for the month asked for, or the one with the most rows; rows of other months are under their own.
fn of_main_month<T, S: Shelf<T>>(
    reading: &Reading<'_>,
    settled: &mut Settled<'_>,
    rows: Ledger<T, S>,
    (kind, scope): (Kind, Scope),
    body: impl Fn(S) -> Body,
) -> Result<Delivery, IntakeError> {
    let spans = rows.spans();
    let span = reading.period.map(Span::Month).or_else(|| rows.main_span());
    let Some(span @ Span::Month(period)) = span else { return Err(refuse(reading, RefusalReason::OnlyHeader)) };
    if !spans.contains_key(&span) {
        return Err(refuse(reading, RefusalReason::NoRowOfPeriod(period)));
    }
    let others = spans.iter().filter(|(other, _)| **other != span).map(|(_, rows)| rows).sum();
    if others > 0 {
        settled.notices.push(Notice::OtherMonths { rows: others, period });
    }
    let statements = rows.statements(&settled.outcome.sheets, body);
    let label = Label { kind, span, part: part(period, reading), scope, period: Some(period) };
    let facts = SourceFacts { days: days_of(&statements), ..SourceFacts::default() };
    Ok(settled.deliver(label, facts, statements))
}

impl Found {
    fn row(&mut self, reading: &Reading<'_>, row: &mut Row<'_>) {
        let layout = row.header().layout;
        if std::ptr::eq(layout, &recap::LAYOUT) {
            self.recap(reading, row);
        } else if std::ptr::eq(layout, &fingerspot::LAYOUT) {
            match fingerspot::day(row) {
                Some((Person::Nip(nip), day)) => self.days.add(nip, Span::Month(Period::of(day.tanggal)), day, row.place()),
                Some((Person::Pin(pin), day)) => self.scans.add(pin, day, row.number),
                None => {}
            }
        } else if let Some((nip, day)) = day(row) {
            self.days.add(nip, Span::Month(Period::of(day.tanggal)), day, row.place());
        }
    }

    fn recap(&mut self, reading: &Reading<'_>, row: &mut Row<'_>) {
        let Some((nip, month, recap)) = recap::line(reading, row) else {
            self.monthless |= row.is_clean();
            return;
        };
        if self.twice.insert((nip, month), recap.clone()).is_some_and(|known| known != recap) {
            row.refuse("nip", RefusalReason::NamedTwice);
            return;
        }
        self.recaps.add(nip, Span::Month(month), recap, row.place());
    }
}

/// The days on which anybody has a row.
fn days_of(statements: &[Statement]) -> Vec<NaiveDate> {
    // a bit a day of the month, since every statement is about one month
    let mut months: BTreeMap<Span, u32> = BTreeMap::new();
    for statement in statements {
        if let Some(Body::Attendance(rows)) = &statement.body {
            *months.entry(statement.span).or_default() |= rows.iter().fold(0, |days, row| days | 1 << row.tanggal.day());
        }
    }
    let in_month = |(span, days): (Span, u32)| match span {
        Span::Month(month) => Some(month.days().filter(move |day| days & 1 << day.day() != 0)),
        _ => None,
    };
    months.into_iter().filter_map(in_month).flatten().collect()
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
    let keterangan = row.take("keterangan", values::remark).map(String::into_boxed_str);
    let alasan_manual = row.take("alasan_manual", manual_reason);
    let minutes_late = row.take("menit_terlambat", duration::minutes);
    let minutes_early = row.take("menit_pulang_cepat", duration::minutes);
    if !row.is_clean() {
        return None;
    }
    let day = AttendanceDay { tanggal: tanggal?, jam_masuk, jam_pulang, status, keterangan, alasan_manual, minutes_late, minutes_early };
    Some((nip?, day))
}

fn manual_reason(cell: Cell<'_>) -> Result<ManualReason, RefusalReason> {
    values::choice(cell, &REASONS)
}
