//! The source's own arithmetic held against ours: AB10 (Ramadan hours), AB12 (the monthly recap), and the ceremonies that
//! only a recap counts.

use super::is_present;
use super::worker;
use crate::domain::attendance::{AttendanceDay, AttendanceRecap, DayStatus};
use crate::domain::dossier::Row;
use crate::domain::finding::{Code, Exhibit};
use crate::domain::percent::Percent;
use crate::policy::{EventKind, MinuteKind, Policy, Worker};
use crate::reconcile::rules::day::{DayOutcome, Hours, minutes_of_row, scans_on_duty};
use crate::reconcile::worksheet::{Draft, Worksheet};
use chrono::NaiveDate;

/// Days of AB10 shown as evidence.
const SHOWN: usize = 3;

/// AB10: in Ramadan the source states minutes that are right by the ordinary hours and wrong by Ramadan's, whether or not
/// it applies the flexible rule.
pub(super) fn ordinary_hours(sheet: &mut Worksheet<'_>) {
    let policy = sheet.policy;
    let worker = worker(sheet.dossier);
    let mut shown: Vec<Exhibit> = Vec::new();
    let mut days: Vec<NaiveDate> = Vec::new();
    for row in &sheet.dossier.attendance {
        let day = &row.value;
        if (day.minutes_late.is_none() && day.minutes_early.is_none()) || !policy.calendar.is_workday(day.tanggal) {
            continue;
        }
        if policy.file.schedule_of(day.tanggal, worker).is_none_or(|schedule| schedule.assign.is_some()) {
            // shifts keep their hours in Ramadan
            continue;
        }
        let Some(span) = policy.file.ramadan_on(day.tanggal) else { continue };
        let (Some(ours), Some(ordinary)) = (policy.file.hours_on(day.tanggal), policy.file.ordinary_hours_on(day.tanggal)) else {
            continue;
        };
        let stated = |(late, early): &(u32, u32)| {
            let is = |stated: Option<i32>, minutes: u32| stated.is_none_or(|stated| i64::from(stated) == i64::from(minutes));
            is(day.minutes_late, *late) && is(day.minutes_early, *early)
        };
        let right = minutes_of_row(policy, ours.into(), day);
        if right.iter().any(stated) || !minutes_of_row(policy, ordinary.into(), day).iter().any(stated) {
            continue;
        }
        if days.len() < SHOWN {
            let minutes = |late: Option<i32>, early: Option<i32>| {
                let word = |minutes: Option<i32>| minutes.map_or_else(|| "-".to_owned(), |minutes| minutes.to_string());
                format!("{} / {}", word(late), word(early))
            };
            let by_us = minutes(Some(right[0].0 as i32), Some(right[0].1 as i32));
            shown.push(
                row.exhibit(&format!("{} menit terlambat / pulang cepat", day.tanggal), Some(minutes(day.minutes_late, day.minutes_early))),
            );
            shown.push(row.exhibit(&format!("{} menurut jam Ramadan", day.tanggal), Some(by_us)));
        }
        if days.is_empty() {
            sheet.cite(span);
        }
        days.push(day.tanggal);
    }
    if let Some(first) = days.first() {
        sheet.find(Draft::new(Code::Ab10).param("day", first).param("days", days.len()).shows(shown));
    }
}

/// By what the days of a person are judged.
#[derive(Clone, Copy)]
struct Rules<'a> {
    policy: &'a Policy,
    worker: Worker<'a>,
}

impl Rules<'_> {
    fn hours(self, row: &AttendanceDay) -> Option<Hours> {
        Hours::of(self.policy, row.tanggal, self.worker)
    }
}

/// A working day as the month was worked out.
type Worked<'r> = (Option<&'r AttendanceDay>, DayOutcome);

