//! What people do with cases. Each deed is one transaction: who may, whether the finding and its evidence are still what
//! the form showed, the change, its line in the history and its line in the audit log, for all findings or for none.

use super::Result;
use super::Store;
use super::audit::AuditEntry;
use super::cases::Case;
use super::codec::to_json;
use super::tx::Tx;
use super::tx::values;
use super::verdicts::FindingState;
use super::verdicts::FindingStatus;
use super::waivers::WaiverStage;
use crate::domain::Nip;
use crate::domain::Period;
use crate::domain::access::Right;
use crate::domain::access::Viewer;
use crate::domain::action;
use chrono::DateTime;
use chrono::NaiveDate;
use chrono::Utc;
use serde_json::json;

/// A finding as the form showed it.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct CaseTarget {
    /// Id of the finding.
    pub id: String,
    /// Version of its case; 0: none yet.
    pub version: u64,
    /// Hash of the evidence behind it.
    pub evidence: String,
}

/// A waiver that is asked for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NewWaiver {
    /// Why.
    pub reason: String,
    /// Number of the document that allows it.
    pub document: String,
    /// Its last day.
    pub until: NaiveDate,
    /// The first instant at which it holds no longer.
    pub ends_at: DateTime<Utc>,
}

/// What somebody does.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Deed {
    /// Gives it to this account; empty: to nobody.
    Assign(String),
    /// Sets or takes away the day until when it should be settled.
    Deadline(Option<NaiveDate>),
    /// Says something.
    Comment(String),
    /// Asks that the finding be excused.
    Ask(NewWaiver),
    /// Approves what somebody else has asked for.
    Approve,
    /// Says no to it, and why.
    Refuse(String),
    /// Takes back what was asked for or approved.
    Withdraw,
}

/// What became of it. Whatever is not done changed nothing.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Worked {
    /// Done, for so many findings.
    Done(usize),
    /// A case, a finding or its evidence is not what the form showed.
    Stale,
    /// The account is closed, may not work cases, or does not see somebody's unit.
    Forbidden,
    /// Whoever it is given to may not work it.
    NoOwner,
    /// The finding is gone.
    NotOpen,
    /// A waiver is asked for or in force already.
    HasWaiver,
    /// No waiver waits, or none is in force.
    NoWaiver,
    /// Nobody decides on what they have asked for.
    OwnWaiver,
    /// The evidence is another one than the waiver was asked for.
    OtherEvidence,
    /// Its last day has passed.
    Expired,
}

impl Deed {
    /// The key in histories.
    fn what(&self) -> &'static str {
        match self {
            Self::Assign(_) => "assigned",
            Self::Deadline(_) => "deadline",
            Self::Comment(_) => "comment",
            Self::Ask(_) | Self::Approve | Self::Refuse(_) | Self::Withdraw => self.action(),
        }
    }

    /// The key in the audit log.
    pub fn action(&self) -> &'static str {
        match self {
            Self::Assign(_) => action::CASE_ASSIGNED,
            Self::Deadline(_) => action::CASE_DEADLINE_SET,
            Self::Comment(_) => action::CASE_COMMENTED,
            Self::Ask(_) => action::WAIVER_ASKED,
            Self::Approve => action::WAIVER_APPROVED,
            Self::Refuse(_) => action::WAIVER_REFUSED,
            Self::Withdraw => action::WAIVER_WITHDRAWN,
        }
    }

    fn detail(&self, before: &Case) -> serde_json::Value {
        let document = before.waiver.as_ref().map(|waiver| waiver.document.as_str());
        match self {
            Self::Assign(owner) => json!({"owner": owner, "before": before.owner}),
            Self::Deadline(day) => json!({"day": day, "before": before.deadline}),
            Self::Comment(text) => json!({"text": text}),
            Self::Ask(new) => json!({"document": new.document, "until": new.until, "text": new.reason}),
            Self::Approve | Self::Withdraw => json!({"document": document}),
            Self::Refuse(why) => json!({"document": document, "text": why}),
        }
    }
}

/// Who does it, and from where.
struct Doer<'a> {
    viewer: Viewer,
    address: &'a str,
    now: DateTime<Utc>,
}

/// A finding with its case, as they stand now.
struct Now {
    state: FindingState,
    case: Case,
    /// Hash of the evidence behind the finding; empty: it is gone.
    evidence: String,
}

