//! Settling: answers and the progress that they make are one commit. Whoever no longer holds the lease of an item
//! changes nothing, neither evidence nor progress.

use super::Result;
use super::Store;
use super::StoreError;
use super::batch::NewBatch;
use super::batch::Receipt;
use super::codec::new_id;
use super::codec::off_thread;
use super::leases::ClaimedItem;
use super::prepare::Prepared;
use super::prepare::Stated;
use super::quarantine::NewQuarantine;
use super::raw::Packed;
use super::raw::RawBody;
use super::runs::Drift;
use super::runs::ItemState;
use super::runs::RunHandle;
use super::tx::Cell;
use super::tx::LIST;
use super::tx::Tx;
use super::tx::list;
use super::tx::values;
use crate::domain::Kind;
use crate::domain::Nip;
use crate::domain::Statement;
use crate::domain::StatementState;
use crate::domain::evidence::Reason;
use chrono::DateTime;
use chrono::Utc;
use std::collections::BTreeMap;
use std::collections::HashMap;
use std::collections::HashSet;

/// How one question ended.
#[derive(Debug, Clone)]
pub struct Settlement {
    /// The question, as claimed.
    pub item: ClaimedItem,
    /// The answer.
    pub outcome: Outcome,
    /// Its body, to be kept.
    pub raw: Option<RawBody>,
    /// How outputs name the source; the first settlement of a (run, kind) names their common batch.
    pub source: String,
    /// When the answer came.
    pub at: DateTime<Utc>,
    /// Fields that differ.
    pub drift: Vec<Drift>,
}

/// The answer to one question.
#[derive(Debug, Clone)]
pub enum Outcome {
    /// The source states something about the person who was asked about (per-NIP kinds only; bulk answers go through
    /// [`Store::settle_bulk`]).
    Stated(Statement),
    /// No usable answer; with a reason that [`Reason::is_quarantine`], the body is set aside.
    Failed {
        /// Why.
        reason: Reason,
        /// In words; NIPs masked.
        detail: String,
    },
    /// It is not asked in this run.
    Skipped(Option<Reason>),
}

/// What became of many settlements.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Settled {
    /// Statements of people of whom the stream had none.
    pub new: u64,
    /// Statements that differ from what the stream had.
    pub changed: u64,
    /// Statements that the stream had.
    pub unchanged: u64,
    /// Failures, quarantined ones too.
    pub failed: u64,
    /// Items of which somebody else holds the lease by now; nothing of them was written.
    pub lost: Vec<ClaimedItem>,
}

/// One settlement, ready to be written.
struct Ready {
    item: ClaimedItem,
    state: ItemState,
    reason: Option<Reason>,
    stated: Option<Stated>,
    detail: String,
    raw: Option<Packed>,
    source: String,
    at: i64,
    drift: Vec<Drift>,
}

impl Ready {
    fn of(settlement: Settlement) -> Result<Self> {
        let Settlement { item, outcome, raw, source, at, drift } = settlement;
        let (state, reason, stated, detail) = match outcome {
            Outcome::Stated(statement) => {
                if (statement.kind, statement.span, Some(statement.nip)) != (item.kind, item.span, item.nip) {
                    return Err(StoreError::Inconsistent(format!("an answer about {} was settled with another statement", item.kind)));
                }
                (ItemState::Done, None, Some(Stated::of(&statement)?), String::new())
            }
            Outcome::Failed { reason, detail } => {
                let state = if reason.is_quarantine() { ItemState::Quarantined } else { ItemState::Failed };
                (state, Some(reason), None, detail)
            }
            Outcome::Skipped(reason) => (ItemState::Skipped, reason, None, String::new()),
        };
        let raw = raw.map(|raw| Packed::of(&raw)).transpose()?;
        Ok(Self { item, state, reason, stated, detail, raw, source, at: at.timestamp_micros(), drift })
    }

    fn nip(&self) -> &str {
        self.item.nip.as_ref().map_or("", Nip::as_str)
    }

