//! What a run did, over all processes that took part in it.

use super::Result;
use super::Store;
use super::batch::BatchStatus;
use super::batch::Receipt;
use super::codec::At;
use super::runs::Drift;
use super::runs::ItemCounts;
use super::runs::ItemState;
use super::runs::RunHandle;
use super::tx::Tx;
use super::tx::values;
use crate::domain::Kind;
use crate::domain::Period;
use crate::domain::evidence::Reason;
use crate::domain::period::Span;
use chrono::DateTime;
use chrono::Utc;

/// How many items of a kind ended alike.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ReasonCount {
    /// Kind.
    pub kind: Kind,
    /// Surface.
    pub surface: String,
    /// How they ended.
    pub state: ItemState,
    /// Why.
    pub reason: Option<Reason>,
    /// How many.
    pub count: u64,
}

/// What a run did, over all processes that took part.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RunReport {
    /// Id of the run.
    pub id: String,
    /// Work month.
    pub period: Period,
    /// Surfaces.
    pub surfaces: Vec<String>,
    /// `running`, `deadline`, `finished` or `stopped`.
    pub state: String,
    /// When it began.
    pub started_at: DateTime<Utc>,
    /// When it ended.
    pub ended_at: Option<DateTime<Utc>>,
    /// Requests to BKN.
    pub requests: u64,
    /// Items by state.
    pub items: ItemCounts,
    /// Settled items by kind, surface, state and reason, in that order.
    pub reasons: Vec<ReasonCount>,
    /// What became of each batch, by kind and part.
    pub batches: Vec<Receipt>,
    /// Fields that differ, in order.
    pub drift: Vec<Drift>,
    /// Whole answers that were set aside because their shape has changed.
    pub held: Vec<HeldAnswer>,
}

/// An answer about everybody that was set aside because its shape has changed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct HeldAnswer {
    /// What was asked.
    pub kind: Kind,
    /// For which span.
    pub span: Span,
    /// In words, with a masked sample where there is one.
    pub detail: String,
    /// SHA-256 of the body, if it was kept.
    pub raw: Option<String>,
}

/// A pull as the line of a list.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RunLine {
    /// Id.
    pub id: String,
    /// Work month.
    pub period: Period,
    /// Surfaces.
    pub surfaces: Vec<String>,
    /// `running`, `deadline`, `finished` or `stopped`.
    pub state: String,
    /// Requests to BKN.
    pub requests: u64,
    /// When it began.
    pub started_at: DateTime<Utc>,
    /// When it ended.
    pub ended_at: Option<DateTime<Utc>>,
    /// What its answers said, against what was known.
    pub came: Came,
}

/// What the answers of a pull said, in statements.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
#[allow(missing_docs)]
pub struct Came {
    pub read: u64,
    pub new: u64,
    pub changed: u64,
    pub unchanged: u64,
    pub vanished: u64,
    /// Answers and rows that were set aside.
    pub quarantined: u64,
}

/// What was set aside for one reason.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SetAsideCount {
    /// Kind.
    pub kind: Kind,
    /// Why.
    pub reason: Reason,
    /// How often.
    pub count: u64,
    /// The last time.
    pub newest: DateTime<Utc>,
}

impl Store {
    /// The last pulls, the newest first.
    ///
    /// # Errors
    /// When the store fails or holds an unreadable row.
    pub async fn last_runs(&self, limit: u32) -> Result<Vec<RunLine>> {
        self.runs_behind("", limit).await
    }

    /// The pulls before that one (empty: the last ones), the newest first.
    ///
    /// # Errors
    /// When the store fails or holds an unreadable row.
    pub async fn runs_behind(&self, id: &str, limit: u32) -> Result<Vec<RunLine>> {
        const SQL: &str = "/* runs_behind */ SELECT seq, id, period, surfaces, state, requests, started_at, ended_at FROM sync_run
            WHERE $1 = '' OR seq < (SELECT r.seq FROM sync_run r WHERE r.id = $2) ORDER BY seq DESC LIMIT $3";
        type Row = (i64, String, String, String, String, i64, i64, Option<i64>);
        let mut tx = self.pool.read().await?;
        let rows: Vec<Row> = tx.all(SQL, values![id, id, i64::from(limit)]).await?;
        let mut came = Vec::with_capacity(rows.len());
        for row in &rows {
            came.push(tx.came(row.0).await?);
        }
        tx.commit().await?;
        let line = |((_, id, period, surfaces, state, requests, started, ended), came): (Row, Came)| {
            let at = At { table: "sync_run", id: id.as_str() };
            Ok(RunLine {
                came,
                period: at.word("period", &period, |text| text.parse().ok())?,
                surfaces: at.json("surfaces", &surfaces)?,
                requests: at.count("requests", requests)?,
                started_at: at.time("started_at", started)?,
                ended_at: ended.map(|ended| at.time("ended_at", ended)).transpose()?,
                state,
                id: id.clone(),
            })
        };
        rows.into_iter().zip(came).map(line).collect()
    }

