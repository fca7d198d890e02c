//! What the days of a month come to: its derivation, what it costs, and AB04.

use super::exhibits;
use crate::domain::attendance::{AttendanceDay, ManualReason};
use crate::domain::dossier::Row;
use crate::domain::finding::{Code, Exhibit};
use crate::domain::percent::Percent;
use crate::domain::verdict::Step;
use crate::policy::{EventKind, MinuteKind, Policy};
use crate::reconcile::rules::day::DayOutcome;
use crate::reconcile::worksheet::{Draft, Worksheet};
use chrono::NaiveDate;

/// What the days of a month come to.
#[derive(Default)]
pub(super) struct Month {
    absent: Vec<(NaiveDate, bool)>,
    without_trace: usize,
    days: usize,
    permitted: usize,
    unrecorded: usize,
    step: Option<Step>,
}

impl Month {
    /// A working day about which the source says nothing about anybody (AB02): no absence follows, and a run of absence
    /// does not go on across it.
    pub(super) fn skip(&mut self, day: NaiveDate) {
        self.unrecorded += 1;
        self.absent.push((day, false));
    }

    pub(super) fn add(
        &mut self,
        sheet: &mut Worksheet<'_>,
        day: NaiveDate,
        row: Option<&Row<AttendanceDay>>,
        outcome: &DayOutcome,
        permitted: bool,
    ) {
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
        if let Some(reason) = row.and_then(|row| row.value.alasan_manual) {
            step = step.value("manual", manual_reason(sheet.policy, reason));
        }
        if step.values.len() > 1 {
            let all = self.step.take().unwrap_or_else(|| Step::new("attendance"));
            self.step = Some(all.part(step.evidence(exhibits(row))));
        }
    }

    /// Charges absence and states the month; returns the working days with whether each was held as absent.
    pub(super) fn close(mut self, sheet: &mut Worksheet<'_>) -> Vec<(NaiveDate, bool)> {
        if self.days > 0 && self.without_trace == self.days && self.permitted == 0 {
            sheet.silence(Code::Ab05);
            let shown: Vec<Exhibit> = sheet.dossier.attendance.first().into_iter().flat_map(|row| exhibits(Some(row))).collect();
            sheet.find(Draft::new(Code::Ab04).param("days", self.days).shows(shown));
        }
        let charged = charge_absence(sheet, &self.absent);
        let all = self.step.take().unwrap_or_else(|| Step::new("attendance"));
        let policy = sheet.policy;
        let mut step = all.value("workdays", self.days);
        if self.unrecorded > 0 {
            step = step.value("unrecorded", self.unrecorded);
        }
        for citation in [policy.file.worktime.citation(), policy.file.period.citation(), policy.cite_calendar()] {
            step = step.rule(sheet.cite(citation));
        }
        if let Some(absence) = charged {
            step = step.part(absence);
        }
        sheet.steps.push(step);
        self.absent
    }
}

/// The reason of a manual row in the policy's words (Permenko Infra 10/2025 Pasal 22 ayat (2)). A letter that the policy
/// does not list is shown as such; the contract lets no rule refuse the row for it.
fn manual_reason(policy: &Policy, reason: ManualReason) -> String {
    let listed = policy.file.attendance.scan.manual_reasons.iter().find(|listed| listed.code == reason.code());
    match listed {
        Some(listed) => format!("{}: {}", reason.code(), listed.text),
        None => format!("{} (tidak ada di attendance.scan.manual_reasons)", reason.code()),
    }
}

/// The longest run of absence.
pub(super) fn longest_run(days: &[(NaiveDate, bool)]) -> u32 {
    days.split(|(_, absent)| !absent).map(<[_]>::len).max().unwrap_or(0) as u32
}

/// Absence: a percent a working day, or the consecutive limit instead of the sum.
fn charge_absence(sheet: &mut Worksheet<'_>, days: &[(NaiveDate, bool)]) -> Option<Step> {
    let count = days.iter().filter(|(_, absent)| *absent).count() as u32;
    let rule = sheet.policy.file.event_rule(EventKind::Absent)?;
    if count == 0 {
        return None;
    }
    let longest = longest_run(days);
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
