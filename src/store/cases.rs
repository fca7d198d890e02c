//! Cases: who works on a finding, until when, what excuses it, and its history. A case exists once somebody has acted;
//! whether its finding is there is the reconciliation's to say. This reads; `casework.rs` is what people do, `casebook.rs`
//! what a reconciliation adds.

use super::Result;
use super::Store;
use super::codec::At;
use super::tx::Cell;
use super::tx::LIST;
use super::tx::Tx;
use super::tx::list;
use super::tx::values;
use super::verdicts::FindingState;
use crate::domain::Code;
use crate::domain::Nip;
use crate::domain::Period;
use crate::domain::Waiver;
use chrono::DateTime;
use chrono::NaiveDate;
use chrono::Utc;
use std::collections::BTreeMap;

/// What people have said about a finding.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Case {
    /// Id of the finding.
    pub id: String,
    /// Account of whoever works on it; empty: nobody.
    pub owner: String,
    /// Until when it should be settled.
    pub deadline: Option<NaiveDate>,
    /// Rises with every change; 0: nobody has acted yet.
    pub version: u64,
    /// What is asked for or in force; `None`: nothing is.
    pub waiver: Option<WaiverRecord>,
}

/// Where a waiver stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum WaiverStage {
    /// Nobody has decided yet.
    Waiting,
    /// A second person has approved it.
    Approved,
    /// A second person has said no.
    Refused,
}

/// Why a waiver is over.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum WaiverEnd {
    /// Somebody took it back.
    Withdrawn,
    /// The evidence behind the finding is another one.
    Evidence,
    /// Its last day has passed.
    Expired,
    /// The finding is gone.
    Gone,
}

/// A waiver as it was asked for, and what became of it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct WaiverRecord {
    /// Why.
    pub reason: String,
    /// Number of the document that allows it.
    pub document: String,
    /// Its last day.
    pub until: NaiveDate,
    /// The first instant at which it holds no longer.
    pub ends_at: DateTime<Utc>,
    /// Hash of the evidence that it excuses.
    pub evidence: String,
    /// Account that asked.
    pub asked_by: String,
    /// When.
    pub asked_at: DateTime<Utc>,
    /// Where it stands.
    pub stage: WaiverStage,
    /// Account that decided; empty: none yet.
    pub decided_by: String,
    /// When.
    pub decided_at: Option<DateTime<Utc>>,
    /// Since when, and why, it is over.
    pub ended: Option<(DateTime<Utc>, WaiverEnd)>,
}

impl WaiverRecord {
    /// Whether it waits for a second person.
    pub fn is_waiting(&self) -> bool {
        self.stage == WaiverStage::Waiting && self.ended.is_none()
    }

    /// Whether it is approved and nothing has ended it.
    pub fn is_in_force(&self, now: DateTime<Utc>) -> bool {
        self.stage == WaiverStage::Approved && self.ended.is_none() && now < self.ends_at
    }
}

/// One line of a history.
#[derive(Debug, Clone, PartialEq)]
pub struct CaseEvent {
    /// When.
    pub at: DateTime<Utc>,
    /// Account; empty: a reconciliation.
    pub account: String,
    /// What, as a stable key.
    pub what: String,
    /// What else belongs to it.
    pub detail: serde_json::Value,
}

/// Everything about one finding that stands in the store beside its verdict.
#[derive(Debug, Clone, PartialEq)]
pub struct CaseFile {
    /// The life of the finding.
    pub state: FindingState,
    /// What people have said.
    pub case: Case,
    /// Its history, oldest first.
    pub events: Vec<CaseEvent>,
}

