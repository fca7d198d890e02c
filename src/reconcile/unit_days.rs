//! The counts of a unit's days between two reconciliations: what one person adds to them is taken out and put in again, and
//! nobody else's days are looked at.

use super::units::{DUE, Tally, Unit};
use crate::domain::attendance::AttendanceDay;
use crate::domain::dossier::Row;
use crate::domain::nip::Nip;
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

/// What one person's working day adds to the unit's.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Day {
    /// Missing scans without a permit.
    pub(super) missing: u8,
    /// Whether a row shows that they are missing.
    pub(super) lacking: bool,
    /// Arrival, in minutes after the start of the person's own schedule.
    pub(super) arrival: Option<i16>,
}

/// What one person's days add to those of the unit, in the order of the working days.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Days(Vec<Option<Day>>);

impl Days {
    pub(super) fn set(&mut self, at: usize, day: Day) {
        self.0.resize(self.0.len().max(at + 1), None);
        self.0[at] = Some(day);
    }

    /// Whether a row of that working day shows a missing scan.
    pub fn is_lacking(&self, day: usize) -> bool {
        self.0.get(day).copied().flatten().is_some_and(|day| day.lacking)
    }

    /// Whether there is an arrival on that working day.
    pub fn has_arrival(&self, day: usize) -> bool {
        self.0.get(day).copied().flatten().is_some_and(|day| day.arrival.is_some())
    }

    /// Short text: a day a comma; missing scans, `+` where a row shows them, then the minute of arrival after `@`.
    pub fn encode(&self) -> String {
        let mut text = String::with_capacity(self.0.len() * 5);
        for (at, day) in self.0.iter().enumerate() {
            if at > 0 {
                text.push(',');
            }
            let Some(day) = day else { continue };
            text.push(char::from(b'0' + day.missing));
            if day.lacking {
                text.push('+');
            }
            if let Some(minute) = day.arrival {
                text.push('@');
                text.push_str(&minute.to_string());
            }
        }
        text
    }

    /// From [`Days::encode`]; `None` for anything else.
    pub fn decode(text: &str) -> Option<Self> {
        if text.is_empty() {
            return Some(Self::default());
        }
        let day = |text: &str| {
            let (counted, arrival) = match text.split_once('@') {
                Some((counted, minute)) => (counted, Some(minute.parse::<i16>().ok()?)),
                None => (text, None),
            };
            let (missing, lacking) = counted.strip_suffix('+').map_or((counted, false), |missing| (missing, true));
            Some(Day { missing: missing.parse().ok()?, lacking, arrival })
        };
        text.split(',').map(|text| if text.is_empty() { Some(None) } else { day(text).map(Some) }).collect::<Option<_>>().map(Self)
    }
}

/// The counts of one unit.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct UnitDays {
    /// Name.
    pub name: Option<String>,
    /// People in the roster.
    pub heads: usize,
    days: Vec<DayCount>,
}

#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
struct DayCount {
    #[serde(rename = "d")]
    people: u32,
    #[serde(rename = "m")]
    missing: u32,
    /// How many arrived in each minute.
    #[serde(rename = "a")]
    arrivals: BTreeMap<i16, u32>,
}

/// Rows of a working day that become evidence.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Wanted {
    /// Which working day.
    pub day: usize,
    /// How many of the first rows with a missing scan.
    pub lacking: usize,
    /// Whether the first row with an arrival.
    pub arrival: bool,
}

/// The row of a person's working day, as it may become evidence.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Sample {
    /// Whose it is.
    pub nip: Nip,
    /// Start of the person's schedule, in minutes since midnight.
    pub start: u32,
    /// The row.
    pub row: Row<AttendanceDay>,
}

/// The rows that were wanted of a working day.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Shown {
    /// Which working day.
    pub day: usize,
    /// Rows with a missing scan.
    pub lacking: Vec<Sample>,
    /// A row with an arrival.
    pub arrival: Option<Sample>,
}

impl UnitDays {
    pub(super) fn of(unit: &Unit) -> Self {
        let days = unit.days.iter().map(|tally| {
            let mut arrivals = BTreeMap::new();
            tally.arrivals.iter().for_each(|minute| *arrivals.entry(*minute).or_default() += 1);
            DayCount { people: tally.due / DUE, missing: tally.missing, arrivals }
        });
        Self { name: unit.name.clone(), heads: unit.heads, days: days.collect() }
    }

    /// Puts in what a person adds.
    pub fn add(&mut self, days: &Days) {
        self.days.resize_with(self.days.len().max(days.0.len()), DayCount::default);
        for (count, day) in self.days.iter_mut().zip(&days.0).filter_map(|(count, day)| Some((count, (*day)?))) {
            count.people += 1;
            count.missing += u32::from(day.missing);
            if let Some(minute) = day.arrival {
                *count.arrivals.entry(minute).or_default() += 1;
            }
        }
    }

    /// Takes out what a person added.
    pub fn take(&mut self, days: &Days) {
        for (count, day) in self.days.iter_mut().zip(&days.0).filter_map(|(count, day)| Some((count, (*day)?))) {
            count.people = count.people.saturating_sub(1);
            count.missing = count.missing.saturating_sub(u32::from(day.missing));
            if let Some(minute) = day.arrival
                && let Some(arrived) = count.arrivals.get_mut(&minute)
            {
                *arrived = arrived.saturating_sub(1);
                if *arrived == 0 {
                    count.arrivals.remove(&minute);
                }
            }
        }
    }

    /// The same as tallies, with these rows.
    pub(super) fn tallies(&self, shown: &[Shown], workdays: usize) -> Vec<Tally> {
        let tally = |(at, count): (usize, &DayCount)| {
            let rows = shown.iter().find(|shown| shown.day == at);
            let minutes = count.arrivals.iter().flat_map(|(minute, people)| std::iter::repeat_n(*minute, *people as usize));
            Tally {
                due: count.people * DUE,
                missing: count.missing,
                arrivals: minutes.collect(),
                lacking: rows.map(|rows| rows.lacking.clone()).unwrap_or_default(),
                sample: rows.and_then(|rows| rows.arrival.clone()),
            }
        };
        let mut days: Vec<Tally> = self.days.iter().enumerate().map(tally).collect();
        days.resize_with(workdays, Tally::default);
        days
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn any_days() -> impl Strategy<Value = Days> {
        let day = (0u8..3, any::<bool>(), proptest::option::of(-120i16..600));
        let day = proptest::option::of(day).prop_map(|day| day.map(|(missing, lacking, arrival)| Day { missing, lacking, arrival }));
        proptest::collection::vec(day, 0..24).prop_map(|days| {
            let mut all = Days::default();
            days.into_iter().enumerate().filter_map(|(at, day)| Some((at, day?))).for_each(|(at, day)| all.set(at, day));
            all
        })
    }

    proptest! {
        #[test]
        fn days_survive_the_store(days in any_days()) {
            prop_assert_eq!(Days::decode(&days.encode()), Some(days));
        }

        #[test]
        fn what_is_put_in_can_be_taken_out(all in proptest::collection::vec(any_days(), 1..8), more in any_days()) {
            let workdays = 24;
            let mut unit = UnitDays { name: None, heads: all.len(), days: vec![DayCount::default(); workdays] };
            all.iter().for_each(|days| unit.add(days));
            let before = unit.clone();
            unit.add(&more);
            unit.take(&more);
            prop_assert_eq!(&unit, &before);
            let text = serde_json::to_string(&unit).unwrap();
            prop_assert_eq!(serde_json::from_str::<UnitDays>(&text).unwrap(), unit);
        }
    }
}
