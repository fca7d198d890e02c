//! What leave costs, kind by kind.

use super::Base;
use super::Verified;
use crate::domain::percent::Percent;
use serde::Deserialize;

/// One `[[leave]]`.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct LeaveRule {
    /// Kind of leave; a `jenis` of the permits file.
    pub kind: String,
    /// Percent that is paid on its days.
    #[serde(default)]
    pub percent_paid: Option<Percent>,
    /// Whether anything is paid at all.
    #[serde(default)]
    pub eligible: Option<bool>,
    /// Which document it needs.
    #[serde(default)]
    pub document: Option<String>,
    /// Working days until the document is due.
    #[serde(default)]
    pub document_due_workdays: Option<u32>,
    /// What holds without the document: `absent`.
    #[serde(default)]
    pub without_document: Option<WithoutDocument>,
    /// Up to which child.
    #[serde(default)]
    pub max_child: Option<u32>,
    /// How days or months are counted.
    #[serde(default)]
    pub per: Option<LeaveUnit>,
    /// Marginal bands over the running calendar days.
    #[serde(default)]
    pub bands: Vec<LeaveBand>,
    /// Cut by month of the leave.
    #[serde(default)]
    pub deduct_by_month: Vec<Percent>,
    /// Of what.
    #[serde(default)]
    pub base: Base,
    /// Checked or not.
    pub verified: Verified,
    /// Regulation and article.
    pub source: String,
}

/// What leave without its document counts as.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum WithoutDocument {
    /// As absence.
    Absent,
}

/// How leave is counted.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum LeaveUnit {
    /// By day, in bands over the running calendar days.
    DayBand,
    /// By calendar month of the leave.
    MonthOfLeave,
}

/// One band of a leave rule; edges in days or months, the upper one exclusive.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct LeaveBand {
    /// First day of the leave, from 1.
    #[serde(default)]
    pub from_day: Option<u32>,
    /// First day that no longer belongs to it.
    #[serde(default)]
    pub to_day: Option<u32>,
    /// First month, as full months after the start.
    #[serde(default)]
    pub from_month: Option<u32>,
    /// First month that no longer belongs to it.
    #[serde(default)]
    pub to_month: Option<u32>,
    /// Percent cut per working day.
    #[serde(default)]
    pub deduct_per_day: Option<Percent>,
    /// Percent of the month that is paid.
    #[serde(default)]
    pub percent_paid: Option<Percent>,
}

/// `[leave_rules]`.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct LeaveRules {
    /// What a part of a month of month-wise leave does.
    pub partial_month: PartialMonth,
    /// Whether an override by few days goes to a person.
    pub review_if_override_and_days_below_half: bool,
}

impl Default for LeaveRules {
    fn default() -> Self {
        Self { partial_month: PartialMonth::Review, review_if_override_and_days_below_half: true }
    }
}

/// What a part of a month of month-wise leave does.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum PartialMonth {
    /// A person decides (LV05).
    Review,
    /// By working days.
    ProrataWorkdays,
    /// As a full month.
    FullMonth,
}
