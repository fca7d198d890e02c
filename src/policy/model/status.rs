//! Punishments, special statuses, acting positions and changes of class.

use super::Base;
use super::Verified;
use crate::domain::percent::Percent;
use serde::Deserialize;

/// `[discipline]`.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Discipline {
    /// Several at once.
    pub multiple: Multiple,
    /// First month, where the file does not say.
    pub starts: PunishmentStart,
    /// Of what.
    pub base: Base,
    /// Levels.
    #[serde(default)]
    pub level: Vec<PunishmentLevel>,
    /// When yearly absence is worth a word (DS02).
    pub warn: AbsenceWarning,
}

/// Several punishments at once.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Multiple {
    /// Only the heaviest (ESDM 21/2014 Pasal 20).
    HeaviestOnly,
    /// All of them.
    Sum,
}

/// First month of a punishment.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum PunishmentStart {
    /// The month after the decision.
    MonthAfterDecision,
    /// The month of the decision.
    MonthOfDecision,
}

/// One `[[discipline.level]]`.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct PunishmentLevel {
    /// Code; `tingkat` of the discipline file.
    pub code: String,
    /// Cut.
    pub percent: Percent,
    /// Length in months.
    pub months: u32,
    /// Yearly absence that leads to it, from and to.
    #[serde(default)]
    pub cumulative_absent_days_year: Option<[u32; 2]>,
    /// Checked or not.
    pub verified: Verified,
    /// Regulation and article.
    pub source: String,
}

/// `[discipline.warn]`.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct AbsenceWarning {
    /// Steps of yearly absence in days.
    pub cumulative_days: Vec<u32>,
    /// Consecutive days.
    pub consecutive_days: u32,
}

/// One `[[status]]`.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct StatusRule {
    /// cpns, pppk, pppk_paruh_waktu, tugas_belajar, mpp, cltn, ….
    pub kind: String,
    /// Percent of the tariff.
    #[serde(default)]
    pub multiplier: Option<Percent>,
    /// Whether anything is paid.
    #[serde(default)]
    pub eligible: Option<bool>,
    /// From when.
    #[serde(default)]
    pub starts: Option<StatusStart>,
    /// On what deductions are computed.
    #[serde(default)]
    pub deductions_on: Option<DeductionsOn>,
    /// From how many months ST04 is raised.
    #[serde(default)]
    pub warn_if_older_than_months: Option<u32>,
    /// A class that replaces the roster's.
    #[serde(default)]
    pub fixed_class: Option<i64>,
    /// Percent in the extension of a study assignment.
    #[serde(default)]
    pub extension_percent_paid: Option<Percent>,
    /// Checked or not.
    pub verified: Verified,
    /// Regulation and article.
    pub source: String,
}

/// From when a status counts.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum StatusStart {
    /// From the SPMT date.
    SpmtDate,
}

/// On what deductions are computed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum DeductionsOn {
    /// On the tariff after the multiplier (Kemlu 3/2025 Pasal 18(5)).
    AfterMultiplier,
}

/// `[plt]`.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Plt {
    /// Supplement in percent of T.
    pub add_percent: Percent,
    /// Full calendar months before it is due.
    pub min_calendar_months: u32,
    /// Months by which it is paid later.
    pub paid_lag_months: u32,
    /// Checked or not.
    pub verified: Verified,
    /// Regulation and article.
    pub source: String,
}

/// `[class_change]`.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ClassChange {
    /// Which rule.
    pub rule: ClassChangeRule,
    /// Checked or not.
    pub verified: Verified,
    /// Regulation and article.
    pub source: String,
}

/// What a class that changes inside a month does.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum ClassChangeRule {
    /// Next month, unless it holds from the first working day.
    NextMonthUnlessFirstWorkday,
    /// The same month.
    SameMonth,
    /// By working days.
    ProrataWorkdays,
}