    fn raw_sha(&self) -> Option<&str> {
        self.raw.as_ref().map(|raw| raw.sha256.as_str())
    }
}

/// The batch that gathers the answers of one (run, kind, part).
struct Gathering {
    seq: i64,
    added: [u64; 3],
}

impl Store {
    /// Commits many answers at once: statements, raw bodies, failures, what is set aside, the log and the progress.
    /// A statement equal to the person's last one gets only a line in the log.
    ///
    /// # Errors
    /// [`StoreError::Inconsistent`] when a statement is not about what its item asked.
    pub async fn settle(&self, run: &RunHandle, settlements: Vec<Settlement>) -> Result<Settled> {
        let mut ready: Vec<Ready> = off_thread(move || settlements.into_iter().map(Ready::of).collect()).await?;
        let mut settled = Settled::default();
        if ready.is_empty() {
            return Ok(settled);
        }
        let now = self.now();
        let mut tx = self.pool.write().await?;
        tx.will_add_evidence().await?;
        let mut held = tx.progress(&ready).await?;
        ready.retain(|one| {
            // Taken out, so that an item that is settled twice at once counts once.
            let kept = held.remove(&one.item.seq);
            if !kept {
                settled.lost.push(one.item.clone());
            }
            kept
        });
        tx.keep_raw(ready.iter().filter_map(|one| one.raw.as_ref())).await?;
        tx.note_drift(run.seq, ready.iter().flat_map(|one| &one.drift)).await?;
        tx.set_aside(run.seq, &ready).await?;
        tx.answer_failures(run.seq, &ready).await?;
        let mut groups: BTreeMap<(Kind, String), Vec<&Ready>> = BTreeMap::new();
        for one in ready.iter().filter(|one| one.stated.is_some()) {
            groups.entry((one.item.kind, one.item.part.clone())).or_default().push(one);
        }
        for ((kind, part), group) in groups {
            let [new, changed, unchanged] = tx.gather(run.seq, kind, &part, &group, now).await?;
            settled.new += new;
            settled.changed += changed;
            settled.unchanged += unchanged;
        }
        settled.failed = ready.iter().filter(|one| matches!(one.state, ItemState::Failed | ItemState::Quarantined)).count() as u64;
        tx.commit().await?;
        Ok(settled)
    }

    /// Accepts the answer to a bulk question ([`Store::accept`]) and its progress in one commit. `None`: somebody else
    /// holds the lease by now, and nothing was written.
    ///
    /// # Errors
    /// As [`Store::accept`].
    pub async fn settle_bulk(&self, run: &RunHandle, item: &ClaimedItem, mut batch: NewBatch, drift: &[Drift]) -> Result<Option<Receipt>> {
        const HEAD: &str = "/* settle_bulk */ UPDATE sync_item SET state = $1, reason = $2";
        if (batch.kind, &batch.part, batch.span) != (item.kind, &item.part, item.span) {
            return Err(StoreError::Inconsistent(format!("a question about {} {} was settled with another batch", item.kind, item.span)));
        }
        batch.run = Some(run.clone());
        let prepared = Prepared::off_thread(batch).await?;
        let mut tx = self.pool.write().await?;
        tx.will_add_evidence().await?;
        let item = std::slice::from_ref(item);
        if tx.touch(item, HEAD, values![ItemState::Leased.key(), None::<&str>]).await?.is_empty() {
            return Ok(None);
        }
        let receipt = tx.accept(&prepared, self.now()).await?;
        tx.note_drift(run.seq, drift).await?;
        let state = if receipt.reason.is_some() { ItemState::Quarantined } else { ItemState::Done };
        tx.touch(item, HEAD, values![state.key(), receipt.reason.map(Reason::key)]).await?;
        tx.commit().await?;
        Ok(Some(receipt))
    }
}