impl Store {
    /// Does something with these cases of the period, all or none.
    ///
    /// # Errors
    /// When the store fails or holds an unreadable row.
    pub async fn work(&self, period: Period, targets: &[CaseTarget], deed: &Deed, account: &str, address: &str) -> Result<Worked> {
        let mut tx = self.pool.write().await?;
        let of = period.to_string();
        tx.alone_with_cases(&of).await?;
        // It happens now, however long its turn was waited for: a reconciliation of before must not look as if it knew.
        let now = self.now();
        let Some(doer) = tx.account(account).await?.filter(|account| !account.disabled) else { return Ok(Worked::Forbidden) };
        let doer = Doer { viewer: doer.viewer(), address, now };
        if !doer.viewer.may(Right::WorkCases) {
            return Ok(Worked::Forbidden);
        }
        // In one order, so that two who work on the same cases never wait for each other.
        let mut targets = targets.to_vec();
        targets.sort();
        targets.dedup();
        let mut told = Vec::new();
        for target in &targets {
            match tx.work_one(period, target, deed, &doer).await? {
                Ok(entry) => told.push(entry),
                Err(refused) => return Ok(refused),
            }
        }
        let nips: Vec<&str> = told.iter().map(|entry| entry.subject.as_str()).filter(|nip| !nip.is_empty()).collect();
        tx.view_cases(&of, &nips).await?;
        tx.audit(&told, now).await?;
        tx.commit().await?;
        Ok(Worked::Done(targets.len()))
    }
}

impl Tx {
    async fn work_one(
        &mut self,
        period: Period,
        target: &CaseTarget,
        deed: &Deed,
        doer: &Doer<'_>,
    ) -> Result<std::result::Result<AuditEntry, Worked>> {
        let Some(known) = self.as_it_stands(period, &target.id).await? else { return Ok(Err(Worked::Stale)) };
        let unit = self.unit_of(period, known.state.nip).await?;
        if !doer.viewer.sees(&unit) {
            return Ok(Err(Worked::Forbidden));
        }
        if known.case.version != target.version || known.evidence != target.evidence {
            return Ok(Err(Worked::Stale));
        }
        if let Some(refused) = refusal(deed, &known, doer) {
            return Ok(Err(refused));
        }
        if let Deed::Assign(owner) = deed
            && !owner.is_empty()
        {
            let owner = self.account(owner).await?.filter(|account| !account.disabled).map(|account| account.viewer());
            if !owner.is_some_and(|owner| owner.may(Right::WorkCases) && owner.sees(&unit)) {
                return Ok(Err(Worked::NoOwner));
            }
        }
        if !self.write_case(period, &known, deed, doer).await? {
            return Ok(Err(Worked::Stale));
        }
        let detail = deed.detail(&known.case);
        self.add_event(&target.id, doer.now, &doer.viewer.account, deed.what(), &detail).await?;
        if known.case.version == 0 {
            self.post_last_event(&target.id, "opened", doer.now).await?;
        }
        let state = &known.state;
        let nip = state.nip.as_ref().map_or("", Nip::as_str);
        let mut entry = AuditEntry::new(&doer.viewer.account, doer.address, deed.action(), nip).with("period", period.to_string());
        entry = entry.with("finding", state.code.code()).with("about", state.subject.as_str()).with("case", target.id.as_str());
        // What people wrote stands in the history.
        for key in ["owner", "day", "document", "until"] {
            if let Some(value) = detail.get(key) {
                entry = entry.with(key, value.clone());
            }
        }
        Ok(Ok(entry))
    }

    async fn as_it_stands(&mut self, period: Period, id: &str) -> Result<Option<Now>> {
        let period = period.to_string();
        let Some(state) = self.state_of_finding(&period, id).await? else { return Ok(None) };
        let evidence = match state.nip {
            Some(nip) => self.evidence_of(&period, nip.as_str(), id).await?,
            None => self.evidence_of_file(&period, id).await?,
        };
        Ok(Some(Now { case: self.case(id).await?, state, evidence }))
    }

    async fn unit_of(&mut self, period: Period, nip: Option<Nip>) -> Result<String> {
        const SQL: &str = "/* unit_of */ SELECT unit FROM listed WHERE period = $1 AND nip = $2";
        let row: Option<(String,)> = self.maybe(SQL, values![&period.to_string(), nip.as_ref().map_or("", Nip::as_str)]).await?;
        Ok(row.map(|(unit,)| unit).unwrap_or_default())
    }

    /// `false`: somebody else was faster.
    async fn write_case(&mut self, period: Period, known: &Now, deed: &Deed, doer: &Doer<'_>) -> Result<bool> {
        const NEW: &str = "/* write_case */ INSERT INTO finding_case (id, period, nip, code, subject, owner, deadline, version, opened_at)
            VALUES ($1, $2, $3, $4, $5, $6, $7, 1, $8) ON CONFLICT (id) DO NOTHING";
        const CHANGED: &str = "/* write_case */ UPDATE finding_case SET owner = $1, deadline = $2, version = version + 1
            WHERE id = $3 AND version = $4";
        let (state, case, now) = (&known.state, &known.case, doer.now.timestamp_micros());
        let owner = if let Deed::Assign(owner) = deed { owner } else { &case.owner };
        let deadline = if let Deed::Deadline(day) = deed { *day } else { case.deadline };
        let deadline = deadline.map(|day| day.to_string()).unwrap_or_default();
        let (period, nip) = (period.to_string(), state.nip.as_ref().map_or("", Nip::as_str));
        let touched = if case.version == 0 {
            self.run(NEW, values![&state.id, &period, nip, state.code.code(), &state.subject, owner, &deadline, now]).await?
        } else {
            let version = i64::try_from(case.version).unwrap_or(i64::MAX);
            self.run(CHANGED, values![owner, &deadline, &state.id, version]).await?
        };
        if touched == 0 {
            return Ok(false);
        }
        self.write_waiver(&period, known, deed, doer).await?;
        Ok(true)
    }

