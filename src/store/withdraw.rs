//! Taking a file back: a record in its stream after which nothing that the stream said counts. Nothing is deleted, an
//! earlier instant still sees it, and the file (or a right one) may come again.

use super::Result;
use super::Store;
use super::batch::BatchStatus;
use super::codec::At;
use super::codec::new_id;
use super::prepare::Stated;
use super::tx::Tx;
use super::tx::values;
use crate::domain::Kind;
use crate::domain::StatementState;
use chrono::DateTime;
use chrono::Utc;

/// A batch that somebody wants taken back.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Withdrawal {
    /// Batch id, as asked.
    pub batch: String,
    /// What it is about.
    pub kind: Kind,
    /// Its stream ([`crate::domain::evidence::Source::part`]).
    pub part: String,
    /// SHA-256 of its bytes, in hex.
    pub sha256: String,
    /// What came of it.
    pub outcome: Withdrawn,
}

/// What came of a withdrawal.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Withdrawn {
    /// This many statements no longer count.
    Now(u64),
    /// It was taken back before; nothing was done.
    Earlier,
    /// A newer batch (its id) of the same stream stands in its place; nothing was done.
    Superseded(String),
    /// It was pulled from BKN, and the next pull replaces it; nothing was done.
    Pulled,
}

/// A withdrawal that stands: nothing has come in its place.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Standing {
    /// What the withdrawn source was about.
    pub kind: Kind,
    /// Its stream.
    pub part: String,
    /// Since when.
    pub at: DateTime<Utc>,
}

/// `batch.content_sha` of a withdrawal: equal to that of no content, so that any content after it counts as new.
const NO_CONTENT: &str = "withdrawn";

type BatchRow = (i64, String, String, String, String, String, String, String, i64, Option<i64>);

impl Store {
    /// Takes the source of a batch back. `None`: there is no such batch, or it was never taken in. With `dry_run` it
    /// only tells what would come of it.
    ///
    /// # Errors
    /// When the store fails or holds an unreadable row.
    pub async fn withdraw(&self, batch: &str, dry_run: bool) -> Result<Option<Withdrawal>> {
        let mut tx = self.pool.write().await?;
        tx.will_add_evidence().await?;
        let withdrawal = tx.withdraw(batch, self.now()).await?;
        if !dry_run {
            tx.commit().await?;
        }
        Ok(withdrawal)
    }

    /// Withdrawals that stand, by kind and part.
    ///
    /// # Errors
    /// When the store fails or holds an unreadable row.
    pub async fn withdrawals(&self) -> Result<Vec<Standing>> {
        const SQL: &str = "/* withdrawals */ SELECT b.seq, b.kind, b.part, b.observed_at FROM batch b WHERE b.status = 'withdrawn'
            AND NOT EXISTS (SELECT 1 FROM batch n WHERE n.kind = b.kind AND n.part = b.part AND n.seq > b.seq AND n.status <> 'quarantined')
            ORDER BY b.kind, b.part";
        let mut tx = self.pool.read().await?;
        let rows: Vec<(i64, String, String, i64)> = tx.all(SQL, values![]).await?;
        tx.commit().await?;
        let standing = |(seq, kind, part, at): (i64, String, String, i64)| {
            let row = At { table: "batch", id: seq };
            Ok(Standing { kind: row.word("kind", &kind, Kind::from_key)?, part, at: row.time("observed_at", at)? })
        };
        rows.into_iter().map(standing).collect()
    }
}

impl Tx {
    async fn withdraw(&mut self, batch: &str, now: DateTime<Utc>) -> Result<Option<Withdrawal>> {
        const BATCH: &str = "/* withdraw */ SELECT seq, kind, part, span, spans, source, scope, raw_sha, observed_at, run FROM batch
            WHERE id = $1 AND status <> 'quarantined'";
        const LATER: &str = "/* withdraw */ SELECT id, status FROM batch
            WHERE kind = $1 AND part = $2 AND seq > $3 AND status <> 'quarantined' ORDER BY seq DESC";
        const ITSELF: &str = "/* withdraw */ SELECT COUNT(*) FROM batch WHERE seq = $1 AND status = 'withdrawn'";
        let Some(row): Option<BatchRow> = self.maybe(BATCH, values![batch]).await? else { return Ok(None) };
        let (seq, kind) = (row.0, At { table: "batch", id: row.0 }.word("kind", &row.1, Kind::from_key)?);
        let mut withdrawal =
            Withdrawal { batch: batch.to_owned(), kind, part: row.2.clone(), sha256: row.7.clone(), outcome: Withdrawn::Earlier };
        if row.9.is_some() {
            withdrawal.outcome = Withdrawn::Pulled;
            return Ok(Some(withdrawal));
        }
        self.alone_on(&format!("stream {kind} {}", row.2)).await?;
        let (itself,): (i64,) = self.one(ITSELF, values![seq]).await?;
        let later: Vec<(String, String)> = self.all(LATER, values![kind.key(), &row.2, seq]).await?;
        let is_withdrawn = |(_, status): &(String, String)| status == BatchStatus::Withdrawn.key();
        if itself > 0 || later.iter().any(is_withdrawn) {
            return Ok(Some(withdrawal));
        }
        withdrawal.outcome = match later.into_iter().next() {
            Some((newest, _)) => Withdrawn::Superseded(newest),
            None => Withdrawn::Now(self.write_withdrawal(kind, &row, now).await?),
        };
        Ok(Some(withdrawal))
    }

    /// The record and, under it, the end of each statement of the stream; gives their number.
    async fn write_withdrawal(&mut self, kind: Kind, row: &BatchRow, now: DateTime<Utc>) -> Result<u64> {
        const SQL: &str = "/* write_withdrawal */ INSERT INTO batch (id, run, kind, part, span, spans, source, scope, status, reason,
                raw_sha, content_sha, facts, row_count, new_count, changed_count, unchanged_count, vanished_count, observed_at, received_at)
            VALUES ($1, NULL, $2, $3, $4, $5, $6, $7, $8, NULL, $9, $10, '{}', 0, 0, 0, 0, $11, $12, $13) RETURNING seq";
        let (_, _, part, span, spans, source, scope, raw_sha, observed_at, _) = row;
        let at = now.timestamp_micros().max(*observed_at);
        let current = self.current(kind, part).await?;
        let mut ended: Vec<Stated> = current
            .into_iter()
            .filter(|(_, (state, _))| *state != StatementState::Withdrawn)
            .map(|((span, nip), _)| Stated::withdrawn(span, nip))
            .collect();
        ended.sort_by(|one, other| (&one.nip, &one.span).cmp(&(&other.nip, &other.span)));
        let count = i64::try_from(ended.len()).unwrap_or(i64::MAX);
        let (id, status) = (new_id(), BatchStatus::Withdrawn.key());
        let values =
            values![&id, kind.key(), part, span, spans, source, scope, status, raw_sha, NO_CONTENT, count, at, now.timestamp_micros(),];
        let (seq,): (i64,) = self.one(SQL, values).await?;
        self.write_evidence(kind, part, ended.iter().map(|stated| (seq, stated, at))).await?;
        Ok(ended.len() as u64)
    }
}
