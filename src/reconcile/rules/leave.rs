//! LV04, LV05 and what leave costs.

use crate::domain::dossier::{Dossier, Row};
use crate::domain::finding::{Code, Exhibit};
use crate::domain::leave::{DoctorsLetter, Permit, PermitKind};
use crate::domain::percent::Percent;
use crate::domain::period::{Period, add_months};
use crate::domain::verdict::Step;
use crate::policy::{LeaveBand, LeaveRule, LeaveUnit, PartialMonth, Policy};
use crate::reconcile::worksheet::{Draft, Worksheet};
use chrono::{Datelike, Days, NaiveDate};
use std::collections::BTreeSet;

/// The approved permits of a person, and the days of leave that count as absence for want of a document.
#[derive(Debug, Default)]
pub struct LeavePlan {
    approved: Vec<Row<Permit>>,
    undocumented: BTreeSet<NaiveDate>,
}

impl LeavePlan {
    /// Approved permits that cover the day.
    pub fn permits_on(&self, day: NaiveDate) -> Vec<&Permit> {
        self.approved.iter().map(|row| &row.value).filter(|permit| permit.covers(day)).collect()
    }

    /// Those permits as evidence.
    pub fn exhibits_on(&self, day: NaiveDate) -> Vec<Exhibit> {
        self.approved.iter().filter(|row| row.value.covers(day)).map(exhibit).collect()
    }

    /// Whether the day counts as absence because a document is missing.
    pub fn is_undocumented(&self, day: NaiveDate) -> bool {
        self.undocumented.contains(&day)
    }
}

fn exhibit(row: &Row<Permit>) -> Exhibit {
    let permit = &row.value;
    row.exhibit("jenis", Some(format!("{} {}..{}", permit.jenis.code(), permit.mulai, permit.selesai)))
}

/// All leave rules: what it costs, and who has to decide.
pub fn check(sheet: &mut Worksheet<'_>, duty_days: &[NaiveDate]) -> LeavePlan {
    let approved: Vec<Row<Permit>> = sheet.dossier.permits.iter().filter(|row| row.value.is_approved()).cloned().collect();
    let mut plan = LeavePlan { approved, undocumented: BTreeSet::new() };
    let mut charged: BTreeSet<NaiveDate> = BTreeSet::new();
    for row in plan.approved.clone() {
        if !row.value.jenis.is_leave() {
            continue;
        }
        let days: Vec<NaiveDate> = duty_days.iter().copied().filter(|day| row.value.covers(*day) && !charged.contains(day)).collect();
        if days.is_empty() {
            continue;
        }
        charged.extend(days.iter().copied());
        charge(sheet, &row, &days, duty_days, &mut plan.undocumented);
    }
    plan
}

/// The permits of other days than the period's, without what they cost: which of these working days fall to leave
/// whose document is missing. No finding comes of it; those were raised in their own month.
pub fn of_days(policy: &Policy, dossier: &Dossier, days: &[NaiveDate]) -> LeavePlan {
    let approved: Vec<Row<Permit>> = dossier.permits.iter().filter(|row| row.value.is_approved()).cloned().collect();
    let mut plan = LeavePlan { approved, undocumented: BTreeSet::new() };
    let mut charged: BTreeSet<NaiveDate> = BTreeSet::new();
    for permit in plan.approved.iter().map(|row| &row.value).filter(|permit| permit.jenis.is_leave()) {
        let own: Vec<NaiveDate> = days.iter().copied().filter(|day| permit.covers(*day) && !charged.contains(day)).collect();
        charged.extend(own.iter().copied());
        let Some(rule) = policy.file.leave_rule(permit.jenis).filter(|rule| rule.eligible != Some(false)) else { continue };
        let too_many = rule.max_child.zip(permit.anak_ke).is_some_and(|(most, child)| child > most);
        if rule.document.is_some() && !too_many && !documented(policy, rule, permit) {
            plan.undocumented.extend(own);
        }
    }
    plan
}

