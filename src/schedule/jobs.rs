//! What each job does, and what the log says about it: counts and sentences, never a NIP. A failure ends the job, not
//! the daemon.

use super::rounds::Assignment;
use crate::app::pull::{self, PullOptions};
use crate::app::{App, AppError, reconcile};
use crate::config::{CronLine, Schedule};
use crate::domain::Period;
use crate::domain::text::Lang;
use crate::lifecycle::Shutdown;
use crate::store::{Receipt, SlotEnd};
use crate::sync::Pulled;
use std::sync::Arc;
use std::sync::atomic::Ordering;
use std::time::Instant;

/// The jobs of `[schedule]`. A new one is a variant, its key, its line and its arm in [`Worker::work`].
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Job {
    /// Pull from BKN.
    Sync,
    /// Evaluate what changed.
    Reconcile,
}

impl Job {
    /// Every job, in the order of a night.
    pub const ALL: [Self; 2] = [Self::Sync, Self::Reconcile];

    /// Its key in `[schedule]` and in the store.
    pub fn key(self) -> &'static str {
        match self {
            Self::Sync => "sync",
            Self::Reconcile => "reconcile",
        }
    }

    /// When it is due.
    pub fn line(self, schedule: &Schedule) -> &CronLine {
        match self {
            Self::Sync => &schedule.sync,
            Self::Reconcile => &schedule.reconcile,
        }
    }

    /// Whether it is worked so often that only what it finds is worth a line of the log.
    fn is_quiet(self) -> bool {
        false
    }
}

/// Does the jobs.
pub(super) struct Worker {
    pub app: App,
    pub lang: Lang,
    pub shutdown: Shutdown,
}

impl Worker {
    /// Does one job for the month that is paid next.
    pub(super) async fn work(&self, assignment: Assignment) -> SlotEnd {
        let job = assignment.job;
        if self.shutdown.is_requested() {
            return SlotEnd::GivenBack;
        }
        let app = App { store: assignment.store.clone(), ..self.app.clone() };
        let period = app.current_period();
        let began = Instant::now();
        if !job.is_quiet() {
            tracing::info!(job = job.key(), %period, slot = %assignment.lease.slot, "started");
        }
        let done = match job {
            Job::Sync => self.sync(&app, period, &assignment).await,
            Job::Reconcile => self.reconcile(&app, period).await,
        };
        let seconds = began.elapsed().as_secs();
        match done {
            Ok(()) if self.shutdown.is_requested() => SlotEnd::GivenBack,
            Ok(()) => {
                if !job.is_quiet() {
                    tracing::info!(job = job.key(), %period, seconds, "ended");
                }
                SlotEnd::Done
            }
            Err(error) => {
                let why = error.sentence(self.lang);
                tracing::warn!(job = job.key(), %period, seconds, %why, "failed");
                SlotEnd::Failed(why)
            }
        }
    }

    async fn sync(&self, app: &App, period: Period, assignment: &Assignment) -> Result<(), AppError> {
        let (shutdown, lost) = (self.shutdown.clone(), assignment.lost());
        let stop = Arc::new(move || shutdown.is_requested() || lost.load(Ordering::Relaxed));
        let pulled = pull::run(app, period, PullOptions::default(), stop).await?;
        say_pulled(&pulled);
        Ok(())
    }

    async fn reconcile(&self, app: &App, period: Period) -> Result<(), AppError> {
        let done = reconcile::run(app, period, false, app.clock.now(), &mut |_| {}).await?;
        let (saved, header) = (&done.saved, &done.report.header);
        tracing::info!(
            job = Job::Reconcile.key(),
            %period,
            evaluated = done.evaluated,
            unchanged = done.unchanged,
            removed = done.removed,
            new = saved.new,
            persisting = saved.persisting,
            resolved = saved.resolved,
            complete = header.complete,
            trial = header.trial,
            "reconciled"
        );
        Ok(())
    }
}

fn say_pulled(pulled: &Pulled) {
    let (report, job) = (&pulled.report, Job::Sync.key());
    let sum = |count: fn(&Receipt) -> u64| report.batches.iter().map(count).sum::<u64>();
    tracing::info!(
        job,
        run = %report.id,
        period = %report.period,
        requests = report.requests,
        done = report.items.done,
        failed = report.items.failed,
        quarantined = report.items.quarantined,
        skipped = report.items.skipped,
        unasked = report.items.unsettled(),
        new = sum(|batch| batch.new),
        changed = sum(|batch| batch.changed),
        unchanged = sum(|batch| batch.unchanged),
        vanished = sum(|batch| batch.vanished),
        complete = pulled.is_complete(),
        "pulled"
    );
    for stopped in &pulled.stopped {
        let key = stopped.key.unwrap_or_default();
        tracing::warn!(job, surface = %stopped.surface, reason = %stopped.reason, key, why = %stopped.sentence, "this surface of BKN stopped");
    }
    for drift in &report.drift {
        tracing::warn!(job, kind = %drift.kind, field = %drift.field, change = %drift.change, "the form of BKN's data has changed");
    }
}
