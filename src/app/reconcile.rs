//! `reconcile`: evaluates what changed (or everybody) and keeps verdicts and the life of findings.
//!
//! Two ways lead to the same bytes: looking at everybody, and looking only at whom the news since the last time may
//! touch. The first is the truth; the second is taken where nothing that people share has changed.

mod everybody;
mod touched;
mod units;

use super::aside::{self, Aside};
use super::evaluation::PeriodView;
use super::report;
use super::shown;
use super::tally::Tally;
use super::{App, AppError};
use crate::domain::{Finding, Nip, Period, Verdict};
use crate::export::Overview;
use crate::policy::Policy;
use crate::reconcile::{AttendancePeers, Laid, WithoutDeductions};
use crate::store::{KnownVerdict, NewReconciliation, NewVerdict, Noted, Saved, Saving};
use chrono::{DateTime, TimeDelta, Utc};
use ethnum::U256;
use serde::{Deserialize, Serialize};
use tracing::Instrument;
use tracing::field::Empty;

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
    /// People at whom it looked; `None`: at everybody.
    pub looked_at: Option<u64>,
    /// The period as it now stands, in figures. [`report::stored`] has the rows.
    pub overview: Overview,
}

/// Verdicts saved in one statement batch.
const CHUNK: usize = 500;

/// How far another process's clock may be ahead of ours. One that is further ahead is wrong.
const SKEW: TimeDelta = TimeDelta::hours(1);

/// Evaluates a period as of an instant that somebody named, which may be an older one than what is stored.
///
/// # Errors
/// No policy, no roster, or the store's.
pub async fn run(app: &App, period: Period, full: bool, as_of: DateTime<Utc>, progress: OnPerson<'_>) -> Result<Reconciled, AppError> {
    conclude(app, period, full, Some(as_of), progress).await
}

/// Evaluates a period as of now. What another process has concluded meanwhile, or by a clock that is a little ahead, is
/// never put back to an older instant.
///
/// # Errors
/// As [`run`].
pub async fn run_now(app: &App, period: Period, full: bool, progress: OnPerson<'_>) -> Result<Reconciled, AppError> {
    conclude(app, period, full, None, progress).await
}

async fn conclude(
    app: &App,
    period: Period,
    full: bool,
    named: Option<DateTime<Utc>>,
    progress: OnPerson<'_>,
) -> Result<Reconciled, AppError> {
    let span = tracing::info_span!("reconcile", %period, mode = Empty, heads = Empty, looked_at = Empty, evaluated = Empty);
    let done = concluded(app, period, full, named, progress).instrument(span.clone()).await?;
    let heads = done.evaluated + done.unchanged;
    span.record("mode", if done.overview.header.trial { "trial" } else { "final" });
    span.record("heads", heads).record("looked_at", done.looked_at.unwrap_or(heads)).record("evaluated", done.evaluated);
    Ok(done)
}

async fn concluded(
    app: &App,
    period: Period,
    full: bool,
    named: Option<DateTime<Utc>>,
    progress: OnPerson<'_>,
) -> Result<Reconciled, AppError> {
    let policy = app.policy(period)?;
    let ask = Ask { app, policy: &policy, period, named, started_at: app.clock.now() };
    if !full && let Some(done) = touched::run(&ask, progress).await? {
        return Ok(done);
    }
    // Whoever is overtaken by another process begins again, from what that one has left.
    loop {
        if let Some(done) = everybody::run(&ask, full, progress).await? {
            return Ok(done);
        }
    }
}

/// What is asked for.
struct Ask<'a> {
    app: &'a App,
    policy: &'a Policy,
    period: Period,
    /// The instant, if somebody named it.
    named: Option<DateTime<Utc>>,
    started_at: DateTime<Utc>,
}

/// What a way has come to, before it is saved.
struct Conclusion {
    tally: Tally,
    inputs: Sum,
    file_findings: Vec<Finding>,
    removed: Vec<Nip>,
    evaluated: u64,
    looked_at: Option<u64>,
}

/// What a mark keeps for the next reconciliation to begin from.
#[derive(Debug, Default, Serialize, Deserialize)]
pub(super) struct Totals {
    /// Figures over everybody.
    pub(super) tally: Tally,
    without_deductions: WithoutDeductions,
}

