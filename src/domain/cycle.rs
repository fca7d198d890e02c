//! Evaluation cycles: a month, a quarter or a year, and the spans under which their evidence is filed.

use super::period::{Period, PeriodError, Span};
use chrono::NaiveDate;
use serde::Deserialize;
use std::fmt;

/// Length of an evaluation cycle.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum CycleLength {
    /// A month.
    Monthly,
    /// Three months.
    Quarterly,
    /// A year.
    Annual,
}

impl CycleLength {
    /// Length in months.
    pub fn months(self) -> i32 {
        match self {
            Self::Monthly => 1,
            Self::Quarterly => 3,
            Self::Annual => 12,
        }
    }
}

/// One evaluation cycle, written `2026-09`, `2026-Q3` or `2026`. Two cycles are equal only when their lengths are: the
/// evidence of a month is never that of the quarter in which it lies.
///
/// ```
/// use selaras::domain::cycle::{Cycle, CycleLength};
/// let quarter = Cycle::containing("2026-10".parse()?, CycleLength::Quarterly);
/// assert_eq!((quarter.to_string(), quarter.offset(-1).to_string()), ("2026-Q4".to_owned(), "2026-Q3".to_owned()));
/// # Ok::<(), selaras::domain::period::PeriodError>(())
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Cycle {
    first: Period,
    length: CycleLength,
}

impl Cycle {
    /// The cycle of that length in which a month lies.
    pub fn containing(month: Period, length: CycleLength) -> Self {
        let into = (month.month() as i32 - 1) % length.months();
        Self { first: month.offset(-into), length }
    }

    /// A quarter 1–4 of a year.
    pub fn quarter(year: i32, number: u32) -> Option<Self> {
        let first = (1..=4).contains(&number).then(|| Period::new(year, number * 3 - 2)).flatten()?;
        Some(Self { first, length: CycleLength::Quarterly })
    }

    /// A whole year.
    pub fn year(year: i32) -> Option<Self> {
        Period::new(year, 1).map(|first| Self { first, length: CycleLength::Annual })
    }

    /// How long it is.
    pub fn length(self) -> CycleLength {
        self.length
    }

    /// Its first month.
    pub fn first_month(self) -> Period {
        self.first
    }

    /// Its last month.
    pub fn last_month(self) -> Period {
        self.first.offset(self.length.months() - 1)
    }

    /// First calendar day.
    pub fn first_day(self) -> NaiveDate {
        self.first.first_day()
    }

    /// Last calendar day.
    pub fn last_day(self) -> NaiveDate {
        self.last_month().last_day()
    }

    /// Which of its year it is, from 1: the month, the quarter, or 1.
    pub fn number(self) -> u32 {
        (self.first.month() - 1) / self.length.months() as u32 + 1
    }

    /// The cycle so many cycles later (negative: earlier).
    pub fn offset(self, cycles: i32) -> Self {
        Self { first: self.first.offset(cycles * self.length.months()), length: self.length }
    }

    /// Under which span its evidence is filed.
    pub fn span(self) -> Span {
        match self.length {
            CycleLength::Monthly => Span::Month(self.first),
            CycleLength::Quarterly => Span::Quarter(self.first.year(), self.number()),
            CycleLength::Annual => Span::Year(self.first.year()),
        }
    }

    /// The cycle whose evidence is filed under the span.
    pub fn of_span(span: Span) -> Option<Self> {
        match span {
            Span::Standing => None,
            Span::Month(month) => Some(month.into()),
            Span::Quarter(year, number) => Self::quarter(year, number),
            Span::Year(year) => Self::year(year),
        }
    }
}

impl From<Period> for Cycle {
    fn from(month: Period) -> Self {
        Self { first: month, length: CycleLength::Monthly }
    }
}

impl fmt::Display for Cycle {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.span().fmt(f)
    }
}

impl std::str::FromStr for Cycle {
    type Err = PeriodError;
    fn from_str(text: &str) -> Result<Self, PeriodError> {
        Self::of_span(text.parse()?).ok_or_else(|| PeriodError(text.to_owned()))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn of(month: &str, length: CycleLength) -> Cycle {
        Cycle::containing(month.parse().unwrap(), length)
    }

    #[test]
    fn quarters_and_years_cross_new_year() {
        assert_eq!(of("2026-01", CycleLength::Quarterly).offset(-1).to_string(), "2025-Q4");
        assert_eq!(of("2026-03", CycleLength::Quarterly).to_string(), "2026-Q1");
        assert_eq!(of("2026-04", CycleLength::Quarterly).last_day().to_string(), "2026-06-30");
        assert_eq!(of("2026-01", CycleLength::Annual).offset(-1).to_string(), "2025");
        assert_eq!(of("2026-01", CycleLength::Monthly).offset(-1).to_string(), "2025-12");
        assert_eq!(of("2026-08", CycleLength::Quarterly).number(), 3);
    }

    #[test]
    fn a_month_is_no_quarter() {
        assert_ne!(of("2026-07", CycleLength::Quarterly), of("2026-07", CycleLength::Monthly));
        assert_ne!(of("2026-07", CycleLength::Quarterly).span(), of("2026-09", CycleLength::Monthly).span());
    }

    #[test]
    fn text_round_trips() {
        for text in ["2026-09", "2026-Q1", "2026-Q4", "2025"] {
            assert_eq!(text.parse::<Cycle>().unwrap().to_string(), text);
        }
        for wrong in ["", "2026-Q0", "2026-Q5", "2026-13", "2026Q1", "2026-q1"] {
            assert!(wrong.parse::<Cycle>().is_err(), "{wrong}");
        }
    }
}
