//! One working day of one person: what the row, the permits and the schedule make of it (contract §6).

use crate::domain::attendance::{AttendanceDay, DayStatus, minute_of};
use crate::domain::leave::{Permit, PermitKind};
use crate::policy::{EventKind, FlexMode, Policy, Seconds, Uncompensated, Worker};
use chrono::{NaiveDate, NaiveTime, Timelike};

/// Check-in or check-out.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ScanSide {
    /// Check-in.
    Masuk,
    /// Check-out.
    Pulang,
}

impl ScanSide {
    /// The word in findings.
    pub fn key(self) -> &'static str {
        match self {
            Self::Masuk => "masuk",
            Self::Pulang => "pulang",
        }
    }
}

/// Something about the day that becomes a finding.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum DayRemark {
    /// AB05: exactly one scan is missing.
    MissingScan(ScanSide),
    /// AB06: an auto-filled value was taken as a scan.
    AutoFilled(ScanSide),
    /// AB07: one tap stands in both columns.
    OneTap(ScanSide),
    /// LV01: a permit covers a day that attendance counts as absent.
    PermitOverAbsence(PermitKind),
    /// LV02: attendance says leave, no approved permit.
    LeaveWithoutPermit,
    /// LV03: scans on a leave day.
    ScansOnLeave(PermitKind),
}

/// What a working day comes to.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct DayOutcome {
    /// Absent without a valid reason.
    pub absent: bool,
    /// Minutes late that count.
    pub late: u32,
    /// Minutes left early that count.
    pub early: u32,
    /// Minute of the day of an arrival that was late, for bands by the clock.
    pub late_at: u32,
    /// Minute of the day of a leaving that was early.
    pub early_at: u32,
    /// Events that cost something.
    pub events: Vec<EventKind>,
    /// What becomes a finding.
    pub remarks: Vec<DayRemark>,
    /// Whether lateness was made up under the flexible rule.
    pub compensated: bool,
    /// Whether the flexible rule had a say in the minutes.
    pub flexed: bool,
    /// Whether both scans are missing without an excuse.
    pub no_scan: bool,
    /// The missing scan by which the day counts as absent, where the policy treats it so.
    pub by_event: Option<EventKind>,
    /// Neither a scan, nor a status other than TIDAK_HADIR, nor a permit.
    pub no_trace: bool,
}

/// What one working day comes to. `undocumented`: the day belongs to a leave whose document is missing and which
/// therefore counts as absence (LV04).
pub fn assess(policy: &Policy, hours: Option<Hours>, row: Option<&AttendanceDay>, permits: &[&Permit], undocumented: bool) -> DayOutcome {
    let mut outcome = DayOutcome::default();
    let status = row.and_then(|row| row.status);
    let scans = Scans::read(policy, hours, row);
    let whole_day = permits
        .iter()
        .map(|permit| permit.jenis)
        .find(|kind| kind.is_leave() || matches!(kind, PermitKind::DinasLuar | PermitKind::Diklat));
    if let Some(kind) = whole_day {
        outcome.absent = undocumented;
        if status == Some(DayStatus::TidakHadir) {
            outcome.remarks.push(DayRemark::PermitOverAbsence(kind));
        }
        if kind.is_leave() && (scans.masuk.is_some() || scans.pulang.is_some()) {
            outcome.remarks.push(DayRemark::ScansOnLeave(kind));
        }
        return outcome;
    }
    let listed = |list: &[String], status: DayStatus| list.iter().any(|known| known == status.code());
    let scan = &policy.file.attendance.scan;
    let unscanned = permits.iter().any(|permit| permit.jenis == PermitKind::IzinTidakPresensi);
    match status {
        Some(DayStatus::TidakHadir) if unscanned => outcome.remarks.push(DayRemark::PermitOverAbsence(PermitKind::IzinTidakPresensi)),
        Some(DayStatus::TidakHadir) => {
            outcome.absent = true;
            outcome.no_trace = scans.masuk.is_none() && scans.pulang.is_none();
            if !absorbs(policy) && !outcome.no_trace {
                minutes(policy, hours, &scans, permits, &mut outcome);
            }
        }
        Some(DayStatus::Cuti) => {
            outcome.absent = true;
            outcome.remarks.push(DayRemark::LeaveWithoutPermit);
        }
        Some(status) if listed(&scan.statuses_exempt, status) => {}
        Some(status) if !listed(&scan.statuses_with_scan_duty, status) => {}
        other => {
            missing_scans(policy, &scans, permits, other.is_none(), &mut outcome);
            if !outcome.absent && other.is_none_or(|status| listed(&scan.statuses_with_office_hours, status)) {
                minutes(policy, hours, &scans, permits, &mut outcome);
            }
        }
    }
    outcome
}

