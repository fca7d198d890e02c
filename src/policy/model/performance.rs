//! The model of the allowance, and what a predikat does in it.

use super::Verified;
pub use crate::domain::cycle::CycleLength;
use crate::domain::percent::Percent;
use crate::domain::predikat::Predikat;
use serde::Deserialize;
use std::collections::BTreeMap;

/// `[components]`.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Components {
    /// Which model.
    pub model: Model,
    /// Always `kelas_jabatan`.
    pub base: ComponentBase,
    /// Weight of performance in percent, for `weighted`.
    #[serde(default)]
    pub weight_performance: Option<Percent>,
    /// Weight of attendance in percent, for `weighted`.
    #[serde(default)]
    pub weight_attendance: Option<Percent>,
    /// Checked or not.
    pub verified: Verified,
    /// Regulation and article.
    pub source: String,
}

/// The two models of contract §6.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Model {
    /// `net = round(T·m·(1-D))`.
    DeductionOnly,
    /// `net = round(T·m·f)` with weights for performance and attendance.
    Weighted,
}

/// What the tariff depends on.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum ComponentBase {
    /// The class of the position.
    KelasJabatan,
}

/// What a percent is a percent of.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Deserialize, Default)]
#[serde(rename_all = "snake_case")]
pub enum Base {
    /// The whole allowance.
    #[default]
    Total,
    /// The part for performance.
    PerformanceComponent,
    /// The part for attendance.
    AttendanceComponent,
}

impl Base {
    /// The key in policy files.
    pub fn key(self) -> &'static str {
        match self {
            Self::Total => "total",
            Self::PerformanceComponent => "performance_component",
            Self::AttendanceComponent => "attendance_component",
        }
    }
}

/// `[performance]`.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Performance {
    /// Length of an evaluation cycle.
    pub cycle: CycleLength,
    /// Cycles between evaluation and the payment that it affects.
    pub lag: u32,
    /// Days after the cycle's end until it is due.
    pub due_days_after_period_end: u32,
    /// Whether PR03 is checked.
    pub require_ratings_match_matrix: bool,
    /// Percent cut or percent paid.
    pub effect: Effect,
    /// Of what.
    pub base: Base,
    /// Checked or not.
    pub verified: Verified,
    /// Regulation and article.
    pub source: String,
    /// Percent by predikat.
    pub predikat: PredikatPercents,
    /// What a missing predikat does.
    pub missing: MissingPredikat,
    /// Folded label → predikat.
    pub labels: BTreeMap<String, Predikat>,
    /// `atas_sesuai` → predikat.
    pub matrix: BTreeMap<String, Predikat>,
}

/// What the percent of a predikat is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Effect {
    /// A cut.
    Deduct,
    /// What is paid.
    Pay,
}

/// `[performance.predikat]`.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
#[allow(missing_docs)]
pub struct PredikatPercents {
    pub sangat_baik: Percent,
    pub baik: Percent,
    pub butuh_perbaikan: Percent,
    pub kurang: Percent,
    pub sangat_kurang: Percent,
}

impl PredikatPercents {
    /// The percent of a predikat.
    pub fn of(&self, predikat: Predikat) -> Percent {
        match predikat {
            Predikat::SangatBaik => self.sangat_baik,
            Predikat::Baik => self.baik,
            Predikat::ButuhPerbaikan => self.butuh_perbaikan,
            Predikat::Kurang => self.kurang,
            Predikat::SangatKurang => self.sangat_kurang,
        }
    }
}

/// `[performance.missing]`.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct MissingPredikat {
    /// Block, cut or warn.
    pub action: MissingAction,
    /// Cut in percent, for `deduct`.
    #[serde(default)]
    pub percent: Option<Percent>,
    /// After how many cycles in a row the other percent holds.
    #[serde(default)]
    pub consecutive_months: Option<u32>,
    /// That percent.
    #[serde(default)]
    pub consecutive_percent: Option<Percent>,
    /// Whether an SKP that was never set blocks (SK01).
    pub block_if_skp_not_set: bool,
    /// Checked or not.
    pub verified: Verified,
    /// Regulation and article.
    pub source: String,
}

/// What a missing predikat does.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum MissingAction {
    /// The person waits; nothing is cut.
    Block,
    /// A cut of `percent`.
    Deduct,
    /// Paid in full with a remark.
    PayFullWithWarning,
}
