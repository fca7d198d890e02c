//! The shape of a policy file, key by key.
//!
//! Money is whole Rupiah, percents are decimal texts, times are local `"HH:MM"`. Every rule block carries `verified`
//! and `source`; a rule that is used and not verified puts the period into trial mode (contract §6).

use crate::domain::finding::{Code, Severity};
use crate::domain::percent::Percent;
use crate::domain::predikat::Predikat;
use crate::domain::rupiah::Rupiah;
use chrono::{NaiveDate, NaiveTime};
use serde::{Deserialize, Deserializer};
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
    /// `reguler` or `ramadan`.
    pub name: String,
    /// Days on which it holds.
    pub days: Vec<DayName>,
    /// Start.
    #[serde(deserialize_with = "time")]
    pub start: NaiveTime,
    /// End.
    #[serde(deserialize_with = "time")]
    pub end: NaiveTime,
    /// Break in minutes.
    pub break_minutes: u32,
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

/// Length of an evaluation cycle.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum CycleLength {
    /// A month.
    Monthly,
    /// Three months.
    Quarterly,
    /// A year.
    Annual,
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

/// `[tariff]`.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Tariff {
    /// Always IDR.
    pub currency: String,
    /// Checked or not.
    pub verified: Verified,
    /// Regulation and article.
    pub source: String,
    /// Class → Rupiah a month.
    #[serde(rename = "class")]
    pub classes: BTreeMap<String, Rupiah>,
}

impl Tariff {
    /// The amount of a class.
    pub fn of(&self, class: i64) -> Option<Rupiah> {
        self.classes.get(&class.to_string()).copied()
    }
}

/// `[payment]`.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct PaymentCalendar {
    /// When tukin is paid.
    pub pay_day: PayDay,
    /// Working days before the month by which KPPN must have it.
    pub kppn_deadline_workdays_before: u32,
    /// What a late payment is called.
    pub late_type: String,
    /// SPP codes.
    pub spp_codes: SppCodes,
    /// Whether one ADK may name one bank only (BK03).
    pub one_bank_per_file: bool,
    /// Who signs.
    pub signers: Vec<String>,
    /// Steps inside the ministry.
    pub internal_steps: Vec<InternalStep>,
}

/// When tukin is paid.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum PayDay {
    /// First working day (PMK 20/2023 Pasal 3B).
    FirstWorkday,
}

/// SPP codes.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct SppCodes {
    /// Regular.
    pub induk: String,
    /// Late.
    pub susulan: String,
}

/// One step inside the ministry.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct InternalStep {
    /// What.
    pub step: String,
    /// Working days before the deadline.
    pub workdays_before_deadline: u32,
    /// Who.
    pub owner: String,
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
