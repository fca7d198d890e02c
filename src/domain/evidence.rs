//! Evidence: one statement by one source about one person and one span of time.
//!
//! A statement is never updated; a newer one supersedes it. "Nothing there" is a statement too.

use super::attendance::{AttendanceRecap, DevicePin, DeviceScans};
use super::days::Days;
use super::discipline::{BknPunishment, Punishment};
use super::ekinerja::{AnnualRow, BknLeave, EvaluationRow, HistoryNote, HistoryRow, Identity, SkpRow};
use super::leave::Permit;
use super::nip::Nip;
use super::payment::{PaymentRow, SalaryAccount, TotalLine};
use super::period::Span;
use super::person::RosterEntry;
use super::places::Places;
use chrono::{DateTime, NaiveDate, Utc};
use serde::{Deserialize, Serialize};
use std::fmt;
use std::sync::Arc;

/// How the streams begin that BKN's report API answers itself; the stream of a file begins with what it is about.
pub const REPORT_STREAM: &str = "report:";

/// What a statement is about (contract §5).
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Kind {
    /// The ministry's roster.
    Roster,
    /// Attendance, one statement a calendar month.
    Attendance,
    /// A monthly attendance recap, one statement a calendar month, beside the days.
    AttendanceRecap,
    /// Scans of an attendance device by PIN; what they say about people, the map of PINs decides.
    Attlog,
    /// Device PINs of people.
    Pins,
    /// Leave and other permits.
    Permits,
    /// Punishments in the ministry's file.
    Discipline,
    /// Payment rows.
    Payment,
    /// Accounts of the salary file, beside those of the payment file.
    Bank,
    /// `laporan/penilaian` of an evaluation month.
    Evaluation,
    /// `laporan/skp` of a year.
    Skp,
    /// `data-utama`.
    Identity,
    /// `rw-kinerjaperiodik`.
    History,
    /// `rw-skp22`.
    SkpAnnual,
    /// `rw-hukdis`.
    DisciplineBkn,
    /// `rw-cltn`.
    UnpaidLeave,
    /// `rw-jabatan`.
    Position,
    /// `rw-pemberhentian`.
    Termination,
    /// `rw-pindahinstansi`.
    Transfer,
    /// `rw-tubel`.
    StudyLeave,
}

impl Kind {
    /// Every kind with its key in configuration, JSON and the store.
    pub const ALL: [(&'static str, Self); 20] = [
        ("roster", Self::Roster),
        ("attendance", Self::Attendance),
        ("attendance_recap", Self::AttendanceRecap),
        ("attlog", Self::Attlog),
        ("pins", Self::Pins),
        ("permits", Self::Permits),
        ("discipline", Self::Discipline),
        ("payment", Self::Payment),
        ("bank", Self::Bank),
        ("evaluation", Self::Evaluation),
        ("skp", Self::Skp),
        ("identity", Self::Identity),
        ("history", Self::History),
        ("skp_annual", Self::SkpAnnual),
        ("discipline_bkn", Self::DisciplineBkn),
        ("unpaid_leave", Self::UnpaidLeave),
        ("position", Self::Position),
        ("termination", Self::Termination),
        ("transfer", Self::Transfer),
        ("study_leave", Self::StudyLeave),
    ];

    /// The key in configuration, JSON and the store.
    pub fn key(self) -> &'static str {
        Self::ALL.iter().find(|(_, kind)| *kind == self).map_or("", |(key, _)| key)
    }

    /// The kind with that key.
    pub fn from_key(key: &str) -> Option<Self> {
        Self::ALL.iter().find(|(known, _)| *known == key).map(|(_, kind)| *kind)
    }

    /// Whether it only stands beside evidence of another kind, or is turned into it: nobody lacks it, and it counts in
    /// no completeness.
    pub fn is_beside(self) -> bool {
        matches!(self, Self::AttendanceRecap | Self::Attlog | Self::Pins | Self::Bank)
    }

    /// Whether BKN's report API answers it for the whole agency at once.
    pub fn is_bulk(self) -> bool {
        matches!(self, Self::Evaluation | Self::Skp)
    }

    /// Whether BKN's SIASN web service answers it, one NIP at a time.
    pub fn is_per_nip(self) -> bool {
        matches!(
            self,
            Self::Identity
                | Self::History
                | Self::SkpAnnual
                | Self::DisciplineBkn
                | Self::UnpaidLeave
                | Self::Position
                | Self::Termination
                | Self::Transfer
                | Self::StudyLeave
        )
    }
}

