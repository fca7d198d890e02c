//! Evidence: one statement by one source about one person and one span of time.
//!
//! A statement is never updated; a newer one supersedes it. "Nothing there" is a statement too.

mod body;
mod kind;
mod locator;
mod reason;

pub use body::Body;
pub use kind::Kind;
pub use locator::Locator;
pub use reason::Reason;

use super::attendance::DeviceScans;
use super::nip::Nip;
use super::payment::TotalLine;
use super::period::Span;
use chrono::{DateTime, NaiveDate, Utc};
use serde::{Deserialize, Serialize};
use std::sync::Arc;

/// How the streams begin that BKN's report API answers itself; the stream of a file begins with what it is about.
pub const REPORT_STREAM: &str = "report:";

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
