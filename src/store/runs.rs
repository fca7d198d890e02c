//! Sync runs: what one run has to ask, how far it is, how it ended. A run that did not end can be taken up again, and
//! two processes with the same plan share one run.

use super::Result;
use super::Store;
use super::codec::hex;
use super::codec::new_id;
use super::codec::to_json;
use super::tx::Cell;
use super::tx::Tx;
use super::tx::values;
use crate::domain::Kind;
use crate::domain::Nip;
use crate::domain::Period;
use crate::domain::period::Span;
use sha2::Digest;
use sha2::Sha256;
use std::time::Duration;

/// A run to be begun, or to be taken up again.
#[derive(Debug, Clone)]
pub struct NewRun {
    /// Work month.
    pub period: Period,
    /// Keys of the surfaces.
    pub surfaces: Vec<String>,
    /// Hash of the plan; only a run of the same plan and period is taken up again.
    pub plan_sha: String,
    /// What to ask, in the order in which it should be asked.
    pub items: Vec<NewItem>,
    /// How old an unfinished run may be.
    pub resume_within: Duration,
    /// Only some people or some kinds are to be asked: how it ends says nothing about all others.
    pub about_some: bool,
}

/// One question.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NewItem {
    /// What about.
    pub kind: Kind,
    /// Which surface answers it.
    pub surface: String,
    /// The stream that the answer belongs to (per-NIP kinds: the same for everybody, such as the surface's key).
    pub part: String,
    /// For which span.
    pub span: Span,
    /// About whom; `None`: everybody.
    pub nip: Option<Nip>,
}

/// A run that is under way.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RunHandle {
    /// Id of the run.
    pub id: String,
    /// Whether it was there before.
    pub resumed: bool,
    pub(super) seq: i64,
}

/// How far an item is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum ItemState {
    /// To be asked.
    Pending,
    /// Somebody is asking.
    Leased,
    /// Answered.
    Done,
    /// No usable answer.
    Failed,
    /// Answered, and the answer set aside.
    Quarantined,
    /// Not asked in this run.
    Skipped,
}

impl ItemState {
    /// All states with their keys.
    pub const ALL: [(&'static str, Self); 6] = [
        ("pending", Self::Pending),
        ("leased", Self::Leased),
        ("done", Self::Done),
        ("failed", Self::Failed),
        ("quarantined", Self::Quarantined),
        ("skipped", Self::Skipped),
    ];

    /// The key in the store.
    pub fn key(self) -> &'static str {
        Self::ALL.iter().find(|(_, state)| *state == self).map_or("", |(key, _)| key)
    }

    /// The state with that key.
    pub fn from_key(key: &str) -> Option<Self> {
        Self::ALL.iter().find(|(known, _)| *known == key).map(|(_, state)| *state)
    }
}

/// Items by state.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
#[allow(missing_docs)]
pub struct ItemCounts {
    pub pending: u64,
    pub leased: u64,
    pub done: u64,
    pub failed: u64,
    pub quarantined: u64,
    pub skipped: u64,
}

impl ItemCounts {
    /// All of them.
    pub fn planned(self) -> u64 {
        self.unsettled() + self.done + self.failed + self.quarantined + self.skipped
    }

    /// Still to be asked, or being asked.
    pub fn unsettled(self) -> u64 {
        self.pending + self.leased
    }

    pub(super) fn add(&mut self, state: ItemState, count: u64) {
        *match state {
            ItemState::Pending => &mut self.pending,
            ItemState::Leased => &mut self.leased,
            ItemState::Done => &mut self.done,
            ItemState::Failed => &mut self.failed,
            ItemState::Quarantined => &mut self.quarantined,
            ItemState::Skipped => &mut self.skipped,
        } += count;
    }
}

/// How a run ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum RunEnd {
    /// Everything is settled.
    Finished,
    /// It gave up for good (a token was refused); a later run starts anew.
    Stopped,
    /// Its time was up or it was told to leave; the next one takes it up again.
    Deadline,
}

impl RunEnd {
    fn key(self) -> &'static str {
        match self {
            Self::Finished => "finished",
            Self::Stopped => "stopped",
            Self::Deadline => "deadline",
        }
    }
}

