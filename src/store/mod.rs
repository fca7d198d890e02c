//! The evidence ledger, on a SQLite file or a PostgreSQL server.
//!
//! It keeps what sources said (batches, statements, answers, raw bodies), who is at work on what (sync runs, leases),
//! what was concluded (verdicts, finding states), who works on it (cases), who may look (accounts, sessions, tokens) and
//! what they did (audit log), what programs were answered today. It must not know where statements come from, what they
//! mean for anybody's pay, or how anything is shown.
//!
//! * A **stream** is one (kind, part): a file of a period, or one question to BKN. A newer accepted batch of a stream
//!   supersedes the older; batches of different parts stand beside each other.
//! * A statement is identified by (kind, part, span, NIP) and never updated: the newest one counts, and every read
//!   takes `as_of`, so that the past can be replayed.
//! * An **answer** is the log of every check. It gives `checked_at` (the newest good one) and failures.
//!
//! Every statement stands once, with a comment that names its function, and runs on both engines (`tx.rs`).

mod accept;
mod accounts;
mod audit;
mod backup;
mod batch;
mod before;
mod case_posts;
mod case_views;
mod casebook;
mod cases;
mod casework;
mod checks;
mod codec;
mod doctor;
mod error;
mod evidence;
mod fence;
mod figures;
mod leases;
mod listed;
mod lives;
mod marks;
mod migrate;
mod names;
mod narrowing;
mod notices;
mod oidc;
mod once;
mod open;
mod operations;
mod pace;
mod pages;
mod prepare;
mod quarantine;
mod raw;
mod reconciliation;
mod report;
mod retention;
mod rows;
mod runs;
mod sessions;
mod settle;
mod shown;
mod slots;
mod sources;
mod tx;
mod verdicts;
mod views;
mod waivers;
mod withdraw;

pub use accounts::Account;
pub use accounts::AccountChange;
pub use accounts::ApiToken;
pub use accounts::NewAccount;
pub use audit::AuditChain;
pub use audit::AuditEntry;
pub use audit::AuditHead;
pub use audit::AuditLine;
pub use audit::AuditVerified;
pub use audit::AuditWanted;
pub use backup::BackupHead;
pub use backup::RowCounts;
pub use batch::BatchStatus;
pub use batch::NewBatch;
pub use batch::Receipt;
pub use batch::SetAside;
pub use batch::VanishLimits;
pub use case_posts::CasePost;
pub use case_views::CaseFilter;
pub use case_views::CaseGroup;
pub use cases::Case;
pub use cases::CaseEvent;
pub use cases::CaseFile;
pub use casework::CaseTarget;
pub use casework::Deed;
pub use casework::NewWaiver;
pub use casework::Worked;
pub use checks::Check;
pub use doctor::Census;
pub use error::StoreError;
pub use evidence::EvidenceReader;
pub use figures::Bridge;
pub use figures::CauseFigures;
pub use figures::Figures;
pub use figures::UnitFigures;
pub use leases::ClaimedItem;
pub use leases::LeaseOwner;
pub use marks::KnownVerdict;
pub use marks::Mark;
pub use marks::News;
pub use marks::Seen;
pub use notices::NoticeRecord;
pub use notices::Told;
pub use once::Begun;
pub use once::KeptAnswer;
pub use operations::BreakerSeen;
pub use operations::Decided;
pub use operations::Decision;
pub use operations::TokenUse;
pub use pace::Booked;
pub use pages::ListOrder;
pub use pages::ListWanted;
pub use pages::Listed;
pub use pages::Sought;
pub use quarantine::Quarantined;
pub use raw::RawBody;
pub use reconciliation::NewReconciliation;
pub use reconciliation::NewVerdict;
pub use reconciliation::Noted;
pub use reconciliation::ReconcileRun;
pub use reconciliation::Saved;
pub use reconciliation::Saving;
pub use report::Came;
pub use report::HeldAnswer;
pub use report::ReasonCount;
pub use report::RunLine;
pub use report::RunReport;
pub use report::SetAsideCount;
pub use retention::Purged;
pub use rows::FindingsWanted;
pub use rows::FoundRow;
pub use runs::Drift;
pub use runs::ItemCounts;
pub use runs::ItemState;
pub use runs::NewItem;
pub use runs::NewRun;
pub use runs::RunEnd;
pub use runs::RunHandle;
pub use sessions::Attempt;
pub use sessions::NewSession;
pub use sessions::Session;
pub use sessions::SessionLine;
pub use settle::Outcome;
pub use settle::Settled;
pub use settle::Settlement;
pub use shown::ShownRun;
pub use slots::Claimed;
pub use slots::JobRecord;
pub use slots::SlotClaim;
pub use slots::SlotEnd;
pub use slots::SlotLease;
pub use slots::SlotRecord;
pub use slots::SlotState;
pub use slots::WokenBy;
pub use sources::SourceFilter;
pub use verdicts::FindingState;
pub use verdicts::FindingStatus;
pub use verdicts::VerdictReader;
pub use views::MOST_VIEWS;
pub use views::SavedView;
pub use views::ViewChange;
pub use waivers::WaiverEnd;
pub use waivers::WaiverRecord;
pub use waivers::WaiverStage;
pub use withdraw::Standing;
pub use withdraw::Withdrawal;
pub use withdraw::Withdrawn;

use crate::clock::SharedClock;
use chrono::DateTime;
use chrono::Utc;
use fence::Fenced;
use std::sync::Arc;

/// What every operation gives.
pub type Result<T> = std::result::Result<T, StoreError>;

/// A store, cheap to clone; all clones share its connections.
#[derive(Clone)]
pub struct Store {
    pool: Fenced,
    clock: SharedClock,
    shown: Arc<str>,
    names: Arc<names::Names>,
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