impl fmt::Display for Kind {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(self.key())
    }
}

/// The content of a statement. Lists hold what one source says about one person: usually one row, several after a
/// mutasi, two different ones where the source contradicts itself (ID03). Equal rows have collapsed, and lists are
/// sorted, so the order of rows in a file never shows.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "kind", content = "rows", rename_all = "snake_case")]
pub enum Body {
    /// Roster rows (more than one only when the file contradicts itself).
    Roster(Vec<RosterEntry>),
    /// The days of one calendar month.
    Attendance(Days),
    /// What recaps state about one calendar month.
    AttendanceRecap(Vec<AttendanceRecap>),
    /// Device PINs.
    Pins(Vec<DevicePin>),
    /// All permits that the source names for the person.
    Permits(Vec<Permit>),
    /// All punishments that the source names for the person.
    Discipline(Vec<Punishment>),
    /// Payment rows.
    Payment(Vec<PaymentRow>),
    /// Accounts of the salary file.
    Bank(Vec<SalaryAccount>),
    /// Evaluation rows of one cycle.
    Evaluation(Vec<EvaluationRow>),
    /// SKP rows of one year.
    Skp(Vec<SkpRow>),
    /// Identity (always one).
    Identity(Vec<Identity>),
    /// Periodic results.
    History(Vec<HistoryRow>),
    /// Annual results.
    SkpAnnual(Vec<AnnualRow>),
    /// BKN's punishments.
    DisciplineBkn(Vec<BknPunishment>),
    /// BKN's unpaid leave and the like.
    UnpaidLeave(Vec<BknLeave>),
    /// Position history.
    Position(Vec<HistoryNote>),
    /// Terminations.
    Termination(Vec<HistoryNote>),
    /// Moves between agencies.
    Transfer(Vec<HistoryNote>),
    /// Study assignments.
    StudyLeave(Vec<HistoryNote>),
}

/// Runs one expression on the list inside any body, or on its days.
macro_rules! each_list {
    ($body:expr, $rows:ident => $what:expr) => {
        each_list!($body, $rows => $what, $what)
    };
    ($body:expr, $rows:ident => $what:expr, $days:expr) => {
        match $body {
            Body::Roster($rows) => $what,
            Body::Attendance($rows) => $days,
            Body::AttendanceRecap($rows) => $what,
            Body::Pins($rows) => $what,
            Body::Permits($rows) => $what,
            Body::Discipline($rows) => $what,
            Body::Payment($rows) => $what,
            Body::Bank($rows) => $what,
            Body::Evaluation($rows) => $what,
            Body::Skp($rows) => $what,
            Body::Identity($rows) => $what,
            Body::History($rows) => $what,
            Body::SkpAnnual($rows) => $what,
            Body::DisciplineBkn($rows) => $what,
            Body::UnpaidLeave($rows) => $what,
            Body::Position($rows) => $what,
            Body::Termination($rows) => $what,
            Body::Transfer($rows) => $what,
            Body::StudyLeave($rows) => $what,
        }
    };
}

impl Body {
    /// The kind of evidence that this content belongs to.
    pub fn kind(&self) -> Kind {
        match self {
            Self::Roster(_) => Kind::Roster,
            Self::Attendance(_) => Kind::Attendance,
            Self::AttendanceRecap(_) => Kind::AttendanceRecap,
            Self::Pins(_) => Kind::Pins,
            Self::Permits(_) => Kind::Permits,
            Self::Discipline(_) => Kind::Discipline,
            Self::Payment(_) => Kind::Payment,
            Self::Bank(_) => Kind::Bank,
            Self::Evaluation(_) => Kind::Evaluation,
            Self::Skp(_) => Kind::Skp,
            Self::Identity(_) => Kind::Identity,
            Self::History(_) => Kind::History,
            Self::SkpAnnual(_) => Kind::SkpAnnual,
            Self::DisciplineBkn(_) => Kind::DisciplineBkn,
            Self::UnpaidLeave(_) => Kind::UnpaidLeave,
            Self::Position(_) => Kind::Position,
            Self::Termination(_) => Kind::Termination,
            Self::Transfer(_) => Kind::Transfer,
            Self::StudyLeave(_) => Kind::StudyLeave,
        }
    }

    /// Number of rows.
    pub fn len(&self) -> usize {
        each_list!(self, rows => rows.len())
    }

