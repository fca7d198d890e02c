//! Each slot once: looks which slot of a job is due, claims it in the store, works under the lease, and settles it.
//!
//! The truth is the store's row per (job, slot): whoever calls [`Rounds::look`], however often, on however many
//! machines, a slot is worked once. Slots that nobody could work (a process that was suspended, a clock that jumped, a
//! daemon that was down) are one run of the latest of them. It must not know what a job does.

use super::cron::Line;
use super::jobs::Job;
use super::turn::Turn;
use crate::clock::SharedClock;
use crate::store::{Claimed, JobRecord, SlotClaim, SlotEnd, SlotLease, SlotState, Store, StoreError, WokenBy};
use chrono::{DateTime, TimeDelta, Utc};
use std::collections::HashMap;
use std::pin::Pin;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;
use tracing::Instrument;

/// The watchdog leaves a slot to its alarm for this long.
pub const GRACE: TimeDelta = TimeDelta::seconds(60);
/// How long a slot is held for a process of which nothing is heard.
pub const LEASE: Duration = Duration::from_secs(180);
/// Missed slots are counted up to this many.
const MOST_MISSED: u64 = 10_000;

/// What a job is given to work with.
#[derive(Clone)]
pub struct Assignment {
    /// Which job.
    pub job: Job,
    /// The slot.
    pub lease: SlotLease,
    /// Writes under the lease only.
    pub store: Store,
    lost: Arc<AtomicBool>,
}

impl Assignment {
    /// Whether another process has taken the job over: then there is nothing more to do here.
    pub fn is_lost(&self) -> bool {
        self.lost.load(Ordering::Relaxed)
    }

    /// A view of [`Self::is_lost`] that can be given away.
    pub fn lost(&self) -> Arc<AtomicBool> {
        Arc::clone(&self.lost)
    }
}

/// Does a job. It stays on the thread that looks: some of the work is long stretches of computing.
pub type Work = Arc<dyn Fn(Assignment) -> Pin<Box<dyn Future<Output = SlotEnd>>> + Send + Sync>;

/// What a look came to.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Looked {
    /// Nothing is due.
    Idle,
    /// Something is due, and somebody is at work on the job.
    Busy,
    /// This slot was worked; `false`: the lease was lost before it was done.
    Worked(DateTime<Utc>, bool),
}

struct Planned {
    job: Job,
    line: Line,
    turn: Turn,
}

/// The jobs of this process.
pub struct Rounds {
    store: Store,
    clock: SharedClock,
    plan: Vec<Planned>,
    work: Work,
    /// Slots whose alarm rang; the watchdog may find them due all the same, when the job was still at work then.
    rung: Mutex<HashMap<Job, DateTime<Utc>>>,
}

impl Rounds {
    /// Makes the jobs known to the store; slots count from now on, unless the job was known with the same line.
    ///
    /// # Errors
    /// When the store fails.
    pub async fn plan(
        store: Store,
        clock: SharedClock,
        jobs: impl IntoIterator<Item = (Job, Line)>,
        work: Work,
    ) -> Result<Self, StoreError> {
        let mut plan = Vec::new();
        for (job, line) in jobs {
            store.plan_job(job.key(), &line.key()).await?;
            plan.push(Planned { job, line, turn: Turn::new(job.key()) });
        }
        Ok(Self { store, clock, plan, work, rung: Mutex::default() })
    }

    /// Its jobs.
    pub fn jobs(&self) -> impl Iterator<Item = Job> {
        self.plan.iter().map(|planned| planned.job)
    }

    /// Works the newest slot of the job, if it is due and nobody has.
    ///
    /// # Errors
    /// When the store fails.
    pub async fn look(&self, job: Job, woken_by: WokenBy) -> Result<Looked, StoreError> {
        let Some(planned) = self.plan.iter().find(|planned| planned.job == job) else { return Ok(Looked::Idle) };
        let now = self.clock.now();
        let Some(slot) = planned.line.latest(now) else { return Ok(Looked::Idle) };
        let woken_by = self.who_noticed(job, slot, woken_by);
        if woken_by == WokenBy::Watchdog && now - slot < GRACE {
            return Ok(Looked::Idle);
        }
        let mut looked = Ok(Looked::Busy);
        planned.turn.take(async { looked = self.claim(planned, slot, woken_by).await }).await;
        looked
    }

