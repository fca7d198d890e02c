//! DS02: unexcused absence of the calendar year against the steps of PP 94/2021. It counts every day held as absent
//! (TIDAK_HADIR, leave without a permit, undocumented sick leave, no scan at all taken as absent), by the policy in
//! force, and is raised from the lowest step on. Selaras reports; people decide.

use super::duty_days_between;
use super::month::longest_run;
use super::shift;
use super::worker;
use crate::domain::attendance::AttendanceDay;
use crate::domain::dossier::Row;
use crate::domain::finding::{Code, Exhibit};
use crate::domain::period::Period;
use crate::reconcile::rules::day::{Hours, assess};
use crate::reconcile::rules::leave;
use crate::reconcile::worksheet::{Draft, Worksheet};
use chrono::{Datelike, NaiveDate};
use std::collections::{BTreeMap, BTreeSet};

/// Rows shown as evidence; the days themselves are counted by month.
const SHOWN: usize = 5;

/// DS02, from the days of this window and the rows of the year before it.
pub(super) fn check(sheet: &mut Worksheet<'_>, window: &[(NaiveDate, bool)]) {
    let (year, warn) = (sheet.dossier.period.year(), &sheet.policy.file.discipline.warn);
    let mut days = earlier(sheet);
    days.extend(window.iter().filter(|(day, _)| day.year() == year).copied());
    let absent: Vec<NaiveDate> = days.iter().filter(|(_, absent)| *absent).map(|(day, _)| *day).collect();
    let (count, run) = (absent.len() as u32, longest_run(&days));
    let step = warn.cumulative_days.iter().rev().find(|step| **step <= count);
    if step.is_none() && run < warn.consecutive_days {
        return;
    }
    let mut draft = Draft::new(Code::Ds02).param("days", count).param("consecutive", run);
    if let Some(step) = step {
        draft = draft.param("step", step);
    }
    let reaches = |[from, to]: [u32; 2]| (from..=to).contains(&count);
    let level = sheet.policy.file.discipline.level.iter().find(|level| level.cumulative_absent_days_year.is_some_and(reaches));
    if let Some(level) = level {
        draft = draft.param("level", &level.code);
        sheet.cite(level);
    }
    sheet.find(draft.shows(shown(sheet, &absent)));
}

/// The working days of the year before the window with whether the person is held as absent. Of a month in which no
/// file names the person nothing is known (AB01 of that month), so nothing is counted.
fn earlier(sheet: &Worksheet<'_>) -> Vec<(NaiveDate, bool)> {
    let (policy, dossier) = (sheet.policy, sheet.dossier);
    let regrouped = shift::earlier(policy, dossier);
    let rows: BTreeMap<NaiveDate, &Row<AttendanceDay>> = regrouped.iter().rev().map(|row| (row.value.tanggal, row)).collect();
    let (from, _) = policy.attendance_window(dossier.period);
    let (Some((first, _)), Some(last)) = (rows.first_key_value(), from.pred_opt()) else { return Vec::new() };
    let known: BTreeSet<Period> = rows.keys().map(|day| Period::of(*day)).collect();
    let duty = duty_days_between(policy, dossier, Period::of(*first).first_day(), last);
    let duty: Vec<NaiveDate> = duty.into_iter().filter(|day| known.contains(&Period::of(*day))).collect();
    let plan = leave::of_days(policy, dossier, &duty);
    let worker = worker(dossier);
    let is_absent = |day: NaiveDate| {
        let row = rows.get(&day).map(|row| &row.value);
        let recorded = row.is_some() || !dossier.unrecorded.contains(&day);
        recorded && assess(policy, Hours::of(policy, day, worker), row, &plan.permits_on(day), plan.is_undocumented(day)).absent
    };
    duty.into_iter().filter(|day| day.year() == dossier.period.year()).map(|day| (day, is_absent(day))).collect()
}

/// The count of each month, and the first rows of it.
fn shown(sheet: &Worksheet<'_>, absent: &[NaiveDate]) -> Vec<Exhibit> {
    let dossier = sheet.dossier;
    let mut by_month: BTreeMap<Period, usize> = BTreeMap::new();
    absent.iter().for_each(|day| *by_month.entry(Period::of(*day)).or_default() += 1);
    let all = || dossier.earlier_attendance.iter().chain(&dossier.attendance);
    let mut shown = Vec::new();
    for (month, count) in by_month {
        // an absent day without a row is shown by any row of its month: the file is the same
        if let Some(row) = all().find(|row| month.contains(row.value.tanggal)) {
            shown.push(row.exhibit(&format!("tidak hadir {month}"), Some(count.to_string())));
        }
    }
    let rows = absent.iter().filter_map(|day| all().find(|row| row.value.tanggal == *day));
    let status = |row: &Row<AttendanceDay>| row.value.status.map_or("", |status| status.code());
    shown.extend(rows.take(SHOWN).map(|row| row.exhibit("hari", Some(format!("{} {}", row.value.tanggal, status(row)).trim().to_owned()))));
    shown
}
