//! Scans of attendance devices, turned into days of people by the map of PINs. Both are evidence of their own, so it
//! does not matter which is imported first, and a corrected map changes what the same scans mean.
//!
//! A device is one door: who has no scan in its log may have come in by another, so a log declares nobody absent. The
//! scans of all doors together make a day. An attendance file that says something about a day of the person wins over
//! them. Scans of a PIN without a NIP, or with several, count for nobody (ID05).

use super::evaluate::severity;
use super::rules::day::Hours;
use crate::domain::attendance::{ANY_DEVICE, AttendanceDay, minute_of, pin_key};
use crate::domain::dossier::SharedPin;
use crate::domain::evidence::{Body, Evidence, Kind, Locator, Scope, Source, SourceFacts, Statement};
use crate::domain::finding::{Code, Exhibit, Finding};
use crate::domain::nip::Nip;
use crate::domain::period::{Period, Span};
use crate::domain::rupiah::Rupiah;
use crate::domain::text::hex;
use crate::policy::{Policy, Worker};
use chrono::{DateTime, NaiveDate, Utc};
use sha2::{Digest, Sha256};
use std::collections::{BTreeMap, BTreeSet, HashMap};

/// What the devices say about the months of a period.
#[derive(Debug, Default)]
pub struct Devices {
    people: HashMap<Nip, Vec<Evidence>>,
    shared: HashMap<Nip, Vec<SharedPin>>,
    unmapped: BTreeMap<String, (String, Exhibit)>,
    sources: Vec<Source>,
}

/// To whom a device PIN belongs, with the line that says so.
type Owners = BTreeMap<(String, String), BTreeMap<Nip, Exhibit>>;

/// One day of a person as far as the logs have been read.
struct Gathered<'s> {
    day: AttendanceDay,
    row: u32,
    source: &'s Source,
}

impl Devices {
    /// Joins scans of the months from `since` to the end of the window with the map; only those of the window can lack
    /// an owner. `sources` may hold more than is needed.
    pub fn new(since: NaiveDate, window: (NaiveDate, NaiveDate), sources: &[Source], map: &[Evidence]) -> Self {
        let owners = owners(map);
        let mut devices = Self::default();
        let mut days: BTreeMap<(Nip, NaiveDate), Gathered<'_>> = BTreeMap::new();
        let months = Period::of(since)..=Period::of(window.1);
        for source in sources {
            let (Span::Month(month), Some(scans)) = (source.span, &source.facts.scans) else { continue };
            if source.kind != Kind::Attlog || !months.contains(&month) {
                continue;
            }
            for pin in &scans.pins {
                let key = |device: &str| (pin_key(device), pin.pin.clone());
                let owners = owners.get(&key(&scans.device)).or_else(|| owners.get(&key(ANY_DEVICE)));
                let subject = format!("{}/{}", scans.device, pin.pin);
                let shown = exhibit(source, pin.rows.first().copied(), &pin.pin);
                match owners.map(|owners| (owners, owners.len())) {
                    None | Some((_, 2..)) if month < Period::of(window.0) => {}
                    None => {
                        devices.unmapped.entry(subject).or_insert((pin.pin.clone(), shown));
                    }
                    Some((owners, 1)) => {
                        for (day, row) in pin.days.iter().zip(pin.rows.iter().copied().chain(std::iter::repeat(0))) {
                            owners.keys().for_each(|nip| gather(&mut days, *nip, day, row, source));
                        }
                    }
                    Some((owners, _)) => devices.share(&subject, &pin.pin, owners, &shown),
                }
            }
        }
        devices.settle(days);
        devices
    }

    fn share(&mut self, subject: &str, pin: &str, owners: &BTreeMap<Nip, Exhibit>, scans: &Exhibit) {
        for nip in owners.keys() {
            let known = self.shared.entry(*nip).or_default();
            if known.iter().any(|shared| shared.subject == subject) {
                continue;
            }
            known.push(SharedPin {
                subject: subject.to_owned(),
                pin: pin.to_owned(),
                others: owners.keys().filter(|other| *other != nip).copied().collect(),
                shown: owners.values().cloned().chain([scans.clone()]).collect(),
            });
        }
    }

    /// One statement a person and month, and one source a month.
    fn settle(&mut self, days: BTreeMap<(Nip, NaiveDate), Gathered<'_>>) {
        let mut months: BTreeMap<(Nip, Period), Vec<Gathered<'_>>> = BTreeMap::new();
        let mut used: BTreeMap<Period, BTreeMap<&str, &Source>> = BTreeMap::new();
        let mut dates: BTreeMap<Period, BTreeSet<NaiveDate>> = BTreeMap::new();
        for ((nip, date), gathered) in days {
            dates.entry(Period::of(date)).or_default().insert(date);
            used.entry(Period::of(date)).or_default().insert(&gathered.source.batch, gathered.source);
            months.entry((nip, Period::of(date))).or_default().push(gathered);
        }
        for ((nip, month), gathered) in months {
            self.people.entry(nip).or_default().push(statement(nip, month, gathered));
        }
        for (month, used) in used {
            let dates = dates.remove(&month).unwrap_or_default();
            self.sources.extend(source(month, &used.into_values().collect::<Vec<_>>(), dates));
        }
    }

