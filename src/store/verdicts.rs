//! Reading what was concluded: verdicts person by person, and the states of findings.

use super::Result;
use super::Store;
use super::codec::At;
use super::tx::Cell;
use super::tx::LIST;
use super::tx::Tx;
use super::tx::list;
use super::tx::values;
use crate::domain::Code;
use crate::domain::Finding;
use crate::domain::Nip;
use crate::domain::Period;
use crate::domain::Severity;
use crate::domain::Verdict;
use chrono::DateTime;
use chrono::Utc;
use std::collections::VecDeque;

/// Verdicts of one page; one with its derivation is some kilobytes.
const PAGE: usize = 500;

/// Where a finding is in its life.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum FindingStatus {
    /// First named by the last run that changed anything.
    New,
    /// Named before.
    Persisting,
    /// Gone.
    Resolved,
    /// There, and excused by a waiver.
    Waived,
}

impl FindingStatus {
    /// The key in JSON and the store.
    pub fn key(self) -> &'static str {
        match self {
            Self::New => "new",
            Self::Persisting => "persisting",
            Self::Resolved => "resolved",
            Self::Waived => "waived",
        }
    }

    /// The status with that key.
    pub fn from_key(key: &str) -> Option<Self> {
        [Self::New, Self::Persisting, Self::Resolved, Self::Waived].into_iter().find(|status| status.key() == key)
    }
}

/// The life of one finding.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FindingState {
    /// Stable id ([`crate::domain::Finding::stable_id`]).
    pub id: String,
    /// About whom; `None`: a whole file.
    pub nip: Option<Nip>,
    /// Code.
    pub code: Code,
    /// Subject.
    pub subject: String,
    /// Severity when it was last named.
    pub severity: Severity,
    /// Where it is in its life.
    pub status: FindingStatus,
    /// The instant (`as_of`) of the run that opened it; a finding that comes back is opened anew.
    pub first_seen: DateTime<Utc>,
    /// The instant of the last run while it was open.
    pub last_seen: DateTime<Utc>,
    /// The run that opened or, when resolved, resolved it.
    pub run: String,
}

/// Verdicts in the order of NIP; it reads one state of the store, however long that takes.
pub struct VerdictReader {
    tx: Tx,
    period: String,
    nips: Option<VecDeque<Nip>>,
    after: String,
    page: VecDeque<Verdict>,
    at_end: bool,
}

impl Store {
    /// Starts to read the verdicts of the period, of these people or of everybody.
    ///
    /// # Errors
    /// When the store fails.
    pub async fn verdicts(&self, period: Period, nips: Option<&[Nip]>) -> Result<VerdictReader> {
        let nips = nips.map(|nips| {
            let mut nips = nips.to_vec();
            nips.sort_unstable();
            nips.dedup();
            VecDeque::from(nips)
        });
        let tx = self.pool.read().await?;
        Ok(VerdictReader { tx, period: period.to_string(), nips, after: String::new(), page: VecDeque::new(), at_end: false })
    }

    /// The states of all findings of the period, by NIP (those about files first), code and subject.
    ///
    /// # Errors
    /// When the store fails or holds an unreadable row.
    pub async fn finding_states(&self, period: Period) -> Result<Vec<FindingState>> {
        let sql = format!(
            "/* finding_states */ SELECT {STATE} FROM finding_state f JOIN reconcile_run r ON r.seq = f.run
                JOIN reconcile_run n ON n.seq = (SELECT MAX(m.seq) FROM reconcile_run m WHERE m.period = $1)
            WHERE f.period = $2 ORDER BY f.nip, f.code, f.subject, f.id"
        );
        let mut tx = self.pool.read().await?;
        let period = period.to_string();
        let rows: Vec<StateRow> = tx.all(&sql, values![&period, &period]).await?;
        tx.commit().await?;
        rows.into_iter().map(finding_state).collect()
    }

    /// The states of everything that was ever found about a person in the period, by code and subject.
    ///
    /// # Errors
    /// When the store fails or holds an unreadable row.
    pub async fn finding_states_of(&self, period: Period, nip: Nip) -> Result<Vec<FindingState>> {
        let sql = format!(
            "/* finding_states_of */ SELECT {STATE} FROM finding_state f JOIN reconcile_run r ON r.seq = f.run
                JOIN reconcile_run n ON n.seq = (SELECT MAX(m.seq) FROM reconcile_run m WHERE m.period = $1)
            WHERE f.period = $2 AND f.nip = $3 ORDER BY f.code, f.subject, f.id"
        );
        let mut tx = self.pool.read().await?;
        let period = period.to_string();
        let rows: Vec<StateRow> = tx.all(&sql, values![&period, &period, nip.as_str()]).await?;
        tx.commit().await?;
        rows.into_iter().map(finding_state).collect()
    }

    /// How many findings of the period are open, by code and severity.
    ///
    /// # Errors
    /// When the store fails or holds an unreadable row.
    pub async fn open_findings(&self, period: Period) -> Result<Vec<(Code, Severity, u64)>> {
        const SQL: &str = "/* open_findings */ SELECT code, severity, COUNT(*) FROM finding_state
            WHERE period = $1 AND status = 'open' GROUP BY code, severity ORDER BY code, severity";
        let period = period.to_string();
        let mut tx = self.pool.read().await?;
        let rows: Vec<(String, String, i64)> = tx.all(SQL, values![&period]).await?;
        tx.commit().await?;
        let at = At { table: "finding_state", id: period.as_str() };
        let row = |(code, severity, count): (String, String, i64)| {
            Ok((at.word("code", &code, Code::from_text)?, at.word("severity", &severity, severity_of)?, at.count("count", count)?))
        };
        rows.into_iter().map(row).collect()
    }
}

