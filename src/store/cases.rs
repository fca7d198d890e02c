//! Cases: who works on a finding, until when, what excuses it, and its history. A case exists once somebody has acted;
//! whether its finding is there is the reconciliation's to say. This reads; `casework.rs` is what people do, `casebook.rs`
//! what a reconciliation adds, `case_views.rs` which views of the inbox have it.

use super::Result;
use super::Store;
use super::codec::At;
use super::tx::Cell;
use super::tx::LIST;
use super::tx::Tx;
use super::tx::list;
use super::tx::values;
use super::verdicts::FindingState;
use super::waivers::WAIVER;
use super::waivers::WaiverRecord;
use super::waivers::WaiverRow;
use super::waivers::WaiverStage;
use super::waivers::waiver;
use crate::domain::Code;
use crate::domain::Nip;
use crate::domain::Period;
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
            let mut values = vec![Cell::from(&period), Cell::from(code.code())];
            values.extend(some.iter().map(|nip| Cell::from(nip.as_str())));
            let of_people = format!("k.period = $1 AND k.code = $2 AND k.nip IN ({})", list(3, some.len()));
            known.extend(tx.cases_where(&of_people, &values).await?);
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

    /// The cases of these findings, by id; one in which nobody has acted is left out.
    ///
    /// # Errors
    /// When the store fails or holds an unreadable row.
    pub async fn cases_named(&self, ids: &[&str]) -> Result<BTreeMap<String, Case>> {
        let mut known = BTreeMap::new();
        let mut tx = self.pool.read().await?;
        for some in ids.chunks(LIST) {
            let values: Vec<Cell<'_>> = some.iter().map(|id| Cell::from(*id)).collect();
            known.extend(tx.cases_where(&format!("k.id IN ({})", list(1, some.len())), &values).await?);
        }
        tx.commit().await?;
        Ok(known)
    }
}

impl Tx {
    /// The cases `k` of which that holds, with what is asked for or in force.
    async fn cases_where(&mut self, condition: &str, values: &[Cell<'_>]) -> Result<BTreeMap<String, Case>> {
        let mut known = BTreeMap::new();
        let cases =
            format!("/* cases_where */ SELECT k.id, k.owner, k.deadline, k.version FROM finding_case k WHERE {condition} ORDER BY k.id");
        for row in self.all::<CaseRow>(&cases, values).await? {
            let case = case(row)?;
            known.insert(case.id.clone(), case);
        }
        let waivers = format!(
            "/* cases_where */ SELECT {WAIVER} FROM waiver w JOIN finding_case k ON k.id = w.case_id
            WHERE {condition} AND w.ended_at IS NULL AND w.decision <> 'refused' ORDER BY w.seq"
        );
        for row in self.all::<WaiverRow>(&waivers, values).await? {
            let (id, waiver) = waiver(row)?;
            if let Some(case) = known.get_mut(&id) {
                case.waiver = Some(waiver);
            }
        }
        Ok(known)
    }

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
