//! What a reconciliation concluded: verdicts of those whose inputs changed, and the life of every finding. All of one
//! run is one transaction; a run that changes nothing leaves every status as it was.

use super::Result;
use super::Store;
use super::codec::At;
use super::codec::new_id;
use super::codec::to_json;
use super::marks::Mark;
use super::tx::Cell;
use super::tx::LIST;
use super::tx::Tx;
use super::tx::list;
use super::tx::values;
use crate::domain::Finding;
use crate::domain::Nip;
use crate::domain::Period;
use crate::domain::Verdict;
use chrono::DateTime;
use chrono::Utc;
use std::collections::HashMap;

/// What is kept about a run beside its verdicts.
#[derive(Debug, Clone, PartialEq)]
pub struct NewReconciliation {
    /// Hash of all inputs.
    pub inputs_sha: String,
    /// Id of the policy.
    pub policy_id: String,
    /// SHA-256 of the policy file, in hex.
    pub policy_sha: String,
    /// `final` or `trial`.
    pub mode: String,
    /// Whether everything required is known about everybody.
    pub complete: bool,
    /// Counts and completeness, in the caller's own shape; stored and read whole.
    pub summary: serde_json::Value,
    /// When the run began.
    pub started_at: DateTime<Utc>,
}

/// A verdict whose inputs changed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NewVerdict {
    /// Hash of its inputs.
    pub inputs_sha: String,
    /// Beside the verdict.
    pub noted: Noted,
    /// The verdict.
    pub verdict: Verdict,
}

/// What the next reconciliation wants to know about a person without working it out again.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Noted {
    /// One bit for each reason for which other people's news may move this person's inputs ([`Store::leaning`]).
    pub leans: i64,
    /// Unit; empty: none.
    pub unit: String,
    /// In the caller's own shape.
    pub aside: String,
}

/// A run as it is kept.
#[derive(Debug, Clone, PartialEq)]
pub struct ReconcileRun {
    /// Id; stays while later runs change nothing.
    pub id: String,
    /// Work month.
    pub period: Period,
    /// The instant of its evidence (of the last run, even if that changed nothing).
    pub as_of: DateTime<Utc>,
    /// What it is about.
    pub record: NewReconciliation,
    /// Findings about whole files.
    pub file_findings: Vec<Finding>,
    /// When it ended.
    pub ended_at: DateTime<Utc>,
    /// When the last run ended, even if it changed nothing.
    pub checked_at: DateTime<Utc>,
}

/// What a run did to the findings of its period.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Saved {
    /// Id of the run; that of an earlier one when nothing changed.
    pub run: String,
    /// Whether anything changed.
    pub changed: bool,
    /// Open findings with status `new`.
    pub new: u64,
    /// Open findings with status `persisting`.
    pub persisting: u64,
    /// Findings that this run resolved.
    pub resolved: u64,
}

/// A reconciliation that is being saved. It is a transaction: nothing shows before [`Saving::finish`], dropping it
/// forgets it, and on SQLite nobody else writes meanwhile.
pub struct Saving {
    pub(super) tx: Tx,
    pub(super) period: String,
    pub(super) as_of: i64,
    pub(super) now: i64,
    pub(super) latest: Option<Latest>,
    run: Option<(i64, String)>,
    stamp: String,
    /// Waivers on which the verdicts rest.
    pub(super) waivers: Vec<i64>,
    /// People of whose waivers the run has ended one.
    pub(super) told_about: Vec<String>,
}

/// The run before this one.
pub(super) struct Latest {
    seq: i64,
    id: String,
    file_findings: String,
    pub(super) as_of: i64,
}

pub(super) type RunRow = (i64, String, String, String, String, String, i64, String, i64, String, String, i64, i64, i64);

impl Store {
    /// The stored hash of each verdict's inputs.
    ///
    /// # Errors
    /// When the store fails or holds an unreadable row.
    pub async fn inputs(&self, period: Period) -> Result<HashMap<Nip, String>> {
        const SQL: &str = "/* inputs */ SELECT nip, inputs_sha FROM verdict WHERE period = $1 ORDER BY nip";
        let period = period.to_string();
        let mut tx = self.pool.read().await?;
        let rows: Vec<(String, String)> = tx.all(SQL, values![&period]).await?;
        tx.commit().await?;
        rows.into_iter().map(|(nip, sha)| Ok((At { table: "verdict", id: period.as_str() }.nip(&nip)?, sha))).collect()
    }

