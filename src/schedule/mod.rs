//! The night's work of `serve`: pull from BKN, then evaluate, each at its own hour in the ministry's time zone.
//!
//! tokio-cron-scheduler only wakes us. What a job does stands in `jobs`; that one of a kind runs at a time in `turn`.
//! It must not know how evidence is pulled or evaluated: it calls [`crate::app`] like the command line does.

mod jobs;
mod turn;

pub use turn::Turn;

use crate::app::App;
use crate::domain::text::Lang;
use crate::ekinerja::Surface;
use crate::lifecycle::Shutdown;
use jobs::{Job, Worker};
use std::sync::Arc;
use tokio_cron_scheduler::{Job as Alarm, JobScheduler, JobSchedulerError};

/// The scheduler cannot start.
#[derive(Debug, thiserror::Error)]
#[error("the schedule cannot start: {0}")]
pub struct ScheduleError(#[from] JobSchedulerError);

/// A running schedule.
pub struct Schedule {
    scheduler: JobScheduler,
    turns: Vec<Turn>,
}

/// Starts the jobs of `[schedule]`. `lang` is the language of sentences in the log.
///
/// # Errors
/// [`ScheduleError`] when the scheduler refuses.
pub async fn start(app: App, lang: Lang, shutdown: Shutdown) -> Result<Schedule, ScheduleError> {
    let plan = app.config.schedule.clone();
    let bkn = say_what_is_missing(&app);
    let worker = Arc::new(Worker { app, lang, shutdown });
    let scheduler = JobScheduler::new().await?;
    let mut turns = Vec::new();
    for (job, line) in [(Job::Sync, &plan.sync), (Job::Reconcile, &plan.reconcile)] {
        let Some(line) = line.line() else {
            tracing::info!(job = job.key(), "off");
            continue;
        };
        if job == Job::Sync && !bkn {
            continue;
        }
        let turn = Turn::new(job.key());
        turns.push(turn.clone());
        let worker = Arc::clone(&worker);
        // The zone's offset of today is kept until the next start; the zones of Indonesia have no summer time.
        let alarm = Alarm::new_async_tz(line, plan.timezone.get(), move |_, _| {
            let (worker, turn) = (Arc::clone(&worker), turn.clone());
            Box::pin(async move {
                // Evaluating is long stretches of computing: on a thread of its own it keeps nobody's page waiting.
                let runtime = tokio::runtime::Handle::current();
                let work = move || runtime.block_on(turn.take(worker.work(job)));
                if let Err(error) = tokio::task::spawn_blocking(work).await {
                    tracing::error!(job = job.key(), %error, "ended by a bug, please report it");
                }
            })
        })?;
        scheduler.add(alarm).await?;
        tracing::info!(job = job.key(), at = line, zone = %plan.timezone.get(), "scheduled");
    }
    scheduler.start().await?;
    Ok(Schedule { scheduler, turns })
}

/// Says once which surface of BKN lacks configuration; whether there is one left to pull from.
fn say_what_is_missing(app: &App) -> bool {
    let ekinerja = &app.config.ekinerja;
    let surfaces = [(Surface::Report, ekinerja.report.missing()), (Surface::Siasn, ekinerja.siasn.missing())];
    for (surface, missing) in &surfaces {
        if !missing.is_empty() {
            let missing = missing.join(", ");
            tracing::warn!(%surface, %missing, "this surface of BKN is not configured and is not pulled from");
        }
    }
    let any = surfaces.iter().any(|(_, missing)| missing.is_empty());
    if !any {
        tracing::warn!(job = Job::Sync.key(), "not scheduled: no surface of BKN is configured; files can still be imported");
    }
    any
}

impl Schedule {
    /// Wakes nobody any more, and waits for what is in flight.
    pub async fn leave(mut self) {
        if let Err(error) = self.scheduler.shutdown().await {
            tracing::warn!(%error, "the schedule does not stop by itself");
        }
        for turn in &self.turns {
            turn.close().await;
        }
    }
}
