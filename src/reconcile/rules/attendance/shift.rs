//! Night shifts: the scans of two calendar days that belong to one duty. A check-out after midnight belongs to the day
//! on which the shift began.
//!
//! A file says where its scans belong. A ministry's own has a row a shift: a check-out earlier in the day than its
//! check-in (22:01, 06:03) is that of the next morning. A device knows calendar days only: the first and the last tap of
//! a day are the end of one shift and the start of the next (06:03, 22:01), parted in the middle of the rest between
//! them. Which of the two a file is, [`Duties::files_by_calendar_day`] reads from all rows of the person in it: a row
//! with one time only would not say.

use super::worker;
use crate::domain::attendance::{AttendanceDay, minute_of};
use crate::domain::dossier::{Dossier, Row};
use crate::domain::period::days;
use crate::policy::{Policy, Worker};
use crate::reconcile::rules::day::Hours;
use chrono::{NaiveDate, NaiveTime};
use std::borrow::Cow;
use std::collections::{BTreeMap, BTreeSet};

/// The rows of the window with each scan on the day of its shift.
pub fn rows<'d>(policy: &Policy, dossier: &'d Dossier) -> Cow<'d, [Row<AttendanceDay>]> {
    let window = policy.attendance_window(dossier.period);
    regroup(&Duties { policy, worker: worker(dossier) }, window, &dossier.attendance, &dossier.attendance_after)
}

/// The same of the year before the window; its last night ends on the first day of the window.
pub(super) fn earlier<'d>(policy: &Policy, dossier: &'d Dossier) -> Cow<'d, [Row<AttendanceDay>]> {
    let (from, _) = policy.attendance_window(dossier.period);
    let known = &dossier.earlier_attendance;
    let (Some(first), Some(last)) = (known.first(), from.pred_opt()) else { return Cow::Borrowed(known) };
    let next = dossier.attendance.iter().take_while(|row| row.value.tanggal <= from).count();
    let span = (first.value.tanggal, last);
    regroup(&Duties { policy, worker: worker(dossier) }, span, known, &dossier.attendance[..next])
}

/// The rows of a span of days; `next` holds those of the day after it.
fn regroup<'d>(
    duties: &Duties<'_>,
    (from, to): (NaiveDate, NaiveDate),
    rows: &'d [Row<AttendanceDay>],
    next: &[Row<AttendanceDay>],
) -> Cow<'d, [Row<AttendanceDay>]> {
    if !duties.policy.file.has_night_shift(duties.worker) {
        return Cow::Borrowed(rows);
    }
    let first = from.pred_opt().unwrap_or(from);
    if !days(first, to).any(|day| duties.night(Some(day)).is_some()) {
        return Cow::Borrowed(rows);
    }
    let by_calendar_day = duties.files_by_calendar_day(rows.iter().chain(next));
    let mut kept: Vec<Row<AttendanceDay>> = Vec::new();
    let mut loose: BTreeMap<NaiveDate, Vec<(NaiveTime, &Row<AttendanceDay>)>> = BTreeMap::new();
    for row in rows.iter().chain(next) {
        if !duties.parts(row, by_calendar_day.contains(&*row.origin.part)) {
            kept.push(row.clone());
            continue;
        }
        let mut emptied = row.clone();
        (emptied.value.jam_masuk, emptied.value.jam_pulang) = (None, None);
        kept.push(emptied);
        let mut times: Vec<NaiveTime> = [row.value.jam_masuk, row.value.jam_pulang].into_iter().flatten().collect();
        times.dedup();
        for time in times {
            if let Some(duty) = duties.day_of(row.value.tanggal, time) {
                loose.entry(duty).or_default().push((time, row));
            }
        }
    }
    for (day, scans) in loose {
        duties.put(day, &scans, &mut kept);
    }
    kept.retain(|row| from <= row.value.tanggal && row.value.tanggal <= to);
    kept.sort_by_key(|row| row.value.tanggal);
    Cow::Owned(kept)
}

/// Somebody's nights.
struct Duties<'a> {
    policy: &'a Policy,
    worker: Worker<'a>,
}

/// What the rows of a file look like.
#[derive(Default)]
struct Look {
    /// The end of one shift and the start of the next in one row.
    two_shifts: bool,
    /// A check-out earlier in the day than its check-in: of the next morning, or of the same.
    turned: bool,
    /// Of those: rows of a first night, which nothing but the next morning can end.
    of_shifts: u32,
    /// Morning scans on the day after a last night, which only a file of calendar days has there.
    of_days: u32,
}

