//! What each job does, and what the log says about it: counts and sentences, never a NIP. A failure ends the job, not
//! the daemon.

use super::rounds::Assignment;
use crate::app::pull::{self, PullOptions};
use crate::app::{App, AppError, backup, inbox, notices, reconcile, sql};
use crate::config::{CronLine, Schedule};
use crate::domain::Period;
use crate::domain::text::Lang;
use crate::lifecycle::Shutdown;
use crate::notify::Messenger;
use crate::store::{Receipt, SlotEnd};
use crate::sync::Pulled;
use chrono::Months;
use std::sync::Arc;
use std::sync::atomic::Ordering;
use std::time::Instant;

/// The jobs of `[schedule]`. A new one is a variant, its key, its line and its arm in [`Worker::work`].
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Job {
    /// Look into the inbox.
    Inbox,
    /// Query the ministry's databases.
    Sources,
    /// Pull from BKN.
    Sync,
    /// Copy the store, and try the copy.
    Backup,
    /// Evaluate what changed.
    Reconcile,
    /// Delete what is old.
    Retention,
    /// See what is wrong, and tell it.
    Notices,
    /// Tell how the month stands.
    Digest,
}

impl Job {
    /// Every job, in the order of a night.
    pub const ALL: [Self; 8] =
        [Self::Inbox, Self::Sources, Self::Sync, Self::Backup, Self::Reconcile, Self::Retention, Self::Notices, Self::Digest];

    /// Its key in `[schedule]` and in the store.
    pub fn key(self) -> &'static str {
        match self {
            Self::Inbox => "inbox",
            Self::Sources => "sources",
            Self::Sync => "sync",
            Self::Backup => "backup",
            Self::Reconcile => "reconcile",
            Self::Retention => "retention",
            Self::Notices => "notices",
            Self::Digest => "digest",
        }
    }

    /// When it is due.
    pub fn line(self, schedule: &Schedule) -> &CronLine {
        match self {
            Self::Inbox => &schedule.inbox,
            Self::Sources => &schedule.sources,
            Self::Sync => &schedule.sync,
            Self::Backup => &schedule.backup,
            Self::Reconcile => &schedule.reconcile,
            Self::Retention => &schedule.retention,
            Self::Notices => &schedule.notices,
            Self::Digest => &schedule.digest,
        }
    }

    /// Whether it is worked so often that only what it finds is worth a line of the log.
    fn is_quiet(self) -> bool {
        matches!(self, Self::Inbox | Self::Notices)
    }
}

/// Does the jobs.
pub(super) struct Worker {
    pub app: App,
    pub lang: Lang,
    pub shutdown: Shutdown,
    pub messenger: Messenger,
}

impl Worker {
    /// Does one job for the month that is paid next; `options` are those of a pull.
    pub(super) async fn work(&self, assignment: Assignment, options: PullOptions) -> SlotEnd {
        let job = assignment.job;
        if self.shutdown.is_requested() {
            return SlotEnd::GivenBack;
        }
        let app = App { store: assignment.store.clone(), ..self.app.clone() };
        let period = app.current_period();
        let began = Instant::now();
        if !job.is_quiet() {
            tracing::info!(%period, "started");
        }
        let done = match job {
            Job::Inbox => self.inbox(&app).await.map(|()| true),
            Job::Sources => self.sources(&app, period).await.map(|()| true),
            Job::Sync => self.sync(&app, period, &assignment, options).await,
            Job::Backup => self.backup(&app).await.map(|()| true),
            Job::Reconcile => self.reconcile(&app, period).await.map(|()| true),
            Job::Retention => self.retention(&app).await.map(|()| true),
            Job::Notices => self.notices(&app).await.map(|()| true),
            Job::Digest => notices::digest(&app, &self.messenger).await.map(|()| true),
        };
        let seconds = began.elapsed().as_secs();
        match done {
            Ok(false) => SlotEnd::GivenBack,
            Ok(true) => {
                if !job.is_quiet() {
                    tracing::info!(%period, seconds, "ended");
                }
                SlotEnd::Done
            }
            Err(error) => {
                let why = error.sentence(self.lang);
                tracing::warn!(%period, seconds, %why, "failed");
                SlotEnd::Failed(why)
            }
        }
    }

    async fn inbox(&self, app: &App) -> Result<(), AppError> {
        let job = Job::Inbox.key();
        let swept = inbox::sweep(app, self.lang, inbox::SETTLE).await?;
        let refused = swept.taken.iter().filter(|taken| taken.outcome.is_err()).count();
        let known = swept.taken.iter().filter(|taken| taken.is_known()).count();
        // Names of files may name people, so they are counted here and written beside the files.
        if !swept.taken.is_empty() {
            tracing::info!(job, taken = swept.taken.len(), refused, known, waiting = swept.waiting.len(), "looked into the inbox");
        }
        if refused > 0 {
            tracing::warn!(job, refused, "files were refused: why stands beside them in the folder refused of the inbox");
        }
        Ok(())
    }

    /// Every source is read, whatever the others do; then the first that was refused fails the job.
    async fn sources(&self, app: &App, period: Period) -> Result<(), AppError> {
        let mut failed = None;
        for queried in sql::import_all(app, period, false).await? {
            let (job, source) = (Job::Sources.key(), queried.name);
            match queried.outcome {
                Ok(imported) => {
                    for batch in imported {
                        let (rows, new, changed, unchanged, vanished) =
                            (batch.rows, batch.new, batch.changed, batch.unchanged, batch.vanished);
                        tracing::info!(job, %source, %period, rows, new, changed, unchanged, vanished, "queried");
                    }
                }
                Err(error) => {
                    tracing::warn!(job, %source, %period, why = %error.sentence(self.lang), "refused");
                    failed = failed.or(Some(error));
                }
            }
        }
        failed.map_or(Ok(()), Err)
    }

    async fn backup(&self, app: &App) -> Result<(), AppError> {
        let made = backup::nightly(app).await?;
        let (rows, bytes) = (made.rows.values().sum::<u64>(), made.bytes);
        tracing::info!(job = Job::Backup.key(), rows, bytes, "copied, and restored once to try it");
        Ok(())
    }

    async fn retention(&self, app: &App) -> Result<(), AppError> {
        let months = Months::new(app.config.privacy.retention_months);
        let Some(before) = app.clock.now().checked_sub_months(months) else { return Ok(()) };
        let purged = app.store.purge(before).await?;
        tracing::info!(job = Job::Retention.key(), %before, bodies = purged.bodies, questions = purged.items, answers = purged.answers, posts = purged.posts, "deleted");
        Ok(())
    }

    /// Whether it was done, or was asked to leave before.
    async fn sync(&self, app: &App, period: Period, assignment: &Assignment, options: PullOptions) -> Result<bool, AppError> {
        let (shutdown, lost) = (self.shutdown.clone(), assignment.lost());
        let stop = Arc::new(move || shutdown.is_requested() || lost.load(Ordering::Relaxed));
        let pulled = pull::run(app, period, options, stop).await?;
        say_pulled(&pulled);
        Ok(!self.shutdown.is_requested() || pulled.report.items.unsettled() == 0)
    }

    async fn notices(&self, app: &App) -> Result<(), AppError> {
        let round = notices::round(app, &self.messenger).await?;
        if round.told > 0 || round.undelivered > 0 {
            tracing::info!(job = Job::Notices.key(), told = round.told, undelivered = round.undelivered, causes = round.causes, "told");
        }
        Ok(())
    }

    async fn reconcile(&self, app: &App, period: Period) -> Result<(), AppError> {
        let done = reconcile::run_now(app, period, false, &mut |_| {}).await?;
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
