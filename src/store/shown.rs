//! Which run of a period the pages show, which came before it, and what there is to look at.

use super::Result;
use super::Store;
use super::codec::At;
use super::tx::Tx;
use super::tx::values;
use crate::domain::Kind;
use crate::domain::Period;
use chrono::DateTime;
use chrono::Utc;
use std::collections::BTreeMap;
use std::collections::BTreeSet;

/// The run that a page shows.
#[derive(Debug, Clone, PartialEq)]
pub struct ShownRun {
    /// Place among all runs.
    pub seq: i64,
    /// Id.
    pub id: String,
    /// Another one after each reconciliation, even of one that changed nothing.
    pub stamp: String,
    /// The instant of its evidence.
    pub as_of: DateTime<Utc>,
    /// When it ended.
    pub ended_at: DateTime<Utc>,
    /// When the last run ended, even if it changed nothing.
    pub checked_at: DateTime<Utc>,
    /// Whether everything required is known about everybody.
    pub complete: bool,
    /// `final` or `trial`.
    pub mode: String,
    /// Policy.
    pub policy_id: String,
    /// SHA-256 of the policy file, in hex.
    pub policy_sha: String,
    /// Figures, as reconciliation wrote them.
    pub summary: serde_json::Value,
}

type RunRow = (i64, String, i64, i64, i64, i64, String, String, String, String, Option<String>);

impl Store {
    /// The run of the period that pages show; `None` before the first.
    ///
    /// # Errors
    /// When the store fails or holds an unreadable row.
    pub async fn shown_run(&self, period: Period) -> Result<Option<ShownRun>> {
        let mut tx = self.pool.read().await?;
        let run = tx.shown_run(&period.to_string()).await?;
        tx.commit().await?;
        Ok(run)
    }

    /// The run before that one; with `until`, the last one that ended before that instant, if there is one.
    ///
    /// # Errors
    /// When the store fails or holds an unreadable row.
    pub async fn run_before(&self, period: Period, run: &ShownRun, until: DateTime<Utc>) -> Result<Option<ShownRun>> {
        const SQL: &str =
            "/* run_before */ SELECT seq, id, as_of, ended_at, checked_at, complete, mode, policy_id, policy_sha, summary, NULL
            FROM reconcile_run WHERE period = $1 AND seq < $2
            ORDER BY CASE WHEN ended_at < $3 THEN 0 ELSE 1 END, seq DESC LIMIT 1";
        let mut tx = self.pool.read().await?;
        let row: Option<RunRow> = tx.maybe(SQL, values![&period.to_string(), run.seq, until.timestamp_micros()]).await?;
        tx.commit().await?;
        row.map(shown).transpose()
    }

    /// Whether anything new has been received, or taken back, after that instant.
    ///
    /// # Errors
    /// When the store fails.
    pub async fn has_changed_since(&self, at: DateTime<Utc>) -> Result<bool> {
        const DECIDED: &str = "/* has_changed_since */ SELECT COUNT(*) FROM waiver
            WHERE (decision = 'approved' AND decided_at > $1) OR (ended_why = 'withdrawn' AND decision = 'approved' AND ended_at > $2)";
        const SQL: &str = "/* has_changed_since */ SELECT COUNT(*) FROM batch
            WHERE received_at > $1 AND status IN ('new', 'changed', 'withdrawn')";
        let mut tx = self.pool.read().await?;
        let (count,): (i64,) = tx.one(SQL, values![at.timestamp_micros()]).await?;
        let (decided,): (i64,) = tx.one(DECIDED, values![at.timestamp_micros(), at.timestamp_micros()]).await?;
        tx.commit().await?;
        Ok(count + decided > 0)
    }

    /// When something of each kind was last received.
    ///
    /// # Errors
    /// When the store fails or holds an unreadable row.
    pub async fn received(&self) -> Result<BTreeMap<Kind, DateTime<Utc>>> {
        const SQL: &str =
            "/* received */ SELECT kind, MAX(received_at) FROM batch WHERE status <> 'quarantined' GROUP BY kind ORDER BY kind";
        let mut tx = self.pool.read().await?;
        let rows: Vec<(String, i64)> = tx.all(SQL, values![]).await?;
        tx.commit().await?;
        let at = At { table: "batch", id: "kind" };
        rows.into_iter().map(|(kind, received)| Ok((at.word("kind", &kind, Kind::from_key)?, at.time("received_at", received)?))).collect()
    }

    /// Months that were reconciled, or for which the ministry has delivered something; the earliest first.
    ///
    /// # Errors
    /// When the store fails or holds an unreadable row.
    pub async fn known_months(&self) -> Result<BTreeSet<Period>> {
        const SQL: &str = "/* known_months */ SELECT period FROM reconcile_run UNION SELECT span FROM batch
            WHERE kind IN ('roster', 'attendance', 'payment') AND length(span) = 7 AND status NOT IN ('quarantined', 'withdrawn') ORDER BY 1";
        let mut tx = self.pool.read().await?;
        let rows: Vec<(String,)> = tx.all(SQL, values![]).await?;
        tx.commit().await?;
        let at = At { table: "batch", id: "span" };
        rows.iter().map(|(month,)| at.word("span", month, |text| text.parse().ok())).collect()
    }
}

impl Tx {
    /// See [`Store::shown_run`].
    pub(super) async fn shown_run(&mut self, period: &str) -> Result<Option<ShownRun>> {
        const SQL: &str =
            "/* shown_run */ SELECT r.seq, r.id, r.as_of, r.ended_at, r.checked_at, r.complete, r.mode, r.policy_id, r.policy_sha,
                r.summary, (SELECT m.stamp FROM reconcile_mark m WHERE m.period = r.period)
            FROM reconcile_run r WHERE r.period = $1 ORDER BY r.seq DESC LIMIT 1";
        self.maybe::<RunRow>(SQL, values![period]).await?.map(shown).transpose()
    }
}

fn shown(row: RunRow) -> Result<ShownRun> {
    let (seq, id, as_of, ended, checked, complete, mode, policy_id, policy_sha, summary, stamp) = row;
    let at = At { table: "reconcile_run", id: seq };
    Ok(ShownRun {
        as_of: at.time("as_of", as_of)?,
        ended_at: at.time("ended_at", ended)?,
        checked_at: at.time("checked_at", checked)?,
        complete: complete != 0,
        summary: at.json("summary", &summary)?,
        stamp: stamp.unwrap_or_default(),
        seq,
        id,
        mode,
        policy_id,
        policy_sha,
    })
}
