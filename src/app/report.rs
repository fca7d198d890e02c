//! What `export`, `explain` and the page show: a period evaluated as it was known at an instant, joined with the life
//! of its findings.

use super::evaluation::PeriodView;
use super::{App, AppError};
use crate::domain::{Finding, Nip, Period, Verdict};
use crate::export::{Completeness as Shown, CompletenessRow, FindingRow, FindingStatus, Header, KindCompleteness, Report};
use crate::policy::Policy;
use crate::reconcile::completeness::Completeness;
use crate::reconcile::evaluate;
use crate::store::{FindingState, FindingStatus as Stored};
use chrono::{DateTime, Utc};
use sha2::{Digest, Sha256};
use std::collections::{BTreeSet, HashMap};

/// A period, evaluated.
#[derive(Debug)]
pub struct PeriodReport {
    /// Run, policy, mode.
    pub header: Header,
    /// In the order of NIP.
    pub verdicts: Vec<Verdict>,
    /// Of people and of whole files, with their life.
    pub findings: Vec<FindingRow>,
    /// What is known.
    pub completeness: Shown,
}

impl PeriodReport {
    /// The report as the documents take it.
    pub fn as_export(&self) -> Report<'_> {
        Report { header: self.header.clone(), verdicts: &self.verdicts, findings: &self.findings, completeness: self.completeness.clone() }
    }
}

/// Evaluates a period for its documents. Derivations are left out; [`one`] keeps them.
///
/// # Errors
/// No policy, no roster, or the store's.
pub async fn of(app: &App, period: Period, as_of: DateTime<Utc>) -> Result<PeriodReport, AppError> {
    let policy = app.policy(period)?;
    let mut view = PeriodView::open(app, &policy, period, as_of).await?;
    let mut completeness = view.completeness();
    let mut verdicts = Vec::new();
    let mut hash = Sha256::new();
    view.walk(None, |dossier, inputs| {
        completeness.count(&dossier);
        hash.update(&inputs);
        let mut verdict = evaluate(&policy, &dossier);
        verdict.derivation = Vec::new();
        verdicts.push(verdict);
        Ok(())
    })
    .await?;
    let run = match app.store.latest_reconcile_run(period).await? {
        Some(run) => run.id,
        None => hash.finalize().iter().take(8).map(|byte| format!("{byte:02x}")).collect(),
    };
    join(app, &policy, verdicts, view.file_findings(), &completeness, At { period, as_of, run }).await
}

/// Which period, as known when, by which run.
#[derive(Debug, Clone)]
pub struct At {
    /// Work month.
    pub period: Period,
    /// The instant.
    pub as_of: DateTime<Utc>,
    /// Run id.
    pub run: String,
}

/// Joins verdicts with the life of their findings.
///
/// # Errors
/// The store's.
pub async fn join(
    app: &App,
    policy: &Policy,
    verdicts: Vec<Verdict>,
    of_files: Vec<Finding>,
    completeness: &Completeness,
    at: At,
) -> Result<PeriodReport, AppError> {
    let states = app.store.finding_states(at.period).await?;
    let header = header(policy, at, completeness.is_complete(), &verdicts);
    let findings = rows(&verdicts, of_files, &states, &header);
    Ok(PeriodReport { header, verdicts, findings, completeness: shown(completeness) })
}

/// The verdict of one person, with its derivation.
///
/// # Errors
/// [`AppError::Nobody`] when nothing names the person in that period.
pub async fn one(app: &App, period: Period, nip: Nip, as_of: DateTime<Utc>) -> Result<(Header, Verdict), AppError> {
    let policy = app.policy(period)?;
    let mut view = PeriodView::open(app, &policy, period, as_of).await?;
    let mut completeness = view.completeness();
    let mut found = None;
    view.walk(Some(&[nip]), |dossier, _| {
        completeness.count(&dossier);
        found = Some(evaluate(&policy, &dossier));
        Ok(())
    })
    .await?;
    let verdict = found.ok_or_else(|| AppError::Nobody(period, nip.masked()))?;
    let run = app.store.latest_reconcile_run(period).await?.map(|run| run.id).unwrap_or_default();
    let header = header(&policy, At { period, as_of, run }, completeness.is_complete(), std::slice::from_ref(&verdict));
    Ok((header, verdict))
}

fn header(policy: &Policy, at: At, complete: bool, verdicts: &[Verdict]) -> Header {
    let At { period, as_of, run } = at;
    let used: BTreeSet<&String> = verdicts.iter().flat_map(|verdict| &verdict.unverified_rules).collect();
    Header {
        period,
        run,
        as_of,
        zone: policy.file.policy.timezone.parse().unwrap_or(chrono_tz::Tz::Asia__Jakarta),
        trial: policy.is_draft() || !used.is_empty(),
        complete,
        policy_id: policy.id().to_owned(),
        policy_sha256: policy.sha256.clone(),
        unverified_rules_used: used.into_iter().cloned().collect(),
    }
}

/// Findings with their life; what the last run resolved is listed as resolved.
fn rows(verdicts: &[Verdict], of_files: Vec<Finding>, states: &[FindingState], header: &Header) -> Vec<FindingRow> {
    let mut lives: HashMap<&str, &FindingState> = states.iter().map(|state| (state.id.as_str(), state)).collect();
    let mut rows: Vec<FindingRow> = Vec::new();
    let all = verdicts.iter().flat_map(|verdict| verdict.findings.iter().cloned()).chain(of_files);
    for finding in all {
        let life = lives.remove(finding.id.as_str()).filter(|life| life.status != Stored::Resolved);
        rows.push(FindingRow {
            status: life
                .map_or(FindingStatus::New, |life| if life.status == Stored::New { FindingStatus::New } else { FindingStatus::Persisting }),
            first_seen: life.map_or(header.as_of, |life| life.first_seen),
            last_seen: header.as_of,
            finding,
        });
    }
    let resolved = lives.into_values().filter(|life| life.status == Stored::Resolved && life.run == header.run);
    rows.extend(resolved.map(gone));
    rows
}

/// A finding that the last run resolved: what it was about, without evidence.
fn gone(life: &FindingState) -> FindingRow {
    FindingRow {
        finding: Finding {
            id: life.id.clone(),
            code: life.code,
            severity: life.severity,
            nip: life.nip,
            subject: life.subject.clone(),
            rupiah_at_risk: crate::domain::Rupiah::ZERO,
            params: Vec::new(),
            evidence: Vec::new(),
        },
        status: FindingStatus::Resolved,
        first_seen: life.first_seen,
        last_seen: life.last_seen,
    }
}

fn shown(completeness: &Completeness) -> Shown {
    let kinds = completeness.kinds.iter().map(|tally| {
        let [present, declared_absent, not_asked, failed, stale] = tally.states;
        KindCompleteness {
            kind: tally.kind,
            required: tally.required,
            heads: tally.heads,
            present,
            declared_absent,
            not_asked,
            failed,
            stale,
            reasons: tally.reasons.clone(),
        }
    });
    let rows = completeness.gaps.iter().map(|gap| CompletenessRow {
        nip: gap.nip,
        kind: gap.kind,
        state: gap.state,
        reason: gap.reason,
        observed_at: gap.at,
    });
    Shown { kinds: kinds.collect(), rows: rows.collect() }
}
