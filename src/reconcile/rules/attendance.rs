//! AB01, AB04, AB05, AB06, AB07, AB09, LV01–LV03 and what a month of attendance costs.

use super::day::{DayOutcome, DayRemark, assess};
use super::leave::LeavePlan;
use super::source;
use super::status::ends_entitlement;
use crate::domain::attendance::{AttendanceDay, DayStatus};
use crate::domain::dossier::{Dossier, Row};
use crate::domain::evidence::Kind;
use crate::domain::finding::{Code, Exhibit};
use crate::domain::percent::Percent;
use crate::domain::verdict::Step;
use crate::policy::{EventKind, MinuteKind, Policy};
use crate::reconcile::worksheet::{Draft, Worksheet};
use chrono::NaiveDate;
use std::collections::BTreeMap;

/// Row of a date, twice only when one file contradicts itself.
fn rows_by_day(dossier: &Dossier) -> BTreeMap<NaiveDate, Vec<&Row<AttendanceDay>>> {
    let mut days: BTreeMap<NaiveDate, Vec<&Row<AttendanceDay>>> = BTreeMap::new();
    for row in &dossier.attendance {
        days.entry(row.value.tanggal).or_default().push(row);
    }
    days
}

/// Working days of the window on which the person was employed: from the SPMT date until the day before a status that
/// ends entitlement.
pub fn duty_days(policy: &Policy, dossier: &Dossier) -> Vec<NaiveDate> {
    let (from, to) = policy.attendance_window(dossier.period);
    let entry = dossier.roster.first().map(|row| &row.value);
    let spmt = entry.and_then(|entry| entry.tmt_spmt);
    let ended = entry.filter(|entry| ends_entitlement(entry.status)).and_then(|entry| entry.tmt_status?.pred_opt());
    policy.calendar.workdays(spmt.map_or(from, |day| day.max(from)), ended.map_or(to, |day| day.min(to)))
}

/// The row of a day as evidence.
fn exhibits(row: Option<&Row<AttendanceDay>>) -> Vec<Exhibit> {
    let Some(row) = row else { return Vec::new() };
    let time = |time: Option<chrono::NaiveTime>| time.map(|time| time.to_string());
    vec![
        row.exhibit("status", row.value.status.map(|status| status.code().to_owned())),
        row.exhibit("jam_masuk", time(row.value.jam_masuk)),
        row.exhibit("jam_pulang", time(row.value.jam_pulang)),
    ]
}

/// All attendance rules.
pub fn check(sheet: &mut Worksheet<'_>, leave: &LeavePlan) {
    let dossier = sheet.dossier;
    let state = dossier.knowledge(Kind::Attendance).state;
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
    let rows = rows_by_day(dossier);
    absence_on_days_off(sheet, &rows);
    contradictions(sheet, &rows);
    let mut month = Month::default();
    for day in duty_days(sheet.policy, dossier) {
        let found = rows.get(&day).map(Vec::as_slice).unwrap_or_default();
        let row = found.first().copied();
        let permits = leave.permits_on(day);
        let outcome = assess(sheet.policy, day, row.map(|row| &row.value), &permits, leave.is_undocumented(day));
        remarks(sheet, day, row, &outcome, leave);
        month.add(sheet, day, row, &outcome, !permits.is_empty());
    }
    month.close(sheet);
}

/// ID03: one file with two different rows of one day. Money needs the status and the scans of working days only.
fn contradictions(sheet: &mut Worksheet<'_>, rows: &BTreeMap<NaiveDate, Vec<&Row<AttendanceDay>>>) {
    let counts = |row: &AttendanceDay| (row.status, row.jam_masuk, row.jam_pulang);
    for (day, found) in rows.iter().filter(|(_, found)| found.len() > 1) {
        let shown = found.iter().flat_map(|row| exhibits(Some(row)));
        let draft = Draft::new(Code::Id03).about(day).param("field", "attendance").shows(shown);
        let differs = found.iter().any(|row| counts(&row.value) != counts(&found[0].value));
        if differs && sheet.policy.calendar.is_workday(*day) {
            sheet.find_blocking_amount(draft);
        } else {
            sheet.find(draft);
        }
    }
}

