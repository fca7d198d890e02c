//! What the days of a unit look like together: a device that was down (AB08), a device whose clock is off (AB11).
//!
//! Everybody's dossier is shown once, while it is laid out anyway; only counts are kept. Nothing here forgives anything:
//! who has no scan on such a day has none until somebody records a permit.

use super::evaluate::severity;
use super::rules::attendance::{employment, rows_of_duties, worker};
use super::rules::day::{Hours, scans_on_duty};
use super::share::Share;
use super::unit_days::{Day, Days, Sample, Shown, UnitDays, Wanted};
use crate::domain::attendance::AttendanceDay;
use crate::domain::dossier::{Dossier, Row};
use crate::domain::finding::{Code, Exhibit, Finding};
use crate::domain::leave::{Permit, PermitKind};
use crate::domain::nip::Nip;
use crate::domain::percent::Percent;
use crate::domain::period::{Period, days};
use crate::domain::rupiah::Rupiah;
use crate::policy::Policy;
use chrono::NaiveDate;
use std::collections::BTreeMap;
use std::collections::btree_map::Entry;

/// Units with fewer people say nothing about a device (contract §6).
const FEWEST: usize = 5;
/// Days that a usual time of arrival needs.
const FEWEST_DAYS: usize = 3;
/// A clock is off when the unit's median arrival of a day lies further than this from its usual one. A time zone set
/// wrong shifts it by 60 minutes; a morning with bad traffic seldom moves the median of five people by half of that.
const SHIFT_MINUTES: i64 = 30;
/// Scans of a working day: one in, one out.
pub(super) const DUE: u32 = 2;
/// Missing scans shown as evidence.
const SHOWN: usize = 3;

/// Counts of every unit and day of the window on which anybody may have duty.
#[derive(Debug)]
pub struct AttendancePeers<'a> {
    policy: &'a Policy,
    period: Period,
    workdays: Vec<NaiveDate>,
    units: BTreeMap<String, Unit>,
}

#[derive(Debug)]
pub(super) struct Unit {
    pub(super) name: Option<String>,
    /// Who gave it that name: the first person in the order of NIP.
    first: Nip,
    pub(super) heads: usize,
    /// In the order of the working days.
    pub(super) days: Vec<Tally>,
}

#[derive(Debug, Default, Clone)]
pub(super) struct Tally {
    /// Scans that were due.
    pub(super) due: u32,
    /// Those of them that are missing without a permit.
    pub(super) missing: u32,
    /// Arrivals, in minutes after the start of each one's own schedule.
    pub(super) arrivals: Vec<i16>,
    /// Rows, which become evidence only where there is a finding.
    pub(super) lacking: Vec<Sample>,
    /// The first row with an arrival.
    pub(super) sample: Option<Sample>,
}

impl Tally {
    fn count(&mut self, nip: Nip, counted: &Counted<'_>) {
        let day = counted.day;
        self.due += DUE;
        self.missing += u32::from(day.missing);
        if day.lacking && self.lacking.len() < SHOWN {
            self.lacking.extend(counted.sample(nip));
        }
        if let Some(minutes) = day.arrival {
            self.arrivals.push(minutes);
            if self.sample.is_none() {
                self.sample = counted.sample(nip);
            }
        }
    }

    fn absorb(&mut self, more: Self) {
        self.due += more.due;
        self.missing += more.missing;
        self.arrivals.extend(more.arrivals);
        // those that one person after the other would have left
        self.lacking.extend(more.lacking);
        self.lacking.sort_by_key(|sample| sample.nip);
        self.lacking.truncate(SHOWN);
        self.sample = self.sample.take().into_iter().chain(more.sample).min_by_key(|sample| sample.nip);
    }

    fn share(&self) -> Share {
        Share { of: i128::from(self.missing), whole: i128::from(self.due.max(1)) }
    }
}

impl<'a> AttendancePeers<'a> {
    /// Nobody yet.
    pub fn new(policy: &'a Policy, period: Period) -> Self {
        let (from, to) = policy.attendance_window(period);
        let workdays = if policy.file.has_shifts() { days(from, to).collect() } else { policy.calendar.workdays(from, to) };
        Self { policy, period, workdays, units: BTreeMap::new() }
    }