/// AB12: a component of the recap that the days come to under no reading: sources differ in whether the flexible rule,
/// permits and days off count, and none of that is an error of the recap. Each working day that the days lack (AB02) may
/// stand in the recap, so it may state that much more.
pub(super) fn compare(sheet: &mut Worksheet<'_>, days: &[Worked<'_>]) {
    let (policy, dossier) = (sheet.policy, sheet.dossier);
    let Some(recap) = &dossier.recap else { return };
    let (from, to) = policy.attendance_window(dossier.period);
    let lacking = dossier.unrecorded.range(from..=to).count() as i64;
    let rules = Rules { policy, worker: worker(dossier) };
    let workdays = policy.duty_days(rules.worker, from, to).len() as i64;
    let mut shown = Vec::new();
    let mut names = Vec::new();
    for (name, stated, readings) in components(rules, &recap.value, &dossier.attendance, days, workdays) {
        let more = match name.as_str() {
            _ if lacking == 0 => 0,
            "menit_terlambat" | "menit_pulang_cepat" => i64::MAX,
            "tidak_presensi" => 2 * lacking,
            _ => lacking,
        };
        let agrees = |stated: i64| readings.iter().any(|reading| (*reading..=reading.saturating_add(more)).contains(&stated));
        let Some(stated) = stated.filter(|stated| !agrees(*stated)) else { continue };
        shown.push(recap.exhibit(&name, Some(stated.to_string())));
        if let Some(first) = dossier.attendance.first() {
            let own = Row { value: (), origin: std::sync::Arc::clone(&first.origin), position: first.position };
            shown
                .push(Exhibit { locator: String::new(), ..own.exhibit(&format!("{name} (harian)"), readings.first().map(i64::to_string)) });
        }
        names.push(name);
    }
    if !names.is_empty() {
        sheet.find(Draft::new(Code::Ab12).param("components", names.join(", ")).shows(shown));
    }
}

/// Each counter of a recap with what the days come to: our own reading first.
fn components(
    rules: Rules<'_>,
    recap: &AttendanceRecap,
    rows: &[Row<AttendanceDay>],
    days: &[Worked<'_>],
    workdays: i64,
) -> Vec<(String, Option<i64>, Vec<i64>)> {
    let policy = rules.policy;
    let count = |of: &dyn Fn(&Worked<'_>) -> bool| days.iter().filter(|day| of(day)).count() as i64;
    let has = |statuses: &'static [DayStatus]| {
        let is = move |row: &AttendanceDay| row.status.is_some_and(|status| statuses.contains(&status));
        let worked = days.iter().filter(|(row, _)| row.is_some_and(is)).count() as i64;
        vec![worked, rows.iter().filter(|row| is(&row.value)).count() as i64]
    };
    let missing = |(row, _): &Worked<'_>| {
        let scans = scans_on_duty(policy, row.and_then(|row| rules.hours(row)), *row);
        scans.map_or(0, |scans| scans.iter().filter(|scan| scan.is_none()).count())
    };
    let (one, none) = (count(&|day| missing(day) == 1), count(&|day| missing(day) == 2));
    let unexcused = days.iter().flat_map(|(_, outcome)| &outcome.events);
    let events = unexcused.filter(|event| matches!(event, EventKind::NoCheckIn | EventKind::NoCheckOut)).count() as i64;
    let here = |row: &AttendanceDay| is_present(policy, row) && !matches!(row.status, Some(DayStatus::Dinas | DayStatus::Diklat));
    let present = vec![
        count(&|(row, _)| row.is_some_and(|row| is_present(policy, row))),
        rows.iter().filter(|row| is_present(policy, &row.value)).count() as i64,
        count(&|(row, _)| row.is_some_and(here)),
        rows.iter().filter(|row| here(&row.value)).count() as i64,
    ];
    let absent = [count(&|(_, outcome)| outcome.absent), has(&[DayStatus::TidakHadir])[0]];
    let component = |name: &str, stated, readings| (name.to_owned(), stated, readings);
    let mut all = vec![
        component("hari_alpha", recap.hari_alpha, absent.to_vec()),
        component("tidak_presensi", recap.tidak_presensi, vec![events, one, one + 2 * none, one + none]),
        component("menit_terlambat", recap.menit_terlambat, minutes(rules, days, MinuteKind::Late)),
        component("menit_pulang_cepat", recap.menit_pulang_cepat, minutes(rules, days, MinuteKind::EarlyLeave)),
        component("hari_cuti", recap.hari_cuti, has(&[DayStatus::Cuti])),
        component("hari_kerja", recap.hari_kerja, vec![days.len() as i64, workdays]),
        component("hari_hadir", recap.hari_hadir, present),
        component("hari_wfo", recap.hari_wfo, has(&[DayStatus::Wfo])),
        component("hari_wfh_wfa", recap.hari_wfh_wfa, has(&[DayStatus::Wfh, DayStatus::Wfa])),
        component("hari_diklat", recap.hari_diklat, has(&[DayStatus::Diklat])),
        component("hari_dinas_luar", recap.hari_dinas_luar, has(&[DayStatus::Dinas])),
    ];
    for (kind, word, stated) in [(MinuteKind::Late, "tl", recap.tl), (MinuteKind::EarlyLeave, "psw", recap.psw)] {
        for (index, stated) in stated.into_iter().enumerate() {
            all.push((format!("{word}{}", index + 1), stated, band(rules, days, kind, index)));
        }
    }
    all
}

