//! Working days. The calendar is data: a year without a holiday list has no answer (contract §1).

use super::period::days;
use chrono::{Datelike, Days, NaiveDate, Weekday};
use serde::{Deserialize, Serialize};
use std::collections::{BTreeMap, BTreeSet};

/// Why nobody works on a day.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum HolidayKind {
    /// National holiday (SKB 3 Menteri).
    LiburNasional,
    /// Collective leave; a policy may make it a working day.
    CutiBersama,
}

/// One day of the holiday list.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Holiday {
    /// National holiday or collective leave.
    pub kind: HolidayKind,
    /// Its name in the decree.
    pub name: String,
}

/// National holidays and cuti bersama of the years that are known.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Calendar {
    years: BTreeSet<i32>,
    holidays: BTreeMap<NaiveDate, Holiday>,
    cuti_bersama_is_workday: bool,
}

/// A year that has no holiday list.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("there is no holiday list for {0}: add national-holidays-{0}.toml beside the policy and name it in [calendar]")]
pub struct UnknownYear(pub i32);

impl Calendar {
    /// An empty calendar that knows no year.
    pub fn new(cuti_bersama_is_workday: bool) -> Self {
        Self { cuti_bersama_is_workday, ..Self::default() }
    }

    /// Makes a year known with its holidays.
    pub fn add_year(&mut self, year: i32, holidays: impl IntoIterator<Item = (NaiveDate, Holiday)>) {
        self.years.insert(year);
        self.holidays.extend(holidays);
    }

    /// Whether the year has a holiday list.
    pub fn knows(&self, year: i32) -> bool {
        self.years.contains(&year)
    }

    /// Checks that every year from `from` to `to` has a holiday list.
    ///
    /// # Errors
    /// The first year without one.
    pub fn require(&self, from: NaiveDate, to: NaiveDate) -> Result<(), UnknownYear> {
        match (from.year()..=to.year()).find(|year| !self.knows(*year)) {
            Some(year) => Err(UnknownYear(year)),
            None => Ok(()),
        }
    }

    /// The holiday on that day, cuti bersama included even where the policy works on it.
    pub fn holiday(&self, day: NaiveDate) -> Option<&Holiday> {
        self.holidays.get(&day)
    }

    /// Whether ministries work on that day: Monday to Friday, no holiday, no cuti bersama (unless the policy says
    /// that it is a working day).
    pub fn is_workday(&self, day: NaiveDate) -> bool {
        if matches!(day.weekday(), Weekday::Sat | Weekday::Sun) {
            return false;
        }
        match self.holidays.get(&day) {
            None => true,
            Some(holiday) => holiday.kind == HolidayKind::CutiBersama && self.cuti_bersama_is_workday,
        }
    }

    /// The working days from `from` to `to`, both included.
    pub fn workdays(&self, from: NaiveDate, to: NaiveDate) -> Vec<NaiveDate> {
        days(from, to).filter(|day| self.is_workday(*day)).collect()
    }

    /// The `count`-th working day counted from `from`, which itself counts when it is one (due days are inclusive).
    pub fn nth_workday_from(&self, from: NaiveDate, count: u32) -> NaiveDate {
        let mut day = from;
        let mut left = count.max(1);
        loop {
            if self.is_workday(day) {
                left -= 1;
                if left == 0 {
                    return day;
                }
            }
            day = day + Days::new(1);
        }
    }

    /// The day that lies `count` working days before `day`.
    pub fn workdays_before(&self, day: NaiveDate, count: u32) -> NaiveDate {
        let mut at = day;
        let mut left = count;
        while left > 0 {
            at = at - Days::new(1);
            if self.is_workday(at) {
                left -= 1;
            }
        }
        at
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn day(text: &str) -> NaiveDate {
        text.parse().unwrap()
    }

    fn calendar(cuti_bersama_is_workday: bool) -> Calendar {
        let mut calendar = Calendar::new(cuti_bersama_is_workday);
        let holiday = |kind, name: &str| Holiday { kind, name: name.to_owned() };
        calendar.add_year(
            2026,
            [
                (day("2026-12-25"), holiday(HolidayKind::LiburNasional, "Natal")),
                (day("2026-12-24"), holiday(HolidayKind::CutiBersama, "Cuti bersama Natal")),
            ],
        );
        calendar
    }

    #[test]
    fn holidays_and_weekends_are_no_workdays() {
        let calendar = calendar(false);
        assert_eq!(calendar.workdays(day("2026-12-21"), day("2026-12-27")).len(), 3);
        assert_eq!(self::calendar(true).workdays(day("2026-12-21"), day("2026-12-27")).len(), 4);
        assert_eq!(calendar.workdays_before(day("2026-12-28"), 1), day("2026-12-23"));
        assert_eq!(calendar.nth_workday_from(day("2026-12-24"), 1), day("2026-12-28"));
    }

    #[test]
    fn an_unknown_year_is_refused() {
        assert_eq!(calendar(false).require(day("2026-01-01"), day("2027-01-02")), Err(UnknownYear(2027)));
    }
}