    /// Whether there is no row.
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// Sorts rows, lets equal ones collapse, and carries the locator along (the first place of equal rows stays).
    /// Payment rows never collapse: the same line twice is the same money twice.
    pub fn canonical(mut self, mut locator: Locator) -> (Self, Locator) {
        let collapse = !matches!(self, Self::Payment(_));
        each_list!(&mut self, rows => {
            // most sources write in order, each row once
            if rows.is_sorted_by(|one, next| if collapse { one < next } else { one <= next }) {
                locator.index.truncate(rows.len());
                return (self, locator);
            }
            (*rows, locator.index) = in_order(std::mem::take(rows), &locator.index, collapse);
        }, {
            if ascend(rows) {
                locator.index.truncate(rows.len());
                return (self, locator);
            }
            let (days, index) = in_order(rows.iter().collect(), &locator.index, collapse);
            (*rows, locator.index) = (days.into(), index);
        });
        (self, locator)
    }
}

/// Whether each day comes after the one before it.
fn ascend(days: &Days) -> bool {
    let mut last = None;
    days.iter().all(|day| last.replace(day.tanggal).is_none_or(|last| last < day.tanggal))
}

/// Rows sorted, with their places.
fn in_order<T: Ord>(rows: Vec<T>, places: &Places, collapse: bool) -> (Vec<T>, Places) {
    let mut joined: Vec<(T, u32)> = rows.into_iter().zip(places.iter().chain(std::iter::repeat(0))).collect();
    joined.sort();
    if collapse {
        joined.dedup_by(|later, earlier| later.0 == earlier.0);
    }
    let keep = places.len().min(joined.len());
    let (sorted, index): (Vec<T>, Vec<u32>) = joined.into_iter().unzip();
    (sorted, index.into_iter().take(keep).collect())
}

/// Where in its source each row of a statement stands: `at` with `{}` for the position, which counts as the source
/// itself does (file rows from 1, JSON arrays from 0).
///
/// ```
/// use selaras::domain::Locator;
/// let place = Locator::new("Presensi row {}", [2, 3, 4, 9]);
/// assert_eq!(place.show(3), "Presensi row 9");
/// assert_eq!(place.encode(), "Presensi row {}|2-4,9");
/// assert_eq!(Locator::decode("Presensi row {}|2-4,9"), place);
/// ```
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Locator {
    /// Template of the place, for example `data[{}]` or `daftar bayar row {}`; all statements of a file share it.
    pub at: Arc<str>,
    /// Position of each row, in the order of the body's rows.
    pub index: Places,
}

impl Default for Locator {
    fn default() -> Self {
        Self::new("", [])
    }
}

impl Locator {
    /// A locator from its template and positions.
    pub fn new(at: impl Into<Arc<str>>, index: impl IntoIterator<Item = u32>) -> Self {
        Self { at: at.into(), index: index.into_iter().collect() }
    }

    /// The place of the row at `position` in the body; the first place when there are fewer.
    pub fn show(&self, position: usize) -> String {
        match self.index.get(position).or_else(|| self.index.get(0)) {
            Some(index) => self.at.replace("{}", &index.to_string()),
            None => self.at.replace("{}", ""),
        }
    }

    /// Compact text for the store: runs of consecutive positions become ranges.
    pub fn encode(&self) -> String {
        let mut text = format!("{}|", self.at);
        let mut run: Option<(u32, u32)> = None;
        let mut first = true;
        let mut close = |text: &mut String, run: Option<(u32, u32)>| {
            if let Some((from, to)) = run {
                if !first {
                    text.push(',');
                }
                first = false;
                text.push_str(&if from == to { from.to_string() } else { format!("{from}-{to}") });
            }
        };
        for index in self.index.iter() {
            run = match run {
                Some((from, to)) if to.checked_add(1) == Some(index) => Some((from, index)),
                other => {
                    close(&mut text, other);
                    Some((index, index))
                }
            };
        }
        close(&mut text, run);
        text
    }

    /// The inverse of [`Locator::encode`]; anything unreadable becomes a locator without positions.
    pub fn decode(text: &str) -> Self {
        let (at, ranges) = text.rsplit_once('|').unwrap_or((text, ""));
        let mut index = Vec::new();
        for range in ranges.split(',').filter(|range| !range.is_empty()) {
            let (from, to) = range.split_once('-').unwrap_or((range, range));
            if let (Ok(from), Ok(to)) = (from.parse::<u32>(), to.parse::<u32>()) {
                index.extend(from..=to);
            }
        }
        Self::new(at, index)
    }
}

/// What a statement says about the existence of its content.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum StatementState {
    /// There is content.
    Present,
    /// The source says that there is nothing.
    DeclaredAbsent,
    /// The source had it earlier and no longer does (SR04).
    Withdrawn,
}