/// AB09: absence recorded on a day on which nobody works; it costs nothing.
fn absence_on_days_off(sheet: &mut Worksheet<'_>, rows: &BTreeMap<NaiveDate, Vec<&Row<AttendanceDay>>>) {
    let (from, to) = sheet.policy.attendance_window(sheet.dossier.period);
    for (day, found) in rows.range(from..=to) {
        let Some(row) = found.iter().find(|row| row.value.status == Some(DayStatus::TidakHadir)) else {
            continue;
        };
        if !sheet.policy.calendar.is_workday(*day) {
            let holiday = sheet.policy.calendar.holiday(*day).map_or("akhir pekan", |holiday| holiday.name.as_str());
            sheet.find(Draft::new(Code::Ab09).about(day).param("day", day).param("holiday", holiday).shows(exhibits(Some(row))));
        }
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

/// What the days of a month come to.
#[derive(Default)]
struct Month {
    absent: Vec<(NaiveDate, bool)>,
    without_trace: usize,
    days: usize,
    permitted: usize,
    step: Option<Step>,
}

impl Month {
    fn add(&mut self, sheet: &mut Worksheet<'_>, day: NaiveDate, row: Option<&Row<AttendanceDay>>, outcome: &DayOutcome, permitted: bool) {
        self.days += 1;
        self.permitted += usize::from(permitted);
        self.without_trace += usize::from(outcome.no_trace);
        self.absent.push((day, outcome.absent));
        let mut step = Step::new("day").value("day", day);
        if outcome.absent {
            step = step.value("absent", 1);
        }
        if let Some(rule) = sheet.policy.file.event_rule(EventKind::NoScanAtAll).filter(|_| outcome.no_scan) {
            step = step.rule(sheet.cite(rule.citation()));
        }
        for event in &outcome.events {
            step = charge_event(sheet, *event, step);
        }
        for (kind, minutes) in [(MinuteKind::Late, outcome.late), (MinuteKind::EarlyLeave, outcome.early)] {
            if minutes > 0 {
                step = charge_minutes(sheet, kind, minutes, step.value(kind.key(), minutes));
            }
        }
        if outcome.flexed {
            let flex = &sheet.policy.file.worktime.flex;
            step = step.rule(sheet.cite(flex.citation()));
        }
        if outcome.compensated {
            step = step.value("compensated", "ya");
        }
        if let Some(span) = sheet.policy.file.ramadan_on(day) {
            step = step.rule(sheet.cite(span.citation()));
        }
        if step.values.len() > 1 {
            let all = self.step.take().unwrap_or_else(|| Step::new("attendance"));
            self.step = Some(all.part(step.evidence(exhibits(row))));
        }
    }

    fn close(mut self, sheet: &mut Worksheet<'_>) {
        if self.days > 0 && self.without_trace == self.days && self.permitted == 0 {
            sheet.silence(Code::Ab05);
            let shown: Vec<Exhibit> = sheet.dossier.attendance.first().into_iter().flat_map(|row| exhibits(Some(row))).collect();
            sheet.find(Draft::new(Code::Ab04).param("days", self.days).shows(shown));
        }
        let charged = charge_absence(sheet, &self.absent);
        let all = self.step.take().unwrap_or_else(|| Step::new("attendance"));
        let policy = sheet.policy;
        let mut step = all.value("workdays", self.days);
        for citation in [policy.file.worktime.citation(), policy.file.period.citation(), policy.cite_calendar()] {
            step = step.rule(sheet.cite(citation));
        }
        if let Some(absence) = charged {
            step = step.part(absence);
        }
        sheet.steps.push(step);
    }
}

/// Absence: a percent a working day, or the consecutive limit instead of the sum.
fn charge_absence(sheet: &mut Worksheet<'_>, days: &[(NaiveDate, bool)]) -> Option<Step> {
    let count = days.iter().filter(|(_, absent)| *absent).count() as u32;
    let rule = sheet.policy.file.event_rule(EventKind::Absent)?;
    if count == 0 {
        return None;
    }
    let longest = days.split(|(_, absent)| !absent).map(<[_]>::len).max().unwrap_or(0) as u32;
    let limit = rule.consecutive_days_limit.filter(|limit| longest >= *limit).and(rule.consecutive_limit_percent);
    let percent = limit.unwrap_or_else(|| rule.percent.unwrap_or_default().times(i64::from(count)));
    sheet.cut("absent", rule.base, percent, Some(count));
    let citation = sheet.cite(rule.citation());
    Some(
        Step::new("absent")
            .value("days", count)
            .value("consecutive", longest)
            .value("percent", percent)
            .value("base", rule.base.key())
            .rule(citation),
    )
}

/// A single event: its own percent, or that of the band it is treated as (Permenko Infra 10/2025 Pasal 22(4), (5)).
fn charge_event(sheet: &mut Worksheet<'_>, kind: EventKind, step: Step) -> Step {
    let policy = sheet.policy;
    let Some(rule) = policy.file.event_rule(kind) else {
        return step;
    };
    let mut step = step.rule(sheet.cite(rule.citation()));
    match rule.treat_as.as_deref().and_then(|code| policy.file.band_by_code(code)) {
        Some((bands, band)) => {
            sheet.cut(&band.code, bands.base, band.percent, Some(1));
            step = step.value(kind.key(), &band.code).value("percent", band.percent).rule(sheet.cite(bands.citation()));
        }
        None => {
            let percent = rule.percent.unwrap_or_default();
            if percent > Percent::ZERO {
                sheet.cut(kind.key(), rule.base, percent, Some(1));
            }
            step = step.value(kind.key(), "1").value("percent", percent);
        }
    }
    step
}

/// Minutes late or early: the band, or a percent a minute.
fn charge_minutes(sheet: &mut Worksheet<'_>, kind: MinuteKind, minutes: u32, step: Step) -> Step {
    let policy = sheet.policy;
    let mut step = step;
    for rule in policy.file.deduction.band.iter().filter(|rule| rule.kind == kind) {
        let hit = rule
            .bands
            .iter()
            .find(|band| band.from_minute.is_none_or(|from| minutes >= from) && band.to_minute.is_none_or(|to| minutes < to));
        if let Some(band) = hit {
            sheet.cut(&band.code, rule.base, band.percent, Some(1));
            step = step.value("band", &band.code).value("percent", band.percent).rule(sheet.cite(rule.citation()));
        }
    }
    for rule in policy.file.deduction.linear.iter().filter(|rule| rule.kind == kind) {
        let percent = rule.percent_per_minute.times(i64::from(minutes));
        sheet.cut(kind.key(), rule.base, percent, Some(1));
        step = step.value("percent", percent).rule(sheet.cite(rule.citation()));
    }
    step
}