/// Minutes late or early of each day: by the policy, by the clock alone, and as the rows themselves state them.
fn readings(rules: Rules<'_>, (row, outcome): &Worked<'_>, kind: MinuteKind) -> [i64; 3] {
    let pick = |late: u32, early: u32| i64::from(if kind == MinuteKind::Late { late } else { early });
    let own = pick(outcome.late, outcome.early);
    let Some(row) = row else { return [own; 3] };
    let raw = match rules.hours(row) {
        Some(hours) if row.status != Some(DayStatus::TidakHadir) => {
            let [(late, early), _] = minutes_of_row(rules.policy, hours, row);
            pick(late, early)
        }
        _ => own,
    };
    let stated = if kind == MinuteKind::Late { row.minutes_late } else { row.minutes_early };
    [own, raw, stated.map_or(own, i64::from)]
}

/// The sum of minutes under each reading. Where the rows state minutes themselves, only their sum is right.
fn minutes(rules: Rules<'_>, days: &[Worked<'_>], kind: MinuteKind) -> Vec<i64> {
    let mut sums = [0; 3];
    for day in days {
        for (sum, minutes) in sums.iter_mut().zip(readings(rules, day, kind)) {
            *sum += minutes;
        }
    }
    let is_stated = |row: &AttendanceDay| if kind == MinuteKind::Late { row.minutes_late.is_some() } else { row.minutes_early.is_some() };
    if days.iter().any(|(row, _)| row.is_some_and(is_stated)) { vec![sums[2]] } else { vec![sums[0], sums[1]] }
}

/// How often the minutes fell into the band at that place, without and with the scans that count as the band.
fn band(rules: Rules<'_>, days: &[Worked<'_>], kind: MinuteKind, index: usize) -> Vec<i64> {
    let policy = rules.policy;
    let Some(rule) = policy.file.band_rule(kind) else { return Vec::new() };
    let Some(band) = rule.bands.get(index) else { return vec![0] };
    let mut counts = [0; 3];
    let mut events = 0;
    for day in days {
        for (count, minutes) in counts.iter_mut().zip(readings(rules, day, kind)) {
            let hit = u32::try_from(minutes)
                .ok()
                .filter(|minutes| *minutes > 0)
                .and_then(|minutes| rule.band_of(minutes, policy.file.worktime.rounding.band_boundary));
            *count += i64::from(hit.is_some_and(|hit| hit.code == band.code));
        }
        let treated = |event: &&EventKind| policy.file.event_rule(**event).and_then(|rule| rule.treat_as.as_deref()) == Some(&band.code);
        events += day.1.events.iter().filter(treated).count() as i64;
    }
    counts.into_iter().flat_map(|count| [count, count + events]).collect()
}

/// Ceremonies missed, which only a recap counts.
pub(super) fn ceremonies(sheet: &mut Worksheet<'_>) {
    let policy = sheet.policy;
    let Some(recap) = &sheet.dossier.recap else { return };
    let missed = recap.value.tidak_ikut_upacara.and_then(|count| u32::try_from(count).ok()).unwrap_or(0);
    let Some(rule) = policy.file.event_rule(EventKind::MissedCeremony).filter(|_| missed > 0) else { return };
    let percent = rule.percent.unwrap_or_default().times(i64::from(missed));
    if percent == Percent::ZERO {
        return;
    }
    sheet.cut(EventKind::MissedCeremony.key(), rule.base, percent, Some(missed));
    let shown = [recap.exhibit("tidak_ikut_upacara", Some(missed.to_string()))];
    let citation = sheet.cite(rule);
    let step = sheet.step(EventKind::MissedCeremony.key()).value("days", missed).value("percent", percent).value("base", rule.base.key());
    sheet.explain(step.rule(citation).evidence(shown));
}
