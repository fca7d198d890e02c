//! Accepting a batch: one file or one pull, in one transaction. Only what is new or changed is written; whom a source
//! no longer names is withdrawn; a source that lost too many is set aside until somebody confirms it.

use super::Result;
use super::Store;
use super::batch::BatchStatus;
use super::batch::NewBatch;
use super::batch::Receipt;
use super::batch::SetAside;
use super::codec::At;
use super::codec::new_id;
use super::prepare::Prepared;
use super::prepare::Stated;
use super::tx::Cell;
use super::tx::Tx;
use super::tx::values;
use crate::domain::Kind;
use crate::domain::Nip;
use crate::domain::StatementState;
use crate::domain::evidence::Reason;
use chrono::DateTime;
use chrono::Utc;
use std::collections::HashMap;
use std::collections::HashSet;

/// The last accepted batch of a stream.
struct Head {
    seq: i64,
    id: String,
    content_sha: String,
    observed_at: i64,
    status: String,
}

/// How a batch differs from what its stream has.
#[derive(Default)]
struct Difference<'a> {
    write: Vec<&'a Stated>,
    withdrawn: Vec<Stated>,
    new: u64,
    changed: u64,
    unchanged: u64,
    present_before: u64,
}

impl Difference<'_> {
    fn is_none(&self) -> bool {
        self.write.is_empty() && self.withdrawn.is_empty()
    }
}

impl Store {
    /// Takes a batch in, in one transaction.
    ///
    /// Content equal to the last accepted batch of the stream: `unchanged`, only the time of the check moves.
    /// Otherwise new and changed statements are written, and people who were present and are no longer named are
    /// `withdrawn` (a declared absence that is no longer named stands: it was never there). With more vanished than
    /// both limits the batch is quarantined with reason `vanish`. Whose row was set aside has not vanished: what the
    /// stream said of them stands, and their answer is a failed one.
    ///
    /// # Errors
    /// [`super::StoreError::Inconsistent`] when a statement is of another kind, stated twice, or contradicts itself.
    pub async fn accept(&self, batch: NewBatch) -> Result<Receipt> {
        let prepared = Prepared::off_thread(batch).await?;
        let mut tx = self.pool.write().await?;
        tx.will_add_evidence().await?;
        let receipt = tx.accept(&prepared, self.now()).await?;
        tx.commit().await?;
        Ok(receipt)
    }
}

impl Tx {
    pub(super) async fn accept(&mut self, prepared: &Prepared, now: DateTime<Utc>) -> Result<Receipt> {
        let batch = &prepared.batch;
        self.alone_on(&format!("stream {} {}", batch.kind, batch.part)).await?;
        let head = self.head(batch.kind, &batch.part).await?;
        let observed_at = batch.observed_at.timestamp_micros().max(head.as_ref().map_or(i64::MIN, |head| head.observed_at));
        self.keep_raw(&prepared.raw).await?;
        let mut receipt = receipt(prepared);
        if let Some(head) = head.as_ref().filter(|head| head.content_sha == prepared.content_sha) {
            return self.unchanged(batch, head, receipt, observed_at).await;
        }
        let current = if head.is_some() { self.current(batch.kind, &batch.part).await? } else { HashMap::new() };
        let difference = compare(&prepared.rows, current, &batch.set_aside);
        if difference.is_none()
            && let Some(whole) = self.last_whole(batch.kind, &batch.part).await?.filter(|whole| whole.content_sha == prepared.content_sha)
        {
            return self.unchanged(batch, &whole, receipt, observed_at).await;
        }
        (receipt.new, receipt.changed, receipt.unchanged) = (difference.new, difference.changed, difference.unchanged);
        receipt.vanished = difference.withdrawn.len() as u64;
        let too_many = batch.vanish.is_some_and(|limits| limits.exceeded_by(receipt.vanished, difference.present_before));
        if too_many && !batch.accept_vanish {
            receipt.status = BatchStatus::Quarantined;
            receipt.reason = Some(Reason::Vanish);
        } else if head.as_ref().is_some_and(|head| head.status != BatchStatus::Withdrawn.key()) {
            receipt.status = BatchStatus::Changed;
        }
        let seq = self.write_batch(prepared, &receipt, observed_at, now).await?;
        let detail = format!("{} of {} who were present are no longer named", receipt.vanished, difference.present_before);
        let whole = receipt.reason.map(|reason| SetAside { nip: None, reason, detail, locator: String::new() });
        self.write_set_aside(prepared, whole.as_ref(), seq, observed_at).await?;
        if receipt.status == BatchStatus::Quarantined {
            self.answer_for_all(batch, seq, "failed", receipt.reason, observed_at).await?;
            return Ok(receipt);
        }
        let rows = difference.write.iter().copied().chain(&difference.withdrawn).map(|stated| (seq, stated, observed_at));
        self.write_evidence(batch.kind, &batch.part, rows).await?;
        self.answer_for_all(batch, seq, "present", None, observed_at).await?;
        self.answer_for_set_aside(batch, seq, observed_at).await?;
        Ok(receipt)
    }