    fn who_noticed(&self, job: Job, slot: DateTime<Utc>, woken_by: WokenBy) -> WokenBy {
        let mut rung = self.rung.lock().unwrap_or_else(PoisonError::into_inner);
        match woken_by {
            WokenBy::Alarm => {
                rung.insert(job, slot);
                WokenBy::Alarm
            }
            WokenBy::Watchdog if rung.get(&job) == Some(&slot) => WokenBy::Alarm,
            other => other,
        }
    }

    async fn claim(&self, planned: &Planned, slot: DateTime<Utc>, woken_by: WokenBy) -> Result<Looked, StoreError> {
        let job = planned.job.key();
        let Some(known) = self.store.job(job).await? else { return Ok(Looked::Idle) };
        if !is_due(&known, slot) {
            return Ok(Looked::Idle);
        }
        // A slot before `since` is nobody's debt, one at `since` is.
        let worked = known.newest.as_ref().filter(|newest| newest.slot < slot).map(|newest| newest.slot);
        let after = worked.unwrap_or(known.since - TimeDelta::microseconds(1));
        let missed = planned.line.between(after, slot, MOST_MISSED);
        let claim = SlotClaim { job, slot, woken_by, missed, lease: LEASE };
        match self.store.claim_slot(&claim).await? {
            Claimed::Won(lease) => {
                let span = tracing::info_span!("job", job, %slot);
                span.in_scope(|| self.say(&claim, &lease));
                self.work(planned.job, lease).instrument(span).await.map(|held| Looked::Worked(slot, held))
            }
            Claimed::Busy => Ok(Looked::Busy),
            Claimed::Over => Ok(Looked::Idle),
        }
    }

    fn say(&self, claim: &SlotClaim<'_>, lease: &SlotLease) {
        let (job, slot, missed) = (claim.job, claim.slot, claim.missed);
        let late = (self.clock.now() - slot).num_seconds();
        if claim.woken_by == WokenBy::Watchdog {
            tracing::warn!(job, %slot, late, missed, "overdue: no alarm rang for this slot, the watchdog runs it now");
        } else if missed > 0 || late > GRACE.num_seconds() {
            tracing::warn!(job, %slot, late, missed, "late: this run stands for the missed slots too");
        }
        if lease.attempts > 1 {
            tracing::warn!(job, %slot, attempt = lease.attempts, "taken over from a process that ended before it was done");
        }
    }

    /// Works under the lease; whether it was held to the end.
    async fn work(&self, job: Job, lease: SlotLease) -> Result<bool, StoreError> {
        under_lease(&self.store, job, lease, async |assignment| (self.work)(assignment).await).await
    }

    /// Lets nobody begin again, and waits for what is in flight.
    pub async fn close(&self) {
        for planned in &self.plan {
            planned.turn.close().await;
        }
    }
}

/// Works under a lease; whether it was held to the end.
pub(super) async fn under_lease(
    store: &Store,
    job: Job,
    lease: SlotLease,
    work: impl AsyncFnOnce(Assignment) -> SlotEnd,
) -> Result<bool, StoreError> {
    let lost = Arc::new(AtomicBool::new(false));
    let beat = tokio::spawn(keep(store.clone(), lease.clone(), Arc::clone(&lost)));
    let assignment = Assignment { job, store: store.under(&lease), lease: lease.clone(), lost };
    let end = work(assignment).await;
    beat.abort();
    let held = store.end_slot(&lease, end).await?;
    if !held {
        tracing::warn!(job = job.key(), slot = %lease.slot, "another process took this slot over; what came late was not written");
    }
    Ok(held)
}

/// Whether the slot may still have to be worked; the claim decides.
fn is_due(known: &JobRecord, slot: DateTime<Utc>) -> bool {
    slot >= known.since
        && known.newest.as_ref().is_none_or(|newest| newest.slot < slot || newest.slot == slot && newest.state == SlotState::Running)
}

/// Renews a lease until it is lost.
async fn keep(store: Store, lease: SlotLease, lost: Arc<AtomicBool>) {
    loop {
        tokio::time::sleep(LEASE / 6).await;
        match store.renew_slot(&lease, LEASE).await {
            Ok(true) => {}
            Ok(false) => {
                lost.store(true, Ordering::Relaxed);
                return;
            }
            Err(error) => tracing::warn!(job = %lease.job, %error, "the lease could not be renewed"),
        }
    }
}
