//! Which cases each view of the inbox has: rows that follow from cases, findings and waivers, told anew about a person in
//! the transaction that changes one of theirs, so that a page costs the groups that it shows and not all cases.

use super::Result;
use super::Store;
use super::cases::Case;
use super::codec::At;
use super::reconciliation::Saving;
use super::tx::Cell;
use super::tx::LIST;
use super::tx::Tx;
use super::tx::list;
use super::tx::values;
use crate::domain::Code;
use crate::domain::Period;
use chrono::NaiveDate;

/// Which cases somebody looks for.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub enum CaseFilter {
    /// Open ones of this account.
    Mine(String),
    /// Open ones that nobody works on.
    Unassigned,
    /// Open ones whose deadline lies before this day.
    Overdue(NaiveDate),
    /// Open ones with a waiver that waits for somebody else than this account.
    Waiting(String),
    /// Findings that a waiver excuses.
    Waived,
}

impl CaseFilter {
    /// The view of table `case_view`, and how its word compares with which text: of each person and code at most one row
    /// matches. That of [`CaseFilter::Unassigned`] says who is *not* meant.
    pub(super) fn view(&self) -> (&'static str, &'static str, String) {
        match self {
            Self::Mine(account) => ("owner", "=", account.clone()),
            Self::Unassigned => ("taken", "=", String::new()),
            Self::Overdue(day) => ("due", "<", day.to_string()),
            Self::Waiting(account) => ("waiting", "<>", account.clone()),
            Self::Waived => ("waived", "=", String::new()),
        }
    }

    /// Whether a finding about a whole file has such a case: those are in no view of people.
    pub fn holds(&self, case: Option<&Case>, is_open: bool) -> bool {
        let of_case = |holds: &dyn Fn(&Case) -> bool| is_open && case.is_some_and(holds);
        match self {
            Self::Mine(account) => of_case(&|case| case.owner == *account),
            Self::Unassigned => is_open && case.is_none_or(|case| case.owner.is_empty()),
            Self::Overdue(day) => of_case(&|case| case.deadline.is_some_and(|deadline| deadline < *day)),
            Self::Waiting(account) => {
                of_case(&|case| case.waiver.as_ref().is_some_and(|waiver| waiver.is_waiting() && waiver.asked_by != *account))
            }
            Self::Waived => !is_open,
        }
    }

    /// How a finding `f` is joined with its case `k`, and a condition on both; its `?` stands for [`CaseFilter::text`].
    pub(super) fn of_one(&self) -> [&'static str; 2] {
        const CASE: &str = "JOIN finding_case k ON k.period = f.period AND k.id = f.id";
        match self {
            Self::Mine(_) => [CASE, "f.status = 'open' AND k.owner = ?"],
            // Nobody works on a finding of which there is no case either.
            Self::Unassigned => ["LEFT JOIN finding_case k ON k.id = f.id", "f.status = 'open' AND COALESCE(k.owner, '') = ''"],
            Self::Overdue(_) => [CASE, "f.status = 'open' AND k.deadline <> '' AND k.deadline < ?"],
            Self::Waiting(_) => [
                CASE,
                "f.status = 'open' AND EXISTS (SELECT 1 FROM waiver w WHERE w.case_id = k.id AND w.decision = 'waiting'
                    AND w.ended_at IS NULL AND w.asked_by <> ?)",
            ],
            Self::Waived => ["", "f.status = 'waived'"],
        }
    }

    /// The text that a `?` stands for.
    pub(super) fn text(&self) -> Option<String> {
        match self {
            Self::Mine(account) | Self::Waiting(account) => Some(account.clone()),
            Self::Overdue(day) => Some(day.to_string()),
            Self::Unassigned | Self::Waived => None,
        }
    }
}

/// People under one superior, of one unit if that is asked for, with cases of one code.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CaseGroup {
    /// Code.
    pub code: Code,
    /// Superior's NIP as the verdicts name it; empty: none.
    pub superior: String,
    /// Unit code; empty: none, or not asked for.
    pub unit: String,
    /// People.
    pub heads: u64,
    /// What hangs on their open findings of the code.
    pub risk: i64,
}

impl Store {
    /// People with cases that match, by code and superior and, if wanted, by unit. Of [`CaseFilter::Unassigned`] those who *are* assigned:
    /// all others are more than there is any use in listing here.
    ///
    /// # Errors
    /// When the store fails or holds an unreadable row.
    pub async fn case_groups(&self, period: Period, filter: &CaseFilter, by_unit: bool) -> Result<Vec<CaseGroup>> {
        let (view, compares, word) = filter.view();
        let (period, unit) = (period.to_string(), if by_unit { "unit" } else { "''" });
        let sql = format!(
            "/* case_groups */ SELECT code, superior, {unit}, COUNT(*), CAST(SUM(risk) AS BIGINT) FROM case_view
            WHERE period = $1 AND view = $2 AND word {compares} $3 GROUP BY 1, 2, 3 ORDER BY 1, 2, 3"
        );
        let mut tx = self.pool.read().await?;
        let rows: Vec<(String, String, String, i64, i64)> = tx.all(&sql, values![&period, view, &word]).await?;
        tx.commit().await?;
        let group = |(code, superior, unit, heads, risk): (String, String, String, i64, i64)| {
            let at = At { table: "case_view", id: code.as_str() };
            Ok(CaseGroup { code: at.word("code", &code, Code::from_text)?, heads: at.count("count", heads)?, superior, unit, risk })
        };
        rows.into_iter().map(group).collect()
    }