impl Tx {
    /// Marks the items as settled; gives those whose lease was still held.
    async fn progress(&mut self, ready: &[Ready]) -> Result<HashSet<i64>> {
        const HEAD: &str = "/* settle::progress */ UPDATE sync_item SET state = $1, reason = $2";
        let mut by_end: BTreeMap<(ItemState, Option<Reason>), Vec<ClaimedItem>> = BTreeMap::new();
        for one in ready {
            by_end.entry((one.state, one.reason)).or_default().push(one.item.clone());
        }
        let mut held = HashSet::with_capacity(ready.len());
        for ((state, reason), items) in by_end {
            held.extend(self.touch(&items, HEAD, values![state.key(), reason.map(Reason::key)]).await?);
        }
        Ok(held)
    }

    async fn set_aside(&mut self, run: i64, ready: &[Ready]) -> Result<()> {
        let spans: Vec<String> = ready.iter().map(|one| one.item.span.to_string()).collect();
        let rows = ready.iter().zip(&spans).filter_map(|(one, span)| {
            let reason = one.reason.filter(|_| one.state == ItemState::Quarantined)?;
            Some(NewQuarantine {
                run: Some(run),
                batch: None,
                kind: one.item.kind,
                part: &one.item.part,
                span,
                nip: one.nip(),
                reason,
                detail: &one.detail,
                raw_sha: one.raw_sha(),
                locator: "",
                at: one.at,
            })
        });
        self.write_quarantine(rows).await
    }

    async fn answer_failures(&mut self, run: i64, ready: &[Ready]) -> Result<()> {
        let failed = ready.iter().filter(|one| matches!(one.state, ItemState::Failed | ItemState::Quarantined));
        self.write_answers(run, None, failed.map(|one| (one, "failed"))).await
    }