    /// Begins to save a reconciliation of the period; a second process waits for its end.
    ///
    /// # Errors
    /// When the store fails.
    pub async fn begin_saving(&self, period: Period, as_of: DateTime<Utc>) -> Result<Saving> {
        const LATEST: &str =
            "/* begin_saving */ SELECT seq, id, file_findings, as_of FROM reconcile_run WHERE period = $1 ORDER BY seq DESC LIMIT 1";
        let mut tx = self.pool.write().await?;
        let period = period.to_string();
        tx.alone_on(&format!("reconcile {period}")).await?;
        let latest: Option<(i64, String, String, i64)> = tx.maybe(LATEST, values![&period]).await?;
        let latest = latest.map(|(seq, id, file_findings, as_of)| Latest { seq, id, file_findings, as_of });
        let stamp = tx.stamp(&period).await?;
        Ok(Saving {
            tx,
            period,
            as_of: as_of.timestamp_micros(),
            now: self.now().timestamp_micros(),
            latest,
            run: None,
            stamp,
            waivers: Vec::new(),
            told_about: Vec::new(),
        })
    }

    /// [`Store::begin_saving`], [`Saving::put`] and [`Saving::finish`] in one call.
    ///
    /// # Errors
    /// When the store fails.
    pub async fn save_reconciliation(
        &self,
        period: Period,
        as_of: DateTime<Utc>,
        record: &NewReconciliation,
        changed: &[NewVerdict],
        removed: &[Nip],
        file_findings: &[Finding],
    ) -> Result<Saved> {
        let mut saving = self.begin_saving(period, as_of).await?;
        saving.put(changed).await?;
        saving.finish(record, removed, file_findings, None).await
    }

    /// The newest run of the period that changed anything.
    ///
    /// # Errors
    /// When the store fails or holds an unreadable row.
    pub async fn latest_reconcile_run(&self, period: Period) -> Result<Option<ReconcileRun>> {
        const SQL: &str = "/* latest_reconcile_run */ SELECT seq, id, period, inputs_sha, policy_id, policy_sha, as_of, mode, complete,
                summary, file_findings, started_at, ended_at, checked_at
            FROM reconcile_run WHERE period = $1 ORDER BY seq DESC LIMIT 1";
        let mut tx = self.pool.read().await?;
        let row: Option<RunRow> = tx.maybe(SQL, values![&period.to_string()]).await?;
        tx.commit().await?;
        row.map(reconcile_run).transpose()
    }
}

impl Saving {
    /// The stamp of the period: whoever began from another one has been overtaken.
    pub fn stamp(&self) -> &str {
        &self.stamp
    }

    /// Stores verdicts whose inputs changed, each person at most once in a run; in as many calls as memory asks for.
    ///
    /// # Errors
    /// When the store fails.
    pub async fn put(&mut self, changed: &[NewVerdict]) -> Result<()> {
        if changed.is_empty() {
            return Ok(());
        }
        let run = self.run().await?;
        self.write_verdicts(changed).await?;
        self.name_findings(run, changed.iter().flat_map(|new| &new.verdict.findings)).await?;
        self.resolve_unnamed(run, changed.iter().map(|new| new.verdict.nip.as_str()).collect()).await
    }

    /// Stores verdicts that say what the stored ones say, from other inputs or with later times: that is no news, so
    /// it begins no run and moves no status.
    ///
    /// # Errors
    /// When the store fails.
    pub async fn refresh(&mut self, unchanged: &[NewVerdict]) -> Result<()> {
        self.write_verdicts(unchanged).await
    }

    async fn write_verdicts(&mut self, verdicts: &[NewVerdict]) -> Result<()> {
        let bodies = verdicts.iter().map(|new| to_json(&new.verdict)).collect::<Result<Vec<String>>>()?;
        let rows = verdicts.iter().zip(&bodies);
        let cells = rows.map(|(new, body)| {
            vec![
                Cell::from(&self.period),
                Cell::from(new.verdict.nip.as_str()),
                Cell::from(&new.inputs_sha),
                Cell::from(body),
                Cell::from(new.noted.leans),
                Cell::from(&new.noted.unit),
                Cell::from(&new.noted.aside),
            ]
        });
        self.tx
            .insert(
                "/* write_verdicts */ INSERT INTO verdict (period, nip, inputs_sha, body, leans, unit, aside) VALUES",
                "ON CONFLICT (period, nip) DO UPDATE SET inputs_sha = excluded.inputs_sha, body = excluded.body,
                    leans = excluded.leans, unit = excluded.unit, aside = excluded.aside",
                7,
                cells,
            )
            .await?;
        self.list_people(verdicts).await
    }

