//! Exact percents. No floating point touches money or percent (contract §6).

use serde::{Deserialize, Serialize};
use std::fmt;
use std::iter::Sum;
use std::ops::{Add, AddAssign, Sub};

/// A percent with at most six decimals, held as millionths of a percent.
///
/// ```
/// use selaras::domain::Percent;
/// let half: Percent = "0.5".parse()?;
/// assert_eq!((half + half).to_string(), "1.0");
/// assert_eq!(Percent::HUNDRED.parts(), 100_000_000);
/// # Ok::<(), selaras::domain::percent::PercentError>(())
/// ```
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct Percent(i64);

/// The text is not a percent.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum PercentError {
    /// Not a decimal number such as "2.5".
    #[error("'{0}' is not a percent: write a decimal number as text, for example \"2.5\"")]
    NotDecimal(String),
    /// More than six decimals.
    #[error("'{0}' has more than six decimals")]
    TooFine(String),
    /// Above any percent that a regulation could mean.
    #[error("'{0}' is too large for a percent")]
    TooLarge(String),
    /// Below zero.
    #[error("'{0}' is negative")]
    Negative(String),
}

/// Millionths of a percent in one percent.
const SCALE: i64 = 1_000_000;

impl Percent {
    /// 0 %.
    pub const ZERO: Self = Self(0);
    /// 100 %.
    pub const HUNDRED: Self = Self(100 * SCALE);

    /// A percent from millionths of a percent.
    pub const fn from_parts(parts: i64) -> Self {
        Self(parts)
    }

    /// Whole percents.
    pub const fn whole(percent: i64) -> Self {
        Self(percent * SCALE)
    }

    /// Millionths of a percent; the whole (100 %) is `100_000_000`.
    pub const fn parts(self) -> i64 {
        self.0
    }

    /// `self × count`, for a rule applied on several days or minutes.
    pub fn times(self, count: i64) -> Self {
        Self(self.0.saturating_mul(count))
    }

    /// This percent of another: 50 % of 80 % is 40 %, cut to a millionth.
    pub fn of(self, other: Self) -> Self {
        let product = i128::from(self.0) * i128::from(other.0) / i128::from(Self::HUNDRED.0);
        Self(i64::try_from(product).unwrap_or(i64::MAX))
    }

    /// What is left of 100 %, never below zero.
    pub fn complement(self) -> Self {
        Self((Self::HUNDRED.0 - self.0).clamp(0, Self::HUNDRED.0))
    }
}

impl std::str::FromStr for Percent {
    type Err = PercentError;
    fn from_str(text: &str) -> Result<Self, PercentError> {
        let wrong = || PercentError::NotDecimal(text.to_owned());
        let text_trimmed = text.trim();
        if text_trimmed.starts_with('-') {
            return Err(PercentError::Negative(text.to_owned()));
        }
        let (whole, fraction) = text_trimmed.split_once('.').unwrap_or((text_trimmed, ""));
        let digits = |part: &str| part.bytes().all(|b| b.is_ascii_digit());
        if whole.is_empty() || !digits(whole) || !digits(fraction) || (text_trimmed.contains('.') && fraction.is_empty()) {
            return Err(wrong());
        }
        if fraction.trim_end_matches('0').len() > 6 {
            return Err(PercentError::TooFine(text.to_owned()));
        }
        let whole: i64 = whole.parse().ok().filter(|value| *value <= 1_000_000).ok_or_else(|| PercentError::TooLarge(text.to_owned()))?;
        let mut parts = whole * SCALE;
        let mut unit = SCALE / 10;
        for digit in fraction.trim_end_matches('0').bytes() {
            parts += i64::from(digit - b'0') * unit;
            unit /= 10;
        }
        Ok(Self(parts))
    }
}

/// Always with at least one decimal: `1.0`, `0.5`, `13.333333`.
impl fmt::Display for Percent {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let magnitude = self.0.unsigned_abs();
        let fraction = format!("{:06}", magnitude % SCALE as u64);
        let fraction = fraction.trim_end_matches('0');
        let sign = if self.0 < 0 { "-" } else { "" };
        f.pad(&format!("{sign}{}.{}", magnitude / SCALE as u64, if fraction.is_empty() { "0" } else { fraction }))
    }
}

impl TryFrom<String> for Percent {
    type Error = PercentError;
    fn try_from(text: String) -> Result<Self, PercentError> {
        text.parse()
    }
}

impl From<Percent> for String {
    fn from(percent: Percent) -> Self {
        percent.to_string()
    }
}

impl Add for Percent {
    type Output = Self;
    fn add(self, other: Self) -> Self {
        Self(self.0.saturating_add(other.0))
    }
}

impl AddAssign for Percent {
    fn add_assign(&mut self, other: Self) {
        *self = *self + other;
    }
}

impl Sub for Percent {
    type Output = Self;
    fn sub(self, other: Self) -> Self {
        Self(self.0.saturating_sub(other.0))
    }
}

impl Sum for Percent {
    fn sum<I: Iterator<Item = Self>>(percents: I) -> Self {
        percents.fold(Self::ZERO, Add::add)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn reads_and_writes_exactly() {
        for (text, shown) in
            [("0", "0.0"), ("2.50", "2.5"), ("0.01", "0.01"), ("100", "100.0"), ("33.333333", "33.333333"), ("1.0000000", "1.0")]
        {
            assert_eq!(text.parse::<Percent>().unwrap().to_string(), shown);
        }
        for wrong in ["", "-1", "1,5", "1.", ".5", "1e2", "33.3333333", "NaN", "99999999999999999999"] {
            assert!(wrong.parse::<Percent>().is_err(), "{wrong}");
        }
    }

    proptest! {
        #[test]
        fn text_round_trips(parts in 0i64..1_000_000_000_000) {
            let percent = Percent::from_parts(parts);
            prop_assert_eq!(percent.to_string().parse::<Percent>().unwrap(), percent);
        }
    }
}