    /// The sources of attendance that the logs amount to: one a month, which speaks only for whom it names.
    pub fn sources(&self) -> Vec<Source> {
        self.sources.clone()
    }

    /// PINs of this person that others have as well.
    pub fn shared(&self, nip: Nip) -> &[SharedPin] {
        self.shared.get(&nip).map_or(&[], Vec::as_slice)
    }

    /// Adds the days of a person to the evidence of attendance files. A day that a file has stands there; only a row
    /// that says nothing at all gives way to scans. A single tap counts by the hours of the person, whose unit the roster
    /// among the evidence names.
    pub fn add_to(&self, policy: &Policy, nip: Nip, evidence: &mut Vec<Evidence>) {
        let Some(own) = self.people.get(&nip) else { return };
        let scanned: BTreeSet<NaiveDate> = own.iter().flat_map(days_of).map(|day| day.tanggal).collect();
        let mut taken = BTreeSet::new();
        for item in evidence.iter_mut().filter(|item| item.statement.kind == Kind::Attendance) {
            keep(&mut item.statement, |day| !(says_nothing(day) && scanned.contains(&day.tanggal)));
            taken.extend(days_of(item).map(|day| day.tanggal));
        }
        evidence.retain(|item| item.statement.kind != Kind::Attendance || item.statement.body.as_ref().is_none_or(|body| !body.is_empty()));
        let unit = unit_of(evidence);
        let worker = Worker { nip, unit: &unit };
        for item in own {
            let mut item = item.clone();
            keep(&mut item.statement, |day| !taken.contains(&day.tanggal));
            if let Some(Body::Attendance(days)) = &mut item.statement.body {
                let mut told: Vec<AttendanceDay> = days.iter().collect();
                told.iter_mut().for_each(|day| one_tap(policy, worker, day));
                *days = told.into();
            }
            if days_of(&item).next().is_some() {
                evidence.push(item);
            }
        }
    }

    /// ID05 of PINs without a NIP: about a device and a PIN, not about a person; they hold nobody.
    pub fn findings(&self, policy: &Policy, period: Period) -> Vec<Finding> {
        let of = |(subject, (pin, shown)): (&String, &(String, Exhibit))| Finding {
            id: Finding::stable_id(period, None, Code::Id05, subject),
            code: Code::Id05,
            severity: severity(policy, Code::Id05, None),
            nip: None,
            subject: subject.clone(),
            rupiah_at_risk: Rupiah::ZERO,
            excuse: None,
            params: vec![("pin".to_owned(), pin.clone())],
            evidence: vec![shown.clone()],
        };
        self.unmapped.iter().map(of).collect()
    }
}

/// The map: of each device what the newest file says that names the device, so that a corrected list replaces the
/// earlier one whatever it is called, and the lists of several units stand beside each other.
fn owners(map: &[Evidence]) -> Owners {
    let mut newest: BTreeMap<String, (DateTime<Utc>, &str)> = BTreeMap::new();
    let lines = || {
        map.iter().flat_map(|item| {
            let pins = match &item.statement.body {
                Some(Body::Pins(pins)) => pins.as_slice(),
                _ => &[],
            };
            pins.iter().enumerate().map(move |(at, pin)| (item, at, pin_key(&pin.perangkat), &pin.pin))
        })
    };
    for (item, _, device, _) in lines() {
        let latest = (item.checked_at, item.part.as_ref());
        let known = newest.entry(device).or_insert(latest);
        *known = (*known).max(latest);
    }
    let mut owners = Owners::new();
    for (item, at, device, pin) in lines() {
        if newest.get(&device).is_some_and(|(_, part)| *part == item.part.as_ref()) {
            let shown = Exhibit {
                kind: Kind::Pins,
                source: item.source.to_string(),
                batch: item.batch.to_string(),
                locator: item.statement.locator.show(at),
                field: "nip".to_owned(),
                value: Some(item.statement.nip.to_string()),
                observed_at: Some(item.observed_at),
            };
            owners.entry((device, pin.clone())).or_default().insert(item.statement.nip, shown);
        }
    }
    owners
}

/// Adds what one log says about a day: the first check-in and the last check-out of all logs stand.
fn gather<'s>(days: &mut BTreeMap<(Nip, NaiveDate), Gathered<'s>>, nip: Nip, day: &AttendanceDay, row: u32, source: &'s Source) {
    let Some(known) = days.get_mut(&(nip, day.tanggal)) else {
        days.insert((nip, day.tanggal), Gathered { day: day.clone(), row, source });
        return;
    };
    let earlier = known.day.jam_masuk.is_none() || day.jam_masuk.is_some_and(|time| known.day.jam_masuk > Some(time));
    if earlier && day.jam_masuk.is_some() {
        (known.day.jam_masuk, known.row, known.source) = (day.jam_masuk, row, source);
    }
    known.day.jam_pulang = known.day.jam_pulang.max(day.jam_pulang);
    known.day.status = known.day.status.or(day.status);
    known.day.keterangan = known.day.keterangan.take().or_else(|| day.keterangan.clone());
    known.day.minutes_late = known.day.minutes_late.or(day.minutes_late);
    known.day.minutes_early = known.day.minutes_early.or(day.minutes_early);
}

