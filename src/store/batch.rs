//! Batches as they are handed over, and what became of them.

use super::raw::RawBody;
use super::runs::RunHandle;
use crate::domain::Kind;
use crate::domain::Nip;
use crate::domain::Percent;
use crate::domain::Statement;
use crate::domain::evidence::Reason;
use crate::domain::evidence::Scope;
use crate::domain::evidence::SourceFacts;
use crate::domain::period::Span;
use chrono::DateTime;
use chrono::Utc;

/// One file or one pull, as its reader hands it over.
#[derive(Debug, Clone)]
pub struct NewBatch {
    /// What it is about; every statement is of this kind.
    pub kind: Kind,
    /// Under which span the batch as a whole is filed.
    pub span: Span,
    /// Which of several sources of the kind, unique for the period (`2026-10/presensi.csv`, `report:2026-09`).
    pub part: String,
    /// How outputs name it ([`crate::domain::evidence::Source::name`]).
    pub source: String,
    /// SHA-256 of the raw bytes, in hex.
    pub sha256: String,
    /// For whom it speaks.
    pub scope: Scope,
    /// What it says about itself.
    pub facts: SourceFacts,
    /// The bytes, to be kept.
    pub raw: Option<RawBody>,
    /// At most one statement for each (span, NIP), present or declared absent.
    pub statements: Vec<Statement>,
    /// Rows that are set aside alone (contract §5: a row without a readable NIP).
    pub set_aside: Vec<SetAside>,
    /// When it was observed. Never earlier than the batch that it supersedes: a clock that went back is not believed.
    pub observed_at: DateTime<Utc>,
    /// The sync run that pulled it.
    pub run: Option<RunHandle>,
    /// Above these limits the batch is quarantined; `None`: no guard.
    pub vanish: Option<VanishLimits>,
    /// Accept it all the same: somebody has confirmed it.
    pub accept_vanish: bool,
}

/// A row of a batch that is set aside alone.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SetAside {
    /// About whom, when that could be read: the person is then unknown (a failed answer), not absent.
    pub nip: Option<Nip>,
    /// Why.
    pub reason: Reason,
    /// In words; NIPs masked.
    pub detail: String,
    /// Where in the source.
    pub locator: String,
}

/// Both must be exceeded (contract §5).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct VanishLimits {
    /// Of those present in the last accepted batch of the stream.
    pub percent: Percent,
    /// Statements.
    pub min: u64,
}

impl VanishLimits {
    /// Whether too many of `present_before` are gone.
    pub fn exceeded_by(self, vanished: u64, present_before: u64) -> bool {
        let whole = i128::from(Percent::HUNDRED.parts());
        vanished > self.min && i128::from(vanished) * whole > i128::from(self.percent.parts()) * i128::from(present_before)
    }
}

/// What became of a batch.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum BatchStatus {
    /// The first of its stream.
    New,
    /// It superseded another.
    Changed,
    /// It says what the last one said; only the time of the check moved.
    Unchanged,
    /// Set aside; nothing was superseded.
    Quarantined,
    /// The record that the source was taken back: nothing that it said counts any more.
    Withdrawn,
}

impl BatchStatus {
    /// The key in JSON and the store.
    pub fn key(self) -> &'static str {
        match self {
            Self::New => "new",
            Self::Changed => "changed",
            Self::Unchanged => "unchanged",
            Self::Quarantined => "quarantined",
            Self::Withdrawn => "withdrawn",
        }
    }

    /// The status with that key.
    pub fn from_key(key: &str) -> Option<Self> {
        [Self::New, Self::Changed, Self::Unchanged, Self::Quarantined, Self::Withdrawn].into_iter().find(|status| status.key() == key)
    }
}

/// What the store did with a batch. Counts are statements; `rows = new + changed + unchanged`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Receipt {
    /// Batch id; of an unchanged batch, the id of the one that it equals.
    pub id: String,
    /// What it is about.
    pub kind: Kind,
    /// Which source of the kind.
    pub part: String,
    /// Its span.
    pub span: Span,
    /// SHA-256 of the bytes that came now, in hex.
    pub sha256: String,
    /// What became of it.
    pub status: BatchStatus,
    /// Statements in it.
    pub rows: u64,
    /// Of a (span, NIP) that the stream did not have.
    pub new: u64,
    /// Differing from what the stream had.
    pub changed: u64,
    /// As the stream had them.
    pub unchanged: u64,
    /// Present in the stream, no longer named.
    pub vanished: u64,
    /// Why it was quarantined.
    pub reason: Option<Reason>,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn both_limits_must_be_exceeded() {
        let limits = VanishLimits { percent: Percent::whole(10), min: 5 };
        assert!(!limits.exceeded_by(5, 10), "five is not more than five");
        assert!(!limits.exceeded_by(6, 60), "exactly 10 %");
        assert!(limits.exceeded_by(6, 59));
        assert!(!limits.exceeded_by(0, 0));
    }
}