/// Which cases somebody looks for.
#[derive(Debug, Clone, PartialEq, Eq)]
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
    /// A condition on a case `k` and the state `f` of its finding, and the text that its `?` stands for. That of
    /// [`CaseFilter::Unassigned`] says who is *not* meant.
    pub(super) fn condition(&self) -> (&'static str, Option<String>) {
        match self {
            Self::Mine(account) => ("f.status = 'open' AND k.owner = ?", Some(account.clone())),
            // Turned round: those of whose open findings none is left that nobody works on.
            Self::Unassigned => (
                "f.status = 'open' AND k.owner <> '' AND NOT EXISTS (SELECT 1 FROM finding_state g WHERE g.period = k.period
                    AND g.nip = k.nip AND g.status = 'open' AND g.code = k.code
                    AND NOT EXISTS (SELECT 1 FROM finding_case h WHERE h.id = g.id AND h.owner <> ''))",
                None,
            ),
            Self::Overdue(day) => ("f.status = 'open' AND k.deadline <> '' AND k.deadline < ?", Some(day.to_string())),
            Self::Waiting(account) => (
                "f.status = 'open' AND EXISTS (SELECT 1 FROM waiver w WHERE w.case_id = k.id AND w.decision = 'waiting'
                    AND w.ended_at IS NULL AND w.asked_by <> ?)",
                Some(account.clone()),
            ),
            Self::Waived => ("f.status = 'waived'", None),
        }
    }
}

/// People of one unit under one superior with cases of one code.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CaseGroup {
    /// Code.
    pub code: Code,
    /// Superior's NIP as the verdicts name it; empty: none.
    pub superior: String,
    /// Unit code; empty: none.
    pub unit: String,
    /// People.
    pub heads: u64,
    /// What hangs on their open findings of the code.
    pub risk: i64,
}

pub(super) type WaiverRow = (String, String, String, String, i64, String, String, i64, String, String, Option<i64>, Option<i64>, String);
pub(super) const WAIVER: &str = "w.case_id, w.reason, w.document, w.until, w.ends_at, w.evidence, w.asked_by, w.asked_at, w.decision,
    w.decided_by, w.decided_at, w.ended_at, w.ended_why";

pub(super) fn waiver(row: WaiverRow) -> Result<(String, WaiverRecord)> {
    let (case, reason, document, until, ends_at, evidence, asked_by, asked_at, decision, decided_by, decided_at, ended_at, why) = row;
    let at = At { table: "waiver", id: case.as_str() };
    let end = |ended| -> Result<(DateTime<Utc>, WaiverEnd)> {
        Ok((at.time("ended_at", ended)?, at.word("ended_why", &why, WaiverEnd::from_key)?))
    };
    let record = WaiverRecord {
        until: at.word("until", &until, |text| text.parse().ok())?,
        ends_at: at.time("ends_at", ends_at)?,
        asked_at: at.time("asked_at", asked_at)?,
        stage: at.word("decision", &decision, WaiverStage::from_key)?,
        decided_at: decided_at.map(|decided| at.time("decided_at", decided)).transpose()?,
        ended: ended_at.map(end).transpose()?,
        reason,
        document,
        evidence,
        asked_by,
        decided_by,
    };
    Ok((case, record))
}

impl WaiverStage {
    fn from_key(key: &str) -> Option<Self> {
        [("waiting", Self::Waiting), ("approved", Self::Approved), ("refused", Self::Refused)]
            .into_iter()
            .find(|(known, _)| *known == key)
            .map(|(_, stage)| stage)
    }
}

impl WaiverEnd {
    const ALL: [(&'static str, Self); 4] =
        [("withdrawn", Self::Withdrawn), ("evidence", Self::Evidence), ("expired", Self::Expired), ("gone", Self::Gone)];

    /// The key in the store and in histories.
    pub fn key(self) -> &'static str {
        Self::ALL.into_iter().find(|(_, end)| *end == self).map_or("", |(key, _)| key)
    }

    /// The end with that key.
    pub fn from_key(key: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|(known, _)| *known == key).map(|(_, end)| end)
    }
}

type CaseRow = (String, String, String, i64);

fn case((id, owner, deadline, version): CaseRow) -> Result<Case> {
    let at = At { table: "finding_case", id: id.as_str() };
    let deadline = if deadline.is_empty() { None } else { Some(at.word("deadline", &deadline, |text| text.parse().ok())?) };
    Ok(Case { deadline, version: at.count("version", version)?, waiver: None, owner, id })
}