/// A device records taps. One tap (or one finger put down twice) is a check-in or a check-out, by the nearer half of
/// the schedule: the other is missing (AB05). This is no copied tap (AB07), since nobody copied it.
fn one_tap(policy: &Policy, worker: Worker<'_>, day: &mut AttendanceDay) {
    let Some((first, last)) = day.jam_masuk.zip(day.jam_pulang) else { return };
    if minute_of(first).abs_diff(minute_of(last)) > policy.file.attendance.scan.duplicate_gap_minutes {
        return;
    }
    if Hours::of(policy, day.tanggal, worker).is_none_or(|hours| hours.is_first_half(first)) {
        day.jam_pulang = None;
    } else {
        day.jam_masuk = None;
    }
}

/// The unit of the newest roster among the evidence of a person.
fn unit_of(evidence: &[Evidence]) -> String {
    let rosters = evidence.iter().filter_map(|item| match &item.statement.body {
        Some(Body::Roster(rows)) => Some((item.checked_at, std::cmp::Reverse((&item.part, &item.sha256)), rows.first()?)),
        _ => None,
    });
    rosters.max_by_key(|(at, file, _)| (*at, *file)).map(|(_, _, entry)| entry.kode_unit.clone()).unwrap_or_default()
}

fn statement(nip: Nip, month: Period, gathered: Vec<Gathered<'_>>) -> Evidence {
    let used: BTreeMap<&str, &Source> = gathered.iter().map(|day| (day.source.batch.as_str(), day.source)).collect();
    let used: Vec<&Source> = used.into_values().collect();
    let rows = gathered.iter().map(|day| day.row);
    let locator = Locator::new("row {}", rows.collect::<Vec<_>>());
    let body = Body::Attendance(gathered.into_iter().map(|day| day.day).collect());
    let digest = Sha256::digest(format!("{body:?}"));
    let newest = |time: fn(&Source) -> DateTime<Utc>| used.iter().map(|source| time(source)).max().unwrap_or_default();
    Evidence {
        statement: Statement::present(nip, Span::Month(month), body, locator),
        part: part(month).into(),
        source: names(&used).into(),
        batch: used.last().map(|source| source.batch.as_str()).unwrap_or_default().into(),
        observed_at: newest(|source| source.observed_at),
        checked_at: newest(|source| source.checked_at),
        sha256: hex(&digest).into(),
    }
}

fn source(month: Period, used: &[&Source], days: BTreeSet<NaiveDate>) -> Option<Source> {
    let newest = used.iter().max_by_key(|source| source.observed_at)?;
    Some(Source {
        batch: newest.batch.clone(),
        kind: Kind::Attendance,
        span: Span::Month(month),
        part: part(month),
        name: names(used),
        sha256: newest.sha256.clone(),
        scope: Scope::Named,
        facts: SourceFacts { period: Some(month), days: days.into_iter().collect(), ..SourceFacts::default() },
        observed_at: newest.observed_at,
        checked_at: used.iter().map(|source| source.checked_at).max()?,
    })
}

fn part(month: Period) -> String {
    format!("{month}/attlog")
}

fn names(used: &[&Source]) -> String {
    let names: BTreeSet<&str> = used.iter().map(|source| source.name.as_str()).collect();
    names.into_iter().collect::<Vec<_>>().join(" + ")
}

fn exhibit(source: &Source, row: Option<u32>, pin: &str) -> Exhibit {
    Exhibit {
        kind: Kind::Attlog,
        source: source.name.clone(),
        batch: source.batch.clone(),
        locator: row.map(|row| format!("row {row}")).unwrap_or_default(),
        field: "pin".to_owned(),
        value: Some(pin.to_owned()),
        observed_at: Some(source.observed_at),
    }
}

fn days_of(evidence: &Evidence) -> impl Iterator<Item = AttendanceDay> + '_ {
    let days = match &evidence.statement.body {
        Some(Body::Attendance(days)) => Some(days),
        _ => None,
    };
    days.into_iter().flatten()
}

/// Leaves days out, and their places with them.
fn keep(statement: &mut Statement, wanted: impl Fn(&AttendanceDay) -> bool) {
    let Some(Body::Attendance(days)) = &mut statement.body else { return };
    let kept: Vec<bool> = days.iter().map(|day| wanted(&day)).collect();
    let stays = |at: usize| kept.get(at).copied().unwrap_or(true);
    *days = days.iter().enumerate().filter(|(at, _)| stays(*at)).map(|(_, day)| day).collect();
    let places = statement.locator.index.iter().enumerate();
    statement.locator.index = places.filter(|(at, _)| stays(*at)).map(|(_, place)| place).collect();
}

fn says_nothing(day: &AttendanceDay) -> bool {
    day.jam_masuk.is_none() && day.jam_pulang.is_none() && day.status.is_none() && day.keterangan.is_none() && day.alasan_manual.is_none()
}