    async fn write_answers<'a>(
        &mut self,
        run: i64,
        batch: Option<i64>,
        rows: impl Iterator<Item = (&'a Ready, &'static str)>,
    ) -> Result<()> {
        let rows: Vec<(&Ready, &str, String)> = rows.map(|(one, outcome)| (one, outcome, one.item.span.to_string())).collect();
        self.insert(
            "/* write_answers */ INSERT INTO answer (run, batch, kind, part, span, nip, outcome, good, reason, raw_sha, at) VALUES",
            "",
            11,
            rows.iter().map(|(one, outcome, span)| {
                vec![
                    Cell::from(Some(run)),
                    Cell::from(batch),
                    Cell::from(one.item.kind.key()),
                    Cell::from(&one.item.part),
                    Cell::from(span),
                    Cell::from(one.nip()),
                    Cell::from(*outcome),
                    Cell::from(*outcome != "failed"),
                    Cell::from(one.reason.map(Reason::key)),
                    Cell::from(one.raw_sha()),
                    Cell::from(one.at),
                ]
            }),
        )
        .await
    }

    /// Writes the statements of one (run, kind, part) into their common batch: new, changed, unchanged.
    async fn gather(&mut self, run: i64, kind: Kind, part: &str, group: &[&Ready], now: DateTime<Utc>) -> Result<[u64; 3]> {
        let mut gathering = self.gathering(run, kind, part, group, now).await?;
        let last = self.last_statements(kind, part, group).await?;
        let mut write = Vec::new();
        let mut answers = Vec::with_capacity(group.len());
        for one in group {
            let Some(stated) = &one.stated else { continue };
            let outcome = match last.get(&(stated.span.clone(), stated.nip.clone())) {
                Some((sha256, _)) if *sha256 == stated.sha256 => {
                    gathering.added[2] += 1;
                    answers.push((*one, "unchanged"));
                    continue;
                }
                Some((_, seen)) => {
                    gathering.added[1] += 1;
                    one.at.max(*seen)
                }
                None => {
                    gathering.added[0] += 1;
                    one.at
                }
            };
            write.push((gathering.seq, stated, outcome));
            answers.push((*one, if stated.state == StatementState::Present { "present" } else { "absent" }));
        }
        self.write_evidence(kind, part, write.into_iter()).await?;
        self.write_answers(run, Some(gathering.seq), answers.into_iter()).await?;
        self.count_gathered(&gathering).await?;
        Ok(gathering.added)
    }

    async fn gathering(&mut self, run: i64, kind: Kind, part: &str, group: &[&Ready], now: DateTime<Utc>) -> Result<Gathering> {
        const FIND: &str = "/* gathering */ SELECT seq FROM batch WHERE run = $1 AND kind = $2 AND part = $3 AND content_sha = ''";
        const BEFORE: &str = "/* gathering */ SELECT COUNT(*) FROM batch WHERE kind = $1 AND part = $2 AND status <> 'quarantined'";
        const CREATE: &str = "/* gathering */ INSERT INTO batch (id, run, kind, part, span, spans, source, scope, status,
                raw_sha, content_sha, facts, row_count, new_count, changed_count, unchanged_count, vanished_count, observed_at, received_at)
            VALUES ($1, $2, $3, $4, $5, $6, $7, 'named', $8, '', '', '{}', 0, 0, 0, 0, 0, $9, $10) RETURNING seq";
        let find = [Cell::from(run), Cell::from(kind.key()), Cell::from(part)];
        let mut found: Option<(i64,)> = self.maybe(FIND, &find).await?;
        if found.is_none() {
            self.alone_on(&format!("stream {kind} {part}")).await?;
            found = self.maybe(FIND, &find).await?;
        }
        if let Some((seq,)) = found {
            return Ok(Gathering { seq, added: [0; 3] });
        }
        let Some(first) = group.first() else { return Err(StoreError::Inconsistent("nothing to gather".to_owned())) };
        let (before,): (i64,) = self.one(BEFORE, &find[1..]).await?;
        let (id, span) = (new_id(), first.item.span.to_string());
        let spans = super::codec::to_json(&[&span])?;
        let status = if before == 0 { "new" } else { "unchanged" };
        let observed_at = group.iter().map(|one| one.at).min().unwrap_or(first.at);
        let values = values![&id, run, kind.key(), part, &span, &spans, &first.source, status, observed_at, now.timestamp_micros()];
        let (seq,): (i64,) = self.one(CREATE, values).await?;
        Ok(Gathering { seq, added: [0; 3] })
    }

    /// Hash and time of the newest statement of each (span, NIP) in the group.
    async fn last_statements(&mut self, kind: Kind, part: &str, group: &[&Ready]) -> Result<HashMap<(String, String), (String, i64)>> {
        let mut last = HashMap::with_capacity(group.len());
        for some in group.chunks(LIST) {
            let sql = format!(
                "/* last_statements */ SELECT e.span, e.nip, e.sha256, e.observed_at FROM evidence e
                WHERE e.kind = $1 AND e.part = $2 AND e.nip IN ({}) ORDER BY e.seq",
                list(3, some.len())
            );
            let mut values = vec![Cell::from(kind.key()), Cell::from(part)];
            values.extend(some.iter().map(|one| Cell::from(one.nip())));
            let rows: Vec<(String, String, String, i64)> = self.all(&sql, &values).await?;
            // oldest first: the newest one stays
            last.extend(rows.into_iter().map(|(span, nip, sha256, seen)| ((span, nip), (sha256, seen))));
        }
        Ok(last)
    }

    async fn count_gathered(&mut self, gathering: &Gathering) -> Result<()> {
        const SQL: &str = "/* count_gathered */ UPDATE batch SET row_count = row_count + $1, new_count = new_count + $2,
                changed_count = changed_count + $3, unchanged_count = unchanged_count + $4,
                status = CASE WHEN status = 'unchanged' AND $5 > 0 THEN 'changed' ELSE status END WHERE seq = $6";
        let [new, changed, unchanged] = gathering.added.map(|count| i64::try_from(count).unwrap_or(i64::MAX));
        self.run(SQL, values![new + changed + unchanged, new, changed, unchanged, new + changed, gathering.seq]).await?;
        Ok(())
    }
}