    /// The source says what it said in that batch: no new evidence, only a newer check.
    async fn unchanged(&mut self, batch: &NewBatch, same: &Head, mut receipt: Receipt, observed_at: i64) -> Result<Receipt> {
        receipt.id.clone_from(&same.id);
        receipt.status = BatchStatus::Unchanged;
        receipt.unchanged = receipt.rows;
        self.answer_for_all(batch, same.seq, "unchanged", None, observed_at).await?;
        self.answer_for_set_aside(batch, same.seq, observed_at).await?;
        Ok(receipt)
    }

    /// The last accepted batch that came as a whole; answers about single people may have been gathered since.
    async fn last_whole(&mut self, kind: Kind, part: &str) -> Result<Option<Head>> {
        const SQL: &str = "/* accept::last_whole */ SELECT seq, id, content_sha, observed_at, status FROM batch
            WHERE kind = $1 AND part = $2 AND status <> 'quarantined' AND content_sha <> '' ORDER BY seq DESC LIMIT 1";
        let row: Option<(i64, String, String, i64, String)> = self.maybe(SQL, values![kind.key(), part]).await?;
        Ok(row.map(|(seq, id, content_sha, observed_at, status)| Head { seq, id, content_sha, observed_at, status }))
    }

    async fn head(&mut self, kind: Kind, part: &str) -> Result<Option<Head>> {
        const SQL: &str = "/* accept::head */ SELECT seq, id, content_sha, observed_at, status FROM batch
            WHERE kind = $1 AND part = $2 AND status <> 'quarantined' ORDER BY seq DESC LIMIT 1";
        let row: Option<(i64, String, String, i64, String)> = self.maybe(SQL, values![kind.key(), part]).await?;
        Ok(row.map(|(seq, id, content_sha, observed_at, status)| Head { seq, id, content_sha, observed_at, status }))
    }

    /// State and hash of the newest statement of each (span, NIP) of the stream.
    pub(super) async fn current(&mut self, kind: Kind, part: &str) -> Result<HashMap<(String, String), (StatementState, String)>> {
        const SQL: &str = "/* accept::current */ SELECT e.seq, e.span, e.nip, e.state, e.sha256 FROM evidence e
            WHERE e.kind = $1 AND e.part = $2 ORDER BY e.seq";
        let rows: Vec<(i64, String, String, String, String)> = self.all(SQL, values![kind.key(), part]).await?;
        let mut current = HashMap::with_capacity(rows.len());
        // oldest first: the newest statement is what stays
        for (seq, span, nip, state, sha256) in rows {
            let state = At { table: "evidence", id: seq }.word("state", &state, StatementState::from_key)?;
            current.insert((span, nip), (state, sha256));
        }
        Ok(current)
    }

