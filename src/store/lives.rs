//! The life of findings: which a run opens, names again, and resolves. An open one is *new* while the run that opened it
//! is the newest that changed anything, and was last seen by the last run of its period: neither is written to its row,
//! so that a run costs what it changes.

use super::Result;
use super::reconciliation::Saved;
use super::reconciliation::Saving;
use super::tx::Cell;
use super::tx::LIST;
use super::tx::Tx;
use super::tx::list;
use super::tx::values;
use crate::domain::Finding;
use crate::domain::Nip;
use std::collections::BTreeMap;

impl Saving {
    pub(super) async fn name_findings(&mut self, run: i64, findings: impl IntoIterator<Item = &Finding>) -> Result<()> {
        let findings: BTreeMap<&str, &Finding> = findings.into_iter().map(|finding| (finding.id.as_str(), finding)).collect();
        self.tx
            .insert(
                "/* name_findings */ INSERT INTO finding_state (period, id, nip, code, subject, severity, status, first_seen, last_seen,
                    run, named_by) VALUES",
                "ON CONFLICT (period, id) DO UPDATE SET severity = excluded.severity, last_seen = excluded.last_seen, named_by = excluded.named_by,
                    status = excluded.status,
                    first_seen = CASE WHEN finding_state.status = 'resolved' THEN excluded.first_seen ELSE finding_state.first_seen END,
                    run = CASE WHEN finding_state.status = 'resolved' THEN excluded.run ELSE finding_state.run END",
                11,
                findings.values().map(|finding| {
                    vec![
                        Cell::from(&self.period),
                        Cell::from(&finding.id),
                        Cell::from(finding.nip.as_ref().map_or("", Nip::as_str)),
                        Cell::from(finding.code.code()),
                        Cell::from(&finding.subject),
                        Cell::from(finding.severity.key()),
                        Cell::from(if finding.is_open() { "open" } else { "waived" }),
                        Cell::from(self.as_of),
                        Cell::from(self.as_of),
                        Cell::from(run),
                        Cell::from(run),
                    ]
                }),
            )
            .await
    }

    /// Open findings of these people (`""`: of whole files) that this run did not name are resolved. They were last seen
    /// by the run before.
    pub(super) async fn resolve_unnamed(&mut self, run: i64, nips: Vec<&str>) -> Result<()> {
        let seen = self.latest.as_ref().map_or(self.as_of, |latest| latest.as_of);
        for some in nips.chunks(LIST) {
            let sql = format!(
                "/* resolve_unnamed */ UPDATE finding_state SET status = 'resolved', run = $1, last_seen = $2
                WHERE period = $3 AND status <> 'resolved' AND named_by <> $4 AND nip IN ({})",
                list(5, some.len())
            );
            let mut values = vec![Cell::from(run), Cell::from(seen), Cell::from(&self.period), Cell::from(run)];
            values.extend(some.iter().map(|nip| Cell::from(*nip)));
            self.tx.run(&sql, &values).await?;
        }
        Ok(())
    }
}

impl Tx {
    /// What the run did to the findings of the period: those that it opened, all others that are open, and those that it
    /// resolved. Whatever a waiver excuses is none of them.
    pub(super) async fn count_findings(&mut self, period: &str, run: i64) -> Result<Saved> {
        const OF_RUN: &str =
            "/* count_findings */ SELECT status, COUNT(*) FROM finding_state WHERE run = $1 GROUP BY status ORDER BY status";
        const OPEN: &str = "/* count_findings */ SELECT COUNT(*) FROM finding_state WHERE period = $1 AND status = 'open'";
        let rows: Vec<(String, i64)> = self.all(OF_RUN, values![run]).await?;
        let (open,): (i64,) = self.one(OPEN, values![period]).await?;
        let of = |wanted: &str| rows.iter().find(|(status, _)| status == wanted).map_or(0, |(_, count)| *count);
        let (new, resolved) = (of("open"), of("resolved"));
        let [new, persisting, resolved] = [new, open - new, resolved].map(i64::unsigned_abs);
        Ok(Saved { run: String::new(), changed: false, new, persisting, resolved })
    }
}