impl Store {
    /// The life and the history of a finding; `None`: no reconciliation has named it.
    ///
    /// # Errors
    /// When the store fails or holds an unreadable row.
    pub async fn case_file(&self, period: Period, id: &str) -> Result<Option<CaseFile>> {
        const EVENTS: &str = "/* case_file */ SELECT at, account, what, detail FROM case_event WHERE case_id = $1 ORDER BY seq";
        let period = period.to_string();
        let mut tx = self.pool.read().await?;
        let Some(state) = tx.state_of_finding(&period, id).await? else { return Ok(None) };
        let case = tx.case(id).await?;
        let rows: Vec<(i64, String, String, String)> = tx.all(EVENTS, values![id]).await?;
        tx.commit().await?;
        let at = At { table: "case_event", id };
        let event = |(time, account, what, detail): (i64, String, String, String)| {
            Ok(CaseEvent { at: at.time("at", time)?, detail: at.json("detail", &detail)?, account, what })
        };
        Ok(Some(CaseFile { state, case, events: rows.into_iter().map(event).collect::<Result<_>>()? }))
    }

    /// The cases of a code about these people, by id of the finding; whoever has none is left out.
    ///
    /// # Errors
    /// When the store fails or holds an unreadable row.
    pub async fn cases_of(&self, period: Period, code: Code, nips: &[Nip]) -> Result<BTreeMap<String, Case>> {
        let period = period.to_string();
        let mut known = BTreeMap::new();
        let mut tx = self.pool.read().await?;
        for some in nips.chunks(LIST) {
            let members = list(3, some.len());
            let mut values = vec![Cell::from(&period), Cell::from(code.code())];
            values.extend(some.iter().map(|nip| Cell::from(nip.as_str())));
            let sql = format!(
                "/* cases_of */ SELECT id, owner, deadline, version FROM finding_case WHERE period = $1 AND code = $2 AND nip IN ({members}) ORDER BY id"
            );
            for row in tx.all::<CaseRow>(&sql, &values).await? {
                let case = case(row)?;
                known.insert(case.id.clone(), case);
            }
            let sql = format!(
                "/* cases_of */ SELECT {WAIVER} FROM waiver w JOIN finding_case k ON k.id = w.case_id
                WHERE k.period = $1 AND k.code = $2 AND k.nip IN ({members}) AND w.ended_at IS NULL AND w.decision <> 'refused' ORDER BY w.seq"
            );
            for row in tx.all::<WaiverRow>(&sql, &values).await? {
                let (id, waiver) = waiver(row)?;
                if let Some(case) = known.get_mut(&id) {
                    case.waiver = Some(waiver);
                }
            }
        }
        tx.commit().await?;
        Ok(known)
    }

    /// Cases of the period that somebody works on, or that have a deadline: id, account, day.
    ///
    /// # Errors
    /// When the store fails or holds an unreadable row.
    pub async fn cases_in_charge(&self, period: Period) -> Result<Vec<(String, String, Option<NaiveDate>)>> {
        const SQL: &str = "/* cases_in_charge */ SELECT id, owner, deadline, version FROM finding_case
            WHERE period = $1 AND (owner <> '' OR deadline <> '') ORDER BY id";
        let mut tx = self.pool.read().await?;
        let rows: Vec<CaseRow> = tx.all(SQL, values![&period.to_string()]).await?;
        tx.commit().await?;
        let cases = rows.into_iter().map(case).collect::<Result<Vec<Case>>>()?;
        Ok(cases.into_iter().map(|case| (case.id, case.owner, case.deadline)).collect())
    }

    /// People with cases that match, by code, superior and unit. Of [`CaseFilter::Unassigned`] those who *are* assigned:
    /// all others are more than there is any use in listing here.
    ///
    /// # Errors
    /// When the store fails or holds an unreadable row.
    pub async fn case_groups(&self, period: Period, filter: &CaseFilter) -> Result<Vec<CaseGroup>> {
        let (condition, text) = filter.condition();
        let period = period.to_string();
        let sql = format!(
            "/* case_groups */ SELECT q.code, l.superior, l.unit, COUNT(*), CAST(COALESCE(SUM(c.risk), 0) AS BIGINT)
            FROM (SELECT DISTINCT k.nip, k.code FROM finding_case k JOIN finding_state f ON f.period = k.period AND f.id = k.id
                    WHERE k.period = $1 AND {}) q
                JOIN listed l ON l.period = $2 AND l.nip = q.nip
                LEFT JOIN listed_code c ON c.period = $3 AND c.nip = q.nip AND c.code = q.code
            GROUP BY 1, 2, 3 ORDER BY 1, 2, 3",
            condition.replace('?', "$4")
        );
        let mut values = vec![Cell::from(&period), Cell::from(&period), Cell::from(&period)];
        values.extend(text.as_ref().map(Cell::from));
        let mut tx = self.pool.read().await?;
        let rows: Vec<(String, String, String, i64, i64)> = tx.all(&sql, &values).await?;
        tx.commit().await?;
        let group = |(code, superior, unit, heads, risk): (String, String, String, i64, i64)| {
            let at = At { table: "finding_case", id: code.as_str() };
            Ok(CaseGroup { code: at.word("code", &code, Code::from_text)?, heads: at.count("count", heads)?, superior, unit, risk })
        };
        rows.into_iter().map(group).collect()
    }