    /// Takes the days of one person into account; people come in the order of NIP. Whoever has no row at all is AB01 and
    /// says nothing about a device.
    pub fn add(&mut self, dossier: &Dossier) {
        let Some(entry) = dossier.roster.first().map(|row| &row.value) else { return };
        if !self.units.contains_key(&entry.kode_unit) {
            let days = vec![Tally::default(); self.workdays.len()];
            self.units.insert(entry.kode_unit.clone(), Unit { name: entry.nama_unit.clone(), first: dossier.nip, heads: 0, days });
        }
        let Some(unit) = self.units.get_mut(&entry.kode_unit) else { return };
        unit.heads += 1;
        each_day(self.policy, &self.workdays, dossier, |counted| unit.days[counted.at].count(dossier.nip, &counted));
    }

    /// What one person's days add to those of the unit.
    pub fn days_of(&self, dossier: &Dossier) -> Days {
        let mut days = Days::default();
        if !dossier.roster.is_empty() {
            each_day(self.policy, &self.workdays, dossier, |counted| days.set(counted.at, counted.day));
        }
        days
    }

    /// The row of one person on a working day, as it may become evidence.
    pub fn row_of(&self, dossier: &Dossier, day: usize) -> Option<Sample> {
        let mut found = None;
        each_day(self.policy, &self.workdays, dossier, |counted| {
            if counted.at == day {
                found = counted.sample(dossier.nip);
            }
        });
        found
    }

    /// The counts of every unit, to be kept.
    pub fn counts(&self) -> impl Iterator<Item = (&str, UnitDays)> {
        self.units.iter().map(|(code, unit)| (code.as_str(), UnitDays::of(unit)))
    }

    /// The rows that become evidence of a unit's findings: whose they are, only who looks at its people knows.
    pub fn wanted(&self, code: &str, kept: &UnitDays) -> Vec<Wanted> {
        let days = kept.tallies(&[], self.workdays.len());
        let found = self.findings_of(code, kept.heads, kept.name.as_deref(), &days);
        let mut wanted: BTreeMap<usize, Wanted> = BTreeMap::new();
        let mut want = |day: usize, lacking: usize, arrival: bool| {
            let known = wanted.entry(day).or_insert(Wanted { day, lacking: 0, arrival: false });
            (known.lacking, known.arrival) = (known.lacking.max(lacking), known.arrival || arrival);
        };
        let place = |finding: &Finding| self.workdays.iter().position(|day| finding.subject.ends_with(&day.to_string()));
        for finding in &found {
            match (finding.code, place(finding)) {
                (Code::Ab08, Some(day)) => {
                    want(day, SHOWN, false);
                    // stands in for the rows of a day that nobody has
                    days.iter().position(|tally| !tally.arrivals.is_empty()).into_iter().for_each(|first| want(first, 0, true));
                }
                (_, Some(day)) => want(day, 0, true),
                (_, None) => {}
            }
        }
        wanted.into_values().collect()
    }

    /// AB08 and AB11 of one unit, from its counts and the rows that were [`AttendancePeers::wanted`].
    pub fn findings_from(&self, code: &str, kept: &UnitDays, shown: &[Shown]) -> Vec<Finding> {
        self.findings_of(code, kept.heads, kept.name.as_deref(), &kept.tallies(shown, self.workdays.len()))
    }

    /// Takes in what was counted elsewhere about other people.
    pub fn absorb(&mut self, others: Self) {
        for (code, unit) in others.units {
            match self.units.entry(code) {
                Entry::Vacant(place) => {
                    place.insert(unit);
                }
                Entry::Occupied(mut known) => {
                    let known = known.get_mut();
                    known.heads += unit.heads;
                    if unit.first < known.first {
                        (known.first, known.name) = (unit.first, unit.name);
                    }
                    known.days.iter_mut().zip(unit.days).for_each(|(tally, more)| tally.absorb(more));
                }
            }
        }
    }

    /// AB08 and AB11: one finding a day and unit, about nobody.
    pub fn findings(&self) -> Vec<Finding> {
        let of = |(code, unit): (&String, &Unit)| self.findings_of(code, unit.heads, unit.name.as_deref(), &unit.days);
        self.units.iter().flat_map(of).collect()
    }

    fn findings_of(&self, code: &str, heads: usize, name: Option<&str>, days: &[Tally]) -> Vec<Finding> {
        if heads < FEWEST {
            return Vec::new();
        }
        let report = Report { policy: self.policy, period: self.period, code, name: name.unwrap_or(code) };
        let mut found = report.outages(&self.workdays, days);
        found.extend(report.shifts(&self.workdays, days));
        found
    }
}

/// The unit of which a finding of [`AttendancePeers`] is.
pub fn unit_of(finding: &Finding) -> Option<&str> {
    let (unit, _) = finding.subject.rsplit_once(' ')?;
    matches!(finding.code, Code::Ab08 | Code::Ab11).then_some(unit)
}