/// What one leave does to the period. `days`: its working days in the window.
fn charge(
    sheet: &mut Worksheet<'_>,
    row: &Row<Permit>,
    days: &[NaiveDate],
    duty_days: &[NaiveDate],
    undocumented: &mut BTreeSet<NaiveDate>,
) {
    let kind = row.value.jenis;
    let policy = sheet.policy;
    let Some(rule) = policy.file.leave_rule(kind) else {
        decide(sheet, row, "no_rule");
        return;
    };
    let citation = sheet.cite(rule);
    if rule.eligible == Some(false) {
        let step = sheet.step("leave").value("kind", kind.code()).value("days", days.len()).rule(citation).evidence([exhibit(row)]);
        let step = part_of_month(sheet, row, Percent::HUNDRED, Leave { rule, days, duty_days }, step);
        if let Some(step) = step {
            sheet.explain(step);
        }
        return;
    }
    let too_many = rule.max_child.zip(row.value.anak_ke).is_some_and(|(most, child)| child > most);
    if too_many {
        decide(sheet, row, "max_child");
        return;
    }
    if rule.document.is_some() && !documented(policy, rule, &row.value) {
        let letter = match row.value.surat_dokter {
            DoctorsLetter::On(day) => Some(day.to_string()),
            _ => None,
        };
        let draft = Draft::new(Code::Lv04)
            .about(row.value.mulai)
            .param("kind", kind.code())
            .param("from", row.value.mulai)
            .param("to", row.value.selesai);
        sheet.find(draft.shows([exhibit(row), row.exhibit("surat_dokter", letter)]));
        undocumented.extend(days.iter().copied());
        return;
    }
    let step = sheet.step("leave").value("kind", kind.code()).value("days", days.len()).rule(citation).evidence([exhibit(row)]);
    let step = match rule.per {
        Some(LeaveUnit::DayBand) => by_day(sheet, row, rule, days, duty_days, step),
        Some(LeaveUnit::MonthOfLeave) => by_month(sheet, row, rule, days, duty_days, step),
        None => Some(step.value("percent_paid", rule.percent_paid.unwrap_or(Percent::HUNDRED))),
    };
    if let Some(step) = step {
        sheet.explain(step);
    }
}

/// LV05: a person decides.
fn decide(sheet: &mut Worksheet<'_>, row: &Row<Permit>, why: &str) {
    let draft = Draft::new(Code::Lv05).about(row.value.mulai).param("kind", row.value.jenis.code()).param("why", why).shows([exhibit(row)]);
    sheet.find_blocking_amount(draft);
}

/// Whether the letter came in time: due days are inclusive, counted from the first day after a leave of one or two
/// days, else from its first day (contract §6).
fn documented(policy: &Policy, rule: &LeaveRule, permit: &Permit) -> bool {
    let length = (permit.selesai - permit.mulai).num_days() + 1;
    match permit.surat_dokter {
        DoctorsLetter::None => false,
        DoctorsLetter::InTime => true,
        DoctorsLetter::On(day) => match rule.document_due_workdays {
            None => true,
            Some(due) => {
                let from = if length <= 2 { permit.selesai + Days::new(1) } else { permit.mulai };
                day <= policy.calendar.nth_workday_from(from, due)
            }
        },
    }
}

/// Whether a day of the leave lies in a band; edges count running calendar days or full months from its first day.
fn in_band(band: &LeaveBand, first: NaiveDate, day: NaiveDate) -> bool {
    let running = (day - first).num_days() + 1;
    let after = |months: u32| day >= add_months(first, months);
    band.from_day.is_none_or(|from| running >= i64::from(from))
        && band.to_day.is_none_or(|to| running < i64::from(to))
        && band.from_month.is_none_or(after)
        && band.to_month.is_none_or(|to| !after(to))
}

/// Marginal bands over the running calendar days, deducted on the period's working days.
fn by_day(
    sheet: &mut Worksheet<'_>,
    row: &Row<Permit>,
    rule: &LeaveRule,
    days: &[NaiveDate],
    duty_days: &[NaiveDate],
    step: Step,
) -> Option<Step> {
    let name = format!("leave:{}", row.value.jenis.code());
    let mut step = step;
    let (mut percent, mut cut_days) = (Percent::ZERO, 0u32);
    let mut overriding: Option<(Percent, usize)> = None;
    for day in days {
        let Some(band) = rule.bands.iter().find(|band| in_band(band, row.value.mulai, *day)) else {
            decide(sheet, row, "beyond_bands");
            return None;
        };
        if let Some(per_day) = band.deduct_per_day.filter(|per_day| *per_day > Percent::ZERO) {
            percent += per_day;
            cut_days += 1;
        }
        // paid in full is no override: the day costs nothing
        if let Some(paid) = band.percent_paid.filter(|paid| *paid < Percent::HUNDRED) {
            let counted = overriding.map_or(0, |(_, counted)| counted);
            overriding = Some((paid, counted + 1));
        }
    }
    let prorated = sheet.policy.file.leave_rules.partial_month == PartialMonth::ProrataWorkdays;
    if let Some((paid, counted)) = overriding {
        // a month of which only a part lies in a band "paid at n %" is not regulated
        let whole = counted == duty_days.len();
        if !whole && is_reviewed(sheet, counted, duty_days) {
            decide(sheet, row, "partial_month");
            return None;
        }
        if whole || !prorated {
            // the month is paid at n %, whatever its other days would have cost
            (percent, cut_days) = (paid.complement(), counted as u32);
        } else {
            let (counted, of) = (counted as u32, duty_days.len() as u32);
            sheet.cut_share(&name, rule.base, paid.complement(), counted, of);
            step = step.value("share", paid.complement()).value("days", counted).value("days_of_period", of);
        }
    }
    if percent > Percent::ZERO {
        sheet.cut(&name, rule.base, percent, Some(cut_days));
    }
    step = step.value("percent", percent).value("base", rule.base.key());
    Some(step)
}

