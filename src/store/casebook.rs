//! What a reconciliation writes into the histories of cases, in its own transaction: that a finding is gone and by which
//! evidence, that it is back, and that a waiver holds no longer. Nobody else ends a case.

use super::Result;
use super::reconciliation::Saving;
use super::tx::Cell;
use super::tx::LIST;
use super::tx::list;
use super::tx::values;
use super::waivers::WaiverEnd;
use chrono::DateTime;
use chrono::Utc;
use serde_json::json;

/// Batches that a history names at most.
const NAMED: i64 = 5;

impl Saving {
    /// Tells on which waivers the verdicts of this run rest: by their numbers. `false`: somebody has taken one back by the
    /// instant of the run, and it has to begin again.
    ///
    /// # Errors
    /// When the store fails.
    pub async fn rests_on(&mut self, waivers: &[i64]) -> Result<bool> {
        self.tx.alone_with_cases(&self.period).await?;
        for some in waivers.chunks(LIST) {
            let sql = format!(
                "/* rests_on */ SELECT seq FROM waiver WHERE ended_at <= $1 AND seq IN ({}) ORDER BY seq LIMIT 1",
                list(2, some.len())
            );
            let mut values = vec![Cell::from(self.as_of)];
            values.extend(some.iter().map(|seq| Cell::from(*seq)));
            if self.tx.maybe::<(i64,)>(&sql, &values).await?.is_some() {
                return Ok(false);
            }
        }
        self.waivers = waivers.to_vec();
        Ok(true)
    }

    /// Writes what the run did to cases; `run` is its number and id when it changed anything.
    pub(super) async fn tell_cases(&mut self, run: Option<(i64, &str)>) -> Result<()> {
        if let Some((seq, id)) = run {
            self.tell_what_went_or_came_back(seq, id).await?;
        }
        self.end_what_passed().await?;
        self.end_what_excuses_no_longer().await
    }

    async fn tell_what_went_or_came_back(&mut self, run: i64, id: &str) -> Result<()> {
        // The run of an open finding is the one that opened it: a case was there before, so the finding is back.
        const MOVED: &str = "/* tell_cases */ SELECT k.id, k.nip, f.status, f.last_seen FROM finding_state f
            JOIN finding_case k ON k.id = f.id WHERE f.run = $1 AND f.period = $2 ORDER BY k.id";
        const VOID: &str = "/* tell_cases */ UPDATE waiver SET ended_at = $1, ended_why = 'gone'
            WHERE case_id = $2 AND decision = 'waiting' AND ended_at IS NULL";
        let moved: Vec<(String, String, String, i64)> = self.tx.all(MOVED, values![run, &self.period]).await?;
        for (case, nip, status, seen) in moved {
            if status != "resolved" {
                self.tell(&case, "returned", &json!({"run": id})).await?;
                continue;
            }
            self.tx.run(VOID, values![self.as_of, &case]).await?;
            let batches = self.batches_since(&nip, seen).await?;
            self.tell(&case, "resolved", &json!({"run": id, "batches": batches})).await?;
        }
        Ok(())
    }

    /// What has come about the person since the finding was last seen, the newest first.
    async fn batches_since(&mut self, nip: &str, since: i64) -> Result<Vec<serde_json::Value>> {
        const SQL: &str = "/* batches_since */ SELECT DISTINCT b.seq, b.kind, b.source, b.id, b.status FROM evidence e
            JOIN batch b ON b.seq = e.batch
            WHERE e.nip = $1 AND e.observed_at > $2 AND e.observed_at <= $3 ORDER BY b.seq DESC LIMIT $4";
        let rows: Vec<(i64, String, String, String, String)> = self.tx.all(SQL, values![nip, since, self.as_of, NAMED]).await?;
        Ok(rows
            .into_iter()
            .map(|(_, kind, source, batch, status)| json!({"kind": kind, "source": source, "batch": batch, "status": status}))
            .collect())
    }

    async fn end_what_passed(&mut self) -> Result<()> {
        const PASSED: &str = "/* end_what_passed */ SELECT seq, case_id, nip, document, ends_at FROM waiver
            WHERE period = $1 AND decision <> 'refused' AND ended_at IS NULL AND ends_at <= $2 ORDER BY seq";
        let passed: Vec<(i64, String, String, String, i64)> = self.tx.all(PASSED, values![&self.period, self.as_of.min(self.now)]).await?;
        for (seq, case, nip, document, ends_at) in passed {
            self.told_about.push(nip);
            self.end(seq, &case, &document, ends_at, WaiverEnd::Expired).await?;
        }
        Ok(())
    }

    /// Of the waivers that the evaluation was given, those whose evidence has changed or whose finding is gone. Such a
    /// one does not come back to life, even if the evidence does. One whose finding is open on the same evidence excuses
    /// nothing for now, as the amount cannot be computed: it goes on.
    async fn end_what_excuses_no_longer(&mut self) -> Result<()> {
        for some in std::mem::take(&mut self.waivers).chunks(LIST) {
            let sql = format!(
                "/* end_what_excuses_no_longer */ SELECT w.seq, w.case_id, w.document, w.evidence, w.nip, f.status FROM waiver w
                JOIN finding_state f ON f.period = w.period AND f.id = w.case_id
                WHERE f.status <> 'waived' AND w.ended_at IS NULL AND w.seq IN ({}) ORDER BY w.seq",
                list(1, some.len())
            );
            let values: Vec<Cell<'_>> = some.iter().map(|seq| Cell::from(*seq)).collect();
            let idle: Vec<(i64, String, String, String, String, String)> = self.tx.all(&sql, &values).await?;
            for (seq, case, document, evidence, nip, status) in idle {
                let why = if status == "resolved" { WaiverEnd::Gone } else { WaiverEnd::Evidence };
                if why == WaiverEnd::Evidence && self.tx.evidence_of(&self.period, &nip, &case).await? == evidence {
                    continue;
                }
                self.end(seq, &case, &document, self.as_of, why).await?;
            }
        }
        Ok(())
    }

    async fn end(&mut self, seq: i64, case: &str, document: &str, at: i64, why: WaiverEnd) -> Result<()> {
        const SQL: &str = "/* end */ UPDATE waiver SET ended_at = $1, ended_why = $2 WHERE seq = $3 AND ended_at IS NULL";
        self.tx.run(SQL, values![at, why.key(), seq]).await?;
        self.tell(case, "waiver_lapsed", &json!({"document": document, "why": why.key()})).await
    }

    /// Adds a line, after which no form that was open before is believed.
    async fn tell(&mut self, case: &str, what: &str, detail: &serde_json::Value) -> Result<()> {
        const SQL: &str = "/* tell */ UPDATE finding_case SET version = version + 1 WHERE id = $1";
        let now = DateTime::<Utc>::from_timestamp_micros(self.now).unwrap_or_default();
        self.tx.run(SQL, values![case]).await?;
        self.tx.add_event(case, now, "", what, detail).await
    }
}
