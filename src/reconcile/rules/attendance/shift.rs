//! Night shifts: the scans of two calendar days that belong to one duty. A check-out after midnight belongs to the day
//! on which the shift began.
//!
//! A row says where its scans belong. Of a ministry's own file, a check-out earlier in the day than its check-in (22:01,
//! 06:03) is that of the next morning, and the row stands for its shift. A device knows calendar days only: the first
//! and the last tap of a day may be the end of one shift and the start of the next (06:03, 22:01). Those are parted in
//! the middle of the rest between two shifts. A row with one time only is taken as the file's own day,
//! unless there is no duty on it.

use super::worker;
use crate::domain::attendance::AttendanceDay;
use crate::domain::dossier::{Dossier, Row};
use crate::policy::Policy;
use crate::reconcile::rules::day::Hours;
use chrono::{NaiveDate, NaiveTime};
use std::borrow::Cow;
use std::collections::BTreeMap;

/// The rows of the window with each scan on the day of its shift.
pub(super) fn rows<'d>(policy: &Policy, dossier: &'d Dossier) -> Cow<'d, [Row<AttendanceDay>]> {
    let worker = worker(dossier);
    let night = |day: Option<NaiveDate>| day.and_then(|day| Hours::of(policy, day, worker)).filter(|hours| hours.rest().is_some());
    let (from, to) = policy.attendance_window(dossier.period);
    let at_night = policy.file.has_night_shifts() && crate::domain::period::days(from, to).any(|day| night(Some(day)).is_some());
    if !at_night {
        return Cow::Borrowed(&dossier.attendance);
    }
    let mut kept: Vec<Row<AttendanceDay>> = Vec::new();
    let mut loose: BTreeMap<NaiveDate, Vec<(NaiveTime, &Row<AttendanceDay>)>> = BTreeMap::new();
    for row in dossier.attendance.iter().chain(&dossier.attendance_after) {
        let day = row.value.tanggal;
        let before = night(day.pred_opt());
        let by_device = row.origin.part.ends_with("/attlog");
        // on a day without duty nobody checks in
        let off_duty = !policy.works_on(day, worker);
        if (before.is_none() && night(Some(day)).is_none()) || !(by_device || off_duty || is_of_two_shifts(&row.value, before)) {
            kept.push(row.clone());
            continue;
        }
        let mut emptied = row.clone();
        (emptied.value.jam_masuk, emptied.value.jam_pulang) = (None, None);
        kept.push(emptied);
        let mut times: Vec<NaiveTime> = [row.value.jam_masuk, row.value.jam_pulang].into_iter().flatten().collect();
        times.dedup();
        for time in times {
            let of_the_night_before = before.and_then(Hours::rest).is_some_and(|rest| crate::domain::attendance::minute_of(time) < rest);
            let duty = if of_the_night_before { day.pred_opt() } else { Some(day) };
            if let Some(duty) = duty {
                loose.entry(duty).or_default().push((time, row));
            }
        }
    }
    for (day, scans) in loose {
        put(policy, day, Hours::of(policy, day, worker), &scans, &mut kept);
    }
    kept.retain(|row| from <= row.value.tanggal && row.value.tanggal <= to);
    kept.sort_by_key(|row| row.value.tanggal);
    Cow::Owned(kept)
}

/// Whether a row holds the end of one night shift and the start of the next: nobody works from morning to night so.
fn is_of_two_shifts(row: &AttendanceDay, before: Option<Hours>) -> bool {
    let rest = before.and_then(Hours::rest);
    let minute = crate::domain::attendance::minute_of;
    row.jam_masuk.zip(row.jam_pulang).zip(rest).is_some_and(|((first, last), rest)| minute(first) < rest && rest <= minute(last))
}

/// Puts the first and the last scan of a duty into its row.
fn put(
    policy: &Policy,
    day: NaiveDate,
    hours: Option<Hours>,
    scans: &[(NaiveTime, &Row<AttendanceDay>)],
    kept: &mut Vec<Row<AttendanceDay>>,
) {
    let minute = |time: NaiveTime| hours.map_or(crate::domain::attendance::minute_of(time), |hours| hours.minute(time));
    let first = scans.iter().min_by_key(|(time, _)| minute(*time));
    let last = scans.iter().max_by_key(|(time, _)| minute(*time));
    let (Some((first, origin)), Some((last, _))) = (first, last) else { return };
    let position = kept.iter().position(|row| row.value.tanggal == day).unwrap_or_else(|| {
        let mut row = (*origin).clone();
        (row.value.tanggal, row.value.status, row.value.alasan_manual) = (day, None, None);
        (row.value.minutes_late, row.value.minutes_early) = (None, None);
        kept.push(row);
        kept.len() - 1
    });
    let row = &mut kept[position].value;
    let one = minute(*last).abs_diff(minute(*first)) <= policy.file.attendance.scan.duplicate_gap_minutes;
    let in_first_half = hours.is_none_or(|hours| hours.is_first_half(*first));
    row.jam_masuk = (!one || in_first_half).then_some(*first);
    row.jam_pulang = (!one || !in_first_half).then_some(*last);
}
