//! When people work and how their scans are read: attendance window, calendar, schedules, flexible time, scans.

use super::Verified;
use super::date;
use super::optional_date;
use super::time;
use crate::domain::percent::Percent;
use chrono::NaiveDate;
use chrono::NaiveTime;
use serde::Deserialize;

/// `[period]`.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct PeriodRule {
    /// 1: calendar month; 16: from the 16th of the previous month.
    pub attendance_from_day: u32,
    /// 0: last day of the month.
    pub attendance_to_day: u32,
    /// Payment month N pays work month N + offset.
    pub work_month_offset: i32,
    /// Checked or not.
    pub verified: Verified,
    /// Regulation and article.
    pub source: String,
}

/// `[calendar]`.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct CalendarRule {
    /// One file or several, relative to the policy file.
    pub holidays_file: OneOrMany,
    /// Whether people work on cuti bersama.
    pub cuti_bersama_is_workday: bool,
    /// Ramadan spans.
    #[serde(default)]
    pub ramadan: Vec<Ramadan>,
}

/// A text or a list of texts.
#[derive(Debug, Clone, Deserialize)]
#[serde(untagged)]
pub enum OneOrMany {
    /// One.
    One(String),
    /// Several.
    Many(Vec<String>),
}

impl OneOrMany {
    /// All of them.
    pub fn all(&self) -> &[String] {
        match self {
            Self::One(one) => std::slice::from_ref(one),
            Self::Many(many) => many,
        }
    }
}

/// One Ramadan.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Ramadan {
    /// First day.
    #[serde(deserialize_with = "date")]
    pub from: NaiveDate,
    /// Last day.
    #[serde(deserialize_with = "date")]
    pub to: NaiveDate,
    /// Checked or not.
    pub verified: Verified,
    /// Decree of the first day; may be left out.
    #[serde(default)]
    pub source: String,
}

/// `[worktime]`.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Worktime {
    /// Minutes of a full week.
    pub weekly_minutes: u32,
    /// Minutes of a week in Ramadan.
    pub ramadan_weekly_minutes: u32,
    /// Checked or not.
    pub verified: Verified,
    /// Regulation and article.
    pub source: String,
    /// Start and end by day.
    pub schedule: Vec<Schedule>,
    /// Flexible time.
    pub flex: Flex,
    /// Seconds and band edges.
    pub rounding: MinuteRounding,
}

/// One `[[worktime.schedule]]`.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Schedule {
    /// `reguler`, `ramadan`, or the name of a shift, which then has `assign`.
    pub name: String,
    /// Days on which it holds.
    pub days: Vec<DayName>,
    /// Start.
    #[serde(deserialize_with = "time")]
    pub start: NaiveTime,
    /// End; of a shift on or before its start: on the next day.
    #[serde(deserialize_with = "time")]
    pub end: NaiveTime,
    /// Break in minutes.
    pub break_minutes: u32,
    /// Whose hours these are; for shifts only.
    #[serde(default)]
    pub assign: Option<Assign>,
    /// Whether the shift works on holidays and collective leave.
    #[serde(default)]
    pub works_on_holidays: bool,
}

/// Whose hours a shift has: units as a whole, and people by name, who come before their unit.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Assign {
    /// Unit codes of the roster.
    #[serde(default)]
    pub units: Vec<String>,
    /// NIPs.
    #[serde(default)]
    pub nips: Vec<String>,
    /// First day; from the beginning when missing.
    #[serde(default, deserialize_with = "optional_date")]
    pub from: Option<NaiveDate>,
    /// Last day; open when missing.
    #[serde(default, deserialize_with = "optional_date")]
    pub to: Option<NaiveDate>,
}

/// A day of the week.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Deserialize)]
#[serde(rename_all = "snake_case")]
#[allow(missing_docs)]
pub enum DayName {
    Mon,
    Tue,
    Wed,
    Thu,
    Fri,
    Sat,
    Sun,
}

/// `[worktime.flex]`.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Flex {
    /// How lateness may be made up.
    pub mode: FlexMode,
    /// Up to how many minutes.
    pub late_limit_minutes: u32,
    /// How many minutes an early arrival lets one leave earlier.
    pub early_limit_minutes: u32,
    /// What a shortfall counts as.
    pub uncompensated_counts_as: Uncompensated,
    /// Checked or not.
    pub verified: Verified,
    /// Regulation and article.
    pub source: String,
}

/// How lateness may be made up (contract §6).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum FlexMode {
    /// Not at all.
    None,
    /// Late up to the limit moves the required end; beyond it counts whole.
    CompensateSameDay,
    /// `max(0, late - limit)`.
    ToleranceSubtract,
    /// 0 up to the limit, else all.
    ToleranceCliff,
}

/// What a shortfall counts as.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Uncompensated {
    /// As leaving early.
    EarlyLeave,
    /// As the lateness that was not made up; what is missing beyond that is early leave.
    Late,
}

/// `[worktime.rounding]`.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct MinuteRounding {
    /// Seconds of a scan.
    pub seconds: Seconds,
    /// Whether the upper edge belongs to the next band.
    pub band_boundary: BandBoundary,
    /// Bands by day or by the month's sum.
    pub band_scope: BandScope,
}

/// What happens to seconds.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Seconds {
    /// Cut off.
    Truncate,
    /// A started minute counts.
    CeilMinute,
}

/// Edge of a band.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum BandBoundary {
    /// "1 s.d. < 31": minute 31 belongs to the next band.
    UpperExclusive,
    /// "1 s.d. 30": minute 30 still belongs to the band, the next one begins at 31.
    UpperInclusive,
}

/// Over what a band counts.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum BandScope {
    /// Each day by itself.
    PerDay,
    /// The minutes of the month together.
    CumulativeMonth,
}

/// `[attendance]`.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct AttendanceRule {
    /// How scans are read.
    pub scan: Scan,
}

/// `[attendance.scan]`.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Scan {
    /// Values that mean "no scan"; the empty text, or `HH:MM`.
    pub missing_values: Vec<String>,
    /// Scans at most this far apart are one tap in both columns (AB07).
    pub duplicate_gap_minutes: u32,
    /// Which scans of a device count.
    #[serde(rename = "use")]
    pub scans: ScanUse,
    /// How many times the median makes a day of missing scans an outage (AB08).
    pub outage_ratio: Percent,
    /// Reasons for manual rows.
    pub manual_reasons: Vec<ManualReasonText>,
    /// Statuses with office hours.
    pub statuses_with_office_hours: Vec<String>,
    /// Statuses with the duty to scan.
    pub statuses_with_scan_duty: Vec<String>,
    /// Statuses without either.
    pub statuses_exempt: Vec<String>,
}

/// Which scans of a device count.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum ScanUse {
    /// First and last of the day.
    FirstAndLast,
    /// The device's in/out state.
    StateField,
}

/// One manual reason.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ManualReasonText {
    /// A to D.
    pub code: String,
    /// In words.
    pub text: String,
}