/// Cut by month of the leave: calendar months from its first day.
fn by_month(
    sheet: &mut Worksheet<'_>,
    row: &Row<Permit>,
    rule: &LeaveRule,
    days: &[NaiveDate],
    duty_days: &[NaiveDate],
    step: Step,
) -> Option<Step> {
    let month = month_of_leave(row.value.mulai, sheet.dossier.period);
    let Some(percent) = usize::try_from(month - 1).ok().and_then(|index| rule.deduct_by_month.get(index)).copied() else {
        decide(sheet, row, "beyond_months");
        return None;
    };
    part_of_month(sheet, row, percent, Leave { rule, days, duty_days }, step.value("month_of_leave", month))
}

/// The days of one leave in the period.
struct Leave<'a> {
    rule: &'a LeaveRule,
    days: &'a [NaiveDate],
    duty_days: &'a [NaiveDate],
}

/// A cut of the month: whole where the period lies wholly inside the leave, else as `leave_rules.partial_month` says.
fn part_of_month(sheet: &mut Worksheet<'_>, row: &Row<Permit>, percent: Percent, leave: Leave<'_>, step: Step) -> Option<Step> {
    let (permit, period) = (&row.value, sheet.dossier.period);
    let whole = permit.mulai <= period.first_day() && permit.selesai >= period.last_day();
    if !whole && is_reviewed(sheet, leave.days.len(), leave.duty_days) {
        decide(sheet, row, "partial_month");
        return None;
    }
    let (name, base) = (format!("leave:{}", permit.jenis.code()), leave.rule.base);
    let step = step.value("percent", percent).value("base", base.key());
    if whole || sheet.policy.file.leave_rules.partial_month != PartialMonth::ProrataWorkdays {
        sheet.cut(&name, base, percent, None);
        return Some(step);
    }
    let (days, of) = (leave.days.len() as u32, leave.duty_days.len() as u32);
    sheet.cut_share(&name, base, percent, days, of);
    Some(step.value("days_of_period", of))
}

/// Whether a person decides about a part of a month: always, or when a few days would change the whole month.
fn is_reviewed(sheet: &Worksheet<'_>, days: usize, duty_days: &[NaiveDate]) -> bool {
    let rules = &sheet.policy.file.leave_rules;
    rules.partial_month == PartialMonth::Review || (rules.review_if_override_and_days_below_half && days * 2 < duty_days.len())
}

/// Which month of the leave a period is, from 1.
fn month_of_leave(first: NaiveDate, period: Period) -> i32 {
    (period.year() - first.year()) * 12 + period.month() as i32 - first.month() as i32 + 1
}

/// A CLTN permit that covers the whole period ends entitlement as the roster's status does.
pub fn covers_whole_period(row: &Row<Permit>, period: Period) -> bool {
    row.value.jenis == PermitKind::Cltn
        && row.value.is_approved()
        && row.value.mulai <= period.first_day()
        && row.value.selesai >= period.last_day()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn bands_count_running_days_and_full_months() {
        let first: NaiveDate = "2026-01-05".parse().unwrap();
        let band = |from_day, to_day, from_month, to_month| LeaveBand {
            from_day,
            to_day,
            from_month,
            to_month,
            deduct_per_day: None,
            percent_paid: None,
        };
        let day = |text: &str| text.parse::<NaiveDate>().unwrap();
        assert!(in_band(&band(Some(1), Some(3), None, None), first, day("2026-01-06")));
        assert!(!in_band(&band(Some(1), Some(3), None, None), first, day("2026-01-07")));
        assert!(in_band(&band(Some(3), None, None, Some(6)), first, day("2026-07-04")));
        assert!(!in_band(&band(Some(3), None, None, Some(6)), first, day("2026-07-05")));
        assert!(in_band(&band(None, None, Some(6), Some(18)), first, day("2026-07-05")));
    }

    #[test]
    fn months_of_leave_are_calendar_months() {
        assert_eq!(month_of_leave("2026-09-15".parse().unwrap(), "2026-10".parse().unwrap()), 2);
        assert_eq!(month_of_leave("2025-12-01".parse().unwrap(), "2026-01".parse().unwrap()), 2);
    }
}
