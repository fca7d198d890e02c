//! The calendar and the office hours by which the simulated ministry lives.

use super::SimulatorError;
use crate::domain::Period;
use crate::domain::calendar::Calendar;
use crate::domain::calendar::Holiday;
use crate::domain::calendar::HolidayKind;
use crate::domain::calendar::UnknownYear;
use chrono::Datelike;
use chrono::NaiveDate;
use chrono::Weekday;
use serde::Deserialize;

/// The holiday list that ships with the example policy.
const HOLIDAYS: &str = include_str!("../../config/policy/national-holidays-2026.toml");

/// How many working days before the payment month KPPN stops taking a payment as induk (`[payment]`).
pub(super) const KPPN_WORKDAYS: u32 = 2;

/// Office hours of one day, in minutes since midnight.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Hours {
    pub start: u32,
    pub end: u32,
}

#[derive(Deserialize)]
struct HolidayList {
    year: i32,
    day: Vec<HolidayEntry>,
}

#[derive(Deserialize)]
struct HolidayEntry {
    date: toml::value::Datetime,
    kind: HolidayKind,
    name: String,
}

/// The national calendar; cuti bersama is no working day.
pub(super) fn calendar() -> Result<Calendar, SimulatorError> {
    let list: HolidayList = toml::from_str(HOLIDAYS).map_err(|error| SimulatorError::Holidays(error.to_string()))?;
    let mut days = Vec::with_capacity(list.day.len());
    for entry in list.day {
        let date: NaiveDate = entry.date.to_string().parse().map_err(|_| SimulatorError::Holidays(format!("{} is no date", entry.date)))?;
        days.push((date, Holiday { kind: entry.kind, name: entry.name }));
    }
    let mut calendar = Calendar::new(false);
    calendar.add_year(list.year, days);
    Ok(calendar)
}

/// The working days of a period.
pub(super) fn workdays(calendar: &Calendar, period: Period) -> Result<Vec<NaiveDate>, UnknownYear> {
    calendar.require(period.first_day(), period.last_day())?;
    Ok(calendar.workdays(period.first_day(), period.last_day()))
}

/// Office hours of a working day (Perpres 21/2023 Pasal 4; shorter in Ramadan, 19 February to 20 March 2026).
pub(super) fn hours(day: NaiveDate) -> Hours {
    let friday = day.weekday() == Weekday::Fri;
    match (is_ramadan(day), friday) {
        (false, _) => ordinary_hours(day),
        (true, false) => Hours { start: 480, end: 900 },
        (true, true) => Hours { start: 480, end: 930 },
    }
}

/// Office hours of that weekday outside Ramadan.
pub(super) fn ordinary_hours(day: NaiveDate) -> Hours {
    if day.weekday() == Weekday::Fri { Hours { start: 450, end: 990 } } else { Hours { start: 450, end: 960 } }
}

/// Whether the day lies in the Ramadan of 2026.
pub(super) fn is_ramadan(day: NaiveDate) -> bool {
    day.year() == 2026 && ((2, 19)..=(3, 20)).contains(&(day.month(), day.day()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn october_and_ramadan_of_2026() {
        let calendar = calendar().unwrap();
        let days = |period: &str| workdays(&calendar, period.parse().unwrap()).unwrap().len();
        assert_eq!(days("2026-10"), 22);
        assert_eq!(days("2026-12"), 21);
        assert!(workdays(&calendar, "2027-01".parse().unwrap()).is_err());
        let hours = |day: &str| hours(day.parse().unwrap());
        assert_eq!(hours("2026-02-18"), Hours { start: 450, end: 960 });
        assert_eq!(hours("2026-02-19"), Hours { start: 480, end: 900 });
        assert_eq!(hours("2026-03-13"), Hours { start: 480, end: 930 });
        assert_eq!(hours("2026-10-02"), Hours { start: 450, end: 990 });
    }
}