/// A field of an answer that is new, missing or of another type (contract §5).
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct Drift {
    /// Of which kind.
    pub kind: Kind,
    /// Its name.
    pub field: String,
    /// `added`, `missing` or `type`.
    pub change: String,
}

impl Store {
    /// Takes up the unfinished run of this plan that began less than `resume_within` ago, or begins a new one with all
    /// its items, in one transaction: two processes that begin together get the same run.
    ///
    /// # Errors
    /// When the store fails.
    pub async fn begin_run(&self, run: NewRun) -> Result<RunHandle> {
        const UNFINISHED: &str = "/* begin_run */ SELECT seq, id FROM sync_run WHERE plan_sha = $1 AND period = $2
            AND state IN ('running', 'deadline') AND started_at > $3 ORDER BY seq DESC LIMIT 1";
        const AGAIN: &str = "/* begin_run */ UPDATE sync_run SET state = 'running', ended_at = NULL,
                about_some = CASE WHEN about_some > $1 THEN $2 ELSE about_some END WHERE seq = $3";
        const BEGIN: &str = "/* begin_run */ INSERT INTO sync_run (id, period, surfaces, plan_sha, state, requests, started_at, about_some)
            VALUES ($1, $2, $3, $4, 'running', 0, $5, $6) RETURNING seq";
        let now = self.now().timestamp_micros();
        let oldest = now.saturating_sub(i64::try_from(run.resume_within.as_micros()).unwrap_or(i64::MAX));
        let period = run.period.to_string();
        let mut tx = self.pool.write().await?;
        tx.alone_on(&format!("plan {}", run.plan_sha)).await?;
        let unfinished: Option<(i64, String)> = tx.maybe(UNFINISHED, values![&run.plan_sha, &period, oldest]).await?;
        let handle = match unfinished {
            Some((seq, id)) => {
                tx.run(AGAIN, values![run.about_some, run.about_some, seq]).await?;
                RunHandle { id, resumed: true, seq }
            }
            None => {
                let id = new_id();
                let surfaces = to_json(&run.surfaces)?;
                let (seq,): (i64,) = tx.one(BEGIN, values![&id, &period, &surfaces, &run.plan_sha, now, run.about_some]).await?;
                tx.write_items(seq, &run.items).await?;
                RunHandle { id, resumed: false, seq }
            }
        };
        tx.commit().await?;
        Ok(handle)
    }

    /// Items of the run by state, optionally of one surface.
    ///
    /// # Errors
    /// When the store fails.
    pub async fn unsettled(&self, run: &RunHandle, surface: Option<&str>) -> Result<ItemCounts> {
        let mut tx = self.pool.read().await?;
        let mut counts = ItemCounts::default();
        for row in tx.reasons(run.seq).await?.iter().filter(|row| surface.is_none_or(|surface| row.surface == surface)) {
            counts.add(row.state, row.count);
        }
        tx.commit().await?;
        Ok(counts)
    }

    /// Adds to the run's count of requests.
    ///
    /// # Errors
    /// When the store fails.
    pub async fn add_requests(&self, run: &RunHandle, requests: u64) -> Result<()> {
        const SQL: &str = "/* add_requests */ UPDATE sync_run SET requests = requests + $1 WHERE seq = $2";
        let mut tx = self.pool.write().await?;
        tx.run(SQL, values![i64::try_from(requests).unwrap_or(i64::MAX), run.seq]).await?;
        tx.commit().await
    }

    /// Ends the run and seals the batches that gathered its per-NIP answers: their `sha256` is that of the raw hashes
    /// by NIP. [`RunEnd::Deadline`] leaves it to be taken up again.
    ///
    /// # Errors
    /// When the store fails.
    pub async fn finish_run(&self, run: &RunHandle, end: RunEnd) -> Result<()> {
        const END: &str = "/* finish_run */ UPDATE sync_run SET state = $1, ended_at = $2 WHERE seq = $3";
        const GATHERED: &str = "/* finish_run */ SELECT seq FROM batch WHERE run = $1 AND content_sha = '' ORDER BY seq";
        const ANSWERS: &str = "/* finish_run */ SELECT nip, span, COALESCE(raw_sha, outcome) FROM answer
            WHERE batch = $1 AND good = 1 ORDER BY nip, span, seq";
        const SEAL: &str = "/* finish_run */ UPDATE batch SET raw_sha = $1 WHERE seq = $2";
        let mut tx = self.pool.write().await?;
        tx.run(END, values![end.key(), self.now().timestamp_micros(), run.seq]).await?;
        let gathered: Vec<(i64,)> = tx.all(GATHERED, values![run.seq]).await?;
        for (batch,) in gathered {
            let answers: Vec<(String, String, String)> = tx.all(ANSWERS, values![batch]).await?;
            let mut digest = Sha256::new();
            for (nip, span, raw) in answers {
                digest.update(format!("{nip}\u{1f}{span}\u{1f}{raw}\u{1e}"));
            }
            tx.run(SEAL, values![&hex(&digest.finalize()), batch]).await?;
        }
        tx.commit().await
    }

