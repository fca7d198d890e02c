//! The shape of a policy file, key by key.
//!
//! Money is whole Rupiah, percents are decimal texts, times are local `"HH:MM"`. Every rule block carries `verified`
//! and `source`; a rule that is used and not verified puts the period into trial mode (contract §6).

mod calc;
mod deduction;
mod leave;
mod payment;
mod performance;
mod status;
mod worktime;

pub use calc::*;
pub use deduction::*;
pub use leave::*;
pub use payment::*;
pub use performance::*;
pub use status::*;
pub use worktime::*;

use crate::domain::finding::Code;
use crate::domain::finding::Severity;
use chrono::NaiveDate;
use chrono::NaiveTime;
use serde::Deserialize;
use serde::Deserializer;
use std::collections::BTreeMap;

/// Whether somebody has checked a rule against the regulation in force.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Verified {
    /// Read in the regulation.
    Yes,
    /// Invented, from memory, or taken from another ministry.
    No,
    /// Read in a secondary source only; does not force trial mode.
    Secondary,
}

impl Verified {
    /// `true`, `false`, `secondary`.
    pub fn key(self) -> &'static str {
        match self {
            Self::Yes => "true",
            Self::No => "false",
            Self::Secondary => "secondary",
        }
    }
}

impl<'de> Deserialize<'de> for Verified {
    fn deserialize<D: Deserializer<'de>>(from: D) -> Result<Self, D::Error> {
        #[derive(Deserialize)]
        #[serde(untagged)]
        enum Form {
            Flag(bool),
            Word(String),
        }
        match Form::deserialize(from)? {
            Form::Flag(true) => Ok(Self::Yes),
            Form::Flag(false) => Ok(Self::No),
            Form::Word(word) if word == "secondary" => Ok(Self::Secondary),
            Form::Word(word) => Err(serde::de::Error::custom(format!("verified is true, false or \"secondary\", not \"{word}\""))),
        }
    }
}

/// Where a rule comes from and whether it has been checked.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Citation {
    /// Regulation and article.
    pub source: String,
    /// Checked or not.
    pub verified: Verified,
}

/// One policy file.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct PolicyFile {
    /// Always 1.
    pub schema_version: i64,
    /// Whose policy, from when, approved by whom.
    pub policy: Head,
    /// Attendance window and payment month.
    pub period: PeriodRule,
    /// Holidays and Ramadan.
    pub calendar: CalendarRule,
    /// Schedules, flexible time, rounding of minutes.
    pub worktime: Worktime,
    /// How attendance rows are read.
    pub attendance: AttendanceRule,
    /// Which model computes the allowance.
    pub components: Components,
    /// Predikat and what it does.
    pub performance: Performance,
    /// Attendance deductions.
    #[serde(default)]
    pub deduction: Deductions,
    /// Leave, kind by kind.
    #[serde(default)]
    pub leave: Vec<LeaveRule>,
    /// What all leave shares.
    #[serde(default)]
    pub leave_rules: LeaveRules,
    /// Punishments.
    pub discipline: Discipline,
    /// CPNS, PPPK, tugas belajar, MPP, ….
    #[serde(default)]
    pub status: Vec<StatusRule>,
    /// Acting positions.
    pub plt: Plt,
    /// Change of class inside a month.
    pub class_change: ClassChange,
    /// Caps, order, rounding, tolerance.
    pub calc: Calc,
    /// Amounts by class.
    pub tariff: Tariff,
    /// Payment calendar.
    pub payment: PaymentCalendar,
    /// Severities that differ from the catalogue.
    #[serde(default)]
    pub severity: BTreeMap<Code, SeverityWord>,
    /// Masking and retention.
    pub privacy: Privacy,
}

/// `[policy]`.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Head {
    /// Stable id.
    pub id: String,
    /// Title for people.
    pub title: String,
    /// Agency code in e-Kinerja.
    pub agency_code: String,
    /// IANA time zone.
    pub timezone: String,
    /// draft or approved.
    pub status: PolicyStatus,
    /// Who approved it.
    pub approved_by: String,
    /// When; empty while it is a draft.
    pub approved_on: String,
    /// First day on which it holds.
    #[serde(deserialize_with = "date")]
    pub effective_from: NaiveDate,
    /// Last day on which it holds; open when missing.
    #[serde(default, deserialize_with = "optional_date")]
    pub effective_to: Option<NaiveDate>,
    /// Regulations on which it rests.
    pub legal_basis: Vec<LegalBasis>,
}

/// Draft or approved.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum PolicyStatus {
    /// Puts every period into trial mode.
    Draft,
    /// Approved by the ministry.
    Approved,
}

/// One regulation of `legal_basis`.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct LegalBasis {
    /// Regulation.
    #[serde(rename = "ref")]
    pub reference: String,
    /// What of it was read.
    pub read: String,
    /// Checked or not.
    pub verified: Verified,
}

/// A severity as the policy writes it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(transparent)]
pub struct SeverityWord(pub Severity);

/// `[privacy]`.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Privacy {
    /// Always `first4_last3`.
    pub mask_nip: String,
    /// Always `last4`.
    pub mask_account: String,
    /// Months.
    pub retention_months: u32,
    /// Whether reasons of sick leave are kept.
    pub store_health_reasons: bool,
}

pub(super) fn date<'de, D: Deserializer<'de>>(from: D) -> Result<NaiveDate, D::Error> {
    let value = toml::value::Datetime::deserialize(from)?;
    let date = value.date.filter(|_| value.time.is_none() && value.offset.is_none());
    date.and_then(|d| NaiveDate::from_ymd_opt(i32::from(d.year), u32::from(d.month), u32::from(d.day)))
        .ok_or_else(|| serde::de::Error::custom("a date is written 2026-01-31, without quotes"))
}

fn optional_date<'de, D: Deserializer<'de>>(from: D) -> Result<Option<NaiveDate>, D::Error> {
    date(from).map(Some)
}

fn time<'de, D: Deserializer<'de>>(from: D) -> Result<NaiveTime, D::Error> {
    let text = String::deserialize(from)?;
    NaiveTime::parse_from_str(&text, "%H:%M").map_err(|_| serde::de::Error::custom(format!("'{text}' is not a time: write \"HH:MM\"")))
}

fn optional_time<'de, D: Deserializer<'de>>(from: D) -> Result<Option<NaiveTime>, D::Error> {
    time(from).map(Some)
}
