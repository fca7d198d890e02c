//! Jobs that somebody starts by hand: each is a slot of its own, claimed like any other, so that it neither runs beside
//! the scheduled one nor twice, and is seen in the list of slots. It must not know what a job does.

use super::jobs::{Job, Worker};
use super::rounds::{LEASE, under_lease};
use crate::app::pull::PullOptions;
use crate::app::{App, AppError};
use crate::domain::text::Lang;
use crate::lifecycle::Shutdown;
use crate::notify::Messenger;
use crate::store::{Claimed, SlotClaim, SlotEnd, WokenBy};
use std::sync::{Arc, Mutex, PoisonError};
use tokio::task::JoinSet;

/// What became of a wish.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Begun {
    /// It is being worked.
    Started,
    /// Somebody is at work on the job already.
    Busy,
}

/// Starts jobs for people, within this process.
pub struct ByHand {
    worker: Arc<Worker>,
    running: Mutex<JoinSet<()>>,
}

impl ByHand {
    /// Nothing is started yet.
    ///
    /// # Errors
    /// When notices cannot be sent as they are configured.
    pub fn new(app: App, lang: Lang, shutdown: Shutdown) -> Result<Self, AppError> {
        let messenger = Messenger::new(app.config.notify.clone(), app.clock.clone()).map_err(AppError::Notify)?;
        Ok(Self { worker: Arc::new(Worker { app, lang, shutdown, messenger }), running: Mutex::default() })
    }

    /// Claims a slot of now and begins; `options` are those of a pull.
    ///
    /// # Errors
    /// The store's.
    pub async fn begin(&self, job: Job, options: PullOptions) -> Result<Begun, AppError> {
        let App { store, clock, .. } = &self.worker.app;
        if store.job(job.key()).await?.is_none() {
            // No schedule has made it known; one that does begins anew.
            store.plan_job(job.key(), "by hand").await?;
        }
        let slot = crate::clock::to_micros(clock.now());
        let claim = SlotClaim { job: job.key(), slot, woken_by: WokenBy::Hand, missed: 0, lease: LEASE };
        let Claimed::Won(lease) = store.claim_slot(&claim).await? else { return Ok(Begun::Busy) };
        let (worker, runtime) = (Arc::clone(&self.worker), tokio::runtime::Handle::current());
        let mut running = self.running.lock().unwrap_or_else(PoisonError::into_inner);
        while running.try_join_next().is_some() {}
        // Evaluating is long stretches of computing: on a thread of its own it keeps nobody's page waiting.
        running.spawn_blocking(move || {
            let lang = worker.lang;
            let store = worker.app.store.clone();
            let work = under_lease(&store, job, lease, async |assignment| match worker.work(assignment, options).await {
                // Nobody comes back to a slot that no line of the schedule names.
                SlotEnd::GivenBack => {
                    SlotEnd::Failed(lang.pick("Selaras berhenti sebelum selesai", "Selaras was stopped before it was done").to_owned())
                }
                end => end,
            });
            if let Err(error) = runtime.block_on(work) {
                tracing::error!(job = job.key(), %error, "the end of a job that was started by hand could not be noted");
            }
        });
        Ok(Begun::Started)
    }

    /// Waits for what is in flight; whoever works has been asked to leave.
    pub async fn leave(&self) {
        let mut running = std::mem::take(&mut *self.running.lock().unwrap_or_else(PoisonError::into_inner));
        while running.join_next().await.is_some() {}
    }
}
