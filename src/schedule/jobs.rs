//! What each job does, and what the log says about it: counts and sentences, never a NIP. A failure ends the job, not
//! the daemon.

use crate::app::pull::{self, PullOptions};
use crate::app::{App, AppError, reconcile};
use crate::domain::Period;
use crate::domain::text::Lang;
use crate::lifecycle::Shutdown;
use crate::store::Receipt;
use crate::sync::Pulled;
use std::sync::Arc;
use std::time::Instant;

/// The jobs of `[schedule]`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Job {
    /// Pull from BKN.
    Sync,
    /// Evaluate what changed.
    Reconcile,
}

impl Job {
    /// Its key in `[schedule]`.
    pub(super) fn key(self) -> &'static str {
        match self {
            Self::Sync => "sync",
            Self::Reconcile => "reconcile",
        }
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
    pub(super) async fn work(&self, job: Job) {
        if self.shutdown.is_requested() {
            return;
        }
        let period = self.app.current_period();
        let began = Instant::now();
        tracing::info!(job = job.key(), %period, "started");
        let done = match job {
            Job::Sync => self.sync(period).await,
            Job::Reconcile => self.reconcile(period).await,
        };
        let seconds = began.elapsed().as_secs();
        match done {
            Ok(()) => tracing::info!(job = job.key(), %period, seconds, "ended"),
            Err(error) => tracing::warn!(job = job.key(), %period, seconds, why = %error.sentence(self.lang), "failed"),
        }
    }

    async fn sync(&self, period: Period) -> Result<(), AppError> {
        let shutdown = self.shutdown.clone();
        let pulled = pull::run(&self.app, period, PullOptions::default(), Arc::new(move || shutdown.is_requested())).await?;
        say_pulled(&pulled);
        Ok(())
    }

    async fn reconcile(&self, period: Period) -> Result<(), AppError> {
        let done = reconcile::run(&self.app, period, false, self.app.clock.now(), &mut |_| {}).await?;
        let (saved, header) = (&done.saved, &done.overview.header);
        tracing::info!(
            job = Job::Reconcile.key(),
            %period,
            evaluated = done.evaluated,
            unchanged = done.unchanged,
            removed = done.removed,
            looked_at = done.looked_at,
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