    async fn write_batch(&mut self, prepared: &Prepared, receipt: &Receipt, observed_at: i64, now: DateTime<Utc>) -> Result<i64> {
        const SQL: &str = "/* write_batch */ INSERT INTO batch (id, run, kind, part, span, spans, source, scope, status, reason,
                raw_sha, content_sha, facts, row_count, new_count, changed_count, unchanged_count, vanished_count, observed_at, received_at)
            VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17, $18, $19, $20) RETURNING seq";
        let batch = &prepared.batch;
        let span = batch.span.to_string();
        let count = |count: u64| i64::try_from(count).unwrap_or(i64::MAX);
        let (seq,): (i64,) = self
            .one(
                SQL,
                values![
                    &receipt.id,
                    batch.run.as_ref().map(|run| run.seq),
                    batch.kind.key(),
                    &batch.part,
                    &span,
                    &prepared.spans,
                    &batch.source,
                    batch.scope.key(),
                    receipt.status.key(),
                    receipt.reason.map(Reason::key),
                    &batch.sha256,
                    &prepared.content_sha,
                    &prepared.facts,
                    count(receipt.rows),
                    count(receipt.new),
                    count(receipt.changed),
                    count(receipt.unchanged),
                    count(receipt.vanished),
                    observed_at,
                    now.timestamp_micros(),
                ],
            )
            .await?;
        Ok(seq)
    }

    /// Adds statements: (batch, statement, observed at).
    pub(super) async fn write_evidence<'a>(
        &mut self,
        kind: Kind,
        part: &'a str,
        rows: impl Iterator<Item = (i64, &'a Stated, i64)>,
    ) -> Result<()> {
        self.insert(
            "/* write_evidence */ INSERT INTO evidence (batch, kind, part, span, nip, state, body, locator, sha256, observed_at) VALUES",
            "",
            10,
            rows.map(|(batch, stated, observed_at)| {
                vec![
                    Cell::from(batch),
                    Cell::from(kind.key()),
                    Cell::from(part),
                    Cell::from(&stated.span),
                    Cell::from(&stated.nip),
                    Cell::from(stated.state.key()),
                    Cell::from(stated.body.as_deref()),
                    Cell::from(&stated.locator),
                    Cell::from(&stated.sha256),
                    Cell::from(observed_at),
                ]
            }),
        )
        .await
    }

    async fn answer_for_all(&mut self, batch: &NewBatch, seq: i64, outcome: &str, reason: Option<Reason>, at: i64) -> Result<()> {
        const SQL: &str = "/* answer_for_all */ INSERT INTO answer (run, batch, kind, part, span, nip, outcome, good, reason, raw_sha, at)
            VALUES ($1, $2, $3, $4, $5, '', $6, $7, $8, $9, $10)";
        let span = batch.span.to_string();
        let run = batch.run.as_ref().map(|run| run.seq);
        let values = values![
            run,
            Some(seq),
            batch.kind.key(),
            &batch.part,
            &span,
            outcome,
            reason.is_none(),
            reason.map(Reason::key),
            Some(batch.sha256.as_str()),
            at
        ];
        self.run(SQL, values).await?;
        Ok(())
    }

    /// A batch that speaks for everybody does not speak for those whose row could not be read: each gets a failed
    /// answer of the same instant, so that nobody takes the missing statement for an absence.
    async fn answer_for_set_aside(&mut self, batch: &NewBatch, seq: i64, at: i64) -> Result<()> {
        let span = batch.span.to_string();
        let run = batch.run.as_ref().map(|run| run.seq);
        let named: std::collections::BTreeMap<Nip, Reason> =
            batch.set_aside.iter().filter_map(|row| Some((row.nip?, row.reason))).collect();
        self.insert(
            "/* answer_for_set_aside */ INSERT INTO answer (run, batch, kind, part, span, nip, outcome, good, reason, raw_sha, at) VALUES",
            "",
            11,
            named.iter().map(|(nip, reason)| {
                vec![
                    Cell::from(run),
                    Cell::from(Some(seq)),
                    Cell::from(batch.kind.key()),
                    Cell::from(batch.part.as_str()),
                    Cell::from(span.as_str()),
                    Cell::from(nip.as_str()),
                    Cell::from("failed"),
                    Cell::from(false),
                    Cell::from(Some(reason.key())),
                    Cell::from(Some(batch.sha256.as_str())),
                    Cell::from(at),
                ]
            }),
        )
        .await
    }

    async fn write_set_aside(&mut self, prepared: &Prepared, whole: Option<&SetAside>, seq: i64, at: i64) -> Result<()> {
        let batch = &prepared.batch;
        let span = batch.span.to_string();
        let rows = whole.into_iter().chain(&batch.set_aside).map(|row| super::quarantine::NewQuarantine {
            run: batch.run.as_ref().map(|run| run.seq),
            batch: Some(seq),
            kind: batch.kind,
            part: &batch.part,
            span: &span,
            nip: row.nip.as_ref().map_or("", Nip::as_str),
            reason: row.reason,
            detail: &row.detail,
            raw_sha: Some(&batch.sha256),
            locator: &row.locator,
            at,
        });
        self.write_quarantine(rows).await
    }
}

/// A receipt before anything is known about the stream.
fn receipt(prepared: &Prepared) -> Receipt {
    let batch = &prepared.batch;
    Receipt {
        id: new_id(),
        kind: batch.kind,
        part: batch.part.clone(),
        span: batch.span,
        sha256: batch.sha256.clone(),
        status: BatchStatus::New,
        rows: prepared.rows.len() as u64,
        new: 0,
        changed: 0,
        unchanged: 0,
        vanished: 0,
        reason: None,
    }
}

fn compare<'a>(
    rows: &'a [Stated],
    mut current: HashMap<(String, String), (StatementState, String)>,
    set_aside: &[SetAside],
) -> Difference<'a> {
    let present_before = current.values().filter(|(state, _)| *state == StatementState::Present).count() as u64;
    let mut difference = Difference { present_before, ..Difference::default() };
    for row in rows {
        match current.remove(&(row.span.clone(), row.nip.clone())) {
            Some((state, sha256)) if state == row.state && sha256 == row.sha256 => {
                difference.unchanged += 1;
                continue;
            }
            None | Some((StatementState::Withdrawn, _)) => difference.new += 1,
            Some(_) => difference.changed += 1,
        }
        difference.write.push(row);
    }
    let unread: HashSet<&str> = set_aside.iter().filter_map(|row| row.nip.as_ref().map(Nip::as_str)).collect();
    let mut gone: Vec<Stated> = current
        .into_iter()
        .filter(|((_, nip), (state, _))| *state == StatementState::Present && !unread.contains(nip.as_str()))
        .map(|((span, nip), _)| Stated::withdrawn(span, nip))
        .collect();
    gone.sort_by(|one, other| (&one.nip, &one.span).cmp(&(&other.nip, &other.span)));
    difference.withdrawn = gone;
    difference
}
