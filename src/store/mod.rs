//! The evidence ledger, on a SQLite file or a PostgreSQL server.
//!
//! It keeps what sources said (batches, statements, answers, raw bodies), who is at work on what (sync runs, leases)
//! and what was concluded (verdicts, finding states). It must not know where statements come from, what they mean for
//! anybody's pay, or how anything is shown.
//!
//! * A **stream** is one (kind, part): a file of a period, or one question to BKN. A newer accepted batch of a stream
//!   supersedes the older; batches of different parts stand beside each other.
//! * A statement is identified by (kind, part, span, NIP) and never updated: the newest one counts, and every read
//!   takes `as_of`, so that the past can be replayed.
//! * An **answer** is the log of every check. It gives `checked_at` (the newest good one) and failures.
//!
//! Every statement stands once, with a comment that names its function, and runs on both engines (`tx.rs`).

mod accept;
mod batch;
mod before;
mod codec;
mod doctor;
mod error;
mod evidence;
mod leases;
mod lives;
mod marks;
mod migrate;
mod open;
mod prepare;
mod quarantine;
mod raw;
mod reconciliation;
mod report;
mod runs;
mod settle;
mod sources;
mod tx;
mod verdicts;
mod withdraw;

pub use batch::BatchStatus;
pub use batch::NewBatch;
pub use batch::Receipt;
pub use batch::SetAside;
pub use batch::VanishLimits;
pub use doctor::Census;
pub use error::StoreError;
pub use evidence::EvidenceReader;
pub use leases::ClaimedItem;
pub use leases::LeaseOwner;
pub use marks::KnownVerdict;
pub use marks::Mark;
pub use marks::News;
pub use marks::Seen;
pub use quarantine::Quarantined;
pub use raw::RawBody;
pub use reconciliation::NewReconciliation;
pub use reconciliation::NewVerdict;
pub use reconciliation::Noted;
pub use reconciliation::ReconcileRun;
pub use reconciliation::Saved;
pub use reconciliation::Saving;
pub use report::ReasonCount;
pub use report::RunReport;
pub use runs::Drift;
pub use runs::ItemCounts;
pub use runs::ItemState;
pub use runs::NewItem;
pub use runs::NewRun;
pub use runs::RunEnd;
pub use runs::RunHandle;
pub use settle::Outcome;
pub use settle::Settled;
pub use settle::Settlement;
pub use sources::SourceFilter;
pub use verdicts::FindingState;
pub use verdicts::FindingStatus;
pub use verdicts::VerdictReader;
pub use withdraw::Standing;
pub use withdraw::Withdrawal;
pub use withdraw::Withdrawn;

use crate::clock::SharedClock;
use chrono::DateTime;
use chrono::Utc;
use std::sync::Arc;
use tx::Pool;

/// What every operation gives.
pub type Result<T> = std::result::Result<T, StoreError>;

/// A store, cheap to clone; all clones share its connections.
#[derive(Clone)]
pub struct Store {
    pool: Pool,
    clock: SharedClock,
    shown: Arc<str>,
}

impl std::fmt::Debug for Store {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_tuple("Store").field(&self.shown).finish()
    }
}

impl Store {
    /// The time, in microseconds.
    fn now(&self) -> DateTime<Utc> {
        crate::clock::to_micros(self.clock.now())
    }
}
