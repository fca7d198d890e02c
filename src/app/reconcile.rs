//! `reconcile`: evaluates what changed (or everybody) and keeps verdicts and the life of findings.

use super::evaluation::PeriodView;
use super::report::{self, PeriodReport};
use super::{App, AppError};
use crate::domain::{Nip, Period, Verdict};
use crate::reconcile::completeness::Completeness;
use crate::reconcile::evaluate_briefly;
use crate::store::{NewReconciliation, NewVerdict, Saved};
use chrono::{DateTime, Utc};
use sha2::{Digest, Sha256};
use std::collections::HashMap;

/// Called now and then with how many people are done.
pub type OnPerson<'a> = &'a mut (dyn FnMut(u64) + Send);

/// What a reconciliation came to.
#[derive(Debug)]
pub struct Reconciled {
    /// What it did to the store.
    pub saved: Saved,
    /// People evaluated.
    pub evaluated: u64,
    /// People whose inputs had not changed.
    pub unchanged: u64,
    /// People who no longer play a part.
    pub removed: u64,
    /// The period as it now stands.
    pub report: PeriodReport,
}

/// Verdicts saved in one statement batch.
const CHUNK: usize = 500;

/// Evaluates a period.
///
/// # Errors
/// No policy, no roster, or the store's.
pub async fn run(app: &App, period: Period, full: bool, as_of: DateTime<Utc>, progress: OnPerson<'_>) -> Result<Reconciled, AppError> {
    let started_at = app.clock.now();
    let policy = app.policy(period)?;
    let mut view = PeriodView::open(app, &policy, period, as_of).await?;
    let mut stored: HashMap<Nip, String> = app.store.inputs(period).await?;
    let mut completeness = view.completeness();
    let mut work = Work { verdicts: Vec::new(), unchanged: Vec::new(), hash: Sha256::new() };
    view.walk(None, |dossier, inputs| {
        completeness.count(&dossier);
        work.hash.update(&inputs);
        let known = stored.remove(&dossier.nip);
        if !full && known.as_ref() == Some(&inputs) {
            work.unchanged.push(dossier.nip);
        } else {
            // the derivation is not stored: it can be worked out again from the same inputs
            let verdict = evaluate_briefly(&policy, &dossier);
            work.verdicts.push(NewVerdict { inputs_sha: inputs, verdict });
        }
        progress((work.verdicts.len() + work.unchanged.len()) as u64);
        Ok(())
    })
    .await?;
    let removed: Vec<Nip> = stored.into_keys().collect();
    let file_findings = view.file_findings();
    let record = NewReconciliation {
        inputs_sha: work.hash.finalize().iter().map(|byte| format!("{byte:02x}")).collect(),
        policy_id: policy.id().to_owned(),
        policy_sha: policy.sha256.clone(),
        mode: if policy.is_draft() { "trial" } else { "final" }.to_owned(),
        complete: completeness.is_complete(),
        summary: summary(&completeness),
        started_at,
    };
    let mut saving = app.store.begin_saving(period, as_of).await?;
    let mut verdicts: Vec<Verdict> = Vec::with_capacity(work.verdicts.len());
    let evaluated = work.verdicts.len() as u64;
    while !work.verdicts.is_empty() {
        let rest = work.verdicts.split_off(work.verdicts.len().min(CHUNK));
        let (changed, same) = news(app, period, std::mem::replace(&mut work.verdicts, rest)).await?;
        saving.put(&changed).await?;
        saving.refresh(&same).await?;
        verdicts.extend(changed.into_iter().chain(same).map(|new| new.verdict));
    }
    let saved = saving.finish(&record, &removed, &file_findings).await?;
    let unchanged = work.unchanged.len() as u64;
    if !work.unchanged.is_empty() {
        verdicts.extend(app.store.verdicts(period, Some(&work.unchanged)).await?.all().await?);
    }
    verdicts.sort_by_key(|verdict| verdict.nip);
    let report =
        report::join(app, &policy, verdicts, file_findings, &completeness, report::At { period, as_of, run: saved.run.clone() }).await?;
    Ok(Reconciled { saved, evaluated, unchanged, removed: removed.len() as u64, report })
}

/// Verdicts that say something else than the stored ones, and those that do not.
async fn news(app: &App, period: Period, verdicts: Vec<NewVerdict>) -> Result<(Vec<NewVerdict>, Vec<NewVerdict>), AppError> {
    let nips: Vec<Nip> = verdicts.iter().map(|new| new.verdict.nip).collect();
    let stored = app.store.verdicts(period, Some(&nips)).await?.all().await?;
    let stored: HashMap<Nip, Verdict> = stored.into_iter().map(|verdict| (verdict.nip, timeless(verdict))).collect();
    Ok(verdicts.into_iter().partition(|new| stored.get(&new.verdict.nip) != Some(&timeless(new.verdict.clone()))))
}

/// A verdict without what only tells when and by which batch something was seen (contract §8).
fn timeless(mut verdict: Verdict) -> Verdict {
    for exhibit in verdict.findings.iter_mut().flat_map(|finding| &mut finding.evidence) {
        exhibit.batch = String::new();
        exhibit.observed_at = None;
    }
    verdict
}

struct Work {
    verdicts: Vec<NewVerdict>,
    unchanged: Vec<Nip>,
    hash: Sha256,
}

/// Counts by kind, for the run's record.
fn summary(completeness: &Completeness) -> serde_json::Value {
    let kinds = completeness.kinds.iter().map(|tally| (tally.kind.key().to_owned(), serde_json::json!(tally.states)));
    serde_json::Value::Object(kinds.collect())
}
