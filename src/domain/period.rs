//! The work month, and the keys under which evidence of other spans is filed.

use chrono::{Datelike, Days, Months, NaiveDate};
use serde::{Deserialize, Serialize};
use std::fmt;

/// A work month (`bulan kerja`), written `YYYY-MM`.
///
/// ```
/// use selaras::domain::Period;
/// let january: Period = "2026-01".parse()?;
/// assert_eq!(january.offset(-1).to_string(), "2025-12");
/// # Ok::<(), selaras::domain::period::PeriodError>(())
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct Period {
    year: i32,
    month: u32,
}

/// The text is not a work month.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("'{0}' is not a period: write it as YYYY-MM, for example 2026-10")]
pub struct PeriodError(pub String);

impl Period {
    /// A work month, when `month` is 1–12 and the year has four digits.
    pub fn new(year: i32, month: u32) -> Option<Self> {
        ((1..=12).contains(&month) && (1900..=9999).contains(&year)).then_some(Self { year, month })
    }

    /// The month in which a day lies.
    pub fn of(day: NaiveDate) -> Self {
        Self { year: day.year(), month: day.month() }
    }

    /// Calendar year.
    pub fn year(self) -> i32 {
        self.year
    }

    /// Month 1–12.
    pub fn month(self) -> u32 {
        self.month
    }

    /// First calendar day.
    pub fn first_day(self) -> NaiveDate {
        NaiveDate::from_ymd_opt(self.year, self.month, 1).unwrap_or(NaiveDate::MIN)
    }

    /// Last calendar day.
    pub fn last_day(self) -> NaiveDate {
        self.offset(1).first_day() - Days::new(1)
    }

    /// The month `months` later (negative: earlier).
    pub fn offset(self, months: i32) -> Self {
        let index = self.year * 12 + self.month as i32 - 1 + months;
        Self { year: index.div_euclid(12), month: index.rem_euclid(12) as u32 + 1 }
    }

    /// Whether the day lies in this month.
    pub fn contains(self, day: NaiveDate) -> bool {
        Self::of(day) == self
    }

    /// All calendar days in order.
    pub fn days(self) -> impl Iterator<Item = NaiveDate> {
        days(self.first_day(), self.last_day())
    }
}

/// All days from `from` to `to`, both included; empty when `to` is earlier.
pub fn days(from: NaiveDate, to: NaiveDate) -> impl Iterator<Item = NaiveDate> {
    from.iter_days().take_while(move |day| *day <= to)
}

/// The same day `months` later, as calendars count (31 January + 1 month = 28 or 29 February).
pub fn add_months(day: NaiveDate, months: u32) -> NaiveDate {
    day.checked_add_months(Months::new(months)).unwrap_or(NaiveDate::MAX)
}

impl fmt::Display for Period {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:04}-{:02}", self.year, self.month)
    }
}

impl std::str::FromStr for Period {
    type Err = PeriodError;
    fn from_str(text: &str) -> Result<Self, PeriodError> {
        let wrong = || PeriodError(text.to_owned());
        let (year, month) = text.split_once('-').ok_or_else(wrong)?;
        if year.len() != 4 || month.len() != 2 || !text.bytes().all(|b| b.is_ascii_digit() || b == b'-') {
            return Err(wrong());
        }
        Self::new(year.parse().map_err(|_| wrong())?, month.parse().map_err(|_| wrong())?).ok_or_else(wrong)
    }
}

impl TryFrom<String> for Period {
    type Error = PeriodError;
    fn try_from(text: String) -> Result<Self, PeriodError> {
        text.parse()
    }
}

impl From<Period> for String {
    fn from(period: Period) -> Self {
        period.to_string()
    }
}

/// The span under which a statement is filed: a work month or evaluation month, an SKP year, or none at all
/// (standing facts: identity, discipline, permits).
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub enum Span {
    /// No period: the fact stands until it is superseded. Written as the empty text.
    Standing,
    /// A year (`2026`): the SKP list, annual evaluations.
    Year(i32),
    /// A quarter (`2026-Q3`), from 1 to 4: quarterly evaluations.
    Quarter(i32, u32),
    /// A month (`2026-10`).
    Month(Period),
}

impl fmt::Display for Span {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Standing => Ok(()),
            Self::Year(year) => write!(f, "{year:04}"),
            Self::Quarter(year, number) => write!(f, "{year:04}-Q{number}"),
            Self::Month(period) => write!(f, "{period}"),
        }
    }
}

impl std::str::FromStr for Span {
    type Err = PeriodError;
    fn from_str(text: &str) -> Result<Self, PeriodError> {
        match text.len() {
            0 => Ok(Self::Standing),
            4 => text.parse().map(Self::Year).map_err(|_| PeriodError(text.to_owned())),
            _ => match text.split_once("-Q") {
                Some((year, number)) => {
                    let wrong = || PeriodError(text.to_owned());
                    let number = number.parse().ok().filter(|number| (1..=4).contains(number)).ok_or_else(wrong)?;
                    let year = year.parse().ok().filter(|_| text.len() == 7).ok_or_else(wrong)?;
                    Ok(Self::Quarter(year, number))
                }
                None => text.parse().map(Self::Month),
            },
        }
    }
}

impl TryFrom<String> for Span {
    type Error = PeriodError;
    fn try_from(text: String) -> Result<Self, PeriodError> {
        text.parse()
    }
}

impl From<Span> for String {
    fn from(span: Span) -> Self {
        span.to_string()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn january_is_preceded_by_december() {
        // facts tukin-rules §7, example 6
        let january = Period::new(2026, 1).unwrap();
        assert_eq!(january.offset(-1), Period::new(2025, 12).unwrap());
        assert_eq!(Period::new(2026, 2).unwrap().last_day().to_string(), "2026-02-28");
    }

    #[test]
    fn refuses_other_spellings() {
        for wrong in ["2026-13", "2026-1", "26-01", "2026/01", "2026-00", "", "+026-01", "2026-01-01"] {
            assert!(wrong.parse::<Period>().is_err(), "{wrong}");
        }
    }

    proptest! {
        #[test]
        fn text_round_trips(year in 1900i32..9999, month in 1u32..=12, by in -500i32..500) {
            let period = Period::new(year, month).unwrap();
            prop_assert_eq!(period.to_string().parse::<Period>().unwrap(), period);
            prop_assert_eq!(period.offset(by).offset(-by), period);
        }
    }
}