/// A day of duty of one person.
struct Counted<'a> {
    /// Place among the working days.
    at: usize,
    /// What it adds.
    day: Day,
    hours: Option<Hours>,
    row: Option<&'a Row<AttendanceDay>>,
}

impl Counted<'_> {
    fn sample(&self, nip: Nip) -> Option<Sample> {
        Some(Sample { nip, start: self.hours.map_or(0, Hours::start), row: self.row?.clone() })
    }
}

/// Calls `each` with every day of duty that counts.
fn each_day(policy: &Policy, workdays: &[NaiveDate], dossier: &Dossier, mut each: impl FnMut(Counted<'_>)) {
    let (Some(first), Some(last)) = (workdays.first(), workdays.last()) else { return };
    if dossier.attendance.is_empty() {
        return;
    }
    let (from, to) = employment(dossier, *first, *last);
    let permits: Vec<&Permit> = dossier.permits.iter().map(|row| &row.value).filter(|permit| permit.is_approved()).collect();
    let (worker, has_shifts) = (worker(dossier), policy.file.has_shifts());
    let rows = rows_of_duties(policy, dossier);
    let mut rows = rows.iter().peekable();
    for (at, day) in workdays.iter().enumerate() {
        while rows.next_if(|row| row.value.tanggal < *day).is_some() {}
        let row = rows.peek().copied().filter(|row| row.value.tanggal == *day);
        let on_duty = from <= *day && *day <= to && (!has_shifts || policy.works_on(*day, worker));
        if !on_duty || (row.is_none() && dossier.unrecorded.contains(day)) {
            continue;
        }
        let hours = Hours::of(policy, *day, worker);
        if let Some(counted) = count(policy, (*day, hours), row, &permits) {
            each(Counted { at, day: counted, hours, row });
        }
    }
}

/// What one person's day adds to the unit's: nothing on leave, on duty elsewhere or where the status has no duty to
/// scan. A missing scan with an approved permit is explained; it is due and not missing, so that an outage is settled
/// by permits and by nothing else.
fn count(policy: &Policy, (day, hours): (NaiveDate, Option<Hours>), row: Option<&Row<AttendanceDay>>, permits: &[&Permit]) -> Option<Day> {
    let of_day = || permits.iter().filter(|permit| permit.covers(day)).map(|permit| permit.jenis);
    if of_day().any(|kind| kind.is_leave() || matches!(kind, PermitKind::DinasLuar | PermitKind::Diklat)) {
        return None;
    }
    let scans = scans_on_duty(policy, hours, row.map(|row| &row.value))?;
    let missing = scans.iter().filter(|scan| scan.is_none()).count() as u8;
    let missing = if missing > 0 && of_day().any(|kind| kind == PermitKind::IzinTidakPresensi) { 0 } else { missing };
    let office = |row: &Row<AttendanceDay>| match row.value.status {
        Some(status) => policy.file.attendance.scan.statuses_with_office_hours.iter().any(|known| known == status.code()),
        None => true,
    };
    let arrival = match (row.filter(|row| office(row)), scans, hours) {
        (Some(_), [Some(came), _], Some(hours)) => Some((hours.minute(came) as i32 - hours.start() as i32) as i16),
        _ => None,
    };
    Some(Day { missing, lacking: missing > 0 && row.is_some(), arrival })
}

/// The row of a missing scan as evidence.
fn both_scans(Sample { row, .. }: &Sample) -> Exhibit {
    let time = |time: Option<chrono::NaiveTime>| time.map_or_else(|| "-".to_owned(), |time| time.to_string());
    row.exhibit("jam_masuk / jam_pulang", Some(format!("{} / {}", time(row.value.jam_masuk), time(row.value.jam_pulang))))
}

/// The row of an arrival as evidence.
fn arrival(sample: &Sample) -> Exhibit {
    sample.row.exhibit("jam_masuk", sample.row.value.jam_masuk.map(|came| came.to_string()))
}

/// The middle one, or the mean of the two middle ones; `None` of nothing.
fn median(mut values: Vec<i64>) -> Option<i64> {
    values.sort_unstable();
    let (low, high) = (values.get(values.len().checked_sub(1)? / 2)?, values.get(values.len() / 2)?);
    Some((low + high).div_euclid(2))
}

/// Who is spoken of.
struct Report<'a> {
    policy: &'a Policy,
    period: Period,
    code: &'a str,
    name: &'a str,
}

