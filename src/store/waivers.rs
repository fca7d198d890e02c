//! Waivers as they are kept: what was asked for, who decided, and which hold at an instant.

use super::Result;
use super::Store;
use super::codec::At;
use super::tx::values;
use crate::domain::Nip;
use crate::domain::Period;
use crate::domain::Waiver;
use chrono::DateTime;
use chrono::NaiveDate;
use chrono::Utc;
use std::collections::BTreeMap;

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
    /// The key in the store.
    pub fn key(self) -> &'static str {
        match self {
            Self::Waiting => "waiting",
            Self::Approved => "approved",
            Self::Refused => "refused",
        }
    }

    fn from_key(key: &str) -> Option<Self> {
        [Self::Waiting, Self::Approved, Self::Refused].into_iter().find(|stage| stage.key() == key)
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

impl Store {
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
