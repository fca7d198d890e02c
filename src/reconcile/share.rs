//! Shares of a whole as exact fractions, which are compared and halved without rounding.

use crate::domain::percent::Percent;
use std::cmp::Ordering;

/// 100 %, in the parts of [`Percent`].
const WHOLE: i128 = Percent::HUNDRED.parts() as i128;

/// A share as an exact fraction: a day three times the median is on the limit, not above it.
#[derive(Debug, Clone, Copy)]
pub(super) struct Share {
    pub(super) of: i128,
    pub(super) whole: i128,
}

impl Share {
    pub(super) const ONE_PERCENT: Self = Self { of: 1, whole: 100 };

    pub(super) fn compare(&self, other: &Self) -> Ordering {
        (self.of * other.whole).cmp(&(other.of * self.whole))
    }

    fn mean(self, other: Self) -> Self {
        Self { of: self.of * other.whole + other.of * self.whole, whole: 2 * self.whole * other.whole }
    }

    /// The middle one, or the mean of the two middle ones; `None` of nothing.
    pub(super) fn median(mut shares: Vec<Self>) -> Option<Self> {
        shares.sort_by(Self::compare);
        let (low, high) = (shares.get(shares.len().checked_sub(1)? / 2)?, shares.get(shares.len() / 2)?);
        Some(if low.compare(high).is_eq() { *low } else { low.mean(*high) })
    }

    /// For people, cut to six decimals.
    pub(super) fn percent(self) -> Percent {
        Percent::from_parts(i64::try_from(self.of * WHOLE / self.whole).unwrap_or(i64::MAX))
    }
}
