//! What the days of a month come to: its derivation and AB04; what it costs, [`charge`] says.

use super::charge;
use super::exhibits;
use crate::domain::attendance::{AttendanceDay, ManualReason};
use crate::domain::dossier::Row;
use crate::domain::finding::{Code, Exhibit};
use crate::domain::verdict::Step;
use crate::policy::{EventKind, MinuteKind, Policy};
use crate::reconcile::rules::day::DayOutcome;
use crate::reconcile::worksheet::{Draft, Worksheet};
use chrono::NaiveDate;
use std::collections::BTreeMap;

/// What the days of a month come to.
#[derive(Default)]
pub(super) struct Month {
    absent: Vec<(NaiveDate, bool)>,
    without_trace: usize,
    days: usize,
    permitted: usize,
    unrecorded: usize,
    /// Minutes and days of the month, where bands go by their sum.
    minutes: BTreeMap<MinuteKind, (u32, u32)>,
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
        let mut step = sheet.step("day").value("day", day);
        if outcome.absent {
            step = step.value("absent", 1);
        }
        if let Some(rule) = sheet.policy.file.event_rule(EventKind::NoScanAtAll).filter(|_| outcome.no_scan) {
            step = step.rule(sheet.cite(rule));
        }
        if let Some(rule) = outcome.by_event.and_then(|event| sheet.policy.file.event_rule(event)) {
            step = step.value(rule.kind.key(), "absent").rule(sheet.cite(rule));
        }
        step = charge::events(sheet, &outcome.events, step);
        for (kind, minutes, at) in
            [(MinuteKind::Late, outcome.late, outcome.late_at), (MinuteKind::EarlyLeave, outcome.early, outcome.early_at)]
        {
            if minutes > 0 {
                step = step.value(kind.key(), minutes);
                if charge::is_cumulative(sheet.policy, kind) {
                    let sum = self.minutes.entry(kind).or_default();
                    *sum = (sum.0 + minutes, sum.1 + 1);
                } else {
                    step = charge::minutes(sheet, kind, minutes, at, step);
                }
            }
        }
        if outcome.flexed {
            let flex = &sheet.policy.file.worktime.flex;
            step = step.rule(sheet.cite(flex));
        }
        if outcome.compensated {
            step = step.value("compensated", "ya");
        }
        if let Some(span) = sheet.policy.file.ramadan_on(day) {
            step = step.rule(sheet.cite(span));
        }
        if let Some(reason) = row.and_then(|row| row.value.alasan_manual) {
            step = step.value("manual", manual_reason(sheet.policy, reason));
        }
        if step.values.len() > 1 {
            let all = self.step.take().unwrap_or_else(|| sheet.step("attendance"));
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
        let mut charged: Vec<Step> = Vec::new();
        for (kind, (minutes, days)) in std::mem::take(&mut self.minutes) {
            charged.push(charge::month_of_minutes(sheet, kind, minutes, days));
        }
        charged.extend(charge::absence(sheet, &self.absent));
        let all = self.step.take().unwrap_or_else(|| sheet.step("attendance"));
        let policy = sheet.policy;
        let mut step = all.value("workdays", self.days);
        if self.unrecorded > 0 {
            step = step.value("unrecorded", self.unrecorded);
        }
        step =
            step.rule(sheet.cite(&policy.file.worktime)).rule(sheet.cite(&policy.file.period)).rule(sheet.cite(&policy.calendar_citation));
        for part in charged {
            step = step.part(part);
        }
        sheet.explain(step);
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
