//! The days of units of which somebody's days have moved: their counts are changed by that, and their findings worked out
//! again. Everybody else's are as they were.

use super::Ask;
use crate::app::AppError;
use crate::app::aside;
use crate::app::evaluation::PeriodView;
use crate::domain::dossier::Dossier;
use crate::domain::{Finding, Nip};
use crate::reconcile::unit_days::{Days, Sample, Shown, UnitDays, Wanted};
use crate::reconcile::units::unit_of;
use crate::store::KnownVerdict;
use std::collections::{BTreeMap, BTreeSet};

/// People of a unit read at once.
const MEMBERS: u32 = 200;

/// Whose inputs have moved, with what their days were and are, by unit.
#[derive(Debug, Default)]
pub(super) struct Moved {
    units: BTreeMap<String, BTreeMap<Nip, (Days, Days)>>,
}

/// The counts that changed, as they are stored, and the findings about all units.
type Settled = (Vec<(String, String)>, Vec<Finding>);

impl Moved {
    /// Notes what the days of a person with other inputs were and are; `false`: what they were, or of which unit, cannot
    /// be told. Rows that count as they did may still come from another file, which shows where they are evidence.
    pub(super) fn note(&mut self, nip: Nip, known: &KnownVerdict, days: Days) -> bool {
        let Some(before) = aside::decode(&known.noted.aside).and_then(|aside| aside.days()) else { return false };
        if known.noted.unit.is_empty() {
            return before == days;
        }
        self.units.entry(known.noted.unit.clone()).or_default().insert(nip, (before, days));
        true
    }

    /// Of units of which no counts moved only those matter about which something is found.
    fn drop_idle(&mut self, before: &[Finding]) {
        let found: BTreeSet<&str> = before.iter().filter_map(unit_of).collect();
        self.units.retain(|unit, people| found.contains(unit.as_str()) || people.values().any(|(before, now)| before != now));
    }

    /// `None`: the counts of some unit are not kept.
    pub(super) async fn settle(&mut self, ask: &Ask<'_>, view: &PeriodView<'_>, before: &[Finding]) -> Result<Option<Settled>, AppError> {
        self.drop_idle(before);
        let mut findings: Vec<Finding> =
            before.iter().filter(|finding| unit_of(finding).is_some_and(|unit| !self.units.contains_key(unit))).cloned().collect();
        let units: Vec<&str> = self.units.keys().map(String::as_str).collect();
        let kept = ask.app.store.unit_days(ask.period, &units).await?;
        let mut changed = Vec::with_capacity(units.len());
        for (unit, people) in &self.units {
            let Some(mut days) = kept.get(unit).and_then(|body| serde_json::from_str::<UnitDays>(body).ok()) else { return Ok(None) };
            for (before, now) in people.values() {
                days.take(before);
                days.add(now);
            }
            let wanted = view.units().wanted(unit, &days);
            if !wanted.is_empty() {
                let Some(shown) = shown(ask, view, unit, people, &wanted).await? else { return Ok(None) };
                findings.extend(view.units().findings_from(unit, &days, &shown));
            }
            changed.push((unit.clone(), serde_json::to_string(&days).unwrap_or_default()));
        }
        Ok(Some((changed, findings)))
    }
}

/// The first people of a unit, in the order of NIP, who have what is wanted of a day.
#[derive(Default)]
struct Found {
    lacking: Vec<Nip>,
    arrival: Option<Nip>,
}

/// Looks up the rows that are wanted; `None`: the notes about somebody cannot be read.
async fn shown(
    ask: &Ask<'_>,
    view: &PeriodView<'_>,
    unit: &str,
    moved: &BTreeMap<Nip, (Days, Days)>,
    wanted: &[Wanted],
) -> Result<Option<Vec<Shown>>, AppError> {
    let mut found: Vec<Found> = wanted.iter().map(|_| Found::default()).collect();
    let is_done =
        |(found, wanted): (&Found, &Wanted)| found.lacking.len() >= wanted.lacking && (found.arrival.is_some() || !wanted.arrival);
    let mut after = None;
    loop {
        let members = ask.app.store.unit_members(ask.period, unit, after, MEMBERS).await?;
        for (nip, notes) in &members {
            let noted;
            let days = match moved.get(nip) {
                Some((_, now)) => now,
                None => match aside::decode(notes).and_then(|aside| aside.days()) {
                    Some(days) => {
                        noted = days;
                        &noted
                    }
                    None => return Ok(None),
                },
            };
            for (found, wanted) in found.iter_mut().zip(wanted) {
                if found.lacking.len() < wanted.lacking && days.is_lacking(wanted.day) {
                    found.lacking.push(*nip);
                }
                if wanted.arrival && found.arrival.is_none() && days.has_arrival(wanted.day) {
                    found.arrival = Some(*nip);
                }
            }
        }
        after = members.last().map(|(nip, _)| *nip);
        if members.len() < MEMBERS as usize || found.iter().zip(wanted).all(is_done) {
            break;
        }
    }
    let nips: BTreeSet<Nip> = found.iter().flat_map(|found| found.lacking.iter().chain(&found.arrival)).copied().collect();
    let mut dossiers: BTreeMap<Nip, Dossier> = BTreeMap::new();
    let mut people = view.people(Some(nips.into_iter().collect()));
    while let Some(crowd) = people.next().await? {
        dossiers.extend(crowd.into_iter().map(|(nip, evidence)| (nip, view.desk().dossier(nip, evidence))));
    }
    let row = |nip: &Nip, day: usize| -> Option<Sample> { view.units().row_of(dossiers.get(nip)?, day) };
    let shown = found.iter().zip(wanted).map(|(found, wanted)| Shown {
        day: wanted.day,
        lacking: found.lacking.iter().filter_map(|nip| row(nip, wanted.day)).collect(),
        arrival: found.arrival.and_then(|nip| row(&nip, wanted.day)),
    });
    Ok(Some(shown.collect()))
}
