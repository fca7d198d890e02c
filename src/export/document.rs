//! The data of the three documents, whatever format they are written in.
//!
//! Whoever fills these structs knows the store and the clock; nothing here does.

use super::codes::{CodeCount, count_codes, in_order};
use crate::domain::evidence::{Kind, Reason};
use crate::domain::finding::Finding;
use crate::domain::nip::Nip;
use crate::domain::period::Period;
use crate::domain::rupiah::Rupiah;
use crate::domain::verdict::{KnowledgeState, Standing, Verdict};
use chrono::{DateTime, NaiveDate, Utc};
use chrono_tz::Tz;
use serde::Serialize;
use std::collections::BTreeMap;

/// What every document says about itself.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Header {
    /// Work month.
    pub period: Period,
    /// Run that computed it.
    pub run: String,
    /// Instant of knowledge.
    pub as_of: DateTime<Utc>,
    /// The ministry's time zone, in which people read instants (JSON and CSV stay in UTC).
    pub zone: Tz,
    /// Trial mode: an unverified rule was used, or the policy is a draft (contract §6).
    pub trial: bool,
    /// Whether every required kind is known for everybody in the roster (contract §7).
    pub complete: bool,
    /// Id of the policy.
    pub policy_id: String,
    /// SHA-256 of its bytes, in hex.
    pub policy_sha256: String,
    /// TOML paths of rules that were used and are not verified.
    pub unverified_rules_used: Vec<String>,
}

/// Where a finding stands across runs.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum FindingStatus {
    /// First seen in this run.
    New,
    /// Seen before and still there.
    Persisting,
    /// Gone, because evidence changed.
    Resolved,
    /// Excused by a person.
    Waived,
}

impl FindingStatus {
    /// All, in the order of the contract.
    pub const ALL: [Self; 4] = [Self::New, Self::Persisting, Self::Resolved, Self::Waived];

    /// The key in JSON.
    pub fn key(self) -> &'static str {
        match self {
            Self::New => "new",
            Self::Persisting => "persisting",
            Self::Resolved => "resolved",
            Self::Waived => "waived",
        }
    }

    /// Whether somebody still has to act.
    pub fn is_open(self) -> bool {
        matches!(self, Self::New | Self::Persisting)
    }
}

/// A finding with its life across runs.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FindingRow {
    /// The finding.
    pub finding: Finding,
    /// Where it stands.
    pub status: FindingStatus,
    /// Run time at which it was first seen.
    pub first_seen: DateTime<Utc>,
    /// Run time at which it was last seen.
    pub last_seen: DateTime<Utc>,
    /// Who works on its case.
    pub charge: InCharge,
}

/// Who works on a case, and until when it should be settled.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize)]
pub struct InCharge {
    /// As people call them; empty: nobody.
    #[serde(rename = "in_charge", skip_serializing_if = "String::is_empty")]
    pub name: String,
    /// The day.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub until: Option<NaiveDate>,
}

impl InCharge {
    /// Whether there is nothing to say.
    pub fn is_nobody(&self) -> bool {
        *self == Self::default()
    }
}

/// How completely one kind is known over the roster.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct KindCompleteness {
    /// The kind.
    pub kind: Kind,
    /// Whether a verdict needs it.
    pub required: bool,
    /// Heads in the roster; the sum of the five counts that follow.
    pub heads: u64,
    /// Known, with content.
    pub present: u64,
    /// Known to be nothing.
    pub declared_absent: u64,
    /// Nobody asked.
    pub not_asked: u64,
    /// Asked without a usable answer.
    pub failed: u64,
    /// Older than its max age.
    pub stale: u64,
    /// Failures by reason key.
    pub reasons: BTreeMap<String, u64>,
}

impl KindCompleteness {
    /// A kind of which nobody has been counted.
    pub fn none(kind: Kind, required: bool) -> Self {
        Self { kind, required, heads: 0, present: 0, declared_absent: 0, not_asked: 0, failed: 0, stale: 0, reasons: BTreeMap::new() }
    }

    /// Heads for whom the question is open.
    pub fn open(&self) -> u64 {
        self.not_asked + self.failed + self.stale
    }

    fn count(&mut self, row: &CompletenessRow) {
        self.heads += 1;
        let counter = match row.state {
            KnowledgeState::Present => &mut self.present,
            KnowledgeState::DeclaredAbsent => &mut self.declared_absent,
            KnowledgeState::NotAsked => &mut self.not_asked,
            KnowledgeState::Failed => &mut self.failed,
            KnowledgeState::Stale => &mut self.stale,
        };
        *counter += 1;
        if row.state == KnowledgeState::Failed
            && let Some(reason) = row.reason
        {
            *self.reasons.entry(reason.key().to_owned()).or_default() += 1;
        }
    }
}

/// How well one kind is known for one person.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct CompletenessRow {
    /// Who.
    pub nip: Nip,
    /// What.
    pub kind: Kind,
    /// How well.
    pub state: KnowledgeState,
    /// Why it failed.
    pub reason: Option<Reason>,
    /// When it was last confirmed or last asked.
    pub observed_at: Option<DateTime<Utc>>,
}

/// What is known and what is not.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Completeness {
    /// One entry a kind.
    pub kinds: Vec<KindCompleteness>,
    /// Persons and kinds that are not present (the documents leave out present ones in any case).
    pub rows: Vec<CompletenessRow>,
}