    /// The newest run of any period, whether it ended or not.
    ///
    /// # Errors
    /// When the store fails.
    pub async fn latest_run(&self, period: Option<Period>) -> Result<Option<RunHandle>> {
        const SQL: &str = "/* latest_run */ SELECT seq, id FROM sync_run WHERE ($1 = '' OR period = $2) ORDER BY seq DESC LIMIT 1";
        let period = period.map(|period| period.to_string()).unwrap_or_default();
        let mut tx = self.pool.read().await?;
        let row: Option<(i64, String)> = tx.maybe(SQL, values![&period, &period]).await?;
        tx.commit().await?;
        Ok(row.map(|(seq, id)| RunHandle { id, resumed: true, seq }))
    }

    /// The newest pull of the period that was to ask about everybody and everything.
    ///
    /// # Errors
    /// When the store fails.
    pub async fn latest_whole_run(&self, period: Period) -> Result<Option<RunHandle>> {
        const SQL: &str =
            "/* latest_whole_run */ SELECT seq, id FROM sync_run WHERE period = $1 AND about_some = 0 ORDER BY seq DESC LIMIT 1";
        let mut tx = self.pool.read().await?;
        let row: Option<(i64, String)> = tx.maybe(SQL, values![&period.to_string()]).await?;
        tx.commit().await?;
        Ok(row.map(|(seq, id)| RunHandle { id, resumed: true, seq }))
    }

    /// The pull of that id.
    ///
    /// # Errors
    /// When the store fails.
    pub async fn run_of(&self, id: &str) -> Result<Option<RunHandle>> {
        const SQL: &str = "/* run_of */ SELECT seq, id FROM sync_run WHERE id = $1";
        let mut tx = self.pool.read().await?;
        let row: Option<(i64, String)> = tx.maybe(SQL, values![id]).await?;
        tx.commit().await?;
        Ok(row.map(|(seq, id)| RunHandle { id, resumed: true, seq }))
    }
}

impl Tx {
    async fn write_items(&mut self, run: i64, items: &[NewItem]) -> Result<()> {
        let spans: Vec<String> = items.iter().map(|item| item.span.to_string()).collect();
        self.insert(
            "/* write_items */ INSERT INTO sync_item (run, kind, surface, part, span, nip, state, attempts,
                lease_owner, lease_token, lease_until, fence) VALUES",
            "",
            12,
            items.iter().zip(&spans).map(|(item, span)| {
                vec![
                    Cell::from(run),
                    Cell::from(item.kind.key()),
                    Cell::from(&item.surface),
                    Cell::from(&item.part),
                    Cell::from(span),
                    Cell::from(item.nip.as_ref().map_or("", Nip::as_str)),
                    Cell::from(ItemState::Pending.key()),
                    Cell::from(0),
                    Cell::from(""),
                    Cell::from(""),
                    Cell::from(0),
                    Cell::from(0),
                ]
            }),
        )
        .await
    }

    /// Notes fields that differ, once for the run.
    pub(super) async fn note_drift(&mut self, run: i64, drift: impl IntoIterator<Item = &Drift>) -> Result<()> {
        let drift: std::collections::BTreeSet<&Drift> = drift.into_iter().collect();
        self.insert(
            "/* note_drift */ INSERT INTO sync_drift (run, kind, field, change) VALUES",
            "ON CONFLICT (run, kind, field, change) DO NOTHING",
            4,
            drift
                .into_iter()
                .map(|drift| vec![Cell::from(run), Cell::from(drift.kind.key()), Cell::from(&drift.field), Cell::from(&drift.change)]),
        )
        .await
    }
}