/// Start and end of duty in minutes since midnight of the day on which it begins; a shift across midnight ends after
/// 1,440.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Hours {
    start: u32,
    end: u32,
}

const DAY: u32 = 24 * 60;

impl From<(NaiveTime, NaiveTime)> for Hours {
    fn from((start, end): (NaiveTime, NaiveTime)) -> Self {
        let next_day = if end <= start { DAY } else { 0 };
        Self { start: minute_of(start), end: minute_of(end) + next_day }
    }
}

impl Hours {
    /// The hours of a worker on a day.
    pub fn of(policy: &Policy, day: NaiveDate, worker: Worker<'_>) -> Option<Self> {
        policy.file.schedule_of(day, worker).map(|schedule| Self::from((schedule.start, schedule.end)))
    }

    /// The minute of the day that parts the scans of one night shift from those of the next: the middle of the rest
    /// between them. `None` for hours that end on their own day.
    pub fn rest(self) -> Option<u32> {
        (self.end > DAY).then(|| (self.end - DAY).midpoint(self.start))
    }

    /// Seconds since midnight of the day on which the duty begins.
    fn second(self, time: NaiveTime) -> u32 {
        let next_day = self.rest().is_some_and(|rest| minute_of(time) < rest);
        time.num_seconds_from_midnight() + if next_day { DAY * 60 } else { 0 }
    }

    /// The minute of duty of a time.
    pub fn minute(self, time: NaiveTime) -> u32 {
        self.second(time) / 60
    }

    /// The minute of the day at which the duty begins.
    pub fn start(self) -> u32 {
        self.start
    }

    fn middle(self) -> u32 {
        self.start.midpoint(self.end)
    }

    /// Whether a time lies in the first half of the duty.
    pub fn is_first_half(self, time: NaiveTime) -> bool {
        self.minute(time) <= self.middle()
    }
}

fn absorbs(policy: &Policy) -> bool {
    policy.file.deduction.event.iter().any(|event| event.kind == EventKind::Absent && event.absorbs_other_same_day)
}

/// The two scans of a day, with auto-filled and doubled values already taken out.
#[derive(Debug, Clone, Default)]
struct Scans {
    masuk: Option<NaiveTime>,
    pulang: Option<NaiveTime>,
    auto_filled: Vec<ScanSide>,
    one_tap: Option<ScanSide>,
}

impl Scans {
    fn read(policy: &Policy, hours: Option<Hours>, row: Option<&AttendanceDay>) -> Self {
        let Some(row) = row else {
            return Self::default();
        };
        let scan = &policy.file.attendance.scan;
        let auto = |time: &NaiveTime| is_auto_filled(policy, *time);
        let mut scans = Self { masuk: row.jam_masuk, pulang: row.jam_pulang, ..Self::default() };
        for (side, time) in [(ScanSide::Masuk, &mut scans.masuk), (ScanSide::Pulang, &mut scans.pulang)] {
            if time.as_ref().is_some_and(auto) {
                *time = None;
                scans.auto_filled.push(side);
            }
        }
        let gap = scans.masuk.zip(scans.pulang).map(|(masuk, pulang)| (masuk, minute_of(masuk).abs_diff(minute_of(pulang))));
        if let Some((tap, _)) = gap.filter(|(_, minutes)| *minutes <= scan.duplicate_gap_minutes) {
            scans.keep_nearer_half(hours, tap);
        }
        scans
    }

