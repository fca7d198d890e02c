//! What lateness, early leave, missing scans and absence cost.

use super::month::longest_run;
use crate::domain::percent::Percent;
use crate::domain::verdict::Step;
use crate::policy::{BandScope, EventKind, EventUnit, MinuteKind, Policy};
use crate::reconcile::worksheet::Worksheet;
use chrono::NaiveDate;

/// Whether the minutes of a kind are summed over the month before their band is looked up. A percent a minute comes to
/// the same either way and stays with its day.
pub(super) fn is_cumulative(policy: &Policy, kind: MinuteKind) -> bool {
    policy.file.worktime.rounding.band_scope == BandScope::CumulativeMonth && policy.file.band_rule(kind).is_some()
}

/// Absence: a percent a working day, or the consecutive limit instead of the sum.
pub(super) fn absence(sheet: &mut Worksheet<'_>, days: &[(NaiveDate, bool)]) -> Option<Step> {
    let count = days.iter().filter(|(_, absent)| *absent).count() as u32;
    let rule = sheet.policy.file.event_rule(EventKind::Absent)?;
    if count == 0 {
        return None;
    }
    let longest = longest_run(days);
    let limit = rule.consecutive_days_limit.filter(|limit| longest >= *limit).and(rule.consecutive_limit_percent);
    let percent = limit.unwrap_or_else(|| rule.percent.unwrap_or_default().times(i64::from(count)));
    sheet.cut("absent", rule.base, percent, Some(count));
    let citation = sheet.cite(rule);
    Some(
        sheet
            .step("absent")
            .value("days", count)
            .value("consecutive", longest)
            .value("percent", percent)
            .value("base", rule.base.key())
            .rule(citation),
    )
}

/// The events of a day. One that costs `per = "workday"` is left out where another event of the day costs as much or
/// more: the day is charged once.
pub(super) fn events(sheet: &mut Worksheet<'_>, events: &[EventKind], step: Step) -> Step {
    let policy = sheet.policy;
    let own = |kind: &EventKind| policy.file.event_rule(*kind).and_then(|rule| rule.percent).unwrap_or_default();
    let once = |kind: &EventKind| policy.file.event_rule(*kind).is_some_and(|rule| rule.per == Some(EventUnit::Workday));
    let mut step = step;
    for (index, kind) in events.iter().enumerate() {
        let others = events.iter().enumerate().filter(|(other, _)| *other != index);
        let heavier = others.filter(|(_, other)| once(other)).any(|(other, kind_of)| (own(kind_of), index) > (own(kind), other));
        if once(kind) && heavier {
            continue;
        }
        step = event(sheet, *kind, step);
    }
    step
}

/// A single event: its own percent, or that of the band it is treated as (Permenko Infra 10/2025 Pasal 22(4), (5)).
fn event(sheet: &mut Worksheet<'_>, kind: EventKind, step: Step) -> Step {
    let policy = sheet.policy;
    let Some(rule) = policy.file.event_rule(kind) else {
        return step;
    };
    let mut step = step.rule(sheet.cite(rule));
    match rule.treat_as.as_deref().and_then(|code| policy.file.band_by_code(code)) {
        Some((bands, band)) => {
            sheet.cut(&band.code, bands.base, band.percent, Some(1));
            step = step.value(kind.key(), &band.code).value("percent", band.percent).rule(sheet.cite(bands));
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

/// Minutes late or early of one day: the band of the minutes or of the time of day, or a percent a minute. `at`: the
/// minute of the day of the arrival or the leaving.
pub(super) fn minutes(sheet: &mut Worksheet<'_>, kind: MinuteKind, minutes: u32, at: u32, step: Step) -> Step {
    let policy = sheet.policy;
    let mut step = step;
    if let Some(rule) = policy.file.band_rule(kind) {
        let edge = policy.file.worktime.rounding.band_boundary;
        let hit = if rule.is_by_clock() { rule.band_at(at, edge) } else { rule.band_of(minutes, edge) };
        if rule.is_by_clock() {
            step = step.value("clock", format!("{:02}:{:02}", at / 60 % 24, at % 60));
        }
        if let Some(band) = hit {
            sheet.cut(&band.code, rule.base, band.percent, Some(1));
            step = step.value("band", &band.code).value("percent", band.percent).rule(sheet.cite(rule));
        }
    }
    if let Some(rule) = policy.file.linear_rule(kind) {
        let percent = rule.percent_per_minute.times(i64::from(minutes));
        sheet.cut(kind.key(), rule.base, percent, Some(1));
        step = step.value("percent", percent).rule(sheet.cite(rule));
    }
    step
}

/// The minutes of a month together: one band, once (Permentan 68/2012 counts them "kumulatif 1 bulan").
pub(super) fn month_of_minutes(sheet: &mut Worksheet<'_>, kind: MinuteKind, minutes: u32, days: u32) -> Step {
    let policy = sheet.policy;
    let mut step = sheet.step("cumulative").value(kind.key(), minutes).value("days", days);
    let Some(rule) = policy.file.band_rule(kind) else { return step };
    if let Some(band) = rule.band_of(minutes, policy.file.worktime.rounding.band_boundary) {
        sheet.cut(&band.code, rule.base, band.percent, Some(days));
        step = step.value("band", &band.code).value("percent", band.percent).value("base", rule.base.key());
    }
    step.rule(sheet.cite(rule))
}