    /// What was set aside since then, by kind and reason.
    ///
    /// # Errors
    /// When the store fails or holds an unreadable row.
    pub async fn set_aside_since(&self, since: DateTime<Utc>) -> Result<Vec<SetAsideCount>> {
        const SQL: &str = "/* set_aside_since */ SELECT kind, reason, COUNT(*), MAX(at) FROM quarantine WHERE at >= $1
            GROUP BY kind, reason ORDER BY kind, reason";
        let mut tx = self.pool.read().await?;
        let rows: Vec<(String, String, i64, i64)> = tx.all(SQL, values![since.timestamp_micros()]).await?;
        tx.commit().await?;
        let at = At { table: "quarantine", id: "kind" };
        let count = |(kind, reason, count, newest): (String, String, i64, i64)| {
            Ok(SetAsideCount {
                kind: at.word("kind", &kind, Kind::from_key)?,
                reason: at.word("reason", &reason, Reason::from_key)?,
                count: at.count("count", count)?,
                newest: at.time("at", newest)?,
            })
        };
        rows.into_iter().map(count).collect()
    }

    /// What the run did so far.
    ///
    /// # Errors
    /// When the store fails or holds an unreadable row.
    pub async fn run_report(&self, run: &RunHandle) -> Result<RunReport> {
        const RUN: &str = "/* run_report */ SELECT period, surfaces, state, requests, started_at, ended_at FROM sync_run WHERE seq = $1";
        const DRIFT: &str = "/* run_report */ SELECT kind, field, change FROM sync_drift WHERE run = $1 ORDER BY kind, field, change";
        let mut tx = self.pool.read().await?;
        let row: (String, String, String, i64, i64, Option<i64>) = tx.one(RUN, values![run.seq]).await?;
        let at = At { table: "sync_run", id: run.seq };
        let reasons = tx.reasons(run.seq).await?;
        let mut items = ItemCounts::default();
        reasons.iter().for_each(|row| items.add(row.state, row.count));
        let mut drift = Vec::new();
        let rows: Vec<(String, String, String)> = tx.all(DRIFT, values![run.seq]).await?;
        for (kind, field, change) in rows {
            let kind = At { table: "sync_drift", id: run.seq }.word("kind", &kind, Kind::from_key)?;
            drift.push(Drift { kind, field, change });
        }
        let batches = tx.batches_of(run.seq).await?;
        let held = tx.held_answers(run.seq).await?;
        tx.commit().await?;
        Ok(RunReport {
            id: run.id.clone(),
            period: at.word("period", &row.0, |text| text.parse().ok())?,
            surfaces: at.json("surfaces", &row.1)?,
            state: row.2,
            started_at: at.time("started_at", row.4)?,
            ended_at: row.5.map(|ended| at.time("ended_at", ended)).transpose()?,
            requests: at.count("requests", row.3)?,
            items,
            reasons: reasons.into_iter().filter(|row| !matches!(row.state, ItemState::Pending | ItemState::Leased)).collect(),
            batches,
            drift,
            held,
        })
    }
}

type BatchRow = (i64, String, String, String, String, String, String, i64, i64, i64, i64, i64, Option<String>);

impl Tx {
    /// What the answers of a run said; a batch that was set aside said nothing.
    async fn came(&mut self, run: i64) -> Result<Came> {
        const ASIDE: &str = "/* came */ SELECT COUNT(*) FROM quarantine WHERE run = $1";
        let mut came = Came::default();
        for batch in self.batches_of(run).await?.iter().filter(|batch| batch.status != BatchStatus::Quarantined) {
            came.read += batch.rows;
            came.new += batch.new;
            came.changed += batch.changed;
            came.unchanged += batch.unchanged;
            came.vanished += batch.vanished;
        }
        let (aside,): (i64,) = self.one(ASIDE, values![run]).await?;
        came.quarantined = At { table: "quarantine", id: run }.count("run", aside)?;
        Ok(came)
    }