    /// One tap in both columns counts for the nearer half of the schedule (AB07).
    fn keep_nearer_half(&mut self, hours: Option<Hours>, tap: NaiveTime) {
        let Some(hours) = hours else {
            return;
        };
        if hours.is_first_half(tap) {
            self.pulang = None;
            self.one_tap = Some(ScanSide::Pulang);
        } else {
            self.masuk = None;
            self.one_tap = Some(ScanSide::Masuk);
        }
    }
}

/// Whether the policy takes this time as filled in by a system, not scanned.
fn is_auto_filled(policy: &Policy, time: NaiveTime) -> bool {
    let digit = |number: u32| b'0' + number as u8;
    let (hour, minute) = (time.hour(), time.minute());
    let text = [digit(hour / 10), digit(hour % 10), b':', digit(minute / 10), digit(minute % 10)];
    policy.file.attendance.scan.missing_values.iter().any(|value| value.as_bytes() == text)
}

/// Whether at least one scan of the row is one.
pub fn has_scan(policy: &Policy, row: &AttendanceDay) -> bool {
    [row.jam_masuk, row.jam_pulang].into_iter().flatten().any(|time| !is_auto_filled(policy, time))
}

/// Check-in and check-out as they count for the devices: auto-filled and doubled values taken out; `None` where the
/// status has no duty to scan. `hours`: those of the person on that day.
pub fn scans_on_duty(policy: &Policy, hours: Option<Hours>, row: Option<&AttendanceDay>) -> Option<[Option<NaiveTime>; 2]> {
    let duty = match row.and_then(|row| row.status) {
        None | Some(DayStatus::TidakHadir) => true,
        Some(status) => policy.file.attendance.scan.statuses_with_scan_duty.iter().any(|known| known == status.code()),
    };
    let scans = Scans::read(policy, hours, row);
    duty.then_some([scans.masuk, scans.pulang])
}

/// Missing scans: none at all is `no_scan_at_all`, exactly one is AB05 (contract §6).
fn missing_scans(policy: &Policy, scans: &Scans, permits: &[&Permit], blank: bool, outcome: &mut DayOutcome) {
    outcome.remarks.extend(scans.auto_filled.iter().map(|side| DayRemark::AutoFilled(*side)));
    outcome.remarks.extend(scans.one_tap.map(DayRemark::OneTap));
    let explained = !outcome.remarks.is_empty();
    let excused = permits.iter().any(|permit| permit.jenis == PermitKind::IzinTidakPresensi);
    match (scans.masuk, scans.pulang) {
        (Some(_), Some(_)) => {}
        _ if excused => {}
        (None, None) => {
            outcome.no_trace = blank && !explained;
            outcome.no_scan = true;
            match policy.file.event_rule(EventKind::NoScanAtAll) {
                Some(rule) if rule.treat_as.as_deref() == Some("both_events") => {
                    add_event(policy, EventKind::NoCheckIn, outcome);
                    add_event(policy, EventKind::NoCheckOut, outcome);
                }
                Some(rule) if rule.percent.is_some() => outcome.events.push(EventKind::NoScanAtAll),
                _ => outcome.absent = true,
            }
        }
        (masuk, _) => {
            let (side, event) =
                if masuk.is_none() { (ScanSide::Masuk, EventKind::NoCheckIn) } else { (ScanSide::Pulang, EventKind::NoCheckOut) };
            add_event(policy, event, outcome);
            if !explained {
                outcome.remarks.push(DayRemark::MissingScan(side));
            }
        }
    }
}

