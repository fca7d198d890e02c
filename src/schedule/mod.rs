//! The work of `serve` by itself: pull from BKN, evaluate and the like, each at its own hour in the ministry's time zone.
//!
//! tokio-cron-scheduler only wakes us. Which instants are slots stands in `cron`, that each is worked once in `rounds`,
//! what a job does in `jobs`. The library has no guard against overlap and a known fault after which a repeated job is
//! never woken again (its issue #113), so a watchdog looks for slots that nobody was woken for.
//! It must not know how evidence is pulled or evaluated: it calls [`crate::app`] like the command line does.

mod by_hand;
mod cron;
mod jobs;
mod rounds;
mod turn;

pub use by_hand::{Begun, ByHand};
pub use cron::Line;
pub use jobs::Job;
pub use rounds::{Assignment, GRACE, LEASE, Looked, Rounds, Work};
pub use turn::Turn;

use crate::app::App;
use crate::app::pull::PullOptions;
use crate::config::Event;
use crate::domain::text::Lang;
use crate::ekinerja::Surface;
use crate::lifecycle::Shutdown;
use crate::notify::{Messenger, NotifyError};
use crate::store::{StoreError, WokenBy};
use jobs::Worker;
use std::sync::Arc;
use std::time::Duration;
use tokio::task::JoinHandle;
use tokio_cron_scheduler::{Job as Alarm, JobScheduler, JobSchedulerError};

/// How often the watchdog looks.
const WATCH: Duration = Duration::from_secs(20);

/// The scheduler cannot start.
#[derive(Debug, thiserror::Error)]
pub enum ScheduleError {
    /// The cron library refuses.
    #[error("the schedule cannot start: {0}")]
    Alarms(#[from] JobSchedulerError),
    /// The store fails.
    #[error("the schedule cannot start: {0}")]
    Store(#[from] StoreError),
    /// Notices cannot be sent.
    #[error("the schedule cannot start: {0}")]
    Notify(#[from] NotifyError),
}

/// A running schedule.
pub struct Schedule {
    scheduler: JobScheduler,
    watchdog: JoinHandle<()>,
    rounds: Arc<Rounds>,
}

/// Starts the jobs of `[schedule]`. `lang` is the language of sentences in the log.
///
/// # Errors
/// [`ScheduleError`] when the scheduler refuses or the store fails.
pub async fn start(app: App, lang: Lang, shutdown: Shutdown) -> Result<Schedule, ScheduleError> {
    let (plan, store, clock) = (app.config.schedule.clone(), app.store.clone(), app.clock.clone());
    let lines = lines(&app, say_what_is_missing(&app));
    let messenger = Messenger::new(app.config.notify.clone(), app.clock.clone())?;
    if !messenger.posts_cases() {
        // With nobody to tell there may be no round of notices that forgets it.
        store.drop_case_posts().await?;
    }
    let worker = Arc::new(Worker { app, lang, shutdown, messenger });
    let work: Work = Arc::new(move |assignment| {
        let worker = Arc::clone(&worker);
        Box::pin(async move { worker.work(assignment, PullOptions::default()).await })
    });
    let rounds = Arc::new(Rounds::plan(store, clock, lines.clone(), work).await?);
    let scheduler = JobScheduler::new().await?;
    for (job, line) in lines {
        let rounds = Arc::clone(&rounds);
        // The zone's offset of today is kept until the next start; where it changes, the watchdog is the one to notice.
        let alarm = Alarm::new_async_tz(line.text(), plan.timezone.get(), move |_, _| {
            let rounds = Arc::clone(&rounds);
            Box::pin(async move { look(rounds, job, WokenBy::Alarm).await })
        })?;
        scheduler.add(alarm).await?;
        tracing::info!(job = job.key(), at = line.text(), zone = %plan.timezone.get(), "scheduled");
    }
    scheduler.start().await?;
    let watchdog = tokio::spawn(watch(Arc::clone(&rounds)));
    Ok(Schedule { scheduler, watchdog, rounds })
}

/// The jobs that are not off, with their lines.
fn lines(app: &App, bkn: bool) -> Vec<(Job, Line)> {
    let (schedule, mut lines) = (&app.config.schedule, Vec::new());
    for job in Job::ALL {
        let Some(text) = job.line(schedule).line() else {
            tracing::info!(job = job.key(), "off");
            continue;
        };
        let has_nothing_to_do = match job {
            Job::Sync => !bkn,
            Job::Sources => app.config.sources.sql.is_empty(),
            Job::Notices => app.config.notify.rules.is_empty() && app.config.notify.ping.is_none(),
            Job::Digest => !app.config.notify.rules.iter().any(|rule| rule.event.covers(Event::Digest.key())),
            _ => false,
        };
        if has_nothing_to_do {
            continue;
        }
        lines.extend(Line::new(text, schedule.timezone.get()).map(|line| (job, line)));
    }
    lines
}

/// Looks at once what was missed while nobody served, then again and again for slots without an alarm.
async fn watch(rounds: Arc<Rounds>) {
    let mut woken_by = WokenBy::Start;
    loop {
        for job in rounds.jobs() {
            // One job must not keep the others waiting.
            drop(tokio::spawn(look(Arc::clone(&rounds), job, woken_by)));
        }
        woken_by = WokenBy::Watchdog;
        tokio::time::sleep(WATCH).await;
    }
}

/// One look. Evaluating is long stretches of computing: on a thread of its own it keeps nobody's page waiting.
async fn look(rounds: Arc<Rounds>, job: Job, woken_by: WokenBy) {
    let runtime = tokio::runtime::Handle::current();
    match tokio::task::spawn_blocking(move || runtime.block_on(rounds.look(job, woken_by))).await {
        Ok(Ok(_)) => {}
        Ok(Err(error)) => tracing::error!(job = job.key(), %error, "the store did not say whether the job is due"),
        Err(error) => tracing::error!(job = job.key(), %error, "ended by a bug, please report it"),
    }
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
        self.watchdog.abort();
        if let Err(error) = self.scheduler.shutdown().await {
            tracing::warn!(%error, "the schedule does not stop by itself");
        }
        self.rounds.close().await;
    }
}
