//! Exact fractions, so that no percent is ever rounded on the way to a Rupiah.

use std::ops::{Add, Mul, Sub};

/// A fraction in lowest terms; the denominator is positive.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Fraction {
    over: i128,
    under: i128,
}

fn divisor(a: i128, b: i128) -> i128 {
    if b == 0 { a.abs() } else { divisor(b, a % b) }
}

impl Fraction {
    pub const ZERO: Self = Self { over: 0, under: 1 };
    pub const ONE: Self = Self { over: 1, under: 1 };

    pub fn new(over: i128, under: i128) -> Self {
        let common = divisor(over, under).max(1);
        Self { over: over / common, under: under / common }
    }

    pub fn whole(number: i64) -> Self {
        Self::new(number.into(), 1)
    }

    /// `"2.5"` (percent) as 25/1000.
    pub fn percent(text: &str) -> Self {
        let (whole, rest) = text.split_once('.').unwrap_or((text, ""));
        let under = 10_i128.pow(rest.len() as u32);
        let over: i128 = format!("{whole}{rest}").parse().unwrap_or_else(|_| panic!("{text} is no percent"));
        Self::new(over, under * 100)
    }

    pub fn min(self, other: Self) -> Self {
        if self.over * other.under <= other.over * self.under { self } else { other }
    }

    /// The nearest whole number, a half upwards. Never negative here.
    pub fn half_up(self) -> i64 {
        i64::try_from((2 * self.over + self.under).div_euclid(2 * self.under)).unwrap()
    }
}

impl Add for Fraction {
    type Output = Self;
    fn add(self, other: Self) -> Self {
        Self::new(self.over * other.under + other.over * self.under, self.under * other.under)
    }
}

impl Sub for Fraction {
    type Output = Self;
    fn sub(self, other: Self) -> Self {
        self + Self { over: -other.over, under: other.under }
    }
}

impl Mul for Fraction {
    type Output = Self;
    fn mul(self, other: Self) -> Self {
        Self::new(self.over * other.over, self.under * other.under)
    }
}

#[test]
fn fractions_are_exact() {
    assert_eq!(Fraction::percent("2.5"), Fraction::new(1, 40));
    assert_eq!(Fraction::percent("80") * Fraction::whole(5), Fraction::whole(4));
    assert_eq!(
        (Fraction::new(1, 3) + Fraction::new(1, 6), Fraction::ONE - Fraction::new(1, 3)),
        (Fraction::new(1, 2), Fraction::new(2, 3))
    );
    // 35 % of class 8 leaves 2,986,847.5: the half goes up
    assert_eq!((Fraction::whole(4_595_150) * Fraction::percent("65")).half_up(), 2_986_848);
    assert_eq!(Fraction::new(7, 3).half_up(), 2);
    assert_eq!(Fraction::percent("135").min(Fraction::ONE), Fraction::ONE);
}