impl Report<'_> {
    /// AB08: the share of missing scans of a day above `outage_ratio` times the unit's median of the window, or 1 % where
    /// that is less (contract §6). The median is the unit's own: people who never scan weigh on all days alike.
    fn outages(&self, workdays: &[NaiveDate], days: &[Tally]) -> Vec<Finding> {
        let shares = days.iter().filter(|tally| tally.due > 0).map(Tally::share);
        let Some(usual) = Share::median(shares.collect()) else { return Vec::new() };
        let base = if usual.compare(&Share::ONE_PERCENT).is_lt() { Share::ONE_PERCENT } else { usual };
        let ratio = i128::from(self.policy.file.attendance.scan.outage_ratio.parts());
        let limit = Share { of: base.of * ratio, whole: base.whole * i128::from(Percent::whole(1).parts()) };
        // people without any row that day: the file is shown by a row of another day
        let any = days.iter().find_map(|tally| tally.sample.as_ref()).map(arrival);
        let days = workdays.iter().zip(days).filter(|(_, tally)| tally.share().compare(&limit).is_gt());
        let finding = |(day, tally): (&NaiveDate, &Tally)| {
            let params = vec![
                ("share", tally.share().percent().to_string()),
                ("usual", usual.percent().to_string()),
                ("missing", tally.missing.to_string()),
                ("due", tally.due.to_string()),
            ];
            let mut shown: Vec<Exhibit> = tally.lacking.iter().map(both_scans).collect();
            if let Some(sample) = &shown.first().cloned().or_else(|| any.clone()) {
                shown.push(stated(sample, "presensi hilang", format!("{} dari {}", tally.missing, tally.due)));
                shown.push(stated(sample, "median unit", format!("{} %", usual.percent())));
            }
            self.finding(Code::Ab08, *day, params, shown)
        };
        days.map(finding).collect()
    }

    /// AB11: the median arrival of a day far from the unit's usual one, where at least five people came on each of at
    /// least three days. Units are not compared with each other: they keep different habits.
    fn shifts(&self, workdays: &[NaiveDate], days: &[Tally]) -> Vec<Finding> {
        let middle = |tally: &Tally| median(tally.arrivals.iter().map(|minutes| i64::from(*minutes)).collect());
        let medians: Vec<(NaiveDate, i64, &Tally)> = workdays
            .iter()
            .zip(days)
            .filter(|(_, tally)| tally.arrivals.len() >= FEWEST)
            .filter_map(|(day, tally)| Some((*day, middle(tally)?, tally)))
            .collect();
        let Some(usual) = median(medians.iter().map(|(_, minutes, _)| *minutes).collect()).filter(|_| medians.len() >= FEWEST_DAYS) else {
            return Vec::new();
        };
        let far = medians.into_iter().filter(|(_, minutes, _)| (minutes - usual).abs() > SHIFT_MINUTES);
        let finding = |(day, minutes, tally): (NaiveDate, i64, &Tally)| {
            let start = tally.sample.as_ref().map_or(0, |sample| i64::from(sample.start));
            let clock = |after: i64| format!("{:02}:{:02}", (start + after).div_euclid(60).rem_euclid(24), (start + after).rem_euclid(60));
            let params = vec![
                ("minutes", (minutes - usual).abs().to_string()),
                ("median", clock(minutes)),
                ("usual_time", clock(usual)),
                ("people", tally.arrivals.len().to_string()),
            ];
            let sample = tally.sample.as_ref().map(arrival);
            let mut shown: Vec<Exhibit> = sample.iter().cloned().collect();
            if let Some(sample) = &sample {
                shown.push(stated(sample, "median masuk hari itu", clock(minutes)));
                shown.push(stated(sample, "median masuk biasanya", clock(usual)));
            }
            self.finding(Code::Ab11, day, params, shown)
        };
        far.map(finding).collect()
    }

    fn finding(&self, code: Code, day: NaiveDate, params: Vec<(&str, String)>, evidence: Vec<Exhibit>) -> Finding {
        let subject = format!("{} {day}", self.code);
        let own = [("unit", self.name.to_owned()), ("day", day.to_string())];
        Finding {
            id: Finding::stable_id(self.period, None, code, &subject),
            code,
            severity: severity(self.policy, code, None),
            nip: None,
            subject,
            rupiah_at_risk: Rupiah::ZERO,
            excuse: None,
            params: own.into_iter().chain(params).map(|(name, value)| (name.to_owned(), value)).collect(),
            evidence,
        }
    }
}

/// A figure that the rows of a source come to, not one of its rows.
fn stated(sample: &Exhibit, field: &str, value: String) -> Exhibit {
    Exhibit { locator: String::new(), field: field.to_owned(), value: Some(value), ..sample.clone() }
}