    async fn write_waiver(&mut self, period: &str, known: &Now, deed: &Deed, doer: &Doer<'_>) -> Result<()> {
        const NEW: &str = "/* write_waiver */ INSERT INTO waiver (case_id, period, nip, reason, document, until, ends_at, evidence,
                asked_by, asked_at, decision, decided_by, decided_at, ended_at, ended_why)
            VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, 'waiting', '', NULL, NULL, '')";
        const DECIDED: &str = "/* write_waiver */ UPDATE waiver SET decision = $1, decided_by = $2, decided_at = $3
            WHERE case_id = $4 AND decision = 'waiting' AND ended_at IS NULL";
        const WITHDRAWN: &str = "/* write_waiver */ UPDATE waiver SET ended_at = $1, ended_why = 'withdrawn'
            WHERE case_id = $2 AND decision <> 'refused' AND ended_at IS NULL";
        // One whose last day has passed makes room, whether or not a reconciliation has written so.
        const PASSED: &str = "/* write_waiver */ UPDATE waiver SET ended_at = ends_at, ended_why = 'expired'
            WHERE case_id = $1 AND decision <> 'refused' AND ended_at IS NULL AND ends_at <= $2";
        let (state, now, who) = (&known.state, doer.now.timestamp_micros(), &doer.viewer.account);
        let nip = state.nip.as_ref().map_or("", Nip::as_str);
        match deed {
            Deed::Ask(new) => {
                let (until, ends_at) = (new.until.to_string(), new.ends_at.timestamp_micros());
                self.run(PASSED, values![&state.id, now]).await?;
                let row = values![&state.id, period, nip, &new.reason, &new.document, &until, ends_at, &known.evidence, who, now];
                self.run(NEW, row).await?;
            }
            Deed::Approve => drop(self.run(DECIDED, values!["approved", who, now, &state.id]).await?),
            Deed::Refuse(_) => drop(self.run(DECIDED, values!["refused", who, now, &state.id]).await?),
            Deed::Withdraw => drop(self.run(WITHDRAWN, values![now, &state.id]).await?),
            Deed::Assign(_) | Deed::Deadline(_) | Deed::Comment(_) => {}
        }
        Ok(())
    }

    /// Adds a line to the history of a case, and what is to be posted of it.
    pub(super) async fn add_event(
        &mut self,
        case: &str,
        at: DateTime<Utc>,
        account: &str,
        what: &str,
        detail: &serde_json::Value,
    ) -> Result<()> {
        const SQL: &str = "/* add_event */ INSERT INTO case_event (case_id, at, account, what, detail) VALUES ($1, $2, $3, $4, $5)";
        let detail = to_json(detail)?;
        self.run(SQL, values![case, at.timestamp_micros(), account, what, &detail]).await?;
        self.post_last_event(case, what, at).await
    }
}

/// Why the deed is not done; `None`: it may be.
fn refusal(deed: &Deed, known: &Now, doer: &Doer<'_>) -> Option<Worked> {
    let gone = known.state.status == FindingStatus::Resolved;
    let waiver = known.case.waiver.as_ref();
    let waiting = waiver.filter(|waiver| waiver.is_waiting());
    match deed {
        Deed::Comment(_) => None,
        Deed::Assign(_) | Deed::Deadline(_) => gone.then_some(Worked::NotOpen),
        Deed::Withdraw => waiting.or(waiver.filter(|waiver| waiver.is_in_force(doer.now))).is_none().then_some(Worked::NoWaiver),
        _ if gone || known.evidence.is_empty() => Some(Worked::NotOpen),
        Deed::Ask(new) => {
            // Of an approved one the last day may have passed without a reconciliation.
            let holds = waiver.is_some_and(|waiver| doer.now < waiver.ends_at);
            if holds { Some(Worked::HasWaiver) } else { (new.ends_at <= doer.now).then_some(Worked::Expired) }
        }
        Deed::Approve | Deed::Refuse(_) => match waiting {
            None => Some(Worked::NoWaiver),
            Some(waiver) if waiver.asked_by == doer.viewer.account => Some(Worked::OwnWaiver),
            Some(_) if *deed != Deed::Approve => None,
            Some(waiver) if waiver.ends_at <= doer.now => Some(Worked::Expired),
            Some(waiver) if waiver.evidence != known.evidence => Some(Worked::OtherEvidence),
            Some(waiver) => (waiver.stage != WaiverStage::Waiting).then_some(Worked::NoWaiver),
        },
    }
}