impl StatementState {
    /// The key in the store.
    pub fn key(self) -> &'static str {
        match self {
            Self::Present => "present",
            Self::DeclaredAbsent => "declared_absent",
            Self::Withdrawn => "withdrawn",
        }
    }

    /// The state with that key.
    pub fn from_key(key: &str) -> Option<Self> {
        [Self::Present, Self::DeclaredAbsent, Self::Withdrawn].into_iter().find(|state| state.key() == key)
    }
}

/// What a reader of files or of BKN's answers yields, before it is stored.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Statement {
    /// About whom.
    pub nip: Nip,
    /// What about.
    pub kind: Kind,
    /// For which span.
    pub span: Span,
    /// Present or declared absent.
    pub state: StatementState,
    /// Content; `None` unless present.
    pub body: Option<Body>,
    /// Where in the source.
    pub locator: Locator,
}

impl Statement {
    /// A statement with content, in canonical order.
    pub fn present(nip: Nip, span: Span, body: Body, locator: Locator) -> Self {
        let kind = body.kind();
        let (body, locator) = body.canonical(locator);
        Self { nip, kind, span, state: StatementState::Present, body: Some(body), locator }
    }

    /// The statement that there is nothing.
    pub fn absent(nip: Nip, kind: Kind, span: Span) -> Self {
        Self { nip, kind, span, state: StatementState::DeclaredAbsent, body: None, locator: Locator::default() }
    }
}

/// For whom a batch speaks. Absence is concluded only from a batch that speaks for everybody (contract §4).
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Scope {
    /// Everybody in the roster: who is missing is declared absent.
    Everybody,
    /// Only those whom it names.
    Named,
}

impl Scope {
    /// The key in the store.
    pub fn key(self) -> &'static str {
        match self {
            Self::Everybody => "everybody",
            Self::Named => "named",
        }
    }

    /// The scope with that key.
    pub fn from_key(key: &str) -> Option<Self> {
        [Self::Everybody, Self::Named].into_iter().find(|scope| scope.key() == key)
    }
}

/// What a source says about itself as a whole, beside its statements.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct SourceFacts {
    /// The period that the operator gave with `--period`, or the file's own.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub period: Option<super::period::Period>,
    /// Closing TOTAL line of a payment file.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub total: Option<TotalLine>,
    /// Evaluation cycles that the sheets of an evaluation file are of ("2026-09", "2026" for the annual one).
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub cycles: Vec<String>,
    /// "Data ditarik pada", as written.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub drawn_at: Option<String>,
    /// Days on which anybody has a row in an attendance file, ascending.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub days: Vec<NaiveDate>,
    /// Scans of a device by PIN; they are about nobody yet, so they are no statements.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub scans: Option<DeviceScans>,
    /// Places of the rows that were left out because their NIP cannot be read (ID01).
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub nameless: Vec<String>,
    /// Places of the rows that were left out because a NIK stands where a NIP belongs (ID02).
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub niks: Vec<String>,
    /// Code of the agency in the first line of a BKN export.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub agency: Option<String>,
    /// Columns that no rule reads.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub unknown_columns: Vec<String>,
}

/// A batch: one file or one pull.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Source {
    /// Batch id.
    pub batch: String,
    /// What it is about.
    pub kind: Kind,
    /// For which span.
    pub span: Span,
    /// Which of several sources of the kind: file name without folder, or the BKN surface. A newer batch of the same
    /// part supersedes the older one; batches of different parts stand beside each other.
    pub part: String,
    /// How outputs name it: `file:presensi.csv sha256:…`, `report:laporan/penilaian/2026/…`.
    pub name: String,
    /// SHA-256 of the bytes, in hex.
    pub sha256: String,
    /// For whom it speaks.
    pub scope: Scope,
    /// About itself.
    pub facts: SourceFacts,
    /// When its content was first seen.
    pub observed_at: DateTime<Utc>,
    /// When its content was last confirmed (an unchanged pull moves only this).
    pub checked_at: DateTime<Utc>,
}

impl Source {
    /// Whether it is sure to have come as a whole, so that what confirms one person in it confirms all. Answers of BKN may
    /// have been gathered about one person after the other; then they speak only for these.
    pub fn is_whole(&self) -> bool {
        self.scope == Scope::Everybody || !(self.kind.is_bulk() || self.kind.is_per_nip())
    }
}