    /// Ends the run: forgets people who no longer belong to the period, stores the findings about whole files, and
    /// commits. With nothing put, nobody removed and equal findings about files, no status moves and the record of
    /// the last run is only touched. Without a mark, the next reconciliation of the period looks at everybody.
    ///
    /// # Errors
    /// When the store fails; nothing of the run is kept then.
    pub async fn finish(
        mut self,
        record: &NewReconciliation,
        removed: &[Nip],
        file_findings: &[Finding],
        mark: Option<&Mark>,
    ) -> Result<Saved> {
        let mut removed: Vec<&str> = removed.iter().map(Nip::as_str).collect();
        removed.sort_unstable();
        let findings = to_json(&file_findings)?;
        if !removed.is_empty() || self.latest.as_ref().is_none_or(|latest| latest.file_findings != findings) {
            let run = self.run().await?;
            self.forget(&removed).await?;
            self.resolve_unnamed(run, removed).await?;
        }
        let changed = self.run.is_some();
        if let Some((run, _)) = self.run {
            self.name_findings(run, file_findings).await?;
            self.resolve_unnamed(run, vec![""]).await?;
        }
        let run = self.run.clone();
        self.tx.alone_with_cases(&self.period).await?;
        self.tell_cases(run.as_ref().map(|(seq, id)| (*seq, id.as_str()))).await?;
        self.view_cases_again(run.map(|(seq, _)| seq)).await?;
        let (seq, run) = match (self.run.take(), self.latest.take()) {
            (Some(run), _) => run,
            (None, Some(latest)) => (latest.seq, latest.id),
            (None, None) => return Err(super::StoreError::Inconsistent("a first run always changes something".to_owned())),
        };
        self.describe(seq, record, &findings, changed).await?;
        self.tx.leave_mark(&self.period, self.as_of, &new_id(), mark).await?;
        let mut saved = self.tx.count_findings(&self.period, seq).await?;
        saved.run = run;
        saved.changed = changed;
        self.tx.commit().await?;
        Ok(saved)
    }

    /// The record of this run, begun with its first change. From then on what was new is persisting: new is what the
    /// newest run opened.
    async fn run(&mut self) -> Result<i64> {
        const BEGIN: &str =
            "/* reconcile run */ INSERT INTO reconcile_run (id, period, inputs_sha, policy_id, policy_sha, as_of, mode, complete,
                summary, file_findings, started_at, ended_at, checked_at)
            VALUES ($1, $2, '', '', '', $3, '', 0, 'null', '[]', $4, $5, $6) RETURNING seq";
        if let Some((seq, _)) = &self.run {
            return Ok(*seq);
        }
        let id = new_id();
        let (seq,): (i64,) = self.tx.one(BEGIN, values![&id, &self.period, self.as_of, self.now, self.now, self.now]).await?;
        self.run = Some((seq, id));
        Ok(seq)
    }

    async fn forget(&mut self, nips: &[&str]) -> Result<()> {
        for some in nips.chunks(LIST) {
            let sql = format!("/* forget */ DELETE FROM verdict WHERE period = $1 AND nip IN ({})", list(2, some.len()));
            let mut values = vec![Cell::from(&self.period)];
            values.extend(some.iter().map(|nip| Cell::from(*nip)));
            self.tx.run(&sql, &values).await?;
        }
        self.unlist(nips).await
    }

    async fn describe(&mut self, seq: i64, record: &NewReconciliation, findings: &str, changed: bool) -> Result<()> {
        const RECORD: &str =
            "/* describe */ UPDATE reconcile_run SET inputs_sha = $1, policy_id = $2, policy_sha = $3, as_of = $4, mode = $5,
            complete = $6, summary = $7, file_findings = $8, checked_at = $9 WHERE seq = $10";
        const TIMES: &str = "/* describe */ UPDATE reconcile_run SET started_at = $1, ended_at = $2 WHERE seq = $3";
        let summary = to_json(&record.summary)?;
        let values = values![
            &record.inputs_sha,
            &record.policy_id,
            &record.policy_sha,
            self.as_of,
            &record.mode,
            record.complete,
            &summary,
            findings,
            self.now,
            seq
        ];
        self.tx.run(RECORD, values).await?;
        if changed {
            self.tx.run(TIMES, values![record.started_at.timestamp_micros(), self.now, seq]).await?;
        }
        Ok(())
    }
}

pub(super) fn reconcile_run(row: RunRow) -> Result<ReconcileRun> {
    let (seq, id, period, inputs_sha, policy_id, policy_sha, as_of, mode, complete, summary, findings, started, ended, checked) = row;
    let at = At { table: "reconcile_run", id: seq };
    Ok(ReconcileRun {
        id,
        period: at.word("period", &period, |text| text.parse().ok())?,
        as_of: at.time("as_of", as_of)?,
        record: NewReconciliation {
            inputs_sha,
            policy_id,
            policy_sha,
            mode,
            complete: complete != 0,
            summary: at.json("summary", &summary)?,
            started_at: at.time("started_at", started)?,
        },
        file_findings: at.json("file_findings", &findings)?,
        ended_at: at.time("ended_at", ended)?,
        checked_at: at.time("checked_at", checked)?,
    })
}
