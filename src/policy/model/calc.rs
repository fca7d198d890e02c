//! Caps, order, rounding and tolerance of the arithmetic.

use crate::domain::percent::Percent;
use serde::Deserialize;

/// `[calc]`.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Calc {
    /// Cap of all deductions.
    pub max_total_deduction_percent: Percent,
    /// Lower bound of each bracket of f.
    pub component_floor: Percent,
    /// The steps, exactly the known ones; documents the order.
    pub order: Vec<String>,
    /// Rounding.
    pub rounding: Rounding,
    /// Tolerance.
    pub compare: Compare,
}

/// The steps of `calc.order` in their only order.
pub const CALC_ORDER: [&str; 9] =
    ["eligibility", "base_class", "status_multiplier", "leave_override", "performance", "attendance", "discipline", "plt", "round"];

/// `[calc.rounding]`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Rounding {
    /// Rupiah.
    pub unit: i64,
    /// How halves go.
    pub mode: RoundingMode,
    /// What is rounded.
    pub apply_to: RoundingTarget,
}

/// How halves go.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum RoundingMode {
    /// Up.
    HalfUp,
    /// Always down.
    Floor,
    /// To the even neighbour.
    HalfEven,
}

/// What is rounded.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum RoundingTarget {
    /// Gross and net; the deduction is their difference, so the file always adds up.
    GrossAndNet,
}

/// `[calc.compare]`.
#[derive(Debug, Clone, Copy, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Compare {
    /// Accepted difference between paid and recomputed.
    pub tolerance_rupiah: i64,
}