impl Completeness {
    /// Counts every row by kind and keeps those that are not present. A required kind without any row is listed too.
    pub fn tally(required: &[Kind], rows: impl IntoIterator<Item = CompletenessRow>) -> Self {
        let mut kinds: BTreeMap<Kind, KindCompleteness> =
            required.iter().map(|kind| (*kind, KindCompleteness::none(*kind, true))).collect();
        let mut kept = Vec::new();
        for row in rows {
            kinds.entry(row.kind).or_insert_with(|| KindCompleteness::none(row.kind, false)).count(&row);
            if row.state != KnowledgeState::Present {
                kept.push(row);
            }
        }
        Self { kinds: kinds.into_values().collect(), rows: kept }
    }

    /// Whether no required kind is open for anybody.
    pub fn is_complete(&self) -> bool {
        self.kinds.iter().all(|kind| !kind.required || kind.open() == 0)
    }

    /// Kinds in the order of the documents.
    pub(super) fn sorted_kinds(&self) -> Vec<&KindCompleteness> {
        let mut kinds: Vec<_> = self.kinds.iter().collect();
        kinds.sort_by_key(|kind| kind.kind.key());
        kinds
    }

    /// Rows in the order of the documents, present ones left out.
    pub(super) fn sorted_rows(&self) -> Vec<&CompletenessRow> {
        let mut rows: Vec<_> = self.rows.iter().filter(|row| row.state != KnowledgeState::Present).collect();
        rows.sort_by_key(|row| (row.nip, row.kind.key()));
        rows
    }
}

/// Everything that the documents of one period are written from.
#[derive(Debug, Clone)]
pub struct Report<'a> {
    /// About the run.
    pub header: Header,
    /// One a person.
    pub verdicts: &'a [Verdict],
    /// All findings, those about whole files too.
    pub findings: &'a [FindingRow],
    /// What is known.
    pub completeness: Completeness,
}

impl<'a> Report<'a> {
    /// Verdicts in the order of the documents.
    pub fn sorted_verdicts(&self) -> Vec<&'a Verdict> {
        let mut rows: Vec<_> = self.verdicts.iter().collect();
        rows.sort_by_key(|verdict| verdict.nip);
        rows
    }

    /// Findings in the order of the documents: those about whole files first.
    pub fn sorted_findings(&self) -> Vec<&'a FindingRow> {
        let mut rows: Vec<_> = self.findings.iter().collect();
        rows.sort_by(|one, other| {
            let key =
                |row: &'a FindingRow| (row.finding.nip, row.finding.code.code(), row.finding.subject.as_str(), row.finding.id.as_str());
            key(one).cmp(&key(other))
        });
        rows
    }
}

/// Heads and expected net by verdict, in the order of [`Standing::ALL`].
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Totals {
    /// Persons.
    pub heads: [u64; 4],
    /// Sums of the expected net; what cannot be computed counts as nothing.
    pub rupiah: [Rupiah; 4],
}

impl Totals {
    /// Counts verdicts.
    pub fn of(verdicts: &[Verdict]) -> Self {
        let mut totals = Self::default();
        for verdict in verdicts {
            let at = place(verdict.standing);
            totals.heads[at] += 1;
            totals.rupiah[at] += verdict.expected.map_or(Rupiah::ZERO, |amounts| amounts.net);
        }
        totals
    }

    /// Persons with that verdict.
    pub fn heads(&self, standing: Standing) -> u64 {
        self.heads[place(standing)]
    }

    /// Expected net of persons with that verdict.
    pub fn rupiah(&self, standing: Standing) -> Rupiah {
        self.rupiah[place(standing)]
    }

    /// Expected net that is held or unknown.
    pub fn at_risk(&self) -> Rupiah {
        self.rupiah(Standing::Tertahan) + self.rupiah(Standing::BelumDiketahui)
    }

    /// Persons that are held or unknown.
    pub fn heads_at_risk(&self) -> u64 {
        self.heads(Standing::Tertahan) + self.heads(Standing::BelumDiketahui)
    }
}

/// Where the figures of a verdict stand: the order of [`Standing::ALL`].
pub fn place(standing: Standing) -> usize {
    match standing {
        Standing::Layak => 0,
        Standing::Tertahan => 1,
        Standing::BelumDiketahui => 2,
        Standing::TidakBerhak => 3,
    }
}

/// What the summary is written from: figures alone, so that whoever keeps them needs no verdict.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Overview {
    /// About the run.
    pub header: Header,
    /// By verdict.
    pub totals: Totals,
    /// Open findings by code, in the order of [`count_codes`].
    pub codes: Vec<CodeCount>,
    /// Findings that the run resolved.
    pub resolved: u64,
    /// Findings that somebody excused.
    pub waived: u64,
    /// What is known; the summary needs no rows.
    pub completeness: Completeness,
}

impl Overview {
    /// From figures that were added up elsewhere; the codes in any order.
    pub fn new(header: Header, totals: Totals, codes: Vec<CodeCount>, resolved: u64, completeness: Completeness) -> Self {
        Self { header, totals, codes: in_order(codes), resolved, waived: 0, completeness }
    }

    /// From a report.
    pub fn of(report: &Report<'_>) -> Self {
        let count = |status| report.findings.iter().filter(|row| row.status == status).count() as u64;
        Self {
            header: report.header.clone(),
            totals: Totals::of(report.verdicts),
            codes: count_codes(report.findings),
            resolved: count(FindingStatus::Resolved),
            waived: count(FindingStatus::Waived),
            completeness: Completeness { kinds: report.completeness.kinds.clone(), rows: Vec::new() },
        }
    }
}