/// An event that costs something by itself, or makes the day one of absence.
fn add_event(policy: &Policy, event: EventKind, outcome: &mut DayOutcome) {
    if policy.file.event_rule(event).and_then(|rule| rule.treat_as.as_deref()) == Some("absent") {
        outcome.absent = true;
        outcome.by_event = Some(event);
    } else {
        outcome.events.push(event);
    }
}

/// Minutes late and early under the flexible rule.
fn minutes(policy: &Policy, hours: Option<Hours>, scans: &Scans, permits: &[&Permit], outcome: &mut DayOutcome) {
    if let Some(hours) = hours {
        minutes_under(policy, hours, scans, permits, outcome);
    }
}

/// Minutes late and early of a row under some hours: as the clock says, and under the policy's flexible rule. Permits
/// play no part; a device does not know them.
pub fn minutes_of_row(policy: &Policy, hours: Hours, row: &AttendanceDay) -> [(u32, u32); 2] {
    let scans = Scans::read(policy, Some(hours), Some(row));
    let mut outcome = DayOutcome::default();
    minutes_under(policy, hours, &scans, &[], &mut outcome);
    let seconds = policy.file.worktime.rounding.seconds;
    let late = scans.masuk.map_or(0, |masuk| between(hours.start * 60, hours.second(masuk), seconds));
    let early = scans.pulang.map_or(0, |pulang| between(hours.second(pulang), hours.end * 60, seconds));
    [(late, early), (outcome.late, outcome.early)]
}

/// Minutes late and early for these hours.
fn minutes_under(policy: &Policy, hours: Hours, scans: &Scans, permits: &[&Permit], outcome: &mut DayOutcome) {
    let worktime = &policy.file.worktime;
    let seconds = worktime.rounding.seconds;
    let excused = |kind: PermitKind| permits.iter().any(|permit| permit.jenis == kind);
    let (start, masuk) = (hours.start * 60, scans.masuk.map(|masuk| hours.second(masuk)));
    let late = masuk.map_or(0, |masuk| between(start, masuk, seconds));
    let late = if excused(PermitKind::IzinTerlambat) { 0 } else { late };
    let flex = &worktime.flex;
    let mut required_end = hours.end;
    outcome.late_at = hours.start + late;
    outcome.late = match flex.mode {
        FlexMode::None => late,
        FlexMode::CompensateSameDay if late <= flex.late_limit_minutes => {
            let early_arrival = masuk.map_or(0, |masuk| between(masuk, start, Seconds::Truncate)).min(flex.early_limit_minutes);
            required_end = (hours.end + late).saturating_sub(early_arrival);
            outcome.compensated = late > 0;
            outcome.flexed = early_arrival > 0;
            0
        }
        FlexMode::CompensateSameDay => late,
        FlexMode::ToleranceSubtract => late.saturating_sub(flex.late_limit_minutes),
        FlexMode::ToleranceCliff => {
            if late <= flex.late_limit_minutes {
                0
            } else {
                late
            }
        }
    };
    outcome.flexed |= late > 0 && flex.mode != FlexMode::None;
    if !excused(PermitKind::IzinPulangCepat) {
        outcome.early = scans.pulang.map_or(0, |pulang| between(hours.second(pulang), required_end * 60, seconds));
        outcome.early_at = required_end - outcome.early;
    }
    if outcome.compensated && flex.uncompensated_counts_as == Uncompensated::Late {
        // what was not made up is lateness; only what lies before the ordinary end is early leave
        outcome.late = outcome.early.min(late);
        outcome.early -= outcome.late;
    }
    outcome.compensated &= outcome.early == 0 && outcome.late == 0;
}

/// Minutes from one second to another, none when the other is earlier. Each scan is cut to the minute before it is
/// subtracted, or a started minute counts.
fn between(from: u32, to: u32, seconds: Seconds) -> u32 {
    match seconds {
        Seconds::Truncate => (to / 60).saturating_sub(from / 60),
        Seconds::CeilMinute => to.saturating_sub(from).div_ceil(60),
    }
}