    /// The waivers that hold at an instant, with their numbers and the people whom they are about (`None`: a whole file);
    /// of one finding the newest. Whether the evidence is still what each excuses, the evaluation says.
    ///
    /// # Errors
    /// When the store fails or holds an unreadable row.
    pub async fn waivers_in_force(&self, period: Period, as_of: DateTime<Utc>) -> Result<Vec<(i64, Option<Nip>, Waiver)>> {
        const SQL: &str = "/* waivers_in_force */ SELECT w.seq, w.nip, w.case_id, w.evidence, w.document, w.until, w.ends_at FROM waiver w
            WHERE w.period = $1 AND w.decision = 'approved' AND w.decided_at <= $2 AND w.ends_at > $3
                AND (w.ended_at IS NULL OR w.ended_at > $4) ORDER BY w.seq";
        let (period, at) = (period.to_string(), as_of.timestamp_micros());
        let mut tx = self.pool.read().await?;
        let rows: Vec<(i64, String, String, String, String, String, i64)> = tx.all(SQL, values![&period, at, at, at]).await?;
        tx.commit().await?;
        let mut newest = BTreeMap::new();
        for (seq, nip, finding, evidence, document, until, ends_at) in rows {
            let at = At { table: "waiver", id: finding.as_str() };
            let until = at.word("until", &until, |text| text.parse().ok())?;
            let (nip, ends_at) = (at.maybe_nip(&nip)?, at.time("ends_at", ends_at)?);
            newest.insert(finding.clone(), (seq, nip, Waiver { finding, evidence, document, until, ends_at }));
        }
        Ok(newest.into_values().collect())
    }

    /// Everybody of the period about whom a waiver was ever approved: with the next reconciliation it may begin or end.
    ///
    /// # Errors
    /// When the store fails or holds an unreadable row.
    pub async fn ever_waived(&self, period: Period) -> Result<Vec<Nip>> {
        const SQL: &str = "/* ever_waived */ SELECT DISTINCT nip FROM waiver
            WHERE period = $1 AND decision = 'approved' AND nip <> '' ORDER BY nip";
        let period = period.to_string();
        let mut tx = self.pool.read().await?;
        let rows: Vec<(String,)> = tx.all(SQL, values![&period]).await?;
        tx.commit().await?;
        rows.into_iter().map(|(nip,)| At { table: "waiver", id: period.as_str() }.nip(&nip)).collect()
    }
}

impl Tx {
    /// What people have said about a finding; nothing yet: an empty case of version 0.
    pub(super) async fn case(&mut self, id: &str) -> Result<Case> {
        const SQL: &str = "/* case */ SELECT id, owner, deadline, version FROM finding_case WHERE id = $1";
        let waivers = format!("/* case */ SELECT {WAIVER} FROM waiver w WHERE w.case_id = $1 ORDER BY w.seq DESC LIMIT 1");
        let Some(row) = self.maybe(SQL, values![id]).await? else { return Ok(Case { id: id.to_owned(), ..Case::default() }) };
        let newest: Option<WaiverRow> = self.maybe(&waivers, values![id]).await?;
        let newest = newest.map(waiver).transpose()?.map(|(_, waiver)| waiver);
        let current = newest.filter(|waiver| waiver.ended.is_none() && waiver.stage != WaiverStage::Refused);
        Ok(Case { waiver: current, ..case(row)? })
    }
}