/// One stored statement, current at some instant.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Evidence {
    /// The statement.
    pub statement: Statement,
    /// Which of several sources of the kind (see [`Source::part`]).
    pub part: Arc<str>,
    /// How outputs name the source.
    pub source: Arc<str>,
    /// Batch that brought it.
    pub batch: Arc<str>,
    /// When it was observed.
    pub observed_at: DateTime<Utc>,
    /// When it was last confirmed.
    pub checked_at: DateTime<Utc>,
    /// SHA-256 of the canonical content, in hex.
    pub sha256: Arc<str>,
}

/// How the latest question to BKN ended when it brought no evidence.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Failure {
    /// What was asked.
    pub kind: Kind,
    /// About whom; `None`: about everybody.
    pub nip: Option<Nip>,
    /// For which span.
    pub span: Span,
    /// One of the reasons of contract §5.
    pub reason: Reason,
    /// When.
    pub at: DateTime<Utc>,
}

/// Why a question to BKN brought no evidence (contract §5, "Reasons").
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Reason {
    /// No answer in time.
    Timeout,
    /// No connection, or lost.
    Connection,
    /// Quota of the gateway (429).
    Throttled,
    /// Gateway suspended the endpoint (303001).
    Suspended,
    /// WSO2 token refused.
    AuthGateway,
    /// SSO token refused.
    AuthSso,
    /// Report API token refused.
    AuthReport,
    /// 5xx or a failure text from the backend.
    ServerError,
    /// HTML where JSON belongs.
    Html,
    /// A redirect; never followed.
    Redirect,
    /// A body that cannot be read.
    Malformed,
    /// A body that ends too early.
    Truncated,
    /// A body in an unreadable encoding.
    Encoding,
    /// A body above the limit.
    TooLarge,
    /// A body for another NIP.
    OtherNip,
    /// A needed key is missing.
    Schema,
    /// Too many of those present earlier are gone; held for confirmation.
    Vanish,
    /// The run's time was up.
    Deadline,
}

impl Reason {
    /// Every reason with its key.
    pub const ALL: [(&'static str, Self); 18] = [
        ("timeout", Self::Timeout),
        ("connection", Self::Connection),
        ("throttled", Self::Throttled),
        ("suspended", Self::Suspended),
        ("auth_gateway", Self::AuthGateway),
        ("auth_sso", Self::AuthSso),
        ("auth_report", Self::AuthReport),
        ("server_error", Self::ServerError),
        ("html", Self::Html),
        ("redirect", Self::Redirect),
        ("malformed", Self::Malformed),
        ("truncated", Self::Truncated),
        ("encoding", Self::Encoding),
        ("too_large", Self::TooLarge),
        ("other_nip", Self::OtherNip),
        ("schema", Self::Schema),
        ("vanish", Self::Vanish),
        ("deadline", Self::Deadline),
    ];

    /// The key in JSON and the store.
    pub fn key(self) -> &'static str {
        Self::ALL.iter().find(|(_, reason)| *reason == self).map_or("", |(key, _)| key)
    }

    /// The reason with that key.
    pub fn from_key(key: &str) -> Option<Self> {
        Self::ALL.iter().find(|(known, _)| *known == key).map(|(_, reason)| *reason)
    }

    /// Whether the body arrived and was set aside (as opposed to no usable answer at all).
    pub fn is_quarantine(self) -> bool {
        matches!(
            self,
            Self::Html | Self::Malformed | Self::Truncated | Self::Encoding | Self::TooLarge | Self::OtherNip | Self::Schema | Self::Vanish
        )
    }
}

impl fmt::Display for Reason {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(self.key())
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    proptest! {
        #[test]
        fn locators_survive_the_store(at in "[a-z {}|]{0,12}", index in proptest::collection::vec(0u32..50, 0..20)) {
            let place = Locator::new(at, index);
            prop_assert_eq!(Locator::decode(&place.encode()), place);
        }
    }

    #[test]
    fn order_of_rows_never_shows() {
        let note = |isi: &str| HistoryNote { id: None, sk_nomor: None, tmt: None, isi: Some(isi.to_owned()) };
        let (one, place) = Body::Position(vec![note("b"), note("a"), note("b")]).canonical(Locator::new("data[{}]", [0, 1, 2]));
        let (other, _) = Body::Position(vec![note("a"), note("b")]).canonical(Locator::new("data[{}]", [5, 6]));
        assert_eq!(one, other);
        assert_eq!(place.index.iter().collect::<Vec<_>>(), [1, 0]);
    }
}