pub(super) fn severity_of(key: &str) -> Option<Severity> {
    [Severity::Block, Severity::Amount, Severity::Info].into_iter().find(|severity| severity.key() == key)
}

/// What is read of a finding `f` that run `r` opened or resolved, when `n` is the newest run of its period.
pub(super) const STATE: &str = "f.id, f.nip, f.code, f.subject, f.severity,
    CASE WHEN f.status <> 'open' THEN f.status WHEN f.run = n.seq THEN 'new' ELSE 'persisting' END,
    f.first_seen, CASE WHEN f.status = 'resolved' THEN f.last_seen ELSE n.as_of END, r.id";

impl Tx {
    /// The life of one finding.
    pub(super) async fn state_of_finding(&mut self, period: &str, id: &str) -> Result<Option<FindingState>> {
        let sql = format!(
            "/* state_of_finding */ SELECT {STATE} FROM finding_state f JOIN reconcile_run r ON r.seq = f.run
                JOIN reconcile_run n ON n.seq = (SELECT MAX(m.seq) FROM reconcile_run m WHERE m.period = $1)
            WHERE f.period = $2 AND f.id = $3"
        );
        self.maybe(&sql, values![period, period, id]).await?.map(finding_state).transpose()
    }

    /// The verdict of one person; `None`: there is none.
    pub(super) async fn verdict_of(&mut self, period: &str, nip: &str) -> Result<Option<Verdict>> {
        const SQL: &str = "/* verdict_of */ SELECT body FROM verdict WHERE period = $1 AND nip = $2";
        let row: Option<(String,)> = self.maybe(SQL, values![period, nip]).await?;
        row.map(|(body,)| At { table: "verdict", id: period }.json("body", &body)).transpose()
    }

    /// Hash of the evidence behind a finding about a whole file, as the last reconciliation saw it; empty: it is gone.
    pub(super) async fn evidence_of_file(&mut self, period: &str, finding: &str) -> Result<String> {
        const SQL: &str = "/* evidence_of_file */ SELECT file_findings FROM reconcile_run WHERE period = $1 ORDER BY seq DESC LIMIT 1";
        let row: Option<(String,)> = self.maybe(SQL, values![period]).await?;
        let Some((findings,)) = row else { return Ok(String::new()) };
        let findings: Vec<Finding> = At { table: "reconcile_run", id: period }.json("file_findings", &findings)?;
        Ok(findings.iter().find(|known| known.id == finding).map(Finding::evidence_hash).unwrap_or_default())
    }

    /// Hash of the evidence behind a finding about somebody, as the last reconciliation saw it; empty: it is gone.
    pub(super) async fn evidence_of(&mut self, period: &str, nip: &str, finding: &str) -> Result<String> {
        let verdict = self.verdict_of(period, nip).await?;
        let finding = verdict.and_then(|verdict| verdict.findings.into_iter().find(|known| known.id == finding));
        Ok(finding.map(|finding| finding.evidence_hash()).unwrap_or_default())
    }
}

type StateRow = (String, String, String, String, String, String, i64, i64, String);

pub(super) fn finding_state((id, nip, code, subject, severity, status, first_seen, last_seen, run): StateRow) -> Result<FindingState> {
    let at = At { table: "finding_state", id: id.as_str() };
    Ok(FindingState {
        nip: at.maybe_nip(&nip)?,
        code: at.word("code", &code, Code::from_text)?,
        severity: at.word("severity", &severity, severity_of)?,
        status: at.word("status", &status, FindingStatus::from_key)?,
        first_seen: at.time("first_seen", first_seen)?,
        last_seen: at.time("last_seen", last_seen)?,
        subject,
        run,
        id,
    })
}

impl VerdictReader {
    /// The next verdict; `None` at the end.
    ///
    /// # Errors
    /// When the store fails or holds an unreadable row.
    pub async fn next(&mut self) -> Result<Option<Verdict>> {
        while self.page.is_empty() && !self.at_end {
            self.turn_page().await?;
        }
        Ok(self.page.pop_front())
    }

    /// Everything that is left; only for few people.
    ///
    /// # Errors
    /// When the store fails or holds an unreadable row.
    pub async fn all(mut self) -> Result<Vec<Verdict>> {
        let mut all = Vec::new();
        while let Some(next) = self.next().await? {
            all.push(next);
        }
        Ok(all)
    }

    async fn turn_page(&mut self) -> Result<()> {
        let rows: Vec<(String, String)> = match &mut self.nips {
            None => {
                let sql = format!("/* verdicts */ SELECT nip, body FROM verdict WHERE period = $1 AND nip > $2 ORDER BY nip LIMIT {PAGE}");
                let rows: Vec<(String, String)> = self.tx.all(&sql, values![&self.period, &self.after]).await?;
                self.at_end = rows.len() < PAGE;
                rows
            }
            Some(nips) => {
                let some: Vec<Nip> = nips.drain(..nips.len().min(LIST)).collect();
                self.at_end = nips.is_empty();
                if some.is_empty() {
                    return Ok(());
                }
                let members = list(2, some.len());
                let sql = format!("/* verdicts */ SELECT nip, body FROM verdict WHERE period = $1 AND nip IN ({members}) ORDER BY nip");
                let mut values = vec![Cell::from(&self.period)];
                values.extend(some.iter().map(|nip| Cell::from(nip.as_str())));
                self.tx.all(&sql, &values).await?
            }
        };
        for (nip, body) in &rows {
            let key = format!("{} {}", self.period, crate::domain::nip::mask(nip));
            let verdict: Verdict = At { table: "verdict", id: key.as_str() }.json("body", body)?;
            self.page.push_back(verdict);
        }
        if let Some((last, _)) = rows.into_iter().next_back() {
            self.after = last;
        }
        Ok(())
    }
}