    /// Items by kind, surface, state and reason.
    pub(super) async fn reasons(&mut self, run: i64) -> Result<Vec<ReasonCount>> {
        const SQL: &str = "/* reasons */ SELECT kind, surface, state, reason, COUNT(*) FROM sync_item WHERE run = $1
            GROUP BY kind, surface, state, reason ORDER BY kind, surface, state, COALESCE(reason, '')";
        let rows: Vec<(String, String, String, Option<String>, i64)> = self.all(SQL, values![run]).await?;
        let at = At { table: "sync_item", id: run };
        rows.into_iter()
            .map(|(kind, surface, state, reason, count)| {
                Ok(ReasonCount {
                    kind: at.word("kind", &kind, Kind::from_key)?,
                    surface,
                    state: at.word("state", &state, ItemState::from_key)?,
                    reason: reason.map(|reason| at.word("reason", &reason, Reason::from_key)).transpose()?,
                    count: at.count("count", count)?,
                })
            })
            .collect()
    }

    /// Answers about everybody that the run set aside because of their shape.
    async fn held_answers(&mut self, run: i64) -> Result<Vec<HeldAnswer>> {
        const SQL: &str = "/* held_answers */ SELECT kind, span, detail, raw_sha FROM quarantine
            WHERE run = $1 AND nip = '' AND locator = '' AND reason = $2 ORDER BY kind, span, seq";
        let rows: Vec<(String, String, String, Option<String>)> = self.all(SQL, values![run, Reason::Schema.key()]).await?;
        let at = At { table: "quarantine", id: run };
        rows.into_iter()
            .map(|(kind, span, detail, raw)| {
                Ok(HeldAnswer {
                    kind: at.word("kind", &kind, Kind::from_key)?,
                    span: at.word("span", &span, |text| text.parse().ok())?,
                    detail,
                    raw,
                })
            })
            .collect()
    }

    /// Batches that the run brought, and those that its answers confirmed.
    async fn batches_of(&mut self, run: i64) -> Result<Vec<Receipt>> {
        const BROUGHT: &str = "/* batches_of */ SELECT seq, id, kind, part, span, raw_sha, status,
                row_count, new_count, changed_count, unchanged_count, vanished_count, reason
            FROM batch WHERE run = $1 ORDER BY seq";
        const CONFIRMED: &str = "/* batches_of */ SELECT b.seq, b.id, b.kind, b.part, b.span, COALESCE(a.raw_sha, b.raw_sha), a.outcome,
                b.row_count, CAST(0 AS BIGINT), CAST(0 AS BIGINT), b.row_count, CAST(0 AS BIGINT), b.reason
            FROM answer a JOIN batch b ON b.seq = a.batch WHERE a.run = $1 AND a.nip = '' AND a.outcome = 'unchanged' ORDER BY a.seq";
        let mut rows: Vec<BatchRow> = self.all(BROUGHT, values![run]).await?;
        rows.extend(self.all::<BatchRow>(CONFIRMED, values![run]).await?);
        let mut receipts: Vec<Receipt> = rows.into_iter().map(batch_receipt).collect::<Result<_>>()?;
        receipts.sort_by(|one, other| (one.kind, &one.part, &one.id).cmp(&(other.kind, &other.part, &other.id)));
        Ok(receipts)
    }
}

fn batch_receipt(row: BatchRow) -> Result<Receipt> {
    let (seq, id, kind, part, span, sha256, status, rows, new, changed, unchanged, vanished, reason) = row;
    let at = At { table: "batch", id: seq };
    Ok(Receipt {
        id,
        kind: at.word("kind", &kind, Kind::from_key)?,
        part,
        span: at.word("span", &span, |text| text.parse().ok())?,
        sha256,
        status: at.word("status", &status, BatchStatus::from_key)?,
        rows: at.count("row_count", rows)?,
        new: at.count("new_count", new)?,
        changed: at.count("changed_count", changed)?,
        unchanged: at.count("unchanged_count", unchanged)?,
        vanished: at.count("vanished_count", vanished)?,
        reason: reason.map(|reason| at.word("reason", &reason, Reason::from_key)).transpose()?,
    })
}