    /// Moves with everything that can change a view of the inbox: a deed, a reconciliation.
    ///
    /// # Errors
    /// When the store fails.
    pub async fn case_version(&self, period: Period) -> Result<(String, i64)> {
        const TURNS: &str = "/* case_version */ SELECT turns FROM latch WHERE name = $1";
        let period = period.to_string();
        let mut tx = self.pool.read().await?;
        let stamp = tx.stamp(&period).await?;
        let turns: Option<(i64,)> = tx.maybe(TURNS, values![&latch(&period)]).await?;
        tx.commit().await?;
        Ok((stamp, turns.map_or(0, |(turns,)| turns)))
    }
}

impl Saving {
    /// Tells the views anew of everybody with a case of whom the run has written anything. From before it wrote the first
    /// line into a history nobody else may have worked on a case.
    pub(super) async fn view_cases_again(&mut self, run: Option<i64>) -> Result<()> {
        const WRITTEN: &str = "/* view_cases_again */ SELECT DISTINCT k.nip FROM finding_case k
            JOIN finding_state f ON f.period = k.period AND f.id = k.id
            WHERE k.period = $1 AND k.nip <> '' AND (f.named_by = $2 OR f.run = $3) ORDER BY k.nip";
        let mut nips = std::mem::take(&mut self.told_about);
        if let Some(run) = run {
            let written: Vec<(String,)> = self.tx.all(WRITTEN, values![&self.period, run, run]).await?;
            nips.extend(written.into_iter().map(|(nip,)| nip));
        }
        nips.sort_unstable();
        nips.dedup();
        self.tx.view_cases(&self.period, &nips.iter().map(String::as_str).collect::<Vec<_>>()).await
    }
}

impl Tx {
    /// Waits for whoever works on cases of the period or ends a reconciliation of it, and keeps others from it until the
    /// end of the transaction: each must see what the other has done before the views are told anew.
    pub(super) async fn alone_with_cases(&mut self, period: &str) -> Result<()> {
        self.alone_on(&latch(period)).await
    }

    /// Tells the views of these people anew: after their cases, findings and rows of the list stand.
    pub(super) async fn view_cases(&mut self, period: &str, nips: &[&str]) -> Result<()> {
        for some in nips.chunks(LIST) {
            let members = list(2, some.len());
            let mut values = vec![Cell::from(period)];
            values.extend(some.iter().map(|nip| Cell::from(*nip)));
            self.run(&format!("/* view_cases */ DELETE FROM case_view WHERE period = $1 AND nip IN ({members})"), &values).await?;
            self.run(&told_anew(&members), &values).await?;
        }
        Ok(())
    }
}

/// What whoever changes a view of the period takes; it counts them in the order in which they are committed.
fn latch(period: &str) -> String {
    format!("cases {period}")
}

/// The rows of `$1`, the period, and these people. Findings about whole files are nobody's.
fn told_anew(members: &str) -> String {
    format!(
        "/* view_cases */ INSERT INTO case_view (period, view, word, code, nip, superior, unit, risk, by_risk)
        WITH c AS (SELECT k.period, k.id, k.code, k.nip, k.owner, k.deadline, f.status FROM finding_case k
                JOIN finding_state f ON f.period = k.period AND f.id = k.id
                WHERE k.period = $1 AND k.nip IN ({members}) AND f.status <> 'resolved'),
            v AS (SELECT 'owner' AS view, owner AS word, period, code, nip FROM c WHERE status = 'open' AND owner <> ''
                    GROUP BY period, code, nip, owner
                UNION ALL SELECT 'due', MIN(deadline), period, code, nip FROM c WHERE status = 'open' AND deadline <> ''
                    GROUP BY period, code, nip
                UNION ALL SELECT 'taken', '', period, code, nip FROM c WHERE status = 'open' AND owner <> '' GROUP BY period, code, nip
                    HAVING COUNT(*) = (SELECT COUNT(*) FROM finding_state g
                        WHERE g.period = c.period AND g.nip = c.nip AND g.code = c.code AND g.status = 'open')
                UNION ALL SELECT 'waiting', CASE WHEN MIN(w.asked_by) = MAX(w.asked_by) THEN MIN(w.asked_by) ELSE '' END,
                        c.period, c.code, c.nip FROM c
                    JOIN waiver w ON w.case_id = c.id AND w.decision = 'waiting' AND w.ended_at IS NULL
                    WHERE c.status = 'open' GROUP BY c.period, c.code, c.nip
                UNION ALL SELECT 'waived', '', period, code, nip FROM c WHERE status = 'waived' GROUP BY period, code, nip)
        SELECT v.period, v.view, v.word, v.code, v.nip, l.superior, l.unit, COALESCE(o.risk, 0), COALESCE(o.by_risk, l.by_risk)
        FROM v JOIN listed l ON l.period = v.period AND l.nip = v.nip
            LEFT JOIN listed_code o ON o.period = v.period AND o.nip = v.nip AND o.code = v.code"
    )
}