impl Duties<'_> {
    /// The hours of a day of duty that end on the day after it.
    fn night(&self, day: Option<NaiveDate>) -> Option<Hours> {
        let day = day.filter(|day| self.policy.works_on(*day, self.worker))?;
        Hours::of(self.policy, day, self.worker).filter(|hours| hours.rest().is_some())
    }

    /// The minute of a day that parts the scans of the night before from those of its own.
    fn rest(&self, day: NaiveDate) -> Option<u32> {
        self.night(day.pred_opt()).or_else(|| self.night(Some(day))).and_then(Hours::rest)
    }

    /// The day on which the duty of a scan began.
    fn day_of(&self, day: NaiveDate, time: NaiveTime) -> Option<NaiveDate> {
        if self.rest(day).is_some_and(|rest| minute_of(time) < rest) { day.pred_opt() } else { Some(day) }
    }

    /// The files (by their part) whose rows are calendar days: the logs of devices, and those that look like it.
    fn files_by_calendar_day<'r>(&self, rows: impl Iterator<Item = &'r Row<AttendanceDay>>) -> BTreeSet<&'r str> {
        let mut files: BTreeMap<&str, Look> = BTreeMap::new();
        for row in rows {
            let look = files.entry(&row.origin.part).or_default();
            let Some(rest) = self.rest(row.value.tanggal) else { continue };
            let before = self.night(row.value.tanggal.pred_opt()).is_some();
            let own = self.night(Some(row.value.tanggal)).is_some();
            let [early, late] = [is_turned(&row.value, rest), self.is_of_two_shifts(&row.value)];
            look.turned |= early;
            look.two_shifts |= late;
            look.of_shifts += u32::from(early && own && !before);
            let morning = [row.value.jam_masuk, row.value.jam_pulang].into_iter().flatten().any(|time| minute_of(time) < rest);
            look.of_days += u32::from(morning && before && !own);
        }
        let by_day = |(part, look): &(&str, Look)| {
            part.ends_with("/attlog") || if look.turned { look.of_days > look.of_shifts } else { look.two_shifts }
        };
        files.into_iter().filter(by_day).map(|(part, _)| part).collect()
    }

    /// Whether the scans of a row may belong to two shifts. On a day without duty nobody begins one.
    fn parts(&self, row: &Row<AttendanceDay>, by_calendar_day: bool) -> bool {
        let day = row.value.tanggal;
        let Some(rest) = self.rest(day) else { return false };
        by_calendar_day || (!is_turned(&row.value, rest) && (!self.policy.works_on(day, self.worker) || self.is_of_two_shifts(&row.value)))
    }

    /// Whether a row holds the end of one night shift and the start of the next: nobody works from morning to night so.
    fn is_of_two_shifts(&self, row: &AttendanceDay) -> bool {
        let rest = self.night(row.tanggal.pred_opt()).and_then(Hours::rest);
        let scans = row.jam_masuk.zip(row.jam_pulang);
        scans.zip(rest).is_some_and(|((first, last), rest)| minute_of(first) < rest && rest <= minute_of(last))
    }

    /// Puts the first and the last scan of a duty into its row, which may have kept one of its own.
    fn put(&self, day: NaiveDate, scans: &[(NaiveTime, &Row<AttendanceDay>)], kept: &mut Vec<Row<AttendanceDay>>) {
        let Some((_, origin)) = scans.first() else { return };
        let hours = Hours::of(self.policy, day, self.worker);
        let minute = |time: &NaiveTime| hours.map_or(minute_of(*time), |hours| hours.minute(*time));
        let own = kept.iter().find(|row| row.value.tanggal == day);
        let own = own.into_iter().flat_map(|row| [row.value.jam_masuk, row.value.jam_pulang]).flatten();
        let times: Vec<NaiveTime> = scans.iter().map(|(time, _)| *time).chain(own).collect();
        let (Some(first), Some(last)) = (times.iter().copied().min_by_key(minute), times.iter().copied().max_by_key(minute)) else {
            return;
        };
        let position = kept.iter().position(|row| row.value.tanggal == day).unwrap_or_else(|| {
            let mut row = (*origin).clone();
            (row.value.tanggal, row.value.status, row.value.alasan_manual) = (day, None, None);
            (row.value.minutes_late, row.value.minutes_early) = (None, None);
            kept.push(row);
            kept.len() - 1
        });
        let row = &mut kept[position].value;
        let one = minute(&last).abs_diff(minute(&first)) <= self.policy.file.attendance.scan.duplicate_gap_minutes;
        let in_first_half = hours.is_none_or(|hours| hours.is_first_half(first));
        row.jam_masuk = (!one || in_first_half).then_some(first);
        row.jam_pulang = (!one || !in_first_half).then_some(last);
    }
}

/// Whether a row has a check-in of the evening and a check-out of the morning.
fn is_turned(row: &AttendanceDay, rest: u32) -> bool {
    row.jam_masuk.zip(row.jam_pulang).is_some_and(|(masuk, pulang)| rest <= minute_of(masuk) && minute_of(pulang) < rest)
}
