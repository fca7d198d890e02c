//! What lateness, early leave and single events cost.

use super::Base;
use super::Verified;
use super::optional_time;
use crate::domain::percent::Percent;
use chrono::NaiveTime;
use serde::Deserialize;

/// `[[deduction.*]]`.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Deductions {
    /// Bands of minutes or clock times.
    #[serde(default)]
    pub band: Vec<BandRule>,
    /// Percent per minute.
    #[serde(default)]
    pub linear: Vec<LinearRule>,
    /// Single events.
    #[serde(default)]
    pub event: Vec<EventRule>,
}

/// Late or early.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum MinuteKind {
    /// After the start.
    Late,
    /// Before the end.
    EarlyLeave,
}

impl MinuteKind {
    /// The key in policy files.
    pub fn key(self) -> &'static str {
        match self {
            Self::Late => "late",
            Self::EarlyLeave => "early_leave",
        }
    }
}

/// One `[[deduction.band]]`.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct BandRule {
    /// Late or early.
    pub kind: MinuteKind,
    /// Of what.
    pub base: Base,
    /// Checked or not.
    pub verified: Verified,
    /// Regulation and article.
    pub source: String,
    /// The bands, first to last.
    pub bands: Vec<Band>,
}

/// One band, by minutes (`from_minute` ≤ m < `to_minute`) or by clock time.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Band {
    /// TM1, PC1, ….
    pub code: String,
    /// First minute.
    #[serde(default)]
    pub from_minute: Option<u32>,
    /// First minute that no longer belongs to it; open when missing.
    #[serde(default)]
    pub to_minute: Option<u32>,
    /// First clock time.
    #[serde(default, deserialize_with = "optional_time")]
    pub from_time: Option<NaiveTime>,
    /// First clock time that no longer belongs to it.
    #[serde(default, deserialize_with = "optional_time")]
    pub to_time: Option<NaiveTime>,
    /// Percent.
    pub percent: Percent,
}

/// One `[[deduction.linear]]`.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct LinearRule {
    /// Late or early.
    pub kind: MinuteKind,
    /// Percent per minute.
    pub percent_per_minute: Percent,
    /// Of what.
    pub base: Base,
    /// Checked or not.
    pub verified: Verified,
    /// Regulation and article.
    pub source: String,
}

/// Events that cost something.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum EventKind {
    /// Check-in missing.
    NoCheckIn,
    /// Check-out missing.
    NoCheckOut,
    /// Both missing.
    NoScanAtAll,
    /// Absent without a valid reason.
    Absent,
    /// Ceremony missed.
    MissedCeremony,
}

impl EventKind {
    /// The key in policy files.
    pub fn key(self) -> &'static str {
        match self {
            Self::NoCheckIn => "no_check_in",
            Self::NoCheckOut => "no_check_out",
            Self::NoScanAtAll => "no_scan_at_all",
            Self::Absent => "absent",
            Self::MissedCeremony => "missed_ceremony",
        }
    }
}

/// One `[[deduction.event]]`: either a percent of its own or `treat_as` another rule.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct EventRule {
    /// Which event.
    pub kind: EventKind,
    /// A band code, `absent` or `both_events`.
    #[serde(default)]
    pub treat_as: Option<String>,
    /// Percent of its own.
    #[serde(default)]
    pub percent: Option<Percent>,
    /// Per what.
    #[serde(default)]
    pub per: Option<EventUnit>,
    /// Of what.
    #[serde(default)]
    pub base: Base,
    /// Whether absence absorbs the day's other deductions.
    #[serde(default)]
    pub absorbs_other_same_day: bool,
    /// From how many consecutive working days another percent replaces the sum.
    #[serde(default)]
    pub consecutive_days_limit: Option<u32>,
    /// That percent.
    #[serde(default)]
    pub consecutive_limit_percent: Option<Percent>,
    /// Checked or not.
    pub verified: Verified,
    /// Regulation and article.
    pub source: String,
}

/// Per what an event costs.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum EventUnit {
    /// Each working day.
    Workday,
    /// Each event.
    Event,
}
