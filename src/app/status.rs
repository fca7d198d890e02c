//! What operations watch, gathered from the store in a few small queries: how fresh and complete the data is, what the
//! last pull and the last reconciliation came to, how near KPPN's day is.

use super::reconcile::Totals as Kept;
use super::{App, AppError};
use crate::config::Evidence;
use crate::domain::evidence::Kind;
use crate::domain::finding::{Code, Severity};
use crate::domain::period::Period;
use crate::domain::verdict::KnowledgeState;
use crate::export::Totals;
use crate::store::{ReconcileRun, RunReport};
use chrono::{DateTime, NaiveTime, TimeDelta, Utc};
use std::collections::BTreeMap;

/// The state of a period at an instant.
#[derive(Debug, Clone)]
pub struct Status {
    /// Work month: the one that is paid next.
    pub period: Period,
    /// The instant.
    pub now: DateTime<Utc>,
    /// The end of the last day on which KPPN takes the payment as induk; `None` without a policy.
    pub kppn_deadline: Option<DateTime<Utc>>,
    /// By kind: when a source was last confirmed.
    pub checked: BTreeMap<Kind, DateTime<Utc>>,
    /// The newest pull of the period.
    pub pull: Option<RunReport>,
    /// The newest reconciliation of the period that changed anything.
    pub reconciliation: Option<ReconcileRun>,
    /// Heads and Rupiah by verdict of the last reconciliation; `None` until one has been kept.
    pub totals: Option<Totals>,
    /// Open findings.
    pub open: Vec<(Code, Severity, u64)>,
}

impl Status {
    /// Heads of the roster by kind and state, as the last reconciliation counted them.
    pub fn heads(&self) -> Vec<(&str, KnowledgeState, u64)> {
        let kinds = self.reconciliation.iter().filter_map(|run| run.record.summary.as_object()).flatten();
        let states = kinds.flat_map(|(kind, states)| {
            let counts = states.as_array().into_iter().flatten().filter_map(serde_json::Value::as_u64);
            KnowledgeState::ALL.into_iter().zip(counts).map(move |(state, heads)| (kind.as_str(), state, heads))
        });
        states.collect()
    }
}

/// Required kinds whose newest source was confirmed longer ago than the kind may be old, and when that was.
pub fn stale_kinds(evidence: &Evidence, checked: &BTreeMap<Kind, DateTime<Utc>>, now: DateTime<Utc>) -> Vec<(Kind, DateTime<Utc>)> {
    let limit = |kind: &Kind| evidence.max_age.get(kind).and_then(|age| TimeDelta::from_std(age.get()).ok());
    let required = evidence.required.iter().filter_map(|kind| Some((*kind, limit(kind)?, *checked.get(kind)?)));
    required.filter(|(_, limit, checked)| now - *checked > *limit).map(|(kind, _, checked)| (kind, checked)).collect()
}

/// Looks at the period that is paid next.
///
/// # Errors
/// The store's.
pub async fn of(app: &App) -> Result<Status, AppError> {
    let (period, now) = (app.current_period(), app.clock.now());
    let zone = app.config.schedule.timezone.get();
    // a refused policy is the business of `doctor` and of the jobs that need it: the figures go on
    let deadline = app.policy(period).ok().and_then(|policy| policy.kppn_deadline(period)).and_then(|day| day.succ_opt());
    let kppn_deadline = deadline.and_then(|day| day.and_time(NaiveTime::MIN).and_local_timezone(zone).earliest());
    let pull = match app.store.latest_run(Some(period)).await? {
        Some(run) => Some(app.store.run_report(&run).await?),
        None => None,
    };
    let (_, mark) = app.store.mark(period).await?;
    Ok(Status {
        period,
        now,
        kppn_deadline: kppn_deadline.map(|at| at.with_timezone(&Utc)),
        checked: app.store.last_confirmed(now).await?,
        pull,
        reconciliation: app.store.latest_reconcile_run(period).await?,
        totals: mark.and_then(|mark| serde_json::from_str::<Kept>(&mark.totals).ok()).map(|kept| kept.tally.totals()),
        open: app.store.open_findings(period).await?,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_was_confirmed_too_long_ago_is_stale() {
        let evidence = Evidence { required: vec![Kind::Evaluation, Kind::Skp, Kind::Attendance], ..Evidence::default() };
        let now = DateTime::<Utc>::from_timestamp(1_800_000_000, 0).unwrap();
        let limit = TimeDelta::from_std(evidence.max_age[&Kind::Evaluation].get()).unwrap();
        let checked = [(Kind::Evaluation, now - limit - TimeDelta::seconds(1)), (Kind::Skp, now - TimeDelta::seconds(1))].into();
        assert_eq!(stale_kinds(&evidence, &checked, now), [(Kind::Evaluation, now - limit - TimeDelta::seconds(1))]);
    }
}