impl Ask<'_> {
    /// The instant, for who has read the stamp of the period already: whatever is saved after that is noticed.
    async fn as_of(&self) -> Result<DateTime<Utc>, AppError> {
        if let Some(named) = self.named {
            return Ok(named);
        }
        let now = self.app.clock.now();
        let latest = self.app.store.latest_reconcile_run(self.period).await?;
        // An instant that its own clock had not reached was named by somebody, who looked ahead.
        let reached = latest.filter(|run| run.as_of <= run.checked_at && run.as_of - now <= SKEW);
        Ok(reached.map_or(now, |run| run.as_of.max(now)))
    }

    /// The record of the run.
    fn record(&self, view: &PeriodView<'_>, conclusion: &Conclusion) -> NewReconciliation {
        let completeness = conclusion.tally.completeness(view.desk().kinds(), &view.desk().basis().required);
        let states = completeness.kinds.iter().map(|kind| {
            (kind.kind.key().to_owned(), serde_json::json!([kind.present, kind.declared_absent, kind.not_asked, kind.failed, kind.stale]))
        });
        NewReconciliation {
            inputs_sha: conclusion.inputs.to_string(),
            policy_id: self.policy.id().to_owned(),
            policy_sha: self.policy.sha256.clone(),
            mode: if report::is_trial(self.policy, &conclusion.tally.unverified_rules()) { "trial" } else { "final" }.to_owned(),
            complete: completeness.is_complete(),
            summary: summary(states.collect(), &conclusion.tally),
            started_at: self.started_at,
        }
    }

    /// What the caller gets.
    fn reconciled(&self, view: &PeriodView<'_>, conclusion: Conclusion, saved: Saved) -> Reconciled {
        let Conclusion { tally, file_findings, removed, evaluated, looked_at, .. } = conclusion;
        let completeness = tally.completeness(view.desk().kinds(), &view.desk().basis().required);
        let at = report::At { period: self.period, as_of: view.desk().basis().as_of, run: saved.run.clone() };
        let header = report::header(self.policy, at, completeness.is_complete(), tally.unverified_rules());
        let mut overview = Overview::new(header, tally.totals(), tally.codes(&file_findings), saved.resolved, completeness);
        overview.waived = tally.waived();
        Reconciled { saved, evaluated, unchanged: tally.people - evaluated, removed: removed.len() as u64, looked_at, overview }
    }

    /// The verdict of a person with what is kept beside it.
    fn noted(&self, laid: Laid, aside: &Aside<'_>, verdict: Verdict) -> NewVerdict {
        let unit = aside::unit(&laid.dossier);
        NewVerdict { inputs_sha: laid.inputs, noted: Noted { leans: laid.leaning.on, unit, aside: aside.encode() }, verdict }
    }
}

/// The figures of a run: by kind, and all of them under a key that is no kind.
fn summary(mut kinds: serde_json::Map<String, serde_json::Value>, tally: &Tally) -> serde_json::Value {
    // A tally is written of numbers and keys only: it can always be written.
    kinds.insert(shown::TALLY.to_owned(), serde_json::to_value(tally).unwrap_or_default());
    serde_json::Value::Object(kinds)
}

/// The notes about a person.
fn notes(laid: &Laid, kinds: &[crate::domain::Kind], units: &AttendancePeers<'_>) -> Aside<'static> {
    Aside::of(&laid.dossier, kinds, &units.days_of(&laid.dossier))
}

/// Verdicts to be stored.
#[derive(Default)]
struct Verdicts {
    /// That say something else than the stored ones.
    changed: Vec<NewVerdict>,
    /// That only come from other inputs.
    same: Vec<NewVerdict>,
}

impl Verdicts {
    /// Takes a verdict of a person of whom this is known; one that is stored as it is needs nothing.
    fn take(&mut self, new: NewVerdict, known: Option<&KnownVerdict>) -> Result<(), AppError> {
        match known {
            None => self.changed.push(new),
            Some(known) if known.is(&new)? => {}
            Some(known) if is_news(&known.verdict()?, &new.verdict) => self.changed.push(new),
            Some(_) => self.same.push(new),
        }
        Ok(())
    }

    async fn save(&self, saving: &mut Saving) -> Result<(), AppError> {
        for some in self.changed.chunks(CHUNK) {
            saving.put(some).await?;
        }
        for some in self.same.chunks(CHUNK) {
            saving.refresh(some).await?;
        }
        Ok(())
    }
}

/// Whether a verdict says something else than the known one.
pub(super) fn is_news(known: &Verdict, verdict: &Verdict) -> bool {
    known != verdict && timeless(known.clone()) != timeless(verdict.clone())
}

/// A verdict without what only tells when and by which batch something was seen (contract §8).
fn timeless(mut verdict: Verdict) -> Verdict {
    for exhibit in verdict.findings.iter_mut().flat_map(|finding| &mut finding.evidence) {
        exhibit.batch = String::new();
        exhibit.observed_at = None;
    }
    verdict
}

/// The sum of hashes of inputs: it does not depend on their order, and one can be taken out again.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
struct Sum(U256);

impl Sum {
    fn put(&mut self, sha256: &str) {
        self.0 = self.0.wrapping_add(number(sha256));
    }

    fn take(&mut self, sha256: &str) {
        self.0 = self.0.wrapping_sub(number(sha256));
    }

    fn parse(text: &str) -> Self {
        Self(number(text))
    }
}

impl std::fmt::Display for Sum {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{:064x}", self.0)
    }
}

fn number(sha256: &str) -> U256 {
    U256::from_str_radix(sha256, 16).unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_sum_forgets_what_is_taken_out() {
        let hashes = ["ff".repeat(32), "1".to_owned(), "0123456789abcdef".repeat(4)];
        let mut sum = Sum::default();
        hashes.iter().for_each(|hash| sum.put(hash));
        let before = sum;
        assert_eq!(Sum::parse(&sum.to_string()), sum);
        assert_eq!(sum.to_string(), "0123456789abcdef".repeat(4), "2^256 - 1 and 1 are nothing");
        sum.put(&"7".repeat(64));
        assert_ne!(sum, before);
        sum.take(&"7".repeat(64));
        assert_eq!(sum, before);
    }
}
